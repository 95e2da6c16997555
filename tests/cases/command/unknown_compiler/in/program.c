#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* Its object is the source, behind the level that a variable sets. */
int main(int argc, char** argv) {
  FILE* from = NULL;
  FILE* to = NULL;
  for (int i = 1; i < argc; ++i) {
    if (strcmp(argv[i], "-o") == 0 && i + 1 < argc) {
      to = fopen(argv[++i], "w");
    } else if (argv[i][0] != '-') {
      from = fopen(argv[i], "r");
    }
  }
  if (from == NULL || to == NULL) {
    return 1;
  }
  const char* level = getenv("ACOMP_LEVEL");
  fprintf(to, "level %s\n", level == NULL ? "none" : level);
  for (int c = fgetc(from); c != EOF; c = fgetc(from)) {
    fputc(c, to);
  }
  return fclose(to);
}
