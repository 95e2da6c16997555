#include "wire/message.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/limits.h"

namespace zc::wire {
namespace {

// The payload of an encoded frame, after a check of its header.
std::string payload_of(const Result<std::string>& frame, Type type) {
  EXPECT_TRUE(frame.has_value());
  const Result<Header> header = decode_header(ByteView(*frame).substr(0, kHeaderBytes));
  EXPECT_TRUE(header.has_value());
  EXPECT_EQ(header->type, type);
  EXPECT_EQ(header->payload_bytes, frame->size() - kHeaderBytes);
  return frame->substr(kHeaderBytes);
}

TEST(Message, CompileRequestRoundTrip) {
  const CompileRequest request = {
      .version = "1.2.3",
      .tool = "/usr/bin/g++",
      .cwd = "/w\xFF",
      .args = {"g++", "-c", "", "a b.cc"},
      .env = {"LANG=C", "CPATH="},
      .root_id = {1, 2},
      .cwd_id = {3, UINT64_MAX},
      .world = {.root_mount = 5, .pid_namespace = 7, .user_namespace = 8, .personality = 9},
      .tight_limit = "RLIMIT_AS",
      .limits_files = true,
      .start_ns = 5,
      .has_no_stdin = true,
      .has_terminal = true,
      .terminal = "80 100",
      .takes_failures = true,
      .is_declared = true,
      .options = {"--no-cache", ""},
      .input_list = "a\nb",
      .umask = 022,
      .inherited = "limits",
      .has_empty_stdin = true,
      .stdin_path = "/in",
      .stdin_id = {5, 6},
      .has_piped_input = true,
      .piped_input = "int a;",
      .has_open_descriptors = true,
      .open_descriptor = "descriptor 3 (/in)"};
  const std::string payload = payload_of(encode(request), Type::kCompile);
  const auto back = decode_compile(payload);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->version, request.version);
  EXPECT_EQ(back->tool, request.tool);
  EXPECT_EQ(back->cwd, request.cwd);
  EXPECT_EQ(back->args, request.args);
  EXPECT_EQ(back->env, request.env);
  EXPECT_EQ(back->root_id, request.root_id);
  EXPECT_EQ(back->cwd_id, request.cwd_id);
  EXPECT_EQ(os::difference_of(back->world, request.world), "");
  EXPECT_EQ(back->tight_limit, "RLIMIT_AS");
  EXPECT_TRUE(back->limits_files);
  EXPECT_EQ(back->start_ns, 5U);
  EXPECT_TRUE(back->has_no_stdin);
  EXPECT_TRUE(back->has_terminal);
  EXPECT_EQ(back->terminal, "80 100");
  EXPECT_TRUE(back->takes_failures);
  EXPECT_TRUE(back->is_declared);
  EXPECT_EQ(back->options, request.options);
  EXPECT_EQ(back->input_list, "a\nb");
  EXPECT_EQ(back->umask, 022U);
  EXPECT_EQ(back->inherited, "limits");
  EXPECT_TRUE(back->has_empty_stdin);
  EXPECT_EQ(back->stdin_path, "/in");
  EXPECT_EQ(back->stdin_id, request.stdin_id);
  EXPECT_TRUE(back->has_piped_input);
  EXPECT_EQ(back->piped_input, "int a;");
  EXPECT_TRUE(back->has_open_descriptors);
  EXPECT_EQ(back->open_descriptor, "descriptor 3 (/in)");
}

TEST(Message, HitRoundTrip) {
  Hit hit;
  hit.out = "out";
  hit.err = "err";
  hit.exit_code = 1;
  hit.removed = {"old.o", "old.d"};
  hit.files.push_back(
      {.path = "a.o", .executable = true, .has_fd = true, .size_bytes = 9, .bytes = {}});
  hit.cleared = {"new"};
  hit.wants_stamps = true;
  hit.files.push_back({.path = "a.d",
                       .old_file = OldFile::kRewritten,
                       .size_bytes = 2,
                       .bytes = "xy",
                       .kind = FileKind::kSymlink,
                       .mode = 0640});
  const std::string payload = payload_of(encode(hit, "1"), Type::kHit);
  const auto back = decode_hit(payload);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->out, "out");
  EXPECT_EQ(back->err, "err");
  EXPECT_EQ(back->exit_code, 1);
  EXPECT_EQ(back->removed, hit.removed);
  ASSERT_EQ(back->files.size(), 2U);
  EXPECT_EQ(back->files[0].path, "a.o");
  EXPECT_TRUE(back->files[0].executable);
  EXPECT_TRUE(back->files[0].has_fd);
  EXPECT_EQ(back->files[0].old_file, OldFile::kReplaced);
  EXPECT_EQ(back->files[0].size_bytes, 9U);
  EXPECT_EQ(back->files[1].bytes, "xy");
  EXPECT_EQ(back->files[1].old_file, OldFile::kRewritten);
  EXPECT_EQ(back->cleared, hit.cleared);
  EXPECT_TRUE(back->wants_stamps);
  EXPECT_EQ(back->files[0].kind, FileKind::kPlain);
  EXPECT_EQ(back->files[0].mode, 0U);
  EXPECT_EQ(back->files[1].kind, FileKind::kSymlink);
  EXPECT_EQ(back->files[1].mode, 0640U);
  EXPECT_EQ(decode_plain(payload)->version, "1");
}

