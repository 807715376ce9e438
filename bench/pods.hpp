// SPDX-License-Identifier: GPL-3.0-or-later
// Subjects that need a cluster: what pods of a real node take. Everything runs on that node, berthd as well.
#pragma once

#include "bench/figure.hpp"
#include "bench/peer.hpp"
#include "tests/cluster/kubernetes_ground.hpp"

namespace berth::bench {

struct PodSetup {
  test::KubernetesGround& ground;
  Report& report;
  Places places;
  bool quick = false;
  int times(int full, int few) const { return quick ? few : full; }
};

// One file each; README.md says what they measure.
void measure_pod_ready(PodSetup& setup);
void measure_warm_claim(PodSetup& setup);

}  // namespace berth::bench
