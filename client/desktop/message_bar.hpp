// SPDX-License-Identifier: GPL-3.0-or-later
// A coloured bar with one sentence and what can be done about it.
#pragma once

#include <QFrame>
#include <functional>

class QHBoxLayout;
class QLabel;

namespace berth::desktop {

class MessageBar : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { info, warning, error, good };
  struct Action {
    QString text;
    std::function<void()> run;
  };

  explicit MessageBar(QWidget* parent = nullptr);
  /// Shows it; `closable` adds a button that hides it.
  void show(Kind kind, const QString& text, const QList<Action>& actions = {}, bool closable = false);
  void setText(const QString& text);
  QString text() const;

 private:
  QLabel* icon_;
  QLabel* text_;
  QHBoxLayout* buttons_;
};

}  // namespace berth::desktop
