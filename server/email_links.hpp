// SPDX-License-Identifier: GPL-3.0-or-later
// Links that are sent by mail: one proves an e-mail address, one sets a password that was forgotten. Each is
// good once; the store knows its hash only.
#pragma once

#include "server/accounts.hpp"
#include "server/identity_store.hpp"
#include "server/mailer.hpp"

namespace berth::server {

inline constexpr std::int64_t reset_link_life = 30ll * 60 * 1000;                // ms
inline constexpr std::int64_t verification_link_life = 3ll * 24 * 3'600 * 1000;  // ms
inline constexpr std::int64_t most_open_links = 5;  // of one kind and account: more mails help nobody

/// What a link is made with, also where no server runs.
struct LinkMaking {
  MetadataStore& store;
  const SignInSecrets& secrets;
  std::int64_t now;        // Unix ms
  const std::string& ide;  // origin
};

/// As EmailLinks::reset_link(). Blocks.
Result<std::string> make_reset_link(const LinkMaking& making, const std::string& account);

class EmailLinks {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    Accounts& accounts;
    Mailer& mailer;
    const SignInSecrets& secrets;
    boost::asio::thread_pool& pool;
    Clock clock;
    std::string ide;  // the IDE's origin, never from a request: links in mails must not lead elsewhere
  };
  explicit EmailLinks(Parts parts) : parts_(std::move(parts)) {}

  /// After an account was made or got another address: sends the mail soon, unless the address is verified.
  /// Who has the address `before` ("": none) is told of the change.
  void address_is_new(std::string account, std::string before);

  /// Success when it is verified already; limit_exceeded when several mails are open.
  net::Task<Result<void>> send_verification(Principal principal);
  /// not_found: used up, too old, or not the account's address any more.
  net::Task<Result<void>> verify(std::string token, Caller caller);

  /// Always the same, in the same time: what there is to do is done afterwards.
  net::Task<Result<void>> forgot(std::string email, Caller caller);
  /// Sets the password and leads on to signing in. not_found: used up or too old.
  net::Task<Result<SignInStep>> reset(std::string token, std::string password, Caller caller);

  /// A link that sets a password and proves no address, for an administrator to hand on. Blocks.
  Result<std::string> reset_link(const std::string& account);

  /// The mailer's letters to others (invitations): `worth` ms.
  Result<void> send(const Mail& mail, std::int64_t worth) { return parts_.mailer.post(mail, worth); }
  const std::string& ide() const { return parts_.ide; }

 private:
  Result<std::string> make_link(const AccountRecord& account, const char* kind, bool by_mail);
  Result<void> mail_verification(const std::string& account);
  void mail_reset(const std::string& email);
  void tell_change(const std::string& account, const std::string& before);

  const Parts parts_;
};

}  // namespace berth::server
