// SPDX-License-Identifier: GPL-3.0-or-later
// A page in the system's browser.
#pragma once

#include <QUrl>

namespace berth::cli {

/// By $BROWSER (a program's name, no shell), else xdg-open; false where neither is there. Only http and
/// https.
bool open_page(const QUrl& page);

}  // namespace berth::cli
