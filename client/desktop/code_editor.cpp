// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/code_editor.hpp"

#include <QRegularExpression>
#include <cstring>

#include "client/desktop/code_editor_accessibility.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {

CodeEditor::CodeEditor(QWidget* parent) : ScintillaView(parent) {
  install_editor_accessibility();
  follow(std::make_shared<EditHistory>());
  configure();
  applyTheme();
  connect(this, &QsciScintillaBase::SCN_MODIFIED, this,
          [this](int position, int type, const char*, int length) { beforeChange(position, type, length); });
  connect(this, &QsciScintillaBase::SCN_CHARADDED, this, &CodeEditor::onCharacterAdded);
  connect(this, &QsciScintillaBase::SCN_UPDATEUI, this, &CodeEditor::onUpdate);
}

void CodeEditor::configure() {
  sci(SCI_SETEOLMODE, SC_EOL_LF);
  sci(SCI_SETPASTECONVERTENDINGS, 1);
  // Only what comes before a change is asked for: the notifications after it make QScintilla count all
  // characters.
  sci(SCI_SETMODEVENTMASK, SC_MOD_BEFOREINSERT | SC_MOD_BEFOREDELETE);
  sci(SCI_ALLOCATELINECHARACTERINDEX, SC_LINECHARACTERINDEX_UTF16);
  sci(SCI_SETSCROLLWIDTHTRACKING, 1);
  sci(SCI_SETSCROLLWIDTH, 200);
  sci(SCI_SETENDATLASTLINE, 0);
  sci(SCI_SETUSETABS, 0);
  sci(SCI_SETTABINDENTS, 1);
  sci(SCI_SETBACKSPACEUNINDENTS, 1);
  sci(SCI_SETMULTIPLESELECTION, 1);
  sci(SCI_SETADDITIONALSELECTIONTYPING, 1);
  sci(SCI_SETMULTIPASTE, SC_MULTIPASTE_EACH);
  sci(SCI_SETVIRTUALSPACEOPTIONS, SCVS_RECTANGULARSELECTION);
  sci(SCI_SETCARETWIDTH, 2);
  sci(SCI_SETCARETLINEVISIBLEALWAYS, 1);
  sci(SCI_SETMARGINTYPEN, 0, SC_MARGIN_NUMBER);
  sci(SCI_SETINDENTATIONGUIDES, SC_IV_LOOKBOTH);
  sci(SCI_INDICSETSTYLE, hit_indicator, INDIC_ROUNDBOX);
  sci(SCI_INDICSETALPHA, hit_indicator, 60);
  sci(SCI_INDICSETOUTLINEALPHA, hit_indicator, 130);
  sci(SCI_INDICSETSTYLE, scope_indicator, INDIC_STRAIGHTBOX);
  sci(SCI_INDICSETUNDER, scope_indicator, 1);
  sci(SCI_INDICSETALPHA, scope_indicator, 40);
  sci(SCI_INDICSETOUTLINEALPHA, scope_indicator, 0);
  // Undo and redo are ours; Scintilla's keys for them must not run its own.
  for (const int key : {'Z', 'Y'}) sci(SCI_CLEARCMDKEY, static_cast<unsigned>(key | SCMOD_CTRL << 16));
  sci(SCI_CLEARCMDKEY, static_cast<unsigned>('Z' | (SCMOD_CTRL | SCMOD_SHIFT) << 16));
  sci(SCI_CLEARCMDKEY, static_cast<unsigned>(SCK_BACK | SCMOD_ALT << 16));
}

