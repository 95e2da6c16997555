// A library that is loaded late, and then asks.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

int guest_number = 7;

// No call is the last thing that it does: it would come from whoever called this.
int guest_looks_around(void) {
  struct stat info;
  char text[PATH_MAX];
  char entries[1024];
  int found = stat("present", &info) == 0;
  found += access("absent", R_OK) != 0;
  found += realpath("inner/file", text) != NULL;
  found += getcwd(text, sizeof text) != NULL;
  found += getenv("SUBJECT_HAS") != NULL;
  DIR* directory = opendir("tree");
  found += directory != NULL;
  closedir(directory);
  const int fd = open("second", O_RDONLY | O_DIRECTORY);
  found += getdents64(fd, entries, sizeof entries) > 0;
  close(fd);
  struct utsname system;
  const int file = open("victim", O_RDONLY);
  found += fstat(file, &info) == 0;
  found += lseek(file, 0, SEEK_CUR) == 0;
  found += uname(&system) == 0;
  close(file);
  close(open("/proc/self/status", O_RDONLY));
  found += getpid() > 0;
  found += sysconf(_SC_NPROCESSORS_ONLN) > 0;
  found += sysconf(_SC_PAGESIZE) > 0;
  return found;
}
