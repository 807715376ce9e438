// SPDX-License-Identifier: GPL-3.0-or-later
// A window comes back to a document that nobody has open any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;
using std::chrono::steady_clock;

/// A window has typed into a.txt, and everybody has closed it since.
struct ForgottenDocument : testing::Test {
  void SetUp() override { type_and_close("a.txt"); }
  void type_and_close(const std::string& name) {
    path = name;
    runner.write_file(path, "text\n");
    opened = client.must<DocumentOpen>({path, {}, {}, {}, {}, {}, {}});
    version = client
                  .must<DocumentEdit>(
                      {opened.document, opened.version, "ann-1", TextOperation().insert("my ").retain(5)})
                  .version;
    client.must<DocumentClose>({opened.document});
    ASSERT_EQ(runner.read_file(path), "my text\n");
  }
  /// That happens a moment after everybody closed it.
  bool is_forgotten() {
    return client.wait([this] {
      const auto now = client.must<DocumentOpen>({path, {}, {}, {}, {}, {}, {}});
      client.must<DocumentClose>({now.document});
      return now.document != opened.document;
    });
  }
  DocumentOpen::Params as_known(bool create = false) const {
    return {path, create, {}, {}, opened.document, opened.version, "ann-1"};
  }
  /// Until it is forgotten it is told where it is.
  bool comes_back(const std::function<bool()>& as_wanted, bool create = false) {
    return client.wait([&] {
      again = client.call<DocumentOpen>(as_known(create));
      if (as_wanted()) return true;
      if (again) (void)client.call<DocumentClose>({again->document});
      return false;
    });
  }
  bool comes_back_to(const std::string& place) {
    return comes_back([&] { return again && again->path == place && again->document != opened.document; });
  }
  std::string told() const {
    if (!again) return again.error().message;
    return again->document + " " + again->path + ": " + again->text.value_or("(what it has and changes)");
  }
  bool is_gone() const { return !again && again.error().code == ErrorCode::not_found; }
  void move_to(const std::string& place) const {
    std::filesystem::create_directories((runner.home() / place).parent_path());
    std::filesystem::rename(runner.home() / path, runner.home() / place);
  }
  RunnerProcess runner;
  RunnerClient client{runner};
  std::string path;
  DocumentOpen::Result opened;
  Result<DocumentOpen::Result> again;
  std::uint64_t version = 0;
};

TEST_F(ForgottenDocument, is_found_where_it_was_moved) {
  move_to("deep/er/b.txt");
  const auto whole_text_there = [this] { return again && again->path == "deep/er/b.txt" && again->text; };
  ASSERT_TRUE(comes_back(whole_text_there, true));
  EXPECT_EQ(again->text, "my text\n");
  EXPECT_EQ(again->operation_version, version) << "it would be typed again";
  EXPECT_GT(again->version, version);
  EXPECT_FALSE(std::filesystem::exists(runner.home() / "a.txt"));
}

TEST_F(ForgottenDocument, is_the_file_at_its_path_where_there_is_one) {
  ASSERT_TRUE(is_forgotten()) << "of an open one both texts would stay";
  // As an editor saves that keeps what was there.
  move_to("a.txt~");
  runner.write_file("a.txt", "saved again\n");
  ASSERT_TRUE(comes_back([this] { return again && again->text == "saved again\n"; })) << told();
  EXPECT_EQ(again->path, "a.txt");
}

TEST_F(ForgottenDocument, that_was_deleted_or_thrown_away_is_gone) {
  const auto gone = [this] { return is_gone(); };
  move_to(".local/share/Trash/files/a.txt");
  EXPECT_TRUE(comes_back(gone));
  std::filesystem::remove_all(runner.home() / ".local");
  EXPECT_TRUE(comes_back(gone));
  EXPECT_TRUE(comes_back([this] { return again && again->text == ""; }, true));
}

TEST_F(ForgottenDocument, that_was_moved_while_others_had_it_is_found_by_its_older_path) {
  opened = client.must<DocumentOpen>({path, {}, {}, {}, {}, {}, {}});
  RunnerClient other(runner);
  other.must<DocumentOpen>({path, {}, {}, {}, {}, {}, {}});
  client.must<DocumentClose>({opened.document});
  other.must<FileRename>({path, "b.txt", {}});
  other.must<DocumentClose>({opened.document});
  ASSERT_TRUE(comes_back_to("b.txt"));
  EXPECT_EQ(again->text, "my text\n");
  EXPECT_EQ(again->operation_version, version);
}

