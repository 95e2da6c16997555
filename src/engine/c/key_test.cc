#include "engine/c/key.h"

#include <functional>

#include <gtest/gtest.h>

namespace zc::engine::c {
namespace {

// One set of parts, to be changed one at a time.
struct Parts {
  Parts() {
    invocation.key_args = {"-O2"};
    invocation.source = "a.cc";
    invocation.outputs = {{.role = compiler::c::OutputRole::kObject, .path = "a.o"}};
    toolchain.identity = codec::digest_of("toolchain");
    source = codec::digest_of("source");
  }
  Digest key() const {
    const std::vector<std::string_view> views(env.begin(), env.end());
    const RequestEnvironment environment(views);
    return manifest_key({.invocation = &invocation,
                         .toolchain = &toolchain,
                         .env = &environment,
                         .pwd = pwd,
                         .remap = remap ? &*remap : nullptr,
                         .driver_name = driver,
                         .cwd = cwd,
                         .host_cpu = cpu,
                         .source = source,
                         .files = files})
        .digest;
  }
  compiler::c::Invocation invocation;
  Toolchain toolchain;
  std::vector<std::string> env = {"LANG=C", "PATH=/usr/bin", "PWD=/w"};
  std::string pwd = "/w";
  std::optional<PathRemap> remap;
  std::string driver = "g++";
  std::string cwd = "/w";
  std::string cpu = "cpu";
  Digest source;
  std::vector<KeyFile> files;
};

struct Change {
  const char* what;
  std::function<void(Parts&)> apply;
};

TEST(ManifestKey, ChangesWithEverythingThatMatters) {
  const std::vector<Change> changes = {
      {"toolchain", [](Parts& p) { p.toolchain.identity = codec::digest_of("other"); }},
      {"driver", [](Parts& p) { p.driver = "gcc"; }},
      {"language", [](Parts& p) { p.invocation.language = compiler::c::Language::kCxx; }},
      {"environment", [](Parts& p) { p.env[0] = "LANG=de_DE"; }},
      {"variable of the compiler", [](Parts& p) { p.env.emplace_back("CPATH=inc"); }},
      {"variable that no call shows", [](Parts& p) { p.env.emplace_back("TZ=UTC"); }},
      {"variable of the loader", [](Parts& p) { p.env.emplace_back("LD_DEBUG="); }},
      {"variable of the messages", [](Parts& p) { p.env.emplace_back("OUTPUT_CHARSET=x"); }},
      {"locale", [](Parts& p) { p.env.emplace_back("LC_TIME=de_DE"); }},
      {"argument", [](Parts& p) { p.invocation.key_args = {"-O3"}; }},
      {"one argument or two", [](Parts& p) { p.invocation.key_args = {"-O", "2"}; }},
      {"key file", [](Parts& p) { p.files = {{.path = "f", .digest = {}}}; }},
      {"role",
       [](Parts& p) {
         p.invocation.outputs.push_back({.role = compiler::c::OutputRole::kDwo, .path = "a.dwo"});
       }},
      {"user deps", [](Parts& p) { p.invocation.dep.style = compiler::c::DepStyle::kUser; }},
      {"source path", [](Parts& p) { p.invocation.source = "b.cc"; }},
      {"source content", [](Parts& p) { p.source = codec::digest_of("edited"); }},
  };
  const Digest base = Parts().key();
  for (const Change& change : changes) {
    Parts parts;
    change.apply(parts);
    EXPECT_NE(parts.key(), base) << change.what;
  }
}

TEST(ManifestKey, TheOrderOfArgumentsMatters) {
  Parts a;
  Parts b;
  a.invocation.key_args = {"-O2", "-O0"};
  b.invocation.key_args = {"-O0", "-O2"};
  EXPECT_NE(a.key(), b.key());
}

TEST(ManifestKey, LeavesOutWhatDoesNotLeak) {
  const Digest base = Parts().key();
  Parts parts;
  parts.cwd = "/elsewhere";
  parts.cpu = "other";
  parts.env[1] = "PATH=/bin";
  parts.env[2] = "PWD=/elsewhere";
  parts.pwd = "/elsewhere";
  parts.env.emplace_back("HOME=/root");  // if the compiler reads it, the input set has it
  parts.invocation.outputs[0].path = "b.o";
  parts.invocation.dep.style = compiler::c::DepStyle::kAll;
  EXPECT_EQ(parts.key(), base);
}

TEST(ManifestKey, TakesInWhatLeaks) {
  const auto with = [](const std::function<void(Parts&)>& leak,
                       const std::function<void(Parts&)>& change) {
    Parts a;
    leak(a);
    Parts b = a;
    change(b);
    return a.key() != b.key();
  };
  const auto leak_cwd = [](Parts& p) { p.invocation.cwd_leaks = true; };
  EXPECT_TRUE(with(leak_cwd, [](Parts& p) { p.cwd = "/v"; }));
  EXPECT_TRUE(with(leak_cwd, [](Parts& p) { p.pwd = "/link"; }));
  EXPECT_TRUE(with([](Parts& p) { p.invocation.output_name_leaks = true; },
                   [](Parts& p) { p.invocation.outputs[0].path = "b.o"; }));
  EXPECT_TRUE(
      with([](Parts& p) { p.invocation.native_cpu = true; }, [](Parts& p) { p.cpu = "other"; }));
}

// Of a command in a checkout that is a root.
Parts in_checkout(const std::string& checkout) {
  Parts parts;
  parts.invocation.cwd_leaks = true;
  parts.invocation.key_args = {"-I" + std::string(1, '\0') + checkout + "/include",
                               "-ffile-prefix-map=" + checkout + "/src=x"};
  parts.invocation.source = checkout + "/a.cc";
  parts.cwd = checkout + "/build";
  parts.pwd = parts.cwd;
  parts.remap = PathRemap{.checkout = checkout, .injected = {"-fdebug-prefix-map=" + checkout}};
  return parts;
}

TEST(ManifestKey, OfACheckoutIsThatOfAnyOther) {
  const Parts one = in_checkout("/one");
  EXPECT_EQ(one.key(), in_checkout("/w/two").key());
  Parts plain = one;
  plain.remap.reset();
  EXPECT_NE(one.key(), plain.key());
}

TEST(ManifestKey, OfACheckoutChangesWithWhatIsNotItsPlace) {
  const std::vector<Change> changes = {
      {"word that is bound", [](Parts& p) { p.remap->is_bound = true; }},
      {"no map", [](Parts& p) { p.remap->injected.clear(); }},
      {"other map", [](Parts& p) { p.remap->injected = {"-fmacro-prefix-map=/one"}; }},
      {"directory", [](Parts& p) { p.cwd = "/one/debug"; }},
      {"directory without a leak",
       [](Parts& p) {
         p.invocation.cwd_leaks = false;
         p.cwd = "/one/debug";
       }},
      {"name of the directory", [](Parts& p) { p.pwd = "/link/build"; }},
      {"source", [](Parts& p) { p.invocation.source = "/one/b.cc"; }},
      {"source in the other checkout", [](Parts& p) { p.invocation.source = "/two/a.cc"; }},
      {"relative source", [](Parts& p) { p.invocation.source = "/a.cc"; }},
      {"word", [](Parts& p) { p.invocation.key_args[0] += "s"; }},
      {"what a map makes", [](Parts& p) { p.invocation.key_args[1] += "y"; }},
  };
  const Digest base = in_checkout("/one").key();
  for (const Change& change : changes) {
    Parts parts = in_checkout("/one");
    change.apply(parts);
    EXPECT_NE(parts.key(), base) << change.what;
  }
}

TEST(ManifestKey, OfABoundCheckoutIsOfNoOther) {
  Parts one = in_checkout("/one");
  Parts two = in_checkout("/two");
  one.remap->is_bound = true;
  two.remap->is_bound = true;
  EXPECT_NE(one.key(), two.key());
}

TEST(ManifestKey, TheOrderOfTheEnvironmentDoesNotMatter) {
  Parts a;
  a.env = {"LANG=C", "CPATH=x"};
  Parts b;
  b.env = {"CPATH=x", "LANG=C"};
  EXPECT_EQ(a.key(), b.key());
}

}  // namespace
}  // namespace zc::engine::c
