// SPDX-License-Identifier: GPL-3.0-or-later
// TerminalPanel: profiles, what holds for all terminals, and the window's commands about them.
#include <QActionGroup>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <algorithm>

#include "client/core/workspace.hpp"
#include "client/desktop/paste_question.hpp"
#include "client/desktop/roaming_settings.hpp"
#include "client/desktop/terminal_group.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_profiles_dialog.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"

namespace berth::desktop {

void TerminalPanel::fillProfiles(QMenu* menu) {
  menu->clear();
  const auto& programs = workspace_->terminals()->programs();
  const auto usual = TerminalProfiles::usual(programs);
  const auto profiles = TerminalProfiles::all(programs);
  for (const auto& profile : profiles) {
    auto name = profile.name;
    name.replace(u'&', QLatin1String("&&"));
    if (profile == usual) name = tr("%1 (usual)").arg(name);
    menu->addAction(TerminalProfiles::icon(profile), name, this, [this, profile] { open(profile); });
  }
  menu->addSeparator();
  auto* split_right = menu->addAction(Theme::icon(QStringLiteral("view-split-left-right")),
                                      tr("Split to the Right"), this, [this] { split(Qt::Horizontal); });
  auto* split_down = menu->addAction(Theme::icon(QStringLiteral("view-split-top-bottom")),
                                     tr("Split Downwards"), this, [this] { split(Qt::Vertical); });
  for (auto* action : {split_right, split_down}) action->setEnabled(current() && workspace_->mayEdit());
  menu->addSeparator();
  auto* choose = menu->addMenu(tr("Usual Profile"));
  choose->setObjectName(QStringLiteral("usualProfile"));
  auto* group = new QActionGroup(choose);
  for (const auto& profile : profiles) {
    auto name = profile.name;
    auto* action = choose->addAction(TerminalProfiles::icon(profile), name.replace(u'&', QLatin1String("&&")),
                                     this, [name = profile.name] { TerminalProfiles::chooseUsual(name); });
    action->setCheckable(true);
    action->setChecked(profile == usual);
    group->addAction(action);
  }
  menu->addAction(tr("Profiles…"), this, &TerminalPanel::editProfiles);
}

void TerminalPanel::editProfiles() {
  auto* dialog = new TerminalProfilesDialog(workspace_->terminals()->programs(), window());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void TerminalPanel::chooseLink() {
  auto* view = current();
  if (!view) return;
  const auto links = view->shownLinks();
  auto* menu = new QMenu(view);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setObjectName(QStringLiteral("terminalLinks"));
  for (const auto& link : links) {
    auto text = link.target.size() > 80 ? link.target.left(80) + u'…' : link.target;
    if (link.line > 0) text += QStringLiteral(":%1").arg(link.line);
    menu->addAction(
        Theme::icon(link.is_file ? QStringLiteral("document-open") : QStringLiteral("internet-services")),
        text.replace(u'&', QLatin1String("&&")), view, [view, link] { view->openText(link); });
  }
  if (links.isEmpty()) menu->addAction(tr("Nothing here leads anywhere"))->setEnabled(false);
  menu->popup(view->mapToGlobal(QPoint(20, 20)));
  if (!links.isEmpty()) menu->setActiveAction(menu->actions().first());
}

void TerminalPanel::addCommands(WindowKeys* keys) {
  const auto may_open = [this] {
    return workspace_->mayEdit() ? QString() : tr("You may look at this workspace, not run programs in it.");
  };
  const auto has_one = [this] { return current() ? QString() : tr("Open a terminal first."); };
  const auto both = [may_open, has_one] {
    const auto reason = may_open();
    return reason.isEmpty() ? has_one() : reason;
  };
  const auto several = [this] {
    auto* group = currentGroup();
    return group && group->views().size() > 1 ? QString() : tr("This terminal is alone in its tab.");
  };
  const auto with_current = [this](auto run) {
    return [this, run] {
      Q_EMIT showWanted();
      if (auto* view = current()) run(view);
    };
  };
  keys->add("split_terminal", with_current([this](TerminalView*) { split(Qt::Horizontal); }), both);
  keys->add("terminal.split_down", with_current([this](TerminalView*) { split(Qt::Vertical); }), both);
  keys->add("terminal.unsplit", with_current([this](TerminalView*) { unsplit(); }), several);
  keys->add("terminal.next_pane", with_current([this](TerminalView*) { step(1); }), several);
  keys->add("terminal.previous_pane", with_current([this](TerminalView*) { step(-1); }), several);
  keys->add("terminal.next_tab", with_current([this](TerminalView*) {
              tabs_->setCurrentIndex((tabs_->currentIndex() + 1) % tabs_->count());
            }),
            has_one);
  keys->add("terminal.previous_tab", with_current([this](TerminalView*) {
              tabs_->setCurrentIndex((tabs_->currentIndex() + tabs_->count() - 1) % tabs_->count());
            }),
            has_one);
  keys->add(
      "terminal.new_with_profile",
      [this] {
        Q_EMIT showWanted();
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillProfiles(menu);
        menu->popup(mapToGlobal(QPoint(20, 20)));
        menu->setActiveAction(menu->actions().value(0));
      },
      may_open);
  keys->add("terminal.profiles", [this] { editProfiles(); });
  keys->add("find_in_terminal", with_current([](TerminalView* view) { view->find(); }), has_one);
  keys->add("terminal.links", with_current([this](TerminalView*) { chooseLink(); }), has_one);
  keys->add("terminal.rename", with_current([this](TerminalView* view) { rename(view); }), both);
  keys->add("close_terminal", with_current([this](TerminalView* view) { end(view); }), both);
  keys->add("terminal.previous_prompt", with_current([](TerminalView* view) { view->jumpToPrompt(-1); }),
            has_one);
  keys->add("terminal.next_prompt", with_current([](TerminalView* view) { view->jumpToPrompt(1); }), has_one);
  keys->add("terminal.scroll_to_end",
            with_current([](TerminalView* view) { view->surface()->scrollToEnd(); }), has_one);
  keys->add("terminal.larger_text", [] { TerminalView::enlarge(1); });
  keys->add("terminal.smaller_text", [] { TerminalView::enlarge(-1); });
  keys->add("terminal.usual_text", [] { TerminalView::usualSize(); });
}

void TerminalPanel::addChoices(QMenu* menu) {
  auto* split_right = menu->addAction(Theme::icon(QStringLiteral("view-split-left-right")),
                                      tr("Split to the Right"), this, [this] { split(Qt::Horizontal); });
  split_right->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_5));
  auto* split_down = menu->addAction(Theme::icon(QStringLiteral("view-split-top-bottom")),
                                     tr("Split Downwards"), this, [this] { split(Qt::Vertical); });
  for (auto* action : {split_right, split_down}) action->setEnabled(workspace_->mayEdit());
  if (auto* group = currentGroup(); group && group->views().size() > 1)
    menu->addAction(tr("Into a Tab of Its Own"), this, &TerminalPanel::unsplit);
  auto* profiles = menu->addMenu(tr("New Terminal"));
  connect(profiles, &QMenu::aboutToShow, this, [this, profiles] { fillProfiles(profiles); });
  profiles->setEnabled(workspace_->mayEdit());
  menu->addAction(tr("Open a Link…"), this, &TerminalPanel::chooseLink);
  menu->addSeparator();
  auto* lines = menu->addMenu(tr("Lines Kept of New Terminals"));
  lines->setObjectName(QStringLiteral("linesKept"));
  auto* group = new QActionGroup(lines);
  for (const int count : {1'000, 10'000, 50'000, 100'000}) {
    auto* action = lines->addAction(QLocale().toString(count), this, [count] {
      RoamingSettings::choose(QStringLiteral("terminal/scrollback"), count);
    });
    action->setCheckable(true);
    action->setChecked(TerminalView::scrollback() == count);
    group->addAction(action);
  }
  const auto choice = [&](const QString& text, const QString& key, bool usual) {
    auto* action = menu->addAction(text, this, [key](bool on) { RoamingSettings::choose(key, on); });
    action->setCheckable(true);
    action->setChecked(QSettings().value(key, usual).toBool());
  };
  choice(tr("Call for Me When It Rings or a Long Command Ends"), QStringLiteral("terminal/notifications"),
         true);
  choice(tr("Copy What Is Selected at Once"), QStringLiteral("terminal/copy_on_selection"), false);
  choice(tr("Ask before Several Lines Are Pasted"), QStringLiteral("terminal/paste_warning"), true);
  choice(tr("Programs May Put Text on the Clipboard"), clipboardKey(), false);
}

}  // namespace berth::desktop
