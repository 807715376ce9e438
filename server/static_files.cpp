// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/static_files.hpp"

#include <algorithm>
#include <array>

#include "server/file_source.hpp"
#include "server/http_range.hpp"

namespace berth::server {
namespace {

constexpr std::string_view missing_page =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Berth</title>"
    "<h1>The web IDE is not installed</h1><p>berthd runs, but the folder of the built web IDE was not found. "
    "Start it with <code>--web FOLDER</code>, or use the desktop IDE with this address.</p></html>";

bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    const auto comma = header.find(',');
    auto one = header.substr(0, comma);
    header = comma == header.npos ? std::string_view{} : header.substr(comma + 1);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    if (!one.starts_with(coding)) continue;
    auto rest = one.substr(coding.size());
    return rest.find("q=0") == rest.npos || rest.find("q=0.") != rest.npos;
  }
  return false;
}

HttpResponse page(int status, std::string_view text) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = text;
  return response;
}

}  // namespace

std::string_view content_type(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 18> types = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".ico", "image/x-icon"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
      {".xml", "application/xml"},
  }};
  for (const auto& [ending, type] : types)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

struct StaticFiles::Found {
  net::OpenedFile file;
  std::string path;    // of the plain file
  std::string coding;  // "", "br" or "gzip"
};

StaticFiles::StaticFiles(const std::filesystem::path& folder, std::string frame_sources,
                         const Origins& origins, boost::asio::thread_pool& pool)
    : frame_sources_(std::move(frame_sources)), origins_(origins), pool_(pool) {
  if (folder.empty()) return;
  if (auto directory = net::ConfinedDirectory::open(folder.string())) files_.emplace(std::move(*directory));
}

std::string StaticFiles::content_security_policy(std::string_view host) const {
  const auto origin = origins_.own_origin(host);
  const auto socket =
      "ws" + origin.substr(4);  // http→ws, https→wss; older Safari does not count it as 'self'
  // Monaco and xterm.js write style elements, hence 'unsafe-inline' for styles alone; small pictures of the
  // build lie in its style sheets as data. Workers and fonts are files of the build like scripts.
  return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
         "font-src 'self'; media-src 'self'; connect-src 'self' " +
         socket + "; worker-src 'self'; manifest-src 'self'; frame-src " + frame_sources_ +
         "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

Result<StaticFiles::Found> StaticFiles::find(const HttpRequest& request) const {
  const auto segments = split_path(request.path);
  std::string path;
  for (const auto& segment : *segments)
    if (!segment.empty()) path += (path.empty() ? "" : "/") + segment;
  if (path == "api/docs" || path.starts_with("api/docs/"))
    path = "api-docs" + path.substr(8) + (path == "api/docs" ? "/index.html" : "");
  // Pages that the web IDE draws itself have no dot in their last name.
  const bool drawn = path.empty() || path.substr(path.rfind('/') + 1).find('.') == path.npos;
  if (drawn) path = "index.html";
  const auto accepted = request.header("accept-encoding");
  static constexpr std::pair<const char*, const char*> codings[] = {{"br", ".br"}, {"gzip", ".gz"}};
  for (const auto& [coding, ending] : codings) {
    if (!accepts(accepted, coding)) continue;
    if (auto file = files_->open_for_reading(path + ending)) return Found{std::move(*file), path, coding};
  }
  auto file = files_->open_for_reading(path);
  if (!file) return std::unexpected(file.error());
  return Found{std::move(*file), path, ""};
}

net::Task<HttpResponse> StaticFiles::serve(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = error_response({ErrorCode::unsupported, "This address takes GET only.", {}, {}});
    response.status = 405;
    response.headers.emplace_back("Allow", "GET, HEAD");
    co_return response;
  }
  if (!files_) co_return page(503, missing_page);
  if (request.path == "/api/docs") {
    HttpResponse response;
    response.status = 308;
    response.headers = {{"Location", "/api/docs/"}, {"Cache-Control", "no-store"}};
    co_return response;
  }
  auto found = co_await net::offload(pool_, [this, &request] { return find(request); });
  if (!found)
    co_return page(404,
                   "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not "
                   "found</title><h1>There is nothing at this address</h1></html>");
  HttpResponse response;
  // Vite puts a hash of the content into the names of what lies in assets/.
  const bool hashed = found->path.starts_with("assets/");
  const auto etag = found->file.etag + (found->coding.empty() ? "" : "-" + found->coding);
  response.headers = {{"Content-Type", std::string(content_type(found->path))},
                      {"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"},
                      {"ETag", "\"" + etag + "\""},
                      {"Vary", "Accept-Encoding"},
                      {"Content-Security-Policy", content_security_policy(request.header("host"))}};
  if (!found->coding.empty()) response.headers.emplace_back("Content-Encoding", found->coding);
  if (matches_etag(request.header("if-none-match"), etag)) {
    response.status = 304;
    co_return response;
  }
  const auto size = static_cast<std::uint64_t>(found->file.status.st_size);
  response.stream_length = size;
  response.stream = make_file_source(std::move(found->file), 0, size, pool_);
  co_return response;
}

}  // namespace berth::server
