// SPDX-License-Identifier: GPL-3.0-or-later
// The REST API's OpenAPI 3.1 document.
#include <algorithm>
#include <array>
#include <sstream>

#include "protocol/schema.hpp"
#include "protocol/schema_examples.hpp"
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

Json content(const std::string& name, bool raw, const Examples& examples) {
  if (raw) return {{"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}};
  return {{"application/json",
           {{"schema", {{"$ref", "#/components/schemas/" + name}}}, {"example", examples.of(name)}}}};
}

/// What any route may answer, by the status that http_status() gives the codes.
struct Refusal {
  const char* status;
  const char* name;  // among the components
  const char* text;
  ErrorCode code;
  const char* message;
};
constexpr std::array<Refusal, 12> refusals{{
    {"400", "InvalidArgument", "invalid_argument: a field is wrong; the message names it.",
     ErrorCode::invalid_argument, "body.name: must be 1 to 80 characters on one line"},
    {"401", "Unauthenticated", "unauthenticated: no credential, or none that is good any more.",
     ErrorCode::unauthenticated, "Sign in first."},
    {"403", "PermissionDenied", "permission_denied: a credential that does not allow this.",
     ErrorCode::permission_denied, "Only an administrator may do this."},
    {"404", "NotFound", "not_found: there is none, or none that this account may know of.",
     ErrorCode::not_found, "There is no such workspace."},
    {"409", "AlreadyExists", "already_exists: there is one already.", ErrorCode::already_exists,
     "There is an account with this e-mail address already."},
    {"412", "Conflict", "conflict: what is there now, or its ETag, does not allow it.", ErrorCode::conflict,
     "The workspace is running. Stop it first."},
    {"413", "TooLarge", "too_large: a size limit; `data` names it.", ErrorCode::too_large,
     "The request's body is too long."},
    {"415", "Unsupported", "unsupported: understood, but not what this file, host or version can do.",
     ErrorCode::unsupported, "Files of this kind can't be shown."},
    {"429", "LimitExceeded",
     "limit_exceeded: a quota, or too many requests or attempts; then Retry-After says in how many seconds.",
     ErrorCode::limit_exceeded, "Too many requests; try again in 2 s."},
    {"500", "Internal", "internal: the server made a mistake; its log says more.", ErrorCode::internal,
     "The server made a mistake; its log says more."},
    {"503", "Unavailable", "unavailable: not now; a retry may work.", ErrorCode::unavailable,
     "The workspace is starting or stopping. Try again in a moment."},
    {"504", "Timeout", "timeout: what was asked did not answer in time; it may have been done.",
     ErrorCode::timeout, "The workspace does not answer. Try again."},
}};

Json header_json(const char* description, const char* type) {
  return {{"description", description}, {"schema", {{"type", type}}}};
}

Json rate_headers() {
  Json headers = Json::object();
  for (const char* name : {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"})
    headers[name] = {{"$ref", std::string("#/components/headers/") + name}};
  return headers;
}

Json refusal_json(const Refusal& refusal) {
  auto headers = rate_headers();
  if (refusal.code == ErrorCode::limit_exceeded)
    headers["Retry-After"] = {{"$ref", "#/components/headers/Retry-After"}};
  return {{"description", refusal.text},
          {"headers", headers},
          {"content",
           {{"application/json",
             {{"schema", {{"$ref", "#/components/schemas/Error"}}},
              {"example",
               {{"error",
                 {{"code", to_string(refusal.code)},
                  {"message", refusal.message},
                  {"data", Json::object()}}}}}}}}}};
}

bool may_answer(const Route& route, const Refusal& refusal) {
  const std::string_view status = refusal.status;
  const bool changes = route.method != "GET";
  if (status == "401") return route.access != "anyone" || route.path.find("/auth/") != route.path.npos;
  if (status == "409" || status == "415") return changes;
  if (status == "413") return route.raw_body || route.body != "NoBody";
  return true;
}

/// "/api/v1/workspaces/{id}/file" → "workspaces"; what is in no group is the server's.
std::string group_of(const Route& route) {
  constexpr std::string_view base = "/api/v1/";
  auto first = route.path.substr(base.size(), route.path.find('/', base.size()) - base.size());
  for (const char* group : {"auth", "me", "workspaces", "admin", "teams", "public"})
    if (first == group) return first;
  return "server";
}

/// What changes something that a GET of the same address shows.
bool is_guarded(const Route& route, const std::vector<Route>& all) {
  if (route.method == "GET" || route.method == "POST") return false;
  return std::ranges::any_of(
      all, [&](const Route& other) { return other.method == "GET" && other.path == route.path; });
}

Json operation_json(const Route& route, bool guarded, const Examples& examples) {
  Json operation = {{"operationId", route.name},
                    {"summary", route.summary},
                    {"tags", Json::array({group_of(route)})},
                    {"parameters", parameters_of(route)}};
  if (route.takes_key)
    operation["parameters"].push_back({{"$ref", "#/components/parameters/Idempotency-Key"}});
  if (guarded) operation["parameters"].push_back({{"$ref", "#/components/parameters/If-Match"}});
  if (route.raw_body || route.body != "NoBody")
    operation["requestBody"] = {{"required", true},
                                {"content", content(route.body, route.raw_body, examples)}};
  auto headers = rate_headers();
  if (route.method == "GET") {
    headers["ETag"] = {{"$ref", "#/components/headers/ETag"}};
    operation["parameters"].push_back({{"$ref", "#/components/parameters/If-None-Match"}});
    operation["responses"]["304"] = {{"description", "What If-None-Match names is still what there is."}};
  }
  operation["responses"]["200"] = {{"description", "Done."},
                                   {"headers", headers},
                                   {"content", content(route.result, route.raw_result, examples)}};
  for (const auto& refusal : refusals)
    if (may_answer(route, refusal))
      operation["responses"][refusal.status] = {
          {"$ref", std::string("#/components/responses/") + refusal.name}};
  operation["security"] = route.access == "anyone"
                              ? Json::array()
                              : Json::array({{{"bearer", Json::array()}}, {{"cookie", Json::array()}}});
  // OpenAPI knows scopes of OAuth only.
  if (route.access != "anyone")
    operation["x-token-scope"] = route.scope.empty() ? Json(nullptr) : Json(route.scope);
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
      {"bearer",
       {{"type", "http"},
        {"scheme", "bearer"},
        {"bearerFormat", "JWT"},
        {"description",
         "The access token of a sign-in, or a personal access token (`berth_pat_…`), which must have the "
         "operation's `x-token-scope`; where that is null, no such token will do."}}},
      {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "berth_access"}}}};
  document["components"]["headers"] = {
      {"RateLimit-Limit", header_json("Requests that this caller may make a minute.", "integer")},
      {"RateLimit-Remaining", header_json("Of these, how many may still come at once.", "integer")},
      {"RateLimit-Reset", header_json("Seconds until all of them may come at once again.", "integer")},
      {"Retry-After", header_json("Seconds until the next request is taken.", "integer")},
      {"ETag", header_json("Names what is answered; the same name, the same bytes.", "string")}};
  document["components"]["parameters"]["Idempotency-Key"] = {
      {"name", "Idempotency-Key"},
      {"in", "header"},
      {"required", false},
      {"description",
       "A name of the caller's for this request: sent again within a day it is answered as the first time, "
       "and not done twice. conflict where nobody knows whether it was done."},
      {"schema", {{"type", "string"}}}};
  document["components"]["parameters"]["If-Match"] = {
      {"name", "If-Match"},
      {"in", "header"},
      {"required", false},
      {"description",
       "The ETag that a GET of this address gave: conflict, and nothing is changed, where it has another one "
       "by now."},
      {"schema", {{"type", "string"}}}};
  document["components"]["parameters"]["If-None-Match"] = {
      {"name", "If-None-Match"}, {"in", "header"}, {"required", false}, {"schema", {{"type", "string"}}}};
  for (const auto& refusal : refusals)
    document["components"]["responses"][refusal.name] = refusal_json(refusal);
  const Examples examples(protocol.definitions);
  auto& schemas = document["components"]["schemas"];
  for (const auto& definition : protocol.definitions) schemas[definition.name] = definition_json(definition);
  for (const auto& route : protocol.routes) {
    std::string verb = route.method;
    for (auto& c : verb) c = static_cast<char>(c | 0x20);
    document["paths"][route.path][verb] = operation_json(route, is_guarded(route, protocol.routes), examples);
  }
  return document;
}

}  // namespace berth::protocol::schema
