// SPDX-License-Identifier: GPL-3.0-or-later
// What every MetadataStore must do for administrators: accounts and workspaces of everybody, orders to stop,
// the audit log.
#include "server/administration_store.hpp"

#include <future>

#include "server/clock.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::rest::AuditMeans;
using protocol::rest::WorkspaceState;

class AdministrationStoreContract : public testing::StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    make("root", true);
  }
  void make(const std::string& id, bool administrator = false) {
    const AccountRecord record{.id = id,
                               .email = id + "@example.org",
                               .name = "Name of " + id,
                               .password_hash = "hash",
                               .administrator = administrator,
                               .created = 5};
    ASSERT_TRUE(store_->accounts().insert(record, 0));
  }
  Result<void> sign_in(const std::string& id, const std::string& account,
                       const std::string& impersonator = {}, std::int64_t expires = 1000) {
    return store_->sign_ins().insert({.id = id,
                                      .account = account,
                                      .salt = "salt",
                                      .generation = 0,
                                      .rotated = 10,
                                      .created = 10,
                                      .expires = expires,
                                      .client = "test",
                                      .address = {},
                                      .impersonator = impersonator});
  }
  void workspace(const std::string& id, const std::string& account,
                 WorkspaceState state = WorkspaceState::stopped) {
    WorkspaceRecord record{.id = id,
                           .account = account,
                           .name = "Name of " + id,
                           .template_id = "python",
                           .state = WorkspaceState::stopped,
                           .reason = {},
                           .created = 1,
                           .last_used = 200,
                           .started = {}};
    ASSERT_TRUE(store_->workspaces().insert(record, 50));
    record.state = state;
    ASSERT_TRUE(store_->workspaces().update_state(record));
  }
  AdministrationStore& administration() { return store_->administration(); }
  std::vector<std::string> found(const std::string& text, const std::string& after = {},
                                 std::size_t limit = 10) {
    std::vector<std::string> ids;
    const auto page = administration().accounts({.text = text, .after = after}, limit);
    if (page)
      for (const auto& one : *page) ids.push_back(one.account.id);
    return ids;
  }
  static AuditRecord line(std::int64_t at, const std::string& action, const std::string& actor = "root") {
    return {.id = {},
            .at = at,
            .actor = actor,
            .actor_email = actor + "@example.org",
            .by = AuditMeans::sign_in,
            .address = "192.0.2.1",
            .action = action,
            .workspace = {},
            .target = "t",
            .outcome = "done",
            .data = {{"reason", "because"}}};
  }
  std::vector<std::string> actions(const AuditSearch& search, std::size_t limit = 50) {
    std::vector<std::string> all;
    const auto lines = store_->audit().list(search, limit);
    if (lines)
      for (const auto& one : *lines) all.push_back(one.action);
    return all;
  }
};

using Ids = std::vector<std::string>;

TEST_P(AdministrationStoreContract, AccountsAreFoundPageByPage) {
  for (const auto* id : {"ann", "bob", "carl"}) make(id);
  EXPECT_EQ(found(""), (Ids{"ann", "bob", "carl", "root"}));
  EXPECT_EQ(found("", "", 2), (Ids{"ann", "bob"}));
  EXPECT_EQ(found("", "bob@example.org", 2), (Ids{"carl", "root"}));
  EXPECT_EQ(found("NAME OF B"), Ids{"bob"}) << "any case";
  EXPECT_EQ(found("ann@"), Ids{"ann"});
  EXPECT_EQ(found("%"), Ids{}) << "a text, no pattern";
  EXPECT_EQ(found("_"), Ids{});
  EXPECT_EQ(found("!"), Ids{});
  EXPECT_EQ(found("' OR 1=1 --"), Ids{});
}

