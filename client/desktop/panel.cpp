// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/panel.hpp"

#include <QFrame>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

Panel::Panel(const QString& title, QWidget* parent) : QWidget(parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  auto* header = new QFrame;
  header->setObjectName(QStringLiteral("panelHeader"));
  header->setFixedHeight(34);
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(12, 0, 6, 0);
  row->setSpacing(2);
  auto* label = new QLabel(title.toUpper());
  label->setProperty("role", QStringLiteral("panelTitle"));
  row->addWidget(label);
  row->addStretch();
  tools_ = new QHBoxLayout;
  tools_->setSpacing(2);
  row->addLayout(tools_);
  layout->addWidget(header);
  auto* body = new QFrame;
  body->setObjectName(QStringLiteral("panelBody"));
  body_ = new QVBoxLayout(body);
  body_->setContentsMargins(0, 0, 0, 0);
  body_->setSpacing(0);
  layout->addWidget(body, 1);
}

QToolButton* Panel::addTool(const QString& icon, const QString& tip) {
  auto* button = new QToolButton;
  button->setIcon(Theme::icon(icon, Theme::Tint::muted));
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setAutoRaise(true);
  tools_->addWidget(button);
  return button;
}

}  // namespace berth::desktop
