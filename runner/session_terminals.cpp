// SPDX-License-Identifier: GPL-3.0-or-later
// terminal/* requests.
#include "runner/session.hpp"
#include "runner/terminal_channel.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {

using namespace protocol;

namespace {

constexpr std::size_t longest_title = 200;

}  // namespace

void Session::note_person_input() {
  if (claims_.role != Role::server) workspace_.activity.note_input();
}

Result<TerminalList::Result> Session::handle(TerminalList, Empty) {
  return TerminalList::Result{workspace_.terminals.list()};
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
  // Attaching again replaces: a client has one view of a terminal.
  if (const auto old = terminal_channels_.find(params.terminal); old != terminal_channels_.end())
    retire_channel(old->second);
  const auto number = new_channel_number();
  if (!number) return std::unexpected(number.error());
  std::shared_ptr<TerminalInput> input;
  if (may(Role::editor)) {
    auto& kept = inputs_[params.terminal];
    if (!kept) kept = std::make_shared<TerminalInput>(weak_from_this());
    input = kept;
  }
  auto channel =
      std::make_shared<TerminalChannel>(*this, *number, *terminal, input, [this] { note_person_input(); });
  const auto attachment =
      (*terminal)->attach(channel->viewer(), *channel, params.output_offset, params.credit);
  add_channel(*number, channel);
  terminal_channels_[params.terminal] = *number;
  return TerminalAttach::Result{*number,
                                attachment.offset,
                                attachment.lost,
                                std::nullopt,
                                input ? input->offset() : 0,
                                input ? input->limit() : 0,
                                (*terminal)->info()};
}

Result<Empty> Session::handle(TerminalDetach, TerminalDetach::Params params) {
  if (const auto found = terminal_channels_.find(params.terminal); found != terminal_channels_.end())
    retire_channel(found->second);
  return Empty{};
}

Result<Empty> Session::handle(TerminalResize, TerminalResize::Params params) {
  if (params.columns < 1 || params.columns > largest_side)
    return failure(ErrorCode::invalid_argument, "terminal/resize.columns: not in 1..1000");
  if (params.rows < 1 || params.rows > largest_side)
    return failure(ErrorCode::invalid_argument, "terminal/resize.rows: not in 1..1000");
  auto terminal = workspace_.terminals.find(params.terminal);
  if (!terminal) return std::unexpected(terminal.error());
  (*terminal)->resize(params.columns, params.rows);
  return Empty{};
}

Result<Empty> Session::handle(TerminalLead, TerminalLead::Params params) {
  auto terminal = workspace_.terminals.find(params.terminal);
  if (!terminal) return std::unexpected(terminal.error());
  return failure(ErrorCode::unsupported, "Not yet.");
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
