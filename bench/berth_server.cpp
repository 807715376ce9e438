// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/berth_server.hpp"

#include <curl/curl.h>
#include <unistd.h>

namespace berth::bench {
namespace {

namespace rest = protocol::rest;

constexpr const char* email = "bench@example.org";
constexpr const char* password = "measured, not guessed";

/// The workspace's share is opened to the whole machine: what is compared is the path, not a quota that peers
/// do not have.
std::vector<std::string> containers(const Places& places) {
  return {"--runner",           places.programs / "berth-runner",
          "--workspace-cpu",    "64",
          "--workspace-memory", "2048",
          "--allow-unlimited"};
}

std::size_t collect(const char* bytes, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(bytes, size * count);
  return size * count;
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

BerthServer::BerthServer(const Places& places, std::vector<std::string> backend)
    : places_(places),
      backend_(backend.empty() ? containers(places) : std::move(backend)),
      data_(places.work / "data"),
      curl_(curl_easy_init()) {}

BerthServer::~BerthServer() {
  stop();
  curl_easy_cleanup(curl_);
}

double BerthServer::start() {
  if (process_) return 0;
  const auto begin = Clock::now();
  std::vector<std::string> command{places_.programs / "berthd",
                                   "serve",
                                   "--listen",
                                   "127.0.0.1:0",
                                   "--preview-listen",
                                   "127.0.0.1:0",
                                   "--data",
                                   data_,
                                   "--templates",
                                   places_.templates,
                                   "--workspaces-per-account",
                                   "100",
                                   "--running-per-account",
                                   "100",
                                   "--log-level",
                                   "warning"};
  command.insert(command.end(), backend_.begin(), backend_.end());
  process_.emplace(Process::Start{std::move(command), places_.work, places_.work / "berthd.log"});
  const auto address = process_->wait_for_line("listening on http://", std::chrono::seconds(30));
  port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  long status = 0;
  while (status != 200) {
    fetch("GET", "/readyz", "", false, status);
    if (milliseconds_since(begin) > 30'000) throw Failure("berthd does not get ready");
  }
  const auto ready = milliseconds_since(begin);
  if (!has_account_) {
    const auto link = process_->wait_for_line("set-up link: ", std::chrono::seconds(10));
    make_account(link.substr(link.find("token=") + 6));
  }
  return ready;
}

void BerthServer::stop() { process_.reset(); }

void BerthServer::make_account(const std::string& setup_token) {
  // The administrator's set-up first, then an ordinary account, which is who works here.
  take(call<rest::Setup>({setup_token, "administrator@example.org", "Administrator", password}));
  take(call<rest::Register>({email, "Bench", password}));
  has_account_ = true;
}

void BerthServer::take(const rest::SignedIn& signed_in) {
  token_ = signed_in.access_token.value_or("");
  token_expires_ = signed_in.access_expires;
}

protocol::rest::SignIn::Body BerthServer::credentials() { return {email, password}; }

std::string BerthServer::access_token() {
  if (now_ms() + 30'000 > token_expires_) take(call<rest::SignIn>({email, password}));
  return token_;
}

std::string BerthServer::create_workspace(const std::string& template_id) {
  auto workspace = call<rest::CreateWorkspace>({"bench", template_id, true});
  const auto begin = Clock::now();
  while (workspace.state == rest::WorkspaceState::starting && milliseconds_since(begin) < 30'000) {
    ::usleep(1000);
    workspace = call<rest::GetWorkspace>({}, workspace.id);
  }
  if (workspace.state != rest::WorkspaceState::running)
    throw Failure("the workspace does not run: " + workspace.reason);
  return workspace.id;
}

void BerthServer::delete_workspace(const std::string& id) { call<rest::DeleteWorkspace>({}, id); }

std::string BerthServer::path_of(std::string path, const std::string& id) {
  if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, id);
  return path;
}

std::string BerthServer::fetch(const std::string& method, const std::string& path, const std::string& body,
                               bool signed_in, long& status) {
  std::string answer;
  const auto url = "http://127.0.0.1:" + std::to_string(port_) + path;
  curl_slist* headers = curl_slist_append(nullptr, "Berth-Client: native");
  headers = curl_slist_append(headers, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Expect:");
  if (signed_in) headers = curl_slist_append(headers, ("Authorization: Bearer " + token_).c_str());
  curl_easy_reset(curl_);
  curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl_, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl_, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer);
  if (!body.empty()) {
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  } else if (method == "POST") {
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, "");
  }
  status = 0;
  if (curl_easy_perform(curl_) == CURLE_OK) curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(headers);
  return answer;
}

protocol::Json BerthServer::request(const std::string& method, const std::string& path,
                                    const std::string& body, bool signed_in) {
  if (signed_in) access_token();
  long status = 0;
  const auto answer = fetch(method, path, body, signed_in, status);
  if (status < 200 || status > 299)
    throw Failure(method + " " + path + " was answered with " + std::to_string(status) + ": " +
                  answer.substr(0, 400));
  if (answer.empty()) return protocol::Json::object();
  auto json = protocol::parse_json(answer);
  if (!json) throw Failure(json.error().message);
  return *json;
}

}  // namespace berth::bench
