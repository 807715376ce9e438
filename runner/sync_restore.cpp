// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a restore, one at a time.
#include "runner/sync.hpp"

namespace berth::runner {

net::Task<Result<void>> Sync::restore_begin(protocol::RestoreBegin::Params params) {
  co_await take_turn();
  const Turn turn{*this};
  auto done = co_await net::offload(worker_, [this, params]() -> Result<void> {
    if (!std::exchange(loaded_, true)) index_.load();
    scan_.read_rules();
    return restore_.begin(params, scan_.rules());
  });
  if (!done) co_return done;
  restore_begun_ = true;
  restoring_ = marks_.restoring();
  tell_storage();
  co_return Result<void>();
}

net::Task<Result<protocol::RestoreEntries::Result>> Sync::restore_entries(
    protocol::RestoreEntries::Params params) {
  co_await take_turn();
  const Turn turn{*this};
  const auto shared = std::make_shared<protocol::RestoreEntries::Params>(std::move(params));
  context_.documents.expect_restored();
  co_return co_await net::offload(worker_, [this, shared] { return restore_.entries(*shared); });
}

net::Task<Result<protocol::RestoreWrite::Result>> Sync::restore_write() {
  co_await take_turn();
  const Turn turn{*this};
  context_.documents.expect_restored();
  auto written = co_await net::offload(worker_, [this] { return restore_.write(); });
  if (!written) co_return std::unexpected(written.error());
  for (const auto& path : written->paths) context_.documents.on_written(path);
  co_return protocol::RestoreWrite::Result{std::move(written->problems)};
}

net::Task<Result<protocol::RestoreEnd::Result>> Sync::restore_end(protocol::RestoreEnd::Params params) {
  co_await take_turn();
  const Turn turn{*this};
  context_.documents.expect_restored();
  auto result = co_await net::offload(worker_, [this, params] {
    scan_.read_rules();
    return restore_.end(params, scan_.rules());
  });
  if (!result) co_return std::unexpected(result.error());
  restore_begun_ = false;
  stored_ = marks_.stored();
  restoring_.reset();
  // Watches may have missed what happened in directories that came anew.
  changes_.mark_everything();
  co_return std::move(*result);
}

}  // namespace berth::runner
