// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/teams.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

#include "server/email_address.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::Role;

constexpr std::size_t team_id_length = 16;
constexpr std::size_t team_invitation_id_length = 16, team_secret_length = 32;  // characters of 5 bits
constexpr std::size_t longest_team_token = 200;
constexpr std::ptrdiff_t longest_team_name = 80, longest_template_description = 500;  // characters
constexpr std::int64_t any_number = 10'000;  // of teams, for administrators

constexpr const char* team_role_changed = "Your role in this team changed.";
constexpr const char* taken_out_of_team = "You are not a member of this team any more.";

/// Text of a person: on one line, of `least` to `most` characters that are not blanks alone.
Result<void> check_team_text(const char* field, const std::string& text, std::ptrdiff_t least,
                             std::ptrdiff_t most) {
  const auto length = std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; });
  const bool plain = std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 127; });
  const bool blank = text.find_first_not_of(' ') == text.npos;
  if (length < least || length > most || !plain || (least > 0 && blank))
    return failure(ErrorCode::invalid_argument, std::string("body.") + field + ": must be " +
                                                    std::to_string(least) + " to " + std::to_string(most) +
                                                    " characters on one line");
  return {};
}

Result<void> check_team_role(Role role) {
  if (role == Role::viewer || role == Role::editor || role == Role::owner) return {};
  return failure(ErrorCode::invalid_argument, "body.role: must be viewer, editor or owner");
}

rest::Team team_view(const TeamRecord& record) {
  return {.id = record.id,
          .name = record.name,
          .role = record.role,
          .created = record.created,
          .members = record.members,
          .disabled = record.disabled};
}
rest::Member team_member_view(const MemberRecord& record) {
  return {record.account, record.name, record.email, record.role, record.since};
}
rest::Invitation team_invitation_view(const TeamInvitationRecord& record) {
  return {record.id, record.email, record.role, record.created, record.expires};
}
rest::TeamTemplate team_template_view(const TeamTemplateRecord& record) {
  return {record.workspace,   record.name,    record.description,
          record.template_id, record.version, record.changed};
}

}  // namespace

net::Task<Result<Principal>> Teams::admit(Principal principal, std::string team, Role needed) {
  const auto record =
      co_await net::offload(parts_.pool, [&] { return parts_.store.teams().find(team, principal.account); });
  if (!record) co_return std::unexpected(record.error());
  if (record->role < needed)
    co_return failure(ErrorCode::permission_denied, "Your role in this team does not allow this.");
  if (record->disabled && needed > Role::viewer)
    co_return failure(ErrorCode::permission_denied,
                      "This team was disabled by an administrator of this server.");
  principal.in_team = Principal::InTeam{std::move(team), record->role};
  co_return principal;
}

Result<rest::Team> Teams::team_of(const std::string& team, const std::string& account) {
  const auto record = parts_.store.teams().find(team, account);
  if (!record) return std::unexpected(record.error());
  return team_view(*record);
}

std::int64_t Teams::most_teams(const Principal& principal) const {
  return principal.administrator ? any_number : parts_.settings.current().teams_per_account;
}

void Teams::end_connections(const TeamWorkspaces& workspaces, const std::string& account,
                            const std::string& reason) {
  for (const auto& workspace : workspaces) parts_.events.end_member(workspace, account, reason);
}

// ---- teams

net::Task<Result<rest::ListTeams::Result>> Teams::list(Principal principal) {
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::ListTeams::Result> {
    const auto all = parts_.store.teams().list_of(principal.account);
    if (!all) return std::unexpected(all.error());
    rest::ListTeams::Result result;
    std::ranges::transform(*all, std::back_inserter(result.teams), team_view);
    const auto owned = std::ranges::count(*all, Role::owner, &TeamRecord::role);
    result.may_make = std::max<std::int64_t>(0, most_teams(principal) - owned);
    return result;
  });
}

net::Task<Result<rest::Team>> Teams::create(Principal principal, std::string name) {
  if (auto good = check_team_text("name", name, 1, longest_team_name); !good)
    co_return std::unexpected(std::move(good.error()));
  const auto id = random_id(team_id_length);
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::Team> {
    auto made =
        parts_.store.teams().create(id, name, principal.account, parts_.clock(), most_teams(principal));
    if (!made) return std::unexpected(std::move(made.error()));
    return team_of(id, principal.account);
  });
}

