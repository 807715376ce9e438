// SPDX-License-Identifier: GPL-3.0-or-later
// The file: a line with the home's identity, then frames: length (4 bytes) and CRC-32 (4) of what follows;
// kind (1: put, 2: remove), length of the path (2), path, record.
#include "runner/home_index.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>

#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

constexpr std::string_view magic = "berth-home-index 1 ";
constexpr std::size_t frame_size = 8;
constexpr std::uint32_t largest_frame = 256u << 20;
constexpr std::size_t flush_size = 1u << 20;
constexpr char put_kind = 1, remove_kind = 2;

void append_number(std::string& out, std::uint32_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

std::uint32_t number_at(std::string_view bytes, int count) {
  std::uint32_t number = 0;
  for (int i = 0; i < count; ++i) number |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return number;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::string framed(char kind, const std::string& directory, std::string_view record) {
  std::string body(1, kind);
  append_number(body, static_cast<std::uint32_t>(directory.size()), 2);
  body += directory;
  body += record;
  std::string out;
  append_number(out, static_cast<std::uint32_t>(body.size()), 4);
  append_number(out, checksum(body), 4);
  return out += body;
}

bool read_exactly(int fd, std::uint64_t offset, char* out, std::size_t size) {
  while (size > 0) {
    const auto length = ::pread(fd, out, size, static_cast<off_t>(offset));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return false;
    out += length;
    offset += static_cast<std::uint64_t>(length);
    size -= static_cast<std::size_t>(length);
  }
  return true;
}

bool write_all(int fd, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto length = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(length));
    offset += static_cast<std::uint64_t>(length);
  }
  return true;
}

/// The first key behind everything below `directory`.
std::string end_of_tree(const std::string& directory) { return directory + "0"; }  // '0' follows '/'

}  // namespace

HomeIndex::HomeIndex(std::string path, std::string identity)
    : path_(std::move(path)), identity_(std::move(identity)) {}

