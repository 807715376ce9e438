// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the workspaces the list shows: by a part of their name, and by whose they are.
#pragma once

#include <QTimer>
#include <QWidget>
#include <vector>

#include "protocol/rest_teams.hpp"

class QComboBox;
class QLineEdit;

namespace berth::desktop {

class WorkspaceFilter : public QWidget {
  Q_OBJECT

 public:
  /// `account`: id of this person.
  explicit WorkspaceFilter(const QString& account, QWidget* parent = nullptr);
  /// Whose workspaces there may be beside this person's own; a choice that is gone shows all again.
  void setTeams(const std::vector<protocol::rest::Team>& teams);
  QString text() const;
  /// Id of this person or of a team; "" for anybody's.
  QString owner() const;
  void clear();

 Q_SIGNALS:
  /// A moment after the last key, at once for anything else.
  void changed();

 private:
  QString account_;
  QLineEdit* text_;
  QComboBox* owner_;
  QTimer typed_;
};

}  // namespace berth::desktop
