// SPDX-License-Identifier: GPL-3.0-or-later
// terminal/* requests.
#include <algorithm>

#include "runner/screen_channel.hpp"
#include "runner/session.hpp"
#include "runner/terminal_channel.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;

namespace {

constexpr std::size_t longest_title = 200;

/// The size that was asked for, nothing where none was; invalid_argument outside of 1..1000.
Result<std::optional<TerminalSeats::Size>> checked_size(std::string_view method, std::optional<int> columns,
                                                        std::optional<int> rows) {
  const auto check = [&](std::string_view name, const std::optional<int>& side) -> Result<void> {
    if (!side || (*side >= 1 && *side <= largest_side)) return {};
    return failure(ErrorCode::invalid_argument,
                   std::string(method) + "." + std::string(name) + ": not in 1..1000");
  };
  if (auto good = check("columns", columns); !good) return std::unexpected(good.error());
  if (auto good = check("rows", rows); !good) return std::unexpected(good.error());
  if (!columns || !rows) return std::nullopt;
  return TerminalSeats::Size{*columns, *rows};
}

}  // namespace

void Session::note_person_input() {
  if (claims_.role != Role::server) workspace_.activity.note_input();
}

net::Task<Result<TerminalList::Result>> Session::handle(TerminalList, Empty) {
  const auto self = shared_from_this();
  auto programs = co_await net::offload(workspace_.pool, [this] { return workspace_.terminals.programs(); });
  co_return TerminalList::Result{workspace_.terminals.list(), std::move(programs)};
}

Result<TerminalOpen::Result> Session::handle(TerminalOpen, TerminalOpen::Params params) {
  note_person_input();
  if (params.title && params.title->size() > longest_title)
    return failure(ErrorCode::invalid_argument, "terminal/open.title: longer than 200 bytes");
  auto terminal = workspace_.terminals.open(params);
  if (!terminal) return std::unexpected(terminal.error());
  return TerminalOpen::Result{(*terminal)->info()};
}

Result<TerminalAttach::Result> Session::handle(TerminalAttach, TerminalAttach::Params params) {
  auto terminal = workspace_.terminals.find(params.terminal);
  if (!terminal) return std::unexpected(terminal.error());
  const auto size = checked_size(TerminalAttach::method, params.columns, params.rows);
  if (!size) return std::unexpected(size.error());
  // Attaching again replaces: a client has one view of a terminal.
  if (const auto old = terminal_channels_.find(params.terminal); old != terminal_channels_.end())
    retire_channel(old->second);
  const auto number = new_channel_number();
  if (!number) return std::unexpected(number.error());
  const auto screen_number = new_channel_number();
  if (!screen_number) return std::unexpected(screen_number.error());
  std::shared_ptr<TerminalInput> input;
  if (may(Role::editor)) {
    auto& kept = inputs_[params.terminal];
    if (!kept) kept = std::make_shared<TerminalInput>(weak_from_this());
    input = kept;
  }
  auto channel = std::make_shared<TerminalChannel>(
      *this, *number, *terminal, input, id_, params.deflate.value_or(false), [this] { note_person_input(); });
  // First its size, so that the screen it gets is in it.
  (*terminal)->sit_down(id_, *size, input != nullptr);
  auto attached = (*terminal)->attach(
      channel->viewer(), *channel, params.output_offset, params.credit,
      static_cast<std::size_t>(
          std::max(0, params.scrollback.value_or(static_cast<int>(ScreenModel::most_scrollback)))));
  if (attached.screen) {
    channel->hold(*screen_number);
    add_channel(*screen_number, std::make_shared<ScreenChannel>(
                                    *this, *screen_number, std::move(*attached.screen), params.credit,
                                    params.deflate.value_or(false), [weak = std::weak_ptr(channel)] {
                                      if (const auto held = weak.lock()) held->release();
                                    }));
  }
  add_channel(*number, channel);
  terminal_channels_[params.terminal] = *number;
  return TerminalAttach::Result{*number,
                                attached.offset,
                                attached.lost,
                                attached.screen ? std::optional(*screen_number) : std::nullopt,
                                input ? input->offset() : 0,
                                input ? input->limit() : 0,
                                (*terminal)->info()};
}

Result<Empty> Session::handle(TerminalDetach, TerminalDetach::Params params) {
  if (const auto found = terminal_channels_.find(params.terminal); found != terminal_channels_.end())
    retire_channel(found->second);
  if (const auto terminal = workspace_.terminals.find(params.terminal)) (*terminal)->stand_up(id_, true);
  return Empty{};
}

Result<Empty> Session::handle(TerminalResize, TerminalResize::Params params) {
  const auto size = checked_size(TerminalResize::method, params.columns, params.rows);
  if (!size) return std::unexpected(size.error());
  auto terminal = workspace_.terminals.find(params.terminal);
  if (!terminal) return std::unexpected(terminal.error());
  (*terminal)->resize(id_, **size);
  return Empty{};
}

Result<Empty> Session::handle(TerminalLead, TerminalLead::Params params) {
  auto terminal = workspace_.terminals.find(params.terminal);
  if (!terminal) return std::unexpected(terminal.error());
  if (params.lead && !terminal_channels_.contains(params.terminal))
    return failure(ErrorCode::invalid_argument, "Attach to the terminal before leading it.");
  (*terminal)->lead(id_, params.lead);
  return Empty{};
}

Result<Empty> Session::handle(TerminalRename, TerminalRename::Params params) {
  if (params.title.size() > longest_title)
    return failure(ErrorCode::invalid_argument, "terminal/rename.title: longer than 200 bytes");
  auto terminal = workspace_.terminals.find(params.terminal);
  if (!terminal) return std::unexpected(terminal.error());
  note_person_input();
  (*terminal)->rename(params.title);
  return Empty{};
}

Result<Empty> Session::handle(TerminalClose, TerminalClose::Params params) {
  note_person_input();
  if (auto closed = workspace_.terminals.close(params.terminal); !closed)
    return std::unexpected(closed.error());
  inputs_.erase(params.terminal);
  return Empty{};
}

}  // namespace berth::runner
