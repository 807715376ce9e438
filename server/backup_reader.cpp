// SPDX-License-Identifier: GPL-3.0-or-later
#include <archive.h>
#include <archive_entry.h>

#include <fstream>

#include "server/backup_archive.hpp"
#include "server/blobs/directory_blob_store.hpp"

namespace berth::server {
namespace {

constexpr std::size_t largest_whole = 256u << 20;  // bytes of an entry that is taken into memory
constexpr std::size_t list_page = 1'000;

std::unexpected<Error> no_backup(const std::filesystem::path& source, const std::string& why) {
  return failure(ErrorCode::invalid_argument, source.string() + " is no backup of Berth: " + why + ".");
}

using Each = std::function<Result<void>(const BackupEntry&)>;

Result<void> read_file_entry(const std::filesystem::path& folder, const std::string& name, const Each& each) {
  std::ifstream file(folder / name, std::ios::binary);
  std::error_code error;
  const auto size = std::filesystem::file_size(folder / name, error);
  if (!file || error) return no_backup(folder, name + " can't be read");
  const BackupEntry entry{name, size, [&](std::size_t most) -> Result<std::string> {
                            std::string bytes(most, '\0');
                            file.read(bytes.data(), static_cast<std::streamsize>(most));
                            if (file.bad()) return no_backup(folder, name + " can't be read");
                            bytes.resize(static_cast<std::size_t>(file.gcount()));
                            return bytes;
                          }};
  return each(entry);
}

Result<void> read_folder(const std::filesystem::path& folder, const Each& each) {
  std::error_code error;
  if (!std::filesystem::exists(folder / backup_description, error))
    return no_backup(folder, std::string(backup_description) + " is missing, it may not have been finished");
  for (const auto* name : {backup_description, backup_database, "server.key", "storage.key"})
    if (std::filesystem::exists(folder / name, error))
      if (auto done = read_file_entry(folder, name, each); !done) return done;
  auto blobs = DirectoryBlobStore::open(folder / "blobs");
  if (!blobs) return std::unexpected(blobs.error());
  for (std::string after;;) {
    const auto page = (*blobs)->list("", after, list_page);
    if (!page) return std::unexpected(page.error());
    for (const auto& blob : *page) {
      after = blob.key;
      std::uint64_t offset = 0;
      const BackupEntry entry{backup_blobs + blob.key, blob.size,
                              [&](std::size_t most) -> Result<std::string> {
                                auto bytes = (*blobs)->get(blob.key, offset, most);
                                if (bytes) offset += bytes->size();
                                return bytes;
                              }};
      if (auto done = each(entry); !done) return done;
    }
    if (page->size() < list_page) return {};
  }
}

Result<void> read_tar(const std::filesystem::path& file, const Each& each) {
  const std::unique_ptr<archive, decltype(&::archive_read_free)> tar(::archive_read_new(),
                                                                     &::archive_read_free);
  ::archive_read_support_format_tar(tar.get());
  const auto broken = [&] {
    const char* why = ::archive_error_string(tar.get());
    return no_backup(file, why ? why : "unknown");
  };
  if (::archive_read_open_filename(tar.get(), file.c_str(), 1u << 16) != ARCHIVE_OK) return broken();
  archive_entry* header = nullptr;
  for (bool first = true;; first = false) {
    const int next = ::archive_read_next_header(tar.get(), &header);
    if (next == ARCHIVE_EOF && !first) return {};
    if (next != ARCHIVE_OK) return broken();
    const char* name = ::archive_entry_pathname(header);
    if (name == nullptr || ::archive_entry_filetype(header) != AE_IFREG)
      return no_backup(file, "it holds something else than files");
    if (first && std::string(name) != backup_description)
      return no_backup(file, std::string(backup_description) + " does not come first");
    const BackupEntry entry{name, static_cast<std::uint64_t>(::archive_entry_size(header)),
                            [&](std::size_t most) -> Result<std::string> {
                              std::string bytes(most, '\0');
                              const auto got = ::archive_read_data(tar.get(), bytes.data(), bytes.size());
                              if (got < 0) return broken();
                              bytes.resize(static_cast<std::size_t>(got));
                              return bytes;
                            }};
    if (auto done = each(entry); !done) return done;
  }
}

}  // namespace

Result<std::string> BackupEntry::all() const {
  if (size > largest_whole)
    return failure(ErrorCode::invalid_argument, "The backup is damaged: " + name + " is too large.");
  std::string whole;
  while (whole.size() <= size) {
    auto some = read(std::max<std::size_t>(size - whole.size(), 1));
    if (!some) return some;
    if (some->empty()) break;
    whole += *some;
  }
  if (whole.size() != size)
    return failure(ErrorCode::invalid_argument, "The backup is damaged: " + name + " is not complete.");
  return whole;
}

Result<void> read_backup(const std::filesystem::path& source, const Each& each) {
  std::error_code error;
  if (std::filesystem::is_directory(source, error)) return read_folder(source, each);
  if (std::filesystem::is_regular_file(source, error)) return read_tar(source, each);
  return failure(ErrorCode::not_found, "There is no backup at " + source.string() + ".");
}

}  // namespace berth::server
