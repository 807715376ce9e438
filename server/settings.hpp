// SPDX-License-Identifier: GPL-3.0-or-later
// The settings an administrator changes while the server runs: kept in memory, written through to the store.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "protocol/net/task.hpp"
#include "protocol/rest.hpp"
#include "server/metadata_store.hpp"

namespace berth::server {

struct Config;

/// What holds where no administrator said anything.
protocol::rest::Settings first_settings(const Config& config);

/// Thread-safe.
class Settings {
 public:
  /// `defaults` hold where the store says nothing.
  Settings(SettingStore& store, protocol::rest::Settings defaults) : store_(store), current_(defaults) {}

  /// Reads the store; blocks. Once, before anything else.
  Result<void> load();

  protocol::rest::Settings current() const;

  /// Whether an account with this (normalised) e-mail may be made; permission_denied with why not.
  Result<void> may_register(const std::string& email) const;

  /// Whether new workspaces may be made from a template.
  bool offers(const std::string& template_id) const;
  net::Task<Result<void>> offer(std::string template_id, bool offered, boost::asio::thread_pool& pool);

  /// What an administrator chose for this template's workspaces to run in; "": the installation's.
  std::string image_of(const std::string& template_id) const;
  /// By template.
  std::map<std::string, std::string> images() const;
  /// As it is: whether it is an image is for the caller to have looked at.
  net::Task<Result<void>> set_image(std::string template_id, std::string image,
                                    boost::asio::thread_pool& pool);

  /// invalid_argument names the field.
  net::Task<Result<protocol::rest::Settings>> update(protocol::rest::UpdateSettings::Body body,
                                                     boost::asio::thread_pool& pool);
  /// The same where no server runs; blocks.
  Result<protocol::rest::Settings> update_now(protocol::rest::UpdateSettings::Body body);
  Result<void> set_image_now(const std::string& template_id, const std::string& image);

 private:
  SettingStore& store_;
  mutable std::mutex mutex_;
  protocol::rest::Settings current_;
  std::set<std::string> withdrawn_;            // templates
  std::map<std::string, std::string> images_;  // of templates
};

/// Lines of the audit log stay so long at least, whatever is set (guard_audit has the same number).
inline constexpr std::int64_t least_audit_days = 30;

}  // namespace berth::server
