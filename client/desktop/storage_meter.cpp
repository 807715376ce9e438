// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/storage_meter.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QStyle>

namespace berth::desktop {
namespace {

using client::StorageUsage;

QString stored_size(std::uint64_t bytes) {
  return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1);
}

}  // namespace

QString storage_words(const StorageUsage::Numbers& numbers) {
  return numbers.limit == 0
             ? StorageMeter::tr("%1 stored").arg(stored_size(numbers.used))
             : StorageMeter::tr("%1 of %2 stored").arg(stored_size(numbers.used), stored_size(numbers.limit));
}

QString storage_warning(const StorageUsage::Numbers& numbers) {
  const auto what_to_do =
      StorageMeter::tr("Delete workspaces that you no longer need, or ask the administrator for more.");
  switch (StorageUsage::room_of(numbers)) {
    case StorageUsage::Room::plenty:
      return {};
    case StorageUsage::Room::scarce:
      return StorageMeter::tr("Your storage is nearly full: %1 of %2 are left. %3")
          .arg(stored_size(numbers.limit - numbers.used), stored_size(numbers.limit), what_to_do);
    case StorageUsage::Room::none:
      return StorageMeter::tr(
                 "Your storage is full (%1). What you change stays in the workspaces, but is not "
                 "stored as versions. %2")
          .arg(stored_size(numbers.limit), what_to_do);
  }
  return {};
}

StorageMeter::StorageMeter(StorageUsage* usage, QWidget* parent)
    : QWidget(parent), usage_(usage), text_(new QLabel), bar_(new QProgressBar) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(10);
  text_->setTextFormat(Qt::PlainText);
  text_->setProperty("role", QStringLiteral("muted"));
  bar_->setTextVisible(false);
  bar_->setRange(0, 1000);
  bar_->setFixedWidth(120);
  bar_->setObjectName(QStringLiteral("storageBar"));
  bar_->setAccessibleName(tr("Storage for versions"));
  row->addWidget(bar_);
  row->addWidget(text_);
  row->addStretch();
  setToolTip(tr("What all versions of your workspaces take, each part counted once and compressed"));
  connect(usage_, &StorageUsage::changed, this, &StorageMeter::refresh);
  refresh();
}

QString StorageMeter::text() const { return text_->text(); }

void StorageMeter::refresh() {
  const auto& now = usage_->now();
  setVisible(now.has_value());
  if (!now) return;
  text_->setText(storage_words(*now));
  bar_->setVisible(now->limit > 0);
  if (now->limit > 0)
    bar_->setValue(static_cast<int>(std::min<std::uint64_t>(1000, now->used * 1000 / now->limit)));
  static const char* kinds[] = {"plenty", "scarce", "none"};
  bar_->setProperty("room", QLatin1String(kinds[static_cast<int>(usage_->room())]));
  bar_->style()->unpolish(bar_);
  bar_->style()->polish(bar_);
}

}  // namespace berth::desktop
