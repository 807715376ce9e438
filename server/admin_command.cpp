// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin_command.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "protocol/codec.hpp"
#include "server/admin_table.hpp"
#include "server/admin_teams.hpp"
#include "server/administration.hpp"
#include "server/clock.hpp"
#include "server/email_links.hpp"
#include "server/maintenance.hpp"
#include "server/opened_metadata.hpp"
#include "server/opened_storage.hpp"
#include "server/pack_store.hpp"
#include "server/settings.hpp"
#include "server/shared_keys.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {
namespace {

using Command = AdminChoice::Command;
using Row = TableRow;

constexpr std::size_t page_size = 200;

/// By its e-mail address, or its id.
Result<AccountRecord> find_account(MetadataStore& store, const std::string& subject) {
  std::string email = subject;
  std::ranges::transform(email, email.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  auto found =
      subject.find('@') != subject.npos ? store.accounts().by_email(email) : store.accounts().by_id(subject);
  if (!found && found.error().code == ErrorCode::not_found)
    return failure(ErrorCode::not_found, "There is no account " + printable(subject) + ".");
  if (found && found->team)
    return failure(ErrorCode::not_found, printable(subject) + " is a team; see `berthd admin teams`.");
  return found;
}

/// "" for no time. The days are UTC's.
Result<std::optional<std::int64_t>> read_time(const std::string& text, bool at_end) {
  if (text.empty()) return std::optional<std::int64_t>();
  int year = 0;
  unsigned month = 0, day = 0;
  char more = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &more) == 3) {
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (date.ok()) {
      const auto begin = std::chrono::sys_days(date) + std::chrono::days(at_end ? 1 : 0);
      return std::optional<std::int64_t>(
          std::chrono::duration_cast<std::chrono::milliseconds>(begin.time_since_epoch()).count() -
          (at_end ? 1 : 0));
    }
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= 0) return std::optional(number);
  return failure(ErrorCode::invalid_argument,
                 printable(text) + " is no day (YYYY-MM-DD) and no Unix milliseconds.");
}

/// Of a command the user of the machine who ran it.
std::string who(const AuditRecord& record) {
  if (!record.actor_email.empty()) return record.actor_email;
  const auto user = record.data.find("user");
  return record.by == protocol::rest::AuditMeans::command && user != record.data.end() ? user->second
                                                                                       : record.actor;
}

class AdminRun {
 public:
  AdminRun(const Config& config, MetadataStore& store, AdminChoice choice)
      : config_(config), store_(store), choice_(std::move(choice)) {}

  Result<int> run() {
    switch (choice_.command) {
      case Command::list_accounts:
        return list_accounts();
      case Command::list_teams:
        return list_teams(store_, choice_.text);
      case Command::show_team:
        return show_team(store_, choice_.subject);
      case Command::list_workspaces:
        return list_workspaces();
      case Command::show_audit:
        return show_audit();
      case Command::list_uses:
        return shown(installation_.list_uses());
      case Command::show_settings:
        return shown(installation_.show_settings());
      case Command::list_providers:
        return shown(installation_.list_providers());
      case Command::list_templates:
        return shown(installation_.list_templates());
      default:
        break;
    }
    auto done = change();
    // Refusals as well: somebody tried.
    auto told = tell(done ? "done" : std::string(to_string(done.error().code)));
    if (!done) return std::unexpected(std::move(done.error()));
    if (!told) return std::unexpected(std::move(told.error()));
    return maintenance_good;
  }

 private:
  Result<int> list_accounts();
  Result<int> list_workspaces();
  Result<int> show_audit();
  Result<void> change();
  Result<void> change_account(const AccountChange& change, const char* did);
  Result<void> set_quota();
  Result<void> reset_account();
  Result<void> stop_workspace();
  Result<void> change_installation();
  static Result<int> shown(const Result<void>& listed) {
    if (!listed) return std::unexpected(listed.error());
    return maintenance_good;
  }
  Result<AccountRecord> named_team();
  Result<void> change_team(const AccountChange& change, const char* did);
  Result<void> set_team_quota();
  Result<void> add_team_owner();
  Result<AccountChange> wanted_quota(AccountQuota quota);
  Result<void> tell(const std::string& outcome);

