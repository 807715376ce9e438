// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sharing.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

#include "server/blob_keys.hpp"
#include "server/email_address.hpp"
#include "server/exported_versions.hpp"
#include "server/object_copy.hpp"
#include "server/random_id.hpp"
#include "server/team_store.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::Role;

constexpr std::size_t waiting_id_length = 16;
constexpr std::size_t share_secret_length = 32;  // 160 bits
constexpr std::size_t longest_share_token = 200;

constexpr const char* role_changed = "Your role in this workspace changed.";
constexpr const char* taken_out = "You are not a member of this workspace any more.";
constexpr const char* handed_over = "The workspace has another owner now.";

std::unexpected<Error> stranger() { return failure(ErrorCode::not_found, "There is no such workspace."); }

Result<void> check_shared_role(Role role) {
  if (role == Role::viewer || role == Role::editor) return {};
  return failure(ErrorCode::invalid_argument, "body.role: must be viewer or editor");
}

rest::Member member_view(const MemberRecord& record) {
  return {record.account, record.name, record.email, record.role, record.since};
}
rest::Invitation invitation_view(const InvitationRecord& record) {
  return {record.id, record.email, record.role, record.created, record.expires.value_or(0)};
}
rest::ShareLink link_view(const InvitationRecord& record) {
  return {record.id, record.role, record.created, record.expires, record.uses};
}

}  // namespace

std::string share_secret_hash(const std::string& secret) {
  unsigned char hash[crypto_generichash_BYTES];
  ::crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(secret.data()),
                       secret.size(), nullptr, 0);
  std::string hex(2 * sizeof hash + 1, '\0');
  ::sodium_bin2hex(hex.data(), hex.size(), hash, sizeof hash);
  hex.pop_back();
  return hex;
}

// ---- who is what

net::Task<Result<Principal>> Sharing::admit(Principal principal, std::string workspace, Role needed) {
  const auto role = co_await net::offload(
      parts_.pool, [&] { return parts_.store.members().role_of(workspace, principal.account); });
  if (!role) co_return std::unexpected(role.error());
  if (!*role) co_return stranger();
  if (**role < needed)
    co_return failure(ErrorCode::permission_denied, "Your role in this workspace does not allow this.");
  principal.in = Principal::InWorkspace{std::move(workspace), **role};
  co_return principal;
}

net::Task<Result<void>> Sharing::take_invitations(Principal principal) {
  auto risen = co_await net::offload(parts_.pool, [&]() -> Result<std::vector<std::string>> {
    const auto known = parts_.store.accounts().by_id(principal.account);
    if (!known) return std::unexpected(known.error());
    // Where no mails are sent nobody can prove an address; there invitations are for whoever has it.
    if (!known->email_verified && parts_.proven_addresses) return std::vector<std::string>();
    auto all = parts_.store.invitations().accept_all(known->email, principal.account, parts_.clock(),
                                                     most_members, role_changed);
    if (!all) return all;
    const auto of_teams = parts_.store.team_invitations().accept_all(
        known->email, principal.account, parts_.clock(), most_team_members, role_changed);
    if (!of_teams) return std::unexpected(of_teams.error());
    std::ranges::copy(*of_teams, std::back_inserter(*all));
    return all;
  });
  if (!risen) co_return std::unexpected(std::move(risen.error()));
  for (const auto& workspace : *risen) parts_.events.end_member(workspace, principal.account, role_changed);
  co_return Result<void>{};
}

net::Task<Result<std::vector<rest::Workspace>>> Sharing::complete(Principal principal,
                                                                  std::vector<rest::Workspace> workspaces) {
  std::vector<std::string> ids;
  for (const auto& workspace : workspaces) ids.push_back(workspace.id);
  const auto described = co_await net::offload(
      parts_.pool, [&] { return parts_.store.members().describe(ids, principal.account, parts_.clock()); });
  if (!described) co_return std::unexpected(described.error());
  std::vector<rest::Workspace> all;
  for (auto& workspace : workspaces) {
    const auto found = std::ranges::find(*described, workspace.id, &SharedWorkspace::workspace);
    if (found == described->end()) continue;
    workspace.role = found->role;
    workspace.owner = {found->owner, found->owner_name, found->owner_email, found->owner_is_team};
    workspace.team_template = found->team_template;
    workspace.shared = found->shared;
    workspace.public_link = found->public_link;
    all.push_back(std::move(workspace));
  }
  co_return all;
}

