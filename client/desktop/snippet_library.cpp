// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/snippet_library.hpp"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QSaveFile>
#include <QStandardPaths>
#include <QThreadPool>
#include <algorithm>
#include <cctype>

namespace berth::desktop {
namespace {

constexpr qsizetype largest_file = 1 << 20;  // bytes
constexpr std::size_t most_snippets = 2'000;

struct LanguageId {
  const char* language;  // KSyntaxHighlighting's
  const char* id;        // VS Code's
};
constexpr LanguageId language_ids[] = {{"C++", "cpp"},
                                       {"ISO C++", "cpp"},
                                       {"C", "c"},
                                       {"Python", "python"},
                                       {"JavaScript", "javascript"},
                                       {"JavaScript React (JSX)", "javascriptreact"},
                                       {"TypeScript", "typescript"},
                                       {"TypeScript React (TSX)", "typescriptreact"},
                                       {"HTML", "html"},
                                       {"CSS", "css"},
                                       {"SCSS", "scss"},
                                       {"Rust", "rust"},
                                       {"Go", "go"},
                                       {"Java", "java"},
                                       {"C#", "csharp"},
                                       {"Bash", "shellscript"},
                                       {"Zsh", "shellscript"},
                                       {"Markdown", "markdown"},
                                       {"JSON", "json"},
                                       {"YAML", "yaml"},
                                       {"CMake", "cmake"},
                                       {"Ruby", "ruby"},
                                       {"PHP/PHP", "php"},
                                       {"Kotlin", "kotlin"},
                                       {"Lua", "lua"},
                                       {"SQL", "sql"},
                                       {"Dockerfile", "dockerfile"},
                                       {"Makefile", "makefile"},
                                       {"LaTeX", "latex"},
                                       {"Swift", "swift"},
                                       {"Perl", "perl"},
                                       {"R Script", "r"},
                                       {"XML", "xml"},
                                       {"TOML", "toml"}};

/// Which built-in set a language shares with another.
QString set_of(const QString& id) {
  if (id == u"javascriptreact" || id == u"typescript" || id == u"typescriptreact")
    return QStringLiteral("javascript");
  if (id == u"scss") return QStringLiteral("css");
  return id;
}

/// VS Code's JSON may have comments, and commas after the last entry.
QByteArray plain_json(const QByteArray& json) {
  QByteArray out;
  bool within = false;  // a string
  for (qsizetype at = 0; at < json.size(); ++at) {
    const char sign = json[at];
    if (within) {
      out += sign;
      if (sign == '\\' && at + 1 < json.size()) out += json[++at];
      if (sign == '"') within = false;
    } else if (sign == '/' && json.mid(at, 2) == "//") {
      while (at < json.size() && json[at] != '\n') ++at;
      out += '\n';
    } else if (sign == '/' && json.mid(at, 2) == "/*") {
      const auto end = json.indexOf("*/", at + 2);
      const auto after = end < 0 ? json.size() : end + 2;
      out += QByteArray(json.mid(at, after - at).count('\n'), '\n');  // mistakes are told by line
      at = after - 1;
    } else {
      if (sign == '}' || sign == ']') {
        const auto last = std::find_if(out.crbegin(), out.crend(),
                                       [](char c) { return !std::isspace(static_cast<unsigned char>(c)); });
        if (last != out.crend() && *last == ',') out.remove(out.crend() - last - 1, 1);
      }
      within = sign == '"';
      out += sign;
    }
  }
  return out;
}

QString joined(const QJsonValue& value) {
  if (value.isString()) return value.toString();
  QStringList lines;
  for (const auto& line : value.toArray()) lines.append(line.toString());
  return lines.join(u'\n');
}

int line_at(const QByteArray& text, qsizetype offset) {
  return static_cast<int>(text.first(std::clamp<qsizetype>(offset, 0, text.size())).count('\n')) + 1;
}

}  // namespace

QString Snippet::title() const {
  return QStringLiteral("%1 — %2").arg(prefix, description.isEmpty() ? name : description).simplified();
}

SnippetFile read_snippets(const QByteArray& json, const QString& language) {
  SnippetFile file;
  if (json.trimmed().isEmpty()) return file;
  if (json.size() > largest_file)
    return {{}, SnippetLibrary::tr("These are too many snippets for one file.")};
  QJsonParseError error;
  const auto plain = plain_json(json);
  const auto document = QJsonDocument::fromJson(plain, &error);
  if (!document.isObject()) {
    file.problem =
        SnippetLibrary::tr("Line %1: %2.")
            .arg(line_at(plain, error.offset))
            .arg(error.error == QJsonParseError::NoError ? SnippetLibrary::tr("an object is expected")
                                                         : error.errorString());
    return file;
  }
  const auto all = document.object();
  for (auto entry = all.begin(); entry != all.end() && file.snippets.size() < most_snippets; ++entry) {
    const auto snippet = entry.value().toObject();
    const auto body = joined(snippet.value(u"body"));
    const auto prefixes = snippet.value(u"prefix").isArray() ? snippet.value(u"prefix").toArray()
                                                             : QJsonArray{snippet.value(u"prefix")};
    if (body.isEmpty() || prefixes.first().toString().isEmpty()) {
      if (file.problem.isEmpty())
        file.problem = SnippetLibrary::tr("“%1” needs a prefix and a body.").arg(entry.key());
      continue;
    }
    const auto scope = snippet.value(u"scope").toString();
    if (!scope.isEmpty()) {
      const auto scopes = scope.split(u',');
      if (std::ranges::none_of(scopes, [&](const QString& one) { return one.trimmed() == language; }))
        continue;
    }
    for (const auto& prefix : prefixes)
      if (const auto typed = prefix.toString().trimmed(); !typed.isEmpty())
        file.snippets.push_back({entry.key(), typed, body, joined(snippet.value(u"description"))});
  }
  return file;
}

SnippetLibrary::SnippetLibrary(QObject* parent) : QObject(parent) { load(); }

SnippetLibrary* SnippetLibrary::instance() {
  static QPointer<SnippetLibrary> one;
  if (!one) one = new SnippetLibrary(QCoreApplication::instance());
  return one;
}

void SnippetLibrary::load() {
  QThreadPool::globalInstance()->start(
      [self = QPointer<SnippetLibrary>(this), folder = folder(), application = QCoreApplication::instance()] {
        QHash<QString, QString> read;
        for (const auto& id : ids()) {
          QFile file(QStringLiteral("%1/%2.json").arg(folder, id));
          if (file.open(QIODevice::ReadOnly)) read.insert(id, QString::fromUtf8(file.read(largest_file)));
        }
        QMetaObject::invokeMethod(
            application,
            [self, read = std::move(read)] {
              if (!self) return;
              // What was written meanwhile is newer than what was read.
              for (auto file = read.begin(); file != read.end(); ++file)
                if (!self->own_.contains(file.key())) self->own_.insert(file.key(), file.value());
              self->known_.clear();
              self->loaded_ = true;
              Q_EMIT self->loaded();
            },
            Qt::QueuedConnection);
      });
}

QString SnippetLibrary::folder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + QStringLiteral("/snippets");
}

