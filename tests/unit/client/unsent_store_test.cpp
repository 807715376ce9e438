// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/unsent_store.hpp"

#include <gmock/gmock.h>

#include <QDir>
#include <QFile>
#include <QSemaphore>
#include <QTemporaryDir>

#include "client/core/document.hpp"
#include "fake_documents.hpp"
#include "kept_record.hpp"
#include "random_edits.hpp"
#include "text_buffer.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using client::Document;
using client::name_for_person;
using client::RestoredEdits;
using client::UnsentRecord;
using client::UnsentStore;
using protocol::TextOperation;

UnsentRecord record_of(const std::string& path) {
  UnsentRecord record{"ws", path, "doc", 1, 1, {}, {}, {}};
  record.edits = {7, {}, {{TextOperation().insert("x").retain(4), ""}}};
  return record;
}

class UnsentStoreTest : public testing::Test {
 protected:
  QStringList list(UnsentStore& store) {
    std::optional<QStringList> paths;
    store.list(QStringLiteral("ws"), &context, [&](Result<QStringList> got) { paths = *got; });
    EXPECT_TRUE(wait_for([&] { return paths.has_value(); }));
    return paths.value_or(QStringList());
  }
  std::optional<RestoredEdits> take(UnsentStore& store, const QString& path) {
    std::optional<std::optional<RestoredEdits>> taken;
    store.take(QStringLiteral("ws"), path, &context,
               [&](Result<std::optional<RestoredEdits>> got) { taken = got ? *got : std::nullopt; });
    EXPECT_TRUE(wait_for([&] { return taken.has_value(); }));
    return taken.value_or(std::nullopt);
  }
  Result<void> write(UnsentStore& store, const QString& name, const UnsentRecord& record,
                     std::function<std::optional<std::string>()> text) {
    std::optional<Result<void>> done;
    store.write(name, record, std::move(text), &context, [&](Result<void> result) { done = result; });
    EXPECT_TRUE(wait_for([&] { return done.has_value(); }));
    return done.value_or(Result<void>());
  }
  QStringList files() { return QDir(folder.filePath(QStringLiteral("unsent"))).entryList(QDir::Files); }

  QTemporaryDir folder;
  QObject context;
  QString place = folder.filePath(QStringLiteral("unsent"));
};

TEST_F(UnsentStoreTest, WhatWasKeptIsTakenOverWithItsText) {
  auto first = std::make_unique<UnsentStore>(place);
  const auto name = first->newName(QStringLiteral("ws"));
  ASSERT_TRUE(write(*first, name, record_of("a.txt"), [] { return "text"; }));
  auto later = record_of("a.txt");
  later.advance = TextOperation().retain(4).insert("!");
  ASSERT_TRUE(write(*first, name, later, {}));  // the text stays
  EXPECT_TRUE(list(*first).isEmpty());          // it is in use
  EXPECT_FALSE(take(*first, QStringLiteral("a.txt")));
  first.reset();

  UnsentStore second(place);
  EXPECT_EQ(list(second), QStringList{QStringLiteral("a.txt")});
  EXPECT_FALSE(take(second, QStringLiteral("b.txt")));
  const auto taken = take(second, QStringLiteral("a.txt"));
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->base, "text!");
  EXPECT_EQ(taken->record.edits.version, 7u);
  EXPECT_EQ(taken->record.edits.waiting.at(0).operation, TextOperation().insert("x").retain(4));
  EXPECT_FALSE(take(second, QStringLiteral("a.txt")));  // once
  second.remove(taken->name, &context, {});
  second.wait();
  EXPECT_THAT(files(), testing::Each(testing::ResultOf(
                           [](const QString& file) { return file.endsWith(QLatin1String(".lock")); }, true)));
}

TEST_F(UnsentStoreTest, OnlyTheOwnerReadsTheFiles) {
  UnsentStore store(place);
  ASSERT_TRUE(write(store, store.newName(QStringLiteral("ws")), record_of("a"), [] { return "text"; }));
  EXPECT_EQ(files().size(), 3);
  const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
  EXPECT_FALSE(QFile(place).permissions() & (others | QFile::ExeGroup | QFile::ExeOther));
  for (const auto& file : files())
    EXPECT_FALSE(QFile(place + QLatin1Char('/') + file).permissions() & others) << file.toStdString();
}

