// SPDX-License-Identifier: GPL-3.0-or-later
#include "second_desk.hpp"

#include <unistd.h>

#include <QApplication>
#include <QStandardPaths>
#include <QTest>
#include <cstring>

#include "client/desktop/application.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/ide_window.hpp"
#include "kept_record.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int patience = 30'000;  // ms

void say(const char* line) {
  if (write(3, line, std::strlen(line)) < 0) _exit(3);
}

/// A record on the disk holds so many keys.
bool kept(qsizetype keys) {
  return has_record_of(
      QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/unsent-edits"),
      keys);
}

}  // namespace

Child start_second_desk(const QString& workspace, const QString& text) {
  qputenv("BERTH_SECOND_DESK", workspace.toUtf8());
  qputenv("BERTH_SECOND_DESK_TYPES", text.toUtf8());
  const auto self = QCoreApplication::applicationFilePath().toUtf8();
  const char* const program[] = {self.constData(), nullptr};
  Child child(program, "");
  qunsetenv("BERTH_SECOND_DESK");
  return child;
}

int run_second_desk(int argc, char** argv, const char* workspace) {
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  desktop::name_application();
  desktop::Options options;
  options.workspace = QString::fromUtf8(workspace);
  desktop::Application berth(&application, options);
  berth.start();
  desktop::EditorTab* tab = nullptr;
  desktop::IdeWindow* window = nullptr;
  const bool open = wait_for(
      [&] {
        window = berth.windows().value(0);
        tab = window ? window->editors()->current() : nullptr;
        return tab && tab->document()->isLoaded() && window->workspace()->connection()->online();
      },
      patience);
  if (!open) return 4;
  say("open\n");
  if (!wait_for([&] { return !window->workspace()->connection()->online(); }, patience)) return 5;
  auto* editor = tab->editor();
  editor->SendScintilla(QsciScintillaBase::SCI_GOTOPOS, 0ul);
  const auto typed = qEnvironmentVariable("BERTH_SECOND_DESK_TYPES");
  QTest::keyClicks(editor, typed);
  if (!wait_for([&] { return kept(typed.size()); }, patience)) return 6;
  say("kept\n");
  return QApplication::exec();
}

}  // namespace berth::test
