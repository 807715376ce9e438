// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync_peer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>

namespace berth::test {

using namespace protocol;

namespace {

constexpr std::size_t batch = 4096, page_size = 2000, frame_size = 128u << 10;

std::string joined(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + "/" + name;
}

bool is_text(const std::string& bytes) {
  try {
    (void)Json(bytes).dump();
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

std::vector<ObjectId> chunks_of(const Objects& objects, const TreeEntry& entry) {
  if (entry.type != TreeEntryType::file) return {};
  if (!entry.listed) return entry.content;
  return *decode_chunk_list(objects.at(entry.content.at(0)));
}

}  // namespace

std::string random_bytes(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const auto number = random();
    std::memcpy(bytes.data() + i, &number, 8);
  }
  return bytes;
}

std::map<std::string, VersionEntry> entries_of(const Objects& objects, const ObjectId& root) {
  std::map<std::string, VersionEntry> found;
  const std::function<void(const ObjectId&, const std::string&)> walk = [&](const ObjectId& id,
                                                                            const std::string& path) {
    const auto entries = decode_tree(objects.at(id));
    if (!entries) throw std::runtime_error("a tree is none: " + entries.error().message);
    for (const auto& entry : *entries) {
      const auto child = joined(path, entry.name);
      found[child] = {entry, chunks_of(objects, entry)};
      if (entry.type == TreeEntryType::directory) walk(entry.content.at(0), child);
    }
  };
  walk(root, "");
  return found;
}

std::string bytes_of(const Objects& objects, const VersionEntry& file) {
  std::string bytes;
  for (const auto& id : file.chunks) bytes += objects.at(id);
  return bytes;
}

RestoreEntry restore_entry(const std::string& path, const VersionEntry& version) {
  const auto& entry = version.entry;
  RestoreEntry out{path, "", "file", entry.mode, entry.modified, entry.size, {}, entry.target, {}, {}};
  if (!is_text(path)) {
    out.name64 = encode_base64url(path);
    out.path = "?";
  }
  if (!is_text(entry.target)) {
    out.target64 = encode_base64url(entry.target);
    out.target = "?";
  }
  if (entry.type == TreeEntryType::directory) out.type = "directory";
  if (entry.type == TreeEntryType::symlink) out.type = "symlink";
  for (const auto& id : version.chunks) out.chunks.push_back(id.hex());
  return out;
}

// ---- storing
// -------------------------------------------------------------------------------------------------------

SyncSnapshot::Result SyncPeer::store(Objects& objects, bool complete) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    SyncSnapshot::Params params;
    if (complete) params.complete = true;
    const auto id = client.send_request(SyncSnapshot::method, encode(params));
    const auto reply = client.wait_for_reply(id, 60s);
    if (!reply) throw std::runtime_error("sync/snapshot: " + reply.error().message);
    const auto snapshot = decode<SyncSnapshot::Result>(*reply, "snapshot");
    if (!snapshot) throw std::runtime_error(snapshot.error().message);
    if (fetch_all(objects, *ObjectId::from_hex(snapshot->root))) return *snapshot;
  }
  throw std::runtime_error("objects are gone again and again");
}

bool SyncPeer::fetch(Objects& objects, const std::vector<ObjectId>& ids) {
  for (std::size_t first = 0; first < ids.size(); first += batch) {
    SyncObjects::Params params{{}, 1u << 20};
    for (std::size_t i = first; i < std::min(ids.size(), first + batch); ++i)
      params.ids.push_back(ids[i].hex());
    const auto number = client.must<SyncObjects>(params).channel;
    auto& channel = client.channel(number);
    if (!client.wait([&] { return channel.ended || channel.aborted; }, 60s) || channel.aborted)
      throw std::runtime_error("objects did not come");
    ObjectReader reader;
    reader.append(channel.bytes);
    fetched_bytes += channel.bytes.size();
    channel.bytes.clear();
    for (std::size_t i = first; i < std::min(ids.size(), first + batch); ++i) {
      const auto next = reader.next();
      if (!next || !*next || (*next)->id != ids[i]) throw std::runtime_error("not the objects in order");
      if ((*next)->gone) return false;
      auto object = open_object(**next);
      if (!object) throw std::runtime_error(object.error().message);
      objects[ids[i]] = std::move(*object);
      ++fetched;
    }
    if (!reader.empty()) throw std::runtime_error("more than was asked for");
  }
  return true;
}

