import n;
import m;
int main() { return g() - f(); }
