# zc_sanitized_test(target test [SINGLE_THREADED])
#
# Marks a CTest test, and the target it needs, as one that `./dev test` also runs in the asan and, if
# it has threads, in the tsan preset: by the label and the target <preset>_tests. Unit tests of layers
# are marked by zc_layer.
add_custom_target(asan_tests)
add_custom_target(tsan_tests)
function(zc_sanitized_test target test)
  set(presets asan tsan)
  if("SINGLE_THREADED" IN_LIST ARGN)
    set(presets asan)
  endif()
  foreach(preset IN LISTS presets)
    add_dependencies(${preset}_tests ${target})
    set_property(TEST ${test} APPEND PROPERTY LABELS ${preset})
  endforeach()
endfunction()

if(BUILD_TESTING)
  # Warnings and framework of a test. Without optimisation it compiles in half the time, and the
  # layers below it do the work.
  add_library(zc_test INTERFACE)
  target_compile_options(zc_test INTERFACE -O0)
  target_link_libraries(zc_test INTERFACE zc_warnings GTest::gmock)

  # The headers that take most of the time of a test, compiled once for the tests of all layers.
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/gen/test_headers.cc CONTENT "")
  add_library(zc_test_headers STATIC ${CMAKE_BINARY_DIR}/gen/test_headers.cc)
  target_link_libraries(zc_test_headers PRIVATE zc_test zc_sanitizers Threads::Threads)
  target_precompile_headers(zc_test_headers PRIVATE <gtest/gtest.h> <gmock/gmock.h> <string> <vector>)
endif()

# zc_layer(name [DEPS layer...] [LIBS target...] [EXCLUDE file...] [SINGLE_THREADED])
#
# Makes one static library of src/<name>/**/*.cc, and one test binary <name>_test of the *_test.cc
# beside them. DEPS are the layers it may use; tests/tidy checks the includes against
# the list in docs/architecture.md, so both must agree. SINGLE_THREADED: its tests have no threads.
function(zc_layer name)
  cmake_parse_arguments(arg "SINGLE_THREADED" "" "DEPS;LIBS;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  foreach(file IN LISTS arg_EXCLUDE)
    if(NOT EXISTS ${CMAKE_SOURCE_DIR}/src/${name}/${file})
      message(FATAL_ERROR "zc_layer(${name}): there is no ${file} to exclude")
    endif()
    list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/src/${name}/${file})
  endforeach()

  list(TRANSFORM arg_DEPS PREPEND zc_ OUTPUT_VARIABLE deps)
  add_library(zc_${name} STATIC ${sources})
  target_include_directories(zc_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/gen)
  target_link_libraries(zc_${name} PUBLIC ${deps} ${arg_LIBS}
                        PRIVATE zc_warnings PUBLIC zc_sanitizers Threads::Threads)
  target_compile_definitions(zc_${name} PRIVATE ZCCACHE_VERSION="${PROJECT_VERSION}")
  if(NOT BUILD_TESTING)
    return()
  endif()

  add_executable(${name}_test ${tests})
  target_link_libraries(${name}_test PRIVATE zc_${name} zc_support zc_test GTest::gtest_main)
  target_precompile_headers(${name}_test REUSE_FROM zc_test_headers)
  target_compile_definitions(${name}_test PRIVATE
    ZCCACHE_VERSION="${PROJECT_VERSION}" ZCCACHE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME unit.${name} COMMAND ${name}_test)
  set_tests_properties(unit.${name} PROPERTIES TIMEOUT 300)
  set(threads)
  if(arg_SINGLE_THREADED)
    set(threads SINGLE_THREADED)
  endif()
  zc_sanitized_test(${name}_test unit.${name} ${threads})
endfunction()
