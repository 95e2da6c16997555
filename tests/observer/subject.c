// What the observer is tested on: `subject <part> [argument...]` does the part and prints the
// result and the errno of every call, so that two runs can be compared.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <link.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>
#include <wordexp.h>

#include <arpa/inet.h>

extern char** environ;
// Of a library that this program is linked with; it looks around before anybody else does.
int host_was_early(void);

static const char* self;
static char** main_envp;

static void say(const char* what, long result) {
  const int error = errno;
  printf("%s: %ld %d\n", what, result, error);
  errno = 0;
}

// Descriptors and pointers differ from run to run; whether there is one does not.
static void say_fd(const char* what, int fd) {
  say(what, fd >= 0);
  if (fd >= 0) {
    close(fd);
  }
}
static void say_file(const char* what, FILE* file) {
  say(what, file != NULL);
  if (file != NULL) {
    fclose(file);
  }
}

static void opened_files(void) {
  char name[] = "made-XXXXXX";
  char suffixed[] = "made-XXXXXX.o";
  char directory[] = "directory-XXXXXX";
  const int here = open(".", O_RDONLY | O_DIRECTORY);
  errno = 0;
  say_fd("open", open("present", O_RDONLY));
  say_fd("open missing", open("missing", O_RDONLY));
  say_fd("open64", open64("/etc", O_RDONLY));
  say_fd("openat", openat(here, "inner/file", O_RDONLY));
  say_fd("openat64 missing", openat64(here, "inner/none", O_RDONLY));
  say_fd("openat bad", openat(9999, "inner/none", O_RDONLY));
  say_fd("open path", open("inner", O_PATH));
  say_fd("open create", open("created", O_WRONLY | O_CREAT | O_EXCL, 0640));
  say_fd("open create again", open("created", O_WRONLY | O_CREAT | O_EXCL, 0640));
  struct stat made;
  stat("created", &made);
  say("mode", made.st_mode);
  say_fd("open unnamed", open("inner", O_RDWR | O_TMPFILE, 0600));
  say_fd("creat", creat("creat", 0600));
  say_file("fopen", fopen("present", "rb"));
  say_file("fopen missing", fopen("missing2", "r"));
  say_file("fopen write", fopen("written", "w"));
  say_file("fopen update", fopen64("updated", "a+"));
  say_file("freopen", freopen("inner/file", "r", fopen("present", "r")));
  say_fd("open there", open("present", O_RDWR));
  say("rename there", rename("updated", "creat"));
  say_fd("mkstemp", mkstemp(name));
  say_fd("mkostemps", mkostemps(suffixed, 2, O_CLOEXEC));
  say("mkdtemp", mkdtemp(directory) != NULL);
  say("truncate", truncate("written", 10));
  say("mkdir", mkdir("new", 0700));
  say("mkdir again", mkdir("new", 0700));
  say("rename", rename("written", "renamed"));
  say("renameat", renameat(here, "none", here, "none2"));
  say("link", link("renamed", "linked"));
  say("symlink", symlink("text", "symlinked"));
  say("unlink", unlink("linked"));
  say("unlink missing", unlink("linked"));
  say("rmdir", rmdir("new"));
  say("remove", remove("renamed"));
  // Something that is no path.
  say("open null", open((const char*)(size_t)(host_was_early() == 0), O_RDONLY));
  say("open empty", open("", O_RDONLY));
  close(here);
}

