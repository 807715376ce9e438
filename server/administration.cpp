// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/administration.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "protocol/codec.hpp"
#include "server/image_reference.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;

constexpr std::size_t export_page = 500;                 // lines
constexpr std::chrono::milliseconds between_looks{200};  // while a workspace stops
constexpr std::chrono::seconds stop_answer{20};
constexpr const char* stopped_by_administrator = "An administrator stopped it.";

/// The audit log, oldest of what is left last, until there is nothing more.
class AuditSource final : public ByteSource {
 public:
  AuditSource(AuditStore& store, boost::asio::thread_pool& pool, AuditSearch search)
      : store_(store), pool_(pool), search_(std::move(search)) {}

  net::Task<Result<std::string>> read() override {
    if (at_end_) co_return std::string();
    auto page = co_await net::offload(pool_, [this] { return store_.list(search_, export_page); });
    if (!page) co_return std::unexpected(std::move(page.error()));
    at_end_ = page->size() < export_page;
    std::string text;
    for (const auto& record : *page) text += protocol::to_text(protocol::encode(visible(record))) + "\n";
    if (!page->empty()) search_.before = page->back().id;
    // Lines are short, so that a page is no larger than one piece.
    co_return text;
  }

 private:
  AuditStore& store_;
  boost::asio::thread_pool& pool_;
  AuditSearch search_;
  bool at_end_ = false;
};

bool runs(WorkspaceState state) {
  return state == WorkspaceState::running || state == WorkspaceState::starting ||
         state == WorkspaceState::stopping;
}

}  // namespace

rest::AuditEntry visible(const AuditRecord& record) {
  return {record.id,     record.at,        record.actor,  record.actor_email, record.by,  record.address,
          record.action, record.workspace, record.target, record.outcome,     record.data};
}

rest::AdminAccount visible(const AdministeredAccount& seen) {
  const auto& account = seen.account;
  return {.id = account.id,
          .email = account.team ? "" : account.email,
          .name = account.name,
          .administrator = account.administrator,
          .created = account.created,
          .disabled = account.disabled,
          .last_used = seen.last_used,
          .workspaces = seen.workspaces,
          .running = seen.running,
          .stored_bytes = seen.stored_bytes,
          .quota = {account.quota.workspaces, account.quota.running, account.quota.storage},
          .team = account.team,
          .members = seen.members};
}

rest::AdminWorkspace visible(const AdministeredWorkspace& seen) {
  const auto& workspace = seen.workspace;
  return {.id = workspace.id,
          .name = workspace.name,
          .owner = workspace.account,
          .owner_email = seen.owner_email,
          .owner_name = seen.owner_name,
          .template_id = workspace.template_id,
          .state = workspace.state,
          .reason = workspace.reason,
          .created = workspace.created,
          .last_used = workspace.last_used,
          .started = workspace.started,
          .owner_is_team = seen.owner_is_team};
}

Result<AccountChange> checked_change(const rest::UpdateAccount::Body& body) {
  if (body.quota) {
    constexpr std::int64_t most_workspaces = 10'000, most_storage = std::int64_t{1} << 50;
    const auto check = [](const char* field, std::optional<std::int64_t> value,
                          std::int64_t most) -> Result<void> {
      if (!value || (*value >= 0 && *value <= most)) return {};
      return failure(ErrorCode::invalid_argument,
                     "body.quota." + std::string(field) + ": must be 0 to " + std::to_string(most));
    };
    if (auto good = check("workspaces", body.quota->workspaces, most_workspaces); !good)
      return std::unexpected(good.error());
    if (auto good = check("running", body.quota->running, most_workspaces); !good)
      return std::unexpected(good.error());
    if (auto good = check("storage", body.quota->storage, most_storage); !good)
      return std::unexpected(good.error());
  }
  AccountChange change{body.disabled, body.administrator, {}};
  if (body.quota)
    change.quota = AccountQuota{body.quota->workspaces, body.quota->running, body.quota->storage};
  return change;
}

net::Task<Result<rest::ListAccounts::Result>> Administration::accounts(AccountSearch search, PageWish page) {
  search.after = page.cursor;
  auto found = co_await net::offload(
      parts_.pool, [&] { return parts_.store.administration().accounts(search, page.limit + 1); });
  if (!found) co_return std::unexpected(std::move(found.error()));
  rest::ListAccounts::Result result;
  for (const auto& account : *found) {
    if (result.accounts.size() == page.limit) {
      result.next = account_place((*found)[page.limit - 1].account);
      break;
    }
    result.accounts.push_back(visible(account));
  }
  co_return result;
}