TEST_P(AdministrationStoreContract, AnAccountComesWithWhatItUses) {
  make("ann");
  workspace("w1", "ann", WorkspaceState::running);
  workspace("w2", "ann");
  ASSERT_TRUE(sign_in("s1", "ann"));
  const auto ann = administration().account("ann");
  ASSERT_TRUE(ann) << ann.error().detail;
  EXPECT_EQ(ann->workspaces, 2);
  EXPECT_EQ(ann->running, 1);
  EXPECT_EQ(ann->stored_bytes, 0);
  EXPECT_EQ(ann->last_used, 200);
  EXPECT_EQ(code(administration().account("bob")), ErrorCode::not_found);
  EXPECT_EQ(administration().account("root")->last_used, 0);
  ASSERT_TRUE(store_->audit().append(line(1'700'000'000'000, "SignIn", "root")));
  EXPECT_EQ(administration().account("root")->last_used, 1'700'000'000'000)
      << "also when its sign-ins are gone";
}

TEST_P(AdministrationStoreContract, ADisabledAccountIsSignedOutAndStaysOut) {
  make("ann");
  make("bob");
  ASSERT_TRUE(sign_in("s1", "ann"));
  ASSERT_TRUE(sign_in("s2", "bob"));
  const auto before = administration().revision();
  ASSERT_TRUE(administration().change("ann", {.disabled = true, .administrator = {}, .quota = {}}));
  EXPECT_TRUE(store_->accounts().by_id("ann")->disabled);
  EXPECT_GT(*administration().revision(), *before);
  EXPECT_EQ(code(store_->sign_ins().find("s1")), ErrorCode::not_found);
  EXPECT_TRUE(store_->sign_ins().find("s2"));
  EXPECT_EQ(code(sign_in("s3", "ann")), ErrorCode::permission_denied);
  ASSERT_TRUE(administration().change("ann", {.disabled = false, .administrator = {}, .quota = {}}));
  EXPECT_TRUE(sign_in("s3", "ann"));
  EXPECT_EQ(code(administration().change("nobody", {})), ErrorCode::not_found);
}

TEST_P(AdministrationStoreContract, SomebodyWhoCanAdministerStays) {
  make("ann");
  const AccountChange disable{.disabled = true, .administrator = {}, .quota = {}},
      demote{.disabled = {}, .administrator = false, .quota = {}},
      promote{.disabled = {}, .administrator = true, .quota = {}};
  EXPECT_EQ(code(administration().change("root", disable)), ErrorCode::conflict);
  EXPECT_EQ(code(administration().change("root", demote)), ErrorCode::conflict);
  ASSERT_TRUE(administration().change("ann", promote));
  ASSERT_TRUE(administration().change("ann", disable)) << "root is left";
  EXPECT_EQ(code(administration().change("root", demote)), ErrorCode::conflict) << "ann can't sign in";
  ASSERT_TRUE(administration().change("ann", {.disabled = false, .administrator = {}, .quota = {}}));
  ASSERT_TRUE(administration().change("root", demote));
  EXPECT_FALSE(store_->accounts().by_id("root")->administrator);
}

TEST_P(AdministrationStoreContract, TwoAdministratorsWhoDemoteEachOtherLeaveOne) {
  make("ann", true);
  const AccountChange demote{.disabled = {}, .administrator = false, .quota = {}};
  for (int round = 0; round < 5; ++round) {
    std::vector<std::future<bool>> racers;
    for (const std::string id : {"ann", "root"})
      racers.push_back(std::async(std::launch::async,
                                  [&, id] { return administration().change(id, demote).has_value(); }));
    int done = 0;
    for (auto& racer : racers) done += racer.get();
    EXPECT_EQ(done, 1);
    for (const std::string id : {"ann", "root"})
      ASSERT_TRUE(administration().change(id, {.disabled = {}, .administrator = true, .quota = {}}));
  }
}

TEST_P(AdministrationStoreContract, AQuotaIsReplacedAsAWhole) {
  make("ann");
  EXPECT_FALSE(store_->accounts().by_id("ann")->quota.workspaces);
  ASSERT_TRUE(administration().change(
      "ann", {.disabled = {}, .administrator = {}, .quota = AccountQuota{3, 0, std::int64_t{1} << 40}}));
  auto quota = store_->accounts().by_id("ann")->quota;
  EXPECT_EQ(quota.workspaces, 3);
  EXPECT_EQ(quota.running, 0);
  EXPECT_EQ(quota.storage, std::int64_t{1} << 40);
  ASSERT_TRUE(administration().change(
      "ann", {.disabled = {}, .administrator = {}, .quota = AccountQuota{{}, 2, {}}}));
  quota = store_->accounts().by_id("ann")->quota;
  EXPECT_FALSE(quota.workspaces);
  EXPECT_EQ(quota.running, 2);
  EXPECT_FALSE(quota.storage);
}

