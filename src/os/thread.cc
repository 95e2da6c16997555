#include "os/thread.h"

#include <pthread.h>

#include <memory>

namespace zc::os {

namespace {

void* run(void* argument) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(argument));
  (*body)();
  return nullptr;
}

}  // namespace

Result<> start_thread(std::size_t stack_bytes, std::function<void()> body) {
  auto argument = std::make_unique<std::function<void()>>(std::move(body));
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, stack_bytes);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const int err = ::pthread_create(&thread, &attributes, run, argument.get());
  ::pthread_attr_destroy(&attributes);
  if (err != 0) {
    return fail(Code::kUnavailable, "cannot start a thread", err);
  }
  (void)argument.release();  // The thread owns it now.
  return {};
}

}  // namespace zc::os
