// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/template_list.hpp"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include "client/desktop/template_icons.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

TemplateList::TemplateList(QWidget* parent) : QWidget(parent), rows_(new QVBoxLayout) {
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(0, 0, 0, 0);
  auto* inner = new QWidget;
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setSpacing(8);
  auto* column = new QVBoxLayout(inner);
  column->setContentsMargins(0, 0, 2, 0);
  column->addLayout(rows_);
  column->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);  // its rows have the focus
  whole->addWidget(scroll);
}

QFrame* TemplateList::addRow(const protocol::rest::Template& item) {
  auto* row = new QFrame;
  row->setObjectName(QStringLiteral("templateRow"));
  row->setFocusPolicy(Qt::StrongFocus);
  row->setProperty("template", QString::fromStdString(item.id));
  row->setAccessibleName(QString::fromStdString(item.name));
  row->installEventFilter(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(14, 10, 14, 10);
  layout->setSpacing(12);
  auto* icon = new QLabel;
  icon->setPixmap(template_icon(QString::fromStdString(item.id)).pixmap(30, 30));
  layout->addWidget(icon);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(1);
  auto* name = new QLabel(QString::fromStdString(item.name));
  name->setTextFormat(Qt::PlainText);
  name->setFont(Theme::instance()->uiFont(1, QFont::DemiBold));
  auto* description = new QLabel(QString::fromStdString(item.description));
  description->setTextFormat(Qt::PlainText);
  description->setWordWrap(true);
  description->setProperty("role", QStringLiteral("muted"));
  texts->addWidget(name);
  texts->addWidget(description);
  layout->addLayout(texts, 1);
  rows_->addWidget(row);
  return row;
}

void TemplateList::show(const std::vector<protocol::rest::Template>& templates) {
  QWidget* before = nullptr;
  for (const auto& item : templates) {
    auto* row = addRow(item);
    if (before) setTabOrder(before, row);
    before = row;
  }
  if (!templates.empty()) choose(QString::fromStdString(templates.front().id));
}

QList<QFrame*> TemplateList::rows() const { return findChildren<QFrame*>(QStringLiteral("templateRow")); }

void TemplateList::choose(const QString& id) {
  chosen_ = id;
  for (auto* row : rows()) {
    row->setProperty("chosen", row->property("template").toString() == id);
    row->style()->unpolish(row);
    row->style()->polish(row);
  }
  Q_EMIT chosenChanged();
}

bool TemplateList::eventFilter(QObject* watched, QEvent* event) {
  const bool pressed = event->type() == QEvent::MouseButtonPress;
  const auto key = event->type() == QEvent::KeyPress ? static_cast<QKeyEvent*>(event)->key() : 0;
  if (pressed || key == Qt::Key_Space) {
    choose(watched->property("template").toString());
    return true;
  }
  if (key == Qt::Key_Down || key == Qt::Key_Up) {
    const auto all = rows();
    const auto at = all.indexOf(static_cast<QFrame*>(watched)) + (key == Qt::Key_Down ? 1 : -1);
    if (auto* row = all.value(at)) {
      row->setFocus();
      choose(row->property("template").toString());
    }
    return true;
  }
  if (event->type() == QEvent::MouseButtonDblClick) {
    Q_EMIT activated();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace berth::desktop
