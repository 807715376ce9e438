// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app_sign_in.hpp"

#include <sodium.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>

#include "protocol/codec.hpp"
#include "server/client_network.hpp"
#include "server/identity_provider.hpp"

namespace berth::server {

namespace rest = protocol::rest;

namespace {

constexpr const char* native_kind = "native_request";
constexpr const char* native_code_kind = "native_code";
constexpr const char* device_kind = "device";
constexpr const char* user_code_purpose = "user code";
// No vowels, so no words (RFC 8628, 6.1).
constexpr std::string_view user_code_letters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t user_code_length = 8;
constexpr std::size_t longest_state = 512, longest_redirect = 512;
constexpr std::int64_t most_open = 300;  // requests of one kind and network that nobody has answered
constexpr std::int64_t early = 1'000;    // ms that a question may come too soon

/// A program's request, in its ticket.
struct NativeRequest {
  std::string redirect;
  std::string challenge;
  std::string state;
  std::string client;
  std::string address;
};
BOOST_DESCRIBE_STRUCT(NativeRequest, (), (redirect, challenge, state, client, address))

struct NativeCode {
  std::string challenge;
  std::string by;  // sign-in of whoever agreed
};
BOOST_DESCRIBE_STRUCT(NativeCode, (), (challenge, by))

struct DeviceRequest {
  std::string answer;  // "", "allowed" or "denied"
  std::string by;      // sign-in of whoever agreed
  std::int64_t asked;  // when the device asked last
  std::string client;
  std::string address;
};
BOOST_DESCRIBE_STRUCT(DeviceRequest, (), (answer, by, asked, client, address))

template <class T>
Result<T> ticket_data(const TicketRecord& ticket) {
  const auto json = protocol::parse_json(ticket.data);
  if (!json) return std::unexpected(json.error());
  return protocol::decode<T>(*json, "ticket");
}

template <class T>
std::string ticket_text(const T& data) {
  return protocol::to_text(protocol::encode(data));
}

std::unexpected<Error> request_is_over() {
  return failure(ErrorCode::not_found, "This request has been answered, or is too old; begin again.");
}

/// Under which the requests of strangers are counted, so that nobody fills the store for all others: one
/// customer of an IPv6 network has at most its first 48 bits.
std::string stranger(const std::string& address) {
  namespace ip = boost::asio::ip;
  constexpr unsigned short prefix = 48;
  boost::system::error_code unknown;
  const auto parsed = ip::make_address(address, unknown);
  const bool wide = !unknown && parsed.is_v6() && !parsed.is_loopback() && !parsed.to_v6().is_v4_mapped();
  const auto network =
      wide ? ip::network_v6(parsed.to_v6(), prefix).canonical().to_string() : network_of(address);
  return "from " + network;
}

bool is_challenge(const std::string& text) {
  return text.size() == 43 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_';
         });
}

std::string new_user_code() {
  std::string code(user_code_length, ' ');
  for (auto& letter : code)
    letter = user_code_letters[randombytes_uniform(static_cast<std::uint32_t>(user_code_letters.size()))];
  return code;
}

std::unexpected<Error> not_yet(const char* word) {
  Error error{ErrorCode::unavailable, "The person has not agreed yet; ask again in a few seconds.", {}, {}};
  error.data["device"] = word;
  error.data["interval"] = std::to_string(device_interval);
  return std::unexpected(std::move(error));
}

}  // namespace

bool is_loopback_redirect(std::string_view url) {
  if (url.size() > longest_redirect || std::ranges::any_of(url, [](unsigned char c) {
        return c <= ' ' || c >= 127 || c == '\\' || c == '#' || c == '?';
      }))
    return false;
  std::string_view rest;
  for (const std::string_view host : {"http://127.0.0.1:", "http://[::1]:"})
    if (url.starts_with(host)) rest = url.substr(host.size());
  unsigned port = 0;
  const auto digits = rest.substr(0, rest.find('/'));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return !digits.empty() && error == std::errc{} && end == digits.data() + digits.size() && port >= 1 &&
         port <= 65535;
}

