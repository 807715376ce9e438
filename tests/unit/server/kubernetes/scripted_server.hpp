// SPDX-License-Identifier: GPL-3.0-or-later
// An HTTP(S) server on 127.0.0.1 that does to each request what a test wrote down, bytes and all: for faults
// that no real server shows on demand. One request per connection.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace berth::test {

struct ScriptedRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
  std::string client;  // common name of the client's certificate; "" without
};

/// What a handler answers with.
class ScriptedConnection {
 public:
  ScriptedConnection(int socket, SSL* tls) : socket_(socket), tls_(tls) {}
  /// False once the client is gone.
  bool write(std::string_view bytes);
  /// A whole answer with a length.
  void answer(int status, const std::string& body, const std::string& headers = {});
  /// A head without a length, for what is streamed until the connection ends.
  void begin_stream() {
    write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
  }
  /// Until the client closes, or 20 s have passed; true when it closed.
  bool wait_for_close();
  /// Closes by a reset instead of an orderly end.
  void reset();

  std::size_t read(char* into, std::size_t size);

 private:
  int socket_;
  SSL* tls_;
};

/// A key and a certificate, made at once and signed by the authority.
struct TestCertificate {
  std::string certificate, key;  // PEM
};

/// A certificate authority of a test's own.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  const std::string& certificate() const { return certificate_; }
  /// For `common_name`, and for servers the alternative name, e.g. "IP:127.0.0.1".
  TestCertificate issue(const std::string& common_name, const std::string& alternative = {}) const;

 private:
  EVP_PKEY* key_;
  X509* own_;
  std::string certificate_;
};

class ScriptedServer {
 public:
  using Handler = std::function<void(const ScriptedRequest&, ScriptedConnection&)>;

  /// With TLS where an authority is given; then clients may show certificates of it.
  explicit ScriptedServer(Handler handler, const TestAuthority* authority = nullptr,
                          const std::string& alternative = "IP:127.0.0.1");
  ~ScriptedServer();

  std::string url() const;
  std::string port() const { return std::to_string(port_); }
  /// Copies, in order of arrival.
  std::vector<ScriptedRequest> requests() const;

 private:
  void serve(int socket);

  Handler handler_;
  SSL_CTX* tls_ = nullptr;
  int listening_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<ScriptedRequest> requests_;
  std::vector<std::jthread> connections_;
  std::vector<int> sockets_;
  bool closing_ = false;
  std::jthread accepting_;
};

}  // namespace berth::test
