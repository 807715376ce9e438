// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/sticky_header.hpp"

#include <QCoreApplication>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/styled_line.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using Sci = QsciScintillaBase;

constexpr long farthest_header = 5'000;  // lines above
constexpr long widest_header = 400;      // bytes that are painted
constexpr int least_rows_below = 8;      // of text, that a header leaves in view

}  // namespace

StickyHeader::StickyHeader(CodeEditor* editor) : QWidget(editor), editor_(editor) {
  setObjectName(QStringLiteral("stickyHeader"));
  setFocusPolicy(Qt::NoFocus);
  setCursor(Qt::PointingHandCursor);
  editor->viewport()->installEventFilter(this);
  // Scintilla tells of most of it while it paints: no widget is moved then.
  due_.setSingleShot(true);
  due_.setInterval(0);
  connect(&due_, &QTimer::timeout, this, &StickyHeader::refresh);
  connect(editor, &QsciScintillaBase::SCN_UPDATEUI, &due_, qOverload<>(&QTimer::start));
  connect(editor, &QsciScintillaBase::SCN_ZOOM, &due_, qOverload<>(&QTimer::start));
  connect(editor, &CodeEditor::textLoaded, &due_, qOverload<>(&QTimer::start));
  connect(EditorChoices::instance(), &EditorChoices::changed, &due_, qOverload<>(&QTimer::start));
  connect(Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
  hide();
}

int StickyHeader::rowHeight() const {
  return std::max(1, static_cast<int>(editor_->SendScintilla(Sci::SCI_TEXTHEIGHT, 0ul)));
}

std::vector<long> StickyHeader::enclosing(long line) const {
  const auto number = [](long value) { return static_cast<unsigned long>(value); };
  const auto count = editor_->SendScintilla(Sci::SCI_GETLINECOUNT);
  const auto is_blank = [&](long at) {
    return editor_->SendScintilla(Sci::SCI_GETLINEINDENTPOSITION, number(at)) >=
           editor_->SendScintilla(Sci::SCI_GETLINEENDPOSITION, number(at));
  };
  // Blank lines lie where the next one with text does.
  auto from = line;
  while (from < count && is_blank(from)) ++from;
  if (from >= count) return {};
  auto depth = editor_->SendScintilla(Sci::SCI_GETLINEINDENTATION, number(from));
  std::vector<long> found;
  for (auto at = std::min(line, from) - 1; at >= 0 && line - at < farthest_header && depth > 0; --at) {
    if (is_blank(at)) continue;
    const auto indent = editor_->SendScintilla(Sci::SCI_GETLINEINDENTATION, number(at));
    if (indent >= depth) continue;
    depth = indent;
    // A bracket alone says nothing of what it opens.
    const auto first = editor_->SendScintilla(
        Sci::SCI_GETCHARAT, number(editor_->SendScintilla(Sci::SCI_GETLINEINDENTPOSITION, number(at))));
    if (first != '{' && first != '}' && first != ')' && first != ']') found.push_back(at);
  }
  std::ranges::reverse(found);
  if (found.size() > most_headers) found.resize(most_headers);
  return found;
}

void StickyHeader::refresh() {
  std::vector<long> wanted;
  const auto rows = editor_->viewport()->height() / rowHeight();
  if (EditorLook::stickyHeader() && rows >= least_rows_below + most_headers) {
    const auto top = editor_->SendScintilla(
        Sci::SCI_DOCLINEFROMVISIBLE,
        static_cast<unsigned long>(editor_->SendScintilla(Sci::SCI_GETFIRSTVISIBLELINE)));
    // What is covered by headers is not the first shown line: that one lies below them.
    for (long covered = 0; covered <= most_headers; ++covered) {
      wanted = enclosing(top + covered);
      std::erase_if(wanted, [&](long line) { return line >= top + covered; });
      if (static_cast<long>(wanted.size()) <= covered) break;
    }
    // Those in view below the rows above them need no second place.
    while (!wanted.empty() && wanted.back() >= top + static_cast<long>(wanted.size()) - 1) wanted.pop_back();
    // The cursor's line is never covered.
    const auto caret = static_cast<long>(editor_->cursorLine()) - 1;
    while (!wanted.empty() && caret >= top && caret < top + static_cast<long>(wanted.size()))
      wanted.pop_back();
  }
  const auto place = editor_->viewport()->geometry();
  const QRect mine(place.left(), place.top(), place.width(),
                   static_cast<int>(wanted.size()) * rowHeight() + 1);
  if (!wanted.empty() && geometry() != mine) setGeometry(mine);
  headers_ = std::move(wanted);
  setVisible(!headers_.empty());
  if (!headers_.empty()) raise();
  update();
}

void StickyHeader::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& colors = Theme::instance()->colors();
  painter.fillRect(rect(), colors.base);
  auto font = Theme::instance()->codeFont(editor_->fontSize());
  font.setPointSizeF(
      std::max(2.0, font.pointSizeF() + static_cast<double>(editor_->SendScintilla(Sci::SCI_GETZOOM))));
  const auto height = rowHeight();
  const auto left = editor_->textLeft();
  const auto scrolled = static_cast<int>(editor_->SendScintilla(Sci::SCI_GETXOFFSET));
  const auto numbers = static_cast<int>(editor_->SendScintilla(Sci::SCI_GETMARGINWIDTHN, 0ul));
  for (std::size_t row = 0; row < headers_.size(); ++row) {
    const QRect line(0, static_cast<int>(row) * height, width(), height);
    painter.setFont(font);
    painter.setPen(colors.faint);
    painter.drawText(QRect(0, line.top(), numbers, height).adjusted(0, 0, -6, 0),
                     Qt::AlignVCenter | Qt::AlignRight, QString::number(headers_[row] + 1));
    painter.setClipRect(left, line.top(), width() - left, height);
    auto x = left - scrolled;
    for (const auto& run : styled_line(editor_, headers_[row], widest_header)) {
      font.setBold(run.bold);
      font.setItalic(run.italic);
      painter.setFont(font);
      painter.setPen(run.colour);
      const auto advance = painter.fontMetrics().horizontalAdvance(run.text);
      painter.drawText(QRect(x, line.top(), advance + height, height), Qt::AlignVCenter | Qt::AlignLeft,
                       run.text);
      x += advance;
    }
    painter.setClipping(false);
    font.setBold(false);
    font.setItalic(false);
  }
  painter.fillRect(0, this->height() - 1, width(), 1, colors.border);
}

void StickyHeader::mousePressEvent(QMouseEvent* event) {
  const auto row = static_cast<std::size_t>(std::max(0.0, event->position().y()) / rowHeight());
  if (event->button() != Qt::LeftButton || row >= headers_.size()) return;
  const auto line = headers_[row];
  editor_->setFocus();
  editor_->goToLine(static_cast<int>(line) + 1);
}

void StickyHeader::wheelEvent(QWheelEvent* event) { QCoreApplication::sendEvent(editor_->viewport(), event); }

bool StickyHeader::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize || event->type() == QEvent::Move) due_.start();
  return QWidget::eventFilter(watched, event);
}

}  // namespace berth::desktop
