// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_find_bar.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollBar>
#include <QToolButton>
#include <algorithm>
#include <optional>

#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int look_again = 250;       // ms after output
constexpr int widest_find_bar = 460;  // px
constexpr qsizetype longest_selection = 200;

}  // namespace

TerminalFindBar::TerminalFindBar(TerminalSurface* surface, TerminalOverlay* overlay, QWidget* parent)
    : QFrame(parent),
      surface_(surface),
      overlay_(overlay),
      field_(new QLineEdit),
      case_(new QToolButton),
      words_(new QToolButton),
      expression_(new QToolButton),
      count_(new QLabel) {
  setObjectName(QStringLiteral("terminalFindBar"));
  setFrameShape(QFrame::StyledPanel);
  setAutoFillBackground(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 4, 4, 4);
  row->setSpacing(3);
  field_->setPlaceholderText(tr("Find in the terminal"));
  field_->setAccessibleName(field_->placeholderText());
  field_->setMinimumWidth(80);
  row->addWidget(field_, 1);
  const auto toggle = [&](QToolButton* button, const QString& text, const QString& tip) {
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setCheckable(true);
    connect(button, &QToolButton::toggled, this, &TerminalFindBar::typed);
    row->addWidget(button);
  };
  toggle(case_, QStringLiteral("Aa"), tr("Match case"));
  toggle(words_, QStringLiteral("“w”"), tr("Whole words"));
  toggle(expression_, QStringLiteral(".*"), tr("Regular expression"));
  count_->setProperty("role", QStringLiteral("muted"));
  count_->setTextFormat(Qt::PlainText);
  count_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("9,999 of 9,999")));
  row->addWidget(count_);
  const auto tool = [&](const char* icon, const QString& tip, auto run) {
    auto* button = new QToolButton;
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setAutoRaise(true);
    connect(button, &QToolButton::clicked, this, run);
    row->addWidget(button);
  };
  // A terminal is read from its end.
  tool("go-up", tr("Older (Enter)"), [this] { step(-1); });
  tool("go-down", tr("Newer (Shift+Enter)"), [this] { step(1); });
  tool("window-close", tr("Close (Escape)"), [this] { close(); });
  connect(field_, &QLineEdit::textChanged, this, &TerminalFindBar::typed);
  due_.setSingleShot(true);
  due_.setInterval(look_again);
  connect(&due_, &QTimer::timeout, this, [this] {
    const auto before = current_ >= 0 ? matches_.all[static_cast<std::size_t>(current_)] : TerminalMatch{};
    const bool had = current_ >= 0;
    look();
    const auto same = std::ranges::find(matches_.all, before);
    current_ = had && same != matches_.all.end() ? static_cast<int>(same - matches_.all.begin()) : -1;
    refreshCount();
    markShown();
  });
  connect(surface->scrollBar(), &QScrollBar::valueChanged, this, &TerminalFindBar::markShown);
  hide();
}

void TerminalFindBar::place() {
  const auto* around = parentWidget();
  const int width = std::clamp(around->width() - 40, 120, widest_find_bar);
  resize(width, sizeHint().height());
  move(around->width() - width - 22, 6);
}

void TerminalFindBar::open() {
  const auto selected = surface_->selectedText();
  if (!selected.isEmpty() && selected.size() <= longest_selection && !selected.contains(u'\n'))
    field_->setText(selected);
  place();
  QFrame::show();
  raise();
  field_->setFocus();
  field_->selectAll();
  typed();
}

void TerminalFindBar::close() {
  hide();
  due_.stop();
  matches_ = {};
  current_ = -1;
  overlay_->setMatches({});
  if (!surface_->isScrolledBack()) surface_->scrollToEnd();  // and with the output from here on
  Q_EMIT closed();
}

TerminalSearch TerminalFindBar::search() const {
  return {field_->text(), case_->isChecked(), words_->isChecked(), expression_->isChecked()};
}

void TerminalFindBar::typed() {
  if (!isVisible()) return;
  due_.stop();
  // While one types on, it stays where it is as long as it fits.
  const auto row = current_ >= 0 ? std::optional(matches_.all[static_cast<std::size_t>(current_)].begin.y())
                                 : std::nullopt;
  look();  // which brings the scroll bar up to date
  const int bottom = row ? *row + 1 : surface_->topLine() + surface_->cells().height();
  // The newest that is not below what is looked at.
  const auto below = std::ranges::find_if(
      matches_.all, [bottom](const TerminalMatch& match) { return match.begin.y() >= bottom; });
  if (matches_.all.empty()) {
    current_ = -1;
    surface_->clearSelection();
    refreshCount();
    return markShown();
  }
  show(static_cast<int>(std::max<std::ptrdiff_t>(0, below - matches_.all.begin() - 1)));
}

void TerminalFindBar::look() {
  matches_ = search().text.isEmpty() ? TerminalMatches{}
                                     : find_in(surface_->lines(), search(), surface_->standIns());
}

void TerminalFindBar::step(int direction) {
  if (matches_.all.empty()) return;
  const int count = static_cast<int>(matches_.all.size());
  show(current_ < 0 ? (direction < 0 ? count - 1 : 0) : (current_ + direction + count) % count);
}

void TerminalFindBar::show(int index) {
  current_ = index;
  surface_->select(matches_.all[static_cast<std::size_t>(index)]);
  refreshCount();
  markShown();
}

void TerminalFindBar::refreshCount() {
  const QLocale locale;
  const auto count = static_cast<qlonglong>(matches_.all.size());
  const auto all = locale.toString(count) + (matches_.more ? QStringLiteral("+") : QString());
  QString text;
  if (!matches_.problem.isEmpty()) {
    text = tr("Not an expression");
  } else if (count == 0) {
    text = search().text.isEmpty() ? QString() : matches_.more ? tr("Takes too long") : tr("No results");
  } else if (current_ < 0) {
    text = tr("%1 results").arg(all);
  } else {
    text = tr("%1 of %2").arg(locale.toString(current_ + 1), all);
  }
  count_->setText(text);
  count_->setToolTip(matches_.problem.toHtmlEscaped());
  const auto* theme = Theme::instance();
  const bool bad = !matches_.problem.isEmpty() || (count == 0 && !search().text.isEmpty());
  count_->setStyleSheet(bad ? QStringLiteral("color:%1").arg(theme->colors().bad.name()) : QString());
}

void TerminalFindBar::markShown() {
  QList<QRect> rows;
  if (isVisible()) {
    const auto cells = surface_->cells();
    const int top = surface_->topLine();
    const int bottom = top + cells.height();
    const auto first = std::ranges::lower_bound(matches_.all, top, {},
                                                [](const TerminalMatch& match) { return match.end.y(); });
    for (auto match = first; match != matches_.all.end() && match->begin.y() < bottom; ++match)
      for (const auto& row : match_rows(*match, cells.width()))
        if (row.y() >= top && row.y() < bottom)
          rows.append(surface_->rect(row.y() - top, row.x(), row.width()));
  }
  overlay_->setMatches(rows);
}

void TerminalFindBar::refreshSoon() {
  if (isVisible() && !due_.isActive()) due_.start();
}

void TerminalFindBar::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Escape:
      return close();
    case Qt::Key_Return:
    case Qt::Key_Enter:
      return step(event->modifiers() & Qt::ShiftModifier ? 1 : -1);
    case Qt::Key_F3:
      return step(event->modifiers() & Qt::ShiftModifier ? -1 : 1);
    default:
      return QFrame::keyPressEvent(event);
  }
}

}  // namespace berth::desktop
