// SPDX-License-Identifier: GPL-3.0-or-later
// An editor of a file with all its features, and keys for it.
#pragma once

#include <gtest/gtest.h>

#include <QSettings>
#include <QTest>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_commands.hpp"
#include "client/desktop/editor_features.hpp"
#include "random_edits.hpp"
#include "wait_for.hpp"

namespace berth::desktop {

class EditorFixture : public testing::Test {
 protected:
  using Sci = QsciScintillaBase;

  void SetUp() override {
    QSettings().clear();
    add_editor_features(&editor);
    editor.resize(700, 500);
    editor.show();
    QObject::connect(&editor, &CodeEditor::edited, [this](const client::LocalEdit& edit) {
      mirror = *test::operation_of(edit).apply(mirror);
    });
  }
  void TearDown() override {
    editor.flushEdits();
    EXPECT_EQ(editor.text(), mirror) << "every change is reported as it was";
    QSettings().clear();
  }
  void load(const char* name, const std::string& text) {
    editor.setFileName(QString::fromUtf8(name));
    editor.load(text);
    mirror = text;
    turn();
  }
  void press(int key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(&editor, static_cast<Qt::Key>(key), modifiers);
    turn();
  }
  void type(const char* text) {
    QTest::keyClicks(&editor, QString::fromLatin1(text));
    turn();
  }
  void run(const char* command) {
    EXPECT_TRUE(EditorCommands::of(&editor)->run(QLatin1String(command))) << command;
    turn();
  }
  /// Somebody else's.
  void others(const protocol::TextOperation& operation) {
    mirror = *operation.apply(mirror);
    editor.apply(operation);
    turn();
  }
  long sci(unsigned message, unsigned long word = 0, long number = 0) const {
    return editor.SendScintilla(message, word, number);
  }
  void select(long anchor, long caret) { sci(Sci::SCI_SETSEL, static_cast<unsigned long>(anchor), caret); }
  static void turn() {
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();  // what the first turn asked for
  }

  static constexpr auto ctrl = Qt::ControlModifier;
  static constexpr auto shift = Qt::ShiftModifier;
  static constexpr auto alt = Qt::AltModifier;
  CodeEditor editor;
  std::string mirror;
};

}  // namespace berth::desktop
