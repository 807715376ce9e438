// SPDX-License-Identifier: GPL-3.0-or-later
// Where on this machine something is written to.
#pragma once

#include <QString>
#include <functional>

class QObject;
class QWidget;

namespace berth::desktop {

/// Asks in a window of its own, without waiting; begins in the folder of downloads with `name`. `use` gets
/// the file that was chosen, unless `context` is gone by then.
void ask_where_to_save(QWidget* parent, const QString& name, QObject* context,
                       std::function<void(const QString& file)> use);

/// The same for an archive, `name` without an ending: the person also chooses the format (zip, tar.gz,
/// tar.zst), which `use` gets too.
void ask_where_to_save_archive(QWidget* parent, const QString& name, QObject* context,
                               std::function<void(const QString& file, const QString& format)> use);

}  // namespace berth::desktop