net::Task<Result<rest::GetTeam::Result>> Teams::get(Principal principal, std::string team) {
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::GetTeam::Result> {
    const auto record = parts_.store.teams().find(team, principal.account);
    if (!record) return std::unexpected(record.error());
    const auto figures = parts_.store.teams().figures(team);
    if (!figures) return std::unexpected(figures.error());
    const auto general = parts_.settings.current();
    const auto& quota = record->quota;
    return rest::GetTeam::Result{team_view(*record),
                                 {.workspaces = figures->workspaces,
                                  .running = figures->running,
                                  .stored_bytes = figures->stored_bytes,
                                  .most_workspaces = quota.workspaces.value_or(general.workspaces_per_team),
                                  .most_running = quota.running.value_or(general.running_per_team),
                                  .most_stored_bytes = quota.storage.value_or(general.storage_per_team)}};
  });
}

net::Task<Result<rest::Team>> Teams::rename(Principal principal, std::string team, std::string name) {
  if (auto good = check_team_text("name", name, 1, longest_team_name); !good)
    co_return std::unexpected(std::move(good.error()));
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::Team> {
    if (auto renamed = parts_.store.teams().rename(team, name); !renamed)
      return std::unexpected(std::move(renamed.error()));
    return team_of(team, principal.account);
  });
}

net::Task<Result<void>> Teams::remove(std::string team) {
  co_return co_await net::offload(parts_.pool, [&] { return parts_.store.teams().remove(team); });
}

// ---- members

net::Task<Result<rest::ListTeamMembers::Result>> Teams::members(Principal principal, std::string team) {
  const bool owner = principal.in_team && principal.in_team->role == Role::owner;
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::ListTeamMembers::Result> {
    rest::ListTeamMembers::Result result;
    const auto members = parts_.store.team_members().list(team);
    if (!members) return std::unexpected(members.error());
    std::ranges::transform(*members, std::back_inserter(result.members), team_member_view);
    if (!owner) return result;
    const auto waiting = parts_.store.team_invitations().list(team, parts_.clock());
    if (!waiting) return std::unexpected(waiting.error());
    std::ranges::transform(*waiting, std::back_inserter(result.invitations), team_invitation_view);
    return result;
  });
}

net::Task<Result<rest::AddTeamMember::Result>> Teams::add(Principal principal, std::string team,
                                                          rest::AddTeamMember::Body body, std::string ide) {
  if (auto good = check_team_role(body.role); !good) co_return std::unexpected(std::move(good.error()));
  const auto email = normal_email(body.email);
  if (!email) co_return std::unexpected(email.error());
  if (const auto verdict = invitations_.take(principal.account, most_invited, parts_.clock());
      !verdict.allowed)
    co_return failure(ErrorCode::limit_exceeded, "You have invited many people lately; try again in " +
                                                     std::to_string(verdict.retry_after / 60 + 1) +
                                                     " minutes.");
  co_return co_await net::offload(parts_.pool, [&]() -> Result<rest::AddTeamMember::Result> {
    auto& store = parts_.store;
    const auto now = parts_.clock();
    const auto account = store.accounts().by_email(*email);
    if (!account && account.error().code != ErrorCode::not_found) return std::unexpected(account.error());
    // An address that nobody has proven may be anybody's account.
    if (account && (account->email_verified || !parts_.proven_addresses)) {
      auto added = store.team_members().add(team, account->id, body.role, now, most_team_members);
      if (!added) return std::unexpected(std::move(added.error()));
      return rest::AddTeamMember::Result{
          .member = rest::Member{account->id, account->name, account->email, body.role, now},
          .invitation = {}};
    }
    const auto named = store.teams().find(team, principal.account);
    if (!named) return std::unexpected(named.error());
    const auto secret = random_id(team_secret_length);
    const TeamInvitationRecord record{.id = random_id(team_invitation_id_length),
                                      .team = team,
                                      .email = *email,
                                      .role = body.role,
                                      .secret = share_secret_hash(secret),
                                      .invited_by = principal.account,
                                      .created = now,
                                      .expires = now + invitation_life};
    if (auto inserted = store.team_invitations().insert(record, most_team_invitations); !inserted)
      return std::unexpected(std::move(inserted.error()));
    const InvitationLetter letter{.to = *email,
                                  .inviter = principal.name,
                                  .workspace = named->name,
                                  .role = body.role,
                                  .url = ide + "/teams/join?token=" + record.id + "." + secret,
                                  .to_team = true};
    if (parts_.send)
      parts_.send(letter);
    else
      spdlog::info("invitation for {} to the team {}: {}", letter.to, team, letter.url);
    return rest::AddTeamMember::Result{.member = {}, .invitation = team_invitation_view(record)};
  });
}

