// SPDX-License-Identifier: GPL-3.0-or-later
// What the ways in beside a password need to remember: who a person is at an identity provider, things that
// are good once (links in mails, pending sign-ins), and mails that are on their way. Rules as in
// metadata_store.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

struct AccountRecord;

/// Somebody at a provider, who may sign in to an account. (issuer, subject) is who it is; the e-mail address
/// is for people only.
struct IdentityRecord {
  std::string id;
  std::string account;
  std::string issuer;
  std::string subject;
  std::string email;
  std::int64_t linked = 0;
};

struct AccountReset;

class IdentityStore {
 public:
  virtual ~IdentityStore() = default;
  /// already_exists when this identity is linked (to whichever account); not_found: no such account.
  virtual Result<void> insert(const IdentityRecord& identity) = 0;
  /// Account and identity, or neither: already_exists when the identity is linked, conflict when the
  /// account's e-mail address is taken, limit_exceeded as AccountStore::insert.
  virtual Result<void> insert_account(const AccountRecord& account, const IdentityRecord& identity,
                                      std::int64_t maximum) = 0;
  virtual Result<IdentityRecord> find(const std::string& issuer,
                                      const std::string& subject) = 0;                  // not_found
  virtual Result<std::vector<IdentityRecord>> list_of(const std::string& account) = 0;  // oldest first
  virtual Result<void> update_email(const std::string& id, const std::string& email) = 0;
  /// not_found when it is not this account's; conflict when the account has no password and no other one.
  virtual Result<void> remove(const std::string& account, const std::string& id) = 0;
  /// The account's e-mail address is its own, if it still is this one, or is this one from now on, if it
  /// waited for that; else not_found. already_exists when another account has it by now.
  virtual Result<void> verify_email(const std::string& account, const std::string& email) = 0;
  /// In one transaction; not_found when this is not the account's address any more: the password is set,
  /// every sign-in (also those by which it acts as others), token and ticket ended (and announced), an
  /// address that waits dropped. With `proves_email` somebody has read a mail to the address, which is
  /// verified now; was it not before, then whoever had the account until now may never have owned it: its
  /// identities and its second factor go, too. The ids of its tokens.
  virtual Result<std::vector<std::string>> reset_password(const std::string& account,
                                                          const std::string& email,
                                                          const std::string& password_hash,
                                                          bool proves_email) = 0;
  /// In one transaction, by an administrator: as reset_password(), but there is no password any more, and one
  /// link by which the person sets one. The ids of its tokens.
  virtual Result<std::vector<std::string>> reset_account(const AccountReset& reset) = 0;
};

/// Something that is good once: a link in a mail, a code. The store knows its hash only.
struct TicketRecord {
  std::string id;       // hash of the secret
  std::string kind;     // what it is good for
  std::string handle;   // hash of a second, public name; "" for none
  std::string account;  // where it is nobody's yet, whatever such ones are counted by
  std::string data;     // JSON, or sealed
  std::int64_t created = 0;
  std::int64_t expires = 0;
};

// Kinds that the store itself knows; others are their makers'.
inline constexpr const char* verification_ticket = "verify_email";
inline constexpr const char* reset_ticket = "reset_password";

struct AccountReset {
  std::string account;
  TicketRecord link;
  bool remove_second_factor = false;
  bool remove_identities = true;
};

/// When there are as many tickets of a kind and account as may be.
enum class FullTickets { refuse, forget_oldest };

class TicketStore {
 public:
  virtual ~TicketStore() = default;
  /// Replaces nothing. When there are `maximum` of this kind and account already (0: no limit):
  /// limit_exceeded, or the oldest go. Forgets those that have expired by `created`.
  virtual Result<void> insert(const TicketRecord& ticket, std::int64_t maximum,
                              FullTickets full = FullTickets::refuse) = 0;
  virtual Result<TicketRecord> find(const std::string& kind, const std::string& id,
                                    std::int64_t now) = 0;  // not_found
  virtual Result<TicketRecord> find_handle(const std::string& kind, const std::string& handle,
                                           std::int64_t now) = 0;  // not_found
  /// Gives it to the first who asks and to nobody after that: not_found.
  virtual Result<TicketRecord> take(const std::string& kind, const std::string& id, std::int64_t now) = 0;
  /// Its account and data, if it still has the data `before`; false otherwise.
  virtual Result<bool> change(const TicketRecord& ticket, const std::string& before) = 0;
  virtual Result<void> remove_all(const std::string& account, const std::string& kind) = 0;
};

/// A mail until it is delivered.
struct OutboxRecord {
  std::string id;
  std::string sealed;  // recipient, subject and text: they hold secrets
  std::int64_t created = 0;
  std::int64_t expires = 0;   // not worth sending afterwards
  std::int64_t next = 0;      // not to be tried before
  std::int64_t attempts = 0;  // begun
};

class OutboxStore {
 public:
  virtual ~OutboxStore() = default;
  virtual Result<void> insert(const OutboxRecord& mail, std::int64_t maximum) = 0;  // limit_exceeded
  /// The oldest that are due, for this caller alone until `until`; each counts as an attempt.
  virtual Result<std::vector<OutboxRecord>> claim(std::int64_t now, std::int64_t until, int limit) = 0;
  virtual Result<void> postpone(const std::string& id, std::int64_t next) = 0;
  virtual Result<void> remove(const std::string& id) = 0;  // unknown: success
  /// Removes those that have expired; how many.
  virtual Result<std::int64_t> remove_expired(std::int64_t now) = 0;
};

}  // namespace berth::server
