// SPDX-License-Identifier: GPL-3.0-or-later
// The message reference in protocol/README.md.
#include <algorithm>
#include <set>

#include "protocol/schema.hpp"

namespace berth::protocol::schema {

namespace {

std::string reference_type(const Type& type) {
  switch (type.kind) {
    case Type::string:
      return "string";
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return "integer";
    case Type::number:
      return "number";
    case Type::operation:
      return "operation";
    case Type::json:
      return "any";
    case Type::array:
      return reference_type(*type.item) + "[]";
    case Type::map:
      return "{string: " + reference_type(*type.item) + "}";
    case Type::named:
      return type.name;
  }
  return "any";
}

const Definition* find(const Protocol& protocol, const std::string& name) {
  const auto found = std::ranges::find(protocol.definitions, name, &Definition::name);
  return found == protocol.definitions.end() ? nullptr : &*found;
}

std::string fields_text(const Protocol& protocol, const std::string& name) {
  const auto* definition = find(protocol, name);
  if (definition == nullptr || definition->fields.empty()) return "{}";
  std::string out = "{";
  for (const auto& field : definition->fields)
    out += (out.size() > 1 ? ", " : "") + field.name + (field.optional ? "?: " : ": ") +
           reference_type(field.type);
  return out + "}";
}

}  // namespace

std::string reference(const Protocol& protocol) {
  std::string out;
  std::set<std::string> shown;
  std::string area;
  const auto heading = [&](const std::string& method) {
    const auto now = method.substr(0, method.find('/'));
    if (now != area) out += "\n#### " + (area = now) + "\n\n";
  };
  out += "\n### Requests\n";
  for (const auto& message : protocol.requests) {
    heading(message.method);
    out += "- **`" + message.method + "`** (" + message.role + ") " + message.summary + "  \n  `" +
           fields_text(protocol, message.params) + "` → `" + fields_text(protocol, message.result) + "`\n";
    shown.insert({message.params, message.result});
  }
  out += "\n### Notifications\n\n";
  for (const auto& message : protocol.notifications) {
    out += "- **`" + message.method + "`** " + message.summary + "  \n  `" +
           fields_text(protocol, message.params) + "`\n";
    shown.insert(message.params);
  }
  out += "\n### REST\n\n| Route | Who | Scope of a token | Body → result |\n|---|---|---|---|\n";
  for (const auto& route : protocol.routes)
    out += "| `" + route.method + " " + route.path + "` " + route.summary + " | " + route.access + " | " +
           (!route.scope.empty()       ? "`" + route.scope + "`"
            : route.access == "anyone" ? ""
                                       : "none will do") +
           " | " + (route.raw_body ? "bytes" : route.body) + " → " +
           (route.raw_result ? "bytes" : route.result) + " |\n";
  out += "\n### Types\n\n";
  for (const auto& definition : protocol.definitions) {
    if (shown.contains(definition.name)) continue;
    if (definition.is_enum) {
      out += "- `" + definition.name + "`:";
      for (const auto& value : definition.values) out += " `" + value + "`";
      out += "\n";
    } else {
      out += "- `" + definition.name + "` `" + fields_text(protocol, definition.name) + "`\n";
    }
  }
  return out;
}

}  // namespace berth::protocol::schema
