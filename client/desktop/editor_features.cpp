// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/editor_features.hpp"

#include <QCoreApplication>

#include "client/desktop/bookmarks.hpp"
#include "client/desktop/bracket_jump.hpp"
#include "client/desktop/change_bars.hpp"
#include "client/desktop/code_folding.hpp"
#include "client/desktop/comment_toggle.hpp"
#include "client/desktop/cursor_look.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_look.hpp"
#include "client/desktop/emacs_keys.hpp"
#include "client/desktop/indentation.hpp"
#include "client/desktop/line_commands.hpp"
#include "client/desktop/multiple_cursors.hpp"
#include "client/desktop/problem_marks.hpp"
#include "client/desktop/snippet_session.hpp"
#include "client/desktop/sticky_header.hpp"
#include "client/desktop/vim_mode.hpp"
#include "client/desktop/word_completion.hpp"

namespace berth::desktop {
namespace {

constexpr unsigned long mark_margin = 1;  // between the numbers and the text
constexpr long mark_margin_width = 14;    // px

}  // namespace

void add_editor_features(CodeEditor* editor) {
  using Sci = QsciScintillaBase;
  // Bookmarks, change bars and problems share a margin of the text's own colour.
  editor->SendScintilla(Sci::SCI_SETMARGINTYPEN, mark_margin, static_cast<long>(Sci::SC_MARGIN_BACK));
  editor->SendScintilla(Sci::SCI_SETMARGINMASKN, mark_margin,
                        1l << Bookmarks::marker | 1l << ChangeBars::added | 1l << ChangeBars::changed |
                            1l << ChangeBars::deleted | 1l << ProblemMarks::warning_marker |
                            1l << ProblemMarks::error_marker);
  editor->SendScintilla(Sci::SCI_SETMARGINWIDTHN, mark_margin, mark_margin_width);
  EditorCommands::of(editor)->add({QStringLiteral("save"),
                                   QCoreApplication::translate("EditorFeatures", "Write to Disk Now"),
                                   {QKeySequence(Qt::CTRL | Qt::Key_S)},
                                   false,
                                   [editor] { Q_EMIT editor->saveWanted(); }});
  new EditorLook(editor);  // each is the editor's
  new Indentation(editor);
  new CommentToggle(editor);
  new LineCommands(editor);
  new MultipleCursors(editor);
  new BracketJump(editor);
  new Bookmarks(editor);
  new ChangeBars(editor);
  new WordCompletion(editor);
  new SnippetSession(editor);  // after the words: a list that is open has its keys first
  new CodeFolding(editor);
  new StickyHeader(editor);
  new CursorLook(editor);
  new EmacsKeys(editor);  // these two last: where the person chose one, its keys come before all others
  new VimMode(editor);
}

void know_editor_commands() {
  if (KeyBindings::instance()->isKnown(QStringLiteral("toggle_word_wrap"))) return;
  CodeEditor unseen;
  add_editor_features(&unseen);
}

}  // namespace berth::desktop
