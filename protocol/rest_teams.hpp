// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API of teams: people who have workspaces, templates and a quota together. A team owns workspaces
// as a person does; what a member is in the team it is in each of them.
#pragma once

#include "protocol/rest.hpp"
#include "protocol/rest_admin.hpp"
#include "protocol/rest_sharing.hpp"

namespace berth::protocol::rest {

struct Team {
  std::string id;
  std::string name;
  Role role;  // of whoever asks
  std::int64_t created;
  std::int64_t members;
  bool disabled = false;  // by an administrator: nothing of it can be used
};
BOOST_DESCRIBE_STRUCT(Team, (), (id, name, role, created, members, disabled))

/// What a team has and may have.
struct TeamUse {
  std::int64_t workspaces;
  std::int64_t running;
  std::int64_t stored_bytes;
  std::int64_t most_workspaces;
  std::int64_t most_running;
  std::int64_t most_stored_bytes;  // 0: no limit
};
BOOST_DESCRIBE_STRUCT(TeamUse, (),
                      (workspaces, running, stored_bytes, most_workspaces, most_running, most_stored_bytes))

struct ListTeams {
  static constexpr std::string_view method = "GET", path = "/api/v1/teams",
                                    summary = "The teams of the account, by name.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::vector<Team> teams;
    std::int64_t may_make = 0;  // so many more
  };
};
BOOST_DESCRIBE_STRUCT(ListTeams::Result, (), (teams, may_make))

struct CreateTeam {
  static constexpr std::string_view method = "POST", path = "/api/v1/teams",
                                    summary = "Makes a team whose first owner is the account.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  struct Body {
    std::string name;  // 1..80 characters
  };
  using Result = Team;
};
BOOST_DESCRIBE_STRUCT(CreateTeam::Body, (), (name))

struct GetTeam {
  static constexpr std::string_view method = "GET", path = "/api/v1/teams/{id}",
                                    summary = "A team, with what it has and may have.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    Team team;
    TeamUse use;
  };
};
BOOST_DESCRIBE_STRUCT(GetTeam::Result, (), (team, use))

struct UpdateTeam {
  static constexpr std::string_view method = "PATCH", path = "/api/v1/teams/{id}",
                                    summary = "Renames a team.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  struct Body {
    std::string name;
  };
  using Result = Team;
};
BOOST_DESCRIBE_STRUCT(UpdateTeam::Body, (), (name))

struct DeleteTeam {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/teams/{id}",
                                    summary = "Ends a team; conflict while it has workspaces.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = no_token;
  using Body = NoBody;
  using Result = NoBody;
};

struct ListTeamMembers {
  static constexpr std::string_view method = "GET", path = "/api/v1/teams/{id}/members",
                                    summary = "Who is in the team; to its owners also its invitations.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::vector<Member> members;          // owners first
    std::vector<Invitation> invitations;  // empty to all but owners
  };
};
BOOST_DESCRIBE_STRUCT(ListTeamMembers::Result, (), (members, invitations))

struct AddTeamMember {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/teams/{id}/members",
      summary =
          "Adds the account of this e-mail address, or invites whoever proves to have the address; an "
          "invitation is good for 14 days and once.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  struct Body {
    std::string email;
    Role role;  // viewer, editor or owner
  };
  using Result = AddMember::Result;
};
BOOST_DESCRIBE_STRUCT(AddTeamMember::Body, (), (email, role))

struct UpdateTeamMember {
  static constexpr std::string_view
      method = "PATCH",
      path = "/api/v1/teams/{id}/members/{account}",
      summary =
          "Changes a member's role; open windows come back with the new one within a second. conflict for "
          "the last owner.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  struct Body {
    Role role;
  };
  using Result = Member;
};
BOOST_DESCRIBE_STRUCT(UpdateTeamMember::Body, (), (role))

struct RemoveTeamMember {
  static constexpr std::string_view
      method = "DELETE",
      path = "/api/v1/teams/{id}/members/{account}",
      summary =
          "An owner takes somebody out, or a member leaves; open windows end within a second. conflict for "
          "the last owner.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  using Body = NoBody;
  using Result = NoBody;
};

struct DeleteTeamInvitation {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/teams/{id}/invitations/{invitation}",
                                    summary = "Takes an invitation back.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  using Body = NoBody;
  using Result = NoBody;
};

struct JoinTeam {
  static constexpr std::string_view method = "POST", path = "/api/v1/teams/join",
                                    summary =
                                        "Becomes a member by the token of an invitation; a role one has is "
                                        "never lowered.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::account_write;
  struct Body {
    std::string token;
  };
  using Result = Team;
};
BOOST_DESCRIBE_STRUCT(JoinTeam::Body, (), (token))

// ---- templates of a team: workspaces of it that others begin as

struct TeamTemplate {
  std::string workspace;  // id; a new workspace begins from it (CreateWorkspace::Body::from_workspace)
  std::string name;
  std::string description;
  std::string template_id;             // what its workspace was made from
  std::optional<std::string> version;  // new ones begin as this; absent: as its newest
  std::int64_t changed;
};
BOOST_DESCRIBE_STRUCT(TeamTemplate, (), (workspace, name, description, template_id, version, changed))

struct ListTeamTemplates {
  static constexpr std::string_view method = "GET", path = "/api/v1/teams/{id}/templates",
                                    summary = "What workspaces of the team can begin as.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::vector<TeamTemplate> templates;  // by name
  };
};
BOOST_DESCRIBE_STRUCT(ListTeamTemplates::Result, (), (templates))

struct PutTeamTemplate {
  static constexpr std::string_view method = "PUT", path = "/api/v1/teams/{id}/templates/{workspace}",
                                    summary =
                                        "Offers a workspace of the team as a template, or changes how. A "
                                        "version it names must have a name, so that it is kept.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::string name;                         // 1..80 characters
    std::string description = {};             // up to 500 characters
    std::optional<std::string> version = {};  // id
  };
  using Result = TeamTemplate;
};
BOOST_DESCRIBE_STRUCT(PutTeamTemplate::Body, (), (name, description, version))

struct DeleteTeamTemplate {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/teams/{id}/templates/{workspace}",
                                    summary = "Offers it no longer; the workspace stays.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = NoBody;
};

using TeamRoutes =
    boost::mp11::mp_list<ListTeams, CreateTeam, GetTeam, UpdateTeam, DeleteTeam, ListTeamMembers,
                         AddTeamMember, UpdateTeamMember, RemoveTeamMember, DeleteTeamInvitation, JoinTeam,
                         ListTeamTemplates, PutTeamTemplate, DeleteTeamTemplate>;

}  // namespace berth::protocol::rest
