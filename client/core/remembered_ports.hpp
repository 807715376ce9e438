// SPDX-License-Identifier: GPL-3.0-or-later
// What a person said about the ports of one workspace: names, fixed local numbers, which ones are forwarded.
// Kept in this machine's settings, as the local numbers are this machine's.
#pragma once

#include <QMap>
#include <QString>

namespace berth::client {

struct RememberedPort {
  enum class Forward { as_usual, always, never };  // when it begins to listen
  QString label;                                   // the person's name for it
  quint16 local = 0;                               // on this machine; 0: any
  Forward forward = Forward::as_usual;
  bool operator==(const RememberedPort&) const = default;
};

class RememberedPorts {
 public:
  static constexpr int most = 200;           // ports a workspace
  static constexpr int longest_label = 100;  // UTF-16 units

  /// `workspace`: by its server and id, as two servers may have workspaces of one id. What an earlier release
  /// kept by the id alone (`earlier`) is taken over.
  explicit RememberedPorts(const QString& workspace, const QString& earlier = {});
  RememberedPort of(quint16 port) const { return ports_.value(port); }
  const QMap<quint16, RememberedPort>& all() const { return ports_; }
  /// Written at once; one without anything said is forgotten.
  void set(quint16 port, RememberedPort remembered);

 private:
  QString key_;
  QMap<quint16, RememberedPort> ports_;
};

}  // namespace berth::client
