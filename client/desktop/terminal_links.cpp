// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_links.hpp"

#include <QDir>
#include <QRegularExpression>
#include <algorithm>

namespace berth::desktop {
namespace {

constexpr qsizetype longest_looked_at = 8'192;
constexpr qsizetype most_links = 40;
constexpr qsizetype longest_named_path = 400;
constexpr int most_lines = 100'000'000;

int number_of(const QRegularExpressionMatch& match, QStringView name) {
  const auto number = match.capturedView(name).toInt();
  return number <= most_lines ? number : 0;
}

/// What ends a sentence around an address is not of it; a bracket that was opened within is.
qsizetype end_of_address(const QString& line, qsizetype begin, qsizetype end) {
  while (end > begin) {
    const auto last = line[end - 1];
    const auto within = QStringView(line).mid(begin, end - begin);
    if (last == u')' && within.count(u'(') >= within.count(u')')) break;
    if (last == u']' && within.count(u'[') >= within.count(u']')) break;
    if (!QStringLiteral(".,;:!?)]'\"*").contains(last)) break;
    --end;
  }
  return end;
}

void add_addresses(const QString& line, QList<TextLink>& links) {
  static const QRegularExpression address(
      QStringLiteral(R"x((?<![A-Za-z0-9])https?://[^\s<>"`\x00-\x1f\x7f]+)x"));
  for (auto all = address.globalMatch(line); all.hasNext() && links.size() < most_links;) {
    const auto match = all.next();
    const auto end = end_of_address(line, match.capturedStart(), match.capturedEnd());
    if (end - match.capturedStart() > 8)
      links.append(
          {match.capturedStart(), end, line.mid(match.capturedStart(), end - match.capturedStart())});
  }
}

bool overlaps(const QList<TextLink>& links, qsizetype begin, qsizetype end) {
  return std::ranges::any_of(links,
                             [&](const TextLink& link) { return begin < link.end && link.begin < end; });
}

void add_files(const QString& line, const QRegularExpression& pattern, QList<TextLink>& links) {
  for (auto all = pattern.globalMatch(line); all.hasNext() && links.size() < most_links;) {
    const auto match = all.next();
    auto path = match.captured(u"path");
    const auto begin = match.capturedStart(u"path");
    auto end = match.capturedEnd();
    // The end of a sentence.
    if (end == match.capturedEnd(u"path"))
      for (; path.size() > 1 && path.endsWith(u'.'); --end) path.chop(1);
    if (path.size() > longest_named_path || overlaps(links, begin, end)) continue;
    // A word is a file's name only with something that makes it one.
    const bool in_brackets = match.hasCaptured(u"line2");
    const int row = number_of(match, in_brackets ? u"line2" : u"line");
    const int column = number_of(match, in_brackets ? u"column2" : u"column");
    if (row == 0 && !path.contains(u'/') && !path.sliced(1).contains(u'.')) continue;
    if (std::ranges::none_of(path, [](QChar c) { return c.isLetter(); })) continue;  // a time, a rule
    links.append({begin, end, path, true, row, column});
  }
}

}  // namespace

QList<TextLink> links_in(const QString& line) {
  // Python's way: the place stands apart from the name.
  static const QRegularExpression quoted(
      QStringLiteral(R"x(File "(?<path>[^"\x00-\x1f]{1,400})", line (?<line>\d{1,9}))x"));
  // "a/b.c:12:5", "a/b.ts(4,2)", "a/b.rs"; possessive, so that a hostile line takes no time.
  static const QRegularExpression place(
      QStringLiteral(
          R"x((?<![\w./~@+-])(?<path>(?:~/|\.{0,2}/)?[\w@+.-](?:[\w@+./-])*+))x"
          R"x((?:(?<=[^.:]):(?<line>\d{1,9})(?::(?<column>\d{1,9}))?|\((?<line2>\d{1,9}),(?<column2>\d{1,9})\))?)x"),
      QRegularExpression::UseUnicodePropertiesOption);
  const auto looked_at = line.left(longest_looked_at);
  QList<TextLink> links;
  add_addresses(looked_at, links);
  add_files(looked_at, quoted, links);
  add_files(looked_at, place, links);
  std::ranges::sort(links, {}, &TextLink::begin);
  return links;
}

QStringList paths_meant(const QString& name, const QString& directory, const QString& home,
                        const QString& project) {
  QStringList paths;
  const auto add = [&](const QString& absolute) {
    const auto clean = QDir::cleanPath(absolute);
    if (!clean.startsWith(home + QLatin1Char('/'))) return;
    if (const auto path = clean.sliced(home.size() + 1); !paths.contains(path)) paths.append(path);
  };
  if (home.isEmpty() || name.isEmpty()) return paths;
  if (name.startsWith(QLatin1String("~/"))) {
    add(home + name.sliced(1));
  } else if (name.startsWith(u'/')) {
    add(name);
  } else {
    const QStringList folders{directory, project.isEmpty() ? home : home + QLatin1Char('/') + project};
    for (const auto& folder : folders)
      if (!folder.isEmpty()) add(folder + QLatin1Char('/') + name);
    // git names the two sides of a comparison so.
    if (name.startsWith(QLatin1String("a/")) || name.startsWith(QLatin1String("b/")))
      for (const auto& folder : folders)
        if (!folder.isEmpty()) add(folder + QLatin1Char('/') + name.sliced(2));
  }
  return paths;
}

}  // namespace berth::desktop