TEST_F(UnsentStoreTest, ARunningProgramsRecordsAreLeftAlone) {
  UnsentStore writer(place);  // another open description of its lock stands for another program
  ASSERT_TRUE(write(writer, writer.newName(QStringLiteral("ws")), record_of("a.txt"), [] { return "text"; }));
  UnsentStore reader(place);
  EXPECT_TRUE(list(reader).isEmpty());
  EXPECT_FALSE(take(reader, QStringLiteral("a.txt")));
}

TEST_F(UnsentStoreTest, TextsOfAWorkspaceThatIsGoneBecomeFiles) {
  {
    UnsentStore store(place);
    for (const auto* path : {"notes/a.txt", "notes/a.txt", "b.txt"})
      ASSERT_TRUE(
          write(store, store.newName(QStringLiteral("ada-gone")), record_of(path), [] { return "text"; }));
    for (const auto* workspace : {"ada-there", "grace-gone"})
      ASSERT_TRUE(
          write(store, store.newName(QLatin1String(workspace)), record_of("c.txt"), [] { return "text"; }));
  }
  UnsentStore store(place);
  const auto used = store.newName(QStringLiteral("ada-used"));
  ASSERT_TRUE(write(store, used, record_of("d.txt"), [] { return "text"; }));
  QStringList workspaces;
  store.workspaces(QStringLiteral("ada-"), &context, [&](Result<QStringList> got) { workspaces = *got; });
  ASSERT_TRUE(wait_for([&] { return !workspaces.isEmpty(); }));
  workspaces.sort();
  EXPECT_EQ(workspaces, (QStringList{QStringLiteral("ada-gone"), QStringLiteral("ada-there")}));

  const auto before = this->files().size();
  const auto target = folder.filePath(QStringLiteral("for me/texts"));
  QStringList made;
  store.keepAsFiles(QStringLiteral("ada-gone"), target, &context,
                    [&](Result<UnsentStore::Kept> got) { made = got ? got->files : QStringList(); });
  ASSERT_TRUE(wait_for([&] { return !made.isEmpty(); }));
  EXPECT_EQ(made.size(), 3);
  EXPECT_EQ(QSet<QString>(made.begin(), made.end()).size(), 3) << "each has a name of its own";
  for (const auto& path : made) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(file.readAll(), QByteArray("xtext"));
    EXPECT_EQ(QFileInfo(path).path(), target);
    EXPECT_FALSE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther));
  }
  EXPECT_EQ(files().size(), before - 6) << "their records and texts are gone, the others' are not";
}

TEST_F(UnsentStoreTest, ADamagedRecordDoesNotKeepTheOthersFromBecomingFiles) {
  {
    UnsentStore store(place);
    for (const auto* path : {"damaged.txt", "whole.txt"})
      ASSERT_TRUE(
          write(store, store.newName(QStringLiteral("gone")), record_of(path), [] { return "text"; }));
  }
  const auto damage = [&](const char* path) {
    for (const auto& name : files()) {
      QFile file(place + QLatin1Char('/') + name);
      if (!name.endsWith(QLatin1String(".json")) || !file.open(QIODevice::ReadOnly)) continue;
      if (file.readAll().contains(path)) {
        EXPECT_TRUE(QFile::resize(file.fileName(), 20));
      }
    }
  };
  UnsentStore store(place);
  const auto target = folder.filePath(QStringLiteral("for me"));
  const auto keep = [&] {
    std::optional<Result<UnsentStore::Kept>> kept;
    store.keepAsFiles(QStringLiteral("gone"), target, &context,
                      [&](Result<UnsentStore::Kept> got) { kept = std::move(got); });
    EXPECT_TRUE(wait_for([&] { return kept.has_value(); }));
    return *kept;
  };
  damage("damaged.txt");
  const auto some = keep();
  ASSERT_TRUE(some);
  ASSERT_EQ(some->files.size(), 1);
  EXPECT_TRUE(some->files[0].endsWith(QStringLiteral("whole.txt")));
  EXPECT_THAT(some->problem.toStdString(), testing::HasSubstr("damaged"));
  EXPECT_EQ(files().filter(QStringLiteral(".json")).size(), 1) << "the damaged one stays";
  const auto none = keep();
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, testing::HasSubstr("damaged"));
}

