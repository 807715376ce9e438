// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/emacs_keys.hpp"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <utility>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/scintilla_values.hpp"

namespace berth::desktop {
namespace {

/// "C-x", "M-f", "C-M-\\"; "" for keys that Emacs' map has nothing to do with.
QString emacs_chord(const QKeyEvent& key, bool second) {
  const auto held = key.modifiers();
  QString name;
  if (key.key() == Qt::Key_Space) {
    name = QStringLiteral("SPC");
  } else if (key.key() == Qt::Key_Backspace) {
    name = QStringLiteral("DEL");
  } else if (key.key() == Qt::Key_Escape) {
    name = QStringLiteral("ESC");
  } else if (key.key() >= Qt::Key_A && key.key() <= Qt::Key_Z) {
    name = QChar(u'a' + (key.key() - Qt::Key_A));
  } else if (key.key() > ' ' && key.key() < 0x7f) {
    name = QChar(key.key());  // what it types: with Shift another sign
  }
  if (name.isEmpty() || held.testFlag(Qt::MetaModifier)) return {};
  const bool control = held.testFlag(Qt::ControlModifier);
  const bool meta = held.testFlag(Qt::AltModifier);
  if (!control && !meta && !second && name != QLatin1String("ESC")) return {};
  const bool shifted_letter = held.testFlag(Qt::ShiftModifier) && name.size() == 1 && name.front().isLetter();
  if (shifted_letter) return {};  // Ctrl+Shift+P is the window's
  return (control ? QStringLiteral("C-") : QString()) + (meta ? QStringLiteral("M-") : QString()) + name;
}

}  // namespace

bool EmacsKeys::isChosen() {
  return EditorChoices::value("editor/key_map", {}).toString() == QLatin1String("emacs");
}

EmacsKeys::EmacsKeys(CodeEditor* editor) : EditorFeature(editor) {
  addMotions();
  addChanges();
  addWindow();
  editor->installEventFilter(this);  // before the commands' own keys
  connect(this, &EmacsKeys::changed, editor, &CodeEditor::cursorMoved);
  connect(editor, &CodeEditor::textLoaded, this, &EmacsKeys::dropMark);
  connect(EditorChoices::instance(), &EditorChoices::changed, this, [this] {
    typed_.clear();
    dropMark();
  });
}

QString EmacsKeys::words() const {
  if (!isChosen()) return {};
  if (!typed_.isEmpty()) return typed_ + u'-';
  return mark_ ? tr("Mark set") : QString();
}

void EmacsKeys::move(unsigned plain, unsigned extending) { sci(mark_ ? extending : plain); }

void EmacsKeys::dropMark() {
  if (!std::exchange(mark_, false)) return;
  sci(Sci::SCI_SETEMPTYSELECTION, static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS)));
  Q_EMIT changed();
}

void EmacsKeys::kill(long begin, long end, bool appends) {
  if (begin >= end) return;
  const auto text = QString::fromStdString(textBetween(begin, end));
  auto* clipboard = QApplication::clipboard();
  clipboard->setText(appends && killed_ ? clipboard->text() + text : text);
  replace(begin, end, {});
  sci(Sci::SCI_GOTOPOS, static_cast<std::uintptr_t>(begin));
  mark_ = false;
}

