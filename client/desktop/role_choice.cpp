// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/role_choice.hpp"

#include <QCoreApplication>
#include <QPainter>
#include <QWheelEvent>

#include "client/desktop/theme.hpp"

namespace berth::desktop {

QString role_words(protocol::Role role) {
  switch (role) {
    case protocol::Role::owner:
      return QCoreApplication::translate("berth", "Owner");
    case protocol::Role::editor:
      return QCoreApplication::translate("berth", "May edit");
    default:
      return QCoreApplication::translate("berth", "May look");
  }
}

QString own_role_words(protocol::Role role) {
  switch (role) {
    case protocol::Role::owner:
      return QCoreApplication::translate("berth", "yours");
    case protocol::Role::editor:
      return QCoreApplication::translate("berth", "you may edit");
    default:
      return QCoreApplication::translate("berth", "you may look");
  }
}

QString role_meaning(protocol::Role role) {
  switch (role) {
    case protocol::Role::owner:
      return QCoreApplication::translate("berth", "Everything, also sharing and deleting it.");
    case protocol::Role::editor:
      return QCoreApplication::translate("berth", "Changes files, uses terminals, starts and stops it.");
    default:
      return QCoreApplication::translate("berth",
                                         "Sees files, terminals and shared previews; changes nothing.");
  }
}

ChoiceBox::ChoiceBox(QWidget* parent) : QComboBox(parent) { setFocusPolicy(Qt::StrongFocus); }

void ChoiceBox::paintEvent(QPaintEvent* event) {
  QComboBox::paintEvent(event);
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const auto& colors = Theme::instance()->colors();
  painter.setPen(
      QPen(isEnabled() ? colors.muted : colors.faint, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  const auto middle = isLeftToRight() ? width() - 15.0 : 15.0;
  const auto line = height() / 2.0;
  painter.drawPolyline(
      QPolygonF({{middle - 3.5, line - 1.75}, {middle, line + 1.75}, {middle + 3.5, line - 1.75}}));
}

void ChoiceBox::wheelEvent(QWheelEvent* event) { event->ignore(); }

RoleChoice::RoleChoice(protocol::Role role, QWidget* parent) : ChoiceBox(parent) {
  for (const auto one : {protocol::Role::viewer, protocol::Role::editor}) {
    addItem(role_words(one), static_cast<int>(one));
    setItemData(count() - 1, role_meaning(one), Qt::ToolTipRole);
  }
  setRole(role);
  connect(this, &QComboBox::currentIndexChanged, this, [this] { setToolTip(role_meaning(this->role())); });
  connect(this, &QComboBox::activated, this, [this] { Q_EMIT chosen(this->role()); });
}

protocol::Role RoleChoice::role() const { return static_cast<protocol::Role>(currentData().toInt()); }

void RoleChoice::setRole(protocol::Role role) {
  setCurrentIndex(std::max(0, findData(static_cast<int>(role))));
  setToolTip(role_meaning(this->role()));
}

}  // namespace berth::desktop
