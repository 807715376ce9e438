// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixed_writes.hpp"

#include <fstream>
#include <sstream>

namespace berth::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_remembered = 180;  // a workspace has 200 named versions

/// A package of many small files, as a registry has it.
const std::string make_package =
    "mkdir -p ~/pack/lib && cd ~/pack && printf '{\"name\":\"pack\",\"version\":\"1.0.0\"}' > package.json "
    "&& "
    "for i in $(seq 900); do mkdir -p lib/d$((i % 30)); echo \"exports.n = $i;\" > lib/d$((i % 30))/$i.js; "
    "done && "
    "npm pack --silent > /dev/null && rm -rf lib && mkdir -p ~/project/npm && cd ~/project/npm && "
    "echo '{\"name\":\"app\",\"version\":\"1.0.0\"}' > package.json";

const std::string install =
    "rm -rf node_modules package-lock.json && "
    "npm install --silent --offline --no-audit --no-fund ~/pack/pack-1.0.0.tgz";

std::string text_in(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

MixedWrites::MixedWrites(DurablePlace& place, std::string repository)
    : place_(place), repository_(std::move(repository)) {}

void MixedWrites::prepare() { run_in_terminal(place_, make_package); }

// ---- acts

void MixedWrites::act(Soak& soak, const std::string& kind) {
  const auto which = kind == "type" ? 0 : kind == "shell" ? 6 : kind == "restore" ? 11 : soak.below(12);
  if (which < 5) return type(soak);
  if (which < 8) {
    const auto folder = "shell" + std::to_string(soak.below(3));
    return make(
        soak, folder,
        "for i in $(seq 25); do head -c $((i * 397)) /dev/urandom > f$i; done; mkdir -p deep/er empty; "
        "mv f3 deep/er/moved; ln -s ../deep link; chmod 640 f4; cp f5 f6; head -c 700000 /dev/urandom > "
        "large; "
        "cp large larger; echo " +
            fresh("end ") + " >> larger; truncate -s 300000 sparse");
  }
  if (which < 10)
    return make(soak, "clone" + std::to_string(soak.below(2)), "git clone -q " + repository_ + " work");
  if (which < 11) return make(soak, "npm", install);
  return restore(soak);
}

void MixedWrites::type(Soak& soak) {
  const auto path = path_of("typed" + std::to_string(soak.below(4)) + ".txt");
  const auto line = fresh("line ");
  type_and_wait_until_stored(place_, path, line + "\n", [&] { told_.lines[path].insert(line); });
  told_.stored_lines[path].insert(line);
}

void MixedWrites::make(Soak& soak, const std::string& folder, const std::string& command) {
  told_.folders.erase(folder);
  told_.stored_folders.erase(folder);
  const bool anew = folder != "npm";
  run_in_terminal(place_, "mkdir -p ~/project/" + folder + " && cd ~/project/" + folder +
                              (anew ? " && rm -rf ./* && " : " && ") + command);
  const auto made = picture_of(place_.home() / path_of(folder));
  told_.folders[folder] = made;
  if (soak.one_in(2) || !place_.all_stored()) return;
  told_.stored_folders[folder] = made;
}

void MixedWrites::restore(Soak& soak) {
  if (versions_.empty()) return;
  const auto before = remember_version(soak);
  if (!versions_.contains(before)) return;
  const auto wanted = any_remembered(soak);
  before_restore_ = before;
  told_ = {};
  place_.restore(wanted);
  before_restore_.reset();
  told_ = versions_.at(wanted).told;
}

// ---- what must be there

void MixedWrites::lose_what_was_not_stored() {
  told_.lines = told_.stored_lines;
  told_.folders = told_.stored_folders;
}

void MixedWrites::expect_acknowledged() {
  // What was typed is in its file a moment later.
  for (const auto& [path, lines] : told_.lines)
    for (const auto& line : lines)
      EXPECT_TRUE(
          eventually([&] { return ("\n" + text_in(place_.home() / path)).contains("\n" + line + "\n"); }, 5s))
          << path << " has lost \"" << line << "\", "
          << (told_.stored_lines[path].contains(line) ? "acknowledged as stored" : "acknowledged");
  for (const auto& [folder, expected] : told_.folders)
    EXPECT_EQ(difference(expected, picture_of(place_.home() / path_of(folder))), "")
        << folder << (told_.stored_folders.contains(folder) ? ", stored" : "");
}

void MixedWrites::settle_restore() {
  if (!before_restore_) return;
  const auto version = *before_restore_;
  expect_version(version);
  before_restore_.reset();
}

/// What a restore moves away lies in the trash, which is a part of the home.
HomePicture MixedWrites::picture() const {
  auto found = picture_of(place_.home());
  std::erase_if(found, [](const auto& line) { return line.first.starts_with(".local"); });
  return found;
}

std::string MixedWrites::any_remembered(Soak& soak) const {
  return std::next(versions_.begin(), static_cast<std::ptrdiff_t>(soak.below(versions_.size())))->first;
}

std::string MixedWrites::remember_version(Soak& soak) {
  if (versions_.size() >= most_remembered) {
    const auto forgotten = any_remembered(soak);
    place_.good("PATCH", place_.at("/versions/" + forgotten), {{"name", ""}});
    versions_.erase(forgotten);
  }
  std::error_code gone;
  fs::remove_all(place_.home() / ".local/share/Trash", gone);  // or it would grow with every restore
  if (!place_.all_stored()) throw std::runtime_error("not everything is stored");
  const auto before = picture();
  const auto version = place_.keep(fresh("round "));
  // Everything there is stored now.
  told_.stored_lines = told_.lines;
  told_.stored_folders = told_.folders;
  if (difference(before, picture()).empty()) versions_[version] = {before, told_};
  return version;
}

void MixedWrites::expect_version(const std::string& version) {
  const auto& remembered = versions_.at(version);
  place_.restore(version);
  EXPECT_EQ(difference(remembered.picture, picture()), "") << "version " << version;
  told_ = remembered.told;
}

void MixedWrites::expect_every_version() {
  for (const auto& [version, remembered] : versions_) expect_version(version);
}

}  // namespace berth::test
