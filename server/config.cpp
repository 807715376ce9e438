// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#define TOML_HEADER_ONLY 0
#include <toml++/toml.hpp>

#include "server/config_table.hpp"
#include "server/trusted_proxies.hpp"

namespace berth::server {
namespace {

using config_table::kubernetes_options;
using config_table::Option;
using config_table::set_number;
using config_table::set_truth;
using config_table::Setter;
using config_table::sign_in_options;
using config_table::words;
using config_table::wrong;

template <class T>
Setter number(T Config::* field, T least, T most) {
  return [=](Config& config, const std::string& value, const std::string& from) {
    return set_number(config.*field, least, most, value, from);
  };
}

Setter text(std::string Config::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    config.*field = value;
    return {};
  };
}

Setter path(std::filesystem::path Config::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    config.*field = std::filesystem::absolute(value);
    return {};
  };
}

Setter list(std::vector<std::string> Config::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    config.*field = words(value);
    return {};
  };
}

Setter truth(bool Config::* field) {
  return [=](Config& config, const std::string& value, const std::string& from) {
    return set_truth(config.*field, value, from);
  };
}

/// One field of the storage settings.
template <class Text>
Setter storage(Text BlobStoreSettings::* field) {
  return [=](Config& config, const std::string& value, const std::string&) -> Result<void> {
    if constexpr (std::is_same_v<Text, std::filesystem::path>)
      config.storage.*field = std::filesystem::absolute(value);
    else
      config.storage.*field = value;
    return {};
  };
}

Result<void> set_storage_encrypt(Config& config, const std::string& value, const std::string& from) {
  return set_truth(config.storage.encrypt, value, from);
}

Result<void> set_database(Config& config, const std::string& value, const std::string& from) {
  config.database.url.clear();
  if (value == "sqlite") return {};
  if (auto known = check_postgresql_url(value); !known) return wrong(from, known.error().message);
  if (from.starts_with("--") && has_password(value))
    return wrong(from,
                 "everybody on this machine could read the password; use --database-password-file or the "
                 "environment");
  config.database.url = value;
  return {};
}

Result<void> set_database_password(Config& config, const std::string& value, const std::string&) {
  config.database.password = value;
  return {};
}

Result<void> set_database_password_file(Config& config, const std::string& value, const std::string&) {
  config.database.password_file = std::filesystem::absolute(value);
  return {};
}

Result<void> set_database_connections(Config& config, const std::string& value, const std::string& from) {
  return set_number(config.database.connections, 2, 200, value, from);
}

Result<void> set_backend(Config& config, const std::string& value, const std::string& from) {
  if (value != "local" && value != "kubernetes") return wrong(from, "must be local or kubernetes");
  config.backend = value;
  return {};
}

Result<void> set_listen(Config& config, const std::string& value, const std::string& from) {
  auto endpoint = parse_endpoint(value, from);
  if (!endpoint) return std::unexpected(endpoint.error());
  config.listen = *endpoint;
  return {};
}

Result<void> set_preview_listen(Config& config, const std::string& value, const std::string& from) {
  config.preview_listen.reset();
  if (value == "off") return {};
  auto endpoint = parse_endpoint(value, from);
  if (!endpoint) return std::unexpected(endpoint.error());
  config.preview_listen = *endpoint;
  return {};
}

Result<void> set_trusted_proxies(Config& config, const std::string& value, const std::string& from) {
  config.trusted_proxies = words(value);
  for (const auto& one : config.trusted_proxies)
    if (!is_address_or_network(one))
      return wrong(from, "\"" + one + "\" is neither an address nor a network such as 10.0.0.0/8");
  return {};
}

Result<void> set_public_url(Config& config, const std::string& value, const std::string& from) {
  const bool good = value.empty() || ((value.starts_with("http://") || value.starts_with("https://")) &&
                                      value.find('/', value.find("://") + 3) >= value.size() - 1);
  if (!good) return wrong(from, "must look like https://ide.example.org, without a path");
  config.public_url = value;
  return {};
}

