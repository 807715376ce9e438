// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/image_view.hpp"

#include <QBuffer>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMovie>
#include <QPainter>
#include <QPointer>
#include <QScrollBar>
#include <QThreadPool>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "client/core/base_name.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr double least_zoom = 0.02;
constexpr double most_zoom = 32;
constexpr double zoom_step = 1.25;
constexpr double sharp_pixels_from = 2;  // zoom at which pixels are seen as such
constexpr int checker = 8;               // px
constexpr int picture_margin = 16;       // px

}  // namespace

class ImageView::Canvas : public QWidget {
 public:
  Canvas() { setAttribute(Qt::WA_OpaquePaintEvent); }
  QImage image;
  QSize shown;  // in px

 protected:
  void paintEvent(QPaintEvent* event) override {
    QPainter painter(this);
    const auto& colors = Theme::instance()->colors();
    painter.fillRect(event->rect(), colors.base);
    if (image.isNull()) return;
    const QRect place(QPoint((width() - shown.width()) / 2, (height() - shown.height()) / 2), shown);
    painter.save();
    painter.setClipRect(place.intersected(event->rect()));
    // What is transparent shows a board.
    for (int y = place.top() / checker * checker; y <= place.bottom(); y += checker)
      for (int x = place.left() / checker * checker; x <= place.right(); x += checker)
        if (event->rect().intersects({x, y, checker, checker}))
          painter.fillRect(x, y, checker, checker,
                           (x / checker + y / checker) % 2 ? colors.base : colors.hover);
    painter.restore();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, shown.width() < image.width() * sharp_pixels_from);
    painter.drawImage(place, image);
  }
};

ImageView::ImageView(QWidget* parent)
    : QWidget(parent), area_(new QScrollArea), canvas_(new Canvas), problem_(new QLabel) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  area_->setFrameShape(QFrame::NoFrame);
  area_->setWidget(canvas_);
  area_->setWidgetResizable(false);
  area_->setAlignment(Qt::AlignCenter);
  area_->setAccessibleName(tr("Picture"));
  area_->viewport()->installEventFilter(this);
  canvas_->installEventFilter(this);
  problem_->setAlignment(Qt::AlignCenter);
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->hide();
  layout->addWidget(problem_, 1);
  layout->addWidget(area_, 1);
  strip_ = makeStrip();
  layout->addWidget(strip_);
  setFocusPolicy(Qt::StrongFocus);
  area_->setFocusProxy(this);
  connect(Theme::instance(), &Theme::changed, canvas_, qOverload<>(&QWidget::update));
}

ImageView::~ImageView() = default;

QWidget* ImageView::makeStrip() {
  auto* strip = new QFrame;
  strip->setObjectName(QStringLiteral("pictureStrip"));
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(12, 4, 8, 4);
  row->setSpacing(4);
  facts_ = new QLabel;
  facts_->setTextFormat(Qt::PlainText);
  facts_->setProperty("role", QStringLiteral("muted"));
  row->addWidget(facts_, 1);
  const auto add = [&](const char* name, const char* icon, const QString& tip, auto run) {
    auto* button = new QToolButton;
    button->setObjectName(QLatin1String(name));
    button->setIcon(Theme::icon(QLatin1String(icon)));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    connect(button, &QToolButton::clicked, this, run);
    row->addWidget(button);
  };
  add("zoomOut", "zoom-out", tr("Smaller (-)"), [this] { setZoom(zoom_ / zoom_step); });
  zoom_label_ = new QLabel;
  zoom_label_->setAlignment(Qt::AlignCenter);
  zoom_label_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral(" 3200 % ")));
  row->addWidget(zoom_label_);
  add("zoomIn", "zoom-in", tr("Larger (+)"), [this] { setZoom(zoom_ * zoom_step); });
  add("zoomOriginal", "zoom-original", tr("As large as it is (1)"), [this] { setZoom(1); });
  add("zoomFit", "zoom-fit-best", tr("As large as there is room (0)"), [this] { fit(); });
  add("readPictureAgain", "view-refresh", tr("Read it again (F5)"), [this] { Q_EMIT readAgainWanted(); });
  return strip;
}

void ImageView::setPicture(const QByteArray& bytes, const QString& name) {
  movie_.reset();  // it reads from these
  bytes_ = bytes;
  name_ = client::base_name(name);
  QThreadPool::globalInstance()->start([bytes, name = name_, round = ++round_,
                                        view = QPointer<ImageView>(this),
                                        application = QCoreApplication::instance()] {
    auto picture = decode_picture(bytes, name);
    // The pointer to the view is looked at on the GUI thread only, where it may die.
    QMetaObject::invokeMethod(application, [view, round, picture = std::move(picture)] {
      if (view && view->round_ == round) view->take(picture);
    });
  });
}

void ImageView::setProblem(const QString& problem) {
  ++round_;
  movie_.reset();
  problem_->setText(problem);
  problem_->setVisible(!problem.isEmpty());
  area_->setVisible(problem.isEmpty());
  Q_EMIT shown();
}