void CodeEditor::applyTheme() {
  ScintillaView::applyTheme();
  const auto& colors = Theme::instance()->colors();
  sci(SCI_STYLESETFORE, STYLE_INDENTGUIDE, rgb(colors.border));
  sci(SCI_STYLESETFORE, STYLE_BRACELIGHT, rgb(colors.accent));
  sci(SCI_STYLESETBACK, STYLE_BRACELIGHT, rgb(colors.accent_soft));
  sci(SCI_STYLESETBOLD, STYLE_BRACELIGHT, 1);
  sci(SCI_STYLESETFORE, STYLE_BRACEBAD, rgb(colors.bad));
  sci(SCI_SETCARETLINEVISIBLE, 1);
  sci(SCI_SETCARETLINEBACK, static_cast<std::uintptr_t>(rgb(colors.current_line)));
  sci(SCI_SETADDITIONALSELBACK, static_cast<std::uintptr_t>(rgb(colors.selection)));
  sci(SCI_SETADDITIONALCARETFORE, static_cast<std::uintptr_t>(rgb(colors.accent)));
  sci(SCI_SETWHITESPACEFORE, 1, rgb(colors.faint));
  sci(SCI_INDICSETFORE, hit_indicator, rgb(colors.warning));
  sci(SCI_INDICSETFORE, scope_indicator, rgb(colors.accent));
  sci(SCI_SETEDGECOLOUR, static_cast<std::uintptr_t>(rgb(colors.border)));
  line_digits_ = 0;
  fitLineNumbers();
}

void CodeEditor::load(const std::string& text) {
  flushEdits();
  mode_ = Mode::loading;
  const bool read_only = sci(SCI_GETREADONLY);
  sci(SCI_SETREADONLY, 0);
  sci(SCI_CLEARALL);
  sci(SCI_ALLOCATE, text.size() + 1024);
  sci(SCI_ADDTEXT, text.size(), pointer(text.data()));
  sci(SCI_EMPTYUNDOBUFFER);
  sci(SCI_GOTOPOS, 0);
  sci(SCI_SETREADONLY, read_only);
  units_ = static_cast<std::int64_t>(protocol::utf16_length(text));
  history_->clear();
  mode_ = Mode::typing;
  highlighter()->setText(text);
  sci(SCI_SETUSETABS, text.find("\n\t") != std::string::npos);
  fitLineNumbers();
  Q_EMIT textLoaded();
}

void CodeEditor::setFileName(const QString& name) {
  file_name_ = name;
  highlighter()->setFileName(name);
  static const QRegularExpression two(
      QStringLiteral("\\.(js|ts|jsx|tsx|json|html|css|ya?ml|md|cpp|hpp|cc|h|c)$"));
  sci(SCI_SETTABWIDTH, two.match(name).hasMatch() ? 2 : 4);
  if (name.endsWith(QLatin1String("Makefile")) || name.endsWith(QLatin1String(".go"))) sci(SCI_SETUSETABS, 1);
  setAccessibleName(tr("Editor for %1").arg(name));
}

void CodeEditor::setLanguage(const QString& language) {
  highlighter()->setLanguage(language);
  Q_EMIT languageChanged();
}

QString CodeEditor::languageName() const { return highlighter()->languageName(); }

QString CodeEditor::language() const { return highlighter()->language(); }

CommentMarks CodeEditor::commentMarks() const { return highlighter()->commentMarks(); }

void CodeEditor::setReadOnly(bool readOnly) { sci(SCI_SETREADONLY, readOnly); }

bool CodeEditor::isReadOnly() const { return sci(SCI_GETREADONLY) != 0; }

std::string CodeEditor::text() const {
  const auto length = static_cast<std::size_t>(sci(SCI_GETLENGTH));
  const auto* bytes = static_cast<const char*>(SendScintillaPtrResult(SCI_GETCHARACTERPOINTER));
  return {bytes, length};
}

std::int64_t CodeEditor::unitsBefore(long position) const {
  const auto line = sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(position));
  const auto start = sci(SCI_POSITIONFROMLINE, static_cast<std::uintptr_t>(line));
  return sci(SCI_INDEXPOSITIONFROMLINE, static_cast<std::uintptr_t>(line), SC_LINECHARACTERINDEX_UTF16) +
         sci(SCI_COUNTCODEUNITS, static_cast<std::uintptr_t>(start), position);
}

