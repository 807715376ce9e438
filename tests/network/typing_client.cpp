// SPDX-License-Identifier: GPL-3.0-or-later
// typing_client SERVER WORKSPACE DOCUMENT PERSON SEED FOLDER: a whole client without widgets, made of the
// desktop's own parts, that signs in, opens a document and a terminal and types. It can be stopped, killed
// and started again over the same folder. Commands are lines on standard input, what it tells are JSON
// lines on standard output (typist.hpp says which).
#include <unistd.h>
#include <QCoreApplication>
#include <QDir>
#include <QSocketNotifier>
#include <QStandardPaths>
#include <QTimer>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "client/core/secret_store.hpp"
#include "client/core/server_connection.hpp"
#include "client/core/workspace.hpp"
#include "typing_hand.hpp"

namespace berth::test {
namespace {

using Json = nlohmann::json;
using namespace berth::client;

constexpr int retry_pause = 200;      // ms
constexpr int longest_pause = 1'500;  // ms that a person waits for what was typed to be safe
constexpr std::size_t burst = 30;     // keystrokes at most between two such pauses
constexpr std::string_view begin_mark = "<begin>";

void tell(Json event) {
  event["clock"] = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::steady_clock::now().time_since_epoch())
                       .count();
  const auto line = event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

/// What a person sees of the document.
class TypedText : public DocumentBuffer {
 public:
  explicit TypedText(TypingHand& hand) : hand_(hand) {}
  std::string text() const override { return text_; }
  void apply(const protocol::TextOperation& operation) override {
    auto changed = operation.apply(text_);
    if (!changed) {
      tell({{"event", "broken"}, {"why", "an operation of others does not fit: " + changed.error().message}});
      return;
    }
    text_ = std::move(*changed);
    hand_.changed(operation);
  }
  void set(std::string text) { text_ = std::move(text); }
  void type(const LocalEdit& edit) {
    protocol::TextOperation operation;
    const auto removed = static_cast<std::int64_t>(protocol::utf16_length(edit.removed));
    if (edit.position > 0) operation.retain(edit.position);
    operation.insert(edit.inserted).remove(removed);
    if (const auto rest = edit.length - edit.position - removed; rest > 0) operation.retain(rest);
    text_ = operation.apply(text_).value();
  }

 private:
  TypingHand& hand_;
  std::string text_;
};

/// The shared terminal: a program that gives back what is typed, and keeps it in a file.
class TypedTerminal : public QObject {
 public:
  TypedTerminal(Terminals* terminals, char person) : terminals_(terminals), person_(person) {
    connect(terminals, &Terminals::added, this, [this](Terminal* added) { look(added); });
    connect(terminals, &Terminals::listed, this, [this] { open(); });
    connect(terminals, &Terminals::removed, this, [this](Terminal* removed) {
      if (removed == terminal_) terminal_ = nullptr;
    });
  }

  /// `name` of the terminal and of its file; `keys` of this person are in it already.
  void use(const QString& name, std::size_t keys) {
    name_ = name;
    keys_ = keys;
    received_.clear();
    repaints_ = 0;
    terminal_ = nullptr;
    opening_ = false;
    for (auto* terminal : terminals_->all()) look(terminal);
    if (terminals_->isListed()) open();
  }
  void type() {
    if (!ready()) return;
    const auto key = numbers_of(person_, keys_ + 1).substr(keys_);
    if (terminal_->send(key)) ++keys_;
  }
  bool ready() const { return terminal_ && received_.find(begin_mark) != received_.npos; }
  void report(Json& report) const {
    report["keys"] = keys_;
    report["terminal_ready"] = ready();
    report["received"] = received_;
    report["repaints"] = repaints_;
  }

 private:
  void open() {
    if (person_ != 'A' || name_.isEmpty() || terminal_ || opening_) return;
    opening_ = true;
    const auto command = QStringLiteral("stty raw -echo; printf '%1'; exec tee \"$HOME/%2\"")
                             .arg(QString::fromUtf8(begin_mark.data(), begin_mark.size()), name_);
    Terminals::Start start;
    start.command = command;
    start.title = name_;
    terminals_->open(start, this, [this](Result<Terminal*> opened) {
      opening_ = false;
      if (!opened)
        QTimer::singleShot(retry_pause, this, [this] {
          if (terminals_->isListed()) open();
        });
    });
  }
  void look(Terminal* terminal) {
    if (name_.isEmpty() || terminal_ || QString::fromStdString(terminal->info().title) != name_) return;
    terminal_ = terminal;
    connect(terminal, &Terminal::outputReady, this, [this, terminal] {
      while (terminal->hasOutput()) {
        const auto bytes = terminal->take(16 << 10);
        received_.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        terminal->drained(bytes.size());
      }
    });
    connect(terminal, &Terminal::screenLost, this, [this] {
      ++repaints_;
      received_.clear();
    });
    connect(terminal, &Terminal::trouble, this,
            [](const QString& problem) { tell({{"event", "trouble"}, {"why", problem.toStdString()}}); });
    terminal->attach();
  }

