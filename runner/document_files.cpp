// SPDX-License-Identifier: GPL-3.0-or-later
#include "runner/document_files.hpp"

#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <limits>

#include "protocol/frame.hpp"
#include "runner/fault_points.hpp"

namespace berth::runner {
namespace {

constexpr std::size_t read_size = 256u << 10;
constexpr std::uint64_t looked_at_of_paged = 1u << 20;  // to know its encoding

/// Where language servers point outside of home: headers and installed packages.
constexpr std::string_view readable_outside[] = {"/usr/", "/opt/"};

bool is_readable_outside(std::string_view path) {
  for (const auto prefix : readable_outside)
    if (path.starts_with(prefix)) return true;
  return false;
}

/// Up to the first `limit` bytes of the file.
Result<void> read_pieces(int fd, const std::string& path, std::uint64_t limit,
                         const std::function<void(std::string_view)>& on_piece) {
  std::string buffer(read_size, '\0');
  for (off_t offset = 0; static_cast<std::uint64_t>(offset) < limit;) {
    const auto length = ::pread(fd, buffer.data(), buffer.size(), offset);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return std::unexpected(net::error_of_errno(errno, path));
    if (length == 0) return {};
    on_piece({buffer.data(), static_cast<std::size_t>(length)});
    offset += length;
  }
  return {};
}

Result<Encoding> detect(int fd, const std::string& path, std::uint64_t limit) {
  EncodingDetector detector;
  auto done = read_pieces(fd, path, limit, [&](std::string_view piece) { detector.feed(piece); });
  if (!done) return std::unexpected(done.error());
  const auto encoding = detector.finish();
  if (!encoding)
    return failure(ErrorCode::unsupported, path + " is a binary file: download it to look at it.");
  return *encoding;
}

std::optional<protocol::ReadOnlyReason> read_only_reason(const LoadedDocument& document, bool malformed,
                                                         bool outside, bool writable) {
  using enum protocol::ReadOnlyReason;
  if (outside) return outside_home;
  if (!writable) return permission;
  if (document.paged) return size;
  if (malformed || document.encoding == Encoding::unknown) return protocol::ReadOnlyReason::encoding;
  if (document.line_ending == LineEnding::mixed) return protocol::ReadOnlyReason::line_ending;
  return std::nullopt;
}

/// The clock of files goes in steps: two states within one can't be told apart by their times.
bool is_fresh(const struct stat& status) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const auto age =
      (now.tv_sec - status.st_mtim.tv_sec) * 1000 + (now.tv_nsec - status.st_mtim.tv_nsec) / 1'000'000;
  return age < 50;
}

std::string timestamp() {
  const std::time_t now = std::time(nullptr);
  std::tm time{};
  ::gmtime_r(&now, &time);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H.%M.%S", &time);
  return text;
}

}  // namespace

Result<net::FileDescriptor> open_document_file(const net::HomeFiles& files, const std::string& path) {
  if (!path.starts_with('/')) {
    auto opened = files.open_for_reading(path);
    if (!opened) return std::unexpected(opened.error());
    return std::move(opened->fd);
  }
  auto root = net::ConfinedDirectory::open("/");
  if (!root) return std::unexpected(root.error());
  const net::HomeFiles all(std::move(*root));
  auto real = all.directory().canonical(path.substr(1));
  if (!real) return std::unexpected(real.error());
  if (!is_readable_outside(path) || !is_readable_outside("/" + *real))
    return failure(ErrorCode::permission_denied,
                   path + " is outside of the home directory and of the system's libraries.");
  auto opened = all.open_for_reading(*real);
  if (!opened) return std::unexpected(opened.error());
  return std::move(opened->fd);
}

