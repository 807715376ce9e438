// SPDX-License-Identifier: GPL-3.0-or-later
// What a document must remember of its last edits to take one that was made at an older version: the server's
// side of operational transformation (protocol/text_operation.hpp names the papers). No text, no I/O.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "protocol/text_operation.hpp"

namespace berth::runner {

class DocumentMerge {
 public:
  /// What is remembered, and what one edit may cost. The oldest goes first.
  struct Bounds {
    std::size_t operations = 1024;
    std::size_t bytes = 1u << 20;  // of their runs and inserted texts
    std::size_t ids = 4096;
    std::size_t work = 16u << 20;  // bytes of operations gone through for one stale edit: some 10 ms
  };

  explicit DocumentMerge(std::uint64_t version) : DocumentMerge(version, Bounds()) {}
  DocumentMerge(std::uint64_t version, Bounds bounds) : version_(version), bounds_(bounds) {}

  std::uint64_t version() const { return version_; }

  /// The version that the operation with this id made; nullopt for one that was not applied, or that is
  /// forgotten. A known one is answered again, never applied again.
  std::optional<std::uint64_t> known(const std::string& id) const;

  /// `operation`, made at `base_version`, as it applies to the newest version: brought around every later
  /// edit in the order they were accepted in, whose inserts stand first where both insert at one place.
  /// stale_base when the base is not remembered, is no version yet, or is so far back that the work is too
  /// much: the client takes the text and brings its edit there itself. invalid_argument when it does not have
  /// the length of its base. Whether the outcome fits the text (its length, no surrogate pair split) is for
  /// the caller to see when it applies it.
  Result<protocol::TextOperation> bring_forward(std::uint64_t base_version,
                                                protocol::TextOperation operation) const;

  /// `operation` made the next version. `id` is "" for what the disk changed. Returns that version.
  std::uint64_t applied(const std::string& id, protocol::TextOperation operation);

  /// An id known from before, as from the journal after a restart.
  void remember(const std::string& id, std::uint64_t version);

  std::size_t kept_operations() const { return operations_.size(); }
  std::size_t kept_bytes() const { return bytes_; }

 private:
  std::uint64_t version_;
  Bounds bounds_;
  std::deque<protocol::TextOperation> operations_;  // the last one led to version_
  std::size_t bytes_ = 0;
  std::map<std::string, std::uint64_t> versions_;  // by id
  std::deque<std::string> ids_;                    // oldest first
};

}  // namespace berth::runner
