// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/rest_download.hpp"

#include <QNetworkReply>

#include "client/core/rest_transport.hpp"

namespace berth::client {
namespace {

// ms without a byte after which it is given up: what is there now is stored first, which may take a while.
constexpr int longest_silence = 300'000;
constexpr qint64 held_back = 1 << 20;        // bytes that may wait in this process
constexpr qint64 longest_refusal = 1 << 16;  // bytes of an answer that is no file

}  // namespace

RestDownload::RestDownload(Source source, QString name, QString local, QObject* parent)
    : Transfer(nullptr, std::move(name), std::move(local), parent),
      source_(std::move(source)),
      file_(local_) {
  network_.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

RestDownload::~RestDownload() { stop(); }

void RestDownload::start() {
  state_ = State::running;
  Q_EMIT changed();
  if (!file_.open(QIODevice::WriteOnly))
    return fail(tr("%1 can't be written: %2").arg(local_, file_.errorString()));
  source_(this, [this](Result<QNetworkRequest> request) {
    if (state_ != State::running) return;
    if (!request) return fail(QString::fromStdString(request.error().message));
    request->setTransferTimeout(longest_silence);
    reply_ = network_.get(*request);
    reply_->setReadBufferSize(held_back);
    connect(reply_, &QNetworkReply::readyRead, this, &RestDownload::receive);
    connect(reply_, &QNetworkReply::finished, this, &RestDownload::finish);
  });
}

void RestDownload::receive() {
  if (reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200) return;
  size_ = std::max<qint64>(0, reply_->header(QNetworkRequest::ContentLengthHeader).toLongLong());
  const auto bytes = reply_->readAll();
  if (file_.write(bytes) != bytes.size())
    return fail(tr("%1 can't be written: %2").arg(local_, file_.errorString()));
  bytes_ += bytes.size();
  Q_EMIT changed();
}

void RestDownload::finish() {
  if (state_ != State::running) return;
  const int status = reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  if (status >= 300) {
    const auto error = error_of_answer(status, reply_->read(longest_refusal));
    return fail(QString::fromStdString(error.message));
  }
  if (reply_->error() != QNetworkReply::NoError)
    return fail(tr("The connection was lost before everything had come. Try again."));
  receive();
  if (state_ != State::running) return;
  if (!file_.commit()) return fail(tr("%1 can't be written: %2").arg(local_, file_.errorString()));
  succeed();
}

void RestDownload::stop() {
  file_.cancelWriting();
  if (!reply_) return;
  reply_->disconnect(this);
  reply_->abort();
  reply_->deleteLater();
}

}  // namespace berth::client
