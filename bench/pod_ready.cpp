// SPDX-License-Identifier: GPL-3.0-or-later
// pod_ready [--json] [--quick]: how long a workspace's pod takes until its runner answers, beside a bare pod
// of the same image until it is Ready, on the node of tests/cluster: once as `kubectl run` makes it, once by
// the API alone. In turn, the order changing each time. Started by `packaging/dev test cluster`'s own means
// (tests/cluster/README.md), for it needs Kubernetes and root.
#include <iostream>
#include <map>

#include "bench/figure.hpp"
#include "tests/cluster/kubernetes_ground.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::bench {
namespace {

namespace k8s = server::kubernetes;
using protocol::Json;

constexpr const char* bare_name = "bare";

bool is_ready(const Json& pod) {
  const auto& status = pod.at("status");
  if (!status.contains("conditions")) return false;
  for (const auto& condition : status["conditions"])
    if (condition["type"] == "Ready") return condition["status"] == "True";
  return false;
}

class Bench {
 public:
  explicit Bench(test::KubernetesGround& ground)
      : ground_(ground), client_(ground.cluster().client_settings()) {}

  double workspace() {
    const auto id = server::local::new_workspace_id();
    const auto begin = Clock::now();
    const auto address = ground_.backend().start(ground_.request(id));
    const double elapsed = milliseconds_since(begin);
    if (!address) throw Failure(address.error().message + " " + address.error().detail);
    if (!ground_.backend().stop(id, 1'000) || !ground_.backend().forget(id))
      throw Failure(id + " does not end");
    return elapsed;
  }

  double bare_by_kubectl() {
    const auto begin = Clock::now();
    const auto said = ground_.cluster().shell(
        std::string("kubectl -n ") + ground_.place() + " run " + bare_name +
        " --restart=Never --image-pull-policy=Never --image=" + test::KubernetesGround::image +
        " --command -- sleep 1000 && kubectl -n " + ground_.place() +
        " wait --for=condition=Ready --timeout=60s pod/" + bare_name);
    const double elapsed = milliseconds_since(begin);
    if (said.find("condition met") == said.npos) throw Failure("kubectl: " + said);
    end_bare();
    return elapsed;
  }

  double bare_by_api() {
    const Json pod{{"apiVersion", "v1"},
                   {"kind", "Pod"},
                   {"metadata", {{"name", bare_name}}},
                   {"spec",
                    {{"restartPolicy", "Never"},
                     {"containers", Json::array({{{"name", bare_name},
                                                  {"image", test::KubernetesGround::image},
                                                  {"imagePullPolicy", "Never"},
                                                  {"command", {"sleep", "1000"}}}})}}}};
    const auto begin = Clock::now();
    double elapsed = 0;
    if (auto made = client_.create(k8s::pods, ground_.place(), pod); !made)
      throw Failure(made.error().message);
    std::stop_source seen;
    const auto look = [&](const Json& object) {
      if (elapsed > 0 || !is_ready(object)) return;
      elapsed = milliseconds_since(begin);
      seen.request_stop();
    };
    client_.watch(k8s::pods, ground_.place(),
                  {.labels = {}, .fields = std::string("metadata.name=") + bare_name},
                  {.listed =
                       [&](const k8s::ObjectList& list) {
                         for (const auto& item : list.items) look(item);
                       },
                   .changed = look,
                   .removed = [](const Json&) {}},
                  seen.get_token());
    end_bare();
    return elapsed;
  }

 private:
  void end_bare() {
    if (!client_.remove(k8s::pods, ground_.place(), bare_name, {.grace_seconds = 1}))
      throw Failure("the bare pod does not end");
    while (client_.get(k8s::pods, ground_.place(), bare_name))
      k8s::pause_for(std::chrono::milliseconds(50), {});
  }

  test::KubernetesGround& ground_;
  k8s::KubeClient client_;
};

int run(bool json, bool quick) {
  test::KubernetesGround ground;
  Bench bench(ground);
  Report report(json, !quick);
  const std::pair<const char*, double (Bench::*)()> ways[] = {{"workspace", &Bench::workspace},
                                                              {"kubectl run", &Bench::bare_by_kubectl},
                                                              {"bare pod", &Bench::bare_by_api}};
  for (const auto& [name, measure] : ways) (bench.*measure)();  // everything once, unmeasured
  std::map<std::string, std::vector<double>> samples;
  const int rounds = quick ? 2 : 20;
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < std::size(ways); ++i) {
      const auto& [name, measure] = ways[(static_cast<std::size_t>(round) + i) % std::size(ways)];
      samples[name].push_back((bench.*measure)());
    }
  for (const char* peer : {"kubectl run", "bare pod"})
    report.add({.name = "pod_ready.p50",
                .value = median(samples["workspace"]),
                .unit = "ms",
                .peer = peer,
                .peer_value = median(samples[peer]),
                .runs = rounds});
  return 0;
}

}  // namespace
}  // namespace berth::bench

int main(int argc, char** argv) {
  bool json = false, quick = false;
  for (int i = 1; i < argc; ++i) {
    json = json || std::string(argv[i]) == "--json";
    quick = quick || std::string(argv[i]) == "--quick";
  }
  try {
    return berth::bench::run(json, quick);
  } catch (const std::exception& error) {
    std::cerr << "pod_ready: " << error.what() << std::endl;
    return 1;
  }
}
