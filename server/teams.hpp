// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of teams: who is what in which, inviting, joining, leaving, what their members' new workspaces
// can begin as. No HTTP, no SQL. As with Sharing, all it decides lives in the store, and whatever takes
// access away reaches open connections of all servers.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <optional>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest_teams.hpp"
#include "server/clock.hpp"
#include "server/metadata_store.hpp"
#include "server/principal.hpp"
#include "server/rate_limiter.hpp"
#include "server/session_events.hpp"
#include "server/settings.hpp"
#include "server/sharing.hpp"
#include "server/team_store.hpp"

namespace berth::server {

class Teams {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    SessionEvents& events;
    Settings& settings;
    boost::asio::thread_pool& pool;
    Clock clock;
    /// As Sharing's.
    std::function<void(const InvitationLetter&)> send = {};
    bool proven_addresses = false;
  };
  explicit Teams(Parts parts) : parts_(std::move(parts)) {}

  /// The principal with what it is in the team: not_found for strangers, permission_denied below `needed`,
  /// and for all that changes something while an administrator has disabled the team. Asked of the store each
  /// time.
  net::Task<Result<Principal>> admit(Principal principal, std::string team, protocol::Role needed);

  net::Task<Result<protocol::rest::ListTeams::Result>> list(Principal principal);
  net::Task<Result<protocol::rest::Team>> create(Principal principal, std::string name);

  // The following take an admitted principal (route_roles.hpp).
  net::Task<Result<protocol::rest::GetTeam::Result>> get(Principal principal, std::string team);
  net::Task<Result<protocol::rest::Team>> rename(Principal principal, std::string team, std::string name);
  net::Task<Result<void>> remove(std::string team);

  net::Task<Result<protocol::rest::ListTeamMembers::Result>> members(Principal principal, std::string team);
  /// `ide`: the IDE's origin, for links.
  net::Task<Result<protocol::rest::AddTeamMember::Result>> add(Principal principal, std::string team,
                                                               protocol::rest::AddTeamMember::Body body,
                                                               std::string ide);
  net::Task<Result<protocol::rest::Member>> change(std::string team, std::string account,
                                                   protocol::Role role);
  /// An owner takes anybody out, everybody himself.
  net::Task<Result<void>> remove_member(Principal principal, std::string team, std::string account);
  net::Task<Result<void>> remove_invitation(std::string team, std::string id);
  /// Which team it is in now.
  net::Task<Result<protocol::rest::Team>> join(Principal principal, std::string token);

  net::Task<Result<protocol::rest::ListTeamTemplates::Result>> templates(std::string team);
  net::Task<Result<protocol::rest::TeamTemplate>> put_template(std::string team, std::string workspace,
                                                               protocol::rest::PutTeamTemplate::Body body);
  net::Task<Result<void>> remove_template(std::string team, std::string workspace);
  /// What a workspace that is made from this one begins as, where nobody said: of a template of a team the
  /// version that it names, or while it does not run its newest. nullopt: as any other workspace.
  net::Task<Result<std::optional<std::string>>> template_version(std::string workspace);

 private:
  Result<protocol::rest::Team> team_of(const std::string& team, const std::string& account);
  std::int64_t most_teams(const Principal& principal) const;
  void end_connections(const TeamWorkspaces& workspaces, const std::string& account,
                       const std::string& reason);

  Parts parts_;
  RateLimiter invitations_{std::chrono::hours(24)};
};

}  // namespace berth::server
