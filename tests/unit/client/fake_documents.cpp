// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_documents.hpp"

#include <QTimer>

namespace berth::test {

using namespace berth::protocol;

FakeDocuments::FakeDocuments(FakeRunner* runner, std::string text) : runner_(runner), text_(std::move(text)) {
  runner->on<DocumentOpen>([this](const DocumentOpen::Params& params) -> Result<DocumentOpen::Result> {
    return DocumentOpen::Result{"doc",          params.path,    version_, text_, {},       text_.size(),
                                Encoding::utf8, LineEnding::lf, false,    {},    version_, "etag"};
  });
  runner->on<DocumentEdit>([this](const DocumentEdit::Params& params) -> Result<DocumentEdit::Result> {
    if (const auto known = operations_.find(params.operation_id); known != operations_.end())
      return DocumentEdit::Result{known->second};
    if (params.base_version != version_) {
      ++refused_;
      return failure(ErrorCode::stale_base, "The document has changed.");
    }
    const auto changed = params.operation.apply(text_);
    if (!changed) return std::unexpected(changed.error());
    text_ = *changed;
    operations_[params.operation_id] = ++version_;
    ++applied_;
    if (drop_after_edit_) {
      drop_after_edit_ = false;
      QTimer::singleShot(0, runner_, [this] { runner_->drop(); });
      runner_->drop();
    }
    return DocumentEdit::Result{version_};
  });
  runner->on<DocumentClose>([](const DocumentClose::Params&) -> Result<Empty> { return Empty{}; });
}

void FakeDocuments::edit(const TextOperation& operation, bool tell) {
  text_ = *operation.apply(text_);
  ++version_;
  if (tell) runner_->notify<DocumentChanged>({"doc", version_, operation, "someone"});
}

}  // namespace berth::test
