// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/code_editor_accessibility.hpp"

#include <QAccessibleWidget>

#include "client/desktop/code_editor.hpp"

namespace berth::desktop {
namespace {

class EditorInterface : public QAccessibleWidget {
 public:
  explicit EditorInterface(QWidget* editor) : QAccessibleWidget(editor, QAccessible::EditableText) {}
  QString text(QAccessible::Text kind) const override {
    if (kind != QAccessible::Value) return QAccessibleWidget::text(kind);
    const auto* editor = static_cast<CodeEditor*>(widget());
    using Sci = QsciScintillaBase;
    const auto first = editor->SendScintilla(Sci::SCI_GETFIRSTVISIBLELINE);
    const auto count = editor->SendScintilla(Sci::SCI_LINESONSCREEN);
    QString lines;
    for (long line = first; line <= first + count; ++line) {
      const auto length = editor->SendScintilla(Sci::SCI_LINELENGTH, static_cast<unsigned long>(line));
      if (length <= 0 || length > 4096) continue;
      QByteArray bytes(length, '\0');
      editor->SendScintilla(Sci::SCI_GETLINE, static_cast<unsigned long>(line),
                            static_cast<void*>(bytes.data()));
      lines += QString::fromUtf8(bytes);
    }
    return lines;
  }
};

QAccessibleInterface* make(const QString& class_name, QObject* object) {
  if (class_name != QLatin1String("berth::desktop::CodeEditor")) return nullptr;
  auto* widget = qobject_cast<QWidget*>(object);
  return widget ? new EditorInterface(widget) : nullptr;
}

}  // namespace

void install_editor_accessibility() {
  // Called from a CodeEditor's constructor, so QScintilla's factory is installed; the last one is asked
  // first.
  static const bool once = (QAccessible::installFactory(make), true);
  static_cast<void>(once);
}

}  // namespace berth::desktop
