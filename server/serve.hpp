// SPDX-License-Identifier: GPL-3.0-or-later
// A server's life: wires the application, serves until SIGTERM or SIGINT, ends in order.
#pragma once

#include <functional>
#include <memory>

#include "server/application.hpp"
#include "server/config.hpp"
#include "server/http_session.hpp"

namespace berth::server {

/// The parts that have a choice of makers: main gives the real ones, tests may give fakes.
struct Parts {
  std::function<Result<std::unique_ptr<WorkspaceBackend>>(const Config&)> backend;
  std::function<std::unique_ptr<RunnerAccess>(Application&)> runner_access;
  std::function<std::unique_ptr<UpgradeHandler>(Application&)> gateway;
  std::function<std::unique_ptr<PreviewHandler>(Application&)> preview;
};

/// Blocks until told to stop; an error says why it could not start. Prints "listening on …" and, while there
/// is no administrator, "set-up link: …" on standard output.
Result<void> serve(Config config, const Parts& parts);

}  // namespace berth::server
