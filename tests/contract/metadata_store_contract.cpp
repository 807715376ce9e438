// SPDX-License-Identifier: GPL-3.0-or-later
// What every MetadataStore must do about accounts, sign-ins, workspaces and settings.
#include <future>
#include <thread>

#include "server/identity_store.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::rest::WorkspaceState;

class MetadataStoreContract : public testing::StoreContract {
 protected:
  static AccountRecord account(const std::string& id) {
    return {.id = id,
            .email = id + "@example.org",
            .name = "Name of " + id,
            .password_hash = "hash",
            .administrator = false,
            .created = 5};
  }
  static SignInRecord sign_in(const std::string& id, const std::string& account) {
    return {.id = id,
            .account = account,
            .salt = "salt",
            .generation = 0,
            .rotated = 10,
            .created = 10,
            .expires = 1000,
            .client = "test"};
  }
  static WorkspaceRecord workspace(const std::string& id, const std::string& account) {
    return {.id = id,
            .account = account,
            .name = "w",
            .template_id = "python",
            .state = WorkspaceState::stopped,
            .reason = {},
            .created = 1,
            .last_used = 2,
            .started = {}};
  }
};

TEST_P(MetadataStoreContract, AccountsAreFoundByIdAndEmail) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  const auto by_id = store_->accounts().by_id("ann");
  ASSERT_TRUE(by_id);
  EXPECT_EQ(by_id->email, "ann@example.org");
  EXPECT_EQ(by_id->created, 5);
  const auto by_email = store_->accounts().by_email("ann@example.org");
  ASSERT_TRUE(by_email);
  EXPECT_EQ(by_email->id, "ann");
  EXPECT_EQ(code(store_->accounts().by_id("bob")), ErrorCode::not_found);
  EXPECT_EQ(code(store_->accounts().by_email("bob@example.org")), ErrorCode::not_found);
}

TEST_P(MetadataStoreContract, AnEmailBelongsToOneAccount) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  auto second = account("bob");
  ASSERT_TRUE(store_->accounts().insert(second, 0));
  second.id = "carl";
  EXPECT_EQ(code(store_->accounts().insert(second, 0)), ErrorCode::already_exists);
  EXPECT_EQ(code(store_->accounts().update_profile("bob", {.name = "Bob", .email = "ann@example.org"})),
            ErrorCode::already_exists);
  EXPECT_TRUE(store_->accounts().update_profile("bob", {.name = "Bobby", .email = "bob@example.org"}));
  EXPECT_EQ(store_->accounts().by_id("bob")->name, "Bobby");
}

TEST_P(MetadataStoreContract, TheNumberOfAccountsIsHeld) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 1));
  EXPECT_EQ(code(store_->accounts().insert(account("bob"), 1)), ErrorCode::limit_exceeded);
  EXPECT_TRUE(store_->accounts().insert(account("bob"), 2));
}

TEST_P(MetadataStoreContract, OnlyOneOfManyBecomesTheFirstAdministrator) {
  EXPECT_FALSE(*store_->accounts().has_administrator());
  std::vector<std::future<bool>> racers;
  for (int i = 0; i < 8; ++i)
    racers.push_back(std::async(std::launch::async, [this, i] {
      auto one = account("racer" + std::to_string(i));
      one.administrator = true;
      return store_->accounts().insert_first_administrator(one).has_value();
    }));
  int winners = 0;
  for (auto& racer : racers) winners += racer.get();
  EXPECT_EQ(winners, 1);
  EXPECT_TRUE(*store_->accounts().has_administrator());
  EXPECT_EQ(code(store_->accounts().insert_first_administrator(account("late"))), ErrorCode::conflict);
}

TEST_P(MetadataStoreContract, PasswordsChange) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  const auto before = store_->accounts().by_id("ann")->password_hash;
  const auto sign_in = [](const std::string& id) {
    return SignInRecord{.id = id,
                        .account = "ann",
                        .salt = "salt",
                        .generation = 0,
                        .rotated = 1,
                        .created = 1,
                        .expires = 1000,
                        .client = "test"};
  };
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("kept")));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("stolen")));
  const auto change = [&](const std::string& id, const PasswordChange& wanted) {
    return store_->accounts().change_password(id, wanted);
  };
  EXPECT_EQ(code(change("ann", {.before = "not that", .after = "other", .keep = "kept"})),
            ErrorCode::unauthenticated);
  EXPECT_EQ(code(change("ann", {.before = before, .after = "other", .keep = "ended"})),
            ErrorCode::unauthenticated);
  EXPECT_TRUE(store_->sign_ins().find("stolen")) << "nothing has happened";
  EXPECT_TRUE(change("ann", {.before = before, .after = "other", .keep = "kept"}));
  EXPECT_EQ(store_->accounts().by_id("ann")->password_hash, "other");
  EXPECT_TRUE(store_->sign_ins().find("kept"));
  EXPECT_EQ(code(store_->sign_ins().find("stolen")), ErrorCode::not_found);
  EXPECT_EQ(code(change("bob", {.before = before, .after = "other", .keep = {}})), ErrorCode::not_found);
  // Who was let in by the password that it had then comes too late.
  auto late = sign_in("late");
  late.password_hash = before;
  EXPECT_EQ(code(store_->sign_ins().insert(late)), ErrorCode::unauthenticated);
  late.password_hash = "other";
  late.agreed_by = "stolen";
  EXPECT_EQ(code(store_->sign_ins().insert(late)), ErrorCode::unauthenticated);
  late.agreed_by = "kept";
  EXPECT_TRUE(store_->sign_ins().insert(late));
}

