// SPDX-License-Identifier: GPL-3.0-or-later
// A berthd of the bench's own, with an account and workspaces made through its REST API as a native client
// does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/peer.hpp"
#include "bench/process.hpp"
#include "protocol/codec.hpp"
#include "protocol/rest.hpp"

namespace berth::bench {

class BerthServer {
 public:
  /// Its data lies below `places.work`; nothing is started yet. `backend`: options that say where workspaces
  /// run, instead of containers on this machine.
  explicit BerthServer(const Places& places, std::vector<std::string> backend = {});
  ~BerthServer();

  /// exec → listening → /readyz says yes, in ms. The first time also makes the account.
  double start();
  void stop();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_->pid(); }
  const std::filesystem::path& data() const { return data_; }
  /// A good access token; signs in again when the last one nears its end.
  std::string access_token();
  /// Of the account whose workspaces these are.
  static protocol::rest::SignIn::Body credentials();

  /// POST /workspaces, answered when it runs; the id.
  std::string create_workspace(const std::string& template_id = "python");
  void delete_workspace(const std::string& id);

  template <class Route>
  typename Route::Result call(const typename Route::Body& body = {}, const std::string& id = {}) {
    const auto json = request(std::string(Route::method), path_of(std::string(Route::path), id),
                              std::is_same_v<typename Route::Body, protocol::rest::NoBody>
                                  ? std::string()
                                  : protocol::to_text(protocol::encode(body)),
                              Route::access != protocol::rest::Access::anyone);
    auto result = protocol::decode<typename Route::Result>(json, std::string(Route::path));
    if (!result) throw Failure(result.error().message);
    return *result;
  }

 private:
  static std::string path_of(std::string path, const std::string& id);
  protocol::Json request(const std::string& method, const std::string& path, const std::string& body,
                         bool signed_in);
  std::string fetch(const std::string& method, const std::string& path, const std::string& body,
                    bool signed_in, long& status);
  void make_account(const std::string& setup_token);
  void take(const protocol::rest::SignedIn& signed_in);

  Places places_;
  std::vector<std::string> backend_;
  std::filesystem::path data_;
  std::optional<Process> process_;
  void* curl_ = nullptr;
  std::uint16_t port_ = 0;
  std::string token_;
  std::int64_t token_expires_ = 0;
  bool has_account_ = false;
};

}  // namespace berth::bench
