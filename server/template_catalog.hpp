// SPDX-License-Identifier: GPL-3.0-or-later
// The templates a workspace can be made from: one folder each, with template.json (protocol::rest::Template)
// and files/.
#pragma once

#include <filesystem>
#include <vector>

#include "protocol/rest.hpp"

namespace berth::server {

class TemplateCatalog {
 public:
  TemplateCatalog() = default;
  explicit TemplateCatalog(std::vector<protocol::rest::Template> templates)
      : templates_(std::move(templates)) {}

  /// Reads every `folder`/*/template.json; a folder's name must be its template's id. Sorted as people meet
  /// them.
  static Result<TemplateCatalog> load(const std::filesystem::path& folder);

  const std::vector<protocol::rest::Template>& all() const { return templates_; }
  /// nullptr when unknown.
  const protocol::rest::Template* find(const std::string& id) const;

 private:
  std::vector<protocol::rest::Template> templates_;
};

}  // namespace berth::server
