// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/scopes.hpp"

#include <algorithm>
#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

namespace berth::server {
namespace {

using protocol::rest::Scope;

std::string scope_name(Scope scope) { return boost::describe::enum_to_string(scope, ""); }

}  // namespace

bool permits(const Scopes& scopes, protocol::rest::NeededScope needed) {
  if (!needed) return false;
  if (scopes.contains(*needed)) return true;
  if (*needed == Scope::account_read) return scopes.contains(Scope::account_write);
  if (*needed == Scope::workspaces_read) return scopes.contains(Scope::workspaces_write);
  return false;
}

std::string scopes_text(const Scopes& scopes) {
  std::string text;
  for (const auto scope : scopes) text += (text.empty() ? "" : ",") + scope_name(scope);
  return text;
}

Scopes scopes_of(std::string_view text) {
  Scopes scopes;
  while (!text.empty()) {
    const auto name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(name.size() + 1, text.size()));
    Scope scope{};
    if (boost::describe::enum_from_string(std::string(name).c_str(), scope)) scopes.insert(scope);
  }
  return scopes;
}

Error scope_refusal(protocol::rest::NeededScope needed) {
  if (!needed)
    return {
        ErrorCode::permission_denied, "This can't be done with a personal access token; sign in.", {}, {}};
  Error error{ErrorCode::permission_denied, {}, {}, {}};
  error.data["scope"] = scope_name(*needed);
  error.message =
      "This personal access token lacks the scope " + error.data["scope"] + "; make one that has it.";
  return error;
}

}  // namespace berth::server
