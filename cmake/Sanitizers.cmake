# Sanitizers of the preset (ZCCACHE_SANITIZE), as one interface library.
add_library(zc_sanitizers INTERFACE)
if(ZCCACHE_SANITIZE)
  target_compile_options(zc_sanitizers INTERFACE
    -fsanitize=${ZCCACHE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(zc_sanitizers INTERFACE -fsanitize=${ZCCACHE_SANITIZE})
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(zc_sanitizers INTERFACE _GLIBCXX_ASSERTIONS)
endif()
