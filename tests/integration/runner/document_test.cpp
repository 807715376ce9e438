// SPDX-License-Identifier: GPL-3.0-or-later
// Documents on a real disk: journalled, saved, followed, never lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "runner_client.hpp"
#include "tests/machine_time.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;

DocumentOpen::Params open_params(const std::string& path, std::optional<bool> create = {},
                                 std::optional<Encoding> encoding = {}) {
  return {path, create, encoding, std::nullopt};
}

/// A document as a client keeps it.
struct TestDocument {
  RunnerClient& client;
  DocumentOpen::Result opened;
  std::string text;
  std::uint64_t version;
  int operations = 0;

  TestDocument(RunnerClient& owner, const std::string& path, std::optional<bool> create = {})
      : client(owner),
        opened(owner.must<DocumentOpen>(open_params(path, create))),
        text(opened.text.value_or("")),
        version(opened.version) {}

  std::int64_t units() const { return static_cast<std::int64_t>(utf16_length(text)); }
  Result<DocumentEdit::Result> edit(const TextOperation& operation, const std::string& id) {
    auto answer = client.call<DocumentEdit>({opened.document, version, id, operation});
    if (answer) {
      version = answer->version;
      text = *operation.apply(text);
    }
    return answer;
  }
  void append(const std::string& more) {
    const auto done = edit(TextOperation().retain(units()).insert(more), path_id());
    if (!done) throw std::runtime_error(done.error().message);
  }
  std::string path_id() { return opened.document + "/" + std::to_string(++operations); }
  bool on_disk() {
    return client
        .wait_for<DocumentState>([&](const auto& state) {
          return state.document == opened.document && state.disk_version >= version;
        })
        .has_value();
  }
};

TEST(RunnerDocument, an_edit_reaches_the_file_within_a_second_and_the_other_window_at_once) {
  const RunnerProcess runner;
  runner.write_file("project/main.py", "print('one')\n");
  RunnerClient first(runner), second(runner);
  TestDocument document(first, "project/main.py"), seen(second, "project/main.py");
  EXPECT_EQ(document.opened.document, seen.opened.document);
  const auto took = fastest(1500ms, [&] {
    second.forget_notifications();
    document.append("print('two')\n");
    const auto changed = second.wait_for<DocumentChanged>([](const auto&) { return true; });
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->origin, first.hello().session);
    seen.text = changed->operation.apply(seen.text).value();
    EXPECT_EQ(seen.text, document.text);
    ASSERT_TRUE(document.on_disk());
  });
  EXPECT_LT(took, 1500ms);
  EXPECT_EQ(runner.read_file("project/main.py"), document.text);
}

TEST(RunnerDocument, a_repeated_operation_is_applied_once_and_one_of_an_older_version_is_merged) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  const auto operation = TextOperation().retain(1).insert("y");
  const auto base = document.version;
  const auto first = client.must<DocumentEdit>({document.opened.document, base, "same", operation});
  const auto again = client.must<DocumentEdit>({document.opened.document, base, "same", operation});
  EXPECT_EQ(first.version, again.version);
  const auto other = TextOperation().retain(1).insert("z");
  EXPECT_EQ(client.must<DocumentEdit>({document.opened.document, base, "other", other}).version,
            first.version + 1);
  EXPECT_EQ(TestDocument(client, "a.txt").text, "xyz") << "what was accepted first stands first";
  const auto unknown = client.call<DocumentEdit>({document.opened.document, base - 1, "third", operation});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::stale_base);
}

TEST(RunnerDocument, acknowledged_edits_survive_a_kill) {
  RunnerProcess runner;
  runner.write_file("a.txt", "start\n");
  std::string expected, last_id;
  std::uint64_t last_version = 0;
  {
    RunnerClient client(runner);
    TestDocument document(client, "a.txt");
    for (int i = 0; i < 200; ++i) document.append("line " + std::to_string(i) + "\n");
    expected = document.text;
    last_id = document.opened.document + "/200";
    last_version = document.version;
  }
  runner.crash();
  runner.start();
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  EXPECT_EQ(document.text, expected);
  EXPECT_EQ(runner.read_file("a.txt"), expected);
  // The client did not hear the last answer and asks again.
  const auto again =
      client.must<DocumentEdit>({document.opened.document, 1, last_id, TextOperation().insert("twice")});
  EXPECT_EQ(again.version, last_version);
  EXPECT_EQ(TestDocument(client, "a.txt").text, expected);
}

