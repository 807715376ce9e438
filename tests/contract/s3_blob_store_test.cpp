// SPDX-License-Identifier: GPL-3.0-or-later
// What an S3 store does when the way to the server, or the server, misbehaves. The server is real
// (s3_server_process.hpp); the faults happen in a proxy before it.
#include "server/blobs/s3_blob_store.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/contract/blob_places.hpp"
#include "tests/fault_proxy.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;
using test::Fault;
using testing::code_of;
using testing::noise;
using Kind = test::Fault::Kind;

class S3BlobStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    settings_ = testing::shared_s3_server().settings();
    settings_.prefix = "test-" + random_id(12);
    direct_ = std::make_unique<S3BlobStore>(settings_);
    settings_.endpoint = proxy_.endpoint();
  }
  /// Through the proxy.
  S3BlobStore& store() {
    if (!store_) store_ = std::make_unique<S3BlobStore>(settings_);
    return *store_;
  }
  std::string fault(const std::string& code) {
    return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
  }
  void expect_stored(const Result<void>& put, const std::string& key, const std::string& bytes) {
    EXPECT_TRUE(put) << put.error().message << " " << put.error().detail;
    const auto back = direct_->get(key);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(*back == bytes) << back->size();
  }
  /// Uploads that were neither completed nor aborted.
  std::size_t open_uploads() {
    S3Client client(testing::shared_s3_server().settings());
    auto answer = client.send({.query = {{"uploads", ""}, {"prefix", settings_.prefix}}});
    EXPECT_TRUE(answer && answer->status == 200);
    return answer ? parse_s3_uploads(answer->body)->size() : 999;
  }

  test::FaultProxy proxy_{testing::shared_s3_server().port()};
  S3Settings settings_;
  std::unique_ptr<S3BlobStore> direct_, store_;
};

TEST_F(S3BlobStoreTest, AWrongSecretIsRefusedAtOnceAndNotShown) {
  settings_.secret_key = "not-the-secret";
  const auto put = store().put("a", "x");
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::unavailable);
  EXPECT_NE(put.error().message.find("refused the server's credentials"), std::string::npos)
      << put.error().message;
  EXPECT_NE(put.error().detail.find("SignatureDoesNotMatch"), std::string::npos) << put.error().detail;
  EXPECT_EQ((put.error().message + put.error().detail + store().describe()).find("not-the-secret"),
            std::string::npos);
  EXPECT_EQ(proxy_.connections(), 1);
  EXPECT_FALSE(store().get("a"));
  EXPECT_FALSE(store().list("", "", 10));
  EXPECT_FALSE(store().remove("a"));
  EXPECT_FALSE(store().check());
  EXPECT_TRUE(direct_->list("", "", 10)->empty());
}

TEST_F(S3BlobStoreTest, AnUnknownBucketIsNamed) {
  settings_.bucket = "no-such-bucket";
  for (const auto& error : {store().put("a", "x").error(), store().get("a").error(), store().check().error(),
                            store().list("", "", 5).error()}) {
    EXPECT_EQ(error.code, ErrorCode::unavailable);
    EXPECT_NE(error.message.find("no bucket no-such-bucket"), std::string::npos) << error.message;
  }
}

TEST_F(S3BlobStoreTest, OneConnectionServesManyRequests) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(store().put("k" + std::to_string(i), "x"));
  EXPECT_EQ(store().list("", "", 100)->size(), 10u);
  EXPECT_EQ(proxy_.connections(), 1);
}

TEST_F(S3BlobStoreTest, PassingFaultsOfTheServerAreTriedAgain) {
  proxy_.plan(
      {Fault::status(503, fault("SlowDown")), Fault::status(500), Fault::status(429), Fault{Kind::refuse}});
  expect_stored(store().put("a", "bytes"), "a", "bytes");
  EXPECT_EQ(proxy_.connections(), 5);
}

