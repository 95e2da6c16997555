// What a running daemon goes by, where that is not what the environment and the files here say: its
// variables are those of the program that started it.
//
// Thread: main.
#pragma once

#include <string>
#include <vector>

#include "cli/settings_view.h"
#include "codec/json.h"
#include "lifecycle/caller.h"

namespace zc::cli {

// The daemon's reply to a status request. Null: none runs, or its reply is of no use.
codec::Json standing_of_daemon(const lifecycle::Caller& caller);

// For people, a line for each setting of a daemon. Of a daemon that does not say what it was
// started with, none.
std::vector<std::string> differences(const SettingsView& view, const codec::Json& standing);

}  // namespace zc::cli
