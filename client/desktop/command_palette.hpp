// SPDX-License-Identifier: GPL-3.0-or-later
// Every command by a few letters of its name: the window's, the text's, and whatever else is a named action
// of the window. Used last comes first; what can't be done now says why.
#pragma once

#include <functional>
#include <vector>

#include "client/desktop/list_popup.hpp"

namespace berth::desktop {

class EditorTab;
class WindowKeys;

struct PaletteCommand {
  QString id;  // what it is remembered by
  QString title;
  QString keys;     // as a person reads them; "" for none
  QString refusal;  // why it can't be done now; "" when it can
  std::function<void()> run;
};

/// All that can be done in this window now, in the order of their titles; `tab` is the text that shows, or
/// nullptr.
std::vector<PaletteCommand> palette_commands(WindowKeys* keys, EditorTab* tab, QWidget* window);

class CommandPalette : public ListPopup {
  Q_OBJECT

 public:
  /// Shown at the top of `window`; deletes itself when it is left.
  CommandPalette(std::vector<PaletteCommand> commands, QWidget* window);

  /// Ids of what was used last, the newest first.
  static QStringList used();

 private:
  void fill() override;
  void choose() override;

  std::vector<PaletteCommand> commands_;
};

}  // namespace berth::desktop
