# BLAKE3 as the imported or built target Blake3::blake3.
#
# Debian 12 has no libblake3; it ships BLAKE3's C sources inside librust-blake3-dev, from where
# `./dev` unpacks them into .deps/blake3 (the package itself would drag in two dozen others). A
# system libblake3 wins where there is one.
find_path(BLAKE3_INCLUDE blake3.h)
find_library(BLAKE3_LIBRARY blake3)
if(BLAKE3_INCLUDE AND BLAKE3_LIBRARY)
  add_library(Blake3::blake3 UNKNOWN IMPORTED)
  set_target_properties(Blake3::blake3 PROPERTIES
    IMPORTED_LOCATION ${BLAKE3_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${BLAKE3_INCLUDE})
  set(Blake3_FOUND TRUE)
  return()
endif()

file(GLOB blake3_dirs ${CMAKE_SOURCE_DIR}/.deps/blake3/usr/share/cargo/registry/blake3-*/c
     /usr/share/cargo/registry/blake3-*/c)
if(NOT blake3_dirs)
  message(FATAL_ERROR "BLAKE3 was not found: run ./dev setup, which unpacks its C sources from "
                      "Debian's librust-blake3-dev, or install libblake3")
endif()
list(GET blake3_dirs 0 blake3)
add_library(zc_blake3 STATIC ${blake3}/blake3.c ${blake3}/blake3_dispatch.c
            ${blake3}/blake3_portable.c)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_sources(zc_blake3 PRIVATE
    ${blake3}/blake3_sse2_x86-64_unix.S ${blake3}/blake3_sse41_x86-64_unix.S
    ${blake3}/blake3_avx2_x86-64_unix.S ${blake3}/blake3_avx512_x86-64_unix.S)
endif()
target_include_directories(zc_blake3 SYSTEM PUBLIC ${blake3})
target_compile_options(zc_blake3 PRIVATE -O3)
# The sources of others are not made to share a unit.
set_target_properties(zc_blake3 PROPERTIES UNITY_BUILD OFF)
add_library(Blake3::blake3 ALIAS zc_blake3)
set(Blake3_FOUND TRUE)
