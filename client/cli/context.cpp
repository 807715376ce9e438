// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/cli/context.hpp"

#include <QtEnvironmentVariables>
#include <charconv>

#include "client/core/server_address.hpp"

namespace berth::cli {
namespace {

bool looks_like_id(const std::string& text) {
  return text.size() == 10 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

}  // namespace

std::string environment(const char* name) { return qgetenv(name).toStdString(); }

CLI::App* Commands::add(CLI::App* group, const std::string& name, const std::string& what, Run run) {
  auto* command = group->add_subcommand(name, what);
  command->callback([this, run = std::move(run)] { chosen = run; });
  return command;
}

Result<QUrl> Context::origin() {
  auto text = server_name.empty() ? environment("BERTH_SERVER") : server_name;
  if (!text.empty()) return client::server_origin(QString::fromStdString(text));
  if (const auto usual = credentials_.usual(); !usual.isEmpty()) return usual;
  return failure(ErrorCode::unauthenticated, "You are not signed in anywhere. Run: berthctl login SERVER");
}

Result<Server*> Context::server() {
  if (server_) return server_.get();
  auto where = origin();
  if (!where) return std::unexpected(where.error());
  auto server = std::make_unique<Server>(*where, &credentials_);
  if (const auto token = environment("BERTH_TOKEN"); !token.empty()) {
    server->useToken(QString::fromStdString(token).trimmed());
  } else if (auto restored = server->restore(); !restored) {
    return std::unexpected(restored.error());
  }
  server_ = std::move(server);
  return server_.get();
}

Result<std::vector<rest::Workspace>> Context::workspaces(const std::string& part, const std::string& owner) {
  auto at = server();
  if (!at) return std::unexpected(at.error());
  std::vector<rest::Workspace> all;
  QString cursor;
  do {
    auto page = (*at)->ask<rest::ListWorkspaces>({}, {},
                                                 {{"query", QString::fromStdString(part)},
                                                  {"owner", QString::fromStdString(owner)},
                                                  {"cursor", cursor},
                                                  {"limit", QStringLiteral("200")}});
    if (!page) return std::unexpected(page.error());
    all.insert(all.end(), page->workspaces.begin(), page->workspaces.end());
    const auto next = QString::fromStdString(page->next.value_or(""));
    if (next == cursor) break;  // a server that gives the same page for ever
    cursor = next;
  } while (!cursor.isEmpty());
  return all;
}

Result<rest::Workspace> Context::workspace(const std::string& name_or_id) {
  auto at = server();
  if (!at) return std::unexpected(at.error());
  if (looks_like_id(name_or_id)) {
    auto found = (*at)->ask<rest::GetWorkspace>({}, {QString::fromStdString(name_or_id)});
    if (found || found.error().code != ErrorCode::not_found) return found;
  }
  auto listed = workspaces(name_or_id);
  if (!listed) return std::unexpected(listed.error());
  std::erase_if(*listed, [&](const auto& one) { return one.name != name_or_id; });
  if (listed->empty())
    return failure(ErrorCode::not_found,
                   "There is no workspace “" + name_or_id + "”. See: berthctl workspaces ls");
  if (listed->size() > 1) {
    std::string ids;
    for (const auto& one : *listed) ids += (ids.empty() ? "" : ", ") + one.id;
    return failure(ErrorCode::invalid_argument,
                   "Several workspaces are called “" + name_or_id + "”; name one by its id: " + ids + ".");
  }
  return listed->front();
}

Result<rest::Team> Context::team(const std::string& name_or_id) {
  auto at = server();
  if (!at) return std::unexpected(at.error());
  auto listed = (*at)->ask<rest::ListTeams>();
  if (!listed) return std::unexpected(listed.error());
  std::vector<rest::Team> found;
  for (const auto& one : listed->teams) {
    if (one.id == name_or_id) return one;
    if (one.name == name_or_id) found.push_back(one);
  }
  if (found.size() == 1) return found.front();
  if (found.empty())
    return failure(ErrorCode::not_found, "You are in no team “" + name_or_id + "”. See: berthctl teams ls");
  return failure(ErrorCode::invalid_argument,
                 "Several teams are called “" + name_or_id + "”; name one by its id.");
}

std::optional<std::int64_t> duration_of(const std::string& text) {
  constexpr std::int64_t longest = 10ll * 366 * 86'400'000;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end + 1 != text.data() + text.size() || number <= 0 || number > 400'000'000)
    return std::nullopt;
  const std::int64_t unit = *end == 'd'   ? 86'400'000
                            : *end == 'h' ? 3'600'000
                            : *end == 'm' ? 60'000
                            : *end == 's' ? 1'000
                                          : 0;
  const auto length = number * unit;
  return length > 0 && length <= longest ? std::optional(length) : std::nullopt;
}

Result<protocol::Role> role_of_name(const std::string& name) {
  protocol::Role role{};
  if (boost::describe::enum_from_string(name.c_str(), role) && role != protocol::Role::server) return role;
  return failure(ErrorCode::invalid_argument, "A role is viewer, editor or owner.");
}

}  // namespace berth::cli
