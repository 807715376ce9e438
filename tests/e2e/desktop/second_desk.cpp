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
#include "wait_for.hpp"

namespace berth::test {
namespace {

constexpr int patience = 30'000;  // ms

void say(const char* line) {
  if (write(3, line, std::strlen(line)) < 0) _exit(3);
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
  QTest::keyClicks(editor, qEnvironmentVariable("BERTH_SECOND_DESK_TYPES"));
  const auto document = tab->document();
  if (!wait_for([&] { return document->isKept(); }, patience)) return 6;
  wait_for([] { return false; }, 500);  // the last key follows within this
  say("kept\n");
  return QApplication::exec();
}

}  // namespace berth::test
