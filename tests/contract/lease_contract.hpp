// SPDX-License-Identifier: GPL-3.0-or-later
// What the contracts of leases and of their division share: two stores on one database, as two servers have
// them, and a server whose line can be cut.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#include "server/replica.hpp"
#include "store_places.hpp"

namespace berth::server::testing {

inline constexpr std::int64_t long_life = 600'000;  // ms

using protocol::rest::WorkspaceState;

template <class Condition>
bool holds_eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

class LeaseContract : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    second_ = open();
    ASSERT_TRUE(store_->accounts().insert(
        {.id = "ann", .email = "ann@example.org", .name = "Ann", .password_hash = "h", .created = 5}, 0));
  }
  void TearDown() override {
    second_.reset();
    StoreContract::TearDown();
  }
  std::unique_ptr<MetadataStore> open() {
    auto opened = GetParam().open(folder_);
    EXPECT_TRUE(opened) << opened.error().message << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
  }
  static ReplicaRecord replica(const std::string& id, const std::string& place = {}) {
    return {.id = id, .address = id + ":7070", .place = place, .release = "1"};
  }
  void join(const std::string& id, std::int64_t life = long_life) {
    const auto joined = store_->replicas().join(replica(id), life, false);
    ASSERT_TRUE(joined) << joined.error().message << joined.error().detail;
  }
  /// Its life is over, and nobody has noticed yet.
  void die(const std::string& id) { ASSERT_TRUE(*store_->replicas().renew(id, 0)); }
  std::string taken_by(const std::string& name, const std::string& who) {
    const auto lease = second_->leases().take(name, who);
    return lease ? lease->holder : lease.error().message;
  }
  void add_workspace(const std::string& id, WorkspaceState state = WorkspaceState::stopped) {
    WorkspaceRecord one;
    one.id = id;
    one.account = "ann";
    one.state = state;
    ASSERT_TRUE(store_->workspaces().insert(one, 10'000));
  }
  WorkspaceRecord workspace(const std::string& id) { return *store_->workspaces().find(id); }

  std::unique_ptr<MetadataStore> second_;
};

class ReplicaContract : public LeaseContract {
 protected:
  using Options = Replica::Options;
  static Options paced(std::chrono::milliseconds life, std::chrono::milliseconds beat,
                       std::chrono::milliseconds margin) {
    Options options;
    options.life = life;
    options.beat = beat;
    options.margin = margin;
    return options;
  }
  static Options quick() {
    return paced(std::chrono::seconds(4), std::chrono::milliseconds(150), std::chrono::seconds(1));
  }
};

/// A store through which, when a test says so, no heartbeat gets any more: a server whose line is cut.
class SilencedStore final : public MetadataStore, private ReplicaStore {
 public:
  explicit SilencedStore(MetadataStore& inner) : inner_(inner) {}
  std::atomic<bool> silent = false;

  AccountStore& accounts() override { return inner_.accounts(); }
  SignInStore& sign_ins() override { return inner_.sign_ins(); }
  TokenStore& tokens() override { return inner_.tokens(); }
  SecondFactorStore& second_factors() override { return inner_.second_factors(); }
  WorkspaceStore& workspaces() override { return inner_.workspaces(); }
  SettingStore& settings() override { return inner_.settings(); }
  MemberStore& members() override { return inner_.members(); }
  InvitationStore& invitations() override { return inner_.invitations(); }
  OpeningStore& openings() override { return inner_.openings(); }
  TeamStore& teams() override { return inner_.teams(); }
  TeamMemberStore& team_members() override { return inner_.team_members(); }
  TeamInvitationStore& team_invitations() override { return inner_.team_invitations(); }
  TeamTemplateStore& team_templates() override { return inner_.team_templates(); }
  VersionStore& versions() override { return inner_.versions(); }
  ObjectIndex& objects() override { return inner_.objects(); }
  PackLedger& packs() override { return inner_.packs(); }
  BlobLedger& blobs() override { return inner_.blobs(); }
  ReplicaStore& replicas() override { return *this; }
  LeaseStore& leases() override { return inner_.leases(); }
  SharedCounts& counts() override { return inner_.counts(); }
  IdentityStore& identities() override { return inner_.identities(); }
  TicketStore& tickets() override { return inner_.tickets(); }
  OutboxStore& outbox() override { return inner_.outbox(); }
  Announcements& announcements() override { return inner_.announcements(); }
  PreferenceStore& preferences() override { return inner_.preferences(); }
  IdempotencyStore& named_requests() override { return inner_.named_requests(); }
  AdministrationStore& administration() override { return inner_.administration(); }
  AuditStore& audit() override { return inner_.audit(); }
  LoadStore& loads() override { return inner_.loads(); }
  ProviderStore& providers() override { return inner_.providers(); }
  void write_as(const std::string& replica) override { inner_.write_as(replica); }
  Result<void> check() override { return inner_.check(); }

 private:
  Result<void> join(const ReplicaRecord& replica, std::int64_t life, bool alone) override {
    if (silent) return failure(ErrorCode::unavailable, "The line is cut.");
    return inner_.replicas().join(replica, life, alone);
  }
  Result<bool> renew(const std::string& id, std::int64_t life) override {
    if (silent) return failure(ErrorCode::unavailable, "The line is cut.");
    return inner_.replicas().renew(id, life);
  }
  Result<void> leave(const std::string& id) override { return inner_.replicas().leave(id); }
  Result<std::vector<ReplicaRecord>> living() override {
    if (silent) return failure(ErrorCode::unavailable, "The line is cut.");
    return inner_.replicas().living();
  }

  MetadataStore& inner_;
};

}  // namespace berth::server::testing
