// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/transfer_strip.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>

#include "client/core/transfers.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

TransferStrip::TransferStrip(client::Transfers* transfers, QWidget* parent)
    : QWidget(parent), transfers_(transfers), text_(new QLabel), bar_(new QProgressBar) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  text_->setTextFormat(Qt::PlainText);
  layout->addWidget(text_);
  bar_->setRange(0, 1000);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress"));
  bar_->setFixedWidth(90);
  layout->addWidget(bar_);
  auto* cancel = new QToolButton;
  cancel->setIcon(Theme::icon(QStringLiteral("window-close"), Theme::Tint::muted));
  cancel->setIconSize({12, 12});
  cancel->setToolTip(tr("Cancel all"));
  cancel->setAccessibleName(tr("Cancel all"));
  connect(cancel, &QToolButton::clicked, transfers_, &client::Transfers::cancelAll);
  layout->addWidget(cancel);
  layout->addStretch();
  connect(transfers_, &client::Transfers::activeChanged, this, &TransferStrip::refresh);
  connect(transfers_, &QAbstractItemModel::dataChanged, this, &TransferStrip::refresh);
  refresh();
}

void TransferStrip::refresh() {
  const int active = transfers_->active();
  setVisible(active > 0);
  if (active == 0) return transfers_->clearFinished();
  text_->setText(tr("Looking through the folder…"));
  bar_->setRange(0, 0);
  for (int row = 0; row < transfers_->rowCount(); ++row) {
    const auto* transfer = transfers_->at(row);
    if (transfer->state() != client::Transfer::State::running) continue;
    const auto name = transfers_->index(row).data().toString();
    text_->setText((transfer->isUpload() ? tr("Uploading %1") : tr("Downloading %1")).arg(name) +
                   (active > 1 ? tr(" and %1 more").arg(active - 1) : QString()));
    // An archive is made while it comes: nobody knows how large it will be.
    const bool open_end = transfer->size() == 0;
    if (open_end && transfer->bytes() > 0)
      text_->setText(text_->text() + tr(" · %1").arg(QLocale().formattedDataSize(transfer->bytes(), 1)));
    bar_->setRange(0, open_end ? 0 : 1000);
    if (!open_end) bar_->setValue(transfers_->index(row).data(client::Transfers::ProgressRole).toInt());
    return;
  }
}

}  // namespace berth::desktop
