// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/key_order.hpp"

#include <QLayout>
#include <QScrollArea>

namespace berth::desktop {
namespace {

void append_focusable(QWidget* widget, QList<QWidget*>& out);

void append_focusable(QLayout* layout, QList<QWidget*>& out) {
  for (int i = 0; i < layout->count(); ++i) {
    auto* item = layout->itemAt(i);
    if (item->widget()) {
      append_focusable(item->widget(), out);
    } else if (item->layout()) {
      append_focusable(item->layout(), out);
    }
  }
}

void append_focusable(QWidget* widget, QList<QWidget*>& out) {
  if ((widget->focusPolicy() & Qt::TabFocus) != 0) out.append(widget);
  if (const auto* scroll = qobject_cast<QScrollArea*>(widget)) {
    if (scroll->widget()) append_focusable(scroll->widget(), out);
  } else if (widget->layout()) {
    append_focusable(widget->layout(), out);
  }
}

}  // namespace

void order_keys_by_layout(QWidget* top) {
  QList<QWidget*> all;
  append_focusable(top, all);
  for (qsizetype i = 1; i < all.size(); ++i) QWidget::setTabOrder(all[i - 1], all[i]);
}

}  // namespace berth::desktop
