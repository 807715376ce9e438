// SPDX-License-Identifier: GPL-3.0-or-later
// Frames in and out, the table of requests with their roles, greeting and resuming.
#include "runner/session.hpp"

#include <boost/asio/post.hpp>
#include <boost/mp11/algorithm.hpp>

#include "protocol/net/expecting_loop.hpp"
#include "protocol/version.hpp"
#include "runner/deflate.hpp"
#include "runner/inflate.hpp"
#include "runner/terminal_channel.hpp"
#include "runner/text_search.hpp"
#include "runner/workspace.hpp"

namespace berth::runner {
namespace {

using namespace protocol;

// A bulk stream keeps this much unsent; terminals may go beyond, so that a download never delays a
// keystroke's echo.
constexpr std::size_t bulk_unsent = 128u << 10;
constexpr std::size_t terminal_unsent = 256u << 10;
// A client that reads nothing while notifications pile up is cut off; it can resume.
constexpr std::size_t hopeless_unsent = 32u << 20;

std::size_t room_below(std::size_t limit, std::size_t unsent) { return unsent < limit ? limit - unsent : 0; }

template <class T>
struct is_task : std::false_type {};
template <class T>
struct is_task<net::Task<T>> : std::true_type {};

}  // namespace

Session::Session(Workspace& workspace, std::string id, ConnectClaims claims,
                 std::shared_ptr<Connection> connection)
    : workspace_(workspace),
      id_(std::move(id)),
      claims_(std::move(claims)),
      connection_(std::move(connection)) {}

Session::~Session() = default;

// ---- requests
// ------------------------------------------------------------------------------------------------------

template <class R>
void Session::run_request(Session& session, const Json& id, const Json& json) {
  auto params = decode<typename R::Params>(json.is_null() ? Json::object() : json, std::string(R::method));
  if (!params) return session.send_answer(id, std::unexpected(params.error()));
  if constexpr (is_task<decltype(session.handle(R{}, std::move(*params)))>::value) {
    if (session.pending_requests_ >= max_pending_requests) {
      return session.send_answer(
          id, failure(ErrorCode::limit_exceeded, "Too many requests are waiting: wait for answers first."));
    }
    ++session.pending_requests_;
    auto self = session.shared_from_this();
    session.workspace_.tasks.spawn(
        answer_later<R>(self, session.connection_, id, session.handle(R{}, std::move(*params))));
  } else {
    auto answer = session.handle(R{}, std::move(*params));
    if (answer)
      session.send_answer(id, encode(*answer));
    else
      session.send_answer(id, std::unexpected(std::move(answer.error())));
  }
}

template <class R>
net::Task<void> Session::answer_later(std::shared_ptr<Session> session, std::shared_ptr<Connection> asked_on,
                                      Json id, Later<R> later) {
  auto answer = co_await std::move(later);
  --session->pending_requests_;
  // On a connection that resumed the session meanwhile, the id may be that of another request.
  if (session->connection_ != asked_on) co_return;
  if (answer)
    session->send_answer(id, encode(*answer));
  else
    session->send_answer(id, std::unexpected(std::move(answer.error())));
}

const std::map<std::string_view, Session::RequestEntry>& Session::requests() {
  static const auto table = [] {
    std::map<std::string_view, RequestEntry> entries;
    boost::mp11::mp_for_each<
        boost::mp11::mp_transform<boost::mp11::mp_identity, boost::mp11::mp_append<Requests, SyncRequests>>>(
        [&](auto identity) {
          using R = typename decltype(identity)::type;
          entries.emplace(R::method, RequestEntry{R::role, &Session::run_request<R>});
        });
    return entries;
  }();
  return table;
}

void Session::dispatch(const Incoming& incoming) {
  const Json id = incoming.id.value_or(Json());
  const auto found = requests().find(incoming.method);
  if (found == requests().end()) {
    return send_answer(id, failure(ErrorCode::unsupported,
                                   "This runner does not know " + incoming.method.substr(0, 64) + "."));
  }
  const bool server_method = found->second.role == Role::server;
  if (!may(found->second.role))
    return send_answer(
        id, failure(ErrorCode::permission_denied, "Your role in this workspace does not allow this."));
  if (!greeted_ && !server_method && incoming.method != SessionHello::method &&
      incoming.method != SessionPing::method)
    return send_answer(id, failure(ErrorCode::invalid_argument, "session/hello must come first."));
  found->second.run(*this, id, incoming.params);
}

void Session::on_text(std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return send_text(error_text(Json(), json.error()));
  const auto incoming = decode_incoming(*json);
  if (!incoming) {
    const auto found = json->is_object() ? json->find("id") : json->end();
    const bool has_id =
        json->is_object() && found != json->end() && (found->is_number() || found->is_string());
    return send_text(error_text(has_id ? *found : Json(), incoming.error()));
  }
  const auto self = shared_from_this();
  dispatch(*incoming);
}

void Session::send_answer(const Json& id, Result<Json> answer) {
  if (!connection_) return;
  if (!answer && !answer.error().detail.empty())
    workspace_.log(answer.error().message + " " + answer.error().detail);
  if (id.is_null()) return;  // a notification asks for no answer
  net::answer_came();
  send_text(answer ? result_text(id, std::move(*answer)) : error_text(id, answer.error()));
}

void Session::send_text(std::string text) {
  if (!connection_) return;
  connection_->send_text(std::move(text));
  if (connection_ && connection_->unsent() > hopeless_unsent) close_connection("The client does not read.");
}

// ---- binary frames and channels
// ------------------------------------------------------------------------------------

void Session::on_binary(std::string_view message) {
  const auto self = shared_from_this();
  auto frame = decode_frame(message);
  if (!frame) return send_text(error_text(Json(), frame.error()));
  std::string inflated;
  if (frame->header.deflated && frame->header.kind == FrameKind::data) {
    auto bytes = inflate(frame->payload, max_binary_payload);
    if (!bytes) return send_text(error_text(Json(), bytes.error()));
    inflated = std::move(*bytes);
    frame->payload = inflated;
  }
  // Frames of channels that have just been closed here are still on their way: not an error.
  const auto found = channels_.find(frame->header.channel);
  if (found == channels_.end()) return;
  const auto channel = found->second;
  switch (frame->header.kind) {
    case FrameKind::data:
      if (!channel->on_data(frame->header.offset, frame->payload)) abort_channel(frame->header.channel);
      break;
    case FrameKind::credit:
      channel->on_credit(frame->header.offset);
      break;
    case FrameKind::end:
      channel->on_end(frame->header.offset);
      break;
    case FrameKind::abort:
      retire_channel(frame->header.channel);
      break;
  }
}

void Session::on_oversized(bool text) {
  Error error{
      ErrorCode::too_large,
      text ? "The message is longer than this runner takes." : "The frame is longer than this runner takes.",
      {},
      {{"limit", std::to_string(text ? max_text_frame : max_binary_payload + frame_header_size)}}};
  send_text(error_text(Json(), error));
}

void Session::on_writable() {
  const auto self = shared_from_this();
  // Terminals first: what a person looks at.
  std::vector<std::shared_ptr<Channel>> terminals, others;
  for (const auto& [number, channel] : channels_) (channel->urgent() ? terminals : others).push_back(channel);
  for (const auto& channel : terminals) channel->pump();
  for (const auto& channel : others) channel->pump();
  if (search_) search_->on_writable();
}

std::size_t Session::bulk_room() const {
  return connection_ ? room_below(bulk_unsent, connection_->unsent()) : 0;
}

std::size_t Session::terminal_room() const {
  return connection_ ? room_below(terminal_unsent, connection_->unsent()) : 0;
}

void Session::send_data(std::uint32_t channel, std::uint64_t offset, std::string_view bytes) {
  net::answer_came();
  if (connection_) connection_->send_frame({FrameKind::data, false, channel, offset}, bytes);
}

std::size_t Session::send_deflated(std::uint32_t channel, std::uint64_t offset, std::string_view bytes) {
  if (bytes.size() >= least_deflated)
    if (const auto deflated = deflate(bytes); !deflated.empty()) {
      if (connection_) connection_->send_frame({FrameKind::data, true, channel, offset}, deflated);
      return deflated.size();
    }
  send_data(channel, offset, bytes);
  return bytes.size();
}

void Session::send_credit(std::uint32_t channel, std::uint64_t limit) {
  if (connection_) connection_->send_frame({FrameKind::credit, false, channel, limit}, {});
}

void Session::send_end(std::uint32_t channel, std::uint64_t length) {
  if (connection_) connection_->send_frame({FrameKind::end, false, channel, length}, {});
}

void Session::end_channel(std::uint32_t channel, std::uint64_t length) {
  send_end(channel, length);
  retire_channel(channel);
}

void Session::abort_channel(std::uint32_t channel) {
  if (connection_) connection_->send_frame({FrameKind::abort, false, channel, 0}, {});
  retire_channel(channel);
}

Result<std::uint32_t> Session::new_channel_number(const std::shared_ptr<Connection>& asked_on) {
  if (connection_ != asked_on) return failure(ErrorCode::unavailable, "The connection was lost.");
  return new_channel_number();
}

Result<std::uint32_t> Session::new_channel_number() {
  if (channels_.size() >= max_open_channels)
    return failure(ErrorCode::limit_exceeded, "Too many channels are open: close some of them.");
  if (!connection_) return failure(ErrorCode::unavailable, "The connection was lost.");
  return next_channel_++;
}

void Session::add_channel(std::uint32_t number, std::shared_ptr<Channel> channel) {
  channels_[number] = channel;
  asio::post(workspace_.io, [self = shared_from_this(), number, channel] {
    if (self->channels_.contains(number)) channel->pump();
  });
}

void Session::retire_channel(std::uint32_t number) {
  const auto found = channels_.find(number);
  if (found == channels_.end()) return;
  auto channel = std::move(found->second);
  channels_.erase(found);
  std::erase_if(terminal_channels_, [&](const auto& entry) { return entry.second == number; });
  channel->on_gone();
  // It may be the one that is running right now.
  asio::post(workspace_.io, [channel = std::move(channel)] {});
}

// ---- greeting, drops, resuming
// -------------------------------------------------------------------------------------

Result<SessionHello::Result> Session::handle(SessionHello, SessionHello::Params params) {
  if (params.protocol_major != version_major) {
    return failure(ErrorCode::unsupported, "This runner speaks version " + std::to_string(version_major) +
                                               " of the protocol: update the client.");
  }
  if (greeted_) return failure(ErrorCode::invalid_argument, "session/hello was said already.");
  if (params.session) {
    if (const auto old = workspace_.sessions.resumable_session(*params.session, claims_);
        old && old.get() != this) {
      auto connection = std::exchange(connection_, nullptr);
      old->take_over(connection, claims_);
      asio::post(workspace_.io, [self = shared_from_this()] { self->workspace_.sessions.forget(self->id_); });
      // The answer has to go out on the connection that now belongs to the old session.
      asio::post(workspace_.io, [old] { old->tell_what_was_missed(); });
      connection_ = connection;
      return old->greeting(true);
    }
  }
  greeted_ = true;
  appear();
  asio::post(workspace_.io, [self = shared_from_this()] { self->tell_of_storage(); });
  return greeting(false);
}

SessionHello::Result Session::greeting(bool resumed) const {
  return {version_major,
          version_minor,
          "berth-runner " + std::string(release),
          id_,
          resumed,
          workspace_.start.workspace,
          claims_.user_name,
          claims_.role,
          workspace_.start.home,
          Limits{max_text_frame, max_binary_payload, max_open_channels, max_pending_requests,
                 inline_document_limit, editable_document_limit},
          {"terminal", "file", "document", "port", "presence", "deflate", "search"}};
}

Result<Empty> Session::handle(SessionPing, Empty) { return Empty{}; }

void Session::take_over(std::shared_ptr<Connection> connection, ConnectClaims claims) {
  if (const auto old = std::exchange(connection_, nullptr)) {
    drop_connection_state();
    old->set_events(nullptr);
    old->close("The session was resumed elsewhere.");
  }
  claims_ = std::move(claims);
  connection->set_events(shared_from_this());
  connection_ = std::move(connection);
  appear();
}

void Session::close_connection(const std::string& reason) {
  if (const auto connection = connection_) connection->close(reason);
}

void Session::on_closed() {
  if (!connection_) return;
  const auto self = shared_from_this();
  connection_.reset();
  drop_connection_state();
  dropped_at_ = std::chrono::steady_clock::now();
  workspace_.presence.people().drop(id_);
  workspace_.presence.tell();
  if (greeted_)
    workspace_.sessions.on_dropped();
  else
    workspace_.sessions.forget(id_);
}

/// Channels and a search belong to a connection; documents, watches and the places in terminals' input stay
/// for a resume.
void Session::drop_connection_state() {
  while (!channels_.empty()) retire_channel(channels_.begin()->first);
  end_search();
}

}  // namespace berth::runner
