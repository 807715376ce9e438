// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_account.hpp"

#include <stdexcept>

namespace berth::test {

namespace k8s = server::kubernetes;
using protocol::Json;

namespace {

constexpr const char* account_name = "berthd";

/// POST of an object that is asked with, not stored: it has no name, and its path may lead below another one.
Json ask(const k8s::KubeClientSettings& asker, const k8s::Resource& resource, const std::string& name_space,
         const Json& question) {
  auto answer = k8s::KubeClient(asker).create(resource, name_space, question);
  if (!answer) throw std::runtime_error(answer.error().message + " " + answer.error().detail);
  return std::move(*answer);
}

}  // namespace

k8s::KubeClientSettings server_account(const TestCluster& cluster, const std::string& name_space) {
  const auto answer =
      cluster.shell("sed 's/^\\( *namespace:\\).*/\\1 " + name_space +
                    "/' " BERTH_MANIFESTS "/base/rights.yaml | kubectl apply -f - || echo refused");
  if (answer.find("refused") != answer.npos) throw std::runtime_error(answer);
  auto settings = cluster.client_settings();
  const k8s::Resource tokens{"", "v1", "serviceaccounts/berthd/token", "TokenRequest"};
  const auto token = ask(settings, tokens, name_space,
                         {{"apiVersion", "authentication.k8s.io/v1"},
                          {"kind", "TokenRequest"},
                          {"metadata", {{"name", account_name}}},
                          {"spec", {{"expirationSeconds", 7200}}}});
  settings.access.certificate = {};
  settings.access.key = {};
  settings.access.token.text = token.at("status").at("token").get<std::string>();
  return settings;
}

std::set<std::string> rights_of(const k8s::KubeClientSettings& account, const std::string& name_space) {
  const k8s::Resource reviews{"authorization.k8s.io", "v1", "selfsubjectrulesreviews",
                              "SelfSubjectRulesReview", false};
  const auto review = ask(account, reviews, "",
                          {{"apiVersion", "authorization.k8s.io/v1"},
                           {"kind", "SelfSubjectRulesReview"},
                           {"spec", {{"namespace", name_space}}}});
  const auto& status = review.at("status");
  if (status.value("incomplete", true)) throw std::runtime_error("the rules are not told whole");
  std::set<std::string> rights;
  for (const auto& rule : status.at("resourceRules"))
    for (const auto& group : rule.at("apiGroups")) {
      if (group == "authorization.k8s.io") continue;
      const auto prefix = group.get<std::string>().empty() ? "" : group.get<std::string>() + "/";
      const auto names = rule.contains("resourceNames") ? rule["resourceNames"] : Json::array({""});
      for (const auto& resource : rule.at("resources"))
        for (const auto& verb : rule.at("verbs"))
          for (const auto& name : names)
            rights.insert(verb.get<std::string>() + " " + prefix + resource.get<std::string>() +
                          (name.get<std::string>().empty() ? "" : ":" + name.get<std::string>()));
    }
  for (const auto& rule : status.at("nonResourceRules"))
    for (const auto& verb : rule.at("verbs"))
      if (verb != "get") rights.insert(verb.get<std::string>() + " " + rule.at("nonResourceURLs").dump());
  return rights;
}

}  // namespace berth::test
