// A process that does nothing: what starting and ending the client costs before it does any work.
int main() {
  return 0;
}