std::string normal_user_code(std::string_view typed) {
  std::string code;
  for (const char c : typed.substr(0, 64)) {
    if (c == '-' || c == ' ') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  const bool known = code.size() == user_code_length && std::ranges::all_of(code, [](char c) {
                       return user_code_letters.find(c) != std::string_view::npos;
                     });
  return known ? code : "";
}

net::Task<Result<std::string>> AppSignIn::begin_native(rest::BeginNativeSignIn::Body body, std::string ide,
                                                       Caller caller) {
  if (!is_loopback_redirect(body.redirect))
    co_return failure(ErrorCode::invalid_argument,
                      "body.redirect: must be http://127.0.0.1:PORT/… or http://[::1]:PORT/…");
  if (!is_challenge(body.challenge))
    co_return failure(ErrorCode::invalid_argument,
                      "body.challenge: must be the verifier's S256 in base64url");
  if (body.state.empty() || body.state.size() > longest_state)
    co_return failure(ErrorCode::invalid_argument, "body.state: must be 1 to 512 bytes long");
  if (auto limited = co_await parts_.accounts.limit_calls(caller.address, "native", 300); !limited)
    co_return std::unexpected(std::move(limited.error()));
  const auto request = new_secret();
  const auto now = parts_.clock();
  const TicketRecord ticket{.id = parts_.secrets.hash(native_kind, request),
                            .kind = native_kind,
                            .handle = {},
                            .account = stranger(caller.address),
                            .data = ticket_text(NativeRequest{body.redirect, body.challenge, body.state,
                                                              caller.client.substr(0, 200), caller.address}),
                            .created = now,
                            .expires = now + native_request_life};
  auto kept = co_await net::offload(parts_.pool, [&] {
    return parts_.store.tickets().insert(ticket, most_open, FullTickets::forget_oldest);
  });
  if (!kept) co_return std::unexpected(std::move(kept.error()));
  auto url = with_query(ide + "/authorize", {{"request", request}});
  if (body.provider) url = with_query(url, {{"provider", body.provider->substr(0, 32)}});
  co_return url;
}

net::Task<Result<rest::SignInRequest>> AppSignIn::native_request(std::string request) {
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::SignInRequest> {
    const auto ticket =
        parts_.store.tickets().find(native_kind, parts_.secrets.hash(native_kind, request), parts_.clock());
    if (!ticket && ticket.error().code == ErrorCode::not_found) return request_is_over();
    if (!ticket) return std::unexpected(ticket.error());
    const auto data = ticket_data<NativeRequest>(*ticket);
    if (!data) return std::unexpected(data.error());
    return rest::SignInRequest{data->client, data->address, ticket->created};
  });
}

net::Task<Result<std::string>> AppSignIn::answer_native(Principal principal, std::string request,
                                                        bool allow) {
  co_return co_await net::offload(parts_.pool, [&]() -> Result<std::string> {
    const auto now = parts_.clock();
    const auto ticket =
        parts_.store.tickets().take(native_kind, parts_.secrets.hash(native_kind, request), now);
    if (!ticket && ticket.error().code == ErrorCode::not_found) return request_is_over();
    if (!ticket) return std::unexpected(ticket.error());
    const auto data = ticket_data<NativeRequest>(*ticket);
    if (!data) return std::unexpected(data.error());
    if (!allow) return with_query(data->redirect, {{"error", "access_denied"}, {"state", data->state}});
    const auto code = new_secret();
    const TicketRecord granted{.id = parts_.secrets.hash(native_code_kind, code),
                               .kind = native_code_kind,
                               .handle = {},
                               .account = principal.account,
                               .data = ticket_text(NativeCode{data->challenge, principal.sign_in}),
                               .created = now,
                               .expires = now + native_code_life};
    if (auto kept = parts_.store.tickets().insert(granted, 20); !kept)
      return std::unexpected(std::move(kept.error()));
    return with_query(data->redirect, {{"code", code}, {"state", data->state}});
  });
}

