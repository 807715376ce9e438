// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/kubernetes/kube_transport.hpp"

#include <curl/curl.h>

#include "protocol/version.hpp"

namespace berth::server::kubernetes {

namespace {

constexpr std::size_t most_idle_lanes = 8;
constexpr std::size_t largest_error = 256u << 10;  // bytes of an error's body while a stream is asked for

/// What one exchange needs while it runs.
struct Receiving {
  const HttpCall* call;
  HttpOutcome* outcome;
  CURL* handle;
};

std::size_t receive(char* data, std::size_t, std::size_t size, void* user) {
  auto& into = *static_cast<Receiving*>(user);
  auto& outcome = *into.outcome;
  const std::string_view bytes(data, size);
  long status = 0;
  curl_easy_getinfo(into.handle, CURLINFO_RESPONSE_CODE, &status);
  const bool streamed = into.call->on_data && status == 200;
  if (streamed) {
    if (into.call->on_data(bytes)) return size;
    outcome.ended_here = true;
    return CURL_WRITEFUNC_ERROR;
  }
  const auto largest = into.call->on_data ? largest_error : into.call->largest_answer;
  if (size > largest - outcome.body.size()) {
    outcome.too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  outcome.body += bytes;
  return size;
}

std::string header_text(CURL* handle, const char* name) {
  curl_header* header = nullptr;
  if (curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return {};
  return header->value;
}

curl_blob blob_of(const std::string& text) {
  return {const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
}

void read_code(CURL* handle, CURLcode code, HttpOutcome& outcome) {
  // An authority of the same name with another key (a cluster that was made anew) is to libcurl no matter of
  // trust.
  long verified = 0;
  if (code == CURLE_SSL_CONNECT_ERROR &&
      curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &verified) == CURLE_OK && verified != 0)
    code = CURLE_PEER_FAILED_VERIFICATION;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
      outcome.never_sent = true;
      break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      outcome.not_trusted = true;
      break;
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      outcome.bad_client = true;
      break;
    default:
      break;
  }
}

}  // namespace

struct KubeTransport::Lane {
  // The connection belongs to the multi handle, so each lane keeps both.
  CURLM* multi = curl_multi_init();
  CURL* easy = curl_easy_init();
  curl_slist* headers = nullptr;
  curl_slist* connect_to = nullptr;
  char error[CURL_ERROR_SIZE] = {};

  Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane() {
    reset();
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
  /// Drops every pointer to the request and its credentials; the connection stays.
  void reset() {
    curl_easy_reset(easy);
    curl_slist_free_all(std::exchange(headers, nullptr));
    curl_slist_free_all(std::exchange(connect_to, nullptr));
    error[0] = 0;
  }
  void add_header(const std::string& line) { headers = curl_slist_append(headers, line.c_str()); }
};

KubeTransport::KubeTransport(const KubeAccess& access) : access_(access) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
}

KubeTransport::~KubeTransport() = default;

std::unique_ptr<KubeTransport::Lane> KubeTransport::take_lane() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Lane>();
  auto lane = std::move(idle_.back());
  idle_.pop_back();
  return lane;
}

void KubeTransport::give_back(std::unique_ptr<Lane> lane) {
  lane->reset();
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle_lanes) idle_.push_back(std::move(lane));
}

