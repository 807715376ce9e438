// SPDX-License-Identifier: GPL-3.0-or-later
// Every control message between a client (or the server's control link) and a
// runner: the single source from which the TypeScript types and the reference
// in protocol/README.md are generated. A message is one struct in the header of
// its area, one handler in the runner (a missing one does not compile) and one
// golden vector. Paths are relative to the workspace's home ("project/main.py";
// "" is home); times are Unix milliseconds; sizes and offsets are bytes unless
// a comment says otherwise. std::optional fields may be absent.
#pragma once

#include <boost/mp11/list.hpp>

#include "protocol/control_messages.hpp"
#include "protocol/document_messages.hpp"
#include "protocol/file_messages.hpp"
#include "protocol/port_messages.hpp"
#include "protocol/presence_messages.hpp"
#include "protocol/search_messages.hpp"
#include "protocol/session_messages.hpp"
#include "protocol/terminal_messages.hpp"

namespace berth::protocol {

/// Requests a client (or the control link) sends; answered with Result or an
/// error.
using Requests =
    boost::mp11::mp_list<SessionHello, SessionPing, TerminalList, TerminalOpen, TerminalAttach,
                         TerminalDetach, TerminalResize, TerminalLead, TerminalRename, TerminalClose,
                         FileList, FileStat, FileRead, FileWrite, FileCommit, FileCreateDirectory, FileRename,
                         FileCopy, FileDelete, FileUndelete, FileWatch, FileUnwatch, DocumentOpen,
                         DocumentEdit, DocumentSave, DocumentConvert, DocumentClose, DocumentPage,
                         PresenceList, PresenceSet, PortList, PortTunnel, SearchText, SearchCancel,
                         SearchReplace, SearchUndoReplace, ControlActivity, ControlNotice, ControlFlush>;

/// Notifications a runner sends.
using Notifications =
    boost::mp11::mp_list<SessionNotice, WorkspaceStorage, WorkspaceImport, TerminalChanged, TerminalClosed,
                         FileChanged, DocumentChanged, DocumentState, PresenceChanged, PresenceLeft,
                         PortChanged, SearchFound, SearchEnded>;

}  // namespace berth::protocol
