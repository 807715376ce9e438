// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document.hpp"

namespace berth::runner {

Result<std::uint64_t> Document::edit(std::uint64_t base_version, const protocol::TextOperation& operation) {
  if (read_only) return failure(ErrorCode::permission_denied, path + " is open for reading only.");
  if (base_version != version_) {
    Error error{ErrorCode::stale_base, path + " has been changed meanwhile: open it again.", {}, {}};
    error.data = {{"version", std::to_string(version_)}, {"base_version", std::to_string(base_version)}};
    return std::unexpected(std::move(error));
  }
  for (const auto& run : operation.runs())
    if (const auto* inserted = std::get_if<std::string>(&run); inserted && inserted->contains('\r'))
      return failure(ErrorCode::invalid_argument, "document/edit.operation: texts travel with \\n alone");
  if (auto applied = text_.apply(operation); !applied) return std::unexpected(applied.error());
  return ++version_;
}

std::optional<protocol::TextOperation> Document::adopt(DocumentText disk) {
  if (text_ == disk) return std::nullopt;
  auto operation = text_.difference(disk);
  text_ = std::move(disk);
  disk_version = ++version_;
  return operation;
}

protocol::DocumentState::Params Document::state() const {
  return {id_,     path,    journalled_version, disk_version,  encoding, line_ending, read_only.has_value(),
          deleted, problem, conflict_copy,      stored_version};
}

}  // namespace berth::runner
