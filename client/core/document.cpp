// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/document.hpp"

#include <QRandomGenerator>

#include "client/core/document_text.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

std::string fresh_prefix() {
  auto* random = QRandomGenerator::system();
  return QString::number(random->generate64(), 36).toStdString() + "-";
}

}  // namespace

Document::Document(WorkspaceConnection* connection, const QString& path, QObject* parent)
    : QObject(parent), connection_(connection), path_(path), sync_(fresh_prefix()) {
  connect(connection, &WorkspaceConnection::established, this, [this] {
    if (!wanted_) return;
    recovering_ = loaded_;
    requestOpen();
  });
  connect(connection, &WorkspaceConnection::documentChanged, this, &Document::onChanged);
  connect(connection, &WorkspaceConnection::documentState, this, &Document::onState);
}

Document::~Document() = default;

void Document::open(std::optional<protocol::Encoding> encoding) {
  wanted_ = true;
  asked_encoding_ = encoding;
  if (connection_->online()) requestOpen();
}

void Document::requestOpen() {
  text_.reset();
  held_.clear();
  protocol::DocumentOpen::Params params{path_.toStdString(), {}, asked_encoding_, DocumentText::window};
  request<protocol::DocumentOpen>(
      connection_, params, this,
      [this](Result<protocol::DocumentOpen::Result> answer) { opened(std::move(answer)); });
}

void Document::opened(Result<protocol::DocumentOpen::Result> answer) {
  if (!answer) {
    if (answer.error().code == ErrorCode::unavailable && !connection_->online())
      return;  // asked again when it is back
    if (!loaded_) return Q_EMIT failed(answer.error());
    // The text stays in the editor; the person sees that it is nowhere else.
    problem_ = QString::fromStdString(answer.error().message);
    recovering_ = false;
    return Q_EMIT stateChanged();
  }
  const bool same = document_ == answer->document;
  document_ = answer->document;
  encoding_ = answer->encoding;
  line_ending_ = answer->line_ending;
  read_only_ = answer->read_only;
  reason_ = answer->reason;
  disk_version_ = answer->disk_version;
  stored_version_.reset();  // told again where this opening has one
  problem_.clear();
  const auto version = answer->version;
  if (answer->text) return textArrived(version, std::move(*answer->text));
  if (!answer->channel) return Q_EMIT failed({ErrorCode::internal, "The workspace sent no text.", {}, {}});
  text_ = std::make_unique<DocumentText>(connection_, *answer->channel, answer->length);
  if (recovering_ && same && version == sync_.version() && !sync_.inFlight()) {
    // Nothing happened meanwhile: the large text need not come again.
    text_.reset();
    recovering_ = false;
    Q_EMIT stateChanged();
    return pump();
  }
  text_->start([this, version](Result<std::string> text) {
    const auto finished = std::move(text_);
    if (text) return textArrived(version, std::move(*text));
    if (!loaded_ && connection_->online()) Q_EMIT failed(text.error());
  });
}

void Document::textArrived(std::uint64_t version, std::string text) {
  if (recovering_) return recoverWith(version, std::move(text));
  if (loaded_) return reconcile(version, text);
  loaded_ = true;
  sync_.opened(version);
  Q_EMIT loaded(text);
  for (const auto& change : std::exchange(held_, {})) onChanged(change);
  Q_EMIT stateChanged();
}

// The edit that was in flight goes first, under its own id: the answer tells whether the runner had taken it.
void Document::recoverWith(std::uint64_t version, std::string text) {
  const auto edit = sync_.resend();
  if (!edit) {
    sync_.refused();  // an overtaken edit's answer will never come
    recovering_ = false;
    return reconcile(version, text);
  }
  protocol::DocumentEdit::Params params{document_, edit->base_version, edit->operation_id, edit->operation};
  request<protocol::DocumentEdit>(connection_, params, this,
                                  [this, version, text = std::move(text), operation = edit->operation](
                                      Result<protocol::DocumentEdit::Result> answer) {
                                    if (!answer && answer.error().code == ErrorCode::unavailable)
                                      return;  // dropped again: recovered again
                                    recovering_ = false;
                                    if (!answer) {
                                      sync_.refused();
                                      return reconcile(version, text);
                                    }
                                    sync_.acknowledged(answer->version);
                                    if (answer->version <= version) return reconcile(version, text);
                                    auto with_edit = operation.apply(text);
                                    reconcile(answer->version, with_edit ? *with_edit : text);
                                  });
}

void Document::reconcile(std::uint64_t version, const std::string& text) {
  recovering_ = false;
  if (buffer_) {
    auto outcome = sync_.reconcile(version, text, buffer_->text());
    outcome.reopen = false;
    handle(std::move(outcome));
  }
  for (const auto& change : std::exchange(held_, {})) onChanged(change);
  Q_EMIT stateChanged();
  pump();
}

void Document::typed(const LocalEdit& edit) {
  sync_.typed(edit);
  problem_.clear();
  pump();
  Q_EMIT stateChanged();
}

void Document::pump() {
  if (!loaded_ || recovering_ || text_ || !connection_->online()) return;
  const auto edit = sync_.next();
  if (!edit) {
    if (closing_ && !sync_.hasUnsent()) finishClose();
    return;
  }
  protocol::DocumentEdit::Params params{document_, edit->base_version, edit->operation_id, edit->operation};
  request<protocol::DocumentEdit>(
      connection_, params, this,
      [this](Result<protocol::DocumentEdit::Result> answer) { answered(std::move(answer)); });
}

