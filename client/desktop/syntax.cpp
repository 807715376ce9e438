// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/syntax.hpp"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/State>
#include <QRegularExpression>

namespace berth::desktop {
namespace {

namespace ksh = KSyntaxHighlighting;

constexpr qsizetype longest_coloured = 4'000;  // characters of a line

class ColouredText : public ksh::AbstractHighlighter {
 public:
  ColouredText(const ksh::Definition& definition, bool dark, QColor plain) : plain_(std::move(plain)) {
    setTheme(syntax_theme(dark));
    setDefinition(definition);
  }

  std::vector<StyledRun> line(const QString& text) {
    runs_.clear();
    text_ = text;
    if (definition().isValid() && text.size() <= longest_coloured)
      state_ = highlightLine(text_, state_);
    else if (!text.isEmpty())
      runs_.push_back({text, plain_, false, false});
    return std::exchange(runs_, {});
  }

 protected:
  void applyFormat(int offset, int length, const ksh::Format& format) override {
    if (length <= 0) return;
    runs_.push_back({text_.mid(offset, length),
                     format.hasTextColor(theme()) ? format.textColor(theme()) : plain_,
                     format.isBold(theme()), format.isItalic(theme())});
  }

 private:
  QColor plain_;
  ksh::State state_;
  QString text_;
  std::vector<StyledRun> runs_;
};

}  // namespace

ksh::Repository& syntax_repository() {
  static ksh::Repository repository;
  return repository;
}

ksh::Theme syntax_theme(bool dark) {
  auto theme =
      syntax_repository().theme(dark ? QStringLiteral("GitHub Dark") : QStringLiteral("GitHub Light"));
  if (theme.isValid()) return theme;
  return syntax_repository().defaultTheme(dark ? ksh::Repository::DarkTheme : ksh::Repository::LightTheme);
}

/// What the first line, or an editor's mark in it, says of the language.
ksh::Definition definition_of_opening(const std::string& opening) {
  const auto first = QString::fromStdString(opening.substr(0, opening.find('\n')));
  static const QRegularExpression mark(
      QStringLiteral("(?:-\\*-\\s*(?:.*mode:\\s*)?|\\bvim?:.*\\b(?:ft|filetype)=)([\\w+#-]+)"));
  if (const auto named = mark.match(first); named.hasMatch())
    for (const auto& definition : syntax_repository().definitions())
      if (definition.name().compare(named.captured(1), Qt::CaseInsensitive) == 0 ||
          definition.alternativeNames().contains(named.captured(1), Qt::CaseInsensitive))
        return definition;
  if (first.startsWith(QLatin1String("#!"))) {
    static const std::pair<const char*, const char*> programs[] = {
        {"python", "Python"},    {"node", "JavaScript"}, {"deno", "TypeScript"}, {"perl", "Perl"},
        {"ruby", "Ruby"},        {"php", "PHP/PHP"},     {"lua", "Lua"},         {"fish", "Fish"},
        {"zsh", "Zsh"},          {"tclsh", "Tcl/Tk"},    {"awk", "AWK"},         {"make", "Makefile"},
        {"Rscript", "R Script"}, {"sh", "Bash"}};
    for (const auto& [program, language] : programs)
      if (first.contains(QLatin1String(program)))
        return syntax_repository().definitionForName(QLatin1String(language));
  }
  if (first.startsWith(QLatin1String("<?xml")))
    return syntax_repository().definitionForName(QStringLiteral("XML"));
  if (first.startsWith(QLatin1String("<!doctype html"), Qt::CaseInsensitive))
    return syntax_repository().definitionForName(QStringLiteral("HTML"));
  if (first.startsWith(QLatin1String("diff --git")) || first.startsWith(QLatin1String("--- a/")))
    return syntax_repository().definitionForName(QStringLiteral("Diff"));
  return {};
}

/// Where several languages claim a name, or none does.
ksh::Definition definition_of_file(const QString& name) {
  static const std::pair<const char*, const char*> ours[] = {
      {".svelte", "HTML"},          {".astro", "HTML"}, {"go.mod", "Go"},          {"go.work", "Go"},
      {".asm", "Intel x86 (NASM)"}, {".jsonc", "JSON"}, {".code-snippets", "JSON"}};
  for (const auto& [end, language] : ours)
    if (name.endsWith(QLatin1String(end)))
      if (const auto known = syntax_repository().definitionForName(QLatin1String(language)); known.isValid())
        return known;
  return syntax_repository().definitionForFileName(name);
}

ksh::Definition definition_of_name(const QString& name) {
  if (name.isEmpty()) return {};
  if (const auto known = syntax_repository().definitionForName(name); known.isValid()) return known;
  for (const auto& definition : syntax_repository().definitions())
    if (definition.name().compare(name, Qt::CaseInsensitive) == 0 ||
        definition.alternativeNames().contains(name, Qt::CaseInsensitive))
      return definition;
  return syntax_repository().definitionForFileName(QStringLiteral("x.") + name);
}

std::vector<std::vector<StyledRun>> coloured_lines(const QString& text, const ksh::Definition& definition,
                                                   bool dark, const QColor& plain) {
  ColouredText colours(definition, dark, plain);
  std::vector<std::vector<StyledRun>> lines;
  for (const auto& line : text.split(u'\n')) lines.push_back(colours.line(line));
  return lines;
}

}  // namespace berth::desktop
