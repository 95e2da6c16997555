// What happened to a command and why, as text for people.
//
// Thread: any; pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "history/command_record.h"

namespace zc::cli {

// "/w/a.o: miss, 3s ago": what the command made, and what came of it.
std::string headline(const history::CommandRecord& record, std::int64_t now_ns);

// All that is known, indented lines below the headline. `origin`: where the result of a hit was
// made; empty if that is not known.
std::string explanation_text(const history::CommandRecord& record, std::string_view origin,
                             std::int64_t now_ns);

}  // namespace zc::cli
