// SPDX-License-Identifier: GPL-3.0-or-later
// What people's clients want remembered for them, field by field.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server {

struct PreferenceRecord {
  std::string name;
  std::string value;
  std::int64_t changed = 0;  // Unix ms
  bool operator==(const PreferenceRecord&) const = default;
};

/// As every part of the MetadataStore.
class PreferenceStore {
 public:
  virtual ~PreferenceStore() = default;
  /// In the order of their names.
  virtual Result<std::vector<PreferenceRecord>> list(const std::string& account) = 0;
  /// Of each name the one that was changed last stays, and of two that were changed at the same time the one
  /// that is there. limit_exceeded, with nothing changed, when there would be more than `maximum`.
  virtual Result<std::vector<PreferenceRecord>> merge(const std::string& account,
                                                      const std::vector<PreferenceRecord>& changes,
                                                      std::size_t maximum) = 0;
};

}  // namespace berth::server