net::Task<Result<rest::AdminAccount>> Administration::update(std::string account,
                                                             rest::UpdateAccount::Body body) {
  auto change = checked_change(body);
  if (!change) co_return std::unexpected(std::move(change.error()));
  auto changed = co_await net::offload(parts_.pool, [&]() -> Result<AdministeredAccount> {
    auto& store = parts_.store.administration();
    if (auto done = store.change(account, *change); !done) return std::unexpected(std::move(done.error()));
    return store.account(account);
  });
  if (!changed) co_return std::unexpected(std::move(changed.error()));
  parts_.look_now();
  co_return visible(*changed);
}

net::Task<Result<rest::ListAllWorkspaces::Result>> Administration::workspaces(WorkspaceSearch search,
                                                                              PageWish page) {
  search.after = page.cursor;
  auto found = co_await net::offload(
      parts_.pool, [&] { return parts_.store.administration().workspaces(search, page.limit + 1); });
  if (!found) co_return std::unexpected(std::move(found.error()));
  rest::ListAllWorkspaces::Result result;
  for (const auto& workspace : *found) {
    if (result.workspaces.size() == page.limit) {
      result.next = result.workspaces.back().id;
      break;
    }
    result.workspaces.push_back(shown(workspace));
  }
  co_return result;
}

rest::AdminWorkspace Administration::shown(const AdministeredWorkspace& workspace) const {
  auto seen = visible(workspace);
  if (seen.state == WorkspaceState::running) seen.use = parts_.uses.of(seen.id);
  return seen;
}

net::Task<Result<rest::AdminWorkspace>> Administration::stop(std::string workspace) {
  auto ordered = co_await net::offload(parts_.pool, [&] {
    return parts_.store.administration().order_stop(
        {.workspace = workspace, .reason = stopped_by_administrator, .ordered = true, .runs = true},
        parts_.clock());
  });
  if (!ordered) co_return std::unexpected(std::move(ordered.error()));
  parts_.look_now();
  const auto until = std::chrono::steady_clock::now() + stop_answer;
  boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor);
  while (true) {
    auto now = co_await net::offload(parts_.pool, [&]() -> Result<AdministeredWorkspace> {
      auto record = parts_.store.workspaces().find(workspace);
      if (!record) return std::unexpected(std::move(record.error()));
      auto owner = parts_.store.accounts().by_id(record->account);
      if (!owner) return std::unexpected(std::move(owner.error()));
      return AdministeredWorkspace{std::move(*record), owner->team ? "" : owner->email, owner->name,
                                   owner->team};
    });
    if (!now) co_return std::unexpected(std::move(now.error()));
    if (!runs(now->workspace.state) || std::chrono::steady_clock::now() >= until) co_return shown(*now);
    pause.expires_after(between_looks);
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
}

net::Task<Result<rest::GetWorkspaceLog::Result>> Administration::log(std::string workspace) {
  auto ends = co_await net::offload(parts_.pool, [&]() -> Result<std::vector<WorkspaceEnd>> {
    if (auto there = parts_.store.workspaces().find(workspace); !there)
      return std::unexpected(std::move(there.error()));
    return parts_.store.administration().ends(workspace);
  });
  if (!ends) co_return std::unexpected(std::move(ends.error()));
  rest::GetWorkspaceLog::Result result;
  for (const auto& end : *ends) result.entries.push_back({end.at, end.state, end.reason});
  co_return result;
}

net::Task<Result<rest::ListAllTemplates::Result>> Administration::templates() {
  co_return co_await net::offload(parts_.pool, [this]() -> Result<rest::ListAllTemplates::Result> {
    const auto totals = parts_.store.administration().totals();
    if (!totals) return std::unexpected(totals.error());
    rest::ListAllTemplates::Result result;
    for (const auto& one : parts_.templates.all()) {
      const auto count = totals->templates.find(one.id);
      rest::AdminTemplate seen{.id = one.id,
                               .name = one.name,
                               .description = one.description,
                               .enabled = parts_.settings.offers(one.id),
                               .workspaces = count == totals->templates.end() ? 0 : count->second,
                               .image = parts_.settings.image_of(one.id)};
      seen.image_is_set = !seen.image.empty();
      // A template that is damaged is listed all the same: its starts say what is wrong.
      if (!seen.image_is_set) seen.image = parts_.place.image_of(one.id).value_or("");
      result.templates.push_back(std::move(seen));
    }
    return result;
  });
}

