// SPDX-License-Identifier: GPL-3.0-or-later
// Examples of what travels, made from its types and the names of its fields, for documents that people read.
#pragma once

#include <map>

#include "protocol/schema.hpp"

namespace berth::protocol::schema {

class Examples {
 public:
  /// `definitions` outlives this.
  explicit Examples(const std::vector<Definition>& definitions);

  /// A value of the definition with this name; the same in every run. null where there is none of it.
  Json of(const std::string& name) const;

 private:
  Json of_definition(const std::string& name, int depth) const;
  Json of_type(const Type& type, const std::string& field, int depth) const;

  std::map<std::string, const Definition*> definitions_;
};

}  // namespace berth::protocol::schema
