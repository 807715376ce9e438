// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API's OpenAPI 3.1 document.
#include <sstream>

#include "protocol/schema.hpp"
#include "protocol/version.hpp"

namespace berth::protocol::schema {

namespace {

Json type_json(const Type& type) {
  switch (type.kind) {
    case Type::string:
      return {{"type", "string"}};
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::integer:
      return {{"type", "integer"}};
    case Type::number:
      return {{"type", "number"}};
    case Type::operation:
      return {{"type", "array"}, {"items", {{"type", {"integer", "string"}}}}};
    case Type::json:
      return Json::object();
    case Type::array:
      return {{"type", "array"}, {"items", type_json(*type.item)}};
    case Type::map:
      return {{"type", "object"}, {"additionalProperties", type_json(*type.item)}};
    case Type::named:
      return {{"$ref", "#/components/schemas/" + type.name}};
  }
  return Json::object();
}

Json definition_json(const Definition& definition) {
  if (definition.is_enum) return {{"type", "string"}, {"enum", definition.values}};
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& field : definition.fields) {
    properties[field.name] = type_json(field.type);
    if (!field.optional) required.push_back(field.name);
  }
  Json schema = {{"type", "object"}, {"properties", properties}};
  if (!required.empty()) schema["required"] = required;
  return schema;
}

Json parameter(const std::string& name, const char* in, bool required, const char* type) {
  return {{"name", name}, {"in", in}, {"required", required}, {"schema", {{"type", type}}}};
}

Json parameters_of(const Route& route) {
  Json out = Json::array();
  for (auto open = route.path.find('{'); open != route.path.npos; open = route.path.find('{', open + 1))
    out.push_back(parameter(route.path.substr(open + 1, route.path.find('}', open) - open - 1), "path", true,
                            "string"));
  if (!route.query.empty()) {
    std::istringstream names(route.query);
    for (std::string name; names >> name;) {
      const bool optional = name.ends_with('?');
      if (optional) name.pop_back();
      out.push_back(parameter(name, "query", !optional, name == "limit" ? "integer" : "string"));
    }
    return out;
  }
  if (route.path.ends_with("/files") || route.path.ends_with("/file"))
    out.push_back(parameter("path", "query", !route.path.ends_with("/files"), "string"));
  if (route.path.ends_with("/files")) {
    out.push_back(parameter("cursor", "query", false, "string"));
    out.push_back(parameter("limit", "query", false, "integer"));
  }
  return out;
}

Json content(const std::string& name, bool raw) {
  if (raw) return {{"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}};
  return {{"application/json", {{"schema", {{"$ref", "#/components/schemas/" + name}}}}}};
}

Json operation_json(const Route& route) {
  Json operation = {
      {"operationId", route.name}, {"summary", route.summary}, {"parameters", parameters_of(route)}};
  if (route.raw_body || route.body != "NoBody")
    operation["requestBody"] = {{"required", true}, {"content", content(route.body, route.raw_body)}};
  operation["responses"] = {
      {"200", {{"description", "Done."}, {"content", content(route.result, route.raw_result)}}},
      {"default", {{"description", "An error."}, {"content", content("Error", false)}}}};
  operation["security"] = route.access == "anyone"
                              ? Json::array()
                              : Json::array({{{"bearer", Json::array()}}, {{"cookie", Json::array()}}});
  return operation;
}

}  // namespace

Json openapi(const Protocol& protocol) {
  Json document = {{"openapi", "3.1.0"},
                   {"info",
                    {{"title", "Berth"},
                     {"version", std::string(release)},
                     {"description",
                      "Accounts, workspaces and their files. Everything live (terminals, documents) goes "
                      "over the WebSocket "
                      "GET /api/v1/workspaces/{id}/connect; see protocol/README.md."},
                     {"license", {{"name", "GPL-3.0-or-later"}, {"identifier", "GPL-3.0-or-later"}}}}},
                   {"paths", Json::object()}};
  document["components"]["securitySchemes"] = {
      {"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}},
      {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "berth_access"}}}};
  auto& schemas = document["components"]["schemas"];
  for (const auto& definition : protocol.definitions) schemas[definition.name] = definition_json(definition);
  for (const auto& route : protocol.routes) {
    std::string verb = route.method;
    for (auto& c : verb) c = static_cast<char>(c | 0x20);
    document["paths"][route.path][verb] = operation_json(route);
  }
  return document;
}

}  // namespace berth::protocol::schema