static void changed_files(void) {
  const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 2}};
  const struct timeval older[2] = {{.tv_sec = 3}, {.tv_sec = 4}};
  const struct utimbuf oldest = {.actime = 5, .modtime = 6};
  struct stat out;
  const int here = open("inner", O_RDONLY | O_DIRECTORY);
  const int file = open("present", O_RDONLY);
  errno = 0;
  say("chmod", chmod("present", 0640));
  say("chmod missing", chmod("missing", 0640));
  say("fchmod", fchmod(file, 0600));
  say("fchmodat", fchmodat(here, "file", 0600, 0));
  stat("present", &out);
  say("mode", out.st_mode);
  say("chown", chown("missing2", getuid(), getgid()));
  say("lchown", lchown("missing3", getuid(), getgid()));
  say("fchown", fchown(file, getuid(), getgid()));
  say("fchownat", fchownat(here, "none", getuid(), getgid(), 0));
  say("fchownat itself", fchownat(here, "", getuid(), getgid(), AT_EMPTY_PATH));
  say("utime", utime("missing4", &oldest));
  say("utimes", utimes("missing5", older));
  say("lutimes", lutimes("missing6", older));
  say("futimes", futimes(file, older));
  say("futimens", futimens(file, times));
  say("utimensat", utimensat(here, "none2", times, 0));
  stat("present", &out);
  say("time", out.st_mtim.tv_sec);
  say("truncate", truncate("missing7", 1));
  say("setxattr", setxattr("missing8", "user.x", "y", 1, 0));
  say("removexattr", removexattr("missing9", "user.x"));
  say("mkfifo", mkfifo("fifo", 0600));
  close(file);
  close(here);
}

