// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_surface.hpp"

#include <qtermwidget6/qtermwidget.h>

#include <QBuffer>
#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QStyle>
#include <cmath>
#include <utility>

#include "client/desktop/paint_recorder.hpp"

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
  for (const char* slot : {"matchFound(int,int,int,int)", "noMatchFound()"})
    if (widget_->metaObject()->indexOfSlot(slot) < 0)
      qFatal("This QTermWidget can't be searched: QTermWidget::%s is missing.", slot);
  if (!scroll_bar_) qFatal("This QTermWidget has no scroll bar in its display.");
  const auto asked = connect(widget_, &QTermWidget::sendData, this,
                             [this] { emulation_ = static_cast<SendingTermWidget*>(widget_)->whoSends(); });
  feed(QByteArrayLiteral("\x1b[c"));  // which it answers
  disconnect(asked);
  if (!emulation_ || emulation_->metaObject()->indexOfSlot("showBulk()") < 0)
    qFatal("This QTermWidget can't be refreshed: Konsole::Emulation::showBulk() is missing.");
  // Not for each line of a flood.
  connect(scroll_bar_, &QScrollBar::valueChanged, this, [this] {
    if (std::exchange(was_back_, isScrolledBack()) || was_back_) lookForStandIns();
  });
  connect(QGuiApplication::clipboard(), &QClipboard::selectionChanged, this, &TerminalSurface::mendSelection);
}

void TerminalSurface::refresh() const {
  QMetaObject::invokeMethod(emulation_, "showBulk", Qt::DirectConnection);
}

void TerminalSurface::feed(const QByteArray& bytes) {
  if (bytes.isEmpty()) return;
  feeding_ = true;
  stand_ins_.feed(bytes, {[this](const QByteArray& shown) {
                            QMetaObject::invokeMethod(session_, "onReceiveBlock", Qt::DirectConnection,
                                                      Q_ARG(const char*, shown.constData()),
                                                      Q_ARG(int, static_cast<int>(shown.size())));
                          },
                          [this] { return cursor().x(); }});
  feeding_ = false;
  if (stand_ins_.takeNews()) Q_EMIT standInsMoved();
}

void TerminalSurface::beginAnew() {
  feed(
      QByteArrayLiteral("\x1b[?1049l\x1b"
                        "c\x1b[3J"));
  stand_ins_.clear();
}

void TerminalSurface::resized() {
  stand_ins_.resized();
  lookForStandIns();
}

void TerminalSurface::lookForStandIns() {
  if (!stand_ins_.isEmpty()) Q_EMIT standInsMoved();
}

/// The display has put its selection where a middle click finds it.
void TerminalSurface::mendSelection() {
  auto* clipboard = QGuiApplication::clipboard();
  if (stand_ins_.isEmpty() || !clipboard->ownsSelection()) return;
  const auto shown = clipboard->text(QClipboard::Selection);
  const auto text = stand_ins_.text(shown);
  if (text != shown && shown == widget_->selectedText()) clipboard->setText(text, QClipboard::Selection);
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
    if (columns_in_widget(character) == 2) line.push_back(0);
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
  return stand_ins_.text(QString::fromUtf8(buffer.data()));
}

std::vector<TextLine> TerminalSurface::lines() const {
  refresh();
  const int columns = cells().width();
  const int rows = historyLines() + cells().height();
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  widget_->saveHistory(&buffer);
  if (auto lines = lines_by_width(QString::fromUtf8(buffer.data()), columns, rows)) return std::move(*lines);
  // Some were written in another width: one by one, by selecting them, which is how the widget tells of a
  // row.
  QStringList each;
  for (int row = 0; row < rows; ++row) {
    widget_->setSelectionStart(row, 0);
    widget_->setSelectionEnd(row, columns - 1);
    auto text = widget_->selectedText();
    while (text.endsWith(u'\n')) text.chop(1);
    each.append(std::move(text));
  }
  QMetaObject::invokeMethod(widget_, "noMatchFound", Qt::DirectConnection);
  return lines_by_rows(each, columns);
}

void TerminalSurface::select(const TerminalMatch& match) {
  // As its own search bar does; that scrolls the match to the top, where nothing is seen of what is around
  // it.
  QMetaObject::invokeMethod(widget_, "matchFound", Qt::DirectConnection, Q_ARG(int, match.begin.x()),
                            Q_ARG(int, match.begin.y()), Q_ARG(int, match.end.x()),
                            Q_ARG(int, match.end.y()));
  scrollTo(match.begin.y() - cells().height() / 2);
}

void TerminalSurface::clearSelection() {
  QMetaObject::invokeMethod(widget_, "noMatchFound", Qt::DirectConnection);
}

bool TerminalSurface::hasSelection() const { return !widget_->selectedText().isEmpty(); }

std::vector<TerminalSurface::ShownRow> TerminalSurface::shownRows() const {
  refresh();
  PaintRecorder record(display_, [](const QString&) { return true; });
  display_->render(&record, QPoint(), QRegion(), QWidget::RenderFlags());
  const auto origin = rect(0, 0, 1);
  std::vector<ShownRow> rows(static_cast<std::size_t>(std::max(1, cells().height())));
  QPointF drawn_to;
  int column = 0;
  for (const auto& piece : record.texts()) {
    const auto number = static_cast<int>(std::floor((piece.at.y() - origin.top()) / origin.height() - 0.5));
    if (number < 0 || number >= static_cast<int>(rows.size())) continue;
    auto& row = rows[static_cast<std::size_t>(number)];
    // A piece that goes on where another ended is of the same string, in a font of another width.
    const bool goes_on = piece.at.y() == drawn_to.y() && std::abs(piece.at.x() - drawn_to.x()) < 0.01;
    if (!goes_on) column = qRound((piece.at.x() - origin.left()) / origin.width());
    for (; row.width < column; ++row.width) {
      row.text += u' ';
      row.columns.push_back(row.width);
    }
    for (const char32_t character : piece.text.toStdU32String()) {
      const auto* cell = stand_ins_.find(character);
      const auto text = cell ? cell->text : QString::fromUcs4(&character, 1);
      row.columns.insert(row.columns.end(), static_cast<std::size_t>(text.size()), column);
      row.text += text;
      column += cell ? cell->width : columns_in_widget(character);
    }
    row.width = std::max(row.width, column);
    drawn_to = piece.at + QPointF(piece.width, 0);
  }
  return rows;
}

QString TerminalSurface::selectedText() const { return stand_ins_.text(widget_->selectedText()); }

void TerminalSurface::setTerminalFont(const QFont& font) { widget_->setTerminalFont(font); }

}  // namespace berth::desktop
