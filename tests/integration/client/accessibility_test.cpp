// SPDX-License-Identifier: GPL-3.0-or-later
// Every window with a keyboard alone and with a screen reader: each control has a name, and Tab leads to
// each.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSettings>
#include <QTabBar>
#include <QTest>
#include <QTextEdit>
#include <set>

#include "client/core/recent_workspaces.hpp"
#include "client/core/this_machine.hpp"
#include "client/desktop/about_dialog.hpp"
#include "client/desktop/connect_page.hpp"
#include "client/desktop/create_workspace_dialog.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/keys_dialog.hpp"
#include "client/desktop/keys_reference.hpp"
#include "client/desktop/settings_dialog.hpp"
#include "client/desktop/share_dialog.hpp"
#include "client/desktop/start_window.hpp"
#include "client/desktop/theme_colors.hpp"
#include "client/desktop/workspaces_page.hpp"
#include "screens.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int walk_patience = 30'000;  // ms

bool is_control(const QWidget* widget) {
  return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
         qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
         qobject_cast<const QAbstractItemView*>(widget) || qobject_cast<const QTextEdit*>(widget) ||
         qobject_cast<const QPlainTextEdit*>(widget);
}

/// Parts of another control have its name: a number's field, a list's viewport, a tab bar's arrows.
bool is_part(const QWidget* widget) {
  const auto* parent = widget->parentWidget();
  return widget->objectName().startsWith(QLatin1String("qt_")) ||
         qobject_cast<const QAbstractSpinBox*>(parent) || qobject_cast<const QComboBox*>(parent) ||
         qobject_cast<const QLineEdit*>(parent) || qobject_cast<const QTabBar*>(parent) ||
         (parent && parent->inherits("QComboBoxPrivateContainer")) ||
         (parent && parent->inherits("QAbstractItemView")) || qobject_cast<const QScrollBar*>(widget) ||
         (parent && parent->inherits("QTableView")) || widget->inherits("QToolBarExtension") ||
         (parent && parent->inherits("QTermWidget")) || (parent && parent->inherits("SearchBar"));
}

std::string told_of(const QWidget* widget) {
  std::string path;
  for (const auto* at = widget; at; at = at->parentWidget())
    path += std::string(path.empty() ? "" : " in ") + at->metaObject()->className() +
            (at->objectName().isEmpty() ? "" : "#" + at->objectName().toStdString());
  return path;
}

void expect_names(QWidget* top) {
  int looked_at = 0;
  for (auto* widget : top->findChildren<QWidget*>()) {
    if (!is_control(widget) || is_part(widget) || !widget->isVisibleTo(top) || widget->window() != top)
      continue;
    ++looked_at;
    auto* face = QAccessible::queryAccessibleInterface(widget);
    ASSERT_NE(face, nullptr) << told_of(widget);
    // A field that only says what may be typed has a name as long as it is empty: that counts for screen
    // readers.
    const auto name = face->text(QAccessible::Name);
    EXPECT_FALSE(name.trimmed().isEmpty()) << "without a name: " << told_of(widget);
  }
  EXPECT_GE(looked_at, 2) << told_of(top);
}

/// Tab from anywhere comes to each control that takes the focus, and goes round.
void expect_tabs(QWidget* top) {
  top->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(top));
  std::set<QWidget*> wanted;
  for (auto* widget : top->findChildren<QWidget*>())
    if (is_control(widget) && !is_part(widget) && widget->isVisibleTo(top) && widget->isEnabled() &&
        widget->window() == top && (widget->focusPolicy() & Qt::TabFocus) != 0 && !widget->focusProxy())
      wanted.insert(widget);
  std::set<QWidget*> reached;
  for (std::size_t i = 0; i < 3 * wanted.size() + 30; ++i) {
    auto* focus = QApplication::focusWidget();
    if (focus) reached.insert(focus);
    auto* at = focus && focus->window() == top ? focus : top;
    QTest::keyClick(at, Qt::Key_Tab);
    // Texts and lists keep Tab for themselves: their way out is a command's key. No other control may.
    if (QApplication::focusWidget() == focus && qobject_cast<QAbstractScrollArea*>(focus))
      focus->nextInFocusChain()->setFocus(Qt::TabFocusReason);
  }
  for (auto* widget : wanted) {
    // Of buttons that exclude each other Tab comes to the chosen one, arrows to the others.
    const auto* button = qobject_cast<QAbstractButton*>(widget);
    if (button && (button->autoExclusive() || (button->group() && button->group()->exclusive()))) continue;
    EXPECT_TRUE(reached.contains(widget)) << "Tab never comes to: " << told_of(widget);
  }
}