TEST(Message, DeliveredRoundTrip) {
  const Delivered delivered = {.files = {{.index = 2,
                                          .dev = 3,
                                          .ino = 4,
                                          .size_bytes = 5,
                                          .mtime_ns = 6,
                                          .ctime_ns = ~std::uint64_t{0}},
                                         {.index = 1}}};
  const auto back = decode_delivered(payload_of(encode(delivered), Type::kDelivered));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->files, delivered.files);
  EXPECT_TRUE(decode_delivered("")->files.empty());
}

TEST(Message, AStampOfAnotherLengthIsRefused) {
  for (const std::size_t bytes : {0U, 8U, 47U, 49U, 96U}) {
    FieldWriter out(Type::kDelivered);
    out.field(111, std::string(bytes, 'x'));
    EXPECT_FALSE(decode_delivered(payload_of(out.finish(), Type::kDelivered)).has_value());
  }
}

TEST(Message, RunAndDoneRoundTrip) {
  wire::RunOrder run;
  run.inject = {"-MT", "x"};
  run.inject_at = 1;
  run.private_depfile = true;
  run.observe = true;
  run.verifies = true;
  run.outputs = {"a.o", "a.d"};
  run.cleared = {"/w/f", "/w"};
  const std::string run_payload = payload_of(encode(run, "1"), Type::kRunOrder);
  const auto run_back = decode_run_order(run_payload);
  ASSERT_TRUE(run_back.has_value());
  EXPECT_EQ(run_back->inject, run.inject);
  EXPECT_EQ(run_back->inject_at, 1U);
  EXPECT_TRUE(run_back->private_depfile);
  EXPECT_TRUE(run_back->observe);
  EXPECT_TRUE(run_back->verifies);
  EXPECT_EQ(run_back->outputs, run.outputs);
  EXPECT_EQ(run_back->cleared, run.cleared);

  RunReport done;
  done.exit_code = 0;
  done.duration_ns = 77;
  done.present = {true, false, true};
  done.out = "o";
  done.err = "e";
  const std::string done_payload = payload_of(encode(done), Type::kRunReport);
  const auto done_back = decode_run_report(done_payload);
  ASSERT_TRUE(done_back.has_value());
  EXPECT_EQ(done_back->exit_code, 0);
  EXPECT_FALSE(done_back->signalled);
  EXPECT_EQ(done_back->duration_ns, 77U);
  EXPECT_EQ(done_back->present, done.present);
}

