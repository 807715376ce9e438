// SPDX-License-Identifier: GPL-3.0-or-later
// Finding and replacing in all files, with the real ripgrep.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "live_text.hpp"
#include "memory_of.hpp"
#include "runner_client.hpp"
#include "tests/soak.hpp"

namespace berth::test {
namespace {

using namespace protocol;
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

SearchQuery letters(const std::string& pattern) {
  SearchQuery query;
  query.pattern = pattern;
  return query;
}
SearchQuery expression(const std::string& pattern) {
  auto query = letters(pattern);
  query.regex = query.match_case = true;
  return query;
}

/// All that a search told.
struct Outcome {
  std::vector<SearchFile> files;
  SearchEnded::Params ended;

  std::vector<std::string> paths() const {
    std::vector<std::string> paths;
    for (const auto& file : files)
      if (paths.empty() || paths.back() != file.path) paths.push_back(file.path);
    return paths;
  }
  /// "path:line:start-end"
  std::vector<std::string> places() const {
    std::vector<std::string> places;
    for (const auto& file : files)
      for (const auto& line : file.lines)
        for (const auto& match : line.matches)
          places.push_back(file.path + ":" + std::to_string(line.line) + ":" + std::to_string(match.start) +
                           "-" + std::to_string(match.end));
    return places;
  }
};

/// Runs of ripgrep that go on; of this runner's, where `runner` is not 0.
std::vector<pid_t> programs_of(pid_t runner) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    std::ifstream in(entry.path() / "stat");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto name_end = text.rfind(')');
    char state = 0;
    int parent = 0;
    if (name_end == text.npos || !text.contains("(rg)") ||
        std::sscanf(text.c_str() + name_end + 1, " %c %d", &state, &parent) != 2)
      continue;
    if (state != 'Z' && (runner == 0 || parent == runner)) found.push_back(pid);
  }
  return found;
}

/// Files with so many matches that no client takes them all at once.
void fill_with_needles(const RunnerProcess& runner) {
  const std::string line = "needle " + std::string(400, 'x') + "\n";
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += line;
  for (int i = 0; i < 8; ++i) runner.write_file("project/" + std::to_string(i), text);
}

