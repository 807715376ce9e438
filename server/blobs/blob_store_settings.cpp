// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/blob_store_settings.hpp"

#include <algorithm>
#include <fstream>

#include "server/blobs/directory_blob_store.hpp"
#include "server/blobs/s3_blob_store.hpp"

namespace berth::server {
namespace {

constexpr std::size_t longest_secret = 4096;  // bytes; session tokens are long

std::unexpected<Error> wrong(const std::string& option, const std::string& what) {
  return failure(ErrorCode::invalid_argument, option + ": " + what);
}

bool only(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != others.npos;
  });
}

/// The value, or what its file holds without the white space at its end.
Result<std::string> secret_of(const std::string& option, const std::string& value,
                              const std::filesystem::path& file) {
  if (!value.empty() && !file.empty()) return wrong(option, "was given, and " + option + "_file too");
  std::string text = value;
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    text.resize(longest_secret + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.empty()) return wrong(option + "_file", file.string() + " can't be read or is empty");
    const auto end = text.find_last_not_of(" \t\r\n");
    text.resize(end == text.npos ? 0 : end + 1);
  }
  // They go into header lines.
  const bool printable = std::ranges::all_of(text, [](char c) { return c > 32 && c < 127; });
  if (text.size() > longest_secret || !printable)
    return wrong(option, "is not a key: one line of visible ASCII");
  return text;
}

Result<std::string> endpoint_of(const std::string& given, const std::string& region) {
  if (given.empty()) return "https://s3." + region + ".amazonaws.com";
  auto endpoint = given;
  if (endpoint.ends_with('/')) endpoint.pop_back();
  const auto scheme = endpoint.find("://");
  const bool http = endpoint.starts_with("http://") || endpoint.starts_with("https://");
  if (!http || scheme + 3 >= endpoint.size() ||
      !only(std::string_view(endpoint).substr(scheme + 3), ".:-[]_"))
    return wrong("storage_endpoint", "must look like https://s3.example.org:9000, without a path");
  return endpoint;
}

/// Parts of a key as S3 and URLs take them unencoded.
bool is_prefix(const std::string& prefix) {
  return only(prefix, "._/-") && prefix.size() <= 200 && !prefix.starts_with('/') &&
         prefix.find("//") == prefix.npos && ("/" + prefix).find("/.") == std::string::npos;
}

Result<bool> path_style_of(const std::string& given, const std::string& endpoint) {
  if (given == "true" || given == "yes" || given == "1") return true;
  if (given == "false" || given == "no" || given == "0") return false;
  if (given != "auto") return wrong("storage_path_style", "must be true, false or auto");
  return !endpoint.ends_with(".amazonaws.com");
}

}  // namespace

void fill_from_aws_environment(BlobStoreSettings& settings, const Environment& environment) {
  if (settings.kind != "s3" || !environment) return;
  const auto first = [&](std::string& value, std::initializer_list<const char*> names) {
    for (const auto* name : names)
      if (value.empty()) value = environment(name).value_or("");
  };
  first(settings.region, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  first(settings.endpoint, {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});
  const bool given = !settings.access_key.empty() || !settings.access_key_file.empty() ||
                     !settings.secret_key.empty() || !settings.secret_key_file.empty();
  if (given) return;
  first(settings.access_key, {"AWS_ACCESS_KEY_ID"});
  first(settings.secret_key, {"AWS_SECRET_ACCESS_KEY"});
  if (settings.session_token_file.empty()) first(settings.session_token, {"AWS_SESSION_TOKEN"});
}

Result<S3Settings> s3_settings_of(const BlobStoreSettings& given) {
  S3Settings settings;
  if (!given.region.empty()) settings.region = given.region;
  if (!only(settings.region, "-_")) return wrong("storage_region", "must look like eu-central-1");
  auto endpoint = endpoint_of(given.endpoint, settings.region);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  settings.endpoint = std::move(*endpoint);
  settings.bucket = given.bucket;
  if (given.bucket.size() < 3 || given.bucket.size() > 63 || !only(given.bucket, ".-_") ||
      given.bucket[0] == '.')
    return wrong("storage_bucket", "must name a bucket");
  settings.prefix = given.prefix;
  while (settings.prefix.ends_with('/')) settings.prefix.pop_back();
  if (!is_prefix(settings.prefix)) return wrong("storage_prefix", "must look like team/berth");
  auto access = secret_of("storage_access_key", given.access_key, given.access_key_file);
  auto secret = secret_of("storage_secret_key", given.secret_key, given.secret_key_file);
  auto token = secret_of("storage_session_token", given.session_token, given.session_token_file);
  for (const auto* one : {&access, &secret, &token})
    if (!*one) return std::unexpected(one->error());
  settings.access_key = std::move(*access);
  settings.secret_key = std::move(*secret);
  settings.session_token = std::move(*token);
  if (settings.access_key.empty()) return wrong("storage_access_key", "is missing (or AWS_ACCESS_KEY_ID)");
  if (settings.secret_key.empty())
    return wrong("storage_secret_key", "is missing (or AWS_SECRET_ACCESS_KEY)");
  const auto style = path_style_of(given.path_style, settings.endpoint);
  if (!style) return std::unexpected(style.error());
  settings.path_style = *style;
  settings.ca = given.ca.string();
  settings.retry_for = given.retry_for;
  return settings;
}

Result<std::unique_ptr<BlobStore>> make_blob_store(const BlobStoreSettings& settings,
                                                   const std::filesystem::path& data) {
  if (settings.kind == "directory") {
    auto store = DirectoryBlobStore::open(settings.path.empty() ? data / "blobs" : settings.path);
    if (!store) return std::unexpected(std::move(store.error()));
    return std::move(*store);
  }
  if (settings.kind != "s3") return wrong("storage_kind", "must be directory or s3");
  auto s3 = s3_settings_of(settings);
  if (!s3) return std::unexpected(std::move(s3.error()));
  return std::make_unique<S3BlobStore>(std::move(*s3));
}

}  // namespace berth::server
