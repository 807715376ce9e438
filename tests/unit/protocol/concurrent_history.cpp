// SPDX-License-Identifier: GPL-3.0-or-later
#include "concurrent_history.hpp"

#include <stdexcept>
#include <utility>

namespace berth::test {
namespace {

using protocol::Bias;
using protocol::Json;
using protocol::TextOperation;

template <class T>
T must_hold(Result<T> result, const char* what) {
  if (!result) throw std::logic_error(std::string(what) + ": " + result.error().message);
  return std::move(*result);
}

TextOperation composed(const std::optional<TextOperation>& first, const TextOperation& second) {
  return first ? must_hold(first->compose(second), "compose") : second;
}

}  // namespace

std::string lucky_text(const Luck& luck, std::size_t most) {
  static const std::string alphabet[] = {"a", "b", "\n", "é", "漢", "😀", "𝄞"};
  std::string text;
  for (auto left = luck(most + 1); left > 0; --left) text += alphabet[luck(std::size(alphabet))];
  return text;
}

TextOperation lucky_operation(const Luck& luck, const std::string& text) {
  TextOperation operation;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::int64_t units = lead >= 0xF0 ? 2 : 1;
    at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (luck(6) == 0) operation.insert(lucky_text(luck, 3));
    if (luck(5) == 0) {
      operation.remove(units);
    } else {
      operation.retain(units);
    }
  }
  if (luck(3) == 0) operation.insert(lucky_text(luck, 3));
  return operation;
}

ConcurrentHistory::ConcurrentHistory(std::string start, std::size_t people)
    : start_(std::move(start)), text_(start_), people_(people) {
  for (auto& person : people_) person.text = start_;
}

Json ConcurrentHistory::make(const Luck& luck) {
  ConcurrentHistory history(lucky_text(luck, 8), 2 + luck(3));
  for (auto steps = 8 + luck(24); steps > 0; --steps) {
    const auto person = luck(history.people_.size());
    const auto chance = luck(40);
    if (chance < 14) {
      history.type(person, lucky_operation(luck, history.people_[person].text));
    } else {
      history.happen(person, chance < 22 ? "send" : chance < 31 ? "arrive" : chance < 39 ? "hear" : "drop");
    }
  }
  history.settle();
  auto record = history.outcome();
  record["start"] = history.start_;
  record["people"] = history.people_.size();
  record["events"] = std::move(history.events_);
  return record;
}

void ConcurrentHistory::replay(const Json& record) {
  ConcurrentHistory history(record.at("start").get<std::string>(), record.at("people").get<std::size_t>());
  for (const auto& event : record.at("events")) {
    const auto person = event.at(0).get<std::size_t>();
    if (event.at(1).is_string()) {
      if (!history.happen(person, event.at(1).get<std::string>()))
        throw std::logic_error("nothing was there for " + event.dump());
    } else {
      history.type(person, must_hold(protocol::decode<TextOperation>(event.at(1), "event"), "event"));
    }
  }
  const auto here = history.outcome();
  for (const auto& [name, value] : here.items())
    if (record.at(name) != value)
      throw std::logic_error(name + " differs: " + value.dump() + " here, " + record.at(name).dump() +
                             " there");
}

bool ConcurrentHistory::type(std::size_t who, const TextOperation& operation) {
  auto& person = people_.at(who);
  person.text = must_hold(operation.apply(person.text), "typing");
  person.waiting = composed(person.waiting, operation);
  events_.push_back({who, protocol::encode(operation)});
  return true;
}

bool ConcurrentHistory::happen(std::size_t who, const std::string& what) {
  const bool done = what == "send"     ? send(who)
                    : what == "arrive" ? arrive(who)
                    : what == "hear"   ? hear(who)
                    : what == "drop"   ? drop(who)
                                       : throw std::logic_error("an event named " + what);
  if (done) events_.push_back({who, what});
  return done;
}

bool ConcurrentHistory::send(std::size_t who) {
  auto& person = people_.at(who);
  if (person.in_flight || !person.waiting) return false;
  person.in_flight = Sent{std::to_string(who) + "-" + std::to_string(++person.sent), person.version,
                          std::move(*person.waiting)};
  person.in_flight_now = person.in_flight->operation;
  person.waiting.reset();
  person.up.push_back(*person.in_flight);
  return true;
}

