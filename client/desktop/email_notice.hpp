// SPDX-License-Identifier: GPL-3.0-or-later
// Says that the account's e-mail address is not confirmed, with the mail once more; gone as soon as it is.
#pragma once

#include "client/core/server_connection.hpp"
#include "client/desktop/message_bar.hpp"

namespace berth::desktop {

class EmailNotice : public MessageBar {
  Q_OBJECT

 public:
  /// `server` outlives it. Nothing shows on a server that sends no mail: its addresses are never confirmed.
  explicit EmailNotice(client::ServerConnection* server, QWidget* parent = nullptr);
  /// Asks the server whether there is something to say.
  void look();

 private:
  void refresh();
  void sendAgain();

  client::ServerConnection* server_;
  bool closed_ = false;  // by the person
};

}  // namespace berth::desktop