TEST_P(MetadataStoreContract, AnAddressWaitsUntilItIsVerified) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->accounts().insert(account("bob"), 0));
  const auto ticket = [](const std::string& id) {
    return TicketRecord{.id = id,
                        .kind = verification_ticket,
                        .handle = {},
                        .account = "ann",
                        .data = {},
                        .created = 1,
                        .expires = 1000};
  };
  ASSERT_TRUE(store_->tickets().insert(ticket("old"), 0));
  const auto move = [&](const std::string& email, const std::string& by = {}) {
    return store_->accounts().update_profile("ann", {.name = "Ann", .email = email, .waits = true, .by = by});
  };
  EXPECT_EQ(code(move("new@example.org", "ended")), ErrorCode::unauthenticated);
  EXPECT_EQ(code(move("bob@example.org")), ErrorCode::already_exists);
  ASSERT_TRUE(move("new@example.org"));
  EXPECT_EQ(code(store_->tickets().find(verification_ticket, "old", 5)), ErrorCode::not_found);
  reopen();
  EXPECT_EQ(store_->accounts().by_id("ann")->pending_email, "new@example.org");
  EXPECT_EQ(store_->accounts().by_id("ann")->email, "ann@example.org");
  ASSERT_TRUE(store_->accounts().update_profile("ann", {.name = "Anna"}));
  EXPECT_EQ(store_->accounts().by_id("ann")->pending_email, "new@example.org");
  EXPECT_EQ(code(store_->identities().verify_email("ann", "")), ErrorCode::not_found);
  EXPECT_EQ(code(store_->identities().verify_email("bob", "new@example.org")), ErrorCode::not_found);
  ASSERT_TRUE(store_->identities().verify_email("ann", "new@example.org"));
  EXPECT_EQ(store_->accounts().by_email("new@example.org")->id, "ann");
  EXPECT_TRUE(store_->accounts().by_id("ann")->email_verified);
  EXPECT_EQ(store_->accounts().by_id("ann")->pending_email, "");
  // Somebody else may be first, and who goes back waits for nothing.
  ASSERT_TRUE(move("third@example.org"));
  ASSERT_TRUE(store_->accounts().update_profile(
      "bob", {.name = "Bob", .email = "third@example.org", .waits = false}));
  EXPECT_EQ(code(store_->identities().verify_email("ann", "third@example.org")), ErrorCode::already_exists);
  ASSERT_TRUE(move("new@example.org"));
  EXPECT_EQ(store_->accounts().by_id("ann")->pending_email, "");
  EXPECT_TRUE(store_->accounts().by_id("ann")->email_verified);
}

TEST_P(MetadataStoreContract, ATokenIsMadeByWhoIsSignedIn) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  TokenRecord token{.id = "t",
                    .account = "ann",
                    .name = "t",
                    .hash = "h",
                    .scopes = "",
                    .created = 1,
                    .expires = {},
                    .last_used = {}};
  token.made_by = "ended";
  EXPECT_EQ(code(store_->tokens().insert(token, 10)), ErrorCode::unauthenticated);
  EXPECT_TRUE(store_->tokens().list_of("ann")->empty());
}

TEST_P(MetadataStoreContract, TextIsDataNotSql) {
  auto odd = account("odd");
  odd.name = "Robert'); DROP TABLE accounts;-- \xE2\x98\x83 :name";
  ASSERT_TRUE(store_->accounts().insert(odd, 0));
  EXPECT_EQ(store_->accounts().by_id("odd")->name, odd.name);
  EXPECT_EQ(code(store_->accounts().by_id("' OR 1=1 --")), ErrorCode::not_found);
}

