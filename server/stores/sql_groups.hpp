// SPDX-License-Identifier: GPL-3.0-or-later
// Many rows by few statements: a database across a network answers one question of a hundred ids in the time
// that it takes for one. Statements have few lengths, so that each is prepared once.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "protocol/object_id.hpp"
#include "server/stores/sql_session.hpp"

namespace berth::server {

/// ":id0, :id1, …"
inline std::string sql_placeholders(const std::string& name, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i ? ", :" : ":") + name + std::to_string(i);
  return text;
}

inline std::string text_of_id(const protocol::ObjectId& id) { return id.hex(); }
inline const std::string& text_of_id(const std::string& id) { return id; }

/// Runs a statement over ids group by group; what is left of the last group repeats its last id.
template <class Id>
class IdGroups {
 public:
  explicit IdGroups(const std::vector<Id>& ids)
      : ids_(ids),
        slots_(ids.size() <= 1    ? 1
               : ids.size() <= 16 ? 16
                                  : 128) {}

  /// For `id IN (…)`.
  std::string placeholders() const { return sql_placeholders("id", slots_.size()); }
  void bind(SqlStatement& statement) {
    for (auto& slot : slots_) statement.bind(soci::use(slot));
  }
  /// Calls `run(begin, end)`, positions in the ids, with each group bound.
  template <class Run>
  void each(Run run) {
    for (std::size_t begin = 0; begin < ids_.size(); begin += slots_.size()) {
      const auto end = std::min(begin + slots_.size(), ids_.size());
      for (std::size_t i = 0; i < slots_.size(); ++i)
        slots_[i] = text_of_id(ids_[std::min(begin + i, end - 1)]);
      run(begin, end);
    }
  }

 private:
  const std::vector<Id>& ids_;
  std::vector<std::string> slots_;
};

}  // namespace berth::server
