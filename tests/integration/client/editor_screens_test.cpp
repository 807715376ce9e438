// SPDX-License-Identifier: GPL-3.0-or-later
// The editor's features as they look in a workspace's window, in both themes.
#include <gtest/gtest.h>

#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QTest>

#include "client/desktop/bookmarks.hpp"
#include "client/desktop/change_bars.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/minimap.hpp"
#include "client/desktop/sticky_header.hpp"
#include "client/desktop/symbol_popup.hpp"
#include "client/desktop/word_completion.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int editor_patience = 20'000;  // ms

class EditorScreens : public Screens {
 protected:
  void SetUp() override {
    QSettings().clear();
    Screens::SetUp();
    std::string text = shown_program;
    for (int i = 0; i < 8; ++i) {
      text += "\n\nclass Harbour" + std::to_string(i) + ":\n    \"\"\"One of the coast.\"\"\"\n";
      for (int j = 0; j < 4; ++j)
        text +=
            "\n    def level_" + std::to_string(j) +
            "(self, hour: float) -> float:\n        if hour > 12:\n            return self.tide.at(hour - "
            "12)\n"
            "        for quay in self.quays:\n            quay.rise(hour, by=0.25)\n            # the wind\n"
            "        return self.tide.at(hour)\n";
    }
    documents.setText(std::move(text));
  }
  void TearDown() override { QSettings().clear(); }
};

TEST_F(EditorScreens, FeaturesOfTheEditorLayOut) {
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::IdeWindow window(&connection, workspaces[0]);
  window.setAttribute(Qt::WA_DeleteOnClose, false);
  window.resize(1280, 820);
  window.show();
  ASSERT_TRUE(wait_for([&] { return window.editors()->current() != nullptr; }, editor_patience));
  auto* tab = window.editors()->current();
  auto* editor = tab->editor();
  ASSERT_TRUE(wait_for([&] { return tab->document()->isLoaded(); }, editor_patience));
  EXPECT_TRUE(tab->minimap()->isVisible());
  EXPECT_EQ(window.findChild<QPushButton*>(QStringLiteral("indentation"))->text(),
            QStringLiteral("Spaces: 4"));
  editor->goToLine(3);
  editor->findChild<desktop::Bookmarks*>()->toggle();
  editor->goToLine(5);
  QTest::keyClicks(editor, QStringLiteral("# "));
  editor->goToLine(8);
  QTest::keyClick(editor, Qt::Key_K, Qt::ControlModifier | Qt::ShiftModifier);
  editor->goToLine(12);
  QTest::keyClick(editor, Qt::Key_Return, Qt::ControlModifier);
  QTest::keyClicks(editor, QStringLiteral("new = 1"));
  ASSERT_TRUE(wait_for([&] { return editor->findChild<desktop::ChangeBars*>()->bars().size() >= 3; },
                       editor_patience));
  picture(&window, QStringLiteral("editor-change-bars"));
  editor->SendScintilla(QsciScintillaBase::SCI_SETFIRSTVISIBLELINE, 70ul);
  auto* header = editor->findChild<desktop::StickyHeader*>();
  ASSERT_TRUE(wait_for([&] { return header->isVisible(); }, editor_patience));
  picture(&window, QStringLiteral("editor-sticky-header"));
  desktop::EditorChoices::instance()->choose("editor/render_whitespace", "all");
  desktop::EditorChoices::instance()->choose("editor/ruler", 80);
  editor->goToPlace(90, 0);
  for (int i = 0; i < 4; ++i) QTest::keyClick(editor, Qt::Key_D, Qt::ControlModifier);
  picture(&window, QStringLiteral("editor-cursors-blanks-ruler"));
  QTest::keyClick(editor, Qt::Key_Escape);
  desktop::EditorChoices::instance()->choose("editor/render_whitespace", "none");
  auto* popup = new desktop::SymbolPopup(editor, {}, &window);
  QTest::keyClicks(popup->field(), QStringLiteral("level"));
  picture(popup, QStringLiteral("editor-symbols"));
  popup->close();
  desktop::KeysDialog keys(&window);
  keys.show();
  picture(&keys, QStringLiteral("editor-keys"));
  window.resize(620, 700);
  ASSERT_TRUE(wait_for([&] { return !tab->minimap()->isVisible(); }, editor_patience));
  picture(&window, QStringLiteral("editor-narrow"));
}

}  // namespace
}  // namespace berth::test
