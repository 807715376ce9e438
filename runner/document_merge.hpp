// SPDX-License-Identifier: GPL-3.0-or-later
// What a document must remember of its last edits to take one that was made at an older version: the server's
// side of operational transformation (protocol/text_operation.hpp names the papers). No text, no I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::runner {

class DocumentMerge {
 public:
  /// What is remembered, and what one edit may cost. The oldest goes first.
  struct Bounds {
    std::size_t operations = 1024;
    std::size_t bytes = 1u << 20;          // of their runs and inserted texts
    std::size_t work = 16u << 20;          // bytes of operations gone through for one stale edit: some 10 ms
    std::size_t mapped_operations = 256;   // gone through for positions, which come many times a second
    std::size_t mapped_bytes = 64u << 10;  // and their bytes
  };
  struct Change {
    protocol::TextOperation operation;  // as it applied to the version before
    std::string id;                     // "" for what the disk changed
    std::string origin;                 // a session id, or "disk"
  };

  explicit DocumentMerge(std::uint64_t version) : DocumentMerge(version, Bounds()) {}
  DocumentMerge(std::uint64_t version, Bounds bounds) : version_(version), bounds_(bounds) {}

  std::uint64_t version() const { return version_; }

  /// The version that the operation with this id made; nullopt for one that was not applied, or is
  /// forgotten.
  std::optional<std::uint64_t> known(const std::string& id) const;

  /// `operation`, made at `base_version`, as it applies to the newest version: brought around every later
  /// edit in the order they were accepted in, whose inserts stand first where both insert at one place.
  /// stale_base when the base is not remembered, is no version yet, or is so far back that the work is too
  /// much: the client takes the text and brings its edit there itself. invalid_argument when it does not have
  /// the length of its base. Whether the outcome fits the text (its length, no surrogate pair split) is for
  /// the caller to see when it applies it.
  Result<protocol::TextOperation> bring_forward(std::uint64_t base_version,
                                                protocol::TextOperation operation) const;

  /// Where positions of `base_version` are at `version`, with `bias` as in TextOperation::map_position; one
  /// that lies outside of the text counts as its end. stale_base when either version is not remembered, or so
  /// much lies between them that the work is not worth it.
  Result<std::vector<std::int64_t>> map_forward(std::uint64_t base_version, std::uint64_t version,
                                                std::vector<std::int64_t> positions,
                                                protocol::Bias bias) const;

  /// `operation` made the next version. `id` is "" for what the disk changed. Returns that version.
  std::uint64_t applied(const std::string& id, protocol::TextOperation operation, std::string origin = {});

  /// The newest change was taken back: it is as if it had never been applied.
  void take_back();

  /// All that led from `version` to the newest one, oldest first; nullopt when that is not remembered. They
  /// stay as long as nothing is applied.
  std::optional<std::vector<const Change*>> changes_since(std::uint64_t version) const;

  std::size_t kept_operations() const { return changes_.size(); }
  std::size_t kept_bytes() const { return bytes_; }

 private:
  bool reaches_back_to(std::uint64_t version) const {
    return version <= version_ && version_ - version <= changes_.size();
  }
  std::size_t index_of(std::uint64_t version) const {  // of the change that led away from it
    return changes_.size() - static_cast<std::size_t>(version_ - version);
  }
  void forget(const Change& change);

  std::uint64_t version_;
  Bounds bounds_;
  std::deque<Change> changes_;  // the last one led to version_
  std::size_t bytes_ = 0;
  std::map<std::string, std::uint64_t> versions_;  // by id
};

/// Bytes that an operation takes in memory, about.
std::size_t cost_of(const protocol::TextOperation& operation);

}  // namespace berth::runner
