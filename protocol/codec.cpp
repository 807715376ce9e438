// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/codec.hpp"

namespace berth::protocol {

namespace {

constexpr int max_depth = 64;

// Counts nesting before parsing, so that a hostile "[[[[…" can't exhaust the stack.
bool nests_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > max_depth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

Result<ErrorCode> error_code_of(const std::string& name) {
  ErrorCode code;
  if (!boost::describe::enum_from_string(name.c_str(), code))
    return failure(ErrorCode::internal, "unknown error code");
  return code;
}

Error decode_error(const Json& json) {
  Error error{ErrorCode::internal, "The other side reported an error without saying which.", {}, {}};
  if (!json.is_object()) return error;
  if (const auto message = json.find("message"); message != json.end() && message->is_string())
    error.message = message->get<std::string>();
  const auto data = json.find("data");
  if (data == json.end() || !data->is_object()) return error;
  for (const auto& [key, value] : data->items()) {
    if (!value.is_string()) continue;
    if (key == "code") {
      error.code = error_code_of(value.get<std::string>()).value_or(ErrorCode::internal);
    } else {
      error.data[key] = value.get<std::string>();
    }
  }
  return error;
}

}  // namespace

namespace detail {

Result<void> decode_operation(const Json& json, TextOperation& out, const std::string& path) {
  if (!json.is_array()) return wrong(path, "not an array");
  out = {};
  std::int64_t total = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto& run = json[i];
    const auto at = path + "[" + std::to_string(i) + "]";
    if (run.is_string()) {
      if (run.get_ref<const std::string&>().empty()) return wrong(at, "an empty insert");
      out.insert(run.get<std::string>());
      continue;
    }
    if (!run.is_number_integer()) return wrong(at, "not a whole number or a string");
    std::int64_t units = 0;
    if (auto done = decode(run, units, at); !done) return done;
    constexpr auto most = std::int64_t{1} << 40;
    if (units == 0 || units > most || units < -most || (total += std::abs(units)) > most)
      return wrong(at, "out of range");
    units > 0 ? out.retain(units) : out.remove(-units);
  }
  return {};
}

Json encode_operation(const TextOperation& operation) {
  Json array = Json::array();
  for (const auto& run : operation.runs())
    std::visit([&](const auto& value) { array.push_back(value); }, run);
  return array;
}

}  // namespace detail

Result<Json> parse_json(std::string_view text) {
  if (nests_too_deep(text)) return failure(ErrorCode::invalid_argument, "JSON nested deeper than 64 levels");
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return failure(ErrorCode::invalid_argument, "malformed JSON");
  return json;
}

std::string to_text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<Incoming> decode_incoming(const Json& json) {
  if (!json.is_object()) return failure(ErrorCode::invalid_argument, "message: not an object");
  if (const auto version = json.find("jsonrpc"); version == json.end() || *version != "2.0")
    return failure(ErrorCode::invalid_argument, "message.jsonrpc: not \"2.0\"");
  Incoming incoming;
  const auto method = json.find("method");
  if (method == json.end() || !method->is_string())
    return failure(ErrorCode::invalid_argument, "message.method: not a string");
  incoming.method = method->get<std::string>();
  if (const auto id = json.find("id"); id != json.end()) {
    if (!id->is_string() && !id->is_number_integer())
      return failure(ErrorCode::invalid_argument, "message.id: not a string or a whole number");
    incoming.id = *id;
  }
  const auto params = json.find("params");
  incoming.params = params == json.end() ? Json::object() : *params;
  return incoming;
}

Result<Reply> decode_reply(const Json& json) {
  if (!json.is_object()) return failure(ErrorCode::invalid_argument, "reply: not an object");
  const auto id = json.find("id");
  if (id == json.end() || !id->is_number_integer())
    return failure(ErrorCode::invalid_argument, "reply.id: not a whole number");
  if (const auto error = json.find("error"); error != json.end())
    return Reply{id->get<std::int64_t>(), std::unexpected(decode_error(*error))};
  const auto result = json.find("result");
  if (result == json.end()) return failure(ErrorCode::invalid_argument, "reply: neither result nor error");
  return Reply{id->get<std::int64_t>(), *result};
}

std::string request_text(std::int64_t id, std::string_view method, Json params) {
  return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
}

std::string notification_text(std::string_view method, Json params) {
  return to_text({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

std::string result_text(const Json& id, Json result) {
  return to_text({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
}

std::string error_text(const Json& id, const Error& error) {
  Json data = {{"code", to_string(error.code)}};
  for (const auto& [key, value] : error.data) data.emplace(key, value);
  return to_text(
      {{"jsonrpc", "2.0"},
       {"id", id},
       {"error", {{"code", json_rpc_number(error.code)}, {"message", error.message}, {"data", data}}}});
}

}  // namespace berth::protocol
