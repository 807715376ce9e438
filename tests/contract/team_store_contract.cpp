// SPDX-License-Identifier: GPL-3.0-or-later
// What every TeamStore, TeamMemberStore, TeamInvitationStore and TeamTemplateStore must do, and what a team
// is to the other stores.
#include "server/team_store.hpp"

#include "server/administration_store.hpp"
#include "server/identity_store.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::Role;
using protocol::rest::WorkspaceState;
using Ids = std::vector<std::string>;

class TeamStoreContract : public testing::StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    for (const auto* id : {"ann", "bob", "eve"})
      ASSERT_TRUE(store_->accounts().insert({.id = id,
                                             .email = std::string(id) + "@example.org",
                                             .name = std::string("Name of ") + id,
                                             .password_hash = "hash",
                                             .administrator = false,
                                             .created = 5},
                                            0));
    ASSERT_TRUE(teams().create("t1", "First", "ann", 10, 5));
    make("w1", "t1");
    make("w2", "t1");
    make("w3", "ann");
  }
  void make(const std::string& id, const std::string& account) {
    ASSERT_TRUE(store_->workspaces().insert({.id = id,
                                             .account = account,
                                             .name = "Name of " + id,
                                             .template_id = "python",
                                             .state = WorkspaceState::stopped,
                                             .reason = {},
                                             .created = 7,
                                             .last_used = 8,
                                             .started = {}},
                                            100));
  }
  void add_version(const std::string& id, const std::string& workspace, const std::string& name,
                   std::int64_t created) {
    const auto root = protocol::ObjectId::of(id);
    const std::string owner = store_->workspaces().find(workspace)->account;
    put_object(owner, root);
    ASSERT_TRUE(store_->versions().insert({.id = id,
                                           .workspace = workspace,
                                           .owner = owner,
                                           .root = root,
                                           .created = created,
                                           .name = name,
                                           .author = {},
                                           .restored_from = {}}));
  }
  void put_object(const std::string& owner, const protocol::ObjectId& root) {
    NewPack pack{.name = root.hex(), .size = 10, .objects = {}};
    pack.objects.push_back({.id = root, .offset = 0, .length = 5, .size = 5, .refers = true});
    ASSERT_TRUE(store_->objects().insert(owner, {pack}, 10, 0));
  }
  static TeamInvitationRecord waiting(const std::string& id, const std::string& email,
                                      Role role = Role::editor, std::int64_t expires = 1000) {
    return {.id = id,
            .team = "t1",
            .email = email,
            .role = role,
            .secret = "secret of " + id,
            .invited_by = "ann",
            .created = 10,
            .expires = expires};
  }
  static TeamTemplateRecord offered(const std::string& workspace, const std::string& name,
                                    std::optional<std::string> version = {}) {
    return {.workspace = workspace,
            .team = "t1",
            .name = name,
            .description = "What " + name + " is",
            .template_id = {},
            .version = std::move(version),
            .changed = 50};
  }
  std::optional<Role> role(const std::string& account, const std::string& workspace = "w1") {
    const auto found = store_->members().role_of(workspace, account);
    EXPECT_TRUE(found);
    return found.value_or(std::nullopt);
  }
  std::optional<Role> in_team(const std::string& account) {
    const auto found = members().role_of("t1", account);
    EXPECT_TRUE(found);
    return found.value_or(std::nullopt);
  }
  Ids listed(const std::string& account) {
    Ids ids;
    const auto all = store_->workspaces().visible({.account = account}, 100);
    EXPECT_TRUE(all);
    if (all)
      for (const auto& one : *all) ids.push_back(one.id);
    return ids;
  }
  TeamStore& teams() { return store_->teams(); }
  TeamMemberStore& members() { return store_->team_members(); }
  TeamInvitationStore& invitations() { return store_->team_invitations(); }
  TeamTemplateStore& templates() { return store_->team_templates(); }
};