std::vector<Option> general_options() {
  return {
      {"listen", "Address and port of the IDE and the API; port 0 takes a free one. [127.0.0.1:7070]",
       set_listen},
      {"preview_listen", "Address and port of the path form of previews; off turns it off. [127.0.0.1:7071]",
       set_preview_listen},
      {"public_url",
       "How browsers reach this server when not by localhost or an address, e.g. https://ide.example.org.",
       set_public_url},
      {"preview_host", "Previews are at <port>--<workspace>.<this>. [localhost:<port listened on>]",
       text(&Config::preview_host)},
      {"preview_fallback", "Origin of the path form as browsers see it. [from preview_listen]",
       text(&Config::preview_fallback)},
      {"cors", "Other origins that may call the API with a bearer token, separated by commas. [none]",
       list(&Config::cors)},
      {"trusted_proxies",
       "Addresses and networks of reverse proxies whose X-Forwarded-For is believed. [none]",
       set_trusted_proxies},
      {"data", "Data folder: database, keys, homes. [/var/lib/berth as a service, else ~/.local/share/berth]",
       path(&Config::data)},
      {"web", "Folder of the built web IDE. [found beside the program]", path(&Config::web)},
      {"runner", "The berth-runner program. [found beside the program]", path(&Config::runner)},
      {"templates", "Folder of the workspace templates. [found beside the program]",
       path(&Config::templates)},
      {"user", "Whom to become when started by root. [berth]", text(&Config::user)},
      {"threads", "I/O threads, 1 to 64. [2]", number<int>(&Config::threads, 1, 64)},
      {"log_level", "trace, debug, info, warn, error or off. [info]", text(&Config::log_level)},
      {"end_with_input",
       "For a program that starts a berthd of its own: stops all workspaces and ends once standard input "
       "does. "
       "[false]",
       truth(&Config::end_with_input)},
      {"allow_unlimited",
       "Serve more than one account although limits on workspaces can't be enforced. [false]",
       truth(&Config::allow_unlimited)},
      {"backend",
       "Where workspaces run: local, containers on this machine, or kubernetes, pods of a cluster. [local]",
       set_backend},
      {"runtime", "OCI runtime: crun, runc or runsc (gVisor, experimental). [the first that works]",
       text(&Config::runtime)},
      {"images", "Local backend: folder of unpacked images that templates name. [images in the data folder]",
       path(&Config::images)},
      {"metrics_token_file", "A file whose content, as a bearer token, may read /metrics. [none]",
       path(&Config::metrics_token_file)},
      {"workspace_cpu", "Cores a workspace. [0.5]", number<double>(&Config::workspace_cpu, 0.01, 1024.0)},
      {"workspace_memory", "MiB a workspace. [512]",
       number<std::uint64_t>(&Config::workspace_memory, 32, 1u << 24)},
      {"workspace_processes", "Processes and threads a workspace. [512]",
       number<std::uint64_t>(&Config::workspace_processes, 16, 1u << 22)},
      {"workspace_allow", "Private networks that workspaces may reach, e.g. 10.1.2.0/24. [none]",
       list(&Config::workspace_allow)},
      {"database",
       "Where metadata is stored: sqlite, a file in the data folder, or "
       "postgresql://user@host:5432/database, "
       "which many berthd may share. [sqlite]",
       set_database},
      {"database_password", "PostgreSQL: not as a flag. [the URL's, PGPASSWORD or ~/.pgpass]",
       set_database_password, true},
      {"database_password_file", "PostgreSQL: a file that holds the password.", set_database_password_file},
      {"database_connections", "PostgreSQL: the most connections that are open at a time. [8]",
       set_database_connections},
      {"replica_address",
       "PostgreSQL: host:port by which the other berthd on the database reach this one. [from listen]",
       text(&Config::replica_address)},
      {"server_key_file",
       "A mounted file with the server's key, 32 bytes, the same for all berthd of a database. [server.key "
       "in the data folder; with PostgreSQL through the database]",
       path(&Config::server_key_file)},
      {"storage_key_file",
       "A mounted file with the key of storage_encrypt, 32 bytes. [storage.key in the data folder]",
       path(&Config::storage_key_file)},
      {"storage_kind", "Where versions are stored: directory or s3. [directory]",
       storage(&BlobStoreSettings::kind)},
      {"storage_path", "The directory. [blobs in the data folder]", storage(&BlobStoreSettings::path)},
      {"storage_endpoint", "S3: https://host:port of a server that is not AWS. [AWS in the region]",
       storage(&BlobStoreSettings::endpoint)},
      {"storage_region", "S3: the bucket's region. [us-east-1]", storage(&BlobStoreSettings::region)},
      {"storage_bucket", "S3: the bucket.", storage(&BlobStoreSettings::bucket)},
      {"storage_prefix", "S3: what the names of all objects begin with. [none]",
       storage(&BlobStoreSettings::prefix)},
      {"storage_access_key", "S3: not as a flag. [AWS_ACCESS_KEY_ID]",
       storage(&BlobStoreSettings::access_key), true},
      {"storage_secret_key", "S3: not as a flag. [AWS_SECRET_ACCESS_KEY]",
       storage(&BlobStoreSettings::secret_key), true},
      {"storage_session_token", "S3, temporary credentials: not as a flag. [AWS_SESSION_TOKEN]",
       storage(&BlobStoreSettings::session_token), true},
      {"storage_access_key_file", "S3: a file that holds the access key.",
       storage(&BlobStoreSettings::access_key_file)},
      {"storage_secret_key_file", "S3: a file that holds the secret key.",
       storage(&BlobStoreSettings::secret_key_file)},
      {"storage_session_token_file", "S3: a file that holds the session token.",
       storage(&BlobStoreSettings::session_token_file)},
      {"storage_path_style", "S3: https://host/bucket instead of https://bucket.host. [true but for AWS]",
       storage(&BlobStoreSettings::path_style)},
      {"storage_ca", "S3: file with the certificates to trust. [the system's]",
       storage(&BlobStoreSettings::ca)},
      {"rate_limit", "requests that an account may make a minute; 0: no limit",
       number<std::int64_t>(&Config::rate_limit, 0, 1'000'000)},
      {"rate_limit_anonymous", "the same of an address that brings no credential",
       number<std::int64_t>(&Config::rate_limit_anonymous, 0, 1'000'000)},
      {"storage_scrub_days",
       "In how many days everything stored is read once in search of damage, 0 for never. [30, S3: 0]",
       number<std::int64_t>(&Config::storage_scrub_days, 0, 3650)},
      {"storage_encrypt", "Seal everything stored with the server's key. [false]", set_storage_encrypt},
      {"registration_open",
       "Whether anyone who reaches the server may register, until an administrator changes it. [true]",
       truth(&Config::registration_open)},
      {"idle_stop_minutes", "First value of the setting: stop after so long without use, 0 for never. [30]",
       number<std::int64_t>(&Config::idle_stop_minutes, 0, 525600)},
      {"maximum_life_minutes", "First value of the setting: stop after so long in any case, 0 for never. [0]",
       number<std::int64_t>(&Config::maximum_life_minutes, 0, 525600)},
      {"workspaces_per_account", "First value of the setting. [20]",
       number<std::int64_t>(&Config::workspaces_per_account, 0, 10000)},
      {"running_per_account", "First value of the setting. [5]",
       number<std::int64_t>(&Config::running_per_account, 0, 10000)},
      {"storage_per_account",
       "First value of the setting: bytes that an account's stored versions may take, 0 for no limit. [0]",
       number<std::int64_t>(&Config::storage_per_account, 0, std::int64_t{1} << 50)},
  };
}

