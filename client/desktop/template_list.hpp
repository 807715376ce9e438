// SPDX-License-Identifier: GPL-3.0-or-later
// The templates a workspace can be made from, one of them chosen, by mouse or keys.
#pragma once

#include <QWidget>

#include "protocol/rest.hpp"

class QFrame;
class QVBoxLayout;

namespace berth::desktop {

class TemplateList : public QWidget {
  Q_OBJECT

 public:
  explicit TemplateList(QWidget* parent = nullptr);
  /// The first one is chosen then.
  void show(const std::vector<protocol::rest::Template>& templates);
  void choose(const QString& id);
  const QString& chosen() const { return chosen_; }
  QList<QFrame*> rows() const;

 Q_SIGNALS:
  void chosenChanged();
  /// Chosen and meant: a double click.
  void activated();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QFrame* addRow(const protocol::rest::Template& item);

  QVBoxLayout* rows_;
  QString chosen_;
};

}  // namespace berth::desktop
