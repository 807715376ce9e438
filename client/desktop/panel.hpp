// SPDX-License-Identifier: GPL-3.0-or-later
// The common shape of a dock: a small title with tool buttons above a body.
#pragma once

#include <QFrame>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace berth::desktop {

/// Title and tools. Where several panels lie in one place it has their titles, to go from one to the other.
class PanelHeader : public QFrame {
  Q_OBJECT

 public:
  explicit PanelHeader(const QString& title, QWidget* parent = nullptr);
  QToolButton* addTool(const QString& icon, const QString& tip);

  struct Choice {
    QString id;
    QString title;
    int count;  // shown behind it; 0 for none
    bool shown;
  };
  /// One choice is its title alone.
  void setChoices(const QList<Choice>& choices);
  /// A dock asks for these, not for the fixed height.
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void chosen(const QString& id);

 private:
  QLabel* title_;
  QHBoxLayout* choices_;
  QHBoxLayout* tools_;
  QList<QToolButton*> buttons_;
};

class Panel : public QWidget {
  Q_OBJECT

 public:
  explicit Panel(const QString& title, QWidget* parent = nullptr);
  /// A button at the right of the title.
  QToolButton* addTool(const QString& icon, const QString& tip);
  QVBoxLayout* body() { return body_; }
  /// The header, for a dock to show as its title; the panel keeps its tools in it.
  PanelHeader* takeHeader();

 private:
  PanelHeader* header_;
  QVBoxLayout* body_;
};

}  // namespace berth::desktop
