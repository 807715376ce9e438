// SPDX-License-Identifier: GPL-3.0-or-later
// The journal while people type without a pause, or into files that can't be written: it stays short, and
// nothing is lost when the runner dies as it begins a new one.
#include <gtest/gtest.h>

#include "live_text.hpp"
#include "tests/soak.hpp"

namespace berth::test {
namespace {

using namespace protocol;

constexpr std::size_t page_size = 100'000;
constexpr std::uintmax_t bound = 2u << 20;  // of the journal, while a page is what the file lacks

/// Cafés are written in Latin-1 here: what has a Han character can't be saved.
constexpr const char* latin_text = "caf\xe9\n";
constexpr const char* not_latin = "\xe6\xbc\xa2\n";

std::filesystem::path journal_of(const RunnerProcess& runner) {
  return runner.home().parent_path() / "state/documents.journal";
}

/// Everything but the first `kept` bytes becomes another page.
void turn_page(LiveText& text, std::size_t kept, int number) {
  const auto before = static_cast<std::int64_t>(utf16_length(text.text().substr(0, kept)));
  const auto all = static_cast<std::int64_t>(utf16_length(text.text()));
  std::string page = "page " + std::to_string(number) + "\n";
  page.resize(page_size, static_cast<char>('a' + number % 26));
  text.edit(TextOperation().retain(before).insert(page).remove(all - before));
}

TEST(RunnerLiveJournal, stays_short_however_much_is_typed_into_a_file_that_can_not_be_written) {
  RunnerProcess runner;
  runner.write_file("a.txt", latin_text);
  const int pages = Soak(40, 3000).rounds();  // 4 MB, or 300
  const auto last_id = "ann-" + std::to_string(pages + 1);
  std::string last;
  std::uint64_t version = 0;
  {
    RunnerClient client(runner);
    LiveText text(client, "a.txt", "ann");
    text.append(not_latin);
    const auto kept = text.text().size();
    std::uintmax_t longest = 0;
    for (int number = 0; number < pages; ++number) {
      turn_page(text, kept, number);
      ASSERT_TRUE(text.settle()) << text.wrong();
      longest = std::max(longest, std::filesystem::file_size(journal_of(runner)));
    }
    EXPECT_LT(longest, bound);
    EXPECT_EQ(runner.read_file("a.txt"), latin_text) << "it could be written after all";
    last = text.text();
    version = text.version();
  }
  runner.crash();
  runner.start();
  RunnerClient client(runner);
  const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, last_id});
  EXPECT_EQ(opened.operation_version, version);
  EXPECT_TRUE(opened.text == last) << opened.length;
  // Sent again it is not applied again.
  EXPECT_EQ(client.must<DocumentEdit>({opened.document, 1, last_id, TextOperation().insert("again")}).version,
            version);
  EXPECT_TRUE(runner.read_file("a.txt") == last);
}

TEST(RunnerLiveJournal, stays_short_while_somebody_types_without_a_pause) {
  RunnerProcess runner;
  runner.write_file("a.txt", "");
  const int pages = Soak(40, 3000).rounds();
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  std::uintmax_t longest = 0;
  for (int number = 0; number < pages / 2; ++number) {
    turn_page(text, 0, number);
    // Its answer comes while the next one is typed.
    (void)client.wait([] { return true; }, 0ms);
    turn_page(text, 0, number);
    ASSERT_TRUE(text.settle()) << text.wrong();
    longest = std::max(longest, std::filesystem::file_size(journal_of(runner)));
  }
  EXPECT_LT(longest, bound);
  const auto last = text.text();
  runner.crash();
  EXPECT_TRUE(client.wait([&] { return client.closed(); }));
  runner.start();
  EXPECT_TRUE(RunnerClient(runner).must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}}).text == last);
}

