// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the tree with a drag: paths for this workspace's own windows, files for other programs. Those
// are fetched once the pointer has left this program's windows, so that a drag within them fetches nothing.
#pragma once

#include <QMimeData>
#include <QPointer>

#include "client/core/local_copy.hpp"

namespace berth::desktop {

class DraggedFiles : public QMimeData {
  Q_OBJECT

 public:
  /// `copy` fetches `paths`, or has done so already, and outlives this.
  DraggedFiles(client::LocalCopy* copy, const QByteArray& origin);

  client::LocalCopy* copy() const { return copy_; }
  /// The pointer is over another program.
  void begin();

  bool hasFormat(const QString& format) const override;
  QStringList formats() const override;

 Q_SIGNALS:
  /// A program asked for files that are still on their way; it got none.
  void late() const;

 protected:
  QVariant retrieveData(const QString& format, QMetaType type) const override;

 private:
  QPointer<client::LocalCopy> copy_;
  bool begun_ = false;
  mutable bool waited_ = false;
};

}  // namespace berth::desktop