static void named_memory(void) {
  char name[64];
  snprintf(name, sizeof name, "/zccache-subject-%d", (int)getpid());
  say_fd("shm_open missing", shm_open("/zccache-subject-none", O_RDONLY, 0));
  say_fd("shm_open", shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
  say_fd("shm_open again", shm_open(name, O_RDONLY, 0));
  say("shm_unlink", shm_unlink(name));
}

static void attributes(void) {
  char text[64];
  struct statfs fs;
  struct statvfs vfs;
  const int file = open("present", O_RDONLY);
  errno = 0;
  say("getxattr", getxattr("present", "user.none", text, sizeof text) >= 0);
  say("lgetxattr", lgetxattr("present", "user.none", text, sizeof text) >= 0);
  say("fgetxattr", fgetxattr(file, "user.none", text, sizeof text) >= 0);
  say("listxattr", listxattr("missing", text, sizeof text));
  say("llistxattr", llistxattr("missing", text, sizeof text));
  say("flistxattr", flistxattr(-1, text, sizeof text));
  say("statfs", statfs("present", &fs));
  say("fstatfs", fstatfs(file, &fs));
  say("statvfs", statvfs("present", &vfs));
  say("fstatvfs", fstatvfs(file, &vfs));
  close(file);
}

static void looked_at_paths(void) {
  char text[4096];
  struct stat out;
  struct statx more;
  const char* nothing = (const char*)(size_t)(host_was_early() == 0);
  const int here = open("inner", O_RDONLY | O_DIRECTORY);
  errno = 0;
  say("stat", stat("present", &out));
  say("size", out.st_size);
  say("stat missing", stat("missing", &out));
  say("lstat", lstat("/etc", &out));
  say("fstatat", fstatat(here, "file", &out, 0));
  say("fstatat itself", fstatat(here, "", &out, AT_EMPTY_PATH));
  say("fstat", fstat(here, &out));
  say("statx", statx(here, "none", 0, STATX_BASIC_STATS, &more));
  say("statx null", statx(0, nothing, 0, STATX_BASIC_STATS, &more));
  say("access", access("present", R_OK));
  say("access missing", access("missing3", R_OK));
  say("faccessat", faccessat(here, "file", X_OK, AT_EACCESS));
  say("euidaccess", euidaccess("missing4", R_OK));
  say("readlink", readlink("present", text, sizeof text));
  say("readlinkat", readlinkat(here, "none5", text, sizeof text));
  say("realpath", realpath("./inner/../present", text) != NULL);
  say("realpath missing", realpath("missing6/x", text) != NULL);
  for (int i = 0; i < 100; ++i) {
    (void)access("repeated", R_OK);
  }
  close(here);
}

static int visit(const char* path, const struct stat* out, int type, struct FTW* where) {
  (void)out, (void)where;
  printf("visited %s %d\n", path, type);
  return 0;
}

static void listed_directories(void) {
  struct dirent** names = NULL;
  glob_t matches;
  char* trees[] = {"tree", NULL};
  DIR* directory = opendir("inner");
  say("opendir", directory != NULL);
  closedir(directory);
  say("opendir missing", opendir("missing") != NULL);
  directory = fdopendir(open("second", O_RDONLY | O_DIRECTORY));
  say("fdopendir", directory != NULL);
  closedir(directory);
  char entries[4096];
  const int leaf = open("tree/leaf", O_RDONLY | O_DIRECTORY);
  errno = 0;
  say("getdents64", getdents64(leaf, entries, sizeof entries) > 0);
  close(leaf);
  say("scandir", scandir("third", &names, NULL, alphasort));
  say("glob", glob("inner/f*", 0, NULL, &matches));
  say("glob here", glob("p*", 0, NULL, &matches));
  say("glob plain", glob("none/at/all", 0, NULL, &matches));
  say("nftw", nftw("tree", visit, 4, FTW_PHYS));
  wordexp_t words;
  say("wordexp", wordexp("p*", &words, WRDE_NOCMD));
  FTS* walk = fts_open(trees, FTS_PHYSICAL, NULL);
  say("fts", walk != NULL);
  fts_close(walk);
}

static void environment(void) {
  say("getenv", getenv("SUBJECT_HAS") != NULL);
  say("getenv missing", getenv("SUBJECT_LACKS") != NULL);
  say("secure_getenv", secure_getenv("SUBJECT_SECRET") != NULL);
}

// Waits for the child that a part has made, and says how it ended.
static void reap(const char* what, pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  errno = 0;
  say(what, status);
}

#define IN_CHILD(what, call)    \
  do {                          \
    fflush(stdout);             \
    const pid_t child = fork(); \
    if (child == 0) {           \
      call;                     \
      _exit(errno);             \
    }                           \
    reap(what, child);          \
  } while (0)

static void started_programs(void) {
  char* argv[] = {(char*)self, "echo", "a b", NULL};
  char* missing[] = {"none", NULL};
  char* envp[] = {"SUBJECT_HAS=given", NULL};
  pid_t pid = 0;
  IN_CHILD("execv", execv(self, argv));
  IN_CHILD("execve", execve(self, argv, envp));
  IN_CHILD("execl", execl(self, self, "echo", "1", "2", "3", (char*)NULL));
  IN_CHILD("execle", execle(self, self, "echo", "x", (char*)NULL, envp));
  IN_CHILD("execlp", execlp("sh", "sh", "-c", "exit 3", (char*)NULL));
  IN_CHILD("execvp missing", execvp("no-such-program", missing));
  IN_CHILD("execve missing", execve("/no/such/program", missing, envp));
  IN_CHILD("fexecve", fexecve(open(self, O_RDONLY), argv, environ));
  say("posix_spawn missing", posix_spawn(&pid, "/no/such/spawn", NULL, NULL, missing, environ));
  say("posix_spawn", posix_spawn(&pid, self, NULL, NULL, argv, environ));
  reap("spawned", pid);
  char* sh[] = {"sh", "-c", "exit 4", NULL};
  say("posix_spawnp", posix_spawnp(&pid, "sh", NULL, NULL, sh, environ));
  reap("spawned", pid);
  say("system", system("exit 5"));
  say("pclose", pclose(popen("exit 6", "r")));
}

// As compiler drivers do: a child that borrows our memory until it becomes another program.
static void vforked(void) {
  char* argv[] = {(char*)self, "echo", "vfork", NULL};
  int changed = 0;
  fflush(stdout);
  const pid_t child = vfork();
  if (child == 0) {
    execve("/no/such/first", argv, environ);
    changed = errno;
    (void)access("from-the-child", R_OK);
    execve(self, argv, environ);
    _exit(127);
  }
  reap("vfork", child);
  say("errno of the child", changed);
  say_fd("open after", open("present", O_RDONLY));
}

// Takes all descriptors away, and lets one file have all the numbers that it can get.
static void closes(void) {
  close_range(3, ~0U, 0);
  int last = 0;
  while (last >= 0 && last < 400) {
    last = open("victim", O_RDWR | O_APPEND);
  }
  say("many", last);
  say("access", access("after-all-were-closed", R_OK));
  close_range(3, ~0U, 0);
  say("access", access("after-that", R_OK));
  const int fd = open("present", O_RDONLY);
  say("lowest number", fd);
}

enum { kThreads = 8, kFilesOfAThread = 2000 };

static void* opens_many(void* number) {
  long wrong = 0;
  for (int i = 0; i < kFilesOfAThread; ++i) {
    char name[64];
    snprintf(name, sizeof name, "thread-%d-%d", (int)(size_t)number, i);
    errno = 0;
    wrong += access(name, R_OK) != -1 || errno != ENOENT;
    wrong += open(name, O_RDONLY) != -1 || errno != ENOENT;
  }
  return (void*)wrong;
}

static void threads(void) {
  pthread_t all[kThreads];
  for (size_t i = 0; i < kThreads; ++i) {
    pthread_create(&all[i], NULL, opens_many, (void*)i);
  }
  for (size_t i = 0; i < kThreads; ++i) {
    void* wrong = NULL;
    pthread_join(all[i], &wrong);
    say("wrong", (long)wrong);
  }
}

// libsubject_host.so finds libsubject_guest.so only in a directory that it names itself.
static void loads(void) {
  typedef void* (*load_t)(void);
  const load_t load = (load_t)dlsym(RTLD_DEFAULT, "host_loads_guest");
  void* guest = load();
  say("dlopen", guest != NULL);
  say("guest", dlsym(guest, "guest_number") != NULL);
  say("dlopen missing", dlopen("/no/such/library.so", RTLD_NOW) != NULL);
  say("dlerror", dlerror() != NULL);
  say("dlmopen", dlmopen(LM_ID_BASE, "/no/such/other.so", RTLD_NOW) != NULL);
  say("access", access("between", R_OK));
  say("dlmopen apart", dlmopen(LM_ID_NEWLM, "/no/such/other.so", RTLD_NOW) != NULL);
}

// The same questions, once by the program itself.
static void asks_late(void) {
  typedef void* (*load_t)(void);
  typedef int (*look_t)(void);
  void* guest = ((load_t)dlsym(RTLD_DEFAULT, "host_loads_guest"))();
  say("looks", ((look_t)dlsym(guest, "guest_looks_around"))());
  struct stat info;
  say("stat", stat("victim", &info));
  say("getenv", getenv("SUBJECT_HAS_NOT") != NULL);
}

// Not even exit gets to run anything.
static void loads_and_ends(void) {
  typedef void* (*load_t)(void);
  ((load_t)dlsym(RTLD_DEFAULT, "host_loads_guest"))();
  _exit(0);
}

static void network(void) {
  struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "no-such-socket"};
  say_fd("socket", socket(AF_INET, SOCK_DGRAM, 0));
  say_fd("socket", socket(AF_INET6, SOCK_DGRAM, 0));
  const int local = socket(AF_UNIX, SOCK_STREAM, 0);
  errno = 0;
  say("connect", connect(local, (struct sockaddr*)&path, sizeof path));
  close(local);
}