Result<LoadedDocument> load_document(const net::HomeFiles& files, const std::string& path,
                                     std::optional<Encoding> encoding, std::uint64_t largest) {
  LoadedDocument document;
  const bool outside = path.starts_with('/');
  document.path = path;
  if (!outside) {
    auto canonical = files.directory().canonical(path);
    if (!canonical) return std::unexpected(canonical.error());
    document.path = std::move(*canonical);
  }
  auto fd = open_document_file(files, document.path);
  if (!fd) return std::unexpected(fd.error());
  struct stat status{};
  if (::fstat(fd->get(), &status) != 0) return std::unexpected(net::error_of_errno(errno, path));
  document.etag = net::etag_of(status);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  document.paged = size > largest;
  const auto limit = document.paged ? looked_at_of_paged : std::numeric_limits<std::uint64_t>::max();

  if (encoding) {
    document.encoding = *encoding;
  } else {
    auto detected = detect(fd->get(), path, limit);
    if (!detected) return std::unexpected(detected.error());
    document.encoding = *detected;
  }
  TextDecoder decoder(document.encoding);
  std::string piece_text;
  const auto take = [&] {
    document.length += piece_text.size();
    if (!document.paged) document.text.append(piece_text);
    piece_text.clear();
  };
  auto done = read_pieces(fd->get(), path, limit, [&](std::string_view piece) {
    decoder.feed(piece, piece_text);
    take();
  });
  if (!done) return std::unexpected(done.error());
  decoder.finish(piece_text);
  take();
  if (document.paged) document.length = size;
  struct stat after{};
  document.settled = ::fstat(fd->get(), &after) != 0 || net::etag_of(after) == document.etag;
  document.fresh = is_fresh(status);
  document.line_ending = decoder.line_ending();
  bool writable = !outside;
  if (!outside) {
    const auto place = files.directory().place_of(document.path);
    writable = place && ::faccessat(place->parent.get(), place->name.c_str(), W_OK, AT_EACCESS) == 0;
    if (auto marker = files.directory().open_at(document.path, O_PATH)) document.marker = std::move(*marker);
  }
  document.read_only = read_only_reason(document, decoder.malformed(), outside, writable);
  return document;
}

Result<PreparedSave> prepare_save(const net::HomeFiles& files, const DocumentSaveRequest& request) {
  auto write = files.begin_write(request.path, request.expected_etag, std::nullopt);
  if (!write) return std::unexpected(write.error());
  TextEncoder encoder(request.encoding, request.line_ending);
  std::string bytes = encoder.mark();
  const auto flush = [&]() -> Result<void> {
    auto done = write->append(bytes);
    bytes.clear();
    return done;
  };
  for (const auto& piece : request.text.pieces()) {
    if (!encoder.feed(piece->utf8, bytes)) {
      return failure(ErrorCode::unsupported, "\"" + encoder.missing() + "\" can't be written as " +
                                                 std::string(encoding_name(request.encoding)) +
                                                 ": convert the file to UTF-8.");
    }
    if (bytes.size() < read_size) continue;
    if (auto done = flush(); !done) return std::unexpected(done.error());
  }
  if (auto done = flush(); !done) return std::unexpected(done.error());
  fault_point("save.written");
  auto etag = write->sync();
  if (!etag) return std::unexpected(etag.error());
  return PreparedSave{std::move(*write), std::move(*etag)};
}

std::string name_beside(const net::HomeFiles& files, const std::string& path, std::string_view what) {
  const auto slash = path.rfind('/');
  const auto name_start = slash == path.npos ? 0 : slash + 1;
  auto dot = path.rfind('.');
  if (dot == path.npos || dot <= name_start) dot = path.size();
  const std::string label = " (" + std::string(what) + " " + timestamp();
  for (int attempt = 1;; ++attempt) {
    const std::string number = attempt == 1 ? "" : " " + std::to_string(attempt);
    auto name = path.substr(0, dot) + label + number + ")" + path.substr(dot);
    if (!files.directory().stat_entry(name)) return name;
  }
}

Result<std::string> write_beside(const net::HomeFiles& files, DocumentSaveRequest request) {
  request.path = name_beside(files, request.path, "conflict");
  request.expected_etag.clear();
  auto prepared = prepare_save(files, request);
  if (!prepared && prepared.error().code == ErrorCode::unsupported) {
    request.encoding = Encoding::utf8;  // better readable than lost
    prepared = prepare_save(files, request);
  }
  if (!prepared) return std::unexpected(prepared.error());
  if (auto committed = prepared->write.commit(); !committed) return std::unexpected(committed.error());
  return request.path;
}

}  // namespace berth::runner