  const Config& config_;
  MetadataStore& store_;
  AdminInstallation installation_{config_, store_};
  AdminChoice choice_;
  std::string target_, workspace_;
  std::map<std::string, std::string> data_;
};

Result<int> AdminRun::list_accounts() {
  std::vector<Row> rows = {{"E-MAIL", "ID", "NAME", "STATE", "WORKSPACES", "RUNNING", "STORED", "LAST USED"}};
  for (std::string after;;) {
    const auto page =
        store_.administration().accounts({.text = choice_.text, .teams = false, .after = after}, page_size);
    if (!page) return std::unexpected(page.error());
    for (const auto& [account, last_used, workspaces, running, stored, members] : *page)
      rows.push_back({account.email, account.id, account.name,
                      account.disabled        ? "disabled"
                      : account.administrator ? "administrator"
                                              : "",
                      std::to_string(workspaces), std::to_string(running),
                      readable_bytes(static_cast<std::uint64_t>(stored)),
                      last_used > 0 ? readable_time(last_used) : "never"});
    if (page->size() < page_size) break;
    after = page->back().account.email;
  }
  print_table(std::move(rows));
  return maintenance_good;
}

Result<int> AdminRun::list_workspaces() {
  WorkspaceSearch search{.text = choice_.text, .state = {}, .after = {}};
  if (!choice_.state.empty()) {
    protocol::rest::WorkspaceState state{};
    if (!boost::describe::enum_from_string(choice_.state.c_str(), state))
      return failure(ErrorCode::invalid_argument, "There is no state " + printable(choice_.state) + ".");
    search.state = state;
  }
  std::vector<Row> rows = {{"ID", "NAME", "OWNER", "TEMPLATE", "STATE", "LAST USED", "REASON"}};
  for (;;) {
    const auto page = store_.administration().workspaces(search, page_size);
    if (!page) return std::unexpected(page.error());
    for (const auto& [workspace, email, name, team] : *page)
      rows.push_back({workspace.id, workspace.name, team ? "team " + name : email, workspace.template_id,
                      boost::describe::enum_to_string(workspace.state, ""),
                      readable_time(workspace.last_used), workspace.reason});
    if (page->size() < page_size) break;
    search.after = page->back().workspace.id;
  }
  print_table(std::move(rows));
  return maintenance_good;
}

Result<int> AdminRun::show_audit() {
  auto search = choice_.audit;
  const auto since = read_time(choice_.since, false), until = read_time(choice_.until, true);
  if (!since) return std::unexpected(since.error());
  if (!until) return std::unexpected(until.error());
  search.since = *since;
  search.until = *until;
  std::vector<Row> rows = {
      {"TIME", "WHO", "BY", "ACTION", "OUTCOME", "WORKSPACE", "TARGET", "ADDRESS", "DATA"}};
  for (std::size_t left = choice_.limit;;) {
    const auto wanted = choice_.whole ? page_size : std::min(left, page_size);
    const auto page = store_.audit().list(search, wanted);
    if (!page) return std::unexpected(page.error());
    for (const auto& record : *page) {
      if (choice_.whole) {
        std::printf("%s\n", protocol::to_text(protocol::encode(visible(record))).c_str());
        continue;
      }
      rows.push_back({readable_time(record.at), who(record), boost::describe::enum_to_string(record.by, ""),
                      record.action, record.outcome, record.workspace, record.target, record.address,
                      record.data.empty() ? "" : protocol::to_text(protocol::encode(record.data))});
    }
    left -= std::min(left, page->size());
    if (page->size() < wanted || (!choice_.whole && left == 0)) break;
    search.before = page->back().id;
  }
  if (!choice_.whole) print_table(std::move(rows));
  return maintenance_good;
}