net::Task<Result<rest::Workspace>> Sharing::complete(Principal principal, Result<rest::Workspace> workspace) {
  if (!workspace) co_return workspace;
  std::vector<rest::Workspace> one;
  one.push_back(std::move(*workspace));
  auto all = co_await complete(std::move(principal), std::move(one));
  if (!all) co_return std::unexpected(std::move(all.error()));
  if (all->empty()) co_return stranger();
  co_return std::move(all->front());
}

// ---- members

net::Task<Result<rest::ListMembers::Result>> Sharing::members(Principal principal, std::string workspace) {
  const bool owner = principal.in && principal.in->role == Role::owner;
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::ListMembers::Result> {
    rest::ListMembers::Result result;
    const auto members = parts_.store.members().list(workspace);
    if (!members) return std::unexpected(members.error());
    std::ranges::transform(*members, std::back_inserter(result.members), member_view);
    if (!owner) return result;
    const auto waiting = parts_.store.invitations().list(workspace, parts_.clock());
    if (!waiting) return std::unexpected(waiting.error());
    for (const auto& one : *waiting)
      if (one.email.empty())
        result.links.push_back(link_view(one));
      else
        result.invitations.push_back(invitation_view(one));
    return result;
  });
}

net::Task<Result<rest::AddMember::Result>> Sharing::add(Principal principal, std::string workspace,
                                                        rest::AddMember::Body body, std::string ide) {
  if (auto good = check_shared_role(body.role); !good) co_return std::unexpected(std::move(good.error()));
  const auto email = normal_email(body.email);
  if (!email) co_return std::unexpected(email.error());
  if (const auto verdict = invitations_.take(principal.account, most_invited, parts_.clock());
      !verdict.allowed)
    co_return failure(ErrorCode::limit_exceeded, "You have invited many people lately; try again in " +
                                                     std::to_string(verdict.retry_after / 60 + 1) +
                                                     " minutes.");
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::AddMember::Result> {
    auto& store = parts_.store;
    const auto now = parts_.clock();
    const auto account = store.accounts().by_email(*email);
    if (!account && account.error().code != ErrorCode::not_found) return std::unexpected(account.error());
    // An address that nobody has proven may be anybody's account.
    if (account && (account->email_verified || !parts_.proven_addresses)) {
      if (auto added = store.members().add(workspace, account->id, body.role, now, most_members); !added)
        return std::unexpected(std::move(added.error()));
      return rest::AddMember::Result{
          .member = rest::Member{account->id, account->name, account->email, body.role, now},
          .invitation = {}};
    }
    const auto named = store.workspaces().find(workspace);
    if (!named) return std::unexpected(named.error());
    const auto secret = random_id(share_secret_length);
    const InvitationRecord record{.id = random_id(waiting_id_length),
                                  .workspace = workspace,
                                  .email = *email,
                                  .role = body.role,
                                  .secret = share_secret_hash(secret),
                                  .invited_by = principal.account,
                                  .created = now,
                                  .expires = now + invitation_life};
    if (auto inserted = store.invitations().insert(record, most_invitations); !inserted)
      return std::unexpected(std::move(inserted.error()));
    const InvitationLetter letter{.to = *email,
                                  .inviter = principal.name,
                                  .workspace = named->name,
                                  .role = body.role,
                                  .url = ide + "/join?token=" + record.id + "." + secret};
    if (parts_.send)
      parts_.send(letter);
    else
      spdlog::info("invitation for {} to {}: {}", letter.to, workspace, letter.url);
    return rest::AddMember::Result{.member = {}, .invitation = invitation_view(record)};
  });
}

