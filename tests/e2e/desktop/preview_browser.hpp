// SPDX-License-Identifier: GPL-3.0-or-later
// As much of a browser as a preview needs: Host header, redirects, cookies. Every name leads to this machine.
#pragma once

#include <QByteArray>
#include <QMap>
#include <QUrl>

namespace berth::test {

class PreviewBrowser {
 public:
  struct Page {
    int status = 0;
    QByteArray body;
    QUrl address;  // after redirects
  };
  Page open(QUrl url);

 private:
  QMap<QString, QMap<QByteArray, QByteArray>> cookies_;  // by host and port
};

}  // namespace berth::test
