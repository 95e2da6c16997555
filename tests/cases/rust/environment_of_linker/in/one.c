int one(void) {
  return 7;
}
