// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL side of sharing_store.hpp.
#pragma once

#include "server/sharing_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

class SqlMembers final : public MemberStore {
 public:
  explicit SqlMembers(SqlDatabase& database) : database_(database) {}
  Result<std::optional<protocol::Role>> role_of(const std::string& workspace,
                                                const std::string& account) override;
  Result<std::vector<MemberRecord>> list(const std::string& workspace) override;
  Result<std::vector<SharedWorkspace>> describe(const std::vector<std::string>& workspaces,
                                                const std::string& account, std::int64_t now) override;
  Result<void> add(const std::string& workspace, const std::string& account, protocol::Role role,
                   std::int64_t now, std::size_t maximum) override;
  Result<bool> change(const std::string& workspace, const std::string& account, protocol::Role role,
                      const std::string& reason) override;
  Result<void> remove(const std::string& workspace, const std::string& account,
                      const std::string& reason) override;
  Result<void> transfer(const Handover& handover, std::int64_t now, std::int64_t maximum,
                        const std::string& reason) override;

 private:
  SqlDatabase& database_;
};

class SqlInvitations final : public InvitationStore {
 public:
  explicit SqlInvitations(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const InvitationRecord& invitation, std::size_t maximum) override;
  Result<InvitationRecord> find(const std::string& id) override;
  Result<std::vector<InvitationRecord>> list(const std::string& workspace, std::int64_t now) override;
  Result<void> remove(const std::string& workspace, const std::string& id) override;
  Result<bool> accept(const std::string& id, const std::string& secret, const std::string& account,
                      std::int64_t now, std::size_t maximum, const std::string& reason) override;
  Result<std::vector<std::string>> accept_all(const std::string& email, const std::string& account,
                                              std::int64_t now, std::size_t maximum,
                                              const std::string& reason) override;

 private:
  SqlDatabase& database_;
};

class SqlOpenings final : public OpeningStore {
 public:
  explicit SqlOpenings(SqlDatabase& database) : database_(database) {}
  Result<PublicLinkRecord> open(const PublicLinkRecord& link) override;
  Result<void> close(const std::string& workspace) override;
  Result<PublicLinkRecord> find(const std::string& id) override;
  Result<PortRecord> port(const std::string& workspace, std::uint16_t port) override;
  Result<std::map<std::uint16_t, PortRecord>> ports(const std::string& workspace) override;
  Result<std::vector<std::uint16_t>> set_ports(const std::string& workspace,
                                               const std::map<std::uint16_t, PortVisibility>& ports,
                                               std::size_t maximum, const std::string& reason) override;
  Result<std::int64_t> link_generation(const std::string& workspace, std::uint16_t port) override;

 private:
  SqlDatabase& database_;
};

}  // namespace berth::server
