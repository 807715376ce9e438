// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API of people in a workspace: members, invitations, links to join, handing over, the public
// read-only link, who sees which port.
#pragma once

#include "protocol/rest.hpp"

namespace berth::protocol::rest {

struct Member {
  std::string account;  // id
  std::string name;
  std::string email;
  Role role;  // exactly one is the owner
  std::int64_t since;
};
BOOST_DESCRIBE_STRUCT(Member, (), (account, name, email, role, since))

/// For an address that is no member's yet.
struct Invitation {
  std::string id;
  std::string email;
  Role role;
  std::int64_t created;
  std::int64_t expires;
};
BOOST_DESCRIBE_STRUCT(Invitation, (), (id, email, role, created, expires))

/// Who opens it while signed in becomes a member.
struct ShareLink {
  std::string id;
  Role role;
  std::int64_t created;
  std::optional<std::int64_t> expires;
  std::int64_t uses;  // members that came by it
};
BOOST_DESCRIBE_STRUCT(ShareLink, (), (id, role, created, expires, uses))

struct ListMembers {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/workspaces/{id}/members",
      summary = "Who is in the workspace; to its owner also its invitations and links.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::vector<Member> members;          // the owner first
    std::vector<Invitation> invitations;  // empty to all but the owner, as links
    std::vector<ShareLink> links;
  };
};
BOOST_DESCRIBE_STRUCT(ListMembers::Result, (), (members, invitations, links))

struct AddMember {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces/{id}/members",
      summary =
          "Shares with the account of this e-mail address, or invites whoever proves to have the address; an "
          "invitation is good for 14 days and once.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::string email;
    Role role;  // viewer or editor
  };
  struct Result {
    std::optional<Member> member;  // one of the two
    std::optional<Invitation> invitation;
  };
};
BOOST_DESCRIBE_STRUCT(AddMember::Body, (), (email, role))
BOOST_DESCRIBE_STRUCT(AddMember::Result, (), (member, invitation))

struct UpdateMember {
  static constexpr std::string_view
      method = "PATCH",
      path = "/api/v1/workspaces/{id}/members/{account}",
      summary = "Changes a member's role; open windows come back with the new one within a second.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    Role role;  // viewer or editor
  };
  using Result = Member;
};
BOOST_DESCRIBE_STRUCT(UpdateMember::Body, (), (role))

struct RemoveMember {
  static constexpr std::string_view
      method = "DELETE",
      path = "/api/v1/workspaces/{id}/members/{account}",
      summary = "The owner takes somebody out, or a member leaves; open windows end within a second.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = NoBody;
};

struct DeleteInvitation {
  static constexpr std::string_view method = "DELETE",
                                    path = "/api/v1/workspaces/{id}/invitations/{invitation}",
                                    summary = "Takes an invitation back.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = NoBody;
};

struct CreateLink {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces/{id}/links",
      summary = "Makes a link by which anybody with an account joins; its URL is shown this once.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    Role role;                            // viewer or editor
    std::optional<std::int64_t> expires;  // never, when absent
  };
  struct Result {
    ShareLink link;
    std::string url;
  };
};
BOOST_DESCRIBE_STRUCT(CreateLink::Body, (), (role, expires))
BOOST_DESCRIBE_STRUCT(CreateLink::Result, (), (link, url))

struct DeleteLink {
  static constexpr std::string_view method = "DELETE", path = "/api/v1/workspaces/{id}/links/{link}",
                                    summary = "Ends a link; who joined by it stays a member.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  using Body = NoBody;
  using Result = NoBody;
};

struct Join {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/join",
      summary = "Becomes a member by the token of a link or an invitation; a role one has is never lowered.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::string token;
  };
  using Result = Workspace;
};
BOOST_DESCRIBE_STRUCT(Join::Body, (), (token))

struct TransferWorkspace {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces/{id}/transfer",
      summary =
          "Makes a member, or a team of the owner, its owner; who was it becomes an editor. Only while it is "
          "stopped: its stored "
          "versions move to the new owner's storage. The new owner's limits hold.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::string account;  // id, or a team's
  };
  using Result = Workspace;
};
BOOST_DESCRIBE_STRUCT(TransferWorkspace::Body, (), (account))

// ---- the public, read-only link

