// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sees after their runner died, where its next start can't simply write what they typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "runner_client.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;
using testing::HasSubstr;

struct RunnerRecovery : testing::Test {
  /// Appends to a file that is there, and dies at this point of saving it.
  static void type_and_die(RunnerProcess& runner, const std::string& path, const std::string& more,
                           const std::string& point) {
    runner.stop();
    runner.die_at(point);
    runner.start();
    RunnerClient client(runner);
    const auto opened = client.must<DocumentOpen>({.path = path});
    const auto units = static_cast<std::int64_t>(utf16_length(*opened.text));
    client.must<DocumentEdit>(
        {opened.document, opened.version, "ann-1", TextOperation().retain(units).insert(more)});
    ASSERT_TRUE(client.wait([&] { return client.closed(); }));
    ASSERT_EQ(runner.wait_for_death(), 137);
  }
  /// Of the one file with such a name in the folder, relative to the home; "" where there is none.
  static std::string recovered_in(const RunnerProcess& runner, const std::string& folder) {
    std::string found;
    for (const auto& entry : fs::directory_iterator(runner.home() / folder)) {
      const auto name = entry.path().filename().string();
      if (!name.contains("(recovered edits ")) continue;
      EXPECT_EQ(found, "") << "two of them";
      found = fs::relative(entry.path(), runner.home());
    }
    return found;
  }
};

