// SPDX-License-Identifier: GPL-3.0-or-later
// The settings as a JSON text to type in: names and values are offered, what is wrong is underlined and told,
// and nothing is taken before all of it is right.
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace berth::desktop {

class CodeEditor;

class SettingsJson : public QWidget {
  Q_OBJECT

 public:
  explicit SettingsJson(QWidget* parent = nullptr);

  CodeEditor* editor() const { return editor_; }
  /// The text as it is now, if it may be taken; what is wrong is shown otherwise.
  bool take();
  /// Shows what is chosen now, unless something is typed that was not taken yet.
  void refresh();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void look();
  void offer();

  CodeEditor* editor_;
  QLabel* told_;
  QPushButton* use_;
  QPushButton* back_;
  QTimer due_;
  bool typed_ = false;
};

}  // namespace berth::desktop
