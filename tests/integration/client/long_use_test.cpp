// SPDX-License-Identifier: GPL-3.0-or-later
// A window used for long: files opened, typed into, split, moved into windows of their own and closed, the
// tree filtered, all files searched, commands looked for, terminals opened, flooded and ended, versions
// compared, themes changed. What it leaves behind is counted: widgets, objects and, in the long form, memory
// and heap.
#include <malloc.h>

#include <algorithm>
#include <array>
#include <map>

#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QTest>

#include "client/desktop/code_editor.hpp"
#include "client/desktop/command_palette.hpp"
#include "client/desktop/comparison_view.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_group.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/editor_window.hpp"
#include "client/desktop/file_panel.hpp"
#include "client/desktop/find_bar.hpp"
#include "client/desktop/history_window.hpp"
#include "client/desktop/ide_window.hpp"
#include "client/desktop/quick_open.hpp"
#include "client/desktop/search_fields.hpp"
#include "client/desktop/search_panel.hpp"
#include "client/desktop/terminal_panel.hpp"
#include "client/desktop/terminal_view.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/window_keys.hpp"
#include "screens.hpp"
#include "tests/soak.hpp"
#include "wait_for.hpp"

namespace berth::test {
namespace {

using namespace berth::protocol;

constexpr int patience_of_use = 60'000;  // ms
constexpr int warm_up = 2;               // rounds of everything, in which caches fill
constexpr qint64 most_growth = 12'000;   // KiB of PSS, from a third of a long run to its end
constexpr qint64 most_heap = 4'000;      // KiB of what is allocated and not freed, the same
constexpr int measured_from = 200;       // rounds: shorter runs say nothing of memory

qint64 own_memory() {  // KiB, PSS
  ::malloc_trim(0);
  QFile file(QStringLiteral("/proc/self/smaps_rollup"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  for (const auto& line : file.readAll().split('\n'))
    if (line.startsWith("Pss:")) return line.mid(4).trimmed().split(' ').first().toLongLong();
  return 0;
}

qint64 heap_in_use() {  // KiB
  const auto heap = ::mallinfo2();
  return static_cast<qint64>((heap.uordblks + heap.hblkhd) / 1024);
}

/// How many there are of each class.
using Census = std::map<QByteArray, int>;

class DesktopLongUse : public Screens {
 protected:
  void SetUp() override {
    Screens::SetUp();
    signed_in_for = 0;  // tokens are fetched anew all the time
    scriptTerminals();
    scriptSearch();
    signIn(connection);
    window = std::make_unique<desktop::IdeWindow>(&connection, workspaces.front());
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->resize(1280, 820);
    window->show();
    ASSERT_TRUE(loaded());
  }
  void scriptTerminals() {
    runner.on<TerminalList>(
        [this](const Empty&) -> Result<TerminalList::Result> { return TerminalList::Result{running, {}}; });
    runner.on<TerminalOpen>([this](const TerminalOpen::Params&) -> Result<TerminalOpen::Result> {
      auto info = shell;
      info.terminal = "n" + std::to_string(++opened);
      running.push_back(info);
      return TerminalOpen::Result{info};
    });
    runner.on<TerminalClose>([this](const TerminalClose::Params& params) -> Result<Empty> {
      std::erase_if(running, [&](const TerminalInfo& info) { return info.terminal == params.terminal; });
      runner.notify<TerminalClosed>({params.terminal});
      return Empty{};
    });
    runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
      for (const auto& info : running)
        if (info.terminal == params.terminal) {
          written[params.terminal] = {++channel, 0};
          return TerminalAttach::Result{channel, 0, false, {}, 0, 1 << 16, info};
        }
      return failure(ErrorCode::not_found, "It is gone.");
    });
  }
  void scriptSearch() {
    runner.on<SearchText>([this](const SearchText::Params&) -> Result<SearchText::Result> {
      QTimer::singleShot(0, &runner, [this, number = ++searches] {
        SearchFile found{"project/main.py", {}};
        for (std::uint64_t line = 1; line <= 200; ++line)
          found.lines.push_back({line, "    level = tide.at(hour)", 0, {{12, 16, {}}}});
        runner.notify<SearchFound>({number, {found}});
        runner.notify<SearchEnded>({number, 0, 0, false, {}});
      });
      return SearchText::Result{searches};
    });
    runner.on<SearchCancel>([](const SearchCancel::Params&) -> Result<Empty> { return Empty{}; });
  }
  bool soon(const std::function<bool()>& condition) { return wait_for(condition, patience_of_use); }
  bool loaded() {
    return soon([this] {
      auto* tab = window->editors()->current();
      return tab && tab->document()->isLoaded();
    });
  }
  void run(const char* command) {
    auto* action = window->commands()->action(QString::fromLatin1(command));
    ASSERT_NE(action, nullptr) << command;
    action->trigger();
  }
  /// Words that Scintilla offers while somebody types, in a list of its own, may come at any time.
  void closeWordList() {
    if (auto* tab = window->editors()->current())
      tab->editor()->SendScintilla(QsciScintillaBase::SCI_AUTOCCANCEL);
  }
  /// What is deleted later is deleted.
  static void settle() {
    wait_for([] { return false; }, 30);
  }
  int widgets() const { return static_cast<int>(window->findChildren<QWidget*>().size()); }
  int objects() const { return static_cast<int>(window->findChildren<QObject*>().size()); }
  Census census() const {
    Census found;
    for (const auto* object : window->findChildren<QObject*>()) ++found[object->metaObject()->className()];
    return found;
  }

  void editFile(Soak& luck) {
    constexpr std::array names{"project/README.md", "project/main.py", "project/tides.json"};
    auto* tab = window->editors()->openFile(QString::fromLatin1(names[luck.below(3)]));
    ASSERT_TRUE(loaded());
    for (std::size_t key = luck.below(30); key > 0; --key)
      QTest::keyClick(tab->editor(), luck.one_in(3) ? Qt::Key_Backspace : Qt::Key_X);
    tab->findBar()->open(false);
    tab->findBar()->hide();
    tab->editor()->goToLine(static_cast<int>(1 + luck.below(20)));
    ASSERT_TRUE(soon([&] { return !tab->document()->hasUnsent(); }));
  }
  void splitText(Soak& luck) {
    run(luck.one_in(2) ? "split_right" : "split_down");
    ASSERT_TRUE(soon([&] { return window->editors()->groups().size() == 2; }));
    auto* tab = window->editors()->current();
    QTest::keyClick(tab->editor(), Qt::Key_Y);
    QTest::keyClick(tab->editor(), Qt::Key_Backspace);
    ASSERT_TRUE(soon([&] { return !tab->document()->hasUnsent(); }));
    window->editors()->closeTab(tab);
    ASSERT_TRUE(soon([&] { return window->editors()->groups().size() == 1; }));
  }
  void moveIntoWindow() {
    auto* tab = window->editors()->openFile(QStringLiteral("project/style.css"));
    ASSERT_TRUE(loaded());
    window->editors()->moveToNewWindow(tab);
    ASSERT_TRUE(soon([&] { return window->editors()->windows().size() == 1; }));
    window->editors()->windows()[0]->close();
    ASSERT_TRUE(soon([&] { return window->editors()->windows().isEmpty(); }));
  }
  template <class Popup>
  void usePopup(const char* command, const char* letters) {
    run(command);
    QPointer<Popup> popup;
    ASSERT_TRUE(soon([&] {
      for (auto* one : window->findChildren<Popup*>())
        if (one->isVisible()) popup = one;
      return !popup.isNull();
    }));
    QTest::keyClicks(popup->field(), QString::fromLatin1(letters));
    QTest::keyClick(popup->field(), Qt::Key_Escape);
    ASSERT_TRUE(soon([&] { return popup.isNull(); })) << command << " stays";
  }
  void searchFiles() {
    run("show_search");
    const auto before = searches;
    window->search()->fields()->pattern()->setText(QStringLiteral("tide"));
    QTest::keyClick(window->search()->fields()->pattern(), Qt::Key_Return);
    ASSERT_TRUE(soon(
        [&] { return searches > before && window->search()->search()->results()->matchCount() == 200; }));
    window->search()->fields()->pattern()->clear();
    window->showPanel(QStringLiteral("files"));
  }
  void walkPanels() {
    for (const auto* id : {"problems", "output", "ports", "history", "people", "files", "terminals"})
      window->showPanel(QString::fromLatin1(id));
    run("zen_mode");
    run("zen_mode");
  }
  void useTerminal(Soak& luck) {
    auto* panel = window->terminals();
    const auto before = panel->views().size();
    panel->open();
    ASSERT_TRUE(soon([&] {
      return panel->views().size() == before + 1 && panel->current()->terminal() &&
             panel->current()->terminal()->isAttached();
    }));
    auto* terminal = panel->current()->terminal();
    const auto name = running.back().terminal;
    auto& [number, offset] = written[name];
    for (std::size_t lines = luck.below(400); lines > 0; --lines) {
      const std::string line = "\x1b[32mtide\x1b[0m https://example.org/harbour main.py:12: rising\r\n";
      runner.sendFrame({FrameKind::data, false, number, offset}, line);
      offset += line.size();
    }
    panel->current()->resize(panel->current()->width() - 8, panel->current()->height());
    settle();
    window->workspace()->terminals()->close(terminal);
    ASSERT_TRUE(soon([&] { return panel->views().size() == before; }));
    written.erase(name);
  }
  void filterTree(Soak& luck) {
    window->files()->find();
    window->files()->filterField()->setText(luck.one_in(2) ? QStringLiteral("e") : QStringLiteral("sk"));
    settle();
    window->files()->closeFilter();
  }
  void lookAtHistory() {
    auto* history = window->showHistory(QStringLiteral("project/main.py"));
    ASSERT_TRUE(soon([&] { return history->changedFiles()->count() > 0; }));
    history->changedFiles()->setCurrentRow(0);
    history->close();
  }
  void changeTheme() {
    auto* theme = desktop::Theme::instance();
    theme->choose(theme->isDark() ? desktop::ThemeChoice::light : desktop::ThemeChoice::dark);
  }
  static constexpr std::size_t acts = 12;
  void act(std::size_t what, Soak& luck) {
    // A machine too busy to answer in time has lost the connection, and gets it back.
    ASSERT_TRUE(soon([this] { return window->workspace()->connection()->online(); }));
    switch (what) {
      case 0:
      case 1:
        return editFile(luck);
      case 2:
        return filterTree(luck);
      case 3:
        return lookAtHistory();
      case 4:
        return splitText(luck);
      case 5:
        return moveIntoWindow();
      case 6:
        return usePopup<desktop::CommandPalette>("show_commands", "theme");
      case 7:
        return usePopup<desktop::QuickOpen>("quick_open", "main");
      case 8:
        return searchFiles();
      case 9:
        return walkPanels();
      case 10:
        return useTerminal(luck);
      default:
        return changeTheme();
    }
  }
  /// The same state again: one file, nothing typed into the filter.
  void comeToRest() {
    for (auto* tab : window->editors()->tabs())
      if (tab->document()->path() != QStringLiteral("project/main.py")) window->editors()->closeTab(tab);
    window->editors()->openFile(QStringLiteral("project/main.py"));
    ASSERT_TRUE(loaded());
    settle();
    closeWordList();
    asked.clear();
  }

  client::ServerConnection connection{server.origin(), &secrets};
  std::vector<TerminalInfo> running;
  std::map<std::string, std::pair<std::uint32_t, std::uint64_t>> written;  // channel and offset of a terminal
  int opened = 0;
  std::uint32_t channel = 10;
  std::uint64_t searches = 0;
  std::unique_ptr<desktop::IdeWindow> window;
};

TEST_F(DesktopLongUse, LeavesNothingBehind) {
  Soak luck(14, 6'000);
  int most_widgets = 0;
  int most_objects = 0;
  Census usual;
  for (int round = 0; round < warm_up; ++round)
    for (std::size_t what = 0; what < acts; ++what) {
      SCOPED_TRACE("act " + std::to_string(what) + " of the warming up");
      act(what, luck);
      comeToRest();
      if (HasFatalFailure()) return;
      most_widgets = std::max(most_widgets, widgets());
      if (objects() > most_objects) usual = census();
      most_objects = std::max(most_objects, objects());
    }

  qint64 memory = 0;
  qint64 heap = 0;
  for (int round = 0; round < luck.rounds(); ++round) {
    SCOPED_TRACE(luck.where(round));
    luck.tell(round);
    const auto what = luck.below(acts);
    act(what, luck);
    comeToRest();
    if (HasFatalFailure()) return;
    // What an animation or an answer under way still holds goes by itself.
    if (!soon([&] {
          closeWordList();
          return widgets() <= most_widgets && objects() <= most_objects + 20;
        })) {
      for (const auto& [name, count] : census())
        if (count > usual[name])
          std::cout << "  " << name.constData() << ": " << count << " were " << usual[name] << std::endl;
      FAIL() << "after act " << what << " " << widgets() << " widgets (" << most_widgets << ") and "
             << objects() << " objects (" << most_objects << ") are left of closed things";
    }
    if (round == luck.rounds() / 3) {
      memory = own_memory();
      heap = heap_in_use();
    }
  }
  if (luck.rounds() < measured_from) return;
  const auto grown = own_memory() - memory;
  const auto heap_grown = heap_in_use() - heap;
  std::cout << "  of " << memory << " KiB memory grew by " << grown << " KiB, of " << heap
            << " KiB heap in use by " << heap_grown << " KiB" << std::endl;
  EXPECT_LT(grown, most_growth);
  EXPECT_LT(heap_grown, most_heap);
}

}  // namespace
}  // namespace berth::test
