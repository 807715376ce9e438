// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulated_cluster.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <format>
#include <stdexcept>

#include "protocol/connect_token.hpp"
#include "server/backends/kubernetes/base64.hpp"
#include "server/backends/kubernetes/pod_spec.hpp"

namespace berth::test {

using protocol::Json;
using namespace std::chrono_literals;

namespace {

std::string status_text(int code, const char* reason) {
  return protocol::to_text({{"kind", "Status"}, {"code", code}, {"reason", reason}, {"message", reason}});
}

/// A listening socket at `address`; port 0 takes a free one. -1 when it is taken.
int listen_at(const std::string& address, std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 && ::listen(fd, 128) == 0) return fd;
  ::close(fd);
  return -1;
}

std::uint16_t port_of(int fd) {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  return ntohs(name.sin_port);
}

std::string query_value(const std::string& target, const std::string& name) {
  const auto at = target.find(name + "=");
  if (at == target.npos) return {};
  const auto begin = at + name.size() + 1;
  return target.substr(begin, target.find('&', begin) - begin);
}

/// Of the pod's home; "" where it has none.
std::string claim_of(const Json& pod) {
  for (const auto& volume : pod["spec"]["volumes"])
    if (volume["name"] == "home" && volume.contains("persistentVolumeClaim"))
      return volume["persistentVolumeClaim"]["claimName"];
  return {};
}

/// Whether the object is the one, in the state, that somebody names in a patch.
bool is_meant(const Json& object, const Json& patch) {
  const auto known = object.value("metadata", Json::object());  // of none that is gone
  for (const char* name : {"uid", "resourceVersion"})
    if (patch["metadata"].contains(name) && patch["metadata"][name] != known.value(name, "")) return false;
  return true;
}

bool is_ended(const Json& pod) {
  const auto phase = pod["status"].value("phase", std::string());
  return phase == "Failed" || phase == "Succeeded";
}

}  // namespace

SimulatedCluster::SimulatedCluster() {
  const int probe = listen_at("127.0.0.1", 0);
  runner_port_ = port_of(probe);
  ::close(probe);
  server_ = std::make_unique<ScriptedServer>(
      [this](const ScriptedRequest& request, ScriptedConnection& connection) {
        handle(request, connection);
      });
  node_ = std::jthread([this] {
    std::unique_lock lock(mutex_);
    while (!closing_) {
      run_node();
      changed_.wait_for(lock, 20ms);
    }
  });
}

SimulatedCluster::~SimulatedCluster() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }
  server_.reset();
  node_.join();
  for (const auto& [pod, fd] : runners_) ::close(fd);
}

std::size_t SimulatedCluster::count(const std::string& resource) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(objects_, [&](const auto& one) { return one.first.first == resource; }));
}

Json SimulatedCluster::object(const std::string& resource, const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find({resource, name});
  return found == objects_.end() ? Json() : found->second;
}

std::size_t SimulatedCluster::asked(const std::string& method, const std::string& resource,
                                    const std::string& name) const {
  const auto requests = server_->requests();
  return static_cast<std::size_t>(std::ranges::count_if(requests, [&](const auto& one) {
    return one.method == method &&
           one.target.substr(0, one.target.find('?')).ends_with("/" + resource + "/" + name);
  }));
}

void SimulatedCluster::add_running(const std::vector<std::string>& workspaces) {
  const std::lock_guard lock(mutex_);
  for (const auto& id : workspaces) {
    server::kubernetes::PodSettings settings;
    settings.runner_image = "berth-runner:1";
    auto pod = server::kubernetes::pod_object(
        {id, {}, protocol::encode_key(protocol::generate_key_pair().public_key), "start-" + id},
        {"empty", "workspace:1", false}, settings);
    pod["metadata"]["uid"] = "uid-" + id;
    pod["spec"]["nodeName"] = "node";
    pod["status"] = {{"phase", "Running"},
                     {"podIP", "127.0.0.1"},
                     {"containerStatuses",
                      Json::array({{{"name", "workspace"}, {"state", {{"running", Json::object()}}}}})}};
    store({"pods", server::kubernetes::pod_name(id)}, std::move(pod), "ADDED");
  }
}

std::set<std::string> SimulatedCluster::rights_used() const {
  std::set<std::string> used;
  for (const auto& request : server_->requests()) {
    const auto path = request.target.substr(0, request.target.find('?'));
    const auto spaces = path.find("/namespaces/");
    if (spaces == path.npos) continue;  // what every account may: its version, its own rights
    const auto group = path.starts_with("/apis/") ? path.substr(6, path.find('/', 6) - 6) : std::string();
    const auto rest = path.substr(path.find('/', spaces + 12) + 1);
    const auto slash = rest.find('/');
    std::string verb = request.target.find("watch=1") != request.target.npos ? "watch"
                       : slash == rest.npos                                  ? "list"
                                                                             : "get";
    if (request.method == "POST") verb = "create";
    if (request.method == "PATCH") verb = "patch";
    if (request.method == "DELETE") verb = "delete";
    used.insert(verb + " " + rest.substr(0, slash) + "." + group);
  }
  return used;
}

