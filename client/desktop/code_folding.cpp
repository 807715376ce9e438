// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/code_folding.hpp"

#include <QSettings>
#include <algorithm>

#include "client/desktop/editor_highlighter.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

using FoldSci = QsciScintillaBase;

constexpr std::uintptr_t fold_margin = 2;
constexpr int first_fold_marker = FoldSci::SC_MARKNUM_FOLDEREND;
constexpr int last_fold_marker = FoldSci::SC_MARKNUM_FOLDEROPEN;
constexpr int fold_margin_width = 14;           // px
constexpr long most_indented_bytes = 4l << 20;  // of a text whose indentation is looked at
constexpr long styled_a_turn = 64l << 10;       // bytes
constexpr long checkpoint_lines = 512;
constexpr qsizetype most_closed = 500;
constexpr int fold_store_pause = 300;  // ms
constexpr int indentation_pause = 60;  // ms without a change

std::uintptr_t fold_number(long value) { return static_cast<std::uintptr_t>(value); }

}  // namespace

CodeFolding::CodeFolding(CodeEditor* editor) : EditorFeature(editor) {
  // With Shift the bracket is another key on most keyboards.
  offer("fold.close", tr("Fold"), {"Ctrl+Shift+[", "Ctrl+Shift+{"}, false,
        [this] { whenKnown([this] { atCursor(Action::close, false); }); });
  offer("fold.open", tr("Unfold"), {"Ctrl+Shift+]", "Ctrl+Shift+}"}, false,
        [this] { whenKnown([this] { atCursor(Action::open, false); }); });
  offer("fold.toggle", tr("Fold or Unfold"), {"Ctrl+K, Ctrl+L"}, false,
        [this] { whenKnown([this] { atCursor(Action::toggle, false); }); });
  offer("fold.close_children", tr("Fold with All Below"), {"Ctrl+K, Ctrl+["}, false,
        [this] { whenKnown([this] { atCursor(Action::close, true); }); });
  offer("fold.open_children", tr("Unfold with All Below"), {"Ctrl+K, Ctrl+]"}, false,
        [this] { whenKnown([this] { atCursor(Action::open, true); }); });
  offer("fold.close_all", tr("Fold All"), {"Ctrl+K, Ctrl+0"}, false,
        [this] { whenKnown([this] { all(false); }); });
  offer("fold.open_all", tr("Unfold All"), {"Ctrl+K, Ctrl+J"}, false,
        [this] { whenKnown([this] { all(true); }); });
  offer("fold.comments", tr("Fold All Block Comments"), {"Ctrl+K, Ctrl+/"}, false,
        [this] { whenKnown([this] { commentBlocks(); }); });
  for (int level = 1; level <= 7; ++level)
    offer(QStringLiteral("fold.level_%1").arg(level).toLatin1().constData(), tr("Fold Level %1").arg(level),
          {QStringLiteral("Ctrl+K, Ctrl+%1").arg(level).toLatin1().constData()}, false,
          [this, level] { whenKnown([this, level] { closeLevel(level); }); });

  sci(Sci::SCI_SETMARGINTYPEN, fold_margin, Sci::SC_MARGIN_SYMBOL);
  sci(Sci::SCI_SETMARGINMASKN, fold_margin, static_cast<std::intptr_t>(Sci::SC_MASK_FOLDERS));
  sci(Sci::SCI_SETMARGINWIDTHN, fold_margin, fold_margin_width);
  sci(Sci::SCI_SETMARGINSENSITIVEN, fold_margin, 1);
  sci(Sci::SCI_SETMARGINCURSORN, fold_margin, Sci::SC_CURSORARROW);
  for (int marker = first_fold_marker; marker <= last_fold_marker; ++marker)
    sci(Sci::SCI_MARKERDEFINE, fold_number(marker), Sci::SC_MARK_EMPTY);
  for (const int marker : {int(Sci::SC_MARKNUM_FOLDER), int(Sci::SC_MARKNUM_FOLDEREND)})
    sci(Sci::SCI_MARKERDEFINE, fold_number(marker), Sci::SC_MARK_ARROW);
  for (const int marker : {int(Sci::SC_MARKNUM_FOLDEROPEN), int(Sci::SC_MARKNUM_FOLDEROPENMID)})
    sci(Sci::SCI_MARKERDEFINE, fold_number(marker), Sci::SC_MARK_ARROWDOWN);
  // Typing in a closed block, or a head that heads nothing any more, opens it.
  sci(Sci::SCI_SETAUTOMATICFOLD, Sci::SC_AUTOMATICFOLD_SHOW | Sci::SC_AUTOMATICFOLD_CHANGE);
  sci(Sci::SCI_FOLDDISPLAYTEXTSETSTYLE, Sci::SC_FOLDDISPLAYTEXT_BOXED);

  for (auto* timer : {&due_, &styling_, &store_due_}) timer->setSingleShot(true);
  store_due_.setInterval(fold_store_pause);
  connect(&due_, &QTimer::timeout, this, &CodeFolding::refresh);
  connect(&styling_, &QTimer::timeout, this, &CodeFolding::styleOn);
  connect(&store_due_, &QTimer::timeout, this, &CodeFolding::store);
  connect(editor, &QsciScintillaBase::SCN_MARGINCLICK, this, [this](int position, int modifiers, int margin) {
    if (margin != static_cast<int>(fold_margin)) return;
    const auto line = lineOf(position);
    if (!isHead(line)) return;
    const bool open = !isOpen(line);
    modifiers&(Sci::SCMOD_SHIFT | Sci::SCMOD_CTRL) ? setChildren(line, open) : set(line, open);
    store_due_.start();
  });
  connect(editor, &CodeEditor::textLoaded, this, [this] {
    loaded_ = true;
    checkpoints_.clear();
    waiting_.clear();
    first_ = 0;
    refresh();
    restore();
  });
  const auto changed = [this] {
    if (!this->editor()->highlighter()->knowsFolds()) {
      due_.start(indentation_pause);
    } else if (!due_.isActive()) {
      due_.start(0);
    }
    if (!key_.isEmpty()) store_due_.start();
  };
  connect(editor, &CodeEditor::edited, this, changed);
  connect(editor, &CodeEditor::changedByOthers, this, changed);
  connect(editor, &CodeEditor::languageChanged, this, [this] {
    checkpoints_.clear();
    first_ = 0;
    due_.start(0);
  });
  editor->highlighter()->onStyled = [this](long first) { follow(first); };
  connect(Theme::instance(), &Theme::changed, this, &CodeFolding::applyTheme);
  applyTheme();
}

