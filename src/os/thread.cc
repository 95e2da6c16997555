#include "os/thread.h"

#include <pthread.h>
#include <signal.h>

#include <memory>

namespace zc::os {

namespace {

// Where the handler of a signal runs when the thread's own stack is full. It costs address space
// until it is used.
class SignalStack {
 public:
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  // Sanitizers have a stack of their own there.
#else
  SignalStack() : bytes_(std::make_unique_for_overwrite<char[]>(kBytes)) {
    const stack_t stack = {.ss_sp = bytes_.get(), .ss_flags = 0, .ss_size = kBytes};
    ::sigaltstack(&stack, nullptr);
  }
  SignalStack(const SignalStack&) = delete;
  SignalStack& operator=(const SignalStack&) = delete;
  ~SignalStack() {
    const stack_t none = {.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
    ::sigaltstack(&none, nullptr);
  }

 private:
  // Enough for a crash dump and for the registers that the kernel saves (some kilobytes with
  // AVX-512).
  static constexpr std::size_t kBytes = std::size_t{32} << 10;

  std::unique_ptr<char[]> bytes_;
#endif
};

void* run(void* argument) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(argument));
  [[maybe_unused]] const SignalStack signal_stack{};
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
