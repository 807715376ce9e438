// SPDX-License-Identifier: GPL-3.0-or-later
// A server with teams, many workspaces in pages and links to join by, for what shows them. It answers as a
// real one does; tests set what is there.
#pragma once

#include <QUrlQuery>
#include <algorithm>
#include <optional>

#include "protocol/rest_teams.hpp"
#include "signed_in_server.hpp"

namespace berth::test {

class ScriptedTeams {
 public:
  explicit ScriptedTeams(SignedInServer& server) {
    server.serve = [this](const QString& route, const QByteArray& body) { return serve(route, body); };
  }

  static protocol::rest::Workspace workspace(const std::string& id, const std::string& name) {
    protocol::rest::Workspace made{};
    made.id = id;
    made.name = name;
    made.template_id = "python";
    made.state = protocol::rest::WorkspaceState::stopped;
    made.owner = {"id", "Ada", "ada@example.org"};
    return made;
  }
  void fill(int count) {
    for (int i = 0; i < count; ++i)
      workspaces.push_back(workspace("w" + std::to_string(i), "Number " + std::to_string(i)));
  }
  QStringList asked(const QString& part) const {
    QStringList out;
    for (const auto& route : routes)
      if (route.contains(part)) out.append(route);
    return out;
  }
  template <class T>
  T body(const QString& part) const {
    for (qsizetype i = routes.size() - 1; i >= 0; --i)
      if (routes[i].contains(part))
        if (const auto json = protocol::parse_json(bodies[i].toStdString()))
          if (auto value = protocol::decode<T>(*json, "body")) return *value;
    ADD_FAILURE() << "nothing was sent to " << part.toStdString();
    return {};
  }

  std::vector<protocol::rest::Workspace> workspaces;
  std::vector<protocol::rest::Team> teams;
  std::vector<protocol::rest::TeamTemplate> templates;  // of each team
  std::size_t page = 3;                                 // workspaces on one
  bool mail = true;
  bool verified = false;
  bool link_works = true;
  QStringList routes;
  QList<QByteArray> bodies;

 private:
  template <class T>
  static TinyServer::Answer good(const T& value) {
    return {200, protocol::to_text(protocol::encode(value))};
  }

  TinyServer::Answer list(const QString& route) const {
    const QUrlQuery query(route.section(u'?', 1));
    const auto value = [&](const char* name) {
      return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded).toStdString();
    };
    std::vector<protocol::rest::Workspace> fitting;
    for (const auto& one : workspaces)
      if (one.name.find(value("query")) != std::string::npos &&
          (value("owner").empty() || one.owner.id == value("owner")))
        fitting.push_back(one);
    const auto begin = value("cursor").empty() ? 0u : std::stoul(value("cursor"));
    protocol::rest::ListWorkspaces::Result answer;
    for (auto i = begin; i < fitting.size() && i < begin + page; ++i) answer.workspaces.push_back(fitting[i]);
    if (begin + page < fitting.size()) answer.next = std::to_string(begin + page);
    return good(answer);
  }

  TinyServer::Answer serve(const QString& route, const QByteArray& body) {
    namespace rest = protocol::rest;
    routes.append(route);
    bodies.append(body);
    const auto is = [&](const char* wanted) { return route == QLatin1String(wanted); };
    if (is("GET /api/v1/server")) {
      rest::ServerInfo info{};
      info.sign_in.mail = mail;
      return good(info);
    }
    if (is("GET /api/v1/me")) {
      rest::Account account{"id", "ada@example.org", "Ada", false, 0};
      account.email_verified = verified;
      return good(account);
    }
    if (is("POST /api/v1/me/email/verification")) return {200, "{}"};
    if (is("GET /api/v1/teams")) return good(rest::ListTeams::Result{teams, 1});
    if (route.endsWith(QStringLiteral("/templates")) && route.contains(QStringLiteral("/teams/")))
      return good(rest::ListTeamTemplates::Result{templates});
    if (is("GET /api/v1/templates"))
      return good(rest::ListTemplates::Result{
          {{"python", "Python", "A script.", "", {}, ""}, {"node", "Node.js", "A page.", "", {}, ""}}});
    if (is("POST /api/v1/join") || is("POST /api/v1/teams/join")) {
      if (!link_works)
        return {404, R"({"error":{"code":"not_found","message":"There is no such link.","data":{}}})"};
      if (is("POST /api/v1/join")) return good(workspace("abcdefghij", "Tide tables"));
      return good(rest::Team{"harbour", "Harbour", protocol::Role::editor, 0, 3});
    }
    if (is("POST /api/v1/workspaces")) return good(workspace("newnewnewn", "New"));
    if (route.startsWith(QStringLiteral("GET /api/v1/workspaces?")) || is("GET /api/v1/workspaces"))
      return list(route);
    return {404, R"({"error":{"code":"not_found","message":"Nothing here.","data":{}}})"};
  }
};

}  // namespace berth::test
