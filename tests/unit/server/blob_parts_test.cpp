// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the blob stores that need no disk and no network: settings, keys, waiting, S3's XML.
#include <gtest/gtest.h>

#include <fstream>

#include "harness.hpp"
#include "server/backoff.hpp"
#include "server/blobs/blob_files.hpp"
#include "server/blobs/blob_key.hpp"
#include "server/blobs/blob_store_settings.hpp"
#include "server/blobs/checksums.hpp"
#include "server/blobs/s3_answers.hpp"
#include "server/percent_encoding.hpp"

namespace berth::server {
namespace {

using namespace std::chrono_literals;

BlobStoreSettings s3_given() {
  BlobStoreSettings given;
  given.kind = "s3";
  given.bucket = "homes";
  given.access_key = "id";
  given.secret_key = "sesame";
  return given;
}

std::string complaint(const BlobStoreSettings& given) {
  const auto settings = s3_settings_of(given);
  return settings ? "" : settings.error().message;
}

TEST(BlobStoreSettings, AwsNeedsABucketAndKeysOnly) {
  auto given = s3_given();
  given.region = "eu-central-1";
  const auto settings = s3_settings_of(given);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->endpoint, "https://s3.eu-central-1.amazonaws.com");
  EXPECT_FALSE(settings->path_style);
  EXPECT_EQ(settings->prefix, "");
}

TEST(BlobStoreSettings, OtherServersAreAskedByPathUnlessTold) {
  auto given = s3_given();
  given.endpoint = "http://[::1]:9000/";
  given.prefix = "team/berth/";
  EXPECT_EQ(s3_settings_of(given)->endpoint, "http://[::1]:9000");
  EXPECT_EQ(s3_settings_of(given)->prefix, "team/berth");
  EXPECT_TRUE(s3_settings_of(given)->path_style);
  given.path_style = "false";
  EXPECT_FALSE(s3_settings_of(given)->path_style);
}

TEST(BlobStoreSettings, EachWrongOptionIsNamed) {
  const auto with = [](auto change) {
    auto given = s3_given();
    change(given);
    return complaint(given);
  };
  EXPECT_EQ(with([](auto&) {}), "");
  EXPECT_TRUE(with([](auto& s) { s.endpoint = "s3.example.org"; }).starts_with("storage_endpoint: "));
  EXPECT_TRUE(with([](auto& s) { s.endpoint = "https://a@evil/"; }).starts_with("storage_endpoint: "));
  EXPECT_TRUE(with([](auto& s) { s.endpoint = "https://host/path"; }).starts_with("storage_endpoint: "));
  EXPECT_TRUE(with([](auto& s) { s.endpoint = "file:///etc"; }).starts_with("storage_endpoint: "));
  EXPECT_TRUE(with([](auto& s) { s.region = "a:b"; }).starts_with("storage_region: "));
  EXPECT_TRUE(with([](auto& s) { s.bucket = ""; }).starts_with("storage_bucket: "));
  EXPECT_TRUE(with([](auto& s) { s.bucket = "a/b/c"; }).starts_with("storage_bucket: "));
  EXPECT_TRUE(with([](auto& s) { s.prefix = "a/../b"; }).starts_with("storage_prefix: "));
  EXPECT_TRUE(with([](auto& s) { s.prefix = "/a"; }).starts_with("storage_prefix: "));
  EXPECT_TRUE(with([](auto& s) { s.access_key = ""; }).starts_with("storage_access_key: "));
  EXPECT_TRUE(with([](auto& s) { s.secret_key = ""; }).starts_with("storage_secret_key: "));
  EXPECT_TRUE(with([](auto& s) { s.session_token = "a\r\nb: c"; }).starts_with("storage_session_token: "));
  EXPECT_TRUE(with([](auto& s) { s.path_style = "maybe"; }).starts_with("storage_path_style: "));
  EXPECT_TRUE(with([](auto& s) { s.secret_key_file = "/nowhere"; }).starts_with("storage_secret_key: "));
}

TEST(BlobStoreSettings, KeysComeFromFiles) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path() / "key") << "from-a-file\n";
  auto given = s3_given();
  given.secret_key.clear();
  given.secret_key_file = folder.path() / "key";
  EXPECT_EQ(s3_settings_of(given)->secret_key, "from-a-file");
  std::ofstream(folder.path() / "key") << "";
  EXPECT_TRUE(complaint(given).starts_with("storage_secret_key_file: "));
  std::ofstream(folder.path() / "key") << std::string(5000, 'x');
  EXPECT_TRUE(complaint(given).starts_with("storage_secret_key: "));
}

TEST(BlobStoreSettings, NoComplaintShowsASecret) {
  auto given = s3_given();
  given.secret_key = "ses ame";
  EXPECT_NE(complaint(given), "");
  EXPECT_EQ(complaint(given).find("ses ame"), std::string::npos);
}

TEST(BlobStoreSettings, MakesTheStoreOfTheKind) {
  const testing::TemporaryFolder folder;
  const auto directory = make_blob_store({}, folder.path());
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ((*directory)->describe(), "directory " + (folder.path() / "blobs").string());
  const auto s3 = make_blob_store(s3_given(), folder.path());
  ASSERT_TRUE(s3);
  EXPECT_EQ((*s3)->describe(), "S3 bucket homes at https://s3.us-east-1.amazonaws.com");
  BlobStoreSettings odd;
  odd.kind = "floppy";
  EXPECT_FALSE(make_blob_store(odd, folder.path()));
}

