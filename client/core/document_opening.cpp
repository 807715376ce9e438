// SPDX-License-Identifier: GPL-3.0-or-later
// How a Document gets its text: at first, after a drop, and after a crash of this program; and what a change
// on disk took away from it.
#include <algorithm>

#include "client/core/document.hpp"
#include "client/core/document_text.hpp"
#include "client/core/paged_text.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

constexpr qint64 noticed_absence = 3'000;  // ms without a connection before a person is asked

}  // namespace

void Document::open(std::optional<protocol::Encoding> encoding) {
  asked_encoding_ = encoding;
  const auto begin = [this](std::optional<RestoredEdits> restored) {
    wanted_ = true;
    if (restored) restore(std::move(*restored));
    if (!connection_->online()) return;
    recovering_ = loaded_;
    requestOpen();
  };
  if (loaded_ || wanted_) return begin(std::nullopt);
  keeper_->take(path_, this, begin);
}

/// Shows what an earlier window left; the runner is asked what it has of that.
void Document::restore(RestoredEdits restored) {
  DocumentSync sync(restored.record.edits, freshAuthor());
  const auto text = restored.text();
  if (!text) {
    qWarning("A record of unsent changes does not fit its text; it is left as it is.");
    return keeper_->letGo();
  }
  sync_ = std::move(sync);
  document_ = restored.record.document;
  restored_from_ = std::move(restored.base);
  restored_ = loaded_ = true;
  Q_EMIT loaded(*text);
  Q_EMIT stateChanged();
}

void Document::whenEstablished() {
  awaiting_ = reopen_wanted_ = false;
  again_.stop();
  if (!wanted_) return;
  recovering_ = loaded_;
  requestOpen();
}

/// Asks for what was missed.
void Document::recover() {
  if (recovering_ || !loaded_ || !connection_->online()) return;
  if (awaiting_) {
    reopen_wanted_ = true;  // its answer first: it comes before what is opened then
    return;
  }
  recovering_ = true;
  requestOpen();
}

void Document::resync() {
  document_.clear();  // what is known here is in doubt
  recover();
}

void Document::requestOpen() {
  text_.reset();
  held_.clear();
  protocol::DocumentOpen::Params params{
      path_.toStdString(), {}, asked_encoding_, DocumentText::window, {}, {}, {}};
  if (recreate_) params.create = true;
  if (loaded_ && !document_.empty()) {
    params.known_document = document_;
    params.known_version = sync_.version();
  }
  if (const auto& edit = sync_.resend()) params.operation_id = edit->operation_id;
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
    deleted_ = answer.error().code == ErrorCode::not_found;
    if (deleted_) {
      problem_.clear();
      document_.clear();
    }
    if (sync_.hasUnsent()) keeper_->keep();
    return openAgainLater();
  }
  if (answer->paged.value_or(false) && !loaded_) {
    wanted_ = false;
    return Q_EMIT tooLarge();
  }
  const bool known = loaded_ && document_ == answer->document;
  // In this text an edit can't have made a version that is known here already: the id was another edit's.
  if (known && answer->operation_version && *answer->operation_version <= sync_.version()) {
    sync_.takeBack(freshAuthor());
    answer->operation_version.reset();
  }
  document_ = answer->document;
  moveTo(QString::fromStdString(answer->path));  // the runner found it where it is now
  encoding_ = answer->encoding;
  line_ending_ = answer->line_ending;
  read_only_ = answer->read_only;
  reason_ = answer->reason;
  disk_version_ = answer->disk_version;
  stored_version_.reset();  // told again where this opening has one
  deleted_ = false;
  problem_.clear();
  const auto version = answer->version;
  const bool applied = answer->operation_version.has_value();
  if (answer->changes && loaded_) {
    return changesArrived(*answer->changes);
  }
  if (answer->text) return textArrived(version, std::move(*answer->text), applied);
  if (!answer->channel) {
    if (loaded_) return openAgainLater();
    return Q_EMIT failed({ErrorCode::internal, "The workspace sent no text.", {}, {}});
  }
  text_ = std::make_unique<DocumentText>(connection_, *answer->channel, answer->length);
  text_->start([this, version, applied](Result<std::string> text) {
    const auto finished = std::move(text_);
    if (text) return textArrived(version, std::move(*text), applied);
    if (!connection_->online()) return;
    loaded_ ? openAgainLater() : Q_EMIT failed(text.error());
  });
}

