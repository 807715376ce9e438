// SPDX-License-Identifier: GPL-3.0-or-later
// The life of a watch: list, stream, resume where it was, list anew once the server has forgotten that place.
#include <sodium.h>

#include "server/backends/kubernetes/kube_client.hpp"
#include "server/backoff.hpp"

namespace berth::server::kubernetes {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// A stream of this age was a good one: the next may begin at once. One that ended earlier was none, whatever
// it told: a server that ends each one so would be asked without a pause.
constexpr milliseconds least_life{1'000};

}  // namespace

/// One call of KubeClient::watch.
class WatchLoop {
 public:
  WatchLoop(KubeClient& client, const Resource& resource, const std::string& name_space,
            const Selection& selection, const WatchObserver& observer, std::stop_token stop)
      : client_(client),
        resource_(resource),
        name_space_(name_space),
        selection_(selection),
        observer_(observer),
        stop_(std::move(stop)),
        what_("watch the " + std::string(resource.plural)),
        backoff_(fresh_backoff()) {}

  void run() {
    while (!stop_.stop_requested()) {
      if (place_.empty() && !list()) {
        wait();
        continue;
      }
      if (!stream()) wait();
    }
  }

 private:
  /// Without an end: it is for the caller to stop.
  Backoff fresh_backoff() const {
    const auto& settings = client_.settings_;
    return {settings.first_delay, 6 * settings.longest_delay, milliseconds::max()};
  }

  void wait() { pause_for(*backoff_.next({}, randombytes_random(), wish_), stop_); }

  void tell(const Error& error) {
    if (observer_.trouble && error.code != ErrorCode::cancelled) observer_.trouble(error);
  }

  bool list() {
    wish_ = {};
    const auto all = client_.list(resource_, name_space_, selection_, stop_);
    if (!all) {
      tell(all.error());
      return false;
    }
    place_ = all->resource_version;
    observer_.listed(*all);
    return true;
  }

  HttpCall call() {
    const auto& settings = client_.settings_;
    // Not all at once: watches that were opened together would all end together.
    const auto life = settings.watch_life.count();
    const auto asked = life - static_cast<std::int64_t>(randombytes_uniform(
                                  static_cast<std::uint32_t>(std::max<std::int64_t>(life / 4, 1))));
    HttpCall http;
    http.target = path_of(resource_, name_space_) +
                  "?watch=1&allowWatchBookmarks=true&timeoutSeconds=" + std::to_string(asked) +
                  "&resourceVersion=" + percent_escaped(place_);
    if (!selection_.labels.empty()) http.target += "&labelSelector=" + percent_escaped(selection_.labels);
    if (!selection_.fields.empty()) http.target += "&fieldSelector=" + percent_escaped(selection_.fields);
    http.connect_deadline = settings.connect_deadline;
    http.deadline = {};
    http.idle = settings.watch_idle;
    return http;
  }

  /// True when the next stream may begin at once.
  bool stream() {
    LineSplitter lines(client_.settings_.longest_line);
    bool told = false;
    const auto take = [&](std::string_view line) {
      auto event = parse_watch_event(line);
      told = !event || event->type == WatchEventType::error;
      if (!event) {
        tell(event.error());
        return false;
      }
      if (event->type == WatchEventType::error)
        tell(error_of_status(500, protocol::to_text(event->object), what_));
      if (event->type == WatchEventType::expired || event->type == WatchEventType::error) return false;
      deliver(*event);
      return true;
    };
    auto http = call();
    http.on_data = [&](std::string_view bytes) { return lines.feed(bytes, take); };
    wish_ = {};
    const auto begin = steady_clock::now();
    auto outcome = client_.attempt(http, stop_);
    if (!outcome) {
      tell(outcome.error());
      return false;
    }
    const bool healthy = steady_clock::now() - begin >= least_life;
    if (healthy) backoff_ = fresh_backoff();
    if (outcome->stopped) return false;
    const bool forgotten = outcome->ended_here || outcome->status == 410;
    const bool over = outcome->trouble.empty() && outcome->status == 200;
    // What is known is old until the next one runs.
    if (!healthy && !told && (forgotten || over))
      tell({ErrorCode::unavailable, "Kubernetes ended a watch at once; it is begun anew.", what_, {}});
    // The server forgot that place, or sent a line that is too long or makes no sense: whatever was to be
    // told is in a list as well.
    if (forgotten) {
      place_.clear();
      return healthy;
    }
    if (over) return healthy;
    wish_ = retry_after_of(outcome->retry_after, outcome->status == 429 ? outcome->body : "");
    tell(KubeClient::error_of(*outcome, what_));
    return false;
  }

  void deliver(const WatchEvent& event) {
    place_ = event.resource_version;
    if (event.type == WatchEventType::deleted) observer_.removed(event.object);
    if (event.type == WatchEventType::added || event.type == WatchEventType::modified)
      observer_.changed(event.object);
    if (observer_.alive) observer_.alive();
  }

  KubeClient& client_;
  const Resource& resource_;
  const std::string& name_space_;
  const Selection& selection_;
  const WatchObserver& observer_;
  const std::stop_token stop_;
  const std::string what_;
  Backoff backoff_;
  std::string place_;  // resourceVersion up to which all is told; "": nothing is
  milliseconds wish_{};
};

void KubeClient::watch(const Resource& resource, const std::string& name_space, const Selection& selection,
                       const WatchObserver& observer, std::stop_token stop) {
  WatchLoop(*this, resource, name_space, selection, observer, std::move(stop)).run();
}

}  // namespace berth::server::kubernetes
