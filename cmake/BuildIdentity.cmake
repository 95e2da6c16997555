# zc_build_identity(program...)
#
# Adds the definition of src/base/build.h to programs. It is looked at anew in each build, and is
# written (and the programs are linked) only if it has changed. Run as a script (cmake -P), this file
# writes it. The identity is "<seconds since the epoch>.<commit>", of the first source that is there:
#
#   git           the last commit that changed what is built; with uncommitted changes, the time of the
#                 newest changed file
#   an archive    cmake/build_identity.txt, which `git archive` fills in
#   neither       the time of the newest source file
#
# SOURCE_DATE_EPOCH replaces the time, so that builds can be reproduced.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(ZC_BUILD_IDENTITY_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  set(ZC_BUILD_IDENTITY_FILE ${CMAKE_BINARY_DIR}/gen/build.cc)

  function(zc_build_identity)
    set(write ${CMAKE_COMMAND} -D source=${CMAKE_SOURCE_DIR} -D version=${PROJECT_VERSION}
      -D output=${ZC_BUILD_IDENTITY_FILE} -P ${ZC_BUILD_IDENTITY_SCRIPT})
    execute_process(COMMAND ${write} COMMAND_ERROR_IS_FATAL ANY)
    add_custom_target(build_identity COMMAND ${write} BYPRODUCTS ${ZC_BUILD_IDENTITY_FILE} VERBATIM)
    foreach(program IN LISTS ARGN)
      target_sources(${program} PRIVATE ${ZC_BUILD_IDENTITY_FILE})
      add_dependencies(${program} build_identity)
    endforeach()
  endfunction()
  return()
endif()

set(built src schema cmake CMakeLists.txt)

# Of what follows `git`, in the repository that the sources are; empty if they are none.
function(ask_git out)
  execute_process(COMMAND git -C ${source} ${ARGN} OUTPUT_VARIABLE text ERROR_QUIET
                  OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    set(text "")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(newest_time out)
  set(newest 0)
  foreach(file IN LISTS ARGN)
    file(TIMESTAMP ${source}/${file} time "%s" UTC)
    if(time AND time GREATER newest)
      set(newest ${time})
    endif()
  endforeach()
  set(${out} ${newest} PARENT_SCOPE)
endfunction()

set(identity "")
ask_git(inside rev-parse --show-cdup)
ask_git(commit log -1 --format=%ct.%h --abbrev=12 -- ${built})
if(inside STREQUAL "" AND commit MATCHES "^[0-9]+\\.[0-9a-f]+$")
  set(identity ${commit})
  ask_git(changed diff --name-only HEAD -- ${built})
  if(changed)
    string(REPLACE "\n" ";" changed "${changed}")
    newest_time(time ${changed})
    string(REGEX REPLACE "^[0-9]+" "${time}" identity ${identity})
  endif()
else()
  file(STRINGS ${source}/cmake/build_identity.txt archived LIMIT_COUNT 1)
  if(archived MATCHES "^[0-9]+\\.[0-9a-f]+$")
    set(identity ${archived})
  else()
    file(GLOB_RECURSE files RELATIVE ${source} ${source}/src/* ${source}/schema/*)
    newest_time(time ${files})
    set(identity ${time}.source)
  endif()
endif()
if("$ENV{SOURCE_DATE_EPOCH}" MATCHES "^[0-9]+$")
  string(REGEX REPLACE "^[0-9]+" "$ENV{SOURCE_DATE_EPOCH}" identity ${identity})
endif()

file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [[
#include "base/build.h"

std::string_view zc::full_version() {
  return "@version@+@identity@";
}
]])
