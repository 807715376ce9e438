// SPDX-License-Identifier: GPL-3.0-or-later
// What every store must do about identities, things that are good once, and mails on their way.
#include <future>

#include "server/administration_store.hpp"
#include "server/identity_store.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

class IdentityStoreContract : public testing::StoreContract {
 protected:
  static AccountRecord account(const std::string& id, const std::string& password_hash = "hash") {
    return {.id = id,
            .email = id + "@example.org",
            .name = id,
            .password_hash = password_hash,
            .administrator = false,
            .created = 5};
  }
  static IdentityRecord identity(const std::string& id, const std::string& account,
                                 const std::string& subject = "subject") {
    return {.id = id,
            .account = account,
            .issuer = "https://id.example.org",
            .subject = subject,
            .email = id + "@elsewhere.example",
            .linked = 7};
  }
  static TicketRecord ticket(const std::string& id, std::int64_t expires = 1000) {
    return {.id = id,
            .kind = "kind",
            .handle = "handle of " + id,
            .account = "ann",
            .data = "data",
            .created = 1,
            .expires = expires};
  }
  static OutboxRecord mail(const std::string& id, std::int64_t next) {
    return {.id = id, .sealed = "sealed " + id, .created = 1, .expires = 1000, .next = next, .attempts = 0};
  }
  IdentityStore& identities() { return store_->identities(); }
  TicketStore& tickets() { return store_->tickets(); }
  OutboxStore& outbox() { return store_->outbox(); }
};

TEST_P(IdentityStoreContract, AnIdentityBelongsToOneAccount) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->accounts().insert(account("bob"), 0));
  ASSERT_TRUE(identities().insert(identity("one", "ann")));
  EXPECT_EQ(code(identities().insert(identity("two", "bob"))), ErrorCode::already_exists);
  EXPECT_EQ(code(identities().insert(identity("two", "ann"))), ErrorCode::already_exists);
  EXPECT_EQ(code(identities().insert(identity("two", "nobody", "other"))), ErrorCode::not_found);
  const auto found = identities().find("https://id.example.org", "subject");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account, "ann");
  EXPECT_EQ(found->linked, 7);
  EXPECT_EQ(code(identities().find("https://other.example.org", "subject")), ErrorCode::not_found);
  EXPECT_EQ(code(identities().find("https://id.example.org", "Subject")), ErrorCode::not_found);
  ASSERT_TRUE(identities().update_email("one", "new@example.org"));
  reopen();
  EXPECT_EQ(identities().list_of("ann")->at(0).email, "new@example.org");
  EXPECT_TRUE(identities().list_of("bob")->empty());
}

TEST_P(IdentityStoreContract, AnAccountComesWithItsIdentityOrNotAtAll) {
  auto ann = account("ann", "");
  ann.email_verified = true;
  ASSERT_TRUE(identities().insert_account(ann, identity("one", "ann"), 2));
  EXPECT_TRUE(store_->accounts().by_id("ann")->email_verified);
  EXPECT_EQ(code(identities().insert_account(account("bob"), identity("two", "bob"), 0)),
            ErrorCode::already_exists);
  EXPECT_EQ(code(store_->accounts().by_id("bob")), ErrorCode::not_found);
  auto twin = account("twin");
  twin.email = "ann@example.org";
  EXPECT_EQ(code(identities().insert_account(twin, identity("two", "twin", "other"), 0)),
            ErrorCode::conflict);
  EXPECT_EQ(code(identities().find("https://id.example.org", "other")), ErrorCode::not_found);
  EXPECT_EQ(code(identities().insert_account(account("bob"), identity("two", "bob", "other"), 1)),
            ErrorCode::limit_exceeded);
}

TEST_P(IdentityStoreContract, OnlyOneOfManyGetsAnIdentity) {
  std::vector<std::future<bool>> racers;
  for (int i = 0; i < 8; ++i)
    racers.push_back(std::async(std::launch::async, [this, i] {
      const auto id = "racer" + std::to_string(i);
      return identities().insert_account(account(id), identity("identity of " + id, id), 0).has_value();
    }));
  int winners = 0;
  for (auto& racer : racers) winners += racer.get();
  EXPECT_EQ(winners, 1);
}

