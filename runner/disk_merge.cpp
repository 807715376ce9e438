// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/disk_merge.hpp"

#include <algorithm>

#include "protocol/text_merge.hpp"

namespace berth::runner {
namespace {

using protocol::TextOperation;

// A program that read a file, worked on it and writes it back has taken no longer than this.
constexpr std::chrono::seconds longest_rewrite{2};

/// Units inserted and deleted.
std::int64_t extent_of(const TextOperation& operation) {
  std::int64_t units = 0;
  for (const auto& run : operation.runs()) {
    const auto* count = std::get_if<std::int64_t>(&run);
    if (!count)
      units += static_cast<std::int64_t>(protocol::utf16_length(std::get<std::string>(run)));
    else if (*count < 0)
      units -= *count;
  }
  return units;
}

bool removes_text(const TextOperation& operation) {
  return std::ranges::any_of(operation.runs(), [](const auto& run) {
    const auto* count = std::get_if<std::int64_t>(&run);
    return count && *count < 0;
  });
}

Result<TextOperation> composed(const std::vector<TextOperation>& operations, std::int64_t length) {
  TextOperation all;
  all.retain(length);
  for (const auto& next : operations) {
    auto both = all.compose(next);
    if (!both) return both;
    all = std::move(*both);
  }
  return all;
}

}  // namespace

Result<DiskMerge> merge_disk(const DiskMergeRequest& request) {
  const DiskMergeRequest::Base* base = nullptr;
  TextOperation theirs;
  for (const auto& candidate : request.bases) {
    auto change = candidate.text.short_difference(request.disk);
    if (base && extent_of(change) >= extent_of(theirs)) continue;
    base = &candidate;
    theirs = std::move(change);
  }
  if (!base) return failure(ErrorCode::internal, "There is no text to compare with.");
  DiskMerge merge;
  merge.unchanged = base == &request.bases.front() && theirs.is_identity();
  merge.against_older = base != &request.bases.front();
  auto since = base->since ? composed(*base->since, base->text.units())
                           : Result<TextOperation>(base->text.short_difference(request.text));
  if (!since) return std::unexpected(since.error());
  auto moved = protocol::merge_change(theirs, *since);
  if (!moved) return std::unexpected(moved.error());
  merge.change = std::move(moved->change);
  merge.removes = removes_text(merge.change);
  merge.merged = request.text;
  if (auto applied = merge.merged.apply(merge.change); !applied) return std::unexpected(applied.error());
  if (!(merge.merged == request.disk)) merge.rest = request.disk.short_difference(merge.merged);
  return merge;
}

bool merge_typed_meanwhile(const DocumentMerge& document, std::uint64_t version, DiskMerge& merge) {
  const auto typed = document.changes_since(version);
  if (!typed) return false;
  for (const auto* one : *typed) {
    auto moved = transform(merge.change, one->operation);
    if (!moved || !merge.merged.apply(moved->theirs)) return false;
    if (merge.rest) {
      auto rest = merge.rest->compose(moved->theirs);
      if (!rest) return false;
      merge.rest = std::move(*rest);
    } else if (!moved->theirs.is_identity()) {
      merge.rest = moved->theirs;
    }
    merge.change = std::move(moved->mine);
  }
  return true;
}

DiskMergeRequest disk_merge_request(const Document& document, DocumentText disk, bool newest_only) {
  DiskMergeRequest request;
  const auto now = Document::TimePoint::clock::now();
  // Each base costs reading the whole text.
  newest_only = newest_only || document.text().bytes() > Document::largest_with_history;
  const auto& texts = document.agreed();
  for (auto agreed = texts.rbegin(); agreed != texts.rend(); ++agreed) {
    if (agreed->replaced && (newest_only || now - *agreed->replaced > longest_rewrite)) break;
    auto& base = request.bases.emplace_back();
    base.text = agreed->text;
    const auto changes = agreed->version ? document.merge().changes_since(*agreed->version) : std::nullopt;
    if (changes) {
      base.since.emplace();
      for (const auto* change : *changes) base.since->push_back(change->operation);
    }
    // What another program replaced is not brought back: there and back again is meant.
    if (agreed->by_disk) break;
  }
  request.text = document.text();
  request.disk = std::move(disk);
  return request;
}

}  // namespace berth::runner