void CodeFolding::applyTheme() {
  const auto& colors = Theme::instance()->colors();
  for (int marker = first_fold_marker; marker <= last_fold_marker; ++marker) {
    const bool closed = marker == Sci::SC_MARKNUM_FOLDER || marker == Sci::SC_MARKNUM_FOLDEREND;
    sci(Sci::SCI_MARKERSETFORE, fold_number(marker), rgb(closed ? colors.accent : colors.faint));
    sci(Sci::SCI_MARKERSETBACK, fold_number(marker), rgb(closed ? colors.accent : colors.faint));
  }
  sci(Sci::SCI_SETFOLDMARGINCOLOUR, 1, rgb(colors.base));
  sci(Sci::SCI_SETFOLDMARGINHICOLOUR, 1, rgb(colors.base));
  sci(Sci::SCI_STYLESETFORE, Sci::STYLE_FOLDDISPLAYTEXT, rgb(colors.muted));
  sci(Sci::SCI_STYLESETBACK, Sci::STYLE_FOLDDISPLAYTEXT, rgb(colors.hover));
}

/// Scintilla may be painting: its levels are set a turn later.
void CodeFolding::follow(long first) {
  first_ = std::min(first_, first);
  checkpoints_.erase(checkpoints_.upper_bound(first), checkpoints_.end());
  if (!due_.isActive()) due_.start(0);
}

void CodeFolding::refresh() {
  due_.stop();
  editor()->highlighter()->knowsFolds() ? refreshRegions() : refreshIndentation();
  tidy();
}

void CodeFolding::refreshRegions() {
  const auto* highlighter = editor()->highlighter();
  const auto count = std::min(highlighter->styledLines(), lineCount());
  auto from = std::exchange(first_, count);
  if (from >= count) return;
  OpenRegions open;
  long line = 0;
  if (auto known = checkpoints_.upper_bound(from); known != checkpoints_.begin()) {
    --known;
    line = known->first;
    open = known->second;
  }
  // Whether a line heads a block is seen at the next one.
  from = std::max(0l, from - 1);
  std::vector<int> depths;
  for (; line < count; ++line) {
    if (line % checkpoint_lines == 0) checkpoints_.insert_or_assign(line, open);
    const auto depth = open.pass(highlighter->foldsOf(line));
    if (line >= from) depths.push_back(depth);
  }
  setDepths(from, depths, open.depth());
}

