#include <string>
#include <vector>

std::size_t total(const std::vector<std::string>& words) {
  std::size_t sum = 0;
  for (const std::string& word : words) sum += word.size();
  return sum;
}
