// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/sharing.hpp"

#include <QDateTime>

namespace berth::client {

Sharing::Sharing(ServerConnection* server, rest::Workspace facts, QObject* parent)
    : QObject(parent), server_(server), facts_(std::move(facts)) {}

bool Sharing::isSelf(const rest::Member& member) const {
  return server_->account() && server_->account()->id == member.account;
}

QString Sharing::urlOf(const rest::ShareLink& link) const {
  return urls_.value(QString::fromStdString(link.id));
}

void Sharing::begin() {
  if (++busy_ == 1) Q_EMIT busyChanged();
}

void Sharing::end() {
  if (--busy_ == 0) Q_EMIT busyChanged();
}

/// What every change's answer leads to: the lists anew, or what went wrong.
template <class T>
Reply<T> Sharing::answering(std::function<void(const T&)> done) {
  begin();
  return [this, done = std::move(done)](Result<T> answer) {
    const QPointer<Sharing> still_here(this);
    if (answer) {
      if (done) done(*answer);
      if (still_here) refresh();
    } else {
      Q_EMIT failed(answer.error());
      // Somebody else may have changed it first: what is shown must be what is.
      if (still_here && answer.error().code != ErrorCode::unavailable) refresh();
    }
    if (still_here) end();
  };
}

void Sharing::take(const rest::Workspace& facts) {
  facts_ = facts;
  if (!facts_.public_link) public_url_.clear();
}

void Sharing::refresh() {
  begin();
  // First what this person is in it: the lists are told accordingly.
  server_->fetchWorkspace(workspace(), this, [this](Result<rest::Workspace> facts) {
    const QPointer<Sharing> still_here(this);
    if (!facts) {
      if (facts.error().code == ErrorCode::not_found) {
        Q_EMIT left(false);
      } else {
        Q_EMIT failed(facts.error());
      }
      if (still_here) end();
      return;
    }
    take(*facts);
    server_->listMembers(workspace(), this, [this](Result<rest::ListMembers::Result> people) {
      const QPointer<Sharing> here(this);
      if (people) {
        people_ = std::move(*people);
        loaded_ = true;
        Q_EMIT changed();
      } else if (people.error().code == ErrorCode::not_found) {
        Q_EMIT left(false);
      } else {
        Q_EMIT failed(people.error());
      }
      if (here) end();
    });
  });
}

void Sharing::add(const QString& email, protocol::Role role) {
  server_->addMember(workspace(), {email.toStdString(), role}, this,
                     answering<rest::AddMember::Result>([this, email](const rest::AddMember::Result& answer) {
                       Q_EMIT added(email, answer.member.has_value());
                     }));
}

void Sharing::setRole(const QString& account, protocol::Role role) {
  server_->updateMember(workspace(), account, role, this, answering<rest::Member>({}));
}

void Sharing::remove(const QString& account) {
  server_->removeMember(workspace(), account, this, answering<rest::NoBody>({}));
}

void Sharing::leave() {
  if (!server_->account()) return;
  begin();
  server_->removeMember(workspace(), QString::fromStdString(server_->account()->id), this,
                        [this](Result<rest::NoBody> answer) {
                          const QPointer<Sharing> still_here(this);
                          answer ? Q_EMIT left(true) : Q_EMIT failed(answer.error());
                          if (still_here) end();
                        });
}

void Sharing::withdraw(const QString& invitation) {
  server_->deleteInvitation(workspace(), invitation, this, answering<rest::NoBody>({}));
}

void Sharing::makeLink(protocol::Role role, std::optional<qint64> life) {
  rest::CreateLink::Body body{role, {}};
  if (life) body.expires = QDateTime::currentMSecsSinceEpoch() + *life;
  server_->createLink(workspace(), body, this,
                      answering<rest::CreateLink::Result>([this](const rest::CreateLink::Result& answer) {
                        const auto url = QString::fromStdString(answer.url);
                        urls_.insert(QString::fromStdString(answer.link.id), url);
                        Q_EMIT linkMade(url);
                      }));
}

void Sharing::endLink(const QString& link) {
  server_->deleteLink(workspace(), link, this, answering<rest::NoBody>({}));
}

void Sharing::setPublic(bool enabled) {
  server_->setPublic(workspace(), enabled, this,
                     answering<rest::SetPublic::Result>([this](const rest::SetPublic::Result& answer) {
                       public_url_ = QString::fromStdString(answer.url.value_or(""));
                     }));
}

void Sharing::transfer(const QString& account) {
  server_->transferWorkspace(
      workspace(), account, this, answering<rest::Workspace>([this](const rest::Workspace& facts) {
        take(facts);
        const auto& owner = facts.owner;
        Q_EMIT transferred(QString::fromStdString(owner.name.empty() ? owner.email : owner.name));
      }));
}

}  // namespace berth::client