void KubeTransport::prepare(Lane& lane, const HttpCall& call, const Presented& presented) const {
  const auto set = [&lane](auto option, auto value) { curl_easy_setopt(lane.easy, option, value); };
  const auto set_blob = [&](auto option, const std::string& text) {
    auto blob = blob_of(text);
    if (!text.empty()) set(option, &blob);
  };
  auto server = access_.server;
  if (!access_.server_name.empty()) {
    // The certificate is of another name than the address: ask for that name, connect to the address.
    const auto host = server.find("://") + 3;
    const auto path = std::min(server.find('/', host), server.size());
    const auto colon = server.rfind(':', path);
    const bool has_port = colon != server.npos && colon > host && server.find(']', colon) == server.npos;
    const auto port = has_port ? server.substr(colon + 1, path - colon - 1) : std::string("443");
    const auto where = server.substr(host, (has_port ? colon : path) - host);
    lane.connect_to =
        curl_slist_append(nullptr, (access_.server_name + ":" + port + ":" + where + ":" + port).c_str());
    set(CURLOPT_CONNECT_TO, lane.connect_to);
    server = "https://" + access_.server_name + ":" + port + server.substr(path);
  }
  set(CURLOPT_URL, (server + call.target).c_str());
  set(CURLOPT_PROTOCOLS_STR, server.starts_with("http://") ? "http" : "https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TCP_KEEPIDLE, 30L);
  set(CURLOPT_TCP_KEEPINTVL, 10L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(call.connect_deadline.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(call.deadline.count()));
  if (call.idle.count() > 0) {
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(call.idle.count()));
  }
  set(CURLOPT_ERRORBUFFER, lane.error);
  if (access_.direct)
    set(CURLOPT_NOPROXY, "*");
  else if (!access_.proxy.empty())
    set(CURLOPT_PROXY, access_.proxy.c_str());

  set_blob(CURLOPT_CAINFO_BLOB, presented.authority);
  set_blob(CURLOPT_SSLCERT_BLOB, presented.certificate);
  set_blob(CURLOPT_SSLKEY_BLOB, presented.key);
  if (access_.insecure) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!presented.token.empty()) lane.add_header("Authorization: Bearer " + presented.token);
  lane.add_header("Accept: application/json");
  lane.add_header("User-Agent: berthd/" + std::string(protocol::release));
  if (!call.content_type.empty()) lane.add_header("Content-Type: " + call.content_type);
  if (!call.body.empty()) {
    lane.add_header("Expect:");
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
    set(CURLOPT_POSTFIELDS, call.body.data());
  }
  set(CURLOPT_HTTPHEADER, lane.headers);
  if (call.method != "GET") set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

HttpOutcome KubeTransport::perform(const HttpCall& call, const Presented& presented, std::stop_token stop) {
  HttpOutcome outcome;
  auto lane = take_lane();
  if (!lane->multi || !lane->easy) {
    outcome.trouble = "libcurl gives no handle";
    return outcome;
  }
  prepare(*lane, call, presented);
  Receiving receiving{&call, &outcome, lane->easy};
  curl_easy_setopt(lane->easy, CURLOPT_WRITEDATA, static_cast<void*>(&receiving));
  curl_easy_setopt(lane->easy, CURLOPT_WRITEFUNCTION, &receive);
  curl_multi_add_handle(lane->multi, lane->easy);
  CURLcode code = CURLE_OK;
  {
    // Before the wait below begins or during it: a wake-up is remembered.
    const std::stop_callback wake(stop, [&lane] { curl_multi_wakeup(lane->multi); });
    for (int running = 1; running > 0 && !outcome.stopped;) {
      auto trouble = curl_multi_perform(lane->multi, &running);
      if (trouble == CURLM_OK && running > 0)
        trouble = curl_multi_poll(lane->multi, nullptr, 0, 1000, nullptr);
      if (trouble != CURLM_OK) {
        outcome.trouble = curl_multi_strerror(trouble);
        break;
      }
      outcome.stopped = stop.stop_requested() && running > 0;
    }
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(lane->multi, &left))
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  curl_easy_getinfo(lane->easy, CURLINFO_RESPONSE_CODE, &outcome.status);
  outcome.retry_after = header_text(lane->easy, "retry-after");
  read_code(lane->easy, code, outcome);
  if (outcome.stopped) outcome.trouble = "stopped";
  if (code != CURLE_OK && outcome.trouble.empty())
    outcome.trouble = lane->error[0] ? lane->error : curl_easy_strerror(code);
  curl_multi_remove_handle(lane->multi, lane->easy);
  give_back(std::move(lane));
  return outcome;
}

}  // namespace berth::server::kubernetes
