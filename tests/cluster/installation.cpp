// SPDX-License-Identifier: GPL-3.0-or-later
#include "installation.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "server/backends/kubernetes/pod_spec.hpp"
#include "tests/integration/local/local_fixture.hpp"

namespace berth::test {

using namespace std::chrono_literals;
using protocol::Json;
namespace k8s = server::kubernetes;

namespace {

constexpr const char* workspaces_place = "berth-workspaces";
constexpr const char* berthd_pods = "app.kubernetes.io/name=berthd";
constexpr std::uint16_t service_port = 80, pod_port = 7070;
constexpr auto patience = 180s;  // a stop stores all there is first

/// One request on a connection of its own.
Reply exchange(const std::string& address, std::uint16_t port, const std::string& request) {
  auto wire = Wire::connect_tcp(address, port);
  wire.set_deadline(patience);
  wire.send(request);
  return read_reply(wire);
}

std::string native_request(const std::string& host, std::string_view method, const std::string& target,
                           const std::string& token, const Json& body) {
  Fields fields{{"Host", host}, {"Berth-Client", "native"}, {"Connection", "close"}};
  if (!token.empty()) fields.emplace_back("Authorization", "Bearer " + token);
  if (body.is_string()) return request_text(method, target, fields, body.get<std::string>());
  if (body.is_null()) return request_text(method, target, fields);
  fields.emplace_back("Content-Type", "application/json");
  return request_text(method, target, fields, body.dump());
}

bool is_ready(const Json& pod) {
  for (const auto& condition : pod.at("status").value("conditions", Json::array()))
    if (condition.value("type", "") == "Ready") return condition.value("status", "") == "True";
  return false;
}

}  // namespace

Installation& Installation::get() {
  // Once: what failed fails again, and each attempt takes minutes.
  static const std::unique_ptr<Installation> made = [] {
    std::unique_ptr<Installation> installation(new Installation);
    try {
      installation->install();
    } catch (const std::exception& error) {
      std::cerr << error.what() << "\n" << installation->story() << std::endl;
      installation.reset();
    }
    return installation;
  }();
  if (!made) throw std::runtime_error("Berth could not be installed on the node");
  return *made;
}

Installation::Installation() : cluster_(TestCluster::get(ClusterParts::whole_node)) {}

void Installation::install() {
  const std::string manifests = BERTH_MANIFESTS;
  run(std::string(BERTH_CLUSTER_SCRIPTS) + "/installation_images " + cluster_.state() + " " + BERTH_BUILD);
  run("kubectl apply -f " + manifests + "/base/namespaces.yaml");
  run(manifests + "/secrets >" + cluster_.state() + "/secrets.yaml && kubectl create -f " + cluster_.state() +
      "/secrets.yaml");
  run("kubectl apply -k " + manifests + "/overlays/dev");
  for (const char* part : {"statefulset/s3", "deployment/berthd"})
    run(std::string("kubectl -n berth rollout status --timeout=150s ") + part +
        " || { kubectl -n berth get pods; false; }");
  address_ = run("kubectl -n berth get service berthd -o 'jsonpath={.spec.clusterIP}'");
  set_up();
}

void Installation::set_up() {
  const auto logs = run(std::string("kubectl -n berth logs --tail=-1 -l ") + berthd_pods);
  const std::string mark = "/setup?token=";
  const auto at = logs.find(mark);
  if (at == logs.npos) throw std::runtime_error("no set-up link: " + logs);
  const auto begin = at + mark.size();
  // Whom the typists sign in as (typing_client).
  token_ = good("POST", "/setup",
                {{"token", logs.substr(begin, logs.find('\n', begin) - begin)},
                 {"email", "ann@example.org"},
                 {"name", "Ann"},
                 {"password", "correct horse battery"}})
               .at("access_token");
}

Reply Installation::call(std::string_view method, const std::string& path, const Json& body) const {
  return exchange(address_, service_port, native_request(address_, method, "/api/v1" + path, token_, body));
}

Json Installation::good(std::string_view method, const std::string& path, const Json& body) const {
  const auto reply = call(method, path, body);
  if (reply.status >= 300)
    throw std::runtime_error(std::string(method) + " " + path + ": " + reply.head + reply.body);
  if (reply.body.empty()) return {};
  const auto json = protocol::parse_json(reply.body);
  if (!json) throw std::runtime_error(path + " answers no JSON: " + reply.body);
  return *json;
}

std::string Installation::file(const std::string& workspace, const std::string& path) const {
  const auto reply = call("GET", "/workspaces/" + workspace + "/file?path=" + path);
  return reply.status == 200 ? reply.body : reply.head + reply.body;
}

std::string Installation::state(const std::string& workspace) const {
  return good("GET", "/workspaces/" + workspace).at("state");
}

bool Installation::becomes(const std::string& workspace, const std::string& wanted) const {
  return server::local::eventually([&] { return state(workspace) == wanted; }, patience);
}

std::string Installation::make_workspace(const std::string& template_id) const {
  const std::string id =
      good("POST", "/workspaces", {{"name", "Test"}, {"template_id", template_id}}).at("id");
  if (!becomes(id, "running"))
    throw std::runtime_error("it does not run: " + good("GET", "/workspaces/" + id).dump());
  return id;
}

Reply Installation::visit(const std::string& url, const std::string& cookie) const {
  const auto host = url.find("://") + 3, path = url.find('/', host);
  Fields fields{{"Host", url.substr(host, path - host)}, {"Connection", "close"}};
  if (!cookie.empty()) fields.emplace_back("Cookie", cookie);
  return exchange(address_, service_port, request_text("GET", url.substr(path), fields));
}

RunnerPlace Installation::window(const std::string& workspace) const {
  return {address_ + ":" + std::to_string(service_port), [token = token_](protocol::Role) { return token; },
          "/api/v1/workspaces/" + workspace + "/connect", "Bearer"};
}

k8s::KubeClient Installation::client() const { return k8s::KubeClient(cluster_.client_settings()); }

std::vector<ReplicaPod> Installation::replicas() const {
  const auto listed = client().list(k8s::pods, "berth", {.labels = berthd_pods, .fields = {}});
  if (!listed) throw std::runtime_error(listed.error().message);
  std::vector<ReplicaPod> found;
  for (const auto& pod : listed->items) {
    if (pod.at("metadata").contains("deletionTimestamp")) continue;
    ReplicaPod replica{pod.at("metadata").at("name"), pod.at("status").value("podIP", ""), is_ready(pod), 0};
    for (const auto& container : pod.at("status").value("containerStatuses", Json::array()))
      replica.restarts += container.value("restartCount", 0);
    found.push_back(std::move(replica));
  }
  return found;
}

bool Installation::has_replicas(std::size_t count) const {
  const auto there = [&] {
    const auto all = client().list(k8s::pods, "berth", {.labels = berthd_pods, .fields = {}});
    return all && all->items.size() == count && std::ranges::all_of(all->items, is_ready);
  };
  return server::local::eventually(there, patience);
}

int Installation::windows(const ReplicaPod& replica) const {
  const auto reply =
      exchange(replica.address, pod_port, native_request(replica.address, "GET", "/metrics", token_, {}));
  const std::string mark = "\nberth_connections{through=\"gateway\"} ";
  const auto at = reply.body.find(mark);
  if (at == reply.body.npos) throw std::runtime_error("no metrics: " + reply.head + reply.body);
  return std::stoi(reply.body.substr(at + mark.size()));
}

void Installation::kill(const ReplicaPod& replica) const {
  // What ran in the pod before is still listed, and has no task.
  cluster_.shell("for one in $(ctr containers ls -q 'labels.\"io.kubernetes.pod.name\"==" + replica.name +
                 ",labels.\"io.kubernetes.container.name\"==berthd'); do ctr tasks kill -s 9 $one; done");
}

std::string Installation::holder(const std::string& workspace) const {
  auto said =
      run("kubectl -n berth exec -i postgresql-0 -- bash -c 'PGPASSWORD=$(cat /etc/berth/database/password) "
          "psql -h 127.0.0.1 -U berth -At berth' <<'SQL'\n"
          "SELECT r.address FROM leases l JOIN replicas r ON r.id = l.holder AND r.until > "
          "EXTRACT(EPOCH FROM clock_timestamp()) * 1000 WHERE l.name = 'workspace/" +
          workspace + "'\nSQL");
  said.erase(said.find_last_not_of('\n') + 1);
  return said;
}

std::vector<std::string> Installation::objects(const k8s::Resource& resource,
                                               const std::string& workspace) const {
  const auto listed =
      client().list(resource, workspaces_place,
                    {.labels = std::string(k8s::workspace_label) + "=" + workspace, .fields = {}});
  if (!listed) throw std::runtime_error(listed.error().message);
  std::vector<std::string> names;
  for (const auto& object : listed->items) names.push_back(object.at("metadata").at("name"));
  return names;
}

std::string Installation::pod_uid(const std::string& workspace) const {
  const auto pod = client().get(k8s::pods, workspaces_place, k8s::pod_name(workspace));
  return pod ? pod->at("metadata").value("uid", "") : "";
}

std::filesystem::path Installation::home(const std::string& workspace) const {
  const auto claim = client().get(k8s::volume_claims, workspaces_place, k8s::claim_name(workspace));
  if (!claim) throw std::runtime_error(claim.error().message);
  const std::string volume = claim->at("spec").at("volumeName");  // "test-7", as `up` makes them
  return std::filesystem::path(cluster_.state()) / "volumes" / volume.substr(volume.rfind('-') + 1) / "home";
}

std::string Installation::run(const std::string& command) const {
  const std::string done = "[done]";
  auto said = cluster_.shell("{ " + command + "\n} && printf '" + done + "'");
  if (!said.ends_with(done)) throw std::runtime_error(command + ": " + said);
  said.resize(said.size() - done.size());
  return said;
}

std::string Installation::story() const {
  return cluster_.shell(
      "kubectl get pods -A -o wide; kubectl get events -A --sort-by=.lastTimestamp | tail -n 40\n"
      "for pod in $(kubectl -n berth get pods -o name); do echo \"== $pod\"\n"
      "kubectl -n berth logs --tail=60 $pod; kubectl -n berth logs --tail=20 --previous $pod; done\n"
      "echo '== kubelet, of workspaces'; grep -a berth-workspaces " +
      cluster_.state() + "/kubelet.log | tail -n 60");
}

}  // namespace berth::test
