// SPDX-License-Identifier: GPL-3.0-or-later
// How safe a document's text is, in a word and a colour: the autosave indicator.
#pragma once

#include <QWidget>

class QLabel;

namespace berth::client {
class Document;
}

namespace berth::desktop {

class DurabilityLabel : public QWidget {
  Q_OBJECT

 public:
  explicit DurabilityLabel(QWidget* parent = nullptr);
  void follow(client::Document* document);
  QString text() const;

 private:
  void refresh(client::Document* document);
  QLabel* icon_;
  QLabel* text_;
};

}  // namespace berth::desktop
