// SPDX-License-Identifier: GPL-3.0-or-later
// A TerminalView over a scripted runner with one terminal.
#pragma once

#include <gtest/gtest.h>
#include <qtermwidget6/qtermwidget.h>

#include <QSettings>
#include <QTest>
#include <QTimer>
#include <memory>
#include <optional>
#include <string>

#include "client/core/workspace_connection.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/terminal_view.hpp"
#include "fake_runner.hpp"
#include "shown_lines.hpp"
#include "wait_for.hpp"

namespace berth::test {

class TerminalViewTest : public testing::Test {
 protected:
  void SetUp() override {
    QSettings().remove(QStringLiteral("terminal"));
    using namespace protocol;
    runner.on<TerminalAttach>([this](const TerminalAttach::Params& params) -> Result<TerminalAttach::Result> {
      granted = sent + params.credit;
      columns = params.columns.value_or(0);
      rows = params.rows.value_or(0);
      ++attached;
      std::optional<std::uint32_t> screen;
      if (!params.output_offset) {
        screen = 100;
        QTimer::singleShot(0, &runner, [this] {
          if (picture_first > 0) {
            runner.sendFrame({FrameKind::data, false, 100, 0},
                             std::string_view(picture).substr(0, picture_first));
          } else {
            finishPicture();
          }
        });
      }
      info.columns = shared.isEmpty() ? columns : shared.width();
      info.rows = shared.isEmpty() ? rows : shared.height();
      return TerminalAttach::Result{1, sent, false, screen, keys.size(), 1 << 16, info};
    });
    runner.on<TerminalDetach>([](const TerminalDetach::Params&) -> Result<Empty> { return Empty{}; });
    runner.on<TerminalResize>([this](const TerminalResize::Params& params) -> Result<Empty> {
      columns = params.columns;
      rows = params.rows;
      return Empty{};
    });
    runner.on<TerminalLead>([this](const TerminalLead::Params& params) -> Result<Empty> {
      led = params.lead;
      return Empty{};
    });
    runner.onFrame = [this](const FrameHeader& header, std::string_view payload) {
      if (header.channel != 1) return;
      if (header.kind == FrameKind::data) keys.append(payload);
      if (header.kind == FrameKind::credit) granted = header.offset;
      if (header.kind == FrameKind::credit && flood) pump();
    };
    connection.open();
    ASSERT_TRUE(wait_for([this] { return connection.online(); }));
    show(true);
    ASSERT_TRUE(wait_for([this] { return terminal->isAttached(); }));
  }
  void show(bool fresh) {
    view.reset();
    terminal = std::make_unique<client::Terminal>(&connection, info);
    view = std::make_unique<desktop::TerminalView>(terminal.get(), fresh);
    view->resize(800, 400);
    view->show();
  }
  bool shows(const char* text) {
    return wait_for([&] { return view->allText().contains(QString::fromUtf8(text)); }) &&
           // QTermWidget looks a moment later where its window is in a screen whose size changed.
           wait_for([&] { return view->surface()->topLine() <= view->surface()->historyLines(); });
  }
  std::string me() { return connection.hello()->session; }
  void tell() { terminal->setInfo(info); }
  /// What is left of the picture.
  void finishPicture() {
    runner.sendFrame({protocol::FrameKind::data, false, 100, picture_first},
                     std::string_view(picture).substr(picture_first));
    runner.sendFrame({protocol::FrameKind::end, false, 100, picture.size()});
  }
  std::string shownText() { return shown_lines(view.get()).join(u'\n').toStdString(); }
  void print(std::string_view text) {
    runner.sendFrame({protocol::FrameKind::data, false, 1, sent}, text);
    sent += text.size();
  }
  void pump() {
    std::string lines;
    for (int i = 0; i < 270; ++i) lines += "a line of output that fills the terminal, again and again\r\n";
    while (sent < granted) print(std::string_view(lines).substr(0, granted - sent));
  }
  QWidget* display() { return view->widget()->focusProxy(); }
  /// Under $BERTH_SCREENSHOTS, where that is set.
  void picture_of(const char* name) {
    if (const auto folder = qEnvironmentVariable("BERTH_SCREENSHOTS"); !folder.isEmpty())
      view->grab().save(QStringLiteral("%1/terminal-%2.png").arg(folder, QLatin1String(name)));
  }

  FakeRunner runner;
  client::WorkspaceConnection connection{runner.dialSource()};
  protocol::TerminalInfo info{"t1", "bash", "", 80, 24, true, {}, {}, 0, {}, {}, {}};
  std::unique_ptr<client::Terminal> terminal;
  std::unique_ptr<desktop::TerminalView> view;
  std::string keys;
  std::uint64_t sent = 0;
  std::uint64_t granted = 0;
  int columns = 0;
  int rows = 0;
  int attached = 0;
  QSize shared;  // empty: as large as this window wants it
  std::optional<bool> led;
  std::string picture = "what was there before\r\n$ ";
  std::size_t picture_first = 0;  // bytes of it that come at once; 0: all
  bool flood = false;
};

}  // namespace berth::test
