// Numbers, and names that others gave, in a form for people.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zc::cli {

// "0 B", "812 B", "1.5 KB", "3.0 MB", "1.2 GB"; units are powers of 1024.
std::string format_bytes(std::uint64_t bytes);

// "45s", "3m 7s", "2h 5m".
std::string format_uptime(std::uint64_t seconds);

// "850ms", "1.2s", "3m 4s", "2h 5m".
std::string format_duration(std::uint64_t milliseconds);

// "1 hit", "2 hits", "0 misses".
std::string counted(std::uint64_t count, std::string_view one);

// `part` of `whole` in percent, rounded down: "12.3%", or "n/a" of nothing.
std::string format_rate(std::uint64_t part, std::uint64_t whole);

// What `more` hits add to the rate: "+3 hits, 80.0% of look-ups in place of 50.0%".
std::string format_more_hits(std::uint64_t more, std::uint64_t hits, std::uint64_t lookups);

// `text` as one line that a terminal only shows: names of files, words and values may hold bytes
// that end a line, move the cursor or say more to a terminal. These become "\n", "\r", "\t" or
// their number, "\x1b"; so do bytes that are not UTF-8. A backslash stays one, so that a path that
// has it can be copied.
std::string printable(std::string_view text);

}  // namespace zc::cli
