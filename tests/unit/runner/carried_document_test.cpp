// SPDX-License-Identifier: GPL-3.0-or-later
// A document that a new journal takes over from the old one: what comes out of it after a crash.
#include "runner/carried_document.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runner/document_recovery.hpp"
#include "runner/journal.hpp"

namespace berth::runner {
namespace {

using protocol::TextOperation;

struct CarriedDocumentTest : testing::Test {
  std::filesystem::path folder;
  Document document{"d", "a.txt", 1, DocumentText("hello")};
  int edits = 0;

  void SetUp() override {
    char name[] = "/tmp/berth-carried-XXXXXX";
    folder = ::mkdtemp(name);
    std::filesystem::create_directories(folder / "home");
    document.found_unchanged(put("hello"));
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  net::HomeFiles home() const { return net::HomeFiles(*net::ConfinedDirectory::open(folder / "home")); }
  /// Its etag.
  std::string put(const std::string& text) const {
    std::ofstream(folder / "home/a.txt") << text;
    return home().stat("a.txt")->etag;
  }
  std::string get() const {
    std::ifstream in(folder / "home/a.txt");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Journalled, as all that is carried is.
  JournalRecord append(const std::string& more) {
    JournalRecord record{.kind = "edit", .document = "d"};
    record.operation_id = "ann-" + std::to_string(++edits);
    record.operation = TextOperation().retain(document.text().units()).insert(more);
    EXPECT_TRUE(document.edit(document.version(), *record.operation, *record.operation_id, "ann"));
    record.version = document.version();
    document.take_journalled();
    return record;
  }
  /// The file is being written with what the document has now.
  void begin_to_write(const std::string& etag) {
    document.writing = Document::Writing{document.version(), document.text(), etag};
  }
  /// Crash and recovery, with these records behind those of the carried document.
  void recover_with(std::vector<JournalRecord> later = {}) const {
    auto journal = Journal::create(folder / "journal", to_record({.kind = "start"}));
    for (const auto& record : CarriedDocument(document).records())
      (*journal)->append(to_record(record), nullptr);
    for (const auto& record : later) (*journal)->append(to_record(record), nullptr);
    journal->reset();
    recover_documents(folder / "journal", home(), [](const std::string& text) { ADD_FAILURE() << text; });
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder / "home"), {}));
  }
};

TEST_F(CarriedDocumentTest, WhatTheFileLacksIsThereAndWhatIsTypedLater) {
  append(" wor");
  append("ld");
  recover_with();
  EXPECT_EQ(get(), "hello world");
  document.found_unchanged(put("hello"));
  // One whose record comes behind, though it is in what was carried, is not applied once more.
  const auto last = append("!");
  auto stray = last;
  stray.version = *stray.version + 5;
  recover_with({last, stray});
  EXPECT_EQ(get(), "hello world!");
  EXPECT_EQ(files(), 1u);
}

TEST_F(CarriedDocumentTest, TheSameHoldsForAFileThatIsBeingWritten) {
  append(" wor");
  for (const bool placed : {false, true}) {
    SCOPED_TRACE(placed);
    document.found_unchanged(put("hello"));
    begin_to_write(placed ? put(document.text().str()) : "never there");
    append("ld");
    recover_with();
    EXPECT_EQ(get(), document.text().str());
    EXPECT_EQ(files(), 1u);
  }
}

TEST_F(CarriedDocumentTest, ThatAWriteCameAboutMayBeToldBehindIt) {
  append(" wor");
  const auto version = document.version();
  const auto etag = put(document.text().str());
  begin_to_write(etag);
  append("ld");
  recover_with({{.kind = "saved", .document = "d", .version = version, .etag = etag}});
  EXPECT_EQ(get(), "hello world");
  EXPECT_EQ(files(), 1u);
}

TEST_F(CarriedDocumentTest, AWriteThatWasNotAnnouncedYetIsUnderstoodWhenItIs) {
  append(" wor");
  const auto written = document.text().str();
  const auto version = document.version();
  document.writing = Document::Writing{version, document.text()};
  append("l");
  auto more = CarriedDocument(document).records();
  const auto last = append("d");
  auto journal = Journal::create(folder / "journal", to_record({.kind = "start"}));
  const auto etag = put(written);
  more.push_back({.kind = "saving", .document = "d", .version = version, .etag = etag});
  more.push_back(last);
  for (const auto& record : more) (*journal)->append(to_record(record), nullptr);
  journal->reset();
  recover_documents(folder / "journal", home(), [](const std::string& text) { ADD_FAILURE() << text; });
  EXPECT_EQ(get(), "hello world");
  EXPECT_EQ(files(), 1u);
}

TEST_F(CarriedDocumentTest, AFileThatAnotherProgramWroteAndThatLacksWhatWasTyped) {
  append(" world");
  // The disk has "HELLO", which was merged: of no version, as it lacks what was typed.
  const auto etag = put("HELLO");
  document.change_by_disk(TextOperation().insert("HELLO").remove(5).retain(6), DocumentText("HELLO world"),
                          false);
  document.agree(DocumentText("HELLO"), std::nullopt, etag, true);
  document.take_journalled();
  recover_with({append("!")});
  EXPECT_EQ(get(), "HELLO world!");
  EXPECT_EQ(files(), 1u);
}

TEST_F(CarriedDocumentTest, AFileThatIsGoneComesBackWhole) {
  const std::string much(600'000, 'm');
  document = Document("d", "a.txt", 1, DocumentText(much));
  document.found_unchanged(put(much));
  append(" and more");
  std::filesystem::remove(folder / "home/a.txt");
  document.deleted = true;
  recover_with();
  EXPECT_TRUE(get() == much + " and more") << get().size();
  EXPECT_EQ(files(), 1u);
}

TEST_F(CarriedDocumentTest, WhatSomebodyElseWroteMeanwhileIsMerged) {
  append(" world");
  put("oh, hello");
  recover_with();
  EXPECT_EQ(get(), "oh, hello world");
}

TEST_F(CarriedDocumentTest, OneThatWasConvertedKnowsWhatItsFileIsIn) {
  document = Document("d", "a.txt", 1, DocumentText("caf\xc3\xa9"));
  document.found_unchanged(put("caf\xe9"));
  document.found_in(Encoding::latin1);
  document.encoding = Encoding::utf8;
  append("s");
  recover_with();
  EXPECT_EQ(get(), "caf\xc3\xa9s");
  EXPECT_EQ(files(), 1u);
}

TEST_F(CarriedDocumentTest, OfALargeTextItSaysOnlyWhatWasTouched) {
  const std::string much(8u << 20, 'm');
  Document large("d", "a.txt", 7, DocumentText(much));
  large.found_unchanged("some etag");
  for (std::int64_t at : {10, 4 << 20, 8 << 20})
    ASSERT_TRUE(large.edit(large.version(),
                           TextOperation().retain(at).insert("x").retain(large.text().units() - at), "",
                           "ann"));
  std::size_t bytes = 0;
  for (const auto& record : CarriedDocument(large).records()) bytes += to_record(record).size();
  EXPECT_LT(bytes, 1000u);
}

}  // namespace
}  // namespace berth::runner
