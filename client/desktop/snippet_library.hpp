// SPDX-License-Identifier: GPL-3.0-or-later
// The snippets of each language: a set that comes with the program, and the person's own in VS Code's form
// (JSON with comments), a file a language and one for all, beside the other settings of this machine.
#pragma once

#include <QHash>
#include <QObject>
#include <QString>
#include <QStringList>
#include <vector>

namespace berth::desktop {

struct Snippet {
  QString name;
  QString prefix;
  QString body;
  QString description;
  bool own = false;
  /// "for — For loop": begins with what is typed for it.
  QString title() const;
};

/// What is in a text of VS Code's form; `language` is VS Code's id, for snippets with a scope. The problem is
/// for the person, "" when there is none.
struct SnippetFile {
  std::vector<Snippet> snippets;
  QString problem;
};
SnippetFile read_snippets(const QByteArray& json, const QString& language);

class SnippetLibrary : public QObject {
  Q_OBJECT

 public:
  /// Begins to read the person's own, on another thread.
  explicit SnippetLibrary(QObject* parent = nullptr);
  static SnippetLibrary* instance();

  /// What is in the person's own files is known from `loaded` on.
  bool isLoaded() const { return loaded_; }
  /// The person's first, once they are loaded. `language` as KSyntaxHighlighting names it.
  const std::vector<Snippet>& of(const QString& language);
  /// The one of this title; nullptr for none.
  const Snippet* shown(const QString& language, const QString& title);

  /// VS Code's ids of languages, by KSyntaxHighlighting's names; "plaintext" for one without.
  static QString idOf(const QString& language);
  /// The ids that have a set or may be chosen, and "global" first.
  static QStringList ids();
  QString own(const QString& id) const { return own_.value(id); }
  /// Why it was not taken, for the person; "" when it was.
  QString setOwn(const QString& id, const QString& text);
  /// Where the person's own are.
  static QString folder();

 Q_SIGNALS:
  void loaded();

 private:
  void load();

  QHash<QString, std::vector<Snippet>> known_;  // by id
  QHash<QString, QString> own_;                 // files' texts
  bool loaded_ = false;
};

}  // namespace berth::desktop
