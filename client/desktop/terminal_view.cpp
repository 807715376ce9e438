// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/desktop/terminal_view.hpp"

#include <qtermwidget6/qtermwidget.h>

#include <QApplication>
#include <QFontMetricsF>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QTimer>
#include <QVBoxLayout>

#include "client/desktop/editor_look.hpp"
#include "client/desktop/message_bar.hpp"
#include "client/desktop/terminal_echo.hpp"
#include "client/desktop/terminal_find_bar.hpp"
#include "client/desktop/terminal_overlay.hpp"
#include "client/desktop/terminal_schemes.hpp"
#include "client/desktop/terminal_surface.hpp"
#include "client/desktop/theme.hpp"

namespace berth::desktop {
namespace {

constexpr qsizetype piece = 16 * 1024;    // bytes in one call of the emulation
constexpr qint64 turn = 8;                // ms of one event-loop turn that feeding may take
constexpr int usual_scrollback = 10'000;  // lines
constexpr int most_scrollback = 100'000;
constexpr int quiet_time = 400;       // ms without output
constexpr int one_drawing = 100;      // ms between pieces of output that belong together
constexpr int longest_unseen = 1500;  // ms
constexpr const char* terminal_font_key = "terminal/font_size";
constexpr int most_terminal_font = 32;  // px
constexpr double fast_link = 50;        // ms of round trip, at which a picture costs nothing

/// The room for a terminal, which may be smaller than it or larger: then one sees where it ends.
class TerminalRoom : public QScrollArea {
 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(viewport());
    const auto& colors = Theme::instance()->colors();
    painter.fillRect(viewport()->rect(), colors.window);
    painter.setPen(colors.border);
    if (widget()) painter.drawRect(widget()->geometry().adjusted(-1, -1, 0, 0));
  }
};

}  // namespace

int TerminalView::scrollback() {
  return std::clamp(QSettings().value(QStringLiteral("terminal/scrollback"), usual_scrollback).toInt(), 100,
                    most_scrollback);
}

int TerminalView::fontSize() {
  return std::min(EditorChoices::fontSize(terminal_font_key), most_terminal_font);
}

void TerminalView::enlarge(int by) {
  EditorChoices::instance()->enlarge(terminal_font_key, by, most_terminal_font);
}

void TerminalView::usualSize() {
  EditorChoices::instance()->choose(terminal_font_key, Theme::usual_code_size);
}

TerminalView::TerminalView(client::Terminal* terminal, bool fresh, QWidget* parent)
    : QWidget(parent),
      terminal_(terminal),
      // Twice as many as the runner keeps, so that lines have lasting numbers for long after each picture.
      surface_(new TerminalSurface(2 * scrollback(), this)),
      scroll_(new TerminalRoom),
      gutter_(new TerminalGutter(surface_, &marks_)),
      overlay_(new TerminalOverlay(surface_)),
      echo_(new TerminalEcho(terminal, surface_, overlay_, this)),
      bar_(new MessageBar),
      find_bar_(new TerminalFindBar(surface_, overlay_, this)),
      mark_(new QWidget),
      strip_(new QWidget),
      strip_text_(new QLabel),
      strip_button_(new QPushButton(tr("Use My Size"))),
      fresh_(fresh),
      quiet_(new QTimer(this)),
      unseen_(new QTimer(this)) {
  applyTheme();
  layOut();
  listen();
}

QTermWidget* TerminalView::widget() { return surface_->widget(); }

void TerminalView::layOut() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  mark_->setFixedHeight(2);
  mark_->setAttribute(Qt::WA_StyledBackground);
  mark_->hide();
  column->addWidget(mark_);
  column->addWidget(bar_);
  auto* row = new QHBoxLayout;
  row->setSpacing(0);
  row->addWidget(gutter_);
  row->addWidget(scroll_, 1);
  column->addLayout(row, 1);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setWidgetResizable(true);
  scroll_->setFocusPolicy(Qt::NoFocus);
  scroll_->setWidget(surface_->widget());
  auto* line = new QHBoxLayout(strip_);
  line->setContentsMargins(12, 2, 8, 2);
  line->setSpacing(8);
  strip_text_->setProperty("role", QStringLiteral("muted"));
  strip_button_->setFlat(true);
  strip_button_->setObjectName(QStringLiteral("useMySize"));
  line->addWidget(strip_text_);
  line->addWidget(strip_button_);
  line->addStretch(1);
  column->addWidget(strip_);
  strip_->hide();
  setFocusProxy(surface_->widget());
}