TEST_P(AdministrationStoreContract, WhoActsAsSomebodyDoesSoNoLongerThanHeIsSignedIn) {
  make("ann");
  make("boss", true);
  ASSERT_TRUE(sign_in("own", "root"));
  ASSERT_TRUE(sign_in("as-ann", "ann", "own"));
  EXPECT_EQ(store_->sign_ins().find("as-ann")->impersonator, "own");
  EXPECT_EQ(administration().account("ann")->last_used, 0) << "it was not ann";
  auto before = *administration().revision();
  ASSERT_TRUE(store_->sign_ins().end("own"));
  EXPECT_EQ(code(store_->sign_ins().find("as-ann")), ErrorCode::not_found);
  EXPECT_GT(*administration().revision(), before) << "its windows have to be ended";

  ASSERT_TRUE(sign_in("own", "root"));
  ASSERT_TRUE(sign_in("as-ann", "ann", "own"));
  ASSERT_TRUE(store_->sign_ins().end_all("root", ""));
  EXPECT_EQ(code(store_->sign_ins().find("as-ann")), ErrorCode::not_found);

  ASSERT_TRUE(sign_in("own", "root"));
  ASSERT_TRUE(sign_in("as-ann", "ann", "own"));
  ASSERT_TRUE(administration().change("root", {.disabled = {}, .administrator = false, .quota = {}}));
  EXPECT_EQ(code(store_->sign_ins().find("as-ann")), ErrorCode::not_found);
  EXPECT_TRUE(store_->sign_ins().find("own")) << "only the rights went";
}

TEST_P(AdministrationStoreContract, EverybodysWorkspacesAreFound) {
  make("ann");
  workspace("wa", "ann", WorkspaceState::running);
  workspace("wb", "root");
  const auto ids = [&](const WorkspaceSearch& search, std::size_t limit = 10) {
    Ids all;
    const auto page = administration().workspaces(search, limit);
    if (page)
      for (const auto& one : *page) all.push_back(one.workspace.id);
    return all;
  };
  EXPECT_EQ(ids({.text = {}, .state = {}, .after = {}}), (Ids{"wa", "wb"}));
  EXPECT_EQ(ids({.text = {}, .state = {}, .after = "wa"}), Ids{"wb"});
  EXPECT_EQ(ids({.text = "ann@example", .state = {}, .after = {}}), Ids{"wa"});
  EXPECT_EQ(ids({.text = "name of WB", .state = {}, .after = {}}), Ids{"wb"});
  EXPECT_EQ(ids({.text = {}, .state = WorkspaceState::running, .after = {}}), Ids{"wa"});
  const auto page = administration().workspaces({.text = "wa", .state = {}, .after = {}}, 1);
  ASSERT_EQ(page->size(), 1u);
  EXPECT_EQ(page->front().owner_email, "ann@example.org");
  EXPECT_EQ(page->front().owner_name, "Name of ann");
  const auto totals = administration().totals();
  ASSERT_TRUE(totals);
  EXPECT_EQ(totals->accounts, 2);
  EXPECT_EQ(totals->administrators, 1);
  EXPECT_EQ(totals->workspaces.at("running"), 1);
  EXPECT_EQ(totals->templates.at("python"), 2);
}

TEST_P(AdministrationStoreContract, AnOrderToStopIsDueUntilItIsForgotten) {
  workspace("wa", "root", WorkspaceState::running);
  workspace("wb", "root");
  const auto before = *administration().revision();
  ASSERT_TRUE(
      administration().order_stop({.workspace = "wa", .reason = "r", .ordered = true, .runs = true}, 5));
  ASSERT_TRUE(
      administration().order_stop({.workspace = "wb", .reason = "r", .ordered = true, .runs = true}, 6));
  EXPECT_GT(*administration().revision(), before);
  EXPECT_EQ(
      code(administration().order_stop({.workspace = "no", .reason = {}, .ordered = true, .runs = true}, 5)),
      ErrorCode::not_found);
  auto due = administration().stops_due();
  ASSERT_TRUE(due) << due.error().detail;
  ASSERT_EQ(due->size(), 2u);
  EXPECT_EQ((*due)[0].workspace, "wa");
  EXPECT_EQ((*due)[0].reason, "r");
  EXPECT_TRUE((*due)[0].ordered && (*due)[0].runs);
  EXPECT_FALSE((*due)[1].runs);
  ASSERT_TRUE(administration().forget_order("wa"));
  ASSERT_TRUE(store_->workspaces().remove("wb"));
  EXPECT_TRUE(administration().stops_due()->empty()) << "a workspace that is gone takes its order along";
}

