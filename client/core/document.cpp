// SPDX-License-Identifier: GPL-3.0-or-later
// Editing, saving, closing; opening and coming back are in document_opening.cpp.
#include "client/core/document.hpp"

#include <QRandomGenerator>
#include <algorithm>

#include "client/core/document_text.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr int slow_answer = 1'000;  // ms; then what is in flight is kept like what can't be sent

}  // namespace

std::string Document::freshAuthor() {
  auto* random = QRandomGenerator::system();
  return QString::number(random->generate64(), 36).toStdString();
}

Document::Document(WorkspaceConnection* connection, const QString& path, QObject* parent)
    : QObject(parent),
      connection_(connection),
      path_(path),
      sync_(freshAuthor()),
      keeper_(std::make_unique<UnsentKeeper>(keptSource())) {
  connect(connection, &WorkspaceConnection::established, this, &Document::whenEstablished);
  connect(connection, &WorkspaceConnection::stateChanged, this, &Document::onLink);
  connect(connection, &WorkspaceConnection::documentChanged, this, &Document::onChanged);
  connect(connection, &WorkspaceConnection::documentState, this, &Document::onState);
  connect(keeper_.get(), &UnsentKeeper::changed, this, &Document::stateChanged);
  connect(keeper_.get(), &UnsentKeeper::idle, this, &Document::pump);
  slow_.setSingleShot(true);
  slow_.setInterval(slow_answer);
  connect(&slow_, &QTimer::timeout, this, [this] {
    if (awaiting_) keeper_->keep();
  });
  again_.setSingleShot(true);
  connect(&again_, &QTimer::timeout, this, [this] {
    if (std::exchange(reopen_wanted_, false)) recover();
    pump();
  });
}

Document::~Document() {
  if (sync_.hasUnsent() && buffer_) keeper_->keep();
  keeper_.reset();
}

UnsentKeeper::Source Document::keptSource() {
  return {[this] {
            if (buffer_ && keeper_) buffer_->flushTyped();
          },
          [this] {
            // The question is asked again after a restart: the text that it is about is no version's.
            return UnsentKeeper::Now{path_, sync_.inConflict() ? std::string() : document_, sync_.unsent()};
          },
          [this]() -> std::function<std::optional<std::string>()> {
            if (!buffer_) return [] { return std::nullopt; };
            return [sync = sync_, text = buffer_->text()] { return sync.baseText(text); };
          }};
}

bool Document::isOffline() const { return !connection_->online(); }

void Document::setBuffer(DocumentBuffer* buffer) {
  buffer_ = buffer;
  own_buffer_.reset();
}

void Document::onLink() {
  if (connection_->online()) return;
  awaiting_ = false;
  slow_.stop();
  if (!offline_.isValid()) offline_.start();
  if (loaded_ && sync_.hasUnsent()) keeper_->keep();
  if (loaded_) Q_EMIT stateChanged();
}

void Document::typed(const LocalEdit& edit) {
  sync_.typed(edit);
  keeper_->typed();
  if (!connection_->online()) {
    typed_offline_ = true;
    keeper_->keep();
  }
  if (!again_.isActive()) problem_.clear();
  pump();
  Q_EMIT stateChanged();
}

bool Document::maySend() const {
  return loaded_ && !recovering_ && !text_ && !awaiting_ && !preparing_ && !document_.empty() &&
         !keeper_->busy() && !again_.isActive() && connection_->online();
}

void Document::pump() {
  if (!maySend()) return;
  if (!sync_.inFlight() && !sync_.next()) {
    if (sync_.hasUnsent()) return;  // a question is open
    keeper_->settled();
    if (closing_) finishClose();
    return;
  }
  if (!keeper_->keeping()) return transmit();
  preparing_ = true;
  keeper_->whenKept([this] {
    preparing_ = false;
    // After a drop meanwhile it may wait again, and is kept anew under another id.
    if (maySend() && sync_.inFlight()) return transmit();
    pump();
  });
}

void Document::transmit() {
  awaiting_ = true;
  slow_.start();
  const auto& edit = *sync_.resend();
  protocol::DocumentEdit::Params params{document_, edit.base_version, edit.operation_id, edit.operation};
  request<protocol::DocumentEdit>(
      connection_, params, this,
      [this](Result<protocol::DocumentEdit::Result> answer) { answered(std::move(answer)); });
}

