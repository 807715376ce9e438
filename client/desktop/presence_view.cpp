// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/presence_view.hpp"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QTabWidget>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/people_strip.hpp"
#include "client/desktop/presence_colours.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr int frame_width = 2;  // px

/// A key that does something, not one that is held for another.
bool acts(const QKeyEvent* key) {
  static const QSet<int> held = {Qt::Key_Shift, Qt::Key_Control, Qt::Key_Alt, Qt::Key_AltGr, Qt::Key_Meta};
  return !held.contains(key->key());
}

}  // namespace

// ---- the bar

FollowBar::FollowBar(client::Presence* presence, PeopleStrip* people, QWidget* parent)
    : QFrame(parent),
      presence_(presence),
      people_(people),
      text_(new QLabel),
      stop_(new QPushButton(tr("Stop"))) {
  setObjectName(QStringLiteral("followBar"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 4, 8, 4);
  text_->setTextFormat(Qt::PlainText);
  text_->setMinimumWidth(40);
  row->addWidget(text_, 1);
  row->addWidget(stop_);
  stop_->setFocusPolicy(Qt::TabFocus);
  connect(stop_, &QPushButton::clicked, presence, &client::Presence::stopFollowing);
  connect(presence, &client::Presence::followingChanged, this, &FollowBar::refresh);
  connect(presence, &client::Presence::peopleChanged, this, &FollowBar::refresh);
  connect(Theme::instance(), &Theme::changed, this, &FollowBar::refresh);
  hide();
}

QString FollowBar::text() const { return text_->text(); }

void FollowBar::refresh() {
  const auto* who = presence_->find(presence_->following());
  setVisible(who != nullptr);
  if (!who) return;
  text_->setText(tr("Following %1 · %2").arg(presence_->label(*who), people_->where(*who)));
  setStyleSheet(
      QStringLiteral("#followBar{background:%1}QLabel{color:%2;font-weight:600}"
                     "QPushButton{background:transparent;border:1px solid %2;color:%2;padding:2px 10px}")
          .arg(person_colour(who->colour).name(), on_person_colour().name()));
}

// ---- the frame, and what following does

PresenceView::PresenceView(client::Workspace* workspace, EditorArea* editors, TerminalPanel* terminals,
                           PeopleStrip* people)
    : QWidget(editors),
      workspace_(workspace),
      presence_(workspace->presence()),
      editors_(editors),
      terminals_(terminals) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_NoSystemBackground);
  hide();
  editors->installEventFilter(this);
  qApp->installEventFilter(this);
  presence_->setPlace([this] { return place(); });
  connect(editors, &EditorArea::currentChanged, this, [this] {
    watchTab();
    presence_->moved();
  });
  if (auto* tabs = terminals->findChild<QTabWidget*>())
    connect(tabs, &QTabWidget::currentChanged, presence_, &client::Presence::moved);
  terminals->installEventFilter(this);
  connect(presence_, &client::Presence::followMoved, this, &PresenceView::show);
  connect(presence_, &client::Presence::followingChanged, this, &PresenceView::refreshFrame);
  connect(presence_, &client::Presence::cursorsChanged, this, &PresenceView::tryJump);
  connect(Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
  connect(people, &PeopleStrip::followWanted, this, &PresenceView::follow);
  connect(people, &PeopleStrip::jumpWanted, this, &PresenceView::jump);
}

PresenceView::~PresenceView() { presence_->setPlace({}); }

client::Presence::Place PresenceView::place() const {
  client::Presence::Place place;
  if (auto* tab = editors_->current(); tab && tab->document()->isLoaded()) {
    tab->editor()->flushEdits();
    place.document = tab->document();
    place.selections = tab->editor()->selections();
    place.top = tab->editor()->topPosition();
  }
  if (auto* view = terminals_->current(); view && terminals_->isVisible() && view->terminal())
    place.terminal = view->terminal()->info().terminal;
  return place;
}

