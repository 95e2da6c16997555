# zc_shell_pages(cli)
#
# Makes the manual page and the completions of shells with the program `cli`, which prints them from
# its table of commands, in <build>/share, and installs them where man and the shells look.
function(zc_shell_pages cli)
  set(share ${CMAKE_BINARY_DIR}/share)
  set(pages
    "man|man/man1|zccache.1"
    "completion bash|bash-completion/completions|zccache"
    "completion zsh|zsh/site-functions|_zccache"
    "completion fish|fish/vendor_completions.d|zccache.fish")
  set(files)
  foreach(page IN LISTS pages)
    string(REPLACE "|" ";" page "${page}")
    list(GET page 0 words)
    list(GET page 1 directory)
    list(GET page 2 name)
    separate_arguments(words)
    set(file ${share}/${directory}/${name})
    file(MAKE_DIRECTORY ${share}/${directory})
    add_custom_command(OUTPUT ${file} COMMAND ${cli} ${words} > ${file} DEPENDS ${cli} VERBATIM)
    install(FILES ${file} DESTINATION share/${directory})
    list(APPEND files ${file})
  endforeach()
  add_custom_target(shell_pages ALL DEPENDS ${files})
endfunction()
