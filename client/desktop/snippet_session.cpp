// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/snippet_session.hpp"

#include <QClipboard>
#include <QDateTime>
#include <QFileInfo>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLocale>
#include <QRandomGenerator>
#include <QUuid>
#include <algorithm>

#include "client/desktop/indentation.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/snippet_library.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr std::uintptr_t stop_indicator = 31;

std::uintptr_t word(long value) { return static_cast<std::uintptr_t>(value); }

}  // namespace

SnippetSession::SnippetSession(CodeEditor* editor) : EditorFeature(editor) {
  offer("snippets.insert", tr("Insert Snippet"), {}, true, [this] { offerAll(); });
  sci(Sci::SCI_INDICSETSTYLE, stop_indicator, Sci::INDIC_STRAIGHTBOX);
  sci(Sci::SCI_INDICSETUNDER, stop_indicator, 1);
  sci(Sci::SCI_INDICSETALPHA, stop_indicator, 45);
  sci(Sci::SCI_INDICSETOUTLINEALPHA, stop_indicator, 110);
  const auto colour = [this] {
    sci(Sci::SCI_INDICSETFORE, stop_indicator, rgb(Theme::instance()->colors().accent));
  };
  connect(Theme::instance(), &Theme::changed, this, colour);
  colour();
  editor->installEventFilter(this);
  connect(editor, &CodeEditor::edited, this, &SnippetSession::typed);
  connect(editor, &CodeEditor::changedByOthers, this, &SnippetSession::changedByOthers);
  connect(editor, &CodeEditor::textLoaded, this, &SnippetSession::end);
  connect(editor, &CodeEditor::cursorMoved, this, &SnippetSession::lookWhereTheCursorIs,
          Qt::QueuedConnection);
  connect(editor, qOverload<const char*, int>(&QsciScintillaBase::SCN_USERLISTSELECTION), this,
          [this](const char* chosen, int list) {
            const auto text = QString::fromUtf8(chosen);
            // Scintilla is in the middle of closing its list.
            QMetaObject::invokeMethod(
                this,
                [this, text, list] {
                  if (list == choice_list) return choose(text);
                  if (list != snippet_list) return;
                  const auto* snippet = SnippetLibrary::instance()->shown(this->editor()->language(), text);
                  const auto at = sci(Sci::SCI_GETCURRENTPOS);
                  if (snippet) insert(snippet->body, at, at);
                },
                Qt::QueuedConnection);
          });
}

void SnippetSession::offerAll() {
  QStringList titles;
  for (const auto& snippet : SnippetLibrary::instance()->of(editor()->language()))
    titles.append(snippet.title());
  titles.removeDuplicates();
  if (titles.isEmpty() || editor()->isReadOnly()) return;
  sci(Sci::SCI_USERLISTSHOW, snippet_list, pointer(titles.join(u'\n').toUtf8().constData()));
}

SnippetSurroundings SnippetSession::surroundings(long begin) const {
  const auto line = lineOf(begin);
  const auto text = lineText(line);
  const auto blanks = text.substr(0, text.find_first_not_of(" \t"));
  const auto indent = blanks.substr(0, static_cast<std::size_t>(begin - lineBegin(line)));
  const auto now = editor()->findChild<Indentation*>()->now();
  return {QString::fromStdString(indent),
          now.tabs ? QStringLiteral("\t") : QString(std::max(1, now.width), u' '),
          [this, begin](const QString& name) { return variable(name, begin); }};
}

