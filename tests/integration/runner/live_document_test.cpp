// SPDX-License-Identifier: GPL-3.0-or-later
// Several people type into one document at once; connections drop and the runner dies meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live_text.hpp"
#include "tests/soak.hpp"

namespace berth::test {
namespace {

using namespace protocol;

/// One random change by one person.
void change_something(LiveText& text, Soak& soak) {
  static constexpr const char* pieces[] = {"a", "word ", "\n", "caf\xc3\xa9", "\xf0\x9f\x9a\xa2"};
  const auto units = static_cast<std::int64_t>(utf16_length(text.text()));
  // Whole characters, so that no pair is split.
  std::vector<std::int64_t> places{0};
  for (std::size_t byte = 0; byte < text.text().size(); ++byte)
    if ((static_cast<unsigned char>(text.text()[byte]) & 0xc0) != 0x80 && byte > 0)
      places.push_back(static_cast<std::int64_t>(utf16_length(text.text().substr(0, byte))));
  const auto at = places[soak.below(places.size())];
  if (units > 40 && soak.one_in(2)) {
    const auto later = std::ranges::find_if(places, [&](auto place) { return place > at; });
    if (later == places.end()) return text.append("z");
    const auto end =
        places[static_cast<std::size_t>(later - places.begin()) +
               soak.below(std::min<std::size_t>(5, static_cast<std::size_t>(places.end() - later)))];
    text.edit(TextOperation().retain(at).remove(end - at).retain(units - end));
  } else {
    text.edit(TextOperation().retain(at).insert(pieces[soak.below(std::size(pieces))]).retain(units - at));
  }
}

bool agree(std::initializer_list<LiveText*> texts) {
  for (auto* text : texts)
    if (!text->settle()) return false;
  return true;
}

TEST(RunnerLiveDocument, people_who_type_at_once_converge_and_hear_of_each_version_in_order) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "one\ntwo\n");
  RunnerClient first(runner), second(runner), third(runner);
  LiveText ann(first, "a.txt", "ann"), bea(second, "a.txt", "bea"), eve(third, "a.txt", "eve");
  Soak soak(300, 20000);
  for (int round = 0; round < soak.rounds(); ++round) {
    for (auto* who : {&ann, &bea, &eve})
      for (auto count = soak.below(3); count > 0; --count) change_something(*who, soak);
    // Whatever has come by now is taken in, nothing is waited for.
    for (auto* client : {&first, &second, &third}) (void)client->wait([] { return true; }, 0ms);
    if (soak.one_in(7)) (void)first.wait([&] { return ann.settled(); });
  }
  ASSERT_TRUE(agree({&ann, &bea, &eve})) << ann.wrong() << bea.wrong() << eve.wrong() << soak.where(0);
  const auto last = std::max({ann.version(), bea.version(), eve.version()});
  for (auto [client, text] : {std::pair(&first, &ann), std::pair(&second, &bea), std::pair(&third, &eve)}) {
    ASSERT_TRUE(client->wait([&] { return text->version() == last; })) << soak.where(0);
    EXPECT_EQ(text->wrong(), "") << soak.where(0);
  }
  EXPECT_EQ(ann.text(), bea.text()) << soak.where(0);
  EXPECT_EQ(ann.text(), eve.text()) << soak.where(0);
  EXPECT_GT(last, 30u);
  EXPECT_TRUE(first.wait([&] { return runner.read_file("a.txt") == ann.text(); })) << soak.where(0);
}

TEST(RunnerLiveDocument, who_joins_gets_the_text_and_then_every_version_behind_it) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "");
  RunnerClient first(runner);
  LiveText ann(first, "a.txt", "ann");
  std::vector<std::unique_ptr<RunnerClient>> clients;
  std::vector<std::unique_ptr<LiveText>> joined;
  for (int round = 0; round < 8; ++round) {
    for (int i = 0; i < 20; ++i) {
      ann.append(std::to_string(i) + ",");
      (void)first.wait([] { return true; }, 0ms);
    }
    clients.push_back(std::make_unique<RunnerClient>(runner));
    joined.push_back(std::make_unique<LiveText>(*clients.back(), "a.txt", "j" + std::to_string(round)));
  }
  ASSERT_TRUE(ann.settle()) << ann.wrong();
  for (std::size_t i = 0; i < joined.size(); ++i) {
    ASSERT_TRUE(clients[i]->wait([&] { return joined[i]->version() == ann.version(); }));
    EXPECT_EQ(joined[i]->wrong(), "");
    EXPECT_EQ(joined[i]->text(), ann.text());
  }
}

