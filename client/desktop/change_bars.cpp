// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/change_bars.hpp"

#include <QCoreApplication>
#include <QMap>
#include <QPointer>
#include <QThreadPool>

#include "client/core/side_by_side.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr std::size_t largest_compared = 4u << 20;  // bytes
constexpr int compare_pause = 250;                  // ms
constexpr int change_markers[] = {ChangeBars::added, ChangeBars::changed, ChangeBars::deleted};
constexpr int change_mask = 1 << ChangeBars::added | 1 << ChangeBars::changed | 1 << ChangeBars::deleted;

}  // namespace

ChangeBars::ChangeBars(CodeEditor* editor) : EditorFeature(editor) {
  offer("changes.next", tr("Next Change"), {"Alt+F3"}, false, [this] { go(true); });
  offer("changes.previous", tr("Previous Change"), {"Shift+Alt+F3"}, false, [this] { go(false); });
  sci(Sci::SCI_MARKERDEFINE, added, Sci::SC_MARK_LEFTRECT);
  sci(Sci::SCI_MARKERDEFINE, changed, Sci::SC_MARK_LEFTRECT);
  sci(Sci::SCI_MARKERDEFINE, deleted, Sci::SC_MARK_ARROW);
  due_.setSingleShot(true);
  due_.setInterval(compare_pause);
  connect(&due_, &QTimer::timeout, this, &ChangeBars::look);
  connect(editor, &CodeEditor::textLoaded, this, [this] {
    if (!std::exchange(known_, true)) before_ = this->editor()->text();
    // A text that is shown anew, after a connection was lost, is compared with what was opened first.
    due_.start();
  });
  connect(editor, &QsciScintillaBase::SCN_UPDATEUI, this, [this](int updated) {
    if (updated & Sci::SC_UPDATE_CONTENT && known_) due_.start();
  });
  connect(Theme::instance(), &Theme::changed, this, &ChangeBars::applyTheme);
  applyTheme();
}

void ChangeBars::applyTheme() {
  const auto& colors = Theme::instance()->colors();
  for (const auto& [marker, colour] :
       {std::pair(added, colors.good), std::pair(changed, colors.warning), std::pair(deleted, colors.bad)}) {
    sci(Sci::SCI_MARKERSETFORE, static_cast<std::uintptr_t>(marker), rgb(colour));
    sci(Sci::SCI_MARKERSETBACK, static_cast<std::uintptr_t>(marker), rgb(colour));
  }
}

ChangeBars::Marks ChangeBars::compare(const std::string& before, const std::string& now) {
  Marks marks;
  if (before == now) return marks;
  const auto rows = client::side_by_side(before, now);
  bool gone = false;  // lines were deleted right above
  long line = -1;
  for (std::size_t row = 0; row < rows.changed.size(); ++row) {
    const bool here = rows.right.numbers[row] != 0;
    const bool there = rows.left.numbers[row] != 0;
    if (here) line = rows.right.numbers[row] - 1;
    if (!here) {
      gone = gone || there;
      continue;
    }
    if (rows.changed[row])
      marks.lines.emplace_back(line, there ? changed : added);
    else if (gone)
      marks.lines.emplace_back(line, deleted);
    gone = false;
  }
  if (gone) marks.lines.emplace_back(std::max(0l, line), deleted);
  return marks;
}

void ChangeBars::look() {
  again_ = busy_;
  if (busy_) return;
  if (static_cast<std::size_t>(sci(Sci::SCI_GETLENGTH)) > largest_compared ||
      before_.size() > largest_compared)
    return show({});
  busy_ = true;
  QThreadPool::globalInstance()->start([self = QPointer<ChangeBars>(this), before = before_,
                                        now = editor()->text(), application = QCoreApplication::instance()] {
    auto marks = compare(before, now);
    QMetaObject::invokeMethod(
        application,
        [self, marks = std::move(marks)] {
          if (!self) return;
          self->busy_ = false;
          // What was typed meanwhile is compared next; until then markers move with the text.
          if (self->again_) return self->look();
          self->show(marks);
        },
        Qt::QueuedConnection);
  });
}

void ChangeBars::show(const Marks& marks) {
  for (const int marker : change_markers) sci(Sci::SCI_MARKERDELETEALL, static_cast<std::uintptr_t>(marker));
  for (const auto& [line, marker] : marks.lines)
    sci(Sci::SCI_MARKERADD, static_cast<std::uintptr_t>(line), marker);
  Q_EMIT editor()->marksChanged();
}

QMap<int, int> ChangeBars::bars() const {
  QMap<int, int> all;
  for (long line = -1;;) {
    line = sci(Sci::SCI_MARKERNEXT, static_cast<std::uintptr_t>(line + 1), change_mask);
    if (line < 0) return all;
    const auto marks = sci(Sci::SCI_MARKERGET, static_cast<std::uintptr_t>(line));
    for (const int marker : change_markers)
      if (marks & 1 << marker) all[static_cast<int>(line) + 1] = marker;
  }
}

void ChangeBars::go(bool forward) {
  const auto here = editor()->cursorLine();
  const auto all = bars();
  // Lines beside each other are one change.
  QList<int> begins;
  for (auto at = all.begin(); at != all.end(); ++at)
    if (!all.contains(at.key() - 1)) begins.append(at.key());
  if (begins.isEmpty()) return;
  auto to = forward ? begins.constFirst() : begins.constLast();
  if (forward) {
    for (const int line : begins)
      if (line > here) {
        to = line;
        break;
      }
  } else {
    for (const int line : begins)
      if (line < here) to = line;
  }
  editor()->goToLine(to);
}

}  // namespace berth::desktop
