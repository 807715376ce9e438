// SPDX-License-Identifier: GPL-3.0-or-later
// berthd as it is, but for the backend: what these tests talk to. Arguments: data folder, templates folder,
// runner, and optionally a preview host.
#include <sodium.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>

#include "direct_backend.hpp"
#include "server/serve.hpp"

int main(int count, char** arguments) {
  using namespace berth::server;
  if (count < 4 || sodium_init() < 0) return 2;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("berthd"));
  Config config;
  config.listen = {"127.0.0.1", 0};
  config.preview_listen = Endpoint{"127.0.0.1", 0};
  config.data = std::filesystem::path(arguments[1]) / "data";
  config.templates = arguments[2];
  config.web = std::filesystem::path(arguments[1]) / "web";
  if (count > 4) config.preview_host = arguments[4];
  const auto workspaces = std::filesystem::path(arguments[1]) / "workspaces";
  std::filesystem::create_directories(config.data);
  std::filesystem::permissions(config.data, std::filesystem::perms::owner_all);
  std::filesystem::create_directories(config.web);
  std::filesystem::create_directories(workspaces);
  const Parts parts{
      .backend = [&](const Config&) -> berth::Result<std::unique_ptr<WorkspaceBackend>> {
        return std::make_unique<DirectBackend>(workspaces, arguments[3]);
      },
      .runner_access = make_runner_access,
      .gateway = make_gateway,
      .preview = make_preview,
  };
  if (auto served = serve(std::move(config), parts); !served) {
    std::fprintf(stderr, "%s (%s)\n", served.error().message.c_str(), served.error().detail.c_str());
    return 1;
  }
  return 0;
}
