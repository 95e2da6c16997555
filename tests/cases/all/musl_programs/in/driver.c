/* A driver, linked against musl, that goes by a file, by a directory and by a variable. */
#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char flag[64] = "-DX=";

static void add(char letter) { flag[strlen(flag)] = letter; }

int main(int argc, char **argv) {
  FILE *note = fopen("note", "r");
  if (note != NULL) {
    add((char)fgetc(note));
    fclose(note);
  }
  DIR *directory = opendir("listed");
  for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
    if (entry->d_name[0] != '.') {
      add('7');
    }
  }
  if (getenv("MODE") != NULL) {
    add('8');
  }
  add('0');
  char **words = calloc((size_t)argc + 2, sizeof *words);
  memcpy(words, argv, sizeof *words * (size_t)argc);
  words[0] = COMPILER;
  words[argc] = flag;
  if (getenv("IN_PLACE") != NULL) {
    execvp(words[0], words);
    return 127;
  }
  pid_t child;
  int status;
  if (posix_spawnp(&child, words[0], NULL, NULL, words, environ) != 0 ||
      waitpid(child, &status, 0) != child) {
    return 127;
  }
  return WEXITSTATUS(status);
}
