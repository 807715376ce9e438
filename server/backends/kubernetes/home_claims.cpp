// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/home_claims.hpp"

#include <algorithm>

namespace berth::server::kubernetes {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_claim_pause{10};
constexpr milliseconds longest_claim_pause{500};

bool is_pending(const Json& claim) {
  const auto status = claim.find("status");
  return status == claim.end() || !status->is_object() ||
         status->value("phase", std::string("Pending")) == "Pending";
}

/// Whether a volume is being made for it: the controller names who does that.
bool is_provisioned(const Json& claim) {
  const auto metadata = claim.find("metadata");
  if (metadata == claim.end() || !metadata->is_object()) return false;
  const auto annotations = metadata->find("annotations");
  return annotations != metadata->end() && annotations->is_object() &&
         (annotations->contains("volume.kubernetes.io/storage-provisioner") ||
          annotations->contains("volume.beta.kubernetes.io/storage-provisioner"));
}

}  // namespace

Result<Json> HomeClaims::make_or_find(const std::string& workspace) {
  auto created = client_.create(volume_claims, settings_.name_space, claim_object(workspace, settings_));
  if (created) return created;
  // There, or it can't be told whether it is.
  auto found = client_.get(volume_claims, settings_.name_space, claim_name(workspace));
  if (!found) return created;
  if (!metadata_text(*found, "deletionTimestamp").empty())
    return failure(ErrorCode::unavailable, "The workspace's home is being deleted. Try again in a moment.");
  return found;
}

Result<void> HomeClaims::ensure(const std::string& workspace, const std::function<bool()>& leaves) {
  if (settings_.home != HomeKind::claim) return {};
  auto claim = make_or_find(workspace);
  if (!claim) return std::unexpected(std::move(claim.error()));
  wait_until_bound(std::move(*claim), workspace, leaves);
  return {};
}

void HomeClaims::wait_until_bound(Json claim, const std::string& workspace,
                                  const std::function<bool()>& leaves) {
  const auto begin = Clock::now();
  auto pause = first_claim_pause;
  while (is_pending(claim) && begin >= not_before_.load() && !leaves()) {
    if (Clock::now() - begin >= (is_provisioned(claim) ? patience_.provisioned : patience_.unclaimed)) {
      not_before_ = Clock::now() + patience_.remembered;
      return;
    }
    pause_for(pause, {});
    pause = std::min(2 * pause, longest_claim_pause);
    auto now = client_.get(volume_claims, settings_.name_space, claim_name(workspace));
    if (!now) return;
    claim = std::move(*now);
  }
}

}  // namespace berth::server::kubernetes