long CodeEditor::bytePosition(std::int64_t units) const {
  if (units <= 0) return 0;
  if (units >= units_) return sci(SCI_GETLENGTH);
  const auto line =
      sci(SCI_LINEFROMINDEXPOSITION, static_cast<std::uintptr_t>(units), SC_LINECHARACTERINDEX_UTF16);
  const auto start = sci(SCI_POSITIONFROMLINE, static_cast<std::uintptr_t>(line));
  const auto rest =
      units - sci(SCI_INDEXPOSITIONFROMLINE, static_cast<std::uintptr_t>(line), SC_LINECHARACTERINDEX_UTF16);
  return rest <= 0 ? start : sci(SCI_POSITIONRELATIVECODEUNITS, static_cast<std::uintptr_t>(start), rest);
}

std::string CodeEditor::bytes(long begin, long end) const {
  std::string out(static_cast<std::size_t>(end - begin) + 1, '\0');
  SendScintilla(SCI_GETTEXTRANGE, begin, end, out.data());
  out.pop_back();  // the NUL that Scintilla adds
  return out;
}

void CodeEditor::beforeChange(int position, int type, int length) {
  ++changes_;
  if (mode_ == Mode::loading || length <= 0 || !(type & (SC_MOD_BEFOREINSERT | SC_MOD_BEFOREDELETE))) return;
  flushEdits();
  client::LocalEdit edit{unitsBefore(position), {}, {}, units_};
  if (type & SC_MOD_BEFOREINSERT) {
    // QScintilla gives no text with this notification: it is read once it stands in the document.
    pending_ = std::move(edit);
    pending_begin_ = position;
    pending_end_ = position + length;
    QMetaObject::invokeMethod(this, &CodeEditor::flushEdits, Qt::QueuedConnection);
    return;
  }
  edit.removed = bytes(position, position + length);
  units_ -= static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
  if (mode_ == Mode::remote) return;
  record(edit);
  Q_EMIT edited(edit);
}

void CodeEditor::flushEdits() {
  if (!pending_) return;
  auto edit = *std::exchange(pending_, {});
  edit.inserted = bytes(pending_begin_, pending_end_);
  units_ += static_cast<std::int64_t>(protocol::utf16_length(edit.inserted));
  if (mode_ == Mode::remote) return;
  record(edit);
  Q_EMIT edited(edit);
}

void CodeEditor::record(const client::LocalEdit& edit) {
  if (mode_ == Mode::typing) return history_->typed(edit);
  auto inverse = client::inverse_of(edit);
  if (!collected_) {
    collected_ = std::move(inverse);
  } else if (auto both = inverse.compose(*collected_)) {
    collected_ = std::move(*both);
  }
}

void CodeEditor::replaceRange(long begin, long end, std::string_view text) {
  sci(SCI_SETTARGETRANGE, static_cast<std::uintptr_t>(begin), end);
  sci(SCI_REPLACETARGET, text.size(), pointer(text.data()));
  flushEdits();
}

/// A wrong position makes Scintilla abort the program, and half a surrogate pair is no text: a wrong
/// operation must not get that far.
bool CodeEditor::fits(const protocol::TextOperation& operation) const {
  if (operation.base_length() != units_) return false;
  std::int64_t at = 0;
  bool whole = true;
  for (const auto& run : operation.runs()) {
    const auto* units = std::get_if<std::int64_t>(&run);
    // Only where something changes: what is retained lies between two of these.
    if (!units || *units < 0) whole = whole && unitsBefore(bytePosition(at)) == at;
    if (!units) continue;
    at += std::abs(*units);
    if (*units < 0) whole = whole && unitsBefore(bytePosition(at)) == at;
  }
  return whole;
}

