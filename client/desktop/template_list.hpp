// SPDX-License-Identifier: GPL-3.0-or-later
// The templates a workspace can be made from, one of them chosen, by mouse or keys.
#pragma once

#include <QWidget>

#include "protocol/rest_teams.hpp"

class QFrame;
class QLabel;
class QVBoxLayout;

namespace berth::desktop {

class TemplateList : public QWidget {
  Q_OBJECT

 public:
  explicit TemplateList(QWidget* parent = nullptr);
  /// The first one is chosen then.
  void show(const std::vector<protocol::rest::Template>& templates);
  /// A team's own, above the others; none takes them away. The choice stays where it can.
  void showTeam(const QString& team, const std::vector<protocol::rest::TeamTemplate>& templates);
  void choose(const QString& id);
  /// The one of a team that is chosen; null where it is one of the server's.
  const protocol::rest::TeamTemplate* chosenOfTeam() const;
  const QString& chosen() const { return chosen_; }
  QList<QFrame*> rows() const;

 Q_SIGNALS:
  void chosenChanged();
  /// Chosen and meant: a double click.
  void activated();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QFrame* makeRow(const QString& id, const QString& icon, const QString& title, const QString& about);
  void orderKeys();

  QVBoxLayout* rows_;
  QVBoxLayout* team_rows_;
  QLabel* team_title_;
  QLabel* title_;
  std::vector<protocol::rest::TeamTemplate> of_team_;
  QString chosen_;
};

}  // namespace berth::desktop
