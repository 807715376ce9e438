// SPDX-License-Identifier: GPL-3.0-or-later
// A document's text in immutable pieces: an edit costs what it touches, not the size of the text, and a
// snapshot for a save or a reader costs a list of pointers. Positions are UTF-16 code units, contents UTF-8.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::runner {

class DocumentText {
 public:
  struct Piece {
    std::string utf8;
    std::int64_t units;
  };
  using Pieces = std::vector<std::shared_ptr<const Piece>>;

  DocumentText() = default;
  explicit DocumentText(std::string_view utf8) { append(utf8); }
  /// Adds valid UTF-8 at the end.
  void append(std::string_view utf8);

  std::int64_t units() const { return units_; }
  std::uint64_t bytes() const { return bytes_; }
  std::string str() const;
  /// Stays as it is whatever happens to the document; may be read from any thread.
  const Pieces& pieces() const { return pieces_; }

  /// Changes the text; on failure (see TextOperation::apply) it is as before. `inverse` becomes what takes it
  /// back.
  Result<void> apply(const protocol::TextOperation& operation, protocol::TextOperation* inverse = nullptr);

  /// The least single replacement that turns this text into `after`.
  protocol::TextOperation difference(const DocumentText& after) const;
  /// A short operation to `after`, as protocol::short_difference finds it; only the lines between the first
  /// and the last difference are gone through, and held in memory once more.
  protocol::TextOperation short_difference(const DocumentText& after) const;
  /// An operation to `after`, which was made of this text by edits: as large as the pieces that those
  /// touched. Costs that and a look at every piece.
  protocol::TextOperation edits_to(const DocumentText& after) const;
  bool operator==(const DocumentText& other) const;

 private:
  struct Cluster;
  struct Common {
    std::uint64_t prefix, suffix;
  };
  static std::vector<Cluster> clusters_of(const protocol::TextOperation& operation);
  Result<void> change(Cluster& cluster, protocol::TextOperation* inverse) const;
  Common common_with(const DocumentText& after) const;
  void replace(std::size_t first, std::size_t last, std::string_view utf8);
  Pieces pieces_;
  std::vector<std::int64_t> lengths_;  // units of each piece: looked through on every edit, so side by side
  std::int64_t units_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace berth::runner
