#include "compiler/rust/option_table.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace zc::compiler::rust {
namespace {

template <class Rows, class Projection>
bool is_sorted_without_repeats(const Rows& rows, Projection projection) {
  return std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, projection) == rows.end();
}

TEST(RustOptionTable, IsSortedWithoutRepeats) {
  EXPECT_TRUE(is_sorted_without_repeats(option_rows(), &OptionRow::name));
  EXPECT_TRUE(is_sorted_without_repeats(codegen_rows(), &CodegenRow::name));
  EXPECT_TRUE(is_sorted_without_repeats(crate_type_rows(), &CrateTypeRow::name));
  EXPECT_TRUE(is_sorted_without_repeats(target_rows(), &TargetRow::name));
}

TEST(RustOptionTable, EveryOptionIsFoundByItsNames) {
  std::set<char> letters;
  for (const OptionRow& row : option_rows()) {
    const bool is_long = row.name.starts_with("--");
    EXPECT_EQ(find_option(row.name), is_long ? &row : nullptr) << row.name;
    EXPECT_TRUE(is_long || row.name == std::string({'-', row.letter})) << row.name;
    if (row.letter != '\0') {
      EXPECT_EQ(find_option(row.letter), &row) << row.name;
      EXPECT_TRUE(letters.insert(row.letter).second) << row.name;
    }
  }
  for (const char* name : {"", "-", "--", "--o", "--emi", "--emit=", "--emits", "-g", "emit"}) {
    EXPECT_EQ(find_option(name), nullptr) << name;
  }
  for (const char letter : {'\0', '-', 'a', 'c', 'f', 'w'}) {
    EXPECT_EQ(find_option(letter), nullptr) << letter;
  }
}

TEST(RustOptionTable, EveryCodegenOptionIsFound) {
  for (const CodegenRow& row : codegen_rows()) {
    EXPECT_EQ(find_codegen(row.name), &row);
    EXPECT_EQ(find_codegen(std::string(row.name) + "x"), nullptr);
  }
  EXPECT_EQ(find_codegen(""), nullptr);
}

TEST(RustOptionTable, RolesAreDistinct) {
  std::set<Role> roles;
  for (const CrateTypeRow& row : crate_type_rows()) {
    EXPECT_TRUE(roles.insert(row.role).second) << row.name;
  }
  for (const EmitRow& row : emit_rows()) {
    EXPECT_EQ(roles.insert(row.role).second, row.name != "link") << row.name;
  }
}

}  // namespace
}  // namespace zc::compiler::rust
