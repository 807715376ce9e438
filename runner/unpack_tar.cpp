// SPDX-License-Identifier: GPL-3.0-or-later
// Tar archives: ustar and pax (POSIX.1-2001), GNU's long names and large numbers. Names are taken as the
// bytes that they are, whatever charset a header claims.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

#include "runner/unpack.hpp"
#include "runner/unpack_bytes.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t tar_block = 512;
constexpr std::size_t longest_tar_extension = 1u << 20;  // bytes, of a long name or of pax's records
constexpr std::size_t tar_piece = 128u << 10;
constexpr std::size_t most_tar_padding = 16u << 20;  // bytes that are looked at behind the end
constexpr std::int64_t tar_second = 1'000'000'000;   // nanoseconds

std::unexpected<Error> damaged_tar(const std::string& what) {
  return failure(ErrorCode::invalid_argument, "it is no whole tar archive: " + what);
}

using TarBlock = std::array<char, tar_block>;

std::string tar_text(const TarBlock& block, std::size_t at, std::size_t length) {
  return {block.data() + at, ::strnlen(block.data() + at, length)};
}

/// Octal digits, or with the first bit set a big-endian number; nullopt for neither.
std::optional<std::int64_t> tar_number(const TarBlock& block, std::size_t at, std::size_t length) {
  if ((static_cast<unsigned char>(block[at]) & 0x80u) != 0) {
    // 0x80: positive, 0xff: negative; more than 63 bits are nobody's.
    std::uint64_t value = static_cast<unsigned char>(block[at]) == 0xff ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 1; i < length; ++i) value = value << 8 | static_cast<unsigned char>(block[at + i]);
    return static_cast<std::int64_t>(value);
  }
  std::int64_t value = 0;
  std::size_t i = at;
  while (i < at + length && block[i] == ' ') ++i;
  for (; i < at + length && block[i] != ' ' && block[i] != '\0'; ++i) {
    if (block[i] < '0' || block[i] > '7' || value > (std::int64_t{1} << 59)) return std::nullopt;
    value = value * 8 + (block[i] - '0');
  }
  return value;
}

bool tar_checksum_fits(const TarBlock& block) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i)
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(block[i]);
  return tar_number(block, 148, 8) == sum;
}

struct TarEntry {
  std::string path, target;
  char type = '0';
  std::uint32_t mode = 0;
  std::int64_t modified = 0;  // nanoseconds
  std::uint64_t size = 0;
};

/// What extended headers say of the next entry.
struct TarExtension {
  std::optional<std::string> path, target;
  std::optional<std::uint64_t> size;
  std::optional<std::int64_t> modified;
  bool sparse = false;
};

/// "1700000000.25" → nanoseconds.
std::optional<std::int64_t> pax_time(std::string_view text) {
  std::int64_t seconds = 0, fraction = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds > 1ll << 33 || seconds < -(1ll << 33)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  std::int64_t scale = tar_second;
  if (text.starts_with('.'))
    for (const char digit : text.substr(1)) {
      if (digit < '0' || digit > '9' || scale == 1) break;
      scale /= 10;
      fraction += (digit - '0') * scale;
    }
  return seconds * tar_second + (seconds < 0 ? -fraction : fraction);
}

Result<void> take_pax(std::string_view records, TarExtension& extension) {
  while (!records.empty() && records.front() != '\0') {
    std::size_t length = 0;
    const auto [digits, error] = std::from_chars(records.data(), records.data() + records.size(), length);
    const auto head = static_cast<std::size_t>(digits - records.data()) + 1;
    if (error != std::errc() || length > records.size() || length <= head || *digits != ' ' ||
        records[length - 1] != '\n')
      return damaged_tar("an extended header is damaged");
    const auto record = records.substr(head, length - head - 1);
    records.remove_prefix(length);
    const auto sign = record.find('=');
    if (sign == record.npos) return damaged_tar("an extended header is damaged");
    const auto key = record.substr(0, sign), value = record.substr(sign + 1);
    if (key == "path") extension.path = value;
    if (key == "linkpath") extension.target = value;
    if (key == "mtime") extension.modified = pax_time(value);
    if (key.starts_with("GNU.sparse.")) extension.sparse = true;
    if (key == "size") {
      std::uint64_t size = 0;
      const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), size);
      if (wrong != std::errc() || end != value.data() + value.size())
        return damaged_tar("a size is no number");
      extension.size = size;
    }
  }
  return {};
}

class TarArchive {
 public:
  TarArchive(UnpackedBytes& bytes, UnpackedFolder& folder, const UnpackProgress& progress)
      : bytes_(bytes), folder_(folder), progress_(progress) {}

  Result<void> unpack() {
    TarExtension extension;
    for (bool first = true;; first = false) {
      TarBlock block;
      const auto got = bytes_.read(block.data(), block.size());
      if (!got) return std::unexpected(got.error());
      // Some programs write no end; a block of zeros is one.
      if (*got == 0 && !first) return {};
      if (*got < tar_block) return damaged_tar("it is cut off");
      if (std::ranges::all_of(block, [](char c) { return c == '\0'; })) return read_to_end();
      if (!tar_checksum_fits(block)) return damaged_tar("an entry's head is damaged");
      const auto entry = entry_of(block, extension);
      if (!entry) return std::unexpected(entry.error());
      progress_(bytes_.progress());
      if (std::string_view("xLKg").find(entry->type) != std::string_view::npos) {
        if (auto taken = take_extension(*entry, extension); !taken) return taken;
        continue;
      }
      if (extension.sparse || entry->type == 'S')
        return failure(ErrorCode::unsupported, "it has sparse files: make one without --sparse");
      if (auto done = unpack_entry(*entry); !done) return done;
      extension = {};
    }
  }