TEST_P(TeamStoreContract, ATeamIsOfItsMembers) {
  const auto seen = teams().find("t1", "ann");
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->name, "First");
  EXPECT_EQ(seen->role, Role::owner);
  EXPECT_EQ(seen->created, 10);
  EXPECT_EQ(seen->members, 1);
  EXPECT_FALSE(seen->disabled);
  EXPECT_EQ(code(teams().find("t1", "bob")), ErrorCode::not_found);
  EXPECT_EQ(code(teams().find("ann", "ann")), ErrorCode::not_found) << "a person is no team";
  EXPECT_EQ(code(teams().create("t2", "Second", "ann", 11, 1)), ErrorCode::limit_exceeded);
  EXPECT_EQ(code(teams().create("t2", "Second", "ann", 11, 0)), ErrorCode::limit_exceeded);
  EXPECT_EQ(code(teams().create("t2", "Second", "nobody", 11, 5)), ErrorCode::not_found);
  EXPECT_EQ(code(store_->accounts().by_id("t2")), ErrorCode::not_found) << "nothing of it stays";
  EXPECT_EQ(code(teams().create("t2", "Second", "t1", 11, 5)), ErrorCode::not_found) << "a team owns no team";
  ASSERT_TRUE(teams().create("t2", "Another", "ann", 11, 2));
  ASSERT_TRUE(members().add("t1", "bob", Role::viewer, 20, 10));
  ASSERT_TRUE(teams().create("t3", "Bob's", "bob", 12, 1)) << "teams of others don't count";
  Ids names;
  for (const auto& one : *teams().list_of("ann")) names.push_back(one.name);
  EXPECT_EQ(names, (Ids{"Another", "First"}));
  EXPECT_EQ(teams().list_of("bob")->size(), 2u);
  EXPECT_TRUE(teams().list_of("eve")->empty());
  ASSERT_TRUE(teams().rename("t1", "Renamed"));
  EXPECT_EQ(teams().find("t1", "bob")->name, "Renamed");
  EXPECT_EQ(code(teams().rename("ann", "x")), ErrorCode::not_found);
  EXPECT_EQ(teams().figures("t1")->workspaces, 2);
  EXPECT_EQ(teams().figures("t1")->running, 0);
  EXPECT_EQ(teams().figures("nothing")->workspaces, 0);
}

TEST_P(TeamStoreContract, ATeamWithWorkspacesStays) {
  EXPECT_EQ(code(teams().remove("t1")), ErrorCode::conflict);
  EXPECT_EQ(code(teams().remove("ann")), ErrorCode::not_found) << "a person is not deleted as a team";
  EXPECT_TRUE(store_->accounts().by_id("ann"));
  ASSERT_TRUE(invitations().insert(waiting("i1", "bob@example.org"), 10));
  ASSERT_TRUE(store_->workspaces().remove("w1"));
  ASSERT_TRUE(store_->workspaces().remove("w2"));
  ASSERT_TRUE(teams().remove("t1"));
  EXPECT_EQ(code(teams().remove("t1")), ErrorCode::not_found);
  EXPECT_TRUE(teams().list_of("ann")->empty());
  EXPECT_TRUE(members().list("t1")->empty());
  EXPECT_EQ(code(invitations().find("i1")), ErrorCode::not_found);
}

