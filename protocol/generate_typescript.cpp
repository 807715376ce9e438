// SPDX-License-Identifier: GPL-3.0-or-later
// client/web/src/protocol/messages.ts from the described structs.
#include "protocol/frame.hpp"
#include "protocol/schema.hpp"
#include "protocol/version.hpp"

namespace berth::protocol::schema {

namespace {

std::string type_text(const Type& type) {
  switch (type.kind) {
    case Type::string:
      return "string";
    case Type::boolean:
      return "boolean";
    case Type::integer:
    case Type::number:
      return "number";
    case Type::operation:
      return "(number | string)[]";
    case Type::json:
      return "unknown";
    case Type::array:
      return type_text(*type.item) + "[]";
    case Type::map:
      return "Record<string, " + type_text(*type.item) + ">";
    case Type::named:
      return type.name;
  }
  return "unknown";
}

std::string definition_text(const Definition& definition) {
  if (definition.is_enum) {
    std::string out = "export type " + definition.name + " =";
    for (const auto& value : definition.values) out += "\n  | '" + value + "'";
    return out + ";\n";
  }
  if (definition.fields.empty()) return "export type " + definition.name + " = Record<string, never>;\n";
  std::string out = "export interface " + definition.name + " {\n";
  for (const auto& field : definition.fields)
    out += "  " + field.name + (field.optional ? "?: " : ": ") + type_text(field.type) + ";\n";
  return out + "}\n";
}

}  // namespace

std::string typescript(const Protocol& protocol) {
  std::string out =
      "// SPDX-License-Identifier: GPL-3.0-or-later\n"
      "// Generated from protocol/messages.hpp and protocol/rest.hpp by generate_protocol; do not edit.\n"
      "// prettier-ignore-start\n\n"
      "export const version = { major: " +
      std::to_string(version_major) + ", minor: " + std::to_string(version_minor) +
      " } as const;\nexport const subprotocol = '" + std::string(subprotocol) +
      "';\nexport const limits = {\n  text_frame: " + std::to_string(max_text_frame) +
      ",\n  binary_payload: " + std::to_string(max_binary_payload) +
      ",\n  open_channels: " + std::to_string(max_open_channels) +
      ",\n  inline_document: " + std::to_string(inline_document_limit) +
      ",\n  editable_document: " + std::to_string(editable_document_limit) + ",\n} as const;\n";
  for (const auto& definition : protocol.definitions) out += "\n" + definition_text(definition);
  out += "\n/** Requests a client sends. */\nexport interface Requests {\n";
  for (const auto& message : protocol.requests)
    out += "  /** " + message.summary + " */\n  '" + message.method + "': { params: " + message.params +
           "; result: " + message.result + " };\n";
  out += "}\n\n/** Notifications a runner sends. */\nexport interface Notifications {\n";
  for (const auto& message : protocol.notifications)
    out += "  /** " + message.summary + " */\n  '" + message.method + "': " + message.params + ";\n";
  out += "}\n\n/** The REST API, by route name. */\nexport interface Routes {\n";
  for (const auto& route : protocol.routes)
    out += "  /** " + route.method + " " + route.path + " — " + route.summary + " */\n  " + route.name +
           ": { body: " + (route.raw_body ? "Blob" : route.body) +
           "; result: " + (route.raw_result ? "Blob" : route.result) + " };\n";
  out += "}\n\nexport const routes: Record<keyof Routes, { method: string; path: string }> = {\n";
  for (const auto& route : protocol.routes)
    out += "  " + route.name + ": { method: '" + route.method + "', path: '" + route.path + "' },\n";
  return out + "};\n// prettier-ignore-end\n";
}

}  // namespace berth::protocol::schema
