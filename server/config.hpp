// SPDX-License-Identifier: GPL-3.0-or-later
// What berthd is told at start: defaults < configuration file (TOML) < environment (BERTH_*) < flags. One
// table in config.cpp names every option once; the file's key, the variable and the flag follow from its
// name. A table of the file is a prefix: `[storage] kind` is the option storage_kind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "server/blobs/blob_store_settings.hpp"
#include "server/kubernetes_settings.hpp"
#include "server/sign_in_settings.hpp"
#include "server/stores/postgresql_settings.hpp"

namespace berth::server {

struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};
Result<Endpoint> parse_endpoint(const std::string& text, const std::string& option);

struct Config {
  Endpoint listen{"127.0.0.1", 7070};
  std::optional<Endpoint> preview_listen = Endpoint{"127.0.0.1", 7071};  // absent: the path form is off
  std::string public_url;        // "https://ide.example.org"; "" : loopback names and IP literals
  std::string preview_host;      // "localhost:7070"; "" : "localhost:" and the port listened on
  std::string preview_fallback;  // origin of the path form as browsers see it; "" : from preview_listen
  std::vector<std::string> cors;
  std::vector<std::string> trusted_proxies;  // whose X-Forwarded-For is believed: addresses, "10.0.0.0/8"
  std::filesystem::path data;
  std::filesystem::path web;     // folder of the built web IDE
  std::filesystem::path runner;  // the berth-runner program
  std::filesystem::path templates;
  std::string user = "berth";  // whom to become when started by root
  int threads = 2;             // I/O threads
  std::string log_level = "info";
  bool end_with_input = false;   // end, all workspaces stopped, when standard input ends: a program's own
  bool allow_unlimited = false;  // serve more than one account though limits can't be enforced
  std::filesystem::path metrics_token_file;  // whoever brings its content may read /metrics
  std::string backend = "local";             // or "kubernetes"
  KubernetesSettings kubernetes;
  // the local backend; limits and allowed networks are every backend's
  std::string runtime;                   // crun, runc, runsc; "": the first that works
  std::filesystem::path images;          // unpacked ones, by name; "": "images" in the data folder
  double workspace_cpu = 0.5;            // cores
  std::uint64_t workspace_memory = 512;  // MiB
  std::uint64_t workspace_processes = 512;
  std::vector<std::string>
      workspace_allow;                    // networks ("10.1.2.0/24") that workspaces may reach though private
  BlobStoreSettings storage;              // where versions are stored
  std::filesystem::path server_key_file;  // mounted secrets, instead of the data folder's own files
  std::filesystem::path storage_key_file;
  std::string replica_address;  // "host:port" by which other servers of the database reach this one
  PostgresqlSettings database;  // where metadata is stored; its url is "" for SQLite in the data folder
  MailSettings mail;
  std::vector<IdentityProviderSettings> identity_providers;  // complete
  IdentityProviderSettings identity_provider;                // the one of the options, as far as it was told
  // first values of the settings that an administrator changes later
  bool registration_open = true;
  std::int64_t idle_stop_minutes = 30;
  std::int64_t maximum_life_minutes = 0;
  std::int64_t workspaces_per_account = 20;
  std::int64_t running_per_account = 5;
  std::int64_t storage_per_account = 0;       // bytes
  std::int64_t rate_limit = 6'000;            // requests of an account a minute; 0: no limit
  std::int64_t rate_limit_anonymous = 1'200;  // of an address that brings no credential
  std::int64_t storage_scrub_days = -1;       // 0: never; -1: 30 for a directory, never for S3
};

/// Where options come from; `flags` and the file's keys are option names ("preview_listen").
struct ConfigSources {
  std::map<std::string, std::string> flags;
  std::function<std::optional<std::string>(const std::string&)> environment;  // by variable name
  std::optional<std::filesystem::path> file;                                  // must exist when given
};

/// invalid_argument names the option and where its wrong value came from.
Result<Config> load_config(const ConfigSources& sources);

struct OptionHelp {
  std::string name;
  std::string help;
};
/// Every option, in the order of the reference in README.md.
std::vector<OptionHelp> config_options();

/// Fills in `web`, `runner`, `templates` and `data` where they were not given, looking around the program's
/// own place.
void find_installed_parts(Config& config, const std::filesystem::path& program);

}  // namespace berth::server
