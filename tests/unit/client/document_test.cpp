// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/document.hpp"

#include <gmock/gmock.h>

#include "fake_documents.hpp"
#include "random_edits.hpp"
#include "text_buffer.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::Document;
using client::Durability;
using protocol::TextOperation;

class DocumentTest : public testing::Test {
 protected:
  void SetUp() override {
    QObject::connect(&document, &Document::loaded, [this](const std::string& text) {
      buffer.text_ = text;
      document.setBuffer(&buffer);
    });
    connection.open();
    document.open();
    ASSERT_TRUE(wait_for([this] { return document.isLoaded(); }));
  }
  void TearDown() override { document.setBuffer(nullptr); }
  void type(std::int64_t at, const std::string& removed, const std::string& inserted) {
    const client::LocalEdit edit{at, removed, inserted,
                                 static_cast<std::int64_t>(protocol::utf16_length(buffer.text_))};
    buffer.text_ = *operation_of(edit).apply(buffer.text_);
    document.typed(edit);
  }
  bool settled() {
    return wait_for([this] { return !document.hasUnsent() && buffer.text_ == documents.text(); });
  }
  /// Drops the connection and waits until the client has noticed.
  void loseConnection() {
    runner.drop();
    ASSERT_TRUE(wait_for([this] { return !connection.online(); }));
  }

  FakeRunner runner;
  FakeDocuments documents{&runner, "alpha\nbeta\ngamma\n"};
  client::WorkspaceConnection connection{runner.dialSource()};
  TextBuffer buffer;
  Document document{&connection, QStringLiteral("project/a.txt")};
};

TEST_F(DocumentTest, TypedTextIsJournalledAndThenOnDisk) {
  EXPECT_EQ(document.durability(), Durability::on_disk);
  type(0, "", "x");
  EXPECT_EQ(document.durability(), Durability::typed);
  ASSERT_TRUE(settled());
  EXPECT_EQ(document.durability(), Durability::journalled);
  runner.notify<protocol::DocumentState>({"doc",
                                          "project/a.txt",
                                          documents.version(),
                                          documents.version(),
                                          protocol::Encoding::utf8,
                                          protocol::LineEnding::lf,
                                          false,
                                          false,
                                          {},
                                          {},
                                          {}});
  EXPECT_TRUE(wait_for([this] { return document.durability() == Durability::on_disk; }));
}

TEST_F(DocumentTest, ATextThatAVersionHoldsIsStoredUntilItChanges) {
  protocol::DocumentState::Params state{"doc",
                                        "project/a.txt",
                                        documents.version(),
                                        documents.version(),
                                        protocol::Encoding::utf8,
                                        protocol::LineEnding::lf,
                                        false,
                                        false,
                                        {},
                                        {},
                                        documents.version()};
  runner.notify<protocol::DocumentState>(state);
  ASSERT_TRUE(wait_for([this] { return document.durability() == Durability::stored; }));
  type(0, "", "x");
  ASSERT_TRUE(settled());
  state.journalled_version = state.disk_version = documents.version();
  runner.notify<protocol::DocumentState>(state);  // the version before is stored, this one is not
  ASSERT_TRUE(wait_for([this] { return document.durability() == Durability::on_disk; }));
  state.stored_version = documents.version();
  runner.notify<protocol::DocumentState>(state);
  EXPECT_TRUE(wait_for([this] { return document.durability() == Durability::stored; }));
}

TEST_F(DocumentTest, OthersChangesAreJournalledAndNotYetInTheFile) {
  documents.edit(TextOperation().insert("x").retain(17));
  ASSERT_TRUE(wait_for([this] { return buffer.text_ == documents.text(); }));
  EXPECT_EQ(document.durability(), Durability::journalled);
  runner.hold(true);
  type(0, "", "y");
  documents.edit(TextOperation().insert("z").retain(18));
  EXPECT_EQ(document.durability(), Durability::typed);
  runner.hold(false);
  ASSERT_TRUE(settled());
  EXPECT_EQ(document.durability(), Durability::journalled);
}

TEST_F(DocumentTest, KeysTypedWhileAnswersAreLateAllArrive) {
  runner.hold(true);
  for (int i = 0; i < 50; ++i) type(i, "", "k");
  wait_for([] { return false; }, 30);
  EXPECT_EQ(document.durability(), Durability::typed);
  runner.hold(false);
  ASSERT_TRUE(settled());
  EXPECT_LE(documents.applied(), 3);  // one in flight, the rest in one
}

TEST_F(DocumentTest, TextTypedWhileDisconnectedArrivesOnce) {
  loseConnection();
  runner.setRefusing(true);
  type(0, "", "offline ");
  type(8, "", "work ");
  runner.setRefusing(false);
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "offline work alpha\nbeta\ngamma\n");
}

TEST_F(DocumentTest, AnEditWhoseAnswerWasLostIsNotAppliedTwice) {
  documents.dropAfterNextEdit();
  type(0, "", "once ");
  type(5, "", "more ");
  ASSERT_TRUE(wait_for([this] { return runner.connections == 2; }));
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "once more alpha\nbeta\ngamma\n");
}

