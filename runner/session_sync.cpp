// SPDX-License-Identifier: GPL-3.0-or-later
// sync/*, restore/* and import/* requests of the server's link.
#include "runner/file_channels.hpp"
#include "runner/restore_channel.hpp"
#include "runner/session.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;
using net::Task;

namespace {

Result<Empty> without_value(Result<void> done) {
  if (!done) return std::unexpected(std::move(done.error()));
  return Empty{};
}

}  // namespace

Result<SyncState::Result> Session::handle(SyncState, Empty) { return workspace_.sync.state(); }

Task<Result<SyncWait::Result>> Session::handle(SyncWait, SyncWait::Params params) {
  co_return co_await workspace_.sync.wait(params);
}

Task<Result<SyncSnapshot::Result>> Session::handle(SyncSnapshot, SyncSnapshot::Params params) {
  co_return co_await workspace_.sync.snapshot(params.complete.value_or(false));
}

Task<Result<SyncObjects::Result>> Session::handle(SyncObjects, SyncObjects::Params params) {
  const auto self = shared_from_this();
  const auto asked_on = connection_;
  auto source = co_await workspace_.sync.objects(std::move(params.ids));
  if (!source) co_return std::unexpected(source.error());
  const auto number = new_channel_number(asked_on);
  if (!number) co_return std::unexpected(number.error());
  add_channel(*number, std::make_shared<ReadChannel>(workspace_, self, *number, params.credit,
                                                     std::move(*source), &workspace_.sync.worker()));
  co_return SyncObjects::Result{*number};
}

Task<Result<Empty>> Session::handle(SyncStored, SyncStored::Params params) {
  co_return without_value(co_await workspace_.sync.stored(std::move(params)));
}

Result<Empty> Session::handle(SyncProblem, SyncProblem::Params params) {
  workspace_.sync.problem(std::move(params.problem));
  return Empty{};
}

Task<Result<Empty>> Session::handle(RestoreBegin, RestoreBegin::Params params) {
  co_return without_value(co_await workspace_.sync.restore_begin(std::move(params)));
}

Task<Result<RestoreEntries::Result>> Session::handle(RestoreEntries, RestoreEntries::Params params) {
  co_return co_await workspace_.sync.restore_entries(std::move(params));
}

Result<RestoreObjects::Result> Session::handle(RestoreObjects, Empty) {
  if (!workspace_.sync.restore_begun())
    return failure(ErrorCode::conflict, "No restore is under way: restore/begin comes first.");
  const auto number = new_channel_number();
  if (!number) return std::unexpected(number.error());
  add_channel(*number, std::make_shared<RestoreChannel>(workspace_, shared_from_this(), *number));
  return RestoreObjects::Result{*number, RestoreChannel::window};
}

Task<Result<RestoreWrite::Result>> Session::handle(RestoreWrite, Empty) {
  const auto self = shared_from_this();
  // What was sent before this request counts.
  const auto channels = channels_;
  for (const auto& [number, channel] : channels)
    if (const auto arriving = std::dynamic_pointer_cast<RestoreChannel>(channel))
      co_await arriving->drained();
  co_return co_await workspace_.sync.restore_write();
}

Task<Result<RestoreEnd::Result>> Session::handle(RestoreEnd, RestoreEnd::Params params) {
  co_return co_await workspace_.sync.restore_end(std::move(params));
}

Task<Result<Empty>> Session::handle(ImportBegin, ImportBegin::Params params) {
  co_return without_value(co_await workspace_.project_import.begin(std::move(params)));
}

void Session::tell_of_storage() {
  notify<WorkspaceStorage>(workspace_.sync.storage());
  if (const auto notice = workspace_.sync.notice()) notify<SessionNotice>(*notice);
  if (auto news = workspace_.documents.rescued_news(claims_.user))
    notify<SessionNotice>({NoticeKind::resource, std::move(*news), std::nullopt});
  if (const auto& latest = workspace_.project_import.latest()) notify<WorkspaceImport>(*latest);
}

}  // namespace berth::runner
