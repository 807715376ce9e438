// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/folder_download.hpp"

#include <QNetworkReply>

#include "client/core/rest_transport.hpp"

namespace berth::client {
namespace {

constexpr int silence = 60'000;            // ms without a byte after which it is given up
constexpr qint64 held_back = 1 << 20;      // bytes that may wait in this process
constexpr qint64 longest_error = 1 << 16;  // bytes of an answer that is no archive

}  // namespace

FolderDownload::FolderDownload(ServerConnection* server, QString workspace, WorkspaceConnection* connection,
                               ServerConnection::Archive archive, QString local, QObject* parent)
    : Transfer(connection, archive.path.isEmpty() ? tr("Everything") : archive.path, std::move(local),
               parent),
      server_(server),
      workspace_(std::move(workspace)),
      archive_(std::move(archive)),
      file_(local_) {
  network_.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

FolderDownload::~FolderDownload() { stop(); }

void FolderDownload::start() {
  state_ = State::running;
  Q_EMIT changed();
  if (!file_.open(QIODevice::WriteOnly)) return fail(file_.errorString());
  server_->archiveRequest(workspace_, archive_, this, [this](Result<QNetworkRequest> request) {
    if (state_ != State::running) return;
    if (!request) return fail(QString::fromStdString(request.error().message));
    request->setTransferTimeout(silence);
    reply_ = network_.get(*request);
    reply_->setReadBufferSize(held_back);
    connect(reply_, &QNetworkReply::readyRead, this, &FolderDownload::receive);
    connect(reply_, &QNetworkReply::finished, this, &FolderDownload::finish);
  });
}

void FolderDownload::receive() {
  if (reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200) return;
  const auto bytes = reply_->readAll();
  if (file_.write(bytes) != bytes.size()) return fail(file_.errorString());
  bytes_ += bytes.size();
  Q_EMIT changed();
}

void FolderDownload::finish() {
  if (state_ != State::running) return;
  const int status = reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  if (status >= 300) {
    const auto error = error_of_answer(status, reply_->read(longest_error));
    return fail(QString::fromStdString(error.message));
  }
  if (reply_->error() != QNetworkReply::NoError)
    return fail(tr("The connection was lost before everything had come. Try again."));
  receive();
  if (state_ != State::running) return;
  if (!file_.commit()) return fail(file_.errorString());
  succeed();
}

void FolderDownload::stop() {
  file_.cancelWriting();
  if (!reply_) return;
  reply_->disconnect(this);
  reply_->abort();
  reply_->deleteLater();
}

}  // namespace berth::client