 private:
  static Result<TarEntry> entry_of(const TarBlock& block, const TarExtension& extension) {
    TarEntry entry{.path = tar_text(block, 0, 100), .target = tar_text(block, 157, 100), .type = block[156]};
    const auto prefix = tar_text(block, 345, 155);
    if (std::memcmp(block.data() + 257, "ustar\0", 6) == 0 && !prefix.empty())
      entry.path = prefix + "/" + entry.path;
    const auto size = tar_number(block, 124, 12), mode = tar_number(block, 100, 8),
               time = tar_number(block, 136, 12);
    if (!size || *size < 0) return damaged_tar("an entry's size is no number");
    entry.size = static_cast<std::uint64_t>(*size);
    entry.mode = static_cast<std::uint32_t>(mode.value_or(0644)) & 07777u;
    entry.modified = std::clamp<std::int64_t>(time.value_or(0), -(1ll << 33), 1ll << 33) * tar_second;
    if (std::string_view("xLKg").find(entry.type) != std::string_view::npos) return entry;
    if (extension.path) entry.path = *extension.path;
    if (extension.target) entry.target = *extension.target;
    if (extension.size) entry.size = *extension.size;
    if (extension.modified) entry.modified = *extension.modified;
    return entry;
  }

  Result<void> take_extension(const TarEntry& entry, TarExtension& extension) {
    if (entry.size > longest_tar_extension) return damaged_tar("an extended header is too long");
    std::string text(static_cast<std::size_t>(entry.size), '\0');
    const auto got = bytes_.read(text.data(), text.size());
    if (!got) return std::unexpected(got.error());
    if (*got < text.size()) return damaged_tar("it is cut off");
    if (auto skipped = skip(padding(entry.size)); !skipped) return skipped;
    if (entry.type == 'x') return take_pax(text, extension);
    if (entry.type == 'g') return {};  // of all entries: nothing that is used here
    text.resize(::strnlen(text.data(), text.size()));
    (entry.type == 'L' ? extension.path : extension.target) = std::move(text);
    return {};
  }

  Result<void> unpack_entry(const TarEntry& entry) {
    switch (entry.type) {
      case '\0':
      case '0':
      case '7':
        if (entry.path.ends_with('/')) return folder_.directory(entry.path, entry.modified);
        return unpack_file(entry);
      case '1':
        return folder_.hard_link(entry.path, entry.target);
      case '2':
        return folder_.symlink(entry.path, entry.target);
      case '5':
        return folder_.directory(entry.path, entry.modified);
      case 'D':  // GNU's listing of a folder
        if (auto made = folder_.directory(entry.path, entry.modified); !made) return made;
        return skip(entry.size + padding(entry.size));
      case 'V':  // a name for the archive
        return skip(entry.size + padding(entry.size));
      case '3':
      case '4':
      case '6':
        folder_.leave_out();
        return {};
      default:
        folder_.leave_out();
        return skip(entry.size + padding(entry.size));
    }
  }

  Result<void> unpack_file(const TarEntry& entry) {
    if (auto begun = folder_.begin_file(entry.path, entry.mode, entry.modified, entry.size); !begun)
      return begun;
    std::string piece(tar_piece, '\0');
    for (std::uint64_t left = entry.size; left > 0;) {
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
      const auto got = bytes_.read(piece.data(), length);
      if (!got) return std::unexpected(got.error());
      if (*got < length) return damaged_tar("it is cut off");
      if (auto written = folder_.write(std::string_view(piece).substr(0, length)); !written) return written;
      left -= length;
      progress_(bytes_.progress());
    }
    if (auto ended = folder_.end_file(); !ended) return ended;
    return skip(padding(entry.size));
  }

  /// What follows is padding, and then the sums by which the compression knows itself whole.
  Result<void> read_to_end() {
    std::string piece(tar_piece, '\0');
    for (std::size_t read = 0; read < most_tar_padding; read += piece.size()) {
      const auto got = bytes_.read(piece.data(), piece.size());
      if (!got) return std::unexpected(got.error());
      if (*got < piece.size()) break;
    }
    return {};
  }

  static std::uint64_t padding(std::uint64_t size) { return (tar_block - size % tar_block) % tar_block; }

  Result<void> skip(std::uint64_t length) {
    std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(length, tar_piece)), '\0');
    while (length > 0) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(length, piece.size()));
      const auto got = bytes_.read(piece.data(), wanted);
      if (!got) return std::unexpected(got.error());
      if (*got < wanted) return damaged_tar("it is cut off");
      length -= wanted;
      progress_(bytes_.progress());
    }
    return {};
  }

  UnpackedBytes& bytes_;
  UnpackedFolder& folder_;
  const UnpackProgress& progress_;
};

}  // namespace

Result<void> unpack_tar(int archive, UnpackedFolder& folder, const UnpackProgress& progress) {
  auto bytes = open_unpacked_bytes(archive);
  if (!bytes) return std::unexpected(bytes.error());
  return TarArchive(**bytes, folder, progress).unpack();
}

}  // namespace berth::runner