TEST(NameForPerson, IsShortEnoughForAFileAndWholeCharacters) {
  EXPECT_EQ(name_for_person(QStringLiteral("src/main.py")), QStringLiteral("src_main.py"));
  const auto name =
      name_for_person(QStringLiteral("x/") + QString(200, QChar(0x6f22)) + QStringLiteral("ab.py"));
  EXPECT_LE(name.toUtf8().size(), 180);
  EXPECT_GT(name.toUtf8().size(), 170);
  EXPECT_TRUE(name.endsWith(QStringLiteral("ab.py")));
  EXPECT_EQ(name.front(), QChar(0x6f22)) << "no part of a character";
}

TEST_F(UnsentStoreTest, AFolderThatCantBeWrittenIsSaid) {
  QFile blocked(place);
  ASSERT_TRUE(blocked.open(QIODevice::WriteOnly));  // a file where the folder should be
  UnsentStore store(place);
  const auto done = write(store, store.newName(QStringLiteral("ws")), record_of("a"), [] { return "text"; });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, testing::HasSubstr("can't be kept on this device"));
}

TEST_F(UnsentStoreTest, ADamagedRecordIsNotTaken) {
  {
    UnsentStore store(place);
    ASSERT_TRUE(write(store, store.newName(QStringLiteral("ws")), record_of("a"), [] { return "text"; }));
  }
  for (const auto& file : files())
    if (file.endsWith(QLatin1String(".json"))) QFile::resize(place + QLatin1Char('/') + file, 20);
  UnsentStore store(place);
  EXPECT_TRUE(list(store).isEmpty());
  EXPECT_FALSE(take(store, QStringLiteral("a")));
}

/// A document with its editor and its place on disk: a window. crash() leaves what stands on the disk.
struct Window {
  Window(FakeRunner& runner, const QString& place, bool connects = true)
      : place(place), store(std::make_shared<UnsentStore>(place)), connection(runner.dialSource()) {
    document = std::make_unique<Document>(&connection, QStringLiteral("project/a.txt"));
    document->keepUnsentIn(store, QStringLiteral("ws"));
    QObject::connect(document.get(), &Document::loaded, [this](const std::string& text) {
      buffer.text_ = text;
      document->setBuffer(&buffer);
    });
    if (connects) connection.open();
    document->open();
  }
  void type(std::int64_t at, const std::string& inserted) {
    const client::LocalEdit edit{
        at, {}, inserted, static_cast<std::int64_t>(protocol::utf16_length(buffer.text_))};
    buffer.text_ = *operation_of(edit).apply(buffer.text_);
    document->typed(edit);
  }
  /// As Scintilla does it: told of before the text is changed.
  void remove(std::int64_t at, const std::string& removed) {
    const client::LocalEdit edit{
        at, removed, {}, static_cast<std::int64_t>(protocol::utf16_length(buffer.text_))};
    document->typed(edit);
    buffer.text_ = *operation_of(edit).apply(buffer.text_);
  }
  bool loaded() {
    return wait_for([this] { return document->isLoaded(); });
  }
  /// On the disk, with the last key.
  bool kept(int changes, int milliseconds = 20'000) {
    return wait_for([&] { return has_record_of(place, changes); }, milliseconds);
  }
  QString place;
  std::shared_ptr<UnsentStore> store;
  client::WorkspaceConnection connection;
  TextBuffer buffer;
  std::unique_ptr<Document> document;
};

class KeptTextTest : public testing::Test {
 protected:
  /// The records of all windows, whether their programs run or not.
  QFileInfoList records() { return QDir(place).entryInfoList({QStringLiteral("*.json")}, QDir::Files); }
  /// What a kill -9 leaves: the files as they are now, without their program.
  QString afterKill() {
    const auto copy = folder.filePath(QStringLiteral("copy-%1").arg(++copies));
    QDir().mkpath(copy);
    for (const auto& file : QDir(place).entryList(QDir::Files))
      if (!file.endsWith(QLatin1String(".lock")))
        QFile::copy(place + QLatin1Char('/') + file, copy + QLatin1Char('/') + file);
    return copy;
  }
  QTemporaryDir folder;
  QString place = folder.filePath(QStringLiteral("unsent"));
  int copies = 0;
  FakeRunner runner;
  FakeDocuments documents{&runner, "alpha\n"};
};

