// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet: shapes and spacing that Fusion does not give. Colours come from Theme only.
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

// $name is replaced by a colour.
const auto sheet = QStringLiteral(R"(
QMainWindow, QDialog, #startWindow { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 7px; }

QToolBar { background: $panel; border: none; border-bottom: 1px solid $border; padding: 5px 8px; spacing: 4px; }
QToolBar::separator { background: $border; width: 1px; margin: 5px 6px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px 6px; color: $text; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $accent_soft; }
QToolButton:disabled { color: $faint; }
QToolButton:focus { border-color: $accent; }
QToolButton[popupMode="2"] { padding-right: 16px; }
QToolButton::menu-indicator { subcontrol-position: right center; right: 4px; width: 8px; }

QPushButton { background: $raised; border: 1px solid $border; border-radius: 7px; padding: 6px 14px; color: $text; min-height: 18px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:disabled { color: $faint; background: $panel; }
QPushButton:focus { border-color: $accent; }
QPushButton[primary="true"] { background: $accent; border-color: $accent; color: $accent_text; font-weight: 600; }
QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:focus { border-color: $text; }
QPushButton[primary="true"]:disabled { background: $hover; border-color: $hover; color: $faint; }
QPushButton[danger="true"] { color: $bad; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: $hover; }
QPushButton[flat="true"]:focus { border-color: $accent; }
QPushButton[link="true"] { background: transparent; border: none; color: $accent; padding: 2px 0; text-align: left; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { text-decoration: underline; }
#runButton { padding: 4px 12px; border-radius: 6px; font-weight: 600; }
#runButton[running="false"] { background: $accent; color: $accent_text; }
#runButton[running="false"]:hover { background: $accent_hover; }
#runButton[running="true"] { background: $bad_soft; color: $bad; }
#runButton:disabled { background: $hover; color: $faint; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QLineEdit { background: $base; border: 1px solid $border; border-radius: 7px; padding: 6px 9px; color: $text; selection-background-color: $selection; selection-color: $text; min-height: 18px; }
QLineEdit:focus { border-color: $accent; }
QLineEdit[invalid="true"] { border-color: $bad; }
QLineEdit:disabled { color: $faint; background: $panel; }

QSpinBox[plain="true"] { background: $base; border: 1px solid $border; border-radius: 7px; padding: 5px 9px; color: $text; min-height: 18px; }
QSpinBox[plain="true"]:focus { border-color: $accent; }

QComboBox { background: $raised; border: 1px solid $border; border-radius: 7px; padding: 6px 10px; color: $text; min-height: 18px; }
QComboBox:hover { background: $hover; }
QComboBox:focus, QComboBox:on { border-color: $accent; }
QComboBox:disabled { color: $faint; background: $panel; }
QComboBox::drop-down { border: none; background: transparent; width: 24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: 4px; outline: none; selection-background-color: $accent_soft; selection-color: $text; }

QMenu { background: $raised; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 6px 22px 6px 10px; border-radius: 5px; margin: 0 1px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 5px 6px; }
QMenu::icon { padding-left: 8px; }

QTreeView, QListView, QTableView { background: $panel; border: none; outline: none; selection-background-color: $accent_soft; selection-color: $text; }
QTreeView::item, QTableView::item { padding: 3px 2px; border: none; }
QTreeView::item:hover, QTableView::item:hover { background: $hover; }
QTreeView::item:selected, QTableView::item:selected { background: $accent_soft; color: $text; }
QHeaderView::section { background: $panel; border: none; border-bottom: 1px solid $border; color: $muted; padding: 5px 8px; }
QTableView { gridline-color: transparent; }

QTabWidget::pane { border: none; }
QTabBar { background: $panel; qproperty-drawBase: 0; }
QTabBar::tab { background: $panel; color: $muted; border: none; border-right: 1px solid $border; border-bottom: 1px solid $border; padding: 7px 12px; }
QTabBar::tab:hover { background: $hover; color: $text; }
QTabBar::tab:selected { background: $base; color: $text; border-bottom: 2px solid $accent; padding-bottom: 6px; }
#tabCorner { background: $panel; border-bottom: 1px solid $border; }
QTabBar::close-button { subcontrol-position: right; }
QTabBar QToolButton { background: $panel; border: none; border-radius: 0; }

QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QScrollArea { background: transparent; border: none; }

QStatusBar { background: $panel; border-top: 1px solid $border; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 1px 6px; }
QStatusBar QPushButton { padding: 1px 8px; min-height: 14px; border-radius: 5px; }
QProgressBar { background: $hover; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[room="scarce"]::chunk { background: $warning; }
QProgressBar[room="none"]::chunk { background: $bad; }
QCheckBox { spacing: 7px; }

QLabel[role="title"] { font-size: 17pt; font-weight: 600; }
QLabel[role="heading"] { font-size: 11.5pt; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="error"] { color: $bad; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="panelTitle"] { color: $muted; font-size: 8.5pt; font-weight: 600; letter-spacing: 0.6px; }

#panelHeader { background: $panel; border-bottom: 1px solid $border; }
#panelHeader QToolButton { padding: 3px; border-radius: 5px; }
#panelBody { background: $panel; }
#panelChoice { background: transparent; border: none; border-bottom: 2px solid transparent; border-radius: 0; padding: 8px 5px 6px 5px; color: $muted; font-size: 8.5pt; font-weight: 600; }
#panelChoice:hover { color: $text; }
#panelChoice:checked { color: $text; border-bottom-color: $accent; background: transparent; }
#panelChoice:focus { background: $hover; }
#activityBar { background: $panel; border: none; border-right: 1px solid $border; padding: 6px 4px; spacing: 6px; }
#activityBar QToolButton { padding: 7px; border: none; border-left: 2px solid transparent; border-radius: 0; }
#activityBar QToolButton:checked { background: transparent; border-left-color: $accent; }
#activityBar QToolButton:focus { background: $hover; }
#menus { background: transparent; border: none; }
#menus::item { background: transparent; color: $text; padding: 5px 8px; border-radius: 6px; }
#menus::item:selected, #menus::item:pressed { background: $hover; }
#editorGroups::handle { background: $border; }
#groupTabs[passive="true"]::tab:selected { border-bottom-color: $border; color: $muted; }
#card { background: $raised; border: 1px solid $border; border-radius: 12px; }
#sidePane { background: $panel; border-right: 1px solid $border; }
#workspaceRow, #serverRow, #templateRow { background: $raised; border: 1px solid $border; border-radius: 10px; }
#workspaceRow:hover, #serverRow:hover, #templateRow:hover, #workspaceRow:focus, #serverRow:focus, #templateRow:focus { border-color: $accent; }
#templateRow[chosen="true"] { border: 2px solid $accent; background: $accent_soft; }
#quickOpen { background: $raised; border: 1px solid $border; }
#quickOpen QListView { background: $raised; }
#quickOpen QListView::item { padding: 5px 4px; border-radius: 5px; }
#quickOpen QListView::item:selected { background: $accent_soft; color: $text; }
#source { background: $raised; border: 1px solid $border; border-radius: 7px; padding: 5px 9px; }
#source:hover { background: $hover; }
#source:checked { background: $accent_soft; border-color: $accent; }
#source:disabled { color: $faint; }
#personRow { border: none; border-bottom: 1px solid $border; }
#rule { background: $border; border: none; }
#transfers { background: $panel; border-top: 1px solid $border; }
#welcome { background: $base; }
#editorHead { background: $base; border-bottom: 1px solid $border; }
#editorHead QLabel { color: $muted; }
#historyHead { background: $base; border-bottom: 1px solid $border; }
#historyWindow QListView::item, QListView#versions::item { padding: 5px 9px; border: none; }
#historyWindow QListView::item:selected, QListView#versions::item:selected { background: $accent_soft; color: $text; }
#historyWindow QSplitter::handle { background: $border; }
#findBar { background: $panel; border-bottom: 1px solid $border; }
#findBar QLineEdit { padding: 3px 7px; border-radius: 5px; }
#findBar QToolButton { padding: 3px 5px; }

#messageBar { border: none; border-bottom: 1px solid $border; }
#messageBar[kind="info"] { background: $accent_soft; }
#messageBar[kind="warning"] { background: $warning_soft; }
#messageBar[kind="error"] { background: $bad_soft; }
#messageBar[kind="good"] { background: $good_soft; }
#messageBar QPushButton { padding: 3px 11px; min-height: 16px; }

#pill { border-radius: 9px; padding: 2px 9px; font-size: 8.5pt; font-weight: 600; }
#pill[kind="good"] { background: $good_soft; color: $good; }
#pill[kind="warning"] { background: $warning_soft; color: $warning; }
#pill[kind="bad"] { background: $bad_soft; color: $bad; }
#pill[kind="quiet"] { background: $hover; color: $muted; }
)");

// Of high contrast: what is chosen or has the keys has a line around it, and what is a control looks like
// one.
const auto contrast_sheet = QStringLiteral(R"(
QToolButton:focus, QPushButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus { border: 2px solid $accent; }
QToolButton:checked, QToolButton:pressed { border: 1px solid $accent; }
QToolButton:hover { border: 1px dashed $accent; }
QToolButton::menu-button { border: none; background: transparent; width: 14px; }
QPushButton[flat="true"] { border: 1px solid $border; }
QPushButton[link="true"] { text-decoration: underline; }
QMenu::item:selected { border: 1px solid $accent; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { border: 1px solid $accent; }
QTreeView::item:hover, QListView::item:hover { border: 1px dashed $border; }
QComboBox QAbstractItemView::item:selected { border: 1px solid $accent; }
QTabBar::tab:selected { border: 1px solid $accent; border-bottom: 3px solid $accent; font-weight: 600; }
QScrollBar::handle { background: $border; }
QCheckBox:focus { border: 1px solid $accent; border-radius: 3px; }
QProgressBar { border: 1px solid $border; }
QTreeView, QListView, QTableView, QScrollArea { border: 1px solid transparent; }
QTreeView:focus, QListView:focus, QTableView:focus { border: 1px solid $accent; }
#pill, #messageBar { border: 1px solid $border; }
#runButton { border: 1px solid $border; }
)");

}  // namespace

QString style_sheet(const Colors& colors, bool contrast) {
  // Longest names first, so that $accent does not eat $accent_soft.
  const std::pair<const char*, QColor> names[] = {
      {"$accent_hover",
       colors.accent.lightness() > 120 ? colors.accent.lighter(108) : colors.accent.lighter(115)},
      {"$accent_soft", colors.accent_soft},
      {"$accent_text", colors.accent_text},
      {"$warning_soft", colors.warning_soft},
      {"$good_soft", colors.good_soft},
      {"$bad_soft", colors.bad_soft},
      {"$selection", colors.selection},
      {"$scroll", colors.border.lightness() > 120 ? colors.border.darker(112) : colors.border.lighter(135)},
      {"$accent", colors.accent},
      {"$warning", colors.warning},
      {"$window", colors.window},
      {"$raised", colors.raised},
      {"$border", colors.border},
      {"$panel", colors.panel},
      {"$muted", colors.muted},
      {"$hover", colors.hover},
      {"$faint", colors.faint},
      {"$text", colors.text},
      {"$base", colors.base},
      {"$good", colors.good},
      {"$bad", colors.bad},
  };
  auto out = contrast ? sheet + contrast_sheet : sheet;
  for (const auto& [name, color] : names) out.replace(QLatin1String(name), color.name());
  return out;
}

}  // namespace berth::desktop