// The known edits, which a new journal begins with, are longer than what a journal begins anew for.
TEST(RunnerLiveJournal, does_not_begin_anew_for_ever_where_what_it_begins_with_is_long) {
  const RunnerProcess runner;
  std::string folder;
  for (int depth = 0; depth < 15; ++depth) folder += std::string(250, 'd') + "/";
  constexpr int files = 300, at_once = 30;
  RunnerClient client(runner);
  const auto answers = [&](const std::vector<std::int64_t>& asked) {
    std::vector<Json> given;
    for (const auto id : asked) {
      auto answer = client.wait_for_reply(id);
      if (!answer) throw std::runtime_error(answer.error().message);
      given.push_back(std::move(*answer));
    }
    return given;
  };
  for (int first = 0; first < files; first += at_once) {
    std::vector<std::int64_t> opening, editing, closing;
    for (int file = first; file < first + at_once; ++file) {
      const auto path = folder + std::to_string(file);
      runner.write_file(path, "");
      opening.push_back(
          client.send_request(DocumentOpen::method, encode(DocumentOpen::Params{.path = path})));
    }
    for (const auto& json : answers(opening)) {
      const auto opened = decode<DocumentOpen::Result>(json, "opened").value();
      editing.push_back(client.send_request(
          DocumentEdit::method, encode(DocumentEdit::Params{opened.document, opened.version, "ann-1",
                                                            TextOperation().insert("x")})));
      closing.push_back(
          client.send_request(DocumentClose::method, encode(DocumentClose::Params{opened.document})));
    }
    answers(editing);
    answers(closing);
  }
  ASSERT_TRUE(client.wait([&] { return std::filesystem::file_size(journal_of(runner)) > (1u << 20); }));
  // A file that keeps its name for a while is not replaced again and again.
  const auto held = journal_of(runner).parent_path() / "held";
  const auto stays = [&] {
    std::filesystem::remove(held);
    std::error_code replaced;
    std::filesystem::create_hard_link(journal_of(runner), held, replaced);
    (void)client.wait([] { return false; }, 1500ms);  // it takes some 100 to begin anew
    return !replaced && std::filesystem::equivalent(held, journal_of(runner));
  };
  EXPECT_TRUE(client.wait(stays));
  EXPECT_GT(std::filesystem::file_size(journal_of(runner)), 1u << 20);
  // And what it holds is known.
  const auto opened =
      client.must<DocumentOpen>({.path = folder + std::to_string(files - 1), .operation_id = "ann-1"});
  EXPECT_TRUE(opened.operation_version);
}

TEST(RunnerLiveJournal, a_kill_as_it_begins_anew_loses_and_doubles_nothing) {
  RunnerProcess runner;
  // The first of each is that of the start. A new one begins after some ten pages.
  constexpr struct {
    const char* point;
    std::size_t first, last;
  } blows[] = {{"journal.begun", 2, 6},     {"journal.replaced", 2, 6}, {"journal.written", 25, 90},
               {"edit.journalled", 20, 70}, {"journal.synced", 20, 90}, {"save.recorded", 2, 8}};
  Soak soak(4, 100);
  for (int round = 0; round < soak.rounds(); ++round) {
    // Each of the first ones once, at its first.
    const auto number_of_blow = static_cast<std::size_t>(round) < std::size(blows)
                                    ? static_cast<std::size_t>(round)
                                    : soak.below(std::size(blows));
    const auto& blow = blows[number_of_blow];
    const auto pass =
        blow.first +
        (number_of_blow == static_cast<std::size_t>(round) ? 0 : soak.below(blow.last - blow.first + 1));
    const auto point = std::string(blow.point) + ":" + std::to_string(pass);
    SCOPED_TRACE(point + " " + soak.where(round));
    soak.tell(round);
    const auto stuck_path = "stuck" + std::to_string(round) + ".txt",
               saved_path = "saved" + std::to_string(round) + ".txt";
    runner.write_file(stuck_path, latin_text);
    runner.write_file(saved_path, "");
    runner.stop();
    runner.die_at(point);
    runner.start();
    auto one = std::make_unique<RunnerClient>(runner), two = std::make_unique<RunnerClient>(runner);
    LiveText stuck(*one, stuck_path, "ann"), saved(*two, saved_path, "bea");
    stuck.append(not_latin);
    const auto kept = stuck.text().size();
    try {
      for (int number = 0; number < 200 && !one->closed(); ++number) {
        turn_page(stuck, kept, number);
        if (number % 4 == 0) turn_page(saved, 0, number);
        (void)one->wait([&] { return one->closed() || stuck.settled(); }, 5s);
        (void)two->wait([&] { return two->closed() || saved.settled(); }, 5s);
      }
    } catch (const std::exception&) {
      // It died while it was written to.
    }
    ASSERT_TRUE(one->wait([&] { return one->closed(); })) << "it did not come by";
    ASSERT_EQ(runner.wait_for_death(), 137);
    runner.start();
    auto one_again = std::make_unique<RunnerClient>(runner),
         two_again = std::make_unique<RunnerClient>(runner);
    stuck.come_back(*one_again);
    saved.come_back(*two_again);
    ASSERT_TRUE(stuck.settle()) << stuck.wrong();
    ASSERT_TRUE(saved.settle()) << saved.wrong();
    for (const auto* text : {&stuck, &saved}) {
      const auto& path = text == &stuck ? stuck_path : saved_path;
      EXPECT_EQ(text->wrong(), "");
      ASSERT_TRUE(one_again->wait([&] { return runner.read_file(path) == text->text(); }))
          << path << " has " << runner.read_file(path).size() << " bytes instead of " << text->text().size();
    }
    for (const auto& entry : std::filesystem::directory_iterator(runner.home())) {
      EXPECT_FALSE(entry.path().filename().string().contains('(')) << entry.path() << " is a copy";
    }
  }
}

}  // namespace
}  // namespace berth::test
