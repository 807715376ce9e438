// SPDX-License-Identifier: GPL-3.0-or-later
// A BlobStore in memory that can be slow, fail, be full, or give back other bytes than it took. Thread-safe;
// what it should do may be changed at any time.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "server/blob_store.hpp"

namespace berth::server::testing {

class FakeBlobStore final : public BlobStore {
 public:
  std::atomic<int> delay_ms = 0;            // before each call's work
  std::atomic<bool> down = false;           // every call: unavailable
  std::atomic<int> garbled_gets = 0;        // so many of the next gets: a byte in the middle is another one
  std::atomic<int> failing_puts = 0;        // so many of the next puts: unavailable, and nothing is stored
  std::atomic<std::uint64_t> capacity = 0;  // bytes; a put beyond it: limit_exceeded; 0: no end
  std::atomic<int> puts = 0, gets = 0, removes = 0;
  std::atomic<int> most_at_once = 0;  // calls that ran at the same time

  Result<void> put(const std::string& key, std::string_view bytes) override {
    const Call call(*this);
    ++puts;
    if (down || failing_puts.fetch_sub(1) > 0) return gone();
    failing_puts = std::max(0, failing_puts.load());
    const std::lock_guard lock(mutex_);
    std::uint64_t total = bytes.size();
    for (const auto& [other, blob] : blobs_) total += other == key ? 0 : blob.size();
    if (capacity > 0 && total > capacity) return failure(ErrorCode::limit_exceeded, "The store is full.");
    blobs_[key] = bytes;
    return {};
  }
  Result<std::string> get(const std::string& key, std::uint64_t offset,
                          std::optional<std::uint64_t> length) override {
    const Call call(*this);
    ++gets;
    if (down) return gone();
    const std::lock_guard lock(mutex_);
    const auto it = blobs_.find(key);
    if (it == blobs_.end()) return failure(ErrorCode::not_found, "There is no such blob.");
    if (offset >= it->second.size()) return std::string();
    auto bytes = it->second.substr(offset, length.value_or(std::string::npos));
    if (garbled_gets > 0 && !bytes.empty()) {
      --garbled_gets;
      bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    }
    return bytes;
  }
  Result<std::optional<BlobInfo>> stat(const std::string& key) override {
    const Call call(*this);
    if (down) return gone();
    const std::lock_guard lock(mutex_);
    const auto it = blobs_.find(key);
    if (it == blobs_.end()) return std::nullopt;
    return BlobInfo{key, it->second.size()};
  }
  Result<std::vector<BlobInfo>> list(const std::string& prefix, const std::string& after,
                                     std::size_t limit) override {
    const Call call(*this);
    if (down) return gone();
    const std::lock_guard lock(mutex_);
    std::vector<BlobInfo> page;
    for (auto it = blobs_.upper_bound(std::max(after, prefix)); it != blobs_.end() && page.size() < limit;
         ++it)
      if (it->first.starts_with(prefix)) page.push_back({it->first, it->second.size()});
    return page;
  }
  Result<void> remove(const std::string& key) override {
    const Call call(*this);
    ++removes;
    if (down) return gone();
    const std::lock_guard lock(mutex_);
    blobs_.erase(key);
    return {};
  }
  Result<void> check() override {
    if (down) return gone();
    return {};
  }
  std::string describe() const override { return "memory"; }

  std::vector<std::string> keys() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> keys;
    for (const auto& [key, blob] : blobs_) keys.push_back(key);
    return keys;
  }
  /// Changes a stored blob behind the store's back.
  void damage(const std::string& key, const std::function<void(std::string& bytes)>& how) {
    const std::lock_guard lock(mutex_);
    how(blobs_.at(key));
  }
  void lose(const std::string& key) {
    const std::lock_guard lock(mutex_);
    blobs_.erase(key);
  }

 private:
  struct Call {
    FakeBlobStore& store;
    explicit Call(FakeBlobStore& of) : store(of) {
      const int now = ++store.at_once_;
      for (int most = store.most_at_once;
           now > most && !store.most_at_once.compare_exchange_weak(most, now);) {
      }
      if (const int delay = store.delay_ms) std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    }
    ~Call() { --store.at_once_; }
  };
  static std::unexpected<Error> gone() {
    return failure(ErrorCode::unavailable, "The store does not answer.");
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> blobs_;
  std::atomic<int> at_once_ = 0;
};

}  // namespace berth::server::testing
