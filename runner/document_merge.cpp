// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_merge.hpp"

#include <utility>

#include "runner/position_map.hpp"

namespace berth::runner {
namespace {

using protocol::TextOperation;

std::unexpected<Error> stale_edit(std::uint64_t version, std::uint64_t base_version) {
  Error error{
      ErrorCode::stale_base, "The document has been changed too much meanwhile: open it again.", {}, {}};
  error.data = {{"version", std::to_string(version)}, {"base_version", std::to_string(base_version)}};
  return std::unexpected(std::move(error));
}

}  // namespace

std::size_t cost_of(const TextOperation& operation) {
  auto bytes = operation.runs().size() * sizeof(TextOperation::Run);
  for (const auto& run : operation.runs())
    if (const auto* text = std::get_if<std::string>(&run)) bytes += text->size();
  return bytes;
}

std::optional<std::uint64_t> DocumentMerge::known(const std::string& id) const {
  const auto found = versions_.find(id);
  if (found == versions_.end()) return std::nullopt;
  return found->second;
}

Result<TextOperation> DocumentMerge::bring_forward(std::uint64_t base_version,
                                                   TextOperation operation) const {
  if (!reaches_back_to(base_version)) return stale_edit(version_, base_version);
  std::size_t work = 0;
  for (auto index = index_of(base_version); index < changes_.size(); ++index) {
    const auto& theirs = changes_[index].operation;
    // Counted at every step: an edit gains runs from each one that it is brought around.
    work += cost_of(operation) + cost_of(theirs);
    if (work > bounds_.work) return stale_edit(version_, base_version);
    auto moved = transform(operation, theirs);
    if (!moved) return std::unexpected(moved.error());
    operation = std::move(moved->mine);
  }
  return operation;
}

Result<std::vector<std::int64_t>> DocumentMerge::map_forward(std::uint64_t base_version,
                                                             std::uint64_t version,
                                                             std::vector<std::int64_t> positions,
                                                             protocol::Bias bias) const {
  if (!reaches_back_to(base_version) || version > version_ || version < base_version ||
      version - base_version > bounds_.mapped_operations)
    return stale_edit(version_, base_version);
  std::size_t bytes = 0;
  for (auto index = index_of(base_version); index < index_of(version); ++index) {
    bytes += cost_of(changes_[index].operation);
    if (bytes > bounds_.mapped_bytes) return stale_edit(version_, base_version);
  }
  for (auto index = index_of(base_version); index < index_of(version); ++index) {
    const PositionMap map(changes_[index].operation);
    for (auto& position : positions) position = map.map(position, bias);
  }
  return positions;
}

std::uint64_t DocumentMerge::applied(const std::string& id, TextOperation operation, std::string origin) {
  ++version_;
  if (!id.empty()) versions_.emplace(id, version_);
  bytes_ += cost_of(operation);
  changes_.push_back({std::move(operation), id, std::move(origin)});
  while (changes_.size() > bounds_.operations || bytes_ > bounds_.bytes) {
    forget(changes_.front());
    changes_.pop_front();
  }
  return version_;
}

void DocumentMerge::take_back() {
  if (!changes_.empty()) {
    forget(changes_.back());
    changes_.pop_back();
  }
  --version_;
}

void DocumentMerge::forget(const Change& change) {
  bytes_ -= cost_of(change.operation);
  versions_.erase(change.id);
}

std::optional<std::vector<const DocumentMerge::Change*>> DocumentMerge::changes_since(
    std::uint64_t version) const {
  if (!reaches_back_to(version)) return std::nullopt;
  std::vector<const Change*> found;
  for (auto index = index_of(version); index < changes_.size(); ++index) found.push_back(&changes_[index]);
  return found;
}

}  // namespace berth::runner
