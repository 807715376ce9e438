// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done in a text editor by a key, by name: each command has keys to begin with (VS Code's, where
// it has some) that a person may change; the keys reach the command before Scintilla and the window.
#pragma once

#include <QKeySequence>
#include <QObject>
#include <functional>
#include <optional>
#include <vector>

namespace berth::desktop {

class CodeEditor;

struct EditorCommand {
  /// Why it can't be done now, as a sentence for the person; "" when it can.
  using Refusal = std::function<QString()>;
  /// What a person's choice of keys is kept under: the web's name ("toggle_word_wrap") where the web has the
  /// command, else one with a dot ("lines.move_up"), which can't become one of the web's.
  QString id;
  QString title;  // "Move Lines Up"
  QList<QKeySequence> keys;
  bool changes;  // the text; nothing happens where it is read-only
  std::function<void()> run;
  Refusal refusal = {};
};

/// The keys of all commands, for every editor and window of this process. What is chosen roams.
class KeyBindings : public QObject {
  Q_OBJECT

 public:
  struct Entry {
    QString id;
    QString title;
    QList<QKeySequence> usual;
  };
  static KeyBindings* instance();

  /// Makes a command known; the first title counts.
  void add(const QString& id, const QString& title, const QList<QKeySequence>& usual);
  /// In the order they were made known.
  const std::vector<Entry>& entries() const { return entries_; }
  bool isKnown(const QString& id) const;
  /// "" where it is not known.
  QString title(const QString& id) const;
  /// As chosen; else the usual ones that nobody gave to another command.
  QList<QKeySequence> keys(const QString& id) const;
  bool isUsual(const QString& id) const;
  /// None: the command has no key. Keys that chord_text() has no text for are left out.
  void setKeys(const QString& id, const QList<QKeySequence>& keys);
  void reset(const QString& id);
  /// The command that has this key; "" for none.
  QString commandOf(const QKeySequence& key) const;

 Q_SIGNALS:
  void changed();

 private:
  std::vector<Entry> entries_;
};

class EditorCommands : public QObject {
  Q_OBJECT

 public:
  /// The editor's, made at the first call.
  static EditorCommands* of(CodeEditor* editor);

  void add(EditorCommand command);
  const std::vector<EditorCommand>& all() const { return all_; }
  /// False where there is no such command, or it can't be done now; the latter is told by refused().
  bool run(const QString& id);
  /// Why the command can't be done; "" where it can, or there is none of this name.
  QString refusal(const QString& id) const;

 Q_SIGNALS:
  void refused(const QString& reason);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  explicit EditorCommands(CodeEditor* editor);
  const EditorCommand* commandOf(const QKeySequence& keys) const;
  bool begins(QKeyCombination key) const;
  bool runOfWindow(const QKeySequence& keys);

  CodeEditor* editor_;
  std::optional<QKeyCombination> first_;  // of two keys in a row
  std::vector<EditorCommand> all_;
};

}  // namespace berth::desktop
