// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of this machine packed into a tar.gz in a temporary file, on a thread of the pool: files, folders,
// and symlinks as such. What is neither (sockets, devices) is left out.
#pragma once

#include <QObject>
#include <QTemporaryFile>
#include <atomic>
#include <memory>

#include "protocol/error.hpp"

namespace berth::client {

class FolderArchive : public QObject {
  Q_OBJECT

 public:
  explicit FolderArchive(QString folder, QObject* parent = nullptr);
  /// Ends the packing; the temporary file goes.
  ~FolderArchive() override;

  void start();
  /// The packed file, open for reading at its begin, once `finished` came without an error.
  QFile* file() { return &file_; }

 Q_SIGNALS:
  /// Of the files' bytes; both 0 while they are still counted.
  void progress(qint64 packed, qint64 all);
  /// An empty sentence when all is packed; otherwise which file could not be read, or why it can't be
  /// written.
  void finished(const QString& problem);

 private:
  QString folder_;
  QTemporaryFile file_;
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace berth::client