/// Names, reasons and user agents come from outside; a database that takes UTF-8 alone must not fail on them.
TEST_P(MetadataStoreContract, TextThatIsNoTextIsKeptAsFarAsItGoes) {
  const std::string odd = std::string("a\xFF") + '\0' + "\xE2\x98z\xC3\xA4";
  const std::string kept = "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\xC3\xA4";
  auto ann = account("ann");
  ann.name = odd;
  ASSERT_TRUE(store_->accounts().insert(ann, 0));
  EXPECT_EQ(store_->accounts().by_id("ann")->name, kept);
  auto one = sign_in("s1", "ann");
  one.client = odd;
  ASSERT_TRUE(store_->sign_ins().insert(one));
  EXPECT_EQ(store_->sign_ins().find("s1")->client, kept);
  auto home = workspace("w1", "ann");
  ASSERT_TRUE(store_->workspaces().insert(home, 5));
  home.reason = odd;
  ASSERT_TRUE(store_->workspaces().update_state(home));
  ASSERT_TRUE(store_->workspaces().rename("w1", odd));
  EXPECT_EQ(store_->workspaces().list()->front().reason, kept);
  EXPECT_EQ(store_->workspaces().list()->front().name, kept);
}

TEST_P(MetadataStoreContract, AKeyThatIsNoTextIsNobodys) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  for (const auto& key : {std::string("ann\0", 4), std::string("ann\xFF")}) {
    const auto found = store_->accounts().by_id(key);
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().code, ErrorCode::internal) << found.error().detail;
  }
  EXPECT_TRUE(store_->accounts().by_id("ann")) << "the connection is as good as before";
}

TEST_P(MetadataStoreContract, ASignInAdvancesOncePerGeneration) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann")));
  std::vector<std::future<bool>> racers;
  for (int i = 0; i < 8; ++i)
    racers.push_back(std::async(std::launch::async,
                                [this] { return *store_->sign_ins().advance("s1", 0, 77, "192.0.2.7"); }));
  int winners = 0;
  for (auto& racer : racers) winners += racer.get();
  EXPECT_EQ(winners, 1);
  const auto found = store_->sign_ins().find("s1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->generation, 1);
  EXPECT_EQ(found->rotated, 77);
  EXPECT_EQ(found->salt, "salt");
}

TEST_P(MetadataStoreContract, EndedSignInsAreGone) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  for (const auto* id : {"s1", "s2", "s3"}) ASSERT_TRUE(store_->sign_ins().insert(sign_in(id, "ann")));
  EXPECT_TRUE(store_->sign_ins().end("s1"));
  EXPECT_TRUE(store_->sign_ins().end("s1"));
  EXPECT_EQ(code(store_->sign_ins().find("s1")), ErrorCode::not_found);
  EXPECT_FALSE(*store_->sign_ins().advance("s1", 0, 1, ""));
  EXPECT_TRUE(store_->sign_ins().end_all("ann", "s3"));
  EXPECT_FALSE(store_->sign_ins().find("s2"));
  EXPECT_TRUE(store_->sign_ins().find("s3"));
  EXPECT_TRUE(store_->sign_ins().end_all("ann", ""));
  EXPECT_FALSE(store_->sign_ins().find("s3"));
}

TEST_P(MetadataStoreContract, ExpiredSignInsAreRemoved) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann")));
  EXPECT_TRUE(store_->sign_ins().remove_expired(999));
  EXPECT_TRUE(store_->sign_ins().find("s1"));
  EXPECT_TRUE(store_->sign_ins().remove_expired(1000));
  EXPECT_FALSE(store_->sign_ins().find("s1"));
}

TEST_P(MetadataStoreContract, ASignInNeedsAnAccount) {
  EXPECT_FALSE(store_->sign_ins().insert(sign_in("s1", "nobody")));
}

TEST_P(MetadataStoreContract, WorkspacesKeepEveryField) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->workspaces().insert(workspace("w1", "ann"), 5));
  auto changed = workspace("w1", "ann");
  changed.state = WorkspaceState::running;
  changed.reason = "because";
  changed.started = 99;
  changed.home = HomeState::ahead;
  changed.pending_import = R"({"git_url":"https://example.org/a"})";
  ASSERT_TRUE(store_->workspaces().update_state(changed));
  ASSERT_TRUE(store_->workspaces().rename("w1", "new name"));
  ASSERT_TRUE(store_->workspaces().touch("w1", 50));
  reopen();
  const auto all = store_->workspaces().list();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 1u);
  const auto& one = all->front();
  EXPECT_EQ(one.account, "ann");
  EXPECT_EQ(one.name, "new name");
  EXPECT_EQ(one.template_id, "python");
  EXPECT_EQ(one.state, WorkspaceState::running);
  EXPECT_EQ(one.reason, "because");
  EXPECT_EQ(one.created, 1);
  EXPECT_EQ(one.last_used, 50);
  EXPECT_EQ(one.started, 99);
  EXPECT_EQ(one.home, HomeState::ahead);
  EXPECT_EQ(one.pending_import, changed.pending_import);
  changed.started.reset();
  ASSERT_TRUE(store_->workspaces().update_state(changed));
  EXPECT_FALSE(store_->workspaces().list()->front().started);
}

