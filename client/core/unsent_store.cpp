// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/unsent_store.hpp"

#include <QRandomGenerator>
#include <QStandardPaths>

#include "client/core/unsent_folder.hpp"

namespace berth::client {

std::optional<std::string> RestoredEdits::text() const {
  std::vector<const protocol::TextOperation*> operations;
  if (record.edits.in_flight) operations.push_back(&record.edits.in_flight->now.operation);
  for (const auto& change : record.edits.waiting) operations.push_back(&change.operation);
  auto shown = base;
  for (const auto* operation : operations) {
    auto next = operation->apply(shown);
    if (!next) return std::nullopt;
    shown = std::move(*next);
  }
  return shown;
}

UnsentStore::UnsentStore(const QString& folder) : folder_(std::make_shared<UnsentFolder>(folder)) {
  thread_.setMaxThreadCount(1);
  thread_.setExpiryTimeout(-1);
}

UnsentStore::~UnsentStore() { thread_.waitForDone(); }

std::shared_ptr<UnsentStore> UnsentStore::shared() {
  static std::weak_ptr<UnsentStore> last;
  auto store = last.lock();
  if (!store) {
    store = std::make_shared<UnsentStore>(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) +
                                          QStringLiteral("/unsent-edits"));
    last = store;
  }
  return store;
}

void UnsentStore::wait() { thread_.waitForDone(); }

template <class T>
void UnsentStore::run(std::function<Result<T>(UnsentFolder&)> work, QObject* context, Reply<T> done) {
  // Guarded on the thread that the context lives on, which is this one.
  auto answer = [context = QPointer<QObject>(context), done = std::move(done)](Result<T> result) {
    if (context && done) done(std::move(result));
  };
  thread_.start([this, folder = folder_, work = std::move(work), answer = std::move(answer)] {
    auto result = std::make_shared<Result<T>>(work(*folder));
    QMetaObject::invokeMethod(this, [answer, result] { answer(std::move(*result)); }, Qt::QueuedConnection);
  });
}

QString UnsentStore::newName(const QString& workspace) {
  const auto name = QStringLiteral("%1.%2.%3")
                        .arg(folder_->owner(), workspace)
                        .arg(QRandomGenerator::system()->generate64(), 0, 36);
  in_use_.insert(name);
  return name;
}

void UnsentStore::write(const QString& name, UnsentRecord record,
                        std::function<std::optional<std::string>()> text, QObject* context,
                        Reply<void> done) {
  run<void>(
      [name, record = std::move(record), text = std::move(text)](UnsentFolder& folder) -> Result<void> {
        std::optional<std::string> made;
        if (text && !(made = text()))
          return failure(ErrorCode::internal,
                         "What you type can't be kept on this device: it does not fit its text.");
        return folder.write(name, record, made);
      },
      context, std::move(done));
}

void UnsentStore::remove(const QString& name, QObject* context, Reply<void> done) {
  run<void>([name](UnsentFolder& folder) { return folder.remove(name); }, context, std::move(done));
}

void UnsentStore::take(const QString& workspace, const QString& path, QObject* context,
                       Reply<std::optional<RestoredEdits>> done) {
  const auto name = newName(workspace);
  run<std::optional<RestoredEdits>>(
      [workspace, path, name, in_use = in_use_](UnsentFolder& folder) {
        return folder.take(workspace, path, name, in_use);
      },
      this,
      [this, name, context = QPointer<QObject>(context),
       done = std::move(done)](Result<std::optional<RestoredEdits>> taken) {
        // Where nobody wants it any more it stays for the next one.
        if (!context || !taken || !*taken) release(name);
        if (context) done(std::move(taken));
      });
}

void UnsentStore::list(const QString& workspace, QObject* context, Reply<QStringList> done) {
  run<QStringList>(
      [workspace, in_use = in_use_](UnsentFolder& folder) { return folder.list(workspace, in_use); }, context,
      std::move(done));
}

void UnsentStore::workspaces(const QString& person, QObject* context, Reply<QStringList> done) {
  run<QStringList>(
      [person, in_use = in_use_](UnsentFolder& folder) { return folder.workspaces(person, in_use); }, context,
      std::move(done));
}

void UnsentStore::keepAsFiles(const QString& workspace, const QString& folder, QObject* context,
                              Reply<Kept> done) {
  run<Kept>([workspace, target = folder,
             in_use = in_use_](UnsentFolder& files) { return files.keepAsFiles(workspace, target, in_use); },
            context, std::move(done));
}

QString UnsentStore::filesFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/unsent");
}

QString name_for_person(const QString& path) {
  constexpr qsizetype longest_name_part =
      180;  // bytes; file systems take 255 for a name, and more comes before it
  auto name = path.toUtf8();
  name.replace('/', '_');
  if (name.size() > longest_name_part) name = name.right(longest_name_part);
  while (!name.isEmpty() && (static_cast<unsigned char>(name[0]) & 0xc0) == 0x80) name.remove(0, 1);
  return QString::fromUtf8(name);
}

}  // namespace berth::client
