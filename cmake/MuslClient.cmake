# zc_client_executable(name SOURCES...)
#
# A static program for the hot path: linked against musl (Debian musl-tools), with libstdc++'s
# headers only. An empty static glibc process costs more than twice a musl one, because glibc's
# start-up asks CPUID dozens of times and each one traps in a virtual machine. Where musl is
# missing, or the compiler is not GCC, or sanitizers are on, it falls back to static glibc (a
# plain dynamic program under sanitizers) and says so.
set(ZC_MUSL_LIB /usr/lib/${CMAKE_SYSTEM_PROCESSOR}-linux-musl)
set(ZC_MUSL_INCLUDE /usr/include/${CMAKE_SYSTEM_PROCESSOR}-linux-musl)

set(ZC_MUSL_SHARED /lib/${CMAKE_SYSTEM_PROCESSOR}-linux-musl/libc.so)

set(ZC_HAS_MUSL OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND EXISTS ${ZC_MUSL_LIB}/libc.a
   AND EXISTS ${ZC_MUSL_SHARED} AND EXISTS ${ZC_MUSL_INCLUDE}/stdio.h)
  set(ZC_HAS_MUSL ON)
endif()
set(ZC_CLIENT_LIBC glibc)
if(ZC_HAS_MUSL AND NOT ZCCACHE_SANITIZE)
  set(ZC_CLIENT_LIBC musl)
elseif(ZCCACHE_REQUIRE_MUSL AND NOT ZCCACHE_SANITIZE)
  message(FATAL_ERROR "musl was not found: install musl-tools, or build without ZCCACHE_REQUIRE_MUSL")
endif()
message(STATUS "The client is linked against ${ZC_CLIENT_LIBC}")

if(ZC_HAS_MUSL)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=include
                  OUTPUT_VARIABLE gcc_include OUTPUT_STRIP_TRAILING_WHITESPACE)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-libgcc-file-name
                  OUTPUT_VARIABLE libgcc OUTPUT_STRIP_TRAILING_WHITESPACE)
  # The C++ directories that the compiler itself would use, before musl's: libstdc++ finds the C
  # headers behind its own by #include_next. (SHELL: keeps CMake from merging equal -isystem words.)
  set(cxx_includes)
  foreach(dir IN LISTS CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    if(dir MATCHES "/c\\+\\+/")
      list(APPEND cxx_includes "SHELL:-isystem ${dir}")
    endif()
  endforeach()
  set(ZC_MUSL_INCLUDES
    -nostdinc -nostdinc++ ${cxx_includes} "SHELL:-isystem ${ZC_MUSL_INCLUDE}"
    "SHELL:-isystem ${gcc_include}"
    "SHELL:-include locale.h" -D__locale_t=locale_t "-D__GLIBC_PREREQ(a,b)=0")
  set(ZC_MUSL_COMPILE
    ${ZC_MUSL_INCLUDES} -fno-pie -fno-asynchronous-unwind-tables -fno-unwind-tables)
  # With code, constants and headers in one segment, fewer pages of the file are mapped one by one.
  set(ZC_MUSL_LINK
    -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,norelro -Wl,-z,noseparate-code
    ${ZC_MUSL_LIB}/crt1.o ${ZC_MUSL_LIB}/crti.o)
  set(ZC_MUSL_LIBS ${ZC_MUSL_LIB}/libc.a ${libgcc} ${ZC_MUSL_LIB}/crtn.o)
endif()

function(zc_client_executable name)
  add_executable(${name} ${ARGN})
  # File by file in each preset: what ships is what the instruction budget and tests/tidy measure.
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE zc_warnings)
  target_compile_definitions(${name} PRIVATE ZCCACHE_VERSION="${PROJECT_VERSION}")
  if(ZCCACHE_SANITIZE)
    target_link_libraries(${name} PRIVATE zc_sanitizers)
    return()
  endif()
  # A client runs most of its code once, so what that costs is to fetch it: with -Os it executes
  # half as many instructions again as with -O2, but it is two thirds as large and takes a fiftieth
  # less time.
  target_compile_options(${name} PRIVATE
    -Os -fno-exceptions -fno-rtti -fno-stack-protector -ffunction-sections -fdata-sections)
  target_compile_definitions(${name} PRIVATE _GLIBCXX_EXTERN_TEMPLATE=0 _GNU_SOURCE)
  target_link_options(${name} PRIVATE -Wl,--gc-sections)
  if(ZC_CLIENT_LIBC STREQUAL "musl")
    target_compile_definitions(${name} PRIVATE ZCCACHE_OWN_RUNTIME)
    target_compile_options(${name} PRIVATE ${ZC_MUSL_COMPILE})
    target_link_options(${name} PRIVATE ${ZC_MUSL_LINK})
    target_link_libraries(${name} PRIVATE ${ZC_MUSL_LIBS})
  else()
    target_link_options(${name} PRIVATE -static)
  endif()
endfunction()
