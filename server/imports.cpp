// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/imports.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "protocol/net/home_files.hpp"
#include "server/object_copy.hpp"
#include "server/pack_store.hpp"
#include "server/public_projects.hpp"
#include "server/random_id.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using rest::WorkspaceState;
using std::chrono::steady_clock;

constexpr std::size_t longest_url = 2'000;

std::unexpected<Error> wrong_url(const std::string& why) {
  return failure(ErrorCode::invalid_argument, "body.git_url: " + why);
}

std::unexpected<Error> no_room_for_archive(std::uint64_t left) {
  return failure(ErrorCode::limit_exceeded,
                 "Your storage has " + readable_bytes(left) +
                     " left, too little for this archive; delete a workspace or old named versions.");
}

/// Who makes a workspace for a team has it until it is made, whatever his role in the team.
void as_maker(Principal& principal, const std::string& workspace) {
  principal.in = Principal::InWorkspace{workspace, protocol::Role::owner};
}

/// What the runner's unpacking knows; "" for anything else.
std::string unpacked_as(const std::string& format) {
  if (format == "zip") return "zip";
  if (format == "tar" || format == "tar.gz" || format == "tar.xz" || format == "tar.zst") return "tar";
  return {};
}

}  // namespace

Result<void> check_git_url(const std::string& url) {
  if (url.empty() || url.size() > longest_url)
    return wrong_url("must be 1 to " + std::to_string(longest_url) + " characters");
  if (std::ranges::any_of(url, [](unsigned char c) { return c <= ' ' || c >= 127 || c == '\\'; }))
    return wrong_url("must be plain characters without spaces");
  static constexpr std::array<std::string_view, 4> schemes{"https://", "http://", "ssh://", "git://"};
  const auto scheme = std::ranges::find_if(schemes, [&](auto one) { return url.starts_with(one); });
  if (scheme == schemes.end())
    return wrong_url(
        "must begin with https://, http://, ssh:// or git:// (git@host:path is ssh://git@host/path)");
  const std::string_view rest = std::string_view(url).substr(scheme->size());
  auto authority = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    const auto person = authority.substr(0, at);
    if (person.find(':') != person.npos || person.find('@') != person.npos)
      return wrong_url("must not hold a password; clone it in a terminal instead, or use ssh");
    if (person.empty() || person.starts_with('-')) return wrong_url("names no person before the @");
    authority.remove_prefix(at + 1);
  }
  // A host that begins with '-' would be an option to ssh.
  if (authority.empty() || authority.starts_with('-') || authority.starts_with(':'))
    return wrong_url("names no host");
  return {};
}

Imports::Imports(Workspaces& workspaces, RunnerAccess& runners, WorkspaceVersions& engine,
                 VersionStore& versions, ObjectStore& objects, boost::asio::thread_pool& pool, Clock clock,
                 Options options)
    : workspaces_(workspaces),
      runners_(runners),
      engine_(engine),
      versions_(versions),
      objects_(objects),
      pool_(pool),
      clock_(std::move(clock)),
      options_(options) {}

net::Task<std::unexpected<Error>> Imports::undo(Principal principal, std::string workspace, Error why) {
  auto removed = co_await workspaces_.remove(principal, workspace);
  if (!removed && removed.error().code != ErrorCode::not_found)
    spdlog::error("workspace {} of a failed import stays: {}", workspace, removed.error().message);
  co_return std::unexpected(std::move(why));
}

net::Task<Result<rest::Workspace>> Imports::create(Principal principal, rest::CreateWorkspace::Body body) {
  if (body.git_url && body.from_workspace)
    co_return failure(ErrorCode::invalid_argument, "body: git_url and from_workspace exclude each other");
  if (body.from_version && !body.from_workspace)
    co_return failure(ErrorCode::invalid_argument, "body.from_workspace: missing beside from_version");
  if (body.from_public && (body.git_url || body.from_workspace))
    co_return failure(ErrorCode::invalid_argument,
                      "body: from_public, git_url and from_workspace exclude each other");
  if (body.from_public) co_return co_await fork_public(std::move(principal), std::move(body));
  if (body.from_workspace) co_return co_await fork(std::move(principal), std::move(body));
  co_return co_await clone(std::move(principal), std::move(body));
}

// ---- fork

net::Task<Result<VersionRecord>> Imports::version_to_fork(Principal principal, rest::Workspace from,
                                                          std::optional<std::string> version) {
  if (version) co_return co_await net::offload(pool_, [&] { return versions_.find(from.id, *version); });
  if (from.state == WorkspaceState::running)
    co_return co_await engine_.store_now(from.id,
                                         {.kind = rest::VersionKind::automatic, .name = {}, .author = {}});
  const auto ahead = co_await workspaces_.home_is_ahead(principal, from.id);
  if (!ahead) co_return std::unexpected(ahead.error());
  auto latest = co_await net::offload(pool_, [&] { return versions_.latest(from.id); });
  if (!latest) co_return std::unexpected(std::move(latest.error()));
  if (!*latest)
    co_return failure(ErrorCode::conflict, "That workspace has no version yet; start it once, then fork it.");
  if (*ahead)
    co_return failure(
        ErrorCode::conflict,
        "That workspace's home has changes that are not stored yet; start it first, or fork one of "
        "its versions.");
  co_return std::move(**latest);
}

