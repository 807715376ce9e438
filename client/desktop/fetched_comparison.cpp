// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/fetched_comparison.hpp"

#include <QDateTime>
#include <QLocale>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include "client/core/base_name.hpp"
#include "client/core/history.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/file_comparison.hpp"
#include "client/desktop/rest_error.hpp"
#include "client/desktop/text_comparison.hpp"

namespace berth::desktop {
namespace {

constexpr int comparison_patience = 45'000;  // ms

QString url_part(const QString& text) { return QString::fromLatin1(QUrl::toPercentEncoding(text)); }

}  // namespace

FetchedComparison::FetchedComparison(client::Workspace* workspace, Side left, Side right, QWidget* parent)
    : QObject(parent),
      workspace_(workspace),
      window_(parent),
      left_(std::move(left)),
      right_(std::move(right)) {
  // Later, so that whoever made this hears what comes of it.
  QTimer::singleShot(0, this, [this] {
    fetch(left_, &FetchedComparison::left_text_);
    fetch(right_, &FetchedComparison::right_text_);
  });
}

void FetchedComparison::fetch(const Side& side, Text text) {
  if (!side.version)
    for (auto* document : workspace_->documents()->all())
      if (document->path() == side.path && document->isLoaded())
        if (const auto typed = document->text()) return fetched(text, *typed);
  const auto where =
      side.version
          ? QStringLiteral("versions/%1/file").arg(url_part(QString::fromStdString(side.version->id)))
          : QStringLiteral("file");
  const auto path = QStringLiteral("/api/v1/workspaces/%1/%2?path=%3")
                        .arg(url_part(workspace_->id()), where, url_part(side.path));
  workspace_->server()->send(
      {"GET", path, {}, comparison_patience, static_cast<qint64>(client::History::largest_compared)}, this,
      [this, side, text](const Result<QByteArray>& bytes) {
        if (bytes) {
          // As an open text has it: decoded, and its lines end with \n.
          if (auto decoded = text_of_file(*bytes, protocol::Encoding::unknown))
            return fetched(text, std::move(*decoded));
          return fail(tr("%1 is no text.").arg(client::base_name(side.path)));
        }
        if (side.version && bytes.error().code == ErrorCode::not_found) return fetched(text, {});
        if (bytes.error().code == ErrorCode::too_large)
          return fail(tr("%1 is too large to compare here: up to %2 are compared.")
                          .arg(client::base_name(side.path),
                               QLocale().formattedDataSize(
                                   static_cast<qint64>(client::History::largest_compared), 0)));
        fail(tr("%1: %2").arg(client::base_name(side.path), sentence(bytes.error())));
      });
}

void FetchedComparison::fetched(Text side, std::string text) {
  if (over_) return;
  this->*side = std::move(text);
  if (!left_text_ || !right_text_) return;
  over_ = true;
  const auto name = client::base_name(right_.path);
  const auto title = left_.path == right_.path ? tr("%1: %2 and %3").arg(name, nameOf(left_), nameOf(right_))
                                               : tr("%1 and %2").arg(client::base_name(left_.path), name);
  auto* window = new TextComparison(title, {nameOf(left_), std::move(*left_text_)},
                                    {nameOf(right_), std::move(*right_text_)}, name, window_);
  window->show();
  Q_EMIT shown(window);
  deleteLater();
}

void FetchedComparison::fail(const QString& sentence) {
  if (std::exchange(over_, true)) return;
  Q_EMIT failed(sentence);
  deleteLater();
}

QString FetchedComparison::nameOf(const Side& side) const {
  if (!side.version) return left_.path == right_.path ? tr("Now") : side.path;
  if (!side.version->name.empty()) return QString::fromStdString(side.version->name);
  const auto when = QDateTime::fromMSecsSinceEpoch(side.version->created);
  return QLocale().toString(when, QLocale::ShortFormat);
}

}  // namespace berth::desktop
