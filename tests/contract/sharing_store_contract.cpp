// SPDX-License-Identifier: GPL-3.0-or-later
// What every MemberStore, InvitationStore and OpeningStore must do.
#include "server/sharing_store.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

using protocol::Role;
using protocol::rest::WorkspaceState;

class SharingStoreContract : public testing::StoreContract {
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
    make("w1", "ann");
    make("w2", "ann");
  }
  void make(const std::string& id, const std::string& account) {
    ASSERT_TRUE(store_->workspaces().insert({.id = id,
                                             .account = account,
                                             .name = "w",
                                             .template_id = "python",
                                             .state = WorkspaceState::stopped,
                                             .reason = {},
                                             .created = 7,
                                             .last_used = 8,
                                             .started = {}},
                                            100));
  }
  static InvitationRecord waiting(const std::string& id, const std::string& email, Role role = Role::editor,
                                  std::optional<std::int64_t> expires = 1000) {
    return {.id = id,
            .workspace = "w1",
            .email = email,
            .role = role,
            .secret = "secret of " + id,
            .invited_by = "ann",
            .created = 10,
            .expires = expires};
  }
  std::optional<Role> role(const std::string& account, const std::string& workspace = "w1") {
    const auto found = store_->members().role_of(workspace, account);
    EXPECT_TRUE(found);
    return found.value_or(std::nullopt);
  }
  MemberStore& members() { return store_->members(); }
  InvitationStore& invitations() { return store_->invitations(); }
  OpeningStore& openings() { return store_->openings(); }
};

TEST_P(SharingStoreContract, RolesBelongToOneWorkspace) {
  EXPECT_EQ(role("ann"), Role::owner);
  EXPECT_EQ(role("bob"), std::nullopt);
  EXPECT_EQ(role("ann", "nothing"), std::nullopt);
  ASSERT_TRUE(members().add("w1", "bob", Role::viewer, 20, 10));
  EXPECT_EQ(role("bob"), Role::viewer);
  EXPECT_EQ(role("bob", "w2"), std::nullopt);
  EXPECT_EQ(code(members().add("w1", "bob", Role::editor, 21, 10)), ErrorCode::already_exists);
  EXPECT_EQ(code(members().add("w1", "ann", Role::editor, 21, 10)), ErrorCode::already_exists);
  EXPECT_EQ(code(members().add("w1", "nobody", Role::editor, 21, 10)), ErrorCode::not_found);
  EXPECT_EQ(code(members().add("nothing", "bob", Role::editor, 21, 10)), ErrorCode::not_found);
  EXPECT_EQ(code(members().add("w1", "eve", Role::editor, 21, 1)), ErrorCode::limit_exceeded);
  const auto all = members().list("w1");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].account, "ann");
  EXPECT_EQ((*all)[0].role, Role::owner);
  EXPECT_EQ((*all)[0].since, 7);
  EXPECT_EQ((*all)[1].account, "bob");
  EXPECT_EQ((*all)[1].name, "Name of bob");
  EXPECT_EQ((*all)[1].email, "bob@example.org");
  EXPECT_EQ((*all)[1].since, 20);
  EXPECT_TRUE(members().list("nothing")->empty());
}

TEST_P(SharingStoreContract, RolesChangeAndEnd) {
  ASSERT_TRUE(members().add("w1", "bob", Role::viewer, 20, 10));
  EXPECT_TRUE(*members().change("w1", "bob", Role::editor, "changed"));
  EXPECT_FALSE(*members().change("w1", "bob", Role::editor, "changed")) << "it is that already";
  EXPECT_EQ(role("bob"), Role::editor);
  EXPECT_EQ(code(members().change("w1", "eve", Role::editor, "changed")), ErrorCode::not_found);
  EXPECT_EQ(code(members().change("w1", "ann", Role::editor, "changed")), ErrorCode::not_found);
  EXPECT_EQ(code(members().remove("w2", "bob", "out")), ErrorCode::not_found);
  EXPECT_TRUE(members().remove("w1", "bob", "out"));
  EXPECT_EQ(role("bob"), std::nullopt);
  EXPECT_EQ(code(members().remove("w1", "bob", "out")), ErrorCode::not_found);
  EXPECT_EQ(code(members().remove("w1", "ann", "out")), ErrorCode::not_found) << "the owner is no member";
}

