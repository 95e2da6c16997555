// Where a compiler looks for the name in an include directive: one place for the order, which both
// the absences of a compile and the files that it can reach are found by.
//
// Thread: any; no state.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "compiler/c/search_path.h"
#include "compiler/c/source_scan.h"

namespace zc::engine::c {

// The path that `name` means in `directory`, as compilers spell it.
std::string include_candidate(std::string_view directory, std::string_view name);

// Tries the paths of `probe`, which stands in the file `includer`, in order, until `found` says
// that a file is there. #include_next goes on from wherever the present file was found, so all its
// paths are tried.
void walk_include(const compiler::c::SearchPath& search, std::string_view includer,
                  const compiler::c::IncludeProbe& probe,
                  const std::function<bool(const std::string& path)>& found);

}  // namespace zc::engine::c