TEST_P(TeamStoreContract, NobodyIsATeam) {
  const auto team = store_->accounts().by_id("t1");
  ASSERT_TRUE(team);
  EXPECT_TRUE(team->team);
  EXPECT_FALSE(store_->accounts().by_id("ann")->team);
  EXPECT_EQ(team->email.find('@'), team->email.npos) << "no address that anybody could have";
  EXPECT_EQ(code(store_->accounts().by_email(team->email)), ErrorCode::not_found);
  EXPECT_EQ(code(store_->accounts().update_profile("t1", {.name = "x", .email = "t1@example.org"})),
            ErrorCode::not_found);
  EXPECT_FALSE(store_->accounts().change_password("t1", {.before = "", .after = "hash"}));
  EXPECT_EQ(code(store_->identities().verify_email("t1", team->email)), ErrorCode::not_found);
  EXPECT_EQ(code(store_->identities().reset_password("t1", team->email, "hash", true)), ErrorCode::not_found);
  EXPECT_EQ(code(store_->identities().insert(
                {.id = "id", .account = "t1", .issuer = "i", .subject = "s", .email = "", .linked = 1})),
            ErrorCode::not_found);
  EXPECT_EQ(code(store_->sign_ins().insert(
                {.id = "s1", .account = "t1", .salt = "salt", .created = 1, .expires = 1000, .client = ""})),
            ErrorCode::permission_denied);
  EXPECT_EQ(code(store_->tokens().insert(
                {.id = "k", .account = "t1", .name = "n", .hash = "h", .scopes = "admin", .created = 1}, 5)),
            ErrorCode::permission_denied);
  EXPECT_EQ(code(store_->administration().change("t1", {.disabled = {}, .administrator = true, .quota = {}})),
            ErrorCode::invalid_argument);
  EXPECT_FALSE(*store_->accounts().has_administrator());
  EXPECT_TRUE(store_->accounts().insert({.id = "carl",
                                         .email = "carl@example.org",
                                         .name = "Carl",
                                         .password_hash = "hash",
                                         .administrator = false,
                                         .created = 5},
                                        4))
      << "teams are no accounts that a server may have so many of";
  EXPECT_EQ(store_->administration().totals()->accounts, 4);
  EXPECT_EQ(code(store_->members().add("w3", "t1", Role::viewer, 1, 10)), ErrorCode::not_found);
  EXPECT_EQ(code(members().add("t1", "t1", Role::viewer, 1, 10)), ErrorCode::not_found);
}

TEST_P(TeamStoreContract, ARoleInTheTeamIsOneInEachOfItsWorkspaces) {
  for (const auto* workspace : {"w1", "w2"}) EXPECT_EQ(role("ann", workspace), Role::owner);
  EXPECT_EQ(role("bob"), std::nullopt);
  EXPECT_TRUE(listed("bob").empty());
  ASSERT_TRUE(members().add("t1", "bob", Role::viewer, 20, 10));
  EXPECT_EQ(role("bob"), Role::viewer);
  EXPECT_EQ(role("bob", "w3"), std::nullopt) << "of the team's alone";
  EXPECT_EQ(listed("bob"), (Ids{"w1", "w2"}));
  EXPECT_EQ(listed("ann"), (Ids{"w1", "w2", "w3"}));
  // The higher of both.
  ASSERT_TRUE(store_->members().add("w1", "bob", Role::editor, 30, 10));
  EXPECT_EQ(role("bob"), Role::editor);
  EXPECT_EQ(role("bob", "w2"), Role::viewer);
  EXPECT_EQ(listed("bob"), (Ids{"w1", "w2"})) << "each once";
  const auto described = store_->members().describe({"w1", "w2", "w3"}, "bob", 50);
  ASSERT_TRUE(described);
  ASSERT_EQ(described->size(), 2u);
  EXPECT_EQ((*described)[0].role, Role::editor);
  EXPECT_EQ((*described)[1].role, Role::viewer);
  EXPECT_EQ((*described)[0].owner, "t1");
  EXPECT_EQ((*described)[0].owner_name, "First");
  EXPECT_EQ((*described)[0].owner_email, "");
  EXPECT_TRUE((*described)[0].owner_is_team);
  EXPECT_FALSE((*store_->members().describe({"w3"}, "ann", 50))[0].owner_is_team);
  ASSERT_FALSE(members().change("t1", "bob", Role::owner, "changed")->empty());
  EXPECT_EQ(role("bob"), Role::owner) << "a lower one beside takes nothing";
  const auto people = store_->members().list("w1");
  ASSERT_EQ(people->size(), 2u);
  EXPECT_EQ((*people)[0].account, "t1");
  EXPECT_EQ((*people)[0].role, Role::owner);
  EXPECT_EQ((*people)[0].email, "");
  ASSERT_FALSE(members().remove("t1", "bob", "out")->empty());
  EXPECT_EQ(role("bob"), Role::editor) << "who was in a workspace beside stays there";
  EXPECT_EQ(role("bob", "w2"), std::nullopt);
  EXPECT_EQ(listed("bob"), Ids{"w1"});
}

