// SPDX-License-Identifier: GPL-3.0-or-later
// TerminalView: keys, mouse, pasting and the context menu.
#include <qtermwidget6/qtermwidget.h>

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QScrollArea>
#include <QTimer>
#include <QToolTip>

#include "client/core/plain_tip.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/terminal_echo.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype large_paste = 5'000;  // characters that are asked about

bool may_open(const QUrl& target) {
  static const QStringList schemes = {QStringLiteral("http"), QStringLiteral("https"),
                                      QStringLiteral("mailto")};
  return target.isValid() && schemes.contains(target.scheme());
}

}  // namespace

void TerminalView::onSend(const char* bytes, int length) {
  if (length <= 0 || !terminal_) return;
  QByteArray keys(bytes, length);
  if (surface_->isFeeding()) {
    // The emulation's own answer to a question in the output.
    if (terminal_->isPainting() || !terminal_->answersQuestions()) return;
    terminal_->send({keys.constData(), static_cast<std::size_t>(keys.size())});
    return;
  }
  static const QByteArray begin = QByteArrayLiteral("\x1b[200~");
  static const QByteArray end = QByteArrayLiteral("\x1b[201~");
  if (keys.startsWith(begin) && keys.endsWith(end)) {
    // Pasted text that ends its own bracket would be run as typed.
    auto text = keys.mid(begin.size(), keys.size() - begin.size() - end.size());
    text.replace('\x1b', QByteArrayView());
    keys = begin + text + end;
  }
  type(keys);
}

void TerminalView::type(const QByteArray& keys) {
  if (!terminal_) return;
  if (!terminal_->mayType()) {
    if (!std::exchange(told_watching_, true))
      bar_->show(MessageBar::Kind::info, tr("You only watch this terminal: what you type is not sent."), {},
                 true);
    return;
  }
  if (!terminal_->send({keys.constData(), static_cast<std::size_t>(keys.size())}))
    return QApplication::beep();
  if (surface_->isScrolledBack()) surface_->scrollToEnd();
  echo_->typed(keys, filter_.isAlternate());
}

void TerminalView::refreshRole() {
  if (!terminal_ || !terminal_->mayType()) return;
  if (std::exchange(told_watching_, false)) bar_->hide();
}

bool TerminalView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == scroll_) {
    if (event->type() == QEvent::Resize) {
      if (terminal_ && terminal_->isPainting()) scroll_->setWidgetResizable(false);  // before it follows
      QTimer::singleShot(0, this, &TerminalView::refit);
    }
    return QWidget::eventFilter(watched, event);
  }
  switch (event->type()) {
    case QEvent::ShortcutOverride: {
      const auto* key = static_cast<QKeyEvent*>(event);
      const auto modifiers = key->modifiers();
      // Ctrl+letter and Alt+letter are the program's; Ctrl+Shift+letter are the window's.
      if ((modifiers == Qt::ControlModifier || modifiers == Qt::AltModifier) && key->key() >= Qt::Key_A &&
          key->key() <= Qt::Key_Z) {
        event->accept();
        return true;
      }
      break;
    }
    case QEvent::KeyPress:
      if (onKey(static_cast<QKeyEvent*>(event))) return true;
      break;
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
      if (onMouse(static_cast<QMouseEvent*>(event))) return true;
      break;
    case QEvent::Leave:
    case QEvent::Wheel:
      overlay_->setLink({});
      break;
    case QEvent::Resize:
      overlay_->setGeometry(surface_->display()->rect());
      break;
    case QEvent::DragEnter:
    case QEvent::Drop:
      event->ignore();
      return true;  // file names of this machine mean nothing there
    default:
      break;
  }
  return QWidget::eventFilter(watched, event);
}

bool TerminalView::onMouse(QMouseEvent* event) {
  if (event->type() == QEvent::MouseMove) {
    if (event->buttons() == Qt::NoButton) hover(event->pos());
    return false;
  }
  const bool press = event->type() == QEvent::MouseButtonPress;
  if (event->button() == Qt::MiddleButton) {
    if (!press) pasteText(QApplication::clipboard()->text(QClipboard::Selection));
    return true;
  }
  if (event->button() != Qt::LeftButton || !(event->modifiers() & Qt::ControlModifier)) return false;
  const auto target = linkAt(event->pos());
  if (target.isEmpty()) return false;
  if (press) openLink(target);
  return true;
}

void TerminalView::hover(const QPoint& pixels) {
  const auto* link = markAt(pixels);
  auto* display = surface_->display();
  if (!link) {
    if (overlay_->hasLink()) {
      overlay_->setLink({});
      display->setCursor(Qt::IBeamCursor);
      QToolTip::hideText();
    }
    return;
  }
  QList<QRect> rows;
  for (const auto& row : link_rows(*link, surface_->cells().width()))
    rows.append(surface_->rect(row.y() - surface_->topLine(), row.x(), row.width()));
  const bool fresh = !overlay_->hasLink();
  overlay_->setLink(rows);
  if (!fresh) return;
  display->setCursor(Qt::PointingHandCursor);
  const auto target = QString::fromUtf8(link->target).left(300);
  const auto text = may_open(linkAt(pixels)) ? tr("%1\nCtrl+click to open").arg(target)
                                             : tr("%1\nLinks of this kind are not opened.").arg(target);
  QToolTip::showText(display->mapToGlobal(pixels), client::plain_tip(text), display);
}

