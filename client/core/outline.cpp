// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/outline.hpp"

#include <QHash>
#include <QRegularExpression>
#include <algorithm>

namespace berth::client {
namespace {

constexpr std::size_t most_symbols = 20'000;
constexpr std::size_t longest_symbol_line = 2'000;  // bytes

struct SymbolPattern {
  const char* kind;
  QRegularExpression line;  // captures the name as "name"
};
using SymbolPatterns = std::vector<SymbolPattern>;

SymbolPattern pattern(const char* kind, const char* expression) {
  return {kind, QRegularExpression(QString::fromUtf8(expression))};
}

const SymbolPatterns& c_patterns() {
  static const SymbolPatterns patterns{
      pattern("namespace", R"(^\s*(?:inline\s+)?namespace\s+(?<name>[\w:]+)\s*\{?)"),
      pattern(
          "class",
          R"(^\s*(?:template\s*<.*>\s*)?(?:typedef\s+)?(?:class|struct|union)\s+(?:alignas\(.*?\)\s*)?(?<name>\w+)(?:\s+final)?\s*(?::[^:;]*)?(?:\{.*)?$)"),
      pattern(
          "enum",
          R"(^\s*(?:typedef\s+)?enum(?:\s+(?:class|struct))?\s+(?<name>\w+)\s*(?::\s*[\w:]+\s*)?(?:\{.*)?$)"),
      pattern("macro", R"(^\s*#\s*define\s+(?<name>\w+)\()"),
      pattern("alias", R"(^\s*using\s+(?<name>\w+)\s*=)"),
      pattern(
          "function",
          R"(^(?!\s*(?:if|else|for|while|switch|return|do|catch|case|throw|co_return|co_await|new|delete|using|typedef)\b)\s*(?:[\w:<>,*&~\[\]]+\s+)+[*&]*(?<name>(?:\w+::)*~?(?:operator\s*\S+|\w+))\s*\([^;]*\)?\s*(?:const|noexcept|override|final|&|\s)*(?:->.*)?(?:\{.*)?$)"),
      pattern("function", R"(^(?<name>(?:\w+::)+~?\w+)\s*\([^;]*$)")};
  return patterns;
}

const SymbolPatterns& script_patterns() {
  static const SymbolPatterns patterns{
      pattern("class", R"(^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(?<name>[\w$]+))"),
      pattern("interface", R"(^\s*(?:export\s+)?(?:declare\s+)?(?:interface|namespace)\s+(?<name>[\w$.]+))"),
      pattern("type", R"(^\s*(?:export\s+)?type\s+(?<name>[\w$]+)\s*(?:<.*>)?\s*=)"),
      pattern("enum", R"(^\s*(?:export\s+)?(?:const\s+)?enum\s+(?<name>[\w$]+))"),
      pattern("function",
              R"(^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s*\*?\s*(?<name>[\w$]+))"),
      pattern(
          "function",
          R"(^\s*(?:export\s+)?(?:const|let|var)\s+(?<name>[\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|[\w$]+\s*=>))"),
      pattern(
          "method",
          R"(^\s+(?:(?:public|private|protected|static|readonly|override|async|get|set)\s+)*(?!(?:if|for|while|switch|catch|return|function|constructor\s*;)\b)(?<name>#?[\w$]+)\s*(?:<[^>]*>)?\([^;]*\)\s*(?::[^{;]+)?\{\s*$)")};
  return patterns;
}

const SymbolPatterns& java_patterns() {
  static const SymbolPatterns patterns{
      pattern(
          "class",
          R"(^\s*(?:[\w@]+\s+)*(?:class|interface|enum|record|struct|namespace|object|trait)\s+(?<name>[\w.]+))"),
      pattern(
          "method",
          R"(^\s+(?!(?:if|for|while|switch|catch|return|throw|new|else|do|try|using|lock)\b)(?:(?:[\w@]+|\w+<[^>]*>)(?:\[\])*\s+)+(?<name>\w+)\s*\([^;]*\)\s*(?:throws [\w., ]+)?\{?\s*$)"),
      pattern(
          "function",
          R"(^\s*(?:(?:public|private|internal|override|suspend|inline|open|static)\s+)*(?:fun|func)\s+(?:<[^>]*>\s*)?(?:[\w<>]+\.)?(?<name>\w+))")};
  return patterns;
}

QHash<QString, SymbolPatterns> other_patterns() {
  QHash<QString, SymbolPatterns> all;
  all[QStringLiteral("Python")] = {pattern("class", R"(^\s*class\s+(?<name>\w+))"),
                                   pattern("function", R"(^\s*(?:async\s+)?def\s+(?<name>\w+))")};
  all[QStringLiteral("Rust")] = {
      pattern(
          "function",
          R"(^\s*(?:pub(?:\([^)]*\))?\s+)?(?:(?:default|const|async|unsafe|extern(?:\s+"[^"]*")?)\s+)*fn\s+(?<name>\w+))"),
      pattern("class",
              R"(^\s*(?:pub(?:\([^)]*\))?\s+)?(?:struct|union|trait|type|mod|macro_rules!)\s+(?<name>\w+))"),
      pattern("enum", R"(^\s*(?:pub(?:\([^)]*\))?\s+)?enum\s+(?<name>\w+))"),
      pattern("implementation", R"(^\s*(?:unsafe\s+)?impl(?:<[^>]*>)?\s+(?<name>[^{]+?)\s*(?:where.*)?\{)")};
  all[QStringLiteral("Go")] = {pattern("function", R"(^func\s+(?:\([^)]*\)\s*)?(?<name>\w+))"),
                               pattern("type", R"(^type\s+(?<name>\w+))")};
  all[QStringLiteral("Ruby")] = {pattern("class", R"(^\s*(?:class|module)\s+(?<name>[\w:]+))"),
                                 pattern("function", R"(^\s*def\s+(?<name>[\w.]+[?!=]?))")};
  all[QStringLiteral("PHP (HTML)")] = {
      pattern("class", R"(^\s*(?:abstract\s+|final\s+)*(?:class|interface|trait|enum)\s+(?<name>\w+))"),
      pattern("function",
              R"(^\s*(?:(?:public|private|protected|static|abstract|final)\s+)*function\s+&?(?<name>\w+))")};
  all[QStringLiteral("Lua")] = {pattern("function", R"(^\s*(?:local\s+)?function\s+(?<name>[\w.:]+))")};
  all[QStringLiteral("Bash")] = {pattern("function", R"(^\s*(?:function\s+)?(?<name>[\w:.-]+)\s*\(\s*\))"),
                                 pattern("function", R"(^\s*function\s+(?<name>[\w:.-]+))")};
  all[QStringLiteral("Perl")] = {pattern("function", R"(^\s*sub\s+(?<name>\w+))"),
                                 pattern("class", R"(^\s*package\s+(?<name>[\w:]+))")};
  all[QStringLiteral("CMake")] = {
      pattern("function", R"(^\s*(?i:function|macro)\s*\(\s*(?<name>\w+))"),
      pattern("target",
              R"(^\s*(?i:add_executable|add_library|add_custom_target)\s*\(\s*(?<name>[\w${}:.-]+))")};
  all[QStringLiteral("Makefile")] = {pattern("target", R"(^(?<name>[\w./%$(){}-]+)\s*::?(?!=))")};
  all[QStringLiteral("SQL")] = {pattern(
      "table",
      R"(^\s*(?i:create)\s+(?i:or\s+replace\s+|temporary\s+|unique\s+)*(?i:table|view|index|function|procedure|trigger)\s+(?i:if\s+not\s+exists\s+)?(?<name>[\w."]+))")};
  all[QStringLiteral("CSS")] = {pattern("rule", R"(^\s*(?<name>[^\s{}@/][^{}]*?)\s*\{)"),
                                pattern("rule", R"(^\s*(?<name>@[\w-]+[^{};]*?)\s*\{)")};
  all[QStringLiteral("SCSS")] = all[QStringLiteral("LESSCSS")] = all[QStringLiteral("CSS")];
  all[QStringLiteral("INI Files")] = {pattern("section", R"(^\s*\[\[?(?<name>[^\]]+)\]\]?)")};
  all[QStringLiteral("TOML")] = all[QStringLiteral("INI Files")];
  all[QStringLiteral("YAML")] = {pattern("key", R"(^(?<name>[\w."/-]+)\s*:)")};
  all[QStringLiteral("JSON")] = {pattern("key", R"re(^\s{0,4}"(?<name>[^"]+)"\s*:)re")};
  for (const char* name : {"C++", "C", "ISO C++", "Objective-C++", "Objective-C", "GLSL"})
    all[QLatin1String(name)] = c_patterns();
  for (const char* name : {"JavaScript", "TypeScript", "JavaScript React (JSX)", "TypeScript React (TSX)"})
    all[QLatin1String(name)] = script_patterns();
  for (const char* name : {"Java", "C#", "Kotlin", "Scala", "Swift", "Dart"})
    all[QLatin1String(name)] = java_patterns();
  return all;
}

int columns_of(std::string_view line) {
  int columns = 0;
  for (const char byte : line) {
    if (byte == '\t')
      columns += 4 - columns % 4;
    else if (byte == ' ')
      ++columns;
    else
      break;
  }
  return columns;
}

/// "## Title": its depth is the number of marks.
std::vector<Symbol> headings_of(std::string_view text) {
  static const QRegularExpression heading(QStringLiteral("^(#{1,6})\\s+(.+?)\\s*#*$"));
  std::vector<Symbol> out;
  bool code = false;
  for (int number = 1; !text.empty() && out.size() < most_symbols; ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("```") || line.starts_with("~~~")) code = !code;
    if (code || !line.starts_with('#') || line.size() > longest_symbol_line) continue;
    const auto found = heading.match(QString::fromUtf8(line.data(), static_cast<qsizetype>(line.size())));
    if (found.hasMatch())
      out.push_back({found.captured(2), QStringLiteral("heading"), number,
                     static_cast<int>(found.captured(1).size()) - 1});
  }
  return out;
}

}  // namespace

