// SPDX-License-Identifier: GPL-3.0-or-later
// berthd as it is, but for a backend whose workspaces several of them share, as those of a cluster are.
// Arguments: data folder, the workspaces' folder, templates folder, runner; the rest by BERTH_… variables.
#include <sodium.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>

#include "server/serve.hpp"
#include "tests/integration/gateway/direct_backend.hpp"

int main(int count, char** arguments) {
  using namespace berth::server;
  if (count != 5 || sodium_init() < 0) return 2;
  spdlog::set_default_logger(spdlog::stderr_logger_mt("berthd"));
  ConfigSources sources;
  sources.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = ::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
  auto config = load_config(sources);
  if (!config) {
    std::fprintf(stderr, "%s\n", config.error().message.c_str());
    return 1;
  }
  config->listen = {"127.0.0.1", 0};
  config->preview_listen.reset();
  config->data = arguments[1];
  config->templates = arguments[3];
  config->web = std::filesystem::path(arguments[1]) / "web";
  std::filesystem::create_directories(config->web);
  std::filesystem::permissions(config->data, std::filesystem::perms::owner_all);
  const Parts parts{
      .backend = [&](const Config&) -> berth::Result<std::unique_ptr<WorkspaceBackend>> {
        return std::make_unique<DirectBackend>(arguments[2], arguments[4], true);
      },
      .runner_access = make_runner_access,
      .gateway = make_gateway,
      .preview = make_preview,
  };
  if (auto served = serve(std::move(*config), parts); !served) {
    std::fprintf(stderr, "%s (%s)\n", served.error().message.c_str(), served.error().detail.c_str());
    return 1;
  }
  return 0;
}
