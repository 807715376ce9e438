// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kube_client.hpp"

#include <sodium.h>

#include <condition_variable>
#include <mutex>

#include "server/backoff.hpp"

namespace berth::server::kubernetes {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t most_listed = 500'000;  // objects

std::string query_of(const Selection& selection) {
  std::string query;
  if (!selection.labels.empty()) query += "&labelSelector=" + percent_escaped(selection.labels);
  if (!selection.fields.empty()) query += "&fieldSelector=" + percent_escaped(selection.fields);
  return query;
}

std::unexpected<Error> bad_name() {
  return failure(ErrorCode::invalid_argument, "That is no name of an object in Kubernetes.");
}

bool succeeded(const HttpOutcome& outcome) {
  return outcome.trouble.empty() && outcome.status >= 200 && outcome.status < 300;
}

/// Whether another attempt may end otherwise, as far as the answer tells.
bool passes(const HttpOutcome& outcome, bool repeatable) {
  if (outcome.stopped || outcome.too_large || outcome.not_trusted || outcome.bad_client) return false;
  if (!outcome.trouble.empty()) return outcome.never_sent || repeatable;
  if (outcome.status == 429) return true;  // refused before anything was done
  return repeatable && (outcome.status == 408 || outcome.status >= 500) && outcome.status != 501;
}

Json delete_body(const DeleteOptions& options) {
  Json body = {{"kind", "DeleteOptions"}, {"apiVersion", "v1"}, {"propagationPolicy", options.propagation}};
  if (options.grace_seconds) body["gracePeriodSeconds"] = *options.grace_seconds;
  if (!options.uid.empty()) body["preconditions"]["uid"] = options.uid;
  if (!options.resource_version.empty()) body["preconditions"]["resourceVersion"] = options.resource_version;
  return body;
}

}  // namespace

bool pause_for(milliseconds pause, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, pause, [] { return false; });
  return !stop.stop_requested();
}

KubeClient::KubeClient(KubeClientSettings settings)
    : settings_(std::move(settings)),
      credentials_(settings_.access, settings_.exec),
      transport_(settings_.access) {}

Error KubeClient::error_of(const HttpOutcome& outcome, const std::string& what) {
  if (outcome.stopped) return {ErrorCode::cancelled, "The server is stopping.", {}, {}};
  if (outcome.too_large)
    return {ErrorCode::too_large, "Kubernetes answered with more than the server takes.", what, {}};
  if (outcome.not_trusted)
    return {ErrorCode::unavailable,
            "The certificate of the Kubernetes API is not trusted; the administrator must check the "
            "certificate-authority.",
            outcome.trouble,
            {}};
  if (outcome.bad_client)
    return {ErrorCode::unavailable,
            "The server's own certificate for Kubernetes, its key or the authority can't be used; the "
            "administrator must check them.",
            outcome.trouble,
            {}};
  if (!outcome.trouble.empty())
    return {ErrorCode::unavailable,
            "Kubernetes can't be reached at the moment.",
            what + ": " + outcome.trouble,
            {}};
  return error_of_status(outcome.status, outcome.body, what);
}

Result<HttpOutcome> KubeClient::attempt(const HttpCall& http, std::stop_token stop) {
  for (bool again = false;; again = true) {
    auto presented = credentials_.present(stop);
    if (!presented) return std::unexpected(std::move(presented.error()));
    auto outcome = transport_.perform(http, *presented, stop);
    if (outcome.trouble.empty() && outcome.status == 401 && credentials_.refused(*presented) && !again)
      continue;
    return outcome;
  }
}

Result<Json> KubeClient::send(const Call& call, std::stop_token stop) {
  const auto begin = steady_clock::now();
  Backoff backoff(settings_.first_delay, settings_.longest_delay, settings_.retry_for);
  for (int attempts = 1;; ++attempts) {
    auto outcome = attempt(call.http, stop);
    if (!outcome) return std::unexpected(std::move(outcome.error()));
    if (succeeded(*outcome)) {
      auto json = protocol::parse_json(outcome->body);
      if (json && json->is_object()) return json;
      // To libcurl an answer that broke off within its header is a whole one without a body.
      outcome->trouble = "an answer that is no JSON";
    }
    const auto wish = retry_after_of(outcome->retry_after, outcome->status == 429 ? outcome->body : "");
    const auto elapsed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
    const auto pause =
        passes(*outcome, call.repeatable) ? backoff.next(elapsed, randombytes_random(), wish) : std::nullopt;
    if (!pause) {
      auto error = error_of(*outcome, call.what);
      if (attempts > 1) error.detail += ", after " + std::to_string(attempts) + " attempts";
      return std::unexpected(std::move(error));
    }
    if (!pause_for(*pause, stop)) return failure(ErrorCode::cancelled, "The server is stopping.", call.what);
  }
}

Result<Json> KubeClient::read(const std::string& path, std::stop_token stop) {
  Call call{.http = {.target = path}, .what = "answer " + path};
  call.http.connect_deadline = settings_.connect_deadline;
  call.http.deadline = settings_.deadline;
  return send(call, stop);
}