net::Task<Result<rest::Member>> Sharing::change(Principal, std::string workspace, std::string account,
                                                Role role) {
  if (auto good = check_shared_role(role); !good) co_return std::unexpected(std::move(good.error()));
  bool another = false;
  auto changed = co_await net::offload(parts_.pool, [&]() -> Result<rest::Member> {
    const auto done = parts_.store.members().change(workspace, account, role, role_changed);
    if (!done) return std::unexpected(done.error());
    another = *done;
    const auto all = parts_.store.members().list(workspace);
    if (!all) return std::unexpected(all.error());
    const auto found = std::ranges::find(*all, account, &MemberRecord::account);
    if (found == all->end()) return failure(ErrorCode::not_found, "This account is not a member any more.");
    return member_view(*found);
  });
  if (another) parts_.events.end_member(workspace, account, role_changed);
  co_return changed;
}

net::Task<Result<void>> Sharing::remove(Principal principal, std::string workspace, std::string account) {
  const bool leaves = account == principal.account;
  const bool owner = principal.in && principal.in->role == Role::owner;
  if (!leaves && !owner)
    co_return failure(ErrorCode::permission_denied, "Only the owner can take others out of the workspace.");
  // An owner of the team that has it may be a member beside.
  bool own = false;
  if (leaves && owner) {
    const auto record =
        co_await net::offload(parts_.pool, [&] { return parts_.store.workspaces().find(workspace); });
    if (!record) co_return std::unexpected(record.error());
    own = record->account == principal.account;
  }
  if (own)
    co_return failure(ErrorCode::conflict,
                      "The owner can't leave. Hand the workspace over first, or delete it.");
  const std::string reason = leaves ? "You left this workspace." : taken_out;
  auto removed = co_await net::offload(
      parts_.pool, [&] { return parts_.store.members().remove(workspace, account, reason); });
  if (removed) parts_.events.end_member(workspace, account, reason);
  co_return removed;
}

// ---- links, invitations, joining

net::Task<Result<rest::CreateLink::Result>> Sharing::create_link(Principal principal, std::string workspace,
                                                                 rest::CreateLink::Body body,
                                                                 std::string ide) {
  if (auto good = check_shared_role(body.role); !good) co_return std::unexpected(std::move(good.error()));
  const auto now = parts_.clock();
  if (body.expires && *body.expires <= now)
    co_return failure(ErrorCode::invalid_argument, "body.expires: is over already");
  const auto secret = random_id(share_secret_length);
  const InvitationRecord record{.id = random_id(waiting_id_length),
                                .workspace = workspace,
                                .email = {},
                                .role = body.role,
                                .secret = share_secret_hash(secret),
                                .invited_by = principal.account,
                                .created = now,
                                .expires = body.expires};
  auto inserted = co_await net::offload(
      parts_.pool, [&] { return parts_.store.invitations().insert(record, most_share_links); });
  if (!inserted) co_return std::unexpected(std::move(inserted.error()));
  co_return rest::CreateLink::Result{link_view(record), ide + "/join?token=" + record.id + "." + secret};
}

net::Task<Result<void>> Sharing::remove_waiting(Principal, std::string workspace, std::string id, bool link) {
  co_return co_await net::offload(parts_.pool, [&]() -> Result<void> {
    const auto record = parts_.store.invitations().find(id);
    if (!record && record.error().code != ErrorCode::not_found) return std::unexpected(record.error());
    if (!record || record->workspace != workspace || record->email.empty() != link)
      return failure(ErrorCode::not_found, "There is no such invitation or link any more.");
    return parts_.store.invitations().remove(workspace, id);
  });
}

