// SPDX-License-Identifier: GPL-3.0-or-later
// Who may do what in whose workspace, as the store remembers it: members, invitations and links to join, what
// of a workspace is open to others. Same rules as metadata_store.hpp: every call blocks, is one transaction,
// and is durable when it returns. Whatever takes access away announces that in its transaction
// (announcements.hpp); who calls tells this server's own connections. The owner is the workspace's row.
#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/message_parts.hpp"

namespace berth::server {

struct MemberRecord {
  std::string account;
  std::string name, email;  // of the account now
  protocol::Role role = protocol::Role::viewer;
  std::int64_t since = 0;
};

/// What a workspace is to one account, and what it shows of itself in a list.
struct SharedWorkspace {
  std::string workspace;
  protocol::Role role = protocol::Role::viewer;
  std::string owner, owner_name, owner_email;  // of a team no e-mail
  bool owner_is_team = false;
  bool team_template = false;
  bool shared = false;  // there are members, invitations or links that are good at `now`
  bool public_link = false;
};

/// Of a workspace to another owner: accounts of people or teams.
struct Handover {
  std::string workspace;
  std::string from;
  std::string to;
  std::string by;  // a person
};

class MemberStore {
 public:
  virtual ~MemberStore() = default;
  /// The highest of what the account is as its owner, its member, and in the team that owns it. nullopt:
  /// none, or there is no such workspace.
  virtual Result<std::optional<protocol::Role>> role_of(const std::string& workspace,
                                                        const std::string& account) = 0;
  /// The owner first, then by when they came. Empty: there is no such workspace.
  virtual Result<std::vector<MemberRecord>> list(const std::string& workspace) = 0;
  /// Of these those that the account may see.
  virtual Result<std::vector<SharedWorkspace>> describe(const std::vector<std::string>& workspaces,
                                                        const std::string& account, std::int64_t now) = 0;
  /// A new member. already_exists for one who is in (the owner too); not_found without such a workspace or
  /// account; limit_exceeded when there are `maximum` already.
  virtual Result<void> add(const std::string& workspace, const std::string& account, protocol::Role role,
                           std::int64_t now, std::size_t maximum) = 0;
  /// False when that was its role already; else announces `reason` for the account in this workspace.
  /// not_found for who is no member (the owner is none).
  virtual Result<bool> change(const std::string& workspace, const std::string& account, protocol::Role role,
                              const std::string& reason) = 0;
  /// Announced and refused as change().
  virtual Result<void> remove(const std::string& workspace, const std::string& account,
                              const std::string& reason) = 0;
  /// `to` becomes the owner: a member of the workspace or, where a team has it, of that team; or a team in
  /// which `by` is an editor or owner. Who was its owner (`by` of a team's) is an editor then, unless that is
  /// in the team it goes to. The versions' rows are `to`'s from then on; it is no template of a team any
  /// more. Announced for the people. conflict when `from` is not the owner any more, the writer has no lease
  /// (write_as), or a version's root is not among `to`'s objects; not_found when `to` may not have it;
  /// limit_exceeded when `to` has `maximum` workspaces.
  virtual Result<void> transfer(const Handover& handover, std::int64_t now, std::int64_t maximum,
                                const std::string& reason) = 0;
};

struct InvitationRecord {
  std::string id;
  std::string workspace;
  std::string email;  // normalised; "" for a link
  protocol::Role role = protocol::Role::viewer;
  std::string secret;      // hash
  std::string invited_by;  // account
  std::int64_t created = 0;
  std::optional<std::int64_t> expires;
  std::int64_t uses = 0;
};

/// Invitations (good once, for one address) and links (good for anybody): both are a role that waits.
class InvitationStore {
 public:
  virtual ~InvitationStore() = default;
  /// Replaces the invitation of the same address. limit_exceeded when the workspace has `maximum` others of
  /// its kind; expired ones go. not_found without such a workspace.
  virtual Result<void> insert(const InvitationRecord& invitation, std::size_t maximum) = 0;
  virtual Result<InvitationRecord> find(const std::string& id) = 0;  // not_found
  /// Those that have not expired, oldest first.
  virtual Result<std::vector<InvitationRecord>> list(const std::string& workspace, std::int64_t now) = 0;
  /// not_found, and nothing goes, when it is not this workspace's.
  virtual Result<void> remove(const std::string& workspace, const std::string& id) = 0;
  /// The account becomes a member, or a higher one; never a lower one. An invitation is gone then. not_found
  /// when it has gone, has expired, or `secret` is not its; limit_exceeded when the workspace has `maximum`
  /// members. Announces `reason` where a role changed. True when something changed.
  virtual Result<bool> accept(const std::string& id, const std::string& secret, const std::string& account,
                              std::int64_t now, std::size_t maximum, const std::string& reason) = 0;
  /// As accept() for every good invitation of this address, which the account has proven to have; those that
  /// can't be accepted stay. Workspaces in which something changed.
  virtual Result<std::vector<std::string>> accept_all(const std::string& email, const std::string& account,
                                                      std::int64_t now, std::size_t maximum,
                                                      const std::string& reason) = 0;
};

enum class PortVisibility { members_who_edit, people, everybody };
std::string to_text(PortVisibility visibility);  // "private", "people", "public"
std::optional<PortVisibility> port_visibility(const std::string& text);

struct PortRecord {
  PortVisibility visibility = PortVisibility::members_who_edit;
  std::int64_t generation = 0;  // of links: older ones are no good
};

struct PublicLinkRecord {
  std::string workspace;
  std::string id;
  std::int64_t created = 0;
};

/// What of a workspace strangers see: its stored project, its ports.
class OpeningStore {
 public:
  virtual ~OpeningStore() = default;
  /// Keeps the one that is there; gives what is there then. not_found without such a workspace.
  virtual Result<PublicLinkRecord> open(const PublicLinkRecord& link) = 0;
  virtual Result<void> close(const std::string& workspace) = 0;      // none: success
  virtual Result<PublicLinkRecord> find(const std::string& id) = 0;  // not_found

  /// Of a port that nobody spoke of: private, generation 0.
  virtual Result<PortRecord> port(const std::string& workspace, std::uint16_t port) = 0;
  /// Those that somebody spoke of.
  virtual Result<std::map<std::uint16_t, PortRecord>> ports(const std::string& workspace) = 0;
  /// Setting one private ends its links. Announces share_ended for each whose visibility shrinks or whose
  /// links end (those ports are the result). limit_exceeded when more than `maximum` ports would not be
  /// private; not_found without such a workspace.
  virtual Result<std::vector<std::uint16_t>> set_ports(const std::string& workspace,
                                                       const std::map<std::uint16_t, PortVisibility>& ports,
                                                       std::size_t maximum, const std::string& reason) = 0;
  /// The generation of the port's links, which makes a row. not_found without such a workspace.
  virtual Result<std::int64_t> link_generation(const std::string& workspace, std::uint16_t port) = 0;
};

/// What connections that stand on a port's visibility name beside their workspace (SessionEvents::Scope).
inline std::string port_share(std::uint16_t port) { return "port/" + std::to_string(port); }

}  // namespace berth::server
