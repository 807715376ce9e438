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
#include "server/administration.hpp"
#include "server/clock.hpp"
#include "server/email_links.hpp"
#include "server/maintenance.hpp"
#include "server/opened_metadata.hpp"
#include "server/opened_storage.hpp"
#include "server/pack_store.hpp"
#include "server/shared_keys.hpp"
#include "server/sign_in_secrets.hpp"

namespace berth::server {
namespace {

using Command = AdminChoice::Command;
using Row = std::vector<std::string>;

constexpr std::size_t page_size = 200;

/// What other programs may have put into names is shown, not obeyed.
std::string printable(std::string text) {
  std::ranges::replace_if(text, [](unsigned char c) { return c < ' ' || c == 127; }, '?');
  return text;
}

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

void print_table(std::vector<Row> rows) {
  std::vector<std::size_t> widths;
  for (auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = printable(std::move(row[i]));
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + (i + 1 < row.size() ? std::string(widths[i] - columns_of(row[i]) + 2, ' ') : "");
    std::printf("%s\n", line.c_str());
  }
}

/// By its e-mail address, or its id.
Result<AccountRecord> find_account(MetadataStore& store, const std::string& subject) {
  std::string email = subject;
  std::ranges::transform(email, email.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  auto found =
      subject.find('@') != subject.npos ? store.accounts().by_email(email) : store.accounts().by_id(subject);
  if (!found && found.error().code == ErrorCode::not_found)
    return failure(ErrorCode::not_found, "There is no account " + printable(subject) + ".");
  return found;
}

Result<std::optional<std::int64_t>> read_quota(const std::string& text, const char* flag) {
  if (text == "default") return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return failure(ErrorCode::invalid_argument, std::string(flag) + ": a number, or `default`.");
  return std::optional(number);
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
      case Command::list_workspaces:
        return list_workspaces();
      case Command::show_audit:
        return show_audit();
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
  Result<void> tell(const std::string& outcome);

  const Config& config_;
  MetadataStore& store_;
  AdminChoice choice_;
  std::string target_, workspace_;
  std::map<std::string, std::string> data_;
};

Result<int> AdminRun::list_accounts() {
  std::vector<Row> rows = {{"E-MAIL", "ID", "NAME", "STATE", "WORKSPACES", "RUNNING", "STORED", "LAST USED"}};
  for (std::string after;;) {
    const auto page = store_.administration().accounts(choice_.text, after, page_size);
    if (!page) return std::unexpected(page.error());
    for (const auto& [account, last_used, workspaces, running, stored] : *page)
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
    for (const auto& [workspace, email, name] : *page)
      rows.push_back({workspace.id, workspace.name, email, workspace.template_id,
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

Result<void> AdminRun::set_quota() {
  const auto account = find_account(store_, choice_.subject);
  if (!account) return std::unexpected(account.error());
  auto quota = account->quota;
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
  const auto checked =
      checked_change({.disabled = {},
                      .administrator = {},
                      .quota = protocol::rest::Quota{quota.workspaces, quota.running, quota.storage}});
  if (!checked) return std::unexpected(checked.error());
  return change_account(*checked, "has its quota");
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
  if (choice_.remove_second_factor)
    if (auto gone = store_.second_factors().remove(account->id); !gone) return gone;
  if (auto ended = store_.sign_ins().end_all(account->id, ""); !ended) return ended;
  if (auto revoked = store_.tokens().remove_all(account->id); !revoked)
    return std::unexpected(revoked.error());
  // Nothing of it changes but that running servers look.
  if (auto seen = store_.administration().change(account->id, {}); !seen) return seen;
  const SignInSecrets secrets(keys->identity);
  const auto link = make_reset_link({store_, secrets, system_clock_now(), origin}, account->id);
  if (!link) return std::unexpected(link.error());
  std::printf("%s\n", link->c_str());
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
