// What `zccache COMMAND --help` prints, for each command. The form is that of cli/usage_parts.h:
// the manual page and the completions of shells are made of these texts.
//
// Thread: constants.
#pragma once

#include <string_view>

namespace zc::cli {

// What each command takes that does not run another command line.
inline constexpr std::string_view kUsageOfAll =
    "  --endpoint PATH   the daemon's socket, as ZCCACHE_ENDPOINT\n"
    "  --help            how the command is used\n";

inline constexpr std::string_view kUsageOfStart =
    "usage: zccache start\n"
    "Starts the daemon if none runs. A compile does that as well, so this is for scripts that\n"
    "want to know that it runs, and prints what is wrong with its settings.\n"
    "The exit code is 1 if it cannot be started.\n";

inline constexpr std::string_view kUsageOfStop =
    "usage: zccache stop\n"
    "Stops the daemon, once it has finished what it is doing. What is cached stays.\n"
    "The exit code is 1 if it still runs; ZCCACHE_STOP_TIMEOUT_SECS says how long to wait (10).\n";

inline constexpr std::string_view kUsageOfStatus =
    "usage: zccache status [--json | --format prometheus] [--days N] [--watch]\n"
    "Shows the figures of the cache, since the start of the daemon and in total: hits, misses,\n"
    "reasons why commands were not cached, what runs now, sizes, and the time that was saved.\n"
    "  --json               a document for scripts\n"
    "  --format prometheus  the totals in the text format of Prometheus (also: text, json)\n"
    "  --days N             the figures of the last N days in place of the total\n"
    "  --watch              anew each second, until q or Ctrl-C\n"
    "The exit code is 1 if no daemon runs.\n";

inline constexpr std::string_view kUsageOfZero =
    "usage: zccache zero [--all]\n"
    "Sets the figures of `zccache status` to zero. What is cached stays. It works without a\n"
    "daemon, too.\n"
    "  --all     also those of each day\n";

inline constexpr std::string_view kUsageOfExplain =
    "usage: zccache explain [--json] [FILE | DIRECTORY | CRATE]...\n"
    "       zccache explain [--json] --last [N]\n"
    "       zccache explain [--json] -- COMPILER [arguments]\n"
    "       zccache explain --diff [--json] [--fail-under RATE] [BUILD BUILD]\n"
    "Says what happened to a command the last time, and why: of which result it was a hit; what\n"
    "had changed if it was a miss; or why nothing was kept. A file is an output or a source; of a\n"
    "directory, all outputs below it are listed. Without words, the last command.\n"
    "  --last N  the last N commands (1)\n"
    "  --diff    compares two builds: which commands were hits then and are none now, and why.\n"
    "            A build is @1 (the last one), @2 (the one before), a session, or a file that has\n"
    "            the form of the journal; without two of them, @2 and @1\n"
    "  --fail-under RATE   the exit code is 1 if the second build's hit rate is lower, like 95%\n"
    "  --json    a document for scripts\n"
    "The exit code is 1 if no such command is known.\n";

inline constexpr std::string_view kUsageOfReport =
    "usage: zccache report [--session ID | --last-build | --since TIME] [-o FILE]\n"
    "                      [--format html | trace | markdown | compile-commands]\n"
    "Shows a build: the last one, that of a session, or all commands since a time (90m, 2h, 3d,\n"
    "2026-01-31T12:00Z). Commands without a session are one build as long as no pause between\n"
    "them is longer than a minute.\n"
    "  --session ID   the commands of this session\n"
    "  --last-build   the newest build\n"
    "  --since TIME   all commands since then\n"
    "  -o FILE   where to (standard output); its name decides on the format\n"
    "  --format  html: one page that needs nothing else; also *.html\n"
    "            trace: for chrome://tracing and Perfetto; also *.json\n"
    "            markdown: for the summary of a CI run; also *.md\n"
    "            compile-commands: the last command of each output; also compile_commands.json;\n"
    "            without a build, of all that ran in or below this directory\n"
    "The exit code is 1 if no such build is known.\n";

inline constexpr std::string_view kUsageOfSessionStart =
    "usage: zccache session-start [options]\n"
    "Begins a session and prints one line of JSON. Commands with its session_id in\n"
    "ZCCACHE_SESSION_ID belong to it.\n"
    "  --cwd DIR           where the build is (default: here)\n"
    "  --stats             count its commands, for session-stats and session-end\n"
    "  --log FILE          append a line for people for each command\n"
    "  --journal F.jsonl   append a line of the journal for each command\n"
    "  --profile           measure where the time goes; say more of crates in the journal\n"
    "  --cache-dir DIR     use the cache and daemon there\n"
    "  --endpoint PATH     use the daemon of this socket\n"
    "  --private-daemon    use a daemon and cache that serve nobody else\n"
    "  --daemon-name NAME  ... of this name\n"
    "  --owner-pid PID     ... which ends with this process (may be repeated)\n"
    "  --private-env K=V   ... which gets this setting when it starts (may be repeated)\n";

inline constexpr std::string_view kUsageOfSessionStats =
    "usage: zccache session-stats ID [--json]\n"
    "Shows the figures of a session that was started with statistics, on standard error.\n"
    "  --json    a document for scripts, on standard output\n"
    "The exit code is 1 if the daemon does not know the session.\n";

inline constexpr std::string_view kUsageOfSessionEnd =
    "usage: zccache session-end ID [--json]\n"
    "Ends a session, closes its files and shows its figures as session-stats does. It succeeds\n"
    "also if there is no such session, or no daemon.\n"
    "  --json    a document for scripts, on standard output\n";

inline constexpr std::string_view kUsageOfAnalyze =
    "usage: zccache analyze JOURNAL [options]\n"
    "Shows what a journal says of a build: hits, misses, times, by tool and by crate.\n"
    "  --json           a document for scripts\n"
    "  --session ID     only the commands of this session\n"
    "  --crate NAME     ... of this crate\n"
    "  --outcome WHAT   ... with this outcome: hit, miss, non-cacheable, error, cached_error\n"
    "  --sort BY        crates by wall-clock (default), misses or hits\n"
    "  --top N          at most N rows of each table (20)\n";

inline constexpr std::string_view kUsageOfEngineProfile =
    "usage: zccache engine-profile STATS.json [--json]\n"
    "Shows where the time went, by the document that session-stats or session-end has printed of\n"
    "a session that measured it.\n"
    "  --json    a document for scripts\n";

inline constexpr std::string_view kUsageOfReleaseHandles =
    "usage: zccache release-handles --path DIR [--json]\n"
    "Ends the sessions that were started in a directory or below it.\n"
    "  --path DIR  the directory\n"
    "  --json      a document for scripts\n"
    "The exit code is 1 if the cache is below it.\n";

inline constexpr std::string_view kUsageOfTop =
    "usage: zccache top\n"
    "Shows what compiles now, hits and misses as they come and why, the store and the load, until\n"
    "q or Ctrl-C; ? shows help. If the output is no terminal, a line for each command.\n"
    "NO_COLOR=1 leaves the colors out.\n";

inline constexpr std::string_view kUsageOfCache =
    "usage: zccache cache size [--json]\n"
    "       zccache cache list [--json]\n"
    "size: what the files of the cache take, in bytes and for people, and where they are.\n"
    "list: the same for the caches of all versions, a line each.\n"
    "  --json    a document for scripts\n";

inline constexpr std::string_view kUsageOfCacheRoot =
    "usage: zccache cache-root [--json]\n"
    "Shows the directory that holds the cache of this version.\n"
    "  --json    a document for scripts, also with the socket, and what decided where it is\n";

inline constexpr std::string_view kUsageOfConfig =
    "usage: zccache config [--json]\n"
    "       zccache config get KEY\n"
    "       zccache config set KEY VALUE\n"
    "Shows each setting, its value here, and where that comes from: the default, a variable, or a\n"
    "line of a file. set: writes it into the user's file, and leaves the rest of that as it is.\n"
    "  --json    a document for scripts\n";

inline constexpr std::string_view kUsageOfClear =
    "usage: zccache clear\n"
    "Removes everything that is cached, and what older versions have left. It works without a\n"
    "daemon, too.\n";

inline constexpr std::string_view kUsageOfCrashes =
    "usage: zccache crashes [--clear]\n"
    "Shows what daemons left when they crashed: signal, build, thread and stack.\n"
    "  --clear   removes it\n";

inline constexpr std::string_view kUsageOfWrap =
    "usage: zccache wrap [--as NAME] [--] COMPILER [arguments]\n"
    "Compiles as `zccache COMPILER` does, also with a compiler that has the name of a command of\n"
    "zccache. `zccache -- COMPILER` is the same.\n"
    "  --as NAME   the compiler finds NAME as its own name (argv[0])\n";

inline constexpr std::string_view kUsageOfExec =
    "usage: zccache exec [options] -- COMMAND [arguments]\n"
    "Runs a command whose result may come from the cache. What it reads and writes is observed;\n"
    "the options declare what goes beyond that.\n"
    "  --input-file FILE        also depends on this file (may be repeated)\n"
    "  --input-file-list FILE   ... on each file that a line of FILE names\n"
    "  --input-file-stdin       ... on each file that a line of standard input names\n"
    "  --input-env NAME         ... on this variable\n"
    "  --input-extra TEXT       ... on this text\n"
    "  --output-file FILE       must be there after the command\n"
    "  --output-stdout[=false]  whether a hit prints what the command printed (default: true)\n"
    "  --output-stderr[=false]  the same for standard error\n"
    "  --depfile FILE           also depends on what this Make rule, written by it, lists\n"
    "  --include-scan FILE      also depends on what FILE includes, as C has it\n"
    "  --include-dir DIR        ... which may be found in this directory (-I)\n"
    "  --system-include DIR     ... in this one after those (-isystem)\n"
    "  --iquote-dir DIR         ... in this one if it is in quotes (-iquote)\n"
    "  --tool-hash HEX          64 digits that stand for the program in place of its content\n"
    "  --key-args-filter RE     arguments in which this expression is found do not matter\n"
    "  --no-cwd-in-key          the same result serves other directories\n"
    "  --no-cache               run, without the cache\n"
    "  --non-deterministic      the same, for a command that does not repeat its results\n"
    "  --endpoint PATH          the daemon's socket\n";

inline constexpr std::string_view kUsageOfRun =
    "usage: zccache run [--] COMMAND [arguments]\n"
    "Runs a build (make, ninja, cargo, a script) as it is. Each compiler, linker, archiver\n"
    "and linter that it starts, by whatever path, is served as if it had been called behind\n"
    "zccache. Other compiler caches are left alone. The exit code is the command's own; 127 if\n"
    "there is no such command, 126 if it cannot be run.\n";

inline constexpr std::string_view kUsageOfDoctor =
    "usage: zccache doctor [--fix] [--json]\n"
    "Examines the set-up: PATH, other caches, variables, the cache's directory, the daemon, the\n"
    "kernel, the observer; and compiles with each compiler that is there, in a directory and with "
    "a\n"
    "cache of its own, what must miss, then hit, with the same bytes. Says what to do about each\n"
    "thing that is wrong.\n"
    "  --fix     mends what it may: rights of the cache's directories, files that a dead daemon "
    "has\n"
    "            left, links that lead nowhere; ends a daemon of an older build\n"
    "  --json    a document for scripts\n"
    "The exit code is 1 if there is a problem; warnings are none.\n";

inline constexpr std::string_view kUsageOfSetup =
    "usage: zccache setup shims [--remove] [DIR]\n"
    "Makes links to zccache in DIR (~/zccache-bin), named like the compilers, archivers and "
    "linters\n"
    "that are on PATH, and prints what to add to PATH. Builds that call them by name are then\n"
    "served. Links for what is gone from PATH are removed, so repeat it after compilers change; a\n"
    "new zccache needs no new links.\n"
    "  --remove   removes the links from DIR, or from ~/zccache-bin and all directories of PATH\n";

inline constexpr std::string_view kUsageOfMan =
    "usage: zccache man\n"
    "Prints the manual page, as man(1) reads it: `zccache man | man -l -`. An installation has it "
    "as\n"
    "zccache(1).\n";

inline constexpr std::string_view kUsageOfCompletion =
    "usage: zccache completion bash|zsh|fish\n"
    "Prints a script with which the shell completes commands and options of zccache. An\n"
    "installation has it where the shell looks for it; by hand: `. <(zccache completion bash)`.\n";

inline constexpr std::string_view kUsageOfHelp =
    "usage: zccache help\n"
    "Shows all commands and settings. `zccache COMMAND --help` shows one command.\n";

inline constexpr std::string_view kUsageOfVersion =
    "usage: zccache --version\n"
    "Prints the version of this program, and its build: the time of the last change, the commit.\n";

}  // namespace zc::cli
