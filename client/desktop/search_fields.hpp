// SPDX-License-Identifier: GPL-3.0-or-later
// What to find in all files, how, where, and what to put in its place: the fields above the results.
#pragma once

#include <QFrame>
#include <QTimer>
#include <optional>

#include "protocol/messages.hpp"

class QHBoxLayout;
class QLineEdit;
class QToolButton;

namespace berth::desktop {

class SearchFields : public QFrame {
  Q_OBJECT

 public:
  explicit SearchFields(QWidget* parent = nullptr);

  /// nullopt: nothing to look for.
  std::optional<protocol::SearchQuery> query() const;
  /// What stands in the field; nullopt while it is hidden.
  std::optional<std::string> replacement() const;
  /// Shows it with the keys in the first field, all of it selected. `pattern` "": as it is.
  void open(const QString& pattern, bool with_replace);
  /// Only below this folder, relative to home.
  void lookBelow(const QString& folder);
  void showReplace(bool shown);
  void showMore(bool shown);
  /// Whether there is something to replace, and somebody who may.
  void setReplaceable(bool replaceable);
  void setMayReplace(bool may);
  /// It was looked for: the Up key brings it back later.
  void remember();
  QLineEdit* pattern() { return pattern_; }

 Q_SIGNALS:
  /// The person has paused, or wants it at once.
  void searchWanted();
  /// There is nothing to look for any more.
  void emptied();
  /// Escape in a field.
  void stopWanted();
  /// The Down key in the last field.
  void resultsWanted();
  void replaceAllWanted();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QLineEdit* addField(const QString& name, const QString& title);
  QToolButton* addToggle(QHBoxLayout* row, const QString& name, const QString& text, const QString& tip,
                         const QKeySequence& key);
  void typed();
  void step(int by);

  QToolButton* expand_;
  QLineEdit* pattern_;
  QLineEdit* replace_;
  QLineEdit* include_;
  QLineEdit* exclude_;
  QToolButton* case_;
  QToolButton* words_;
  QToolButton* expression_;
  QToolButton* ignored_;
  QToolButton* more_;
  QToolButton* all_;
  QWidget* replace_row_;
  QWidget* more_rows_;
  QString folder_;
  QTimer due_;
  QStringList history_;  // the newest last
  qsizetype place_ = 0;
  bool may_replace_ = true;
};

}  // namespace berth::desktop