bool HomeIndex::begin_file() {
  const std::string header = std::string(magic) + identity_ + "\n";
  fd_.reset(::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  end_ = live_ = 0;
  if (!fd_ || !write_all(fd_.get(), 0, header)) return false;
  end_ = live_ = header.size();
  return true;
}

bool HomeIndex::read_header(std::uint64_t& offset) const {
  const std::string wanted = std::string(magic) + identity_ + "\n";
  std::string header(wanted.size(), '\0');
  offset = header.size();
  return fd_ && read_exactly(fd_.get(), 0, header.data(), header.size()) && header == wanted;
}

void HomeIndex::load() {
  fd_.reset(::open(path_.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  std::uint64_t offset = 0;
  if (!read_header(offset)) {
    begin_file();
    return;
  }
  load_records(offset);
  if (end_ > 2 * live_ + flush_size) compact();
}

void HomeIndex::load_records(std::uint64_t offset) {
  live_ = offset;
  const auto size = static_cast<std::uint64_t>(std::max<off_t>(::lseek(fd_.get(), 0, SEEK_END), 0));
  std::string frame(frame_size, '\0'), body;
  while (offset + frame_size <= size && read_exactly(fd_.get(), offset, frame.data(), frame_size)) {
    const auto length = number_at(frame, 4);
    if (length < 3 || length > largest_frame || length > size - offset - frame_size) break;
    body.resize(length);
    if (!read_exactly(fd_.get(), offset + frame_size, body.data(), length)) break;
    const std::size_t path_length = number_at(std::string_view(body).substr(1), 2);
    if (checksum(body) != number_at(std::string_view(frame).substr(4), 4) || 3 + path_length > length) break;
    const auto directory = body.substr(3, path_length);
    if (body[0] == remove_kind) {
      remove(directory);
      removals_.clear();
    } else if (body[0] == put_kind) {
      auto& place = places_[directory];
      live_ -= place.length;
      place = {offset + frame_size + 3 + path_length, static_cast<std::uint32_t>(length - 3 - path_length)};
      live_ += place.length;
    }
    offset += frame_size + length;
  }
  // What follows is a torn or damaged end.
  if (offset < size) [[maybe_unused]]
    const auto cut = ::ftruncate(fd_.get(), static_cast<off_t>(offset));
  end_ = offset;
}

std::optional<std::string> HomeIndex::bytes_of(const std::string& directory, const Place& place) const {
  if (place.offset == 0) {
    const auto found = unwritten_.find(directory);
    return found == unwritten_.end() ? std::nullopt : std::optional(found->second);
  }
  std::string bytes(place.length, '\0');
  if (!read_exactly(fd_.get(), place.offset, bytes.data(), bytes.size())) return std::nullopt;
  return bytes;
}

std::optional<DirectoryRecord> HomeIndex::read(const std::string& directory) const {
  const auto found = places_.find(directory);
  if (found == places_.end()) return std::nullopt;
  const auto bytes = bytes_of(directory, found->second);
  return bytes ? decode_record(*bytes) : std::nullopt;
}

void HomeIndex::put(const std::string& directory, const DirectoryRecord& record) {
  news_.insert(directory);
  auto bytes = encode_record(record);
  auto& place = places_[directory];
  if (place.offset != 0) live_ -= place.length;
  place = {0, static_cast<std::uint32_t>(bytes.size())};
  auto& slot = unwritten_[directory];
  unwritten_bytes_ += bytes.size() - slot.size();
  slot = std::move(bytes);
  if (unwritten_bytes_ > flush_size) flush();
}

void HomeIndex::remove(const std::string& directory) {
  const auto drop = [&](std::map<std::string, Place>::iterator it) {
    if (it->second.offset != 0) live_ -= it->second.length;
    if (const auto found = unwritten_.find(it->first); found != unwritten_.end()) {
      unwritten_bytes_ -= found->second.size();
      unwritten_.erase(found);
    }
    return places_.erase(it);
  };
  if (const auto found = places_.find(directory); found != places_.end()) drop(found);
  const auto end = places_.lower_bound(end_of_tree(directory));
  for (auto it = places_.lower_bound(directory + "/"); it != end;) it = drop(it);
  removals_ += framed(remove_kind, directory, {});
}

void HomeIndex::for_each(const std::function<bool(const std::string&, const DirectoryRecord&)>& visit) const {
  for (const auto& directory : news_)
    if (const auto record = read(directory); record && !visit(directory, *record)) return;
  for (const auto& [directory, place] : places_) {
    const auto bytes = bytes_of(directory, place);
    const auto record = bytes ? decode_record(*bytes) : std::nullopt;
    if (record && !visit(directory, *record)) return;
  }
}

void HomeIndex::flush() {
  if (unwritten_.empty() && removals_.empty()) return;
  if (!fd_ || end_ == 0)
    if (!begin_file()) return;
  // Removals first: a directory that was removed and made anew has been put since.
  std::string bytes = removals_;
  std::map<std::string, Place> written;
  for (const auto& [directory, record] : unwritten_) {
    bytes += framed(put_kind, directory, record);
    written[directory] = {end_ + bytes.size() - record.size(), static_cast<std::uint32_t>(record.size())};
  }
  if (!write_all(fd_.get(), end_, bytes)) return;
  fault_point("index.written");
  end_ += bytes.size();
  for (const auto& [directory, place] : written) {
    places_[directory] = place;
    live_ += place.length;
  }
  unwritten_.clear();
  unwritten_bytes_ = 0;
  removals_.clear();
  if (end_ > 2 * live_ + flush_size) compact();
}

void HomeIndex::compact() {
  HomeIndex next(path_ + ".new", identity_);
  if (!next.begin_file()) return;
  for (const auto& [directory, place] : places_) {
    const auto bytes = bytes_of(directory, place);
    if (!bytes) continue;
    next.places_[directory] = {0, static_cast<std::uint32_t>(bytes->size())};
    next.unwritten_bytes_ += bytes->size();
    next.unwritten_[directory] = std::move(*bytes);
    if (next.unwritten_bytes_ > flush_size) next.flush();
  }
  next.flush();
  fault_point("index.compacted");
  if (!next.unwritten_.empty() || ::rename(next.path_.c_str(), path_.c_str()) != 0) {
    ::unlink(next.path_.c_str());
    return;
  }
  fd_ = std::move(next.fd_);
  end_ = next.end_;
  live_ = next.live_;
  places_ = std::move(next.places_);
}

}  // namespace berth::runner
