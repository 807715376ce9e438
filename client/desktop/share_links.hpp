// SPDX-License-Identifier: GPL-3.0-or-later
// The ways into a workspace that its owner gives out: links to join by, and the public page.
#pragma once

#include <QWidget>

#include "protocol/rest_sharing.hpp"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace berth::client {
class Sharing;
}

namespace berth::desktop {

class CopyField;
class RoleChoice;

class ShareLinks : public QWidget {
  Q_OBJECT

 public:
  explicit ShareLinks(client::Sharing* sharing, QWidget* parent = nullptr);

 private:
  QWidget* makeForm();
  void rebuild();
  QWidget* makeRow(const protocol::rest::ShareLink& link);

  client::Sharing* sharing_;
  CopyField* made_;
  QVBoxLayout* rows_;
  RoleChoice* role_ = nullptr;
  QComboBox* life_ = nullptr;
  QPushButton* make_ = nullptr;
};

class SharePublic : public QWidget {
  Q_OBJECT

 public:
  explicit SharePublic(client::Sharing* sharing, QWidget* parent = nullptr);

 private:
  void refresh();

  client::Sharing* sharing_;
  QCheckBox* enabled_;
  CopyField* address_;
  QWidget* unknown_;  // it is on, and only who turned it on saw its address
};

}  // namespace berth::desktop
