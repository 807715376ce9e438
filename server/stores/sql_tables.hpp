// SPDX-License-Identifier: GPL-3.0-or-later
// The SQL side of each store interface; sql_store puts them together, either database runs them.
#pragma once

#include "server/metadata_store.hpp"
#include "server/stores/sql_database.hpp"

namespace berth::server {

/// Every sign-in of the account but `except` ("": none), and those by which it acts as others; announced.
void end_sign_ins(SqlDatabase& database, SqlSession& sql, const std::string& account,
                  const std::string& except);

class SqlAccounts final : public AccountStore {
 public:
  explicit SqlAccounts(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const AccountRecord& account, std::int64_t maximum) override;
  Result<void> insert_first_administrator(const AccountRecord& account) override;
  Result<AccountRecord> by_id(const std::string& id) override;
  Result<AccountRecord> by_email(const std::string& email) override;
  Result<void> update_profile(const std::string& id, const ProfileChange& change) override;
  Result<void> change_password(const std::string& id, const PasswordChange& change) override;
  Result<bool> has_administrator() override;

 private:
  SqlDatabase& database_;
};

class SqlSignIns final : public SignInStore {
 public:
  explicit SqlSignIns(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const SignInRecord& sign_in) override;
  Result<SignInRecord> find(const std::string& id) override;
  Result<std::vector<SignInRecord>> list_of(const std::string& account, std::int64_t now) override;
  Result<bool> advance(const std::string& id, std::int64_t generation, std::int64_t now,
                       const std::string& address) override;
  Result<void> end(const std::string& id) override;
  Result<void> end_of(const std::string& account, const std::string& id) override;
  Result<void> end_all(const std::string& account, const std::string& except) override;
  Result<void> remove_expired(std::int64_t now) override;

 private:
  SqlDatabase& database_;
};

class SqlWorkspaces final : public WorkspaceStore {
 public:
  explicit SqlWorkspaces(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const WorkspaceRecord& workspace, std::int64_t maximum) override;
  Result<void> rename(const std::string& id, const std::string& name) override;
  Result<void> update_state(const WorkspaceRecord& workspace) override;
  Result<void> touch(const std::string& id, std::int64_t last_used) override;
  Result<void> remove(const std::string& id) override;
  Result<std::vector<WorkspaceRecord>> list() override;
  Result<std::vector<WorkspaceRecord>> list_of(const std::string& account) override;
  Result<std::vector<WorkspaceRecord>> visible(const WorkspaceListing& listing, std::size_t limit) override;
  Result<WorkspaceRecord> find(const std::string& id) override;
  Result<std::vector<WorkspaceRecord>> find_some(const std::vector<std::string>& ids) override;
  Result<void> begin_start(const WorkspaceRecord& workspace, std::int64_t maximum) override;

 private:
  SqlDatabase& database_;
};

class SqlSettings final : public SettingStore {
 public:
  explicit SqlSettings(SqlDatabase& database) : database_(database) {}
  Result<std::map<std::string, std::string>> all() override;
  Result<void> put(const std::map<std::string, std::string>& settings) override;
  Result<std::string> put_once(const std::string& name, const std::string& value) override;

 private:
  SqlDatabase& database_;
};

class SqlVersions final : public VersionStore {
 public:
  explicit SqlVersions(SqlDatabase& database) : database_(database) {}
  Result<void> insert(const VersionRecord& version) override;
  Result<VersionRecord> find(const std::string& workspace, const std::string& id) override;
  Result<std::optional<VersionRecord>> latest(const std::string& workspace) override;
  Result<std::vector<VersionRecord>> list(const std::string& workspace, std::int64_t before,
                                          std::size_t limit) override;
  Result<void> rename(const std::string& workspace, const std::string& id, const std::string& name) override;
  Result<void> remove(const std::string& workspace, const std::vector<std::string>& ids) override;
  Result<void> remove_all(const std::string& workspace) override;
  Result<std::vector<std::string>> workspaces(const std::string& owner) override;