TEST_F(DocumentTest, ChangesMissedDuringADropAreMerged) {
  loseConnection();
  type(0, "", "mine ");
  documents.edit(TextOperation().retain(11).insert("theirs ").retain(6), false);
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "mine alpha\nbeta\ntheirs gamma\n");
}

TEST_F(DocumentTest, ADropIsMendedByTheChangesAlone) {
  type(0, "", "x");
  ASSERT_TRUE(settled());
  const auto texts = documents.textsSent();
  loseConnection();
  documents.edit(TextOperation().retain(18).insert("more\n"), false);
  type(1, "", "y");
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "xyalpha\nbeta\ngamma\nmore\n");
  EXPECT_EQ(documents.textsSent(), texts);
}

TEST_F(DocumentTest, ChangesThatTheRunnerForgotComeAsText) {
  documents.dropAfterNextEdit();
  type(0, "", "once ");
  type(5, "", "more ");
  documents.edit(TextOperation().retain(static_cast<std::int64_t>(documents.text().size())).insert("end\n"),
                 false);
  documents.reopen();
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "once more alpha\nbeta\ngamma\nend\n");
}

TEST_F(DocumentTest, EditsOfOnePlaceMergeInSilenceWhileConnected) {
  runner.hold(true);
  type(6, "beta", "mine");
  documents.edit(TextOperation().retain(6).insert("theirs").remove(4).retain(7));
  runner.hold(false);
  ASSERT_TRUE(settled());
  EXPECT_FALSE(document.inConflict());
  EXPECT_THAT(documents.text(), testing::HasSubstr("mine"));
  EXPECT_THAT(documents.text(), testing::HasSubstr("theirs"));
}

TEST_F(DocumentTest, AShortDropIsNotAskedAbout) {
  loseConnection();
  type(6, "beta", "mine");
  documents.edit(TextOperation().retain(6).insert("theirs").remove(4).retain(7), false);
  ASSERT_TRUE(settled());
  EXPECT_FALSE(document.inConflict());
}

TEST_F(DocumentTest, OnePlaceChangedDuringALongAbsenceIsAskedAbout) {
  runner.setRefusing(true);
  ASSERT_TRUE(wait_for([this] { return !connection.online(); }));
  type(6, "beta", "mine");
  documents.edit(TextOperation().retain(6).insert("theirs").remove(4).retain(7), false);
  wait_for([] { return false; }, 3'200);
  runner.setRefusing(false);
  ASSERT_TRUE(wait_for([this] { return document.inConflict(); }, 20'000));
  EXPECT_EQ(buffer.text_, "alpha\nmine\ngamma\n");
  EXPECT_EQ(document.theirText(), "alpha\ntheirs\ngamma\n");
  EXPECT_EQ(document.durability(), Durability::typed);
  EXPECT_EQ(documents.text(), "alpha\ntheirs\ngamma\n");  // nothing is sent before the answer
  document.keepMine();
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "alpha\nmine\ngamma\n");
}

TEST_F(DocumentTest, ARefusedEditIsSentAgainUnderItsOwnId) {
  documents.refusal = Error{ErrorCode::permission_denied, "You may only look.", {}, {}};
  type(0, "", "x");
  ASSERT_TRUE(wait_for([this] { return !document.problem().isEmpty(); }));
  EXPECT_TRUE(document.hasUnsent());
  documents.refusal.reset();
  document.save();  // what the bar's "Try Again" does
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "xalpha\nbeta\ngamma\n");
  EXPECT_TRUE(document.problem().isEmpty());
}

TEST_F(DocumentTest, AnIdThatTheRunnerKnowsFromAnotherEditIsGivenUp) {
  documents.knowNextId(false);
  type(0, "", "once ");
  type(5, "", "more ");
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "once more alpha\nbeta\ngamma\n");
  EXPECT_EQ(documents.opened(), 1) << "nothing is asked for anew";
}

TEST_F(DocumentTest, AnIdThatTheRunnerKnowsFromAnotherEditIsGivenUpAfterADropToo) {
  for (const bool whole_text : {false, true}) {
    documents.knowNextId(true);
    bool first = true;
    documents.on_edit = [&] {
      if (!std::exchange(first, false) || !whole_text) return;
      documents.edit(TextOperation().retain(18).insert("end\n"), false);
      documents.forgetChanges();
    };
    const auto texts = documents.textsSent();
    type(0, "", "x");
    ASSERT_TRUE(settled()) << buffer.text_ << " and " << documents.text();
    EXPECT_EQ(documents.textsSent(), texts + (whole_text ? 1 : 0));
    documents.on_edit = nullptr;
  }
  EXPECT_EQ(documents.text(), "xxalpha\nbeta\ngamma\nend\n");
}

TEST_F(DocumentTest, AnEditThatIsOverIsSentUnderAnotherId) {
  int edits = 0;
  documents.on_edit = [&] {
    documents.refusal.reset();
    if (++edits == 1)
      documents.refusal = Error{ErrorCode::conflict, "A later edit of this author was applied.", {}, {}};
  };
  type(0, "", "x");
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "xalpha\nbeta\ngamma\n");
  EXPECT_EQ(edits, 2);
  EXPECT_TRUE(document.problem().isEmpty());
}

