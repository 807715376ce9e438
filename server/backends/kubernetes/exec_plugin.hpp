// SPDX-License-Identifier: GPL-3.0-or-later
// Credentials made by a program of the cloud's (Kubernetes' "client-go credential plugins"): run with bounded
// time and output, its answer read. Nothing of an answer is logged.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "server/backends/kubernetes/kube_access.hpp"

namespace berth::server::kubernetes {

struct ExecAnswer {
  std::string token;
  std::string certificate, key;  // PEM
  std::optional<std::chrono::system_clock::time_point> expires;
};

struct ExecLimits {
  std::chrono::milliseconds deadline{30'000};
  std::size_t output = 256u << 10;  // bytes, of standard output and standard error each
  // Variables of this process that the program is not given, besides BERTH_… and PG…: AWS_ACCESS_KEY_ID,
  // AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN where the server's S3 keys come by them.
  std::vector<std::string> withheld = {};
};

/// What the program reads in KUBERNETES_EXEC_INFO.
protocol::Json exec_info(const KubeAccess& access, const std::string& authority);

/// An ExecCredential. unavailable when it is none, of another version, empty or expired.
Result<ExecAnswer> parse_exec_answer(const std::string& text, const std::string& api_version,
                                     std::chrono::system_clock::time_point now);

/// Runs it with this process's environment but for what is the server's own, and what the kubeconfig sets;
/// blocking. unavailable with a sentence that says what to do; what it wrote to standard error is in the
/// detail. cancelled after `stop`, with the program ended.
Result<ExecAnswer> run_exec_plugin(const ExecPlugin& plugin, const protocol::Json& info,
                                   const ExecLimits& limits = {}, const std::stop_token& stop = {});

/// "2026-11-22T01:02:03Z" or with a fraction or an offset (RFC 3339); nullopt for anything else.
std::optional<std::chrono::system_clock::time_point> parse_time(const std::string& text);

}  // namespace berth::server::kubernetes
