# libelf of elfutils (Debian libelf-dev) as LibElf::libelf.
find_path(LIBELF_INCLUDE gelf.h)
find_library(LIBELF_LIBRARY elf)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibElf REQUIRED_VARS LIBELF_LIBRARY LIBELF_INCLUDE)
if(LibElf_FOUND AND NOT TARGET LibElf::libelf)
  add_library(LibElf::libelf UNKNOWN IMPORTED)
  set_target_properties(LibElf::libelf PROPERTIES
    IMPORTED_LOCATION ${LIBELF_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${LIBELF_INCLUDE})
endif()
