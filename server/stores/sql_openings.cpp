// SPDX-License-Identifier: GPL-3.0-or-later
// What of workspaces is open to strangers, in SQL: public links, ports.
#include <algorithm>

#include "server/stores/sql_sharing.hpp"

namespace berth::server {
namespace {

using soci::into;
using soci::use;

bool has_workspace(SqlSession& sql, const std::string& workspace) {
  int count = 0;
  sql.run("SELECT COUNT(*) FROM workspaces WHERE id = :id", use(workspace), into(count));
  return count > 0;
}

std::unexpected<Error> nothing_to_open() {
  return failure(ErrorCode::not_found, "There is no such workspace.");
}

std::optional<PublicLinkRecord> select_public(SqlSession& sql, const std::string& where,
                                              const std::string& value) {
  PublicLinkRecord link;
  long long created = 0;
  if (!sql.run("SELECT workspace, id, created FROM public_links WHERE " + where, use(value),
               into(link.workspace), into(link.id), into(created)))
    return std::nullopt;
  link.created = created;
  return link;
}

Result<std::map<std::uint16_t, PortRecord>> select_ports(SqlSession& sql, const std::string& workspace) {
  std::map<std::uint16_t, PortRecord> all;
  long long port = 0, generation = 0;
  std::string visibility;
  auto select = sql.prepare("SELECT port, visibility, generation FROM ports WHERE workspace = :workspace",
                            use(workspace), into(port), into(visibility), into(generation));
  select.start();
  while (select.fetch()) {
    const auto known = port_visibility(visibility);
    if (!known)
      return failure(ErrorCode::internal, "The server's database has a problem; its log says more.",
                     "visibility " + visibility);
    all[static_cast<std::uint16_t>(port)] = {*known, generation};
  }
  return all;
}

void put_port(SqlSession& sql, const std::string& workspace, std::uint16_t number, const PortRecord& port) {
  const auto visibility = to_text(port.visibility);
  const long long at = number, generation = port.generation;
  sql.run(
      "INSERT INTO ports (workspace, port, visibility, generation) VALUES (:workspace, :port, :visibility, "
      ":generation) ON CONFLICT (workspace, port) DO UPDATE SET visibility = excluded.visibility, generation "
      "= excluded.generation",
      use(workspace), use(at), use(visibility), use(generation));
}

}  // namespace

std::string to_text(PortVisibility visibility) {
  switch (visibility) {
    case PortVisibility::members_who_edit:
      return "private";
    case PortVisibility::people:
      return "people";
    case PortVisibility::everybody:
      return "public";
  }
  return "private";
}

std::optional<PortVisibility> port_visibility(const std::string& text) {
  if (text == "private") return PortVisibility::members_who_edit;
  if (text == "people") return PortVisibility::people;
  if (text == "public") return PortVisibility::everybody;
  return std::nullopt;
}

Result<PublicLinkRecord> SqlOpenings::open(const PublicLinkRecord& link) {
  return database_.transaction<PublicLinkRecord>([&](SqlSession& sql) -> Result<PublicLinkRecord> {
    if (!has_workspace(sql, link.workspace)) return nothing_to_open();
    const long long created = link.created;
    sql.run(
        "INSERT INTO public_links (workspace, id, created) VALUES (:workspace, :id, :created) ON CONFLICT "
        "(workspace) DO NOTHING",
        use(link.workspace), use(link.id), use(created));
    return select_public(sql, "workspace = :key", link.workspace).value_or(link);
  });
}

Result<void> SqlOpenings::close(const std::string& workspace) {
  return database_.transaction<void>([&](SqlSession& sql) -> Result<void> {
    sql.run("DELETE FROM public_links WHERE workspace = :workspace", use(workspace));
    return {};
  });
}

Result<PublicLinkRecord> SqlOpenings::find(const std::string& id) {
  return database_.read<PublicLinkRecord>([&](SqlSession& sql) -> Result<PublicLinkRecord> {
    auto found = select_public(sql, "id = :key", id);
    if (!found) return failure(ErrorCode::not_found, "There is no public project at this address any more.");
    return std::move(*found);
  });
}

Result<PortRecord> SqlOpenings::port(const std::string& workspace, std::uint16_t port) {
  return database_.read<PortRecord>([&](SqlSession& sql) -> Result<PortRecord> {
    const long long number = port;
    std::string visibility;
    long long generation = 0;
    if (!sql.run("SELECT visibility, generation FROM ports WHERE workspace = :workspace AND port = :port",
                 use(workspace), use(number), into(visibility), into(generation)))
      return PortRecord{};
    // What a newer release wrote is private to this one.
    return PortRecord{port_visibility(visibility).value_or(PortVisibility::members_who_edit), generation};
  });
}

Result<std::map<std::uint16_t, PortRecord>> SqlOpenings::ports(const std::string& workspace) {
  return database_.read<std::map<std::uint16_t, PortRecord>>(
      [&](SqlSession& sql) { return select_ports(sql, workspace); });
}

Result<std::vector<std::uint16_t>> SqlOpenings::set_ports(
    const std::string& workspace, const std::map<std::uint16_t, PortVisibility>& ports, std::size_t maximum,
    const std::string& reason) {
  return database_.transaction<std::vector<std::uint16_t>>(
      [&](SqlSession& sql) -> Result<std::vector<std::uint16_t>> {
        if (!has_workspace(sql, workspace)) return nothing_to_open();
        auto all = select_ports(sql, workspace);
        if (!all) return std::unexpected(std::move(all.error()));
        std::vector<std::uint16_t> less;
        for (const auto& [number, wanted] : ports) {
          const bool known = all->contains(number);
          auto& port = (*all)[number];
          const bool ends_links = wanted == PortVisibility::members_who_edit && port.generation > 0;
          if (wanted < port.visibility || ends_links) less.push_back(number);
          if (ends_links) ++port.generation;
          port.visibility = wanted;
          if (known || wanted != PortVisibility::members_who_edit) put_port(sql, workspace, number, port);
        }
        const auto open = std::ranges::count_if(
            *all, [](const auto& one) { return one.second.visibility != PortVisibility::members_who_edit; });
        if (static_cast<std::size_t>(open) > maximum)
          return failure(ErrorCode::limit_exceeded,
                         "A workspace can show " + std::to_string(maximum) + " ports at most.");
        for (const auto number : less)
          database_.announce(sql, {.kind = AnnouncementKind::share_ended,
                                   .subject = workspace,
                                   .except = port_share(number),
                                   .reason = reason});
        return less;
      });
}

Result<std::int64_t> SqlOpenings::link_generation(const std::string& workspace, std::uint16_t port) {
  return database_.transaction<std::int64_t>([&](SqlSession& sql) -> Result<std::int64_t> {
    if (!has_workspace(sql, workspace)) return nothing_to_open();
    auto all = select_ports(sql, workspace);
    if (!all) return std::unexpected(std::move(all.error()));
    auto& record = (*all)[port];
    if (record.generation == 0) {
      record.generation = 1;
      put_port(sql, workspace, port, record);
    }
    return record.generation;
  });
}

}  // namespace berth::server
