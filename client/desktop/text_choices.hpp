// SPDX-License-Identifier: GPL-3.0-or-later
// What a person may choose about one text: how its file is read and written, what its lines end with, how
// deep a step of indentation is, and its language.
#pragma once

#include <QPointer>
#include <QString>

#include "client/desktop/list_popup.hpp"
#include "protocol/messages.hpp"

class QMenu;

namespace berth::client {
class Document;
}

namespace berth::desktop {

class CodeEditor;

QString encoding_name(protocol::Encoding encoding);
QString line_ending_name(protocol::LineEnding ending);

/// "Read it as …" and "Write it as …".
void fill_encoding_menu(QMenu* menu, client::Document* document);
void fill_line_ending_menu(QMenu* menu, client::Document* document);
void fill_indentation_menu(QMenu* menu, CodeEditor* editor);

/// All languages, by name.
class LanguagePopup : public ListPopup {
  Q_OBJECT

 public:
  LanguagePopup(CodeEditor* editor, QWidget* window);

 private:
  void fill() override;
  void choose() override;

  QPointer<CodeEditor> editor_;
};

}  // namespace berth::desktop