  Terminals* terminals_;
  const char person_;
  QString name_;
  Terminal* terminal_ = nullptr;
  bool opening_ = false;
  std::size_t keys_ = 0;
  std::string received_;
  int repaints_ = 0;
};

class TypingClient : public QObject {
 public:
  explicit TypingClient(const QStringList& words)
      : workspace_id_(words[2]),
        path_(words[3]),
        person_(words[4][0].toLatin1()),
        hand_(person_, words[5].toULongLong()),
        luck_(words[5].toULongLong() + 1),
        secrets_(words[6] + QStringLiteral("/secrets.json")),
        server_(QUrl(words[1]), &secrets_),
        text_(hand_) {
    next_key_.setSingleShot(true);
    connect(&next_key_, &QTimer::timeout, this, [this] { key(); });
    signIn();
  }

  void obey(const QString& line) {
    const auto words = line.split(QLatin1Char(' '));
    if (words[0] == QLatin1String("type")) {
      mean_ = words[1].toInt();
      resting_ = false;
      schedule();
    } else if (words[0] == QLatin1String("rest")) {
      resting_ = true;
      schedule();
    } else if (words[0] == QLatin1String("terminal")) {
      terminal_name_ = words[1];
      terminal_keys_ = words[2].toULongLong();
      if (terminal_) terminal_->use(terminal_name_, terminal_keys_);
    } else if (words[0] == QLatin1String("hurry")) {
      if (workspace_) workspace_->connection()->retryNow();
    } else if (words[0] == QLatin1String("report")) {
      report();
    } else {
      QCoreApplication::exit(words[0] == QLatin1String("quit") ? 0 : 2);
    }
  }

 private:
  void later(void (TypingClient::*what)()) {
    QTimer::singleShot(retry_pause, this, [this, what] { (this->*what)(); });
  }

  void signIn() {
    server_.signIn({"ann@example.org", "correct horse battery"}, this, [this](Result<rest::Account> account) {
      account ? fetchWorkspace() : later(&TypingClient::signIn);
    });
  }
  void fetchWorkspace() {
    server_.fetchWorkspace(workspace_id_, this, [this](Result<rest::Workspace> facts) {
      if (!facts) return later(&TypingClient::fetchWorkspace);
      workspace_ = std::make_unique<Workspace>(&server_, *facts);
      terminal_ = std::make_unique<TypedTerminal>(workspace_->terminals(), person_);
      if (!terminal_name_.isEmpty()) terminal_->use(terminal_name_, terminal_keys_);
      connect(workspace_->connection(), &WorkspaceConnection::stateChanged, this, [this] { linkChanged(); });
      connect(workspace_->connection(), &WorkspaceConnection::established, this,
              [this](bool resumed) { tell({{"event", "online"}, {"resumed", resumed}}); });
      workspace_->connection()->open();
      openDocument();
    });
  }
  void linkChanged() {
    const auto state = workspace_->connection()->state();
    const auto problem = workspace_->connection()->problem().toStdString();
    if (state == LinkState::stopped)
      QTimer::singleShot(retry_pause, this, [this] { workspace_->connection()->retryNow(); });
    if (state == LinkState::ended) {
      tell({{"event", "ended"}, {"why", problem}});
      QTimer::singleShot(retry_pause, this, [this] { workspace_->connection()->retryNow(); });
    }
    if (state == LinkState::waiting) tell({{"event", "lost"}, {"why", problem}});
  }