net::Task<Result<rest::AdminTemplate>> Administration::update_template(std::string id,
                                                                       rest::UpdateTemplate::Body body) {
  if (!parts_.templates.find(id)) co_return failure(ErrorCode::not_found, "There is no such template.");
  if (body.image && !body.image->empty()) {
    if (auto good = check_image_reference(*body.image); !good)
      co_return std::unexpected(std::move(good.error()));
    auto usable = co_await net::offload(parts_.pool, [&] { return parts_.place.check_image(*body.image); });
    if (!usable) co_return std::unexpected(std::move(usable.error()));
  }
  if (body.enabled)
    if (auto offered = co_await parts_.settings.offer(id, *body.enabled, parts_.pool); !offered)
      co_return std::unexpected(std::move(offered.error()));
  if (body.image) {
    if (auto set = co_await parts_.settings.set_image(id, *body.image, parts_.pool); !set)
      co_return std::unexpected(std::move(set.error()));
    // What is kept ready is of the old image.
    auto told = co_await net::offload(parts_.pool, [this] { return parts_.store.administration().raise(); });
    if (!told) co_return std::unexpected(std::move(told.error()));
    parts_.look_now();
  }
  auto all = co_await templates();
  if (!all) co_return std::unexpected(std::move(all.error()));
  co_return std::move(*std::ranges::find(all->templates, id, &rest::AdminTemplate::id));
}

net::Task<Result<rest::ListAudit::Result>> Administration::audit(AuditSearch search, PageWish page) {
  search.before = page.cursor;
  auto found =
      co_await net::offload(parts_.pool, [&] { return parts_.store.audit().list(search, page.limit + 1); });
  if (!found) co_return std::unexpected(std::move(found.error()));
  rest::ListAudit::Result result;
  for (const auto& record : *found) {
    if (result.entries.size() == page.limit) {
      result.next = result.entries.back().id;
      break;
    }
    result.entries.push_back(visible(record));
  }
  co_return result;
}

std::unique_ptr<ByteSource> Administration::audit_export(AuditSearch search) {
  return std::make_unique<AuditSource>(parts_.store.audit(), parts_.pool, std::move(search));
}

net::Task<Result<rest::GetLoad::Result>> Administration::load() {
  struct Seen {
    AdministrationTotals totals;
    std::vector<LoadRecord> loads;
    std::vector<ReplicaRecord> living;
  };
  auto seen = co_await net::offload(parts_.pool, [this]() -> Result<Seen> {
    auto totals = parts_.store.administration().totals();
    if (!totals) return std::unexpected(std::move(totals.error()));
    if (!parts_.shared) return Seen{std::move(*totals), {}, {}};
    auto loads = parts_.store.loads().all();
    if (!loads) return std::unexpected(std::move(loads.error()));
    auto living = parts_.store.replicas().living();
    if (!living) return std::unexpected(std::move(living.error()));
    return Seen{std::move(*totals), std::move(*loads), std::move(*living)};
  });
  if (!seen) co_return std::unexpected(std::move(seen.error()));
  auto here = parts_.load();
  here.answers = true;
  rest::GetLoad::Result result{.at = parts_.clock(),
                               .servers = {},
                               .workspaces = std::move(seen->totals.workspaces),
                               .accounts = seen->totals.accounts,
                               .disabled_accounts = seen->totals.disabled,
                               .backend = parts_.backend};
  for (const auto& replica : seen->living) {
    if (replica.id == here.id) continue;
    const auto told = std::ranges::find(seen->loads, replica.id, &LoadRecord::replica);
    if (told == seen->loads.end()) continue;
    const auto json = protocol::parse_json(told->data);
    auto load = json ? protocol::decode<rest::ServerLoad>(*json, "load")
                     : Result<rest::ServerLoad>(std::unexpected(json.error()));
    if (!load) continue;  // of another release
    load->id = replica.id;
    load->address = replica.address;
    load->release = replica.release;
    load->answers = false;
    result.servers.push_back(std::move(*load));
  }
  result.servers.insert(result.servers.begin(), std::move(here));
  co_return result;
}

}  // namespace berth::server
