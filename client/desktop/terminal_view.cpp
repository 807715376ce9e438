// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_view.hpp"

#include <qtermwidget6/qtermwidget.h>

#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QTimer>
#include <QVBoxLayout>

#include "client/desktop/message_bar.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype piece = 16 * 1024;    // bytes in one call of the emulation
constexpr qint64 turn = 8;                // ms of one event-loop turn that feeding may take
constexpr int history = 10'000;           // lines
constexpr qsizetype large_paste = 5'000;  // characters that are asked about
constexpr int quiet = 250;                // ms after which a replay is over

QObject* session_of(QTermWidget* widget) {
  for (auto* child : widget->findChildren<QObject*>())
    if (QLatin1String(child->metaObject()->className()) == QLatin1String("Konsole::Session")) return child;
  return nullptr;
}

}  // namespace

TerminalView::TerminalView(client::Terminal* terminal, bool fresh, QWidget* parent)
    : QWidget(parent),
      terminal_(terminal),
      widget_(new QTermWidget(0, this)),
      bar_(new MessageBar),
      answers_(fresh) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(bar_);
  layout->addWidget(widget_, 1);
  widget_->setHistorySize(history);
  widget_->setScrollBarPosition(QTermWidget::ScrollBarRight);
  widget_->setBidiEnabled(false);
  widget_->setConfirmMultilinePaste(false);
  widget_->setTerminalSizeHint(false);
  widget_->setFlowControlEnabled(false);
  widget_->setFlowControlWarningEnabled(false);
  widget_->setBlinkingCursor(false);
  widget_->setMargin(6);
  widget_->setKeyBindings(QStringLiteral("linux"));
  widget_->setContextMenuPolicy(Qt::CustomContextMenu);
  applyTheme();
  connect(Theme::instance(), &Theme::changed, this, &TerminalView::applyTheme);
  widget_->startTerminalTeletype();
  session_ = session_of(widget_);
  if (!session_ || session_->metaObject()->indexOfSlot("onReceiveBlock(const char*,int)") < 0)
    qFatal("This QTermWidget can't be fed: Konsole::Session::onReceiveBlock(const char*, int) is missing.");
  setFocusProxy(widget_);
  if (auto* display = widget_->focusProxy()) {
    display->installEventFilter(this);
    connect(display, SIGNAL(changedContentSizeSignal(int, int)), this, SLOT(sizeChanged(int, int)));
  }
  connect(widget_, &QTermWidget::sendData, this, &TerminalView::onSend);
  connect(widget_, &QWidget::customContextMenuRequested, this, &TerminalView::contextMenu);
  connect(terminal, &client::Terminal::outputReady, this, [this] {
    if (!drain_scheduled_) drain();
  });
  connect(terminal, &client::Terminal::screenLost, this, [this] {
    filter_.reset();
    answers_ = false;
    feed(
        QByteArrayLiteral("\x1b"
                          "c\x1b[3J"));
  });
  connect(terminal, &client::Terminal::ended, this, &TerminalView::showEnd);
  connect(terminal, &client::Terminal::infoChanged, this, [this] {
    if (terminal_ && !terminal_->info().running) showEnd();
  });
  connect(terminal, &client::Terminal::trouble, this,
          [this](const QString& problem) { bar_->show(MessageBar::Kind::warning, problem, {}, true); });
}

void TerminalView::applyTheme() {
  const auto* theme = Theme::instance();
  widget_->setTerminalFont(theme->codeFont());
  widget_->setColorScheme(theme->isDark() ? QStringLiteral(":/berth/schemes/berth-dark.colorscheme")
                                          : QStringLiteral(":/berth/schemes/berth-light.colorscheme"));
  filter_.setColors(theme->colors().text, theme->colors().base);
}

