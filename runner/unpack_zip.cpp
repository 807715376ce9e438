// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives by their directory at the end (APPNOTE.TXT 6.3, with its 64-bit fields): stored and deflated
// entries, Unix modes and links. Read piece by piece, so that no directory of any size takes memory.
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "runner/unpack.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t zip_piece = 128u << 10;
constexpr std::uint64_t ns_per_second = 1'000'000'000;

std::unexpected<Error> damaged_zip(const std::string& what) {
  return failure(ErrorCode::invalid_argument, "it is no whole zip archive: " + what);
}

/// Little-endian numbers of a record; what lies past its end is 0.
class ZipFields {
 public:
  explicit ZipFields(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number(std::size_t at, std::size_t width) const {
    std::uint64_t value = 0;
    for (std::size_t i = width; i-- > 0;)
      value = value << 8 | (at + i < bytes_.size() ? static_cast<unsigned char>(bytes_[at + i]) : 0u);
    return value;
  }

 private:
  std::string_view bytes_;
};

struct ZipDirectory {
  std::uint64_t begin = 0, size = 0, entries = 0;
  std::uint64_t base = 0;  // what stands before the archive: a program that unpacks it
};

struct ZipEntry {
  std::string name;
  unsigned flags = 0, method = 0, host = 0;
  std::uint32_t crc = 0, attributes = 0;
  std::uint64_t packed = 0, size = 0, place = 0;
  std::int64_t modified = 0;  // nanoseconds
  std::size_t length = 0;     // of the directory's record

  std::uint32_t mode() const { return host == 3 || host == 19 ? attributes >> 16 : 0; }
  bool is_folder() const {
    return name.ends_with('/') || S_ISDIR(mode()) || (host == 0 && (attributes & 0x10u) != 0);
  }
};

/// MS-DOS's date and time, which names no zone: taken for UTC.
std::int64_t dos_time(std::uint64_t date, std::uint64_t time) {
  std::tm parts{};
  parts.tm_year = static_cast<int>(date >> 9) + 80;
  parts.tm_mon = static_cast<int>(date >> 5 & 15) - 1;
  parts.tm_mday = static_cast<int>(date & 31);
  parts.tm_hour = static_cast<int>(time >> 11);
  parts.tm_min = static_cast<int>(time >> 5 & 63);
  parts.tm_sec = static_cast<int>(time & 31) * 2;
  return static_cast<std::int64_t>(::timegm(&parts)) * static_cast<std::int64_t>(ns_per_second);
}

class ZipArchive {
 public:
  ZipArchive(int file, UnpackedFolder& folder, const UnpackLimits& limits, const UnpackProgress& progress)
      : file_(file), folder_(folder), limits_(limits), progress_(progress) {}

  Result<void> unpack() {
    struct stat status{};
    if (::fstat(file_, &status) != 0) return damaged_zip(std::strerror(errno));
    size_ = static_cast<std::uint64_t>(status.st_size);
    const auto directory = find_directory();
    if (!directory) return std::unexpected(directory.error());
    if (directory->entries > limits_.entries)
      return failure(ErrorCode::limit_exceeded, "it has more than " + std::to_string(limits_.entries) +
                                                    " files and folders, the most allowed");
    auto at = directory->begin;
    const auto end = directory->begin + directory->size;
    while (at < end) {
      const auto entry = entry_at(at, end);
      if (!entry) return std::unexpected(entry.error());
      if (auto unpacked = unpack_entry(*entry, directory->base); !unpacked) return unpacked;
      at += entry->length;
      progress_(static_cast<double>(at - directory->begin) / static_cast<double>(directory->size));
    }
    return {};
  }

 private:
  /// Shorter at the file's end.
  std::string read(std::uint64_t at, std::size_t length) const {
    std::string bytes(length, '\0');
    std::size_t got = 0;
    while (got < length) {
      const auto count = ::pread(file_, bytes.data() + got, length - got, static_cast<off_t>(at + got));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      got += static_cast<std::size_t>(count);
    }
    bytes.resize(got);
    return bytes;
  }

  Result<ZipDirectory> find_directory() const {
    constexpr std::size_t record = 22, longest_comment = 65'535;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(size_, record + longest_comment));
    const auto tail = read(size_ - length, length);
    for (auto at = tail.rfind("PK\5\6"); at != tail.npos;
         at = at == 0 ? tail.npos : tail.rfind("PK\5\6", at - 1)) {
      const ZipFields end(std::string_view(tail).substr(at));
      if (tail.size() - at < record || at + record + end.number(20, 2) > tail.size()) continue;
      return directory_by(end, size_ - length + at);
    }
    return damaged_zip("its directory is missing");
  }

