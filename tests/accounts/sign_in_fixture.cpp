// SPDX-License-Identifier: GPL-3.0-or-later
#include "sign_in_fixture.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace berth::server::testing {

using namespace std::chrono_literals;

namespace {

std::string decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string trimmed_text(const std::string& text) {
  const auto begin = text.find_first_not_of(' '), end = text.find_last_not_of(' ');
  return begin == text.npos ? "" : text.substr(begin, end - begin + 1);
}

}  // namespace

NodeProgram::NodeProgram(const std::string& file, std::vector<std::string> arguments) {
  const auto path = std::string(OPENID_PROGRAMS) + "/" + file;
  arguments.insert(arguments.begin(), {NODE_PROGRAM, path});
  std::vector<char*> raw;
  for (auto& one : arguments) raw.push_back(one.data());
  raw.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  output_ = net::FileDescriptor(ends[0]);
  net::FileDescriptor to(ends[1]);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(to.get(), STDOUT_FILENO);
    ::execv(NODE_PROGRAM, raw.data());
    ::_exit(127);
  }
  to.reset();
  std::string text;
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (text.find("ready ") == text.npos || text.find('\n', text.find("ready ")) == text.npos) {
    pollfd ready{output_.get(), POLLIN, 0};
    char piece[1024];
    const auto got = ::poll(&ready, 1, 500) == 1 ? ::read(output_.get(), piece, sizeof piece) : -1;
    if (got > 0) text.append(piece, static_cast<std::size_t>(got));
    if (got == 0 || std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error(file + " does not start: " + text);
  }
  std::istringstream numbers(text.substr(text.find("ready ") + 6));
  for (std::uint16_t number = 0; numbers >> number;) ports_.push_back(number);
}

NodeProgram::~NodeProgram() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

protocol::Json NodeProgram::control(const std::string& target, const protocol::Json& body,
                                    std::size_t which) const {
  const auto reply =
      fetch(port(which), body.is_null() ? "GET" : "POST", target,
            {{"Host", "localhost:" + std::to_string(port(which))}, {"Content-Type", "application/json"}},
            body.is_null() ? "" : body.dump());
  return json_of(reply);
}

Reply Browser::send(const std::string& method, const std::string& url, Fields fields, const std::string& body,
                    bool from_elsewhere) {
  const auto begin = url.find("://") + 3;
  const auto slash = std::min(url.find('/', begin), url.size());
  const auto host = url.substr(begin, slash - begin);
  const auto target = slash == url.size() ? std::string("/") : url.substr(slash);
  std::string cookies;
  for (const auto& [name, cookie] : cookies_)
    if (target.starts_with(cookie.path) && !(cookie.strict && from_elsewhere))
      cookies += (cookies.empty() ? "" : "; ") + name + "=" + cookie.value;
  fields.emplace_back("Host", host);
  fields.emplace_back("User-Agent", "a browser");
  if (!cookies.empty()) fields.emplace_back("Cookie", cookies);
  if (!login.empty()) fields.emplace_back("X-Login", login);
  const auto port = static_cast<std::uint16_t>(std::stoi(host.substr(host.rfind(':') + 1)));
  auto wire = Wire::connect_tcp(port);
  wire.set_deadline(40s);
  fields.emplace_back("Connection", "close");
  wire.send(test::request_text(method, target, fields, body));
  auto reply = test::read_reply(wire, false);
  keep(reply);
  return reply;
}

Reply Browser::go(const std::string& url, bool from_elsewhere) {
  return send("GET", url, {{"Sec-Fetch-Site", from_elsewhere ? "cross-site" : "none"}}, "", from_elsewhere);
}

Reply Browser::ask(const std::string& method, const std::string& url, const protocol::Json& body,
                   const std::string& origin) {
  const auto own = url.substr(0, url.find('/', url.find("://") + 3));
  return send(method, url, {{"Origin", origin.empty() ? own : origin}, {"Content-Type", "application/json"}},
              body.is_null() ? "" : body.dump(), false);
}

void Browser::keep(const Reply& reply) {
  for (const auto& line : reply.fields("Set-Cookie")) {
    std::istringstream parts(line);
    std::string part;
    std::getline(parts, part, ';');
    const auto name = trimmed_text(part.substr(0, part.find('=')));
    Cookie cookie{.value = part.substr(part.find('=') + 1)};
    bool gone = false;
    while (std::getline(parts, part, ';')) {
      part = trimmed_text(part);
      if (part.starts_with("Path=") || part.starts_with("path=")) cookie.path = part.substr(5);
      if (part == "SameSite=Strict") cookie.strict = true;
      if (part == "Max-Age=0") gone = true;
    }
    if (gone)
      cookies_.erase(name);
    else
      cookies_[name] = cookie;
  }
}

std::string Browser::follow(std::string location, const std::function<bool(const std::string&)>& stop) {
  for (int step = 0; step < 15 && !stop(location); ++step) {
    const auto reply = go(location, true);
    auto next = reply.field("Location");
    if (next.empty()) throw std::runtime_error(location + " leads nowhere: " + reply.head + reply.body);
    if (next.starts_with('/')) next = location.substr(0, location.find('/', location.find("://") + 3)) + next;
    location = next;
  }
  return location;
}

std::string Browser::cookie(const std::string& name) const {
  const auto it = cookies_.find(name);
  return it == cookies_.end() ? "" : it->second.value;
}

void Browser::set_cookie(const std::string& name, const std::string& value) {
  cookies_[name] = {.value = value};
}

std::string parameter(const std::string& url, const std::string& name) {
  auto query = url.substr(std::min(url.find('?'), url.size() - 1) + 1);
  for (std::istringstream parts(query); std::getline(parts, query, '&');)
    if (query.starts_with(name + "=")) return decoded(query.substr(name.size() + 1));
  return "";
}

std::filesystem::path write_options(const DataPlace& place, const std::string& tables) {
  const auto file = place.path() / "berthd.toml";
  std::ofstream(file) << tables;
  return file;
}

std::string provider_table(const std::string& id, const std::string& issuer, const std::string& more) {
  return "[[identity_providers]]\nid = \"" + id + "\"\nname = \"The " + id + "\"\nissuer = \"" + issuer +
         "\"\nclient_id = \"berth\"\nclient_secret = \"a secret of the client: %&+\"\n" + more + "\n";
}

bool in_time(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

std::string mail_text(const std::string& message) {
  auto body = message.substr(message.find("\r\n\r\n") + 4);
  std::erase_if(body, [](char c) { return c == '\r' || c == '\n'; });
  std::string text(body.size(), '\0');
  std::size_t size = 0;
  if (::sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), body.data(),
                          body.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    return "";
  text.resize(size);
  return text;
}

std::string link_in(const std::string& text) {
  const auto begin = text.find("http://");
  return begin == text.npos ? "" : text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

std::vector<protocol::Json> mails_to(const NodeProgram& sink, const std::string& address, std::size_t count) {
  std::vector<protocol::Json> found;
  const bool came = in_time([&] {
    found.clear();
    for (const auto& mail : sink.control("/mails", nullptr, 1))
      if (mail.at("to").at(0) == address) found.push_back(mail);
    return found.size() >= count;
  });
  EXPECT_TRUE(came) << found.size() << " mails to " << address;
  return found;
}

}  // namespace berth::server::testing
