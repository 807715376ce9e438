// SPDX-License-Identifier: GPL-3.0-or-later
// A run-time picture of the described structs, from which the generators write TypeScript, OpenAPI and the
// reference.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/messages.hpp"
#include "protocol/rest_routes.hpp"
#include "protocol/sync_messages.hpp"

namespace berth::protocol::schema {

struct Type {
  enum Kind { string, boolean, integer, number, operation, json, array, map, named } kind = string;
  std::string name;            // of a named type
  std::shared_ptr<Type> item;  // of an array or a map's values
};

struct Field {
  std::string name;
  Type type;
  bool optional = false;
};

struct Definition {
  std::string name;
  std::vector<Field> fields;        // of a struct
  std::vector<std::string> values;  // of an enum
  bool is_enum = false;
};

struct Message {
  std::string method;
  std::string summary;
  std::string role;  // least role; empty for notifications
  std::string params;
  std::string result;  // empty for notifications
};

struct Route {
  std::string name, method, path, summary, access, body, result;
  std::string scope;  // what a personal access token needs; "": none will do
  std::string query;  // names of query parameters, optional ones with '?', between spaces
  bool raw_body = false, raw_result = false;
  bool takes_key = false;  // Idempotency-Key
};

/// Everything that travels, in the order of the sources.
struct Protocol {
  std::vector<Definition> definitions;
  std::vector<Message> requests;
  std::vector<Message> notifications;
  std::vector<Route> routes;
};

namespace detail {

/// "berth::protocol::TerminalOpen::Params" → "TerminalOpenParams".
template <class T>
std::string name_of() {
  std::string name = __PRETTY_FUNCTION__;
  name = name.substr(name.find("T = ") + 4);
  name = name.substr(0, name.find_first_of(";]"));
  for (const std::string part : {"berth::protocol::rest::", "berth::protocol::", "berth::", "::"})
    for (auto at = name.find(part); at != name.npos; at = name.find(part)) name.erase(at, part.size());
  return name;
}

template <class T>
Type type_of(std::vector<Definition>& definitions) {
  namespace p = berth::protocol::detail;
  if constexpr (p::is_optional<T>::value)
    return type_of<typename T::value_type>(definitions);
  else if constexpr (std::is_same_v<T, std::string>)
    return {Type::string, {}, {}};
  else if constexpr (std::is_same_v<T, bool>)
    return {Type::boolean, {}, {}};
  else if constexpr (std::is_same_v<T, TextOperation>)
    return {Type::operation, {}, {}};
  else if constexpr (std::is_same_v<T, Json>)
    return {Type::json, {}, {}};
  else if constexpr (std::is_integral_v<T>)
    return {Type::integer, {}, {}};
  else if constexpr (std::is_floating_point_v<T>)
    return {Type::number, {}, {}};
  else if constexpr (p::is_vector<T>::value)
    return {Type::array, {}, std::make_shared<Type>(type_of<typename T::value_type>(definitions))};
  else if constexpr (p::is_string_map<T>::value)
    return {Type::map, {}, std::make_shared<Type>(type_of<typename T::mapped_type>(definitions))};
  else {
    Definition definition{name_of<T>(), {}, {}, std::is_enum_v<T>};
    Type type{Type::named, definition.name, {}};
    for (const auto& known : definitions)
      if (known.name == definition.name) return type;
    if constexpr (std::is_enum_v<T>) {
      boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
          [&](auto value) { definition.values.emplace_back(value.name); });
    } else {
      boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
          [&](auto member) {
            using Member = std::decay_t<decltype(std::declval<T>().*member.pointer)>;
            definition.fields.push_back(
                {member.name, type_of<Member>(definitions), p::is_optional<Member>::value});
          });
    }
    definitions.push_back(std::move(definition));
    return type;
  }
}

}  // namespace detail

Protocol describe();

std::string typescript(const Protocol& protocol);
std::string reference(const Protocol& protocol);
/// The OpenAPI 3.1 document, also served at /api/openapi.json.
Json openapi(const Protocol& protocol);

}  // namespace berth::protocol::schema
