// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/start_words.hpp"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>

namespace berth::desktop {
namespace {

using protocol::rest::StartPhase;

struct StartWords {
  Q_DECLARE_TR_FUNCTIONS(StartWords)

 public:
  static QString nameOf(StartPhase phase) {
    switch (phase) {
      case StartPhase::place:
        return tr("Place");
      case StartPhase::image:
        return tr("Image");
      case StartPhase::files:
        return tr("Files");
      case StartPhase::runner:
        return tr("Runner");
    }
    return {};
  }
  static QString timeOf(std::int64_t milliseconds) {
    const auto seconds = static_cast<double>(std::max<std::int64_t>(0, milliseconds)) / 1000;
    return tr("%1 s").arg(QLocale().toString(seconds, 'f', seconds < 10 ? 1 : 0));
  }
};

}  // namespace

QString start_words(const protocol::rest::Workspace& workspace) {
  QStringList words;
  if (workspace.start_steps)
    for (const auto& [phase, took, done] : *workspace.start_steps)
      words.append(StartWords::nameOf(phase) + QLatin1Char(' ') + StartWords::timeOf(took) +
                   (done ? QString() : QStringLiteral("…")));
  return words.join(QStringLiteral(" · "));
}

}  // namespace berth::desktop
