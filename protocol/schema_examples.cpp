// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/schema_examples.hpp"

namespace berth::protocol::schema {
namespace {

constexpr int deepest = 6;                             // of what holds itself
constexpr std::int64_t some_time = 1'795'000'000'000;  // Unix ms

const std::map<std::string, Json>& by_name() {
  static const std::map<std::string, Json> all = {
      {"email", "ada@example.org"},
      {"name", "Ada"},
      {"owner_name", "Ada"},
      {"actor_email", "ada@example.org"},
      {"password", "correct horse battery"},
      {"current_password", "correct horse battery"},
      {"new_password", "staple correct horse"},
      {"id", "k3vq7mzd2a"},
      {"account", "nzunjnaew2w34jp6"},
      {"team", "nzunjnaew2w34jp6"},
      {"workspace", "k3vq7mzd2a"},
      {"from_workspace", "k3vq7mzd2a"},
      {"token", "one-time-token"},
      {"secret", "shown-once"},
      {"code", "123456"},
      {"path", "project/main.py"},
      {"to", "/"},
      {"open_file", "project/main.py"},
      {"run_command", "python3 main.py"},
      {"git_url", "https://example.org/ada/engine.git"},
      {"url", "https://ide.example.org/"},
      {"address", "203.0.113.7"},
      {"client", "Mozilla/5.0"},
      {"template_id", "python"},
      {"preview_host", "ide.example.org"},
      {"value", "\"dark\""},
      {"port", 8000},
      {"limit", 50},
      {"cursor", "MTIz"},
      {"message", "body.name: must be 1 to 80 characters on one line"},
      {"reason", "holidays"},
      {"etag", "\"5d41402abc4b2a76\""},
  };
  return all;
}

bool is_time(const std::string& field) {
  for (const char* name : {"created", "expires", "last_used", "started", "stops_at", "changed", "modified",
                           "linked", "since", "until", "at", "access_expires", "mtime"})
    if (field == name) return true;
  return false;
}

}  // namespace

Examples::Examples(const std::vector<Definition>& definitions) {
  for (const auto& definition : definitions) definitions_[definition.name] = &definition;
}

Json Examples::of(const std::string& name) const { return of_definition(name, 0); }

Json Examples::of_definition(const std::string& name, int depth) const {
  const auto found = definitions_.find(name);
  if (found == definitions_.end()) return nullptr;
  const auto& definition = *found->second;
  if (definition.is_enum) return definition.values.empty() ? Json() : Json(definition.values.front());
  Json object = Json::object();
  for (const auto& field : definition.fields)
    if (!field.optional || depth < deepest) object[field.name] = of_type(field.type, field.name, depth);
  return object;
}

Json Examples::of_type(const Type& type, const std::string& field, int depth) const {
  const auto named = by_name().find(field);
  const bool fits = named != by_name().end() && ((type.kind == Type::string && named->second.is_string()) ||
                                                 (type.kind == Type::integer && named->second.is_number()));
  if (fits) return named->second;
  switch (type.kind) {
    case Type::string:
      return "text";
    case Type::boolean:
      return true;
    case Type::integer:
      return is_time(field) ? some_time : 1;
    case Type::number:
      return 1.5;
    case Type::operation:
      return Json::array({5, "text"});
    case Type::json:
      return Json::object();
    case Type::array:
      return depth >= deepest ? Json::array() : Json::array({of_type(*type.item, field, depth + 1)});
    case Type::map:
      return {{"key", of_type(*type.item, "", depth + 1)}};
    case Type::named:
      return of_definition(type.name, depth + 1);
  }
  return nullptr;
}

}  // namespace berth::protocol::schema
