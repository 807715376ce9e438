// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in a program that has no page of its own, by a person who is signed in elsewhere: native clients
// that listen on their own machine (RFC 8252, with PKCE), and devices that show a code (RFC 8628). Requests
// are tickets; whoever agrees must still be signed in when the program takes its tokens. No HTTP.
#pragma once

#include "protocol/rest_sign_in.hpp"
#include "server/accounts.hpp"
#include "server/identity_store.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {

inline constexpr std::int64_t native_request_life = 10ll * 60 * 1000;  // ms to agree
inline constexpr std::int64_t native_code_life = 2ll * 60 * 1000;      // ms to trade the code
inline constexpr std::int64_t device_life = 15ll * 60 * 1000;          // ms
inline constexpr std::int64_t device_interval = 5;                     // seconds between questions

/// http://127.0.0.1:PORT/… or http://[::1]:PORT/…, without user, query and fragment.
bool is_loopback_redirect(std::string_view url);

/// "bcdf ghjk" → "BCDFGHJK"; "" for what is no user code.
std::string normal_user_code(std::string_view typed);

class AppSignIn {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    Accounts& accounts;
    const SignInSecrets& secrets;
    boost::asio::thread_pool& pool;
    Clock clock;
  };
  explicit AppSignIn(Parts parts) : parts_(std::move(parts)) {}

  /// `ide`: the IDE's origin as the program sees it.
  net::Task<Result<std::string>> begin_native(protocol::rest::BeginNativeSignIn::Body body, std::string ide,
                                              Caller caller);
  net::Task<Result<protocol::rest::SignInRequest>> native_request(std::string request);
  /// Where the browser goes, with a code or a refusal. Good once.
  net::Task<Result<std::string>> answer_native(Principal principal, std::string request, bool allow);
  net::Task<Result<Tokens>> take_native(protocol::rest::TakeNativeSignIn::Body body, Caller caller);

  net::Task<Result<protocol::rest::BeginDeviceSignIn::Result>> begin_device(std::string ide, Caller caller);
  net::Task<Result<protocol::rest::SignInRequest>> device_request(Principal principal, std::string user_code);
  net::Task<Result<void>> answer_device(Principal principal, std::string user_code, bool allow);
  net::Task<Result<Tokens>> take_device(std::string device_code, Caller caller);

 private:
  net::Task<Result<TicketRecord>> device_of(Principal principal, std::string user_code);
  Result<TicketRecord> poll_device(const std::string& device_code);
  /// Signs the program in while whoever agreed is signed in.
  net::Task<Result<Tokens>> sign_in(std::string account, std::string by, Caller caller);

  const Parts parts_;
};

}  // namespace berth::server