void EmacsKeys::addMotions() {
  const auto motion = [this](const char* keys, unsigned plain, unsigned extending) {
    keys_[QLatin1String(keys)] = [this, plain, extending] { move(plain, extending); };
  };
  motion("C-f", Sci::SCI_CHARRIGHT, Sci::SCI_CHARRIGHTEXTEND);
  motion("C-b", Sci::SCI_CHARLEFT, Sci::SCI_CHARLEFTEXTEND);
  motion("C-n", Sci::SCI_LINEDOWN, Sci::SCI_LINEDOWNEXTEND);
  motion("C-p", Sci::SCI_LINEUP, Sci::SCI_LINEUPEXTEND);
  motion("C-a", Sci::SCI_HOME, Sci::SCI_HOMEEXTEND);
  motion("C-e", Sci::SCI_LINEEND, Sci::SCI_LINEENDEXTEND);
  motion("M-m", Sci::SCI_VCHOME, Sci::SCI_VCHOMEEXTEND);
  motion("M-f", Sci::SCI_WORDRIGHTEND, Sci::SCI_WORDRIGHTENDEXTEND);
  motion("M-b", Sci::SCI_WORDLEFT, Sci::SCI_WORDLEFTEXTEND);
  motion("M-{", Sci::SCI_PARAUP, Sci::SCI_PARAUPEXTEND);
  motion("M-}", Sci::SCI_PARADOWN, Sci::SCI_PARADOWNEXTEND);
  motion("M-<", Sci::SCI_DOCUMENTSTART, Sci::SCI_DOCUMENTSTARTEXTEND);
  motion("M->", Sci::SCI_DOCUMENTEND, Sci::SCI_DOCUMENTENDEXTEND);
  motion("C-v", Sci::SCI_PAGEDOWN, Sci::SCI_PAGEDOWNEXTEND);
  motion("M-v", Sci::SCI_PAGEUP, Sci::SCI_PAGEUPEXTEND);
  keys_[QStringLiteral("C-l")] = [this] { sci(Sci::SCI_VERTICALCENTRECARET); };
  keys_[QStringLiteral("C-SPC")] = [this] {
    sci(Sci::SCI_SETEMPTYSELECTION, static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS)));
    mark_ = true;
  };
  keys_[QStringLiteral("C-g")] = [this] {
    dropMark();
    sci(Sci::SCI_CANCEL);
  };
  keys_[QStringLiteral("ESC")] = keys_[QStringLiteral("C-g")];
  keys_[QStringLiteral("C-x C-x")] = [this] {
    sci(Sci::SCI_SETSEL, static_cast<std::uintptr_t>(sci(Sci::SCI_GETCURRENTPOS)), sci(Sci::SCI_GETANCHOR));
  };
  keys_[QStringLiteral("C-x h")] = [this] {
    sci(Sci::SCI_SELECTALL);
    mark_ = true;
  };
}

void EmacsKeys::addChanges() {
  const auto change = [this](const char* keys, std::function<void()> run) {
    keys_[QLatin1String(keys)] = [this, run = std::move(run)] {
      if (!editor()->isReadOnly()) run();
    };
  };
  const auto message = [this, change](const char* keys, unsigned what) {
    change(keys, [this, what] {
      sci(what);
      mark_ = false;
    });
  };
  message("C-d", Sci::SCI_CLEAR);
  message("C-t", Sci::SCI_LINETRANSPOSE);
  message("M-u", Sci::SCI_UPPERCASE);
  message("M-l", Sci::SCI_LOWERCASE);
  const auto caret = [this] { return sci(Sci::SCI_GETCURRENTPOS); };
  change("C-k", [this, caret] {
    const auto begin = caret();
    const auto end = lineEnd(lineOf(begin));
    kill(begin, begin == end ? std::min(begin + 1, sci(Sci::SCI_GETLENGTH)) : end, true);
  });
  change("M-d", [this, caret] {
    const auto begin = caret();
    sci(Sci::SCI_WORDRIGHTEND);
    kill(begin, caret(), true);
  });
  change("M-DEL", [this, caret] {
    const auto end = caret();
    sci(Sci::SCI_WORDLEFT);
    kill(caret(), end, false);
  });
  change("C-w", [this] { kill(sci(Sci::SCI_GETSELECTIONSTART), sci(Sci::SCI_GETSELECTIONEND), true); });
  keys_[QStringLiteral("M-w")] = [this] {
    if (!sci(Sci::SCI_GETSELECTIONEMPTY)) sci(Sci::SCI_COPY);
    dropMark();
  };
  change("C-y", [this] {
    sci(Sci::SCI_PASTE);
    mark_ = false;
  });
  change("C-o", [this, caret] {
    const auto at = caret();
    replace(at, at, "\n");
    sci(Sci::SCI_GOTOPOS, static_cast<std::uintptr_t>(at));
  });
  change("M-\\", [this, caret] {
    auto begin = caret();
    auto end = begin;
    const auto blank = [this](long at) {
      const auto sign = sci(Sci::SCI_GETCHARAT, static_cast<std::uintptr_t>(at));
      return sign == ' ' || sign == '\t';
    };
    while (begin > 0 && blank(begin - 1)) --begin;
    while (blank(end)) ++end;
    replace(begin, end, {});
  });
  change("C-/", [this] { editor()->undo(); });
  change("C-_", [this] { editor()->undo(); });
  change("C-x u", [this] { editor()->undo(); });
  change("M-;", [this] { EditorCommands::of(editor())->run(QStringLiteral("comment.line")); });
  keys_[QStringLiteral("M-/")] = [this] { EditorCommands::of(editor())->run(QStringLiteral("words.offer")); };
}

