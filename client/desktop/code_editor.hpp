// SPDX-License-Identifier: GPL-3.0-or-later
// The text editor widget: Scintilla with every change reported as a LocalEdit in UTF-16 units, others'
// operations applied in place, and an own undo that survives them. It knows nothing of files or connections.
#pragma once

#include <QRegularExpression>
#include <functional>
#include <memory>

#include "client/core/document.hpp"
#include "client/desktop/edit_history.hpp"
#include "client/desktop/editor_highlighter.hpp"
#include "client/desktop/scintilla_view.hpp"

namespace berth::desktop {

class CodeEditor : public ScintillaView, public client::DocumentBuffer {
  Q_OBJECT

 public:
  explicit CodeEditor(QWidget* parent = nullptr);

  /// Shows `text` (UTF-8, \n) anew; undo starts empty.
  void load(const std::string& text);
  /// Chooses highlighting and indentation by the file's name.
  void setFileName(const QString& name);
  /// By the person, as KSyntaxHighlighting names it; "" for what the name and the text say.
  void setLanguage(const QString& language);
  void setReadOnly(bool readOnly);
  bool isReadOnly() const;
  const QString& fileName() const { return file_name_; }
  QString languageName() const;
  /// As KSyntaxHighlighting names it: "C++".
  QString language() const;
  CommentMarks commentMarks() const;
  using ScintillaView::highlighter;

  std::string text() const override;
  void apply(const protocol::TextOperation& operation) override;
  /// As apply(), of what the history that both share knows already: another editor told it.
  void mirror(const protocol::TextOperation& operation);
  /// What is typed in either is taken back in either; both show one document.
  void shareHistory(const CodeEditor& other);

  /// Reports the last insertion now; otherwise that happens at the end of the event that made it.
  void flushEdits();
  void flushTyped() override { flushEdits(); }

  bool canUndo() const { return history_->canUndo(); }
  bool canRedo() const { return history_->canRedo(); }
  void undo();
  void redo();

  struct Search {
    QString text;
    bool match_case = false;
    bool whole_words = false;
    bool regular_expression = false;
    bool preserve_case = false;  // of what is replaced
    bool in_scope = false;       // only in what setSearchScope() remembered
  };
  struct HitCount {
    int count = 0;
    int selected = 0;  // which of them, from 1; 0 for none
    bool more = false;
  };
  /// Selects the next (or previous) hit, around the end if need be; false when there is none.
  bool findNext(const Search& search, bool forward, bool fromSelectionStart = false);
  /// Replaces the selected hit and goes to the next.
  bool replaceNext(const Search& search, const QString& replacement);
  int replaceAll(const Search& search, const QString& replacement);
  /// Marks hits (at most 20,000) and tells how many there are: at once, or for a long text once another
  /// thread counted them; not at all where the text or the search is another one by then.
  void markHits(const Search& search, std::function<void(const HitCount&)> done);
  /// Of a text that is counted at once.
  int markHits(const Search& search);
  /// A cursor for each hit; how many there are.
  int selectAllHits(const Search& search);
  /// Searches `in_scope` look through what is selected now; it moves with the text.
  void setSearchScope(bool toSelection);
  /// What is wrong with a regular expression; "" when nothing is.
  static QString searchProblem(const Search& search);
  QString selectedText() const;

  void goToLine(int line);  // from 1
  /// In the middle of the view; `column` from 1, 0 for the line's first character.
  void goToPlace(int line, int column);
  int cursorLine() const;    // from 1
  int cursorColumn() const;  // from 1, in characters as shown

  // Positions in UTF-16 units; what lies outside of the text counts as its end.
  /// Cursors and selections, the main one first.
  std::vector<protocol::TextSelection> selections() const;
  /// Where the first line in view begins.
  std::int64_t topPosition() const;
  /// That line becomes the first in view, as far as the other position comes into view then, too.
  void showFrom(std::int64_t top, std::optional<std::int64_t> alsoInView);
  /// The cursor goes there, in the middle of the view.
  void goTo(std::int64_t position);
  /// Where a caret stands there, in the viewport.
  QRect caretPlace(std::int64_t position) const;
  /// Where the margins end, in the viewport.
  int textLeft() const;
  /// Scintilla's position of it.
  long byteAt(std::int64_t position) const { return bytePosition(position); }
  std::int64_t unitsAt(long byte) const { return unitsBefore(byte); }

 Q_SIGNALS:
  /// By load(): markers and indicators are gone.
  void textLoaded();
  void languageChanged();
  void edited(const berth::client::LocalEdit& edit);
  void changedByOthers(const berth::protocol::TextOperation& operation);
  /// An operation did not fit the text and was left out.
  void outOfStep();
  void cursorMoved();
  /// What stands beside lines (bookmarks, changes, problems): not of the text.
  void marksChanged();
  void undoChanged();
  void saveWanted();

 protected:
  void applyTheme() override;
  bool event(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  QByteArray fromMimeData(const QMimeData* source, bool& rectangular) const override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  static constexpr int hit_indicator = 8;     // Scintilla's number for marks of search hits
  static constexpr int scope_indicator = 30;  // … of what is searched through
  enum class Mode { typing, undoing, redoing, remote, loading };

  void configure();
  void beforeChange(int position, int type, int length);
  std::string bytes(long begin, long end) const;
  void record(const client::LocalEdit& edit);
  bool applyOthers(const protocol::TextOperation& operation);
  void follow(std::shared_ptr<EditHistory> history);
  bool run(const protocol::TextOperation& operation, bool followCaret);
  bool fits(const protocol::TextOperation& operation) const;
  long bytePosition(std::int64_t units) const;
  std::int64_t unitsBefore(long position) const;
  void replaceRange(long begin, long end, std::string_view text);
  void onCharacterAdded(int character);
  void indentLine(long line);
  void onUpdate();
  void fitLineNumbers();
  const QString& searchedText();
  std::pair<std::int64_t, std::int64_t> searchScope(const Search& search) const;
  static QRegularExpressionMatch matchBefore(const QRegularExpression& expression, const QString& text,
                                             qsizetype begin, qsizetype at, qsizetype end);
  static QString replacementOf(const Search& search, const QString& replacement,
                               const QRegularExpressionMatch& match);
  void showHits(const std::vector<std::pair<qsizetype, qsizetype>>& hits);

  std::shared_ptr<EditHistory> history_;
  Mode mode_ = Mode::typing;
  std::optional<protocol::TextOperation> collected_;  // inverse of an undo or redo that is being applied
  std::optional<client::LocalEdit> pending_;          // an insertion whose text is not read yet
  long pending_begin_ = 0;                            // bytes
  long pending_end_ = 0;
  std::int64_t units_ = 0;  // UTF-16 length of the text
  int line_digits_ = 0;
  QString file_name_;
  std::int64_t changes_ = 0;  // of the text, by anybody
  QString searched_;          // the text, while it is searched
  std::int64_t searched_at_ = -1;
  quint64 hit_round_ = 0;
};

}  // namespace berth::desktop