TEST_P(AdministrationStoreContract, WhatADisabledAccountRunsIsDueWithoutAnOrder) {
  make("ann");
  workspace("wa", "ann", WorkspaceState::running);
  workspace("wb", "ann");
  EXPECT_TRUE(administration().stops_due()->empty());
  ASSERT_TRUE(administration().change("ann", {.disabled = true, .administrator = {}, .quota = {}}));
  const auto due = administration().stops_due();
  ASSERT_EQ(due->size(), 1u);
  EXPECT_EQ(due->front().workspace, "wa");
  EXPECT_TRUE(due->front().runs);
  EXPECT_FALSE(due->front().ordered);
}

TEST_P(AdministrationStoreContract, AWorkspacesEndsAreRememberedWithTheirReasons) {
  workspace("wa", "root");
  auto record = *store_->workspaces().find("wa");
  record.state = WorkspaceState::failed;
  record.reason = "It ran out of memory.";
  ASSERT_TRUE(store_->workspaces().update_state(record));
  ASSERT_TRUE(store_->workspaces().update_state(record));  // told again: the same end
  const auto ends = administration().ends("wa");
  ASSERT_TRUE(ends) << ends.error().detail;
  ASSERT_EQ(ends->size(), 2u);
  EXPECT_EQ(ends->front().state, WorkspaceState::failed);
  EXPECT_EQ(ends->front().reason, "It ran out of memory.");
  EXPECT_GT(ends->front().at, 0);
  for (int i = 0; i < 120; ++i) {
    record.reason = "end " + std::to_string(i);
    ASSERT_TRUE(store_->workspaces().update_state(record));
  }
  EXPECT_EQ(administration().ends("wa")->size(), 100u);
  EXPECT_EQ(administration().ends("wa")->front().reason, "end 119");
  ASSERT_TRUE(store_->workspaces().remove("wa"));
  EXPECT_TRUE(administration().ends("wa")->empty());
}

TEST_P(AdministrationStoreContract, TheAuditLogIsReadNewestFirst) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(store_->audit().append(line(1000 + i, "A" + std::to_string(i))));
  EXPECT_EQ(actions({}), (Ids{"A4", "A3", "A2", "A1", "A0"}));
  const auto page = store_->audit().list({}, 2);
  ASSERT_EQ(page->size(), 2u);
  AuditSearch older;
  older.before = page->back().id;
  EXPECT_EQ(actions(older), (Ids{"A2", "A1", "A0"}));
  const auto& newest = page->front();
  EXPECT_EQ(newest.at, 1004);
  EXPECT_EQ(newest.actor_email, "root@example.org");
  EXPECT_EQ(newest.by, AuditMeans::sign_in);
  EXPECT_EQ(newest.outcome, "done");
  EXPECT_EQ(newest.data.at("reason"), "because");
}