void Document::openAgainLater() {
  recovering_ = false;
  reopen_wanted_ = true;
  again_.start(again_pause);
  Q_EMIT stateChanged();
}

void Document::changesArrived(const std::vector<protocol::DocumentChange>& changes) {
  if (buffer_) buffer_->flushTyped();
  const bool from_disk = buffer_ && std::ranges::any_of(changes, [](const auto& change) {
                           return change.origin == "disk" && takesAway(change.operation);
                         });
  auto before = from_disk ? buffer_->text() : std::string();
  auto outcome = sync_.back(changes, asks());
  const auto applied = outcome.apply;
  recovered(std::move(outcome));
  if (from_disk && applied) tellRemoved(*applied, {}, std::move(before));
}

PagedText* Document::pages() {
  if (!pages_) pages_ = new PagedText(path_, connection_, this);
  return pages_;
}

void Document::textArrived(std::uint64_t version, std::string text, bool applied) {
  if (!loaded_) {
    loaded_ = true;
    offline_.invalidate();
    sync_.opened(version);
    Q_EMIT loaded(text);
    for (const auto& change : std::exchange(held_, {})) onChanged(change);
    return Q_EMIT stateChanged();
  }
  if (!buffer_) return recovered({});
  buffer_->flushTyped();
  keeper_->rebased();
  // Unless the file came back meanwhile: then the two meet as after any absence.
  if (std::exchange(recreate_, false) && text.empty()) {
    sync_.recreated(version, text, buffer_->text());
    return recovered({});
  }
  recovered(sync_.back(version, text, applied, buffer_->text(), asks()));
}

/// Only what was typed without a connection, for longer than nobody notices, is asked about.
bool Document::asks() const {
  return restored_ || (typed_offline_ && offline_.isValid() && offline_.elapsed() > noticed_absence);
}

void Document::recovered(DocumentSync::Outcome outcome) {
  recovering_ = false;
  if (outcome.reopen) document_.clear();                        // asks for the whole text
  if (restored_ && !sync_.hasUnsent()) restored_from_.reset();  // it had arrived before the crash
  restored_ = typed_offline_ = false;
  offline_.invalidate();
  if (sync_.inConflict()) keeper_->rebased();
  handle(std::move(outcome));
  if (!recovering_)
    for (const auto& change : std::exchange(held_, {})) onChanged(change);
  if (sync_.inConflict()) keeper_->keep();
  pump();
  Q_EMIT stateChanged();
}

bool Document::takesAway(const protocol::TextOperation& operation) {
  return std::ranges::any_of(operation.runs(), [](const auto& run) {
    const auto* units = std::get_if<std::int64_t>(&run);
    return units && *units < 0;
  });
}

void Document::tellRemoved(const protocol::TextOperation& operation, const std::optional<std::string>& kept,
                           std::string before) {
  const auto removed = ReversibleOperation::of(operation, before);
  if (!removed || removed->removed().find_first_not_of(" \t\n") == std::string::npos) return;
  DiskRemoval removal;
  removal.lines = std::ranges::count(removed->removed(), '\n');
  removal.places = std::ranges::count_if(operation.runs(), [](const auto& run) {
    const auto* units = std::get_if<std::int64_t>(&run);
    return units && *units < 0;
  });
  removal.before = std::move(before);
  removal.kept = QString::fromStdString(kept.value_or(""));
  Q_EMIT removedOnDisk(removal);
}

}  // namespace berth::client