void TerminalView::listen() {
  unseen_->setSingleShot(true);
  connect(unseen_, &QTimer::timeout, this, &TerminalView::showPainted);
  quiet_->setSingleShot(true);
  connect(quiet_, &QTimer::timeout, this, [this] {
    const bool in_use =
        filter_.isAlternate() || surface_->isScrolledBack() || !widget()->selectedText().isEmpty();
    if (!terminal_ || !marks_lost_) return;
    if (in_use || terminal_->hasOutput()) return quiet_->start();
    if (terminal_->roundTrip() < fast_link) terminal_->repaint();
  });
  auto* display = surface_->display();
  display->installEventFilter(this);
  display->setMouseTracking(true);
  scroll_->installEventFilter(this);
  connect(display, SIGNAL(changedContentSizeSignal(int, int)), this, SLOT(contentSizeChanged(int, int)));
  connect(Theme::instance(), &Theme::changed, this, &TerminalView::applyTheme);
  connect(EditorChoices::instance(), &EditorChoices::changed, this, [this] {
    const bool other_size = fontSize() != font_size_;
    if (!other_size && scheme_ == TerminalSchemes::current().id) return;
    applyTheme();
    if (other_size) refit();
  });
  connect(widget(), &QTermWidget::sendData, this, &TerminalView::onSend);
  connect(widget(), &QWidget::customContextMenuRequested, this, &TerminalView::contextMenu);
  connect(find_bar_, &TerminalFindBar::closed, this, [this] { setFocus(); });
  connect(widget(), &QTermWidget::bell, this, [this] {
    if (terminal_ && !terminal_->isPainting()) Q_EMIT rang();
  });
  connect(strip_button_, &QPushButton::clicked, this, [this] {
    if (terminal_) terminal_->lead(true);
  });
  auto* terminal = terminal_.data();
  connect(terminal, &client::Terminal::outputReady, this, [this] {
    if (!drain_scheduled_) drain();
  });
  connect(terminal, &client::Terminal::screenLost, this, &TerminalView::beginAnew);
  connect(terminal, &client::Terminal::screenPainted, this, &TerminalView::showPainted);
  connect(terminal, &client::Terminal::ended, this, &TerminalView::showEnd);
  connect(terminal, &client::Terminal::infoChanged, this, &TerminalView::onInfo);
  connect(terminal, &client::Terminal::trouble, this,
          [this](const QString& problem) { bar_->show(MessageBar::Kind::warning, problem, {}, true); });
}

/// Everything that is shown is void; a picture comes.
void TerminalView::beginAnew() {
  filter_.reset();
  marks_.clear();
  echo_->reset();
  command_clock_.invalidate();
  resized_in_alternate_ = false;
  marks_lost_ = false;
  size_due_.reset();
  // What was there stays to be seen until the picture is whole, instead of thousands of lines running by.
  // Where nothing was, that would be a black hole.
  if (burst_.isValid()) {
    surface_->display()->setUpdatesEnabled(false);
    unseen_->start(longest_unseen);
  }
  surface_->beginAnew();
}

void TerminalView::showPainted() {
  unseen_->stop();
  surface_->scrollToEnd();
  surface_->display()->setUpdatesEnabled(true);
  gutter_->update();
  if (!terminal_ || terminal_->isPainting()) return;  // it takes longer than one can wait for
  torn_unseen_ |= !isVisible() && surface_->cells() != terminal_->paintedSize();
  size_due_ ? followSize() : refit();
}

void TerminalView::applyTheme() {
  const auto* theme = Theme::instance();
  font_size_ = fontSize();
  surface_->setTerminalFont(theme->codeFont(font_size_));
  const auto scheme = TerminalSchemes::current();
  scheme_ = scheme.id;
  widget()->setColorScheme(TerminalSchemes::fileOf(scheme));
  const auto shape = QSettings().value(QStringLiteral("terminal/cursor_style")).toString();
  widget()->setKeyboardCursorShape(
      shape == QLatin1String("bar")         ? Konsole::Emulation::KeyboardCursorShape::IBeamCursor
      : shape == QLatin1String("underline") ? Konsole::Emulation::KeyboardCursorShape::UnderlineCursor
                                            : Konsole::Emulation::KeyboardCursorShape::BlockCursor);
  // Where the system wants none (0), QTermWidget would blink without a pause.
  widget()->setBlinkingCursor(QApplication::cursorFlashTime() > 1 &&
                              QSettings().value(QStringLiteral("terminal/cursor_blink"), true).toBool());
  filter_.setColors(scheme.foreground, scheme.background);
  overlay_->setTextColor(scheme.foreground);
  styleMark();
  gutter_->update();
  scroll_->viewport()->update();
}

void TerminalView::setMark(bool several, bool current) {
  several_ = several;
  current_ = current;
  mark_->setVisible(several);
  styleMark();
}

void TerminalView::styleMark() {
  mark_->setStyleSheet(current_
                           ? QStringLiteral("background:%1").arg(Theme::instance()->colors().accent.name())
                           : QStringLiteral("background:transparent"));
}