TEST_P(IdentityStoreContract, TheLastWayInStays) {
  ASSERT_TRUE(identities().insert_account(account("ann", ""), identity("one", "ann"), 0));
  EXPECT_EQ(code(identities().remove("ann", "one")), ErrorCode::conflict);
  EXPECT_EQ(code(identities().remove("bob", "one")), ErrorCode::not_found);
  ASSERT_TRUE(identities().insert(identity("two", "ann", "other")));
  EXPECT_TRUE(identities().remove("ann", "one"));
  EXPECT_EQ(code(identities().remove("ann", "two")), ErrorCode::conflict);
  ASSERT_TRUE(store_->accounts().change_password("ann", {.before = "", .after = "hash", .keep = {}}));
  EXPECT_TRUE(identities().remove("ann", "two"));
}

TEST_P(IdentityStoreContract, AnAddressIsVerifiedWhileItIsTheAccounts) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  EXPECT_FALSE(store_->accounts().by_id("ann")->email_verified);
  EXPECT_EQ(code(identities().verify_email("ann", "old@example.org")), ErrorCode::not_found);
  EXPECT_TRUE(identities().verify_email("ann", "ann@example.org"));
  ASSERT_TRUE(store_->accounts().update_profile("ann", {.name = "Anna", .email = "ann@example.org"}));
  EXPECT_TRUE(store_->accounts().by_id("ann")->email_verified);
  ASSERT_TRUE(store_->accounts().update_profile("ann", {.name = "Anna", .email = "anna@example.org"}));
  EXPECT_FALSE(store_->accounts().by_id("ann")->email_verified);
}

TEST_P(IdentityStoreContract, AResetEndsWhatStoodOnTheOldPassword) {
  ASSERT_TRUE(store_->accounts().insert(account("ann"), 0));
  ASSERT_TRUE(store_->accounts().insert(account("bob"), 0));
  const auto sign_in = [](const std::string& id, const std::string& owner) {
    return SignInRecord{.id = id,
                        .account = owner,
                        .salt = "salt",
                        .generation = 0,
                        .rotated = 1,
                        .created = 1,
                        .expires = 1000,
                        .client = "test"};
  };
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann")));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s2", "bob")));
  ASSERT_TRUE(store_->tokens().insert({.id = "t1",
                                       .account = "ann",
                                       .name = "t",
                                       .hash = "h",
                                       .scopes = "",
                                       .created = 1,
                                       .expires = {},
                                       .last_used = {}},
                                      10));
  ASSERT_TRUE(tickets().insert(ticket("one"), 0));
  ASSERT_TRUE(identities().insert(identity("one", "ann")));
  EXPECT_EQ(code(identities().reset_password("ann", "old@example.org", "new", true)), ErrorCode::not_found);
  EXPECT_TRUE(store_->sign_ins().find("s1"));
  // By an administrator's link: nothing is said about the address.
  ASSERT_TRUE(identities().reset_password("ann", "ann@example.org", "new", false));
  auto ann = store_->accounts().by_id("ann");
  EXPECT_EQ(ann->password_hash, "new");
  EXPECT_FALSE(ann->email_verified);
  EXPECT_EQ(code(store_->sign_ins().find("s1")), ErrorCode::not_found);
  EXPECT_TRUE(store_->sign_ins().find("s2"));
  EXPECT_EQ(code(store_->tokens().find("t1")), ErrorCode::not_found);
  EXPECT_EQ(code(tickets().find("kind", "one", 5)), ErrorCode::not_found);
  EXPECT_EQ(identities().list_of("ann")->size(), 1u);
  // By a mail: the address was not proven before, so neither was who linked what.
  ASSERT_TRUE(identities().reset_password("ann", "ann@example.org", "newer", true));
  EXPECT_TRUE(store_->accounts().by_id("ann")->email_verified);
  EXPECT_TRUE(identities().list_of("ann")->empty());
  // Now it is, and stays.
  ASSERT_TRUE(identities().insert(identity("two", "ann")));
  ASSERT_TRUE(identities().reset_password("ann", "ann@example.org", "newest", true));
  EXPECT_EQ(identities().list_of("ann")->size(), 1u);
}

