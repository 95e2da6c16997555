#include "compiler/rust/option_table.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace zc::compiler {
namespace {

template <class Rows, class Projection>
bool is_sorted_without_repeats(const Rows& rows, Projection projection) {
  return std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, projection) == rows.end();
}

TEST(RustOptionTable, IsSortedWithoutRepeats) {
  EXPECT_TRUE(is_sorted_without_repeats(rust_option_rows(), &RustOptionRow::name));
  EXPECT_TRUE(is_sorted_without_repeats(rust_codegen_rows(), &RustCodegenRow::name));
  EXPECT_TRUE(is_sorted_without_repeats(rust_crate_type_rows(), &RustCrateTypeRow::name));
  EXPECT_TRUE(is_sorted_without_repeats(rust_targets(), std::identity{}));
}

TEST(RustOptionTable, EveryOptionIsFoundByItsNames) {
  std::set<char> letters;
  for (const RustOptionRow& row : rust_option_rows()) {
    const bool is_long = row.name.starts_with("--");
    EXPECT_EQ(find_rust_option(row.name), is_long ? &row : nullptr) << row.name;
    EXPECT_TRUE(is_long || row.name == std::string({'-', row.letter})) << row.name;
    if (row.letter != '\0') {
      EXPECT_EQ(find_rust_option(row.letter), &row) << row.name;
      EXPECT_TRUE(letters.insert(row.letter).second) << row.name;
    }
  }
  for (const char* name : {"", "-", "--", "--o", "--emi", "--emit=", "--emits", "-g", "emit"}) {
    EXPECT_EQ(find_rust_option(name), nullptr) << name;
  }
  for (const char letter : {'\0', '-', 'a', 'c', 'f', 'w'}) {
    EXPECT_EQ(find_rust_option(letter), nullptr) << letter;
  }
}

TEST(RustOptionTable, EveryCodegenOptionIsFound) {
  for (const RustCodegenRow& row : rust_codegen_rows()) {
    EXPECT_EQ(find_rust_codegen(row.name), &row);
    EXPECT_EQ(find_rust_codegen(std::string(row.name) + "x"), nullptr);
  }
  EXPECT_EQ(find_rust_codegen(""), nullptr);
}

TEST(RustOptionTable, RolesAreDistinct) {
  std::set<RustRole> roles;
  for (const RustCrateTypeRow& row : rust_crate_type_rows()) {
    EXPECT_TRUE(roles.insert(row.role).second) << row.name;
  }
  for (const RustEmitRow& row : rust_emit_rows()) {
    EXPECT_EQ(roles.insert(row.role).second, row.name != "link") << row.name;
  }
}

}  // namespace
}  // namespace zc::compiler