const std::vector<Option>& options() {
  static const std::vector<Option> all = [] {
    auto rows = general_options();
    for (auto& row : kubernetes_options()) rows.push_back(std::move(row));
    for (auto& row : sign_in_options()) rows.push_back(std::move(row));
    return rows;
  }();
  return all;
}

std::string environment_name(const std::string& option) {
  std::string name = "BERTH_" + option;
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return name;
}

/// A TOML value in the spelling of flags; lists become commas.
std::optional<std::string> spelled(const toml::node& node) {
  if (const auto value = node.value_exact<std::string>()) return *value;
  if (const auto value = node.value_exact<bool>()) return *value ? "true" : "false";
  if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
  if (const auto value = node.value_exact<double>()) return std::to_string(*value);
  if (const auto* array = node.as_array()) {
    std::string all;
    for (const auto& item : *array) {
      const auto one = item.value_exact<std::string>();
      if (!one) return std::nullopt;
      all += (all.empty() ? "" : ",") + *one;
    }
    return all;
  }
  return std::nullopt;
}

/// [[identity_providers]].
Result<void> apply_providers(Config& config, const toml::array& tables, const std::string& from) {
  for (const auto& one : tables) {
    const auto* table = one.as_table();
    if (!table) return wrong(from, "must be tables [[identity_providers]]");
    std::map<std::string, std::string> fields;
    for (const auto& [key, node] : *table) {
      const auto value = spelled(node);
      if (!value) return wrong(from + " " + std::string(key.str()), "must be a string or a list of strings");
      fields[std::string(key.str())] = *value;
    }
    if (auto added = config_table::add_identity_provider(config, fields, from); !added) return added;
  }
  return {};
}

