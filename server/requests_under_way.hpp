// SPDX-License-Identifier: GPL-3.0-or-later
// How many requests are being answered, so that a server that ends answers them first. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace berth::server {

class RequestsUnderWay {
 public:
  /// One request, for as long as it lives.
  class One {
   public:
    explicit One(RequestsUnderWay& all) : all_(&all) { ++all.count_; }
    One(const One&) = delete;
    One& operator=(const One&) = delete;
    ~One() { leave(); }
    /// Nobody waits for it: a stream may go on for hours.
    void leave() {
      if (auto* all = std::exchange(all_, nullptr)) --all->count_;
    }

   private:
    RequestsUnderWay* all_;
  };

  std::size_t count() const { return count_; }
  /// The server ends: every answer is the last one on its connection.
  void end() { ending_ = true; }
  bool ending() const { return ending_; }

 private:
  std::atomic<std::size_t> count_ = 0;
  std::atomic<bool> ending_ = false;
};

}  // namespace berth::server
