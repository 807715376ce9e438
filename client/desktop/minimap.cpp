// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/minimap.hpp"

#include <QCoreApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "client/core/plain_tip.hpp"
#include "client/desktop/bookmarks.hpp"
#include "client/desktop/change_bars.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/problem_marks.hpp"
#include "client/desktop/styled_line.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using Sci = QsciScintillaBase;

constexpr int map_width = 84;               // px
constexpr int least_room = 620;             // px of editor and map together
constexpr long largest_mapped = 16l << 20;  // bytes
constexpr int map_pause = 60;               // ms between two drawings
constexpr int map_left = 6;                 // px beside the text, for marks
constexpr int map_ink = 150;                // of 255
constexpr int problem_width = 8;            // px

}  // namespace

Minimap::Minimap(CodeEditor* editor, QWidget* parent) : QWidget(parent), editor_(editor) {
  setObjectName(QStringLiteral("minimap"));
  setFocusPolicy(Qt::NoFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
  due_.setSingleShot(true);
  due_.setInterval(map_pause);
  connect(&due_, &QTimer::timeout, this, &Minimap::draw);
  const auto soon = [this] {
    if (!due_.isActive() && isVisible()) due_.start();
  };
  connect(editor, &QsciScintillaBase::SCN_UPDATEUI, this, [this, soon](int updated) {
    if (updated & (Sci::SC_UPDATE_CONTENT | Sci::SC_UPDATE_V_SCROLL)) soon();
    update();
  });
  connect(editor, &QsciScintillaBase::SCN_PAINTED, this, [this, soon] {
    if (drawn_from_ < 0) soon();
  });
  connect(editor, &CodeEditor::textLoaded, this, [this] {
    fit(room_);
    due_.start();
  });
  connect(editor, &CodeEditor::marksChanged, this, soon);
  connect(EditorChoices::instance(), &EditorChoices::changed, this, [this] { fit(room_); });
  connect(Theme::instance(), &Theme::changed, this, [this] { due_.start(); });
}

QSize Minimap::sizeHint() const { return {map_width, 100}; }

void Minimap::fit(int room) {
  room_ = room;
  setVisible(EditorLook::minimap() && room >= least_room &&
             editor_->SendScintilla(Sci::SCI_GETLENGTH) <= largest_mapped);
}

/// All lines where they fit; else the map moves as far as the text does.
long Minimap::firstLine() const {
  const auto lines = editor_->SendScintilla(Sci::SCI_GETLINECOUNT);
  const auto fitting = static_cast<long>(height() / row);
  if (lines <= fitting) return 0;
  const auto shown = editor_->SendScintilla(Sci::SCI_LINESONSCREEN);
  const auto top = editor_->SendScintilla(
      Sci::SCI_DOCLINEFROMVISIBLE,
      static_cast<unsigned long>(editor_->SendScintilla(Sci::SCI_GETFIRSTVISIBLELINE)));
  const auto way = std::max(1l, lines - shown);
  return std::clamp((lines - fitting) * std::min(top, way) / way, 0l, lines - fitting);
}

QRect Minimap::slider() const {
  const auto top = editor_->SendScintilla(
      Sci::SCI_DOCLINEFROMVISIBLE,
      static_cast<unsigned long>(editor_->SendScintilla(Sci::SCI_GETFIRSTVISIBLELINE)));
  const auto shown = editor_->SendScintilla(Sci::SCI_LINESONSCREEN);
  return {0, static_cast<int>(top - firstLine()) * row, width(), static_cast<int>(shown) * row};
}

QColor Minimap::markOf(long line) const {
  const auto& colors = Theme::instance()->colors();
  const auto marks = editor_->SendScintilla(Sci::SCI_MARKERGET, static_cast<unsigned long>(line));
  if (marks & 1 << Bookmarks::marker) return colors.accent;
  if (marks & 1 << ChangeBars::added) return colors.good;
  if (marks & 1 << ChangeBars::changed) return colors.warning;
  if (marks & 1 << ChangeBars::deleted) return colors.bad;
  return {};
}

QColor Minimap::problemOf(long line) const {
  const auto& colors = Theme::instance()->colors();
  const auto marks = editor_->SendScintilla(Sci::SCI_MARKERGET, static_cast<unsigned long>(line));
  if (marks & 1 << ProblemMarks::error_marker) return colors.bad;
  if (marks & 1 << ProblemMarks::warning_marker) return colors.warning;
  return {};
}

void Minimap::draw() {
  if (!isVisible() || height() < row) return;
  const auto scale = devicePixelRatioF();
  picture_ = QImage(size() * scale, QImage::Format_ARGB32_Premultiplied);
  picture_.setDevicePixelRatio(scale);
  picture_.fill(Qt::transparent);
  QPainter painter(&picture_);
  const auto first = firstLine();
  const auto last = std::min(editor_->SendScintilla(Sci::SCI_GETLINECOUNT), first + height() / row);
  for (auto line = first; line < last; ++line) {
    const auto y = static_cast<int>(line - first) * row;
    if (const auto mark = markOf(line); mark.isValid()) painter.fillRect(0, y, 3, row, mark);
    int x = map_left;
    for (const auto& run : styled_line(editor_, line, map_width)) {
      auto colour = run.colour;
      colour.setAlpha(map_ink);
      // Words, not blanks: one rectangle each.
      for (qsizetype i = 0; i < run.text.size();) {
        const auto begin = i;
        const bool blank = run.text[i].isSpace();
        while (i < run.text.size() && run.text[i].isSpace() == blank) ++i;
        if (!blank)
          painter.fillRect(x + static_cast<int>(begin), y, static_cast<int>(i - begin), row - 1, colour);
      }
      x += static_cast<int>(run.text.size());
      if (x >= width()) break;
    }
    // At the other edge than bookmarks and changes, and higher than a row: it has to be found.
    if (const auto problem = problemOf(line); problem.isValid())
      painter.fillRect(width() - problem_width, y - 1, problem_width, row + 2, problem);
  }
  drawn_from_ = first;
  update();
}

bool Minimap::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto* problems = editor_->findChild<ProblemMarks*>();
  const auto line = firstLine() + help->pos().y() / row;
  // A row is two pixels: whoever points beside it means it.
  for (const auto near : {line, line - 1, line + 1}) {
    const auto told = problems && near >= 0 ? problems->textOfLine(near) : QString();
    if (told.isEmpty()) continue;
    QToolTip::showText(help->globalPos(), client::plain_tip(told), this);
    return true;
  }
  QToolTip::hideText();
  event->ignore();
  return true;
}

