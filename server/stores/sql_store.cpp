// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/sql_store.hpp"

#include "server/stores/sql_access.hpp"
#include "server/stores/sql_administration.hpp"
#include "server/stores/sql_idempotency.hpp"
#include "server/stores/sql_identities.hpp"
#include "server/stores/sql_migrations.hpp"
#include "server/stores/sql_preferences.hpp"
#include "server/stores/sql_providers.hpp"
#include "server/stores/sql_sharing.hpp"
#include "server/stores/sql_tables.hpp"
#include "server/stores/sql_teams.hpp"

namespace berth::server {
namespace {

class SqlStore final : public MetadataStore {
 public:
  explicit SqlStore(std::unique_ptr<SqlDatabase> database) : database_(std::move(database)) {}
  AccountStore& accounts() override { return accounts_; }
  SignInStore& sign_ins() override { return sign_ins_; }
  TokenStore& tokens() override { return tokens_; }
  SecondFactorStore& second_factors() override { return second_factors_; }
  WorkspaceStore& workspaces() override { return workspaces_; }
  SettingStore& settings() override { return settings_; }
  PreferenceStore& preferences() override { return preferences_; }
  IdempotencyStore& named_requests() override { return named_requests_; }
  IdentityStore& identities() override { return identities_; }
  TicketStore& tickets() override { return tickets_; }
  OutboxStore& outbox() override { return outbox_; }
  MemberStore& members() override { return members_; }
  InvitationStore& invitations() override { return invitations_; }
  OpeningStore& openings() override { return openings_; }
  TeamStore& teams() override { return teams_; }
  TeamMemberStore& team_members() override { return team_members_; }
  TeamInvitationStore& team_invitations() override { return team_invitations_; }
  TeamTemplateStore& team_templates() override { return team_templates_; }
  VersionStore& versions() override { return versions_; }
  ObjectIndex& objects() override { return objects_; }
  PackLedger& packs() override { return packs_; }
  BlobLedger& blobs() override { return blobs_; }
  ReplicaStore& replicas() override { return replicas_; }
  LeaseStore& leases() override { return leases_; }
  SharedCounts& counts() override { return counts_; }
  Announcements& announcements() override { return announcements_; }
  AdministrationStore& administration() override { return administration_; }
  AuditStore& audit() override { return audit_; }
  LoadStore& loads() override { return loads_; }
  ProviderStore& providers() override { return providers_; }
  void write_as(const std::string& replica) override { database_->write_as(replica); }
  Result<void> check() override {
    return database_->read<void>([](SqlSession& sql) -> Result<void> {
      schema_of(sql);
      return {};
    });
  }

 private:
  std::unique_ptr<SqlDatabase> database_;
  SqlAccounts accounts_{*database_};
  SqlSignIns sign_ins_{*database_};
  SqlTokens tokens_{*database_};
  SqlSecondFactors second_factors_{*database_};
  SqlWorkspaces workspaces_{*database_};
  SqlSettings settings_{*database_};
  SqlPreferences preferences_{*database_};
  SqlIdempotency named_requests_{*database_};
  SqlIdentities identities_{*database_};
  SqlTickets tickets_{*database_};
  SqlOutbox outbox_{*database_};
  SqlMembers members_{*database_};
  SqlInvitations invitations_{*database_};
  SqlOpenings openings_{*database_};
  SqlTeams teams_{*database_};
  SqlTeamMembers team_members_{*database_};
  SqlTeamInvitations team_invitations_{*database_};
  SqlTeamTemplates team_templates_{*database_};
  SqlVersions versions_{*database_};
  SqlObjects objects_{*database_};
  SqlPacks packs_{*database_};
  SqlBlobs blobs_{*database_};
  SqlReplicas replicas_{*database_};
  SqlLeases leases_{*database_};
  SqlCounts counts_{*database_};
  SqlAnnouncements announcements_{*database_};
  SqlAdministration administration_{*database_};
  SqlAudit audit_{*database_};
  SqlLoads loads_{*database_};
  SqlProviders providers_{*database_};
};

}  // namespace

std::unique_ptr<MetadataStore> make_sql_store(std::unique_ptr<SqlDatabase> database) {
  return std::make_unique<SqlStore>(std::move(database));
}

}  // namespace berth::server
