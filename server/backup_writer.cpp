// SPDX-License-Identifier: GPL-3.0-or-later
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "protocol/net/file_descriptor.hpp"
#include "server/backup_archive.hpp"
#include "server/blobs/directory_blob_store.hpp"

namespace berth::server {
namespace {

constexpr std::size_t backup_piece = 1u << 20;  // bytes of a large file in hand

std::unexpected<Error> backup_failure(const std::filesystem::path& what, const std::string& why) {
  return failure(ErrorCode::unavailable, "The backup can't be written: " + what.string() + ": " + why);
}

Result<void> write_all(int fd, std::string_view bytes, const std::filesystem::path& file) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return backup_failure(file, std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Calls `take` with the bytes of `file`, a backup_piece at a time.
Result<void> read_file(const std::filesystem::path& file,
                       const std::function<Result<void>(std::string_view)>& take) {
  const net::FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return backup_failure(file, std::strerror(errno));
  std::string buffer(backup_piece, '\0');
  for (;;) {
    const auto got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return backup_failure(file, std::strerror(errno));
    if (got == 0) return {};
    if (auto taken = take({buffer.data(), static_cast<std::size_t>(got)}); !taken) return taken;
  }
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const net::FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return backup_failure(folder, std::strerror(errno));
  return {};
}

class FolderWriter final : public BackupWriter {
 public:
  FolderWriter(std::filesystem::path folder, std::unique_ptr<BlobStore> blobs)
      : folder_(std::move(folder)), blobs_(std::move(blobs)) {}

  Result<bool> has(const std::string& key, std::uint64_t size) override {
    wanted_.insert(key);
    const auto there = blobs_->stat(key);
    if (!there) return std::unexpected(there.error());
    return *there && (*there)->size == size;
  }
  Result<void> put_blob(const std::string& key, const std::string& bytes) override {
    wanted_.insert(key);
    return blobs_->put(key, bytes);
  }
  Result<void> put(const std::string& name, const std::string& bytes) override {
    return draft(name, [&](int fd) { return write_all(fd, bytes, folder_ / name); });
  }
  Result<void> put_file(const std::string& name, const std::filesystem::path& file) override {
    return draft(name, [&](int fd) {
      return read_file(file, [&](std::string_view bytes) { return write_all(fd, bytes, folder_ / name); });
    });
  }
  Result<void> finish() override {
    for (const auto& name : drafts_)
      if (::rename((folder_ / (name + ".new")).c_str(), (folder_ / name).c_str()) != 0)
        return backup_failure(folder_ / name, std::strerror(errno));
    if (auto synced = sync_folder(folder_); !synced) return synced;
    return remove_others();
  }

 private:
  Result<void> draft(const std::string& name, const std::function<Result<void>(int)>& write) {
    const auto path = folder_ / (name + ".new");
    const net::FileDescriptor fd(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return backup_failure(path, std::strerror(errno));
    if (auto written = write(fd.get()); !written) return written;
    if (::fsync(fd.get()) != 0) return backup_failure(path, std::strerror(errno));
    drafts_.push_back(name);
    return {};
  }
  /// Blobs that only an earlier backup into this folder needed.
  Result<void> remove_others() {
    std::vector<std::string> others;
    for (std::string after;;) {
      const auto page = blobs_->list("", after, 1'000);
      if (!page) return std::unexpected(page.error());
      for (const auto& blob : *page) {
        after = blob.key;
        if (!wanted_.contains(blob.key)) others.push_back(blob.key);
      }
      if (page->size() < 1'000) break;
    }
    for (const auto& key : others)
      if (auto removed = blobs_->remove(key); !removed) return removed;
    return {};
  }

  std::filesystem::path folder_;
  std::unique_ptr<BlobStore> blobs_;
  std::set<std::string> wanted_;
  std::vector<std::string> drafts_;
};

class TarWriter final : public BackupWriter {
 public:
  TarWriter(std::filesystem::path file, net::FileDescriptor fd)
      : file_(std::move(file)), fd_(std::move(fd)), archive_(::archive_write_new()) {}
  ~TarWriter() override {
    ::archive_write_free(archive_);
    if (!finished_) ::unlink((file_.string() + ".new").c_str());
  }
  Result<void> begin() {
    if (::archive_write_set_format_pax_restricted(archive_) != ARCHIVE_OK ||
        ::archive_write_open_fd(archive_, fd_.get()) != ARCHIVE_OK)
      return broken();
    return {};
  }
  Result<bool> has(const std::string&, std::uint64_t) override { return false; }
  Result<void> put_blob(const std::string& key, const std::string& bytes) override {
    return put(backup_blobs + key, bytes);
  }
  Result<void> put(const std::string& name, const std::string& bytes) override {
    if (auto begun = header(name, bytes.size()); !begun) return begun;
    return data(bytes);
  }
  Result<void> put_file(const std::string& name, const std::filesystem::path& file) override {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) return backup_failure(file, error.message());
    if (auto begun = header(name, size); !begun) return begun;
    return read_file(file, [&](std::string_view bytes) { return data(bytes); });
  }
  Result<void> finish() override {
    if (::archive_write_close(archive_) != ARCHIVE_OK) return broken();
    if (::fsync(fd_.get()) != 0 || ::rename((file_.string() + ".new").c_str(), file_.c_str()) != 0)
      return backup_failure(file_, std::strerror(errno));
    finished_ = true;
    return sync_folder(file_.parent_path());
  }

 private:
  std::unexpected<Error> broken() {
    const char* why = ::archive_error_string(archive_);
    return backup_failure(file_, why ? why : "unknown");
  }
  Result<void> header(const std::string& name, std::uint64_t size) {
    auto* entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, name.c_str());
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(size));
    ::archive_entry_set_filetype(entry, AE_IFREG);
    ::archive_entry_set_perm(entry, 0600);
    const int done = ::archive_write_header(archive_, entry);
    ::archive_entry_free(entry);
    if (done != ARCHIVE_OK) return broken();
    return {};
  }
  Result<void> data(std::string_view bytes) {
    if (::archive_write_data(archive_, bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size()))
      return broken();
    return {};
  }

  std::filesystem::path file_;
  net::FileDescriptor fd_;
  archive* archive_;
  bool finished_ = false;
};

}  // namespace

Result<std::unique_ptr<BackupWriter>> open_backup_writer(const std::filesystem::path& target) {
  const auto path = std::filesystem::absolute(target).lexically_normal();
  if (path.extension() == ".tar") {
    const auto draft = path.string() + ".new";
    net::FileDescriptor fd(
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return backup_failure(draft, std::strerror(errno));
    auto writer = std::make_unique<TarWriter>(path, std::move(fd));
    if (auto begun = writer->begin(); !begun) return std::unexpected(begun.error());
    return writer;
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return backup_failure(path, std::strerror(errno));
  std::error_code error;
  if (!std::filesystem::is_empty(path, error) && !std::filesystem::exists(path / backup_description, error) &&
      !std::filesystem::exists(path / "blobs", error))
    return failure(ErrorCode::already_exists,
                   path.string() + " holds something else than a backup; name an empty folder.");
  auto blobs = DirectoryBlobStore::open(path / "blobs");
  if (!blobs) return std::unexpected(blobs.error());
  return std::make_unique<FolderWriter>(path, std::move(*blobs));
}

}  // namespace berth::server
