// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/public_projects.hpp"

#include <sodium.h>

#include <algorithm>

#include "protocol/net/confined_directory.hpp"
#include "server/files_of_version.hpp"
#include "server/random_id.hpp"
#include "server/version_tree.hpp"

namespace berth::server {
namespace {

namespace rest = protocol::rest;
using protocol::TreeEntryType;

constexpr std::string_view project_folder = "project";
constexpr std::size_t public_id_length = 16;
constexpr std::size_t longest_public_token = 200;

std::unexpected<Error> nothing_public() {
  return failure(ErrorCode::not_found, "There is no public project at this address any more.");
}

std::unexpected<Error> no_public_entry() {
  return failure(ErrorCode::not_found, "This project has no such file or folder.");
}

}  // namespace

bool kept_from_public(std::string_view name) { return name == ".git"; }

Result<std::string> public_path(const std::string& path) {
  auto normal = net::normal_path(path);
  if (!normal) return std::unexpected(std::move(normal.error()));
  if (normal->empty()) return std::string(project_folder);
  std::string_view rest = *normal;
  for (bool first = true; !rest.empty(); first = false) {
    const auto part = rest.substr(0, rest.find('/'));
    if ((first && part != project_folder) || kept_from_public(part)) return no_public_entry();
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return std::move(*normal);
}

std::string PublicProjects::token_of(const std::string& id) const {
  const std::string named = "berth: public project " + id;
  unsigned char proof[20];
  ::crypto_generichash(proof, sizeof proof, reinterpret_cast<const unsigned char*>(named.data()),
                       named.size(), parts_.key.data(), parts_.key.size());
  std::string hex(2 * sizeof proof + 1, '\0');
  ::sodium_bin2hex(hex.data(), hex.size(), proof, sizeof proof);
  hex.pop_back();
  return id + "-" + hex;
}

net::Task<Result<std::string>> PublicProjects::open(std::string workspace) {
  co_return co_await net::offload(pool_, [&]() -> Result<std::string> {
    const auto link = parts_.store.openings().open(
        {.workspace = workspace, .id = random_id(public_id_length), .created = parts_.clock()});
    if (!link) return std::unexpected(link.error());
    return token_of(link->id);
  });
}

net::Task<Result<void>> PublicProjects::close(std::string workspace) {
  co_return co_await net::offload(pool_, [&] { return parts_.store.openings().close(workspace); });
}

Result<PublicProjects::Found> PublicProjects::find(const std::string& token) {
  const auto id = token.substr(0, token.find('-'));
  if (token.size() > longest_public_token) return nothing_public();
  const auto wanted = token_of(id);
  if (wanted.size() != token.size() || ::sodium_memcmp(wanted.data(), token.data(), token.size()) != 0)
    return nothing_public();
  const auto link = parts_.store.openings().find(id);
  if (!link) return std::unexpected(link.error());
  auto workspace = parts_.store.workspaces().find(link->workspace);
  if (!workspace && workspace.error().code == ErrorCode::not_found) return nothing_public();
  if (!workspace) return std::unexpected(std::move(workspace.error()));
  const auto owner = parts_.store.accounts().by_id(workspace->account);
  if (!owner) return std::unexpected(owner.error());
  if (owner->disabled) return nothing_public();
  auto newest = parts_.versions.latest(link->workspace);
  if (!newest) return std::unexpected(std::move(newest.error()));
  return Found{std::move(*workspace), owner->name, std::move(*newest)};
}

net::Task<Result<rest::PublicWorkspace>> PublicProjects::get(std::string token, std::string& workspace) {
  co_return co_await net::offload(pool_, [&]() -> Result<rest::PublicWorkspace> {
    const auto found = find(token);
    if (!found) return std::unexpected(found.error());
    workspace = found->workspace.id;
    const auto* from = parts_.templates.find(found->workspace.template_id);
    rest::PublicWorkspace shown{.name = found->workspace.name,
                                .template_id = found->workspace.template_id,
                                .owner_name = found->owner_name,
                                .run_command = from ? from->run_command : "",
                                .port = from ? from->port : std::nullopt,
                                .open_file = from ? from->open_file : "",
                                .version = found->newest ? found->newest->id : "",
                                .stored = found->newest ? found->newest->created : 0,
                                .files = {},
                                .ports = {}};
    if (!found->newest) return shown;
    auto page = list_folder(VersionTree(parts_.objects, found->newest->owner), found->newest->root,
                            {.path = std::string(project_folder), .cursor = {}, .limit = {}});
    if (!page && page.error().code == ErrorCode::not_found) return shown;  // it has none
    if (!page) return std::unexpected(std::move(page.error()));
    std::erase_if(page->entries, [](const auto& entry) { return kept_from_public(entry.name); });
    shown.files = std::move(page->entries);
    return shown;
  });
}

net::Task<Result<protocol::FileList::Result>> PublicProjects::list(std::string token,
                                                                   protocol::FileList::Params params) {
  auto path = public_path(params.path);
  if (!path) co_return std::unexpected(std::move(path.error()));
  params.path = std::move(*path);
  if (auto good = check_listing(params); !good) co_return std::unexpected(std::move(good.error()));
  co_return co_await net::offload(pool_, [&]() -> Result<protocol::FileList::Result> {
    const auto found = find(token);
    if (!found) return std::unexpected(found.error());
    if (!found->newest) return no_public_entry();
    auto page = list_folder(VersionTree(parts_.objects, found->newest->owner), found->newest->root, params);
    if (!page) return page;
    const auto gone =
        std::erase_if(page->entries, [](const auto& entry) { return kept_from_public(entry.name); });
    page->total -= gone;
    return page;
  });
}

net::Task<Result<VersionFile>> PublicProjects::file(std::string token, std::string path) {
  const auto inside = public_path(path);
  if (!inside) co_return std::unexpected(inside.error());
  co_return co_await net::offload(pool_, [&]() -> Result<VersionFile> {
    const auto found = find(token);
    if (!found) return std::unexpected(found.error());
    if (!found->newest) return no_public_entry();
    const VersionTree tree(parts_.objects, found->newest->owner);
    const auto entry = tree.find(found->newest->root, *inside);
    if (!entry) return std::unexpected(entry.error());
    if (!*entry) return no_public_entry();
    // Links are not followed: they may lead out of the project.
    if ((*entry)->type != TreeEntryType::file)
      return failure(ErrorCode::unsupported, "This is a folder or a link, not a file.");
    auto chunks = tree.chunks(**entry);
    if (!chunks) return std::unexpected(std::move(chunks.error()));
    return VersionFile{
        .tag = content_tag(**entry),
        .size = (*entry)->size,
        .open = [this, tree, chunks = std::move(*chunks)](std::uint64_t offset, std::uint64_t length) {
          return make_version_source(tree, chunks, offset, length, pool_);
        }};
  });
}

net::Task<Result<PublicProjects::Source>> PublicProjects::source(std::string token) {
  co_return co_await net::offload(pool_, [&]() -> Result<Source> {
    auto found = find(token);
    if (!found) return std::unexpected(std::move(found.error()));
    if (!found->newest)
      return failure(ErrorCode::conflict, "Nothing of this project is stored yet; try again later.");
    return Source{std::move(*found->newest), found->workspace.template_id};
  });
}

}  // namespace berth::server
