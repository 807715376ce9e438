// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the account's storage its versions take.
#pragma once

#include <QObject>
#include <optional>

#include "protocol/rest_history.hpp"

namespace berth::client {

class ServerConnection;

class StorageUsage : public QObject {
  Q_OBJECT

 public:
  using Numbers = protocol::rest::GetStorage::Result;
  /// scarce: above nine tenths; none: less than 1 MiB is left, what is new can't be stored.
  enum class Room { plenty, scarce, none };

  /// `server` outlives this.
  explicit StorageUsage(ServerConnection* server, QObject* parent = nullptr);
  void refresh();
  /// nullopt until told; a refresh that fails leaves the last numbers.
  const std::optional<Numbers>& now() const { return now_; }
  Room room() const { return now_ ? room_of(*now_) : Room::plenty; }
  static Room room_of(const Numbers& numbers);

 Q_SIGNALS:
  void changed();

 private:
  ServerConnection* server_;
  std::optional<Numbers> now_;
  bool asking_ = false;
};

}  // namespace berth::client
