// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kube_rights.hpp"

namespace berth::server::kubernetes {

namespace {

constexpr Resource access_reviews{"authorization.k8s.io", "v1", "selfsubjectaccessreviews",
                                  "SelfSubjectAccessReview", false};

Json review_of(const std::string& name_space, const NeededRight& right) {
  return {{"apiVersion", api_version_of(access_reviews)},
          {"kind", access_reviews.kind},
          {"spec",
           {{"resourceAttributes",
             {{"namespace", name_space},
              {"verb", right.verb},
              {"group", right.resource.group},
              {"resource", right.resource.plural}}}}}};
}

}  // namespace

std::vector<NeededRight> needed_rights(bool applies_policy, bool warm) {
  std::vector<NeededRight> all;
  for (const char* verb : {"get", "list", "watch", "create", "delete"}) all.push_back({pods, verb});
  for (const char* verb : {"get", "list", "create", "delete"}) all.push_back({volume_claims, verb});
  for (const char* verb : {"get", "create"}) all.push_back({secrets, verb});
  if (applies_policy)
    for (const char* verb : {"create", "patch"}) all.push_back({network_policies, verb});
  if (warm) all.push_back({pods, "patch"});
  return all;
}

Result<void> check_rights(KubeClient& client, const std::string& name_space,
                          const std::vector<NeededRight>& rights) {
  std::string missing;
  for (const auto& right : rights) {
    const auto answer = client.create(access_reviews, name_space, review_of(name_space, right));
    if (!answer) return std::unexpected(answer.error());
    const auto status = answer->find("status");
    if (status == answer->end() || !status->is_object()) continue;
    const auto allowed = status->find("allowed");
    if (allowed == status->end() || !allowed->is_boolean() || allowed->get<bool>()) continue;
    missing +=
        (missing.empty() ? "" : ", ") + std::string(right.verb) + " " + std::string(right.resource.plural);
  }
  if (missing.empty()) return {};
  return failure(ErrorCode::permission_denied,
                 "The server's account may not do what it needs in the namespace " + name_space + ": " +
                     missing + ". Grant it by a Role and a RoleBinding (k8s/base has them).");
}

}  // namespace berth::server::kubernetes
