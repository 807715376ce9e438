// SPDX-License-Identifier: GPL-3.0-or-later
// The journal on a real disk, and what its records mean after a crash.
#include "runner/journal.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>

#include "runner/document_recovery.hpp"
#include "runner/journal_records.hpp"

namespace berth::runner {
namespace {

using protocol::TextOperation;

struct JournalTest : testing::Test {
  std::filesystem::path folder;
  std::string path;
  void SetUp() override {
    char name[] = "/tmp/berth-journal-XXXXXX";
    folder = ::mkdtemp(name);
    std::filesystem::create_directories(folder / "home");
    path = folder / "documents.journal";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  net::HomeFiles home() const { return net::HomeFiles(*net::ConfinedDirectory::open(folder / "home")); }
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(folder / "home" / name) << text;
  }
  std::string get(const std::string& name) const {
    std::ifstream in(folder / "home" / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "home"))
      out.push_back(entry.path().filename());
    return out;
  }
  /// Writes records as a runner that crashed right after would have.
  void leave_behind(const std::vector<JournalRecord>& records) const {
    auto journal = Journal::create(path, to_record({.kind = "start"}));
    ASSERT_TRUE(journal);
    for (const auto& record : records) (*journal)->append(to_record(record), nullptr);
  }
  std::vector<KnownOperation> recover() const {
    return recover_documents(path, home(), [](const std::string& text) { ADD_FAILURE() << text; }).known;
  }
  static JournalRecord base(const std::string& etag, std::optional<std::string> text) {
    JournalRecord record{.kind = "base", .document = "d", .path = "a.txt", .version = 1, .etag = etag};
    record.encoding = protocol::Encoding::utf8;
    record.line_ending = protocol::LineEnding::lf;
    record.text = std::move(text);
    return record;
  }
  /// Records are JSON, so that only the zeros behind them end in zeros.
  std::uint64_t end_of_records() const {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return bytes.find_last_not_of('\0') + 1;
  }
  static JournalRecord edit(std::uint64_t version, const std::string& id, TextOperation operation) {
    JournalRecord record{.kind = "edit", .document = "d", .version = version};
    record.operation_id = id;
    record.operation = std::move(operation);
    return record;
  }
};

TEST_F(JournalTest, GivesBackWhatWasAcknowledgedInOrder) {
  std::mutex mutex;
  std::condition_variable done;
  int acknowledged = 0;
  {
    auto journal = Journal::create(path, "first");
    ASSERT_TRUE(journal);
    for (int i = 0; i < 100; ++i)
      (*journal)->append("record " + std::to_string(i), [&](Result<void> outcome) {
        EXPECT_TRUE(outcome);
        const std::lock_guard lock(mutex);
        ++acknowledged;
        done.notify_one();
      });
    std::unique_lock lock(mutex);
    EXPECT_TRUE(done.wait_for(lock, std::chrono::seconds(10), [&] { return acknowledged == 100; }));
  }
  const auto records = Journal::read(path);
  ASSERT_EQ(records.size(), 101u);
  EXPECT_EQ(records.back(), "record 99");
}

TEST_F(JournalTest, ATornEndHidesOnlyItself) {
  leave_behind({{.kind = "one"}, {.kind = "two"}});
  const auto end = end_of_records();
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(end));
  file << std::string("\x20\0\0\0torn", 8) << std::flush;
  EXPECT_EQ(Journal::read(path).size(), 3u);
  std::filesystem::resize_file(path, end - 1);
  EXPECT_EQ(Journal::read(path).size(), 2u);
}