TEST(RunnerLiveDocument, connections_that_drop_cost_no_edit_and_double_none) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "");
  RunnerClient steady(runner);
  auto shaky = std::make_unique<RunnerClient>(runner);
  LiveText ann(steady, "a.txt", "ann"), bea(*shaky, "a.txt", "bea");
  Soak soak(25, 1000);
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto mark = "<" + std::to_string(round) + ">";
    bea.append(mark);
    for (auto count = soak.below(3); count > 0; --count) ann.type(0, "+");
    if (soak.one_in(2)) (void)shaky->wait([&] { return bea.settled(); }, 5ms);
    const auto session = shaky->hello().session;
    shaky->drop();
    bea.append("typed away");
    if (soak.one_in(3)) {
      ASSERT_TRUE(ann.settle());
    }
    // Sometimes the session is resumed, sometimes it is a new window.
    auto again = std::make_unique<RunnerClient>(runner, Role::owner,
                                                soak.one_in(2) ? std::optional(session) : std::nullopt);
    bea.come_back(*again);
    shaky = std::move(again);
    ASSERT_TRUE(bea.settle()) << bea.wrong() << soak.where(round);
  }
  ASSERT_TRUE(agree({&ann, &bea})) << ann.wrong() << bea.wrong() << soak.where(0);
  ASSERT_TRUE(steady.wait([&] { return ann.text() == bea.text(); })) << soak.where(0);
  for (int round = 0; round < soak.rounds(); ++round) {
    const auto mark = "<" + std::to_string(round) + ">";
    const auto at = ann.text().find(mark);
    ASSERT_NE(at, std::string::npos) << mark << soak.where(0);
    EXPECT_EQ(ann.text().find(mark, at + 1), std::string::npos) << mark << soak.where(0);
  }
  EXPECT_EQ(bea.changes_taken, soak.rounds()) << "no text had to be sent again";
}

TEST(RunnerLiveDocument, after_a_kill_an_unanswered_edit_is_known_or_comes_again) {
  RunnerProcess runner;
  runner.write_file("a.txt", "start\n");
  // Between accepting and journalling, journalling and telling, telling and saving; and once just so.
  const char* points[] = {"edit.accepted",   "edit.appended", "journal.written", "journal.synced",
                          "edit.journalled", "edit.told",     "save.synced",     "save.recorded",
                          "save.placed",     "save.noted"};
  auto client = std::make_unique<RunnerClient>(runner);
  LiveText text(*client, "a.txt", "ann");
  int known = 0;
  for (const char* point : points) {
    SCOPED_TRACE(point);
    runner.stop();
    runner.die_at(std::string(point) + ":2");
    runner.start();
    client = std::make_unique<RunnerClient>(runner);
    text.come_back(*client);
    ASSERT_TRUE(text.settle()) << text.wrong();
    // Typed on until it is dead; then once more without a connection.
    for (int i = 0; !client->closed() && i < 200; ++i) {
      text.append(std::string(point) + std::to_string(i) + "\n");
      try {
        (void)client->wait([&] { return client->closed() || text.settled(); }, 2s);
      } catch (const std::exception&) {
        break;
      }
      if (std::string_view(point).starts_with("save"))
        (void)client->send_request("document/save", {{"document", text.opened().document}});
    }
    EXPECT_EQ(runner.wait_for_death(), 137);
    text.append("typed away\n");
    runner.start();
    client = std::make_unique<RunnerClient>(runner);
    const auto before = text.known_taken;
    text.come_back(*client);
    known += text.known_taken - before;
    ASSERT_TRUE(text.settle()) << text.wrong();
    ASSERT_TRUE(client->wait([&] { return runner.read_file("a.txt") == text.text(); }))
        << runner.read_file("a.txt") << "instead of\n"
        << text.text();
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(runner.home()), {}), 3) << "no copies";
  }
  EXPECT_GE(known, 3) << "edits were on disk and not answered";
}

