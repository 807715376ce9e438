// SPDX-License-Identifier: GPL-3.0-or-later
// One open document: DocumentSync driven over a WorkspaceConnection, with loading, coming back after a drop
// or a crash, and what a person should see of its safety (typed, journalled, on disk, stored).
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/core/document_sync.hpp"
#include "client/core/reply.hpp"
#include "client/core/unsent_keeper.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;
class DocumentText;
class PagedText;

/// The text as the person sees it: the editor, or a plain string (StringBuffer).
class DocumentBuffer {
 public:
  virtual ~DocumentBuffer() = default;
  virtual std::string text() const = 0;  // UTF-8, \n only
  /// Applies someone else's operation; must not be reported back as typed.
  virtual void apply(const protocol::TextOperation& operation) = 0;
  /// Reports what was typed and not reported yet, before something is applied.
  virtual void flushTyped() {}
};

/// A text without an editor: of a closed tab whose last edits are under way, and in tests.
class StringBuffer : public DocumentBuffer {
 public:
  explicit StringBuffer(std::string text = {}) : text_(std::move(text)) {}
  std::string text() const override { return text_; }
  void apply(const protocol::TextOperation& operation) override {
    if (auto text = operation.apply(text_)) text_ = std::move(*text);
  }

 private:
  std::string text_;
};

enum class Durability {
  loading,
  typed,       // the runner lacks something
  journalled,  // survives the death of any process
  on_disk,     // stands in the file
  stored,      // in a stored version: survives the loss of the disk
};

/// What a change on disk took away from an open text.
struct DiskRemoval {
  std::int64_t lines = 0;   // whole ones
  std::int64_t places = 0;  // where something was removed
  std::string before;       // the text as it was shown
  QString kept;             // where the text before was kept, when no version has it
};

class Document : public QObject {
  Q_OBJECT

 public:
  Document(WorkspaceConnection* connection, const QString& path, QObject* parent = nullptr);
  ~Document() override;

  /// What can't be sent is kept there; before open().
  void keepUnsentIn(std::shared_ptr<UnsentStore> store, const QString& workspace) {
    keeper_->setPlace(std::move(store), workspace);
  }

  /// Loads the text; `loaded` or `failed` follows. While there is no connection it waits for one, unless an
  /// earlier window left unsent changes: then that text is shown at once.
  void open(std::optional<protocol::Encoding> encoding = {});
  /// The editor's text; set in `loaded`, must outlive the document or be reset to nullptr.
  void setBuffer(DocumentBuffer* buffer);
  /// The person changed the buffer.
  void typed(const LocalEdit& edit);
  /// Writes it to its file now; where that was deleted, anew.
  void save();
  void convert(std::optional<protocol::Encoding> encoding, std::optional<protocol::LineEnding> lineEnding);
  /// Tells the runner that it is no longer shown, after the last edit was taken, however long that is; then
  /// deletes this.
  void close();
  /// Closed, while its last edits are still to be sent.
  bool lingers() const { return closing_ && own_buffer_; }
  /// Shows it again while it lingers; `loaded` follows.
  void reopen();
  /// The editor could not apply an operation: asks for the text and what differs.
  void resync();

  // While inConflict(): what is done where both changed one place.
  void keepMine();
  void takeTheirs();
  void keepBoth();
  std::optional<std::string> theirText() const;
  std::optional<std::string> bothText() const;

  /// What the person sees; nothing while no editor shows it.
  std::optional<std::string> text() const { return buffer_ ? std::optional(buffer_->text()) : std::nullopt; }
  const QString& path() const { return path_; }
  /// The runner's id of this opening; "" before there is one.
  const std::string& runnerId() const { return document_; }
  /// The runner's newest that this text builds on; positions there and here, in UTF-16 units.
  std::uint64_t version() const { return sync_.version(); }
  std::int64_t toRunner(std::int64_t position) const { return sync_.toRunner(position); }
  std::int64_t fromRunner(std::int64_t position) const {
    return sync_.fromRunner(position, protocol::Bias::after);
  }
  /// The file page by page, once `tooLarge` was said.
  PagedText* pages();
  bool isLoaded() const { return loaded_; }
  bool isReadOnly() const { return read_only_; }
  /// Why, for the person; empty when it can be edited.
  QString readOnlyText() const;
  std::optional<protocol::ReadOnlyReason> readOnlyReason() const { return reason_; }
  bool inConflict() const { return sync_.inConflict(); }
  /// The question is about text that may have arrived already.
  bool inDoubt() const { return sync_.inDoubt(); }
  bool isDeleted() const { return deleted_; }
  bool hasUnsent() const { return sync_.hasUnsent(); }
  Durability durability() const;
  /// Something stands in the way of its safety, for the person; empty when all is well.
  const QString& problem() const { return problem_; }
  protocol::Encoding encoding() const { return encoding_; }
  protocol::LineEnding lineEnding() const { return line_ending_; }

