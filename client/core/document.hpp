// SPDX-License-Identifier: GPL-3.0-or-later
// One open document: DocumentSync driven over a WorkspaceConnection, with loading, recovery after a drop, and
// what a person should see of its safety (typed, journalled, on disk, stored).
#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/core/document_sync.hpp"
#include "client/core/reply.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class WorkspaceConnection;
class DocumentText;

/// The text as the person sees it: the editor, or a plain string in tests.
class DocumentBuffer {
 public:
  virtual ~DocumentBuffer() = default;
  virtual std::string text() const = 0;  // UTF-8, \n only
  /// Applies someone else's operation; must not be reported back as typed.
  virtual void apply(const protocol::TextOperation& operation) = 0;
};

enum class Durability {
  loading,
  typed,       // the runner lacks something
  journalled,  // survives the death of any process
  on_disk,     // stands in the file
  stored,      // in a stored version: survives the loss of the disk
};

class Document : public QObject {
  Q_OBJECT

 public:
  Document(WorkspaceConnection* connection, const QString& path, QObject* parent = nullptr);
  ~Document() override;

  /// Loads the text; `loaded` or `failed` follows. While there is no connection it waits for one.
  void open(std::optional<protocol::Encoding> encoding = {});
  /// The editor's text; set in `loaded`, must outlive the document or be reset to nullptr.
  void setBuffer(DocumentBuffer* buffer) { buffer_ = buffer; }
  /// The person changed the buffer.
  void typed(const LocalEdit& edit);
  /// Writes it to its file now.
  void save();
  void convert(std::optional<protocol::Encoding> encoding, std::optional<protocol::LineEnding> lineEnding);
  /// Tells the runner that it is no longer shown, after the last edit was taken; then deletes this.
  void close();

  void keepMine();
  void takeTheirs();
  std::optional<std::string> theirText() const;

  const QString& path() const { return path_; }
  bool isLoaded() const { return loaded_; }
  bool isReadOnly() const { return read_only_; }
  /// Why, for the person; empty when it can be edited.
  QString readOnlyText() const;
  std::optional<protocol::ReadOnlyReason> readOnlyReason() const { return reason_; }
  bool inConflict() const { return sync_.inConflict(); }
  bool isDeleted() const { return deleted_; }
  bool hasUnsent() const { return sync_.hasUnsent(); }
  Durability durability() const;
  /// Something stands in the way of its safety, for the person; empty when all is well.
  const QString& problem() const { return problem_; }
  protocol::Encoding encoding() const { return encoding_; }
  protocol::LineEnding lineEnding() const { return line_ending_; }

 Q_SIGNALS:
  void loaded(const std::string& text);
  void failed(const Error& error);
  /// Durability, conflict, problem, path, encoding or read-only changed.
  void stateChanged();
  void pathChanged();
  /// The disk held another text, which was kept in this file.
  void conflictCopyKept(const QString& path);
  void someoneElseEdited(const QString& origin);

 private:
  void requestOpen();
  void opened(Result<protocol::DocumentOpen::Result> answer);
  void textArrived(std::uint64_t version, std::string text);
  void recoverWith(std::uint64_t version, std::string text);
  void reconcile(std::uint64_t version, const std::string& text);
  void pump();
  void answered(Result<protocol::DocumentEdit::Result> answer);
  void handle(DocumentSync::Outcome outcome);
  void onChanged(const protocol::DocumentChanged::Params& change);
  void onState(const protocol::DocumentState::Params& state);
  void finishClose();

  WorkspaceConnection* connection_;
  QString path_;
  std::string document_;  // the runner's id
  DocumentSync sync_;
  DocumentBuffer* buffer_ = nullptr;
  std::unique_ptr<DocumentText> text_;  // while it arrives on a channel
  std::optional<protocol::Encoding> asked_encoding_;
  std::vector<protocol::DocumentChanged::Params> held_;  // changes that came before the text
  bool wanted_ = false;                                  // open() was called
  bool loaded_ = false;
  bool recovering_ = false;
  bool closing_ = false;
  bool read_only_ = false;
  bool deleted_ = false;
  std::optional<protocol::ReadOnlyReason> reason_;
  protocol::Encoding encoding_ = protocol::Encoding::utf8;
  protocol::LineEnding line_ending_ = protocol::LineEnding::lf;
  std::uint64_t disk_version_ = 0;
  std::optional<std::uint64_t> stored_version_;
  QString problem_;
  QString conflict_copy_;
};

}  // namespace berth::client
