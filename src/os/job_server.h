// The job server of make(1), by what it tells the processes below it.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zc::os {

struct JobServer {
  std::optional<std::uint64_t> jobs;  // how many may run at once; nothing: it is not told
  std::string fifo;                   // where tokens lie; empty: in a pipe that has no name
  bool operator==(const JobServer&) const = default;
};

// What a value of MAKEFLAGS says. Nothing: there is no job server.
std::optional<JobServer> job_server_in(std::string_view makeflags);

// That of a process of this user. Nothing also if its environment cannot be read.
std::optional<JobServer> job_server_of(std::uint64_t pid);

// Jobs that may still begin, beside the one that each make may always run. Nothing: not known.
std::optional<std::uint64_t> free_jobs(const JobServer& server);

}  // namespace zc::os
