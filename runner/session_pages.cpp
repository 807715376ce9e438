// SPDX-License-Identifier: GPL-3.0-or-later
// document/page: large files, a piece at a time.
#include "runner/document_pages.hpp"
#include "runner/session.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;
using net::offload;
using net::Task;

Task<Result<DocumentPage::Result>> Session::handle(DocumentPage, DocumentPage::Params params) {
  co_return co_await offload(
      workspace_.pool, [&files = workspace_.files, params] { return read_document_page(files, params); });
}

}  // namespace berth::runner
