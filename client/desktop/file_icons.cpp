// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/file_icons.hpp"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QMimeDatabase>
#include <QPainter>
#include <QPixmapCache>
#include <QSettings>
#include <QWidget>
#include <utility>

#include "client/desktop/theme.hpp"
#include "client/desktop/tinted_icon.hpp"

namespace berth::desktop {
namespace {

/// Which it is, is asked at each painting: who keeps icons needs no new ones when the person chooses others.
class FileIcon : public TintedIcon {
 public:
  FileIcon(const QString& name, const QString& system_name, Theme::Tint tint)
      : TintedIcon(name, tint), plain_(name), system_name_(system_name), tint_role_(tint) {}
  QIconEngine* clone() const override { return new FileIcon(plain_, system_name_, tint_role_); }
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override {
    const auto icons = file_icon_theme();
    if (icons == QLatin1String("none")) return {};
    if (icons == QLatin1String("system"))
      if (const auto icon = QIcon::fromTheme(system_name_); !icon.isNull())
        return icon.pixmap(size, scale, mode, state);
    return TintedIcon::scaledPixmap(size, mode, state, scale);
  }
  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    const auto scale = painter->device() ? painter->device()->devicePixelRatio() : 1;
    const auto pixmap = scaledPixmap(rect.size(), mode, state, scale);
    if (!pixmap.isNull()) painter->drawPixmap(rect.topLeft(), pixmap);
  }
  void virtual_hook(int id, void* data) override {
    if (id == QIconEngine::IsNullHook)
      *static_cast<bool*>(data) = file_icon_theme() == QLatin1String("none");
    else
      TintedIcon::virtual_hook(id, data);
  }

 private:
  QString plain_;
  QString system_name_;
  Theme::Tint tint_role_;
};

QString& chosen_icon_theme() {
  static QString name = QSettings().value(QStringLiteral("workbench/icon_theme")).toString();
  return name;
}

}  // namespace

QString file_icon_theme() { return chosen_icon_theme(); }

void refresh_file_icons() {
  const auto now = QSettings().value(QStringLiteral("workbench/icon_theme")).toString();
  if (std::exchange(chosen_icon_theme(), now) == now) return;
  for (auto* widget : QApplication::allWidgets()) widget->update();
}

QIcon file_icon(const QString& name) {
  static QHash<QString, QIcon> icons;
  const auto suffix = name.contains(QLatin1Char('.')) ? name.section(QLatin1Char('.'), -1).toLower() : name;
  if (const auto known = icons.constFind(suffix); known != icons.constEnd()) return *known;
  // By name alone: the content is elsewhere.
  const auto type = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension);
  auto icon = type.iconName();
  const auto exists = [](const QString& candidate) {
    return QFile::exists(QStringLiteral(":/icons/breeze/mimetypes/16/%1.svg").arg(candidate));
  };
  if (!exists(icon)) icon = type.genericIconName();
  if (!exists(icon)) icon = QStringLiteral("text-x-generic");
  return *icons.insert(suffix, QIcon(new FileIcon(icon, type.iconName(), Theme::Tint::muted)));
}

QIcon folder_icon(bool open) {
  const auto icon = [](const char* name) {
    return QIcon(new FileIcon(QLatin1String(name), QLatin1String(name), Theme::Tint::accent));
  };
  static const auto closed_icon = icon("folder");
  static const auto open_icon = icon("folder-open");
  return open ? open_icon : closed_icon;
}

}  // namespace berth::desktop
