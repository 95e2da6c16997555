#include "history/build_comparison.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/str.h"

namespace zc::history {

namespace {

using Commands = std::map<std::string, const CommandRecord*>;

// The words of a command of which nothing else is known.
std::string words_in(const CommandRecord& record) {
  std::string out = record.compiler;
  for (const std::string& word : record.args) {
    str_append(out, '\0', word);
  }
  return out;
}

// What a command makes, wherever that is.
std::string made_by(const CommandRecord& record) {
  return has_subject(record) ? subject_of(record)
                             : str_cat('\0', record.cwd, '\0', words_in(record));
}

// The same, as the command spells it.
std::string spelled(const CommandRecord& record) {
  std::string out = record.source;
  for (const std::string& output : record.outputs) {
    str_append(out, '\0', output);
  }
  return has_subject(record) ? out : str_cat('\0', words_in(record));
}

template <class Name>
Commands last_of_each(const std::vector<const CommandRecord*>& commands, Name name) {
  Commands out;
  for (const CommandRecord* record : commands) {
    out[name(*record)] = record;
  }
  return out;
}

class Comparing {
 public:
  // Pairs what has the same name; the rest of both is returned.
  template <class Name>
  void pair_up(std::vector<const CommandRecord*>& before, std::vector<const CommandRecord*>& after,
               Name name) {
    Commands olds = last_of_each(before, name);
    std::vector<const CommandRecord*> rest;
    for (const auto& [key, record] : last_of_each(after, name)) {
      const auto old = olds.find(key);
      if (old == olds.end()) {
        rest.push_back(record);
      } else {
        add(*old->second, *record);
        olds.erase(old);
      }
    }
    after = std::move(rest);
    before.clear();
    for (const auto& [key, record] : olds) {
      before.push_back(record);
    }
  }

  BuildComparison finish(std::vector<const CommandRecord*> before,
                         std::vector<const CommandRecord*> after) {
    const auto dearest_first = [](const CommandPair& a, const CommandPair& b) {
      return a.second->compiler_ns > b.second->compiler_ns;
    };
    std::ranges::stable_sort(out_.worse, dearest_first);
    std::ranges::stable_sort(out_.better, dearest_first);
    out_.gone = std::move(before);
    out_.added = std::move(after);
    return std::move(out_);
  }

 private:
  void add(const CommandRecord& before, const CommandRecord& after) {
    const bool was_hit = answer_to(before) == Answer::kHit;
    const bool is_hit = answer_to(after) == Answer::kHit;
    if (was_hit == is_hit) {
      ++out_.same;
    } else {
      (was_hit ? out_.worse : out_.better).emplace_back(&before, &after);
    }
  }

  BuildComparison out_;
};

std::vector<const CommandRecord*> all_of(const Build& build) {
  std::vector<const CommandRecord*> out;
  for (const CommandRecord& record : build.commands) {
    out.push_back(&record);
  }
  return out;
}

}  // namespace

BuildComparison compare(const Build& before, const Build& after) {
  std::vector<const CommandRecord*> olds = all_of(before);
  std::vector<const CommandRecord*> news = all_of(after);
  Comparing comparing;
  comparing.pair_up(olds, news, made_by);
  comparing.pair_up(olds, news, spelled);
  return comparing.finish(std::move(olds), std::move(news));
}

bool have_something_in_common(const Build& one, const Build& other) {
  std::set<std::string> subjects;
  for (const CommandRecord& record : one.commands) {
    if (!record.outputs.empty()) {
      subjects.insert(subject_of(record));
    }
  }
  return std::ranges::any_of(other.commands, [&](const CommandRecord& record) {
    return !record.outputs.empty() && subjects.contains(subject_of(record));
  });
}

}  // namespace zc::history
