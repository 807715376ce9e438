// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the REST API that is about who may be this account: its sign-ins one by one, personal access
// tokens and the second factor.
#pragma once

#include "protocol/rest.hpp"

namespace berth::protocol::rest {

// ---- sign-ins
// ----------------------------------------------------------------------------------------------

struct SignInItem {
  std::string id;
  std::string client;   // user agent
  std::string address;  // where it was last used from; "" when it was made by an older release
  std::int64_t created;
  std::int64_t last_used;         // to a quarter of an hour: its last access token was given then
  bool current;                   // the one that asks
  bool by_administrator = false;  // an administrator of the server, who acts as this account
};
BOOST_DESCRIBE_STRUCT(SignInItem, (), (id, client, address, created, last_used, current, by_administrator))

struct ListSignIns {
  static constexpr std::string_view method = "GET", path = "/api/v1/me/sign_ins",
                                    summary = "Where this account is signed in, last used first.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_read;
  using Body = NoBody;
  struct Result {
    std::vector<SignInItem> sign_ins;
  };
};
BOOST_DESCRIBE_STRUCT(ListSignIns::Result, (), (sign_ins))

struct EndSignIn {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/me/sign_ins/{id}",
                                    summary = "Ends one sign-in and its open connections.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = NoBody;
};

// ---- personal access tokens
// --------------------------------------------------------------------------------

struct AccessToken {
  std::string id;
  std::string name;
  std::vector<Scope> scopes;
  std::int64_t created;
  std::optional<std::int64_t> expires;    // never, when absent
  std::optional<std::int64_t> last_used;  // to a minute; absent: not yet
};
BOOST_DESCRIBE_STRUCT(AccessToken, (), (id, name, scopes, created, expires, last_used))

struct ListTokens {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/me/tokens",
      summary = "The account's personal access tokens, newest first; expired ones too.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_read;
  using Body = NoBody;
  struct Result {
    std::vector<AccessToken> tokens;
  };
};
BOOST_DESCRIBE_STRUCT(ListTokens::Result, (), (tokens))

struct CreateToken {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/me/tokens",
      summary =
          "Makes a personal access token, for `Authorization: Bearer`; its secret is in this answer only.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string name;  // 1..80 characters
    std::vector<Scope> scopes;
    std::optional<std::int64_t> expires = {};
  };
  struct Result {
    AccessToken token;
    std::string secret;  // "berth_pat_…"
  };
};
BOOST_DESCRIBE_STRUCT(CreateToken::Body, (), (name, scopes, expires))
BOOST_DESCRIBE_STRUCT(CreateToken::Result, (), (token, secret))

struct DeleteToken {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/me/tokens/{id}",
                                    summary = "Revokes a token; what stands on it is closed at once.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = NoBody;
};

// ---- the second factor
// -------------------------------------------------------------------------------------

struct GetSecondFactor {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/me/second_factor",
      summary = "Whether signing in needs a code, and how many recovery codes are left.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_read;
  using Body = NoBody;
  struct Result {
    bool enabled;
    std::int64_t recovery_codes_left;
  };
};
BOOST_DESCRIBE_STRUCT(GetSecondFactor::Result, (), (enabled, recovery_codes_left))

struct BeginSecondFactor {
  static constexpr std::string_view method = "POST", path = "/api/v1/me/second_factor/begin",
                                    summary =
                                        "Makes a TOTP secret (RFC 6238), not in force before it is "
                                        "confirmed; begun again, it is another one.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string password;  // "" for an account that has none and signed in within the last ten minutes
  };
  struct Result {
    std::string secret;  // base32
    std::string uri;     // otpauth://, for a QR code
  };
};
BOOST_DESCRIBE_STRUCT(BeginSecondFactor::Body, (), (password))
BOOST_DESCRIBE_STRUCT(BeginSecondFactor::Result, (), (secret, uri))

struct RecoveryCodes {
  std::vector<std::string> recovery_codes;  // each is good once; in this answer only
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (recovery_codes))

struct ConfirmSecondFactor {
  static constexpr std::string_view method = "POST", path = "/api/v1/me/second_factor/confirm",
                                    summary = "Puts the second factor in force; gives recovery codes.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string code;
  };
  using Result = RecoveryCodes;
};
BOOST_DESCRIBE_STRUCT(ConfirmSecondFactor::Body, (), (code))

struct DisableSecondFactor {
  static constexpr std::string_view method = "POST", path = "/api/v1/me/second_factor/disable",
                                    summary = "Removes the second factor and its recovery codes.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string password;
    std::string code;
  };
  using Result = NoBody;
};
BOOST_DESCRIBE_STRUCT(DisableSecondFactor::Body, (), (password, code))

struct RenewRecoveryCodes {
  static constexpr std::string_view method = "POST", path = "/api/v1/me/second_factor/recovery_codes",
                                    summary = "New recovery codes; the old ones are worth nothing any more.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  struct Body {
    std::string code;
  };
  using Result = RecoveryCodes;
};
BOOST_DESCRIBE_STRUCT(RenewRecoveryCodes::Body, (), (code))

struct FinishSignIn {
  static constexpr std::string_view method = "POST", path = "/api/v1/auth/second_factor",
                                    summary =
                                        "Finishes a sign-in that was begun by a provider or a reset link: "
                                        "`pending` lives 5 min, good once.";
  static constexpr Access access = Access::anyone;
  struct Body {
    std::string pending;
    std::string code;
  };
  using Result = SignedIn;
};
BOOST_DESCRIBE_STRUCT(FinishSignIn::Body, (), (pending, code))

using IdentityRoutes = boost::mp11::mp_list<ListSignIns, EndSignIn, ListTokens, CreateToken, DeleteToken,
                                            GetSecondFactor, BeginSecondFactor, ConfirmSecondFactor,
                                            DisableSecondFactor, RenewRecoveryCodes, FinishSignIn>;

}  // namespace berth::protocol::rest
