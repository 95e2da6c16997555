int main(int n, char** v) {
  int s = 0;
  for (int i = 0; i < 100 + n; ++i) s += v[0][0];
  return s == 1;
}
