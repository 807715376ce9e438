// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/copy_field.hpp"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace berth::desktop {

CopyField::CopyField(const QString& label, QWidget* parent)
    : QWidget(parent), label_(new QLabel(label)), field_(new QLineEdit), copy_(new QPushButton(tr("Copy"))) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  label_->setProperty("role", QStringLiteral("muted"));
  label_->setWordWrap(true);
  label_->setBuddy(field_);
  column->addWidget(label_);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  field_->setReadOnly(true);
  field_->setObjectName(QStringLiteral("copyField"));
  field_->setAccessibleName(label);
  copy_->setAutoDefault(false);
  copy_->setObjectName(QStringLiteral("copy"));
  row->addWidget(field_, 1);
  row->addWidget(copy_);
  column->addLayout(row);
  connect(copy_, &QPushButton::clicked, this, &CopyField::copy);
}

void CopyField::setText(const QString& text) {
  field_->setText(text);
  field_->setCursorPosition(0);
  copy_->setText(tr("Copy"));
}

QString CopyField::text() const { return field_->text(); }

void CopyField::copy() {
  QGuiApplication::clipboard()->setText(field_->text());
  copy_->setText(tr("Copied"));
  QTimer::singleShot(2'000, copy_, [this] { copy_->setText(tr("Copy")); });
}

}  // namespace berth::desktop
