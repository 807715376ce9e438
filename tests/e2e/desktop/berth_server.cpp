// SPDX-License-Identifier: GPL-3.0-or-later
#include "berth_server.hpp"

#include <gtest/gtest.h>

#include <QRegularExpression>
#include <QUrl>

#include "wait_for.hpp"

namespace berth::test {

BerthServer::BerthServer(const QStringList& options) {
  // Started by root, berthd becomes another user and must reach its data below.
  QFile::setPermissions(data_.path(), QFileDevice::Permissions(0x7755));
  process_.setProcessChannelMode(QProcess::MergedChannels);
  QObject::connect(&process_, &QProcess::readyRead,
                   [this] { output_ += QString::fromUtf8(process_.readAll()); });
  process_.start(qEnvironmentVariable("BERTH_BERTHD"),
                 QStringList{QStringLiteral("serve"), QStringLiteral("--listen=127.0.0.1:0"),
                             QStringLiteral("--preview-listen=127.0.0.1:0"),
                             QStringLiteral("--data=%1/data").arg(data_.path()),
                             QStringLiteral("--runner=") + qEnvironmentVariable("BERTH_RUNNER"),
                             QStringLiteral("--templates=") + qEnvironmentVariable("BERTH_TEMPLATES"),
                             QStringLiteral("--allow-unlimited")} +
                     options);
  static const QRegularExpression link(QStringLiteral("set-up link: (\\S+)"));
  const bool started = wait_for(
      [this] { return link.match(output_).hasMatch() || process_.state() == QProcess::NotRunning; }, 60'000);
  setup_link_ = link.match(output_).captured(1);
  port_ = static_cast<quint16>(QUrl(setup_link_).port());
  EXPECT_TRUE(started && !setup_link_.isEmpty()) << "berthd did not start:\n" << output_.toStdString();
}

QString BerthServer::setupLink(quint16 port) const {
  QUrl link(setup_link_);
  if (port != 0) link.setPort(port);
  return link.toString();
}

BerthServer::~BerthServer() {
  process_.terminate();
  const bool ended = wait_for([this] { return process_.state() == QProcess::NotRunning; }, 20'000);
  EXPECT_TRUE(ended && process_.exitStatus() == QProcess::NormalExit && process_.exitCode() == 0)
      << output_.toStdString();
  if (!ended) process_.kill();
}

}  // namespace berth::test