void Document::answered(Result<protocol::DocumentEdit::Result> answer) {
  if (answer) {
    problem_.clear();
    handle(sync_.acknowledged(answer->version));
  } else if (answer.error().code == ErrorCode::unavailable && !connection_->online()) {
    return;  // stays in flight until the connection is back
  } else if (answer.error().code == ErrorCode::stale_base) {
    handle(sync_.refused());
  } else {
    sync_.refused();
    problem_ = QString::fromStdString(answer.error().message);
    return Q_EMIT stateChanged();
  }
  pump();
  Q_EMIT stateChanged();
}

void Document::handle(DocumentSync::Outcome outcome) {
  if (outcome.apply && buffer_) buffer_->apply(*outcome.apply);
  if (outcome.reopen && connection_->online()) {
    recovering_ = true;
    requestOpen();
  }
}

void Document::onChanged(const protocol::DocumentChanged::Params& change) {
  if (change.document != document_ || document_.empty()) return;
  if (!loaded_ || recovering_ || text_) {
    held_.push_back(change);
    return;
  }
  handle(sync_.remote(change.version, change.operation));
  Q_EMIT someoneElseEdited(QString::fromStdString(change.origin));
  Q_EMIT stateChanged();
  pump();
}

void Document::onState(const protocol::DocumentState::Params& state) {
  if (state.document != document_ || document_.empty()) return;
  disk_version_ = state.disk_version;
  stored_version_ = state.stored_version;
  encoding_ = state.encoding;
  line_ending_ = state.line_ending;
  read_only_ = state.read_only;
  if (!read_only_) reason_.reset();
  deleted_ = state.deleted;
  problem_ = state.problem ? QString::fromStdString(*state.problem) : QString();
  const auto path = QString::fromStdString(state.path);
  if (path != path_) {
    path_ = path;
    Q_EMIT pathChanged();
  }
  const auto copy = state.conflict_copy ? QString::fromStdString(*state.conflict_copy) : QString();
  if (!copy.isEmpty() && copy != conflict_copy_) Q_EMIT conflictCopyKept(copy);
  conflict_copy_ = copy;
  Q_EMIT stateChanged();
}

void Document::save() {
  if (!loaded_ || document_.empty()) return;
  request<protocol::DocumentSave>(connection_, {document_}, this,
                                  [this](Result<protocol::DocumentSave::Result> answer) {
                                    if (answer) {
                                      disk_version_ = std::max(disk_version_, answer->disk_version);
                                      deleted_ = false;
                                    } else if (answer.error().code != ErrorCode::unavailable) {
                                      problem_ = QString::fromStdString(answer.error().message);
                                    }
                                    Q_EMIT stateChanged();
                                  });
}

void Document::convert(std::optional<protocol::Encoding> encoding,
                       std::optional<protocol::LineEnding> lineEnding) {
  request<protocol::DocumentConvert>(connection_, {document_, encoding, lineEnding}, this,
                                     [this](Result<protocol::Empty> answer) {
                                       if (!answer) problem_ = QString::fromStdString(answer.error().message);
                                       Q_EMIT stateChanged();
                                     });
}

void Document::close() {
  closing_ = true;
  buffer_ = nullptr;
  if (!loaded_ || !sync_.hasUnsent() || sync_.inConflict() || !connection_->online()) finishClose();
}

void Document::finishClose() {
  if (!document_.empty() && connection_->online())
    request<protocol::DocumentClose>(connection_, {document_}, connection_, [](Result<protocol::Empty>) {});
  document_.clear();
  wanted_ = false;
  deleteLater();
}

void Document::keepMine() {
  if (!buffer_) return;
  sync_.keepMine(buffer_->text());
  pump();
  Q_EMIT stateChanged();
}

void Document::takeTheirs() {
  if (const auto operation = sync_.takeTheirs(); operation && buffer_) buffer_->apply(*operation);
  pump();
  Q_EMIT stateChanged();
}

std::optional<std::string> Document::theirText() const {
  return buffer_ ? sync_.theirText(buffer_->text()) : std::nullopt;
}

Durability Document::durability() const {
  if (!loaded_) return Durability::loading;
  if (sync_.hasUnsent()) return Durability::typed;
  if (disk_version_ < sync_.version()) return Durability::journalled;
  return stored_version_ && *stored_version_ >= sync_.version() ? Durability::stored : Durability::on_disk;
}

QString Document::readOnlyText() const {
  if (!read_only_) return {};
  using protocol::ReadOnlyReason;
  switch (reason_.value_or(ReadOnlyReason::permission)) {
    case ReadOnlyReason::role:
      return tr("You may look at this workspace, not change it.");
    case ReadOnlyReason::size:
      return tr("This file is too large to be edited here.");
    case ReadOnlyReason::encoding:
      return tr("This file is in an encoding that can't be edited; convert it to UTF-8 to change it.");
    case ReadOnlyReason::line_ending:
      return tr("This file mixes line endings; choose one to change it.");
    case ReadOnlyReason::permission:
      return tr("The file's permissions don't allow changes.");
    case ReadOnlyReason::outside_home:
      return tr("This file lies outside your home.");
  }
  return {};
}

}  // namespace berth::client