net::Task<Result<rest::Workspace>> Imports::fork(Principal principal, rest::CreateWorkspace::Body body) {
  auto from = co_await workspaces_.get(principal, *body.from_workspace);
  if (!from) co_return std::unexpected(std::move(from.error()));
  auto version = co_await version_to_fork(principal, *from, body.from_version);
  if (!version) co_return std::unexpected(std::move(version.error()));
  body.template_id = from->template_id;
  co_return co_await fork_version(std::move(principal), std::move(body), std::move(*version), false);
}

net::Task<Result<rest::Workspace>> Imports::fork_public(Principal principal,
                                                        rest::CreateWorkspace::Body body) {
  if (!options_.public_projects)
    co_return failure(ErrorCode::unsupported, "This server has no public projects.");
  auto source = co_await options_.public_projects->source(*body.from_public);
  if (!source) co_return std::unexpected(std::move(source.error()));
  body.template_id = source->template_id;
  co_return co_await fork_version(std::move(principal), std::move(body), std::move(source->version), true);
}

net::Task<Result<rest::Workspace>> Imports::fork_version(Principal principal,
                                                         rest::CreateWorkspace::Body body,
                                                         VersionRecord version, bool project_only) {
  rest::CreateWorkspace::Body bare{.name = body.name, .template_id = body.template_id, .start = false};
  bare.team = body.team;
  auto made = co_await workspaces_.create(principal, std::move(bare));
  if (!made) co_return made;
  as_maker(principal, made->id);
  VersionRecord first{.id = random_id(version.id.size()),
                      .workspace = made->id,
                      .owner = body.team.value_or(principal.account),
                      .root = version.root,
                      .created = clock_(),
                      .kind = rest::VersionKind::imported,
                      .name = {},
                      .author = principal.name,
                      .files = version.files,
                      .bytes = version.bytes,
                      .added = version.files,
                      .problems = version.problems,
                      .restored_from = {}};
  // The same root under the same owner: not one object is copied. Its first start brings it back.
  if (project_only || version.owner != first.owner) {
    auto copied = co_await net::offload(copying_, [&] { return copy_to(version, project_only, first); });
    if (!copied) co_return co_await undo(principal, made->id, std::move(copied.error()));
  }
  auto inserted = co_await net::offload(pool_, [&] { return versions_.insert(first); });
  if (!inserted) co_return co_await undo(principal, made->id, std::move(inserted.error()));
  if (!body.start.value_or(true)) co_return made;
  auto started = co_await workspaces_.start(principal, made->id);
  if (!started) co_return co_await undo(principal, made->id, std::move(started.error()));
  co_return started;
}

/// Fills in what the copy is.
Result<void> Imports::copy_to(const VersionRecord& version, bool project_only, VersionRecord& first) {
  ObjectCopy copy(objects_, version.owner, first.owner,
                  project_only ? ObjectCopy::LeftOut(kept_from_public) : ObjectCopy::LeftOut());
  if (project_only) {
    const auto project = VersionTree(objects_, version.owner).find(version.root, "project");
    if (!project) return std::unexpected(project.error());
    if (!*project || (*project)->type != protocol::TreeEntryType::directory)
      return failure(ErrorCode::conflict, "This project holds nothing that could be forked.");
    auto entry = **project;
    const auto folder = copy.folder(entry.content.front());
    if (!folder) return std::unexpected(folder.error());
    entry.content = {*folder};
    const auto root = copy.add(protocol::encode_tree({entry}));
    if (!root) return std::unexpected(root.error());
    first.root = *root;
    first.files = first.added = copy.files();
    first.bytes = copy.bytes();
    first.problems = 0;
  } else {
    const auto root = copy.folder(version.root);
    if (!root) return std::unexpected(root.error());
    first.root = *root;
  }
  return copy.finish();
}

// ---- git

net::Task<Result<rest::Workspace>> Imports::wait_until_it_runs(Principal principal, std::string workspace) {
  const auto deadline = steady_clock::now() + options_.start_wait;
  while (true) {
    auto now = co_await workspaces_.get(principal, workspace);
    // Of one that is starting, start() answers when it runs or after a while.
    if (now && now->state == WorkspaceState::starting) now = co_await workspaces_.start(principal, workspace);
    if (!now || now->state == WorkspaceState::running) co_return now;
    if (now->state != WorkspaceState::starting)
      co_return failure(ErrorCode::unavailable,
                        now->reason.empty() ? "The new workspace did not start." : now->reason);
    if (steady_clock::now() >= deadline)
      co_return failure(ErrorCode::timeout, "The new workspace did not start in time; try again.");
  }
}