std::vector<std::string> SimulatedCluster::home_files(const std::string& claim) const {
  const std::lock_guard lock(mutex_);
  const auto found = homes_.find(claim);
  return found == homes_.end() ? std::vector<std::string>() : found->second;
}

void SimulatedCluster::store(const Key& key, Json object, const char* event) {
  object["metadata"]["resourceVersion"] = std::to_string(++revision_);
  events_.push_back({revision_, key.first, protocol::to_text({{"type", event}, {"object", object}}) + "\n"});
  objects_[key] = std::move(object);
  changed_.notify_all();
}

void SimulatedCluster::erase(const Key& key) {
  const auto found = objects_.find(key);
  if (found == objects_.end()) return;
  auto last = std::move(found->second);
  objects_.erase(found);
  last["metadata"]["resourceVersion"] = std::to_string(++revision_);
  events_.push_back(
      {revision_, key.first, protocol::to_text({{"type", "DELETED"}, {"object", last}}) + "\n"});
  if (key.first == "persistentvolumeclaims") homes_.erase(key.second);
  if (key.first == "pods") end_runner(key.second, true);
  // The collector: what it owned goes with it.
  std::vector<Key> owned;
  for (const auto& [other, object] : objects_)
    for (const auto& owner : object["metadata"].value("ownerReferences", Json::array()))
      if (owner["uid"] == last["metadata"]["uid"]) owned.push_back(other);
  for (const auto& other : owned) erase(other);
  changed_.notify_all();
}

void SimulatedCluster::run(PodPrograms& programs) {
  const std::lock_guard lock(mutex_);
  programs_ = &programs;
}

void SimulatedCluster::end_runner(const std::string& pod, bool orderly) {
  if (programs_) return programs_->end(pod, orderly);
  const auto runner = runners_.find(pod);
  if (runner == runners_.end()) return;
  ::close(runner->second);
  runners_.erase(runner);
}

// ---- The node

void SimulatedCluster::make_home(const Json& pod, const Json& secret) {
  const auto claim = claim_of(pod);
  if (homes_.contains(claim)) return;
  const auto text = server::kubernetes::decode_base64(secret["data"]["home.json"].get<std::string>());
  std::set<std::string> paths{"project"};
  const auto home = Json::parse(text.value_or("{}"));
  for (const auto& file : home["files"])
    for (std::filesystem::path path = file["path"].get<std::string>(); !path.empty();
         path = path.parent_path())
      paths.insert(path);
  homes_[claim] = {paths.begin(), paths.end()};
}

bool SimulatedCluster::tell_running(Json pod) {
  if (late_) return false;
  pod["status"]["phase"] = "Running";
  pod["status"]["containerStatuses"] =
      Json::array({{{"name", "workspace"}, {"state", {{"running", Json::object()}}}}});
  const std::string name = pod["metadata"]["name"];
  store({"pods", name}, std::move(pod), "MODIFIED");
  return true;
}

bool SimulatedCluster::begin_pod(Json pod) {
  const std::string name = pod["metadata"]["name"];
  if (pod["status"].contains("podIP")) return tell_running(std::move(pod));  // it has begun
  if (missing_) {
    if (pod["status"].contains("containerStatuses")) return false;
    pod["status"]["containerStatuses"] = Json::array(
        {{{"name", "workspace"},
          {"image", pod["spec"]["containers"][0]["image"]},
          {"state", {{"waiting", {{"reason", "ErrImagePull"}, {"message", "manifest unknown"}}}}}}});
    store({"pods", name}, std::move(pod), "MODIFIED");
    return true;
  }
  std::string wanted;
  for (const auto& volume : pod["spec"]["volumes"])
    if (volume["name"] == "start") wanted = volume["secret"]["secretName"];
  const auto secret = objects_.find({"secrets", wanted});
  if (secret == objects_.end()) return false;  // as kubelet, which waits for it
  make_home(pod, secret->second);
  ++addresses_;
  // Other processes that play a cluster have other addresses.
  const auto address = "127." + std::to_string(16 + getpid() % 200) + "." + std::to_string(addresses_ / 250) +
                       "." + std::to_string(addresses_ % 250 + 1);
  if (programs_) {
    std::map<std::string, std::string> files;
    for (const auto& [file, content] : secret->second["data"].items())
      files[file] = server::kubernetes::decode_base64(content.get<std::string>()).value_or("");
    programs_->begin(name, claim_of(pod), files, address + ":" + std::to_string(runner_port_));
  } else {
    const int fd = listen_at(address, runner_port_);
    if (fd < 0) throw std::runtime_error("no port for a pod at " + address);
    runners_[name] = fd;
  }
  pod["status"]["podIP"] = address;
  if (!late_) return tell_running(std::move(pod));
  store({"pods", name}, std::move(pod), "MODIFIED");
  return true;
}