QSize TerminalView::cellsFor(const QSize& pixels) {
  const QFontMetricsF metrics(Theme::instance()->codeFont(fontSize()));
  const auto columns = static_cast<int>((pixels.width() - 38) / metrics.horizontalAdvance(QLatin1Char('M')));
  const auto rows = static_cast<int>((pixels.height() - 16) / metrics.height());
  return {std::clamp(columns, 20, 500), std::clamp(rows, 5, 300)};
}

void TerminalView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  // The program's output is laid out for the real size, so receiving begins after the first layout.
  QTimer::singleShot(0, this, [this] {
    refit();
    if (!terminal_ || !isVisible()) return;
    if (!std::exchange(attached_, true)) return terminal_->attach(fresh_);
    if (std::exchange(torn_unseen_, false)) terminal_->repaint();
  });
}

// ---- Size

void TerminalView::contentSizeChanged(int, int) {
  if (filter_.isAlternate()) resized_in_alternate_ = true;
  echo_->reset();
  surface_->resized();
  find_bar_->refreshSoon();
  QTimer::singleShot(0, this, &TerminalView::refit);
}

void TerminalView::onInfo() {
  if (!terminal_) return;
  const auto& info = terminal_->info();
  if (!info.running) showEnd();
  const QSize size(info.columns, info.rows);
  // What was printed before is laid out for the old one.
  if (size != shown_size_ && (terminal_->hasOutput() || terminal_->isPainting()))
    size_due_ = terminal_->received();
  if (!size_due_ || terminal_->isPainting()) refit();
  if (attached_ && !isVisible() && size != shown_size_) torn_unseen_ = true;
  shown_size_ = size;
  if (info.directory) Q_EMIT directoryChanged();
}

/// Takes the size that is due once what is laid out for the one before was shown: a picture counts as a
/// whole, as in the middle of it a new size would put the rest of it in other lines.
void TerminalView::followSize() {
  if (!size_due_ || !terminal_ || terminal_->isPainting() || terminal_->shown() < *size_due_) return;
  size_due_.reset();
  refit();
}

/// Tells how much room there is, and shows the terminal with the size that it has; a picture with its own.
void TerminalView::refit() {
  if (!terminal_ || !isVisible()) return;
  // Without the strip, or its coming would change the size, which would take it away.
  const auto room = scroll_->size() + QSize(0, strip_->isVisible() ? strip_->height() : 0);
  const auto natural = surface_->cellsIn(room);
  if (natural.width() < 2 || natural.height() < 2) return;
  natural_ = natural;
  terminal_->resize(natural.width(), natural.height());
  const bool painting = terminal_->isPainting();
  const auto shared =
      painting ? terminal_->paintedSize() : QSize(terminal_->info().columns, terminal_->info().rows);
  const bool own = shared == natural || (!painting && (!terminal_->isAttached() || terminal_->decidesSize()));
  // The strip, whose coming changes the room, does not come and go for a picture.
  if (!painting) showStrip(terminal_->isAttached() && (!own || !terminal_->mayType()));
  if (own != scroll_->widgetResizable()) scroll_->setWidgetResizable(own);
  const auto pixels = surface_->pixelsFor(shared);
  if (!own && widget()->size() != pixels) widget()->resize(pixels);
}

void TerminalView::showStrip(bool wanted) {
  const bool watching = !terminal_->mayType();
  strip_text_->setText(watching                   ? tr("You watch this terminal.")
                       : terminal_->info().leader ? tr("Sized by another window")
                                                  : tr("Sized to fit the smallest window"));
  strip_button_->setVisible(!watching);
  strip_->setVisible(wanted);
}

// ---- Output

void TerminalView::drain() {
  drain_scheduled_ = false;
  if (!terminal_) return;
  // A full-screen program scrolls without a word: what it draws later may stand where its links were.
  if (filter_.isAlternate() && burst_.isValid() && burst_.elapsed() > one_drawing) marks_.leaveAlternate();
  QElapsedTimer clock;
  clock.start();
  while (terminal_ && terminal_->hasOutput()) {
    if (clock.elapsed() >= turn) {
      drain_scheduled_ = true;
      QTimer::singleShot(0, this, &TerminalView::drain);
      break;
    }
    const bool painting = terminal_->isPainting();
    const auto bytes = terminal_->take(piece);
    const auto out = filter_.feed(bytes);
    showOutput(out, painting);
    if (!painting && !out.answer.isEmpty() && terminal_->answersQuestions())
      terminal_->send({out.answer.constData(), static_cast<std::size_t>(out.answer.size())});
    terminal_->drained(bytes.size());
    followSize();
  }
  burst_.start();
  find_bar_->refreshSoon();
  hovered_ = {-1, -1};
  echo_->looked(filter_.isAlternate());
  if (overlay_->hasLink()) overlay_->setLink({});
  if (!scroll_->widgetResizable()) {
    const auto at = surface_->rect(surface_->cursor().y(), surface_->cursor().x(), 1);
    scroll_->ensureVisible(at.center().x(), at.center().y());
  }
}

