# With ZCCACHE_SELF_CONTAINED, as packages have it, our programs need nothing but the C library of the
# machine: everything else is linked statically. Debian has no static library of Zydis, so `./dev
# package` builds it into .deps/static; TOML++ is taken as headers.
#
# zc_self_contained(program...) does its part for programs.
if(ZCCACHE_SELF_CONTAINED)
  list(PREPEND CMAKE_PREFIX_PATH ${CMAKE_SOURCE_DIR}/.deps/static)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)

  # In place of find_package, whose target stands for the shared library.
  add_library(tomlplusplus::tomlplusplus INTERFACE IMPORTED)
  target_compile_definitions(tomlplusplus::tomlplusplus INTERFACE TOML_HEADER_ONLY=1)
endif()

function(zc_self_contained)
  if(ZCCACHE_SELF_CONTAINED)
    foreach(program IN LISTS ARGN)
      # Zydis names Zycore, of which its decoder uses headers alone.
      target_link_options(${program} PRIVATE -static-libstdc++ -static-libgcc -Wl,--as-needed)
    endforeach()
  endif()
endfunction()
