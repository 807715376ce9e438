// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/tar_header.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace berth::client {
namespace {

constexpr std::size_t tar_block = 512;
constexpr std::uint64_t largest_octal = 077777777777;  // eleven digits

/// The header's fields, at the offsets that POSIX gives them.
struct UstarHeader {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6],
      version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
static_assert(sizeof(UstarHeader) == tar_block);

template <std::size_t N>
void put_octal(char (&field)[N], std::uint64_t value) {
  std::snprintf(field, N, "%0*llo", static_cast<int>(N - 1), static_cast<unsigned long long>(value));
}

template <std::size_t N>
void put_text(char (&field)[N], const std::string& text) {
  std::memcpy(field, text.data(), std::min(text.size(), N));
}

std::string ustar_block(const std::string& path, char type, const TarEntry& entry, std::uint64_t size) {
  UstarHeader header{};
  put_text(header.name, path);
  put_octal(header.mode, entry.mode & 07777);
  put_octal(header.uid, 0);
  put_octal(header.gid, 0);
  put_octal(header.size, std::min(size, largest_octal));
  put_octal(header.mtime, static_cast<std::uint64_t>(std::max<std::int64_t>(0, entry.modified)));
  header.type = type;
  put_text(header.link, entry.target);
  std::memcpy(header.magic, "ustar", 6);
  std::memcpy(header.version, "00", 2);
  std::memset(header.checksum, ' ', sizeof header.checksum);
  unsigned sum = 0;
  for (std::size_t i = 0; i < sizeof header; ++i) sum += reinterpret_cast<const unsigned char*>(&header)[i];
  std::snprintf(header.checksum, sizeof header.checksum, "%06o", sum);
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

/// "<length> <key>=<value>\n", where the length counts its own digits.
std::string pax_record(const std::string& key, const std::string& value) {
  const auto rest = " " + key + "=" + value + "\n";
  auto length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length)
    length = std::to_string(length).size() + rest.size();
  return std::to_string(length) + rest;
}

}  // namespace

std::size_t tar_padding(std::uint64_t size) { return (tar_block - size % tar_block) % tar_block; }

std::string tar_header(const TarEntry& entry) {
  const auto path = entry.type == TarEntry::Type::directory ? entry.path + "/" : entry.path;
  const auto size = entry.type == TarEntry::Type::file ? entry.size : 0;
  std::string records;
  if (path.size() > sizeof(UstarHeader::name)) records += pax_record("path", path);
  if (entry.target.size() > sizeof(UstarHeader::link)) records += pax_record("linkpath", entry.target);
  if (size > largest_octal) records += pax_record("size", std::to_string(size));
  std::string out;
  if (!records.empty()) {
    TarEntry plain;
    plain.modified = entry.modified;
    out = ustar_block("PaxHeader", 'x', plain, records.size()) + records +
          std::string(tar_padding(records.size()), '\0');
  }
  const char type = entry.type == TarEntry::Type::file      ? '0'
                    : entry.type == TarEntry::Type::symlink ? '2'
                                                            : '5';
  return out + ustar_block(path, type, entry, size);
}

}  // namespace berth::client
