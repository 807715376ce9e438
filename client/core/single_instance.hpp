// SPDX-License-Identifier: GPL-3.0-or-later
// One program a person: the first holds a lock in the person's private runtime folder and listens there; a
// later one hands over what it was started for and ends. Only processes of the same user are heard, and what
// they say is bounded.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <QObject>
#include <QStringList>
#include <memory>

#include "protocol/net/file_descriptor.hpp"

class QSocketNotifier;

namespace berth::client {

/// What a program was started for.
struct StartOrder {
  QStringList arguments;  // without the program's name
  QString folder;         // where relative paths begin
  QString activation;     // of the desktop, that lets a window come to the front; "" where there is none
};

class SingleInstance : public QObject {
  Q_OBJECT

 public:
  enum class Role {
    first,   // `asked` tells of later ones
    second,  // the first has the order
    alone,   // no private folder to meet in, or the first does not answer
  };

  /// `folder`: of the lock and the socket, made where it is missing. "": "berth" in $XDG_RUNTIME_DIR, where
  /// that is this person's alone; else everybody is alone. `heard`: whose processes are talked with.
  explicit SingleInstance(const QString& folder = {}, QObject* parent = nullptr, uid_t heard = ::geteuid());
  ~SingleInstance() override;

  /// Once, before there is a window; waits for the first one's answer at most `patience` ms.
  Role begin(const StartOrder& order, int patience = 5'000);

 Q_SIGNALS:
  void asked(const berth::client::StartOrder& order);

 private:
  class Visitor;
  bool listen();
  bool isHeard(int socket) const;
  bool handOver(const StartOrder& order, int patience) const;
  void welcome();

  QString folder_;
  uid_t heard_;
  net::FileDescriptor lock_;
  net::FileDescriptor socket_;
  std::unique_ptr<QSocketNotifier> arrivals_;
};

}  // namespace berth::client
