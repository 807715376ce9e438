// SPDX-License-Identifier: GPL-3.0-or-later
// TerminalView: keys, pasting and what is dropped; terminal_view_links.cpp has the mouse.
#include <qtermwidget6/qtermwidget.h>

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QPointer>
#include <QScrollArea>
#include <QTimer>
#include <algorithm>

#include "client/desktop/message_bar.hpp"
#include "client/desktop/paste_question.hpp"
#include "client/desktop/terminal_drop.hpp"
#include "client/desktop/terminal_echo.hpp"
#include "client/desktop/terminal_find_bar.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype large_paste = 5'000;  // characters that are asked about

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
      const bool letter = key->key() >= Qt::Key_A && key->key() <= Qt::Key_Z;
      if (((modifiers == Qt::ControlModifier || modifiers == Qt::AltModifier) && letter) ||
          zoomOf(key) != Zoom::none || isForPanes(key) || isOwn(key)) {
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
    case QEvent::Wheel:
      overlay_->setLink({});
      hovered_ = {-1, -1};
      if (onWheel(static_cast<QWheelEvent*>(event))) return true;
      break;
    case QEvent::Leave:
      overlay_->setLink({});
      break;
    case QEvent::Resize:
      overlay_->setGeometry(surface_->display()->rect());
      find_bar_->place();
      break;
    case QEvent::DragEnter:
    case QEvent::DragMove: {
      auto* drag = static_cast<QDragMoveEvent*>(event);
      takesDrop(drag->mimeData()) ? drag->acceptProposedAction() : drag->ignore();
      return true;
    }
    case QEvent::Drop: {
      // Not as the widget does it, which would type names of files of this machine.
      auto* drop = static_cast<QDropEvent*>(event);
      if (!takesDrop(drop->mimeData())) return drop->ignore(), true;
      drop->setDropAction(Qt::CopyAction);
      drop->accept();
      Q_EMIT dropped(drop->mimeData());
      return true;
    }
    default:
      break;
  }
  return QWidget::eventFilter(watched, event);
}

/// What onKey() takes besides: the window may have other things to do with the same keys.
bool TerminalView::isOwn(const QKeyEvent* event) {
  if ((event->modifiers() & ~Qt::KeypadModifier) != (Qt::ControlModifier | Qt::ShiftModifier)) return false;
  static constexpr Qt::Key own[] = {Qt::Key_C, Qt::Key_V, Qt::Key_F, Qt::Key_Up, Qt::Key_Down};
  return std::ranges::contains(own, event->key());
}

TerminalView::Zoom TerminalView::zoomOf(const QKeyEvent* event) {
  if ((event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) != Qt::ControlModifier)
    return Zoom::none;
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return Zoom::in;
    case Qt::Key_Minus:
      return event->modifiers() & Qt::ShiftModifier ? Zoom::none : Zoom::out;
    case Qt::Key_0:
      return event->modifiers() & Qt::ShiftModifier ? Zoom::none : Zoom::usual;
    default:
      return Zoom::none;
  }
}

void TerminalView::zoom(Zoom zoom) {
  if (zoom == Zoom::usual)
    usualSize();
  else if (zoom != Zoom::none)
    enlarge(zoom == Zoom::in ? 1 : -1);
}

bool TerminalView::onWheel(QWheelEvent* event) {
  if (event->modifiers() != Qt::ControlModifier) return false;
  // A touchpad sends many small steps.
  wheeled_ += event->angleDelta().y();
  constexpr int notch = 120;
  for (; std::abs(wheeled_) >= notch; wheeled_ -= wheeled_ > 0 ? notch : -notch)
    zoom(wheeled_ > 0 ? Zoom::in : Zoom::out);
  return true;
}

/// Arrows with Alt, and with Ctrl and Shift to the sides; the program's where no other pane is.
bool TerminalView::isForPanes(const QKeyEvent* event) const {
  if (!several_) return false;
  const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
  const bool sideways = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
  const bool arrow = sideways || event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
  return (modifiers == Qt::AltModifier && arrow) ||
         (modifiers == (Qt::ControlModifier | Qt::ShiftModifier) && sideways);
}

bool TerminalView::onPane(const QKeyEvent* event) {
  if (!isForPanes(event)) return false;
  constexpr int step = 20;  // px
  const int dx = event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Right ? 1 : 0;
  const int dy = event->key() == Qt::Key_Up ? -1 : event->key() == Qt::Key_Down ? 1 : 0;
  if (event->modifiers() & Qt::AltModifier)
    Q_EMIT paneWanted(dx, dy);
  else
    Q_EMIT paneResizeWanted(dx * step, 0);
  return true;
}

bool TerminalView::onKey(QKeyEvent* event) {
  const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
  if (const auto wanted = zoomOf(event); wanted != Zoom::none) return zoom(wanted), true;
  if (onPane(event)) return true;
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
  if (PasteQuestion::isWanted() && ((!safe && lines > 1) || text.size() > large_paste)) {
    // Another window may close the terminal, and with it this view, while the person is asked.
    const QPointer<TerminalView> self(this);
    const QPointer<PasteQuestion> question(new PasteQuestion(text, !safe, window()));
    connect(this, &QObject::destroyed, question, &QDialog::reject);
    question->exec();
    const auto answer = question ? question->answer() : PasteQuestion::Answer::cancel;
    delete question;
    if (!self || answer == PasteQuestion::Answer::cancel) return;
    if (answer == PasteQuestion::Answer::one_line) return insert(one_line(text));
  }
  type((safe ? bracketed : keys).toUtf8());
}

void TerminalView::insert(const QString& text) {
  auto keys = text;
  widget()->bracketText(keys);
  type(keys.toUtf8());
}

bool TerminalView::takesDrop(const QMimeData* data) const {
  if (!terminal_ || !terminal_->mayType() || !terminal_->info().running) return false;
  return data->hasFormat(QLatin1String(tree_paths_mime)) || data->hasText() ||
         std::ranges::any_of(data->urls(), &QUrl::isLocalFile);
}

void TerminalView::find() { find_bar_->open(); }

}  // namespace berth::desktop
