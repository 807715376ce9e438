// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_text.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "protocol/text_difference.hpp"

namespace berth::runner {
namespace {

using protocol::TextOperation;
using Pieces = DocumentText::Pieces;

constexpr std::size_t piece_size = 16u << 10;
constexpr std::size_t small_piece = 4u << 10;
// Changes farther apart than this touch different pieces, whichever way those are cut.
constexpr std::int64_t cluster_gap = 4 * piece_size;
constexpr std::size_t longest_line_sought = 64u << 10;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

void split_into(std::string_view utf8, Pieces& out) {
  while (!utf8.empty()) {
    auto size = std::min(piece_size, utf8.size());
    while (size < utf8.size() && size > 0 && is_continuation(utf8[size])) --size;
    auto piece = std::make_shared<DocumentText::Piece>(std::string(utf8.substr(0, size)), 0);
    piece->units = static_cast<std::int64_t>(protocol::utf16_length(piece->utf8));
    out.push_back(std::move(piece));
    utf8.remove_prefix(size);
  }
}

/// Walks the bytes of pieces from either end.
class ByteWalk {
 public:
  ByteWalk(const Pieces& pieces, bool backwards) : pieces_(pieces), backwards_(backwards) {}
  /// The bytes from here to the end of the piece (in the walk's direction); empty at the end of the text.
  std::string_view rest() {
    while (index_ < pieces_.size() && used_ == piece().size()) ++index_, used_ = 0;
    if (index_ == pieces_.size()) return {};
    const std::string_view bytes = piece();
    return backwards_ ? bytes.substr(0, bytes.size() - used_) : bytes.substr(used_);
  }
  void advance(std::size_t bytes) { used_ += bytes; }