bool SyncPeer::fetch_all(Objects& objects, const ObjectId& root) {
  std::vector<ObjectId> trees{root};
  std::set<ObjectId> seen;
  while (!trees.empty()) {
    std::vector<ObjectId> missing, next;
    const auto want = [&](const ObjectId& id) {
      if (seen.insert(id).second && !objects.contains(id)) missing.push_back(id);
    };
    for (const auto& id : trees) want(id);
    if (!fetch(objects, missing)) return false;
    missing.clear();
    std::vector<TreeEntry> listed;
    for (const auto& id : trees) {
      const auto entries = decode_tree(objects.at(id));
      if (!entries) throw std::runtime_error("a tree is none: " + entries.error().message);
      for (const auto& entry : *entries) {
        if (entry.type == TreeEntryType::directory) next.push_back(entry.content[0]);
        if (entry.type == TreeEntryType::file)
          for (const auto& chunk : entry.content) want(chunk);
        if (entry.listed) listed.push_back(entry);
      }
    }
    if (!fetch(objects, missing)) return false;
    missing.clear();
    for (const auto& entry : listed)
      for (const auto& chunk : chunks_of(objects, entry)) want(chunk);
    if (!fetch(objects, missing)) return false;
    trees = std::move(next);
  }
  return true;
}

void SyncPeer::say_stored(const SyncSnapshot::Result& snapshot, const std::string& version) {
  (void)client.must<SyncStored>({snapshot.root, version, snapshot.change, 1795258800123});
}

std::uint64_t SyncPeer::wait_past(std::uint64_t seen) {
  const auto change = client.must<SyncWait>({seen, 5000}).change;
  if (change == seen) throw std::runtime_error("no change was noticed");
  return change;
}

// ---- restoring
// -----------------------------------------------------------------------------------------------------

void SyncPeer::send_chunks(const Objects& objects, const std::vector<std::string>& ids) {
  const auto begun = client.must<RestoreObjects>({});
  client.channel(begun.channel).limit = begun.limit;
  std::string bytes;
  for (const auto& hex : ids)
    if (const auto found = objects.find(*ObjectId::from_hex(hex)); found != objects.end()) {
      auto packed = pack_object(found->first, found->second);
      bytes += encode_object(packed);
      ++sent;
    }
  for (std::size_t at = 0; at < bytes.size();) {
    auto& channel = client.channel(begun.channel);
    if (channel.aborted || !client.wait([&] { return channel.limit > at; }, 20s))
      throw std::runtime_error("the runner takes no chunks");
    const auto size = std::min<std::uint64_t>({channel.limit - at, bytes.size() - at, frame_size});
    client.send_data(begun.channel, at, std::string_view(bytes).substr(at, size));
    at += size;
  }
  client.send_frame({FrameKind::end, false, begun.channel, bytes.size()});
}

std::vector<std::string> SyncPeer::send_page(const Objects& objects, const std::vector<RestoreEntry>& page) {
  auto needed = client.must<RestoreEntries>({page}).needed;
  if (!needed.empty()) send_chunks(objects, needed);
  return needed;
}

std::vector<PathProblem> SyncPeer::restore(const Objects& objects, const ObjectId& root,
                                           const std::string& version, const std::string& path,
                                           bool remove_others) {
  std::vector<PathProblem> problems;
  const auto add = [&](std::vector<PathProblem> more) {
    problems.insert(problems.end(), more.begin(), more.end());
  };
  (void)client.must<RestoreBegin>({version, path});
  std::vector<RestoreEntry> page;
  const auto write = [&] {
    (void)send_page(objects, page);
    page.clear();
    add(client.must<RestoreWrite>({}).problems);
  };
  for (const auto& [name, entry] : entries_of(objects, root)) {
    if (!path.empty() && name != path && !name.starts_with(path + "/")) continue;
    page.push_back(restore_entry(name, entry));
    if (page.size() == page_size) write();
  }
  write();
  add(client.must<RestoreEnd>({version, path.empty() ? root.hex() : "", remove_others}).problems);
  return problems;
}

}  // namespace berth::test