bool CodeEditor::run(const protocol::TextOperation& operation, bool followCaret) {
  if (!fits(operation)) {
    qWarning("An operation for %lld units does not fit a text of %lld.",
             static_cast<long long>(operation.base_length()), static_cast<long long>(units_));
    return false;
  }
  const bool read_only = sci(SCI_GETREADONLY);
  sci(SCI_SETREADONLY, 0);
  std::int64_t at = 0;
  long caret = -1;
  for (const auto& run : operation.runs()) {
    const auto begin = bytePosition(at);
    if (const auto* text = std::get_if<std::string>(&run)) {
      replaceRange(begin, begin, *text);
      at += static_cast<std::int64_t>(protocol::utf16_length(*text));
      caret = begin + static_cast<long>(text->size());
    } else if (const auto units = std::get<std::int64_t>(run); units > 0) {
      at += units;
    } else {
      replaceRange(begin, bytePosition(at - units), {"", 0});
      caret = begin;
    }
  }
  sci(SCI_SETREADONLY, read_only);
  if (followCaret && caret >= 0) sci(SCI_GOTOPOS, static_cast<std::uintptr_t>(caret));
  return true;
}

void CodeEditor::apply(const protocol::TextOperation& operation) {
  if (!applyOthers(operation)) return;
  history_->remote(operation);
  Q_EMIT changedByOthers(operation);
}

void CodeEditor::mirror(const protocol::TextOperation& operation) {
  if (applyOthers(operation)) Q_EMIT changedByOthers(operation);
}

bool CodeEditor::applyOthers(const protocol::TextOperation& operation) {
  flushEdits();
  mode_ = Mode::remote;
  // What is folded stays folded when others write in it.
  const auto opens = sci(SCI_GETAUTOMATICFOLD);
  sci(SCI_SETAUTOMATICFOLD, static_cast<std::uintptr_t>(opens & ~long(SC_AUTOMATICFOLD_SHOW)));
  const bool done = run(operation, false);
  sci(SCI_SETAUTOMATICFOLD, static_cast<std::uintptr_t>(opens));
  mode_ = Mode::typing;
  if (!done) QMetaObject::invokeMethod(this, &CodeEditor::outOfStep, Qt::QueuedConnection);
  return done;
}

void CodeEditor::shareHistory(const CodeEditor& other) { follow(other.history_); }

void CodeEditor::follow(std::shared_ptr<EditHistory> history) {
  if (history_) QObject::disconnect(history_.get(), nullptr, this, nullptr);
  history_ = std::move(history);
  connect(history_.get(), &EditHistory::changed, this, &CodeEditor::undoChanged);
  Q_EMIT undoChanged();
}

void CodeEditor::undo() {
  flushEdits();
  if (sci(SCI_GETREADONLY)) return;
  const auto operation = history_->takeUndo();
  if (!operation) return;
  mode_ = Mode::undoing;
  if (!run(*operation, true)) history_->clear();
  mode_ = Mode::typing;
  history_->undone(std::exchange(collected_, {}));
}

void CodeEditor::redo() {
  flushEdits();
  if (sci(SCI_GETREADONLY)) return;
  const auto operation = history_->takeRedo();
  if (!operation) return;
  mode_ = Mode::redoing;
  if (!run(*operation, true)) history_->clear();
  mode_ = Mode::typing;
  history_->redone(std::exchange(collected_, {}));
}

void CodeEditor::onCharacterAdded(int character) {
  if (character != '\n' || mode_ != Mode::typing) return;
  const auto cursors = sci(SCI_GETSELECTIONS);
  for (long i = 0; i < cursors; ++i) {
    const auto number = static_cast<std::uintptr_t>(i);
    const auto line =
        sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(sci(SCI_GETSELECTIONNCARET, number)));
    const auto before = sci(SCI_GETLINEINDENTATION, static_cast<std::uintptr_t>(line));
    if (line <= 0 || before > 0) continue;  // done already: this comes once for each cursor
    indentLine(line);
    const auto at = sci(SCI_GETLINEINDENTPOSITION, static_cast<std::uintptr_t>(line));
    if (cursors == 1) return static_cast<void>(sci(SCI_GOTOPOS, static_cast<std::uintptr_t>(at)));
    sci(SCI_SETSELECTIONNANCHOR, number, at);
    sci(SCI_SETSELECTIONNCARET, number, at);
  }
}

