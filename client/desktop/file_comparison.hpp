// SPDX-License-Identifier: GPL-3.0-or-later
// A text compared in a window of its own: what is typed with what its file holds or with the clipboard.
#pragma once

#include <QString>
#include <optional>
#include <string>

#include "protocol/messages.hpp"

class QWidget;

namespace berth::client {
class Document;
class WorkspaceConnection;
}  // namespace berth::client

namespace berth::desktop {

class CodeEditor;

/// A file's bytes as text with \n; nothing where they are none.
std::optional<std::string> text_of_file(const QByteArray& bytes, protocol::Encoding encoding);

/// The text as it is typed beside its file on the workspace's disk.
void compare_with_file(client::WorkspaceConnection* connection, client::Document* document,
                       CodeEditor* editor, QWidget* window);
void compare_with_clipboard(CodeEditor* editor, QWidget* window);
}  // namespace berth::desktop
