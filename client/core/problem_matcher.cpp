// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/problem_matcher.hpp"

#include <QRegularExpression>

namespace berth::client {
namespace {

using Severity = Problem::Severity;

constexpr qsizetype longest_told = 2'000;  // characters of a line that are looked at
constexpr qsizetype longest_message = 500;
constexpr qsizetype most_directories = 20;

Severity severity_of(const QString& word) {
  if (word.contains(QLatin1String("error"))) return Severity::error;
  if (word == QLatin1String("warning") || word == QLatin1String("warn")) return Severity::warning;
  return Severity::information;
}

/// What stands before a colon and a number is the name of a file, rather than a time or an address.
bool is_file_name(const QString& text) {
  static const QRegularExpression name(
      QStringLiteral("^(?!https?:)[^\\s:\"'<>|][^:\"'<>|]*\\.[A-Za-z][\\w+]{0,9}$"));
  static const QRegularExpression without_suffix(
      QStringLiteral("(^|/)(Makefile|Dockerfile|CMakeLists\\.txt)$"));
  return name.match(text).hasMatch() || without_suffix.match(text).hasMatch();
}

/// Python's own files and packages are not what the person wrote.
bool is_foreign(const QString& path) {
  return path.startsWith(u'<') || path.startsWith(QLatin1String("/usr/")) ||
         path.contains(QLatin1String("/site-packages/")) || path.contains(QLatin1String("/node_modules/"));
}

}  // namespace

void ProblemMatcher::reset() {
  rust_.reset();
  frame_.reset();
  in_traceback_ = false;
  assertion_.clear();
  eslint_file_.clear();
  directories_.clear();
}

void ProblemMatcher::tell(Problem problem) {
  problem.message = problem.message.trimmed().left(longest_message);
  if (problem.line > 0 && !problem.message.isEmpty()) found_(std::move(problem));
}

void ProblemMatcher::feed(const QString& whole) {
  const auto line = whole.left(longest_told);
  // In this order: what is told over several lines before what one line says.
  if (takeMake(line) || takeRust(line) || takePython(line) || takePytest(line) || takeTypeScript(line) ||
      takeEslint(line))
    return;
  takePlain(line);
}

/// gcc, clang, javac ("Main.java:5: error: …") and go ("./main.go:5:2: …").
bool ProblemMatcher::takePlain(const QString& line) {
  static const QRegularExpression told(
      QStringLiteral("^(.{1,400}?):(\\d{1,7})(?::(\\d{1,6}))?: (?:(fatal "
                     "error|error|warning|note|info)(?:\\[([\\w:-]+)\\])?: )?"
                     "(.+)$"));
  static const QRegularExpression option(QStringLiteral(" \\[(-W[\\w=+-]+)\\]$"));
  const auto match = told.match(line);
  if (!match.hasMatch()) return false;
  auto path = match.captured(1);
  if (path.startsWith(QLatin1String("vet: "))) path.remove(0, 5);
  const auto word = match.captured(4);
  const bool is_go = path.endsWith(QLatin1String(".go"));
  if (!is_file_name(path) || (word.isEmpty() && (!is_go || !match.hasCaptured(3)))) return false;
  Problem problem{word.isEmpty() ? Severity::error : severity_of(word),
                  path,
                  match.captured(2).toInt(),
                  match.captured(3).toInt(),
                  match.captured(6),
                  match.captured(5),
                  is_go ? QStringLiteral("go") : QString()};
  if (const auto by = option.match(problem.message); by.hasMatch()) {
    problem.code = by.captured(1);
    problem.message.chop(by.capturedLength());
  }
  tell(std::move(problem));
  return true;
}

/// "error[E0308]: mismatched types", then " --> src/main.rs:3:5".
bool ProblemMatcher::takeRust(const QString& line) {
  static const QRegularExpression head(QStringLiteral("^(error|warning)(?:\\[(\\w+)\\])?: (.+)$"));
  static const QRegularExpression place(QStringLiteral("^\\s*--> (.+?):(\\d{1,7}):(\\d{1,6})$"));
  if (const auto match = head.match(line); match.hasMatch()) {
    rust_ = Problem{severity_of(match.captured(1)), {}, 0, 0, match.captured(3), match.captured(2),
                    QStringLiteral("rustc")};
    return true;
  }
  if (!rust_) return false;
  const auto match = place.match(line);
  if (!match.hasMatch()) {
    // The place is the next line; some lines of notes may come between.
    if (line.isEmpty()) rust_.reset();
    return false;
  }
  rust_->path = match.captured(1);
  rust_->line = match.captured(2).toInt();
  rust_->column = match.captured(3).toInt();
  tell(*std::exchange(rust_, {}));
  return true;
}

/// A traceback ends with what went wrong; that is told at the innermost place in a file of the person's.
bool ProblemMatcher::takePython(const QString& line) {
  static const QRegularExpression file(
      QStringLiteral("^\\s*File \"(.{1,400}?)\", line (\\d{1,7})(?:, in .*)?$"));
  static const QRegularExpression end(QStringLiteral("^([A-Za-z_][\\w.]*)(?:: (.*))?$"));
  if (line.startsWith(QLatin1String("Traceback (most recent call last)"))) {
    in_traceback_ = true;
    frame_.reset();
    return true;
  }
  if (const auto match = file.match(line); match.hasMatch()) {
    if (!is_foreign(match.captured(1)))
      frame_ = Problem{Severity::error,         match.captured(1), match.captured(2).toInt(), 0, {}, {},
                       QStringLiteral("python")};
    in_traceback_ = true;
    return true;
  }
  if (!in_traceback_) return false;
  if (line.startsWith(u' ') || line.isEmpty()) return false;  // the line of the text, and marks below it
  in_traceback_ = false;
  const auto match = end.match(line);
  auto frame = std::exchange(frame_, {});
  if (!match.hasMatch() || !frame) return false;
  const auto name = match.captured(1);
  frame->message = line;
  if (name == QLatin1String("KeyboardInterrupt") || name == QLatin1String("SystemExit")) return true;
  tell(*std::move(frame));
  return true;
}

/// "E   assert 1 == 2", later "test_tides.py:12: AssertionError".
bool ProblemMatcher::takePytest(const QString& line) {
  static const QRegularExpression said(QStringLiteral("^E {3,}(.+)$"));
  static const QRegularExpression place(QStringLiteral("^(.{1,400}?\\.py):(\\d{1,7}): ([A-Z]\\w*)$"));
  if (const auto match = said.match(line); match.hasMatch()) {
    if (assertion_.isEmpty()) assertion_ = match.captured(1);
    return true;
  }
  const auto match = place.match(line);
  if (!match.hasMatch()) return false;
  const auto message = std::exchange(assertion_, {});
  if (is_foreign(match.captured(1))) return true;
  tell({Severity::error, match.captured(1), match.captured(2).toInt(), 0,
        message.isEmpty() ? match.captured(3) : message, match.captured(3), QStringLiteral("pytest")});
  return true;
}

/// "src/a.ts(3,5): error TS2322: …", and where it writes for people "src/a.ts:3:5 - error TS2322: …".
bool ProblemMatcher::takeTypeScript(const QString& line) {
  static const QRegularExpression told(
      QStringLiteral("^(.{1,400}?)(?:\\((\\d{1,7}),(\\d{1,6})\\):|:(\\d{1,7}):(\\d{1,6}) -) (error|warning) "
                     "(TS\\d+): (.+)$"));
  const auto match = told.match(line);
  if (!match.hasMatch()) return false;
  const bool plain = !match.captured(2).isEmpty();
  tell({severity_of(match.captured(6)), match.captured(1), match.captured(plain ? 2 : 4).toInt(),
        match.captured(plain ? 3 : 5).toInt(), match.captured(8), match.captured(7), QStringLiteral("tsc")});
  return true;
}

/// A file in a line of its own, below it "  3:5  error  message  rule".
bool ProblemMatcher::takeEslint(const QString& line) {
  static const QRegularExpression told(
      QStringLiteral("^\\s+(\\d{1,7}):(\\d{1,6})\\s+(error|warning)\\s+(.+?)(?:\\s{2,}([@\\w/-]+))?$"));
  if (line.startsWith(u'/') && !line.contains(u':') && !line.contains(QLatin1String("  ")) &&
      is_file_name(line)) {
    eslint_file_ = line;
    return true;
  }
  if (eslint_file_.isEmpty()) return false;
  const auto match = told.match(line);
  if (!match.hasMatch()) {
    eslint_file_.clear();
    return false;
  }
  tell({severity_of(match.captured(3)), eslint_file_, match.captured(1).toInt(), match.captured(2).toInt(),
        match.captured(4), match.captured(5), QStringLiteral("eslint")});
  return true;
}

bool ProblemMatcher::takeMake(const QString& line) {
  static const QRegularExpression moved(
      QStringLiteral("^\\S*make\\S*(?:\\[\\d+\\])?: (Entering|Leaving) directory ['`](.{1,400})'$"));
  const auto match = moved.match(line);
  if (!match.hasMatch()) return false;
  if (match.captured(1) == QLatin1String("Leaving")) {
    if (!directories_.isEmpty()) directories_.removeLast();
  } else if (directories_.size() < most_directories) {
    directories_.append(match.captured(2));
  }
  return true;
}

}  // namespace berth::client
