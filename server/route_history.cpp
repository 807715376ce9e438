// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers of the history's routes: query and conditional headers to History and Imports and back.
#include <charconv>

#include "server/application.hpp"
#include "server/history.hpp"
#include "server/http_download.hpp"
#include "server/http_routes.hpp"
#include "server/imports.hpp"
#include "server/route_version_file.hpp"
#include "server/sharing.hpp"

namespace berth::server {
namespace rest = protocol::rest;
namespace {

std::optional<std::string> query(const RouteContext& context, const std::string& name) {
  const auto it = context.request.query.find(name);
  if (it == context.request.query.end()) return std::nullopt;
  return it->second;
}

/// nullopt when there is none; whether it is in range is for the rules.
Result<std::optional<std::uint32_t>> query_limit(const RouteContext& context) {
  const auto text = query(context, "limit");
  if (!text) return std::nullopt;
  std::uint32_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc{} || end != text->data() + text->size())
    return failure(ErrorCode::invalid_argument, "query.limit: not a number");
  return limit;
}

/// A source whose first piece was read already.
class BegunSource final : public ByteSource {
 public:
  BegunSource(std::string first, std::unique_ptr<ByteSource> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}
  net::Task<Result<std::string>> read() override {
    if (!first_.empty()) co_return std::exchange(first_, {});
    co_return co_await rest_->read();
  }

 private:
  std::string first_;
  std::unique_ptr<ByteSource> rest_;
};

/// Reads the first piece, so that what can't be had at all is an error and not an answer that breaks off.
net::Task<Result<std::unique_ptr<ByteSource>>> begin(std::unique_ptr<ByteSource> source) {
  auto first = co_await source->read();
  if (!first) co_return std::unexpected(std::move(first.error()));
  co_return std::make_unique<BegunSource>(std::move(*first), std::move(source));
}

}  // namespace

net::Task<Result<HttpResponse>> answer_version_file(RouteContext& context, std::string path,
                                                    VersionFile file) {
  HttpResponse response;
  response.headers = download_headers(path);
  response.headers.emplace_back("ETag", "\"" + file.tag + "\"");
  response.headers.emplace_back("Accept-Ranges", "bytes");
  const auto asked = asked_part(context.request, file.tag, file.size, response);
  if (!asked) co_return response;
  const auto part = asked->value_or(ByteRange{0, file.size});
  auto bytes = co_await begin(file.open(part.first, part.length));
  if (!bytes) co_return std::unexpected(std::move(bytes.error()));
  if (*asked) say_part(response, part, file.size);
  response.stream_length = part.length;
  response.stream = std::move(*bytes);
  co_return response;
}

net::Task<Result<rest::ListVersions::Result>> RouteHandlers::handle(rest::ListVersions, rest::NoBody,
                                                                    RouteContext& context) {
  const auto limit = query_limit(context);
  if (!limit) co_return std::unexpected(limit.error());
  History::ListQuery wanted{.path = query(context, "path"), .cursor = query(context, "cursor")};
  if (*limit) wanted.limit = **limit;
  co_return co_await application_.history->list(context.principal, context.id, std::move(wanted));
}

net::Task<Result<rest::Version>> RouteHandlers::handle(rest::CreateVersion, rest::CreateVersion::Body body,
                                                       RouteContext& context) {
  co_return co_await application_.history->create(context.principal, context.id, std::move(body.name));
}

net::Task<Result<rest::Version>> RouteHandlers::handle(rest::UpdateVersion, rest::UpdateVersion::Body body,
                                                       RouteContext& context) {
  co_return co_await application_.history->rename(context.principal, context.id, context.version,
                                                  std::move(body.name));
}

net::Task<Result<rest::ListVersionChanges::Result>> RouteHandlers::handle(rest::ListVersionChanges,
                                                                          rest::NoBody,
                                                                          RouteContext& context) {
  co_return co_await application_.history->changes(context.principal, context.id, context.version,
                                                   query(context, "against"),
                                                   query(context, "path").value_or(""));
}

net::Task<Result<protocol::FileList::Result>> RouteHandlers::handle(rest::ListVersionFiles, rest::NoBody,
                                                                    RouteContext& context) {
  const auto limit = query_limit(context);
  if (!limit) co_return std::unexpected(limit.error());
  co_return co_await application_.history->files(
      context.principal, context.id, context.version,
      {.path = query(context, "path").value_or(""), .cursor = query(context, "cursor"), .limit = *limit});
}

net::Task<Result<HttpResponse>> RouteHandlers::handle(rest::GetVersionFile, rest::NoBody,
                                                      RouteContext& context) {
  const auto path = query(context, "path");
  if (!path || path->empty()) co_return failure(ErrorCode::invalid_argument, "query.path: missing");
  auto file = co_await application_.history->file(context.principal, context.id, context.version, *path);
  if (!file) co_return std::unexpected(std::move(file.error()));
  co_return co_await answer_version_file(context, *path, std::move(*file));
}

net::Task<Result<rest::RestoreVersion::Result>> RouteHandlers::handle(rest::RestoreVersion,
                                                                      rest::RestoreVersion::Body body,
                                                                      RouteContext& context) {
  co_return co_await application_.history->restore(context.principal, context.id, context.version,
                                                   body.path.value_or(""));
}

net::Task<Result<HttpResponse>> RouteHandlers::handle(rest::GetArchive, rest::NoBody, RouteContext& context) {
  const auto format = parse_archive_format(query(context, "format").value_or(""));
  if (!format) co_return std::unexpected(format.error());
  auto archive = co_await application_.history->archive(
      context.principal, context.id, *format, query(context, "path").value_or(""), query(context, "version"));
  if (!archive) co_return std::unexpected(std::move(archive.error()));
  auto bytes = co_await begin(std::move(archive->bytes));
  if (!bytes) co_return std::unexpected(std::move(bytes.error()));
  HttpResponse response;
  response.headers = download_headers(archive->name);
  if (!archive->notice.empty()) response.headers.emplace_back("Berth-Notice", archive->notice);
  response.stream = std::move(*bytes);
  co_return response;
}

net::Task<Result<rest::Workspace>> RouteHandlers::handle(rest::ImportWorkspace, rest::NoBody,
                                                         RouteContext& context) {
  if (!context.request.body_stream) co_return failure(ErrorCode::internal, "The upload has no body.");
  for (const auto* name : {"name", "template_id", "format"})
    if (!query(context, name))
      co_return failure(ErrorCode::invalid_argument, std::string("query.") + name + ": missing");
  if (!application_.settings->offers(*query(context, "template_id")))
    co_return failure(ErrorCode::invalid_argument,
                      "query.template_id: this server does not offer this template");
  const auto team = query(context, "team");
  if (team) {
    auto admitted = co_await admit_maker(context, *team);
    if (!admitted) co_return std::unexpected(std::move(admitted.error()));
  }
  auto made = co_await application_.imports->upload(context.principal,
                                                    {.name = *query(context, "name"),
                                                     .template_id = *query(context, "template_id"),
                                                     .format = *query(context, "format"),
                                                     .length = context.request.content_length,
                                                     .team = team},
                                                    *context.request.body_stream);
  if (made) context.audit.workspace = made->id;
  co_return co_await application_.sharing->complete(context.principal, std::move(made));
}

net::Task<Result<rest::GetStorage::Result>> RouteHandlers::handle(rest::GetStorage, rest::NoBody,
                                                                  RouteContext& context) {
  co_return co_await application_.history->storage(context.principal);
}

}  // namespace berth::server
