// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API's ways in beside a password: links that are sent by mail, OpenID Connect and GitHub, programs
// on a person's own machine (native clients, RFC 8252), and devices without a browser (RFC 8628). Same rules
// as rest.hpp.
#pragma once

#include "protocol/rest.hpp"

namespace berth::protocol::rest {

// ---- links that are sent by mail
// ------------------------------------------------------------------------------------

struct SendVerification {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/me/email/verification",
      summary = "Sends (again) the mail whose link proves that the account's e-mail address is its own.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  using Body = NoBody;
  using Result = NoBody;
};

struct VerifyEmail {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/verify_email",
                                    summary =
                                        "Proves an e-mail address with the token of its mail; not_found when "
                                        "it is used up or too old.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string token;
  };
  using Result = NoBody;
};
BOOST_DESCRIBE_STRUCT(VerifyEmail::Body, (), (token))

struct ForgotPassword {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/auth/forgot_password",
      summary =
          "Sends a link that sets a new password, where there is an account of this address; the answer is "
          "the same where there is none.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string email;
  };
  using Result = NoBody;
};
BOOST_DESCRIBE_STRUCT(ForgotPassword::Body, (), (email))

struct ResetPassword {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/auth/reset_password",
      summary =
          "Sets a new password with the token of a mail (good once, for 30 minutes), ends every sign-in and "
          "token of the account, and signs in; not_found when the token is used up or too old, "
          "unauthenticated "
          "with data.second_factor = required and data.pending for POST /auth/second_factor.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string token;
    std::string password;  // 10..256 bytes
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(ResetPassword::Body, (), (token, password))

// ---- identity providers
// ---------------------------------------------------------------------------------------------

struct BeginProviderSignIn {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/auth/providers/{id}/begin",
      summary = "For browsers: 303 to the provider's page. Query: to (where to go then, a path of the IDE).";
  static constexpr std::string_view query = "to?";
  static constexpr Access access = Access::anyone;
  static constexpr bool raw_result = true;
  using Body = NoBody;
  using Result = NoBody;
};

struct EndProviderSignIn {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/auth/providers/{id}/callback",
      summary =
          "Where the provider sends the browser back: 303 into the IDE, signed in, or to /link?pending=…, "
          "/sign-in?pending=… (second factor) or /sign-in?problem=…. Query: code, state, iss, error.";
  static constexpr std::string_view query = "code? state? iss? error?";
  static constexpr Access access = Access::anyone;
  static constexpr bool raw_result = true;
  using Body = NoBody;
  using Result = NoBody;
};

struct LinkIdentity {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/auth/link",
      summary =
          "Proves, by its password, the account that has an identity's e-mail address; links the two and "
          "signs "
          "in. In the browser that began; `unauthenticated` with data.second_factor as sign_in says it.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string pending;
    std::string password;
    std::optional<std::string> code = {};  // second factor
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(LinkIdentity::Body, (), (pending, password, code))

struct Identity {
  std::string id;
  std::string provider;       // its id here; "" when it is not configured any more
  std::string provider_name;  // for people
  std::string email;          // as the provider said it when it was last used
  std::int64_t linked;
};
BOOST_DESCRIBE_STRUCT(Identity, (), (id, provider, provider_name, email, linked))

struct ListIdentities {
  static constexpr std::string_view method = "GET", path = "/api/v1/me/identities",
                                    summary = "The identities that may sign in to this account.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_read;
  using Body = NoBody;
  struct Result {
    std::vector<Identity> identities;
    bool password;  // the account has one as well
  };
};
BOOST_DESCRIBE_STRUCT(ListIdentities::Result, (), (identities, password))

struct BeginIdentity {
  static constexpr std::string_view method = "POST", path = "/api/v1/me/identities",
                                    summary =
                                        "Begins linking one more identity, in a browser: go to the url. It "
                                        "ends in the account's page. Takes "
                                        "the password (and a code): an identity is a way in that stays.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string provider;                // its id
    std::optional<std::string> to = {};  // a path of the IDE to come back to
    // "" for an account that has none and signed in within the last ten minutes.
    std::optional<std::string> password = {};
    std::optional<std::string> code = {};  // of the second factor, where there is one
  };
  struct Result {
    std::string url;
  };
};
BOOST_DESCRIBE_STRUCT(BeginIdentity::Body, (), (provider, to, password, code))
BOOST_DESCRIBE_STRUCT(BeginIdentity::Result, (), (url))

struct DeleteIdentity {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/me/identities/{id}",
                                    summary = "Unlinks one; conflict when it is the only way in.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = NoBody;
};

// ---- programs on the person's own machine, and devices
// ---------------------------------------------------------------

struct BeginNativeSignIn {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/native/begin",
                                    summary =
                                        "For a program that listens on its own machine (RFC 8252): gives the "
                                        "page to open in a browser, where "
                                        "the person agrees.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::optional<std::string> provider = {};  // whom to offer for signing in, when the browser is not
    std::string redirect;                      // http://127.0.0.1:PORT/… or http://[::1]:PORT/…
    std::string challenge;                     // S256 of the verifier (RFC 7636)
    std::string state;                         // comes back with the code
  };
  struct Result {
    std::string url;
  };
};
BOOST_DESCRIBE_STRUCT(BeginNativeSignIn::Body, (), (provider, redirect, challenge, state))
BOOST_DESCRIBE_STRUCT(BeginNativeSignIn::Result, (), (url))

