// SPDX-License-Identifier: GPL-3.0-or-later
// What happened in a workspace's window, by source: its connection, files on their way, the import it begins
// with, forwarded ports. For the person, and for a report of what went wrong; no text of files in it.
#pragma once

#include <QObject>
#include <QString>
#include <deque>

namespace berth::client {

class Transfer;
class Workspace;

class OutputLog : public QObject {
  Q_OBJECT

 public:
  enum class Source { connection, transfers, import, ports, workspace };
  struct Entry {
    qint64 at;  // Unix ms
    Source source;
    bool problem;
    QString text;  // one line; parts of it may come from others
  };
  static constexpr std::size_t most = 2'000;  // that are kept

  explicit OutputLog(Workspace* workspace, QObject* parent = nullptr);

  const std::deque<Entry>& entries() const { return entries_; }
  void add(Source source, const QString& text, bool problem = false);
  void clear();
  static QString name(Source source);

 Q_SIGNALS:
  void added(const berth::client::OutputLog::Entry& entry);
  void cleared();

 private:
  void followConnection();
  void followTransfers();
  void followImport();
  void followPorts();
  void noteTransfer(const Transfer* transfer);

  Workspace* workspace_;
  std::deque<Entry> entries_;
  QString last_state_;
  QString last_import_;
  QList<quint16> forwarded_;
};

}  // namespace berth::client
