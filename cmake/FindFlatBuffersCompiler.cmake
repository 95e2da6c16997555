# flatc, and zc_flatbuffers(target schema...): headers generated into <build>/gen. The target
# generated_headers makes them and nothing else: all that clang-tidy needs.
find_program(FLATC flatc)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(FlatBuffersCompiler REQUIRED_VARS FLATC)

function(zc_flatbuffers target)
  set(headers)
  foreach(schema IN LISTS ARGN)
    get_filename_component(stem ${schema} NAME_WE)
    set(header ${CMAKE_BINARY_DIR}/gen/schema/${stem}_generated.h)
    add_custom_command(OUTPUT ${header}
      COMMAND ${FLATC} --cpp --scoped-enums -o ${CMAKE_BINARY_DIR}/gen/schema ${schema}
      DEPENDS ${schema} VERBATIM)
    list(APPEND headers ${header})
  endforeach()
  target_sources(${target} PRIVATE ${headers})
  add_custom_target(generated_headers DEPENDS ${headers})
endfunction()
