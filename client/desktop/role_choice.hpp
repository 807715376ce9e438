// SPDX-License-Identifier: GPL-3.0-or-later
// A role in a workspace in words, and the choice of one for somebody.
#pragma once

#include <QComboBox>

#include "protocol/messages.hpp"

namespace berth::desktop {

/// "May look"; where a row of a list ends.
QString role_words(protocol::Role role);
/// "you may look": within a sentence about this person.
QString own_role_words(protocol::Role role);
/// What it means, as a sentence.
QString role_meaning(protocol::Role role);

/// A choice of a few words that looks as the theme's other controls do.
class ChoiceBox : public QComboBox {
  Q_OBJECT

 public:
  explicit ChoiceBox(QWidget* parent = nullptr);

 protected:
  /// The style sheet knows no arrow without a picture of it.
  void paintEvent(QPaintEvent* event) override;
  /// The wheel scrolls the list that this stands in; it never gives somebody another role.
  void wheelEvent(QWheelEvent* event) override;
};

/// Viewer or editor: an owner is not chosen but handed over to.
class RoleChoice : public ChoiceBox {
  Q_OBJECT

 public:
  explicit RoleChoice(protocol::Role role, QWidget* parent = nullptr);
  protocol::Role role() const;
  void setRole(protocol::Role role);

 Q_SIGNALS:
  /// By the person, not by setRole().
  void chosen(berth::protocol::Role role);
};

}  // namespace berth::desktop
