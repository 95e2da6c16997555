# zc_preload_library(name [DEPS layer...])
#
# Makes libzccache-<name>.so of src/<name>/*.cc, beside the programs. It gets into programs that we
# know nothing of, so it needs nothing but their C library, has no sanitizers in any preset (their
# runtimes insist on being there first), and shows no symbol but those that it interposes. Always
# optimized: a caller that must not be seen on the stack is left by a jump. Of DEPS it uses headers
# alone, so nothing is linked.
function(zc_preload_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  add_library(zccache-${name} SHARED ${sources})
  target_include_directories(zccache-${name} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(zccache-${name} PRIVATE zc_warnings c gcc)
  target_compile_definitions(zccache-${name} PRIVATE _GNU_SOURCE)
  # Without large files by default: the names with and without 64 must stay two.
  target_compile_options(zccache-${name} PRIVATE
    -O2 -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-stack-protector
    -fasynchronous-unwind-tables -U_FORTIFY_SOURCE -U_FILE_OFFSET_BITS -U_GLIBCXX_ASSERTIONS)
  set_target_properties(zccache-${name} PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  target_link_options(zccache-${name} PRIVATE -nodefaultlibs -Wl,-z,defs,-z,now
    -Wl,-z,start-stop-visibility=hidden)
  install(TARGETS zccache-${name} LIBRARY DESTINATION bin)
endfunction()
