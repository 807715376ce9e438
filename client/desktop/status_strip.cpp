// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/status_strip.hpp"

#include <QDateTime>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>

#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/indentation.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/transfer_strip.hpp"

namespace berth::desktop {
namespace {

constexpr int longest_problem = 260;  // px; all of it is in the tooltip

QPixmap dot(const QColor& color, qreal scale) {
  QPixmap pixmap(QSize(10, 10) * scale);
  pixmap.setDevicePixelRatio(scale);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawEllipse(QRectF(1, 1, 8, 8));
  return pixmap;
}

QString name_of(protocol::Encoding encoding) {
  switch (encoding) {
    case protocol::Encoding::utf8:
      return QStringLiteral("UTF-8");
    case protocol::Encoding::utf8_bom:
      return QStringLiteral("UTF-8 BOM");
    case protocol::Encoding::utf16le:
      return QStringLiteral("UTF-16 LE");
    case protocol::Encoding::utf16be:
      return QStringLiteral("UTF-16 BE");
    case protocol::Encoding::latin1:
      return QStringLiteral("Latin-1");
    case protocol::Encoding::windows1252:
      return QStringLiteral("Windows-1252");
    case protocol::Encoding::unknown:
      return QStringLiteral("unknown encoding");
  }
  return {};
}

}  // namespace

StatusStrip::StatusStrip(client::Workspace* workspace, EditorArea* editors, QWidget* parent)
    : QStatusBar(parent), workspace_(workspace), editors_(editors) {
  setSizeGripEnabled(false);
  const auto label = [this] {
    auto* item = new QLabel;
    item->setTextFormat(Qt::PlainText);
    return item;
  };
  link_icon_ = label();
  link_icon_->setContentsMargins(6, 0, 0, 0);
  link_ = label();
  durability_ = label();
  position_ = label();
  // Wide enough for most places, so that the bar does not move with the cursor.
  position_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("  Ln 0000, Col 000  ")));
  indent_ = label();
  indent_->setObjectName(QStringLiteral("indentation"));
  indent_->setToolTip(tr("What a step of indentation is in this text"));
  language_ = label();
  encoding_ = label();
  addWidget(link_icon_);
  addWidget(link_);
  storage_ = new QPushButton;
  storage_->setProperty("flat", true);
  storage_->hide();  // until told
  addWidget(storage_);
  connect(storage_, &QPushButton::clicked, this, &StatusStrip::historyWanted);
  connect(workspace->storage(), &client::StorageState::changed, this, &StatusStrip::refreshStorage);
  connect(Theme::instance(), &Theme::changed, this, &StatusStrip::refreshStorage);
  addWidget(new TransferStrip(workspace->transfers()));
  addPermanentWidget(durability_);
  addPermanentWidget(position_);
  addPermanentWidget(indent_);
  addPermanentWidget(language_);
  addPermanentWidget(encoding_);
  auto* connection = workspace->connection();
  connect(connection, &client::WorkspaceConnection::stateChanged, this, &StatusStrip::refreshLink);
  connect(connection, &client::WorkspaceConnection::roundTripChanged, this, &StatusStrip::refreshLink);
  connect(editors, &EditorArea::currentChanged, this, &StatusStrip::refreshFile);
  connect(Theme::instance(), &Theme::changed, this, &StatusStrip::refreshLink);
  refreshLink();
  refreshFile();
}

QString StatusStrip::linkText() const { return link_->text(); }

void StatusStrip::refreshLink() {
  const auto* connection = workspace_->connection();
  const auto& colors = Theme::instance()->colors();
  QColor color = colors.faint;
  QString text;
  switch (connection->state()) {
    case client::LinkState::online: {
      color = colors.good;
      const auto trip = connection->roundTrip();
      text = trip < 0    ? tr("Connected")
             : trip < 10 ? tr("Connected · %1 ms").arg(trip, 0, 'f', 1)
                         : tr("Connected · %1 ms").arg(trip, 0, 'f', 0);
      break;
    }
    case client::LinkState::idle:
    case client::LinkState::connecting:
      color = colors.warning;
      text = tr("Connecting…");
      break;
    case client::LinkState::waiting:
      color = colors.bad;
      text = tr("Disconnected");
      break;
    case client::LinkState::stopped:
      text = tr("Stopped");
      break;
    case client::LinkState::ended:
      color = colors.bad;
      text = tr("Not available");
      break;
  }
  link_icon_->setPixmap(dot(color, devicePixelRatioF()));
  link_->setText(text);
  link_->setToolTip(client::plain_tip(connection->online() ? tr("Round-trip time to the workspace")
                                                           : connection->problem()));
}

QString StatusStrip::storageText() const { return storage_->text(); }

void StatusStrip::refreshStorage() {
  const auto& now = workspace_->storage()->now();
  storage_->setVisible(now.has_value());
  if (!now) return;
  const auto when = now->stored > 0
                        ? tr("Last stored at %1.")
                              .arg(QLocale().toString(QDateTime::fromMSecsSinceEpoch(now->stored).time()))
                        : tr("Nothing is stored yet.");
  const auto problem = QString::fromStdString(now->problem);
  switch (now->progress) {
    case protocol::StorageProgress::stored:
      storage_->setText(tr("Stored ✓"));
      break;
    case protocol::StorageProgress::storing:
      storage_->setText(tr("Storing…"));
      break;
    case protocol::StorageProgress::waiting:
      storage_->setText(problem.isEmpty() ? tr("Not stored")
                                          : tr("Not stored (%1)")
                                                .arg(storage_->fontMetrics().elidedText(
                                                    problem, Qt::ElideRight, longest_problem)));
      break;
  }
  const bool waits = now->progress == protocol::StorageProgress::waiting;
  storage_->setIcon(waits ? Theme::icon(QStringLiteral("data-warning"), Theme::Tint::warning) : QIcon());
  storage_->setToolTip(client::plain_tip(problem.isEmpty() ? tr("%1 Click for the history.").arg(when)
                                                           : problem + QLatin1Char(' ') + when));
}

void StatusStrip::refreshFile() {
  auto* tab = editors_->current();
  const bool editable = tab && !tab->isPaged();
  for (auto* item : {durability_, position_, indent_, language_, encoding_}) item->setVisible(editable);
  if (!editable) return;
  durability_->setText(tab->durabilityText());
  position_->setText(tr("Ln %1, Col %2").arg(tab->editor()->cursorLine()).arg(tab->editor()->cursorColumn()));
  const auto* indentation = tab->editor()->findChild<Indentation*>();
  indent_->setText(indentation ? indentation->words() : QString());
  language_->setText(tab->editor()->languageName());
  const auto ending = tab->document()->lineEnding();
  encoding_->setText(name_of(tab->document()->encoding()) +
                     (ending == protocol::LineEnding::crlf    ? QStringLiteral(" · CRLF")
                      : ending == protocol::LineEnding::mixed ? QStringLiteral(" · mixed")
                                                              : QStringLiteral(" · LF")));
}

}  // namespace berth::desktop
