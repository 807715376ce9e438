// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ready_workspaces.hpp"

#include <spdlog/spdlog.h>

#include "server/application.hpp"
#include "server/division.hpp"

namespace berth::server {

void keep_ready(Application& application) {
  const auto& config = application.config;
  for (const auto& [id, count] : config.kubernetes.warm) {
    if (!application.templates.find(id)) {
      spdlog::warn("kubernetes_warm: there is no template {}", id);
      continue;
    }
    application.backend->keep_ready(
        {.workspace = {},
         .template_id = id,
         .limits = {config.workspace_cpu, config.workspace_memory << 20, config.workspace_processes},
         .server_key = application.keys.connect.public_key,
         .image = application.settings->image_of(id)},
        {.count = static_cast<std::size_t>(count),
         .longest = std::chrono::minutes(config.kubernetes.warm_minutes),
         .may = [division = application.division.get()] { return !division || division->leads(); }});
  }
}

}  // namespace berth::server