// Nothing here is ever connected.
static void messages(void) {
  struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "no-such-socket"};
  const struct msghdr message = {.msg_name = &path, .msg_namelen = sizeof path};
  const int local = socket(AF_UNIX, SOCK_DGRAM, 0);
  int pair[2];
  errno = 0;
  say("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  say("sendto nobody", sendto(pair[0], "x", 1, 0, NULL, 0));
  say("access", access("before-any", R_OK));
  say("sendto", sendto(local, "x", 1, 0, (struct sockaddr*)&path, sizeof path));
  say("sendmsg", sendmsg(local, &message, 0));
  close(pair[0]);
  close(pair[1]);
  close(local);
}

static void names_of_hosts(void) {
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST};
  struct addrinfo* found = NULL;
  say("getaddrinfo", getaddrinfo("127.0.0.1", NULL, &hints, &found));
  freeaddrinfo(found);
}

static void name_of_host(void) {
  say("gethostbyname", gethostbyname("127.0.0.1") != NULL);
}

static void clocks(void) {
  struct timespec now;
  struct timeval tv;
  time_t seconds;
  printf("%ld\n", (long)time(NULL));
  time(&seconds);
  printf("%ld\n", (long)seconds);
  gettimeofday(&tv, NULL);
  printf("%ld\n", (long)tv.tv_sec);
  clock_gettime(CLOCK_REALTIME, &now);
  printf("%ld\n", (long)now.tv_sec);
  timespec_get(&now, TIME_UTC);
  printf("%ld\n", (long)now.tv_sec);
}

