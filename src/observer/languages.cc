// What the C library reads of languages by itself, in files that no call shows: locales, message
// catalogues, tables of character sets (kinds G and J), and the names of services and the like.
#include <cstddef>
#include <cstring>

#include "observer/answer.h"
#include "observer/interpose.h"

namespace zc::observer {

namespace {

// The two locales that the C library has in itself.
bool is_built_in(const char* locale) {
  return std::strcmp(locale, "C") == 0 || std::strcmp(locale, "POSIX") == 0;
}

}  // namespace

// The empty name is that of the variables; what it led to is known afterwards.
ZC_INTERPOSE(char*, setlocale, int category, const char* name) {
  char* const result = ZC_NEXT(setlocale)(category, name);
  if (name != nullptr && !is_built_in(result == nullptr ? name : result)) {
    record_late_answer(ZC_CALLER, "setlocale");
  }
  return result;
}
ZC_INTERPOSE(void*, newlocale, int categories, const char* name, void* base) {
  if (name != nullptr && !is_built_in(name)) {
    record_late_answer(ZC_CALLER, "newlocale");
  }
  return ZC_NEXT(newlocale)(categories, name, base);
}
ZC_BEFORE(char*, bindtextdomain, (const char* domain, const char* directory), (domain, directory),
          record_late_answer, ZC_CALLER, "bindtextdomain")
ZC_BEFORE(void*, catopen, (const char* name, int flag), (name, flag), record_answer, ZC_CALLER,
          "catopen")
ZC_BEFORE(void*, iconv_open, (const char* to, const char* from), (to, from), record_answer,
          ZC_CALLER, "iconv_open")

#define ZC_SERVICE(symbol, parameters, arguments) \
  ZC_BEFORE(void*, symbol, parameters, arguments, record_answer, ZC_CALLER, #symbol)
ZC_SERVICE(getservbyname, (const char* name, const char* protocol), (name, protocol))
ZC_SERVICE(getservbyport, (int port, const char* protocol), (port, protocol))
ZC_SERVICE(getservent, (), ())
ZC_SERVICE(getprotobyname, (const char* name), (name))
ZC_SERVICE(getprotobynumber, (int number), (number))
ZC_SERVICE(getprotoent, (), ())
ZC_SERVICE(getnetbyname, (const char* name), (name))

}  // namespace zc::observer
