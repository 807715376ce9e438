// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "protocol/codec.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;

constexpr std::string_view done = "done";
constexpr int most_of_one = 60;  // refusals from one address a minute that are told

/// What changes nothing that anybody would look for: every window does these all day long.
constexpr std::array<std::string_view, 4> untold = {"Refresh", "StayWorkspace", "CreatePreview",
                                                    "UpdatePreferences"};
/// Reading that leaves the server.
constexpr std::array<std::string_view, 1> told_reading = {"ExportAudit"};

bool is_reading(std::string_view method) { return method == "GET" || method == "HEAD"; }

/// Refusals that tell about somebody: who guesses passwords, and who tries what he may not do.
bool told_refusal(const AuditedRequest& request, ErrorCode code) {
  const bool known = !request.principal.account.empty();
  if (request.access == rest::Access::administrator) return known;
  if (is_reading(request.method)) return false;
  if (code == ErrorCode::permission_denied) return true;
  return request.access == rest::Access::anyone && code == ErrorCode::unauthenticated;
}

/// Of what a client sent: ids are shorter than this, and nothing else belongs into the log.
std::string clipped(std::string text) {
  constexpr std::size_t longest = 256;
  if (text.size() > longest) text.resize(longest);
  return text;
}

bool about_workspace(std::string_view path) { return path.find("/workspaces/{id}") != path.npos; }

}  // namespace

std::optional<AuditRecord> audit_record(const AuditedRequest& request, const Error* error) {
  const Error* const failed = request.note.done ? nullptr : error;
  const bool signs_in =
      request.principal.account.empty() && !request.note.actor.empty();  // a provider's callback
  const bool only_reads =
      is_reading(request.method) && !signs_in && !std::ranges::contains(told_reading, request.route);
  if (failed ? !told_refusal(request, failed->code) : only_reads) return std::nullopt;
  if (std::ranges::contains(untold, request.route)) return std::nullopt;
  const auto& principal = request.principal;
  const auto& note = request.note;
  AuditRecord record{.id = {},
                     .at = 0,
                     .actor = principal.account,
                     .actor_email = principal.email,
                     .by = principal.scopes ? rest::AuditMeans::token : rest::AuditMeans::sign_in,
                     .address = request.address,
                     .action = std::string(request.route),
                     .workspace = note.workspace,
                     .target = note.target,
                     .outcome = failed ? std::string(to_string(failed->code)) : std::string(done),
                     .data = note.data};
  if (record.actor.empty()) {
    record.actor = note.actor;
    record.actor_email = note.actor_email;
  }
  if (!principal.impersonator.empty()) {
    record.by = rest::AuditMeans::impersonation;
    record.actor = principal.impersonator;
    record.actor_email = principal.impersonator_email;
    record.data["as"] = principal.account;
    record.data["as_email"] = principal.email;
  }
  const bool of_workspace = about_workspace(request.path);
  if (record.workspace.empty() && of_workspace) record.workspace = request.id;
  if (record.target.empty()) record.target = of_workspace ? request.other : request.id;
  record.workspace = clipped(std::move(record.workspace));
  record.target = clipped(std::move(record.target));
  for (auto& [name, value] : record.data) value = clipped(std::move(value));
  // Which half of a sign-in was wrong.
  if (error)
    if (const auto step = error->data.find("second_factor"); step != error->data.end())
      record.data["second_factor"] = step->second;
  return record;
}

AuditLog::AuditLog(AuditStore& store, boost::asio::thread_pool& pool, Clock clock)
    : store_(store), pool_(pool), clock_(std::move(clock)) {}

AuditLog::~AuditLog() {
  for (const auto& line : left_out(true)) append(line);
}

bool AuditLog::too_many(const AuditRecord& record) {
  if (record.outcome == done) return false;
  const std::lock_guard lock(mutex_);
  return ++refused_[record.address] > most_of_one;
}

std::vector<AuditRecord> AuditLog::left_out(bool at_the_end) {
  constexpr std::int64_t minute = 60'000;
  constexpr std::size_t most_addresses = 10'000;
  const auto now = clock_();
  std::vector<AuditRecord> lines;
  const std::lock_guard lock(mutex_);
  if (!at_the_end && now / minute == minute_ && refused_.size() <= most_addresses) return lines;
  for (const auto& [address, count] : refused_) {
    if (count <= most_of_one) continue;
    AuditRecord line;
    line.at = now;
    line.address = address;
    line.action = "LeftOut";
    line.outcome = to_string(ErrorCode::limit_exceeded);
    line.data = {{"refusals", std::to_string(count - most_of_one)}};
    lines.push_back(std::move(line));
  }
  refused_.clear();
  minute_ = now / minute;
  return lines;
}

void AuditLog::append(const AuditRecord& record) {
  if (const auto written = store_.append(record); !written)
    spdlog::error("audit: {} {} by {} ({}) from {}, workspace {}, target {}, {}: not written: {} {}",
                  record.outcome, record.action, record.actor, record.actor_email, record.address,
                  record.workspace, record.target, protocol::to_text(protocol::encode(record.data)),
                  written.error().message, written.error().detail);
}

net::Task<void> AuditLog::write(AuditRecord record) {
  auto lines = left_out(false);
  if (!too_many(record)) {
    record.at = clock_();
    lines.push_back(std::move(record));
  }
  if (lines.empty()) co_return;
  co_await net::offload(pool_, [&] {
    for (const auto& line : lines) append(line);
  });
}

}  // namespace berth::server
