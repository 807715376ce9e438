// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/share_links.hpp"

#include <QCheckBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "client/core/sharing.hpp"
#include "client/desktop/copy_field.hpp"
#include "client/desktop/role_choice.hpp"
#include "client/desktop/share_people.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qint64 a_day = 86'400'000;  // ms

QLabel* about_label(const QString& text) {
  auto* label = new QLabel(text);
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  label->setProperty("role", QStringLiteral("muted"));
  return label;
}

QString short_date(qint64 time) {
  return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time).date(), QLocale::ShortFormat);
}

}  // namespace

ShareLinks::ShareLinks(client::Sharing* sharing, QWidget* parent)
    : QWidget(parent),
      sharing_(sharing),
      made_(new CopyField(tr("Copy it now: it is not shown again."))),
      rows_(new QVBoxLayout) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(about_label(tr("Anyone who has the link, and an account here, can join by it.")));
  made_->hide();
  made_->setObjectName(QStringLiteral("madeLink"));
  column->addWidget(made_);
  rows_->setSpacing(0);
  column->addLayout(rows_);
  column->addWidget(makeForm());
  connect(sharing_, &client::Sharing::linkMade, this, [this](const QString& url) {
    made_->setText(url);
    made_->show();
  });
  connect(sharing_, &client::Sharing::changed, this, &ShareLinks::rebuild);
  connect(sharing_, &client::Sharing::busyChanged, this, [this] { make_->setEnabled(!sharing_->isBusy()); });
}

QWidget* ShareLinks::makeForm() {
  auto* form = new QWidget;
  auto* row = new QHBoxLayout(form);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  role_ = new RoleChoice(protocol::Role::viewer);
  role_->setObjectName(QStringLiteral("linkRole"));
  role_->setAccessibleName(tr("What people with the link may do"));
  life_ = new ChoiceBox;
  life_->setObjectName(QStringLiteral("linkLife"));
  life_->setAccessibleName(tr("How long the link works"));
  for (const auto& [text, days] : {std::pair(tr("For a day"), 1), std::pair(tr("For 7 days"), 7),
                                   std::pair(tr("For 30 days"), 30), std::pair(tr("Without an end"), 0)})
    life_->addItem(text, days);
  life_->setCurrentIndex(1);
  make_ = new QPushButton(Theme::icon(QStringLiteral("list-add")), tr("Make a Link"));
  make_->setObjectName(QStringLiteral("makeLink"));
  make_->setAutoDefault(false);
  connect(make_, &QPushButton::clicked, this, [this] {
    const auto days = life_->currentData().toLongLong();
    sharing_->makeLink(role_->role(), days > 0 ? std::optional(days * a_day) : std::nullopt);
  });
  row->addWidget(role_);
  row->addWidget(life_);
  row->addWidget(make_);
  row->addStretch();
  return form;
}

void ShareLinks::rebuild() {
  while (auto* item = rows_->takeAt(0)) {
    for (auto* part : item->widget()->findChildren<QWidget*>()) part->setObjectName({});
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  bool there = false;
  for (const auto& link : sharing_->links()) {
    rows_->addWidget(makeRow(link));
    there |= sharing_->urlOf(link) == made_->text();
  }
  if (!there) made_->hide();  // it was ended
}

QWidget* ShareLinks::makeRow(const protocol::rest::ShareLink& link) {
  const auto id = QString::fromStdString(link.id);
  const auto made = short_date(link.created);
  auto* row = new QFrame;
  row->setObjectName(QStringLiteral("personRow"));
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(2, 7, 2, 7);
  layout->setSpacing(11);
  auto* icon = new QLabel;
  icon->setPixmap(Theme::icon(QStringLiteral("internet-services"), Theme::Tint::muted).pixmap(20, 20));
  layout->addWidget(icon);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(1);
  auto* what = new QLabel(role_words(link.role));
  what->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  texts->addWidget(what);
  texts->addWidget(about_label(
      QStringList{tr("made %1").arg(made),
                  link.expires ? tr("until %1").arg(short_date(*link.expires)) : tr("without an end"),
                  link.uses == 1 ? tr("used once") : tr("used %1 times").arg(link.uses)}
          .join(QStringLiteral(" · "))));
  layout->addLayout(texts, 1);
  auto* end = new QPushButton(tr("End…"));
  end->setObjectName(QStringLiteral("endLink-") + id);
  end->setAutoDefault(false);
  end->setAccessibleName(tr("End the link made %1").arg(made));
  connect(end, &QPushButton::clicked, this, [this, id] {
    ask_before(this, tr("End the Link"), tr("Nobody joins by it then. Who came by it stays."),
               tr("End the Link"), [this, id] { sharing_->endLink(id); });
  });
  layout->addWidget(end);
  return row;
}

SharePublic::SharePublic(client::Sharing* sharing, QWidget* parent)
    : QWidget(parent),
      sharing_(sharing),
      enabled_(new QCheckBox(tr("Anyone with the address can read the project"))),
      address_(new CopyField(tr("Address of the page"))),
      unknown_(new QWidget) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  enabled_->setObjectName(QStringLiteral("public"));
  column->addWidget(enabled_);
  column->addWidget(about_label(
      tr("Without an account: the files of the last stored version, and what runs on public ports. People "
         "may make copies. Look for passwords and keys in the files before you turn it on.")));
  address_->setObjectName(QStringLiteral("publicAddress"));
  column->addWidget(address_);
  auto* row = new QHBoxLayout(unknown_);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(about_label(tr("Its address was shown when it was turned on.")), 1);
  auto* anew = new QPushButton(tr("Make a New Address…"));
  anew->setObjectName(QStringLiteral("newPublicAddress"));
  anew->setAutoDefault(false);
  row->addWidget(anew);
  column->addWidget(unknown_);
  connect(anew, &QPushButton::clicked, this, [this] {
    ask_before(this, tr("Make a New Address"), tr("The address that was given out before stops working."),
               tr("Make a New Address"), [this] { sharing_->setPublic(true); });
  });
  connect(enabled_, &QCheckBox::clicked, this, [this](bool on) { sharing_->setPublic(on); });
  connect(sharing_, &client::Sharing::changed, this, &SharePublic::refresh);
  // What was refused shows what is.
  connect(sharing_, &client::Sharing::busyChanged, this, [this] {
    if (!sharing_->isBusy()) refresh();
  });
  refresh();
}

void SharePublic::refresh() {
  const bool on = sharing_->facts().public_link;
  enabled_->setChecked(on);
  address_->setText(sharing_->publicUrl());
  address_->setVisible(on && !sharing_->publicUrl().isEmpty());
  unknown_->setVisible(on && sharing_->publicUrl().isEmpty());
}

}  // namespace berth::desktop