/// As deep as the line above, and deeper where that opens a block.
void CodeEditor::indentLine(long line) {
  const auto above = static_cast<std::uintptr_t>(line - 1);
  auto indent = sci(SCI_GETLINEINDENTATION, above);
  for (auto end = sci(SCI_GETLINEENDPOSITION, above); end > sci(SCI_POSITIONFROMLINE, above);) {
    const auto last = static_cast<char>(sci(SCI_GETCHARAT, static_cast<std::uintptr_t>(--end)));
    if (last == ' ' || last == '\t') continue;
    if (last == '{' || last == '(' || last == '[' || last == ':') indent += sci(SCI_GETTABWIDTH);
    break;
  }
  if (indent > 0) sci(SCI_SETLINEINDENTATION, static_cast<std::uintptr_t>(line), indent);
}

void CodeEditor::onUpdate() {
  const auto position = sci(SCI_GETCURRENTPOS);
  const auto is_brace = [this](long at) {
    return at >= 0 &&
           std::strchr("()[]{}", static_cast<int>(sci(SCI_GETCHARAT, static_cast<std::uintptr_t>(at)))) !=
               nullptr &&
           sci(SCI_GETCHARAT, static_cast<std::uintptr_t>(at)) != 0;
  };
  const long brace = is_brace(position - 1) ? position - 1 : is_brace(position) ? position : -1;
  if (brace < 0) {
    sci(SCI_BRACEHIGHLIGHT, static_cast<std::uintptr_t>(-1), -1);
  } else if (const auto match = sci(SCI_BRACEMATCH, static_cast<std::uintptr_t>(brace)); match >= 0) {
    sci(SCI_BRACEHIGHLIGHT, static_cast<std::uintptr_t>(brace), match);
  } else {
    sci(SCI_BRACEBADLIGHT, static_cast<std::uintptr_t>(brace));
  }
  fitLineNumbers();
  Q_EMIT cursorMoved();
}

void CodeEditor::fitLineNumbers() {
  const auto digits = std::max<int>(3, static_cast<int>(QString::number(sci(SCI_GETLINECOUNT)).size()));
  if (digits == line_digits_) return;
  line_digits_ = digits;
  const QByteArray widest = QByteArray(digits, '9') + "  ";
  sci(SCI_SETMARGINWIDTHN, 0, sci(SCI_TEXTWIDTH, STYLE_LINENUMBER, pointer(widest.constData())));
}

QString CodeEditor::selectedText() const {
  const auto length = sci(SCI_GETSELTEXT);
  if (length <= 1 || length > 4096) return {};
  QByteArray bytes(length, '\0');
  sci(SCI_GETSELTEXT, 0, pointer(bytes.data()));
  return QString::fromUtf8(bytes.constData());
}

void CodeEditor::goToLine(int line) {
  sci(SCI_ENSUREVISIBLEENFORCEPOLICY, static_cast<std::uintptr_t>(line - 1));
  sci(SCI_GOTOLINE, static_cast<std::uintptr_t>(line - 1));
}

void CodeEditor::goToPlace(int line, int column) {
  const auto number = static_cast<std::uintptr_t>(std::clamp<long>(line - 1, 0, sci(SCI_GETLINECOUNT) - 1));
  sci(SCI_ENSUREVISIBLEENFORCEPOLICY, number);
  sci(SCI_GOTOPOS, static_cast<std::uintptr_t>(column > 0 ? sci(SCI_FINDCOLUMN, number, column - 1)
                                                          : sci(SCI_GETLINEINDENTPOSITION, number)));
  sci(SCI_VERTICALCENTRECARET);
}

int CodeEditor::cursorLine() const {
  return static_cast<int>(sci(SCI_LINEFROMPOSITION, static_cast<std::uintptr_t>(sci(SCI_GETCURRENTPOS)))) + 1;
}

int CodeEditor::cursorColumn() const {
  return static_cast<int>(sci(SCI_GETCOLUMN, static_cast<std::uintptr_t>(sci(SCI_GETCURRENTPOS)))) + 1;
}

}  // namespace berth::desktop