Result<void> apply_table(Config& config, const toml::table& table, const std::string& prefix,
                         const std::string& file) {
  for (const auto& [key, node] : table) {
    const auto name = prefix + std::string(key.str());
    if (const auto* inner = node.as_table(); inner && prefix.empty()) {
      if (auto applied = apply_table(config, *inner, name + "_", file); !applied) return applied;
      continue;
    }
    const auto from = file + ": " + name;
    if (const auto* array = node.as_array(); array && name == "identity_providers") {
      if (auto applied = apply_providers(config, *array, from); !applied) return applied;
      continue;
    }
    const auto it = std::ranges::find_if(options(), [&](const auto& option) { return name == option.name; });
    if (it == options().end()) return wrong(from, "there is no such option");
    const auto value = spelled(node);
    if (!value) return wrong(from, "must be a string, a number, a truth value or a list of strings");
    if (auto set = it->set(config, *value, from); !set) return set;
  }
  return {};
}

Result<void> apply_file(Config& config, const std::filesystem::path& file) {
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return failure(ErrorCode::invalid_argument, file.string() + ":" +
                                                    std::to_string(error.source().begin.line) + ": " +
                                                    std::string(error.description()));
  }
  return apply_table(config, table, "", file.string());
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& text, const std::string& option) {
  const auto colon = text.rfind(':');
  Endpoint endpoint;
  if (colon == text.npos) return wrong(option, "must look like 127.0.0.1:7070");
  endpoint.host = text.substr(0, colon);
  if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']'))
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  const auto port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (error != std::errc{} || end != port.data() + port.size() || endpoint.host.empty())
    return wrong(option, "must look like 127.0.0.1:7070");
  return endpoint;
}

std::vector<OptionHelp> config_options() {
  std::vector<OptionHelp> all;
  for (const auto& option : options()) all.push_back({option.name, option.help});
  return all;
}

Result<Config> load_config(const ConfigSources& sources) {
  Config config;
  if (sources.file)
    if (auto applied = apply_file(config, *sources.file); !applied) return std::unexpected(applied.error());
  for (const auto& option : options()) {
    const auto variable = environment_name(option.name);
    if (const auto value = sources.environment ? sources.environment(variable) : std::nullopt)
      if (auto set = option.set(config, *value, "environment " + variable); !set)
        return std::unexpected(set.error());
  }
  for (const auto& option : options()) {
    const auto it = sources.flags.find(option.name);
    if (it == sources.flags.end()) continue;
    std::string flag = "--" + it->first;
    std::ranges::replace(flag, '_', '-');
    if (option.secret)
      return wrong(flag, "everybody on this machine could read it; use " + flag + "-file or the environment");
    if (auto set = option.set(config, it->second, flag); !set) return std::unexpected(set.error());
  }
  fill_from_aws_environment(config.storage, sources.environment);
  if (auto complete = config_table::complete_sign_in(config); !complete)
    return std::unexpected(complete.error());
  return config;
}

void find_installed_parts(Config& config, const std::filesystem::path& program) {
  const auto bin = program.parent_path();
  const auto first = [](std::filesystem::path& wanted, const std::vector<std::filesystem::path>& places) {
    std::error_code ignored;
    for (const auto& place : places)
      if (wanted.empty() && std::filesystem::exists(place, ignored))
        wanted = std::filesystem::canonical(place, ignored);
  };
  // Beside the program in a build tree (build/dev/bin), then as packages install it.
  const auto tree = bin.parent_path().parent_path().parent_path();
  first(config.runner, {bin / "berth-runner", bin / "../lib/berth/berth-runner"});
  first(config.web, {bin / "../share/berth/web/index.html", tree / "client/web/dist/index.html"});
  if (config.web.filename() == "index.html") config.web = config.web.parent_path();
  first(config.templates, {bin / "templates", bin / "../share/berth/templates", tree / "server/templates",
                           "/usr/share/berth/templates"});
  if (!config.data.empty()) return;
  const char* state = std::getenv("STATE_DIRECTORY");  // from systemd
  const char* xdg = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  if (state && *state)
    config.data = state;
  else if (xdg && *xdg == '/')
    config.data = std::filesystem::path(xdg) / "berth";
  else if (home && *home == '/' && std::string(home) != "/root")
    config.data = std::filesystem::path(home) / ".local/share/berth";
  else
    config.data = "/var/lib/berth";
}

}  // namespace berth::server
