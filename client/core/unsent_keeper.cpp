// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/unsent_keeper.hpp"

#include <QDateTime>

#include "client/core/reversible_operation.hpp"

namespace berth::client {
namespace {

constexpr int retry_delay = 5'000;             // ms after a failed write
constexpr std::size_t most_advance = 1 << 20;  // bytes; then the text is written anew

}  // namespace

UnsentKeeper::UnsentKeeper(Source source, QObject* parent) : QObject(parent), source_(std::move(source)) {
  delay_.setSingleShot(true);
  delay_.setTimerType(Qt::PreciseTimer);
  connect(&delay_, &QTimer::timeout, this, &UnsentKeeper::write);
}

UnsentKeeper::~UnsentKeeper() {
  if (keeping_ && (delay_.isActive() || again_)) {
    writing_ = false;
    write();
  }
  if (store_ && !name_.isEmpty()) store_->release(name_);
}

void UnsentKeeper::setPlace(std::shared_ptr<UnsentStore> store, const QString& workspace) {
  store_ = std::move(store);
  workspace_ = workspace;
}

void UnsentKeeper::take(const QString& path, QObject* context,
                        std::function<void(std::optional<RestoredEdits>)> done) {
  if (!store_) return done(std::nullopt);
  store_->take(workspace_, path, context,
               [this, done = std::move(done)](Result<std::optional<RestoredEdits>> taken) {
                 if (!taken || !*taken) return done(std::nullopt);
                 const auto& record = (*taken)->record;
                 name_ = (*taken)->name;
                 changes_ = record.changes;
                 since_ = record.since;
                 keeping_ = written_ = true;
                 text_wanted_ = true;  // its advance is in the text that is handed out
                 done(std::move(*taken));
               });
}

void UnsentKeeper::letGo() {
  if (store_ && !name_.isEmpty()) store_->release(name_);
  name_.clear();
  changes_ = 0;
  keeping_ = written_ = false;
}

void UnsentKeeper::rebased() {
  text_wanted_ = true;
  writeSoon();
}

void UnsentKeeper::moved() { writeSoon(); }

std::chrono::milliseconds UnsentKeeper::pauseAfter(std::chrono::milliseconds took) {
  return std::clamp(2 * took, shortest_pause, longest_pause);
}

void UnsentKeeper::writeSoon() {
  if (!keeping_ || delay_.isActive()) return;
  const auto since = began_.isValid() ? std::chrono::milliseconds(began_.elapsed()) : longest_pause;
  delay_.start(std::max(pause_ - since, std::chrono::milliseconds(0)));
}

void UnsentKeeper::keep() {
  if (keeping_ || !store_) return;
  keeping_ = true;
  text_wanted_ = true;
  written_ = false;
  since_ = QDateTime::currentMSecsSinceEpoch();
  delay_.start(0);
}

void UnsentKeeper::typed() {
  ++changes_;
  writeSoon();
}

void UnsentKeeper::advanced(const protocol::TextOperation& operation) {
  if (!keeping_ || text_wanted_) return;
  if (!advance_) {
    advance_ = operation;
  } else if (auto both = advance_->compose(operation)) {
    advance_ = std::move(*both);
  } else {
    text_wanted_ = true;
  }
  if (advance_ && ReversibleOperation(*advance_, {}).bytes() > most_advance) text_wanted_ = true;
  writeSoon();
}

void UnsentKeeper::whenKept(std::function<void()> then) {
  if (!keeping_) return then();
  waiting_.push_back(std::move(then));
  delay_.start(0);
}

void UnsentKeeper::write() {
  delay_.stop();
  if (!keeping_) return;
  if (writing_) {
    again_ = true;
    return;
  }
  source_.settle();
  delay_.stop();
  if (!keeping_) return;  // it took back all that was unsent
  again_ = false;
  if (name_.isEmpty()) name_ = store_->newName(workspace_);
  auto now = source_.now();
  std::function<std::optional<std::string>()> text;
  if (text_wanted_) {
    text = source_.base();
    advance_.reset();
  }
  UnsentRecord record{workspace_.toStdString(),
                      now.path.toStdString(),
                      now.document,
                      since_,
                      changes_,
                      std::move(now.edits),
                      {},
                      advance_};
  const bool with_text = std::exchange(text_wanted_, false);
  writing_ = true;
  began_.start();
  store_->write(name_, std::move(record), std::move(text), this,
                [this, with_text, name = name_, waiting = std::exchange(waiting_, {})](Result<void> done) {
                  written(name, with_text, std::move(done), waiting);
                });
}

void UnsentKeeper::written(const QString& name, bool withText, Result<void> done,
                           const std::vector<std::function<void()>>& waiting) {
  writing_ = false;
  pause_ = pauseAfter(std::chrono::milliseconds(began_.elapsed()));
  const auto go_on = [this, waiting] {
    for (const auto& then : waiting) then();
    Q_EMIT changed();
  };
  // What waits for this is going to be sent. A record that does not know of it would have it made once more
  // by whoever takes it over, so it goes first.
  const bool misleads = !done && !waiting.empty() && name == name_;
  if (name == name_) {
    problem_ = done ? QString() : QString::fromStdString(done.error().message);
    written_ = done.has_value() || (written_ && !misleads);
    if (misleads || (!done && withText)) text_wanted_ = true;
  }
  if (misleads) store_->remove(name, this, [go_on](Result<void>) { go_on(); });
  if (again_) {
    write();
  } else if (!done && keeping_) {
    delay_.start(retry_delay);
  }
  if (!misleads) go_on();
}

void UnsentKeeper::settled() {
  changes_ = 0;
  if (!keeping_) return;
  keeping_ = written_ = again_ = false;
  delay_.stop();
  problem_.clear();
  drop();
}

void UnsentKeeper::drop() {
  if (name_.isEmpty()) return;
  removing_ = true;
  const auto name = std::exchange(name_, {});
  store_->remove(name, this, [this, name](Result<void>) {
    removing_ = false;
    store_->release(name);
    Q_EMIT changed();
    Q_EMIT idle();
  });
}

}  // namespace berth::client
