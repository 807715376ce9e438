// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong by the output of the workspace's terminals since each last ran something.
#pragma once

#include <QList>
#include <QObject>
#include <QTimer>
#include <map>
#include <memory>

#include "client/core/problem_matcher.hpp"

namespace berth::client {

class Terminal;
class Workspace;

class Problems : public QObject {
  Q_OBJECT

 public:
  static constexpr qsizetype most = 1'000;  // that are kept

  explicit Problems(Workspace* workspace, QObject* parent = nullptr);
  ~Problems() override;

  /// By path, then place; each once. Paths are relative to home.
  const QList<Problem>& all() const { return all_; }
  QList<Problem> of(const QString& path) const;
  /// Until something runs again.
  void clear();

 Q_SIGNALS:
  /// At most every 100 ms.
  void changed();

 private:
  struct Source;
  void watch(Terminal* terminal);
  void take(Source* source, Problem problem);
  QString resolve(const Source& source, const QString& told) const;
  void collect();

  Workspace* workspace_;
  std::map<Terminal*, std::unique_ptr<Source>> sources_;
  QList<Problem> all_;
  QTimer due_;
};

}  // namespace berth::client
