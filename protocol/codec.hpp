// SPDX-License-Identifier: GPL-3.0-or-later
// Described structs ↔ JSON (Boost.Describe, nlohmann-json). Unknown fields are ignored, absent optionals
// tolerated; anything else wrong is an invalid_argument that names the field: "terminal/open.columns: not a
// number".
#pragma once

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>

#include "protocol/error.hpp"
#include "protocol/text_operation.hpp"

namespace berth::protocol {

using Json = nlohmann::json;

namespace detail {
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_string_map : std::false_type {};
template <class T>
struct is_string_map<std::map<std::string, T>> : std::true_type {};

inline std::unexpected<Error> wrong(const std::string& path, const char* what) {
  return failure(ErrorCode::invalid_argument, path + ": " + what);
}
Result<void> decode_operation(const Json& json, TextOperation& out, const std::string& path);
Json encode_operation(const TextOperation& operation);
}  // namespace detail

template <class T>
Json encode(const T& value) {
  if constexpr (std::is_same_v<T, TextOperation>) {
    return detail::encode_operation(value);
  } else if constexpr (std::is_same_v<T, Json> || std::is_same_v<T, bool> || std::is_arithmetic_v<T> ||
                       std::is_same_v<T, std::string>) {
    return Json(value);
  } else if constexpr (std::is_enum_v<T>) {
    return Json(boost::describe::enum_to_string(value, ""));
  } else if constexpr (detail::is_optional<T>::value) {
    return value ? encode(*value) : Json();
  } else if constexpr (detail::is_vector<T>::value) {
    Json array = Json::array();
    for (const auto& item : value) array.push_back(encode(item));
    return array;
  } else if constexpr (detail::is_string_map<T>::value) {
    Json object = Json::object();
    for (const auto& [key, item] : value) object[key] = encode(item);
    return object;
  } else {
    Json object = Json::object();
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        [&](auto member) {
          const auto& field = value.*member.pointer;
          if constexpr (detail::is_optional<std::decay_t<decltype(field)>>::value) {
            if (field) object[member.name] = encode(*field);
          } else {
            object[member.name] = encode(field);
          }
        });
    return object;
  }
}

/// Reads `json` into `out`; `path` starts the error's message (a method name, then field names).
template <class T>
Result<void> decode(const Json& json, T& out, const std::string& path) {
  using detail::wrong;
  if constexpr (std::is_same_v<T, TextOperation>) {
    return detail::decode_operation(json, out, path);
  } else if constexpr (std::is_same_v<T, Json>) {
    out = json;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) return wrong(path, "not a boolean");
    out = json.template get<bool>();
  } else if constexpr (std::is_integral_v<T>) {
    if (!json.is_number()) return wrong(path, "not a number");
    if (!json.is_number_integer()) return wrong(path, "not a whole number");
    if (json.is_number_unsigned()) {
      const auto number = json.template get<std::uint64_t>();
      if (!std::in_range<T>(number)) return wrong(path, "out of range");
      out = static_cast<T>(number);
    } else {
      const auto number = json.template get<std::int64_t>();
      if (!std::in_range<T>(number)) return wrong(path, "out of range");
      out = static_cast<T>(number);
    }
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!json.is_number()) return wrong(path, "not a number");
    out = json.template get<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) return wrong(path, "not a string");
    out = json.template get_ref<const std::string&>();
  } else if constexpr (std::is_enum_v<T>) {
    if (!json.is_string()) return wrong(path, "not a string");
    if (!boost::describe::enum_from_string(json.template get_ref<const std::string&>().c_str(), out))
      return wrong(path, "not one of the known values");
  } else if constexpr (detail::is_optional<T>::value) {
    if (json.is_null()) {
      out.reset();
    } else {
      return decode(json, out.emplace(), path);
    }
  } else if constexpr (detail::is_vector<T>::value) {
    if (!json.is_array()) return wrong(path, "not an array");
    out.clear();
    out.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i)
      if (auto item = decode(json[i], out.emplace_back(), path + "[" + std::to_string(i) + "]"); !item)
        return item;
  } else if constexpr (detail::is_string_map<T>::value) {
    if (!json.is_object()) return wrong(path, "not an object");
    out.clear();
    for (const auto& [key, item] : json.items())
      if (auto done = decode(item, out[key], path + "." + key); !done) return done;
  } else {
    if (!json.is_object()) return wrong(path, "not an object");
    Result<void> outcome;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        [&](auto member) {
          if (!outcome) return;
          auto& field = out.*member.pointer;
          const auto found = json.find(member.name);
          if (found != json.end()) {
            outcome = decode(*found, field, path + "." + member.name);
          } else if constexpr (!detail::is_optional<std::decay_t<decltype(field)>>::value) {
            outcome = wrong(path + "." + member.name, "missing");
          }
        });
    return outcome;
  }
  return {};
}

template <class T>
Result<T> decode(const Json& json, const std::string& path) {
  T out{};
  if (auto done = decode(json, out, path); !done) return std::unexpected(std::move(done.error()));
  return out;
}

/// Parses text without throwing; invalid_argument for malformed JSON, bad UTF-8, or nesting deeper than 64.
Result<Json> parse_json(std::string_view text);

/// Compact text; bytes that are not UTF-8 become U+FFFD instead of throwing.
std::string to_text(const Json& json);

// ---- JSON-RPC 2.0 envelopes
// ----------------------------------------------------------------------------------------

struct Incoming {
  std::optional<Json> id;  // absent: a notification; number or string otherwise
  std::string method;
  Json params;
};
/// A request or notification; invalid_argument when it is neither.
Result<Incoming> decode_incoming(const Json& json);

struct Reply {
  std::int64_t id;
  Result<Json> result;
};
/// An answer to a request that was sent with a numeric id.
Result<Reply> decode_reply(const Json& json);

std::string request_text(std::int64_t id, std::string_view method, Json params);
std::string notification_text(std::string_view method, Json params);
std::string result_text(const Json& id, Json result);
/// error.data holds {"code": name, …Error::data}; `detail` is left out.
std::string error_text(const Json& id, const Error& error);

}  // namespace berth::protocol