net::Task<Result<Tokens>> AppSignIn::sign_in(std::string account, std::string by, Caller caller) {
  const auto agreed = co_await net::offload(parts_.pool, [&] { return parts_.store.sign_ins().find(by); });
  if (!agreed || agreed->account != account)
    co_return failure(ErrorCode::permission_denied, "Whoever agreed has signed out since; begin again.");
  co_return co_await parts_.accounts.sign_in_proven(std::move(account), std::move(caller), std::move(by));
}

net::Task<Result<Tokens>> AppSignIn::take_native(rest::TakeNativeSignIn::Body body, Caller caller) {
  if (auto limited = co_await parts_.accounts.limit_calls(caller.address, "native", 300); !limited)
    co_return std::unexpected(std::move(limited.error()));
  // Taken before the verifier is looked at: nobody tries twice.
  const auto ticket = co_await net::offload(parts_.pool, [&] {
    return parts_.store.tickets().take(native_code_kind, parts_.secrets.hash(native_code_kind, body.code),
                                       parts_.clock());
  });
  if (!ticket && ticket.error().code == ErrorCode::not_found)
    co_return failure(ErrorCode::not_found, "This code has been used, or is too old; begin again.");
  if (!ticket) co_return std::unexpected(ticket.error());
  const auto data = ticket_data<NativeCode>(*ticket);
  if (!data) co_return std::unexpected(data.error());
  if (body.verifier.size() < 43 || body.verifier.size() > 128 ||
      !same_secret(pkce_challenge(body.verifier), data->challenge))
    co_return failure(ErrorCode::unauthenticated, "This code was made for another program; begin again.");
  co_return co_await sign_in(ticket->account, data->by, std::move(caller));
}

net::Task<Result<rest::BeginDeviceSignIn::Result>> AppSignIn::begin_device(std::string ide, Caller caller) {
  if (auto limited = co_await parts_.accounts.limit_calls(caller.address, "device", 300); !limited)
    co_return std::unexpected(std::move(limited.error()));
  const auto device_code = new_secret(), user_code = new_user_code();
  const auto now = parts_.clock();
  const TicketRecord ticket{
      .id = parts_.secrets.hash(device_kind, device_code),
      .kind = device_kind,
      .handle = parts_.secrets.hash(user_code_purpose, user_code),
      .account = stranger(caller.address),
      .data = ticket_text(DeviceRequest{{}, {}, 0, caller.client.substr(0, 200), caller.address}),
      .created = now,
      .expires = now + device_life};
  auto kept = co_await net::offload(parts_.pool, [&] {
    return parts_.store.tickets().insert(ticket, most_open, FullTickets::forget_oldest);
  });
  if (!kept) co_return std::unexpected(std::move(kept.error()));
  const auto shown = user_code.substr(0, 4) + "-" + user_code.substr(4);
  co_return rest::BeginDeviceSignIn::Result{
      .device_code = device_code,
      .user_code = shown,
      .verification_url = with_query(ide + "/authorize", {{"user_code", shown}}),
      .interval = device_interval,
      .expires = now + device_life};
}

/// Guessing codes is slow: somebody else's device would be signed in as the guesser, but nobody needs forty.
net::Task<Result<TicketRecord>> AppSignIn::device_of(Principal principal, std::string user_code) {
  if (auto limited = co_await parts_.accounts.limit_calls(principal.account, "user code", 40); !limited)
    co_return std::unexpected(std::move(limited.error()));
  const auto code = normal_user_code(user_code);
  if (code.empty()) co_return request_is_over();
  auto ticket = co_await net::offload(parts_.pool, [&] {
    return parts_.store.tickets().find_handle(device_kind, parts_.secrets.hash(user_code_purpose, code),
                                              parts_.clock());
  });
  if (!ticket && ticket.error().code == ErrorCode::not_found) co_return request_is_over();
  if (!ticket) co_return std::unexpected(std::move(ticket.error()));
  if (const auto data = ticket_data<DeviceRequest>(*ticket); !data || !data->answer.empty())
    co_return request_is_over();
  co_return ticket;
}