TEST(RunnerDocument, survives_kills_at_any_moment) {
  RunnerProcess runner;
  runner.write_file("a.txt", "");
  std::string expected;
  for (int round = 0; round < 5; ++round) {
    {
      RunnerClient client(runner);
      TestDocument document(client, "a.txt");
      ASSERT_EQ(document.text, expected) << "round " << round;
      for (int i = 0; i < 30 * round + 1; ++i) document.append(std::to_string(round) + ",");
      expected = document.text;
      // In the middle of a save, or right after one.
      if (round % 2 == 1)
        (void)client.send_request("document/save", {{"document", document.opened.document}});
    }
    runner.crash();
    runner.start();
  }
  RunnerClient client(runner);
  EXPECT_EQ(TestDocument(client, "a.txt").text, expected);
  EXPECT_EQ(std::distance(fs::directory_iterator(runner.home()), {}),
            3);  // project, .bash_profile, a.txt: no copies
}

TEST(RunnerDocument, a_change_on_disk_arrives_as_a_small_operation) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "one\ntwo\nthree\n");
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  runner.write_file("a.txt", "one\n2\nthree\n");
  const auto changed = client.wait_for<DocumentChanged>([](const auto&) { return true; });
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->origin, "disk");
  EXPECT_EQ(changed->operation.apply(document.text), "one\n2\nthree\n");
  EXPECT_LE(changed->operation.runs().size(), 4u);
  // The next edit is on top of it.
  document.version = changed->version;
  document.text = "one\n2\nthree\n";
  document.append("four\n");
  ASSERT_TRUE(document.on_disk());
  EXPECT_EQ(runner.read_file("a.txt"), "one\n2\nthree\nfour\n");
}

TEST(RunnerDocument, when_both_change_a_file_both_changes_are_kept) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "one\n");
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  // An edit is not on disk for a moment; another program writes in it.
  document.append("mine\n");
  runner.write_file("a.txt", "theirs, and quite another size\n");
  EXPECT_TRUE(
      client.wait([&] { return runner.read_file("a.txt") == "theirs, and quite another size\nmine\n"; }));
  const auto changed = client.wait_for<DocumentChanged>([](const auto&) { return true; });
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->origin, "disk");
  EXPECT_EQ(changed->operation.apply(document.text), "theirs, and quite another size\nmine\n");
  ASSERT_TRUE(changed->kept) << "it removed something that is nowhere else";
  EXPECT_EQ(runner.read_file(*changed->kept), "one\nmine\n");
}

TEST(RunnerDocument, keeps_encoding_line_ending_mode_and_link) {
  const RunnerProcess runner;
  runner.write_file("real/dos.txt", "caf\xe9\r\nline\r\n");
  ::chmod((runner.home() / "real/dos.txt").c_str(), 0640);
  fs::create_symlink("real/dos.txt", runner.home() / "link.txt");
  RunnerClient client(runner);
  TestDocument document(client, "link.txt");
  EXPECT_EQ(document.opened.path, "real/dos.txt");
  EXPECT_EQ(document.opened.encoding, Encoding::latin1);
  EXPECT_EQ(document.opened.line_ending, LineEnding::crlf);
  EXPECT_EQ(document.text, "caf\xc3\xa9\nline\n");
  document.append("\xc3\xbc\n");
  ASSERT_TRUE(document.on_disk());
  EXPECT_EQ(runner.read_file("real/dos.txt"), "caf\xe9\r\nline\r\n\xfc\r\n");
  EXPECT_EQ(fs::status(runner.home() / "real/dos.txt").permissions(), fs::perms(0640));
  EXPECT_TRUE(fs::is_symlink(runner.home() / "link.txt"));
}

