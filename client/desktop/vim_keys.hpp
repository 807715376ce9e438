// SPDX-License-Identifier: GPL-3.0-or-later
// The language of Vim's normal and visual modes: what the keys typed so far say. No editor and no state.
#pragma once

#include <QString>

namespace berth::desktop {

struct VimCommand {
  enum class Kind { move, operate, act };
  Kind kind = Kind::move;
  int count = 0;      // 0: none was typed
  QChar name = u'"';  // the register; '"' is the unnamed one
  QString verb;       // of an operator ("d", "gu") or an action ("p", "gJ")
  QString target;     // of a motion ("w", "gg") or a text object ("iw"); "line" for dd, yy, …
  QChar argument;     // of f, t, r, m, q, @, `, …
};

struct VimKeys {
  enum class State { unfinished, whole, wrong };
  State state = State::wrong;
  VimCommand command;
};

/// `visual`: operators have the selection, so they are whole without a motion.
VimKeys parse_vim_keys(const QString& keys, bool visual);

}  // namespace berth::desktop
