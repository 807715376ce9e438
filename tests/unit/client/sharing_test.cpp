// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/sharing.hpp"

#include "scripted_sharing.hpp"

namespace berth::test {
namespace {

using client::Sharing;
using protocol::Role;

class SharingTest : public testing::Test {
 protected:
  void SetUp() override {
    QObject::connect(&sharing, &Sharing::failed, [this](const Error& error) { problems.push_back(error); });
    QObject::connect(&sharing, &Sharing::left, [this](bool wished) { left = wished; });
    sharing.refresh();
    ASSERT_TRUE(settled());
    ASSERT_TRUE(sharing.isLoaded());
  }
  bool settled() {
    return wait_for([this] { return !sharing.isBusy(); });
  }
  const protocol::rest::Member* member(const std::string& account) {
    const auto found = std::ranges::find(sharing.members(), account, &protocol::rest::Member::account);
    return found == sharing.members().end() ? nullptr : &*found;
  }

  SignedInServer server;
  ScriptedSharing script{server};
  Sharing sharing{&server.connection, script.facts};
  std::vector<Error> problems;
  std::optional<bool> left;
};

TEST_F(SharingTest, WhoHasAnAccountIsInAtOnceAndOthersAreInvited) {
  QStringList told;
  QObject::connect(&sharing, &Sharing::added, [&](const QString& email, bool in) {
    told.append(email + (in ? QStringLiteral(" in") : QStringLiteral(" invited")));
  });
  sharing.add(QStringLiteral("known@example.org"), Role::editor);
  ASSERT_TRUE(settled());
  ASSERT_TRUE(member("known"));
  EXPECT_EQ(member("known")->role, Role::editor);
  sharing.add(QStringLiteral("new@example.org"), Role::viewer);
  ASSERT_TRUE(settled());
  ASSERT_EQ(sharing.invitations().size(), 1u);
  EXPECT_EQ(sharing.invitations()[0].role, Role::viewer);
  EXPECT_EQ(told,
            (QStringList{QStringLiteral("known@example.org in"), QStringLiteral("new@example.org invited")}));
  sharing.withdraw(QStringLiteral("i1"));
  ASSERT_TRUE(settled());
  EXPECT_TRUE(sharing.invitations().empty());
  EXPECT_EQ(script.changes.last(), QStringLiteral("DELETE /api/v1/workspaces/abcdefghij/invitations/i1"));
}

TEST_F(SharingTest, RolesAreChangedAndPeopleTakenOut) {
  sharing.setRole(QStringLiteral("grace"), Role::editor);
  ASSERT_TRUE(settled());
  ASSERT_TRUE(member("grace"));
  EXPECT_EQ(member("grace")->role, Role::editor);
  EXPECT_EQ(script.changes.last(), QStringLiteral("PATCH /api/v1/workspaces/abcdefghij/members/grace"));
  sharing.remove(QStringLiteral("grace"));
  ASSERT_TRUE(settled());
  EXPECT_FALSE(member("grace"));
  EXPECT_FALSE(left);
}

TEST_F(SharingTest, ALinksAddressIsKnownWhereItWasMade) {
  QString url;
  QObject::connect(&sharing, &Sharing::linkMade, [&](const QString& made) { url = made; });
  const auto before = QDateTime::currentMSecsSinceEpoch();
  sharing.makeLink(Role::editor, 86'400'000);
  ASSERT_TRUE(settled());
  ASSERT_EQ(sharing.links().size(), 1u);
  EXPECT_EQ(url, QStringLiteral("https://berth.example/join?token=secret"));
  EXPECT_EQ(sharing.urlOf(sharing.links()[0]), url);
  ASSERT_TRUE(sharing.links()[0].expires);
  EXPECT_GE(*sharing.links()[0].expires, before + 86'400'000);
  Sharing elsewhere(&server.connection, script.facts);
  elsewhere.refresh();
  ASSERT_TRUE(wait_for([&] { return elsewhere.isLoaded(); }));
  EXPECT_EQ(elsewhere.urlOf(elsewhere.links()[0]), QString());
  sharing.endLink(QStringLiteral("l1"));
  ASSERT_TRUE(settled());
  EXPECT_TRUE(sharing.links().empty());
  sharing.makeLink(Role::viewer, std::nullopt);
  ASSERT_TRUE(settled());
  EXPECT_FALSE(sharing.links()[0].expires);
}

TEST_F(SharingTest, ThePublicPagesAddressGoesWithIt) {
  sharing.setPublic(true);
  ASSERT_TRUE(settled());
  EXPECT_TRUE(sharing.facts().public_link);
  EXPECT_EQ(sharing.publicUrl(), QStringLiteral("https://berth.example/public/token1"));
  sharing.setPublic(false);
  ASSERT_TRUE(settled());
  EXPECT_FALSE(sharing.facts().public_link);
  EXPECT_EQ(sharing.publicUrl(), QString());
}

TEST_F(SharingTest, WhoHandsItOverMayNotChangeAnythingAnyMore) {
  EXPECT_TRUE(sharing.mayChange());
  QString to;
  QObject::connect(&sharing, &Sharing::transferred, [&](const QString& name) { to = name; });
  sharing.transfer(QStringLiteral("grace"));
  ASSERT_TRUE(settled());
  EXPECT_EQ(to, QStringLiteral("Grace Hopper"));
  EXPECT_FALSE(sharing.mayChange());
  EXPECT_EQ(member("grace")->role, Role::owner);
  EXPECT_TRUE(script.bodies.last().contains("\"grace\""));
}

TEST_F(SharingTest, WhatIsRefusedIsToldAndWhatIsIsShown) {
  script.refusal = {409, R"({"error":{"code":"conflict","message":"Stop it first.","data":{}}})"};
  script.people.members.pop_back();  // meanwhile, by somebody else
  sharing.transfer(QStringLiteral("grace"));
  ASSERT_TRUE(settled());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].message, "Stop it first.");
  EXPECT_TRUE(sharing.mayChange());
  EXPECT_FALSE(member("grace"));
}

TEST_F(SharingTest, LeavingAndBeingTakenOutAreToldApart) {
  script.facts.role = Role::viewer;
  sharing.leave();
  ASSERT_TRUE(settled());
  EXPECT_EQ(left, true);
  EXPECT_EQ(script.changes, QStringList{QStringLiteral("DELETE /api/v1/workspaces/abcdefghij/members/id")});
  left.reset();
  script.gone = true;
  sharing.refresh();
  ASSERT_TRUE(settled());
  EXPECT_EQ(left, false);
  EXPECT_TRUE(problems.empty());
}

TEST_F(SharingTest, AnIdIsOnePartOfItsPathWhateverItHolds) {
  sharing.remove(QStringLiteral("a/b?c{id}"));
  ASSERT_TRUE(settled());
  ASSERT_EQ(script.changes.size(), 1);
  const auto path = script.changes[0].section(u' ', 1);
  EXPECT_TRUE(path.startsWith(QStringLiteral("/api/v1/workspaces/abcdefghij/members/a%")));
  EXPECT_EQ(path.count(u'/'), 6);
  EXPECT_FALSE(path.contains(u'?'));
}

TEST_F(SharingTest, ItMayBeGoneWhenItsAnswerComes) {
  auto brief = std::make_unique<Sharing>(&server.connection, script.facts);
  QObject::connect(brief.get(), &Sharing::left, [&] { brief.reset(); });
  script.gone = true;
  brief->refresh();
  EXPECT_TRUE(wait_for([&] { return brief == nullptr; }));
}

}  // namespace
}  // namespace berth::test