void TerminalView::showOutput(const EscapeFilter::Output& out, bool painting) {
  qsizetype at = 0;
  for (const auto& event : out.events) {
    surface_->feed(out.show.sliced(at, event.at - at));
    at = event.at;
    onEvent(event, painting);
  }
  surface_->feed(at == 0 ? out.show : out.show.sliced(at));
  if (!filter_.isAlternate() && surface_->isFull()) noteFullHistory();
}

/// Lines drop at the top unnoticed, so nobody knows any more where a mark is. Once it is quiet the picture of
/// the screen is fetched, whose history has room again.
void TerminalView::noteFullHistory() {
  if (marks_.prompts().empty() && !marks_.hasLinks() && !marks_lost_) return;
  marks_.clear();
  marks_lost_ = true;
  quiet_->start(quiet_time);
}

void TerminalView::onEvent(const EscapeFilter::Event& event, bool painting) {
  using Kind = EscapeFilter::Event::Kind;
  switch (event.kind) {
    case Kind::directory:
      directory_ = event.text;
      return Q_EMIT directoryChanged();
    case Kind::link:
      marks_.link({surface_->cursor().x(), surface_->cursorLineNumber()}, event.text, filter_.isAlternate());
      return filter_.watchRewinds(marks_.hasLinks());
    case Kind::clipboard:
      if (!painting) Q_EMIT clipboardWanted(QString::fromUtf8(event.text));
      return;
    case Kind::prompt:
      if (filter_.isAlternate()) return;
      marks_.beginPrompt(surface_->cursorLineNumber());
      return gutter_->update();
    case Kind::command:
      marks_.commandStarted();
      noteCommand(painting, event.number);
      return gutter_->update();
    case Kind::finished:
      marks_.commandFinished(event.number);
      if (painting)
        command_clock_.invalidate();
      else
        onCommandFinished(event.number);
      return gutter_->update();
    case Kind::alternate:
      resized_in_alternate_ = false;
      return;
    case Kind::primary:
      marks_.leaveAlternate();
      // QTermWidget drops lines of the main screen when it is resized behind the alternate one.
      if (std::exchange(resized_in_alternate_, false) && !painting)
        QTimer::singleShot(0, terminal_.data(), &client::Terminal::repaint);
      return;
    case Kind::history_cleared:
      marks_.shrink(surface_->historyLines());
      return gutter_->update();
    case Kind::rewound:
      return marks_.rewound(surface_->cursorLineNumber());
  }
}

/// One that is painted began a while ago, as far as that is told.
void TerminalView::noteCommand(bool painted, int age) {
  if (painted && age < 0) return;
  command_clock_.start();
  command_age_ = painted ? age : 0;
}

void TerminalView::onCommandFinished(int exitCode) {
  if (!command_clock_.isValid()) return;
  const auto took = command_clock_.elapsed() + command_age_;
  command_clock_.invalidate();
  Q_EMIT commandFinished(exitCode, took);
}

QString TerminalView::directory() const {
  if (terminal_ && terminal_->info().directory) return QString::fromStdString(*terminal_->info().directory);
  return QString::fromUtf8(directory_);
}

QString TerminalView::allText() const { return surface_->text(); }

void TerminalView::jumpToPrompt(int direction) {
  surface_->refresh();
  const int top = surface_->topLine();
  if (const auto line = direction < 0 ? marks_.promptBefore(top) : marks_.promptAfter(top)) {
    surface_->scrollTo(*line);
  } else if (direction > 0) {
    surface_->scrollToEnd();
  }
}

void TerminalView::showEnd() {
  if (!terminal_) return;
  const auto& info = terminal_->info();
  if (info.running) return;
  const bool well = info.exit_code == 0;
  const auto text = info.exit_signal ? tr("The program was ended by signal %1.").arg(*info.exit_signal)
                    : info.exit_code ? tr("The program ended with status %1.").arg(*info.exit_code)
                                     : tr("The program ended.");
  QList<MessageBar::Action> actions;
  if (!info.command.empty()) actions.append({tr("Run Again"), [this] { Q_EMIT restartWanted(); }});
  actions.append({tr("Close"), [this] { Q_EMIT closeWanted(); }});
  bar_->show(well ? MessageBar::Kind::good : MessageBar::Kind::warning, text, actions);
}

}  // namespace berth::desktop
