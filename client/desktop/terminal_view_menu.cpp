// SPDX-License-Identifier: GPL-3.0-or-later
// TerminalView: the context menu.
#include <qtermwidget6/qtermwidget.h>

#include <QActionGroup>
#include <QMenu>
#include <QPointer>

#include "client/desktop/terminal_echo.hpp"
#include "client/desktop/terminal_schemes.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

void TerminalView::contextMenu(const QPoint& position) {
  // This view may be deleted while the menu is open.
  const QPointer<QMenu> menu(new QMenu(window()));
  connect(this, &QObject::destroyed, menu, &QWidget::close);
  auto* copy_action =
      menu->addAction(Theme::icon(QStringLiteral("edit-copy")), tr("Copy"), this, &TerminalView::copy);
  copy_action->setEnabled(!widget()->selectedText().isEmpty());
  copy_action->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
  menu->addAction(Theme::icon(QStringLiteral("edit-paste")), tr("Paste"), this, &TerminalView::paste)
      ->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_V));
  menu->addAction(Theme::icon(QStringLiteral("edit-find")), tr("Find…"), this, &TerminalView::find)
      ->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F));
  menu->addSeparator();
  if (!marks_.prompts().empty()) {
    menu->addAction(tr("Previous Prompt"), this, [this] { jumpToPrompt(-1); })
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Up));
    menu->addAction(tr("Next Prompt"), this, [this] { jumpToPrompt(1); })
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Down));
    menu->addSeparator();
  }
  auto* size = menu->addMenu(Theme::icon(QStringLiteral("format-font-size-more")), tr("Text Size"));
  size->addAction(tr("Larger"), menu, [] { enlarge(1); })->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Plus));
  size->addAction(tr("Smaller"), menu, [] { enlarge(-1); })
      ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Minus));
  size->addAction(tr("As Usual"), menu, [] { usualSize(); })->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_0));
  fillSchemes(menu->addMenu(tr("Colours")));
  addEchoChoices(menu->addMenu(tr("Show Keys before They Are Echoed")));
  if (terminal_ && terminal_->mayType() && terminal_->info().viewers &&
      terminal_->info().viewers->size() > 1) {
    auto* lead = menu->addAction(tr("This Window's Size for All"), this, [this](bool on) {
      if (terminal_) terminal_->lead(on);
    });
    lead->setCheckable(true);
    lead->setChecked(terminal_->leads());
  }
  menu->addSeparator();
  Q_EMIT menuOpening(menu);
  menu->addSeparator();
  auto* close = menu->addAction(Theme::icon(QStringLiteral("window-close")), tr("Close Terminal"), this,
                                &TerminalView::closeWanted);
  close->setEnabled(!terminal_ || terminal_->mayType());
  menu->exec(widget()->mapToGlobal(position));
  delete menu;
}

void TerminalView::fillSchemes(QMenu* menu) {
  menu->setObjectName(QStringLiteral("terminalColours"));
  auto* group = new QActionGroup(menu);
  const auto add = [&](const QString& id, const QString& name) {
    auto* action = menu->addAction(name, menu, [id] { TerminalSchemes::choose(id); });
    action->setObjectName(QStringLiteral("scheme-") + id);
    action->setCheckable(true);
    action->setChecked(TerminalSchemes::chosen() == id);
    group->addAction(action);
  };
  add(QStringLiteral("theme"), tr("As the Theme Has Them"));
  menu->addSeparator();
  for (const auto& scheme : TerminalSchemes::all()) add(scheme.id, scheme.name);
}

void TerminalView::addEchoChoices(QMenu* menu) {
  using Choice = client::EchoSwitch::Choice;
  auto* group = new QActionGroup(menu);
  const auto add = [&](Choice choice, const QString& text) {
    auto* action = menu->addAction(text, this, [this, choice] {
      TerminalEcho::choose(choice);
      echo_->reset();
    });
    action->setCheckable(true);
    action->setChecked(TerminalEcho::choice() == choice);
    group->addAction(action);
  };
  add(Choice::automatic, tr("On Slow Connections"));
  add(Choice::on, tr("Always"));
  add(Choice::off, tr("Never"));
}

}  // namespace berth::desktop
