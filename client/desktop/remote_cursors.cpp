// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/remote_cursors.hpp"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "client/core/document.hpp"
#include "client/core/plain_tip.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/presence_colours.hpp"
#include "client/desktop/scintilla_values.hpp"
#include "client/desktop/shared_buffer.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int name_shown_for = 2500;  // ms
constexpr int name_fades_for = 300;
constexpr int fade_step = 40;
constexpr int selection_alpha =
    56;  // of 255: the text on it stays readable, see presence_colours.json's test

int indicator_of(int colour) { return RemoteCursors::first_indicator + colour % 12; }

}  // namespace

RemoteCursors::RemoteCursors(CodeEditor* editor, client::Document* document, client::Presence* presence)
    : QWidget(editor), editor_(editor), document_(document), presence_(presence) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_NoSystemBackground);
  setFocusPolicy(Qt::NoFocus);
  setGeometry(editor->viewport()->geometry());
  editor->viewport()->installEventFilter(this);
  fade_.setInterval(fade_step);
  connect(&fade_, &QTimer::timeout, this, [this] {
    update();
    const bool fading = std::ranges::any_of(shown_, [](const auto& entry) {
      return entry.second.since.elapsed() < name_shown_for + name_fades_for;
    });
    if (!fading) fade_.stop();
  });
  connect(document, &client::Document::loaded, this, [this] { presence_->watch(document_); });
  connect(presence, &client::Presence::cursorsChanged, this, [this](const client::Document* changed) {
    if (changed == document_) refresh();
  });
  connect(editor, &CodeEditor::edited, this, [this](const client::LocalEdit& edit) {
    if (SharedBuffer::of(document_)->isFirst(editor_)) presence_->textChanged(document_, edit);
  });
  connect(editor, &CodeEditor::changedByOthers, this, [this](const protocol::TextOperation& operation) {
    // Of several editors of one text, one tells.
    const auto* shared = SharedBuffer::of(document_);
    if (shared->isFirst(editor_)) presence_->textChanged(document_, operation, shared->isMirroring());
  });
  connect(editor, &QsciScintillaBase::SCN_UPDATEUI, this, qOverload<>(&QWidget::update));
  connect(editor, &QsciScintillaBase::SCN_ZOOM, this, qOverload<>(&QWidget::update));
  connect(Theme::instance(), &Theme::changed, this, &RemoteCursors::applyTheme);
  applyTheme();
  if (document->isLoaded()) presence->watch(document);
  show();
  raise();
}

void RemoteCursors::applyTheme() {
  for (int colour = 0; colour < 12; ++colour) {
    const auto number = static_cast<unsigned long>(indicator_of(colour));
    editor_->SendScintilla(CodeEditor::SCI_INDICSETSTYLE, number,
                           static_cast<long>(CodeEditor::INDIC_FULLBOX));
    editor_->SendScintilla(CodeEditor::SCI_INDICSETFORE, number,
                           static_cast<long>(rgb(person_colour(colour))));
    editor_->SendScintilla(CodeEditor::SCI_INDICSETALPHA, number, static_cast<long>(selection_alpha));
    editor_->SendScintilla(CodeEditor::SCI_INDICSETOUTLINEALPHA, number, 0L);
    editor_->SendScintilla(CodeEditor::SCI_INDICSETUNDER, number, 1L);
  }
  update();
}

void RemoteCursors::refresh() {
  const auto people = presence_->in(document_);
  const auto length = editor_->SendScintilla(CodeEditor::SCI_GETLENGTH);
  for (const int colour : std::exchange(marked_, {})) {
    editor_->SendScintilla(CodeEditor::SCI_SETINDICATORCURRENT,
                           static_cast<unsigned long>(indicator_of(colour)));
    editor_->SendScintilla(CodeEditor::SCI_INDICATORCLEARRANGE, 0UL, length);
  }
  std::set<std::string> here;
  for (const auto& who : people) {
    here.insert(who.session);
    const auto head = who.selections.empty() ? -1 : who.selections.front().head;
    auto& shown = shown_[who.session];
    if (std::exchange(shown.head, head) != head) {
      shown.since.start();
      fade_.start();
    }
    for (const auto& [anchor, at] : who.selections) {
      const auto begin = editor_->byteAt(std::min(anchor, at));
      const auto end = editor_->byteAt(std::max(anchor, at));
      if (end <= begin) continue;
      marked_.insert(who.colour);
      editor_->SendScintilla(CodeEditor::SCI_SETINDICATORCURRENT,
                             static_cast<unsigned long>(indicator_of(who.colour)));
      editor_->SendScintilla(CodeEditor::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(begin),
                             end - begin);
    }
  }
  std::erase_if(shown_, [&](const auto& entry) { return !here.contains(entry.first); });
  update();
}

qreal RemoteCursors::nameOpacity(const std::string& session) const {
  const auto found = shown_.find(session);
  if (found == shown_.end()) return 0;
  const auto rested = found->second.since.elapsed() - name_shown_for;
  return std::clamp(1.0 - static_cast<qreal>(rested) / name_fades_for, 0.0, 1.0);
}

QList<RemoteCursors::Caret> RemoteCursors::carets() const {
  QList<Caret> all;
  const auto people = presence_->in(document_);
  for (const auto& who : people) {
    bool first = true;
    for (const auto& selection : who.selections) {
      const auto place = editor_->caretPlace(selection.head);
      if (place.intersects(rect()))
        all.append({presence_->label(who), place, who.colour, first ? nameOpacity(who.session) : 0});
      first = false;
    }
  }
  return all;
}

void RemoteCursors::paintEvent(QPaintEvent*) {
  const auto all = carets();
  if (all.isEmpty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const auto text_begins = editor_->textLeft();
  painter.setClipRect(text_begins, 0, width() - text_begins, height());
  for (const auto& caret : all) {
    const auto colour = person_colour(caret.colour);
    painter.fillRect(caret.place, colour);
    painter.fillRect(QRect(caret.place.left() - 1, caret.place.top(), 4, 3),
                     colour);  // seen beside another caret
  }
  for (const auto& caret : all)
    if (caret.name_opacity > 0) paintName(painter, caret);
}

void RemoteCursors::paintName(QPainter& painter, const Caret& caret) const {
  const auto font = Theme::instance()->uiFont(0.85, QFont::DemiBold);
  const QFontMetrics metrics(font);
  const QSize size(metrics.horizontalAdvance(caret.name) + 10, metrics.height() + 2);
  // Above the line; below it where there is no room, as on the first line.
  QRect flag(QPoint(caret.place.left(), caret.place.top() - size.height()), size);
  if (flag.top() < 0) flag.moveTop(caret.place.bottom() + 1);
  if (flag.right() > width()) flag.moveRight(width() - 1);
  painter.setOpacity(caret.name_opacity);
  painter.setPen(Qt::NoPen);
  painter.setBrush(person_colour(caret.colour));
  painter.drawRoundedRect(flag, 3, 3);
  painter.setFont(font);
  painter.setPen(on_person_colour());
  painter.drawText(flag, Qt::AlignCenter, caret.name);
  painter.setOpacity(1);
}

bool RemoteCursors::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize || event->type() == QEvent::Move) {
    setGeometry(editor_->viewport()->geometry());
    raise();
  } else if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto all = carets();
    for (const auto& caret : all) {
      if (!caret.place.adjusted(-5, 0, 5, 0).contains(help->pos())) continue;
      QToolTip::showText(help->globalPos(), client::plain_tip(caret.name), editor_);
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace berth::desktop