TEST(RunnerLiveDocument, an_edit_that_comes_again_is_answered_after_kills_and_restarts_too) {
  RunnerProcess runner;
  runner.write_file("a.txt", "x");
  const auto operation = TextOperation().retain(1).insert("y");
  std::uint64_t version = 0;
  {
    RunnerClient client(runner);
    const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
    version = client.must<DocumentEdit>({opened.document, opened.version, "ann-1", operation}).version;
  }
  for (const bool killed : {true, false, true}) {
    if (killed)
      runner.crash();
    else
      runner.stop();
    runner.start();
    RunnerClient client(runner);
    const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, "gone", version - 1, "ann-1"});
    EXPECT_EQ(opened.operation_version, version);
    EXPECT_EQ(opened.text, "xy");
    EXPECT_FALSE(opened.changes);
    EXPECT_EQ(client.must<DocumentEdit>({opened.document, 1, "ann-1", operation}).version, version);
    EXPECT_EQ(client.must<DocumentEdit>({"gone", 1, "ann-1", operation}).version, version);
    EXPECT_FALSE(client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, "ann-2"}).operation_version);
    EXPECT_EQ(runner.read_file("a.txt"), "xy");
  }
  RunnerClient client(runner);
  const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  client.must<DocumentEdit>(
      {opened.document, opened.version, "ann-2", TextOperation().retain(2).insert("z")});
  const auto late = client.call<DocumentEdit>({opened.document, opened.version, "ann-1", operation});
  ASSERT_FALSE(late) << "an edit of before, that comes late";
  EXPECT_EQ(late.error().code, ErrorCode::conflict);
  // Under another name it is still the same file.
  client.must<FileRename>({"a.txt", "b.txt", {}});
  runner.crash();
  runner.start();
  RunnerClient again(runner);
  EXPECT_TRUE(again.must<DocumentOpen>({"b.txt", {}, {}, {}, {}, {}, "ann-2"}).operation_version);
}

TEST(RunnerLiveDocument, ids_stay_known_when_the_journal_begins_anew) {
  RunnerProcess runner;
  runner.write_file("a.txt", "");
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  const std::string page(200'000, 'p');
  for (int i = 0; i < 8; ++i) {
    text.append(page);
    ASSERT_TRUE(text.settle()) << text.wrong();
  }
  client.must<DocumentSave>({text.opened().document});
  const auto journal = runner.home().parent_path() / "state/documents.journal";
  // Shorter than what was typed: 1 MiB, and the zeros ahead.
  ASSERT_TRUE(client.wait([&] { return std::filesystem::file_size(journal) < 1'400'000; })) << "begun anew";
  runner.crash();
  runner.start();
  RunnerClient again(runner);
  EXPECT_EQ(again.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, "ann-8"}).operation_version,
            text.version());
}

TEST(RunnerLiveDocument, a_base_that_is_no_longer_remembered_is_told_so) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient client(runner);
  LiveText text(client, "a.txt", "ann");
  const auto first = text.version();
  for (int i = 0; i < 8; ++i) {
    text.append(std::string(200'000, 'p'));
    ASSERT_TRUE(text.settle()) << text.wrong();
  }
  const auto stale = client.call<DocumentEdit>(
      {text.opened().document, first, "bea-1", TextOperation().retain(1).insert("y")});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, ErrorCode::stale_base);
  const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, text.opened().document, first, {}});
  EXPECT_FALSE(opened.changes);
  EXPECT_TRUE(opened.text || opened.channel);
}