net::Task<Result<rest::SignInRequest>> AppSignIn::device_request(Principal principal, std::string user_code) {
  const auto ticket = co_await device_of(std::move(principal), std::move(user_code));
  if (!ticket) co_return std::unexpected(ticket.error());
  const auto data = ticket_data<DeviceRequest>(*ticket);
  if (!data) co_return std::unexpected(data.error());
  co_return rest::SignInRequest{data->client, data->address, ticket->created};
}

net::Task<Result<void>> AppSignIn::answer_device(Principal principal, std::string user_code, bool allow) {
  const auto found = co_await device_of(principal, std::move(user_code));
  if (!found) co_return std::unexpected(found.error());
  co_return co_await net::offload(parts_.pool, [&]() -> Result<void> {
    // The device asks meanwhile, and each question is written down.
    for (int attempt = 0; attempt < 5; ++attempt) {
      auto ticket = parts_.store.tickets().find(device_kind, found->id, parts_.clock());
      if (!ticket && ticket.error().code == ErrorCode::not_found) return request_is_over();
      if (!ticket) return std::unexpected(std::move(ticket.error()));
      auto data = ticket_data<DeviceRequest>(*ticket);
      if (!data || !data->answer.empty()) return request_is_over();
      data->answer = allow ? "allowed" : "denied";
      data->by = principal.sign_in;
      const auto before = ticket->data;
      ticket->account = allow ? principal.account : "";
      ticket->data = ticket_text(*data);
      auto changed = parts_.store.tickets().change(*ticket, before);
      if (!changed) return std::unexpected(std::move(changed.error()));
      if (*changed) return {};
    }
    return failure(ErrorCode::unavailable, "The device asks all the time; try again.");
  });
}

/// The ticket, once it is allowed; it is used up then.
Result<TicketRecord> AppSignIn::poll_device(const std::string& device_code) {
  auto& tickets = parts_.store.tickets();
  const auto id = parts_.secrets.hash(device_kind, device_code);
  const auto now = parts_.clock();
  auto ticket = tickets.find(device_kind, id, now);
  if (!ticket && ticket.error().code == ErrorCode::not_found) return request_is_over();
  if (!ticket) return ticket;
  auto data = ticket_data<DeviceRequest>(*ticket);
  if (!data) return std::unexpected(data.error());
  if (!data->answer.empty()) {
    auto taken = tickets.take(device_kind, id, now);
    if (!taken && taken.error().code == ErrorCode::not_found) return request_is_over();
    if (!taken) return taken;
    if (data->answer == "denied")
      return failure(ErrorCode::permission_denied, "The person did not let this device sign in.");
    return taken;
  }
  const bool too_soon = data->asked > 0 && now - data->asked < device_interval * 1000 - early;
  const auto before = ticket->data;
  data->asked = now;
  ticket->data = ticket_text(*data);
  if (auto written = tickets.change(*ticket, before); !written) return std::unexpected(written.error());
  return not_yet(too_soon ? "slow_down" : "pending");
}

net::Task<Result<Tokens>> AppSignIn::take_device(std::string device_code, Caller caller) {
  const auto ticket = co_await net::offload(parts_.pool, [&] { return poll_device(device_code); });
  if (!ticket) co_return std::unexpected(ticket.error());
  const auto data = ticket_data<DeviceRequest>(*ticket);
  if (!data) co_return std::unexpected(data.error());
  co_return co_await sign_in(ticket->account, data->by, std::move(caller));
}

}  // namespace berth::server
