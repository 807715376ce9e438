// SPDX-License-Identifier: GPL-3.0-or-later
// Decides when what is unsent of one document is kept on this machine. While it is kept, no edit is sent
// before the record says so: then a crash leaves no doubt about what the runner may have.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "client/core/unsent_store.hpp"

namespace berth::client {

class UnsentKeeper : public QObject {
  Q_OBJECT

 public:
  // A key is written at once, those that follow no earlier than this after the beginning of the write before.
  static constexpr std::chrono::milliseconds shortest_pause{40};
  static constexpr std::chrono::milliseconds longest_pause{200};
  /// A disk that takes its time is left as much of it again.
  static std::chrono::milliseconds pauseAfter(std::chrono::milliseconds took);

  /// What is to be kept now, and how the text is made that it builds on, on another thread.
  struct Now {
    QString path;
    std::string document;
    UnsentEdits edits;
  };
  struct Source {
    /// What was typed and not told yet is told: then the text is the one that the edits make.
    std::function<void()> settle;
    std::function<Now()> now;
    /// Nothing where the edits do not fit the text: then nothing is written, and it is tried again.
    std::function<std::function<std::optional<std::string>()>()> base;
  };

  explicit UnsentKeeper(Source source, QObject* parent = nullptr);
  /// Writes what was not written yet; the record stays for whoever opens the document next.
  ~UnsentKeeper() override;

  /// Without a place nothing is kept.
  void setPlace(std::shared_ptr<UnsentStore> store, const QString& workspace);
  bool hasPlace() const { return store_ != nullptr; }
  /// Takes over what an earlier window left; nullopt where nothing is.
  void take(const QString& path, QObject* context, std::function<void(std::optional<RestoredEdits>)> done);

  /// Leaves what was taken over to somebody who can read it.
  void letGo();

  /// From now on what is unsent is kept, until settled(). Written on the next turn, as all is: an editor
  /// tells of a change before its text is changed.
  void keep();
  bool keeping() const { return keeping_; }
  /// The last write succeeded; what was typed since follows within its delay.
  bool isKept() const { return keeping_ && written_ && problem_.isEmpty(); }
  /// A record is being removed: nothing is to be sent until `idle`.
  bool busy() const { return removing_; }
  const QString& problem() const { return problem_; }
  std::int64_t changes() const { return changes_; }

  void typed();
  /// The text that the edits build on has become another one.
  void advanced(const protocol::TextOperation& operation);
  /// ... by more than an operation says.
  void rebased();
  /// The path has become another one.
  void moved();
  /// `then` runs once what is unsent now is durable, or could not be kept; no older record is there then.
  void whenKept(std::function<void()> then);
  /// All has arrived: nothing is kept any more.
  void settled();

 Q_SIGNALS:
  void changed();
  void idle();

 private:
  void writeSoon();
  void write();
  void written(const QString& name, bool withText, Result<void> done,
               const std::vector<std::function<void()>>& waiting);
  void drop();

  Source source_;
  std::shared_ptr<UnsentStore> store_;
  QString workspace_;
  QString name_;  // of the record, once there is one
  QTimer delay_;
  QElapsedTimer began_;  // since the last write began
  std::chrono::milliseconds pause_ = longest_pause;
  std::optional<protocol::TextOperation> advance_;
  std::vector<std::function<void()>> waiting_;
  std::int64_t changes_ = 0;
  std::int64_t since_ = 0;
  bool keeping_ = false;
  bool written_ = false;
  bool writing_ = false;
  bool again_ = false;  // changed while it was written
  bool removing_ = false;
  bool text_wanted_ = true;
  QString problem_;
};

}  // namespace berth::client
