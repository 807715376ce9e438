// SPDX-License-Identifier: GPL-3.0-or-later
// What the configuration says about where blobs are stored, and the store made of it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/blob_store.hpp"
#include "server/blobs/s3_settings.hpp"

namespace berth::server {

/// The options storage_* of config.cpp, as given.
struct BlobStoreSettings {
  std::string kind = "directory";  // or "s3"
  std::filesystem::path path;      // of the directory; empty: "blobs" in the data folder
  std::string endpoint;            // "https://s3.example.org:9000"; "": AWS in `region`
  std::string region;
  std::string bucket;
  std::string prefix;
  std::string access_key, secret_key, session_token;
  std::filesystem::path access_key_file, secret_key_file, session_token_file;
  std::string path_style = "auto";              // "true", "false"; auto: for endpoints that are not AWS's
  std::filesystem::path ca;                     // certificates to trust instead of the system's
  std::chrono::milliseconds retry_for{20'000};  // as in S3Settings; no option, tests are less patient
  bool encrypt = false;  // with the server's key, before anything leaves this process (see packs)
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION (AWS_DEFAULT_REGION) and
/// AWS_ENDPOINT_URL_S3 (AWS_ENDPOINT_URL) where the settings say nothing; for kind "s3" alone. Keys are taken
/// together or not at all.
void fill_from_aws_environment(BlobStoreSettings& settings, const Environment& environment);

/// The settings of an S3 store with the key files read; invalid_argument names the option that is wrong.
Result<S3Settings> s3_settings_of(const BlobStoreSettings& settings);

/// `data` is the data folder. Does not talk to an S3 server: BlobStore::check() does.
Result<std::unique_ptr<BlobStore>> make_blob_store(const BlobStoreSettings& settings,
                                                   const std::filesystem::path& data);

}  // namespace berth::server