TEST_P(IdentityStoreContract, AResetEndsWhatWasOpenElsewhereToo) {
  auto ann = account("ann");
  ann.administrator = true;
  ASSERT_TRUE(store_->accounts().insert(ann, 0));
  ASSERT_TRUE(store_->accounts().insert(account("bob"), 0));
  const auto sign_in = [](const std::string& id, const std::string& of, const std::string& by = {}) {
    return SignInRecord{.id = id,
                        .account = of,
                        .salt = "salt",
                        .generation = 0,
                        .rotated = 1,
                        .created = 1,
                        .expires = 1000,
                        .client = "test",
                        .address = {},
                        .impersonator = by};
  };
  const TokenRecord token{.id = "t1",
                          .account = "ann",
                          .name = "t",
                          .hash = "h",
                          .scopes = "",
                          .created = 1,
                          .expires = {},
                          .last_used = {}};
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("s1", "ann")));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("as bob", "bob", "s1")));
  ASSERT_TRUE(store_->sign_ins().insert(sign_in("bob himself", "bob")));
  ASSERT_TRUE(store_->tokens().insert(token, 10));
  const auto revision = *store_->administration().revision();
  const auto revoked = identities().reset_password("ann", "ann@example.org", "new", true);
  ASSERT_TRUE(revoked);
  EXPECT_EQ(*revoked, std::vector<std::string>{"t1"});
  EXPECT_EQ(code(store_->sign_ins().find("as bob")), ErrorCode::not_found);
  EXPECT_TRUE(store_->sign_ins().find("bob himself"));
  EXPECT_GT(*store_->administration().revision(), revision) << "every server looks again";
}

TEST_P(IdentityStoreContract, AnAdministratorsResetIsOneDeed) {
  auto ann = account("ann");
  ann.email_verified = true;
  ASSERT_TRUE(identities().insert_account(ann, identity("one", "ann"), 0));
  ASSERT_TRUE(store_->accounts().update_profile(
      "ann", {.name = "Ann", .email = "thief@example.org", .waits = true, .by = {}}));
  ASSERT_TRUE(store_->second_factors().begin({.account = "ann", .secret = "sealed", .created = 1}));
  for (int i = 0; i < 5; ++i) {
    auto asked = ticket("asked " + std::to_string(i));
    asked.kind = reset_ticket;
    ASSERT_TRUE(tickets().insert(asked, 5)) << "anybody may ask for these";
  }
  AccountReset reset{.account = "ann", .link = ticket("link")};
  reset.link.kind = reset_ticket;
  ASSERT_TRUE(identities().reset_account(reset)) << "and keeps no administrator from making this one";
  auto now = store_->accounts().by_id("ann");
  EXPECT_EQ(now->password_hash, "");
  EXPECT_EQ(now->pending_email, "");
  EXPECT_EQ(now->email, "ann@example.org");
  EXPECT_TRUE(now->email_verified);
  EXPECT_TRUE(identities().list_of("ann")->empty());
  EXPECT_TRUE(*store_->second_factors().find("ann"));
  EXPECT_EQ(code(tickets().find(reset_ticket, "asked 0", 5)), ErrorCode::not_found);
  EXPECT_TRUE(tickets().find(reset_ticket, "link", 5));
  ASSERT_TRUE(identities().insert(identity("two", "ann")));
  reset.remove_identities = false;
  reset.remove_second_factor = true;
  ASSERT_TRUE(identities().reset_account(reset));
  EXPECT_FALSE(*store_->second_factors().find("ann"));
  EXPECT_EQ(identities().list_of("ann")->size(), 1u);
  reset.account = reset.link.account = "nobody";
  EXPECT_EQ(code(identities().reset_account(reset)), ErrorCode::not_found);
}

TEST_P(IdentityStoreContract, TheOldestTicketsMakeRoomWhereThatIsWanted) {
  for (int i = 0; i < 5; ++i) {
    auto one = ticket("t" + std::to_string(i));
    one.created = i;
    ASSERT_TRUE(tickets().insert(one, 3, FullTickets::forget_oldest)) << i;
  }
  EXPECT_EQ(code(tickets().find("kind", "t1", 5)), ErrorCode::not_found);
  for (const auto* kept : {"t2", "t3", "t4"}) EXPECT_TRUE(tickets().find("kind", kept, 5)) << kept;
}

