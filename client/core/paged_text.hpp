// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is too large to be a document, read a page at a time. A few neighbouring pages are kept, so
// memory is theirs whatever the file's size.
#pragma once

#include <QObject>
#include <QStringList>
#include <deque>
#include <functional>
#include <optional>

#include "client/core/reply.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;

class PagedText : public QObject {
  Q_OBJECT

 public:
  using Ask =
      std::function<void(const protocol::DocumentPage::Params&, Reply<protocol::DocumentPage::Result>)>;
  PagedText(QString path, Ask ask, QObject* parent = nullptr);
  /// By document/page over the connection.
  PagedText(QString path, WorkspaceConnection* connection, QObject* parent = nullptr);

  const QString& path() const { return path_; }
  quint64 size() const { return size_; }
  /// What could not be read, for the person; empty when all is well.
  const QString& problem() const { return problem_; }
  /// Another etag came: what is shown may be of two states of the file.
  bool changedOnDisk() const { return changed_on_disk_; }
  bool isLoading() const { return loading_; }

  /// The lines from the top on, at most `count`, each at most 5,000 characters.
  QStringList rows(int count) const;
  /// Where the top is: 0 at the start of the file, 1 at its end.
  double position() const;

  /// How many rows the view shows.
  void show(int rows);
  void scroll(int lines);
  /// Begins anew at a place of the file, 0 to 1.
  void jump(double position);
  /// The file as it is now, at the same place.
  void readAgain();

 Q_SIGNALS:
  void changed();

 private:
  static constexpr std::uint64_t page_bytes = 128u << 10;
  static constexpr std::size_t most_pages = 8;
  static constexpr int margin = 400;  // lines around those shown, to scroll into while the next page comes
  static constexpr int most_columns = 5'000;

  struct Page {
    std::uint64_t offset, next;
    QStringList lines;
  };
  using OnPage = std::function<void(std::optional<Page>)>;

  int lineCount() const;
  bool reachesEnd() const;
  void loadAround();
  /// The page, nullopt when it did not come or another jump was made meanwhile.
  void read(std::uint64_t offset, std::uint64_t length, OnPage done);
  void readBefore(std::uint64_t end, OnPage done);
  void append(std::optional<Page> page);
  void prepend(std::optional<Page> page);

  QString path_;
  Ask ask_;
  quint64 size_ = 0;
  QString problem_;
  bool changed_on_disk_ = false;
  bool loading_ = false;
  std::deque<Page> pages_;  // neighbours, in order
  int top_ = 0;             // a line of pages_
  int rows_ = 1;
  std::optional<protocol::Encoding> encoding_;
  std::string etag_;
  quint64 jumps_ = 0;
};

}  // namespace berth::client
