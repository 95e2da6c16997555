# Warnings of every target, as one interface library. -Werror comes from the presets.
add_library(zc_warnings INTERFACE)
target_compile_options(zc_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough -Wextra-semi>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:Clang>>:-Wthread-safety>
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${ZCCACHE_WERROR}>>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports null dereferences inside libstdc++ that are not there (GCC bug 105562 family).
  target_compile_options(zc_warnings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-null-dereference -Wno-restrict -Wno-missing-field-initializers>)
else()
  # clang 19 blames the caller of stable_sort for what libstdc++ 12 uses inside.
  target_compile_options(zc_warnings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-designated-field-initializers
      -Wno-missing-field-initializers -Wno-deprecated-declarations>)
endif()