TEST_P(SharingStoreContract, ADeletedWorkspaceLeavesNothingOfItsPeople) {
  ASSERT_TRUE(members().add("w1", "bob", Role::viewer, 20, 10));
  ASSERT_TRUE(invitations().insert(waiting("i1", "carl@example.org"), 10));
  const auto link = openings().open({.workspace = "w1", .id = "p1", .created = 1});
  ASSERT_TRUE(openings().set_ports("w1", {{80, PortVisibility::everybody}}, 10, "less"));
  ASSERT_TRUE(store_->workspaces().remove("w1"));
  EXPECT_TRUE(store_->workspaces().visible({.account = "bob"}, 10)->empty());
  EXPECT_EQ(code(invitations().find("i1")), ErrorCode::not_found);
  EXPECT_EQ(code(openings().find("p1")), ErrorCode::not_found);
  EXPECT_EQ(openings().port("w1", 80)->visibility, PortVisibility::members_who_edit);
}

TEST_P(SharingStoreContract, WhatIsSharedIsDescribedToThoseWhoMaySeeIt) {
  const auto one = [&](const std::string& account, std::int64_t now = 50) {
    const auto all = members().describe({"w1", "w2", "nothing"}, account, now);
    EXPECT_TRUE(all);
    return *all;
  };
  EXPECT_EQ(one("ann").size(), 2u);
  EXPECT_FALSE(one("ann")[0].shared);
  EXPECT_TRUE(one("bob").empty());
  EXPECT_TRUE(members().describe({}, "ann", 50)->empty());
  ASSERT_TRUE(members().add("w1", "bob", Role::editor, 20, 10));
  const auto seen = one("bob");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].workspace, "w1");
  EXPECT_EQ(seen[0].role, Role::editor);
  EXPECT_EQ(seen[0].owner, "ann");
  EXPECT_EQ(seen[0].owner_name, "Name of ann");
  EXPECT_EQ(seen[0].owner_email, "ann@example.org");
  EXPECT_TRUE(seen[0].shared);
  EXPECT_FALSE(seen[0].public_link);
  auto of_w2 = waiting("i2", "");
  of_w2.workspace = "w2";
  ASSERT_TRUE(invitations().insert(of_w2, 10));
  ASSERT_TRUE(openings().open({.workspace = "w2", .id = "p2", .created = 1}));
  EXPECT_TRUE(one("ann")[1].shared);
  EXPECT_TRUE(one("ann")[1].public_link);
  EXPECT_FALSE(one("ann", 2000)[1].shared) << "a link that has expired shares nothing";
  std::vector<std::string> many(300, "w1");
  many[299] = "w2";
  EXPECT_EQ(members().describe(many, "ann", 50)->size(), 2u);
}

