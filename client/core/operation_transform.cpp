// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/operation_transform.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace berth::client {
namespace {

using protocol::TextOperation;

/// Walks an operation's runs, taking retains and deletions piece by piece.
class Walk {
 public:
  explicit Walk(const TextOperation& operation) : runs_(operation.runs()) { load(); }
  bool done() const { return index_ >= runs_.size(); }
  const std::string* insertion() const { return done() ? nullptr : std::get_if<std::string>(&runs_[index_]); }
  bool deletes() const { return std::get<std::int64_t>(runs_[index_]) < 0; }
  std::int64_t left() const { return left_; }
  void take(std::int64_t units) {
    left_ -= units;
    if (left_ == 0) skip();
  }
  void skip() {
    ++index_;
    load();
  }

 private:
  void load() {
    if (!done() && !insertion()) left_ = std::abs(std::get<std::int64_t>(runs_[index_]));
  }
  const std::vector<TextOperation::Run>& runs_;
  std::size_t index_ = 0;
  std::int64_t left_ = 0;
};

struct Range {
  std::int64_t begin;
  std::int64_t end;
  bool inserts;
};

std::vector<Range> changed_ranges(const TextOperation& operation) {
  std::vector<Range> ranges;
  std::int64_t position = 0;
  for (const auto& run : operation.runs()) {
    const auto* units = std::get_if<std::int64_t>(&run);
    if (units && *units > 0) {
      position += *units;
      continue;
    }
    const auto end = units ? position - *units : position;
    if (!ranges.empty() && ranges.back().end == position) {
      ranges.back().end = end;
      ranges.back().inserts |= !units;
    } else {
      ranges.push_back({position, end, !units});
    }
    position = end;
  }
  return ranges;
}

}  // namespace

Result<Transformed> transform(const TextOperation& mine, const TextOperation& theirs) {
  if (mine.base_length() != theirs.base_length())
    return failure(ErrorCode::invalid_argument, "The operations are not of one text.");
  Transformed out;
  Walk a(mine);
  Walk b(theirs);
  while (!a.done() || !b.done()) {
    if (const auto* text = b.insertion()) {
      out.mine.retain(static_cast<std::int64_t>(protocol::utf16_length(*text)));
      out.theirs.insert(*text);
      b.skip();
      continue;
    }
    if (const auto* text = a.insertion()) {
      out.mine.insert(*text);
      out.theirs.retain(static_cast<std::int64_t>(protocol::utf16_length(*text)));
      a.skip();
      continue;
    }
    const auto units = std::min(a.left(), b.left());
    const bool a_deletes = a.deletes();
    const bool b_deletes = b.deletes();
    if (!a_deletes && !b_deletes) {
      out.mine.retain(units);
      out.theirs.retain(units);
    } else if (a_deletes && !b_deletes) {
      out.mine.remove(units);
    } else if (!a_deletes) {
      out.theirs.remove(units);
    }
    a.take(units);
    b.take(units);
  }
  return out;
}

bool overlapping(const TextOperation& mine, const TextOperation& theirs) {
  const auto a = changed_ranges(mine);
  const auto b = changed_ranges(theirs);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].begin < b[j].end && b[j].begin < a[i].end) return true;
    // Where their text comes to stand right beside what mine changes, its side could not be told after an
    // undo of mine.
    if (b[j].inserts && a[i].begin <= b[j].end && b[j].begin <= a[i].end) return true;
    (a[i].end < b[j].end ? i : j)++;
  }
  return false;
}

}  // namespace berth::client
