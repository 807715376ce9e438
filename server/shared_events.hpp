// SPDX-License-Identifier: GPL-3.0-or-later
// What this server hears of the others on its database, and has them hear: access that ended, settings that
// changed, work that is free.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <string>

#include "server/metadata_store.hpp"
#include "server/session_events.hpp"
#include "server/settings.hpp"

namespace berth::server {

class SharedEvents {
 public:
  struct Parts {  // all outlive it
    MetadataStore& store;
    SessionEvents& events;
    Settings& settings;
    boost::asio::thread_pool& pool;
    std::function<void()> leases_free;                              // any thread
    std::function<void(const std::string& owner)> objects_removed;  // any thread
    std::function<void(const std::string& owner)> objects_doubted;  // any thread
  };
  /// Begins to listen at once.
  explicit SharedEvents(Parts parts);
  ~SharedEvents();

  /// Blocks.
  void tell_objects_removed(const std::string& owner);
  void tell_objects_doubted(const std::string& owner);

 private:
  void heard(const Announcement& announcement);
  /// After a time in which nothing was heard: what matters is looked up.
  void missed();
  void look_up_roles();

  Parts parts_;
  std::unique_ptr<AnnouncementListener> listener_;
};

}  // namespace berth::server
