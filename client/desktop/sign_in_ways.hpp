// SPDX-License-Identifier: GPL-3.0-or-later
// The ways in beside a password typed here: a provider's, or the server's own page, in the browser.
#pragma once

#include <QWidget>

#include "protocol/rest.hpp"

class QVBoxLayout;

namespace berth::desktop {

class SignInWays : public QWidget {
  Q_OBJECT

 public:
  explicit SignInWays(QWidget* parent = nullptr);
  /// Without a password here the browser is the first way, not another one.
  void setOptions(const protocol::rest::SignInOptions& options);

 Q_SIGNALS:
  /// `provider`: its id; empty: whatever the page offers.
  void chosen(const QString& provider);

 private:
  void addWay(const QString& icon, const QString& text, const QString& provider, bool primary);

  QVBoxLayout* column_;
};

}  // namespace berth::desktop