TEST_F(RunnerRecovery, what_can_not_be_written_to_its_file_lies_beside_it_and_is_told) {
  ASSERT_EQ(::getuid(), 0u) << "this test makes another user's files: run it as root";
  RunnerProcess runner({.runner_uid = 70002, .person_uid = 70002});
  runner.write_file("project/a.txt", "one\n");
  ASSERT_NO_FATAL_FAILURE(type_and_die(runner, "project/a.txt", "two\n", "save.written"));
  ASSERT_EQ(::chown((runner.home() / "project/a.txt").c_str(), 0, 0), 0);
  ASSERT_EQ(::chmod((runner.home() / "project/a.txt").c_str(), 0644), 0);
  runner.start();
  RunnerClient client(runner);
  const auto notice = client.wait_for<SessionNotice>(
      [](const auto& params) { return params.text.contains("project/a.txt"); });
  ASSERT_TRUE(notice);
  const auto copy = recovered_in(runner, "project");
  EXPECT_THAT(notice->text, HasSubstr(copy));
  EXPECT_EQ(runner.read_file(copy), "one\ntwo\n");
  EXPECT_EQ(runner.read_file("project/a.txt"), "one\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(runner.home() / "project"), {}), 2) << "and no other copy";

  const auto opened = client.must<DocumentOpen>({.path = "project/a.txt"});
  EXPECT_EQ(opened.reason, ReadOnlyReason::permission);
  const auto state = client.wait_for<DocumentState>(
      [&](const auto& params) { return params.document == opened.document && params.problem; });
  ASSERT_TRUE(state);
  EXPECT_THAT(*state->problem, HasSubstr(copy));

  // The same person's next window is not told again; the file says it as long as nobody has written it.
  RunnerClient again(runner);
  again.must<DocumentOpen>({.path = "project/a.txt"});
  ASSERT_TRUE(again.wait_for<DocumentState>([](const auto& params) { return params.problem.has_value(); }));
  again.each<SessionNotice>(
      [](const auto& params) { EXPECT_THAT(params.text, testing::Not(HasSubstr("a.txt"))); });
  client.forget_notifications();
  client.must<DocumentSave>({opened.document});
  EXPECT_TRUE(client.wait_for<DocumentState>([](const auto& params) { return !params.problem; }));
}

TEST_F(RunnerRecovery, what_was_typed_in_a_folder_that_is_gone_lies_in_the_one_above) {
  RunnerProcess runner;
  runner.write_file("project/deep/a.txt", "one\n");
  ASSERT_NO_FATAL_FAILURE(type_and_die(runner, "project/deep/a.txt", "two\n", "save.written"));
  fs::remove_all(runner.home() / "project/deep");
  runner.write_file("project/deep", "a file by now");
  runner.start();
  RunnerClient client(runner);
  const auto notice = client.wait_for<SessionNotice>(
      [](const auto& params) { return params.text.contains("project/deep/a.txt"); });
  ASSERT_TRUE(notice);
  const auto copy = recovered_in(runner, "project");
  EXPECT_THAT(notice->text, HasSubstr(copy));
  EXPECT_EQ(runner.read_file(copy), "one\ntwo\n");
  EXPECT_EQ(runner.read_file("project/deep"), "a file by now");
}

TEST_F(RunnerRecovery, who_comes_first_is_told_however_often_the_runner_died_before) {
  RunnerProcess runner;
  runner.write_file("project/deep/a.txt", "one\n");
  ASSERT_NO_FATAL_FAILURE(type_and_die(runner, "project/deep/a.txt", "two\n", "save.written"));
  fs::remove_all(runner.home() / "project/deep");
  runner.write_file("project/deep", "a file by now");
  const auto journal = runner.home().parent_path() / "state/documents.journal";
  const auto journal_holds = [&](const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < until) {
      std::ifstream file(journal);
      if (std::string(std::istreambuf_iterator<char>(file), {}).contains(text)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  };
  for (int i = 0; i < 2; ++i) {
    runner.start();
    ASSERT_TRUE(journal_holds(R"("document":"rescued project/deep/a.txt","kind":"rescued","path")"));
    runner.crash();
  }
  runner.start();
  {
    RunnerClient client(runner);
    ASSERT_TRUE(client.wait_for<SessionNotice>(
        [](const auto& params) { return params.text.contains("project/deep/a.txt"); }));
  }
  ASSERT_TRUE(journal_holds(R"("document":"rescued project/deep/a.txt","kind":"rescued","version":1)"));
  runner.crash();
  runner.start();
  RunnerClient client(runner);
  client.must<FileList>({.path = "project"});
  client.each<SessionNotice>(
      [](const auto& params) { EXPECT_THAT(params.text, testing::Not(HasSubstr("a.txt"))); });
  EXPECT_NE(recovered_in(runner, "project"), "");
}

TEST_F(RunnerRecovery, of_many_files_each_one_is_told_where_its_text_is) {
  RunnerProcess runner;
  constexpr int files = 6;
  {
    RunnerClient client(runner);
    for (int i = 0; i < files; ++i) {
      const auto path = "project/deep/" + std::to_string(i) + ".txt";
      runner.write_file(path, "caf\xe9\n");  // Latin-1, so that this can't be saved
      const auto opened = client.must<DocumentOpen>({.path = path});
      client.must<DocumentEdit>(
          {opened.document, opened.version, "ann-1", TextOperation().retain(5).insert("\xe6\xbc\xa2")});
    }
  }
  runner.crash();
  fs::remove_all(runner.home() / "project/deep");
  runner.write_file("project/deep", "a file by now");
  runner.start();
  RunnerClient client(runner);
  const auto notice = client.wait_for<SessionNotice>(
      [](const auto& params) { return params.text.contains("project/deep/0.txt"); });
  ASSERT_TRUE(notice);
  int copies = 0;
  for (const auto& entry : fs::directory_iterator(runner.home() / "project")) {
    const auto name = entry.path().filename().string();
    if (!name.contains("(recovered edits ")) continue;
    ++copies;
    EXPECT_THAT(notice->text, HasSubstr("project/" + name));
  }
  EXPECT_EQ(copies, files);
  EXPECT_THAT(notice->text, HasSubstr("The same holds for 3 more; what was typed in them is in project/3"));
}

TEST_F(RunnerRecovery, a_problem_of_a_file_is_told_to_who_opens_it_later) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "caf\xe9\n");
  RunnerClient one(runner), two(runner);
  const auto opened = one.must<DocumentOpen>({.path = "a.txt"});
  one.must<DocumentEdit>(
      {opened.document, opened.version, "ann-1", TextOperation().insert("\xe6\xbc\xa2").retain(5)});
  const auto has_problem = [](const DocumentState::Params& params) { return params.problem.has_value(); };
  ASSERT_TRUE(one.wait_for<DocumentState>(has_problem));
  two.must<DocumentOpen>({.path = "a.txt"});
  EXPECT_TRUE(two.wait_for<DocumentState>(has_problem));
}

