// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/word_completion.hpp"

#include <QKeyEvent>
#include <algorithm>
#include <unordered_map>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/snippet_library.hpp"
#include "client/desktop/snippet_session.hpp"

namespace berth::desktop {
namespace {

constexpr std::size_t most_words = 60;
constexpr long reach = 512 << 10;          // bytes on each side of the cursor that are looked through
constexpr std::size_t longest_word = 100;  // bytes
constexpr long letters_before_offer = 3;
constexpr long letters_of_snippet = 2;  // … where they are all of a snippet's prefix

/// Letters of other scripts are bytes above 127 in UTF-8.
bool is_offered_byte(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x80 || value == '_' || (value >= '0' && value <= '9') || (value >= 'A' && value <= 'Z') ||
         (value >= 'a' && value <= 'z');
}

}  // namespace

std::vector<std::string> words_beginning(std::string_view text, std::string_view begun, std::size_t at,
                                         std::size_t most) {
  std::unordered_map<std::string_view, std::size_t> found;  // its least distance
  for (std::size_t i = 0; i < text.size();) {
    if (!is_offered_byte(text[i])) {
      ++i;
      continue;
    }
    const auto begin = i;
    while (i < text.size() && is_offered_byte(text[i])) ++i;
    const auto word = text.substr(begin, i - begin);
    const bool digit = word[0] >= '0' && word[0] <= '9';
    if (digit || word.size() <= begun.size() || word.size() > longest_word || !word.starts_with(begun))
      continue;
    if (begin <= at && at <= i) continue;  // the one that is being typed
    const auto distance = begin > at ? begin - at : at - begin;
    const auto known = found.try_emplace(word, distance).first;
    known->second = std::min(known->second, distance);
  }
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const auto& [word, distance] : found) near.emplace_back(distance, word);
  std::ranges::sort(near);
  std::vector<std::string> words;
  for (const auto& [distance, word] : near) {
    if (words.size() >= most) break;
    words.emplace_back(word);
  }
  return words;
}

WordCompletion::WordCompletion(CodeEditor* editor) : EditorFeature(editor) {
  offer("words.offer", tr("Offer Words"), {"Ctrl+Space"}, true, [this] { offerWords(true); });
  sci(Sci::SCI_AUTOCSETSEPARATOR, '\n');
  sci(Sci::SCI_AUTOCSETTYPESEPARATOR, 0x1f);  // "?" may stand in a snippet's description
  sci(Sci::SCI_AUTOCSETORDER, Sci::SC_ORDER_CUSTOM);
  sci(Sci::SCI_AUTOCSETMAXHEIGHT, 8);
  sci(Sci::SCI_AUTOCSETDROPRESTOFWORD, 0);
  sci(Sci::SCI_AUTOCSETAUTOHIDE, 1);
  sci(Sci::SCI_AUTOCSETMULTI, Sci::SC_MULTIAUTOC_EACH);
  connect(editor, &QsciScintillaBase::SCN_CHARADDED, this, &WordCompletion::typed);
  // A text that others change under the list would be completed at the wrong place.
  connect(editor, &CodeEditor::changedByOthers, this, [this] { sci(Sci::SCI_AUTOCCANCEL); });
  connect(editor, qOverload<const char*, int>(&QsciScintillaBase::SCN_AUTOCSELECTION), this,
          [this](const char* selected, int begin) {
            const auto title = QString::fromUtf8(selected);
            if (!snippets_.contains(title)) return;
            // What is in the list stands for something else. Scintilla is in the middle of taking it.
            sci(Sci::SCI_AUTOCCANCEL);
            QMetaObject::invokeMethod(
                this, [this, title, begin] { taken(title, begin); }, Qt::QueuedConnection);
          });
  editor->installEventFilter(this);
}

void WordCompletion::taken(const QString& title, long begin) {
  const auto* snippet = SnippetLibrary::instance()->shown(editor()->language(), title);
  auto* session = editor()->findChild<SnippetSession*>();
  if (snippet && session) session->insert(snippet->body, begin, sci(Sci::SCI_GETCURRENTPOS));
}

/// `whole`: only those whose prefix is this.
QStringList WordCompletion::snippetsBeginning(const QString& begun, bool whole) const {
  QStringList titles;
  if (begun.isEmpty() && whole) return titles;
  for (const auto& snippet : SnippetLibrary::instance()->of(editor()->language()))
    if (whole ? snippet.prefix == begun
              : snippet.prefix.size() > begun.size() && snippet.prefix.startsWith(begun))
      titles.append(snippet.title());
  titles.removeDuplicates();
  return titles;
}

void WordCompletion::typed(int character) {
  if (character < 0x80 && !is_offered_byte(static_cast<char>(character))) return;
  if (!EditorLook::completion() || isShown() || sci(Sci::SCI_GETSELECTIONS) != 1) return;
  // Once the key is done with: the text is as it will be.
  QMetaObject::invokeMethod(this, [this] { offerWords(false); }, Qt::QueuedConnection);
}

void WordCompletion::offerWords(bool asked) {
  if (isShown()) asked_ = asked_ || asked;
  if (editor()->isReadOnly() || isShown() || !sci(Sci::SCI_GETSELECTIONEMPTY)) return;
  const auto at = sci(Sci::SCI_GETCURRENTPOS);
  const auto first = std::max(0l, at - reach);
  const auto text = textBetween(first, std::min(sci(Sci::SCI_GETLENGTH), at + reach));
  const auto here = static_cast<std::size_t>(at - first);
  auto begin = here;
  while (begin > 0 && is_offered_byte(text[begin - 1])) --begin;
  const auto length = static_cast<long>(here - begin);
  // In the middle of a word nothing new is begun.
  if (here < text.size() && is_offered_byte(text[here])) return;
  const auto begun = QString::fromStdString(text.substr(begin, here - begin));
  const auto meant = snippetsBeginning(begun, true);
  if (!asked && length < (meant.isEmpty() ? letters_before_offer : letters_of_snippet)) return;
  if (length > 0 && text[begin] >= '0' && text[begin] <= '9') return;
  // A snippet whose prefix was typed, then words, then the other snippets.
  QStringList list = meant;
  for (const auto& word :
       words_beginning(text, std::string_view(text).substr(begin, here - begin), here, most_words))
    list.append(QString::fromStdString(word));
  const auto others = snippetsBeginning(begun, false);
  list += others;
  snippets_ = meant + others;
  if (list.isEmpty()) return;
  asked_ = asked;
  chosen_ = false;
  sci(Sci::SCI_AUTOCSHOW, static_cast<std::uintptr_t>(length),
      pointer(list.join(u'\n').toUtf8().constData()));
}

bool WordCompletion::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress || !isShown()) return EditorFeature::eventFilter(watched, event);
  const auto key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Up || key == Qt::Key_Down) chosen_ = true;
  // Return ends a line, unless the list was asked for or walked in: nobody wants another word there than he
  // typed.
  if ((key == Qt::Key_Return || key == Qt::Key_Enter) && !asked_ && !chosen_) sci(Sci::SCI_AUTOCCANCEL);
  return EditorFeature::eventFilter(watched, event);
}

}  // namespace berth::desktop
