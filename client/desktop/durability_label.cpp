// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/durability_label.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>

#include "client/core/document.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

DurabilityLabel::DurabilityLabel(QWidget* parent) : QWidget(parent), icon_(new QLabel), text_(new QLabel) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(5);
  layout->addWidget(icon_);
  layout->addWidget(text_);
}

void DurabilityLabel::follow(client::Document* document) {
  connect(document, &client::Document::stateChanged, this, [this, document] { refresh(document); });
  // The document may outlive this, and the other way round.
  connect(Theme::instance(), &Theme::changed, this, [this, document = QPointer<client::Document>(document)] {
    if (document) refresh(document);
  });
  refresh(document);
}

QString DurabilityLabel::text() const { return text_->text(); }

void DurabilityLabel::refresh(client::Document* document) {
  const char* icon = "dialog-ok";
  auto tint = Theme::Tint::good;
  QString text;
  QString tip;
  if (!document->problem().isEmpty()) {
    icon = "data-warning";
    tint = Theme::Tint::bad;
    text = tr("Not saved");
    tip = document->problem();
  } else if (document->inConflict()) {
    icon = "data-warning";
    tint = Theme::Tint::warning;
    text = tr("Conflict");
    tip = tr("The text was changed in the same place elsewhere; choose above what to keep.");
  } else if (document->isReadOnly()) {
    icon = "lock";
    tint = Theme::Tint::muted;
    text = tr("Read-only");
    tip = document->readOnlyText();
  } else {
    switch (document->durability()) {
      case client::Durability::loading:
        icon = "view-refresh";
        tint = Theme::Tint::muted;
        text = tr("Loading…");
        break;
      case client::Durability::typed:
        icon = "view-refresh";
        tint = Theme::Tint::warning;
        text = document->isKept() ? tr("Kept here") : tr("Saving…");
        tip = document->isKept() ? tr("The workspace does not have your last keys yet; they are kept on this "
                                      "device, also when "
                                      "this program ends.")
                                 : tr("The workspace does not have your last keys yet.");
        break;
      case client::Durability::journalled:
        icon = "dialog-ok";
        tint = Theme::Tint::muted;
        text = tr("Safe");
        tip =
            tr("Journalled in the workspace; it survives the end of any program. The file follows within a "
               "second.");
        break;
      case client::Durability::on_disk:
        text = tr("Saved");
        tip = tr("In the file, on the workspace's disk.");
        break;
      case client::Durability::stored:
        text = tr("Saved, stored");
        tip = tr("In the history; it survives the loss of the workspace's disk.");
        break;
    }
  }
  icon_->setPixmap(Theme::icon(QLatin1String(icon), tint).pixmap(14, 14));
  text_->setText(text);
  setToolTip(client::plain_tip(tip));
}

}  // namespace berth::desktop
