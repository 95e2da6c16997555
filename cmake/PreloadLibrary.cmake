# zc_preload_library(name [DEPS layer...] MUSL_FIRST header)
#
# Makes libzccache-<name>.so of src/<name>/*.cc, beside the programs; where musl is installed, a second
# build of the same sources for programs that are linked against it: libzccache-<name>-musl.so, in
# which each source includes `header` first.
#
# It gets into programs that we know nothing of, so it needs nothing but their C library, has no
# sanitizers in any preset (their runtimes insist on being there first), and shows no symbol but those
# that it interposes. Always optimized: a caller that must not be seen on the stack is left by a jump.
# Of DEPS it uses headers alone, so nothing is linked.
function(zc_preload_library name)
  cmake_parse_arguments(arg "" "MUSL_FIRST" "DEPS" ${ARGN})
  zc_preload_build(zccache-${name} ${name})
  target_link_libraries(zccache-${name} PRIVATE c gcc)
  if(ZC_HAS_MUSL)
    set(target zccache-${name}-musl)
    zc_preload_build(${target} ${name})
    target_compile_options(${target} PRIVATE ${ZC_MUSL_INCLUDES}
      -include ${CMAKE_SOURCE_DIR}/src/${arg_MUSL_FIRST})
    target_link_options(${target} PRIVATE -nostdlib)
    target_link_libraries(${target} PRIVATE ${ZC_MUSL_SHARED} gcc)
    add_dependencies(zccache-${name} ${target})
  endif()
endfunction()

# zc_preload_build(target layer): what both builds have in common.
function(zc_preload_build target layer)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${layer}/*.cc)
  add_library(${target} SHARED ${sources})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE zc_warnings)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
  # Without large files by default: the names with and without 64 must stay two.
  target_compile_options(${target} PRIVATE
    -O2 -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-stack-protector
    -fasynchronous-unwind-tables -U_FORTIFY_SOURCE -U_FILE_OFFSET_BITS -U_GLIBCXX_ASSERTIONS)
  set_target_properties(${target} PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} SKIP_BUILD_RPATH ON)
  target_link_options(${target} PRIVATE -nodefaultlibs -Wl,-z,defs,-z,now
    -Wl,-z,start-stop-visibility=hidden)
  install(TARGETS ${target} LIBRARY DESTINATION ${ZC_PROGRAMS})
endfunction()