 private:
  SqlDatabase& database_;
};

class SqlObjects final : public ObjectIndex {
 public:
  explicit SqlObjects(SqlDatabase& database) : database_(database) {}
  Result<std::vector<ObjectPlace>> find(const std::string& owner,
                                        const std::vector<protocol::ObjectId>& ids) override;
  Result<std::vector<protocol::ObjectId>> touch(const std::string& owner,
                                                const std::vector<protocol::ObjectId>& ids,
                                                std::int64_t now) override;
  Result<std::vector<std::string>> insert(const std::string& owner, const std::vector<NewPack>& packs,
                                          std::int64_t now, std::uint64_t limit) override;
  Result<void> lose(const std::string& owner, const std::vector<protocol::ObjectId>& ids) override;
  Result<std::size_t> doubt(const std::string& owner, const std::vector<protocol::ObjectId>& ids) override;
  Result<std::size_t> trust(const std::string& owner, const std::vector<ReadObject>& objects) override;
  Result<std::uint64_t> used(const std::string& owner) override;

 private:
  SqlDatabase& database_;
};

class SqlPacks final : public PackLedger {
 public:
  explicit SqlPacks(SqlDatabase& database) : database_(database) {}
  Result<std::vector<std::string>> owners() override;
  Result<std::vector<ObjectPlace>> scan(const std::string& owner, const std::string& after_hex,
                                        std::size_t limit) override;
  Result<std::size_t> remove(const std::string& owner, const std::vector<protocol::ObjectId>& ids,
                             std::int64_t cutoff, bool all_or_none) override;
  Result<bool> move(const std::string& owner, const std::vector<std::string>& from, const NewPack& to,
                    std::int64_t now) override;
  Result<std::vector<PackRecord>> settle(const std::string& owner, std::int64_t now) override;
  Result<std::vector<PackRecord>> doomed(std::int64_t cutoff) override;
  Result<void> forget(const std::string& owner, const std::string& pack) override;

 private:
  SqlDatabase& database_;
};

class SqlBlobs final : public BlobLedger {
 public:
  explicit SqlBlobs(SqlDatabase& database) : database_(database) {}
  Result<std::vector<std::string>> stray(const std::vector<std::string>& keys, std::int64_t now,
                                         std::int64_t cutoff) override;
  Result<void> hold(const std::string& id, std::int64_t until) override;
  Result<bool> held(std::int64_t now) override;
  Result<void> forget_all() override;

 private:
  SqlDatabase& database_;
};

class SqlReplicas final : public ReplicaStore {
 public:
  explicit SqlReplicas(SqlDatabase& database) : database_(database) {}
  Result<void> join(const ReplicaRecord& replica, std::int64_t life, bool alone) override;
  Result<bool> renew(const std::string& id, std::int64_t life) override;
  Result<void> leave(const std::string& id) override;
  Result<std::vector<ReplicaRecord>> living() override;

 private:
  SqlDatabase& database_;
};

class SqlLeases final : public LeaseStore {
 public:
  explicit SqlLeases(SqlDatabase& database) : database_(database) {}
  Result<LeaseRecord> take(const std::string& name, const std::string& replica) override;
  Result<std::vector<LeaseRecord>> take_workspaces(const std::vector<std::string>& workspaces,
                                                   const std::string& replica) override;
  Result<void> give_back(const std::vector<std::string>& names, const std::string& replica) override;
  Result<void> put_data(const std::string& name, const std::string& replica,
                        const std::string& data) override;
  Result<std::optional<LeaseRecord>> find(const std::string& name) override;
  Result<std::vector<std::string>> held_by(const std::string& replica) override;
  Result<std::vector<std::string>> untended_workspaces(std::size_t limit) override;
  Result<std::map<std::string, bool>> tended(const std::vector<std::string>& workspaces) override;

 private:
  SqlDatabase& database_;
};

class SqlCounts final : public SharedCounts {
 public:
  explicit SqlCounts(SqlDatabase& database) : database_(database) {}
  Result<void> change(const std::vector<std::string>& names,
                      const std::function<void(Counts&)>& change) override;
  Result<void> forget(std::int64_t cutoff, const std::string& but) override;
  Result<bool> first_use(const std::string& name, std::int64_t until, std::int64_t now) override;

 private:
  SqlDatabase& database_;
};

class SqlAnnouncements final : public Announcements {
 public:
  explicit SqlAnnouncements(SqlDatabase& database) : database_(database) {}
  Result<void> announce(const Announcement& announcement) override;
  std::unique_ptr<AnnouncementListener> listen(AnnouncementCallbacks callbacks) override {
    return database_.listen(std::move(callbacks));
  }

 private:
  SqlDatabase& database_;
};

/// conflict unless the store's writer (SqlDatabase::writer) holds the lease of this workspace, or there is no
/// such writer. In the transaction that writes.
Result<void> expect_lease(SqlDatabase& database, SqlSession& sql, const std::string& workspace);

}  // namespace berth::server
