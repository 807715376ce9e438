// SPDX-License-Identifier: GPL-3.0-or-later
// A person's POST /workspaces until the workspace answers and until a terminal of it shows its prompt, where
// pods are kept ready: a real berthd, real pods, a native client. Beside it the same of a template of which
// none is. Each workspace must be one of the pods that were ready, and none twice; the pool must fill again.
#include <set>

#include "bench/client_berth.hpp"
#include "bench/pods.hpp"

namespace berth::bench {
namespace {

namespace k8s = server::kubernetes;

constexpr const char* pooled_template = "python";
constexpr const char* cold_template = "empty";
constexpr std::size_t pool_size = 2;
constexpr std::chrono::seconds refill_deadline{120};
// A server looks once a second which of the pods that run answers, too.
constexpr std::chrono::milliseconds until_known{2'500};

std::vector<std::string> backend_options(const PodSetup& setup, const std::string& place) {
  const auto& ground = setup.ground;
  const auto pods = ground.options().pods;
  // berthd gives root up before it reads it.
  const auto kubeconfig = setup.places.work / "kubeconfig";
  std::filesystem::copy_file(ground.cluster().state() + "/admin.conf", kubeconfig,
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::permissions(kubeconfig, std::filesystem::perms(0644));
  return {"--backend",
          "kubernetes",
          "--kubernetes-kubeconfig",
          kubeconfig,
          "--kubernetes-namespace",
          place,
          "--kubernetes-runner-image",
          pods.runner_image,
          "--kubernetes-default-image",
          test::KubernetesGround::image,
          "--kubernetes-pull-policy",
          pods.pull_policy,
          "--kubernetes-requested-share",
          std::to_string(pods.requested_share),
          "--kubernetes-warm",
          std::string(pooled_template) + "=" + std::to_string(pool_size)};
}

struct Waited {
  std::string id;
  double answer = 0, prompt = 0;  // ms
};

class WarmServer {
 public:
  // A namespace of its own: its pods are kept by this server alone.
  explicit WarmServer(const PodSetup& setup)
      : place_(setup.ground.cluster().new_namespace()),
        client_(setup.ground.cluster().client_settings()),
        server_(setup.places, backend_options(setup, place_)) {
    server_.start();
  }

  /// Waits until as many pods run as there should; the workspaces that they are of.
  std::set<std::string> full_pool() {
    const auto begin = Clock::now();
    for (;;) {
      auto ready = running();
      if (ready.size() == pool_size) return ready;
      if (Clock::now() - begin > refill_deadline)
        throw Failure("no " + std::to_string(pool_size) + " pods become ready");
      k8s::pause_for(std::chrono::milliseconds(50), {});
    }
  }

  Waited create(const char* template_id) {
    const auto begin = Clock::now();
    Waited waited{.id = server_.create_workspace(template_id)};
    Desk desk;
    auto window = std::make_unique<BerthWindow>(server_, waited.id);
    waited.answer = milliseconds_since(begin);
    desk.terminals.push_back(BerthPeer::open_terminal(*window));
    desk.links.push_back(std::move(window));
    Screen screen(*desk.terminals[0]);
    if (!pump(desk, {&screen}, std::chrono::seconds(20),
              [&] { return screen.saw("$ ") || screen.saw("# "); }))
      throw Failure("a shell shows no prompt: " + screen.tail().substr(0, 200));
    waited.prompt = milliseconds_since(begin);
    return waited;
  }

  void end(const std::string& id) { server_.delete_workspace(id); }

 private:
  std::set<std::string> running() {
    const auto all =
        client_.list(k8s::pods, place_, {.labels = std::string(k8s::ready_label) + "=" + pooled_template});
    if (!all) throw Failure(all.error().message);
    std::set<std::string> ids;
    for (const auto& pod : all->items)
      if (const auto state = k8s::pod_state(pod); state.state == server::BackendState::running)
        ids.insert(state.workspace);
    return ids;
  }

  const std::string place_;
  k8s::KubeClient client_;
  BerthServer server_;
};

}  // namespace

void measure_warm_claim(PodSetup& setup) {
  WarmServer server(setup);
  std::vector<double> answers, prompts, cold, refills;
  std::set<std::string> given;
  for (int round = 0; round < setup.times(20, 2); ++round) {
    const auto ready = server.full_pool();
    k8s::pause_for(until_known, {});
    const auto warm = server.create(pooled_template);
    const auto claimed = Clock::now();
    if (!ready.contains(warm.id)) throw Failure("the workspace is none of the pods that were ready");
    if (!given.insert(warm.id).second) throw Failure("a pod was given twice");
    answers.push_back(warm.answer);
    prompts.push_back(warm.prompt);
    server.full_pool();
    refills.push_back(milliseconds_since(claimed));
    server.end(warm.id);
  }
  for (int round = 0; round < setup.times(5, 1); ++round) {
    const auto one = server.create(cold_template);
    cold.push_back(one.answer);
    server.end(one.id);
  }
  const auto add = [&](const char* name, double value, const char* peer = "", double peer_value = 0) {
    setup.report.add({.name = name,
                      .value = value,
                      .unit = "ms",
                      .peer = peer,
                      .peer_value = peer_value,
                      .runs = static_cast<int>(answers.size())});
  };
  add("warm_claim.p50", median(answers), "no pool", median(cold));
  add("warm_claim.p99", quantile(answers, 0.99));
  add("warm_claim.prompt.p50", median(prompts));
  add("warm_claim.refill.p50", median(refills));
}

}  // namespace berth::bench
