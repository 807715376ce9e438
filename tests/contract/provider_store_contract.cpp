// SPDX-License-Identifier: GPL-3.0-or-later
// What every MetadataStore must do for identity providers that administrators add.
#include "server/provider_store.hpp"

#include "server/administration_store.hpp"
#include "server/identity_store.hpp"
#include "store_places.hpp"

namespace berth::server {
namespace {

class ProviderStoreContract : public testing::StoreContract {
 protected:
  static ProviderRecord provider(const std::string& id, const std::string& issuer) {
    return {.id = id,
            .name = "The " + id,
            .kind = "oidc",
            .issuer = issuer,
            .client_id = "berth",
            .secret = "sealed",
            .scopes = "groups roles",
            .enabled = true,
            .changed = 7};
  }
  ProviderStore& providers() { return store_->providers(); }
};

TEST_P(ProviderStoreContract, IsKeptAsItIsAndInOrder) {
  const auto b = provider("b", "https://b.example.org"), a = provider("a", "https://a.example.org");
  ASSERT_TRUE(providers().put(b, {}, 10));
  ASSERT_TRUE(providers().put(a, {}, 10));
  EXPECT_EQ(*providers().all(), (std::vector{a, b}));
  auto changed = b;
  changed.name = "x'); DROP TABLE providers;--";
  changed.issuer = "https://c.example.org";
  changed.secret.clear();
  changed.enabled = false;
  changed.changed = 9;
  ASSERT_TRUE(providers().put(changed, b, 10));
  EXPECT_EQ(*providers().all(), (std::vector{a, changed}));
  ASSERT_TRUE(providers().remove("b"));
  EXPECT_EQ(*providers().all(), (std::vector{a}));
  EXPECT_EQ(code(providers().remove("b")), ErrorCode::not_found);
}

TEST_P(ProviderStoreContract, NoTwoHaveAnIssuerAndNobodyOverwritesUnseen) {
  const auto a = provider("a", "https://a.example.org");
  ASSERT_TRUE(providers().put(a, {}, 10));
  EXPECT_EQ(code(providers().put(provider("b", a.issuer), {}, 10)), ErrorCode::conflict);
  EXPECT_EQ(code(providers().put(a, {}, 10)), ErrorCode::conflict) << "it was taken for a new one";
  auto other = a;
  other.changed = 8;
  EXPECT_EQ(code(providers().put(a, other, 10)), ErrorCode::conflict) << "somebody else changed it";
  EXPECT_EQ(code(providers().put(provider("b", "https://b.example.org"), {}, 1)), ErrorCode::limit_exceeded);
  EXPECT_TRUE(providers().put(other, a, 1)) << "it is one already";
  EXPECT_EQ(providers().all()->size(), 1u);
}

TEST_P(ProviderStoreContract, ServersAreToldAndPeopleCounted) {
  const auto before = *store_->administration().revision();
  ASSERT_TRUE(providers().put(provider("a", "https://a.example.org"), {}, 10));
  const auto added = *store_->administration().revision();
  EXPECT_GT(added, before);
  ASSERT_TRUE(providers().remove("a"));
  EXPECT_GT(*store_->administration().revision(), added);
  ASSERT_TRUE(store_->administration().raise());
  EXPECT_GT(*store_->administration().revision(), added + 1);

  ASSERT_TRUE(store_->accounts().insert({.id = "ann",
                                         .email = "ann@example.org",
                                         .name = "Ann",
                                         .password_hash = "hash",
                                         .administrator = false,
                                         .created = 5},
                                        0));
  for (const std::string subject : {"1", "2"})
    ASSERT_TRUE(store_->identities().insert({.id = "i" + subject,
                                             .account = "ann",
                                             .issuer = "https://a.example.org",
                                             .subject = subject,
                                             .email = {},
                                             .linked = 1}));
  EXPECT_EQ(*providers().identities(), (std::map<std::string, std::int64_t>{{"https://a.example.org", 2}}));
}

INSTANTIATE_TEST_SUITE_P(Stores, ProviderStoreContract, testing::every_store(),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace berth::server
