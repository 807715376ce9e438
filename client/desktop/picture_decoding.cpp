// SPDX-License-Identifier: GPL-3.0-or-later
// What an ImageView makes of bytes that come from anybody.
#include <QBuffer>
#include <QFileInfo>
#include <QImageReader>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>

#include "client/desktop/image_view.hpp"

namespace berth::desktop {
namespace {

constexpr int largest_decoded = 512;        // MiB of pixels
constexpr qsizetype largest_svg = 8 << 20;  // bytes
constexpr int widest_picture = 8'192;       // px that an SVG is drawn in

/// What it would fetch from somewhere else is left out: Qt reads files of this machine for it.
QByteArray without_references(const QByteArray& svg) {
  auto text = QString::fromUtf8(svg);
  static const QRegularExpression reference(
      QStringLiteral("\\bhref\\s*=\\s*(?:\"(?!#|data:image/)[^\"]*\"|'(?!#|data:image/)[^']*')"),
      QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression fetched(
      QStringLiteral("@import[^;]*;|<!DOCTYPE[^>\\[]*(?:\\[[^\\]]*\\])?\\s*>"),
      QRegularExpression::CaseInsensitiveOption);
  text.replace(reference, QStringLiteral("href=\"#\""));
  text.remove(fetched);
  return text.toUtf8();
}

DecodedPicture decode_svg(const QByteArray& bytes) {
  if (bytes.size() > largest_svg)
    return {{}, {}, {}, false, ImageView::tr("This drawing is too large to show.")};
  DecodedPicture picture;
  picture.svg = without_references(bytes);
  const QSvgRenderer renderer(picture.svg);
  const auto size = renderer.defaultSize();
  if (!renderer.isValid() || size.isEmpty())
    return {{}, {}, {}, false, ImageView::tr("This is no drawing that can be shown.")};
  picture.format = "svg";
  picture.image = render_svg(picture.svg, size);
  return picture;
}

}  // namespace

bool is_picture_name(const QString& name) {
  const auto suffix = QFileInfo(name).suffix().toLower().toLatin1();
  static const auto readable = QImageReader::supportedImageFormats();
  return suffix == "svg" || suffix == "svgz" || readable.contains(suffix);
}

QImage render_svg(const QByteArray& svg, QSize size) {
  QSvgRenderer renderer(svg);
  renderer.setAspectRatioMode(Qt::KeepAspectRatio);
  if (size.width() > widest_picture || size.height() > widest_picture)
    size.scale(widest_picture, widest_picture, Qt::KeepAspectRatio);
  QImage image(size.expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  renderer.render(&painter);
  return image;
}

DecodedPicture decode_picture(const QByteArray& bytes, const QString& name) {
  if (QFileInfo(name).suffix().startsWith(QLatin1String("svg"), Qt::CaseInsensitive))
    return decode_svg(bytes);
  QBuffer buffer;
  buffer.setData(bytes);
  QImageReader reader(&buffer);
  QImageReader::setAllocationLimit(largest_decoded);
  reader.setAutoTransform(true);
  reader.setDecideFormatFromContent(true);
  // An SVG under another name would come by Qt's own plugin, with all that it fetches.
  if (reader.format().startsWith("svg")) return decode_svg(bytes);
  DecodedPicture picture;
  picture.format = reader.format();
  picture.moves = reader.supportsAnimation() && reader.imageCount() > 1;
  picture.image = reader.read();
  if (picture.image.isNull())
    picture.problem = ImageView::tr("This picture can't be shown: %1.").arg(reader.errorString());
  return picture;
}

}  // namespace berth::desktop