TEST(BlobKey, TakesTheServersOwnNamesOnly) {
  EXPECT_TRUE(is_blob_key("owners/a1/packs/0f/0123.pack_x-y"));
  EXPECT_TRUE(is_blob_key(std::string(512, 'a')));
  for (const auto* key : {"", "/", "a/", "/a", "a//b", ".a", "a/.b", "..", "a/..", "A", "a b", "a%2e", "a\n"})
    EXPECT_FALSE(is_blob_key(key)) << key;
}

TEST(Backoff, DoublesWithJitterUntilItsEnd) {
  Backoff backoff(100ms, 1000ms, 10'000ms);
  std::chrono::milliseconds pause = 100ms;
  for (int i = 0; i < 8; ++i) {
    const auto least = backoff.next(0ms, 0);
    ASSERT_TRUE(least);
    EXPECT_EQ(*least, pause / 2);
    pause = std::min(pause * 2, std::chrono::milliseconds(1000));
  }
  EXPECT_EQ(Backoff(100ms, 1000ms, 10'000ms).next(0ms, 50), 100ms);  // 50 % 51
  EXPECT_EQ(Backoff(100ms, 1000ms, 10'000ms).next(9'980ms, 0), std::nullopt);
  EXPECT_EQ(Backoff(100ms, 1000ms, 10'000ms).next(9'940ms, 0), 50ms);
}

TEST(Backoff, WaitsAsLongAsTheServerWishesWithinReason) {
  EXPECT_EQ(Backoff(100ms, 1000ms, 10'000ms).next(0ms, 0, 700ms), 700ms);
  EXPECT_EQ(Backoff(100ms, 1000ms, 10'000ms).next(0ms, 0, 60'000ms), 1000ms);
}

TEST(S3Answers, PagesHoldKeysSizesAndTheWayOn) {
  const auto page = parse_s3_page(
      "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
      "<NextContinuationToken>a+b/c=</NextContinuationToken>"
      "<Contents><Key>owners%2Fa</Key><Size>7</Size></Contents>"
      "<Contents><Key>b%</Key><Size>18446744073709551615</Size></Contents></ListBucketResult>");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->blobs.size(), 2u);
  EXPECT_EQ(page->blobs[0].key, "owners/a");
  EXPECT_EQ(page->blobs[0].size, 7u);
  EXPECT_EQ(page->blobs[1].key, "b%");
  EXPECT_TRUE(page->more);
  EXPECT_EQ(page->continuation, "a+b/c=");
}

TEST(S3Answers, FaultsAndUploadsAreRead) {
  EXPECT_EQ(parse_s3_fault("<Error><Code>SlowDown</Code><Message>m</Message></Error>").code, "SlowDown");
  EXPECT_EQ(parse_s3_fault("<html>502").code, "");
  EXPECT_EQ(parse_s3_upload("<InitiateMultipartUploadResult><UploadId>u/1</UploadId>"
                            "</InitiateMultipartUploadResult>"),
            "u/1");
  EXPECT_FALSE(parse_s3_upload("<InitiateMultipartUploadResult/>"));
  EXPECT_EQ(
      complete_upload_xml({"e&1"}),
      "<?xml version=\"1.0\"?><CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<Part><PartNumber>1</PartNumber><ETag>e&amp;1</ETag></Part></CompleteMultipartUpload>");
}

TEST(S3Answers, PercentEncodingGoesThereAndBack) {
  EXPECT_EQ(percent_encoded("a/b+c=~\xc3\xa4"), "a%2Fb%2Bc%3D~%C3%A4");
  EXPECT_EQ(percent_decoded("a%2Fb+c%3d%"), "a/b+c=%");
}

TEST(Checksums, AreTheKnownOnes) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const auto sum = md5_of("abc");  // RFC 1321
  ASSERT_TRUE(sum);
  EXPECT_EQ(hex_of(*sum), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(base64_of(*sum), "kAFQmDzST7DWlj99KOF/cg==");
}

/// A disk with `blob` of which some bytes can't be read.
PositionedRead disk_with(const std::string& blob, std::uint64_t bad_begin, std::uint64_t bad_end) {
  return [=](char* into, std::size_t size, off_t position) -> ssize_t {
    const auto at = static_cast<std::uint64_t>(position);
    if (at >= bad_begin && at < bad_end) {
      errno = EIO;
      return -1;
    }
    auto some = std::min<std::uint64_t>(size, blob.size() - at);
    if (at < bad_begin) some = std::min(some, bad_begin - at);
    some = std::min<std::uint64_t>(some, 3'000);  // a disk may give less than it was asked for
    std::copy_n(blob.data() + at, some, into);
    return static_cast<ssize_t>(some);
  };
}

TEST(ReadBlob, ABadBlockCostsWhatLiesInItAlone) {
  std::string blob(100'000, 'x');
  auto expected = blob;
  expected.replace(8192, 8192, 8192, '\0');
  const auto read = read_blob(disk_with(blob, 8192, 16384), "k", 0, blob.size());
  ASSERT_TRUE(read);
  EXPECT_TRUE(*read == expected);
  EXPECT_TRUE(read_blob(disk_with(blob, 8192, 16384), "k", 5'000, 90'000) == expected.substr(5'000, 90'000));
  EXPECT_TRUE(read_blob(disk_with(blob, 8192, 16384), "k", 9'000, 100) == expected.substr(9'000, 100));
  EXPECT_TRUE(read_blob(disk_with(blob, 0, 0), "k", 0, blob.size()) == blob);
}

TEST(ReadBlob, ADiskThatIsIllIsNoDamage) {
  const std::string blob(1'000'000, 'x');
  const auto read = read_blob(disk_with(blob, 0, 1'000'000), "k", 0, blob.size());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::unavailable);
  const auto cut = read_blob([](char*, std::size_t, off_t) -> ssize_t { return 0; }, "k", 0, 10);
  EXPECT_EQ(cut.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace berth::server