void SimulatedCluster::run_node() {
  if (dead_) return;
  for (bool again = true; again;) {
    again = false;
    for (const auto& [key, object] : objects_) {
      if (key.first != "pods") continue;
      if (object["metadata"].contains("deletionTimestamp")) {
        erase(Key(key));
        again = true;
        break;
      }
      if (object["status"]["phase"] == "Pending" && begin_pod(object)) {
        again = true;
        break;
      }
    }
  }
}

void SimulatedCluster::end_container(const std::string& pod, const Json& terminated) {
  const std::lock_guard lock(mutex_);
  auto object = objects_.at({"pods", pod});
  object["status"] = {
      {"phase", "Failed"},
      {"containerStatuses", Json::array({{{"name", "workspace"}, {"state", {{"terminated", terminated}}}}})}};
  end_runner(pod, false);
  store({"pods", pod}, std::move(object), "MODIFIED");
}

void SimulatedCluster::delete_pod(const std::string& pod) {
  const std::lock_guard lock(mutex_);
  erase({"pods", pod});
}

// ---- The API

void SimulatedCluster::handle(const ScriptedRequest& request, ScriptedConnection& connection) {
  {
    const std::lock_guard lock(mutex_);
    if (refused_ > 0) {
      --refused_;
      return connection.answer(503, status_text(503, "ServiceUnavailable"));
    }
  }
  const auto path = request.target.substr(0, request.target.find('?'));
  if (path == "/version") return connection.answer(200, R"({"gitVersion":"v0.0.0-simulated"})");
  if (path.ends_with("/selfsubjectaccessreviews")) return review(request, connection);
  // …/namespaces/NAME/RESOURCE[/NAME]
  const auto spaces = path.find("/namespaces/");
  if (spaces == path.npos) return connection.answer(404, status_text(404, "NotFound"));
  const auto rest = path.substr(path.find('/', spaces + 12) + 1);
  const auto slash = rest.find('/');
  const Key key(rest.substr(0, slash), slash == rest.npos ? "" : rest.substr(slash + 1));
  if (request.method == "POST") return create(key.first, request, connection);
  if (request.method == "PATCH") return apply(key, request, connection);
  if (request.method == "DELETE") return remove(key, request, connection);
  if (request.target.find("watch=1") != request.target.npos)
    return watch(key.first, request.target, connection);
  if (key.second.empty()) return list(key.first, connection);
  {
    const std::lock_guard lock(mutex_);
    if (hidden_ && key.first == "secrets") return connection.answer(403, status_text(403, "Forbidden"));
  }
  const auto found = object(key.first, key.second);
  if (found.is_null()) return connection.answer(404, status_text(404, "NotFound"));
  connection.answer(200, protocol::to_text(found));
}

void SimulatedCluster::review(const ScriptedRequest& request, ScriptedConnection& connection) {
  auto object = Json::parse(request.body);
  const auto& asked = object["spec"]["resourceAttributes"];
  const auto right = asked["verb"].get<std::string>() + " " + asked["resource"].get<std::string>();
  {
    const std::lock_guard lock(mutex_);
    object["status"] = {{"allowed", !denied_.contains(right)}};
  }
  connection.answer(201, protocol::to_text(object));
}

void SimulatedCluster::create(const std::string& resource, const ScriptedRequest& request,
                              ScriptedConnection& connection) {
  auto object = Json::parse(request.body);
  const Key key(resource, object["metadata"]["name"].get<std::string>());
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    if (objects_.contains(key)) return connection.answer(409, status_text(409, "AlreadyExists"));
    object["metadata"]["uid"] = "uid-" + std::to_string(revision_ + 1);
    object["metadata"]["creationTimestamp"] =
        std::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    if (resource == "pods") object["status"] = {{"phase", "Pending"}};
    if (resource == "persistentvolumeclaims") object["status"] = {{"phase", binds_ ? "Bound" : "Pending"}};
    store(key, std::move(object), "ADDED");
    text = protocol::to_text(objects_[key]);
    if (std::exchange(lose_, false)) return connection.reset();
  }
  connection.answer(201, text);
}

