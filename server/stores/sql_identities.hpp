// SPDX-License-Identifier: GPL-3.0-or-later
// Identities, tickets and the outbox in SQL.
#pragma once

#include "server/identity_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

class SqlIdentities final : public IdentityStore {
 public:
  explicit SqlIdentities(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const IdentityRecord& identity) override;
  Result<void> insert_account(const AccountRecord& account, const IdentityRecord& identity,
                              std::int64_t maximum) override;
  Result<IdentityRecord> find(const std::string& issuer, const std::string& subject) override;
  Result<std::vector<IdentityRecord>> list_of(const std::string& account) override;
  Result<void> update_email(const std::string& id, const std::string& email) override;
  Result<void> remove(const std::string& account, const std::string& id) override;
  Result<void> verify_email(const std::string& account, const std::string& email) override;
  Result<std::vector<std::string>> reset_password(const std::string& account, const std::string& email,
                                                  const std::string& password_hash,
                                                  bool proves_email) override;
  Result<std::vector<std::string>> reset_account(const AccountReset& reset) override;

 private:
  SqlDatabase& database_;
};

class SqlTickets final : public TicketStore {
 public:
  explicit SqlTickets(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const TicketRecord& ticket, std::int64_t maximum, FullTickets full) override;
  Result<TicketRecord> find(const std::string& kind, const std::string& id, std::int64_t now) override;
  Result<TicketRecord> find_handle(const std::string& kind, const std::string& handle,
                                   std::int64_t now) override;
  Result<TicketRecord> take(const std::string& kind, const std::string& id, std::int64_t now) override;
  Result<bool> change(const TicketRecord& ticket, const std::string& before) override;
  Result<void> remove_all(const std::string& account, const std::string& kind) override;

 private:
  SqlDatabase& database_;
};

class SqlOutbox final : public OutboxStore {
 public:
  explicit SqlOutbox(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const OutboxRecord& mail, std::int64_t maximum) override;
  Result<std::vector<OutboxRecord>> claim(std::int64_t now, std::int64_t until, int limit) override;
  Result<void> postpone(const std::string& id, std::int64_t next) override;
  Result<void> remove(const std::string& id) override;
  Result<std::int64_t> remove_expired(std::int64_t now) override;

 private:
  SqlDatabase& database_;
};

}  // namespace berth::server