bool ConcurrentHistory::arrive(std::size_t who) {
  auto& person = people_.at(who);
  if (person.up.empty()) return false;
  auto sent = std::move(person.up.front());
  person.up.pop_front();
  if (const auto known = merge_.known(sent.id)) {
    person.down.push_back({sent.id, *known, {}});
    return true;
  }
  auto operation = must_hold(merge_.bring_forward(sent.base_version, std::move(sent.operation)), "merge");
  if (!operation.fits(text_)) throw std::logic_error("what was merged does not fit");
  text_ = must_hold(operation.apply(text_), "what was merged");
  const auto version = merge_.applied(sent.id, operation);
  for (std::size_t other = 0; other < people_.size(); ++other)
    people_[other].down.push_back({other == who ? sent.id : "", version, operation});
  accepted_.push_back({who, std::move(sent.id), std::move(operation)});
  return true;
}

bool ConcurrentHistory::hear(std::size_t who) {
  auto& person = people_.at(who);
  if (person.down.empty()) return false;
  auto heard = std::move(person.down.front());
  person.down.pop_front();
  if (heard.version <= person.version) return true;  // told once more after a drop
  if (heard.version != person.version + 1) throw std::logic_error("a version was left out");
  person.version = heard.version;
  if (heard.id.empty()) {
    hear_other(person, std::move(heard.operation));
  } else {
    if (!person.in_flight || person.in_flight->id != heard.id) throw std::logic_error("an answer to nothing");
    if (*person.in_flight_now != heard.operation)
      throw std::logic_error("the runner applied something else than the person sees");
    person.in_flight.reset();
    person.in_flight_now.reset();
  }
  return true;
}

void ConcurrentHistory::hear_other(Person& person, TextOperation theirs) {
  for (auto* mine : {&person.in_flight_now, &person.waiting}) {
    if (!*mine) continue;
    overlaps_ += overlapping(**mine, theirs) ? 1 : 0;
    auto moved = must_hold(transform(**mine, theirs), "transform");
    *mine = std::move(moved.mine);
    theirs = std::move(moved.theirs);
  }
  if (!theirs.fits(person.text)) throw std::logic_error("what was heard does not fit");
  person.text = must_hold(theirs.apply(person.text), "what was heard");
}

// Everything under way is lost. Back again, the person is told what was missed and sends again what was not
// answered, as it was first sent.
bool ConcurrentHistory::drop(std::size_t who) {
  auto& person = people_.at(who);
  person.up.clear();
  person.down.clear();
  for (auto version = person.version; version < accepted_.size(); ++version) {
    const auto& accepted = accepted_[version];
    person.down.push_back({accepted.person == who ? accepted.id : "", version + 1, accepted.operation});
  }
  if (person.in_flight) person.up.push_back(*person.in_flight);
  return true;
}

void ConcurrentHistory::settle() {
  for (bool moves = true; moves;) {
    moves = false;
    for (std::size_t who = 0; who < people_.size(); ++who) {
      moves |= happen(who, "send");
      moves |= happen(who, "arrive");
      while (happen(who, "hear")) moves = true;
    }
  }
}

Json ConcurrentHistory::outcome() const {
  int sent = 0;
  for (const auto& person : people_) {
    if (person.text != text_) throw std::logic_error("two texts: " + person.text + " and " + text_);
    sent += person.sent;
  }
  if (static_cast<std::size_t>(sent) != accepted_.size())
    throw std::logic_error("an operation was lost or applied twice");
  Json accepted = Json::array(), places = Json::array();
  TextOperation whole;
  whole.retain(static_cast<std::int64_t>(protocol::utf16_length(start_)));
  for (const auto& one : accepted_) {
    accepted.push_back(protocol::encode(one.operation));
    whole = must_hold(whole.compose(one.operation), "the whole history");
  }
  const auto back = must_hold(whole.invert(start_), "the way back");
  if (must_hold(whole.apply(start_), "the whole history") != text_)
    throw std::logic_error("the whole history leads elsewhere");
  if (must_hold(back.apply(text_), "the way back") != start_)
    throw std::logic_error("the way back leads elsewhere");
  for (std::int64_t position = 0; position <= whole.base_length(); ++position)
    places.push_back({must_hold(whole.map_position(position, Bias::before), "a position"),
                      must_hold(whole.map_position(position, Bias::after), "a position")});
  return {{"accepted", std::move(accepted)}, {"text", text_},         {"whole", protocol::encode(whole)},
          {"back", protocol::encode(back)},  {"overlaps", overlaps_}, {"places", std::move(places)}};
}

}  // namespace berth::test