/// VS Code's, as far as they mean something here.
std::optional<QString> SnippetSession::variable(const QString& name, long begin) const {
  const auto line = lineOf(begin);
  const QFileInfo file(editor()->fileName());
  const auto now = QDateTime::currentDateTime();
  const auto marks = editor()->commentMarks();
  if (name == u"TM_SELECTED_TEXT") return selected_;
  if (name == u"TM_CURRENT_LINE") return QString::fromStdString(lineText(line));
  if (name == u"TM_CURRENT_WORD") {
    const auto from = sci(Sci::SCI_WORDSTARTPOSITION, word(begin), 1);
    return QString::fromStdString(textBetween(from, sci(Sci::SCI_WORDENDPOSITION, word(begin), 1)));
  }
  if (name == u"TM_LINE_INDEX") return QString::number(line);
  if (name == u"TM_LINE_NUMBER") return QString::number(line + 1);
  if (name == u"TM_FILENAME" || name == u"RELATIVE_FILEPATH") return file.fileName();
  if (name == u"TM_FILENAME_BASE") return file.completeBaseName();
  if (name == u"CLIPBOARD") return QGuiApplication::clipboard()->text();
  static const std::pair<const char*, const char*> times[] = {{"CURRENT_YEAR", "yyyy"},
                                                              {"CURRENT_YEAR_SHORT", "yy"},
                                                              {"CURRENT_MONTH", "MM"},
                                                              {"CURRENT_MONTH_NAME", "MMMM"},
                                                              {"CURRENT_MONTH_NAME_SHORT", "MMM"},
                                                              {"CURRENT_DATE", "dd"},
                                                              {"CURRENT_DAY_NAME", "dddd"},
                                                              {"CURRENT_DAY_NAME_SHORT", "ddd"},
                                                              {"CURRENT_HOUR", "HH"},
                                                              {"CURRENT_MINUTE", "mm"},
                                                              {"CURRENT_SECOND", "ss"}};
  for (const auto& [known, format] : times)
    if (name == QLatin1String(known)) return QLocale::c().toString(now, QLatin1String(format));
  if (name == u"CURRENT_SECONDS_UNIX") return QString::number(now.toSecsSinceEpoch());
  if (name == u"UUID") return QUuid::createUuid().toString(QUuid::WithoutBraces);
  if (name == u"RANDOM")
    return QStringLiteral("%1").arg(QRandomGenerator::global()->bounded(1'000'000), 6, 10, QLatin1Char('0'));
  if (name == u"RANDOM_HEX")
    return QStringLiteral("%1").arg(QRandomGenerator::global()->bounded(1 << 24), 6, 16, QLatin1Char('0'));
  if (name == u"LINE_COMMENT") return QString::fromStdString(marks.line);
  if (name == u"BLOCK_COMMENT_START") return QString::fromStdString(marks.open);
  if (name == u"BLOCK_COMMENT_END") return QString::fromStdString(marks.close);
  return {};
}

void SnippetSession::insert(const QString& body, long begin, long end) {
  if (editor()->isReadOnly()) return;
  this->end();
  selected_ = editor()->selectedText();
  if (sci(Sci::SCI_GETSELECTIONS) == 1 && !sci(Sci::SCI_GETSELECTIONEMPTY)) {
    begin = std::min(begin, sci(Sci::SCI_GETSELECTIONSTART));
    end = std::max(end, sci(Sci::SCI_GETSELECTIONEND));
  }
  const auto made = lay_out_snippet(body, surroundings(begin));
  working_ = true;
  replace(begin, end, made.text.toStdString());
  const auto first = editor()->unitsAt(begin);
  for (const auto& stop : made.stops) {
    Stop here{{}, stop.choices};
    for (const auto& place : stop.places)
      here.places.push_back({first + place.begin, first + place.begin + place.length, place.transform});
    stops_.push_back(std::move(here));
  }
  at_ = 0;
  working_ = false;
  sci(Sci::SCI_CHOOSECARETX);
  select(stops_.front());
}

void SnippetSession::select(const Stop& stop) {
  working_ = true;
  bool first = true;
  for (const auto& place : stop.places) {
    if (!first && place.transform) continue;
    sci(std::exchange(first, false) ? Sci::SCI_SETSELECTION : Sci::SCI_ADDSELECTION,
        word(editor()->byteAt(place.end)), editor()->byteAt(place.begin));
  }
  sci(Sci::SCI_SETMAINSELECTION, 0);
  sci(Sci::SCI_SCROLLCARET);
  working_ = false;
  show();
  if (!stop.choices.isEmpty())
    sci(Sci::SCI_USERLISTSHOW, choice_list, pointer(stop.choices.join(u'\n').toUtf8().constData()));
  if (at_ + 1 == stops_.size()) end();
}

void SnippetSession::choose(const QString& choice) {
  if (!isActive()) return;
  const auto place = stops_[at_].places.front();
  working_ = true;
  const auto units = choice.size();
  replace(editor()->byteAt(place.begin), editor()->byteAt(place.end), choice.toStdString());
  stops_[at_].places.front().end = place.begin + units;
  working_ = false;
  go(1);
}

void SnippetSession::go(int by) {
  editor()->flushEdits();
  if (by < 0 && at_ == 0) return;
  const auto left = stops_[at_];
  leave(left);
  if (!isActive()) return;
  at_ += static_cast<std::size_t>(by);
  if (at_ < stops_.size()) select(stops_[at_]);
}