net::Task<Result<rest::Workspace>> Imports::clone(Principal principal, rest::CreateWorkspace::Body body) {
  const std::string url = *body.git_url;
  if (auto good = check_git_url(url); !good) co_return std::unexpected(std::move(good.error()));
  if (!body.start.value_or(true))
    co_return failure(ErrorCode::invalid_argument,
                      "body.start: a repository can be cloned only into a workspace that starts");
  const protocol::ImportBegin::Params params{.git_url = url, .archive = {}, .format = {}};
  rest::CreateWorkspace::Body started{.name = body.name, .template_id = body.template_id, .start = true};
  started.team = body.team;
  auto made =
      co_await workspaces_.create(principal, std::move(started), NewImport{.begin = params, .upload = false});
  if (made) as_maker(principal, made->id);
  if (!made || made->state == WorkspaceState::running || made->state == WorkspaceState::starting)
    co_return made;
  co_return co_await undo(principal, made->id,
                          {ErrorCode::unavailable,
                           made->reason.empty() ? "The new workspace did not start." : made->reason,
                           {},
                           {}});
}

// ---- upload

net::Task<Result<std::uint64_t>> Imports::check_storage(std::string account,
                                                        std::optional<std::uint64_t> length) {
  if (length && *length > import_limit)
    co_return failure(ErrorCode::too_large, "The archive is larger than the " +
                                                std::to_string(import_limit >> 30) + " GiB allowed.");
  auto usage = co_await net::offload(pool_, [&] { return objects_.usage(account); });
  if (!usage) co_return std::unexpected(std::move(usage.error()));
  if (usage->limit == 0) co_return unpacked_limit;
  const auto left = usage->limit > usage->bytes ? usage->limit - usage->bytes : 0;
  if (left == 0 || length.value_or(0) > left) co_return no_room_for_archive(left);
  co_return std::min(left, unpacked_limit);
}

net::Task<Result<void>> Imports::receive(std::string workspace, std::string path, ByteSource& body,
                                         std::uint64_t room) {
  auto writing =
      co_await runners_.write(workspace, {.path = path, .expected_etag = {}, .mode = std::uint32_t{0600}});
  if (!writing) co_return std::unexpected(std::move(writing.error()));
  std::uint64_t taken = 0;
  while (true) {
    auto piece = co_await body.read();
    if (!piece) co_return std::unexpected(std::move(piece.error()));
    if (piece->empty()) break;
    taken += piece->size();
    if (taken > import_limit)
      co_return failure(ErrorCode::too_large, "The archive is larger than the " +
                                                  std::to_string(import_limit >> 30) + " GiB allowed.");
    if (taken > room) co_return no_room_for_archive(room);
    if (auto written = co_await (*writing)->write(std::move(*piece)); !written) co_return written;
  }
  if (taken == 0) co_return failure(ErrorCode::invalid_argument, "The request's body is empty.");
  auto committed = co_await (*writing)->commit();
  if (!committed) co_return std::unexpected(std::move(committed.error()));
  co_return Result<void>{};
}

net::Task<Result<rest::Workspace>> Imports::upload(Principal principal, Upload upload, ByteSource& body) {
  const auto format = unpacked_as(upload.format);
  if (format.empty())
    co_return failure(ErrorCode::invalid_argument,
                      "query.format: must be zip, tar, tar.gz, tar.xz or tar.zst");
  const auto room = co_await check_storage(upload.team.value_or(principal.account), upload.length);
  if (!room) co_return std::unexpected(room.error());
  // Named like a temporary file: neither listed nor stored as a version.
  const std::string path = std::string(net::temporary_prefix) + "import-" + random_id(12);
  const protocol::ImportBegin::Params params{
      .git_url = {}, .archive = path, .format = format, .most_bytes = *room};
  rest::CreateWorkspace::Body wanted{.name = upload.name, .template_id = upload.template_id, .start = true};
  wanted.team = upload.team;
  auto made =
      co_await workspaces_.create(principal, std::move(wanted), NewImport{.begin = params, .upload = true});
  if (!made) co_return made;
  as_maker(principal, made->id);
  auto running = co_await wait_until_it_runs(principal, made->id);
  if (!running) co_return co_await undo(principal, made->id, std::move(running.error()));
  if (auto received = co_await receive(made->id, path, body, *room); !received)
    co_return co_await undo(principal, made->id, std::move(received.error()));
  auto begun = co_await workspaces_.begin_import(principal, made->id);
  if (!begun) co_return co_await undo(principal, made->id, std::move(begun.error()));
  co_return begun;
}

}  // namespace berth::server
