// SPDX-License-Identifier: GPL-3.0-or-later
// What this program is: version, wire, what it is made of, and under which licence it may be passed on.
#pragma once

#include <QDialog>

namespace berth::desktop {

/// Versions of the program and of what it runs on, a line each, for a report.
QString about_versions();

class AboutDialog : public QDialog {
  Q_OBJECT

 public:
  explicit AboutDialog(QWidget* parent = nullptr);
  /// The one that is open, or a new one; in front.
  static AboutDialog* open(QWidget* parent);

 private:
  QLayout* makeHead();
  QWidget* makeVersions();
  QWidget* makeLibraries();
  QWidget* makeLicence();
};

}  // namespace berth::desktop
