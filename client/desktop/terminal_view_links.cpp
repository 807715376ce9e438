// SPDX-License-Identifier: GPL-3.0-or-later
// TerminalView: the mouse, and what in the text leads elsewhere: links that a program marks, addresses, and
// places in files.
#include <qtermwidget6/qtermwidget.h>

#include <QApplication>
#include <QClipboard>
#include <QMouseEvent>
#include <QPointer>
#include <QSettings>
#include <QTimer>
#include <QToolTip>
#include <algorithm>

#include "client/core/plain_tip.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype most_checked = 500;
constexpr int most_joined_rows = 12;  // of one line, up and down
constexpr qsizetype most_shown_links = 30;

bool opens_scheme(const QUrl& target) {
  static const QStringList schemes = {QStringLiteral("http"), QStringLiteral("https"),
                                      QStringLiteral("mailto")};
  return target.isValid() && schemes.contains(target.scheme());
}

/// A line of what is shown, over as many rows as it has.
struct ShownLine {
  QString text;
  std::vector<QPoint> cells;  // x: column, y: row that is shown; of each unit
  int first = 0, last = 0;    // rows
};

ShownLine shown_line(const std::vector<TerminalSurface::ShownRow>& rows, int row, int columns) {
  const auto goes_on = [&](int one) { return rows[static_cast<std::size_t>(one)].width >= columns; };
  ShownLine line;
  line.first = line.last = row;
  while (line.first > 0 && row - line.first < most_joined_rows && goes_on(line.first - 1)) --line.first;
  while (line.last + 1 < static_cast<int>(rows.size()) && line.last - row < most_joined_rows &&
         goes_on(line.last))
    ++line.last;
  for (int one = line.first; one <= line.last; ++one) {
    const auto& part = rows[static_cast<std::size_t>(one)];
    line.text += part.text;
    for (const int column : part.columns) line.cells.emplace_back(column, one);
  }
  return line;
}

}  // namespace

bool TerminalView::copiesOnSelection() {
  return QSettings().value(QStringLiteral("terminal/copy_on_selection"), false).toBool();
}

void TerminalView::copySelection() {
  if (copiesOnSelection()) copy();
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
  // Once the widget has made it.
  if (event->button() == Qt::LeftButton && !press) QTimer::singleShot(0, this, &TerminalView::copySelection);
  if (event->button() != Qt::LeftButton || !(event->modifiers() & Qt::ControlModifier)) return false;
  if (const auto target = linkAt(event->pos()); !target.isEmpty()) {
    if (press) openLink(target);
    return true;
  }
  const auto hit = textAt(event->pos());
  if (!hit) return false;
  if (press) openText(hit->link);
  return true;
}

void TerminalView::hover(const QPoint& pixels) {
  const auto* link = markAt(pixels);
  if (!link) return hoverText(pixels);
  QList<QRect> rows;
  for (const auto& row : link_rows(*link, surface_->cells().width()))
    rows.append(surface_->rect(row.y() - surface_->topLine(), row.x(), row.width()));
  const auto target = QString::fromUtf8(link->target).left(300);
  showLink(rows, pixels,
           opens_scheme(linkAt(pixels)) ? tr("%1\nCtrl+click to open").arg(target)
                                        : tr("%1\nLinks of this kind are not opened.").arg(target));
}

void TerminalView::showLink(const QList<QRect>& rows, const QPoint& pixels, const QString& tip) {
  auto* display = surface_->display();
  const bool fresh = !overlay_->hasLink();
  overlay_->setLink(rows);
  if (rows.isEmpty()) {
    if (fresh) return;
    display->setCursor(Qt::IBeamCursor);
    return QToolTip::hideText();
  }
  if (!fresh) return;
  display->setCursor(Qt::PointingHandCursor);
  QToolTip::showText(display->mapToGlobal(pixels), client::plain_tip(tip), display);
}