  /// The connection is down.
  bool isOffline() const;
  /// What is unsent is being kept on this machine.
  bool isKeeping() const { return keeper_->keeping() && sync_.hasUnsent(); }
  /// What is unsent stands on this machine's disk.
  bool isKept() const { return keeper_->isKept(); }
  /// Why it does not; empty when it does, or need not.
  const QString& keepProblem() const { return keeper_->problem(); }
  /// How often something was typed since all had arrived.
  std::int64_t unsentChanges() const { return keeper_->changes(); }
  /// The text before the unsent changes that an earlier window left; nullopt when none were, or dismissed.
  const std::optional<std::string>& restoredFrom() const { return restored_from_; }
  void dismissRestored() { restored_from_.reset(); }

 Q_SIGNALS:
  void loaded(const std::string& text);
  void failed(const Error& error);
  /// It is shown by pages() instead.
  void tooLarge();
  /// Durability, conflict, problem, path, encoding or read-only changed.
  void stateChanged();
  void pathChanged();
  /// The disk held another text, which was kept in this file.
  void conflictCopyKept(const QString& path);
  void someoneElseEdited(const QString& origin);
  /// A change on disk took something away; the buffer shows the text after it.
  void removedOnDisk(const berth::client::DiskRemoval& removal);

 private:
  static constexpr int again_pause = 5'000;  // ms before what was refused is tried again

  static std::string freshAuthor();
  void whenEstablished();
  void restore(RestoredEdits restored);
  void recover();
  void requestOpen();
  void opened(Result<protocol::DocumentOpen::Result> answer);
  void textArrived(std::uint64_t version, std::string text, bool applied);
  void changesArrived(const std::vector<protocol::DocumentChange>& changes);
  void recovered(DocumentSync::Outcome outcome);
  bool asks() const;
  void pump();
  bool maySend() const;
  void transmit();
  void answered(Result<protocol::DocumentEdit::Result> answer);
  void handle(DocumentSync::Outcome outcome);
  void onChanged(const protocol::DocumentChanged::Params& change);
  static bool takesAway(const protocol::TextOperation& operation);
  void openAgainLater();
  void tellRemoved(const protocol::TextOperation& operation, const std::optional<std::string>& kept,
                   std::string before);
  void onState(const protocol::DocumentState::Params& state);
  void moveTo(const QString& path);
  void onLink();
  void finishClose();
  UnsentKeeper::Source keptSource();

  WorkspaceConnection* connection_;
  QString path_;
  std::string document_;  // the runner's id
  DocumentSync sync_;
  DocumentBuffer* buffer_ = nullptr;
  PagedText* pages_ = nullptr;
  std::unique_ptr<StringBuffer> own_buffer_;  // after close(), while something is unsent
  std::unique_ptr<DocumentText> text_;        // while it arrives on a channel
  std::optional<protocol::Encoding> asked_encoding_;
  std::vector<protocol::DocumentChanged::Params> held_;  // changes that came before the text
  QTimer slow_;                                          // an answer takes long
  QTimer again_;                                         // tries again after a refusal
  QElapsedTimer offline_;                                // since the connection was lost
  bool wanted_ = false;                                  // open() was called
  bool loaded_ = false;
  bool recovering_ = false;     // opened again, and the answer is not worked in yet
  bool awaiting_ = false;       // the edit in flight was sent on this connection
  bool preparing_ = false;      // it is being kept before that
  bool reopen_wanted_ = false;  // once its answer is there
  bool recreate_ = false;       // the file is to be made anew
  bool typed_offline_ = false;
  bool closing_ = false;
  bool read_only_ = false;
  bool deleted_ = false;
  std::optional<std::string> restored_from_;
  bool restored_ = false;  // until it met the runner's text
  std::optional<protocol::ReadOnlyReason> reason_;
  protocol::Encoding encoding_ = protocol::Encoding::utf8;
  protocol::LineEnding line_ending_ = protocol::LineEnding::lf;
  std::uint64_t disk_version_ = 0;
  std::optional<std::uint64_t> stored_version_;
  QString problem_;
  QString conflict_copy_;
  std::unique_ptr<UnsentKeeper> keeper_;  // last: its end asks the others
};

}  // namespace berth::client
