// SPDX-License-Identifier: GPL-3.0-or-later
// The table of role × message, decided here once more by hand, and tried at a real runner through a real
// server.
#include <boost/mp11/algorithm.hpp>
#include <map>

#include "protocol/messages.hpp"
#include "protocol/sync_messages.hpp"
#include "shared_workspace.hpp"

namespace berth::test {
namespace {

using protocol::Json;
using protocol::Role;

/// A new message is a line here.
const std::map<std::string, Role> needed_role = {
    {"session/hello", Role::viewer},       {"session/ping", Role::viewer},
    {"terminal/list", Role::viewer},       {"terminal/open", Role::editor},
    {"terminal/attach", Role::viewer},     {"terminal/detach", Role::viewer},
    {"terminal/resize", Role::editor},     {"terminal/lead", Role::editor},
    {"terminal/rename", Role::editor},     {"terminal/close", Role::editor},
    {"file/list", Role::viewer},           {"file/stat", Role::viewer},
    {"file/read", Role::viewer},           {"file/write", Role::editor},
    {"file/commit", Role::editor},         {"file/create_directory", Role::editor},
    {"file/rename", Role::editor},         {"file/copy", Role::editor},
    {"file/delete", Role::editor},         {"file/undelete", Role::editor},
    {"file/watch", Role::viewer},          {"file/unwatch", Role::viewer},
    {"document/open", Role::viewer},       {"document/page", Role::viewer},
    {"document/edit", Role::editor},       {"document/save", Role::editor},
    {"document/convert", Role::editor},    {"document/close", Role::viewer},
    {"presence/list", Role::viewer},       {"presence/set", Role::viewer},
    {"port/list", Role::viewer},           {"port/tunnel", Role::editor},
    {"control/activity", Role::server},    {"control/notice", Role::server},
    {"control/flush", Role::server},       {"sync/state", Role::server},
    {"sync/wait", Role::server},           {"sync/snapshot", Role::server},
    {"sync/objects", Role::server},        {"sync/stored", Role::server},
    {"sync/problem", Role::server},        {"restore/begin", Role::server},
    {"restore/entries", Role::server},     {"restore/objects", Role::server},
    {"restore/write", Role::server},       {"restore/end", Role::server},
    {"import/begin", Role::server},        {"search/text", Role::viewer},
    {"search/cancel", Role::viewer},       {"search/replace", Role::editor},
    {"search/undo_replace", Role::editor},
};

std::vector<std::string> every_request() {
  std::vector<std::string> all;
  using Messages = boost::mp11::mp_append<protocol::Requests, protocol::SyncRequests>;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, Messages>>(
      [&]<class R>(boost::mp11::mp_identity<R>) { all.emplace_back(R::method); });
  return all;
}

class RoleMessages : public SharedWorkspaceTest {};

TEST_F(RoleMessages, EveryMessageIsInTheTable) {
  const auto all = every_request();
  for (const auto& method : all)
    EXPECT_TRUE(needed_role.contains(method)) << method << ": decide here who may say it";
  EXPECT_EQ(all.size(), needed_role.size()) << "the table names a message that there is not";
}

TEST_F(RoleMessages, TheRunnerRefusesWhatTheRoleDoesNotAllow) {
  const std::pair<Role, const Person*> people[] = {
      {Role::viewer, &viewer()}, {Role::editor, &editor()}, {Role::owner, &owner()}};
  for (const auto& [role, person] : people) {
    auto window = connect(*person, workspace());
    hello(window);
    for (const auto& method : every_request()) {
      if (method == "session/hello" || !needed_role.contains(method)) continue;
      const auto code = error_code(window, method, Json::object());
      if (role < needed_role.at(method))
        EXPECT_EQ(code, "permission_denied") << method << " as " << static_cast<int>(role);
      else
        EXPECT_NE(code, "permission_denied") << method << " as " << static_cast<int>(role);
    }
  }
}

TEST_F(RoleMessages, AViewersKeysGoNowhere) {
  auto writer = connect(editor(), workspace());
  hello(writer);
  const auto opened =
      call(writer, "terminal/open", {{"columns", 80}, {"rows", 24}, {"cwd", "project"}, {"command", "sh"}});
  const std::string terminal = opened.at("terminal").at("terminal");
  auto watcher = connect(viewer(), workspace());
  hello(watcher);
  EXPECT_EQ(error_code(watcher, "document/open", {{"path", "project/keys.txt"}, {"create", true}}),
            "permission_denied");
  const Json view{{"terminal", terminal}, {"credit", 1 << 20}};
  send_keys(watcher, call(watcher, "terminal/attach", view).at("channel"), "touch typed-by-viewer\n");
  send_keys(writer, call(writer, "terminal/attach", view).at("channel"), "touch typed-by-editor\n");
  EXPECT_TRUE(eventually([] { return has_file("project/typed-by-editor"); }));
  EXPECT_FALSE(has_file("project/typed-by-viewer"));
}

}  // namespace
}  // namespace berth::test
