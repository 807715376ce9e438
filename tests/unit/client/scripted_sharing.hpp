// SPDX-License-Identifier: GPL-3.0-or-later
// A server that keeps the people of one workspace as a real one does, for what looks at them. Refusals are
// set by tests.
#pragma once

#include <algorithm>
#include <optional>

#include "protocol/rest_teams.hpp"
#include "signed_in_server.hpp"

namespace berth::test {

class ScriptedSharing {
 public:
  explicit ScriptedSharing(SignedInServer& server) {
    facts.id = "abcdefghij";
    facts.name = "Tide tables";
    facts.state = protocol::rest::WorkspaceState::stopped;
    facts.owner = {"id", "Ada", "ada@example.org"};
    people.members = {{"id", "Ada", "ada@example.org", protocol::Role::owner, 1},
                      {"grace", "Grace Hopper", "grace@example.org", protocol::Role::viewer, 2}};
    server.serve = [this](const QString& route, const QByteArray& body) { return serve(route, body); };
  }

  protocol::rest::Workspace facts;
  protocol::rest::ListMembers::Result people;
  std::optional<TinyServer::Answer> refusal;  // of the next change
  std::vector<protocol::rest::Team> teams;
  bool gone = false;         // not_found to everything
  QStringList changes;       // routes that are no GET
  QList<QByteArray> bodies;  // of those

 private:
  template <class T>
  static TinyServer::Answer good(const T& value) {
    return {200, protocol::to_text(protocol::encode(value))};
  }
  template <class T>
  static T read(const QByteArray& body) {
    const auto json = protocol::parse_json(body.toStdString());
    auto value = json ? protocol::decode<T>(*json, "body") : std::unexpected(json.error());
    EXPECT_TRUE(value) << body.toStdString();
    return value.value_or(T{});
  }

  TinyServer::Answer serve(const QString& route, const QByteArray& body) {
    const auto base = QStringLiteral(" /api/v1/workspaces/abcdefghij");
    if (gone)
      return {404, R"({"error":{"code":"not_found","message":"There is no such workspace.","data":{}}})"};
    if (route == QStringLiteral("GET") + base) return good(facts);
    if (route == QStringLiteral("GET") + base + QStringLiteral("/members")) {
      auto shown = people;
      if (facts.role != protocol::Role::owner) shown.invitations = {}, shown.links = {};
      return good(shown);
    }
    if (route == QStringLiteral("GET /api/v1/teams")) return good(protocol::rest::ListTeams::Result{teams});
    if (route == QStringLiteral("GET /api/v1/server")) return good(protocol::rest::ServerInfo{});
    if (route == QStringLiteral("GET /api/v1/workspaces"))
      return good(protocol::rest::ListWorkspaces::Result{{facts}});
    if (!route.contains(base)) return {404, "{}"};
    changes.append(route);
    bodies.append(body);
    if (refusal) return *std::exchange(refusal, std::nullopt);
    return change(route.section(u' ', 0, 0), route.section(base, 1), body);
  }

  TinyServer::Answer change(const QString& verb, const QString& path, const QByteArray& body) {
    namespace rest = protocol::rest;
    const auto id = path.section(u'/', -1).toStdString();
    if (verb == u"POST" && path == u"/members") {
      const auto given = read<rest::AddMember::Body>(body);
      if (given.email.starts_with("known")) {
        people.members.push_back({"known", "Known", given.email, given.role, 3});
        return good(rest::AddMember::Result{people.members.back(), {}});
      }
      people.invitations.push_back({"i1", given.email, given.role, 4, 1'900'000'000'000});
      return good(rest::AddMember::Result{{}, people.invitations.back()});
    }
    if (verb == u"POST" && path == u"/links") {
      const auto given = read<rest::CreateLink::Body>(body);
      people.links.push_back({"l1", given.role, 5, given.expires, 0});
      return good(rest::CreateLink::Result{people.links.back(), "https://berth.example/join?token=secret"});
    }
    if (verb == u"PUT") {
      facts.public_link = read<rest::SetPublic::Body>(body).enabled;
      rest::SetPublic::Result answer;
      if (facts.public_link) answer.url = "https://berth.example/public/token" + std::to_string(++addresses_);
      return good(answer);
    }
    if (path == u"/transfer") {
      const auto to = read<rest::TransferWorkspace::Body>(body).account;
      if (const auto team = std::ranges::find(teams, to, &rest::Team::id); team != teams.end()) {
        facts.owner = {team->id, team->name, "", true};
        facts.role = team->role;
        return good(facts);
      }
      for (auto& member : people.members)
        member.role = member.role == protocol::Role::owner ? protocol::Role::editor : protocol::Role::owner;
      facts.role = protocol::Role::editor;
      facts.owner = {"grace", "Grace Hopper", "grace@example.org"};
      return good(facts);
    }
    if (verb == u"PATCH") {
      const auto member = std::ranges::find(people.members, id, &rest::Member::account);
      if (member == people.members.end()) return {404, "{}"};
      member->role = read<rest::UpdateMember::Body>(body).role;
      return good(*member);
    }
    std::erase_if(people.members, [&](const auto& member) { return member.account == id; });
    std::erase_if(people.invitations, [&](const auto& invitation) { return invitation.id == id; });
    std::erase_if(people.links, [&](const auto& link) { return link.id == id; });
    return good(rest::NoBody{});
  }
  int addresses_ = 0;
};

}  // namespace berth::test
