// SPDX-License-Identifier: GPL-3.0-or-later
// A coloured bar with one sentence and what can be done about it.
#pragma once

#include <QFrame>
#include <functional>
#include <optional>

class QHBoxLayout;
class QLabel;
class QProgressBar;

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
  /// A thin bar beside the text: 0..100, or moving to and fro without a number. show() takes it away.
  void setProgress(std::optional<double> percent);
  QString text() const;

 Q_SIGNALS:
  /// The person closed it.
  void closed();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QLabel* icon_;
  QLabel* text_;
  QProgressBar* progress_;
  QHBoxLayout* buttons_;
};

}  // namespace berth::desktop
