// SPDX-License-Identifier: GPL-3.0-or-later
// One client window (or the server's control link): answers its requests, holds its channels, and outlives
// its connection for a while so that the client can resume. The request table is in session.cpp, handlers are
// in session_*.cpp.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "protocol/codec.hpp"
#include "protocol/connect_token.hpp"
#include "protocol/messages.hpp"
#include "protocol/net/task.hpp"
#include "protocol/sync_messages.hpp"
#include "runner/channel.hpp"
#include "runner/connection.hpp"

namespace berth::runner {

struct Workspace;
class Document;
class TerminalInput;
class TextSearch;

class Session : public ConnectionEvents, public ChannelOwner, public std::enable_shared_from_this<Session> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  Session(Workspace& workspace, std::string id, protocol::ConnectClaims claims,
          std::shared_ptr<Connection> connection);
  ~Session() override;

  const std::string& id() const { return id_; }
  const protocol::ConnectClaims& claims() const { return claims_; }
  bool connected() const { return connection_ != nullptr; }
  bool greeted() const { return greeted_; }
  TimePoint dropped_at() const { return dropped_at_; }
  /// Bytes that wait for its socket.
  std::size_t unsent() const { return connection_ ? connection_->unsent() : 0; }

  template <class N>
  void notify(const typename N::Params& params) {
    if (connection_ && greeted_) send_text(protocol::notification_text(N::method, protocol::encode(params)));
  }
  /// A notification that was encoded once for many sessions.
  void notify_text(const std::string& text) {
    if (connection_ && greeted_) send_text(text);
  }
  /// document/state; what nobody of this session's role may change is read-only for it.
  void tell_state(const Document& document);
  void close_connection(const std::string& reason);
  /// Forgets everything: the session is too old, or the workspace stops.
  void end();

  // ConnectionEvents
  void on_text(std::string_view text) override;
  void on_binary(std::string_view message) override;
  void on_oversized(bool text) override;
  void on_writable() override;
  void on_goodbye() override;
  void on_closed() override;

  // ChannelOwner
  std::size_t bulk_room() const override;
  std::size_t terminal_room() const override;
  void send_data(std::uint32_t channel, std::uint64_t offset, std::string_view bytes) override;
  std::size_t send_deflated(std::uint32_t channel, std::uint64_t offset, std::string_view bytes) override;
  LinkSpeed& link_speed() override { return link_speed_; }
  void send_credit(std::uint32_t channel, std::uint64_t limit) override;
  void send_end(std::uint32_t channel, std::uint64_t length) override;
  void end_channel(std::uint32_t channel, std::uint64_t length) override;
  void forget_channel(std::uint32_t channel) override { retire_channel(channel); }
  void abort_channel(std::uint32_t channel) override;

 private:
  template <class R>
  using Answer = Result<typename R::Result>;
  template <class R>
  using Later = net::Task<Answer<R>>;
  template <class R>
  using Params = typename R::Params;

