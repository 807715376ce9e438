// SPDX-License-Identifier: GPL-3.0-or-later
// Teams as the store remembers them. A team is an account of another kind: it has workspaces, versions, a
// quota, and can be disabled; nobody signs in as it, and it has no e-mail address. Same rules as
// metadata_store.hpp. What a member is in the team it is in each of the team's workspaces
// (sharing_store.hpp), so whatever changes that announces member_ended for each of them in its transaction;
// who calls tells this server's own connections, by the workspaces that it gets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/metadata_store.hpp"
#include "server/sharing_store.hpp"

namespace berth::server {

inline constexpr std::size_t most_team_members = 500;      // of one team
inline constexpr std::size_t most_team_invitations = 100;  // that are open
inline constexpr std::size_t most_team_templates = 100;

/// A team, as one of its members sees it.
struct TeamRecord {
  std::string id;
  std::string name;
  std::int64_t created = 0;
  bool disabled = false;
  AccountQuota quota = {};
  protocol::Role role = protocol::Role::viewer;
  std::int64_t members = 0;
};

struct TeamFigures {
  std::int64_t workspaces = 0;
  std::int64_t running = 0;  // starting and stopping ones too
  std::int64_t stored_bytes = 0;
};

class TeamStore {
 public:
  virtual ~TeamStore() = default;
  /// With its first owner, a person. limit_exceeded when that one is owner of `maximum` teams already;
  /// not_found without such a person.
  virtual Result<void> create(const std::string& id, const std::string& name, const std::string& owner,
                              std::int64_t now, std::int64_t maximum) = 0;
  virtual Result<void> rename(const std::string& team, const std::string& name) = 0;  // not_found
  /// conflict while it has workspaces; not_found.
  virtual Result<void> remove(const std::string& team) = 0;
  /// not_found: there is none, or the account is not in it.
  virtual Result<TeamRecord> find(const std::string& team, const std::string& account) = 0;
  virtual Result<std::vector<TeamRecord>> list_of(const std::string& account) = 0;  // by name
  virtual Result<TeamFigures> figures(const std::string& team) = 0;                 // zero without one
};

/// Where a member's role changed: the team's workspaces.
using TeamWorkspaces = std::vector<std::string>;

class TeamMemberStore {
 public:
  virtual ~TeamMemberStore() = default;
  /// nullopt: none, or there is no such team.
  virtual Result<std::optional<protocol::Role>> role_of(const std::string& team,
                                                        const std::string& account) = 0;
  /// Owners first, then by when they came. Empty: there is no such team.
  virtual Result<std::vector<MemberRecord>> list(const std::string& team) = 0;
  /// already_exists for who is in; not_found without such a team or person; limit_exceeded when there are
  /// `maximum`.
  virtual Result<void> add(const std::string& team, const std::string& account, protocol::Role role,
                           std::int64_t now, std::size_t maximum) = 0;
  /// Nothing changed: an empty list. conflict when no owner would be left who is not disabled; not_found for
  /// who is no member.
  virtual Result<TeamWorkspaces> change(const std::string& team, const std::string& account,
                                        protocol::Role role, const std::string& reason) = 0;
  /// Announced and refused as change().
  virtual Result<TeamWorkspaces> remove(const std::string& team, const std::string& account,
                                        const std::string& reason) = 0;
};

struct TeamInvitationRecord {
  std::string id;
  std::string team;
  std::string email;  // normalised
  protocol::Role role = protocol::Role::viewer;
  std::string secret;      // hash
  std::string invited_by;  // account
  std::int64_t created = 0;
  std::int64_t expires = 0;
};

/// Good once, for who has the letter or the address.
class TeamInvitationStore {
 public:
  virtual ~TeamInvitationStore() = default;
  /// Replaces the invitation of the same address; expired ones go. limit_exceeded when the team has `maximum`
  /// others; not_found without such a team.
  virtual Result<void> insert(const TeamInvitationRecord& invitation, std::size_t maximum) = 0;
  virtual Result<TeamInvitationRecord> find(const std::string& id) = 0;  // not_found
  /// Those that have not expired, oldest first.
  virtual Result<std::vector<TeamInvitationRecord>> list(const std::string& team, std::int64_t now) = 0;
  /// not_found, and nothing goes, when it is not this team's.
  virtual Result<void> remove(const std::string& team, const std::string& id) = 0;
  /// The account becomes a member, or a higher one; never a lower one. not_found when it has gone, has
  /// expired, or `secret` is not its; limit_exceeded when the team has `maximum` members. Where a role rose:
  /// announced, and the team's workspaces.
  virtual Result<TeamWorkspaces> accept(const std::string& id, const std::string& secret,
                                        const std::string& account, std::int64_t now, std::size_t maximum,
                                        const std::string& reason) = 0;
  /// As accept() for every good invitation of this address, which the account has proven to have; those that
  /// can't be accepted stay. Opens no writing transaction where there is none.
  virtual Result<TeamWorkspaces> accept_all(const std::string& email, const std::string& account,
                                            std::int64_t now, std::size_t maximum,
                                            const std::string& reason) = 0;
};

/// A workspace of a team that others begin as. It ends with the workspace, and when that leaves the team.
struct TeamTemplateRecord {
  std::string workspace;
  std::string team;
  std::string name;
  std::string description;
  std::string template_id;  // the workspace's; not looked at by put()
  std::optional<std::string> version;
  std::int64_t changed = 0;
};

class TeamTemplateStore {
 public:
  virtual ~TeamTemplateStore() = default;
  /// not_found when the workspace is not the team's; invalid_argument when the version is not one of it with
  /// a name; limit_exceeded when the team has `maximum` others.
  virtual Result<TeamTemplateRecord> put(const TeamTemplateRecord& record, std::size_t maximum) = 0;
  virtual Result<std::vector<TeamTemplateRecord>> list(const std::string& team) = 0;  // by name
  /// nullopt for a workspace that is none.
  virtual Result<std::optional<TeamTemplateRecord>> find(const std::string& workspace) = 0;
  /// not_found when it is not this team's.
  virtual Result<void> remove(const std::string& team, const std::string& workspace) = 0;
};

}  // namespace berth::server