static void machine(void) {
  struct timespec now;
  struct timeval tv;
  char name[256];
  struct utsname system;
  say("monotonic", clock_gettime(CLOCK_MONOTONIC, &now));
  say("realtime", clock_gettime(CLOCK_REALTIME, &now));
  say("gettimeofday", gettimeofday(&tv, NULL));
  say("time", time(NULL) > 0);
  say("timespec_get", timespec_get(&now, TIME_UTC));
  say("gethostname", gethostname(name, sizeof name));
  say("uname", uname(&system));
}

// A program that another loader than that of the observer's C library loads.
static void starts_other(void) {
  char* argv[] = {"./other", "shown_variables", NULL};
  char* shell[] = {"other", "echo", NULL};
  pid_t pid = 0;
  IN_CHILD("execv", execv("./other", argv));
  setenv("PATH", "/no/such/directory:.", 1);
  say("posix_spawnp", posix_spawnp(&pid, "other", NULL, NULL, shell, environ));
  reap("spawned", pid);
}

static void answers(void) {
  char bytes[64];
  struct winsize size;
  struct termios modes;
  say("getrandom", getrandom(bytes, sizeof bytes, GRND_NONBLOCK) == sizeof bytes);
  say("getentropy", getentropy(bytes, sizeof bytes));
  say("getpwuid", getpwuid(0) != NULL);
  say("getgrgid", getgrgid(0) != NULL);
  umask(umask(022));
  say("getcwd", getcwd(bytes, sizeof bytes) != NULL);
  errno = 0;
  say("isatty", isatty(1));
  say("ioctl", ioctl(1, TIOCGWINSZ, &size));
  say("tcgetattr", tcgetattr(1, &modes));
  say("syscall", syscall(SYS_getrandom, bytes, sizeof bytes, 0) == sizeof bytes);
}

// What every program asks when it starts.
static void usual_questions(void) {
  char bytes[16];
  say("getrandom", getrandom(bytes, sizeof bytes, GRND_NONBLOCK) == sizeof bytes);
  say("getpid", getpid() > 0);
  say("getuid", getuid() == geteuid());
  say("sysconf", sysconf(_SC_NPROCESSORS_ONLN) > 0);
  struct stat info;
  const int file = open("present", O_RDONLY);
  say("fstat", fstat(file, &info));
  close(file);
}