TEST_F(JournalTest, RecordsGrowPastWhatWasWrittenAhead) {
  std::vector<JournalRecord> records(40, JournalRecord{.kind = std::string(10'000, 'k')});
  leave_behind(records);
  EXPECT_EQ(Journal::read(path).size(), 41u);
  EXPECT_LE(std::filesystem::file_size(path), end_of_records() + (256u << 10));
}

TEST_F(JournalTest, ANewFileHoldsOnlyWhatCameAfter) {
  {
    auto journal = Journal::create(path, "first");
    (*journal)->append("old", nullptr);
    std::promise<Result<void>> begun;
    (*journal)->rotate([] { return std::vector<std::string>{"second", "third"}; }, 0,
                       [&](Result<void> outcome) { begun.set_value(std::move(outcome)); });
    (*journal)->append("new", nullptr);
    EXPECT_TRUE(begun.get_future().get());
    EXPECT_LT((*journal)->first_size(), 40u);
  }
  EXPECT_EQ(Journal::read(path), (std::vector<std::string>{"second", "third", "new"}));
}

TEST_F(JournalTest, ANewFileIsNotBegunOverAFailureThatItsRecordsDoNotKnow) {
  {
    auto journal = Journal::create(path, "first");
    (*journal)->append("old", nullptr);
    std::promise<Result<void>> begun;
    // As if one had failed until now of which nobody had heard when these were made.
    (*journal)->rotate([] { return std::vector<std::string>{"second"}; }, 1,
                       [&](Result<void> outcome) { begun.set_value(std::move(outcome)); });
    (*journal)->append("new", nullptr);
    EXPECT_FALSE(begun.get_future().get());
  }
  EXPECT_EQ(Journal::read(path), (std::vector<std::string>{"first", "old", "new"}));
}

TEST_F(JournalTest, ARecordThatCouldNotBeReadAgainIsRefusedAndHidesNothing) {
  {
    auto journal = Journal::create(path, "first");
    std::promise<Result<void>> kept;
    (*journal)->append(std::string((256u << 20) + 1, 'x'),
                       [&](Result<void> outcome) { kept.set_value(std::move(outcome)); });
    const auto outcome = kept.get_future().get();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::too_large);
    (*journal)->append("later", nullptr);
  }
  EXPECT_EQ(Journal::read(path), (std::vector<std::string>{"first", "later"}));
}

TEST_F(JournalTest, WhereANewFileCanNotBeBegunTheOldOneGoesOn) {
  {
    auto journal = Journal::create(path, "first");
    std::filesystem::create_directories(path + ".new");  // its name is taken
    (*journal)->append("old", nullptr);
    std::promise<Result<void>> begun;
    (*journal)->rotate([] { return std::vector<std::string>{"second"}; }, 0,
                       [&](Result<void> outcome) { begun.set_value(std::move(outcome)); });
    (*journal)->append("new", nullptr);
    EXPECT_FALSE(begun.get_future().get());
  }
  EXPECT_EQ(Journal::read(path), (std::vector<std::string>{"first", "old", "new"}));
}

TEST_F(JournalTest, EditsThatHadNotReachedTheFileAreBroughtThere) {
  put("a.txt", "hello");
  const auto etag = home().stat("a.txt")->etag;
  leave_behind({base(etag, {}), edit(2, "o1", TextOperation().retain(5).insert(" world")),
                edit(3, "o2", TextOperation().retain(11).insert("!"))});
  const auto known = recover();
  EXPECT_EQ(get("a.txt"), "hello world!");
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[1].id, "o2");
  EXPECT_EQ(known[1].version, 3u);
}

TEST_F(JournalTest, AFileThatAlreadyHoldsAnEarlierSaveGetsTheRest) {
  put("a.txt", "hello world");
  JournalRecord saving{.kind = "saving", .document = "d", .version = 2};
  saving.etag = home().stat("a.txt")->etag;
  leave_behind({base("gone", {}), edit(2, "o1", TextOperation().retain(5).insert(" world")), saving,
                edit(3, "o2", TextOperation().retain(11).insert("!"))});
  recover();
  EXPECT_EQ(get("a.txt"), "hello world!");
  EXPECT_EQ(names().size(), 1u);
}

TEST_F(JournalTest, AFileThatSomebodyElseChangedIsKeptBeside) {
  put("a.txt", "something else");
  auto dirty = base("", "hello");
  dirty.etag.reset();  // what the file held is not known
  leave_behind({dirty, edit(2, "o1", TextOperation().retain(5).insert(" world"))});
  recover();
  EXPECT_EQ(get("a.txt"), "hello world");
  ASSERT_EQ(names().size(), 2u);
  for (const auto& name : names())
    if (name != "a.txt") {
      EXPECT_EQ(get(name), "something else");
    }
}

TEST_F(JournalTest, WithoutABaseTheTypedTextIsKept) {
  put("a.txt", "something else");
  leave_behind({base("gone", {}), edit(2, "o1", TextOperation().retain(5).insert(" world"))});
  const auto rescued = recover_documents(path, home(), [](const std::string&) {}).rescued;
  ASSERT_EQ(rescued.size(), 1u);
  EXPECT_EQ(get("a.txt"), "something else");
  ASSERT_EQ(names().size(), 2u);
  for (const auto& name : names())
    if (name != "a.txt") {
      EXPECT_EQ(get(name), " world");
    }
}

TEST_F(JournalTest, AChangeOnDiskThatWasMergedAndNotWrittenIsWritten) {
  put("a.txt", "HELLO");  // another program's, of "hello"
  JournalRecord merged{.kind = "saving", .document = "d", .version = 3};
  merged.etag = home().stat("a.txt")->etag;
  merged.operation = TextOperation().retain(5).insert(" world");
  auto by_disk = edit(3, "", TextOperation().insert("HELLO").remove(5).retain(6));
  by_disk.operation_id.reset();
  leave_behind({base("gone", {}), edit(2, "o1", TextOperation().retain(5).insert(" world")), by_disk, merged,
                edit(4, "o2", TextOperation().retain(11).insert("!"))});
  recover();
  EXPECT_EQ(get("a.txt"), "HELLO world!");
  EXPECT_EQ(names().size(), 1u) << "no copy";
}

TEST_F(JournalTest, AFileThatChangedAfterItsLastSaveIsMergedWithWhatWasTypedSince) {
  put("a.txt", "HELLO world");
  JournalRecord saved{.kind = "saved", .document = "d", .version = 2};
  saved.etag = "replaced meanwhile";
  leave_behind({base("gone", "hello"), edit(2, "o1", TextOperation().retain(5).insert(" world")), saved,
                edit(3, "o2", TextOperation().retain(11).insert("!"))});
  recover();
  EXPECT_EQ(get("a.txt"), "HELLO world!");
  for (const auto& name : names()) EXPECT_TRUE(name == "a.txt" || name == ".local") << name;
}

TEST_F(JournalTest, AFileThatHadEverythingIsLeftAsSomebodyMadeIt) {
  put("a.txt", "another branch");
  JournalRecord saved{.kind = "saved", .document = "d", .version = 2};
  saved.etag = "replaced meanwhile";
  leave_behind({base("gone", "hello"), edit(2, "o1", TextOperation().retain(5).insert(" world")), saved});
  recover();
  EXPECT_EQ(get("a.txt"), "another branch");
  EXPECT_EQ(names().size(), 1u);
}

TEST_F(JournalTest, RemembersTheNewestEditOfEachAuthorWhereItsFileIsNow) {
  put("a.txt", "hello");
  const auto etag = home().stat("a.txt")->etag;
  auto start = start_record({{"ann-7", "old/c.txt", 7}});
  JournalRecord moved{.kind = "moved", .path = "new", .from = "old"};
  {
    auto journal = Journal::create(path, to_record(start));
    for (const auto& record : {base(etag, {}), edit(2, "ann-1", TextOperation().retain(5).insert("1")),
                               edit(3, "bea-1", TextOperation().retain(6).insert("2")),
                               edit(4, "ann-2", TextOperation().retain(7).insert("3")), moved})
      (*journal)->append(to_record(record), nullptr);
  }
  KnownEdits known;
  for (auto& one : recover()) known.remember(one);
  EXPECT_EQ(known.all().size(), 3u);
  EXPECT_EQ(known.version_of("a.txt", "ann-2"), 4u);
  EXPECT_EQ(known.version_of("a.txt", "bea-1"), 3u);
  EXPECT_EQ(known.version_of("new/c.txt", "ann-7"), 7u);
}

TEST_F(JournalTest, ARecoveryThatBeginsAgainWritesNothingTwice) {
  put("a.txt", "y;tsz;ttq;");
  const auto etag = home().stat("a.txt")->etag;
  const std::vector<JournalRecord> records{base(etag, "y;tsz;ttq;"),
                                           {.kind = "saved", .document = "d", .version = 1, .etag = etag},
                                           edit(2, "o1", TextOperation().retain(10).insert("y;tsz;ttq;"))};
  // As the program left it, and after somebody put a line before it.
  for (const std::string before : {"", "somebody's line\n"}) {
    put("a.txt", before + "y;tsz;ttq;");
    leave_behind(records);
    recover();
    EXPECT_EQ(get("a.txt"), before + "y;tsz;ttq;y;tsz;ttq;");
    recover();  // it had ended before a new journal was begun
    EXPECT_EQ(get("a.txt"), before + "y;tsz;ttq;y;tsz;ttq;");
    EXPECT_EQ(names(), std::vector<std::string>{"a.txt"});
  }
}

TEST_F(JournalTest, ADeletedFileComesBackWithItsEdits) {
  leave_behind({base("gone", "hello"), edit(2, "o1", TextOperation().retain(5).insert(" world"))});
  recover();
  EXPECT_EQ(get("a.txt"), "hello world");
}

TEST_F(JournalTest, AFileIsReadInTheEncodingThatItHasAndWrittenInTheOneItWasConvertedTo) {
  put("a.txt", "caf\xe9");
  const auto etag = home().stat("a.txt")->etag;
  auto before = base(etag, {});
  before.encoding = protocol::Encoding::latin1;
  JournalRecord converted{.kind = "format", .document = "d"};
  converted.encoding = protocol::Encoding::utf8;
  converted.line_ending = protocol::LineEnding::crlf;
  leave_behind({before, edit(2, "o1", TextOperation().retain(4).insert("s\n")), converted});
  recover();
  EXPECT_EQ(get("a.txt"), "caf\xc3\xa9s\r\n");
}

TEST_F(JournalTest, TheTextOfAFileThatCanNotBeWrittenLiesInTheNearestFolderThatCan) {
  put("a.txt", "a file where a folder was");
  auto lost = base("gone", "hello");
  lost.path = "a.txt/below/b.txt";
  leave_behind({lost, edit(2, "o1", TextOperation().retain(5).insert(" world"))});
  std::string copy;
  for (int round = 0; round < 2; ++round) {  // the second one, as after a death before the new journal
    const auto rescued = recover_documents(path, home(), [](const std::string&) {}).rescued;
    ASSERT_EQ(rescued.size(), 1u);
    EXPECT_EQ(rescued[0].path, "a.txt/below/b.txt");
    EXPECT_FALSE(rescued[0].reason.empty());
    if (round == 0) copy = rescued[0].copy;
    EXPECT_EQ(rescued[0].copy, copy);
  }
  EXPECT_TRUE(copy.starts_with("b (recovered edits ")) << copy;
  EXPECT_EQ(get(copy), "hello world");
  EXPECT_EQ(names().size(), 2u);
}

TEST_F(JournalTest, ContradictoryRecordsChangeNothing) {
  put("a.txt", "hello");
  const auto etag = home().stat("a.txt")->etag;
  leave_behind({edit(2, "o0", TextOperation().insert("no base")),
                base(etag, {}),
                edit(7, "o1", TextOperation().retain(5).insert("a gap")),
                {.kind = "nonsense", .document = "d"}});
  recover();
  EXPECT_EQ(get("a.txt"), "hello");
}

TEST_F(JournalTest, APathOutOfHomeIsNotWritten) {
  auto record = base("gone", "hello");
  record.path = "../outside.txt";
  leave_behind({record, edit(2, "o1", TextOperation().retain(5).insert("!"))});
  recover_documents(path, home(), [](const std::string&) {});
  EXPECT_FALSE(std::filesystem::exists(folder / "outside.txt"));
}

}  // namespace
}  // namespace berth::runner