void PresenceView::watchTab() {
  auto* tab = editors_->current();
  if (tab == watched_) return;
  watched_ = tab;
  // Another file than the followed one's: somebody chose it here.
  if (!opening_ && !presence_->following().empty() && (!tab || tab->document()->path() != followed_path_))
    presence_->stopFollowing();
}

void PresenceView::follow(const std::string& session) {
  jump_.clear();
  followed_path_.clear();
  followed_terminal_.clear();
  presence_->follow(session);
}

void PresenceView::jump(const std::string& session) {
  const auto* who = presence_->find(session);
  if (!who) return;
  presence_->stopFollowing();
  followed_terminal_.clear();
  if (!who->path) return showTerminal(*who);
  jump_ = session;
  editors_->openFile(QString::fromStdString(*who->path));
  tryJump();
}

void PresenceView::tryJump() {
  auto* tab = editors_->current();
  if (jump_.empty() || !tab || !tab->document()->isLoaded()) return;
  const auto there = presence_->in(tab->document());
  for (const auto& who : there) {
    if (who.session != jump_) continue;
    jump_.clear();
    if (!who.selections.empty()) tab->editor()->goTo(who.selections.front().head);
    tab->editor()->setFocus();
    return;
  }
}

void PresenceView::show(const protocol::Participant& who) {
  showTerminal(who);
  if (!who.path) return;
  if (const auto path = QString::fromStdString(*who.path); path != followed_path_) {
    followed_path_ = path;
    opening_ = true;
    editors_->openFile(path);
    opening_ = false;
    refreshFrame();
  }
  scroll(who);
}

void PresenceView::showTerminal(const protocol::Participant& who) {
  if (!who.terminal || *who.terminal == followed_terminal_) return;
  followed_terminal_ = *who.terminal;
  for (auto* terminal : workspace_->terminals()->all())
    if (terminal->info().terminal == followed_terminal_) {
      auto* focused = QApplication::focusWidget();
      terminals_->show(terminal);
      if (focused) focused->setFocus();  // looking on is not typing there
    }
}

void PresenceView::scroll(const protocol::Participant& who) {
  auto* tab = editors_->current();
  if (!tab || !tab->document()->isLoaded()) return;
  const auto there = presence_->in(tab->document());
  for (const auto& placed : there) {
    if (placed.session != who.session || !placed.top) continue;
    std::optional<std::int64_t> head;
    if (!placed.selections.empty()) head = placed.selections.front().head;
    tab->editor()->showFrom(*placed.top, head);
  }
}

bool PresenceView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == editors_ && event->type() == QEvent::Resize) refreshFrame();
  if (watched == terminals_ && (event->type() == QEvent::Show || event->type() == QEvent::Hide))
    presence_->moved();
  if (presence_->following().empty()) return false;
  auto* widget = qobject_cast<QWidget*>(watched);
  if (!widget || widget->window() != window()) return false;
  const bool in_editor = editors_->isAncestorOf(widget);
  switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::ShortcutOverride: {
      const auto* key = static_cast<QKeyEvent*>(event);
      if (key->key() == Qt::Key_Escape || (event->type() == QEvent::KeyPress && in_editor && acts(key)))
        presence_->stopFollowing();
      break;
    }
    case QEvent::MouseButtonPress:
    case QEvent::Wheel:
      if (in_editor) presence_->stopFollowing();
      break;
    default:
      break;
  }
  return false;
}

void PresenceView::refreshFrame() {
  setVisible(!presence_->following().empty());
  setGeometry(editors_->rect());
  raise();
  update();
}

void PresenceView::paintEvent(QPaintEvent*) {
  const auto* who = presence_->find(presence_->following());
  if (!who) return;
  QPainter painter(this);
  painter.setPen(QPen(person_colour(who->colour), frame_width));
  painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

}  // namespace berth::desktop
