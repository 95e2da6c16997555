# Text files that are part of a program: zc_embed_files(<target> <name> FILES…) generates
# gen/embedded/<name>.h with `zc::embedded::<name>`, an array of {name, text}, for <target>.

function(zc_embed_files target name)
  set(rows "")
  set(count 0)
  foreach(file IN LISTS ARGN)
    get_filename_component(base ${file} NAME)
    file(READ ${file} text)
    string(APPEND rows "    EmbeddedFile{\"${base}\", R\"embedded(${text})embedded\"},\n")
    math(EXPR count "${count} + 1")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  set(EMBEDDED_COUNT ${count})
  set(EMBEDDED_ROWS "${rows}")
  set(EMBEDDED_NAME ${name})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded_files.h.in
                 ${PROJECT_BINARY_DIR}/gen/embedded/${name}.h @ONLY)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/gen)
endfunction()