TEST_F(DocumentTest, AFileThatWasMovedDuringADropIsFollowed) {
  QStringList told;
  QObject::connect(&document, &Document::pathChanged, [&] { told.append(document.path()); });
  loseConnection();
  documents.moveTo("project/moved/b.txt");
  type(0, "", "x");
  ASSERT_TRUE(settled());
  EXPECT_EQ(told, QStringList{QStringLiteral("project/moved/b.txt")});
}

TEST_F(DocumentTest, AFileThatIsGoneAfterADropCanBeWrittenAgain) {
  documents.missing = true;
  loseConnection();
  type(0, "", "kept ");
  ASSERT_TRUE(wait_for([this] { return document.isDeleted(); }));
  EXPECT_EQ(buffer.text_, "kept alpha\nbeta\ngamma\n");
  document.save();
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "kept alpha\nbeta\ngamma\n");
  EXPECT_FALSE(document.isDeleted());
}

TEST_F(DocumentTest, TextThatAChangeOnDiskTookAwayIsShown) {
  std::optional<client::DiskRemoval> removal;
  QObject::connect(&document, &Document::removedOnDisk,
                   [&](const client::DiskRemoval& one) { removal = one; });
  documents.edit(TextOperation().insert("new\n").retain(17), true, "disk");
  documents.edit(TextOperation().retain(10).remove(5).retain(6), true, "disk");
  ASSERT_TRUE(wait_for([&] { return removal.has_value(); }));
  EXPECT_EQ(removal->before, "new\nalpha\nbeta\ngamma\n");
  EXPECT_EQ(removal->lines, 1);
  EXPECT_EQ(buffer.text_, "new\nalpha\ngamma\n");
}

TEST_F(DocumentTest, WhatTheDiskTookAwayDuringADropIsShownToo) {
  std::optional<client::DiskRemoval> removal;
  QObject::connect(&document, &Document::removedOnDisk,
                   [&](const client::DiskRemoval& one) { removal = one; });
  loseConnection();
  documents.edit(TextOperation().remove(6).retain(11), false, "disk");
  ASSERT_TRUE(wait_for([&] { return removal.has_value(); }));
  EXPECT_EQ(removal->before, "alpha\nbeta\ngamma\n");
  EXPECT_EQ(buffer.text_, "beta\ngamma\n");
}

TEST_F(DocumentTest, ClosedWhileOfflineItsTextStillArrives) {
  auto* second = new Document(&connection, QStringLiteral("project/a.txt"));
  TextBuffer other;
  QObject::connect(second, &Document::loaded, [&](const std::string& text) {
    other.text_ = text;
    second->setBuffer(&other);
  });
  second->open();
  ASSERT_TRUE(wait_for([&] { return second->isLoaded(); }));
  loseConnection();
  const client::LocalEdit edit{0, "", "late ", static_cast<std::int64_t>(other.text_.size())};
  other.text_ = "late " + other.text_;
  second->typed(edit);
  const QPointer<Document> guard(second);
  second->close();
  EXPECT_TRUE(wait_for([&] { return guard.isNull(); }, 20'000));
  EXPECT_EQ(documents.text(), "late alpha\nbeta\ngamma\n");
}

TEST_F(DocumentTest, ARestartedRunnerGetsWhatItLacks) {
  type(0, "", "a");
  ASSERT_TRUE(settled());
  runner.forgetSession();
  documents.reopen();
  loseConnection();
  type(1, "", "b");
  ASSERT_TRUE(settled());
  EXPECT_EQ(documents.text(), "abalpha\nbeta\ngamma\n");
}

TEST_F(DocumentTest, RandomEditsSurviveRandomDrops) {
  std::mt19937 random(17);
  QObject::connect(&document, &Document::stateChanged, &document, [&] {
    if (document.inConflict())
      QMetaObject::invokeMethod(&document, [this] { document.keepMine(); }, Qt::QueuedConnection);
  });
  for (int i = 0; i < 120; ++i) {
    const auto edit = random_edit(random, buffer.text_);
    buffer.text_ = *operation_of(edit).apply(buffer.text_);
    document.typed(edit);
    if (random() % 6 == 0) documents.edit(operation_of(random_edit(random, documents.text())), random() % 2);
    if (random() % 15 == 0) runner.drop();
    if (random() % 10 == 0) documents.dropAfterNextEdit();
    if (random() % 20 == 0) documents.forgetChanges();
    if (random() % 30 == 0) documents.reopen();
    wait_for([] { return false; }, static_cast<int>(random() % 4));
  }
  // A change that nobody was told of shows at the next edit or reconnection.
  runner.drop();
  wait_for([this] { return !connection.online(); });
  EXPECT_TRUE(wait_for([this] { return !document.hasUnsent() && buffer.text_ == documents.text(); }, 10'000))
      << "mine: " << buffer.text_ << "\nserver: " << documents.text();
}

}  // namespace
}  // namespace berth::test
