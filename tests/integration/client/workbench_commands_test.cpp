// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of a workspace's window: in the palette, in its menus, by name.
#include "workbench.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

TEST_F(Workbench, CommandsAreFoundByLettersAndThoseUsedLastComeFirst) {
  QTest::keyClick(window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  auto* palette = popup<desktop::CommandPalette>();
  ASSERT_NE(palette, nullptr);
  EXPECT_GT(palette->list()->count(), 80) << "the window's and the text's";
  picture(palette, QStringLiteral("bench-commands"));
  QTest::keyClicks(palette->field(), QStringLiteral("dark th"));
  EXPECT_EQ(palette->list()->currentItem()->text(), QStringLiteral("Dark Theme"));
  picture(palette, QStringLiteral("bench-commands-typed"));
  QTest::keyClick(palette->field(), Qt::Key_Escape);
  run("show_commands");
  palette = popup<desktop::CommandPalette>();
  QTest::keyClicks(palette->field(), QStringLiteral("go to the prob"));
  EXPECT_EQ(palette->list()->currentItem()->data(desktop::ListPopup::KeysRole).toString(),
            QStringLiteral("Ctrl+Shift+M"));
  QTest::keyClick(palette->field(), Qt::Key_Return);
  ASSERT_TRUE(wait_for([&] { return shows("problems"); }, bench_patience));
  // One of the text: it works on the text that shows.
  run("show_commands");
  palette = popup<desktop::CommandPalette>();
  EXPECT_EQ(palette->list()->item(0)->text(), QStringLiteral("Go to the Problems")) << "used last";
  QTest::keyClicks(palette->field(), QStringLiteral("delete lines"));
  QTest::keyClick(palette->field(), Qt::Key_Return);
  auto* editor = window->editors()->current()->editor();
  ASSERT_TRUE(wait_for([&] { return !editor->text().starts_with("#!"); }, bench_patience));
  EXPECT_EQ(desktop::CommandPalette::used(),
            (QStringList{QStringLiteral("lines.delete"), QStringLiteral("panel.problems")}));
}

TEST_F(Workbench, ACommandThatCannotBeDoneSaysWhy) {
  run("close_all_tabs");
  run("show_commands");
  auto* palette = popup<desktop::CommandPalette>();
  QTest::keyClicks(palette->field(), QStringLiteral("split to the right"));
  const auto* item = palette->list()->currentItem();
  EXPECT_TRUE(item->data(desktop::ListPopup::RefusedRole).toBool());
  EXPECT_EQ(item->data(desktop::ListPopup::DetailRole).toString(), QStringLiteral("No text is open."));
  QTest::keyClick(palette->field(), Qt::Key_Return);
  EXPECT_TRUE(palette->isVisible()) << "nothing was done";
  palette->close();
  // By its key the strip below says it.
  QTest::keyClick(window.get(), Qt::Key_Backslash, Qt::ControlModifier);
  EXPECT_EQ(window->statusBar()->currentMessage(), QStringLiteral("No text is open."));
  // Where only the text shows, the strip does for as long.
  run("zen_mode");
  EXPECT_FALSE(window->status()->isVisible());
  window->status()->clearMessage();
  QTest::keyClick(window.get(), Qt::Key_Backslash, Qt::ControlModifier);
  EXPECT_TRUE(window->status()->isVisible());
  window->status()->clearMessage();
  EXPECT_FALSE(window->status()->isVisible());
  run("zen_mode");
  EXPECT_TRUE(window->status()->isVisible());
  // In the menu it is grey.
  QMenu* view = window->menus()->findChild<QMenu*>(QStringLiteral("menu.view"));
  ASSERT_NE(view, nullptr);
  Q_EMIT view->aboutToShow();
  EXPECT_FALSE(window->commands()->action(QStringLiteral("split_right"))->isEnabled());
  Q_EMIT view->aboutToHide();
  EXPECT_TRUE(window->commands()->action(QStringLiteral("split_right"))->isEnabled());
}

TEST_F(Workbench, CommandsOfATextAreKnownBeforeOneIsOpen) {
  run("close_all_tabs");
  const auto refusal = [this](const char* id) {
    for (const auto& command :
         desktop::palette_commands(window->commands(), window->editors()->current(), window.get()))
      if (command.id == QLatin1String(id)) return command.refusal;
    return QStringLiteral("not known");
  };
  for (const char* id : {"preview_to_the_side", "toggle_preview_of_file", "compare.with_file",
                         "compare.with_clipboard", "language.change", "editor.print", "fold.close_all"})
    EXPECT_EQ(refusal(id), QStringLiteral("No text is open.")) << id;
  auto* view = window->menus()->findChild<QMenu*>(QStringLiteral("menu.view"));
  const auto shown = [view](const char* text) -> QAction* {
    for (auto* action : view->actions())
      if (action->text().startsWith(QLatin1String(text))) return action;
    return nullptr;
  };
  Q_EMIT view->aboutToShow();
  auto* preview = shown("Preview Beside the Text");
  ASSERT_NE(preview, nullptr);
  EXPECT_TRUE(preview->text().endsWith(QStringLiteral("Ctrl+K, V")));
  EXPECT_FALSE(preview->isEnabled());
  EXPECT_EQ(preview->toolTip(), QStringLiteral("No text is open."));
  Q_EMIT view->aboutToHide();
  // With one that has no preview they say that.
  auto* tab = open("project/style.css");
  EXPECT_EQ(refusal("compare.with_file"), QString());
  EXPECT_TRUE(refusal("preview_to_the_side").contains(QStringLiteral("Markdown")));
  EXPECT_FALSE(desktop::EditorCommands::of(tab->editor())->run(QStringLiteral("preview_to_the_side")));
  EXPECT_TRUE(window->statusBar()->currentMessage().contains(QStringLiteral("Markdown")));
  open("project/README.md");
  EXPECT_EQ(refusal("preview_to_the_side"), QString());
}

TEST_F(Workbench, TheMenusHoldTheCommandsWithTheirKeys) {
  int commands = 0;
  for (auto* menu : window->menus()->findChildren<QMenu*>(Qt::FindDirectChildrenOnly)) {
    Q_EMIT menu->aboutToShow();
    EXPECT_GT(menu->actions().size(), 2) << menu->title().toStdString();
    for (auto* action : menu->actions())
      if (!action->isSeparator()) {
        EXPECT_FALSE(action->text().isEmpty()) << menu->title().toStdString();
        ++commands;
      }
    Q_EMIT menu->aboutToHide();
  }
  EXPECT_GT(commands, 70);
  auto* file = window->menus()->findChild<QMenu*>(QStringLiteral("menu.file"));
  Q_EMIT file->aboutToShow();
  for (const auto& [id, key] : {std::pair("quick_open", "Ctrl+P"), std::pair("files.upload", ""),
                                std::pair("window.quit", "Ctrl+Q")}) {
    const auto* action = window->commands()->action(QLatin1String(id));
    EXPECT_TRUE(file->actions().contains(action)) << id;
    EXPECT_EQ(action->shortcut(), QKeySequence(QLatin1String(key))) << id;
  }
  Q_EMIT file->aboutToHide();
  window->resize(1'400, 820);
  EXPECT_TRUE(wait_for([&] { return window->menus()->isVisible(); }, bench_patience));
  window->resize(700, 820);
  EXPECT_TRUE(wait_for([&] { return !window->menus()->isVisible(); }, bench_patience))
      << window->width() << " of at least " << window->minimumSizeHint().width();
  auto* more = window->findChild<QToolButton*>(QStringLiteral("more"));
  ASSERT_TRUE(more->isVisible()) << "a button has them where there is no room";
  EXPECT_EQ(more->menu()->actions().size(), window->menus()->actions().size());
  picture(window.get(), QStringLiteral("bench-narrow"));
}

TEST_F(Workbench, OpeningByNameTakesALineAndLeadsToCommandsAndSymbols) {
  run("quick_open");
  auto* names = popup<desktop::QuickOpen>();
  ASSERT_TRUE(wait_for([&] { return names->list()->count() > 2; }, bench_patience));
  QTest::keyClicks(names->field(), QStringLiteral("readme:9"));
  ASSERT_EQ(names->list()->count(), 1);
  QTest::keyClick(names->field(), Qt::Key_Return, Qt::ControlModifier);
  auto* area = window->editors();
  ASSERT_TRUE(wait_for([&] { return area->groups().size() == 2; }, bench_patience)) << "beside, with Ctrl";
  EXPECT_EQ(area->current()->document()->path(), QStringLiteral("project/README.md"));
  ASSERT_TRUE(wait_for([&] { return area->current()->editor()->cursorLine() == 9; }, bench_patience));
  run("quick_open");
  QTest::keyClicks(popup<desktop::QuickOpen>()->field(), QStringLiteral("@"));
  auto* symbols = popup<desktop::SymbolPopup>();
  ASSERT_NE(symbols, nullptr);
  symbols->close();
  run("quick_open");
  QTest::keyClicks(popup<desktop::QuickOpen>()->field(), QStringLiteral(">"));
  EXPECT_NE(popup<desktop::CommandPalette>(), nullptr);
}

}  // namespace
}  // namespace berth::test
