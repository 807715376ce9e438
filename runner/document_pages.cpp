// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_pages.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runner/document_files.hpp"
#include "runner/text_encoding.hpp"

namespace berth::runner {
namespace {

constexpr std::uint64_t usual_page = 256u << 10;
constexpr std::uint64_t looked_at_for_encoding = 1u << 20;

/// `length` bytes at `offset`; fewer only where the file ends.
Result<std::string> read_range(int fd, const std::string& path, std::uint64_t offset, std::uint64_t length) {
  std::string bytes(length, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto got = ::pread(fd, bytes.data() + have, bytes.size() - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(net::error_of_errno(errno, path));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

/// Where lines and characters of an encoding begin in its bytes. Offsets of UTF-16 are even.
class PageBytes {
 public:
  PageBytes(Encoding encoding, std::string_view bytes) : encoding_(encoding), bytes_(bytes) {}

  /// Behind the last line end; nullopt without one.
  std::optional<std::size_t> behind_last_line() const {
    if (!is_utf16()) {
      const auto at = bytes_.rfind('\n');
      return at == bytes_.npos ? std::nullopt : std::optional(at + 1);
    }
    for (auto at = bytes_.size() & ~std::size_t{1}; at >= 2; at -= 2)
      if (unit(at - 2) == u'\n') return at;
    return std::nullopt;
  }

  /// The end of the last whole character, and not between \r and \n.
  std::size_t behind_last_character() const {
    auto end = bytes_.size();
    if (is_utf16()) {
      end &= ~std::size_t{1};
      if (end >= 2 && ((unit(end - 2) & 0xFC00) == 0xD800 || unit(end - 2) == u'\r')) end -= 2;
      return end;
    }
    if (is_utf8()) end -= unfinished_utf8();
    if (end > 0 && bytes_[end - 1] == '\r') --end;
    return end;
  }

  /// How many bytes at the start are the rest of a character that began before.
  std::size_t rest_of_character() const {
    if (is_utf16()) return bytes_.size() >= 2 && (unit(0) & 0xFC00) == 0xDC00 ? 2 : 0;
    std::size_t rest = 0;
    if (is_utf8())
      while (rest < std::min<std::size_t>(bytes_.size(), 3) && continues(rest)) ++rest;
    return rest;
  }

 private:
  bool is_utf16() const { return encoding_ == Encoding::utf16le || encoding_ == Encoding::utf16be; }
  bool is_utf8() const { return encoding_ == Encoding::utf8 || encoding_ == Encoding::utf8_bom; }
  char16_t unit(std::size_t at) const {
    const auto first = static_cast<unsigned char>(bytes_[at]);
    const auto second = static_cast<unsigned char>(bytes_[at + 1]);
    return static_cast<char16_t>(encoding_ == Encoding::utf16le ? second << 8 | first : first << 8 | second);
  }
  bool continues(std::size_t at) const { return (static_cast<unsigned char>(bytes_[at]) & 0xC0) == 0x80; }
  std::size_t unfinished_utf8() const {
    std::size_t back = 0;
    while (back < std::min<std::size_t>(bytes_.size(), 3) && continues(bytes_.size() - 1 - back)) ++back;
    if (back >= bytes_.size()) return 0;
    const auto lead = static_cast<unsigned char>(bytes_[bytes_.size() - 1 - back]);
    const std::size_t wants = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    return wants > back + 1 ? back + 1 : 0;
  }

  Encoding encoding_;
  std::string_view bytes_;
};

Result<Encoding> encoding_of(int fd, const std::string& path) {
  auto head = read_range(fd, path, 0, looked_at_for_encoding);
  if (!head) return std::unexpected(head.error());
  EncodingDetector detector;
  detector.feed(*head);
  const auto encoding = detector.finish();
  if (!encoding)
    return failure(ErrorCode::unsupported, path + " is a binary file: download it to look at it.");
  return *encoding;
}

/// The start of the line that holds `offset`, else (it began more than half a page before, so that whoever
/// reads on within a long line does not come back to its start) of a character there.
Result<std::uint64_t> line_start(int fd, const std::string& path, Encoding encoding, std::uint64_t offset,
                                 std::uint64_t length) {
  const auto from = offset - std::min(offset, length / 2) / 2 * 2;
  auto before = read_range(fd, path, from, offset - from);
  if (!before) return std::unexpected(before.error());
  if (const auto line = PageBytes(encoding, *before).behind_last_line()) return from + *line;
  if (from <= 1) return 0;
  auto here = read_range(fd, path, offset, 4);
  if (!here) return std::unexpected(here.error());
  return offset + PageBytes(encoding, *here).rest_of_character();
}

}  // namespace

Result<protocol::DocumentPage::Result> read_document_page(const net::HomeFiles& files,
                                                          const protocol::DocumentPage::Params& params) {
  const auto length = params.length.value_or(usual_page);
  if (length < 1 || length > largest_page)
    return failure(ErrorCode::invalid_argument, "document/page.length: not in 1..1048576");
  auto fd = open_document_file(files, params.path);
  if (!fd) return std::unexpected(fd.error());
  struct stat status{};
  if (::fstat(fd->get(), &status) != 0) return std::unexpected(net::error_of_errno(errno, params.path));
  const auto size = static_cast<std::uint64_t>(status.st_size);

  auto encoding = params.encoding ? Result<Encoding>(*params.encoding) : encoding_of(fd->get(), params.path);
  if (!encoding) return std::unexpected(encoding.error());
  // Two bytes at least would be one unit of UTF-16; sixteen hold any character beside a line end.
  const auto wanted = std::max<std::uint64_t>(length, 16);
  const bool pairs = *encoding == Encoding::utf16le || *encoding == Encoding::utf16be;
  const auto asked = std::min(params.offset, size) / (pairs ? 2 : 1) * (pairs ? 2 : 1);
  auto start = line_start(fd->get(), params.path, *encoding, asked, wanted);
  if (!start) return std::unexpected(start.error());
  auto bytes = read_range(fd->get(), params.path, *start, wanted);
  if (!bytes) return std::unexpected(bytes.error());
  const bool last = *start + bytes->size() >= size;
  if (!last) {
    const PageBytes page(*encoding, *bytes);
    bytes->resize(page.behind_last_line().value_or(page.behind_last_character()));
  }

  protocol::DocumentPage::Result result{{},   *start,    last ? size : *start + bytes->size(),
                                        size, *encoding, net::etag_of(status)};
  TextDecoder decoder(*encoding);
  decoder.feed(*bytes, result.text);
  decoder.finish(result.text);
  return result;
}

}  // namespace berth::runner
