// What every source of the observer's build for musl includes first (cmake/PreloadLibrary.cmake).
//
// musl's headers turn the names with 64 into those without, but its library has both, and programs
// use both: Rust's standard library calls `open64`. The C++ library was configured for glibc and
// takes a function for granted that musl has lacked for long.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <bits/c++config.h>

#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT

#undef creat64
#undef fopen64
#undef freopen64
#undef fstat64
#undef fstatat64
#undef fstatfs64
#undef fstatvfs64
#undef ftw64
#undef getdents64
#undef getrlimit64
#undef glob64
#undef lseek64
#undef lstat64
#undef mkostemp64
#undef mkostemps64
#undef mkstemp64
#undef mkstemps64
#undef nftw64
#undef open64
#undef openat64
#undef prlimit64
#undef scandir64
#undef stat64
#undef statfs64
#undef statvfs64
#undef truncate64