QSize TerminalView::cellsFor(const QSize& pixels) {
  const QFontMetricsF metrics(Theme::instance()->codeFont());
  const auto columns = static_cast<int>((pixels.width() - 28) / metrics.horizontalAdvance(QLatin1Char('M')));
  const auto rows = static_cast<int>((pixels.height() - 16) / metrics.height());
  return {std::clamp(columns, 20, 500), std::clamp(rows, 5, 300)};
}

void TerminalView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (std::exchange(attached_, true)) return;
  // The program's output is laid out for the real size, so receiving begins after the first layout.
  QTimer::singleShot(0, this, [this] {
    reportSize();
    if (terminal_) terminal_->attach();
  });
}

void TerminalView::sizeChanged(int, int) { QTimer::singleShot(0, this, &TerminalView::reportSize); }

void TerminalView::reportSize() {
  const QSize size(widget_->screenColumnsCount(), widget_->screenLinesCount());
  if (!terminal_ || !isVisible() || size == reported_ || size.width() < 2 || size.height() < 2) return;
  reported_ = size;
  terminal_->resize(size.width(), size.height());
}

void TerminalView::drain() {
  drain_scheduled_ = false;
  if (!terminal_) return;
  QElapsedTimer clock;
  clock.start();
  while (terminal_ && terminal_->hasOutput()) {
    if (clock.elapsed() >= turn) {
      drain_scheduled_ = true;
      QTimer::singleShot(0, this, &TerminalView::drain);
      return;
    }
    const auto bytes = terminal_->take(piece);
    const auto out = filter_.feed(bytes);
    feed(out.show);
    if (answers_ && !out.answer.isEmpty()) send(out.answer);
    if (terminal_) terminal_->drained(bytes.size());
  }
  // A replay ends when the output pauses; from then on questions are new ones.
  if (!answers_)
    QTimer::singleShot(quiet, this, [this] { answers_ = answers_ || !terminal_ || !terminal_->hasOutput(); });
}

void TerminalView::feed(const QByteArray& bytes) {
  if (bytes.isEmpty()) return;
  feeding_ = true;
  QMetaObject::invokeMethod(session_, "onReceiveBlock", Qt::DirectConnection,
                            Q_ARG(const char*, bytes.constData()),
                            Q_ARG(int, static_cast<int>(bytes.size())));
  feeding_ = false;
}

void TerminalView::onSend(const char* bytes, int length) {
  if (length <= 0) return;
  // What comes while feeding is the emulation's own answer to a question in the output.
  if (feeding_ && !answers_) return;
  QByteArray keys(bytes, length);
  static const QByteArray begin = QByteArrayLiteral("\x1b[200~");
  static const QByteArray end = QByteArrayLiteral("\x1b[201~");
  if (keys.startsWith(begin) && keys.endsWith(end)) {
    // Pasted text that ends its own bracket would be run as typed.
    auto text = keys.mid(begin.size(), keys.size() - begin.size() - end.size());
    text.replace('\x1b', QByteArrayView());
    keys = begin + text + end;
  }
  send(keys);
}

void TerminalView::send(const QByteArray& bytes) {
  if (!terminal_) return;
  if (!terminal_->send({bytes.constData(), static_cast<std::size_t>(bytes.size())})) QApplication::beep();
}

bool TerminalView::eventFilter(QObject* watched, QEvent* event) {
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
    case QEvent::MouseButtonRelease:
      if (static_cast<QMouseEvent*>(event)->button() == Qt::MiddleButton) {
        pasteText(QApplication::clipboard()->text(QClipboard::Selection));
        return true;
      }
      break;
    case QEvent::MouseButtonPress:
      if (static_cast<QMouseEvent*>(event)->button() == Qt::MiddleButton) return true;
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

bool TerminalView::onKey(QKeyEvent* event) {
  const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
  switch (event->key()) {
    case Qt::Key_Backspace:
      send(modifiers & Qt::ControlModifier ? QByteArrayLiteral("\x17")
           : modifiers & Qt::AltModifier   ? QByteArrayLiteral("\x1b\x7f")
                                           : QByteArrayLiteral("\x7f"));
      return true;
    case Qt::Key_Backtab:
      send(QByteArrayLiteral("\x1b[Z"));
      return true;
    case Qt::Key_Tab:
      if (modifiers == Qt::NoModifier) {
        send(QByteArrayLiteral("\t"));
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
  }
  if (terminal_ && !terminal_->info().running) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) Q_EMIT closeWanted();
    return true;
  }
  return false;
}