std::vector<Symbol> outline_of(std::string_view text, const QString& language) {
  if (language == QLatin1String("Markdown")) return headings_of(text);
  static const auto all = other_patterns();
  const auto patterns = all.constFind(language);
  if (patterns == all.constEnd()) return {};
  std::vector<Symbol> out;
  std::vector<int> open;  // columns of those that the next one may lie in
  for (int number = 1; !text.empty() && out.size() < most_symbols; ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.empty() || line.size() > longest_symbol_line) continue;
    const auto shown = QString::fromUtf8(line.data(), static_cast<qsizetype>(line.size()));
    for (const auto& [kind, expression] : *patterns) {
      const auto found = expression.match(shown);
      if (!found.hasMatch()) continue;
      const auto columns = columns_of(line);
      while (!open.empty() && open.back() >= columns) open.pop_back();
      out.push_back({found.captured(QStringLiteral("name")).trimmed(), QString::fromLatin1(kind), number,
                     static_cast<int>(open.size())});
      open.push_back(columns);
      break;
    }
  }
  return out;
}

std::vector<Symbol> matching_symbols(const std::vector<Symbol>& symbols, const QString& typed) {
  if (typed.isEmpty()) return symbols;
  std::vector<std::pair<int, const Symbol*>> fitting;
  for (const auto& symbol : symbols) {
    const auto at = symbol.name.indexOf(typed, 0, Qt::CaseInsensitive);
    if (at >= 0) {
      fitting.emplace_back(at == 0 ? 0 : 1, &symbol);
      continue;
    }
    qsizetype next = 0;
    for (const auto character : symbol.name)
      if (next < typed.size() && character.toCaseFolded() == typed[next].toCaseFolded()) ++next;
    if (next == typed.size()) fitting.emplace_back(2, &symbol);
  }
  std::ranges::stable_sort(fitting, {}, &std::pair<int, const Symbol*>::first);
  std::vector<Symbol> out;
  for (const auto& [rank, symbol] : fitting) out.push_back(*symbol);
  return out;
}

}  // namespace berth::client