void Document::answered(Result<protocol::DocumentEdit::Result> answer) {
  const bool dropped = !answer && answer.error().code == ErrorCode::unavailable && !connection_->online();
  if (dropped) return;  // it stays in flight until the connection is back
  awaiting_ = false;
  slow_.stop();
  // An edit makes a version that is not known here yet, and no later one of its author's is known there.
  if (answer ? answer->version <= sync_.version() : answer.error().code == ErrorCode::conflict) {
    problem_.clear();
    sync_.takeBack(freshAuthor());
  } else if (answer) {
    problem_.clear();
    handle(sync_.acknowledged(answer->version));
  } else if (answer.error().code == ErrorCode::stale_base) {
    handle(sync_.refused());
  } else {
    // It stays in flight, under its own id: what was refused once may have been taken all the same.
    problem_ = QString::fromStdString(answer.error().message);
    reopen_wanted_ |=
        answer.error().code == ErrorCode::not_found || answer.error().code == ErrorCode::invalid_argument;
    keeper_->keep();
    again_.start(again_pause);
  }
  if (reopen_wanted_ && !again_.isActive()) {
    reopen_wanted_ = false;
    recover();
  }
  pump();
  Q_EMIT stateChanged();
}

void Document::handle(DocumentSync::Outcome outcome) {
  if (outcome.base) keeper_->advanced(*outcome.base);
  if (outcome.apply && buffer_) buffer_->apply(*outcome.apply);
  if (outcome.reopen) recover();
}

void Document::onChanged(const protocol::DocumentChanged::Params& change) {
  if (change.document != document_ || document_.empty()) return;
  if (!loaded_ || recovering_ || text_) {
    held_.push_back(change);
    return;
  }
  if (buffer_) buffer_->flushTyped();
  auto outcome = sync_.remote(change.version, change.operation);
  const bool removes = change.origin == "disk" && outcome.apply && buffer_ && takesAway(*outcome.apply);
  if (removes) {
    const auto applied = *outcome.apply;
    auto before = buffer_->text();
    handle(std::move(outcome));
    tellRemoved(applied, change.kept, std::move(before));
  } else {
    handle(std::move(outcome));
  }
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
  moveTo(QString::fromStdString(state.path));
  const auto copy = state.conflict_copy ? QString::fromStdString(*state.conflict_copy) : QString();
  if (!copy.isEmpty() && copy != conflict_copy_) Q_EMIT conflictCopyKept(copy);
  conflict_copy_ = copy;
  Q_EMIT stateChanged();
}

void Document::moveTo(const QString& path) {
  if (path == path_) return;
  path_ = path;
  keeper_->moved();
  Q_EMIT pathChanged();
}

void Document::save() {
  if (!loaded_ || (read_only_ && reason_ == protocol::ReadOnlyReason::role)) return;
  const bool gone = document_.empty();
  recreate_ = gone && deleted_;
  if (again_.isActive()) {
    again_.stop();
    if (std::exchange(reopen_wanted_, false) && !gone) recover();
    pump();
  }
  if (gone) return recover();
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
  if (buffer_) buffer_->flushTyped();
  closing_ = true;
  if (!loaded_ || !sync_.hasUnsent() || !buffer_) {
    buffer_ = nullptr;
    return finishClose();
  }
  own_buffer_ = std::make_unique<StringBuffer>(buffer_->text());
  buffer_ = own_buffer_.get();
  // The window may go before the last answer comes.
  keeper_->keep();
  pump();
}

void Document::reopen() {
  if (!closing_) return;
  closing_ = false;
  QMetaObject::invokeMethod(
      this,
      [this] {
        if (own_buffer_) Q_EMIT loaded(own_buffer_->text());
        Q_EMIT stateChanged();
      },
      Qt::QueuedConnection);
}

void Document::finishClose() {
  if (!document_.empty() && connection_->online())
    request<protocol::DocumentClose>(connection_, {document_}, connection_, [](Result<protocol::Empty>) {});
  document_.clear();
  buffer_ = nullptr;
  own_buffer_.reset();
  wanted_ = false;
  deleteLater();
}

void Document::keepMine() {
  if (!buffer_ || !inConflict()) return;
  buffer_->flushTyped();
  handle(sync_.keepMine(buffer_->text()));
  pump();
  Q_EMIT stateChanged();
}

void Document::takeTheirs() {
  if (buffer_) buffer_->flushTyped();
  handle(sync_.takeTheirs());
  pump();
  Q_EMIT stateChanged();
}

void Document::keepBoth() {
  if (buffer_) buffer_->flushTyped();
  handle(sync_.keepBoth());
  pump();
  Q_EMIT stateChanged();
}

std::optional<std::string> Document::theirText() const {
  return buffer_ ? sync_.theirText(buffer_->text()) : std::nullopt;
}

std::optional<std::string> Document::bothText() const {
  return buffer_ ? sync_.bothText(buffer_->text()) : std::nullopt;
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
