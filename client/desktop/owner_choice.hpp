// SPDX-License-Identifier: GPL-3.0-or-later
// Whose a new workspace is to be: this person's, or one of the teams in which they may make some. Not to be
// seen where there is nothing to choose.
#pragma once

#include <QWidget>
#include <vector>

#include "protocol/rest_teams.hpp"

class QComboBox;

namespace berth::desktop {

class OwnerChoice : public QWidget {
  Q_OBJECT

 public:
  explicit OwnerChoice(QWidget* parent = nullptr);
  /// Teams in which this person may only look, and those that are disabled, are left out.
  void setTeams(const std::vector<protocol::rest::Team>& teams);
  /// The team's id; "" for this person.
  QString team() const;
  QString teamName() const;

 Q_SIGNALS:
  void chosen();

 private:
  QComboBox* choice_;
};

/// Whether a member makes and starts workspaces of this team.
bool may_make_in(const protocol::rest::Team& team);

}  // namespace berth::desktop
