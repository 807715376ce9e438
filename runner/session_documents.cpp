// SPDX-License-Identifier: GPL-3.0-or-later
// document/* requests.
#include <boost/asio/post.hpp>

#include "protocol/net/expecting_loop.hpp"
#include "runner/file_channels.hpp"
#include "runner/session.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;
using net::Task;

namespace {

constexpr std::uint64_t first_text_credit = 1u << 20;

}  // namespace

Task<Result<DocumentOpen::Result>> Session::handle(DocumentOpen, DocumentOpen::Params params) {
  const auto self = shared_from_this();
  const auto asked_on = connection_;
  if (params.create.value_or(false) && !may(Role::editor))
    co_return failure(ErrorCode::permission_denied, "Your role in this workspace does not allow this.");
  if (params.encoding == Encoding::unknown)
    co_return failure(ErrorCode::invalid_argument, "document/open.encoding: not an encoding to read with");
  auto opened = co_await workspace_.documents.open(id_, params, may(Role::editor));
  if (!opened) co_return std::unexpected(opened.error());
  const DocumentPointer document = opened->document;
  documents_.insert(document->id());
  workspace_.sync.on_opened_or_written(document->id());
  if (ended_) {  // meanwhile: nobody will close it
    workspace_.documents.release(id_, std::exchange(documents_, {}));
    co_return failure(ErrorCode::cancelled, "The session has ended.");
  }
  DocumentOpen::Result result{document->id(),
                              document->path,
                              opened->version,
                              std::nullopt,
                              std::nullopt,
                              document->paged ? document->paged_size : opened->text.bytes(),
                              document->encoding,
                              document->line_ending,
                              document->read_only.has_value(),
                              document->read_only,
                              document->disk_version,
                              document->etag,
                              std::move(opened->changes),
                              opened->operation_version,
                              std::nullopt};
  const bool by_bytes =  // which somebody else may convert
      result.reason == ReadOnlyReason::encoding || result.reason == ReadOnlyReason::line_ending;
  if (!may(Role::editor) && (!result.read_only || by_bytes)) {
    result.read_only = true;
    result.reason = ReadOnlyReason::role;
  }
  if (document->paged) result.paged = true;
  // Known to those who have it open; right behind the answer.
  if (document->problem || document->deleted)
    asio::post(workspace_.io, [self, id = document->id()] {
      if (const auto open = self->workspace_.documents.find(id, self->id_)) self->tell_state(**open);
    });
  if (document->paged || result.changes) co_return result;
  if (result.length <= inline_document_limit) {
    result.text = opened->text.str();
    co_return result;
  }
  const auto number = new_channel_number(asked_on);
  if (!number) co_return std::unexpected(number.error());
  add_channel(*number, std::make_shared<ReadChannel>(workspace_, self, *number,
                                                     params.credit.value_or(first_text_credit),
                                                     std::make_unique<SnapshotSource>(opened->text)));
  result.channel = *number;
  co_return result;
}

Task<Result<DocumentEdit::Result>> Session::handle(DocumentEdit, DocumentEdit::Params params) {
  note_person_input();
  net::expect_answer();  // of the journal
  auto version = co_await workspace_.documents.edit(id_, std::move(params));
  if (!version) co_return std::unexpected(version.error());
  co_return DocumentEdit::Result{*version};
}

Task<Result<DocumentSave::Result>> Session::handle(DocumentSave, DocumentSave::Params params) {
  note_person_input();
  auto document = workspace_.documents.find(params.document, id_);
  if (!document) co_return std::unexpected(document.error());
  // The person asks for the file: one that was deleted is written anew, though nobody typed since.
  if ((*document)->deleted && !(*document)->read_only) (*document)->needs_rewrite = true;
  auto saved = co_await workspace_.documents.save(*document);
  if (!saved) co_return std::unexpected(saved.error());
  workspace_.documents.rescued_seen(*document);
  co_return DocumentSave::Result{(*document)->disk_version, (*document)->etag};
}

Task<Result<Empty>> Session::handle(DocumentConvert, DocumentConvert::Params params) {
  note_person_input();
  auto document = workspace_.documents.find(params.document, id_);
  if (!document) co_return std::unexpected(document.error());
  auto converted = co_await workspace_.documents.convert(*document, params.encoding, params.line_ending);
  if (!converted) co_return std::unexpected(converted.error());
  co_return Empty{};
}

Task<Result<Empty>> Session::handle(DocumentClose, DocumentClose::Params params) {
  documents_.erase(params.document);
  workspace_.presence.hide_document(id_, params.document);
  auto closed = co_await workspace_.documents.close(id_, params.document);
  if (!closed) co_return std::unexpected(closed.error());
  co_return Empty{};
}

void Session::tell_state(const Document& document) {
  auto state = document.state();
  state.read_only = state.read_only || !may(Role::editor);
  notify<DocumentState>(state);
}

/// After a resume: the client compares versions and opens again what differs; watched directories are listed
/// again.
void Session::tell_what_was_missed() {
  for (const auto& id : documents_)
    if (const auto document = workspace_.documents.find(id, id_)) tell_state(**document);
  for (const auto& [path, id] : watches_)
    notify<FileChanged>({path, {}, true, workspace_.watcher.degraded(id)});
  notify<PortChanged>({workspace_.ports.latest()});
  tell_of_storage();
}

void Session::end() {
  const auto self = shared_from_this();
  ended_ = true;
  connection_.reset();
  drop_connection_state();
  for (const auto& [path, id] : watches_) workspace_.watcher.unwatch(id);
  watches_.clear();
  inputs_.clear();
  workspace_.presence.leave(id_);
  workspace_.documents.release(id_, std::exchange(documents_, {}));
}

}  // namespace berth::runner