struct SetPublic {
  static constexpr std::string_view
      method = "PUT",
      path = "/api/v1/workspaces/{id}/public",
      summary =
          "Whether anybody with a link sees the project's code as it was stored last. Disabling ends the "
          "link; enabling again makes another one.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    bool enabled;
  };
  struct Result {
    std::optional<std::string> url;
  };
};
BOOST_DESCRIBE_STRUCT(SetPublic::Body, (), (enabled))
BOOST_DESCRIBE_STRUCT(SetPublic::Result, (), (url))

struct PublicPort {
  std::uint16_t port;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(PublicPort, (), (port, url))

struct PublicWorkspace {
  std::string name;
  std::string template_id;
  std::string owner_name;
  std::string run_command;
  std::optional<std::uint16_t> port;
  std::string open_file;          // as `path` of its files is
  std::string version;            // id
  std::int64_t stored;            // when
  std::vector<FileEntry> files;   // of the project's top folder, the first page
  std::vector<PublicPort> ports;  // that anybody may open while it runs
};
BOOST_DESCRIBE_STRUCT(PublicWorkspace, (),
                      (name, template_id, owner_name, run_command, port, open_file, version, stored, files,
                       ports))

struct GetPublic {
  static constexpr std::string_view method = "GET", path = "/api/v1/public/{token}",
                                    summary = "A project that was made public, as it was stored last.";
  static constexpr Access access = Access::anyone;
  using Body = NoBody;
  using Result = PublicWorkspace;
};

struct ListPublicFiles {
  static constexpr std::string_view method = "GET", path = "/api/v1/public/{token}/files",
                                    summary =
                                        "A page of one of its folders. Query: path (project or below; "
                                        "project when absent), cursor, limit.";
  static constexpr std::string_view query = "path? cursor? limit?";
  static constexpr Access access = Access::anyone;
  using Body = NoBody;
  using Result = FileList::Result;
};

struct GetPublicFile {
  static constexpr std::string_view
      method = "GET",
      path = "/api/v1/public/{token}/file",
      summary =
          "One of its files' bytes, with ETag; Range and If-None-Match are honoured. Query: path (below "
          "project).";
  static constexpr std::string_view query = "path";
  static constexpr Access access = Access::anyone;
  static constexpr bool raw_result = true;
  using Body = NoBody;
  using Result = NoBody;
};

// ---- ports

struct GetPorts {
  static constexpr std::string_view method = "GET", path = "/api/v1/workspaces/{id}/ports",
                                    summary = "Who may see which port; ports that are not named are private.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_read;
  using Body = NoBody;
  struct Result {
    std::map<std::string, std::string> ports;  // number: private, people or public
  };
};
BOOST_DESCRIBE_STRUCT(GetPorts::Result, (), (ports))

struct UpdatePorts {
  static constexpr std::string_view
      method = "PATCH",
      path = "/api/v1/workspaces/{id}/ports",
      summary =
          "Says who may see these ports: private (owner and editors), people (all members) or public "
          "(anybody). Open previews and links that it excludes end within a second; private also ends the "
          "port's links.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::map<std::string, std::string> ports;
  };
  using Result = GetPorts::Result;
};
BOOST_DESCRIBE_STRUCT(UpdatePorts::Body, (), (ports))

struct CreatePortLink {
  static constexpr std::string_view
      method = "POST",
      path = "/api/v1/workspaces/{id}/ports/{port}/links",
      summary = "A URL that shows this port to anybody until it expires, at most 24 h from now.";
  static constexpr Access access = Access::account;
  static constexpr NeededScope scope = Scope::workspaces_write;
  struct Body {
    std::optional<std::int64_t> expires;  // 24 h from now when absent
  };
  struct Result {
    std::string url;
  };
};
BOOST_DESCRIBE_STRUCT(CreatePortLink::Body, (), (expires))
BOOST_DESCRIBE_STRUCT(CreatePortLink::Result, (), (url))

using SharingRoutes =
    boost::mp11::mp_list<ListMembers, AddMember, UpdateMember, RemoveMember, DeleteInvitation, CreateLink,
                         DeleteLink, Join, TransferWorkspace, SetPublic, GetPublic, ListPublicFiles,
                         GetPublicFile, GetPorts, UpdatePorts, CreatePortLink>;

}  // namespace berth::protocol::rest