 private:
  const std::string& piece() const {
    return pieces_[backwards_ ? pieces_.size() - 1 - index_ : index_]->utf8;
  }
  const Pieces& pieces_;
  bool backwards_;
  std::size_t index_ = 0, used_ = 0;
};

std::uint64_t common_bytes(const Pieces& a, const Pieces& b, bool backwards, std::uint64_t most) {
  ByteWalk left(a, backwards), right(b, backwards);
  std::uint64_t total = 0;
  while (total < most) {
    const auto x = left.rest(), y = right.rest();
    const auto size = std::min({x.size(), y.size(), static_cast<std::size_t>(most - total)});
    if (size == 0) break;
    std::size_t same = 0;
    if (backwards) {
      while (same < size && x[x.size() - 1 - same] == y[y.size() - 1 - same]) ++same;
    } else {
      same = static_cast<std::size_t>(
          std::mismatch(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(size), y.begin()).first -
          x.begin());
    }
    total += same;
    if (same < size) break;
    left.advance(size);
    right.advance(size);
  }
  return total;
}

/// The bytes [from, to) of a text.
std::string slice(const Pieces& pieces, std::uint64_t from, std::uint64_t to) {
  std::string out;
  std::uint64_t start = 0;
  for (const auto& piece : pieces) {
    const std::uint64_t end = start + piece->utf8.size();
    if (end > from && start < to) {
      const auto first = from > start ? from - start : 0;
      out.append(piece->utf8, first, std::min(end, to) - start - first);
    }
    start = end;
  }
  return out;
}

std::int64_t units_before(const Pieces& pieces, std::uint64_t bytes) {
  std::int64_t units = 0;
  for (const auto& piece : pieces) {
    if (bytes < piece->utf8.size())
      return units + static_cast<std::int64_t>(
                         protocol::utf16_length(std::string_view(piece->utf8).substr(0, bytes)));
    units += piece->units;
    bytes -= piece->utf8.size();
  }
  return units;
}

void append_runs(const TextOperation& operation, TextOperation& out) {
  for (const auto& run : operation.runs()) {
    const auto* count = std::get_if<std::int64_t>(&run);
    if (!count)
      out.insert(std::get<std::string>(run));
    else if (*count > 0)
      out.retain(*count);
    else
      out.remove(-*count);
  }
}

bool splits_character(const Pieces& pieces, std::uint64_t at) {
  for (const auto& piece : pieces) {
    if (at < piece->utf8.size()) return is_continuation(piece->utf8[at]);
    at -= piece->utf8.size();
  }
  return false;
}

}  // namespace

void DocumentText::append(std::string_view utf8) {
  Pieces added;
  split_into(utf8, added);
  for (auto& piece : added) {
    units_ += piece->units;
    bytes_ += piece->utf8.size();
    lengths_.push_back(piece->units);
    pieces_.push_back(std::move(piece));
  }
}

std::string DocumentText::str() const {
  std::string out;
  out.reserve(bytes_);
  for (const auto& piece : pieces_) out += piece->utf8;
  return out;
}

void DocumentText::replace(std::size_t first, std::size_t last, std::string_view utf8) {
  Pieces fresh;
  split_into(utf8, fresh);
  for (auto i = first; i < last; ++i) {
    units_ -= pieces_[i]->units;
    bytes_ -= pieces_[i]->utf8.size();
  }
  std::vector<std::int64_t> lengths;
  for (const auto& piece : fresh) {
    units_ += piece->units;
    bytes_ += piece->utf8.size();
    lengths.push_back(piece->units);
  }
  const auto put = [&](auto& all, auto& some) {
    const auto at = [&](std::size_t index) { return all.begin() + static_cast<std::ptrdiff_t>(index); };
    if (some.size() == last - first) {
      std::ranges::move(some, at(first));
      return;
    }
    all.erase(at(first), at(last));
    all.insert(at(first), some.begin(), some.end());
  };
  put(lengths_, lengths);
  put(pieces_, fresh);
}

/// Changes that lie near each other, over the units [start, end) of the text before.
struct DocumentText::Cluster {
  std::int64_t start = 0, end = 0;
  TextOperation operation;
  std::size_t first = 0, last = 0;  // the pieces that it touches
  std::int64_t first_start = 0, last_end = 0;
  std::string changed;  // what comes in their place
};

std::vector<DocumentText::Cluster> DocumentText::clusters_of(const TextOperation& operation) {
  std::vector<Cluster> clusters;
  std::int64_t at = 0, gap = 0;
  for (const auto& run : operation.runs()) {
    const auto* count = std::get_if<std::int64_t>(&run);
    if (count && *count > 0) {
      at += *count;
      gap += *count;
      continue;
    }
    if (clusters.empty() || gap > cluster_gap) {
      clusters.emplace_back().start = at;
    } else {
      clusters.back().operation.retain(gap);
    }
    gap = 0;
    if (count) {
      clusters.back().operation.remove(-*count);
      at -= *count;
    } else {
      clusters.back().operation.insert(std::get<std::string>(run));
    }
    clusters.back().end = at;
  }
  return clusters;
}

Result<void> DocumentText::change(Cluster& cluster, TextOperation* inverse) const {
  std::size_t first = 0;
  std::int64_t first_start = 0;
  while (first + 1 < lengths_.size() && first_start + lengths_[first] <= cluster.start)
    first_start += lengths_[first++];
  std::size_t last = first;
  std::int64_t last_end = first_start;
  while (last < lengths_.size() && (last_end < cluster.end || last == first)) last_end += lengths_[last++];
  // A small rest is joined with the next piece, so that deletions don't leave crumbs.
  if (last - first == 1 && last < pieces_.size() && pieces_[first]->utf8.size() < small_piece)
    last_end += lengths_[last++];

  TextOperation local;
  local.retain(cluster.start - first_start);
  append_runs(cluster.operation, local);
  local.retain(last_end - cluster.end);
  std::string region;
  for (auto i = first; i < last; ++i) region += pieces_[i]->utf8;
  auto changed = local.apply(region);
  if (!changed) return std::unexpected(changed.error());
  if (inverse) {
    const auto back = local.invert(region);
    if (!back) return std::unexpected(back.error());
    inverse->retain(first_start - inverse->target_length());
    append_runs(*back, *inverse);
  }
  cluster.first = first;
  cluster.last = last;
  cluster.first_start = first_start;
  cluster.last_end = last_end;
  cluster.changed = std::move(*changed);
  return {};
}

Result<void> DocumentText::apply(const TextOperation& operation, TextOperation* inverse) {
  if (operation.base_length() != units_)
    return failure(ErrorCode::invalid_argument, "document/edit.operation: its length is not the document's");
  // Only the pieces around the changes are touched.
  auto clusters = clusters_of(operation);
  TextOperation back;
  for (auto& cluster : clusters)
    if (auto done = change(cluster, inverse ? &back : nullptr); !done) return done;
  if (inverse) {
    back.retain(units_ - back.target_length());
    *inverse = std::move(back);
  }
  // From the end, so that the places of the earlier ones stay.
  for (auto cluster = clusters.rbegin(); cluster != clusters.rend(); ++cluster)
    replace(cluster->first, cluster->last, cluster->changed);
  return {};
}

/// Bytes at the beginning and at the end that both have, no character cut.
DocumentText::Common DocumentText::common_with(const DocumentText& after) const {
  const auto shorter = std::min(bytes_, after.bytes_);
  Common common{common_bytes(pieces_, after.pieces_, false, shorter), 0};
  auto& [prefix, suffix] = common;
  while (prefix > 0 && (splits_character(pieces_, prefix) || splits_character(after.pieces_, prefix)))
    --prefix;
  suffix = common_bytes(pieces_, after.pieces_, true, shorter - prefix);
  while (suffix > 0 && (splits_character(pieces_, bytes_ - suffix) ||
                        splits_character(after.pieces_, after.bytes_ - suffix)))
    --suffix;
  return common;
}

TextOperation DocumentText::difference(const DocumentText& after) const {
  const auto [prefix, suffix] = common_with(after);
  const auto first = units_before(pieces_, prefix);
  const auto last = units_before(pieces_, bytes_ - suffix);
  TextOperation operation;
  operation.retain(first);
  if (auto inserted = slice(after.pieces_, prefix, after.bytes_ - suffix); !inserted.empty())
    operation.insert(std::move(inserted));
  if (last > first) operation.remove(last - first);
  operation.retain(units_ - last);
  return operation;
}

TextOperation DocumentText::short_difference(const DocumentText& after) const {
  auto [prefix, suffix] = common_with(after);
  // Whole lines, where they are not too long: what differs is looked for in lines first.
  const auto from = prefix - std::min<std::uint64_t>(prefix, longest_line_sought);
  if (const auto line = slice(pieces_, from, prefix).rfind('\n'); line != std::string::npos)
    prefix = from + line + 1;
  else if (from == 0)
    prefix = 0;
  const auto rest = std::min<std::uint64_t>(suffix, longest_line_sought);
  if (const auto line = slice(pieces_, bytes_ - suffix, bytes_ - suffix + rest).find('\n');
      line != std::string::npos)
    suffix -= line + 1;
  else if (rest == suffix)
    suffix = 0;
  const auto middle = protocol::short_difference(slice(pieces_, prefix, bytes_ - suffix),
                                                 slice(after.pieces_, prefix, after.bytes_ - suffix));
  TextOperation operation;
  operation.retain(units_before(pieces_, prefix));
  append_runs(middle, operation);
  operation.retain(units_ - operation.base_length());
  return operation;
}

TextOperation DocumentText::edits_to(const DocumentText& after) const {
  std::unordered_map<const Piece*, std::size_t> places;
  for (std::size_t i = 0; i < pieces_.size(); ++i) places.emplace(pieces_[i].get(), i);
  TextOperation operation;
  std::size_t next = 0;  // the first of these pieces that is not accounted for
  std::string fresh;     // what stands in place of those from there on
  const auto replace_until = [&](std::size_t end) {
    std::string old;
    for (; next < end; ++next) old += pieces_[next]->utf8;
    append_runs(TextOperation::difference(old, fresh), operation);
    fresh.clear();
  };
  for (const auto& piece : after.pieces_) {
    const auto kept = places.find(piece.get());
    if (kept == places.end() || kept->second < next) {
      fresh += piece->utf8;
      continue;
    }
    replace_until(kept->second);
    operation.retain(piece->units);
    ++next;
  }
  replace_until(pieces_.size());
  return operation;
}

bool DocumentText::operator==(const DocumentText& other) const {
  return bytes_ == other.bytes_ && common_bytes(pieces_, other.pieces_, false, bytes_) == bytes_;
}

}  // namespace berth::runner