TEST_P(TeamStoreContract, AnInvitationIntoAWorkspaceGivesWhoIsInItsTeamOnlyWhatIsMore) {
  ASSERT_TRUE(members().add("t1", "bob", Role::viewer, 20, 10));
  const auto invite = [&](const std::string& id, Role role) {
    return store_->invitations().insert({.id = id,
                                         .workspace = "w1",
                                         .email = {},
                                         .role = role,
                                         .secret = "secret",
                                         .invited_by = "ann",
                                         .created = 10,
                                         .expires = {}},
                                        10);
  };
  ASSERT_TRUE(invite("l1", Role::viewer));
  ASSERT_TRUE(invite("l2", Role::editor));
  const auto open = [&](const std::string& id, const std::string& who) {
    return store_->invitations().accept(id, "secret", who, 50, 10, "r");
  };
  EXPECT_FALSE(*open("l1", "bob"));
  EXPECT_FALSE(*open("l2", "ann"));
  EXPECT_EQ(store_->members().list("w1")->size(), 1u) << "no place that outlasts the team's";
  EXPECT_TRUE(*open("l2", "bob"));
  EXPECT_EQ(role("bob"), Role::editor);
  EXPECT_EQ(store_->members().list("w1")->size(), 2u);
  EXPECT_EQ(store_->invitations().find("l2")->uses, 1);
  EXPECT_EQ(store_->invitations().find("l1")->uses, 0);
}

TEST_P(TeamStoreContract, ADisabledTeamGivesNoRole) {
  ASSERT_TRUE(members().add("t1", "bob", Role::editor, 20, 10));
  ASSERT_TRUE(store_->administration().change("t1", {.disabled = true, .administrator = {}, .quota = {}}));
  EXPECT_EQ(role("ann"), std::nullopt);
  EXPECT_EQ(role("bob"), std::nullopt);
  EXPECT_EQ(listed("ann"), Ids{"w3"});
  EXPECT_TRUE(store_->members().describe({"w1"}, "ann", 50)->empty());
  EXPECT_TRUE(teams().find("t1", "bob")->disabled) << "and is seen to be";
  EXPECT_EQ(in_team("ann"), Role::owner);
  ASSERT_TRUE(store_->administration().change("t1", {.disabled = false, .administrator = {}, .quota = {}}));
  EXPECT_EQ(role("bob"), Role::editor);
}

TEST_P(TeamStoreContract, MembersComeChangeAndGo) {
  ASSERT_TRUE(members().add("t1", "bob", Role::viewer, 20, 10));
  EXPECT_EQ(code(members().add("t1", "bob", Role::editor, 21, 10)), ErrorCode::already_exists);
  EXPECT_EQ(code(members().add("t1", "nobody", Role::editor, 21, 10)), ErrorCode::not_found);
  EXPECT_EQ(code(members().add("ann", "bob", Role::editor, 21, 10)), ErrorCode::not_found);
  EXPECT_EQ(code(members().add("t1", "eve", Role::editor, 21, 2)), ErrorCode::limit_exceeded);
  EXPECT_TRUE(members().change("t1", "bob", Role::viewer, "r")->empty()) << "it is that already";
  EXPECT_EQ(*members().change("t1", "bob", Role::editor, "r"), (Ids{"w1", "w2"}));
  EXPECT_EQ(code(members().change("t1", "eve", Role::editor, "r")), ErrorCode::not_found);
  ASSERT_TRUE(members().add("t1", "eve", Role::owner, 30, 10));
  const auto all = members().list("t1");
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].account, "ann");
  EXPECT_EQ((*all)[1].account, "eve") << "owners first";
  EXPECT_EQ((*all)[2].account, "bob");
  EXPECT_EQ((*all)[2].email, "bob@example.org");
  EXPECT_EQ((*all)[2].since, 20);
  EXPECT_EQ(*members().remove("t1", "bob", "r"), (Ids{"w1", "w2"}));
  EXPECT_EQ(code(members().remove("t1", "bob", "r")), ErrorCode::not_found);
}