TEST(Message, UnknownFieldsAreSkipped) {
  FieldWriter out(Type::kBypass);
  out.field(9999, "from the future");
  out.field(90, "no_input_file");
  const std::string payload = payload_of(out.finish(), Type::kBypass);
  EXPECT_EQ(decode_bypass(payload)->reason, "no_input_file");
}

TEST(Message, EveryCutOfAPayloadIsRefusedOrDecodes) {
  CompileRequest request;
  request.tool = "t";
  request.cwd = "/";
  request.args = {"t", "-c"};
  const std::string payload = payload_of(encode(request), Type::kCompile);
  for (std::size_t cut = 0; cut < payload.size(); ++cut) {
    const auto back = decode_compile(ByteView(payload).substr(0, cut));
    if (back) {
      EXPECT_LE(back->args.size(), 2U);
    }
  }
}

TEST(Message, ARequestWithoutItsPartsIsRefused) {
  FieldWriter out(Type::kCompile);
  out.field(10, "tool");
  const std::string payload = payload_of(out.finish(), Type::kCompile);
  EXPECT_FALSE(decode_compile(payload).has_value());
}

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    ours_ = os::Fd(fds[0]);
    theirs_ = os::Fd(fds[1]);
  }
  void write_raw(std::string_view bytes) {
    EXPECT_EQ(::write(ours_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  os::Fd ours_;
  os::Fd theirs_;
};

TEST_F(ChannelTest, CarriesDescriptors) {
  int pipe_fds[2];
  ASSERT_EQ(::pipe2(pipe_fds, O_CLOEXEC), 0);
  const os::Fd read_end(pipe_fds[0]);
  const os::Fd write_end(pipe_fds[1]);
  Connection sender(std::move(ours_));
  Connection receiver(std::move(theirs_));
  const std::vector<int> fds = {write_end.get()};
  ASSERT_TRUE(sender.send(*encode_text(Type::kStatusReply, "1", "text"), fds).has_value());
  const Result<Frame> frame = receiver.receive(1000);
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(decode_plain(frame->payload)->text, "text");
  ASSERT_EQ(frame->fds.size(), 1U);
  EXPECT_EQ(::write(frame->fds[0].get(), "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(::read(read_end.get(), &byte, 1), 1);
}

TEST_F(ChannelTest, ReceivesAFrameThatComesInPieces) {
  const std::string frame = *encode_text(Type::kStatusReply, "1", std::string(100'000, 'x'));
  write_raw(std::string_view(frame).substr(0, 5));
  write_raw(std::string_view(frame).substr(5, 70'000));
  write_raw(std::string_view(frame).substr(70'005));
  Connection receiver(std::move(theirs_));
  const Result<Frame> got = receiver.receive(1000);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(decode_plain(got->payload)->text.size(), 100'000U);
}

TEST_F(ChannelTest, TellsFramesApartThatComeTogether) {
  int pipe_fds[2];
  ASSERT_EQ(::pipe2(pipe_fds, O_CLOEXEC), 0);
  const os::Fd read_end(pipe_fds[0]);
  const os::Fd write_end(pipe_fds[1]);
  Connection sender(std::move(ours_));
  Connection receiver(std::move(theirs_));
  ASSERT_TRUE(sender.send(*encode_plain(Type::kWait, "1")).has_value());
  ASSERT_TRUE(sender.send(*encode_plain(Type::kWait, "2")).has_value());
  const std::vector<int> fds = {write_end.get()};
  ASSERT_TRUE(sender.send(*encode_text(Type::kStatusReply, "3", "last"), fds).has_value());
  for (const char* version : {"1", "2"}) {
    const Result<Frame> frame = receiver.receive(1000);
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->type, Type::kWait);
    EXPECT_EQ(decode_plain(frame->payload)->version, version);
    EXPECT_TRUE(frame->fds.empty());
  }
  const Result<Frame> last = receiver.receive(1000);
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(decode_plain(last->payload)->text, "last");
  EXPECT_EQ(last->fds.size(), 1U);
}

TEST_F(ChannelTest, RefusesNoiseAndGiants) {
  {
    Connection receiver(std::move(theirs_));
    write_raw("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(receiver.receive(1000).error().code, Code::kCorrupt);
  }
  FieldWriter out(Type::kCompile);
  out.field(1, std::string(limits::kFrameBytesMax, 'x'));
  EXPECT_EQ(out.finish().error().code, Code::kInvalid);
}

TEST_F(ChannelTest, RefusesALengthAboveTheLimitBeforeAllocating) {
  Connection receiver(std::move(theirs_));
  write_raw(std::string_view("zcc1\x15\0\0\0\xFF\xFF\xFF\xFF", 12));
  EXPECT_EQ(receiver.receive(1000).error().code, Code::kCorrupt);
}

TEST_F(ChannelTest, TellsSilenceFromTheEnd) {
  Connection receiver(std::move(theirs_));
  EXPECT_EQ(receiver.receive(1).error().code, Code::kTimeout);
  write_raw("zcc1");
  ours_.reset();
  EXPECT_EQ(receiver.receive(1000).error().code, Code::kUnavailable);
}

TEST_F(ChannelTest, AFrameThatComesInDripsHasALimit) {
  Connection receiver(std::move(theirs_));
  write_raw(std::string_view("zcc1\x01\0\0\0\x10\0\0\0x", 13));
  EXPECT_EQ(receiver.receive(1000, 20).error().code, Code::kTimeout);
}

TEST(Message, SessionStartRoundTrip) {
  const SessionStart start = {.version = "1",
                              .cwd = "/w",
                              .wants_stats = true,
                              .wants_profile = true,
                              .has_log = true,
                              .has_journal = true,
                              .is_private = true,
                              .owners = {7, UINT64_MAX}};
  const std::string payload = payload_of(encode(start), Type::kSessionStart);
  const auto back = decode_session_start(payload);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->version, "1");
  EXPECT_EQ(back->cwd, "/w");
  EXPECT_TRUE(back->wants_stats && back->wants_profile && back->has_log && back->has_journal &&
              back->is_private);
  EXPECT_EQ(back->owners, start.owners);
  EXPECT_FALSE(
      decode_session_start(payload_of(encode(SessionStart{.cwd = "w"}), Type::kSessionStart)));
  EXPECT_FALSE(decode_session_start(""));
  EXPECT_FALSE(decode_session_start(payload.substr(0, payload.size() - 1)));
}

TEST_F(ChannelTest, APeerThatDoesNotReadKeepsNobody) {
  const std::string large = *encode_text(Type::kError, "1", std::string(4 << 20, 'x'));
  for (const int timeout_ms : {0, 1, 50}) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const os::Fd peer(ends[1]);
    Connection sender{os::Fd(ends[0])};
    EXPECT_EQ(sender.send(large, {}, timeout_ms).error().code, Code::kTimeout);
  }
}

TEST_F(ChannelTest, WaitsForTheFirstByteAlone) {
  Connection receiver(std::move(theirs_));
  EXPECT_FALSE(receiver.wait(1));
  Connection sender(std::move(ours_));
  ASSERT_TRUE(sender.send(*encode_plain(Type::kWait, "1")));
  ASSERT_TRUE(sender.send(*encode_plain(Type::kWait, "2")));
  EXPECT_TRUE(receiver.wait(1000));
  EXPECT_TRUE(receiver.receive(0));
  // The second one came with the first.
  EXPECT_TRUE(receiver.wait(0));
  EXPECT_TRUE(receiver.receive(0));
  EXPECT_FALSE(receiver.wait(1));
}

}  // namespace
}  // namespace zc::wire
