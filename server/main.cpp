// SPDX-License-Identifier: GPL-3.0-or-later
// berthd: the command line, and which parts it is made of.
#include <malloc.h>
#include <sodium.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "protocol/version.hpp"
#include "server/backends/backends.hpp"
#include "server/serve.hpp"
#include "server/start_as_root.hpp"

namespace {

using namespace berth;
using namespace berth::server;

/// Flags as given; the table in config.cpp knows what they mean.
void add_flags(CLI::App& command, std::map<std::string, std::string>& flags) {
  for (const auto& option : config_options()) {
    std::string flag = "--" + option.name;
    std::ranges::replace(flag, '_', '-');
    const auto take = [&flags, name = option.name](const std::string& value) { flags[name] = value; };
    if (option.name == "allow_unlimited")
      command.add_flag_function(
          flag, [&flags](std::int64_t) { flags["allow_unlimited"] = "true"; }, option.help);
    else
      command.add_option_function<std::string>(flag, take, option.help)->take_last();
  }
}

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

int fail(const Error& error) {
  std::cerr << "berthd: " << error.message << (error.detail.empty() ? "" : " (" + error.detail + ")") << "\n";
  return 1;
}

/// Each open window takes two descriptors; the usual soft limit of 1024 would end at some 500 windows.
void allow_many_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(const ConfigSources& sources) {
  auto config = load_config(sources);
  if (!config) return fail(config.error());
  std::error_code ignored;
  find_installed_parts(*config, std::filesystem::canonical("/proc/self/exe", ignored));
  spdlog::set_default_logger(spdlog::stderr_logger_mt("berthd"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  spdlog::set_level(spdlog::level::from_str(config->log_level));
  if (config->runner.empty())
    return fail({ErrorCode::not_found,
                 "The program berth-runner was not found; say where it is with --runner.",
                 {},
                 {}});
  if (config->templates.empty())
    return fail({ErrorCode::not_found,
                 "The workspace templates were not found; say where they are with --templates.",
                 {},
                 {}});
  if (auto left = leave_root(*config, prepare_local_backend_as_root); !left) return fail(left.error());
  allow_many_connections();
  auto served =
      serve(std::move(*config), {make_local_backend, make_runner_access, make_gateway, make_preview});
  if (!served) return fail(served.error());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // Few arenas: the idle server's memory is counted in megabytes, and its threads rarely allocate at the same
  // time.
  mallopt(M_ARENA_MAX, 2);
  if (sodium_init() < 0)
    return fail({ErrorCode::internal, "libsodium can't be used on this machine.", {}, {}});
  CLI::App app("berthd: the server of Berth");
  app.require_subcommand(1);
  auto* version = app.add_subcommand("version", "Prints the release and the wire's version.");
  auto* serve_command = app.add_subcommand("serve", "Serves the web IDE, the API and the gateway.");
  ConfigSources sources;
  std::string file;
  serve_command->add_option(
      "--config", file, "Configuration file. [BERTH_CONFIG, else /etc/berth/berthd.toml where it exists]");
  add_flags(*serve_command, sources.flags);
  CLI11_PARSE(app, argc, argv);
  if (version->parsed()) {
    std::cout << "berthd " << protocol::release << " (protocol " << protocol::version_major << "."
              << protocol::version_minor << ")\n";
    return 0;
  }
  sources.environment = from_environment;
  if (file.empty()) file = from_environment("BERTH_CONFIG").value_or("");
  std::error_code ignored;
  if (file.empty() && std::filesystem::exists("/etc/berth/berthd.toml", ignored))
    file = "/etc/berth/berthd.toml";
  if (!file.empty()) sources.file = file;
  try {
    return run(sources);
  } catch (const std::exception& error) {
    return fail({ErrorCode::internal, std::string("It can't go on: ") + error.what(), {}, {}});
  }
}