static void working_directories(void) {
  posix_spawn_file_actions_t actions;
  char* argv[] = {(char*)self, "echo", "x", NULL};
  pid_t pid = 0;
  const int here = open(".", O_RDONLY | O_DIRECTORY);
  errno = 0;
  say("chdir", chdir("inner"));
  say("access", access("file", R_OK));
  say("fchdir", fchdir(here));
  say("chdir missing", chdir("missing"));
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "present", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 9, "spawned", O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addchdir_np(&actions, "second");
  errno = 0;
  say("posix_spawn", posix_spawn(&pid, self, &actions, NULL, argv, environ));
  reap("spawned", pid);
  posix_spawn_file_actions_addopen(&actions, 9, "elsewhere", O_WRONLY | O_CREAT, 0600);
  say("posix_spawn", posix_spawn(&pid, self, &actions, NULL, argv, environ));
  reap("spawned", pid);
  unlink("second/elsewhere");
  posix_spawn_file_actions_destroy(&actions);
  close(here);
}

static void ring_of_requests(void) {
  say("io_uring_setup", syscall(SYS_io_uring_setup, 1, NULL));
}

static void system_calls(void) {
  struct stat st;
  const int here = open(".", O_RDONLY | O_DIRECTORY);
  errno = 0;
  say_fd("openat", (int)syscall(SYS_openat, here, "present", O_RDONLY));
  say_fd("openat write", (int)syscall(SYS_openat, AT_FDCWD, "created", O_WRONLY | O_CREAT, 0600));
  say_fd("open missing", (int)syscall(SYS_open, "missing", O_RDONLY));
  say("newfstatat", syscall(SYS_newfstatat, here, "inner/file", &st, 0));
  say("access", syscall(SYS_access, "missing2", R_OK));
  say("unlinkat", syscall(SYS_unlinkat, AT_FDCWD, "created", 0));
  say("getpid", syscall(SYS_getpid) == getpid());
  close(here);
}

static void long_paths(void) {
  static char path[6000];
  memset(path, 'x', sizeof path - 1);
  say("open", open(path, O_RDONLY));
  path[0] = '/';
  say("access", access(path, R_OK));
}

static void lost_directory(void) {
  say("mkdir", mkdir("lost", 0700));
  say("chdir", chdir("lost"));
  say("rmdir", rmdir("../lost"));
  say("open", open("anything", O_RDONLY));
}

static void descriptors(void) {
  for (int fd = 3; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) {
      errno = 0;
      say("open descriptor", fd);
    }
  }
}

static void echo(int argc, char** argv) {
  for (int i = 0; i < argc; ++i) {
    printf("argument %s\n", i == 0 ? "0" : argv[i]);
  }
  printf("SUBJECT_HAS %s\n", getenv("SUBJECT_HAS") ? getenv("SUBJECT_HAS") : "(nothing)");
}

static void show_variable(const char* name) {
  const char* value = getenv(name);
  const char* same = secure_getenv(name);
  printf("%s is %s, %s\n", name, value ? value : "not set", same ? same : "not set");
}

// All that there is, and that the kernel's words are still behind it.
static void shown_variables(void) {
  long page_bytes = 0;
  char** at = environ;
  printf("main was given them: %d\n", main_envp == environ);
  for (; *at != NULL; ++at) {
    printf("variable %s\n", *at);
  }
  for (const ElfW(auxv_t)* word = (void*)(at + 1); word->a_type != AT_NULL; ++word) {
    page_bytes = word->a_type == AT_PAGESZ ? (long)word->a_un.a_val : page_bytes;
  }
  say("page", page_bytes);
  show_variable("LD_PRELOAD");
  show_variable("ZCCACHE_OBSERVE");
}

static void* starts_shells(void* unused) {
  (void)unused;
  for (int i = 0; i < 200; ++i) {
    (void)system("exit 0");
  }
  return NULL;
}