net::Task<Result<rest::Member>> Teams::change(std::string team, std::string account, Role role) {
  if (auto good = check_team_role(role); !good) co_return std::unexpected(std::move(good.error()));
  TeamWorkspaces another;
  auto changed = co_await net::offload(parts_.pool, [&]() -> Result<rest::Member> {
    auto done = parts_.store.team_members().change(team, account, role, team_role_changed);
    if (!done) return std::unexpected(std::move(done.error()));
    another = std::move(*done);
    const auto all = parts_.store.team_members().list(team);
    if (!all) return std::unexpected(all.error());
    const auto found = std::ranges::find(*all, account, &MemberRecord::account);
    if (found == all->end()) return failure(ErrorCode::not_found, "This account is not a member any more.");
    return team_member_view(*found);
  });
  end_connections(another, account, team_role_changed);
  co_return changed;
}

net::Task<Result<void>> Teams::remove_member(Principal principal, std::string team, std::string account) {
  const bool leaves = account == principal.account;
  const bool owner = principal.in_team && principal.in_team->role == Role::owner;
  if (!leaves && !owner)
    co_return failure(ErrorCode::permission_denied, "Only an owner can take others out of the team.");
  const std::string reason = leaves ? "You left this team." : taken_out_of_team;
  const auto removed = co_await net::offload(
      parts_.pool, [&] { return parts_.store.team_members().remove(team, account, reason); });
  if (!removed) co_return std::unexpected(removed.error());
  end_connections(*removed, account, reason);
  co_return Result<void>{};
}

net::Task<Result<void>> Teams::remove_invitation(std::string team, std::string id) {
  co_return co_await net::offload(parts_.pool,
                                  [&] { return parts_.store.team_invitations().remove(team, id); });
}

net::Task<Result<rest::Team>> Teams::join(Principal principal, std::string token) {
  const auto dot = token.find('.');
  if (token.size() > longest_team_token || dot == token.npos)
    co_return failure(ErrorCode::invalid_argument, "body.token: this is no invitation to a team");
  const auto id = token.substr(0, dot), secret = share_secret_hash(token.substr(dot + 1));
  TeamWorkspaces risen;
  auto team = co_await net::offload(parts_.pool, [&]() -> Result<rest::Team> {
    const auto record = parts_.store.team_invitations().find(id);
    if (!record) return std::unexpected(record.error());
    auto taken = parts_.store.team_invitations().accept(id, secret, principal.account, parts_.clock(),
                                                        most_team_members, team_role_changed);
    if (!taken) return std::unexpected(std::move(taken.error()));
    risen = std::move(*taken);
    return team_of(record->team, principal.account);
  });
  end_connections(risen, principal.account, team_role_changed);
  co_return team;
}

// ---- templates

net::Task<Result<rest::ListTeamTemplates::Result>> Teams::templates(std::string team) {
  const auto all =
      co_await net::offload(parts_.pool, [&] { return parts_.store.team_templates().list(team); });
  if (!all) co_return std::unexpected(all.error());
  rest::ListTeamTemplates::Result result;
  std::ranges::transform(*all, std::back_inserter(result.templates), team_template_view);
  co_return result;
}

net::Task<Result<rest::TeamTemplate>> Teams::put_template(std::string team, std::string workspace,
                                                          rest::PutTeamTemplate::Body body) {
  if (auto good = check_team_text("name", body.name, 1, longest_team_name); !good)
    co_return std::unexpected(std::move(good.error()));
  if (auto good = check_team_text("description", body.description, 0, longest_template_description); !good)
    co_return std::unexpected(std::move(good.error()));
  const TeamTemplateRecord record{.workspace = std::move(workspace),
                                  .team = std::move(team),
                                  .name = std::move(body.name),
                                  .description = std::move(body.description),
                                  .template_id = {},
                                  .version = std::move(body.version),
                                  .changed = parts_.clock()};
  const auto put = co_await net::offload(
      parts_.pool, [&] { return parts_.store.team_templates().put(record, most_team_templates); });
  if (!put) co_return std::unexpected(put.error());
  co_return team_template_view(*put);
}

net::Task<Result<void>> Teams::remove_template(std::string team, std::string workspace) {
  co_return co_await net::offload(parts_.pool,
                                  [&] { return parts_.store.team_templates().remove(team, workspace); });
}

net::Task<Result<std::optional<std::string>>> Teams::template_version(std::string workspace) {
  co_return co_await net::offload(parts_.pool, [&]() -> Result<std::optional<std::string>> {
    const auto record = parts_.store.team_templates().find(workspace);
    if (!record) return std::unexpected(record.error());
    if (!*record) return std::nullopt;
    if ((*record)->version) return (*record)->version;
    const auto source = parts_.store.workspaces().find(workspace);
    if (!source) return std::unexpected(source.error());
    if (source->state == rest::WorkspaceState::running) return std::nullopt;  // as it is now
    const auto newest = parts_.store.versions().latest(workspace);
    if (!newest) return std::unexpected(newest.error());
    if (!*newest) return std::nullopt;
    return (*newest)->id;
  });
}

}  // namespace berth::server
