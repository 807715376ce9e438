// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/status_strip.hpp"

#include <QDateTime>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QPushButton>

#include "client/core/plain_tip.hpp"
#include "client/core/workspace.hpp"
#include "client/desktop/code_editor.hpp"
#include "client/desktop/editor_area.hpp"
#include "client/desktop/editor_tab.hpp"
#include "client/desktop/indentation.hpp"
#include "client/desktop/symbol_popup.hpp"
#include "client/desktop/text_choices.hpp"
#include "client/desktop/theme.hpp"
#include "client/desktop/transfer_strip.hpp"
#include "client/desktop/vim_mode.hpp"

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
  makeChoices();
  // Wide enough for most places, so that the bar does not move with the cursor.
  position_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("  Ln 0000, Col 000  ")));
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
  auto* mode = new QLabel;  // of the key map: "NORMAL"
  mode->setObjectName(QStringLiteral("keyMode"));
  mode->setTextFormat(Qt::PlainText);
  addPermanentWidget(mode);
  addPermanentWidget(durability_);
  addPermanentWidget(position_);
  addPermanentWidget(indent_);
  addPermanentWidget(language_);
  addPermanentWidget(encoding_);
  addPermanentWidget(line_ending_);
  auto* connection = workspace->connection();
  connect(connection, &client::WorkspaceConnection::stateChanged, this, &StatusStrip::refreshLink);
  connect(connection, &client::WorkspaceConnection::roundTripChanged, this, &StatusStrip::refreshLink);
  connect(editors, &EditorArea::currentChanged, this, &StatusStrip::refreshFile);
  connect(Theme::instance(), &Theme::changed, this, &StatusStrip::refreshLink);
  refreshLink();
  refreshFile();
}

QPushButton* StatusStrip::addChoice(const char* name, const QString& tip) {
  auto* button = new QPushButton;
  button->setObjectName(QLatin1String(name));
  button->setProperty("flat", true);
  button->setToolTip(tip);
  return button;
}

void StatusStrip::makeChoices() {
  position_ = addChoice("position", tr("Go to a line"));
  indent_ = addChoice("indentation", tr("What a step of indentation is in this text"));
  language_ = addChoice("language", tr("Language of this text"));
  encoding_ = addChoice("encoding", tr("How the file is read and written"));
  line_ending_ = addChoice("lineEnding", tr("What lines end with in the file"));
  connect(position_, &QPushButton::clicked, this, [this] {
    if (auto* tab = editors_->current()) new SymbolPopup(tab->editor(), QStringLiteral(":"), window());
  });
  connect(language_, &QPushButton::clicked, this, [this] {
    if (auto* tab = editors_->current()) new LanguagePopup(tab->editor(), window());
  });
  const auto menu = [this](QPushButton* button, auto fill) {
    auto* choices = new QMenu(button);
    connect(choices, &QMenu::aboutToShow, this, [this, choices, fill] {
      if (auto* tab = editors_->current()) fill(choices, tab);
    });
    // Not the button's own menu: that would draw an arrow.
    connect(button, &QPushButton::clicked, choices, [button, choices] {
      Q_EMIT choices->aboutToShow();  // its size is that of what it shows
      choices->popup(button->mapToGlobal(QPoint(0, -choices->sizeHint().height())));
    });
  };
  menu(indent_, [](QMenu* choices, EditorTab* tab) { fill_indentation_menu(choices, tab->editor()); });
  menu(encoding_, [](QMenu* choices, EditorTab* tab) { fill_encoding_menu(choices, tab->document()); });
  menu(line_ending_, [](QMenu* choices, EditorTab* tab) { fill_line_ending_menu(choices, tab->document()); });
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
  for (QWidget* item :
       std::initializer_list<QWidget*>{durability_, position_, indent_, language_, encoding_, line_ending_})
    item->setVisible(editable);
  if (!editable) return;
  durability_->setText(tab->durabilityText());
  findChild<QLabel*>(QStringLiteral("keyMode"))->setText(key_map_words(tab->editor()));
  position_->setText(tr("Ln %1, Col %2").arg(tab->editor()->cursorLine()).arg(tab->editor()->cursorColumn()));
  const auto* indentation = tab->editor()->findChild<Indentation*>();
  indent_->setText(indentation ? indentation->words() : QString());
  language_->setText(tab->editor()->languageName());
  encoding_->setText(encoding_name(tab->document()->encoding()));
  line_ending_->setText(line_ending_name(tab->document()->lineEnding()));
  for (auto* button : {position_, indent_, language_, encoding_, line_ending_})
    button->setAccessibleName(QStringLiteral("%1: %2").arg(button->toolTip(), button->text()));
}

}  // namespace berth::desktop