TEST_F(S3BlobStoreTest, ConnectionsThatBreakAreTriedAgain) {
  const auto bytes = noise(500'000, 1);
  proxy_.plan({{Kind::refuse},
               {Kind::cut_request, 100},
               {Kind::cut_request, 200'000},
               {Kind::cut_answer, 20},
               {Kind::lose_answer}});
  expect_stored(store().put("a", bytes), "a", bytes);
  EXPECT_EQ(proxy_.connections(), 6);
}

TEST_F(S3BlobStoreTest, ABlobThatBreaksOffIsReadAgain) {
  const auto bytes = noise(500'000, 2);
  ASSERT_TRUE(direct_->put("a", bytes));
  proxy_.plan({{Kind::cut_answer, 300'000}, {Kind::cut_answer, 10}});
  const auto back = store().get("a");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE(*back == bytes);
  EXPECT_EQ(proxy_.connections(), 3);
}

TEST_F(S3BlobStoreTest, AByteDamagedOnTheWayUpIsNotStored) {
  const auto bytes = noise(500'000, 3);
  proxy_.plan({{Kind::damage_request, 400'000}});
  expect_stored(store().put("a", bytes), "a", bytes);
}

TEST_F(S3BlobStoreTest, TheServerItselfRefusesADamagedByte) {
  const auto bytes = noise(500'000, 8);
  proxy_.plan({{Kind::damage_request, 400'000}});
  S3Client client(settings_);
  const auto answer = client.send({.method = "PUT", .key = "a", .body = bytes});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->attempts, 2);
}

TEST_F(S3BlobStoreTest, AByteDamagedOnTheWayDownIsReadAgain) {
  const auto bytes = noise(500'000, 4);
  ASSERT_TRUE(direct_->put("a", bytes));
  proxy_.plan({{Kind::damage_answer, 400'000}});
  EXPECT_TRUE(store().get("a") == bytes);
}

TEST_F(S3BlobStoreTest, AServerThatStallsIsLeftForAnotherAttempt) {
  settings_.stall_timeout = 1s;
  proxy_.plan({{Kind::stall}});
  const auto begin = std::chrono::steady_clock::now();
  expect_stored(store().put("a", "bytes"), "a", "bytes");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 25s);
}

TEST_F(S3BlobStoreTest, AnOutageIsToldWhenPatienceEnds) {
  settings_.retry_for = 700ms;
  proxy_.plan({}, {Kind::refuse});
  const auto begin = std::chrono::steady_clock::now();
  const auto put = store().put("a", "x");
  const auto took = std::chrono::steady_clock::now() - begin;
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::unavailable);
  EXPECT_NE(put.error().message.find("can't be reached"), std::string::npos) << put.error().message;
  EXPECT_LT(took, 20s);
  EXPECT_GE(proxy_.connections(), 3);
  EXPECT_LE(proxy_.connections(), 30);  // backing off
  proxy_.plan({});
  expect_stored(store().put("a", "x"), "a", "x");
}

TEST_F(S3BlobStoreTest, FaultsThatStayAreToldAtOnceAndClearly) {
  const struct {
    int status;
    const char *code, *says;
    ErrorCode error;
  } faults[] = {{403, "AccessDenied", "credentials", ErrorCode::unavailable},
                {403, "RequestTimeTooSkewed", "clock", ErrorCode::unavailable},
                {403, "QuotaExceeded", "full", ErrorCode::limit_exceeded},
                {507, "XMinioStorageFull", "full", ErrorCode::limit_exceeded},
                {301, "PermanentRedirect", "storage_region", ErrorCode::unavailable},
                {400, "AuthorizationHeaderMalformed", "storage_region", ErrorCode::unavailable},
                {413, "EntityTooLarge", "size", ErrorCode::limit_exceeded},
                {501, "NotImplemented", "refused", ErrorCode::unavailable}};
  for (const auto& [status, code, says, error] : faults) {
    test::FaultProxy answering(testing::shared_s3_server().port());
    answering.plan({Fault::status(status, fault(code))});
    settings_.endpoint = answering.endpoint();
    S3BlobStore store(settings_);
    const auto put = store.put("a", "x");
    ASSERT_FALSE(put) << code;
    EXPECT_EQ(put.error().code, error) << code;
    EXPECT_NE(put.error().message.find(says), std::string::npos) << code << ": " << put.error().message;
    EXPECT_EQ(answering.connections(), 1) << code;
  }
}

TEST_F(S3BlobStoreTest, ARefusedRegionIsGuessedFromTheAnswer) {
  proxy_.plan({Fault::status(301, fault("PermanentRedirect"), "x-amz-bucket-region: eu-west-9\r\n")});
  EXPECT_NE(store().put("a", "x").error().message.find("eu-west-9"), std::string::npos);
}

TEST_F(S3BlobStoreTest, OddAnswersAreErrorsNotBlobs) {
  for (const auto* body :
       {"", "no xml", "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}) {
    test::FaultProxy answering(testing::shared_s3_server().port());
    answering.plan({}, Fault::status(200, body));
    settings_.endpoint = answering.endpoint();
    S3BlobStore store(settings_);
    EXPECT_EQ(code_of(store.list("", "", 10)), ErrorCode::unavailable) << body;
  }
}

TEST_F(S3BlobStoreTest, AServerThatKeepsOtherBytesIsNotBelieved) {
  // It answers 200 with the ETag of something else, and gives something else when asked.
  proxy_.plan({}, Fault::status(200, "something else", "ETag: \"00000000000000000000000000000000\"\r\n"));
  EXPECT_EQ(code_of(store().put("a", "bytes")), ErrorCode::unavailable);
}

TEST_F(S3BlobStoreTest, ETagsThatAreNoMd5AreNoFault) {
  proxy_.plan({}, Fault::status(200, "bytes", "ETag: \"00000000000000000000000000000000\"\r\n"));
  EXPECT_TRUE(store().put("a", "bytes"));
  EXPECT_TRUE(store().put("a", "bytes"));
}

TEST_F(S3BlobStoreTest, LargeBlobsGoUpInParts) {
  const auto bytes = noise(12u << 20, 5);
  expect_stored(store().put("large", bytes), "large", bytes);
  EXPECT_EQ(open_uploads(), 0u);
  EXPECT_TRUE(direct_->get("large", 6u << 20, 10) == bytes.substr(6u << 20, 10));
}

TEST_F(S3BlobStoreTest, AnUploadThatFailsIsAbortedAndShowsNothing) {
  const auto bytes = noise(11u << 20, 6);
  settings_.retry_for = 300ms;
  // The first connection dies within the second part, the next ones too; then the abort gets through.
  proxy_.plan({{Kind::cut_request, 7u << 20}}, {Kind::cut_request, 2u << 20});
  const auto put = store().put("large", bytes);
  EXPECT_EQ(code_of(put), ErrorCode::unavailable);
  EXPECT_EQ(direct_->get("large").error().code, ErrorCode::not_found);
  EXPECT_EQ(open_uploads(), 0u);
}

TEST_F(S3BlobStoreTest, UploadsThatDiedLongAgoAreAbortedAndYoungOnesNot) {
  const auto upload = [&](const std::string& key, const std::string& id, const std::string& initiated) {
    return "<Upload><Key>" + key + "</Key><UploadId>" + id + "</UploadId><Initiated>" + initiated +
           "</Initiated></Upload>";
  };
  const auto own = settings_.prefix + "/";
  proxy_.plan(
      {Fault::status(
           200, "<ListMultipartUploadsResult>" + upload(own + "old", "u/1", "2020-01-01T00:00:00.000Z") +
                    upload(own + "young", "u2", "2999-01-01T00:00:00.000Z") +
                    upload("of-others", "u3", "2020-01-01T00:00:00.000Z") + "</ListMultipartUploadsResult>"),
       Fault::status(204)});
  const auto bytes = noise(6u << 20, 9);
  expect_stored(store().put("large", bytes), "large", bytes);
  const auto lines = proxy_.answered();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1], "DELETE /" + settings_.bucket + "/" + own + "old?uploadId=u%2F1 HTTP/1.1");
  // Once is enough.
  expect_stored(store().put("large", bytes), "large", bytes);
}

TEST_F(S3BlobStoreTest, HttpsTrustsTheGivenCertificateOnly) {
  const testing::S3ServerProcess server({.tls = true});
  auto settings = server.settings();
  S3BlobStore trusting(settings);
  const auto put = trusting.put("a", "bytes");
  EXPECT_TRUE(put) << put.error().message << put.error().detail;
  EXPECT_EQ(trusting.get("a"), "bytes");
  settings.path_style = false;
  EXPECT_EQ(S3BlobStore(settings).get("a"), "bytes");
  settings.ca.clear();
  const auto refused = S3BlobStore(settings).put("a", "bytes");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("certificate is not trusted"), std::string::npos)
      << refused.error().message;
}

TEST_F(S3BlobStoreTest, WhatWasStoredIsThereAfterTheServersCrash) {
  const testing::BlobPlace place;
  const auto bytes = noise(100'000, 7);
  std::uint16_t port = 0;
  {
    testing::S3ServerProcess server({.folder = place.path(), .secret_key = "sesame"});
    port = server.port();
    ASSERT_TRUE(S3BlobStore(server.settings()).put("a", bytes));
    server.crash();
  }
  testing::S3ServerProcess again({.folder = place.path(), .port = port, .secret_key = "sesame"});
  EXPECT_EQ(again.port(), port);
  EXPECT_TRUE(S3BlobStore(again.settings()).get("a") == bytes);
  EXPECT_EQ(again.terminate(), 0);
}

}  // namespace
}  // namespace berth::server