TEST_P(IdentityStoreContract, ATicketIsTakenOnceAndNotAfterItsTime) {
  ASSERT_TRUE(tickets().insert(ticket("one"), 0));
  EXPECT_EQ(tickets().find("kind", "one", 5)->data, "data");
  EXPECT_EQ(tickets().find_handle("kind", "handle of one", 5)->id, "one");
  EXPECT_EQ(code(tickets().find("other", "one", 5)), ErrorCode::not_found);
  EXPECT_EQ(code(tickets().take("other", "one", 5)), ErrorCode::not_found);
  EXPECT_EQ(code(tickets().take("kind", "one", 1000)), ErrorCode::not_found);
  EXPECT_EQ(code(tickets().find_handle("kind", "handle of one", 1000)), ErrorCode::not_found);
  std::vector<std::future<bool>> racers;
  for (int i = 0; i < 8; ++i)
    racers.push_back(
        std::async(std::launch::async, [this] { return tickets().take("kind", "one", 5).has_value(); }));
  int winners = 0;
  for (auto& racer : racers) winners += racer.get();
  EXPECT_EQ(winners, 1);
}

TEST_P(IdentityStoreContract, TicketsAreLimitedChangedAndForgotten) {
  ASSERT_TRUE(tickets().insert(ticket("one", 10), 2));
  ASSERT_TRUE(tickets().insert(ticket("two"), 2));
  EXPECT_EQ(code(tickets().insert(ticket("three"), 2)), ErrorCode::limit_exceeded);
  auto later = ticket("three");
  later.created = 10;
  ASSERT_TRUE(tickets().insert(later, 2));  // the first has expired
  auto changed = later;
  changed.account = "bob";
  changed.data = "other";
  EXPECT_FALSE(*tickets().change(changed, "not what it has"));
  EXPECT_TRUE(*tickets().change(changed, "data"));
  EXPECT_EQ(tickets().find("kind", "three", 20)->account, "bob");
  ASSERT_TRUE(tickets().remove_all("ann", "kind"));
  EXPECT_EQ(code(tickets().find("kind", "two", 20)), ErrorCode::not_found);
  EXPECT_TRUE(tickets().find("kind", "three", 20));
}

TEST_P(IdentityStoreContract, AMailIsClaimedByOneAtATime) {
  ASSERT_TRUE(outbox().insert(mail("one", 10), 0));
  ASSERT_TRUE(outbox().insert(mail("two", 5), 0));
  EXPECT_EQ(code(outbox().insert(mail("three", 5), 2)), ErrorCode::limit_exceeded);
  EXPECT_TRUE(outbox().claim(4, 100, 10)->empty());
  std::vector<std::future<std::size_t>> racers;
  for (int i = 0; i < 8; ++i)
    racers.push_back(std::async(std::launch::async, [this] {
      const auto claimed = outbox().claim(20, 100, 1);
      return claimed ? claimed->size() : 0;
    }));
  std::size_t claimed = 0;
  for (auto& racer : racers) claimed += racer.get();
  EXPECT_EQ(claimed, 2u);
  EXPECT_TRUE(outbox().claim(99, 200, 10)->empty());
  const auto again = outbox().claim(100, 200, 1);  // whoever had them is gone
  ASSERT_EQ(again->size(), 1u);
  EXPECT_EQ(again->at(0).attempts, 2);
  EXPECT_EQ(again->at(0).sealed, "sealed " + again->at(0).id);
  ASSERT_TRUE(outbox().remove(again->at(0).id));
  const auto other = again->at(0).id == "one" ? "two" : "one";
  ASSERT_TRUE(outbox().postpone(other, 500));
  EXPECT_TRUE(outbox().claim(499, 600, 10)->empty());
  EXPECT_EQ(outbox().claim(500, 600, 10)->size(), 1u);
  EXPECT_EQ(*outbox().remove_expired(999), 0);
  EXPECT_EQ(*outbox().remove_expired(1000), 1);
}

INSTANTIATE_TEST_SUITE_P(Stores, IdentityStoreContract, testing::every_store(),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace berth::server
