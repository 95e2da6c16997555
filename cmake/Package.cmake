# What is installed besides the programs, and the packages that CPack makes of it all: an archive with
# an install script, and one for Debian. `./dev package` makes them.
#
# The programs and the libraries lie together, since the client looks for them beside itself.
set(ZC_PROGRAMS lib/zccache)
install(CODE "
  file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin\")
  file(CREATE_LINK ../${ZC_PROGRAMS}/zccache
       \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/zccache\" SYMBOLIC)")
install(FILES README.md CHANGELOG.md docs/manual.md DESTINATION share/doc/zccache)
install(FILES LICENSE DESTINATION share/doc/zccache RENAME copyright)
if(ZCCACHE_SELF_CONTAINED)
  # What is linked statically comes with its licence.
  foreach(package IN ITEMS libelf-dev liblmdb-dev libtomlplusplus-dev libzydis-dev
          musl-dev nlohmann-json3-dev zlib1g-dev libflatbuffers-dev)
    install(FILES /usr/share/doc/${package}/copyright DESTINATION share/doc/zccache/licences
            RENAME ${package} OPTIONAL)
  endforeach()
  file(GLOB libstdcxx /usr/share/doc/libstdc++-*-dev/copyright)
  foreach(licence IN LISTS libstdcxx)
    install(FILES ${licence} DESTINATION share/doc/zccache/licences RENAME libstdc++-dev)
  endforeach()
  install(FILES ${CMAKE_SOURCE_DIR}/.deps/blake3/usr/share/doc/librust-blake3-dev/copyright
          DESTINATION share/doc/zccache/licences RENAME librust-blake3-dev OPTIONAL)
endif()

set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_NAME zccache)
set(CPACK_PACKAGE_VENDOR "The zccache authors")
set(CPACK_PACKAGE_CONTACT "The zccache authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler cache for C, C++, Rust and Emscripten")
set(CPACK_PACKAGE_DESCRIPTION
  "A compile that is repeated costs about as much as starting a process: its outputs, its messages
 and its exit code come from the cache, byte for byte as the compiler would write them now.")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)

set(CPACK_ARCHIVE_FILE_NAME zccache-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_FILE_NAME ${CPACK_ARCHIVE_FILE_NAME})
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/cmake/PackageKinds.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gcc | clang | rustc")
set(CPACK_SOURCE_DIRECTORY ${CMAKE_SOURCE_DIR})
include(CPack)