void CodeFolding::refreshIndentation() {
  const auto length = sci(Sci::SCI_GETLENGTH);
  if (length > most_indented_bytes) return;
  const auto* text = static_cast<const char*>(editor()->SendScintillaPtrResult(Sci::SCI_GETCHARACTERPOINTER));
  const auto depths =
      depths_by_indentation({text, static_cast<std::size_t>(length)},
                            static_cast<int>(sci(Sci::SCI_GETTABWIDTH)), editor()->commentMarks().line);
  first_ = lineCount();
  setDepths(0, depths, 0);
}

void CodeFolding::setDepths(long first, const std::vector<int>& depths, int after) {
  const auto count = std::min(static_cast<long>(depths.size()), lineCount() - first);
  for (long at = 0; at < count; ++at) {
    const auto depth = depths[static_cast<std::size_t>(at)];
    const auto next = at + 1 < count ? depths[static_cast<std::size_t>(at) + 1] : after;
    const auto level = Sci::SC_FOLDLEVELBASE + depth + (next > depth ? long(Sci::SC_FOLDLEVELHEADERFLAG) : 0);
    if (sci(Sci::SCI_GETFOLDLEVEL, fold_number(first + at)) != level)
      sci(Sci::SCI_SETFOLDLEVEL, fold_number(first + at), level);
  }
}

/// What others write in a closed block is closed in, too; and no line stays hidden that nobody could open.
void CodeFolding::tidy() {
  if (sci(Sci::SCI_GETALLLINESVISIBLE) && sci(Sci::SCI_CONTRACTEDFOLDNEXT, 0) < 0) return;
  const auto count = lineCount();
  for (long line = 0; line < count; ++line) {
    if (!sci(Sci::SCI_GETLINEVISIBLE, fold_number(line))) sci(Sci::SCI_SHOWLINES, fold_number(line), line);
    if (isOpen(line)) continue;
    const auto last = isHead(line) ? sci(Sci::SCI_GETLASTCHILD, fold_number(line), -1) : line;
    if (last <= line) {
      sci(Sci::SCI_SETFOLDEXPANDED, fold_number(line), 1);
      continue;
    }
    bool shown = false;
    for (auto child = line + 1; child <= last && !shown; ++child)
      shown = sci(Sci::SCI_GETLINEVISIBLE, fold_number(child));
    if (shown) sci(Sci::SCI_HIDELINES, fold_number(line + 1), last);
    line = last;
  }
}

/// Runs it once the whole text's folds are known: a long text is styled piece by piece, with turns of the
/// event loop between.
void CodeFolding::whenKnown(std::function<void()> then) {
  waiting_.push_back(std::move(then));
  styleOn();
}

void CodeFolding::styleOn() {
  const auto length = sci(Sci::SCI_GETLENGTH);
  if (const auto styled = sci(Sci::SCI_GETENDSTYLED);
      editor()->highlighter()->knowsFolds() && styled < length) {
    const auto line = lineOf(std::min(length, styled + styled_a_turn));
    sci(Sci::SCI_COLOURISE, fold_number(styled), line + 1 < lineCount() ? lineBegin(line + 1) : length);
    if (sci(Sci::SCI_GETENDSTYLED) > styled && sci(Sci::SCI_GETENDSTYLED) < length) return styling_.start(0);
  }
  refresh();
  for (const auto& then : std::exchange(waiting_, {})) then();
  store_due_.start();
}

bool CodeFolding::isHead(long line) const {
  return sci(Sci::SCI_GETFOLDLEVEL, fold_number(line)) & Sci::SC_FOLDLEVELHEADERFLAG;
}

bool CodeFolding::isOpen(long line) const { return sci(Sci::SCI_GETFOLDEXPANDED, fold_number(line)); }

QList<int> CodeFolding::closed() const {
  QList<int> lines;
  for (long line = -1; lines.size() < most_closed;) {
    line = sci(Sci::SCI_CONTRACTEDFOLDNEXT, fold_number(line + 1));
    if (line < 0) break;
    lines.append(static_cast<int>(line) + 1);
  }
  return lines;
}

QList<int> CodeFolding::heads() const {
  QList<int> lines;
  for (long line = 0; line < lineCount(); ++line)
    if (isHead(line)) lines.append(static_cast<int>(line) + 1);
  return lines;
}

