// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/bookmarks.hpp"

#include <QSettings>

#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int most_bookmarks = 500;
constexpr int bookmarks_mask = 1 << Bookmarks::marker;
constexpr int bookmark_margin = 1;
constexpr int store_pause = 300;  // ms

}  // namespace

Bookmarks::Bookmarks(CodeEditor* editor) : EditorFeature(editor) {
  offer("bookmarks.toggle", tr("Toggle Bookmark"), {"Ctrl+Alt+K", "Ctrl+F2"}, false, [this] { toggle(); });
  offer("bookmarks.next", tr("Next Bookmark"), {"Ctrl+Alt+L", "F2"}, false, [this] { go(true); });
  offer("bookmarks.previous", tr("Previous Bookmark"), {"Ctrl+Alt+J", "Shift+F2"}, false,
        [this] { go(false); });
  offer("bookmarks.clear", tr("Take All Bookmarks Away"), {}, false, [this] { clear(); });
  sci(Sci::SCI_MARKERDEFINE, marker, Sci::SC_MARK_BOOKMARK);
  sci(Sci::SCI_SETMARGINSENSITIVEN, bookmark_margin, 1);
  connect(editor, &QsciScintillaBase::SCN_MARGINCLICK, this, [this](int position, int, int margin) {
    if (margin == bookmark_margin) toggleLine(lineOf(position));
  });
  connect(editor, &CodeEditor::textLoaded, this, [this] {
    loaded_ = true;
    restore();
  });
  changed_.setSingleShot(true);
  connect(&changed_, &QTimer::timeout, this, &Bookmarks::store);
  // What is typed moves them.
  connect(editor, &QsciScintillaBase::SCN_UPDATEUI, this, [this](int updated) {
    if (updated & Sci::SC_UPDATE_CONTENT && !key_.isEmpty() && !changed_.isActive())
      changed_.start(store_pause);
  });
  connect(Theme::instance(), &Theme::changed, this, &Bookmarks::applyTheme);
  applyTheme();
}

void Bookmarks::applyTheme() {
  const auto& colors = Theme::instance()->colors();
  sci(Sci::SCI_MARKERSETFORE, marker, rgb(colors.accent));
  sci(Sci::SCI_MARKERSETBACK, marker, rgb(colors.accent));
}

QList<int> Bookmarks::lines() const {
  QList<int> all;
  for (long line = -1; all.size() < most_bookmarks;) {
    line = sci(Sci::SCI_MARKERNEXT, static_cast<std::uintptr_t>(line + 1), bookmarks_mask);
    if (line < 0) break;
    all.append(static_cast<int>(line) + 1);
  }
  return all;
}

void Bookmarks::toggle() { toggleLine(lineOf(sci(Sci::SCI_GETCURRENTPOS))); }

void Bookmarks::toggleLine(long line) {
  const auto number = static_cast<std::uintptr_t>(line);
  const bool there = sci(Sci::SCI_MARKERGET, number) & bookmarks_mask;
  if (!there && lines().size() >= most_bookmarks) return;
  sci(there ? Sci::SCI_MARKERDELETE : Sci::SCI_MARKERADD, number, marker);
  store();
}

void Bookmarks::go(bool forward) {
  const auto line = lineOf(sci(Sci::SCI_GETCURRENTPOS));
  const auto find = [&](long from) {
    return sci(forward ? Sci::SCI_MARKERNEXT : Sci::SCI_MARKERPREVIOUS, static_cast<std::uintptr_t>(from),
               bookmarks_mask);
  };
  auto found = forward || line > 0 ? find(forward ? line + 1 : line - 1) : -1;
  if (found < 0) found = find(forward ? 0 : lineCount() - 1);
  if (found >= 0) editor()->goToLine(static_cast<int>(found) + 1);
}

void Bookmarks::clear() {
  sci(Sci::SCI_MARKERDELETEALL, marker);
  store();
}

void Bookmarks::keepUnder(const QString& key) {
  if (key_ == key) return;
  const bool renamed = !key_.isEmpty();
  if (renamed) QSettings().remove(key_);
  key_ = key;
  renamed ? store() : restore();
}

/// A text that is shown anew comes without markers.
void Bookmarks::restore() {
  if (key_.isEmpty() || !loaded_) return;
  changed_.stop();
  sci(Sci::SCI_MARKERDELETEALL, marker);
  const auto kept = QSettings().value(key_).toString().split(u' ', Qt::SkipEmptyParts);
  for (const auto& text : kept.first(std::min<qsizetype>(kept.size(), most_bookmarks)))
    if (const auto line = text.toLong(); line > 0 && line <= lineCount())
      sci(Sci::SCI_MARKERADD, static_cast<std::uintptr_t>(line - 1), marker);
  Q_EMIT editor()->marksChanged();
}

void Bookmarks::store() {
  Q_EMIT editor()->marksChanged();
  // What is kept is not lost because the text has not come yet.
  if (key_.isEmpty() || !loaded_) return;
  QStringList texts;
  for (const int line : lines()) texts.append(QString::number(line));
  if (texts.isEmpty()) return QSettings().remove(key_);
  QSettings().setValue(key_, texts.join(u' '));
}

}  // namespace berth::desktop
