// SPDX-License-Identifier: GPL-3.0-or-later
#include "scripted_server.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace berth::test {

namespace {

std::string pem_of(const std::function<int(BIO*)>& write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

void name_it(X509_NAME* name, const std::string& common_name) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  if (!extension) throw std::runtime_error("no extension: " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* begin_certificate(const std::string& common_name, EVP_PKEY* key) {
  static std::atomic<long> serial{1};
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
  X509_set_pubkey(certificate, key);
  name_it(X509_get_subject_name(certificate), common_name);
  return certificate;
}

std::string common_name_of(SSL* tls) {
  X509* shown = SSL_get1_peer_certificate(tls);
  if (!shown) return {};
  char name[128] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name, sizeof name);
  X509_free(shown);
  return name;
}

/// False when the client sent no whole request.
bool read_request(ScriptedConnection& connection, ScriptedRequest& request) {
  std::string received;
  char part[4096];
  std::size_t end = 0;
  while ((end = received.find("\r\n\r\n")) == received.npos) {
    const auto got = connection.read(part, sizeof part);
    if (got == 0) return false;
    received.append(part, got);
  }
  const auto first = received.substr(0, received.find("\r\n"));
  const auto space = first.find(' ');
  request.method = first.substr(0, space);
  request.target = first.substr(space + 1, first.rfind(' ') - space - 1);
  for (std::size_t at = received.find("\r\n") + 2; at < end;) {
    const auto line_end = received.find("\r\n", at);
    const auto line = received.substr(at, line_end - at);
    at = line_end + 2;
    const auto colon = line.find(':');
    auto name = line.substr(0, colon);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    request.headers[name] = line.substr(line.find_first_not_of(' ', colon + 1));
  }
  request.body = received.substr(end + 4);
  std::size_t length = 0;
  if (const auto header = request.headers.find("content-length"); header != request.headers.end())
    std::from_chars(header->second.data(), header->second.data() + header->second.size(), length);
  while (request.body.size() < length) {
    const auto got = connection.read(part, sizeof part);
    if (got == 0) return false;
    request.body.append(part, got);
  }
  return true;
}

}  // namespace

bool ScriptedConnection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::size_t ScriptedConnection::read(char* into, std::size_t size) {
  const auto got = tls_ ? SSL_read(tls_, into, static_cast<int>(size)) : ::recv(socket_, into, size, 0);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

void ScriptedConnection::answer(int status, const std::string& body, const std::string& headers) {
  write("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\nConnection: close\r\n" + headers + "\r\n" + body);
}

bool ScriptedConnection::wait_for_close() {
  pollfd entry{socket_, POLLIN | POLLRDHUP, 0};
  return ::poll(&entry, 1, 20'000) > 0;
}

void ScriptedConnection::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

TestAuthority::TestAuthority() : key_(EVP_EC_gen("P-256")), own_(begin_certificate("test authority", key_)) {
  name_it(X509_get_issuer_name(own_), "test authority");
  extend(own_, own_, NID_basic_constraints, "critical,CA:TRUE");
  extend(own_, own_, NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(own_, key_, EVP_sha256());
  certificate_ = pem_of([this](BIO* out) { return PEM_write_bio_X509(out, own_); });
}

TestAuthority::~TestAuthority() {
  X509_free(own_);
  EVP_PKEY_free(key_);
}

TestCertificate TestAuthority::issue(const std::string& common_name, const std::string& alternative) const {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = begin_certificate(common_name, key);
  X509_set_issuer_name(certificate, X509_get_subject_name(own_));
  if (!alternative.empty()) extend(certificate, own_, NID_subject_alt_name, alternative);
  X509_sign(certificate, key_, EVP_sha256());
  TestCertificate issued{pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate); }),
                         pem_of([&](BIO* out) {
                           return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
                         })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return issued;
}

ScriptedServer::ScriptedServer(Handler handler, const TestAuthority* authority,
                               const std::string& alternative)
    : handler_(std::move(handler)) {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL; berthd ignores it, too
  if (authority) {
    const auto own = authority->issue("scripted server", alternative);
    tls_ = SSL_CTX_new(TLS_server_method());
    const auto with = [](const std::string& pem, const auto& use) {
      BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
      use(memory);
      BIO_free(memory);
    };
    with(own.certificate, [this](BIO* in) {
      X509* read = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
      SSL_CTX_use_certificate(tls_, read);
      X509_free(read);
    });
    with(own.key, [this](BIO* in) {
      EVP_PKEY* read = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
      SSL_CTX_use_PrivateKey(tls_, read);
      EVP_PKEY_free(read);
    });
    with(authority->certificate(), [this](BIO* in) {
      X509* read = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
      X509_STORE_add_cert(SSL_CTX_get_cert_store(tls_), read);
      X509_free(read);
    });
    SSL_CTX_set_verify(tls_, SSL_VERIFY_PEER, nullptr);  // where one is shown
  }
  listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  if (::bind(listening_, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 ||
      ::listen(listening_, 32) != 0 ||
      ::getsockname(listening_, reinterpret_cast<sockaddr*>(&name), &size) != 0)
    throw std::runtime_error("the scripted server can't listen");
  port_ = ntohs(name.sin_port);
  accepting_ = std::jthread([this] {
    for (int socket; (socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      const std::lock_guard lock(mutex_);
      if (closing_) {
        ::close(socket);
        return;
      }
      sockets_.push_back(socket);
      connections_.emplace_back([this, socket] { serve(socket); });
    }
  });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  ::shutdown(listening_, SHUT_RDWR);
  accepting_.join();
  connections_.clear();
  ::close(listening_);
  SSL_CTX_free(tls_);
}

std::string ScriptedServer::url() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

std::vector<ScriptedRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::serve(int socket) {
  SSL* tls = nullptr;
  if (tls_) {
    tls = SSL_new(tls_);
    SSL_set_fd(tls, socket);
  }
  ScriptedConnection connection(socket, tls);
  ScriptedRequest request;
  if ((!tls || SSL_accept(tls) == 1) && read_request(connection, request)) {
    if (tls) request.client = common_name_of(tls);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    handler_(request, connection);
    if (tls) SSL_shutdown(tls);
  }
  SSL_free(tls);
  const std::lock_guard lock(mutex_);
  std::erase(sockets_, socket);
  ::close(socket);
}

}  // namespace berth::test
