// SPDX-License-Identifier: GPL-3.0-or-later
#include "home_picture.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "protocol/object_id.hpp"

namespace berth::test {
namespace {

namespace fs = std::filesystem;

bool is_left_out(const fs::path& relative) {
  const auto text = relative.string();
  return text == ".cache" || text == ".npm/_cacache" || relative.filename() == "__pycache__" ||
         relative.filename().string().starts_with(".berth-");
}

std::string line_of(const fs::path& path, bool with_time) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return "gone";
  std::ostringstream line;
  line << std::oct << (status.st_mode & 07777u) << std::dec;
  if (S_ISLNK(status.st_mode)) {
    // A symbolic link's own mode and time say nothing.
    return "link " + fs::read_symlink(path).string();
  }
  if (S_ISDIR(status.st_mode)) {
    line << " directory";
  } else {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    line << " file " << content.str().size() << " " << protocol::ObjectId::of(content.str()).hex();
  }
  if (with_time) line << " " << status.st_mtim.tv_sec << "." << status.st_mtim.tv_nsec;
  return line.str();
}

}  // namespace

HomePicture picture_of(const fs::path& home) {
  HomePicture picture;
  std::error_code error;
  fs::recursive_directory_iterator at(home, fs::directory_options::skip_permission_denied, error), end;
  for (; at != end; at.increment(error)) {
    const auto relative = at->path().lexically_relative(home);
    if (is_left_out(relative)) {
      at.disable_recursion_pending();
      continue;
    }
    picture[relative.string()] = line_of(at->path(), true);
  }
  return picture;
}

std::string difference(const HomePicture& expected, const HomePicture& found) {
  std::string text;
  int count = 0;
  const auto note = [&](const std::string& path, const std::string& was, const std::string& is) {
    if (++count <= 10) text += path + "\n  expected " + was + "\n  found    " + is + "\n";
  };
  for (const auto& [path, line] : expected) {
    const auto at = found.find(path);
    if (at == found.end() || at->second != line) note(path, line, at == found.end() ? "nothing" : at->second);
  }
  for (const auto& [path, line] : found)
    if (!expected.contains(path)) note(path, "nothing", line);
  return count == 0 ? "" : std::to_string(count) + " differences\n" + text;
}

}  // namespace berth::test