  Result<ZipDirectory> directory_by(const ZipFields& end, std::uint64_t at) const {
    ZipDirectory directory{end.number(16, 4), end.number(12, 4), end.number(10, 2), 0};
    auto behind = at;  // where the directory ends
    const auto locator = at >= 20 ? read(at - 20, 20) : std::string();
    if (locator.starts_with("PK\6\7")) {
      behind = ZipFields(locator).number(8, 8);
      auto wide = behind < size_ ? read(behind, 56) : std::string();
      if (!wide.starts_with("PK\6\6") && at >= 76)
        wide = read(behind = at - 76, 56);  // something stands before
      if (wide.size() < 56 || !wide.starts_with("PK\6\6"))
        return damaged_zip("its large directory is missing");
      const ZipFields fields(wide);
      directory = {fields.number(48, 8), fields.number(40, 8), fields.number(32, 8), 0};
    }
    if (directory.size > behind || directory.begin > behind - directory.size)
      return damaged_zip("its directory lies outside of it");
    directory.base = behind - directory.size - directory.begin;
    directory.begin += directory.base;
    return directory;
  }

  Result<ZipEntry> entry_at(std::uint64_t at, std::uint64_t end) {
    constexpr std::size_t record = 46;
    const bool all_held = at >= held_at_ && held_at_ + held_.size() >= end;
    if (!all_held && (at < held_at_ || at - held_at_ + record + 3 * 65'535 > held_.size())) {
      held_ = read(at, static_cast<std::size_t>(std::min<std::uint64_t>(end - at, zip_piece + 3 * 65'535)));
      held_at_ = at;
    }
    const auto bytes = std::string_view(held_).substr(static_cast<std::size_t>(at - held_at_));
    const ZipFields fields(bytes);
    const auto name = fields.number(28, 2), extra = fields.number(30, 2), comment = fields.number(32, 2);
    ZipEntry entry{.name = {},
                   .flags = static_cast<unsigned>(fields.number(8, 2)),
                   .method = static_cast<unsigned>(fields.number(10, 2)),
                   .host = static_cast<unsigned>(fields.number(5, 1)),
                   .crc = static_cast<std::uint32_t>(fields.number(16, 4)),
                   .attributes = static_cast<std::uint32_t>(fields.number(38, 4)),
                   .packed = fields.number(20, 4),
                   .size = fields.number(24, 4),
                   .place = fields.number(42, 4),
                   .modified = dos_time(fields.number(14, 2), fields.number(12, 2)),
                   .length = static_cast<std::size_t>(record + name + extra + comment)};
    if (!bytes.starts_with("PK\1\2") || entry.length > bytes.size() || at + entry.length > end)
      return damaged_zip("its directory is cut off");
    entry.name = bytes.substr(record, static_cast<std::size_t>(name));
    // FAT knows no backslash in a name: some programs write one between folders.
    if (entry.host == 0) std::ranges::replace(entry.name, '\\', '/');
    take_extra(bytes.substr(static_cast<std::size_t>(record + name), static_cast<std::size_t>(extra)), entry);
    return entry;
  }

  /// Fields of 64 bits and Unix's time of modification.
  static void take_extra(std::string_view extra, ZipEntry& entry) {
    while (extra.size() >= 4) {
      const ZipFields head(extra);
      const auto kind = head.number(0, 2);
      const auto length =
          std::min<std::size_t>(static_cast<std::size_t>(head.number(2, 2)), extra.size() - 4);
      const auto body = extra.substr(4, length);
      const ZipFields fields(body);
      if (kind == 0x0001) {
        std::size_t at = 0;
        for (auto* value : {&entry.size, &entry.packed, &entry.place})
          if (*value == 0xFFFFFFFF && at + 8 <= body.size())
            *value = fields.number(std::exchange(at, at + 8), 8);
      } else if (kind == 0x5455 && body.size() >= 5 && (body[0] & 1) != 0) {
        entry.modified = static_cast<std::int64_t>(static_cast<std::int32_t>(fields.number(1, 4))) *
                         static_cast<std::int64_t>(ns_per_second);
      }
      extra.remove_prefix(4 + length);
    }
  }

  Result<void> unpack_entry(const ZipEntry& entry, std::uint64_t base) {
    if (entry.is_folder()) return folder_.directory(entry.name, entry.modified);
    const auto kind = entry.mode() & S_IFMT;
    if (kind != 0 && kind != S_IFREG && kind != S_IFLNK) {
      folder_.leave_out();
      return {};
    }
    if ((entry.flags & 1u) != 0)
      return failure(ErrorCode::unsupported, "it is encrypted: make one without a password");
    if (entry.method != 0 && entry.method != 8)
      return failure(ErrorCode::unsupported, "it is compressed in a way that is not known here (method " +
                                                 std::to_string(entry.method) + "): make one with deflate");
    if (base > size_ || entry.place > size_ - base) return damaged_zip("an entry lies outside of it");
    const auto head = read(base + entry.place, 30);
    if (head.size() < 30 || !head.starts_with("PK\3\4")) return damaged_zip("an entry is missing");
    const ZipFields fields(head);
    const auto data = base + entry.place + 30 + fields.number(26, 2) + fields.number(28, 2);
    if (data > size_ || entry.packed > size_ - data) return damaged_zip("an entry is cut off");
    if (kind == S_IFLNK) return unpack_link(entry, data);
    const auto mode = entry.mode() == 0 ? 0644u : entry.mode() & 0777u;
    if (auto begun = folder_.begin_file(entry.name, mode, entry.modified, entry.size); !begun) return begun;
    auto done = bytes_of(entry, data, [this](std::string_view piece) { return folder_.write(piece); });
    if (!done) return done;
    return folder_.end_file();
  }

  Result<void> unpack_link(const ZipEntry& entry, std::uint64_t data) {
    std::string target;
    if (entry.size > 4095) return damaged_zip("a link is too long");
    auto done = bytes_of(entry, data, [&](std::string_view piece) -> Result<void> {
      target.append(piece);
      return {};
    });
    if (!done) return done;
    return folder_.symlink(entry.name, target);
  }

  template <class Sink>
  Result<void> bytes_of(const ZipEntry& entry, std::uint64_t data, Sink sink) {
    std::uint64_t given = 0;
    auto crc = ::crc32(0, nullptr, 0);
    const auto take = [&](std::string_view piece) -> Result<void> {
      given += piece.size();
      if (given > entry.size) return damaged_zip("an entry is longer than it says");
      crc = ::crc32(crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
      return sink(piece);
    };
    auto done =
        entry.method == 0 || entry.packed == 0 ? stored(entry, data, take) : inflated(entry, data, take);
    if (!done) return done;
    if (given != entry.size || crc != entry.crc) return damaged_zip("an entry has other bytes than it says");
    return {};
  }

  template <class Take>
  Result<void> stored(const ZipEntry& entry, std::uint64_t data, const Take& take) {
    for (std::uint64_t at = 0; at < entry.packed;) {
      const auto piece =
          read(data + at, static_cast<std::size_t>(std::min<std::uint64_t>(zip_piece, entry.packed - at)));
      if (piece.empty()) return damaged_zip("an entry is cut off");
      if (auto taken = take(piece); !taken) return taken;
      at += piece.size();
    }
    return {};
  }

  template <class Take>
  Result<void> inflated(const ZipEntry& entry, std::uint64_t data, const Take& take) {
    z_stream stream{};
    if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK)
      return failure(ErrorCode::internal, "there is no memory left");
    const struct End {
      z_stream& stream;
      ~End() { ::inflateEnd(&stream); }
    } end{stream};
    std::string in, out(zip_piece, '\0');
    std::uint64_t at = 0;
    for (int state = Z_OK; state != Z_STREAM_END;) {
      if (stream.avail_in == 0) {
        in = read(data + at, static_cast<std::size_t>(std::min<std::uint64_t>(zip_piece, entry.packed - at)));
        at += in.size();
        stream.next_in = reinterpret_cast<Bytef*>(in.data());
        stream.avail_in = static_cast<uInt>(in.size());
      }
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(out.size());
      state = ::inflate(&stream, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END) return damaged_zip("an entry is not deflated as it says");
      if (auto taken = take(std::string_view(out).substr(0, out.size() - stream.avail_out)); !taken)
        return taken;
    }
    return {};
  }

  const int file_;
  UnpackedFolder& folder_;
  const UnpackLimits& limits_;
  const UnpackProgress& progress_;
  std::uint64_t size_ = 0;
  std::string held_;  // of the directory
  std::uint64_t held_at_ = 0;
};

}  // namespace

Result<void> unpack_zip(int archive, UnpackedFolder& folder, const UnpackLimits& limits,
                        const UnpackProgress& progress) {
  return ZipArchive(archive, folder, limits, progress).unpack();
}

}  // namespace berth::runner