/// Mirrors with a transform show what was typed once it is done.
void SnippetSession::leave(const Stop& stop) {
  const auto& typed_in = stop.places.front();
  const auto value =
      QString::fromStdString(textBetween(editor()->byteAt(typed_in.begin), editor()->byteAt(typed_in.end)));
  for (std::size_t i = 1; i < stop.places.size(); ++i) {
    const auto place = stops_[at_].places[i];  // as the changes before left it
    if (!place.transform) continue;
    const auto text = place.transform->of(value);
    working_ = true;
    replace(editor()->byteAt(place.begin), editor()->byteAt(place.end), text.toStdString());
    working_ = false;
    if (!isActive()) return;
    stops_[at_].places[i].begin = place.begin;
    stops_[at_].places[i].end = place.begin + text.size();
  }
}

void SnippetSession::typed(const client::LocalEdit& edit) {
  if (!isActive()) return;
  const auto removed = static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
  const auto grown = static_cast<std::int64_t>(protocol::utf16_length(edit.inserted)) - removed;
  const auto from = edit.position;
  const auto to = edit.position + removed;
  // What is typed at an edge belongs to the stop that is being typed in.
  const auto& active = stops_[at_].places;
  const auto inside = std::ranges::find_if(
      active, [&](const Place& place) { return place.begin <= from && to <= place.end; });
  const auto taken = inside == active.end() ? Place{-1, -1, {}} : *inside;
  for (auto& stop : stops_)
    for (auto& place : stop.places) {
      const bool around = taken.begin >= 0 && place.begin <= taken.begin && taken.end <= place.end;
      if (around || (place.begin < from && to < place.end)) {
        place.end += grown;
      } else if (to <= place.begin) {
        place.begin += grown;
        place.end += grown;
      } else if (from < place.end) {  // it goes, or a part of it
        place.end = std::max(std::min(place.begin, from), place.end - (std::min(to, place.end) - from));
        place.begin = std::min(place.begin, from);
      }
    }
}

void SnippetSession::changedByOthers(const protocol::TextOperation& operation) {
  for (auto& stop : stops_)
    for (auto& place : stop.places) {
      const auto begin = operation.map_position(place.begin, protocol::Bias::after);
      const auto last = operation.map_position(place.end, protocol::Bias::before);
      if (!begin || !last) return end();
      place.begin = *begin;
      place.end = std::max(*begin, *last);
    }
  if (isActive()) show();
}

void SnippetSession::lookWhereTheCursorIs() {
  if (!isActive() || working_) return;
  editor()->flushEdits();
  if (!isActive()) return;
  const auto caret = editor()->selections().front().head;
  const bool within = std::ranges::any_of(
      stops_[at_].places, [caret](const Place& place) { return place.begin <= caret && caret <= place.end; });
  if (!within) return end();
  show();
}

void SnippetSession::show() {
  sci(Sci::SCI_SETINDICATORCURRENT, stop_indicator);
  sci(Sci::SCI_INDICATORCLEARRANGE, 0, sci(Sci::SCI_GETLENGTH));
  for (const auto& stop : stops_)
    for (const auto& place : stop.places) {
      const auto begin = editor()->byteAt(place.begin);
      sci(Sci::SCI_INDICATORFILLRANGE, word(begin), editor()->byteAt(place.end) - begin);
    }
}

void SnippetSession::end() {
  if (stops_.empty()) return;
  stops_.clear();
  sci(Sci::SCI_SETINDICATORCURRENT, stop_indicator);
  sci(Sci::SCI_INDICATORCLEARRANGE, 0, sci(Sci::SCI_GETLENGTH));
}

bool SnippetSession::eventFilter(QObject* watched, QEvent* event) {
  // The editor may be at its end: nothing is asked of it for other events.
  if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
    return EditorFeature::eventFilter(watched, event);
  if (!isActive() || sci(Sci::SCI_AUTOCACTIVE)) return EditorFeature::eventFilter(watched, event);
  const auto* pressed = static_cast<QKeyEvent*>(event);
  const bool back = pressed->key() == Qt::Key_Backtab;
  const bool plain = !(pressed->modifiers() & ~Qt::ShiftModifier);
  if (!plain || (pressed->key() != Qt::Key_Tab && !back && pressed->key() != Qt::Key_Escape))
    return EditorFeature::eventFilter(watched, event);
  event->accept();
  if (event->type() == QEvent::ShortcutOverride) return true;
  if (pressed->key() == Qt::Key_Escape) {
    end();
    const auto at = sci(Sci::SCI_GETCURRENTPOS);
    sci(Sci::SCI_SETEMPTYSELECTION, word(at));
  } else {
    go(back || pressed->modifiers() & Qt::ShiftModifier ? -1 : 1);
  }
  return true;
}

}  // namespace berth::desktop
