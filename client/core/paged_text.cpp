// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/paged_text.hpp"

#include <QPointer>
#include <algorithm>

#include "client/core/request.hpp"

namespace berth::client {

PagedText::PagedText(QString path, Ask ask, QObject* parent)
    : QObject(parent), path_(std::move(path)), ask_(std::move(ask)) {}

PagedText::PagedText(QString path, WorkspaceConnection* connection, QObject* parent)
    : PagedText(
          std::move(path),
          [this, connection](const auto& params, auto done) {
            request<protocol::DocumentPage>(connection, params, this, std::move(done));
          },
          parent) {}

QStringList PagedText::rows(int count) const {
  QStringList rows;
  qsizetype skip = top_;
  for (const auto& page : pages_) {
    for (auto at = skip; at < page.lines.size() && rows.size() < count; ++at) {
      const auto& line = page.lines[at];
      rows.append(line.size() > most_columns ? line.left(most_columns) + QStringLiteral(" …") : line);
    }
    skip = std::max<qsizetype>(0, skip - page.lines.size());
  }
  return rows;
}

double PagedText::position() const {
  if (size_ == 0) return 0;
  auto line = static_cast<qsizetype>(top_);
  for (const auto& page : pages_) {
    if (line < page.lines.size()) {
      const auto part = static_cast<double>(line) / static_cast<double>(page.lines.size());
      return (static_cast<double>(page.offset) + static_cast<double>(page.next - page.offset) * part) /
             static_cast<double>(size_);
    }
    line -= page.lines.size();
  }
  return 1;
}

void PagedText::show(int rows) {
  if (rows == rows_) return;
  rows_ = std::max(1, rows);
  scroll(0);
}

void PagedText::scroll(int lines) {
  const auto last = std::max(0, lineCount() - (reachesEnd() ? rows_ : 1));
  top_ = std::clamp(top_ + lines, 0, last);
  Q_EMIT changed();
  loadAround();
}

void PagedText::jump(double position) {
  ++jumps_;
  loading_ = false;
  const bool to_end = position >= 1;
  const auto last = size_ - std::min<quint64>(size_, to_end ? page_bytes / 2 : 1);
  const auto wanted = static_cast<quint64>(std::max(0.0, position) * static_cast<double>(size_));
  read(std::min(wanted, last), page_bytes, [this, to_end](std::optional<Page> page) {
    if (!page) return;
    top_ = to_end ? static_cast<int>(page->lines.size()) : 0;
    pages_.clear();
    pages_.push_back(std::move(*page));
    scroll(0);
  });
}

void PagedText::readAgain() {
  etag_.clear();
  encoding_.reset();
  changed_on_disk_ = false;
  jump(position());
}

int PagedText::lineCount() const {
  qsizetype count = 0;
  for (const auto& page : pages_) count += page.lines.size();
  return static_cast<int>(count);
}

bool PagedText::reachesEnd() const { return !pages_.empty() && pages_.back().next >= size_; }

void PagedText::loadAround() {
  if (loading_ || pages_.empty()) return;
  if (!reachesEnd() && lineCount() - top_ < rows_ + margin) {
    loading_ = true;
    return read(pages_.back().next, page_bytes,
                [this](std::optional<Page> page) { append(std::move(page)); });
  }
  if (pages_.front().offset > 0 && top_ < margin) {
    loading_ = true;
    readBefore(pages_.front().offset, [this](std::optional<Page> page) { prepend(std::move(page)); });
  }
}

void PagedText::append(std::optional<Page> page) {
  loading_ = false;
  if (!page || page->next <= pages_.back().next) return Q_EMIT changed();
  pages_.push_back(std::move(*page));
  if (pages_.size() > most_pages) {
    top_ -= static_cast<int>(pages_.front().lines.size());
    pages_.pop_front();
  }
  Q_EMIT changed();
  loadAround();
}

void PagedText::prepend(std::optional<Page> page) {
  loading_ = false;
  if (!page) return Q_EMIT changed();
  top_ += static_cast<int>(page->lines.size());
  pages_.push_front(std::move(*page));
  if (pages_.size() > most_pages) pages_.pop_back();
  Q_EMIT changed();
  loadAround();
}

/// What ends at `end`, from the start of a line as far as that is near.
void PagedText::readBefore(std::uint64_t end, OnPage done) {
  const auto near = end - std::min(end, page_bytes / 2);
  read(near, 1024, [this, end, done = std::move(done)](std::optional<Page> begin) {
    if (!begin || begin->offset >= end) return done(std::nullopt);
    read(begin->offset, end - begin->offset, [this, end, done](std::optional<Page> page) {
      // One that ends before had a line end in it, and the line after it is cut by `end`.
      if (!page || page->next == end) return done(std::move(page));
      read(page->next, end - page->next, [end, done, page](std::optional<Page> rest) {
        if (!rest) return done(std::nullopt);
        done(Page{page->offset, end, page->lines + rest->lines});
      });
    });
  });
}

void PagedText::read(std::uint64_t offset, std::uint64_t length, OnPage done) {
  const auto jump = jumps_;
  protocol::DocumentPage::Params params{path_.toStdString(), offset, length, encoding_};
  ask_(params,
       [self = QPointer(this), jump, done = std::move(done)](Result<protocol::DocumentPage::Result> answer) {
         if (!self || jump != self->jumps_) return;
         if (!answer) {
           self->problem_ = QString::fromStdString(answer.error().message);
           done(std::nullopt);
           return Q_EMIT self->changed();
         }
         self->problem_.clear();
         self->size_ = answer->size;
         if (!self->encoding_) self->encoding_ = answer->encoding;
         if (!self->etag_.empty() && answer->etag != self->etag_) self->changed_on_disk_ = true;
         self->etag_ = answer->etag;
         auto lines = QString::fromStdString(answer->text).split(QLatin1Char('\n'));
         if (lines.size() > 1 && lines.last().isEmpty()) lines.removeLast();
         done(Page{answer->offset, answer->next, std::move(lines)});
       });
}

}  // namespace berth::client