void CodeFolding::set(long line, bool open) {
  if (!isHead(line) || isOpen(line) == open) return;
  if (open) return static_cast<void>(sci(Sci::SCI_FOLDLINE, fold_number(line), Sci::SC_FOLDACTION_EXPAND));
  // A cursor inside goes to the head, as its text is not to be seen any more.
  const auto last = sci(Sci::SCI_GETLASTCHILD, fold_number(line), -1);
  const auto at = lineOf(sci(Sci::SCI_GETCURRENTPOS));
  if (at > line && at <= last) sci(Sci::SCI_GOTOPOS, fold_number(lineEnd(line)));
  sci(Sci::SCI_TOGGLEFOLDSHOWTEXT, fold_number(line), pointer("⋯"));
}

void CodeFolding::setChildren(long line, bool open) {
  const auto last = sci(Sci::SCI_GETLASTCHILD, fold_number(line), -1);
  if (open) set(line, true);
  for (auto child = open ? line + 1 : last; open ? child <= last : child > line; child += open ? 1 : -1)
    set(child, open);
  if (!open) set(line, false);
}

long CodeFolding::headAtCursor(Action action) const {
  auto line = lineOf(sci(Sci::SCI_GETCURRENTPOS));
  if (action == Action::open) return isHead(line) ? line : -1;
  if (action == Action::toggle) return isHead(line) ? line : sci(Sci::SCI_GETFOLDPARENT, fold_number(line));
  // One that is closed already closes the one around it.
  if (!isHead(line) || !isOpen(line)) line = sci(Sci::SCI_GETFOLDPARENT, fold_number(line));
  return line;
}

void CodeFolding::atCursor(Action action, bool children) {
  const auto line = headAtCursor(action);
  if (line < 0) return;
  const bool open = action == Action::toggle ? !isOpen(line) : action == Action::open;
  children ? setChildren(line, open) : set(line, open);
  sci(Sci::SCI_SCROLLCARET);
}

int CodeFolding::nesting(long line) const {
  int depth = 1;
  while ((line = sci(Sci::SCI_GETFOLDPARENT, fold_number(line))) >= 0) ++depth;
  return depth;
}

void CodeFolding::closeLevel(int level) {
  const auto here = lineOf(sci(Sci::SCI_GETCURRENTPOS));
  for (auto line = lineCount() - 1; line >= 0; --line) {
    if (!isHead(line) || nesting(line) != level) continue;
    // The block that the cursor is in stays open, as in VS Code.
    if (here > line && here <= sci(Sci::SCI_GETLASTCHILD, fold_number(line), -1)) continue;
    set(line, false);
  }
  sci(Sci::SCI_SCROLLCARET);
}

void CodeFolding::all(bool open) {
  if (open) {
    sci(Sci::SCI_FOLDALL, Sci::SC_FOLDACTION_EXPAND);
  } else {
    for (auto line = lineCount() - 1; line >= 0; --line) set(line, false);
  }
  sci(Sci::SCI_SCROLLCARET);
}

void CodeFolding::commentBlocks() {
  const auto open = editor()->commentMarks().open;
  if (open.empty()) return;
  for (auto line = lineCount() - 1; line >= 0; --line) {
    if (!isHead(line)) continue;
    const auto begin = sci(Sci::SCI_GETLINEINDENTPOSITION, fold_number(line));
    if (textBetween(begin, lineEnd(line)).starts_with(open)) set(line, false);
  }
}

void CodeFolding::keepUnder(const QString& key) {
  if (key_ == key) return;
  const bool renamed = !key_.isEmpty();
  if (renamed) QSettings().remove(key_);
  key_ = key;
  renamed ? store() : restore();
}

void CodeFolding::restore() {
  if (key_.isEmpty() || !loaded_) return;
  const auto kept = QSettings().value(key_).toString().split(u' ', Qt::SkipEmptyParts);
  if (kept.isEmpty()) return;
  whenKnown([this, kept] {
    for (auto at = std::min(kept.size(), most_closed); at-- > 0;)  // the inner ones first
      if (const auto line = kept[at].toLong(); line > 0 && line <= lineCount()) set(line - 1, false);
  });
}

void CodeFolding::store() {
  if (key_.isEmpty() || !loaded_) return;
  QStringList texts;
  for (const int line : closed()) texts.append(QString::number(line));
  if (texts.isEmpty()) return QSettings().remove(key_);
  QSettings().setValue(key_, texts.join(u' '));
}

}  // namespace berth::desktop
