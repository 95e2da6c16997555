// The bytes of an archive, as far as they say whether it tells the times, owners and modes of its
// members ("ar(5)"). One that does is another archive for members that are other files of the same
// content.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::engine::driver {

bool is_archive(std::string_view bytes);

// Each header has no time, no owner, and the same mode. Of bytes that are no archive: false.
bool tells_nothing_of_members(std::string_view archive);

}  // namespace zc::engine::driver