void EmacsKeys::addWindow() {
  for (const auto& [keys, command] :
       std::initializer_list<std::pair<const char*, const char*>>{{"C-s", "search.find"},
                                                                  {"C-r", "search.find"},
                                                                  {"M-%", "search.replace"},
                                                                  {"M-x", "show_commands"},
                                                                  {"M-g g", "go_to_line"},
                                                                  {"M-g M-g", "go_to_line"},
                                                                  {"C-x C-f", "quick_open"},
                                                                  {"C-x b", "quick_open"},
                                                                  {"C-x k", "close_tab"},
                                                                  {"C-x 2", "split_down"},
                                                                  {"C-x 3", "split_right"},
                                                                  {"C-x o", "groups.next"},
                                                                  {"C-x C-c", "window.quit"},
                                                                  {"C-x 5 2", "tabs.to_new_window"}})
    keys_[QLatin1String(keys)] = [this, command] { runWindow(command); };
  keys_[QStringLiteral("C-x C-s")] = [this] { Q_EMIT editor()->saveWanted(); };
}

void EmacsKeys::runWindow(const char* command) {
  for (auto* action : editor()->window()->actions())
    if (action->objectName() == QLatin1String(command)) return action->trigger();
}

bool EmacsKeys::begins(const QString& keys) const {
  const auto longer = keys + u' ';
  const auto at = keys_.lower_bound(longer);
  return at != keys_.end() && at->first.startsWith(longer);
}

bool EmacsKeys::eventFilter(QObject* watched, QEvent* event) {
  const bool override = event->type() == QEvent::ShortcutOverride;
  if ((!override && event->type() != QEvent::KeyPress) || !isChosen())
    return EditorFeature::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  if (key->key() >= Qt::Key_Shift && key->key() <= Qt::Key_ScrollLock)
    return EditorFeature::eventFilter(watched, event);
  const auto chord = emacs_chord(*key, !typed_.isEmpty());
  const auto all = typed_.isEmpty() ? chord : typed_ + u' ' + chord;
  const auto found = chord.isEmpty() ? keys_.end() : keys_.find(all);
  const bool unfinished = !chord.isEmpty() && found == keys_.end() && begins(all);
  // A key that does not go on what was begun ends it, and does nothing else; so does C-g.
  const bool ends = !typed_.isEmpty() && found == keys_.end() && !unfinished;
  const bool idle_escape = key->key() == Qt::Key_Escape && !mark_ && typed_.isEmpty();
  if ((found == keys_.end() && !unfinished && !ends) || idle_escape) {
    if (!override && !key->text().isEmpty()) {
      killed_ = false;
      mark_ = false;  // what is typed takes the place of the region
    }
    return EditorFeature::eventFilter(watched, event);
  }
  event->accept();
  if (override) return true;
  typed_ = unfinished ? all : QString();
  if (found != keys_.end()) {
    const bool kills =
        all == QLatin1String("C-k") || all == QLatin1String("M-d") || all == QLatin1String("C-w");
    editor()->flushEdits();
    const auto run = found->second;
    run();
    editor()->flushEdits();
    killed_ = kills;
  }
  Q_EMIT changed();
  return true;
}

}  // namespace berth::desktop