TEST_P(MetadataStoreContract, EveryStateIsKept) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  auto one = workspace("w1", "ann");
  ASSERT_TRUE(store_->workspaces().insert(one, 5));
  for (const auto state : {WorkspaceState::stopped, WorkspaceState::starting, WorkspaceState::running,
                           WorkspaceState::stopping, WorkspaceState::failed, WorkspaceState::deleting}) {
    one.state = state;
    ASSERT_TRUE(store_->workspaces().update_state(one));
    EXPECT_EQ(store_->workspaces().list()->front().state, state);
  }
}

TEST_P(MetadataStoreContract, TheQuotaHoldsUnderARace) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->accounts().insert(account("bob"), 0));
  ASSERT_TRUE(store_->workspaces().insert(workspace("other", "bob"), 1));
  std::vector<std::future<bool>> racers;
  for (int i = 0; i < 8; ++i)
    racers.push_back(std::async(std::launch::async, [this, i] {
      return store_->workspaces().insert(workspace("w" + std::to_string(i), "ann"), 3).has_value();
    }));
  int made = 0;
  for (auto& racer : racers) made += racer.get();
  EXPECT_EQ(made, 3);
  EXPECT_EQ(code(store_->workspaces().insert(workspace("more", "ann"), 3)), ErrorCode::limit_exceeded);
}

TEST_P(MetadataStoreContract, MissingWorkspacesAreToldApart) {
  EXPECT_EQ(code(store_->workspaces().rename("w1", "x")), ErrorCode::not_found);
  EXPECT_EQ(code(store_->workspaces().touch("w1", 1)), ErrorCode::not_found);
  EXPECT_EQ(code(store_->workspaces().update_state(workspace("w1", "ann"))), ErrorCode::not_found);
  EXPECT_TRUE(store_->workspaces().remove("w1"));
  EXPECT_TRUE(store_->workspaces().list()->empty());
}

TEST_P(MetadataStoreContract, SettingsAreReplacedOneByOne) {
  EXPECT_TRUE(store_->settings().all()->empty());
  ASSERT_TRUE(store_->settings().put({{"a", "1"}, {"b", "2"}}));
  ASSERT_TRUE(store_->settings().put({{"b", "3"}}));
  reopen();
  EXPECT_EQ(*store_->settings().all(), (std::map<std::string, std::string>{{"a", "1"}, {"b", "3"}}));
}

TEST_P(MetadataStoreContract, EverythingIsThereAfterReopening) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann")));
  reopen();
  EXPECT_TRUE(store_->check());
  EXPECT_TRUE(store_->accounts().by_id("ann"));
  EXPECT_TRUE(store_->sign_ins().find("s1"));
}

INSTANTIATE_TEST_SUITE_P(Stores, MetadataStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

TEST(SqliteStore, RefusesADatabaseOfANewerRelease) {
  const auto folder = std::filesystem::temp_directory_path() / ("berth-store-" + random_id(12));
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(open_sqlite_store(folder / "berth.sqlite"));
  ASSERT_EQ(std::system(("sqlite3 " + (folder / "berth.sqlite").string() +
                         " 'INSERT INTO migrations VALUES (999, 0)'")
                            .c_str()),
            0);
  const auto opened = open_sqlite_store(folder / "berth.sqlite");
  EXPECT_FALSE(opened);
  std::filesystem::remove_all(folder);
}

TEST(SqliteStore, KeepsAWriteAheadLog) {
  const auto folder = std::filesystem::temp_directory_path() / ("berth-store-" + random_id(12));
  std::filesystem::create_directories(folder);
  const auto store = open_sqlite_store(folder / "berth.sqlite");
  ASSERT_TRUE(store);
  EXPECT_TRUE(std::filesystem::exists(folder / "berth.sqlite-wal"));
  std::filesystem::remove_all(folder);
}

TEST(SqliteStore, AFileThatIsNoDatabaseIsAnErrorThatNamesIt) {
  const auto folder = std::filesystem::temp_directory_path() / ("berth-store-" + random_id(12));
  std::filesystem::create_directories(folder / "berth.sqlite");
  const auto opened = open_sqlite_store(folder / "berth.sqlite");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("berth.sqlite"), std::string::npos);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace berth::server
