// SPDX-License-Identifier: GPL-3.0-or-later
// The person's settings in a window: as a page that can be searched, as keys, as JSON.
#pragma once

#include <QDialog>

class QLineEdit;
class QListWidget;
class QTabWidget;

namespace berth::desktop {

class MessageBar;
class SettingsJson;
class SettingsRows;

class SettingsDialog : public QDialog {
  Q_OBJECT

 public:
  explicit SettingsDialog(QWidget* parent = nullptr);
  /// The one that is open, or a new one; in front.
  static SettingsDialog* open(QWidget* parent);

  void showJson();
  SettingsRows* rows() const { return rows_; }
  SettingsJson* json() const { return json_; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* makePage();
  void showLanguage();

  QLineEdit* find_;
  QListWidget* groups_;
  SettingsRows* rows_;
  SettingsJson* json_;
  QTabWidget* parts_;
  MessageBar* bar_;
};

}  // namespace berth::desktop
