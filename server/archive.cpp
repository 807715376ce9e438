// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "protocol/net/task.hpp"
#include "protocol/text_operation.hpp"

namespace berth::server {
namespace {

using protocol::TreeEntryType;

constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr std::size_t most_zip_entries = 1'000'000;  // a zip's directory is kept in memory until its end

/// libarchive translates names by the thread's locale; berthd itself runs in "C".
class Utf8Locale {
 public:
  Utf8Locale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_) before_ = ::uselocale(locale_);
  }
  ~Utf8Locale() {
    if (!locale_) return;
    ::uselocale(before_);
    ::freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t before_{};
};

struct FreeWriter {
  void operator()(archive* writer) const {
    archive_write_fail(writer);  // else it would be finished: all bytes that an entry still lacks, as zeros
    archive_write_free(writer);
  }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Writer = std::unique_ptr<archive, FreeWriter>;
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

la_ssize_t append_to(archive*, void* out, const void* bytes, std::size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

std::unexpected<Error> writer_failed(archive* writer) {
  const char* why = archive_error_string(writer);
  return failure(ErrorCode::internal, "The archive could not be made.", why ? why : "no reason given");
}

/// Entries and bytes in, an archive's bytes out (`out`, taken by who calls).
class ArchiveWriter {
 public:
  Result<void> open(ArchiveFormat format) {
    writer_.reset(archive_write_new());
    if (!writer_) return failure(ErrorCode::internal, "The archive could not be made.", "no memory");
    zip_ = format == ArchiveFormat::zip;
    int state =
        zip_ ? archive_write_set_format_zip(writer_.get()) : archive_write_set_format_pax(writer_.get());
    const auto also = [&](int next) { state = std::min(state, next); };
    if (format == ArchiveFormat::tar_gz) also(archive_write_add_filter_gzip(writer_.get()));
    if (format == ArchiveFormat::tar_zst) also(archive_write_add_filter_zstd(writer_.get()));
    also(archive_write_set_options(
        writer_.get(), zip_ ? "zip:hdrcharset=UTF-8,zip:compression-level=4" : "pax:hdrcharset=UTF-8"));
    if (format == ArchiveFormat::tar_gz)
      also(archive_write_set_options(writer_.get(), "gzip:compression-level=4"));
    also(archive_write_set_bytes_in_last_block(writer_.get(), 1));
    also(archive_write_open(writer_.get(), &out, nullptr, append_to, nullptr));
    if (state < ARCHIVE_WARN) return writer_failed(writer_.get());
    return {};
  }

  Result<void> begin(const ArchiveEntry& given, const std::string& name) {
    Entry entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_mtime(entry.get(), seconds_of(given.modified),
                            static_cast<long>(given.modified - seconds_of(given.modified) * nanoseconds));
    archive_entry_set_perm(entry.get(), given.mode & 07777);
    archive_entry_set_size(entry.get(), 0);
    switch (given.type) {
      case TreeEntryType::file:
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(given.size));
        break;
      case TreeEntryType::directory:
        archive_entry_set_filetype(entry.get(), AE_IFDIR);
        break;
      case TreeEntryType::symlink:
        archive_entry_set_filetype(entry.get(), AE_IFLNK);
        archive_entry_set_symlink(entry.get(), given.target.c_str());
        break;
    }
    if (archive_write_header(writer_.get(), entry.get()) < ARCHIVE_WARN) return writer_failed(writer_.get());
    return {};
  }

  Result<void> write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto taken = archive_write_data(writer_.get(), bytes.data(), bytes.size());
      if (taken <= 0) return writer_failed(writer_.get());
      bytes.remove_prefix(static_cast<std::size_t>(taken));
    }
    return {};
  }

  Result<void> close() {
    if (archive_write_close(writer_.get()) < ARCHIVE_WARN) return writer_failed(writer_.get());
    return {};
  }

  bool zip() const { return zip_; }
  std::string out;

 private:
  static std::int64_t seconds_of(std::int64_t time) {
    return time >= 0 ? time / nanoseconds : -((-time + nanoseconds - 1) / nanoseconds);
  }
  Writer writer_;
  bool zip_ = false;
};

/// Pulled: each step writes one entry's header or one piece of its bytes, so `out` stays small.
class ArchiveSource final : public ByteSource {
 public:
  ArchiveSource(std::unique_ptr<ArchiveContent> content, ArchiveFormat format, boost::asio::thread_pool& pool)
      : content_(std::move(content)), format_(format), pool_(pool) {}

  net::Task<Result<std::string>> read() override {
    while (true) {
      if (auto ready = co_await content_->prepare(); !ready)
        co_return std::unexpected(std::move(ready.error()));
      auto piece = co_await net::offload(pool_, [this] { return next_piece(); });
      if (!piece || !piece->empty() || step_ == Step::closed) co_return piece;
    }
  }

