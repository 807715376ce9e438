// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_documents.hpp"

#include <QTimer>

namespace berth::test {

using namespace berth::protocol;

FakeDocuments::FakeDocuments(FakeRunner* runner, std::string text) : runner_(runner), text_(std::move(text)) {
  runner->on<DocumentOpen>([this](const DocumentOpen::Params& params) -> Result<DocumentOpen::Result> {
    if (missing && !params.create.value_or(false))
      return failure(ErrorCode::not_found, "There is no such file.");
    if (std::exchange(missing, false)) {
      text_.clear();
      ++version_;
      reopen();
    }
    return open(params);
  });
  runner->on<DocumentEdit>([this](const DocumentEdit::Params& params) { return take(params); });
  runner->on<DocumentSave>([this](const DocumentSave::Params&) -> Result<DocumentSave::Result> {
    ++saves;
    return DocumentSave::Result{version_, "etag"};
  });
  runner->on<DocumentClose>([](const DocumentClose::Params&) -> Result<Empty> { return Empty{}; });
}

void FakeDocuments::reopen() {
  id_ += "'";
  forgetChanges();
}

DocumentOpen::Result FakeDocuments::open(const DocumentOpen::Params& params) {
  ++opened_;
  DocumentOpen::Result result{id_,
                              path_.empty() ? params.path : path_,
                              version_,
                              {},
                              {},
                              text_.size(),
                              Encoding::utf8,
                              LineEnding::lf,
                              read_only.has_value(),
                              read_only,
                              version_,
                              "etag",
                              {},
                              {},
                              {}};
  if (params.operation_id)
    if (const auto known = operations_.find(*params.operation_id); known != operations_.end())
      result.operation_version = known->second;
  if (params.known_document == id_ && params.known_version >= remembered_from_) {
    auto& changes = result.changes.emplace();
    for (const auto& change : changes_)
      if (change.version > *params.known_version) changes.push_back(change);
    return result;
  }
  ++texts_sent_;
  result.text = text_;
  return result;
}

Result<DocumentEdit::Result> FakeDocuments::take(const DocumentEdit::Params& params) {
  if (on_edit) on_edit();
  if (refusal) return std::unexpected(*refusal);
  if (std::exchange(known_next_, false)) {
    operations_[params.operation_id] = 1;
    if (drop_known_) runner_->drop();
  }
  if (const auto known = operations_.find(params.operation_id); known != operations_.end())
    return DocumentEdit::Result{known->second};
  if (params.document != id_ || params.base_version < remembered_from_) {
    ++refused_;
    return failure(ErrorCode::stale_base, "The document has changed.");
  }
  auto operation = params.operation;
  for (const auto& change : changes_) {
    if (change.version <= params.base_version) continue;
    auto moved = transform(operation, change.operation);
    if (!moved) return std::unexpected(moved.error());
    operation = std::move(moved->mine);
  }
  const auto changed = operation.apply(text_);
  if (!changed) return std::unexpected(changed.error());
  text_ = *changed;
  operations_[params.operation_id] = ++version_;
  changes_.push_back({version_, std::move(operation), "session", params.operation_id});
  if (std::exchange(drop_after_edit_, false)) {
    QTimer::singleShot(0, runner_, [this] { runner_->drop(); });
    runner_->drop();
  }
  return DocumentEdit::Result{version_};
}

void FakeDocuments::edit(const TextOperation& operation, bool tell, const std::string& origin) {
  text_ = *operation.apply(text_);
  ++version_;
  changes_.push_back({version_, operation, origin, {}});
  if (tell) runner_->notify<DocumentChanged>({id_, version_, operation, origin, {}});
}

}  // namespace berth::test