Result<void> AdminRun::change() {
  switch (choice_.command) {
    case Command::disable_account:
      return change_account({.disabled = true, .administrator = {}, .quota = {}}, "is disabled");
    case Command::enable_account:
      return change_account({.disabled = false, .administrator = {}, .quota = {}}, "is enabled");
    case Command::promote_account:
      return change_account({.disabled = {}, .administrator = true, .quota = {}}, "is an administrator");
    case Command::demote_account:
      return change_account({.disabled = {}, .administrator = false, .quota = {}}, "is no administrator");
    case Command::set_quota:
      return set_quota();
    case Command::reset_account:
      return reset_account();
    case Command::stop_workspace:
      return stop_workspace();
    case Command::disable_team:
      return change_team({.disabled = true, .administrator = {}, .quota = {}}, "is disabled");
    case Command::enable_team:
      return change_team({.disabled = false, .administrator = {}, .quota = {}}, "is enabled");
    case Command::set_team_quota:
      return set_team_quota();
    case Command::add_team_owner:
      return add_team_owner();
    case Command::set_setting:
    case Command::put_provider:
    case Command::remove_provider:
    case Command::set_image:
      return change_installation();
    default:
      return failure(ErrorCode::unsupported, "There is no such command.");
  }
}

Result<void> AdminRun::change_account(const AccountChange& change, const char* did) {
  const auto account = find_account(store_, choice_.subject);
  if (!account) return std::unexpected(account.error());
  target_ = account->id;
  data_["email"] = account->email;
  if (auto changed = store_.administration().change(account->id, change); !changed) return changed;
  std::printf("%s %s\n", printable(account->email).c_str(), did);
  return {};
}

/// What the command line says of it; what that does not name stays as in `quota`.
Result<AccountChange> AdminRun::wanted_quota(AccountQuota quota) {
  const std::tuple<const std::string&, const char*, std::optional<std::int64_t>&> limits[] = {
      {choice_.quota_workspaces, "--workspaces", quota.workspaces},
      {choice_.quota_running, "--running", quota.running},
      {choice_.quota_storage, "--storage", quota.storage}};
  for (const auto& [text, flag, limit] : limits) {
    if (text.empty()) continue;
    const auto read = read_quota(text, flag);
    if (!read) return std::unexpected(read.error());
    limit = *read;
    data_[std::string("quota_") + (flag + 2)] = text;
  }
  return checked_change({.disabled = {},
                         .administrator = {},
                         .quota = protocol::rest::Quota{quota.workspaces, quota.running, quota.storage}});
}

Result<void> AdminRun::set_quota() {
  const auto account = find_account(store_, choice_.subject);
  if (!account) return std::unexpected(account.error());
  const auto wanted = wanted_quota(account->quota);
  if (!wanted) return std::unexpected(wanted.error());
  return change_account(*wanted, "has its quota");
}

Result<AccountRecord> AdminRun::named_team() {
  auto team = find_team(store_, choice_.subject);
  if (!team) return team;
  target_ = team->id;
  data_["team"] = team->name;
  return team;
}

Result<void> AdminRun::change_team(const AccountChange& change, const char* did) {
  const auto team = named_team();
  if (!team) return std::unexpected(team.error());
  if (auto changed = store_.administration().change(team->id, change); !changed) return changed;
  std::printf("%s %s\n", printable(team->name).c_str(), did);
  return {};
}

Result<void> AdminRun::set_team_quota() {
  const auto team = named_team();
  if (!team) return std::unexpected(team.error());
  const auto wanted = wanted_quota(team->quota);
  if (!wanted) return std::unexpected(wanted.error());
  return change_team(*wanted, "has its quota");
}

