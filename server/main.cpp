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
#include "server/admin_command_line.hpp"
#include "server/backends/backends.hpp"
#include "server/log_lines.hpp"
#include "server/maintenance.hpp"
#include "server/migrate.hpp"
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

/// The configuration, and a log that says no more than `quietest`.
Result<Config> set_up(const ConfigSources& sources, spdlog::level::level_enum quietest) {
  auto config = load_config(sources);
  if (!config) return config;
  std::error_code ignored;
  find_installed_parts(*config, std::filesystem::canonical("/proc/self/exe", ignored));
  spdlog::set_default_logger(spdlog::stderr_logger_mt("berthd"));
  spdlog::set_formatter(log_formatter());
  spdlog::set_level(std::max(spdlog::level::from_str(config->log_level), quietest));
  return config;
}

int run(const ConfigSources& sources) {
  auto config = set_up(sources, spdlog::level::trace);
  if (!config) return fail(config.error());
  const bool local = config->backend == "local";
  if (local && config->runner.empty())
    return fail({ErrorCode::not_found,
                 "The program berth-runner was not found; say where it is with --runner.",
                 {},
                 {}});
  if (config->templates.empty())
    return fail({ErrorCode::not_found,
                 "The workspace templates were not found; say where they are with --templates.",
                 {},
                 {}});
  if (auto left = leave_root(*config, local ? prepare_local_backend_as_root : PrepareAsRoot()); !left)
    return fail(left.error());
  allow_many_connections();
  auto served = serve(std::move(*config), {make_backend, make_runner_access, make_gateway, make_preview});
  if (!served) return fail(served.error());
  return 0;
}

int administer(const ConfigSources& sources, AdminChoice choice) {
  auto config = set_up(sources, spdlog::level::warn);
  if (!config) return fail(config.error());
  std::error_code ignored;
  if (!std::filesystem::exists(config->data, ignored))
    return fail({ErrorCode::not_found,
                 "There is no data folder " + config->data.string() + "; name it with --data.",
                 {},
                 {}});
  choice.user = invoking_user();
  if (auto left = leave_root(*config, nullptr); !left) return fail(left.error());
  const auto ended = run_admin(*config, std::move(choice));
  return ended ? *ended : fail(ended.error());
}

/// The commands beside `serve`, and what their command lines say.
struct Maintenance {
  CLI::App* fsck = nullptr;
  CLI::App* backup = nullptr;
  CLI::App* restore = nullptr;
  CLI::App* migrate = nullptr;
  MigrateChoice move;
  FsckChoice choice;
  bool replace = false;
  std::string place;  // of the backup

  void add_to(CLI::App& app) {
    fsck =
        app.add_subcommand("fsck",
                           "Looks at everything stored and says which files of which versions are damaged; "
                           "ends with 2 when something is.");
    auto* repair = fsck->add_flag("--repair", choice.repair,
                                  "Drops what is lost, so that it is stored again where a home still has it. "
                                  "berthd must not run.");
    fsck->add_flag("--rebuild", choice.rebuild,
                   "Makes the index and the versions anew from what lies in the store. berthd must not run.")
        ->excludes(repair);
    backup = app.add_subcommand("backup",
                                "Copies metadata, keys and all stored versions, also while berthd runs.");
    backup
        ->add_option("place", place, "A folder, which a later backup completes, or a file that ends in .tar.")
        ->required();
    restore = app.add_subcommand("restore", "Brings a backup back into an empty data folder.");
    restore->add_option("place", place, "The backup.")->required();
    restore->add_flag("--replace", replace,
                      "Replaces database and keys of a data folder that is not empty; homes stay.");
    migrate =
        app.add_subcommand("migrate",
                           "Moves metadata from one database into another, empty one: sqlite (of the "
                           "data folder), sqlite:FILE or postgresql://user@host:5432/database. No berthd "
                           "may use either.");
    migrate->add_option("--from", move.from, "The database to read; it stays as it is.")->required();
    migrate->add_option("--to", move.to, "The database to fill.")->required();
    migrate->add_option(
        "--from-password-file", move.from_password_file,
        "A file that holds the password. [--database-password-file, PGPASSWORD or ~/.pgpass]");
    migrate->add_option("--to-password-file", move.to_password_file, "The same for the other one.");
  }
  bool parsed() const { return fsck->parsed() || backup->parsed() || restore->parsed() || migrate->parsed(); }

  int run(const ConfigSources& sources) const {
    auto config = set_up(sources, spdlog::level::warn);
    if (!config) return fail(config.error());
    const auto moved = with_whole_paths(move);
    const auto where = place.empty() ? std::filesystem::path() : std::filesystem::absolute(place);
    std::error_code ignored;
    if (!restore->parsed() && !migrate->parsed() && !std::filesystem::exists(config->data, ignored))
      return fail({ErrorCode::not_found,
                   "There is no data folder " + config->data.string() + "; name it with --data.",
                   {},
                   {}});
    if (backup->parsed())
      if (auto made = prepare_backup_target(*config, where); !made) return fail(made.error());
    if (auto left = leave_root(*config, nullptr); !left) return fail(left.error());
    const auto ended = fsck->parsed()      ? run_fsck(*config, choice)
                       : backup->parsed()  ? run_backup(*config, where)
                       : migrate->parsed() ? run_migrate(*config, moved)
                                           : run_restore(*config, where, replace);
    return ended ? *ended : fail(ended.error());
  }
};

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
  Maintenance maintenance;
  maintenance.add_to(app);
  AdminCommandLine administration;
  administration.add_to(app);
  auto commands = administration.commands;
  commands.insert(commands.end(), {serve_command, maintenance.fsck, maintenance.backup, maintenance.restore,
                                   maintenance.migrate});
  for (auto* command : commands) {
    command->add_option("--config", file,
                        "Configuration file. [BERTH_CONFIG, else /etc/berth/berthd.toml where it exists]");
    add_flags(*command, sources.flags);
  }
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
    if (administration.admin->parsed()) return administer(sources, *administration.choice);
    return maintenance.parsed() ? maintenance.run(sources) : run(sources);
  } catch (const std::exception& error) {
    return fail({ErrorCode::internal, std::string("It can't go on: ") + error.what(), {}, {}});
  }
}
