// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/incoming_chunks.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "protocol/net/confined_directory.hpp"
#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t incoming_read_size = 1u << 20;

}  // namespace

Result<void> IncomingChunks::open() {
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
    return std::unexpected(net::error_of_errno(errno, "The workspace's state"));
  fd_.reset(::open((directory_ + "/chunks").c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd_) return std::unexpected(net::error_of_errno(errno, "The workspace's state"));
  load();
  return {};
}

void IncomingChunks::load() {
  places_.clear();
  held_.clear();
  held_bytes_ = 0;
  end_ = 0;
  protocol::ObjectReader reader;
  std::string piece(incoming_read_size, '\0');
  for (std::uint64_t at = 0;;) {
    const auto length = ::pread(fd_.get(), piece.data(), piece.size(), static_cast<off_t>(at));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) break;
    at += static_cast<std::uint64_t>(length);
    reader.append(std::string_view(piece).substr(0, static_cast<std::size_t>(length)));
    auto next = reader.next();
    for (; next && *next; next = reader.next()) {
      const auto size = protocol::object_header + (*next)->bytes.size();
      places_[(*next)->id] = {end_, static_cast<std::uint32_t>(size)};
      end_ += size;
    }
    if (!next) break;
  }
  // What follows is the torn end of a death.
  [[maybe_unused]] const auto cut = ::ftruncate(fd_.get(), static_cast<off_t>(end_));
}

Result<void> IncomingChunks::add(protocol::StoredObject object) {
  if (object.gone || has(object.id)) return {};
  fault_point("restore.chunk");
  if (held_bytes_ + object.bytes.size() > most_in_memory) return add_to_file(object);
  held_bytes_ += object.bytes.size();
  const auto id = object.id;
  held_.emplace(id, std::move(object));
  return {};
}

Result<void> IncomingChunks::add_to_file(const protocol::StoredObject& object) {
  const auto bytes = protocol::encode_object(object);
  for (std::size_t done = 0; done < bytes.size();) {
    const auto length =
        ::pwrite(fd_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(end_ + done));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0)
      return std::unexpected(net::error_of_errno(length == 0 ? ENOSPC : errno, "The workspace's state"));
    done += static_cast<std::size_t>(length);
  }
  places_[object.id] = {end_, static_cast<std::uint32_t>(bytes.size())};
  end_ += bytes.size();
  return {};
}

Result<std::string> IncomingChunks::read_place(const protocol::ObjectId& id, const Place& place) const {
  std::string bytes(place.length, '\0');
  const auto length = ::pread(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(place.offset));
  protocol::ObjectReader reader;
  if (length == static_cast<ssize_t>(bytes.size())) reader.append(bytes);
  auto object = reader.next();
  if (!object || !*object || (*object)->id != id) return failure(ErrorCode::not_found, "damaged");
  return protocol::open_object(**object);
}

std::string IncomingChunks::get(const protocol::ObjectId& id) {
  Result<std::string> opened = std::string();
  if (const auto held = held_.find(id); held != held_.end())
    opened = protocol::open_object(held->second);
  else if (const auto place = places_.find(id); place != places_.end())
    opened = read_place(id, place->second);
  if (opened) return std::move(*opened);
  forget(id);
  return {};
}

void IncomingChunks::forget(const protocol::ObjectId& id) {
  if (const auto held = held_.find(id); held != held_.end()) {
    held_bytes_ -= held->second.bytes.size();
    held_.erase(held);
  } else if (places_.erase(id) != 0 && places_.empty()) {
    empty_file();
  }
}

void IncomingChunks::empty_file() {
  places_.clear();
  end_ = 0;
  if (fd_) [[maybe_unused]]
    const auto cut = ::ftruncate(fd_.get(), 0);
}

void IncomingChunks::clear() {
  held_.clear();
  held_bytes_ = 0;
  if (end_ != 0) empty_file();
}

void IncomingChunks::remove() {
  clear();
  fd_.reset();
  ::unlink((directory_ + "/chunks").c_str());
  ::rmdir(directory_.c_str());
}

}  // namespace berth::runner