void TerminalView::copy() { widget_->copyClipboard(); }

void TerminalView::paste() { pasteText(QApplication::clipboard()->text()); }

void TerminalView::pasteText(QString text) {
  if (text.isEmpty()) return;
  text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
  // Control characters in pasted text are never meant, and can press keys.
  text.removeIf(
      [](QChar c) { return c.unicode() < 0x20 && c != QLatin1Char('\n') && c != QLatin1Char('\t'); });
  text.remove(QChar(0x7f));
  auto keys = text;
  keys.replace(QLatin1Char('\n'), QLatin1Char('\r'));
  auto bracketed = keys;
  widget_->bracketText(bracketed);
  const bool safe = bracketed != keys;  // the program asked to be told of pastes: it runs nothing by itself
  const auto lines = text.trimmed().count(QLatin1Char('\n')) + 1;
  if ((!safe && lines > 1) || text.size() > large_paste) {
    const auto question =
        lines > 1 ? tr("Paste %n lines? Each one is run as if typed.", nullptr, static_cast<int>(lines))
                  : tr("Paste %n characters?", nullptr, static_cast<int>(text.size()));
    QMessageBox box(QMessageBox::Question, tr("Paste"), question, QMessageBox::Cancel, this);
    box.setDetailedText(text.left(10'000));
    const auto* yes = box.addButton(tr("Paste"), QMessageBox::AcceptRole);
    box.exec();
    if (box.clickedButton() != yes) return;
  }
  send((safe ? bracketed : keys).toUtf8());
}

void TerminalView::find() { widget_->toggleShowSearchBar(); }

void TerminalView::contextMenu(const QPoint& position) {
  QMenu menu(this);
  auto* copy_action =
      menu.addAction(Theme::icon(QStringLiteral("edit-copy")), tr("Copy"), this, &TerminalView::copy);
  copy_action->setEnabled(!widget_->selectedText().isEmpty());
  copy_action->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
  menu.addAction(Theme::icon(QStringLiteral("edit-paste")), tr("Paste"), this, &TerminalView::paste)
      ->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_V));
  menu.addAction(Theme::icon(QStringLiteral("edit-find")), tr("Find…"), this, &TerminalView::find)
      ->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F));
  menu.addSeparator();
  menu.addAction(tr("Larger"), widget_, &QTermWidget::zoomIn);
  menu.addAction(tr("Smaller"), widget_, &QTermWidget::zoomOut);
  menu.addSeparator();
  menu.addAction(Theme::icon(QStringLiteral("window-close")), tr("Close Terminal"), this,
                 &TerminalView::closeWanted);
  menu.exec(widget_->mapToGlobal(position));
}

void TerminalView::showEnd() {
  if (!terminal_) return;
  const auto& info = terminal_->info();
  if (info.running) return;
  const bool well = info.exit_code == 0;
  const auto text = info.exit_signal ? tr("The program was ended by signal %1.").arg(*info.exit_signal)
                    : info.exit_code ? tr("The program ended with status %1.").arg(*info.exit_code)
                                     : tr("The program ended.");
  QList<MessageBar::Action> actions;
  if (!info.command.empty()) actions.append({tr("Run Again"), [this] { Q_EMIT restartWanted(); }});
  actions.append({tr("Close"), [this] { Q_EMIT closeWanted(); }});
  bar_->show(well ? MessageBar::Kind::good : MessageBar::Kind::warning, text, actions);
}

QString TerminalView::allText() const {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  widget_->saveHistory(&buffer);
  return QString::fromUtf8(buffer.data());
}

}  // namespace berth::desktop