TEST_P(TeamStoreContract, TheLastOwnerStays) {
  EXPECT_EQ(code(members().change("t1", "ann", Role::editor, "r")), ErrorCode::conflict);
  EXPECT_EQ(code(members().remove("t1", "ann", "r")), ErrorCode::conflict);
  EXPECT_EQ(in_team("ann"), Role::owner);
  ASSERT_TRUE(members().add("t1", "bob", Role::owner, 20, 10));
  ASSERT_TRUE(store_->administration().change("bob", {.disabled = true, .administrator = {}, .quota = {}}));
  EXPECT_EQ(code(members().remove("t1", "ann", "r")), ErrorCode::conflict)
      << "an owner who is disabled looks after nothing";
  ASSERT_TRUE(store_->administration().change("bob", {.disabled = false, .administrator = {}, .quota = {}}));
  EXPECT_TRUE(members().change("t1", "ann", Role::viewer, "r"));
  EXPECT_EQ(code(members().remove("t1", "bob", "r")), ErrorCode::conflict);
}

TEST_P(TeamStoreContract, AnInvitationToATeamIsGoodOnceAndUntilItExpires) {
  ASSERT_TRUE(invitations().insert(waiting("i1", "bob@example.org"), 10));
  EXPECT_EQ(code(invitations().accept("i1", "wrong", "bob", 50, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(code(invitations().accept("i0", "secret of i1", "bob", 50, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(code(invitations().accept("i1", "secret of i1", "bob", 1000, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(code(invitations().accept("i1", "secret of i1", "bob", 50, 1, "r")), ErrorCode::limit_exceeded);
  EXPECT_EQ(code(invitations().accept("i1", "secret of i1", "t1", 50, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(in_team("bob"), std::nullopt);
  EXPECT_EQ(*invitations().accept("i1", "secret of i1", "bob", 50, 10, "r"), (Ids{"w1", "w2"}));
  EXPECT_EQ(in_team("bob"), Role::editor);
  EXPECT_EQ(code(invitations().accept("i1", "secret of i1", "eve", 50, 10, "r")), ErrorCode::not_found);
  ASSERT_TRUE(invitations().insert(waiting("i2", "bob@example.org", Role::viewer), 10));
  EXPECT_TRUE(invitations().accept("i2", "secret of i2", "bob", 50, 10, "r")->empty());
  EXPECT_EQ(in_team("bob"), Role::editor) << "never lowered";
  ASSERT_TRUE(invitations().insert(waiting("i3", "bob@example.org", Role::owner), 10));
  EXPECT_EQ(invitations().accept("i3", "secret of i3", "bob", 50, 10, "r")->size(), 2u);
  EXPECT_EQ(in_team("bob"), Role::owner);
}

TEST_P(TeamStoreContract, InvitationsToATeamAreFewAndTheNewestOfAnAddressHolds) {
  ASSERT_TRUE(invitations().insert(waiting("i1", "bob@example.org"), 2));
  ASSERT_TRUE(invitations().insert(waiting("i2", "bob@example.org", Role::viewer), 2));
  EXPECT_EQ(code(invitations().find("i1")), ErrorCode::not_found);
  ASSERT_TRUE(invitations().insert(waiting("i3", "eve@example.org"), 2));
  EXPECT_EQ(code(invitations().insert(waiting("i4", "x@example.org"), 2)), ErrorCode::limit_exceeded);
  EXPECT_EQ(invitations().list("t1", 50)->size(), 2u);
  EXPECT_TRUE(invitations().list("t1", 1000)->empty());
  EXPECT_EQ(code(invitations().remove("t2", "i3")), ErrorCode::not_found);
  EXPECT_TRUE(invitations().remove("t1", "i3"));
  EXPECT_EQ(code(invitations().remove("t1", "i3")), ErrorCode::not_found);
  auto lost = waiting("i5", "x@example.org");
  lost.team = "ann";
  EXPECT_EQ(code(invitations().insert(lost, 2)), ErrorCode::not_found);
  EXPECT_TRUE(invitations().accept_all("", "bob", 50, 10, "r")->empty());
  EXPECT_TRUE(invitations().accept_all("bob@example.org", "bob", 1000, 10, "r")->empty()) << "expired";
  EXPECT_TRUE(invitations().accept_all("bob@example.org", "bob", 50, 1, "r")->empty()) << "no room: it waits";
  EXPECT_EQ(in_team("bob"), std::nullopt);
  EXPECT_EQ(invitations().accept_all("bob@example.org", "bob", 50, 10, "r")->size(), 2u);
  EXPECT_EQ(in_team("bob"), Role::viewer);
  EXPECT_TRUE(invitations().accept_all("bob@example.org", "bob", 50, 10, "r")->empty());
}

TEST_P(TeamStoreContract, ATemplateIsAWorkspaceOfTheTeamForAsLongAsItIs) {
  EXPECT_EQ(code(templates().put(offered("w3", "Ann's"), 10)), ErrorCode::not_found);
  EXPECT_EQ(code(templates().put(offered("w1", "Start", "v1"), 10)), ErrorCode::invalid_argument);
  add_version("v1", "w1", "", 100);
  EXPECT_EQ(code(templates().put(offered("w1", "Start", "v1"), 10)), ErrorCode::invalid_argument)
      << "one without a name may go";
  ASSERT_TRUE(store_->versions().rename("w1", "v1", "Kept"));
  EXPECT_EQ(code(templates().put(offered("w2", "Start", "v1"), 10)), ErrorCode::invalid_argument)
      << "a version of another workspace";
  const auto made = templates().put(offered("w1", "Start", "v1"), 1);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->template_id, "python");
  EXPECT_EQ(made->version, "v1");
  EXPECT_EQ(made->changed, 50);
  EXPECT_EQ(code(templates().put(offered("w2", "Other"), 1)), ErrorCode::limit_exceeded);
  ASSERT_TRUE(templates().put(offered("w1", "Renamed"), 1)) << "itself does not count";
  ASSERT_TRUE(templates().put(offered("w2", "Other"), 2));
  const auto all = templates().list("t1");
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].name, "Other");
  EXPECT_EQ((*all)[1].name, "Renamed");
  EXPECT_EQ((*all)[1].version, std::nullopt);
  EXPECT_TRUE((*store_->members().describe({"w1"}, "ann", 50))[0].team_template);
  EXPECT_FALSE((*store_->members().describe({"w3"}, "ann", 50))[0].team_template);
  EXPECT_EQ((*templates().find("w2"))->description, "What Other is");
  EXPECT_FALSE(templates().find("w3")->has_value());
  EXPECT_EQ(code(templates().remove("t2", "w2")), ErrorCode::not_found);
  EXPECT_TRUE(templates().remove("t1", "w2"));
  EXPECT_EQ(code(templates().remove("t1", "w2")), ErrorCode::not_found);
  ASSERT_TRUE(store_->workspaces().remove("w1"));
  EXPECT_TRUE(templates().list("t1")->empty());
}

TEST_P(TeamStoreContract, WorkspacesComeIntoATeamAndLeaveIt) {
  ASSERT_TRUE(members().add("t1", "bob", Role::viewer, 20, 10));
  const auto give = [&](const std::string& workspace, const std::string& from, const std::string& to,
                        const std::string& by, std::int64_t most = 10) {
    return store_->members().transfer({workspace, from, to, by}, 60, most, "handed over");
  };
  make("w4", "bob");
  EXPECT_EQ(code(give("w4", "bob", "t1", "bob")), ErrorCode::not_found) << "a viewer brings nothing in";
  EXPECT_TRUE(give("w4", "bob", "t1", "ann")) << "who may is asked for by the caller";
  EXPECT_EQ(store_->workspaces().find("w4")->account, "t1");
  EXPECT_EQ(store_->members().list("w4")->size(), 1u) << "who is in the team needs no place beside";
  EXPECT_EQ(code(give("w3", "ann", "t1", "ann", 3)), ErrorCode::limit_exceeded);
  ASSERT_TRUE(members().change("t1", "bob", Role::editor, "r"));
  EXPECT_TRUE(give("w3", "ann", "t1", "ann"));
  EXPECT_EQ(role("bob", "w3"), Role::editor);
  // Out again, to somebody in the team; it is no template then.
  ASSERT_TRUE(templates().put(offered("w3", "Start"), 10));
  EXPECT_EQ(code(give("w3", "t1", "eve", "ann")), ErrorCode::not_found) << "eve is not in the team";
  EXPECT_EQ(code(give("w3", "t1", "t1", "ann")), ErrorCode::not_found);
  EXPECT_TRUE(give("w3", "t1", "bob", "ann"));
  EXPECT_EQ(role("bob", "w3"), Role::owner);
  EXPECT_EQ(role("ann", "w3"), Role::editor) << "who handed it over";
  EXPECT_FALSE(templates().find("w3")->has_value());
  EXPECT_TRUE(templates().list("t1")->empty());
  EXPECT_EQ(code(give("w3", "t1", "bob", "ann")), ErrorCode::conflict) << "it has another owner by now";
  ASSERT_TRUE(store_->administration().change("t1", {.disabled = true, .administrator = {}, .quota = {}}));
  EXPECT_EQ(code(give("w3", "bob", "t1", "bob")), ErrorCode::not_found);
}

TEST_P(TeamStoreContract, AdministratorsSeeTeamsAfterPeople) {
  ASSERT_TRUE(teams().create("t2", "Another", "ann", 11, 5));
  const auto page = [&](AccountSearch search, std::size_t limit) {
    Ids ids;
    const auto all = store_->administration().accounts(search, limit);
    EXPECT_TRUE(all);
    if (all)
      for (const auto& one : *all) ids.push_back(one.account.id);
    return ids;
  };
  EXPECT_EQ(page({}, 10), (Ids{"ann", "bob", "eve", "t2", "t1"}));
  EXPECT_EQ(page({.teams = true}, 10), (Ids{"t2", "t1"}));
  EXPECT_EQ(page({.teams = false}, 10), (Ids{"ann", "bob", "eve"}));
  EXPECT_EQ(page({.text = "IRS"}, 10), (Ids{"t1"}));
  EXPECT_TRUE(page({.text = "team:"}, 10).empty()) << "their e-mail is none";
  Ids all;
  for (std::string after;;) {
    const auto found = store_->administration().accounts({.after = after}, 2);
    ASSERT_TRUE(found);
    for (const auto& one : *found) all.push_back(one.account.id);
    if (found->size() < 2) break;
    after = account_place(found->back().account);
  }
  EXPECT_EQ(all, (Ids{"ann", "bob", "eve", "t2", "t1"}));
  const auto seen = store_->administration().account("t1");
  EXPECT_EQ(seen->members, 1);
  EXPECT_EQ(seen->workspaces, 2);
  const auto theirs = store_->administration().workspaces({.text = "first"}, 10);
  ASSERT_EQ(theirs->size(), 2u);
  EXPECT_TRUE((*theirs)[0].owner_is_team);
  EXPECT_EQ((*theirs)[0].owner_email, "");
  EXPECT_EQ((*theirs)[0].owner_name, "First");
}

INSTANTIATE_TEST_SUITE_P(Stores, TeamStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
