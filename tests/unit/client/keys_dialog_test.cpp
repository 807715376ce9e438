// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as a person chooses, finds and reads them; what the program says of itself.
#include "client/desktop/keys_dialog.hpp"

#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeWidget>

#include "client/desktop/about_dialog.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/key_chords.hpp"
#include "client/desktop/key_field.hpp"
#include "client/desktop/keys_reference.hpp"
#include "protocol/version.hpp"

namespace berth::test {
namespace {

using namespace desktop;

constexpr auto with_ctrl = Qt::ControlModifier;

class KeysDialogTest : public testing::Test {
 protected:
  void SetUp() override {
    QSettings().clear();
    Q_EMIT KeyBindings::instance()->changed();
  }
  void TearDown() override { SetUp(); }
  template <class Widget>
  static Widget* part(QWidget* of, const char* name) {
    auto* found = of->findChild<Widget*>(QLatin1String(name));
    EXPECT_TRUE(found) << name;
    return found;
  }
  static QStringList titles(const QTreeWidget* list) {
    QStringList all;
    for (int i = 0; i < list->topLevelItemCount(); ++i) all.append(list->topLevelItem(i)->text(0));
    return all;
  }
};

TEST_F(KeysDialogTest, TakesOneKeyOrTwoInARow) {
  KeyField field(QStringLiteral("New key"));
  field.show();
  int taken = 0;
  QObject::connect(&field, &KeyField::taken, [&] { ++taken; });
  QTest::keyClick(&field, Qt::Key_Return);
  EXPECT_EQ(taken, 0) << "there is nothing to take";
  QTest::keyClick(&field, Qt::Key_Control, with_ctrl);
  EXPECT_TRUE(field.keySequence().isEmpty());
  QTest::keyClick(&field, Qt::Key_K, with_ctrl);
  EXPECT_EQ(field.keySequence(), QKeySequence(QStringLiteral("Ctrl+K")));
  QTest::keyClick(&field, Qt::Key_S, with_ctrl);
  EXPECT_EQ(field.keySequence(), QKeySequence(QStringLiteral("Ctrl+K, Ctrl+S")));
  QTest::keyClick(&field, Qt::Key_Return);
  EXPECT_EQ(taken, 1);
  QTest::keyClick(&field, Qt::Key_F6);
  EXPECT_EQ(field.keySequence(), QKeySequence(Qt::Key_F6)) << "a third begins anew";
  QTest::keyClick(&field, Qt::Key_Escape);
  EXPECT_TRUE(field.keySequence().isEmpty());
  EXPECT_EQ(field.accessibleName(), QStringLiteral("New key"));
}

TEST_F(KeysDialogTest, ACommandGetsTwoKeysInARowOrOneMore) {
  KeysDialog dialog;
  dialog.show();
  auto* list = part<QTreeWidget>(&dialog, "keys");
  auto* key = part<KeyField>(&dialog, "newKey");
  part<QLineEdit>(&dialog, "findKey")->setText(QStringLiteral("Quit"));
  ASSERT_EQ(titles(list), QStringList{QStringLiteral("Quit")});
  QTest::keyClick(key, Qt::Key_K, with_ctrl);
  QTest::keyClick(key, Qt::Key_F12);
  EXPECT_EQ(part<QLabel>(&dialog, "keyTold")->text(), QStringLiteral("Nothing else has this key."));
  part<QPushButton>(&dialog, "addKey")->click();
  const auto* bindings = KeyBindings::instance();
  const QList<QKeySequence> both{QKeySequence(QStringLiteral("Ctrl+Q")),
                                 QKeySequence(QStringLiteral("Ctrl+K, F12"))};
  EXPECT_EQ(bindings->keys(QStringLiteral("window.quit")), both);
  EXPECT_TRUE(key->keySequence().isEmpty());
  QTest::keyClick(key, Qt::Key_K, with_ctrl);
  QTest::keyClick(key, Qt::Key_F11);
  QTest::keyClick(key, Qt::Key_Return);
  EXPECT_EQ(bindings->keys(QStringLiteral("window.quit")),
            QList<QKeySequence>{QKeySequence(QStringLiteral("Ctrl+K, F11"))});
}

TEST_F(KeysDialogTest, CommandsAreFoundByPressingTheirKeys) {
  KeysDialog dialog;
  dialog.show();
  auto* list = part<QTreeWidget>(&dialog, "keys");
  const auto all = list->topLevelItemCount();
  part<QToolButton>(&dialog, "findByKey")->click();
  auto* pressed = part<KeyField>(&dialog, "pressedKey");
  EXPECT_TRUE(pressed->isVisible());
  QTest::keyClick(pressed, Qt::Key_K, with_ctrl);
  EXPECT_TRUE(titles(list).contains(QStringLiteral("Choose Keys"))) << "whose keys begin with it";
  EXPECT_GT(list->topLevelItemCount(), 3);
  EXPECT_LT(list->topLevelItemCount(), all / 2);
  QTest::keyClick(pressed, Qt::Key_S, with_ctrl);
  EXPECT_EQ(titles(list), QStringList{QStringLiteral("Choose Keys")});
  QTest::keyClick(pressed, Qt::Key_Escape);
  EXPECT_EQ(list->topLevelItemCount(), all);
  part<QToolButton>(&dialog, "findByKey")->click();
  EXPECT_TRUE(part<QLineEdit>(&dialog, "findKey")->isVisible());
}

TEST_F(KeysDialogTest, CommandsInEachOthersWayAreTold) {
  KeysDialog dialog;
  dialog.show();
  auto* list = part<QTreeWidget>(&dialog, "keys");
  auto* conflicts = part<QPushButton>(&dialog, "keyConflicts");
  EXPECT_FALSE(conflicts->isVisible()) << conflicts->text().toStdString() << ", as usual";
  // Before it is taken, and after.
  part<QLineEdit>(&dialog, "findKey")->setText(QStringLiteral("Quit"));
  QTest::keyClick(part<KeyField>(&dialog, "newKey"), Qt::Key_K, with_ctrl);
  EXPECT_TRUE(part<QLabel>(&dialog, "keyTold")
                  ->text()
                  .contains(QStringLiteral("“Choose Keys” (Ctrl+K, Ctrl+S) begins with this key")));
  part<QPushButton>(&dialog, "setKey")->click();
  EXPECT_TRUE(conflicts->isVisible());
  part<QLineEdit>(&dialog, "findKey")->clear();
  conflicts->click();
  const auto shown = titles(list);
  EXPECT_TRUE(shown.contains(QStringLiteral("Quit")));
  EXPECT_TRUE(shown.contains(QStringLiteral("Choose Keys")));
  EXPECT_FALSE(shown.contains(QStringLiteral("Settings")));
  for (int i = 0; i < list->topLevelItemCount(); ++i)
    EXPECT_FALSE(list->topLevelItem(i)->toolTip(0).isEmpty()) << shown[i].toStdString();
  KeyBindings::instance()->reset(QStringLiteral("window.quit"));
  EXPECT_FALSE(conflicts->isVisible());
  EXPECT_TRUE(titles(list).contains(QStringLiteral("Settings"))) << "all are shown again";
}

TEST(KeyConflicts, AreTheSameKeysOrTheirBeginnings) {
  const std::vector<CommandKeys> all{
      {QStringLiteral("a"), QStringLiteral("A"), {QStringLiteral("ctrl+k")}},
      {QStringLiteral("b"), QStringLiteral("B"), {QStringLiteral("ctrl+k ctrl+s"), QStringLiteral("f1")}},
      {QStringLiteral("c"), QStringLiteral("C"), {QStringLiteral("f1")}},
      {QStringLiteral("d"), QStringLiteral("D"), {QStringLiteral("f12")}}};
  EXPECT_EQ(commands_in_conflict(all),
            (QSet<QString>{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
  using Kind = KeyConflict::Kind;
  const auto kinds = [&](const char* id, const char* chord) {
    QList<Kind> found;
    for (const auto& one : key_conflicts(all, QLatin1String(id), QLatin1String(chord)))
      found.append(one.kind);
    return found;
  };
  EXPECT_EQ(kinds("b", "ctrl+k ctrl+s"), QList<Kind>{Kind::begun_by_other});
  EXPECT_EQ(kinds("a", "ctrl+k"), QList<Kind>{Kind::begins_other});
  EXPECT_EQ(kinds("c", "f1"), QList<Kind>{Kind::same});
  EXPECT_TRUE(kinds("d", "f12").isEmpty()) << "f1 is no beginning of it";
  EXPECT_TRUE(kinds("d", "").isEmpty());
}

TEST_F(KeysDialogTest, AllKeysStandOnOnePageAsTheyAreNow) {
  KeysReference page;
  page.show();
  auto* text = part<QTextBrowser>(&page, "keysPage");
  const auto all = text->toPlainText();
  for (const char* words : {"Quit", "Going somewhere", "Go to Line", "With the mouse", "Alt+drag"})
    EXPECT_TRUE(all.contains(QLatin1String(words))) << words;
  EXPECT_FALSE(all.contains(QStringLiteral("Ctrl+K, F12")));
  KeyBindings::instance()->setKeys(QStringLiteral("window.quit"),
                                   {QKeySequence(QStringLiteral("Ctrl+K, F12"))});
  EXPECT_TRUE(text->toPlainText().replace(QChar::Nbsp, u' ').contains(QStringLiteral("Ctrl+K, F12")));
  part<QLineEdit>(&page, "findInKeys")->setText(QStringLiteral("quit f12"));
  EXPECT_TRUE(text->toPlainText().contains(QStringLiteral("Quit")));
  EXPECT_FALSE(text->toPlainText().contains(QStringLiteral("Go to Line")));
  part<QLineEdit>(&page, "findInKeys")->setText(QStringLiteral("<b>"));
  EXPECT_TRUE(text->toPlainText().contains(QStringLiteral("No key is like that.")));
}

TEST(AboutBerth, TellsVersionsLibrariesAndLicence) {
  AboutDialog about;
  about.show();
  auto* copy = about.findChild<QPushButton*>(QStringLiteral("copyVersions"));
  ASSERT_TRUE(copy);
  copy->click();
  const auto copied = QApplication::clipboard()->text();
  EXPECT_TRUE(copied.startsWith(QStringLiteral("Berth\n")));
  EXPECT_TRUE(copied.contains(QString::fromStdString(std::string(protocol::release))));
  EXPECT_TRUE(copied.contains(QStringLiteral("Protocol: %1.").arg(protocol::version_major)));
  EXPECT_TRUE(copied.contains(QLatin1String(qVersion())));
  const auto* libraries = about.findChild<QTreeWidget*>(QStringLiteral("libraries"));
  ASSERT_TRUE(libraries);
  EXPECT_GT(libraries->topLevelItemCount(), 6);
  for (int i = 0; i < libraries->topLevelItemCount(); ++i)
    EXPECT_FALSE(libraries->topLevelItem(i)->text(2).isEmpty()) << i;
  const auto* licence = about.findChild<QPlainTextEdit*>(QStringLiteral("licence"));
  ASSERT_TRUE(licence);
  EXPECT_TRUE(licence->toPlainText().contains(QStringLiteral("GNU GENERAL PUBLIC LICENSE")));
  EXPECT_TRUE(licence->toPlainText().contains(QStringLiteral("Version 3")));
}

}  // namespace
}  // namespace berth::test
