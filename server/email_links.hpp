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
inline constexpr int free_verification_mails = 5;   // an hour, that somebody asks for

/// What a link is made with, also where no server runs.
struct LinkMaking {
  const SignInSecrets& secrets;
  std::int64_t now;        // Unix ms
  const std::string& ide;  // origin
};

/// What an administrator does who resets an account, and the link to hand on once it is done: it sets a
/// password and proves no address.
struct PreparedReset {
  AccountReset reset;
  std::string url;
};
/// `by_password`: a password is a way into this account. Where it is none, identities stay: they are the way.
/// conflict for a team.
Result<PreparedReset> prepare_reset(const LinkMaking& making, const AccountRecord& account,
                                    bool remove_second_factor, bool by_password);

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

  /// After an account was made, or is to have another address: the mail that proves it is on its way, unless
  /// it is proven. Who has the address `before` ("": none) is told of the change. What goes wrong is logged.
  net::Task<void> address_is_new(std::string account, std::string before);

  /// Success when there is nothing to verify; limit_exceeded after several within an hour.
  net::Task<Result<void>> send_verification(Principal principal);
  /// not_found: used up, too old, or not the account's address any more.
  net::Task<Result<void>> verify(std::string token, Caller caller);

  /// Always the same, in the same time: what there is to do is done afterwards.
  net::Task<Result<void>> forgot(std::string email, Caller caller);
  /// Sets the password and leads on to signing in; `account` is filled in once it is set. not_found: used up
  /// or too old.
  net::Task<Result<SignInStep>> reset(std::string token, std::string password, Caller caller,
                                      AccountRecord& account);

  /// Resets the account, as prepare_reset() says; the link.
  net::Task<Result<PreparedReset>> reset_by_administrator(std::string account, bool remove_second_factor);

  /// The mailer's letters to others (invitations): `worth` ms.
  Result<void> send(const Mail& mail, std::int64_t worth) { return parts_.mailer.post(mail, worth); }
  const std::string& ide() const { return parts_.ide; }

 private:
  LinkMaking making() const { return {parts_.secrets, parts_.clock(), parts_.ide}; }
  Result<void> mail_verification(const std::string& account);
  void mail_reset(const std::string& email);
  void tell_change(const AccountRecord& account, const std::string& before);

  const Parts parts_;
};

}  // namespace berth::server