TEST(RunnerDocument, a_character_that_the_encoding_lacks_is_told_and_converting_helps) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "caf\xe9\n");
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  document.append("\xf0\x9f\x9a\xa2\n");
  const auto state =
      client.wait_for<DocumentState>([](const auto& params) { return params.problem.has_value(); });
  ASSERT_TRUE(state);
  EXPECT_THAT(*state->problem, testing::HasSubstr("UTF-8"));
  EXPECT_EQ(runner.read_file("a.txt"), "caf\xe9\n");
  client.must<DocumentConvert>({document.opened.document, Encoding::utf8, std::nullopt});
  EXPECT_EQ(runner.read_file("a.txt"), "caf\xc3\xa9\n\xf0\x9f\x9a\xa2\n");
}

TEST(RunnerDocument, mixed_line_endings_are_read_only_until_converted) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "one\r\ntwo\n");
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  EXPECT_TRUE(document.opened.read_only);
  EXPECT_EQ(document.opened.reason, ReadOnlyReason::line_ending);
  EXPECT_EQ(document.edit(TextOperation().retain(8).insert("x"), "o").error().code,
            ErrorCode::permission_denied);
  client.must<DocumentConvert>({document.opened.document, std::nullopt, LineEnding::lf});
  EXPECT_EQ(runner.read_file("a.txt"), "one\ntwo\n");
  document.append("three\n");
  ASSERT_TRUE(document.on_disk());
  EXPECT_EQ(runner.read_file("a.txt"), "one\ntwo\nthree\n");
}

TEST(RunnerDocument, refuses_what_is_no_text_and_what_is_not_there) {
  const RunnerProcess runner;
  runner.write_file("image.png", std::string("\x89PNG\r\n\x1a\n\0\0\0", 11));
  RunnerClient client(runner);
  const auto open = [&](const std::string& path) { return client.call<DocumentOpen>(open_params(path)); };
  EXPECT_EQ(open("image.png").error().code, ErrorCode::unsupported);
  EXPECT_EQ(open("nothing.txt").error().code, ErrorCode::not_found);
  EXPECT_EQ(open("project").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(open("../../etc/passwd").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(open("/etc/passwd").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(open("/usr/../etc/passwd").error().code, ErrorCode::permission_denied);
  EXPECT_EQ(open("/proc/self/environ").error().code, ErrorCode::permission_denied);
}

TEST(RunnerDocument, the_systems_headers_open_for_reading) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  const TestDocument document(client, "/usr/include/stdio.h");
  EXPECT_TRUE(document.opened.read_only);
  EXPECT_EQ(document.opened.reason, ReadOnlyReason::outside_home);
  EXPECT_THAT(document.text, testing::HasSubstr("printf"));
}

TEST(RunnerDocument, a_viewer_reads_and_sees_edits_but_makes_none) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient owner(runner), viewer(runner, Role::viewer);
  TestDocument mine(owner, "a.txt"), watched(viewer, "a.txt");
  EXPECT_TRUE(watched.opened.read_only);
  EXPECT_EQ(watched.opened.reason, ReadOnlyReason::role);
  EXPECT_EQ(watched.edit(TextOperation().retain(1).insert("!"), "v").error().code,
            ErrorCode::permission_denied);
  EXPECT_EQ(viewer.call<DocumentOpen>(open_params("new.txt", true)).error().code,
            ErrorCode::permission_denied);
  mine.append("y");
  EXPECT_TRUE(viewer.wait_for<DocumentChanged>([](const auto&) { return true; }));
}

TEST(RunnerDocument, follows_a_file_that_is_moved_and_tells_of_a_deleted_one) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  client.must<FileRename>({"a.txt", "b.txt", std::nullopt});
  EXPECT_TRUE(client.wait_for<DocumentState>([](const auto& state) { return state.path == "b.txt"; }));
  fs::rename(runner.home() / "b.txt", runner.home() / "project/c.txt");  // as mv does in a terminal
  EXPECT_TRUE(
      client.wait_for<DocumentState>([](const auto& state) { return state.path == "project/c.txt"; }));
  document.append("y");
  ASSERT_TRUE(document.on_disk());
  EXPECT_EQ(runner.read_file("project/c.txt"), "xy");
  fs::remove(runner.home() / "project/c.txt");
  EXPECT_TRUE(client.wait_for<DocumentState>([](const auto& state) { return state.deleted; }));
  // Typing on brings it back: the text is the person's.
  client.forget_notifications();
  document.append("z");
  ASSERT_TRUE(document.on_disk());
  EXPECT_EQ(runner.read_file("project/c.txt"), "xyz");
}