 private:
  enum class Step { open, entries, bytes, closed };

  Result<std::string> next_piece() {
    const Utf8Locale locale;
    while (writer_.out.size() < byte_stream_piece && step_ != Step::closed && content_->prepared())
      if (auto stepped = advance(); !stepped) return std::unexpected(std::move(stepped.error()));
    std::string piece = writer_.out.substr(0, byte_stream_piece);
    writer_.out.erase(0, piece.size());
    return piece;
  }

  Result<void> advance() {
    switch (step_) {
      case Step::open:
        step_ = Step::entries;
        return writer_.open(format_);
      case Step::entries:
        return next_entry();
      case Step::bytes:
        return next_bytes();
      case Step::closed:
        break;
    }
    return {};
  }

  Result<void> next_entry() {
    if (writer_.zip() && ++entries_ > most_zip_entries) {
      own_problems_.push_back(
          {".", "everything after the first million entries is missing; a tar has no such limit"});
      return finish();
    }
    auto entry = content_->next();
    if (!entry) return std::unexpected(std::move(entry.error()));
    if (!*entry) return finish();
    if ((*entry)->path.starts_with(problems_file)) top_names_.insert((*entry)->path);
    if ((*entry)->type == TreeEntryType::file) {
      step_ = Step::bytes;
      left_ = (*entry)->size;
    }
    return writer_.begin(**entry, name_of((*entry)->path));
  }

  Result<void> next_bytes() {
    auto bytes = content_->read();
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    if (bytes->size() > left_) bytes->resize(left_);
    left_ -= bytes->size();
    if (!bytes->empty()) return writer_.write(*bytes);
    if (left_ == 0) {
      step_ = Step::entries;
      return {};
    }
    // The size was promised. The content has named the problem.
    const std::string zeros(std::min<std::uint64_t>(left_, byte_stream_piece), '\0');
    left_ -= zeros.size();
    return writer_.write(zeros);
  }

  /// Names in a zip are UTF-8 by its header; in a tar they are bytes.
  std::string name_of(const std::string& path) {
    if (!writer_.zip() || protocol::is_valid_utf8(path)) return path;
    std::string name = path;
    std::ranges::replace_if(name, [](unsigned char c) { return c >= 0x80; }, '_');
    own_problems_.push_back({name, "its name is no UTF-8 and was changed for the zip"});
    return name;
  }

  Result<void> finish() {
    step_ = Step::closed;
    auto problems = content_->problems();
    problems.insert(problems.end(), own_problems_.begin(), own_problems_.end());
    if (!problems.empty()) {
      std::string text = "These could not be put into this archive as they should be:\n\n";
      for (const auto& problem : problems) text += problem.path + ": " + problem.reason + "\n";
      std::string name(problems_file);
      for (int number = 2; top_names_.contains(name); ++number)
        name = std::string(problems_file) + "." + std::to_string(number);
      const ArchiveEntry entry{
          .path = name,
          .type = TreeEntryType::file,
          .mode = 0644,
          .modified = std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count(),
          .size = text.size(),
          .target = {}};
      if (auto begun = writer_.begin(entry, name); !begun) return begun;
      if (auto written = writer_.write(text); !written) return written;
    }
    return writer_.close();
  }

  std::unique_ptr<ArchiveContent> content_;
  ArchiveFormat format_;
  boost::asio::thread_pool& pool_;
  ArchiveWriter writer_;
  Step step_ = Step::open;
  std::size_t entries_ = 0;
  std::uint64_t left_ = 0;           // of the current file's promised bytes
  std::set<std::string> top_names_;  // that begin like the problems' file
  std::vector<protocol::PathProblem> own_problems_;
};

}  // namespace

Result<ArchiveFormat> parse_archive_format(std::string_view text) {
  if (text == "zip") return ArchiveFormat::zip;
  if (text == "tar.gz") return ArchiveFormat::tar_gz;
  if (text == "tar.zst") return ArchiveFormat::tar_zst;
  return failure(ErrorCode::invalid_argument, "query.format: must be zip, tar.gz or tar.zst");
}

std::string_view file_ending(ArchiveFormat format) {
  switch (format) {
    case ArchiveFormat::zip:
      return ".zip";
    case ArchiveFormat::tar_gz:
      return ".tar.gz";
    case ArchiveFormat::tar_zst:
      return ".tar.zst";
  }
  return {};
}

std::unique_ptr<ByteSource> make_archive_source(std::unique_ptr<ArchiveContent> content, ArchiveFormat format,
                                                boost::asio::thread_pool& pool) {
  return std::make_unique<ArchiveSource>(std::move(content), format, pool);
}

}  // namespace berth::server
