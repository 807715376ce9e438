// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_merge.hpp"

#include <utility>

namespace berth::runner {
namespace {

using protocol::TextOperation;

/// Bytes that an operation takes in memory, about.
std::size_t operation_cost(const TextOperation& operation) {
  auto bytes = operation.runs().size() * sizeof(TextOperation::Run);
  for (const auto& run : operation.runs())
    if (const auto* text = std::get_if<std::string>(&run)) bytes += text->size();
  return bytes;
}

std::unexpected<Error> stale_edit(std::uint64_t version, std::uint64_t base_version) {
  Error error{
      ErrorCode::stale_base, "The document has been changed too much meanwhile: open it again.", {}, {}};
  error.data = {{"version", std::to_string(version)}, {"base_version", std::to_string(base_version)}};
  return std::unexpected(std::move(error));
}

}  // namespace

std::optional<std::uint64_t> DocumentMerge::known(const std::string& id) const {
  const auto found = versions_.find(id);
  if (found == versions_.end()) return std::nullopt;
  return found->second;
}

Result<TextOperation> DocumentMerge::bring_forward(std::uint64_t base_version,
                                                   TextOperation operation) const {
  if (base_version > version_ || version_ - base_version > operations_.size())
    return stale_edit(version_, base_version);
  std::size_t work = 0;
  for (auto index = operations_.size() - (version_ - base_version); index < operations_.size(); ++index) {
    const auto& theirs = operations_[index];
    // Counted at every step: an edit gains runs from each one that it is brought around.
    work += operation_cost(operation) + operation_cost(theirs);
    if (work > bounds_.work) return stale_edit(version_, base_version);
    auto moved = transform(operation, theirs);
    if (!moved) return std::unexpected(moved.error());
    operation = std::move(moved->mine);
  }
  return operation;
}

std::uint64_t DocumentMerge::applied(const std::string& id, TextOperation operation) {
  ++version_;
  if (!id.empty()) remember(id, version_);
  bytes_ += operation_cost(operation);
  operations_.push_back(std::move(operation));
  while (operations_.size() > bounds_.operations || bytes_ > bounds_.bytes) {
    bytes_ -= operation_cost(operations_.front());
    operations_.pop_front();
  }
  return version_;
}

void DocumentMerge::remember(const std::string& id, std::uint64_t version) {
  if (!versions_.emplace(id, version).second) return;
  ids_.push_back(id);
  if (ids_.size() > bounds_.ids) {
    versions_.erase(ids_.front());
    ids_.pop_front();
  }
}

}  // namespace berth::runner
