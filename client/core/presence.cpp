// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/presence.hpp"

#include <algorithm>
#include <utility>

#include "client/core/document.hpp"
#include "client/core/request.hpp"

namespace berth::client {
namespace {

using protocol::Bias;
using protocol::Participant;
using protocol::PresenceSet;
using protocol::TextOperation;

constexpr std::size_t most_selections = 64;  // as the runner takes them

bool same_place(const PresenceSet::Params& a, const PresenceSet::Params& b) {
  const auto same_selection = [](const protocol::TextSelection& one, const protocol::TextSelection& other) {
    return one.anchor == other.anchor && one.head == other.head;
  };
  return a.document == b.document && a.top == b.top && a.terminal == b.terminal &&
         a.following == b.following && std::ranges::equal(a.selections, b.selections, same_selection);
}

}  // namespace

Presence::Presence(WorkspaceConnection* connection, QObject* parent)
    : QObject(parent), connection_(connection) {
  pause_.setSingleShot(true);
  pause_.setInterval(sending_pause);
  connect(&pause_, &QTimer::timeout, this, [this] {
    if (std::exchange(moved_, false)) tell();
  });
  connect(connection, &WorkspaceConnection::established, this, &Presence::list);
  connect(connection, &WorkspaceConnection::stateChanged, this, [this] {
    if (connection_->online()) return;
    // Nobody knows who is there now; who was shows as away.
    for (auto& [session, known] : people_) known.said.connected = false;
    for (auto* document : std::as_const(documents_)) Q_EMIT cursorsChanged(document);
    Q_EMIT peopleChanged();
  });
  connect(connection, &WorkspaceConnection::presenceChanged, this, &Presence::take);
  connect(connection, &WorkspaceConnection::presenceLeft, this,
          [this](const QString& session) { forget(session.toStdString()); });
  connect(connection, &WorkspaceConnection::documentChanged, this,
          [this](const protocol::DocumentChanged::Params& change) {
            origin_ = change.origin;
            // It is applied within this signal, if it is applied now.
            QMetaObject::invokeMethod(this, [this] { origin_.clear(); }, Qt::QueuedConnection);
          });
}

void Presence::list() {
  session_ = connection_->hello()->session;
  said_.reset();
  request<protocol::PresenceList>(
      connection_, {}, this, [this](Result<protocol::PresenceList::Result> answer) {
        if (!answer) return;  // an older runner, or lost again
        std::erase_if(people_, [&](const auto& entry) {
          return !std::ranges::contains(answer->participants, entry.first, &Participant::session);
        });
        for (const auto& who : answer->participants) take(who);
        if (!following_.empty() && !find(following_)) stopFollowing();
        Q_EMIT peopleChanged();
        moved();
      });
}

QList<Participant> Presence::all() const {
  QList<Participant> everybody;
  for (const auto& [session, known] : people_) everybody.append(known.said);
  std::ranges::stable_sort(everybody, {}, &Participant::since);
  return everybody;
}

const Participant* Presence::find(const std::string& session) const {
  const auto found = people_.find(session);
  return found == people_.end() ? nullptr : &found->second.said;
}

QString Presence::label(const Participant& who) const {
  const auto name = QString::fromStdString(who.name);
  if (isSelf(who)) return tr("%1 (you)").arg(name);
  const auto* self = find(session_);
  if (self && self->user == who.user) return tr("%1 (you, another window)").arg(name);
  int window = 0;
  const auto everybody = all();
  for (const auto& other : everybody) {
    if (other.user == who.user) ++window;
    if (other.session == who.session) break;
  }
  return window > 1 ? tr("%1 (%2)").arg(name).arg(window) : name;
}

QString Presence::initials(const QString& name) {
  QString letters;
  const auto words = name.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  for (const auto& word : words) {
    // A letter outside of the basic plane is two units.
    letters += word.first(word.front().isHighSurrogate() && word.size() > 1 ? 2 : 1).toUpper();
    if (&word != &words.front()) break;
  }
  return letters.isEmpty() ? QStringLiteral("?") : letters;
}

Document* Presence::documentOf(const Participant& who) const {
  if (!who.document) return nullptr;
  for (auto* document : documents_)
    if (document->runnerId() == *who.document) return document;
  return nullptr;
}

QList<Participant> Presence::in(const Document* document) const {
  QList<Participant> there;
  for (const auto& [session, known] : people_)
    if (session != session_ && known.placed && known.said.connected && documentOf(known.said) == document)
      there.append(known.said);
  return there;
}

void Presence::watch(Document* document) {
  if (documents_.contains(document)) return;
  documents_.append(document);
  connect(document, &QObject::destroyed, this, [this, document] { documents_.removeAll(document); });
  connect(document, &Document::stateChanged, this, [this, document] { placeWaiting(document); });
  // Where the others are in it was told for an older version, perhaps: asked anew.
  if (connection_->online()) list();
}

void Presence::textChanged(const Document* document, const LocalEdit& edit) {
  textChanged(document, operation_of(edit), true);
}

void Presence::textChanged(const Document* document, const TextOperation& operation, bool here) {
  bool any = false;
  for (auto& [session, known] : people_) {
    if (!known.placed || documentOf(known.said) != document) continue;
    const auto bias = !here && session == origin_ ? Bias::after : Bias::before;
    const auto move = [&](std::int64_t& position, Bias side) {
      position = operation.map_position(position, side).value_or(operation.target_length());
    };
    for (auto& [anchor, head] : known.said.selections) {
      move(anchor, bias);
      move(head, bias);
    }
    if (known.said.top) move(*known.said.top, Bias::before);
    any = true;
  }
  if (any) Q_EMIT cursorsChanged(document);
}

/// Brings its positions to the text as the editor shows it, if the text is there and new enough.
void Presence::place(Known& known) {
  known.placed = false;
  const auto* document = documentOf(known.said);
  if (!document || !document->isLoaded() || known.said.version > document->version()) return;
  for (auto& [anchor, head] : known.said.selections) {
    anchor = document->fromRunner(anchor);
    head = document->fromRunner(head);
  }
  if (known.said.top) known.said.top = document->fromRunner(*known.said.top);
  known.placed = true;
}

void Presence::placeWaiting(const Document* document) {
  bool any = false;
  for (auto& [session, known] : people_) {
    if (known.placed || documentOf(known.said) != document) continue;
    place(known);
    any = any || known.placed;
    if (known.placed && session == following_) Q_EMIT followMoved(known.said);
  }
  if (any) Q_EMIT cursorsChanged(document);
}

void Presence::take(const Participant& who) {
  auto& known = people_[who.session];
  const auto before = std::exchange(known.said, who);
  const auto* left = documentOf(before);
  place(known);
  const auto* there = documentOf(known.said);
  if (left && left != there) Q_EMIT cursorsChanged(left);
  if (there) Q_EMIT cursorsChanged(there);
  if (before.session.empty() || before.path != who.path || before.terminal != who.terminal ||
      before.connected != who.connected || before.following != who.following || before.role != who.role ||
      before.name != who.name || before.colour != who.colour)
    Q_EMIT peopleChanged();
  if (who.session == following_) Q_EMIT followMoved(known.said);
}

void Presence::forget(const std::string& session) {
  const auto found = people_.find(session);
  if (found == people_.end()) return;
  const auto* document = documentOf(found->second.said);
  people_.erase(found);
  if (session == following_) stopFollowing();
  if (document) Q_EMIT cursorsChanged(document);
  Q_EMIT peopleChanged();
}

void Presence::follow(const std::string& session) {
  if (session == following_ || session == session_) return;
  const auto* who = session.empty() ? nullptr : find(session);
  if (!session.empty() && !who) return;
  following_ = session;
  Q_EMIT followingChanged();
  moved();
  if (who) Q_EMIT followMoved(*who);
}

void Presence::moved() {
  if (pause_.isActive()) {
    moved_ = true;
    return;
  }
  tell();
}

void Presence::tell() {
  if (!connection_->online() || session_.empty()) return;
  auto place = place_ ? place_() : Place();
  PresenceSet::Params params{};
  if (auto* document = place.document; document && document->isLoaded() && !document->runnerId().empty()) {
    params.document = document->runnerId();
    params.version = document->version();
    if (place.selections.size() > most_selections) place.selections.resize(most_selections);
    for (const auto& [anchor, head] : place.selections)
      params.selections.push_back({document->toRunner(anchor), document->toRunner(head)});
    if (place.top) params.top = document->toRunner(*place.top);
  }
  if (!place.terminal.empty()) params.terminal = place.terminal;
  if (!following_.empty()) params.following = following_;
  if (said_ && same_place(*said_, params)) return;
  said_ = params;
  pause_.start();
  request<PresenceSet>(connection_, params, this, [](Result<protocol::Empty>) {});
}

}  // namespace berth::client