// Each child shows its own; what they are given is all that it should be.
static void passed_variables(void) {
  char* argv[] = {(char*)self, "shown_variables", NULL};
  char* envp[] = {"SUBJECT_HAS=given", NULL};
  char* preloads[] = {"LD_PRELOAD=", "SUBJECT_HAS=given", NULL};
  char* none[] = {NULL};
  char shell[4200];
  pid_t pid = 0;
  snprintf(shell, sizeof shell, "%s shown_variables", self);
  IN_CHILD("execv", execv(self, argv));
  IN_CHILD("execvp", execvp(self, argv));
  IN_CHILD("execve", execve(self, argv, environ));
  IN_CHILD("execve given", execve(self, argv, envp));
  IN_CHILD("execve preloads", execve(self, argv, preloads));
  IN_CHILD("execve none", execve(self, argv, none));
  IN_CHILD("execve null", execve(self, argv, NULL));
  IN_CHILD("execvpe", execvpe(self, argv, envp));
  IN_CHILD("execl", execl(self, self, "shown_variables", (char*)NULL));
  IN_CHILD("execlp", execlp(self, self, "shown_variables", (char*)NULL));
  IN_CHILD("execle", execle(self, self, "shown_variables", (char*)NULL, envp));
  IN_CHILD("fexecve", fexecve(open(self, O_RDONLY), argv, environ));
  posix_spawn(&pid, self, NULL, NULL, argv, environ);
  reap("posix_spawn", pid);
  posix_spawnp(&pid, self, NULL, NULL, argv, envp);
  reap("posix_spawnp", pid);
  fflush(stdout);
  say("system", system(shell));
  FILE* pipe = popen(shell, "r");
  for (int c = getc(pipe); c != EOF; c = getc(pipe)) {
    putchar(c);
  }
  say("pclose", pclose(pipe));
  setenv("LD_PRELOAD", "", 1);
  IN_CHILD("execv after setenv", execv(self, argv));
  unsetenv("LD_PRELOAD");
  clearenv();
  IN_CHILD("execv after clearenv", execv(self, argv));
}

static void shells_at_once(void) {
  pthread_t all[4];
  for (int i = 0; i < 4; ++i) {
    pthread_create(&all[i], NULL, starts_shells, NULL);
  }
  for (int i = 0; i < 4; ++i) {
    pthread_join(all[i], NULL);
  }
  show_variable("LD_PRELOAD");
}

int main(int argc, char** argv, char** envp) {
  static const struct {
    const char* name;
    void (*run)(void);
  } kParts[] = {{"opened_files", opened_files},
                {"changed_files", changed_files},
                {"named_memory", named_memory},
                {"attributes", attributes},
                {"looked_at_paths", looked_at_paths},
                {"listed_directories", listed_directories},
                {"environment", environment},
                {"started_programs", started_programs},
                {"shown_variables", shown_variables},
                {"passed_variables", passed_variables},
                {"shells_at_once", shells_at_once},
                {"vforked", vforked},
                {"closes", closes},
                {"threads", threads},
                {"loads", loads},
                {"asks_late", asks_late},
                {"loads_and_ends", loads_and_ends},
                {"network", network},
                {"messages", messages},
                {"names_of_hosts", names_of_hosts},
                {"name_of_host", name_of_host},
                {"clocks", clocks},
                {"machine", machine},
                {"answers", answers},
                {"starts_other", starts_other},
                {"usual_questions", usual_questions},
                {"working_directories", working_directories},
                {"system_calls", system_calls},
                {"ring_of_requests", ring_of_requests},
                {"long_paths", long_paths},
                {"lost_directory", lost_directory},
                {"descriptors", descriptors}};
  self = getenv("SUBJECT");
  main_envp = envp;
  errno = 0;
  if (argc > 1 && strcmp(argv[1], "echo") == 0) {
    echo(argc, argv);
    return 0;
  }
  for (size_t i = 0; argc > 1 && i < sizeof kParts / sizeof kParts[0]; ++i) {
    if (strcmp(kParts[i].name, argv[1]) == 0) {
      kParts[i].run();
      return 0;
    }
  }
  return 2;
}
