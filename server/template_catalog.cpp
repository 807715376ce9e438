// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/template_catalog.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "protocol/codec.hpp"

namespace berth::server {

Result<TemplateCatalog> TemplateCatalog::load(const std::filesystem::path& folder) {
  std::vector<protocol::rest::Template> templates;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const auto path = entry.path() / "template.json";
    std::ifstream file(path);
    if (!file) continue;
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto json = protocol::parse_json(text);
    if (!json) return failure(ErrorCode::internal, path.string() + ": " + json.error().message);
    auto one = protocol::decode<protocol::rest::Template>(*json, path.string());
    if (!one) return failure(ErrorCode::internal, one.error().message);
    if (one->id != entry.path().filename())
      return failure(ErrorCode::internal, path.string() + ".id: differs from its folder's name");
    templates.push_back(std::move(*one));
  }
  if (error)
    return failure(ErrorCode::internal,
                   "The templates folder " + folder.string() + " can't be read: " + error.message());
  // "empty" last: it is what one takes when nothing else fits.
  std::ranges::sort(templates, [](const auto& a, const auto& b) {
    return std::pair(a.id == "empty", a.name) < std::pair(b.id == "empty", b.name);
  });
  return TemplateCatalog(std::move(templates));
}

const protocol::rest::Template* TemplateCatalog::find(const std::string& id) const {
  const auto it = std::ranges::find(templates_, id, &protocol::rest::Template::id);
  return it == templates_.end() ? nullptr : &*it;
}

}  // namespace berth::server
