/* Becomes the program that its name says, with its own words. */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  (void)argc;
  argv[0] = NEXT;
  execvp(argv[0], argv);
  return 127;
}