const LinkMark* TerminalView::markAt(const QPoint& pixels) const {
  if (!marks_.hasLinks()) return nullptr;
  const auto origin = surface_->rect(0, 0, 1);
  if (pixels.x() < origin.x() || pixels.y() < origin.y()) return nullptr;
  const QPoint cell((pixels.x() - origin.x()) / origin.width(),
                    (pixels.y() - origin.y()) / origin.height() + surface_->topLine());
  return marks_.linkAt(cell, filter_.isAlternate());
}

QUrl TerminalView::linkAt(const QPoint& pixels) const {
  const auto* link = markAt(pixels);
  return link ? QUrl(QString::fromUtf8(link->target), QUrl::StrictMode) : QUrl();
}

void TerminalView::openLink(const QUrl& target) {
  if (may_open(target)) Q_EMIT linkActivated(target);
}

bool TerminalView::onKey(QKeyEvent* event) {
  const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
  switch (event->key()) {
    case Qt::Key_Backspace:
      type(modifiers & Qt::ControlModifier ? QByteArrayLiteral("\x17")
           : modifiers & Qt::AltModifier   ? QByteArrayLiteral("\x1b\x7f")
                                           : QByteArrayLiteral("\x7f"));
      return true;
    case Qt::Key_Backtab:
      type(QByteArrayLiteral("\x1b[Z"));
      return true;
    case Qt::Key_Tab:
      if (modifiers == Qt::NoModifier) {
        type(QByteArrayLiteral("\t"));
        return true;
      }
      break;
    case Qt::Key_Insert:
      if (modifiers == Qt::ShiftModifier) return paste(), true;
      break;
    default:
      break;
  }
  if (modifiers == (Qt::ControlModifier | Qt::ShiftModifier)) {
    if (event->key() == Qt::Key_C) return copy(), true;
    if (event->key() == Qt::Key_V) return paste(), true;
    if (event->key() == Qt::Key_F) return find(), true;
    if (event->key() == Qt::Key_Up) return jumpToPrompt(-1), true;
    if (event->key() == Qt::Key_Down) return jumpToPrompt(1), true;
  }
  if (terminal_ && !terminal_->info().running) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) Q_EMIT closeWanted();
    return true;
  }
  return false;
}

void TerminalView::copy() {
  if (const auto text = surface_->selectedText(); !text.isEmpty()) QApplication::clipboard()->setText(text);
}

void TerminalView::paste() { pasteText(QApplication::clipboard()->text()); }

void TerminalView::pasteText(QString text) {
  if (text.isEmpty()) return;
  text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
  // Control characters in pasted text are never meant, and can press keys.
  text.removeIf(
      [](QChar c) { return c.unicode() < 0x20 && c != QLatin1Char('\n') && c != QLatin1Char('\t'); });
  text.removeIf([](QChar c) { return c.unicode() >= 0x7f && c.unicode() < 0xa0; });
  auto keys = text;
  keys.replace(QLatin1Char('\n'), QLatin1Char('\r'));
  auto bracketed = keys;
  widget()->bracketText(bracketed);
  const bool safe = bracketed != keys;  // the program asked to be told of pastes: it runs nothing by itself
  const auto lines = text.trimmed().count(QLatin1Char('\n')) + 1;
  if ((!safe && lines > 1) || text.size() > large_paste) {
    const auto question =
        lines > 1 ? tr("Paste %n lines? Each one is run as if typed.", nullptr, static_cast<int>(lines))
                  : tr("Paste %n characters?", nullptr, static_cast<int>(text.size()));
    // Another window may close the terminal, and with it this view, while the person is asked.
    const QPointer<TerminalView> self(this);
    const QPointer<QMessageBox> box(
        new QMessageBox(QMessageBox::Question, tr("Paste"), question, QMessageBox::Cancel, window()));
    box->setDetailedText(text.left(10'000));
    const auto* yes = box->addButton(tr("Paste"), QMessageBox::AcceptRole);
    connect(this, &QObject::destroyed, box, &QDialog::reject);
    box->exec();
    const bool wanted = box && box->clickedButton() == yes;
    delete box;
    if (!self || !wanted) return;
  }
  type((safe ? bracketed : keys).toUtf8());
}

void TerminalView::find() { widget()->toggleShowSearchBar(); }

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
  menu->addAction(tr("Larger"), menu, [] { enlarge(1); });
  menu->addAction(tr("Smaller"), menu, [] { enlarge(-1); });
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