void SimulatedCluster::apply(const Key& key, const ScriptedRequest& request, ScriptedConnection& connection) {
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    const auto patch = Json::parse(request.body);
    const auto found = objects_.find(key);
    Json object = found == objects_.end() ? Json::object() : found->second;
    if (!is_meant(object, patch)) return connection.answer(409, status_text(409, "Conflict"));
    object.merge_patch(patch);
    store(key, std::move(object), found == objects_.end() ? "ADDED" : "MODIFIED");
    text = protocol::to_text(objects_[key]);
  }
  connection.answer(200, text);
}

void SimulatedCluster::remove(const Key& key, const ScriptedRequest& request,
                              ScriptedConnection& connection) {
  const auto options = Json::parse(request.body.empty() ? "{}" : request.body);
  {
    const std::lock_guard lock(mutex_);
    if (keeps_ && key.first == "persistentvolumeclaims")
      return connection.answer(403, status_text(403, "Forbidden"));
    const auto found = objects_.find(key);
    if (found == objects_.end()) return connection.answer(404, status_text(404, "NotFound"));
    if (!is_meant(found->second, {{"metadata", options.value("preconditions", Json::object())}}))
      return connection.answer(409, status_text(409, "Conflict"));
    if (key.first == "pods" && options.value("gracePeriodSeconds", 30) > 0 && !is_ended(found->second)) {
      auto object = found->second;
      object["metadata"]["deletionTimestamp"] = "2026-11-22T01:00:00Z";
      store(key, std::move(object), "MODIFIED");
    } else {
      erase(key);
    }
  }
  connection.answer(200, "{}");
}

void SimulatedCluster::list(const std::string& resource, ScriptedConnection& connection) {
  Json items = Json::array();
  std::string revision;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, object] : objects_)
      if (key.first == resource) items.push_back(object);
    revision = std::to_string(revision_);
  }
  connection.answer(200,
                    protocol::to_text({{"metadata", {{"resourceVersion", revision}}}, {"items", items}}));
}

void SimulatedCluster::watch(const std::string& resource, const std::string& target,
                             ScriptedConnection& connection) {
  auto place = std::stoll(query_value(target, "resourceVersion"));
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds(std::stoll("0" + query_value(target, "timeoutSeconds")));
  std::unique_lock lock(mutex_);
  if (place < oldest_) {
    lock.unlock();
    return connection.answer(410, status_text(410, "Expired"));
  }
  const auto cuts = cuts_;
  connection.begin_stream();
  while (!closing_ && cuts == cuts_ && std::chrono::steady_clock::now() < end) {
    std::string lines;
    for (const auto& event : events_)
      if (event.revision > place && event.resource == resource && !held_) {
        lines += event.line;
        place = event.revision;
      }
    if (!lines.empty()) {
      lock.unlock();
      const bool there = connection.write(lines);
      lock.lock();
      if (!there) return;
    }
    changed_.wait_for(lock, 50ms);
  }
}

// ---- Faults

void SimulatedCluster::refuse(int requests) {
  const std::lock_guard lock(mutex_);
  refused_ = requests;
}

void SimulatedCluster::lose_next_answer() {
  const std::lock_guard lock(mutex_);
  lose_ = true;
}

void SimulatedCluster::cut_watches() {
  const std::lock_guard lock(mutex_);
  ++cuts_;
  oldest_ = revision_ + 1;
  ++revision_;
  changed_.notify_all();
}

void SimulatedCluster::hold_watches(bool held) {
  const std::lock_guard lock(mutex_);
  held_ = held;
}

void SimulatedCluster::image_is_missing(bool it) {
  const std::lock_guard lock(mutex_);
  missing_ = it;
}

void SimulatedCluster::node_tells_late(bool it) {
  const std::lock_guard lock(mutex_);
  late_ = it;
}

void SimulatedCluster::claims_bind(bool they) {
  const std::lock_guard lock(mutex_);
  binds_ = they;
  std::vector<std::pair<Key, Json>> waiting;
  for (const auto& [key, object] : objects_)
    if (key.first == "persistentvolumeclaims" && object["status"]["phase"] == "Pending")
      waiting.emplace_back(key, object);
  for (auto& [key, object] : waiting) {
    object["status"]["phase"] = "Bound";
    if (they) store(key, std::move(object), "MODIFIED");
  }
}

void SimulatedCluster::hide_secrets(bool it) {
  const std::lock_guard lock(mutex_);
  hidden_ = it;
}

void SimulatedCluster::keep_claims(bool it) {
  const std::lock_guard lock(mutex_);
  keeps_ = it;
}

void SimulatedCluster::deny(const std::string& right) {
  const std::lock_guard lock(mutex_);
  denied_.insert(right);
}

void SimulatedCluster::node_is_dead(bool it) {
  const std::lock_guard lock(mutex_);
  dead_ = it;
}

}  // namespace berth::test
