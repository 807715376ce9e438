// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_surface.hpp"

#include <qtermwidget6/qtermwidget.h>

#include <QBuffer>
#include <QScrollBar>
#include <QStyle>

#include "client/core/echo_predictor.hpp"
#include "client/desktop/composed_marks.hpp"

namespace berth::desktop {
namespace {

constexpr int surface_margin = 6;  // px around the cells

QObject* session_inside(QTermWidget* widget) {
  for (auto* child : widget->findChildren<QObject*>())
    if (QLatin1String(child->metaObject()->className()) == QLatin1String("Konsole::Session")) return child;
  return nullptr;
}

/// Whose signal makes the widget send: in a slot of its sendData() that is the emulation, which nothing else
/// tells.
class SendingTermWidget : public QTermWidget {
 public:
  using QTermWidget::QTermWidget;
  QObject* whoSends() const { return sender(); }
};

/// Columns that QTermWidget gives a character; only lines with others than certain ones can come out wrong
/// here, and then a prediction is taken back.
int shown_width(char32_t character) {
  const int width = client::certain_width(character);
  if (width > 0) return width;
  return (character >= 0x1100 && character <= 0x115f) || (character >= 0x2e80 && character <= 0xa4cf) ||
                 (character >= 0xf900 && character <= 0xfaff) ||
                 (character >= 0xfe30 && character <= 0xfe6f) ||
                 (character >= 0x1f300 && character <= 0x1faff) ||
                 (character >= 0x20000 && character <= 0x3fffd)
             ? 2
             : 1;
}

}  // namespace

TerminalSurface::TerminalSurface(int history, QWidget* parent)
    : QObject(parent), widget_(new SendingTermWidget(0, parent)), history_(history) {
  widget_->setHistorySize(history_);
  widget_->setScrollBarPosition(QTermWidget::ScrollBarRight);
  widget_->setBidiEnabled(false);
  widget_->setConfirmMultilinePaste(false);
  widget_->setTerminalSizeHint(false);
  widget_->setFlowControlEnabled(false);
  widget_->setFlowControlWarningEnabled(false);
  widget_->setBlinkingCursor(false);
  widget_->setMargin(surface_margin);
  // Its own lines stand in the wrong place behind a wide character; the font has them, too.
  widget_->setDrawLineChars(false);
  widget_->setKeyBindings(QStringLiteral("linux"));
  widget_->setContextMenuPolicy(Qt::CustomContextMenu);
  widget_->startTerminalTeletype();
  session_ = session_inside(widget_);
  display_ = widget_->focusProxy();
  if (!session_ || session_->metaObject()->indexOfSlot("onReceiveBlock(const char*,int)") < 0)
    qFatal("This QTermWidget can't be fed: Konsole::Session::onReceiveBlock(const char*, int) is missing.");
  if (!display_) qFatal("This QTermWidget has no display.");
  // It paints around the cells by this role, but sets the colour of the role that its parents give it.
  display_->setBackgroundRole(QPalette::Window);
  scroll_bar_ = display_->findChild<QScrollBar*>();
  if (!scroll_bar_) qFatal("This QTermWidget has no scroll bar in its display.");
  const auto asked = connect(widget_, &QTermWidget::sendData, this,
                             [this] { emulation_ = static_cast<SendingTermWidget*>(widget_)->whoSends(); });
  feed(QByteArrayLiteral("\x1b[c"));  // which it answers
  disconnect(asked);
  if (!emulation_ || emulation_->metaObject()->indexOfSlot("showBulk()") < 0)
    qFatal("This QTermWidget can't be refreshed: Konsole::Emulation::showBulk() is missing.");
}

void TerminalSurface::refresh() const {
  QMetaObject::invokeMethod(emulation_, "showBulk", Qt::DirectConnection);
}

void TerminalSurface::feed(const QByteArray& bytes) {
  if (bytes.isEmpty()) return;
  feeding_ = true;
  const auto shown = with_composed_marks(bytes);
  QMetaObject::invokeMethod(session_, "onReceiveBlock", Qt::DirectConnection,
                            Q_ARG(const char*, shown.constData()),
                            Q_ARG(int, static_cast<int>(shown.size())));
  feeding_ = false;
}

QColor TerminalSurface::background() const { return display_->palette().color(QPalette::Window); }

QSize TerminalSurface::cells() const { return {widget_->screenColumnsCount(), widget_->screenLinesCount()}; }

QSize TerminalSurface::cellPixels() const {
  const auto rect = display_->inputMethodQuery(Qt::ImCursorRectangle).toRectF();
  return {std::max(1, qRound(rect.width())), std::max(1, qRound(rect.height()))};
}

QPoint TerminalSurface::cursor() const {
  const auto rect = display_->inputMethodQuery(Qt::ImCursorRectangle).toRectF();
  const auto cell = cellPixels();
  const int column = display_->inputMethodQuery(Qt::ImCursorPosition).toInt();
  return {column, static_cast<int>(rect.top() - surface_margin) / cell.height()};
}

QRect TerminalSurface::rect(int row, int column, int columns) const {
  const auto cell = cellPixels();
  const auto cursor_rect = display_->inputMethodQuery(Qt::ImCursorRectangle).toRectF().toRect();
  const auto at = cursor();
  return {cursor_rect.x() + (column - at.x()) * cell.width(),
          cursor_rect.y() + (row - at.y()) * cell.height(), columns * cell.width(), cell.height()};
}

QSize TerminalSurface::pixelsFor(const QSize& cells) const {
  const auto cell = cellPixels();
  const int bar = scroll_bar_->style()->styleHint(QStyle::SH_ScrollBar_Transient, nullptr, scroll_bar_)
                      ? 0
                      : scroll_bar_->sizeHint().width();
  return {cells.width() * cell.width() + 2 * surface_margin + bar,
          cells.height() * cell.height() + 2 * surface_margin};
}

QSize TerminalSurface::cellsIn(const QSize& pixels) const {
  const auto cell = cellPixels();
  const auto around = pixelsFor({0, 0});
  // The display counts one pixel more than there is, downwards.
  return {std::max(1, (pixels.width() - around.width()) / cell.width()),
          std::max(1, (pixels.height() - around.height() + 1) / cell.height())};
}

std::u32string TerminalSurface::cursorLine() const {
  refresh();
  std::u32string line;
  for (const auto character : display_->inputMethodQuery(Qt::ImSurroundingText).toString().toStdU32String()) {
    if (character < 0x20) continue;
    line.push_back(character);
    if (shown_width(character) == 2) line.push_back(0);
  }
  line.resize(static_cast<std::size_t>(std::max(1, widget_->screenColumnsCount())), U' ');
  return line;
}

int TerminalSurface::historyLines() const { return widget_->historyLinesCount(); }

int TerminalSurface::topLine() const { return scroll_bar_->value(); }

bool TerminalSurface::isScrolledBack() const { return scroll_bar_->value() < scroll_bar_->maximum(); }

void TerminalSurface::scrollTo(int line) {
  scroll_bar_->setValue(std::clamp(line, scroll_bar_->minimum(), scroll_bar_->maximum()));
}

void TerminalSurface::scrollToEnd() {
  refresh();  // with a scroll bar that lags behind it would stop before the end, and stay there
  widget_->scrollToEnd();
}

bool TerminalSurface::isFull() const { return historyLines() >= history_; }

QString TerminalSurface::text() const {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  widget_->saveHistory(&buffer);
  return QString::fromUtf8(buffer.data());
}

void TerminalSurface::setTerminalFont(const QFont& font) { widget_->setTerminalFont(font); }

}  // namespace berth::desktop