TEST_F(RunnerRecovery, a_death_between_converting_and_writing_reads_the_file_as_it_is) {
  for (const auto* point : {"save.written", "save.recorded", "save.placed"}) {
    SCOPED_TRACE(point);
    RunnerProcess runner;
    runner.write_file("a.txt", "caf\xe9\n");
    runner.stop();
    runner.die_at(point);
    runner.start();
    {
      RunnerClient client(runner);
      const auto opened = client.must<DocumentOpen>({.path = "a.txt", .encoding = Encoding::latin1});
      client.send_request(DocumentEdit::method,
                          encode(DocumentEdit::Params{opened.document, opened.version, "ann-1",
                                                      TextOperation().retain(5).insert("\xc3\xa8")}));
      client.send_request(DocumentConvert::method,
                          encode(DocumentConvert::Params{opened.document, Encoding::utf8, LineEnding::crlf}));
      ASSERT_TRUE(client.wait([&] { return client.closed(); }));
      ASSERT_EQ(runner.wait_for_death(), 137);
    }
    runner.start();
    RunnerClient client(runner);
    const auto opened = client.must<DocumentOpen>({.path = "a.txt"});
    EXPECT_EQ(opened.text, "caf\xc3\xa9\n\xc3\xa8");
    EXPECT_EQ(runner.read_file("a.txt"), "caf\xc3\xa9\r\n\xc3\xa8");
  }
}

// What another program made of the file is what it is recovered as.
TEST_F(RunnerRecovery, a_file_that_another_program_wrote_in_another_format_keeps_that) {
  const struct {
    const char *again, *recovered;
  } formats[] = {{"one\r\ntwo\r\n", "one\r\ntwo\r\nthree\r\n"},
                 {"\xef\xbb\xbfone\ntwo\n", "\xef\xbb\xbfone\ntwo\nthree\n"}};
  for (const auto& format : formats) {
    SCOPED_TRACE(format.recovered);
    RunnerProcess runner;
    runner.write_file("a.txt", "one\n");
    runner.stop();
    runner.die_at("save.recorded:2");
    runner.start();
    {
      RunnerClient client(runner);
      const auto opened = client.must<DocumentOpen>({.path = "a.txt"});
      const auto version = client
                               .must<DocumentEdit>({opened.document, opened.version, "ann-1",
                                                    TextOperation().retain(4).insert("two\n")})
                               .version;
      ASSERT_TRUE(
          client.wait_for<DocumentState>([&](const auto& params) { return params.disk_version == version; }));
      runner.write_file("a.txt", format.again);
      ASSERT_TRUE(client.wait_for<DocumentState>([](const auto& params) {
        return params.line_ending != LineEnding::lf || params.encoding != Encoding::utf8;
      }));
      client.send_request(DocumentEdit::method,
                          encode(DocumentEdit::Params{opened.document, version, "ann-2",
                                                      TextOperation().retain(8).insert("three\n")}));
      ASSERT_TRUE(client.wait([&] { return client.closed(); }));
      ASSERT_EQ(runner.wait_for_death(), 137);
    }
    runner.start();
    RunnerClient client(runner);
    EXPECT_EQ(client.must<DocumentOpen>({.path = "a.txt"}).text, "one\ntwo\nthree\n");
    EXPECT_EQ(runner.read_file("a.txt"), format.recovered);
  }
}

}  // namespace
}  // namespace berth::test