TEST_F(KeptTextTest, NothingIsWrittenWhileAllArrives) {
  Window window(runner, place);
  ASSERT_TRUE(window.loaded());
  for (int i = 0; i < 20; ++i) window.type(i, "k");
  ASSERT_TRUE(wait_for([&] { return !window.document->hasUnsent(); }));
  window.store->wait();
  EXPECT_FALSE(QDir(place).exists());
}

TEST_F(KeptTextTest, TextTypedOfflineSurvivesAKillAndArrivesOnce) {
  QString left;
  {
    Window window(runner, place);
    ASSERT_TRUE(window.loaded());
    runner.setRefusing(true);
    ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
    window.type(0, "one ");
    window.type(4, "two ");
    ASSERT_TRUE(window.kept(2));
    left = afterKill();
  }
  documents.edit(TextOperation().retain(6).insert("omega\n"), false);
  Window again(runner, left, false);
  ASSERT_TRUE(again.loaded());  // without a connection
  EXPECT_EQ(again.buffer.text_, "one two alpha\n");
  EXPECT_EQ(again.document->restoredFrom(), "alpha\n");
  EXPECT_EQ(again.document->unsentChanges(), 2);
  again.type(0, "more ");
  runner.setRefusing(false);
  again.connection.open();
  ASSERT_TRUE(wait_for([&] { return !again.document->hasUnsent(); }, 20'000));
  EXPECT_EQ(documents.text(), "more one two alpha\nomega\n");
  EXPECT_EQ(again.buffer.text_, documents.text());
  EXPECT_TRUE(wait_for(
      [&] { return QDir(left).entryList({QStringLiteral("*.json"), QStringLiteral("*.text")}).isEmpty(); }));
}

TEST_F(KeptTextTest, ADeletionThatIsToldBeforeItIsMadeIsKept) {
  QString left;
  {
    Window window(runner, place);
    ASSERT_TRUE(window.loaded());
    runner.setRefusing(true);
    ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
    window.remove(4, "a");
    ASSERT_TRUE(window.kept(1));
    EXPECT_TRUE(window.document->keepProblem().isEmpty());
    window.type(0, "one ");
    ASSERT_TRUE(window.kept(2));
    left = afterKill();
  }
  Window again(runner, left, false);
  ASSERT_TRUE(again.loaded());
  EXPECT_EQ(again.buffer.text_, "one alph\n");
  EXPECT_EQ(again.document->restoredFrom(), "alpha\n");
  runner.setRefusing(false);
  again.connection.open();
  ASSERT_TRUE(wait_for([&] { return !again.document->hasUnsent(); }, 20'000));
  EXPECT_EQ(documents.text(), "one alph\n");
}

TEST_F(KeptTextTest, ATextThatDoesNotFitIsNotWrittenAndTriedAgain) {
  auto store = std::make_shared<UnsentStore>(place);
  int asked = 0;
  client::UnsentKeeper keeper({[] {},
                               [] {
                                 auto record = record_of("a.txt");
                                 return client::UnsentKeeper::Now{QStringLiteral("a.txt"), "doc",
                                                                  std::move(record.edits)};
                               },
                               [&]() -> std::function<std::optional<std::string>()> {
                                 if (++asked == 1) return [] { return std::nullopt; };
                                 return [] { return "text"; };
                               }});
  keeper.setPlace(store, QStringLiteral("ws"));
  keeper.keep();
  EXPECT_EQ(asked, 0);  // not before the editor has made its change
  ASSERT_TRUE(wait_for([&] { return !keeper.problem().isEmpty(); }));
  EXPECT_FALSE(keeper.isKept());
  EXPECT_TRUE(QDir(place).entryList({QStringLiteral("*.json"), QStringLiteral("*.text")}).isEmpty());
  bool told = false;
  keeper.whenKept([&] { told = true; });
  EXPECT_EQ(asked, 1);
  ASSERT_TRUE(wait_for([&] { return told; }));
  EXPECT_EQ(asked, 2);
  EXPECT_TRUE(keeper.isKept());
  EXPECT_EQ(QDir(place).entryList({QStringLiteral("*.json"), QStringLiteral("*.text")}).size(), 2);
}

// Whoever takes a record over makes of it what was not sent: so nothing is sent behind one that can't be
// told.
TEST_F(KeptTextTest, ARecordThatCantBeWrittenIsGoneBeforeAnythingIsSent) {
  Window window(runner, place);
  ASSERT_TRUE(window.loaded());
  runner.setRefusing(true);
  ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
  window.type(0, "one ");
  ASSERT_TRUE(window.kept(1));
  const auto record = records().value(0).filePath();
  ASSERT_TRUE(QDir().mkpath(record + QStringLiteral(".new")));  // in the way of the next
  window.type(4, "two ");
  ASSERT_TRUE(wait_for([&] { return !window.document->keepProblem().isEmpty(); }, 20'000));
  EXPECT_FALSE(window.document->isKept());
  EXPECT_TRUE(QFile::exists(record)) << "while nothing is sent the older one is better than none";
  int edits = 0;
  documents.on_edit = [&] {
    ++edits;
    EXPECT_TRUE(records().isEmpty());
  };
  runner.setRefusing(false);
  window.connection.retryNow();
  ASSERT_TRUE(wait_for([&] { return !window.document->hasUnsent(); }, 20'000));
  EXPECT_GT(edits, 0);
  EXPECT_EQ(documents.text(), "one two alpha\n");
}

// As after a restored backup of this machine.
TEST_F(KeptTextTest, ARecordOlderThanWhatWasSentIsAskedAboutAndGoesOn) {
  QString left;
  {
    Window window(runner, place);
    ASSERT_TRUE(window.loaded());
    runner.setRefusing(true);
    ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
    window.type(0, "one ");
    ASSERT_TRUE(window.kept(1));
    left = afterKill();
    window.type(4, "two ");
    runner.setRefusing(false);
    window.connection.retryNow();
    ASSERT_TRUE(wait_for([&] { return !window.document->hasUnsent(); }, 20'000));
  }
  ASSERT_EQ(documents.text(), "one two alpha\n");
  const auto opened = documents.opened();
  Window again(runner, left);
  ASSERT_TRUE(wait_for([&] { return again.document->inConflict(); }, 20'000));
  again.document->keepMine();
  ASSERT_TRUE(wait_for([&] { return !again.document->hasUnsent(); }, 20'000));
  EXPECT_EQ(documents.text(), "one alpha\n");
  EXPECT_EQ(again.buffer.text_, documents.text());
  EXPECT_EQ(documents.opened(), opened + 1);
}

// What a key costs is a turn of the event loop and the disk's time, whatever was typed before.
TEST_F(KeptTextTest, AKeyAfterAPauseIsWrittenAtOnce) {
  Window window(runner, place);
  ASSERT_TRUE(window.loaded());
  runner.setRefusing(true);
  ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
  for (int key = 1; key <= 3; ++key) {
    window.type(0, "k");
    QElapsedTimer since;
    since.start();
    QCoreApplication::processEvents();
    window.store->wait();
    const auto passed = since.elapsed();
    EXPECT_TRUE(window.kept(key, 0)) << "key " << key << ", " << passed << " ms later";
    wait_for([] { return false; }, static_cast<int>(client::UnsentKeeper::longest_pause.count()) + 50);
  }
}

TEST(UnsentKeeperPauses, AreAsLongAsTheDiskTakesWithinTheirBounds) {
  using client::UnsentKeeper;
  using std::chrono::milliseconds;
  EXPECT_EQ(UnsentKeeper::pauseAfter(milliseconds(0)), UnsentKeeper::shortest_pause);
  EXPECT_EQ(UnsentKeeper::pauseAfter(milliseconds(60)), milliseconds(120));
  EXPECT_EQ(UnsentKeeper::pauseAfter(milliseconds(5'000)), UnsentKeeper::longest_pause);
}

// The edit is still being written to a slow disk when the connection drops and the runner's whole text comes.
TEST_F(KeptTextTest, WhatWaitsAgainWhileItIsWrittenIsSent) {
  Window window(runner, place);
  ASSERT_TRUE(window.loaded());
  runner.setRefusing(true);
  ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
  window.type(0, "one ");
  ASSERT_TRUE(window.kept(1));
  QSemaphore disk;
  window.store->write(window.store->newName(QStringLiteral("ws")), record_of("other"),
                      [&disk] {
                        disk.acquire();
                        return "text";
                      },
                      &window.connection, {});
  runner.setRefusing(false);
  window.connection.retryNow();
  const auto opened = documents.opened();
  EXPECT_TRUE(wait_for([&] { return documents.opened() > opened; }));
  wait_for([] { return false; }, 200);  // its answer is worked in
  EXPECT_EQ(documents.applied(), 0);
  documents.reopen();
  runner.drop();
  EXPECT_TRUE(wait_for([&] { return documents.opened() > opened + 1; }, 20'000));
  wait_for([] { return false; }, 200);
  disk.release();
  EXPECT_TRUE(wait_for([&] { return !window.document->hasUnsent(); }));
  EXPECT_EQ(documents.text(), "one alpha\n");
  EXPECT_EQ(documents.applied(), 1);
}

// The program dies at any moment of a bad line: what was kept is applied once, whatever the runner had of it.
TEST_F(KeptTextTest, AKillAtAnyMomentAppliesNothingTwice) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    place = folder.filePath(QStringLiteral("unsent-%1").arg(seed));  // nothing of the round before
    QString left;
    const auto stamp = "<" + std::to_string(seed) + ">";
    std::string typed;
    {
      Window window(runner, place);
      ASSERT_TRUE(window.loaded());
      runner.setRefusing(true);
      ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
      window.type(0, stamp);
      ASSERT_TRUE(window.kept(1));
      if (random() % 2) documents.dropAfterNextEdit();
      runner.setRefusing(false);
      window.connection.retryNow();
      const auto turns = static_cast<int>(random() % 60);
      wait_for([] { return false; }, turns);
      left = afterKill();
      runner.drop();
    }
    if (random() % 3 == 0) documents.reopen();
    const auto text = documents.text();
    Window again(runner, left);
    ASSERT_TRUE(again.loaded());
    ASSERT_TRUE(wait_for([&] { return again.connection.online() && !again.document->hasUnsent(); }, 20'000));
    if (again.document->inConflict()) again.document->keepBoth();
    ASSERT_TRUE(wait_for([&] { return again.buffer.text_ == documents.text(); })) << "seed " << seed;
    const auto first = documents.text().find(stamp);
    ASSERT_NE(first, std::string::npos) << "seed " << seed << ": " << documents.text();
    ASSERT_EQ(documents.text().find(stamp, first + 1), std::string::npos)
        << "seed " << seed << ": " << documents.text();
  }
}

TEST_F(KeptTextTest, ALongWaitForAnAnswerIsKeptToo) {
  Window window(runner, place);
  ASSERT_TRUE(window.loaded());
  runner.hold(true);
  window.type(0, "slow ");
  ASSERT_TRUE(wait_for([&] { return window.document->isKept(); }, 5'000));
  EXPECT_TRUE(window.connection.online());
  runner.hold(false);
  ASSERT_TRUE(wait_for([&] { return !window.document->hasUnsent() && !window.document->isKept(); }));
  EXPECT_EQ(documents.text(), "slow alpha\n");
}

TEST_F(KeptTextTest, AWindowClosedOfflineLeavesItsTextForTheNext) {
  {
    Window window(runner, place);
    ASSERT_TRUE(window.loaded());
    runner.setRefusing(true);
    ASSERT_TRUE(wait_for([&] { return !window.connection.online(); }));
    window.type(0, "closed ");
    window.document->close();
  }
  Window again(runner, place, false);
  ASSERT_TRUE(again.loaded());
  EXPECT_EQ(again.buffer.text_, "closed alpha\n");
}

}  // namespace
}  // namespace berth::test
