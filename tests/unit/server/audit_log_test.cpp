// SPDX-License-Identifier: GPL-3.0-or-later
// Which requests the audit log tells of, and what of them; settings and e-mail domains.
#include "server/audit_log.hpp"

#include "harness.hpp"
#include "server/settings.hpp"
#include "server/stores/sqlite_store.hpp"

namespace berth::server {
namespace {

using protocol::rest::Access;
using protocol::rest::AuditMeans;
using testing::await;

class AuditLogTest : public ::testing::Test {
 protected:
  static Principal person() {
    Principal one;
    one.account = "ann";
    one.name = "Ann";
    one.email = "ann@example.org";
    return one;
  }
  Principal ann = person();
  Principal nobody;
  AuditNote note;

  AuditedRequest request(std::string_view route, std::string_view method, const Principal& who,
                         Access access = Access::account,
                         std::string_view path = "/api/v1/workspaces/{id}/stop") {
    return {.route = route,
            .method = method,
            .path = path,
            .access = access,
            .id = "w1",
            .other = "x1",
            .address = "192.0.2.1",
            .principal = who,
            .note = note};
  }
  std::optional<AuditRecord> refused(const AuditedRequest& asked, ErrorCode code) {
    const Error error{code, "no", {}, {}};
    return audit_record(asked, &error);
  }
};

TEST_F(AuditLogTest, AChangeIsToldWithItsPlace) {
  const auto record = audit_record(request("StopWorkspace", "POST", ann), nullptr);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->actor, "ann");
  EXPECT_EQ(record->actor_email, "ann@example.org");
  EXPECT_EQ(record->by, AuditMeans::sign_in);
  EXPECT_EQ(record->action, "StopWorkspace");
  EXPECT_EQ(record->workspace, "w1");
  EXPECT_EQ(record->target, "x1");
  EXPECT_EQ(record->outcome, "done");
  const auto of_me =
      audit_record(request("DeleteToken", "DELETE", ann, Access::account, "/api/v1/me/tokens/{id}"), nullptr);
  EXPECT_EQ(of_me->workspace, "");
  EXPECT_EQ(of_me->target, "w1");
}

TEST_F(AuditLogTest, ReadingAndWhatEveryWindowDoesIsNotTold) {
  EXPECT_FALSE(audit_record(request("ListWorkspaces", "GET", ann), nullptr));
  EXPECT_FALSE(audit_record(request("Refresh", "POST", nobody, Access::anyone), nullptr));
  EXPECT_FALSE(audit_record(request("ListAudit", "GET", ann, Access::administrator), nullptr));
  EXPECT_TRUE(audit_record(request("ExportAudit", "GET", ann, Access::administrator), nullptr));
}

TEST_F(AuditLogTest, RefusalsThatTellAboutSomebodyAreTold) {
  EXPECT_TRUE(refused(request("SignIn", "POST", nobody, Access::anyone), ErrorCode::unauthenticated));
  EXPECT_TRUE(refused(request("StopWorkspace", "POST", ann), ErrorCode::permission_denied));
  EXPECT_TRUE(
      refused(request("ListAccounts", "GET", ann, Access::administrator), ErrorCode::permission_denied));
  EXPECT_FALSE(refused(request("StopWorkspace", "POST", nobody), ErrorCode::unauthenticated))
      << "an old cookie";
  EXPECT_FALSE(refused(request("StopWorkspace", "POST", ann), ErrorCode::not_found));
  EXPECT_FALSE(refused(request("SignIn", "POST", nobody, Access::anyone), ErrorCode::limit_exceeded));
  EXPECT_FALSE(
      refused(request("ListAccounts", "GET", nobody, Access::administrator), ErrorCode::unauthenticated));
  EXPECT_EQ(refused(request("StopWorkspace", "POST", ann), ErrorCode::permission_denied)->outcome,
            "permission_denied");
}

TEST_F(AuditLogTest, WhoIsSignedInByTheRequestIsItsActor) {
  note.actor = "ann";
  note.actor_email = "ann@example.org";
  EXPECT_EQ(audit_record(request("SignIn", "POST", nobody, Access::anyone), nullptr)->actor, "ann");
  EXPECT_TRUE(audit_record(request("EndProviderSignIn", "GET", nobody, Access::anyone), nullptr))
      << "a browser comes back from a provider";
}

TEST_F(AuditLogTest, AnImpersonationIsTheAdministratorsDeed) {
  auto acting = ann;
  acting.impersonator = "root";
  acting.impersonator_email = "root@example.org";
  const auto record = audit_record(request("UpdateWorkspace", "PATCH", acting), nullptr);
  EXPECT_EQ(record->actor, "root");
  EXPECT_EQ(record->by, AuditMeans::impersonation);
  EXPECT_EQ(record->data.at("as"), "ann");
  EXPECT_EQ(record->data.at("as_email"), "ann@example.org");
  auto token = ann;
  token.scopes.emplace();
  EXPECT_EQ(audit_record(request("UpdateWorkspace", "PATCH", token), nullptr)->by, AuditMeans::token);
}

TEST_F(AuditLogTest, NothingGrowsWithoutEnd) {
  note.target = std::string(100'000, 'x');
  note.data["settings"] = std::string(100'000, 'y');
  const auto record = audit_record(request("UpdateWorkspace", "PATCH", ann), nullptr);
  EXPECT_LE(record->target.size(), 256u);
  EXPECT_LE(record->data.at("settings").size(), 256u);
}

TEST_F(AuditLogTest, OneAddressCantFillItWithRefusals) {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{2};
  testing::HandClock clock;
  auto store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
  AuditLog log(store->audit(), pool, clock);
  const auto write = [&](AuditRecord record) {
    return await(io, [](AuditLog& to, AuditRecord one) -> net::Task<bool> {
      co_await to.write(std::move(one));
      co_return true;
    }(log, std::move(record)));
  };
  const auto line = [](const std::string& address, const std::string& outcome) {
    AuditRecord record;
    record.action = "SignIn";
    record.address = address;
    record.outcome = outcome;
    return record;
  };
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(write(line("192.0.2.1", "unauthenticated")));
  EXPECT_TRUE(write(line("192.0.2.2", "unauthenticated")));
  EXPECT_TRUE(write(line("192.0.2.1", "done")));
  const auto written = store->audit().list({}, 500);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->size(), 62u) << "60, another's, and what was done";
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(write(line("192.0.2.1", "unauthenticated")));
  const auto later = *store->audit().list({}, 500);
  ASSERT_EQ(later.size(), 64u) << "and one line for those that were left out";
  const auto told = std::ranges::find(later, "LeftOut", &AuditRecord::action);
  ASSERT_NE(told, later.end());
  EXPECT_EQ(told->address, "192.0.2.1");
  EXPECT_EQ(told->data.at("refusals"), "40");
}

TEST_F(AuditLogTest, WhatWasLeftOutIsToldAtTheEndToo) {
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{2};
  testing::HandClock clock;
  auto store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
  {
    AuditLog log(store->audit(), pool, clock);
    AuditRecord record;
    record.action = "SignIn";
    record.address = "192.0.2.1";
    record.outcome = "unauthenticated";
    for (int i = 0; i < 61; ++i)
      await(io, [](AuditLog& to, AuditRecord one) -> net::Task<bool> {
        co_await to.write(std::move(one));
        co_return true;
      }(log, record));
  }
  const auto written = *store->audit().list({}, 500);
  const auto told = std::ranges::find(written, "LeftOut", &AuditRecord::action);
  ASSERT_NE(told, written.end());
  EXPECT_EQ(told->data.at("refusals"), "1");
}

TEST_F(AuditLogTest, WhatWasDoneIsToldSoThoughAnotherStepFollows) {
  note.actor = "ann";
  note.data["password"] = "set";
  note.done = true;
  Error next{ErrorCode::unauthenticated, "Enter the code.", {}, {}};
  next.data["second_factor"] = "required";
  const auto record = audit_record(request("ResetPassword", "POST", nobody, Access::anyone), &next);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->outcome, "done");
  EXPECT_EQ(record->actor, "ann");
  EXPECT_EQ(record->data.at("second_factor"), "required");
}

class SettingsTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder;
  boost::asio::io_context io;
  boost::asio::thread_pool pool{2};
  std::unique_ptr<MetadataStore> store = std::move(*open_sqlite_store(folder.path() / "berth.sqlite"));
  Settings settings = Settings(store->settings(), {});