TEST(RunnerLiveDocument, an_edit_that_would_split_a_pair_is_refused) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "\xf0\x9f\x9a\xa2");
  RunnerClient client(runner);
  const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  const auto split = client.call<DocumentEdit>(
      {opened.document, opened.version, "ann-1", TextOperation().retain(1).insert("x").retain(1)});
  ASSERT_FALSE(split);
  EXPECT_EQ(split.error().code, ErrorCode::invalid_argument);
  // Brought forward from an older version, too.
  client.must<DocumentEdit>(
      {opened.document, opened.version, "bea-1", TextOperation().retain(2).insert("!")});
  EXPECT_EQ(
      client
          .call<DocumentEdit>({opened.document, opened.version, "ann-2", TextOperation().retain(1).remove(1)})
          .error()
          .code,
      ErrorCode::invalid_argument);
  EXPECT_EQ(client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}}).text, "\xf0\x9f\x9a\xa2!");
}

TEST(RunnerLiveDocument, old_edits_into_a_large_document_cost_what_they_are) {
  const RunnerProcess runner;
  std::string big;
  while (big.size() < (64u << 20) - 100) big += "a line of a large document, as generators write them\n";
  runner.write_file("big.txt", big);
  RunnerClient client(runner);
  client.keep_bytes(false);
  const auto asked = client.send_request("document/open", {{"path", "big.txt"}});
  const auto opened = *decode<DocumentOpen::Result>(*client.wait_for_reply(asked, 60s), "document/open");
  const auto units = static_cast<std::int64_t>(big.size());
  const auto start = std::chrono::steady_clock::now();
  constexpr std::int64_t edits = 100;
  for (std::int64_t i = 0; i < edits; ++i) {
    // Both ends of the text, always made at the first version.
    const auto at = 1000 * i;
    client.must<DocumentEdit>(
        {opened.document, opened.version, "a" + std::to_string(i) + "-1",
         TextOperation().retain(at).insert("x").retain(units - 2 * at).insert("y").retain(at)});
  }
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took, 20s) << "a text of 64 MiB gone through for each would take minutes";
  std::printf("%lld edits at an old version of 64 MiB took %lld ms\n", static_cast<long long>(edits),
              static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

TEST(RunnerLiveDocument, what_the_journal_can_not_take_is_refused_and_seen_by_nobody) {
  RunnerProcess runner;
  runner.write_file("a.txt", "");
  RunnerClient first(runner), second(runner);
  LiveText ann(first, "a.txt", "ann"), bea(second, "a.txt", "bea");
  ann.append("kept\n");
  ASSERT_TRUE(ann.settle()) << ann.wrong();
  ASSERT_TRUE(second.wait([&] { return bea.text() == "kept\n"; }));
  runner.limit_file_size(1);  // as a full disk, for every file
  const DocumentEdit::Params edit{ann.opened().document, ann.version(), "eve-1",
                                  TextOperation().retain(5).insert("refused\n")};
  RunnerClient third(runner);
  const auto opened = third.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  const auto refused = third.call<DocumentEdit>(edit);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("could not be stored"));
  EXPECT_TRUE(second.wait_for<DocumentState>([](const auto& state) { return state.problem.has_value(); }));
  const auto now = third.must<DocumentOpen>({"a.txt", {}, {}, {}, opened.document, opened.version, "eve-1"});
  EXPECT_EQ(now.version, ann.version());
  ASSERT_TRUE(now.changes);
  EXPECT_TRUE(now.changes->empty());
  EXPECT_FALSE(now.operation_version);
  EXPECT_EQ(ann.text() + bea.text(), "kept\nkept\n");
  // With room again the same edit is taken.
  runner.limit_file_size(RLIM_INFINITY);
  EXPECT_EQ(third.must<DocumentEdit>(edit).version, ann.version() + 1);
  EXPECT_EQ(third.must<DocumentEdit>(edit).version, now.version + 1);
  ASSERT_TRUE(second.wait([&] { return bea.text() == "kept\nrefused\n"; })) << bea.wrong();
  EXPECT_TRUE(second.wait_for<DocumentState>([](const auto& state) { return !state.problem; }));
  EXPECT_EQ(ann.wrong() + bea.wrong(), "");
  runner.crash();
  runner.start();
  RunnerClient again(runner);
  EXPECT_EQ(again.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}}).text, "kept\nrefused\n");
  EXPECT_EQ(runner.read_file("a.txt"), "kept\nrefused\n");
}

