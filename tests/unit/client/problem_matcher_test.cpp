// SPDX-License-Identifier: GPL-3.0-or-later
// What compilers and tests say, in their own words as they wrote them.
#include "client/core/problem_matcher.hpp"

#include <gtest/gtest.h>

#include <ostream>

#include "client/core/terminal_lines.hpp"

namespace berth::client {

void PrintTo(const Problem& problem, std::ostream* out) {
  *out << static_cast<int>(problem.severity) << ' ' << problem.path.toStdString() << ':' << problem.line
       << ':' << problem.column << ' ' << problem.message.toStdString() << " [" << problem.code.toStdString()
       << "] " << problem.tool.toStdString();
}

namespace {

using Severity = Problem::Severity;

std::vector<Problem> problems_in(const char* output) {
  std::vector<Problem> found;
  ProblemMatcher matcher([&](Problem problem) { found.push_back(std::move(problem)); });
  const auto lines = QString::fromUtf8(output).split(u'\n');
  for (const auto& line : lines) matcher.feed(line);
  return found;
}

Problem problem(Severity severity, const char* path, int line, int column, const char* message,
                const char* code = "", const char* tool = "") {
  return {severity,
          QString::fromUtf8(path),
          line,
          column,
          QString::fromUtf8(message),
          QString::fromUtf8(code),
          QString::fromUtf8(tool)};
}

using Problems = std::vector<Problem>;

TEST(ProblemMatcher, ReadsGccClangAndJavac) {
  EXPECT_EQ(
      problems_in("make: Entering directory '/home/berth/project/src'\n"
                  "tide.cpp: In function 'int main()':\n"
                  "tide.cpp:12:5: error: 'level' was not declared in this scope; did you mean 'lever'?\n"
                  "   12 |     level = 3;\n"
                  "      |     ^~~~~\n"
                  "tide.cpp:14:9: warning: unused variable 'x' [-Wunused-variable]\n"
                  "tide.cpp:2:10: fatal error: harbour.h: No such file or directory\n"
                  "quay.c:7:3: note: declared here\n"),
      (Problems{problem(Severity::error, "tide.cpp", 12, 5,
                        "'level' was not declared in this scope; did you mean 'lever'?"),
                problem(Severity::warning, "tide.cpp", 14, 9, "unused variable 'x'", "-Wunused-variable"),
                problem(Severity::error, "tide.cpp", 2, 10, "harbour.h: No such file or directory"),
                problem(Severity::information, "quay.c", 7, 3, "declared here")}));
  EXPECT_EQ(
      problems_in("src/Main.java:5: error: ';' expected\n        int a = 1\n                 ^\n1 error"),
      (Problems{problem(Severity::error, "src/Main.java", 5, 0, "';' expected")}));
}

TEST(ProblemMatcher, ReadsRustGoTypeScriptAndEslint) {
  EXPECT_EQ(problems_in("error[E0308]: mismatched types\n --> src/main.rs:3:18\n  |\n"
                        "3 |     let a: i32 = \"x\";\n\nwarning: unused variable: `b`\n  --> src/lib.rs:9:7\n"
                        "error: could not compile `tides` (bin) due to 1 previous error\n"),
            (Problems{problem(Severity::error, "src/main.rs", 3, 18, "mismatched types", "E0308", "rustc"),
                      problem(Severity::warning, "src/lib.rs", 9, 7, "unused variable: `b`", "", "rustc")}));
  EXPECT_EQ(problems_in("# tides\n./main.go:5:2: undefined: level\nvet: ./quay.go:3:1: unreachable code"),
            (Problems{problem(Severity::error, "./main.go", 5, 2, "undefined: level", "", "go"),
                      problem(Severity::error, "./quay.go", 3, 1, "unreachable code", "", "go")}));
  EXPECT_EQ(problems_in("src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.\n"
                        "src/b.tsx:7:1 - error TS1005: ';' expected."),
            (Problems{problem(Severity::error, "src/a.ts", 3, 5,
                              "Type 'string' is not assignable to type 'number'.", "TS2322", "tsc"),
                      problem(Severity::error, "src/b.tsx", 7, 1, "';' expected.", "TS1005", "tsc")}));
  EXPECT_EQ(problems_in("\n/home/berth/project/src/a.js\n"
                        "  3:5   error    'b' is defined but never used  no-unused-vars\n"
                        "  9:1   warning  Unexpected console statement   no-console\n\n✖ 2 problems"),
            (Problems{problem(Severity::error, "/home/berth/project/src/a.js", 3, 5,
                              "'b' is defined but never used", "no-unused-vars", "eslint"),
                      problem(Severity::warning, "/home/berth/project/src/a.js", 9, 1,
                              "Unexpected console statement", "no-console", "eslint")}));
}

TEST(ProblemMatcher, ReadsTracebacksAndFailedTests) {
  EXPECT_EQ(problems_in("Traceback (most recent call last):\n"
                        "  File \"/home/berth/project/main.py\", line 20, in <module>\n    main()\n"
                        "  File \"/home/berth/project/tides.py\", line 7, in at\n    return 1 / 0\n"
                        "           ~~^~~\n"
                        "  File \"/usr/lib/python3.13/decimal.py\", line 99, in divide\n    raise\n"
                        "ZeroDivisionError: division by zero\n"),
            (Problems{problem(Severity::error, "/home/berth/project/tides.py", 7, 0,
                              "ZeroDivisionError: division by zero", "", "python")}))
      << "at the innermost place of the person's own files";
  EXPECT_EQ(problems_in("  File \"/home/berth/project/main.py\", line 3\n    def f(:\n          ^\n"
                        "SyntaxError: invalid syntax"),
            (Problems{problem(Severity::error, "/home/berth/project/main.py", 3, 0,
                              "SyntaxError: invalid syntax", "", "python")}));
  EXPECT_EQ(problems_in("    def test_level():\n>       assert at(3) == 2\nE       assert 1 == 2\n"
                        "E        +  where 1 = at(3)\n\ntests/test_tides.py:12: AssertionError\n"),
            (Problems{problem(Severity::error, "tests/test_tides.py", 12, 0, "assert 1 == 2",
                              "AssertionError", "pytest")}));
  EXPECT_TRUE(
      problems_in("Traceback (most recent call last):\n  File \"/home/berth/project/main.py\", line 2, "
                  "in <module>\nKeyboardInterrupt\n")
          .empty())
      << "the person ended it";
}

TEST(ProblemMatcher, LeavesOtherLinesAlone) {
  const std::string long_line(1'000'000, ':');
  for (const char* line :
       {"12:30:45: error: not a file", "http://example.org:80:1: error: no file", "", ":", "a:1",
        "::::", "main.py:0:0: error: there is no line 0", "INFO 10.0.0.1:8000:1: warning: x", "E   ",
        "-rw-r--r-- 1 a a 3 main.c", "  --> nowhere:1:1", "make: Leaving directory '/never/entered'",
        long_line.c_str()})
    EXPECT_TRUE(problems_in(line).empty()) << std::string(line).substr(0, 60);
  const auto told = problems_in(("a.c:1:1: error: " + std::string(100'000, 'x')).c_str());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_LE(told.front().message.size(), 500);
}

TEST(TerminalLines, AreWhatAPersonReads) {
  QStringList lines;
  QStringList directories;
  int commands = 0;
  TerminalLines reader({[&](const QString& line) { lines.append(line); },
                        [&](const QString& directory) { directories.append(directory); },
                        [&] { ++commands; }});
  const QByteArray output =
      "\x1b[1;31ma.c:3:1: error:\x1b[0m no\r\n 10%\r 20%\r100%\r\n\x1b]0;title\x07ok\r\n"
      "\x1b]7;file://host/home/ada/pro%20ject\x1b\\\x1b]133;C\x07wro\b\bite\r\n\x1bP+q544e\x1b\\end\n";
  // However it is cut.
  for (const qsizetype piece : {qsizetype(1), qsizetype(3), output.size()}) {
    lines.clear();
    directories.clear();
    commands = 0;
    reader.reset();
    for (qsizetype at = 0; at < output.size(); at += piece) reader.feed(output.mid(at, piece));
    EXPECT_EQ(lines, (QStringList{QStringLiteral("a.c:3:1: error: no"), QStringLiteral("100%"),
                                  QStringLiteral("ok"), QStringLiteral("wite"), QStringLiteral("end")}));
    EXPECT_EQ(directories, QStringList{QStringLiteral("/home/ada/pro ject")});
    EXPECT_EQ(commands, 1);
  }
  lines.clear();
  reader.feed(QByteArray(10 << 20, 'x') + '\n');
  ASSERT_EQ(lines.size(), 1);
  EXPECT_LE(lines.front().size(), 4'096) << "a line without an end takes no memory";
}

}  // namespace
}  // namespace berth::client
