// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the files' routes: query and conditional headers to WorkspaceFiles and back. Bytes stream both
// ways.
#include <algorithm>
#include <charconv>

#include "server/application.hpp"
#include "server/http_download.hpp"
#include "server/http_routes.hpp"

namespace berth::server {
namespace rest = protocol::rest;
namespace {

Result<std::string> query_path(const RouteContext& context, bool may_be_home) {
  const auto it = context.request.query.find("path");
  const std::string path = it == context.request.query.end() ? "" : it->second;
  if (path.empty() && !may_be_home) return failure(ErrorCode::invalid_argument, "query.path: missing");
  return path;
}

}  // namespace

net::Task<Result<rest::ListFiles::Result>> RouteHandlers::handle(rest::ListFiles, rest::NoBody,
                                                                 RouteContext& context) {
  auto path = query_path(context, true);
  if (!path) co_return std::unexpected(path.error());
  protocol::FileList::Params params{.path = *path, .cursor = {}, .limit = {}};
  const auto& query = context.request.query;
  if (const auto it = query.find("cursor"); it != query.end()) params.cursor = it->second;
  if (const auto it = query.find("limit"); it != query.end()) {
    std::uint32_t limit = 0;
    const auto [end, error] =
        std::from_chars(it->second.data(), it->second.data() + it->second.size(), limit);
    if (error != std::errc{} || end != it->second.data() + it->second.size() || limit < 1 || limit > 10'000)
      co_return failure(ErrorCode::invalid_argument, "query.limit: must be 1 to 10000");
    params.limit = limit;
  }
  auto files = co_await application_.workspaces->files(context.principal, context.id);
  if (!files) co_return std::unexpected(files.error());
  co_return co_await (*files)->list(context.id, std::move(params));
}

net::Task<Result<HttpResponse>> RouteHandlers::handle(rest::GetFile, rest::NoBody, RouteContext& context) {
  auto path = query_path(context, false);
  if (!path) co_return std::unexpected(path.error());
  auto files = co_await application_.workspaces->files(context.principal, context.id);
  if (!files) co_return std::unexpected(files.error());
  const auto stat = co_await (*files)->stat(context.id, *path);
  if (!stat) co_return std::unexpected(stat.error());
  HttpResponse response;
  response.headers = download_headers(*path);
  response.headers.emplace_back("ETag", "\"" + stat->etag + "\"");
  response.headers.emplace_back("Accept-Ranges", "bytes");
  const auto asked = asked_part(context.request, stat->etag, stat->entry.size, response);
  if (!asked) co_return response;
  const auto range = *asked;
  auto reading = co_await (*files)->read(context.id, *path, range ? range->first : 0,
                                         range ? std::optional(range->length) : std::nullopt);
  if (!reading) co_return std::unexpected(reading.error());
  for (auto& [name, value] : response.headers)
    if (name == "ETag") value = "\"" + reading->etag + "\"";
  if (range) say_part(response, {reading->offset, reading->length}, reading->size);
  response.stream_length = reading->length;
  response.stream = std::move(reading->bytes);
  co_return response;
}

net::Task<Result<rest::PutFile::Result>> RouteHandlers::handle(rest::PutFile, rest::NoBody,
                                                               RouteContext& context) {
  auto path = query_path(context, false);
  if (!path) co_return std::unexpected(path.error());
  protocol::FileWrite::Params params{.path = *path, .expected_etag = {}, .mode = {}};
  const auto if_match = context.request.header("if-match");
  const auto if_none_match = context.request.header("if-none-match");
  if (!if_match.empty()) {
    params.expected_etag = strong_etag(if_match);
    if (!params.expected_etag)
      co_return failure(ErrorCode::invalid_argument, "If-Match: must be one etag in double quotes");
  } else if (!if_none_match.empty()) {
    if (if_none_match != "*")
      co_return failure(ErrorCode::invalid_argument, "If-None-Match: only * is understood here");
    params.expected_etag = "";
  }
  if (!context.request.body_stream) co_return failure(ErrorCode::internal, "The upload has no body.");
  auto files = co_await application_.workspaces->files(context.principal, context.id, FileUse::change);
  if (!files) co_return std::unexpected(files.error());
  auto writing = co_await (*files)->write(context.id, std::move(params));
  if (!writing) co_return std::unexpected(writing.error());
  while (true) {
    auto piece = co_await context.request.body_stream->read();
    if (!piece) co_return std::unexpected(piece.error());
    if (piece->empty()) break;
    auto taken = co_await (*writing)->write(std::move(*piece));
    if (!taken) co_return std::unexpected(taken.error());
  }
  auto committed = co_await (*writing)->commit();
  if (committed) context.response_headers.emplace_back("ETag", "\"" + committed->etag + "\"");
  co_return committed;
}

net::Task<Result<rest::DeleteFile::Result>> RouteHandlers::handle(rest::DeleteFile, rest::NoBody,
                                                                  RouteContext& context) {
  auto path = query_path(context, false);
  if (!path) co_return std::unexpected(path.error());
  auto files = co_await application_.workspaces->files(context.principal, context.id, FileUse::change);
  if (!files) co_return std::unexpected(files.error());
  co_return co_await (*files)->remove(context.id, {.path = *path, .permanently = {}});
}

}  // namespace berth::server