struct TakeNativeSignIn {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/native/token",
                                    summary = "Trades the code that came to the loopback address; good once.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string code;
    std::string verifier;
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(TakeNativeSignIn::Body, (), (code, verifier))

/// What asks to be signed in, for the person who is to agree.
struct SignInRequest {
  std::string client;   // user agent
  std::string address;  // where it asked from
  std::int64_t created;
};
BOOST_DESCRIBE_STRUCT(SignInRequest, (), (client, address, created))

struct GetNativeRequest {
  static constexpr std::string_view method = "GET", path = "/api/v1/auth/native/{id}",
                                    summary = "Which program asks; not_found when it has been answered.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = SignInRequest;
};

struct AnswerNativeRequest {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/native/{id}",
                                    summary =
                                        "Lets the program sign in as this account, or doesn't; go to "
                                        "`redirect` then, which is the program's own address.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    bool allow;
  };
  struct Result {
    std::string redirect;
  };
};
BOOST_DESCRIBE_STRUCT(AnswerNativeRequest::Body, (), (allow))
BOOST_DESCRIBE_STRUCT(AnswerNativeRequest::Result, (), (redirect))

struct BeginDeviceSignIn {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/auth/device/begin",
      summary =
          "For a device without a browser (RFC 8628): a code to show to the person and one to ask with.";
  static constexpr Access access = Access::anyone;
  using Body = NoBody;
  struct Result {
    std::string device_code;       // secret: for device/token
    std::string user_code;         // "XXXX-XXXX", for the person
    std::string verification_url;  // where the person enters it; it is in it already
    std::int64_t interval;         // seconds between two questions, at least
    std::int64_t expires;
  };
};
BOOST_DESCRIBE_STRUCT(BeginDeviceSignIn::Result, (),
                      (device_code, user_code, verification_url, interval, expires))

struct TakeDeviceSignIn {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/auth/device/token",
      summary =
          "Asks whether the person has agreed: unavailable with data.device = pending or slow_down, "
          "permission_denied when refused, not_found when it is over.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string device_code;
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(TakeDeviceSignIn::Body, (), (device_code))

struct GetDeviceRequest {
  static constexpr std::string_view method = "GET", path = "/api/v1/auth/device/{id}",
                                    summary = "Which device shows this code; not_found for any other.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = SignInRequest;
};

struct AnswerDeviceRequest {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/device/{id}",
                                    summary = "Lets the device sign in as this account, or doesn't.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    bool allow;
  };
  using Result = NoBody;
};
BOOST_DESCRIBE_STRUCT(AnswerDeviceRequest::Body, (), (allow))

/// The first route that fits is taken: names before `{id}`.
using SignInRoutes =
    boost::mp11::mp_list<SendVerification, VerifyEmail, ForgotPassword, ResetPassword, BeginProviderSignIn,
                         EndProviderSignIn, LinkIdentity, ListIdentities, BeginIdentity, DeleteIdentity,
                         BeginNativeSignIn, TakeNativeSignIn, GetNativeRequest, AnswerNativeRequest,
                         BeginDeviceSignIn, TakeDeviceSignIn, GetDeviceRequest, AnswerDeviceRequest>;

}  // namespace berth::protocol::rest
