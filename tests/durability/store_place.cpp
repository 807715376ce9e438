// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_place.hpp"

#include <cstdlib>

namespace berth::test {

namespace fs = std::filesystem;

StorePlace::StorePlace(StoreKind kind, const fs::path& folder)
    : kind_(kind), folder_(folder / (kind == StoreKind::s3 ? "s3" : "data/blobs")) {
  if (kind_ == StoreKind::directory) return;
  fs::create_directories(folder_);
  options_.folder = folder_;
  start();
  // The next one is found where the server looks for it.
  options_.port = server_->port();
  options_.secret_key = server_->settings().secret_key;
  ::setenv("AWS_ACCESS_KEY_ID", server_->settings().access_key.c_str(), 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", options_.secret_key.c_str(), 1);
}

StorePlace::~StorePlace() {
  if (kind_ == StoreKind::directory) return;
  ::unsetenv("AWS_ACCESS_KEY_ID");
  ::unsetenv("AWS_SECRET_ACCESS_KEY");
}

std::vector<std::string> StorePlace::arguments() const {
  if (kind_ == StoreKind::directory) return {};
  const auto& settings = server_->settings();
  return {"--storage-kind",   "s3",           "--storage-endpoint", settings.endpoint,
          "--storage-bucket", settings.bucket};
}

void StorePlace::take_away() {
  if (kind_ == StoreKind::directory)
    fs::permissions(folder_, fs::perms::none);
  else
    kill();
}

void StorePlace::bring_back() {
  if (kind_ == StoreKind::directory)
    fs::permissions(folder_, fs::perms::owner_all);
  else
    start();
}

void StorePlace::kill() {
  if (server_) server_->crash();
}

void StorePlace::start(const std::string& fault_point) {
  if (kind_ == StoreKind::directory) return;
  kill();
  options_.fault_point = fault_point;
  server_ = std::make_unique<server::testing::S3ServerProcess>(options_);
}

std::string name_of(StoreKind kind) { return kind == StoreKind::s3 ? "s3" : "directory"; }

}  // namespace berth::test
