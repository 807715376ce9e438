// SPDX-License-Identifier: GPL-3.0-or-later
// The built web IDE (client/web/dist) and the API's pages (dist/api-docs): precompressed files, cache rules,
// the Content-Security-Policy, and index.html for the pages that the web IDE draws itself.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "protocol/net/home_files.hpp"
#include "protocol/net/task.hpp"
#include "server/http_message.hpp"
#include "server/origins.hpp"

namespace berth::server {

class StaticFiles {
 public:
  /// `folder` may be missing: then every page says so. `frame_sources` are the preview origins a page may
  /// show in frames.
  StaticFiles(const std::filesystem::path& folder, std::string frame_sources, const Origins& origins,
              boost::asio::thread_pool& pool);

  net::Task<HttpResponse> serve(const HttpRequest& request);

 private:
  struct Found;
  Result<Found> find(const HttpRequest& request) const;
  std::string content_security_policy(std::string_view host) const;

  std::optional<net::HomeFiles> files_;
  std::string frame_sources_;
  const Origins& origins_;
  boost::asio::thread_pool& pool_;
};

/// By the name's ending; "application/octet-stream" for others.
std::string_view content_type(std::string_view path);

}  // namespace berth::server
