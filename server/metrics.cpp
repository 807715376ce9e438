// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/metrics.hpp"

#include <sodium.h>

#include <array>
#include <fstream>

#include "protocol/version.hpp"

namespace berth::server {
namespace {

/// A figure that the gateway and the previews each have.
struct Figure {
  const char* name;
  const char* type;
  const char* help;
  std::atomic<std::uint64_t> SpliceCounters::* value;
};

constexpr Figure figures[] = {
    {"berth_connections_opened_total", "counter", "Connections spliced to a workspace since the start.",
     &SpliceCounters::opened},
    {"berth_connections", "gauge", "Connections spliced to a workspace now.", &SpliceCounters::active},
    {"berth_received_bytes_total", "counter", "Bytes from clients to workspaces.",
     &SpliceCounters::bytes_from_client},
    {"berth_sent_bytes_total", "counter", "Bytes from workspaces to clients.",
     &SpliceCounters::bytes_to_client},
};

std::string heading(const char* name, const char* type, const char* help) {
  return std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

constexpr std::size_t shortest_token = 16, longest_token = 4096;  // bytes

/// Of equal length whatever the text is, so that comparing tells nothing about it.
std::array<unsigned char, crypto_generichash_BYTES> digest_of(std::string_view text) {
  std::array<unsigned char, crypto_generichash_BYTES> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return digest;
}

}  // namespace

std::string metrics_text(const Traffic& traffic, const StoreFigures& store) {
  std::string text = heading("berth_build_info", "gauge", "The version that runs; always 1.") +
                     "berth_build_info{version=\"" + std::string(protocol::release) + "\"} 1\n";
  for (const auto& figure : figures) {
    text += heading(figure.name, figure.type, figure.help);
    for (const auto& [through, counters] :
         {std::pair{"gateway", &traffic.gateway}, {"preview", &traffic.preview}})
      text += std::string(figure.name) + "{through=\"" + through + "\"} " +
              std::to_string((counters->*figure.value).load()) + "\n";
  }
  const auto count = [&](const char* name, const char* help, std::uint64_t value) {
    text += heading(name, "counter", help) + name + " " + std::to_string(value) + "\n";
  };
  count("berth_damaged_objects_total", "Stored objects found missing or damaged since the start.",
        store.damaged_objects);
  count("berth_scrubbed_packs_total", "Stored packs looked at for damage since the start.",
        store.scrubbed_packs);
  count("berth_scrubbed_bytes_total", "Bytes of them.", store.scrubbed_bytes);
  text += heading("berth_scrub_ended_seconds", "gauge",
                  "When every stored pack had been looked at, Unix time; 0: not since the start.") +
          "berth_scrub_ended_seconds " + std::to_string(store.scrub_ended / 1000) + "\n";
  return text;
}

bool brings_metrics_token(std::string_view authorization, const std::filesystem::path& file) {
  constexpr std::string_view scheme = "Bearer ";
  if (file.empty() || !authorization.starts_with(scheme)) return false;
  std::array<char, longest_token + 1> content{};
  std::ifstream in(file, std::ios::binary);
  in.read(content.data(), content.size());
  std::string_view token(content.data(), static_cast<std::size_t>(in.gcount()));
  if (token.size() > longest_token) return false;
  const auto begin = token.find_first_not_of(" \t\r\n");
  if (begin == token.npos) return false;
  token = token.substr(begin, token.find_last_not_of(" \t\r\n") - begin + 1);
  if (token.size() < shortest_token) return false;
  const auto wanted = digest_of(token), brought = digest_of(authorization.substr(scheme.size()));
  return sodium_memcmp(wanted.data(), brought.data(), wanted.size()) == 0;
}

}  // namespace berth::server