TEST_F(Screens, EveryControlHasANameAndTabLeadsToIt) {
  QSettings().clear();
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);

  desktop::WorkspacesPage page(&connection);
  page.resize(1000, 700);
  page.show();
  ASSERT_TRUE(wait_for([&] { return page.rows().size() == 4; }, walk_patience));
  expect_names(&page);
  expect_tabs(&page);
  auto* sharing = page.share(workspaces.front());
  wait_for([] { return false; }, 200);
  expect_names(sharing);
  sharing->close();
  auto* creating = page.create();
  ASSERT_TRUE(wait_for([&] { return creating->isVisible(); }, walk_patience));
  for (const auto source : {desktop::CreateWorkspaceDialog::Source::from_template,
                            desktop::CreateWorkspaceDialog::Source::folder}) {
    creating->setSource(source);
    expect_names(creating);
    expect_tabs(creating);
  }
  creating->close();
  page.hide();

  client::RecentWorkspaces recent;
  client::ThisMachine machine;
  desktop::StartWindow start(&secrets, &servers, desktop::Places{&recent, &machine});
  start.show();
  expect_names(&start);
  expect_tabs(&start);
  start.close();

  for (QDialog* dialog : {static_cast<QDialog*>(new desktop::AboutDialog(&start)),
                          static_cast<QDialog*>(new desktop::KeysReference(&start))}) {
    dialog->show();
    expect_names(dialog);
    expect_tabs(dialog);
    dialog->close();
  }

  desktop::SettingsDialog settings;
  settings.show();
  expect_names(&settings);
  expect_tabs(&settings);
  settings.showJson();
  expect_names(&settings);
  settings.close();

  desktop::KeysDialog keys;
  keys.show();
  expect_names(&keys);
  expect_tabs(&keys);
  keys.close();

  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.resize(1400, 900);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.editors()->current() != nullptr; }, walk_patience));
  expect_names(&ide);
  expect_tabs(&ide);
  auto* history = ide.showHistory({});
  wait_for([] { return false; }, 200);
  expect_names(history);
  history->close();
  ide.close();
}

TEST_F(Screens, TheFourThemesAndTheSettings) {
  QSettings().clear();
  desktop::SettingsDialog settings;
  settings.show();
  picture(&settings, QStringLiteral("settings"));
  settings.showJson();
  picture(&settings, QStringLiteral("settings-json"));
  settings.close();
  client::ServerConnection connection(server.origin(), &secrets);
  signIn(connection);
  desktop::IdeWindow ide(&connection, workspaces.front());
  ide.setAttribute(Qt::WA_DeleteOnClose, false);
  ide.resize(1280, 820);
  ide.show();
  ASSERT_TRUE(wait_for([&] { return ide.editors()->current() != nullptr; }, walk_patience));
  wait_for([] { return false; }, 300);
  const auto folder = qEnvironmentVariable("BERTH_SCREENSHOTS");
  for (const auto& [choice, name] : {std::pair(desktop::ThemeChoice::contrast_dark, "contrast-dark"),
                                     std::pair(desktop::ThemeChoice::contrast_light, "contrast-light")}) {
    desktop::Theme::instance()->choose(choice);
    wait_for([] { return false; }, 100);
    const auto image = ide.grab().toImage();
    // What colours a program's text stands as far from the ground as the rest.
    for (const auto color : {QColor(0x6a, 0x73, 0x7d), QColor(0xd7, 0x3a, 0x49), QColor(0x00, 0x5c, 0xc5)})
      EXPECT_GE(desktop::contrast_between(desktop::readable_color(color),
                                          desktop::Theme::instance()->colors().base),
                7.0)
          << name << ' ' << color.name().toStdString();
    // Lines around things: the border's colour is there to be seen.
    int lines = 0;
    const auto border = desktop::Theme::instance()->colors().border.rgb();
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) lines += image.pixel(x, y) == border;
    EXPECT_GT(lines, 1'000) << name;
    if (!folder.isEmpty()) image.save(QStringLiteral("%1/ide-%2.png").arg(folder, QLatin1String(name)));
  }
  desktop::Theme::instance()->choose(desktop::ThemeChoice::light);
  ide.close();
}

}  // namespace
}  // namespace berth::test
