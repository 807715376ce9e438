// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/secret_store.hpp"

#include <gtest/gtest.h>

#include <QFileInfo>
#include <QTemporaryDir>

#include "wait_for.hpp"

namespace berth::test {
namespace {

TEST(SecretStore, KeepsSecretsInAFileThatOnlyItsOwnerReads) {
  QTemporaryDir folder;
  const auto path = folder.filePath(QStringLiteral("secrets.json"));
  QObject context;
  Result<QString> got = failure(ErrorCode::internal, "not asked");
  {
    client::SecretStore store(path);
    ASSERT_TRUE(store.usesFile());  // BERTH_SECRET_STORE=file
    store.write(QStringLiteral("a"), QStringLiteral("token-a"));
    store.write(QStringLiteral("b"), QStringLiteral("token-b"));
  }
  EXPECT_EQ(QFileInfo(path).permissions() & (QFileDevice::ReadGroup | QFileDevice::WriteGroup |
                                             QFileDevice::ReadOther | QFileDevice::WriteOther),
            QFileDevice::Permissions());
  client::SecretStore store(path);
  store.read(QStringLiteral("a"), &context, [&](Result<QString> answer) { got = std::move(answer); });
  ASSERT_TRUE(wait_for([&] { return got.has_value(); }));
  EXPECT_EQ(*got, QStringLiteral("token-a"));
  store.remove(QStringLiteral("a"));
  store.read(QStringLiteral("a"), &context, [&](Result<QString> answer) { got = std::move(answer); });
  ASSERT_TRUE(wait_for([&] { return !got.has_value(); }));
  EXPECT_EQ(got.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace berth::test