// As an editor saves that moves the old file aside before it writes.
TEST_F(ForgottenDocument, is_the_file_that_comes_to_its_path_a_moment_later) {
  for (int attempt = 0;; ++attempt) {
    ASSERT_LT(attempt, 20) << "too slow to tell";
    type_and_close("n" + std::to_string(attempt) + ".txt");
    ASSERT_TRUE(is_forgotten());
    runner.write_file("new", "saved again\n");
    const auto begun = steady_clock::now();
    move_to(path + "~");
    const auto asked = client.send_request(DocumentOpen::method, encode(as_known()));
    (void)client.wait([] { return false; }, 20ms);
    std::filesystem::rename(runner.home() / "new", runner.home() / path);
    const bool in_time = steady_clock::now() - begun < 120ms;
    const auto reply = client.wait_for_reply(asked);
    if (!in_time) continue;
    ASSERT_TRUE(reply) << reply.error().message;
    const auto found = decode<DocumentOpen::Result>(*reply, "document/open");
    EXPECT_EQ(found->path, path);
    EXPECT_EQ(found->text, "saved again\n");
    EXPECT_EQ(found->operation_version, version) << "what is known of its edits went away with the old file";
    return;
  }
}

// A file with a second name goes on when one is deleted; the kernel tells its place with an addition then.
TEST_F(ForgottenDocument, is_no_other_file_that_is_found_in_its_stead) {
  ASSERT_TRUE(is_forgotten());
  std::filesystem::create_hard_link(runner.home() / path, runner.home() / "second name");
  std::filesystem::remove(runner.home() / path);
  runner.write_file(path + " (deleted)", "another one\n");
  EXPECT_TRUE(comes_back([this] { return is_gone(); }));
}

TEST_F(ForgottenDocument, leaves_the_edits_of_a_later_file_at_its_old_path) {
  ASSERT_TRUE(is_forgotten());
  move_to("b.txt");
  auto other = std::make_unique<RunnerClient>(runner);
  const auto later = other->must<DocumentOpen>({path, true, {}, {}, {}, {}, {}});
  ASSERT_EQ(later.text, "");
  const auto later_version =
      other->must<DocumentEdit>({later.document, later.version, "bea-1", TextOperation().insert("hers")})
          .version;
  other->must<DocumentClose>({later.document});
  std::filesystem::remove(runner.home() / path);
  ASSERT_TRUE(comes_back_to("b.txt"));
  EXPECT_EQ(again->operation_version, version);
  runner.write_file(path, "hers");
  for (const bool killed : {false, true}) {
    SCOPED_TRACE(killed ? "killed" : "alive");
    if (killed) {
      runner.crash();
      runner.start();
      other = std::make_unique<RunnerClient>(runner);
    }
    EXPECT_EQ(other->must<DocumentOpen>({path, {}, {}, {}, {}, {}, "bea-1"}).operation_version,
              later_version);
    EXPECT_EQ(other->must<DocumentOpen>({"b.txt", {}, {}, {}, {}, {}, "ann-1"}).operation_version, version);
  }
}

TEST_F(ForgottenDocument, is_refused_as_long_as_the_journal_can_not_take_where_it_is) {
  ASSERT_TRUE(is_forgotten());
  move_to("b.txt");
  runner.limit_file_size(1);  // as a full disk, for every file
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(comes_back([this] { return !again; }, true));
    EXPECT_THAT(again.error().message, testing::HasSubstr("could not be stored"));
  }
  runner.limit_file_size(RLIM_INFINITY);
  ASSERT_TRUE(comes_back_to("b.txt"));
  EXPECT_EQ(again->operation_version, version);
  runner.crash();
  runner.start();
  RunnerClient other(runner);
  EXPECT_EQ(other.must<DocumentOpen>({"b.txt", {}, {}, {}, {}, {}, "ann-1"}).operation_version, version);
}

TEST_F(ForgottenDocument, is_let_go_while_its_file_is_large) {
  ASSERT_TRUE(is_forgotten());
  move_to("b.txt");
  const auto file = runner.home() / "b.txt";
  const auto size = std::filesystem::file_size(file);
  ASSERT_TRUE(client.wait([&] {
    // Nothing tells that it is, but that it is not found when the file is small again. More than half of the
    // time that it may take.
    std::filesystem::resize_file(file, (1u << 20) + 1);
    (void)client.wait([] { return false; }, 2600ms);
    std::filesystem::resize_file(file, size);
    again = client.call<DocumentOpen>(as_known());
    if (again) client.must<DocumentClose>({again->document});
    return !again;
  }));
  EXPECT_TRUE(is_gone());
}

}  // namespace
}  // namespace berth::test