std::int64_t begin_search(RunnerClient& client) {
  return client.send_request(SearchText::method,
                             encode(SearchText::Params{letters("needle"), std::nullopt, 100'000}));
}

class RunnerSearch : public testing::Test {
 protected:
  std::optional<Outcome> outcome_of(RunnerClient& client, std::uint64_t search) {
    std::optional<SearchEnded::Params> ended;
    (void)client.wait(
        [&] {
          client.each<SearchEnded>([&](const auto& params) {
            if (params.search == search) ended = params;
          });
          return ended.has_value();
        },
        120s);
    if (!ended) return std::nullopt;
    Outcome outcome{{}, *ended};
    client.each<SearchFound>([&](const auto& found) {
      if (found.search == search)
        outcome.files.insert(outcome.files.end(), found.files.begin(), found.files.end());
    });
    client.forget_notifications();
    return outcome;
  }
  Outcome search(const SearchText::Params& params) {
    auto outcome = outcome_of(client_, client_.must<SearchText>(params).search);
    if (!outcome) throw std::runtime_error("the search did not end");
    return *std::move(outcome);
  }
  Outcome search(const SearchQuery& query) { return search({query, std::nullopt, std::nullopt}); }
  SearchReplace::Result replace(const SearchQuery& query, const std::string& replacement,
                                const std::vector<ReplaceFile>& files) {
    return client_.must<SearchReplace>({query, replacement, files});
  }
  /// What a window has open is written within a second.
  bool becomes(const std::string& file, const std::string& text) {
    return client_.wait([&] { return runner_.read_file(file) == text; });
  }
  std::vector<pid_t> programs() const { return programs_of(runner_.pid()); }

  const RunnerProcess runner_;
  RunnerClient client_{runner_};
};

TEST_F(RunnerSearch, finds_places_in_units_of_utf16_and_says_what_would_stand_there) {
  runner_.write_file("project/src/a.py", "first\n𝒏ame = name(1)\n");
  runner_.write_file("project/b.txt", "no\n");
  const auto found = search({expression(R"((\w)ame)"), "<$1>${1}x$$", std::nullopt});
  EXPECT_THAT(found.paths(), ElementsAre("project/src/a.py"));
  ASSERT_EQ(found.files.front().lines.size(), 1u);
  const auto& line = found.files.front().lines.front();
  EXPECT_EQ(line.line, 2u);
  EXPECT_EQ(line.text, "𝒏ame = name(1)");
  EXPECT_THAT(found.places(), ElementsAre("project/src/a.py:2:0-5", "project/src/a.py:2:8-12"));
  EXPECT_EQ(line.matches[0].replacement, "<𝒏>𝒏x$");
  EXPECT_EQ(line.matches[1].replacement, "<n>nx$");
  EXPECT_EQ(found.ended.files, 1u);
  EXPECT_EQ(found.ended.matches, 2u);
  EXPECT_FALSE(found.ended.cut);
  EXPECT_FALSE(found.ended.problem);
  // Letter by letter, "$1" is what it looks like.
  const auto plain = search({letters("NAME(1)"), "$1", std::nullopt});
  ASSERT_THAT(plain.places(), ElementsAre("project/src/a.py:2:8-15"));
  EXPECT_EQ(plain.files[0].lines[0].matches[0].replacement, "$1");
}

TEST_F(RunnerSearch, heeds_case_words_folders_globs_and_gitignore) {
  runner_.write_file("project/a.py", "Cat cat category\n");
  runner_.write_file("project/deep/b.js", "cat\n");
  runner_.write_file("project/deep/er/c.py", "cat\n");
  runner_.write_file("project/.gitignore", "out/\n");
  runner_.write_file("project/out/d.py", "cat\n");
  runner_.write_file("project/.hidden/e.py", "cat\n");
  runner_.write_file("project/.git/f.py", "cat\n");
  runner_.write_file("project/node_modules/g.py", "cat\n");
  runner_.write_file("beside/h.py", "cat\n");
  auto query = letters("cat");
  EXPECT_THAT(search(query).places(),
              UnorderedElementsAre("project/a.py:1:0-3", "project/a.py:1:4-7", "project/a.py:1:8-11",
                                   "project/deep/b.js:1:0-3", "project/deep/er/c.py:1:0-3"));
  query.match_case = query.whole_word = true;
  query.include = {"*.py"};
  EXPECT_THAT(search(query).places(),
              UnorderedElementsAre("project/a.py:1:4-7", "project/deep/er/c.py:1:0-3"));
  query.exclude = {"/deep"};
  EXPECT_THAT(search(query).places(), ElementsAre("project/a.py:1:4-7"));
  query = letters("cat");
  query.folder = "project/deep";
  EXPECT_THAT(search(query).paths(), UnorderedElementsAre("project/deep/b.js", "project/deep/er/c.py"));
  query.folder = "";
  query.whole_word = query.ignored = true;
  EXPECT_THAT(
      search(query).paths(),
      UnorderedElementsAre("project/a.py", "project/deep/b.js", "project/deep/er/c.py", "project/out/d.py",
                           "project/.hidden/e.py", "project/node_modules/g.py", "beside/h.py"));
}

TEST_F(RunnerSearch, a_hostile_pattern_is_text_and_a_faulty_one_is_told) {
  runner_.write_file("project/a.txt", "--files /etc/passwd\n$(touch x) `id` ; \\ \"'\n");
  for (const auto* pattern : {"--files", "$(touch x)", "`id` ;", "\\", "\"'", "-"})
    EXPECT_THAT(search(letters(pattern)).paths(), ElementsAre("project/a.txt")) << pattern;
  EXPECT_FALSE(fs::exists(runner_.home() / "project/x"));
  EXPECT_EQ(search(expression("(a")).ended.problem, "unclosed group");
  EXPECT_TRUE(search(expression("a\\nb")).ended.problem);
  EXPECT_TRUE(search(expression("(((a{1000}){1000}){1000})")).ended.problem);
  // Linear, whatever the pattern.
  runner_.write_file("project/b.txt", std::string(50'000, 'a') + "!\n");
  EXPECT_THAT(search(expression("(a+)+$")).paths(), IsEmpty());
  auto negated = letters("a");
  negated.include = std::vector<std::string>{"!x"};
  for (const auto& wrong : {letters(""), letters("a\nb"), letters(std::string(5000, 'a')), negated}) {
    const auto refused = client_.call<SearchText>({wrong, std::nullopt, std::nullopt});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  }
  for (const auto* outside : {"../..", "/etc", "project/a.txt", "project/gone"}) {
    auto query = letters("a");
    query.folder = outside;
    EXPECT_FALSE(client_.call<SearchText>({query, std::nullopt, std::nullopt})) << outside;
  }
  EXPECT_FALSE(client_.call<SearchText>({letters("a"), std::string("a\0b", 3), std::nullopt}));
  EXPECT_FALSE(client_.call<SearchText>({letters("a"), std::nullopt, 0}));
}

TEST_F(RunnerSearch, does_not_leave_the_home_by_a_link) {
  runner_.write_file("project/a.txt", "root\n");
  fs::create_directory_symlink("/etc", runner_.home() / "project/etc");
  fs::create_symlink("/etc/passwd", runner_.home() / "project/passwd");
  EXPECT_THAT(search(letters("root")).paths(), ElementsAre("project/a.txt"));
  auto query = letters("root");
  query.folder = "project/etc";
  EXPECT_FALSE(client_.call<SearchText>({query, std::nullopt, std::nullopt}));
}

TEST_F(RunnerSearch, other_encodings_are_read_and_binary_files_left_out) {
  runner_.write_file("project/utf16.txt", std::string("\xff\xfe"
                                                      "f\0\xe9\0 \0f\0o\0o\0\r\0\n\0",
                                                      18));
  runner_.write_file("project/latin1.txt", "caf\xe9 foo\r\n");
  runner_.write_file("project/marked.txt",
                     "\xef\xbb\xbf"
                     "foo\n");
  runner_.write_file("project/binary.bin", std::string("foo\n\0\1\2foo\n", 12));
  const auto found = search(letters("foo"));
  EXPECT_THAT(found.places(), UnorderedElementsAre("project/utf16.txt:1:3-6", "project/latin1.txt:1:5-8",
                                                   "project/marked.txt:1:0-3"));
  for (const auto& file : found.files) {
    if (file.path == "project/latin1.txt") {
      EXPECT_EQ(file.lines[0].text, "café foo");
    }
  }
}

TEST_F(RunnerSearch, of_a_long_line_the_part_around_the_match_is_shown_and_all_of_it_counts) {
  const std::string long_part(3'000'000, 'x');
  runner_.write_file("project/min.js", long_part + "needle" + long_part + "\nneedle\n");
  runner_.write_file("project/many.txt", std::string(5000, 'n') + " needle\n");
  const auto found = search({letters("needle"), "pin", std::nullopt});
  EXPECT_EQ(found.ended.matches, 3u);
  for (const auto& file : found.files)
    if (file.path == "project/min.js" && file.lines.front().line == 1) {
      const auto& line = file.lines.front();
      EXPECT_LT(line.text.size(), 1000u);
      EXPECT_EQ(line.matches[0].start, 3'000'000u);
      EXPECT_EQ(line.text.substr(line.matches[0].start - line.cut, 6), "needle");
    }
  // A line with more matches than a message bears, in front of one that has another text put in.
  const auto many = search({expression("(n)"), "<$1>", 100'000});
  std::size_t most = 0;
  for (const auto& file : many.files)
    for (const auto& line : file.lines) {
      most = std::max(most, line.matches.size());
      for (const auto& match : line.matches) EXPECT_EQ(match.replacement, "<n>");
    }
  EXPECT_EQ(most, 1000u);
}

TEST_F(RunnerSearch, the_limit_cuts_and_many_files_stay_within_bounds) {
  const auto folders = static_cast<unsigned>(Soak(10, 100).rounds());  // of a thousand files
  for (unsigned folder = 0; folder < folders; ++folder) {
    const auto path = runner_.home() / "project" / std::to_string(folder);
    fs::create_directories(path);
    for (int file = 0; file < 1000; ++file) {
      const net::FileDescriptor made(
          ::open((path / std::to_string(file)).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
      const std::string_view text = file % 10 == 0 ? "one needle here\n" : "hay\n";
      ASSERT_EQ(::write(made.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
  }
  const auto before = memory_of(runner_.pid());
  const auto all = search(letters("needle"));
  EXPECT_EQ(all.ended.matches, folders * 100);
  EXPECT_EQ(all.ended.files, folders * 100);
  EXPECT_FALSE(all.ended.cut);
  const auto cut = search({letters("needle"), std::nullopt, 300});
  EXPECT_EQ(cut.ended.matches, 300u);
  EXPECT_TRUE(cut.ended.cut);
  EXPECT_FALSE(cut.ended.problem);
  EXPECT_LT(memory_of(runner_.pid()) - before, 16 << 10);
  EXPECT_TRUE(client_.wait([&] { return programs().empty(); }));
}

TEST_F(RunnerSearch, a_client_that_reads_nothing_holds_it_up_and_its_end_ends_it) {
  fill_with_needles(runner_);
  const auto before = memory_of(runner_.pid());
  {
    RunnerClient lazy(runner_);
    begin_search(lazy);
    // Others find, and the runner answers, while it waits for the lazy one.
    ASSERT_TRUE(client_.wait([&] { return !programs().empty(); }));
    EXPECT_EQ(search({letters("needle"), std::nullopt, 10}).ended.matches, 10u);
    EXPECT_LT(memory_of(runner_.pid()) - before, 24 << 10);
    ASSERT_FALSE(programs().empty());
    lazy.drop();
  }
  EXPECT_TRUE(client_.wait([&] { return programs().empty(); }));
}

TEST_F(RunnerSearch, cancel_and_a_new_search_end_the_one_before) {
  const std::string line = "needle " + std::string(400, 'x') + "\n";
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += line;
  runner_.write_file("project/a", text);
  const auto first = client_.must<SearchText>({letters("needle"), std::nullopt, 100'000}).search;
  const auto second =
      client_.must<SearchText>({letters("nothing of this"), std::nullopt, std::nullopt}).search;
  EXPECT_GT(second, first);
  ASSERT_TRUE(outcome_of(client_, second));
  const auto third = client_.must<SearchText>({letters("needle"), std::nullopt, 100'000}).search;
  client_.must<SearchCancel>({third});
  client_.forget_notifications();
  client_.must<SessionPing>({});
  int late = 0;
  client_.each<SearchFound>([&](const auto&) { ++late; });
  client_.each<SearchEnded>([&](const auto&) { ++late; });
  EXPECT_EQ(late, 0);
  EXPECT_TRUE(client_.wait([&] { return programs().empty(); }));
}

TEST_F(RunnerSearch, a_killed_ripgrep_is_told_and_the_next_search_works) {
  fill_with_needles(runner_);
  RunnerClient lazy(runner_);
  const auto id = begin_search(lazy);
  ASSERT_TRUE(client_.wait([&] { return !programs().empty(); }));
  for (const auto pid : programs()) ::kill(pid, SIGKILL);
  const auto answer = lazy.wait_for_reply(id);
  ASSERT_TRUE(answer);
  const auto outcome = outcome_of(lazy, decode<SearchText::Result>(*answer, "answer")->search);
  ASSERT_TRUE(outcome);
  EXPECT_THAT(outcome->ended.problem.value_or(""), HasSubstr("ended from outside"));
  EXPECT_EQ(search({letters("needle"), std::nullopt, 10}).ended.matches, 10u);
}

TEST_F(RunnerSearch, what_is_typed_and_not_in_the_file_counts) {
  runner_.write_file("project/locked/a.txt", "old\nsame\n");
  runner_.write_file("project/out/b.txt", "old\n");
  runner_.write_file("project/.gitignore", "out/\n");
  LiveText open(client_, "project/locked/a.txt", "me");
  RunnerClient beside(runner_);
  LiveText ignored(beside, "project/out/b.txt", "me too");
  ::chmod((runner_.home() / "project/locked").c_str(), 0555);  // it can't be saved
  ::chmod((runner_.home() / "project/out").c_str(), 0555);
  open.edit(TextOperation().insert("new\n").remove(4).retain(5));
  ignored.append("new\n");
  ASSERT_TRUE(open.settle());
  ASSERT_TRUE(ignored.settle());
  EXPECT_THAT(search(letters("new")).places(), ElementsAre("project/locked/a.txt:1:0-3"));
  EXPECT_THAT(search(letters("old")).places(), IsEmpty());
  EXPECT_THAT(search(letters("same")).places(), ElementsAre("project/locked/a.txt:2:0-4"));
  auto query = letters("new");
  query.include = {"*.py"};
  EXPECT_THAT(search(query).places(), IsEmpty());
  ::chmod((runner_.home() / "project/locked").c_str(), 0755);
  ::chmod((runner_.home() / "project/out").c_str(), 0755);
}

TEST_F(RunnerSearch, replaces_in_files_and_open_documents_and_takes_it_back) {
  runner_.write_file("project/a.py", "name = 1\nprint(name)\n");
  runner_.write_file("project/dos.txt", "name\r\nother name\r\n");
  runner_.write_file("project/latin.txt", "n\xe9 name\n");
  runner_.write_file("project/no.txt", "nothing\n");
  runner_.write_file("project/big.bin", std::string("name\0\1\2", 7));
  LiveText open(client_, "project/a.py", "me");
  const auto query = expression(R"(\b(n)ame\b)");
  const auto done = replace(query, "${1}umber",
                            {{"project/a.py", {}},
                             {"project/dos.txt", {{2}}},
                             {"project/latin.txt", {}},
                             {"project/no.txt", {}},
                             {"project/big.bin", {}},
                             {"project/gone", {}}});
  EXPECT_EQ(done.files, 3u);
  EXPECT_EQ(done.matches, 4u);
  std::vector<std::string> problems;
  for (const auto& problem : done.problems) problems.push_back(problem.path);
  EXPECT_THAT(problems, UnorderedElementsAre("project/big.bin", "project/gone"));
  EXPECT_TRUE(becomes("project/a.py", "number = 1\nprint(number)\n"));
  EXPECT_EQ(runner_.read_file("project/dos.txt"), "name\r\nother number\r\n");
  EXPECT_EQ(runner_.read_file("project/latin.txt"), "n\xe9 number\n");
  ASSERT_TRUE(client_.wait([&] { return open.text() == "number = 1\nprint(number)\n"; }));

  const auto back = client_.must<SearchUndoReplace>({done.replacement});
  EXPECT_EQ(back.files, 3u);
  EXPECT_THAT(back.problems, IsEmpty());
  EXPECT_TRUE(becomes("project/a.py", "name = 1\nprint(name)\n"));
  EXPECT_EQ(runner_.read_file("project/dos.txt"), "name\r\nother name\r\n");
  EXPECT_EQ(runner_.read_file("project/latin.txt"), "n\xe9 name\n");
  ASSERT_TRUE(client_.wait([&] { return open.text() == "name = 1\nprint(name)\n"; }));
  const auto again = client_.call<SearchUndoReplace>({done.replacement});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::not_found);
}

TEST_F(RunnerSearch, a_part_of_a_character_is_not_replaced) {
  runner_.write_file("project/a.txt", "caf\u00e9 name\n");
  for (const auto* part : {"(?-u:\\xa9)", "(?-u:\\xc3)"}) {
    const auto done = replace(expression(part), "x", {{"project/a.txt", {}}});
    EXPECT_EQ(done.files, 0u) << part;
    EXPECT_EQ(done.problems.size(), 1u) << part;
  }
  EXPECT_EQ(runner_.read_file("project/a.txt"), "caf\u00e9 name\n");
  EXPECT_EQ(replace(expression("\u00e9"), "e", {{"project/a.txt", {{3, 1, 2}}}}).matches, 1u)
      << "lines in no order";
  EXPECT_EQ(runner_.read_file("project/a.txt"), "cafe name\n");
}

TEST_F(RunnerSearch, takes_back_around_what_others_typed_since) {
  runner_.write_file("project/a.txt", "one cat\ntwo cat\nthree cat\n");
  runner_.write_file("project/closed.txt", "cat 1\ncat 2\ncat 3\n");
  RunnerClient other(runner_);
  LiveText typed(other, "project/a.txt", "somebody");
  const auto done = replace(letters("cat"), "dog", {{"project/a.txt", {}}, {"project/closed.txt", {}}});
  EXPECT_EQ(done.matches, 6u);
  ASSERT_TRUE(other.wait([&] { return typed.text() == "one dog\ntwo dog\nthree dog\n"; }));
  typed.type(0, "zero\n");                        // in front of all
  typed.type(typed.text().find("two") + 6, "o");  // in the second "dog"
  typed.append("end\n");
  ASSERT_TRUE(typed.settle());
  // A program, while nobody has it open: it comes to stand elsewhere, and one line is another.
  runner_.write_file("project/closed.txt", "new\ndog 1\nDOG 2\ndog 3\n");
  const auto back = client_.must<SearchUndoReplace>({done.replacement});
  EXPECT_EQ(back.files, 2u);
  std::vector<std::string> problems;
  for (const auto& problem : back.problems) problems.push_back(problem.path + ": " + problem.reason);
  EXPECT_THAT(problems, UnorderedElementsAre("project/a.txt: Line 2 was changed since.",
                                             "project/closed.txt: Line 2 was changed since."));
  EXPECT_EQ(runner_.read_file("project/closed.txt"), "new\ncat 1\nDOG 2\ncat 3\n");
  ASSERT_TRUE(other.wait([&] { return typed.text() == "zero\none cat\ntwo doog\nthree cat\nend\n"; }))
      << typed.text();
}

TEST_F(RunnerSearch, replaces_while_somebody_types_and_nothing_typed_is_lost) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "line " + std::to_string(i) + " cat\n";
  runner_.write_file("project/a.txt", text);
  RunnerClient other(runner_);
  LiveText typed(other, "project/a.txt", "somebody");
  const auto asked = client_.send_request(
      SearchReplace::method, encode(SearchReplace::Params{letters("cat"), "dog", {{"project/a.txt", {}}}}));
  int strokes = 0;
  std::optional<Result<Json>> answer;
  while (!answer && strokes < 5000) {
    typed.append("x");
    ++strokes;
    ASSERT_TRUE(typed.settle()) << typed.wrong();
    (void)client_.wait([&] { return (answer = client_.take_reply(asked)).has_value(); }, 5ms);
  }
  ASSERT_TRUE(answer && *answer);
  const auto done = *decode<SearchReplace::Result>(**answer, "answer");
  const auto dogs = [&] {
    std::size_t count = 0;
    for (auto at = typed.text().find("dog"); at != std::string::npos; at = typed.text().find("dog", at + 1))
      ++count;
    return count;
  };
  EXPECT_EQ(done.matches, 200u);
  EXPECT_TRUE(other.wait([&] { return dogs() == 200; })) << dogs();
  EXPECT_EQ(std::ranges::count(typed.text(), 'x'), strokes);
  const auto back = client_.must<SearchUndoReplace>({done.replacement});
  EXPECT_THAT(back.problems, IsEmpty());
  EXPECT_TRUE(other.wait([&] { return dogs() == 0; })) << dogs();
  EXPECT_EQ(typed.text(), text + std::string(static_cast<std::size_t>(strokes), 'x'));
}

TEST_F(RunnerSearch, a_viewer_searches_and_does_not_replace) {
  runner_.write_file("project/a.txt", "cat\n");
  RunnerClient viewer(runner_, Role::viewer);
  const auto found =
      outcome_of(viewer, viewer.must<SearchText>({letters("cat"), std::nullopt, std::nullopt}).search);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->ended.matches, 1u);
  const auto refused = viewer.call<SearchReplace>({letters("cat"), "dog", {{"project/a.txt", {}}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::permission_denied);
  EXPECT_FALSE(viewer.call<SearchUndoReplace>({"r-x"}));
  EXPECT_EQ(runner_.read_file("project/a.txt"), "cat\n");
}

TEST(RunnerSearchCrash, takes_its_ripgrep_along) {
  RunnerProcess runner;
  fill_with_needles(runner);
  RunnerClient lazy(runner), other(runner);
  begin_search(lazy);
  ASSERT_TRUE(other.wait([&] { return !programs_of(runner.pid()).empty(); }));
  const auto before = programs_of(runner.pid());
  runner.crash();
  const auto gone = [&] {
    const auto now = programs_of(0);
    return std::ranges::none_of(before, [&](pid_t pid) { return std::ranges::contains(now, pid); });
  };
  runner.start();
  RunnerClient next(runner);
  EXPECT_TRUE(next.wait(gone));
}

}  // namespace
}  // namespace berth::test
