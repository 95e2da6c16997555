#include "config/settings.h"

#include <algorithm>
#include <utility>

#include "base/path.h"
#include "base/str.h"

namespace zc::config {

namespace {

// A path of a project is relative to it; another one is relative where the variable's would be.
std::string full_path(std::string_view path, const std::string& project, std::string_view home) {
  if (path.starts_with("~/")) {
    return join_path(home, path.substr(2));
  }
  return project.empty() ? std::string(path) : join_path(project, path);
}

std::string full_value(const Entry& entry, const std::string& project, std::string_view home) {
  if (entry.key->kind == Kind::kPath) {
    return entry.value.empty() ? entry.value : full_path(entry.value, project, home);
  }
  if (entry.key->kind != Kind::kPaths || entry.value.empty()) {
    return entry.value;
  }
  std::string out;
  for (const std::string_view path : split(entry.value, ':')) {
    str_append(out, out.empty() ? "" : ":", full_path(path, project, home));
  }
  return out;
}

// Two texts that are put together differ from two others.
std::string sum_of(const Key& key, const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) {
    return first.empty() ? second : first;
  }
  return key.kind == Kind::kPaths ? str_cat(first, ':', second)
                                  : str_cat(first.size(), ':', first, second);
}

void take(const Entry& entry, const Layer& layer, std::string_view home,
          std::vector<Setting>& out) {
  Setting found = {.key = entry.key,
                   .value = full_value(entry, layer.project, home),
                   .path = layer.file->path,
                   .line = entry.line};
  const auto before = std::ranges::find(out, entry.key, &Setting::key);
  if (before == out.end()) {
    out.push_back(std::move(found));
    return;
  }
  if (!layer.project.empty()) {
    if (entry.key->project == Project::kLower &&
        boldness(*entry.key, found.value) > boldness(*entry.key, before->value)) {
      return;
    }
    if (entry.key->project == Project::kAdds) {
      found.value = sum_of(*entry.key, before->value, found.value);
    }
  }
  *before = std::move(found);
}

}  // namespace

std::vector<Setting> settings_of(const std::vector<Layer>& layers, std::string_view home) {
  std::vector<Setting> out;
  for (const Layer& layer : layers) {
    for (const Entry& entry : layer.file->entries) {
      take(entry, layer, home, out);
    }
  }
  return out;
}

std::string refusal_of(const std::vector<Layer>& layers) {
  for (const Layer& layer : layers) {
    if (!layer.file->refusal.empty()) {
      return layer.file->refusal;
    }
  }
  return {};
}

}  // namespace zc::config
