// SPDX-License-Identifier: GPL-3.0-or-later
// Zip and tar archives byte by byte, for tests: also such as no archiver writes.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace berth::runner::testing {

inline std::string little_endian(std::uint64_t value, int width) {
  std::string out;
  for (int i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

inline std::string raw_deflate(std::string_view bytes) {
  z_stream stream{};
  ::deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(::deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

class ZipBytes {
 public:
  struct Entry {
    std::string name;
    std::string bytes;
    std::uint32_t mode = 0100644;  // Unix's, with the type
    bool deflated = false;
    unsigned flags = 0x800;  // the name is UTF-8
    unsigned host = 3;
    std::uint64_t claimed_size = ~0ull;  // instead of the true one
    unsigned method = 99;                // instead of the true one
  };
  ZipBytes& add(const Entry& entry) {
    const auto data = entry.deflated ? raw_deflate(entry.bytes) : entry.bytes;
    const auto size = entry.claimed_size == ~0ull ? entry.bytes.size() : entry.claimed_size;
    const auto method = entry.method == 99 ? (entry.deflated ? 8u : 0u) : entry.method;
    const auto crc =
        ::crc32(0, reinterpret_cast<const Bytef*>(entry.bytes.data()), static_cast<uInt>(entry.bytes.size()));
    const auto place = body_.size();
    const auto common = little_endian(20, 2) + little_endian(entry.flags, 2) + little_endian(method, 2) +
                        little_endian(0, 2) + little_endian(0x5821, 2) + little_endian(crc, 4) +
                        little_endian(data.size(), 4) + little_endian(size, 4) +
                        little_endian(entry.name.size(), 2) + little_endian(0, 2);
    body_ += "PK\3\4" + common + entry.name + data;
    directory_ += "PK\1\2" + little_endian(20 | entry.host << 8, 2) + common + little_endian(0, 2 + 2 + 2) +
                  little_endian(static_cast<std::uint64_t>(entry.mode) << 16, 4) + little_endian(place, 4) +
                  entry.name;
    ++entries_;
    return *this;
  }
  std::string bytes(std::uint64_t claimed_entries = ~0ull) const {
    const auto count = claimed_entries == ~0ull ? entries_ : claimed_entries;
    return body_ + directory_ + std::string("PK\5\6", 4) + little_endian(0, 4) + little_endian(count, 2) +
           little_endian(count, 2) + little_endian(directory_.size(), 4) + little_endian(body_.size(), 4) +
           little_endian(0, 2);
  }

 private:
  std::string body_, directory_;
  std::uint64_t entries_ = 0;
};

class TarBytes {
 public:
  /// One header and its data; `size` claims another size than `data`'s.
  TarBytes& raw(const std::string& name, char type, const std::string& data = {},
                const std::string& target = {}, unsigned mode = 0644, std::uint64_t size = ~0ull) {
    std::string head(512, '\0');
    const auto put = [&](std::size_t at, std::string_view text) { head.replace(at, text.size(), text); };
    const auto octal = [](std::uint64_t value, int digits) {
      char text[24];
      std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(value));
      return std::string(text);
    };
    put(0, std::string_view(name).substr(0, 100));
    put(100, octal(mode, 7));
    put(108, octal(0, 7));
    put(116, octal(0, 7));
    put(124, octal(size == ~0ull ? data.size() : size, 11));
    put(136, octal(1'700'000'000, 11));
    put(148, "        ");
    head[156] = type;
    put(157, std::string_view(target).substr(0, 100));
    put(257, std::string_view("ustar\00000", 8));
    unsigned sum = 0;
    for (const char c : head) sum += static_cast<unsigned char>(c);
    put(148, octal(sum, 6) + std::string("\0 ", 2));
    bytes_ += head + data + std::string((512 - data.size() % 512) % 512, '\0');
    return *this;
  }
  TarBytes& file(const std::string& name, const std::string& data, unsigned mode = 0644) {
    return raw(name, '0', data, {}, mode);
  }
  /// A pax header of the next entry.
  TarBytes& pax(const std::string& key, const std::string& value) {
    const auto rest = " " + key + "=" + value + "\n";
    auto length = rest.size() + 1;
    while (std::to_string(length).size() + rest.size() != length) ++length;
    return raw("pax", 'x', std::to_string(length) + rest);
  }
  std::string bytes() const { return bytes_ + std::string(1024, '\0'); }
  std::string without_end() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace berth::runner::testing
