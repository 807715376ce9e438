// SPDX-License-Identifier: GPL-3.0-or-later
// What happened in the window, by source: for whoever wonders why something did not work.
#pragma once

#include "client/core/output_log.hpp"
#include "client/desktop/panel.hpp"

class QComboBox;
class QPlainTextEdit;

namespace berth::desktop {

class OutputPanel : public Panel {
  Q_OBJECT

 public:
  explicit OutputPanel(client::OutputLog* log, QWidget* parent = nullptr);
  QPlainTextEdit* text() { return text_; }
  QComboBox* source() { return source_; }

 private:
  void append(const client::OutputLog::Entry& entry);
  void refresh();

  client::OutputLog* log_;
  QPlainTextEdit* text_;
  QComboBox* source_;
};

}  // namespace berth::desktop