/// What is written there is looked at once a cell, and a name is a link only if a file of it is there.
void TerminalView::hoverText(const QPoint& pixels) {
  const auto origin = surface_->rect(0, 0, 1);
  const QPoint cell((pixels.x() - origin.x()) / std::max(1, origin.width()),
                    (pixels.y() - origin.y()) / std::max(1, origin.height()));
  if (cell == hovered_) return;
  hovered_ = cell;
  const auto number = ++hovers_;
  const auto hit = textAt(pixels);
  if (!hit) return showLink({}, pixels, {});
  if (!hit->link.is_file)
    return showLink(hit->rows, pixels, tr("%1\nCtrl+click to open").arg(hit->link.target.left(300)));
  const QPointer<TerminalView> self(this);
  checkFile(hit->link.target, [self, number, hit = *hit, pixels](const QString& path) {
    if (!self || self->hovers_ != number) return;
    if (path.isEmpty()) return self->showLink({}, pixels, {});
    auto place = path;
    if (hit.link.line > 0) place += QStringLiteral(":%1").arg(hit.link.line);
    if (hit.link.column > 0) place += QStringLiteral(":%1").arg(hit.link.column);
    self->showLink(hit.rows, pixels, tr("%1\nCtrl+click to open in the editor").arg(place));
  });
}

void TerminalView::checkFile(const QString& name, std::function<void(const QString& path)> done) {
  if (!file_check_) return done({});
  const auto key = directory() + QChar(0) + name;
  if (const auto known = checked_.constFind(key); known != checked_.constEnd()) return done(*known);
  const QPointer<TerminalView> self(this);
  file_check_(name, [self, key, done = std::move(done)](const QString& path) {
    if (!self) return;
    if (self->checked_.size() >= most_checked) self->checked_.clear();
    // What is not there now may be a moment later: a program that names a file may be about to write it.
    if (!path.isEmpty()) self->checked_[key] = path;
    done(path);
  });
}

std::optional<TerminalView::TextHit> TerminalView::textAt(const QPoint& pixels) const {
  const auto origin = surface_->rect(0, 0, 1);
  if (pixels.x() < origin.x() || pixels.y() < origin.y()) return {};
  const QPoint cell((pixels.x() - origin.x()) / origin.width(), (pixels.y() - origin.y()) / origin.height());
  const auto rows = surface_->shownRows();
  if (cell.y() >= static_cast<int>(rows.size())) return {};
  const auto line = shown_line(rows, cell.y(), surface_->cells().width());
  for (const auto& link : links_in(line.text)) {
    TextHit hit{link, {}};
    bool there = false;
    for (auto at = link.begin; at < link.end; ++at) {
      const auto& one = line.cells[static_cast<std::size_t>(at)];
      const auto rect = surface_->rect(one.y(), one.x(), 1);
      there = there || one == cell;
      if (!hit.rows.isEmpty() && hit.rows.last().top() == rect.top())
        hit.rows.last() = hit.rows.last().united(rect);
      else
        hit.rows.append(rect);
    }
    if (there) return hit;
  }
  return {};
}

QList<TextLink> TerminalView::shownLinks() const {
  QList<TextLink> links;
  const auto rows = surface_->shownRows();
  for (int row = static_cast<int>(rows.size()) - 1; row >= 0 && links.size() < most_shown_links;) {
    const auto line = shown_line(rows, row, surface_->cells().width());
    auto here = links_in(line.text);
    std::ranges::reverse(here);
    for (const auto& link : here)
      if (std::ranges::none_of(links, [&](const TextLink& known) {
            return known.target == link.target && known.line == link.line;
          }))
        links.append(link);
    row = line.first - 1;
  }
  return links.mid(0, most_shown_links);
}

void TerminalView::openText(const TextLink& link) {
  if (!link.is_file) return openLink(QUrl(link.target, QUrl::StrictMode));
  const QPointer<TerminalView> self(this);
  checkFile(link.target, [self, link](const QString& path) {
    if (self && !path.isEmpty()) Q_EMIT self->fileActivated(path, link.line, link.column);
  });
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
  if (opens_scheme(target)) Q_EMIT linkActivated(target);
}

}  // namespace berth::desktop