TEST(RunnerLiveDocument, a_viewer_can_neither_edit_nor_save_nor_convert) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "x");
  RunnerClient owner(runner), viewer(runner, Role::viewer);
  LiveText mine(owner, "a.txt", "ann");
  const auto seen = viewer.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  const auto refused = [](const auto& answer) {
    return !answer && answer.error().code == ErrorCode::permission_denied;
  };
  EXPECT_TRUE(refused(viewer.call<DocumentEdit>(
      {seen.document, seen.version, "v-1", TextOperation().retain(1).insert("!")})));
  EXPECT_TRUE(refused(viewer.call<DocumentSave>({seen.document})));
  EXPECT_TRUE(refused(viewer.call<DocumentConvert>({seen.document, Encoding::utf16le, {}})));
  mine.append("y");
  ASSERT_TRUE(mine.settle());
  ASSERT_TRUE(viewer.wait_for<DocumentChanged>([](const auto&) { return true; }));
  const auto state = viewer.wait_for<DocumentState>([](const auto&) { return true; });
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->read_only) << "for this one";
  EXPECT_TRUE(owner.wait([&] { return runner.read_file("a.txt") == "xy"; }));
}

TEST(RunnerDocument, does_not_grow_beyond_what_can_be_opened_again) {
  const RunnerProcess runner;
  const std::string most(editable_document_limit, 'x');
  runner.write_file("big.txt", most);
  RunnerClient client(runner);
  const auto opened = client.must<DocumentOpen>({"big.txt", {}, {}, {}, {}, {}, {}});
  const auto units = static_cast<std::int64_t>(most.size());
  const auto refused =
      client.call<DocumentEdit>({opened.document, opened.version, "ann-1",
                                 TextOperation().retain(units).insert(std::string((1u << 20) + 1, 'y'))});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::limit_exceeded);
  client.must<DocumentEdit>(
      {opened.document, opened.version, "ann-2", TextOperation().insert("y").retain(units)});
}

TEST(RunnerDocument, one_that_was_moved_meanwhile_is_opened_by_what_the_client_knows) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "text\n");
  RunnerClient client(runner), other(runner);
  const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  other.must<FileRename>({"a.txt", "b.txt", {}});
  const auto again =
      client.must<DocumentOpen>({"a.txt", {}, {}, {}, opened.document, opened.version, "ann-1"});
  EXPECT_EQ(again.document, opened.document);
  EXPECT_EQ(again.path, "b.txt");
  EXPECT_TRUE(again.changes && again.changes->empty());
}

TEST(RunnerDocument, one_that_was_moved_goes_on_there_though_another_file_is_open_at_its_old_place) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "text\n");
  RunnerClient client(runner), other(runner);
  const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  other.must<FileRename>({"a.txt", "b.txt", {}});
  runner.write_file("a.txt", "another one\n");
  EXPECT_EQ(other.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}}).text, "another one\n");
  const auto again = client.must<DocumentOpen>({"a.txt", {}, {}, {}, opened.document, opened.version, {}});
  EXPECT_EQ(again.document, opened.document);
  EXPECT_EQ(again.path, "b.txt");
}

// As a page that is loaded anew: its window's session goes on for a while.
TEST(RunnerDocument, one_whose_file_was_deleted_is_opened_again_while_somebody_has_it) {
  const RunnerProcess runner;
  runner.write_file("a.txt", "text\n");
  RunnerClient client(runner), again(runner);
  const auto opened = client.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}});
  std::filesystem::remove(runner.home() / "a.txt");
  ASSERT_TRUE(client.wait_for<DocumentState>([](const auto& params) { return params.deleted; }));
  EXPECT_EQ(again.must<DocumentOpen>({"a.txt", {}, {}, {}, {}, {}, {}}).text, "text\n");
  EXPECT_TRUE(again.wait_for<DocumentState>([](const auto& params) { return params.deleted; }));
}

}  // namespace
}  // namespace berth::test
