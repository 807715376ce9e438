// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory storing a large home takes in the server. A program of its own, because it counts every
// byte that operator new has given and not got back: what the process's size says depends on the allocator,
// on what ran before, and on the machine.
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <new>

#include "server/sync_intake.hpp"
#include "storage_fixture.hpp"

namespace {

std::atomic<std::int64_t> bytes_in_hand{0}, most_in_hand{0};

void* take(std::size_t size, std::size_t alignment) {
  void* given = alignment <= alignof(std::max_align_t)
                    ? std::malloc(size)
                    : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (given == nullptr) throw std::bad_alloc();
  const auto now = bytes_in_hand += static_cast<std::int64_t>(::malloc_usable_size(given));
  for (auto most = most_in_hand.load(); now > most && !most_in_hand.compare_exchange_weak(most, now);) {
  }
  return given;
}

void give_back(void* given) noexcept {
  if (given == nullptr) return;
  bytes_in_hand -= static_cast<std::int64_t>(::malloc_usable_size(given));
  std::free(given);
}

}  // namespace

// The others of the standard library end in these.
void* operator new(std::size_t size) { return take(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* given) noexcept { give_back(given); }
void operator delete(void* given, std::size_t) noexcept { give_back(given); }
void operator delete(void* given, std::align_val_t) noexcept { give_back(given); }
void operator delete(void* given, std::size_t, std::align_val_t) noexcept { give_back(given); }

namespace berth::server {
namespace {

using protocol::ObjectId;
using protocol::TreeEntry;

constexpr std::size_t chunk_size = 64u << 10;

/// Content that nothing can compress, made when it is asked for.
std::string made_content(std::uint64_t seed, std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;
  for (std::size_t at = 0; at + sizeof state <= size; at += sizeof state) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    std::memcpy(bytes.data() + at, &state, sizeof state);
  }
  return bytes;
}

/// A home of any size in little memory: a large file, and many small ones in folders of a hundred.
class MadeHome final : public RunnerSync {
 public:
  /// With another `seed` it has nothing in common with others.
  MadeHome(std::size_t large_file, std::size_t small_files, std::uint64_t seed)
      : first_seed_(1 + seed * 1'000'000) {
    std::vector<TreeEntry> top;
    TreeEntry large = entry("large", protocol::TreeEntryType::file);
    for (; large.size < large_file; large.size += chunk_size) large.content.push_back(chunk(chunk_size));
    large.content = {keep(protocol::encode_chunk_list(large.content))};
    large.listed = true;
    top.push_back(std::move(large));
    for (std::size_t done = 0; done < small_files;) {
      std::vector<TreeEntry> files;
      for (int i = 0; i < 100 && done < small_files; ++i, ++done) {
        files.push_back(entry("file-" + std::to_string(i), protocol::TreeEntryType::file));
        files.back().size = 200 + done % 3'000;
        files.back().content = {chunk(files.back().size)};
      }
      top.push_back(entry("folder-" + std::to_string(done), protocol::TreeEntryType::directory));
      top.back().content = {keep(protocol::encode_tree(std::move(files)))};
    }
    root = keep(protocol::encode_tree(std::move(top)));
  }
  ObjectId root;
  std::uint64_t bytes_given = 0;

  net::Task<Result<protocol::Json>> request(std::string, std::string_view, protocol::Json,
                                            std::chrono::milliseconds) override {
    co_return failure(ErrorCode::unsupported, "Nobody asks.");
  }
  net::Task<Result<std::unique_ptr<ByteSink>>> restore_objects(std::string) override {
    co_return failure(ErrorCode::unsupported, "Nobody restores.");
  }
  net::Task<Result<std::unique_ptr<ByteSource>>> objects(std::string, std::vector<std::string> ids) override {
    co_return std::unique_ptr<ByteSource>(std::make_unique<Stream>(*this, std::move(ids)));
  }

 private:
  struct Stream final : ByteSource {
    Stream(MadeHome& of, std::vector<std::string> wanted) : home(of), ids(std::move(wanted)) {}
    net::Task<Result<std::string>> read() override {
      while (pending.empty() && next < ids.size()) pending = home.encoded(*ObjectId::from_hex(ids[next++]));
      auto piece = pending.substr(0, byte_stream_piece);
      pending.erase(0, piece.size());
      home.bytes_given += piece.size();
      co_return piece;
    }
    MadeHome& home;
    std::vector<std::string> ids;
    std::size_t next = 0;
    std::string pending;
  };

  static TreeEntry entry(std::string name, protocol::TreeEntryType type) {
    TreeEntry made;
    made.name = std::move(name);
    made.type = type;
    made.mode = 0644;
    return made;
  }
  ObjectId chunk(std::size_t size) {
    const auto seed = first_seed_ + chunks_.size();
    const auto id = ObjectId::of(made_content(seed, size));
    chunks_[id] = {seed, size};
    return id;
  }
  ObjectId keep(std::string object) {
    const auto id = ObjectId::of(object);
    kept_[id] = std::move(object);
    return id;
  }
  std::string encoded(const ObjectId& id) const {
    const auto made = chunks_.find(id);
    auto bytes = made == chunks_.end() ? kept_.at(id) : made_content(made->second.first, made->second.second);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    return protocol::encode_object({id, size, false, false, std::move(bytes)});
  }

  const std::uint64_t first_seed_;
  std::map<ObjectId, std::pair<std::uint64_t, std::size_t>> chunks_;  // seed and size
  std::map<ObjectId, std::string> kept_;
};

/// Takes everything and keeps nothing, not faster than a disk or a network does.
class SlowForgetfulBlobs final : public BlobStore {
 public:
  std::atomic<std::uint64_t> bytes = 0;
  Result<void> put(const std::string&, std::string_view blob) override {
    bytes += blob.size();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return {};
  }
  Result<std::string> get(const std::string&, std::uint64_t, std::optional<std::uint64_t>) override {
    return failure(ErrorCode::not_found, "Nothing was kept.");
  }
  Result<std::optional<BlobInfo>> stat(const std::string&) override { return std::nullopt; }
  Result<std::vector<BlobInfo>> list(const std::string&, const std::string&, std::size_t) override {
    return std::vector<BlobInfo>{};
  }
  Result<void> remove(const std::string&) override { return {}; }
  Result<void> check() override { return {}; }
  std::string describe() const override { return "nowhere"; }
};

class StoringMemoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    auto store = open_sqlite_store(folder_ / "berth.sqlite");
    ASSERT_TRUE(store);
    store_ = std::move(*store);
    objects_ = make_pack_store(blobs_, store_->objects(), sealing_, system_clock_now, {});
    versions_ = make_exported_versions(store_->versions(), blobs_, sealing_, {});
  }
  void TearDown() override {
    versions_.reset();
    objects_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  /// The most bytes that storing `home` had in hand at one time.
  std::int64_t most_while_storing(MadeHome& home) {
    boost::asio::io_context io;
    boost::asio::thread_pool threads{4};
    net::TaskGroup tasks(io.get_executor(), [](std::exception_ptr) {});
    const SyncParts parts{home, *objects_, *versions_, threads, tasks, system_clock_now};
    const RecentTrees recent;
    const auto before = bytes_in_hand.load();
    most_in_hand = before;
    auto taken = boost::asio::co_spawn(io, take_in(parts, {"w", "ann"}, home.root, std::nullopt, recent),
                                       boost::asio::use_future);
    io.run_for(std::chrono::seconds(100));
    if (taken.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      throw std::runtime_error("not stored within 100 s");
    const auto intake = taken.get();
    if (!intake) throw std::runtime_error(intake.error().message + intake.error().detail);
    return most_in_hand - before;
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / ("berth-test-" + random_id(12));
  SlowForgetfulBlobs blobs_;
  StorageSealing sealing_;
  std::unique_ptr<MetadataStore> store_;
  std::unique_ptr<ObjectStore> objects_;
  std::unique_ptr<VersionStore> versions_;
};

/// In hand are at most: two adds of some 4 MiB each, as objects and as the pack made of them; what is
/// gathered for the next; the batch that is checked (1 MiB); the ids of the walk and its trees. What a home
/// has more than that is on its way only: four times the file, nearly the same memory.
TEST_F(StoringMemoryTest, StaysTheSameForALargeFileAndManySmallOnes) {
  constexpr std::int64_t bound = 40ll << 20;
  std::int64_t most[2] = {};
  const std::size_t large[2] = {50u << 20, 200u << 20};
  for (int i = 0; i < 2; ++i) {
    MadeHome home(large[i], 10'000, static_cast<std::uint64_t>(i));
    const auto stored_before = blobs_.bytes.load();
    most[i] = most_while_storing(home);
    EXPECT_GT(home.bytes_given, large[i]);
    EXPECT_GT(blobs_.bytes - stored_before, large[i]) << "nothing was left out";
    EXPECT_LT(most[i], bound) << large[i];
    EXPECT_GT(most[i], 4 << 20) << "what counts the bytes works";
    std::printf("%zu MiB: at most %.1f MiB in hand\n", large[i] >> 20,
                static_cast<double>(most[i]) / (1 << 20));
  }
  EXPECT_LT(most[1], most[0] + (8 << 20));
}

}  // namespace
}  // namespace berth::server