  Answer<protocol::SessionHello> handle(protocol::SessionHello, Params<protocol::SessionHello>);
  Answer<protocol::SessionPing> handle(protocol::SessionPing, Params<protocol::SessionPing>);
  Later<protocol::TerminalList> handle(protocol::TerminalList, Params<protocol::TerminalList>);
  Answer<protocol::TerminalOpen> handle(protocol::TerminalOpen, Params<protocol::TerminalOpen>);
  Answer<protocol::TerminalAttach> handle(protocol::TerminalAttach, Params<protocol::TerminalAttach>);
  Answer<protocol::TerminalDetach> handle(protocol::TerminalDetach, Params<protocol::TerminalDetach>);
  Answer<protocol::TerminalResize> handle(protocol::TerminalResize, Params<protocol::TerminalResize>);
  Answer<protocol::TerminalLead> handle(protocol::TerminalLead, Params<protocol::TerminalLead>);
  Answer<protocol::TerminalRename> handle(protocol::TerminalRename, Params<protocol::TerminalRename>);
  Answer<protocol::TerminalClose> handle(protocol::TerminalClose, Params<protocol::TerminalClose>);
  Later<protocol::FileList> handle(protocol::FileList, Params<protocol::FileList>);
  Later<protocol::FileStat> handle(protocol::FileStat, Params<protocol::FileStat>);
  Later<protocol::FileRead> handle(protocol::FileRead, Params<protocol::FileRead>);
  Later<protocol::FileWrite> handle(protocol::FileWrite, Params<protocol::FileWrite>);
  Later<protocol::FileCommit> handle(protocol::FileCommit, Params<protocol::FileCommit>);
  Later<protocol::FileCreateDirectory> handle(protocol::FileCreateDirectory,
                                              Params<protocol::FileCreateDirectory>);
  Later<protocol::FileRename> handle(protocol::FileRename, Params<protocol::FileRename>);
  Later<protocol::FileCopy> handle(protocol::FileCopy, Params<protocol::FileCopy>);
  Later<protocol::FileDelete> handle(protocol::FileDelete, Params<protocol::FileDelete>);
  Later<protocol::FileUndelete> handle(protocol::FileUndelete, Params<protocol::FileUndelete>);
  Answer<protocol::FileWatch> handle(protocol::FileWatch, Params<protocol::FileWatch>);
  Answer<protocol::FileUnwatch> handle(protocol::FileUnwatch, Params<protocol::FileUnwatch>);
  Later<protocol::DocumentOpen> handle(protocol::DocumentOpen, Params<protocol::DocumentOpen>);
  Later<protocol::DocumentEdit> handle(protocol::DocumentEdit, Params<protocol::DocumentEdit>);
  Later<protocol::DocumentSave> handle(protocol::DocumentSave, Params<protocol::DocumentSave>);
  Later<protocol::DocumentConvert> handle(protocol::DocumentConvert, Params<protocol::DocumentConvert>);
  Later<protocol::DocumentClose> handle(protocol::DocumentClose, Params<protocol::DocumentClose>);
  Later<protocol::DocumentPage> handle(protocol::DocumentPage, Params<protocol::DocumentPage>);
  Answer<protocol::PresenceList> handle(protocol::PresenceList, Params<protocol::PresenceList>);
  Answer<protocol::PresenceSet> handle(protocol::PresenceSet, Params<protocol::PresenceSet>);
  Later<protocol::PortList> handle(protocol::PortList, Params<protocol::PortList>);
  Later<protocol::PortTunnel> handle(protocol::PortTunnel, Params<protocol::PortTunnel>);
  Later<protocol::SearchText> handle(protocol::SearchText, Params<protocol::SearchText>);
  Answer<protocol::SearchCancel> handle(protocol::SearchCancel, Params<protocol::SearchCancel>);
  Later<protocol::SearchReplace> handle(protocol::SearchReplace, Params<protocol::SearchReplace>);
  Later<protocol::SearchUndoReplace> handle(protocol::SearchUndoReplace, Params<protocol::SearchUndoReplace>);
  Later<protocol::ControlActivity> handle(protocol::ControlActivity, Params<protocol::ControlActivity>);
  Answer<protocol::ControlNotice> handle(protocol::ControlNotice, Params<protocol::ControlNotice>);
  Later<protocol::ControlFlush> handle(protocol::ControlFlush, Params<protocol::ControlFlush>);
  Answer<protocol::SyncState> handle(protocol::SyncState, Params<protocol::SyncState>);
  Later<protocol::SyncWait> handle(protocol::SyncWait, Params<protocol::SyncWait>);
  Later<protocol::SyncSnapshot> handle(protocol::SyncSnapshot, Params<protocol::SyncSnapshot>);
  Later<protocol::SyncObjects> handle(protocol::SyncObjects, Params<protocol::SyncObjects>);
  Later<protocol::SyncStored> handle(protocol::SyncStored, Params<protocol::SyncStored>);
  Answer<protocol::SyncProblem> handle(protocol::SyncProblem, Params<protocol::SyncProblem>);
  Later<protocol::RestoreBegin> handle(protocol::RestoreBegin, Params<protocol::RestoreBegin>);
  Later<protocol::RestoreEntries> handle(protocol::RestoreEntries, Params<protocol::RestoreEntries>);
  Answer<protocol::RestoreObjects> handle(protocol::RestoreObjects, Params<protocol::RestoreObjects>);
  Later<protocol::RestoreWrite> handle(protocol::RestoreWrite, Params<protocol::RestoreWrite>);
  Later<protocol::RestoreEnd> handle(protocol::RestoreEnd, Params<protocol::RestoreEnd>);
  Later<protocol::ImportBegin> handle(protocol::ImportBegin, Params<protocol::ImportBegin>);

  template <class R>
  static void run_request(Session& session, const protocol::Json& id, const protocol::Json& params);
  template <class R>
  static net::Task<void> answer_later(std::shared_ptr<Session> session, std::shared_ptr<Connection> asked_on,
                                      protocol::Json id, Later<R> answer);
  struct RequestEntry {
    protocol::Role role;
    void (*run)(Session&, const protocol::Json& id, const protocol::Json& params);
  };
  static const std::map<std::string_view, RequestEntry>& requests();

  void dispatch(const protocol::Incoming& incoming);
  void send_text(std::string text);
  void send_answer(const protocol::Json& id, Result<protocol::Json> answer);
  protocol::SessionHello::Result greeting(bool resumed) const;
  void take_over(std::shared_ptr<Connection> connection, protocol::ConnectClaims claims);
  void tell_what_was_missed();
  void appear();
  void tell_of_storage();
  void drop_connection_state();
  void end_search();

  /// The number of a channel to be made; limit_exceeded with 256 open.
  Result<std::uint32_t> new_channel_number();
  /// The same for a request that came on this connection and waited: unavailable when another one has come.
  Result<std::uint32_t> new_channel_number(const std::shared_ptr<Connection>& asked_on);
  /// Adds it; pumped once the answer that announces it is on its way.
  void add_channel(std::uint32_t number, std::shared_ptr<Channel> channel);
  void retire_channel(std::uint32_t number);
  bool may(protocol::Role role) const { return claims_.role >= role; }
  void note_person_input();

  Workspace& workspace_;
  const std::string id_;
  protocol::ConnectClaims claims_;
  std::shared_ptr<Connection> connection_;
  bool greeted_ = false, ended_ = false;
  TimePoint dropped_at_{};
  std::size_t pending_requests_ = 0;
  std::uint32_t next_channel_ = 1;
  LinkSpeed link_speed_;
  std::map<std::uint32_t, std::shared_ptr<Channel>> channels_;
  std::map<std::string, std::shared_ptr<TerminalInput>> inputs_;  // by terminal
  std::map<std::string, std::uint32_t> terminal_channels_;        // by terminal
  std::map<std::string, std::uint64_t> watches_;                  // directory → the watcher's id
  std::set<std::string> documents_;                               // ids of those it has open
  std::shared_ptr<TextSearch> search_;                            // the newest one, while it goes on
  std::uint64_t next_search_ = 1;
};

}  // namespace berth::runner