void Minimap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& colors = Theme::instance()->colors();
  painter.fillRect(rect(), colors.base);
  // Until it is drawn anew the old picture moves along.
  if (!picture_.isNull() && drawn_from_ >= 0)
    painter.drawImage(QPointF(0, static_cast<double>((drawn_from_ - firstLine()) * row)), picture_);
  auto shade = colors.muted;
  shade.setAlpha(underMouse() ? 60 : 38);
  painter.fillRect(slider(), shade);
  painter.fillRect(0, 0, 1, height(), colors.border);
}

void Minimap::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  due_.start();
}

void Minimap::goTo(int y) {
  const auto lines = editor_->SendScintilla(Sci::SCI_GETLINECOUNT);
  const auto shown = editor_->SendScintilla(Sci::SCI_LINESONSCREEN);
  const auto fitting = static_cast<long>(height() / row);
  // Held, the slider goes from the map's top to its end as the text does.
  const auto room = std::max(1l, std::min(lines, fitting) - shown);
  const auto line =
      std::clamp(static_cast<long>(y - grip_) / row, 0l, room) * std::max(0l, lines - shown) / room;
  editor_->SendScintilla(Sci::SCI_SETFIRSTVISIBLELINE,
                         static_cast<unsigned long>(editor_->SendScintilla(
                             Sci::SCI_VISIBLEFROMDOCLINE, static_cast<unsigned long>(line))));
}

void Minimap::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  const auto y = static_cast<int>(event->position().y());
  const auto held = slider();
  if (held.contains(QPoint(1, y))) {
    grip_ = y - held.top();
    return;
  }
  // What was pressed comes to the middle of the view.
  const auto line = firstLine() + y / row - editor_->SendScintilla(Sci::SCI_LINESONSCREEN) / 2;
  editor_->SendScintilla(Sci::SCI_SETFIRSTVISIBLELINE,
                         static_cast<unsigned long>(editor_->SendScintilla(
                             Sci::SCI_VISIBLEFROMDOCLINE, static_cast<unsigned long>(std::max(0l, line)))));
  grip_ = slider().height() / 2;
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) goTo(static_cast<int>(event->position().y()));
}

void Minimap::wheelEvent(QWheelEvent* event) { QCoreApplication::sendEvent(editor_->viewport(), event); }

}  // namespace berth::desktop
