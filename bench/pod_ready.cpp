// SPDX-License-Identifier: GPL-3.0-or-later
// How long a workspace's pod takes until its runner answers, beside pods of the same image until they are
// Ready: a bare one by `kubectl run`, which the bar speaks of; a bare one by the API alone; and one with what
// a workspace has, a new claim and a container that prepares, made as a client does that knows no better. In
// turn, the order changing each time.
#include <map>

#include "bench/pods.hpp"
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

Json bare_pod() {
  return {{"apiVersion", "v1"},
          {"kind", "Pod"},
          {"metadata", {{"name", bare_name}}},
          {"spec",
           {{"restartPolicy", "Never"},
            {"containers", Json::array({{{"name", bare_name},
                                         {"image", test::KubernetesGround::image},
                                         {"imagePullPolicy", "Never"},
                                         {"command", {"sleep", "1000"}}}})}}}};
}

Json bare_claim() {
  return {
      {"apiVersion", "v1"},
      {"kind", "PersistentVolumeClaim"},
      {"metadata", {{"name", bare_name}}},
      {"spec", {{"accessModes", {"ReadWriteOnce"}}, {"resources", {{"requests", {{"storage", "1Gi"}}}}}}}};
}

class Pods {
 public:
  explicit Pods(test::KubernetesGround& ground)
      : ground_(ground), client_(ground.cluster().client_settings()) {}

  double workspace() {
    const auto id = server::local::new_workspace_id();
    const auto begin = Clock::now();
    const auto address = ground_.backend().start(ground_.request(id));
    const double elapsed = milliseconds_since(begin);
    if (!address) throw Failure(address.error().message + " " + address.error().detail);
    auto ended = ground_.backend().stop(id, 1'000);
    if (ended) ended = ground_.backend().forget(id);
    if (!ended) throw Failure(ended.error().message + " " + ended.error().detail);
    return elapsed;
  }

  double by_kubectl() {
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

  double by_api() {
    const auto begin = Clock::now();
    const double elapsed = make_and_wait(bare_pod(), begin);
    end_bare();
    return elapsed;
  }

  double with_claim() {
    auto pod = bare_pod();
    pod["spec"]["volumes"] =
        Json::array({{{"name", "home"}, {"persistentVolumeClaim", {{"claimName", bare_name}}}}});
    pod["spec"]["containers"][0]["volumeMounts"] = Json::array({{{"name", "home"}, {"mountPath", "/home"}}});
    pod["spec"]["initContainers"] =
        Json::array({{{"name", "prepare"},
                      {"image", ground_.options().pods.runner_image},
                      {"imagePullPolicy", "Never"},
                      {"command", {"/berth-runner", "--version"}},
                      {"volumeMounts", Json::array({{{"name", "home"}, {"mountPath", "/home"}}})}}});
    const auto begin = Clock::now();
    if (auto made = client_.create(k8s::volume_claims, ground_.place(), bare_claim()); !made)
      throw Failure(made.error().message);
    const double elapsed = make_and_wait(pod, begin);
    end_bare();
    if (!client_.remove(k8s::volume_claims, ground_.place(), bare_name))
      throw Failure("the bare pod's claim does not end");
    while (client_.get(k8s::volume_claims, ground_.place(), bare_name))
      k8s::pause_for(std::chrono::milliseconds(50), {});
    return elapsed;
  }

 private:
  /// Until it is Ready, as a watch tells.
  double make_and_wait(const Json& pod, Clock::time_point begin) {
    if (auto made = client_.create(k8s::pods, ground_.place(), pod); !made)
      throw Failure(made.error().message);
    double elapsed = 0;
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
    return elapsed;
  }

  void end_bare() {
    if (!client_.remove(k8s::pods, ground_.place(), bare_name, {.grace_seconds = 1}))
      throw Failure("the bare pod does not end");
    while (client_.get(k8s::pods, ground_.place(), bare_name))
      k8s::pause_for(std::chrono::milliseconds(50), {});
  }

  test::KubernetesGround& ground_;
  k8s::KubeClient client_;
};

}  // namespace

void measure_pod_ready(PodSetup& setup) {
  Pods pods(setup.ground);
  constexpr std::pair<const char*, double (Pods::*)()> ways[] = {{"workspace", &Pods::workspace},
                                                                 {"kubectl run", &Pods::by_kubectl},
                                                                 {"bare pod", &Pods::by_api},
                                                                 {"with claim", &Pods::with_claim}};
  for (const auto& [name, measure] : ways) (pods.*measure)();  // everything once, unmeasured
  std::map<std::string, std::vector<double>> samples;
  const int rounds = setup.times(6, 2);
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < std::size(ways); ++i) {
      const auto& [name, measure] = ways[(static_cast<std::size_t>(round) + i) % std::size(ways)];
      samples[name].push_back((pods.*measure)());
    }
  for (const char* peer : {"kubectl run", "bare pod", "with claim"})
    setup.report.add({.name = "pod_ready.p50",
                      .value = median(samples["workspace"]),
                      .unit = "ms",
                      .peer = peer,
                      .peer_value = median(samples[peer]),
                      .runs = rounds});
}

}  // namespace berth::bench
