// A page's skeleton and what goes into it: a few rules of the template language "Mustache".
//
//   {{name}}                    the text, escaped for HTML
//   {{{name}}}                  the text as it is
//   {{#name}} … {{/name}}       once for each entry of the list; of a text, once if it is not empty
//   {{^name}} … {{/name}}       if the list or text is empty or not there
//
// A name is looked up from the inside out. Nothing that is put in is read as a skeleton.
//
// Thread: any; pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zc::cli {

struct PageValues {
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::vector<PageValues>, std::less<>> lists;
};

// `skeleton` is one of ours: what is wrong in it is left out.
std::string fill_page(std::string_view skeleton, const PageValues& values);

// As text or as a quoted attribute of HTML. Bytes that are not UTF-8, and control characters, are
// replaced.
std::string html_escape(std::string_view text);

// JSON as the text of a script element: nothing in it ends the element.
std::string json_in_html(std::string_view json);

}  // namespace zc::cli