QString SnippetLibrary::idOf(const QString& language) {
  for (const auto& [name, id] : language_ids)
    if (language == QLatin1String(name)) return QLatin1String(id);
  return QStringLiteral("plaintext");
}

QStringList SnippetLibrary::ids() {
  QStringList all;
  for (const auto& language : language_ids) all.append(QLatin1String(language.id));
  all.append(QStringLiteral("plaintext"));
  all.removeDuplicates();
  all.sort();
  all.prepend(QStringLiteral("global"));
  return all;
}

const std::vector<Snippet>& SnippetLibrary::of(const QString& language) {
  const auto id = idOf(language);
  if (const auto known = known_.constFind(id); known != known_.constEnd()) return *known;
  std::vector<Snippet> all;
  for (const auto& file : {id, QStringLiteral("global")})
    for (auto& snippet : read_snippets(own(file).toUtf8(), id).snippets) {
      snippet.own = true;
      all.push_back(std::move(snippet));
    }
  QFile set(QStringLiteral(":/berth/snippets/%1.json").arg(set_of(id)));
  if (set.open(QIODevice::ReadOnly))
    for (auto& snippet : read_snippets(set.readAll(), id).snippets) all.push_back(std::move(snippet));
  return *known_.insert(id, std::move(all));
}

const Snippet* SnippetLibrary::shown(const QString& language, const QString& title) {
  const auto& all = of(language);
  const auto found =
      std::ranges::find_if(all, [&](const Snippet& snippet) { return snippet.title() == title; });
  return found == all.end() ? nullptr : &*found;
}

QString SnippetLibrary::setOwn(const QString& id, const QString& text) {
  if (!ids().contains(id)) return tr("There is no such language.");
  if (const auto problem = read_snippets(text.toUtf8(), id).problem; !problem.isEmpty()) return problem;
  QSaveFile file(QStringLiteral("%1/%2.json").arg(folder(), id));
  const auto bytes = text.toUtf8();
  if (!QDir().mkpath(folder()) || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() ||
      !file.commit())
    return tr("%1 can't be written: %2").arg(file.fileName(), file.errorString());
  own_.insert(id, text);
  known_.clear();
  return {};
}

}  // namespace berth::desktop