  Result<protocol::rest::Settings> domains(std::vector<std::string> list) {
    protocol::rest::UpdateSettings::Body body;
    body.registration_domains = std::move(list);
    return await(io, settings.update(std::move(body), pool));
  }
};

TEST_F(SettingsTest, DomainsAreComparedAsAWhole) {
  EXPECT_TRUE(settings.may_register("a@anywhere.test"));
  ASSERT_TRUE(domains({"Example.Org", "@b.test"}));
  EXPECT_TRUE(settings.may_register("a@example.org"));
  EXPECT_TRUE(settings.may_register("a@b.test"));
  for (const auto* outside :
       {"a@c.test", "a@sub.example.org", "a@notexample.org", "a@example.org.c.test", "a", ""})
    EXPECT_FALSE(settings.may_register(outside)) << outside;
  for (const auto* wrong : {"", "a b", ".org", "org.", "a..b", "ex,ample.org", "b\xC3\xBC.de"})
    EXPECT_FALSE(domains({wrong})) << wrong;
  EXPECT_TRUE(settings.may_register("a@example.org")) << "a refused change changes nothing";
  Settings others(store->settings(), {});
  ASSERT_TRUE(others.load());
  EXPECT_EQ(others.current().registration_domains, (std::vector<std::string>{"example.org", "b.test"}));
  ASSERT_TRUE(domains({}));
  EXPECT_TRUE(settings.may_register("a@c.test"));
}

TEST_F(SettingsTest, AWithdrawnTemplateIsSoForAllServers) {
  Settings others(store->settings(), {});
  EXPECT_TRUE(settings.offers("python"));
  ASSERT_TRUE(await(io, settings.offer("python", false, pool)));
  EXPECT_FALSE(settings.offers("python"));
  ASSERT_TRUE(others.load());
  EXPECT_FALSE(others.offers("python"));
  ASSERT_TRUE(await(io, settings.offer("python", true, pool)));
  ASSERT_TRUE(others.load());
  EXPECT_TRUE(others.offers("python"));
}

}  // namespace
}  // namespace berth::server