Result<Json> KubeClient::get(const Resource& resource, const std::string& name_space, const std::string& name,
                             std::stop_token stop) {
  if (!is_object_name(name) || (resource.namespaced && !is_object_name(name_space))) return bad_name();
  Call call{.http = {.target = path_of(resource, name_space, name)},
            .what = "read the " + std::string(resource.kind) + " " + name};
  call.http.connect_deadline = settings_.connect_deadline;
  call.http.deadline = settings_.deadline;
  return send(call, stop);
}

Result<Json> KubeClient::create(const Resource& resource, const std::string& name_space, const Json& object,
                                std::stop_token stop) {
  if (resource.namespaced && !is_object_name(name_space)) return bad_name();
  const auto body = protocol::to_text(object);
  Call call{.http = {.method = "POST",
                     .target = path_of(resource, name_space) +
                               "?fieldManager=" + percent_escaped(settings_.field_manager),
                     .content_type = "application/json",
                     .body = body},
            .repeatable = false,
            .what = "create the " + std::string(resource.kind) + " " + metadata_text(object, "name")};
  call.http.connect_deadline = settings_.connect_deadline;
  call.http.deadline = settings_.deadline;
  return send(call, stop);
}

Result<Json> KubeClient::apply(const Resource& resource, const std::string& name_space, const Json& object,
                               ApplyOptions options, std::stop_token stop) {
  const auto name = metadata_text(object, "name");
  if (!is_object_name(name) || (resource.namespaced && !is_object_name(name_space))) return bad_name();
  // JSON is YAML; server-side apply has no content type of its own for it.
  const auto body = protocol::to_text(object);
  Call call{.http = {.method = "PATCH",
                     .target = path_of(resource, name_space, name) +
                               "?fieldManager=" + percent_escaped(settings_.field_manager) + "&force=" +
                               (options.force ? "true" : "false") + (options.dry_run ? "&dryRun=All" : ""),
                     .content_type = "application/apply-patch+yaml",
                     .body = body},
            .what = "apply the " + std::string(resource.kind) + " " + name};
  call.http.connect_deadline = settings_.connect_deadline;
  call.http.deadline = settings_.deadline;
  return send(call, stop);
}

Result<bool> KubeClient::remove(const Resource& resource, const std::string& name_space,
                                const std::string& name, const DeleteOptions& options, std::stop_token stop) {
  if (!is_object_name(name) || (resource.namespaced && !is_object_name(name_space))) return bad_name();
  const auto body = protocol::to_text(delete_body(options));
  Call call{.http = {.method = "DELETE",
                     .target = path_of(resource, name_space, name),
                     .content_type = "application/json",
                     .body = body},
            .what = "delete the " + std::string(resource.kind) + " " + name};
  call.http.connect_deadline = settings_.connect_deadline;
  call.http.deadline = settings_.deadline;
  const auto answer = send(call, stop);
  if (answer) return true;
  if (answer.error().code == ErrorCode::not_found) return false;
  return std::unexpected(answer.error());
}

Result<ObjectList> KubeClient::list_once(const Resource& resource, const std::string& name_space,
                                         const Selection& selection, std::stop_token stop) {
  ObjectList all;
  std::string next;
  do {
    Call call{
        .http = {.target = path_of(resource, name_space) + "?limit=" + std::to_string(settings_.page) +
                           query_of(selection) + (next.empty() ? "" : "&continue=" + percent_escaped(next))},
        .what = "list the " + std::string(resource.plural)};
    call.http.largest_answer = 256u << 20;
    call.http.connect_deadline = settings_.connect_deadline;
    call.http.deadline = 2 * settings_.deadline;
    auto page = send(call, stop);
    if (!page) return std::unexpected(std::move(page.error()));
    const auto items = page->find("items");
    if (items == page->end() || !items->is_array())
      return failure(ErrorCode::unavailable, "Kubernetes answered a list without its items.", call.what);
    for (auto& item : *items) {
      if (!item.is_object()) continue;
      // Who set which field: mostly more than all the rest, and nobody here asks.
      if (const auto metadata = item.find("metadata"); metadata != item.end() && metadata->is_object())
        metadata->erase("managedFields");
      // Items of a list lack these, unlike single objects and events.
      item["kind"] = resource.kind;
      item["apiVersion"] = api_version_of(resource);
      all.items.push_back(std::move(item));
    }
    if (all.items.size() > most_listed)
      return failure(ErrorCode::too_large, "Kubernetes lists more objects than the server takes.", call.what);
    all.resource_version = metadata_text(*page, "resourceVersion");
    next = metadata_text(*page, "continue");
  } while (!next.empty());
  return all;
}

Result<ObjectList> KubeClient::list(const Resource& resource, const std::string& name_space,
                                    const Selection& selection, std::stop_token stop) {
  if (resource.namespaced && !is_object_name(name_space)) return bad_name();
  auto all = list_once(resource, name_space, selection, stop);
  if (!all && all.error().code == ErrorCode::stale_base)
    all = list_once(resource, name_space, selection, stop);
  return all;
}

}  // namespace berth::server::kubernetes
