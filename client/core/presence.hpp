// SPDX-License-Identifier: GPL-3.0-or-later
// Who else is in the workspace and where they are; where this window is, told to them; following one of them.
// Views say where the person is and paint what is told here; positions are those of the text as the editor
// shows it.
#pragma once

#include <QList>
#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/core/document_sync.hpp"
#include "protocol/messages.hpp"

namespace berth::client {

class Document;
class WorkspaceConnection;

class Presence : public QObject {
  Q_OBJECT

 public:
  static constexpr int sending_pause = 60;  // ms between two words of where this window is

  explicit Presence(WorkspaceConnection* connection, QObject* parent = nullptr);

  /// Where the person is; positions in the text that the editor shows now.
  struct Place {
    Document* document = nullptr;
    std::vector<protocol::TextSelection> selections;  // the main one first
    std::optional<std::int64_t> top;                  // position of the first line in view
    std::string terminal;                             // "" for none
  };
  /// Asked for each time this window's place is told; set by the view.
  void setPlace(std::function<Place()> place) { place_ = std::move(place); }
  /// The place may have changed: it is told soon, if it did.
  void moved();

  /// Everybody, this window too, in the order they came.
  QList<protocol::Participant> all() const;
  const protocol::Participant* find(const std::string& session) const;
  const std::string& session() const { return session_; }
  bool isSelf(const protocol::Participant& who) const { return who.session == session_; }
  /// The person's name, and where one has several windows, which: "Ada (you, another window)", "Grace (2)".
  QString label(const protocol::Participant& who) const;
  /// "AL" for Ada Lovelace.
  static QString initials(const QString& name);

  /// Others who look at this text and are connected; their positions fit the text as it is.
  QList<protocol::Participant> in(const Document* document) const;
  /// A document is open and loaded here; watched until it is destroyed.
  void watch(Document* document);
  /// The document's text changed, by the person here or by somebody else: positions in it move.
  void textChanged(const Document* document, const protocol::TextOperation& operation, bool here);
  void textChanged(const Document* document, const LocalEdit& edit);
  /// This window opens and scrolls what the other one looks at; "" ends it. Unknown ones and this window
  /// itself are left alone.
  void follow(const std::string& session);
  void stopFollowing() { follow({}); }
  const std::string& following() const { return following_; }

 Q_SIGNALS:
  /// Somebody came, left, dropped, moved to another file or terminal, or follows somebody else.
  void peopleChanged();
  /// Cursors moved in this document.
  void cursorsChanged(const berth::client::Document* document);
  void followingChanged();
  /// The one that is followed moved: show it. `who` holds positions of the text as it is, where it is open
  /// here.
  void followMoved(const berth::protocol::Participant& who);

 private:
  struct Known {
    protocol::Participant said;
    bool placed = false;  // its positions were brought to the text of the document here, and move with it
  };

  void list();
  void take(const protocol::Participant& who);
  void forget(const std::string& session);
  void place(Known& known);
  void placeWaiting(const Document* document);
  Document* documentOf(const protocol::Participant& who) const;
  void tell();

  WorkspaceConnection* connection_;
  std::function<Place()> place_;
  std::string session_;
  std::map<std::string, Known> people_;
  QList<Document*> documents_;  // open here
  std::string origin_;          // of the change that is being applied
  std::string following_;
  std::optional<protocol::PresenceSet::Params> said_;  // the last that was told
  QTimer pause_;
  bool moved_ = false;
};

}  // namespace berth::client
