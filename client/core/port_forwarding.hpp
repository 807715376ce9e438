// SPDX-License-Identifier: GPL-3.0-or-later
// Which ports of a workspace get a local one by themselves, and what the person's own choices make of them
// from then on.
#pragma once

#include <QObject>
#include <QSet>
#include <functional>

#include "client/core/remembered_ports.hpp"

namespace berth::client {

class Ports;

class PortForwarding : public QObject {
  Q_OBJECT

 public:
  /// What becomes of a port that begins to listen and that nothing was said about.
  enum class Automatic { off, ask, on };
  /// Of those that come by themselves: a program that opens a thousand ports does not get a thousand here.
  static constexpr int most_automatic = 20;

  /// `automatic` and `allowed` are asked each time. `ports` outlives this.
  PortForwarding(Ports* ports, RememberedPorts remembered, std::function<Automatic()> automatic,
                 std::function<bool()> allowed, QObject* parent = nullptr);

  const RememberedPorts& remembered() const { return remembered_; }
  /// By the person: it is forwarded from now on whenever it listens. The local port, or 0.
  quint16 forward(quint16 port);
  /// By the person: not any more, and not by itself again.
  void stop(quint16 port);
  void setLabel(quint16 port, const QString& label);
  /// 0: any. False where the port is forwarded now and that number is taken: then nothing changes.
  bool setLocal(quint16 port, quint16 local);

 Q_SIGNALS:
  /// One that just began to listen was forwarded by itself.
  void forwarded(quint16 port, quint16 local);
  /// One just began to listen, and could be forwarded.
  void offered(quint16 port);
  /// The number that it is to have is taken.
  void taken(quint16 port, quint16 local);
  /// What is remembered is another.
  void changed();

 private:
  void follow();
  void onOpened(quint16 port);

  Ports* ports_;
  RememberedPorts remembered_;
  std::function<Automatic()> automatic_;
  std::function<bool()> allowed_;
  int automatic_count_ = 0;
  QSet<quint16> told_;  // that their numbers are taken
};

}  // namespace berth::client