  void openDocument() {
    document_ = workspace_->documents()->open(path_);
    connect(document_, &Document::loaded, this, [this](const std::string& text) {
      text_.set(text);
      if (!hand_.look(text)) tell({{"event", "broken"}, {"why", "the text loaded has other numbers"}});
      document_->setBuffer(&text_);
      tell({{"event", "loaded"}, {"typed", hand_.typed()}});
      schedule();
    });
    connect(document_, &Document::failed, this, [this](const Error& error) {
      tell({{"event", "failed"}, {"why", error.message}});
      document_->deleteLater();
      document_ = nullptr;
      later(&TypingClient::openDocument);
    });
    connect(document_, &Document::stateChanged, this, [this] { documentChanged(); });
  }
  void documentChanged() {
    if (!document_ || !document_->isLoaded()) return;
    if (document_->inConflict() && !asked_now_) {
      // Both sides stay, as the person who is asked wants it here.
      asked_now_ = was_asked_ = slip_may_return_ = true;
      tell({{"event", "asked"}});
      QTimer::singleShot(0, this, [this] { answerQuestion(); });
    }
    if (slip_may_return_ && !asked_now_) {
      // Once all has arrived without one, a slip that comes back is a fault again.
      if (hand_.slip_stays(text_.text()))
        schedule();
      else
        slip_may_return_ = document_->hasUnsent();
    }
    if (document_->hasUnsent() || hand_.slipped() || acknowledged_ == hand_.typed()) return;
    acknowledged_ = hand_.typed();
    tell({{"event", "acknowledged"}, {"typed", acknowledged_}});
  }
  void answerQuestion() {
    asked_now_ = false;
    if (document_ && document_->inConflict()) document_->keepBoth();
  }
  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(luck_); }
  void schedule() {
    if (!document_ || !document_->isLoaded() || next_key_.isActive()) return;
    if (mean_ == 0 && !hand_.slipped()) return;  // nobody told it to type yet
    next_key_.start(1 + static_cast<int>(below(static_cast<std::size_t>(2 * mean_ + 1))));
  }
  void key() {
    if (!document_ || document_->isReadOnly()) return next_key_.start(retry_pause);
    if (burst_left_ == 0 && document_->hasUnsent() && waited_.elapsed() < longest_pause && !resting_)
      return schedule();
    if (burst_left_ == 0) {
      burst_left_ = 1 + below(burst);
      waited_.invalidate();
    }
    if (const auto edit = hand_.next(text_.text(), resting_)) {
      text_.type(*edit);
      document_->typed(*edit);
      if (--burst_left_ == 0) waited_.start();
    }
    if (resting_) {
      // One look more: what others do may bring a slip back into sight.
      if (hand_.slipped()) schedule();
      return;
    }
    if (terminal_ && below(3) == 0) terminal_->type();
    schedule();
  }

  void report() {
    Json report{{"event", "report"},
                {"loaded", document_ && document_->isLoaded()},
                {"online", workspace_ && workspace_->connection()->online()},
                {"typed", hand_.typed()},
                {"text", text_.text()},
                {"slipped", hand_.slipped()},
                {"was_asked", was_asked_}};
    if (document_) {
      report["unsent"] = document_->hasUnsent();
      report["kept"] = document_->isKept();
      report["asking"] = document_->inConflict();
      report["on_disk"] = document_->durability() >= Durability::on_disk;
      report["problem"] = document_->problem().toStdString();
    }
    if (terminal_) terminal_->report(report);
    tell(report);
  }

  const QString workspace_id_, path_;
  const char person_;
  TypingHand hand_;
  std::mt19937_64 luck_;
  SecretStore secrets_;
  ServerConnection server_;
  TypedText text_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<TypedTerminal> terminal_;
  Document* document_ = nullptr;
  QString terminal_name_;
  std::size_t terminal_keys_ = 0;
  QTimer next_key_;
  QElapsedTimer waited_;
  int mean_ = 0;  // ms between keys
  std::size_t burst_left_ = burst;
  bool resting_ = true;
  bool asked_now_ = false, was_asked_ = false;
  bool slip_may_return_ = false;  // by the answer to the last question
  std::size_t acknowledged_ = 0;
};

int run(int argc, char** argv) {
  qputenv("BERTH_SECRET_STORE", "file");
  if (argc != 7) {
    std::fputs("usage: typing_client SERVER WORKSPACE DOCUMENT PERSON SEED FOLDER\n", stderr);
    return 2;
  }
  // Whatever a client keeps, it keeps there.
  for (const char* variable :
       {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})
    qputenv(variable, argv[6]);
  QCoreApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("berth-test"));
  QCoreApplication::setApplicationName(QStringLiteral("typing_client"));
  TypingClient client(QCoreApplication::arguments());
  QByteArray input;
  QSocketNotifier commands(0, QSocketNotifier::Read);
  QObject::connect(&commands, &QSocketNotifier::activated, &client, [&] {
    char bytes[4096];
    const auto got = ::read(0, bytes, sizeof bytes);
    if (got <= 0) return QCoreApplication::exit(0);
    input.append(bytes, got);
    for (auto end = input.indexOf('\n'); end >= 0; end = input.indexOf('\n')) {
      client.obey(QString::fromUtf8(input.left(end)));
      input.remove(0, end + 1);
    }
  });
  return QCoreApplication::exec();
}

}  // namespace
}  // namespace berth::test

int main(int argc, char** argv) { return berth::test::run(argc, argv); }