TEST(RunnerDocument, saving_brings_a_deleted_file_back) {
  const RunnerProcess runner;
  runner.write_file("project/a.txt", "x\r\ny\r\n");
  RunnerClient client(runner);
  TestDocument document(client, "project/a.txt");
  fs::remove_all(runner.home() / "project");
  ASSERT_TRUE(client.wait_for<DocumentState>([](const auto& state) { return state.deleted; }));
  client.forget_notifications();
  client.must<DocumentSave>({document.opened.document});
  EXPECT_EQ(runner.read_file("project/a.txt"), "x\r\ny\r\n");
  EXPECT_TRUE(client.wait_for<DocumentState>([](const auto& state) { return !state.deleted; }));
}

TEST(RunnerDocument, creates_closes_and_forgets) {
  const RunnerProcess runner;
  RunnerClient client(runner);
  TestDocument document(client, "project/new/deep.txt", true);
  EXPECT_TRUE(fs::exists(runner.home() / "project/new/deep.txt"));
  document.append("text");
  client.must<DocumentClose>({document.opened.document});
  EXPECT_EQ(runner.read_file("project/new/deep.txt"), "text");
  EXPECT_EQ(document.edit(TextOperation().retain(4).insert("!"), "late").error().code, ErrorCode::not_found);
}

TEST(RunnerDocument, the_server_flushes_everything_before_a_stop) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient client(runner), server(runner, Role::server);
  TestDocument document(client, "a.txt");
  document.append("y");
  EXPECT_TRUE(server.must<ControlFlush>({}).problems.empty());
  EXPECT_EQ(runner.read_file("a.txt"), "xy");
}

TEST(RunnerDocument, a_keystroke_in_64_MiB_costs_no_more_than_200_bytes) {
  const RunnerProcess runner;
  std::string line(63, 'x');
  std::string big;
  big.reserve(64u << 20);
  while (big.size() + 64 <= (64u << 20)) big += line + "\n";
  runner.write_file("big.txt", big);
  RunnerClient client(runner);
  client.set_window(4u << 20);
  const auto asked = client.send_request("document/open", {{"path", "big.txt"}});
  const auto answer = client.wait_for_reply(asked, 60s);
  ASSERT_TRUE(answer);
  const auto opened = *decode<DocumentOpen::Result>(*answer, "document/open");
  ASSERT_TRUE(opened.channel);
  ASSERT_FALSE(opened.read_only);
  ASSERT_TRUE(client.wait([&] { return client.channel(*opened.channel).ended; }, 60s));
  EXPECT_TRUE(client.channel(*opened.channel).bytes == big);
  const auto middle = static_cast<std::int64_t>(big.size() / 2);
  const auto before = client.sent_bytes();
  client.must<DocumentEdit>(
      {opened.document, opened.version, "12345678-1",
       TextOperation().retain(middle).insert("k").retain(static_cast<std::int64_t>(big.size()) - middle)});
  EXPECT_LE(client.sent_bytes() - before, 200u);
}

TEST(RunnerDocument, a_resumed_session_goes_on_with_its_documents) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient client(runner);
  TestDocument document(client, "a.txt");
  const auto session = client.hello().session;
  client.drop();
  RunnerClient again(runner, Role::owner, session);
  ASSERT_TRUE(again.hello().resumed);
  EXPECT_TRUE(again.wait_for<DocumentState>(
      [&](const auto& state) { return state.document == document.opened.document; }));
  again.must<DocumentEdit>(
      {document.opened.document, document.version, "after", TextOperation().retain(1).insert("y")});
  again.must<DocumentSave>({document.opened.document});
  EXPECT_EQ(runner.read_file("a.txt"), "xy");
}

}  // namespace
}  // namespace berth::test