TEST_P(SharingStoreContract, AnInvitationIsGoodOnceAndUntilItExpires) {
  ASSERT_TRUE(invitations().insert(waiting("i1", "bob@example.org"), 10));
  EXPECT_EQ(code(invitations().accept("i1", "wrong", "bob", 50, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(code(invitations().accept("i0", "secret of i1", "bob", 50, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(code(invitations().accept("i1", "secret of i1", "bob", 1000, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(role("bob"), std::nullopt);
  EXPECT_FALSE(*invitations().accept("i1", "secret of i1", "ann", 50, 10, "r")) << "the owner is in";
  EXPECT_EQ(role("ann"), Role::owner);
  EXPECT_TRUE(*invitations().accept("i1", "secret of i1", "bob", 999, 10, "r"));
  EXPECT_EQ(role("bob"), Role::editor);
  EXPECT_EQ(code(invitations().accept("i1", "secret of i1", "eve", 50, 10, "r")), ErrorCode::not_found);
}

TEST_P(SharingStoreContract, ALinkIsGoodForManyAndLowersNobody) {
  ASSERT_TRUE(invitations().insert(waiting("l1", "", Role::viewer, std::nullopt), 10));
  EXPECT_TRUE(*invitations().accept("l1", "secret of l1", "bob", 1'000'000, 10, "r"));
  EXPECT_FALSE(*invitations().accept("l1", "secret of l1", "bob", 1'000'000, 10, "r"));
  EXPECT_EQ(code(invitations().accept("l1", "secret of l1", "eve", 50, 1, "r")), ErrorCode::limit_exceeded);
  EXPECT_EQ(role("eve"), std::nullopt);
  EXPECT_TRUE(*invitations().accept("l1", "secret of l1", "eve", 50, 10, "r"));
  EXPECT_EQ(invitations().find("l1")->uses, 2);
  EXPECT_EQ(invitations().find("l1")->expires, std::nullopt);
  ASSERT_TRUE(members().change("w1", "bob", Role::editor, "r"));
  EXPECT_FALSE(*invitations().accept("l1", "secret of l1", "bob", 50, 10, "r"));
  EXPECT_EQ(role("bob"), Role::editor);
  ASSERT_TRUE(invitations().insert(waiting("l2", ""), 10));
  EXPECT_TRUE(*invitations().accept("l2", "secret of l2", "eve", 50, 10, "r")) << "and raises";
  EXPECT_EQ(role("eve"), Role::editor);
  EXPECT_EQ(code(invitations().remove("w2", "l1")), ErrorCode::not_found);
  EXPECT_TRUE(invitations().remove("w1", "l1"));
  EXPECT_EQ(code(invitations().accept("l1", "secret of l1", "eve", 50, 10, "r")), ErrorCode::not_found);
  EXPECT_EQ(role("eve"), Role::editor) << "who came by it stays";
}

TEST_P(SharingStoreContract, InvitationsAreCountedListedAndReplaced) {
  ASSERT_TRUE(invitations().insert(waiting("i1", "x@example.org", Role::viewer), 2));
  ASSERT_TRUE(invitations().insert(waiting("i2", "y@example.org"), 2));
  EXPECT_EQ(code(invitations().insert(waiting("i3", "z@example.org"), 2)), ErrorCode::limit_exceeded);
  EXPECT_TRUE(invitations().insert(waiting("i4", "x@example.org"), 2)) << "instead of i1";
  EXPECT_EQ(code(invitations().find("i1")), ErrorCode::not_found);
  EXPECT_TRUE(invitations().insert(waiting("l1", ""), 1)) << "links are counted apart";
  EXPECT_EQ(code(invitations().insert(waiting("l2", ""), 1)), ErrorCode::limit_exceeded);
  EXPECT_EQ(invitations().list("w1", 999)->size(), 3u);
  EXPECT_TRUE(invitations().list("w1", 1000)->empty());
  EXPECT_TRUE(invitations().list("w2", 50)->empty());
  auto late = waiting("i5", "z@example.org");
  late.created = 5000;
  late.expires = 9000;
  EXPECT_TRUE(invitations().insert(late, 1)) << "expired ones make room";
  EXPECT_EQ(code(invitations().find("i4")), ErrorCode::not_found);
  auto lost = waiting("i6", "q@example.org");
  lost.workspace = "nothing";
  EXPECT_EQ(code(invitations().insert(lost, 9)), ErrorCode::not_found);
}

TEST_P(SharingStoreContract, AProvenAddressTakesAllItsInvitations) {
  ASSERT_TRUE(invitations().insert(waiting("i1", "bob@example.org"), 10));
  auto other = waiting("i2", "bob@example.org", Role::viewer);
  other.workspace = "w2";
  ASSERT_TRUE(invitations().insert(other, 10));
  ASSERT_TRUE(invitations().insert(waiting("l1", ""), 10));
  EXPECT_TRUE(invitations().accept_all("", "bob", 50, 10, "r")->empty()) << "links are nobody's";
  EXPECT_EQ(role("bob"), std::nullopt);
  EXPECT_EQ(invitations().accept_all("bob@example.org", "bob", 50, 10, "r")->size(), 2u);
  EXPECT_EQ(role("bob"), Role::editor);
  EXPECT_EQ(role("bob", "w2"), Role::viewer);
  EXPECT_TRUE(invitations().accept_all("bob@example.org", "bob", 50, 10, "r")->empty());
}

TEST_P(SharingStoreContract, AnInvitationThatHasNoRoomWaits) {
  ASSERT_TRUE(members().add("w1", "eve", Role::viewer, 20, 1));
  ASSERT_TRUE(invitations().insert(waiting("i1", "bob@example.org"), 10));
  EXPECT_TRUE(invitations().accept_all("bob@example.org", "bob", 50, 1, "r")->empty());
  EXPECT_EQ(role("bob"), std::nullopt);
  EXPECT_TRUE(invitations().accept_all("bob@example.org", "bob", 1'000, 10, "r")->empty()) << "expired";
  EXPECT_EQ(invitations().accept_all("bob@example.org", "bob", 50, 2, "r")->size(), 1u);
  ASSERT_TRUE(invitations().insert(waiting("i2", "eve@example.org"), 10));
  EXPECT_EQ(invitations().accept_all("eve@example.org", "eve", 50, 1, "r")->size(), 1u)
      << "who is in rises all the same";
  EXPECT_EQ(role("eve"), Role::editor);
}

TEST_P(SharingStoreContract, AListShowsInPagesWhatTheAccountMaySee) {
  using Names = std::vector<std::string>;
  const auto list = [&](WorkspaceListing listing, std::size_t limit = 100) {
    Names names;
    const auto found = store_->workspaces().visible(listing, limit);
    EXPECT_TRUE(found) << found.error().message;
    if (found)
      for (const auto& one : *found) names.push_back(one.id);
    return names;
  };
  make("w3", "bob");
  make("w4", "eve");
  ASSERT_TRUE(store_->workspaces().rename("w2", "50%_Rabatt! \xC3\x84"));
  ASSERT_TRUE(store_->workspaces().touch("w2", 30));
  ASSERT_TRUE(store_->workspaces().touch("w3", 20));
  ASSERT_TRUE(members().add("w3", "ann", Role::viewer, 20, 10));
  EXPECT_EQ(list({.account = "ann"}), (Names{"w2", "w3", "w1"})) << "last used first";
  EXPECT_EQ(list({.account = "bob"}), Names{"w3"});
  EXPECT_EQ(list({.account = "nobody"}), Names{});
  ASSERT_TRUE(members().remove("w3", "ann", "r"));
  EXPECT_EQ(list({.account = "ann"}), (Names{"w2", "w1"}));
  ASSERT_TRUE(members().add("w3", "ann", Role::editor, 20, 10));

  EXPECT_EQ(list({.account = "ann", .owner = "bob"}), Names{"w3"});
  EXPECT_EQ(list({.account = "ann", .owner = "ann"}), (Names{"w2", "w1"}));
  EXPECT_EQ(list({.account = "ann", .owner = "eve"}), Names{}) << "an owner shows nobody more";
  EXPECT_EQ(list({.account = "ann", .text = "W1"}), Names{"w1"}) << "a part of the id";
  EXPECT_EQ(list({.account = "ann", .text = "rabatt"}), Names{"w2"});
  EXPECT_EQ(list({.account = "ann", .text = "50%_R"}), Names{"w2"}) << "no wildcards";
  EXPECT_EQ(list({.account = "ann", .text = "5%R"}), Names{});
  EXPECT_EQ(list({.account = "ann", .text = "! \xC3\x84"}), Names{"w2"});
  EXPECT_EQ(list({.account = "ann", .text = std::string("a\0\xff", 3)}), Names{});

  // Pages meet without a gap and without one shown twice, also among those of one time.
  for (const auto* id : {"w5", "w6", "w7"}) make(id, "ann");
  const Names all{"w2", "w3", "w1", "w5", "w6", "w7"};
  EXPECT_EQ(list({.account = "ann"}), all);
  for (std::size_t limit = 1; limit <= all.size(); ++limit) {
    Names seen;
    WorkspaceListing listing{.account = "ann"};
    while (true) {
      const auto page = list(listing, limit);
      if (page.empty()) break;
      EXPECT_LE(page.size(), limit);
      seen.insert(seen.end(), page.begin(), page.end());
      const auto last = store_->workspaces().find(page.back());
      listing.after = WorkspaceListing::Place{last->last_used, last->id};
    }
    EXPECT_EQ(seen, all) << limit;
  }
}

TEST_P(SharingStoreContract, AWorkspaceChangesHandsWithItsVersions) {
  const auto root = protocol::ObjectId::of("root");
  const auto put = [&](const std::string& owner) {
    NewPack pack{.name = std::string(63, '0') + owner.front(), .size = 10, .objects = {}};
    pack.objects.push_back({.id = root, .offset = 0, .length = 5, .size = 5, .refers = true});
    ASSERT_TRUE(store_->objects().insert(owner, {pack}, 10, 0));
  };
  put("ann");
  ASSERT_TRUE(store_->versions().insert({.id = "v1",
                                         .workspace = "w1",
                                         .owner = "ann",
                                         .root = root,
                                         .created = 100,
                                         .name = {},
                                         .author = {},
                                         .restored_from = {}}));
  const auto hand_over = [&](std::int64_t most = 100) {
    return members().transfer({"w1", "ann", "bob", "ann"}, 60, most, "handed over");
  };
  EXPECT_EQ(code(hand_over()), ErrorCode::not_found) << "bob is no member";
  ASSERT_TRUE(members().add("w1", "bob", Role::viewer, 20, 10));
  EXPECT_EQ(code(hand_over()), ErrorCode::conflict) << "bob has no such object";
  put("bob");
  make("w3", "bob");
  EXPECT_EQ(code(hand_over(1)), ErrorCode::limit_exceeded);
  EXPECT_EQ(role("ann"), Role::owner);
  EXPECT_TRUE(hand_over(2));
  EXPECT_EQ(role("bob"), Role::owner);
  EXPECT_EQ(role("ann"), Role::editor);
  EXPECT_EQ(store_->versions().find("w1", "v1")->owner, "bob");
  EXPECT_EQ(store_->workspaces().find("w1")->account, "bob");
  EXPECT_EQ(members().list("w1")->size(), 2u);
  EXPECT_EQ(code(hand_over()), ErrorCode::conflict) << "ann is not the owner any more";
}

TEST_P(SharingStoreContract, APublicLinkIsOneUntilItIsClosed) {
  EXPECT_EQ(code(openings().open({.workspace = "nothing", .id = "p0", .created = 1})), ErrorCode::not_found);
  EXPECT_EQ(openings().open({.workspace = "w1", .id = "p1", .created = 1})->id, "p1");
  EXPECT_EQ(openings().open({.workspace = "w1", .id = "p2", .created = 2})->id, "p1");
  EXPECT_EQ(openings().find("p1")->workspace, "w1");
  EXPECT_EQ(code(openings().find("p2")), ErrorCode::not_found);
  EXPECT_TRUE(openings().close("w1"));
  EXPECT_TRUE(openings().close("w1"));
  EXPECT_EQ(code(openings().find("p1")), ErrorCode::not_found);
  EXPECT_EQ(openings().open({.workspace = "w1", .id = "p3", .created = 3})->id, "p3");
}

TEST_P(SharingStoreContract, PortsArePrivateUntilSaidOtherwise) {
  using enum PortVisibility;
  EXPECT_EQ(openings().port("w1", 80)->visibility, members_who_edit);
  EXPECT_EQ(openings().port("w1", 80)->generation, 0);
  EXPECT_TRUE(
      openings().set_ports("w1", {{80, everybody}, {81, people}, {82, members_who_edit}}, 2, "r")->empty());
  EXPECT_EQ(openings().ports("w1")->size(), 2u);
  EXPECT_EQ(openings().port("w1", 80)->visibility, everybody);
  EXPECT_EQ(openings().port("w2", 80)->visibility, members_who_edit);
  EXPECT_EQ(code(openings().set_ports("w1", {{83, people}}, 2, "r")), ErrorCode::limit_exceeded);
  EXPECT_EQ(code(openings().set_ports("nothing", {{83, people}}, 2, "r")), ErrorCode::not_found);
  EXPECT_EQ(*openings().set_ports("w1", {{80, people}, {81, everybody}}, 2, "r"),
            std::vector<std::uint16_t>{80});
  EXPECT_EQ(*openings().set_ports("w1", {{80, members_who_edit}}, 2, "r"), std::vector<std::uint16_t>{80});
  EXPECT_TRUE(openings().set_ports("w1", {{83, people}}, 2, "r")) << "there is room again";
}

TEST_P(SharingStoreContract, LinksToAPortEndWhenItIsMadePrivateAgain) {
  using enum PortVisibility;
  EXPECT_EQ(code(openings().link_generation("nothing", 80)), ErrorCode::not_found);
  EXPECT_EQ(*openings().link_generation("w1", 80), 1);
  EXPECT_EQ(*openings().link_generation("w1", 80), 1);
  EXPECT_EQ(openings().port("w1", 80)->visibility, members_who_edit);
  EXPECT_EQ(*openings().set_ports("w1", {{80, members_who_edit}}, 2, "r"), std::vector<std::uint16_t>{80});
  EXPECT_EQ(openings().port("w1", 80)->generation, 2);
  EXPECT_TRUE(openings().set_ports("w1", {{80, people}}, 2, "r"));
  EXPECT_EQ(*openings().link_generation("w1", 80), 2);
}

INSTANTIATE_TEST_SUITE_P(Stores, SharingStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