void ImageView::take(const DecodedPicture& picture) {
  if (!picture.problem.isEmpty()) return setProblem(picture.problem);
  setProblem({});
  svg_ = picture.svg;
  size_ = picture.image.size();
  canvas_->image = picture.image;
  movie_.reset();
  if (picture.moves) {
    moving_ = std::make_unique<QBuffer>(&bytes_);
    movie_ = std::make_unique<QMovie>(moving_.get());
    movie_->setCacheMode(QMovie::CacheNone);
    connect(movie_.get(), &QMovie::frameChanged, canvas_, [this] {
      canvas_->image = movie_->currentImage();
      canvas_->update();
    });
    movie_->start();
  }
  facts_->setText(
      QStringLiteral("%1 × %2 · %3 · %4")
          .arg(size_.width())
          .arg(size_.height())
          .arg(QString::fromLatin1(picture.format).toUpper(), QLocale().formattedDataSize(bytes_.size(), 1)));
  setAccessibleName(tr("Picture %1, %2 by %3").arg(name_).arg(size_.width()).arg(size_.height()));
  setAccessibleDescription(facts_->text());
  fits_ ? fit() : arrange();
  Q_EMIT shown();
}

QString ImageView::facts() const { return facts_->text(); }

double ImageView::zoom() const { return zoom_; }

QSize ImageView::roomy() const {
  return area_->viewport()->size() - QSize(2 * picture_margin, 2 * picture_margin);
}

void ImageView::fit() {
  fits_ = true;
  if (size_.isEmpty()) return;
  const auto room = roomy();
  zoom_ = std::clamp(
      std::min({1.0, double(room.width()) / size_.width(), double(room.height()) / size_.height()}),
      least_zoom, most_zoom);
  arrange();
}

void ImageView::setZoom(double zoom) {
  if (size_.isEmpty()) return;
  fits_ = false;
  // The middle of what is seen stays there.
  auto* across = area_->horizontalScrollBar();
  auto* down = area_->verticalScrollBar();
  const auto grown = std::clamp(zoom, least_zoom, most_zoom) / zoom_;
  const auto middle =
      QPointF(across->value() + across->pageStep() / 2.0, down->value() + down->pageStep() / 2.0);
  zoom_ = std::clamp(zoom, least_zoom, most_zoom);
  arrange();
  across->setValue(static_cast<int>(middle.x() * grown - across->pageStep() / 2.0));
  down->setValue(static_cast<int>(middle.y() * grown - down->pageStep() / 2.0));
}

void ImageView::arrange() {
  canvas_->shown = (QSizeF(size_) * zoom_).toSize().expandedTo({1, 1});
  canvas_->resize(canvas_->shown.expandedTo(area_->viewport()->size()));
  canvas_->update();
  zoom_label_->setText(tr("%1 %").arg(std::lround(zoom_ * 100)));
  if (!svg_.isEmpty()) render();
}

/// A drawing is sharp at every size; it is drawn on a thread of the pool.
void ImageView::render() {
  const auto wanted = (QSizeF(canvas_->shown) * devicePixelRatioF()).toSize();
  if (canvas_->image.size() == wanted) return;
  QThreadPool::globalInstance()->start([svg = svg_, wanted, round = round_, view = QPointer<ImageView>(this),
                                        application = QCoreApplication::instance()] {
    auto image = render_svg(svg, wanted);
    QMetaObject::invokeMethod(application, [view, round, wanted, image = std::move(image)] {
      if (!view || view->round_ != round ||
          (QSizeF(view->canvas_->shown) * view->devicePixelRatioF()).toSize() != wanted)
        return;
      view->canvas_->image = image;
      view->canvas_->update();
    });
  });
}

bool ImageView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == area_->viewport() && event->type() == QEvent::Resize) {
    fits_ ? fit() : arrange();
  } else if (event->type() == QEvent::Wheel) {
    auto* wheel = static_cast<QWheelEvent*>(event);
    if (wheel->modifiers() & Qt::ControlModifier) {
      if (wheel->angleDelta().y() != 0) setZoom(zoom_ * std::pow(zoom_step, wheel->angleDelta().y() / 120.0));
      return true;
    }
  } else if (watched == canvas_ && event->type() == QEvent::MouseButtonPress) {
    grabbed_ = static_cast<QMouseEvent*>(event)->globalPosition().toPoint();
    setFocus();
  } else if (watched == canvas_ && event->type() == QEvent::MouseMove) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    if (mouse->buttons() & Qt::LeftButton) {
      const auto moved = mouse->globalPosition().toPoint() - grabbed_;
      grabbed_ += moved;
      area_->horizontalScrollBar()->setValue(area_->horizontalScrollBar()->value() - moved.x());
      area_->verticalScrollBar()->setValue(area_->verticalScrollBar()->value() - moved.y());
    }
  }
  return QWidget::eventFilter(watched, event);
}

void ImageView::keyPressEvent(QKeyEvent* event) {
  const auto scroll = [](QScrollBar* bar, int by) { bar->setValue(bar->value() + by * bar->singleStep()); };
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return setZoom(zoom_ * zoom_step);
    case Qt::Key_Minus:
      return setZoom(zoom_ / zoom_step);
    case Qt::Key_1:
      return setZoom(1);
    case Qt::Key_0:
      return fit();
    case Qt::Key_F5:
      return Q_EMIT readAgainWanted();
    case Qt::Key_Left:
    case Qt::Key_Right:
      return scroll(area_->horizontalScrollBar(), event->key() == Qt::Key_Left ? -2 : 2);
    case Qt::Key_Up:
    case Qt::Key_Down:
      return scroll(area_->verticalScrollBar(), event->key() == Qt::Key_Up ? -2 : 2);
    default:
      return QWidget::keyPressEvent(event);
  }
}

}  // namespace berth::desktop
