// SPDX-License-Identifier: GPL-3.0-or-later
// A real berthd on a free port with a data folder of its own, and its end: SIGTERM and exit 0.
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace berth::test {

class BerthServer {
 public:
  /// Waits for its "set-up link" line. `options` come beside those that every test needs.
  explicit BerthServer(const QStringList& options = {});
  ~BerthServer();

  quint16 port() const { return port_; }
  /// `port`: of a proxy to go through instead.
  QString setupLink(quint16 port = 0) const;
  QString output() const { return output_; }

 private:
  QTemporaryDir data_;
  QProcess process_;
  QString output_;
  QString setup_link_;
  quint16 port_ = 0;
};

}  // namespace berth::test
