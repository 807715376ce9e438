// SPDX-License-Identifier: GPL-3.0-or-later
// What compilers, linters, test runners and interpreters say is wrong, found in their output line by line:
// gcc, clang, rustc, Python, tsc, ESLint, javac, go, pytest.
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <optional>

namespace berth::client {

struct Problem {
  enum class Severity { error, warning, information };
  Severity severity = Severity::error;
  QString path;     // as it was told; from a list, relative to home
  int line = 0;     // from 1
  int column = 0;   // from 1, in characters; 0 where none was told
  QString message;  // without a line's end
  QString code;     // "E0308", "TS2322", "no-unused-vars"; "" where there is none
  QString tool;     // "rustc"; "" for one of those that write as gcc does

  bool operator==(const Problem&) const = default;
};

class ProblemMatcher {
 public:
  using Found = std::function<void(Problem)>;
  explicit ProblemMatcher(Found found) : found_(std::move(found)) {}

  /// The next line of the output, without its end.
  void feed(const QString& line);
  /// Another command begins: what was half told is forgotten.
  void reset();
  /// The directory that make said it is in; "" for that of the shell.
  QString directory() const { return directories_.isEmpty() ? QString() : directories_.constLast(); }

 private:
  bool takePlain(const QString& line);
  bool takeRust(const QString& line);
  bool takePython(const QString& line);
  bool takePytest(const QString& line);
  bool takeTypeScript(const QString& line);
  bool takeEslint(const QString& line);
  bool takeMake(const QString& line);
  void tell(Problem problem);

  Found found_;
  std::optional<Problem> rust_;   // its place comes in the next line
  std::optional<Problem> frame_;  // of a traceback, the innermost so far
  bool in_traceback_ = false;
  QString assertion_;    // pytest's last "E" line
  QString eslint_file_;  // that the lines below it are about
  QStringList directories_;
};

}  // namespace berth::client
