// SPDX-License-Identifier: GPL-3.0-or-later
// The layout is the freedesktop.org Trash specification's (1.0), as in protocol/net/home_trees.cpp.
#include "runner/kept_texts.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace berth::runner {
namespace {

constexpr std::string_view kept_files = ".local/share/Trash/files";
constexpr std::string_view kept_info = ".local/share/Trash/info";
constexpr int new_trash_file = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

std::string trash_time(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm time{};
  ::gmtime_r(&now, &time);
  char text[40];
  return {text, std::strftime(text, sizeof text, format, &time)};
}

std::string as_trash_path(std::string_view path) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
        c == '_' || c == '-' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

Result<void> write_to_trash(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(net::error_of_errno(errno, "The trash"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::uint64_t> write_encoded(int fd, const DocumentText& text, Encoding encoding,
                                    LineEnding line_ending) {
  // What the encoding lacks is better in another one than lost.
  for (const auto used : {encoding, Encoding::utf8}) {
    if (::ftruncate(fd, 0) != 0 || ::lseek(fd, 0, SEEK_SET) != 0)
      return std::unexpected(net::error_of_errno(errno, "The trash"));
    TextEncoder encoder(used, line_ending == LineEnding::mixed ? LineEnding::lf : line_ending);
    std::string bytes = encoder.mark();
    std::uint64_t written = 0;
    bool whole = used != Encoding::unknown;
    for (const auto& piece : text.pieces()) {
      if (!whole) break;
      whole = encoder.feed(piece->utf8, bytes);
      if (auto done = write_to_trash(fd, bytes); !done) return std::unexpected(done.error());
      written += bytes.size();
      bytes.clear();
    }
    if (whole) return written;
  }
  return failure(ErrorCode::unsupported, "The text could not be written.");
}

struct NameParts {
  std::string directory, stem, extension;  // "folder/", "main", ".py"
};

/// Shortened so that a label fits into a name.
NameParts name_parts(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto start = slash == path.npos ? 0 : slash + 1;
  auto dot = path.rfind('.');
  if (dot == path.npos || dot <= start || path.size() - dot > 40) dot = path.size();
  auto stem = path.substr(start, dot - start);
  if (stem.size() > 150) {
    std::size_t end = 150;
    while (end > 0 && (static_cast<unsigned char>(stem[end]) & 0xc0) == 0x80) --end;
    stem.resize(end);
  }
  return {path.substr(0, start), std::move(stem), path.substr(dot)};
}

std::string info_of(const std::string& home, const std::string& path) {
  return "[Trash Info]\nPath=" + as_trash_path(home + "/" + path) +
         "\nDeletionDate=" + trash_time("%Y-%m-%dT%H:%M:%S") + "\nX-Berth-Path=" + as_trash_path(path) + "\n";
}

}  // namespace

Result<std::string> KeptTexts::keep(const std::string& path, const DocumentText& text, Encoding encoding,
                                    LineEnding line_ending) {
  const std::lock_guard lock(mutex_);
  make_room(text.bytes());
  for (const auto folder : {kept_files, kept_info})
    if (auto made = files_.create_directory(folder); !made && made.error().code != ErrorCode::already_exists)
      return std::unexpected(made.error());
  auto files = files_.directory().open_at(kept_files, O_RDONLY | O_DIRECTORY);
  auto info = files_.directory().open_at(kept_info, O_RDONLY | O_DIRECTORY);
  if (!files) return std::unexpected(files.error());
  if (!info) return std::unexpected(info.error());

  const auto parts = name_parts(path);
  const auto label = parts.stem + " (before " + trash_time("%Y-%m-%d %H.%M.%S");
  for (int attempt = 1; attempt < 1000; ++attempt) {
    const auto name = label + (attempt == 1 ? "" : " " + std::to_string(attempt)) + ")" + parts.extension;
    const auto info_name = name + ".trashinfo";
    const net::FileDescriptor claim(::openat(info->get(), info_name.c_str(), new_trash_file, 0600));
    if (!claim && errno == EEXIST) continue;
    if (!claim) return std::unexpected(net::error_of_errno(errno, path));
    const net::FileDescriptor out(::openat(files->get(), name.c_str(), new_trash_file, 0600));
    auto done = out ? write_to_trash(claim.get(), info_of(files_.directory().path(), parts.directory + name))
                    : std::unexpected(net::error_of_errno(errno, path));
    auto written =
        done ? write_encoded(out.get(), text, encoding, line_ending) : std::unexpected(done.error());
    // What it came from may be forgotten by a journal next.
    if (written && (::fsync(out.get()) != 0 || ::fsync(files->get()) != 0))
      written = std::unexpected(net::error_of_errno(errno, path));
    if (written) {
      kept_.push_back({name, *written});
      bytes_ += *written;
      return std::string(kept_files) + "/" + name;
    }
    if (out) ::unlinkat(files->get(), name.c_str(), 0);
    ::unlinkat(info->get(), info_name.c_str(), 0);
    return std::unexpected(written.error());
  }
  return failure(ErrorCode::limit_exceeded, "The trash is full of entries of this name: empty it first.");
}

void KeptTexts::make_room(std::uint64_t bytes) {
  while (!kept_.empty() && (kept_.size() >= most_texts || bytes_ + bytes > most_bytes)) {
    const auto oldest = kept_.front();
    kept_.pop_front();
    bytes_ -= oldest.bytes;
    // A person may have taken it from there already.
    if (const auto folder = files_.directory().open_at(kept_files, O_RDONLY | O_DIRECTORY))
      ::unlinkat(folder->get(), oldest.name.c_str(), 0);
    if (const auto folder = files_.directory().open_at(kept_info, O_RDONLY | O_DIRECTORY))
      ::unlinkat(folder->get(), (oldest.name + ".trashinfo").c_str(), 0);
  }
}

}  // namespace berth::runner
