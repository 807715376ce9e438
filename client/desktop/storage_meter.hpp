// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the account's storage is used, in words and a bar; and the sentence for when it runs out.
#pragma once

#include <QWidget>

#include "client/core/storage_usage.hpp"

class QLabel;
class QProgressBar;

namespace berth::desktop {

/// "1.2 GB of 10 GB stored", or "1.2 GB stored" where there is no limit.
QString storage_words(const client::StorageUsage::Numbers& numbers);
/// What to do about a storage that is (nearly) full; "" while there is room.
QString storage_warning(const client::StorageUsage::Numbers& numbers);

class StorageMeter : public QWidget {
  Q_OBJECT

 public:
  explicit StorageMeter(client::StorageUsage* usage, QWidget* parent = nullptr);
  QString text() const;

 private:
  void refresh();

  client::StorageUsage* usage_;
  QLabel* text_;
  QProgressBar* bar_;
};

}  // namespace berth::desktop