TEST_P(AdministrationStoreContract, TheAuditLogIsAskedForMomentsPeopleAndDeeds) {
  ASSERT_TRUE(store_->audit().append(line(1000, "SignIn", "ann")));
  ASSERT_TRUE(store_->audit().append(line(2000, "SignIn")));
  auto stop = line(3000, "StopWorkspace");
  stop.workspace = "wa";
  stop.by = AuditMeans::token;
  ASSERT_TRUE(store_->audit().append(stop));
  const auto search = [](auto set) {
    AuditSearch wanted;
    set(wanted);
    return wanted;
  };
  EXPECT_EQ(actions(search([](auto& s) { s.actor = "ann"; })), Ids{"SignIn"});
  EXPECT_EQ(actions(search([](auto& s) { s.actor = "root@example.org"; })), (Ids{"StopWorkspace", "SignIn"}));
  EXPECT_EQ(actions(search([](auto& s) { s.action = "StopWorkspace"; })), Ids{"StopWorkspace"});
  EXPECT_EQ(actions(search([](auto& s) { s.workspace = "wa"; })), Ids{"StopWorkspace"});
  EXPECT_EQ(actions(search([](auto& s) { s.since = 2000; })), (Ids{"StopWorkspace", "SignIn"}));
  EXPECT_EQ(actions(search([](auto& s) { s.until = 1999; })), Ids{"SignIn"});
  EXPECT_EQ(actions(search([](auto& s) {
              s.since = 2000;
              s.until = 2000;
              s.action = "SignIn";
            })),
            Ids{"SignIn"});
  EXPECT_EQ(actions(search([](auto& s) { s.actor = "' OR 1=1 --"; })), Ids{});
}

TEST_P(AdministrationStoreContract, WhatOthersTypeIsOnlyTextInTheAuditLog) {
  auto odd = line(1, "SignIn");
  odd.address = std::string("a\xFF\0b", 4);
  odd.data["email"] = "x'); DROP TABLE audit;-- \n\"}";
  ASSERT_TRUE(store_->audit().append(odd));
  const auto lines = store_->audit().list({}, 5);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().data.at("email"), odd.data["email"]);
}

TEST_P(AdministrationStoreContract, TheAuditLogLosesWhatIsOlderThanTheSettingAndNothingElse) {
  constexpr std::int64_t day = 86'400'000;
  const auto now = system_clock_now();
  for (const auto days : {50, 40, 10}) ASSERT_TRUE(store_->audit().append(line(now - days * day, "A")));
  const auto told = line(now, "ShortenAudit");
  const auto actions = [&] {
    std::string all;
    const auto lines = store_->audit().list({}, 10);
    for (const auto& one : *lines)
      all += one.action + (one.data.contains("lines") ? one.data.at("lines") : "") + " ";
    return all;
  };
  EXPECT_FALSE(store_->audit().shorten(now - 30 * day, 10, told)) << "nobody set anything";
  ASSERT_TRUE(store_->settings().put({{"audit_days", "29"}}));
  EXPECT_FALSE(store_->audit().shorten(now - 30 * day, 10, told)) << "too short a time, whoever set it";
  ASSERT_TRUE(store_->settings().put({{"audit_days", "30"}}));
  EXPECT_FALSE(store_->audit().shorten(now - day, 10, told)) << "one is younger than the setting allows";
  EXPECT_EQ(actions(), "A A A ") << "all or nothing";
  const auto one = store_->audit().shorten(now - 31 * day, 1, told);
  ASSERT_TRUE(one) << one.error().detail;
  EXPECT_EQ(*one, 1);
  EXPECT_EQ(actions(), "ShortenAudit1 A A ") << "the oldest";
  EXPECT_EQ(*store_->audit().shorten(now - 31 * day, 10, told), 1);
  EXPECT_EQ(*store_->audit().shorten(now - 31 * day, 10, told), 0);
  EXPECT_TRUE(actions().ends_with("A ")) << actions();
  EXPECT_EQ(store_->audit().list({}, 10)->size(), 3u) << "nothing is told of nothing";
}

TEST_P(AdministrationStoreContract, ServersTellEachOtherWhatTheyCarry) {
  ASSERT_TRUE(store_->loads().put({"r1", 100, "{\"a\":1}"}, 0));
  ASSERT_TRUE(store_->loads().put({"r2", 200, "{}"}, 0));
  ASSERT_TRUE(store_->loads().put({"r2", 300, "{\"b\":2}"}, 0));
  auto all = store_->loads().all();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[1].at, 300);
  EXPECT_EQ((*all)[1].data, "{\"b\":2}");
  ASSERT_TRUE(store_->loads().put({"r2", 400, "{}"}, 150));
  EXPECT_EQ(store_->loads().all()->size(), 1u) << "what is old goes";
}

INSTANTIATE_TEST_SUITE_P(Stores, AdministrationStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
