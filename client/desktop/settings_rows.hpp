// SPDX-License-Identifier: GPL-3.0-or-later
// Every setting with its words and a control of its kind, part by part; what differs from usual can be put
// back. Words are looked for over all of them.
#pragma once

#include <QScrollArea>
#include <vector>

#include "client/desktop/settings_table.hpp"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace berth::desktop {

class SettingRow : public QWidget {
  Q_OBJECT

 public:
  explicit SettingRow(const Setting& setting, QWidget* parent = nullptr);

  const Setting& setting() const { return setting_; }
  /// Whether it has these words, in its own or in what may be chosen.
  bool has(const QString& looked_for) const;
  /// Shows the value as it is now.
  void refresh();
  QWidget* control() const;

 private:
  void makeControl();

  const Setting& setting_;
  QCheckBox* check_ = nullptr;
  QSpinBox* number_ = nullptr;
  QComboBox* choice_ = nullptr;
  QPushButton* reset_;
};

class SettingsRows : public QScrollArea {
  Q_OBJECT

 public:
  explicit SettingsRows(QWidget* parent = nullptr);

  /// Only what has these words is shown; "" shows all.
  void find(const QString& words);
  void showGroup(SettingGroup group);
  const std::vector<SettingRow*>& rows() const { return rows_; }

 private:
  std::vector<SettingRow*> rows_;
  std::vector<std::pair<SettingGroup, QLabel*>> headings_;
  QLabel* none_;
};

}  // namespace berth::desktop
