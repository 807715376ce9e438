// SPDX-License-Identifier: GPL-3.0-or-later
// One exchange with an API server by libcurl, once: no attempt after the first, no meaning of its answer.
// Ends at once when it is asked to stop. May be used from any thread; calls block.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "server/backends/kubernetes/kube_credentials.hpp"

namespace berth::server::kubernetes {

struct HttpCall {
  std::string method = "GET";
  std::string target = {};  // path and query, already escaped
  std::string content_type = {};
  std::string_view body = {};
  std::size_t largest_answer = 16u << 20;  // bytes
  std::chrono::milliseconds connect_deadline{10'000};
  std::chrono::milliseconds deadline{30'000};  // of the whole; 0: none
  std::chrono::seconds idle{0};                // without a byte; 0: none
  // Takes a 200's body as it comes, instead of HttpOutcome::body; false ends the exchange (`ended_here`).
  std::function<bool(std::string_view)> on_data = {};
};

struct HttpOutcome {
  long status = 0;  // 0: no answer
  std::string body;
  std::string retry_after;   // the header's text
  bool never_sent = false;   // the server has surely not seen the request
  bool ended_here = false;   // by on_data
  bool stopped = false;      // by the stop token
  bool too_large = false;    // the answer
  bool not_trusted = false;  // the server's certificate
  bool bad_client = false;   // the client's own certificate, key or CA
  std::string trouble;       // what libcurl said; "" when the exchange came to its end
};

class KubeTransport {
 public:
  explicit KubeTransport(const KubeAccess& access);
  ~KubeTransport();

  HttpOutcome perform(const HttpCall& call, const Presented& presented, std::stop_token stop);

 private:
  struct Lane;  // a connection and what drives it
  std::unique_ptr<Lane> take_lane();
  void give_back(std::unique_ptr<Lane> lane);
  void prepare(Lane& lane, const HttpCall& call, const Presented& presented) const;

  const KubeAccess access_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Lane>> idle_;
};

}  // namespace berth::server::kubernetes
