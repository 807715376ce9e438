// SPDX-License-Identifier: GPL-3.0-or-later
// What a person types for a server, made a URL.
#pragma once

#include <QString>
#include <QUrl>

#include "protocol/error.hpp"

namespace berth::client {

/// "localhost:7070", "https://berth.example/" or a set-up link → the server's origin. Without a scheme: http
/// for this machine, https for any other; so, too, for "berth://…". invalid_argument with a sentence for the
/// person otherwise.
Result<QUrl> server_origin(const QString& text);

/// The one-time token of a set-up link ("http://…/setup?token=…"); empty when it is none.
QString setup_token(const QString& text);

/// What an address that somebody was given leads to.
struct SharedAddress {
  enum class Kind { join, join_team, workspace, public_page, server };
  Kind kind;
  QUrl origin;
  QString value;  // the token to join by, the workspace's id or the public page's token; "" of a server
};

/// "https://berth.example/join?token=…", the same with berth://, or any other of a server's addresses.
/// Nothing is asked of the server. invalid_argument where server_origin() says so.
Result<SharedAddress> shared_address(const QString& text);

/// True for loopback names and addresses.
bool is_this_machine(const QString& host);

/// A page that a server names may be given to the system's browser: http or https, and https where the
/// server's own address is; never a program's or a file's address.
bool may_be_opened(const QUrl& page, const QUrl& origin);

}  // namespace berth::client
