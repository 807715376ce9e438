// SPDX-License-Identifier: GPL-3.0-or-later
// The claims of homes: made where there is none, and bound before a pod wants them, where that can be.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "server/backends/kubernetes/kube_client.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::server::kubernetes {

/// A scheduler that finds a claim unbound sets the pod aside and comes back after a pause of a second or
/// more, so the pod is made when its claim is bound. A class that binds when a pod wants the claim
/// (WaitForFirstConsumer) can't be told from here, for classes are the cluster's: a claim that nobody binds
/// shows it, and for some minutes no other is waited for.
class HomeClaims {
 public:
  struct Patience {
    std::chrono::milliseconds unclaimed{1'000};  // with a claim of which nobody says that he makes its volume
    std::chrono::milliseconds provisioned{10'000};  // with one of which somebody does
    std::chrono::minutes remembered{10};
  };

  /// Both must outlive this.
  HomeClaims(KubeClient& client, const PodSettings& settings, Patience patience)
      : client_(client), settings_(settings), patience_(patience) {}

  /// Makes the claim where there is none, and waits for its volume, until `leaves` at the longest. A claim
  /// that stays without one is no error here: what it wants for is told of the pod. unavailable while the
  /// home is being deleted.
  Result<void> ensure(const std::string& workspace, const std::function<bool()>& leaves);

 private:
  using Clock = std::chrono::steady_clock;

  Result<Json> make_or_find(const std::string& workspace);
  void wait_until_bound(Json claim, const std::string& workspace, const std::function<bool()>& leaves);

  KubeClient& client_;
  const PodSettings& settings_;
  const Patience patience_;
  std::atomic<Clock::time_point> not_before_ = Clock::time_point::min();  // no claim is waited for
};

}  // namespace berth::server::kubernetes
