// SPDX-License-Identifier: GPL-3.0-or-later
// The person's own terminal profiles: made, changed, removed; which one is the usual.
#pragma once

#include <QDialog>

#include "client/desktop/terminal_profiles.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QToolButton;
class QWidget;

namespace berth::desktop {

class TerminalProfilesDialog : public QDialog {
  Q_OBJECT

 public:
  /// `programs`: what the workspace at hand has, for what there is besides.
  TerminalProfilesDialog(const QStringList& programs, QWidget* parent);

  void accept() override;

 private:
  QWidget* makeList();
  QWidget* makeForm();
  void fillList(int row);
  void fillForm();
  void take();
  void addProfile(TerminalProfile profile);
  void removeProfile();

  QStringList programs_;
  QList<TerminalProfile> own_;
  QString usual_;
  bool filling_ = false;
  QListWidget* list_;
  QToolButton* remove_;
  QWidget* form_;
  QLineEdit* name_;
  QLineEdit* command_;
  QLineEdit* folder_;
  QPlainTextEdit* environment_;
  QComboBox* icon_;
  QComboBox* colour_;
  QComboBox* usual_choice_;
  QLabel* problem_;
};

/// Of lines "NAME=value"; what is no variable is left out and told.
QMap<QString, QString> variables_in(const QString& text, QStringList* wrong);

}  // namespace berth::desktop