Result<void> AdminRun::add_team_owner() {
  const auto team = named_team();
  if (!team) return std::unexpected(team.error());
  const auto account = find_account(store_, choice_.person);
  if (!account) return std::unexpected(account.error());
  data_["account"] = account->id;
  data_["email"] = account->email;
  if (auto made = make_team_owner(store_, team->id, account->id); !made) return made;
  std::printf("%s is an owner of %s\n", printable(account->email).c_str(), printable(team->name).c_str());
  return {};
}

Result<void> AdminRun::reset_account() {
  const auto account = find_account(store_, choice_.subject);
  if (!account) return std::unexpected(account.error());
  target_ = account->id;
  data_["email"] = account->email;
  data_["remove_second_factor"] = choice_.remove_second_factor ? "true" : "false";
  if (config_.public_url.empty() && config_.listen.port == 0)
    return failure(ErrorCode::invalid_argument,
                   "Where the server is found is not known here: name it with --public-url.");
  auto origin = config_.public_url.empty() ? "http://localhost:" + std::to_string(config_.listen.port)
                                           : config_.public_url;
  while (origin.ends_with('/')) origin.pop_back();
  const auto keys = load_keys(config_, uses_postgresql(config_) ? &store_.settings() : nullptr);
  if (!keys) return std::unexpected(keys.error());
  Settings settings(store_.settings(), first_settings(config_));
  if (auto loaded = settings.load(); !loaded) return loaded;
  const SignInSecrets secrets(keys->identity);
  const auto prepared = prepare_reset({secrets, system_clock_now(), origin}, *account,
                                      choice_.remove_second_factor, by_password(settings, *account));
  if (!prepared) return std::unexpected(prepared.error());
  data_["identities"] = prepared->reset.remove_identities ? "removed" : "kept";
  if (auto reset = store_.identities().reset_account(prepared->reset); !reset)
    return std::unexpected(reset.error());
  std::printf("%s\n", prepared->url.c_str());
  return {};
}

Result<void> AdminRun::stop_workspace() {
  workspace_ = choice_.subject;
  const auto record = store_.workspaces().find(choice_.subject);
  if (!record) return std::unexpected(record.error());
  const StopOrder order{
      .workspace = record->id, .reason = "An administrator stopped it.", .ordered = true, .runs = true};
  if (auto ordered = store_.administration().order_stop(order, system_clock_now()); !ordered) return ordered;
  std::printf("%s is stopped by the server that looks after it; its files are stored first\n",
              record->id.c_str());
  return {};
}

Result<void> AdminRun::change_installation() {
  AdminDeed deed;
  const auto done = [&]() -> Result<void> {
    switch (choice_.command) {
      case Command::set_setting:
        return installation_.set_setting(choice_.subject, choice_.value, deed);
      case Command::put_provider:
        return installation_.put_provider(choice_.provider, deed);
      case Command::remove_provider:
        return installation_.remove_provider(choice_.subject, deed);
      default:
        return installation_.set_image(choice_.subject, choice_.value, deed);
    }
  }();
  target_ = deed.target;
  data_ = std::move(deed.data);
  return done;
}

Result<void> AdminRun::tell(const std::string& outcome) {
  data_["user"] = choice_.user;
  return store_.audit().append({.id = {},
                                .at = system_clock_now(),
                                .actor = {},
                                .actor_email = {},
                                .by = protocol::rest::AuditMeans::command,
                                .address = {},
                                .action = choice_.name,
                                .workspace = workspace_,
                                .target = target_.empty() && workspace_.empty() ? choice_.subject : target_,
                                .outcome = outcome,
                                .data = data_});
}

}  // namespace

Result<int> run_admin(const Config& config, AdminChoice choice) {
  auto store = open_metadata(config, MetadataUse::shared);
  if (!store) return std::unexpected(store.error());
  return AdminRun(config, **store, std::move(choice)).run();
}

std::string invoking_user() {
  if (const char* sudo = std::getenv("SUDO_USER"); sudo != nullptr && ::getuid() == 0) return sudo;
  const auto* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : std::to_string(::getuid());
}

}  // namespace berth::server
