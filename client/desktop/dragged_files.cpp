// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/dragged_files.hpp"

#include <QEventLoop>
#include <QTimer>

#include "client/core/file_tree.hpp"

namespace berth::desktop {
namespace {

// Other programs give up on an answer after about 5 s; windows go on being painted meanwhile.
constexpr int longest_answer = 4'000;  // ms

const auto uri_list = QStringLiteral("text/uri-list");

}  // namespace

DraggedFiles::DraggedFiles(client::LocalCopy* copy, const QByteArray& origin) : copy_(copy) {
  client::carry_paths(copy->paths(), origin, this);
  setText(copy->paths().join(QLatin1Char('\n')));
}

void DraggedFiles::begin() {
  begun_ = true;
  if (copy_) copy_->start();
}

bool DraggedFiles::hasFormat(const QString& format) const {
  return format == uri_list || QMimeData::hasFormat(format);
}

QStringList DraggedFiles::formats() const { return QStringList{uri_list} + QMimeData::formats(); }

QVariant DraggedFiles::retrieveData(const QString& format, QMetaType type) const {
  if (format != uri_list) return QMimeData::retrieveData(format, type);
  if (!begun_ || !copy_) return {};
  const QPointer<const DraggedFiles> self(this);
  if (copy_->state() == client::LocalCopy::State::running && !std::exchange(waited_, true)) {
    // Whoever asks needs the answer now; painting and the network go on.
    QEventLoop loop;
    connect(copy_, &client::LocalCopy::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(longest_answer, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeUserInputEvents);
  }
  if (!self || !copy_) return {};
  if (copy_->state() == client::LocalCopy::State::running) {
    Q_EMIT late();
    return {};
  }
  QVariantList urls;
  const auto files = copy_->urls();
  for (const auto& url : files) urls.append(url);
  return urls;
}

}  // namespace berth::desktop