net::Task<Result<std::string>> Sharing::join(Principal principal, std::string token) {
  const auto dot = token.find('.');
  if (token.size() > longest_share_token || dot == token.npos)
    co_return failure(ErrorCode::invalid_argument, "body.token: this is no link of a workspace");
  const auto id = token.substr(0, dot), secret = share_secret_hash(token.substr(dot + 1));
  bool risen = false;
  auto workspace = co_await net::offload(parts_.pool, [&]() -> Result<std::string> {
    const auto record = parts_.store.invitations().find(id);
    if (!record) return std::unexpected(record.error());
    const auto taken = parts_.store.invitations().accept(id, secret, principal.account, parts_.clock(),
                                                         most_members, role_changed);
    if (!taken) return std::unexpected(taken.error());
    risen = *taken;
    return record->workspace;
  });
  if (workspace && risen) parts_.events.end_member(*workspace, principal.account, role_changed);
  co_return workspace;
}

// ---- handing over

Result<void> Sharing::copy_versions(const std::string& workspace, const std::string& from,
                                    const std::string& to, std::vector<VersionRecord>& copied) {
  constexpr std::size_t page = 200;
  if (!parts_.versions) return {};
  ObjectCopy copy(*parts_.objects, from, to);
  for (std::int64_t before = 0;;) {
    const auto some = parts_.versions->list(workspace, before, page);
    if (!some) return std::unexpected(some.error());
    if (some->empty()) return copy.finish();
    before = some->back().created;
    for (const auto& version : *some) {
      const auto root = copy.folder(version.root);
      if (!root) return std::unexpected(root.error());
      copied.push_back(version);
    }
  }
}

Result<Handover> Sharing::checked_handover(const Principal& principal, const std::string& workspace,
                                           const std::string& to) {
  auto& store = parts_.store;
  const auto record = store.workspaces().find(workspace);
  if (!record) return std::unexpected(record.error());
  const auto nobody = failure(ErrorCode::conflict,
                              "Only another member can become the owner, or a team in which you are an "
                              "editor or owner.");
  const auto heir = store.accounts().by_id(to);
  if (!heir && heir.error().code != ErrorCode::not_found) return std::unexpected(heir.error());
  if (!heir || to == record->account) return nobody;
  Handover handover{.workspace = workspace, .from = record->account, .to = to, .by = principal.account};
  if (heir->team) {
    const auto role = store.team_members().role_of(to, principal.account);
    if (!role) return std::unexpected(role.error());
    if (!*role || **role < Role::editor || heir->disabled) return nobody;
    return handover;
  }
  const auto role = store.members().role_of(workspace, to);
  if (!role) return std::unexpected(role.error());
  if (!*role) return nobody;
  return handover;
}

net::Task<Result<rest::Workspace>> Sharing::transfer(Principal principal, std::string workspace,
                                                     std::string to) {
  const auto handover =
      co_await net::offload(parts_.pool, [&] { return checked_handover(principal, workspace, to); });
  if (!handover) co_return std::unexpected(handover.error());
  const auto& from = handover->from;
  std::vector<VersionRecord> copied;
  const auto work = [&](std::int64_t most_workspaces) -> net::Task<Result<void>> {
    auto brought =
        co_await net::offload(copying_, [&] { return copy_versions(workspace, from, to, copied); });
    if (!brought) co_return brought;
    co_return co_await net::offload(copying_, [&]() -> Result<void> {
      // Descriptions lie beside rows (exported_versions.hpp), so they are there first.
      for (auto version : copied) {
        version.owner = to;
        const auto key = version_key(to, workspace, version.id);
        if (auto put = parts_.blobs->put(key, encode_version(version, *parts_.sealing)); !put) return put;
      }
      return parts_.store.members().transfer(*handover, parts_.clock(), most_workspaces, handed_over);
    });
  };
  auto done = co_await parts_.workspaces.transfer(principal, workspace, to, work);
  if (!done) co_return done;
  for (const auto& account : {principal.account, to})
    parts_.events.end_member(workspace, account, handed_over);
  co_await net::offload(copying_, [&] {
    for (const auto& version : copied)
      if (auto removed = parts_.blobs->remove(version_key(from, workspace, version.id)); !removed)
        spdlog::warn("a version's description is left over: {}", removed.error().message);
  });
  co_return done;
}

}  // namespace berth::server
