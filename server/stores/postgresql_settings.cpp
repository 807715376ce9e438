// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/stores/postgresql_settings.hpp"

#include <libpq-fe.h>

#include <fstream>
#include <map>
#include <memory>
#include <optional>

namespace berth::server {
namespace {

using ConnectOptions = std::map<std::string, std::string>;

/// nullopt when libpq does not understand the URL. What it says about that may quote the password.
std::optional<ConnectOptions> parse_url(const std::string& url) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&::PQconninfoFree)> parsed(
      ::PQconninfoParse(url.c_str(), &message), &::PQconninfoFree);
  ::PQfreemem(message);
  if (!parsed || !is_postgresql_url(url)) return std::nullopt;
  ConnectOptions options;
  for (const auto* option = parsed.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) options[option->keyword] = option->val;
  // libpq looks at it when it connects.
  if (const auto port = options.find("port");
      port != options.end() && port->second.find_first_not_of("0123456789,") != std::string::npos)
    return std::nullopt;
  return options;
}

std::unexpected<Error> wrong_url() {
  return failure(
      ErrorCode::invalid_argument,
      "The database must look like postgresql://user@host:5432/database (sqlite for the one in the "
      "data folder).");
}

/// In the spelling of a connection string's value.
std::string quoted(const std::string& value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

Result<std::string> read_password(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line))
    return failure(ErrorCode::invalid_argument,
                   "The file with the database's password, " + path.string() + ", can't be read.");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

bool is_postgresql_url(const std::string& text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

bool has_password(const std::string& url) {
  const auto options = parse_url(url);
  return options && options->contains("password");
}

Result<void> check_postgresql_url(const std::string& url) {
  return parse_url(url) ? Result<void>() : wrong_url();
}

std::string describe_postgresql(const std::string& url) {
  const auto options = parse_url(url);
  if (!options) return "postgresql://";
  const auto part = [&](const char* name, const std::string& before) {
    const auto it = options->find(name);
    return it == options->end() || it->second.empty() ? std::string() : before + it->second;
  };
  const auto user = part("user", "");
  return "postgresql://" + (user.empty() ? "" : user + "@") + part("host", "") + part("port", ":") +
         part("dbname", "/");
}

Result<std::string> postgresql_connect_string(const PostgresqlSettings& settings) {
  auto options = parse_url(settings.url);
  if (!options) return wrong_url();
  if (!settings.password_file.empty()) {
    auto password = read_password(settings.password_file);
    if (!password) return password;
    (*options)["password"] = std::move(*password);
  } else if (!settings.password.empty()) {
    (*options)["password"] = settings.password;
  }
  (*options)["client_encoding"] = "UTF8";
  // A host that vanished without a word is noticed in half a minute; of several hosts the primary is meant.
  for (const auto& [name, value] : ConnectOptions{{"application_name", "berthd"},
                                                  {"connect_timeout", "5"},
                                                  {"keepalives_idle", "10"},
                                                  {"keepalives_interval", "5"},
                                                  {"keepalives_count", "3"},
                                                  {"tcp_user_timeout", "25000"},
                                                  {"target_session_attrs", "read-write"}})
    options->try_emplace(name, value);
  std::string text;
  for (const auto& [name, value] : *options) text += name + "=" + quoted(value) + " ";
  return text;
}

}  // namespace berth::server
