export module n;
import m;
export int g() { return f() + 1; }
