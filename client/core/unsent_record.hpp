// SPDX-License-Identifier: GPL-3.0-or-later
// What a person typed and the runner may lack, in the form that is kept on this machine (unsent_store.hpp).
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/text_operation.hpp"

namespace berth::client {

/// A ReversibleOperation as it is written.
struct KeptOperation {
  protocol::TextOperation operation;
  std::string removed;
};
BOOST_DESCRIBE_STRUCT(KeptOperation, (), (operation, removed))

/// The edit whose answer did not come: as it was first sent, and as it applies to the base now.
struct KeptInFlight {
  std::uint64_t base_version;
  std::string operation_id;
  protocol::TextOperation sent;
  KeptOperation now;
};
BOOST_DESCRIBE_STRUCT(KeptInFlight, (), (base_version, operation_id, sent, now))

/// The person's text is base · in_flight · waiting. Whose name the next edit gets is not kept: a record may
/// be older than what was sent, and then that name's numbers are used up.
struct UnsentEdits {
  std::uint64_t version = 0;  // of the base
  std::optional<KeptInFlight> in_flight;
  std::vector<KeptOperation> waiting;
};
BOOST_DESCRIBE_STRUCT(UnsentEdits, (), (version, in_flight, waiting))

struct UnsentRecord {
  std::string workspace;  // the person's, on one server (Workspace::unsentKey)
  std::string path;
  std::string document;  // the runner's id; "" where the base is none of its versions
  std::int64_t since;    // Unix ms of the oldest change
  std::int64_t changes;  // for the person: how often something was typed
  UnsentEdits edits;
  std::string text_file;                           // beside the record
  std::optional<protocol::TextOperation> advance;  // the base is the text in that file with this applied
};
BOOST_DESCRIBE_STRUCT(UnsentRecord, (),
                      (workspace, path, document, since, changes, edits, text_file, advance))

}  // namespace berth::client
