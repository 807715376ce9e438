// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blobs/s3_client.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "server/backoff.hpp"
#include "server/blobs/checksums.hpp"
#include "server/percent_encoding.hpp"

namespace berth::server {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t most_idle = 8;              // connections kept open
constexpr long least_speed = 1024;                // bytes a second
constexpr std::uint64_t slowest_transfer = 64;    // KiB a second that a body is given time for
constexpr std::size_t most_expected = 32u << 20;  // bytes of an answer that time is given for

struct HeaderList {
  curl_slist* list = nullptr;
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  ~HeaderList() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
};

bool one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

/// Whether the connection, rather than what was asked, is at fault. A certificate that is not trusted stays
/// so.
bool passing(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_AGAIN:
      return true;
    default:
      return false;
  }
}

bool is_full(long status, const S3Fault& fault) {
  return status == 507 ||
         one_of(fault.code, {"QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded",
                             "InsufficientStorage", "ServiceQuotaExceeded"});
}

bool is_loopback(const std::string& endpoint) {
  auto host = endpoint.substr(endpoint.find("://") + 3);
  if (const auto colon = host.rfind(':'); colon != host.npos && !host.ends_with(']')) host.resize(colon);
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost" || host.ends_with(".localhost");
}

std::string header_of(CURL* handle, const char* name) {
  curl_header* header = nullptr;
  if (curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return {};
  return header->value;
}

}  // namespace

struct S3Client::Exchange {
  CURLcode code = CURLE_OK;
  S3Answer answer;
  std::string trouble;      // what libcurl said
  std::string region_hint;  // x-amz-bucket-region
  milliseconds wish{};      // Retry-After
  std::size_t largest = 0;
  HeaderList headers;
  char error[CURL_ERROR_SIZE] = {};

  bool good() const {
    const auto status = answer.status;
    return code == CURLE_OK && ((status >= 200 && status < 300) || status == 416 ||
                                (status == 404 && answer.fault.code != "NoSuchBucket"));
  }
  bool worth_another() const {
    if (code != CURLE_OK) return passing(code);
    const auto status = answer.status;
    if (is_full(status, answer.fault)) return false;
    // What a bad line did to a body, told by the server's own checks.
    const bool damaged =
        one_of(answer.fault.code, {"BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody",
                                   "RequestTimeout", "XAmzContentChecksumMismatch"});
    return status == 408 || status == 409 || status == 429 || (status >= 500 && status != 501) || damaged;
  }
};

S3Client::S3Client(S3Settings settings) : settings_(std::move(settings)) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
}

S3Client::~S3Client() = default;

S3Client::Handle S3Client::take_handle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return {curl_easy_init(), &curl_easy_cleanup};
  auto handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

void S3Client::give_back(Handle handle) {
  curl_easy_reset(handle.get());  // keeps connections; drops pointers to the request and the credentials
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle) idle_.push_back(std::move(handle));
}

std::string S3Client::full_key(const std::string& key) const {
  return settings_.prefix.empty() ? key : settings_.prefix + "/" + key;
}

std::string S3Client::url_of(const S3Request& request) const {
  auto url = settings_.endpoint;
  if (settings_.path_style)
    url += "/" + settings_.bucket;
  else
    url.insert(url.find("://") + 3, settings_.bucket + ".");
  url += "/";
  if (!request.key.empty()) url += full_key(request.key);
  // The signature is over the sorted query; a server that sorts and one that does not then agree.
  auto query = request.query;
  std::ranges::sort(query);
  char mark = '?';
  for (const auto& [name, value] : query) {
    url += mark + percent_encoded(name) + "=" + percent_encoded(value);
    mark = '&';
  }
  return url;
}

void S3Client::prepare(CURL* handle, const S3Request& request, Exchange& exchange, milliseconds most) const {
  const auto set = [handle](auto option, auto value) { curl_easy_setopt(handle, option, value); };
  set(CURLOPT_URL, url_of(request).c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings_.connect_timeout.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, least_speed);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings_.stall_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(most.count()));
  set(CURLOPT_ERRORBUFFER, exchange.error);
  if (is_loopback(settings_.endpoint)) set(CURLOPT_NOPROXY, "*");  // whatever the environment says
  if (!settings_.ca.empty()) set(CURLOPT_CAINFO, settings_.ca.c_str());

  set(CURLOPT_AWS_SIGV4, ("aws:amz:" + settings_.region + ":s3").c_str());
  set(CURLOPT_USERNAME, settings_.access_key.c_str());
  set(CURLOPT_PASSWORD, settings_.secret_key.c_str());
  exchange.headers.add("x-amz-content-sha256: " + sha256_hex(request.body));
  if (!settings_.session_token.empty())
    exchange.headers.add("x-amz-security-token: " + settings_.session_token);
  for (const auto& line : request.headers) exchange.headers.add(line);

  if (request.method == "PUT" || request.method == "POST") {
    if (const auto sum = md5_of(request.body)) exchange.headers.add("Content-MD5: " + base64_of(*sum));
    exchange.headers.add("Content-Type: application/octet-stream");
    exchange.headers.add("Expect:");  // no waiting for a "100 Continue" that some proxies never send
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
  } else if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  }
  if (request.method != "GET" && request.method != "HEAD") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(CURLOPT_HTTPHEADER, exchange.headers.list);

  exchange.largest = request.largest_answer;
  set(CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
  set(
      CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* user) -> std::size_t {
        auto& into = *static_cast<Exchange*>(user);
        if (size > into.largest - into.answer.body.size()) return CURL_WRITEFUNC_ERROR;
        into.answer.body.append(data, size);
        return size;
      });
}

void S3Client::attempt(const S3Request& request, milliseconds most, Exchange& exchange) {
  auto handle = take_handle();
  if (!handle) {
    exchange.code = CURLE_OUT_OF_MEMORY;
    return;
  }
  prepare(handle.get(), request, exchange, most);
  exchange.code = curl_easy_perform(handle.get());
  if (exchange.code != CURLE_OK) {
    exchange.trouble = *exchange.error ? exchange.error : curl_easy_strerror(exchange.code);
    return;  // and the connection is closed
  }
  auto& answer = exchange.answer;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  curl_off_t length = -1;
  curl_easy_getinfo(handle.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  // To libcurl an answer that broke off within its header is a whole one without a body.
  const bool framed = request.method == "HEAD" ? length >= 0 || answer.status != 200
                                               : length >= 0 || answer.status == 204 ||
                                                     !header_of(handle.get(), "transfer-encoding").empty();
  if (!framed) {
    exchange.code = CURLE_PARTIAL_FILE;
    exchange.trouble = "the answer broke off within its header";
    return;
  }
  answer.length = length < 0 ? answer.body.size() : static_cast<std::uint64_t>(length);
  answer.etag = header_of(handle.get(), "etag");
  std::erase(answer.etag, '"');
  answer.encryption = header_of(handle.get(), "x-amz-server-side-encryption");
  exchange.region_hint = header_of(handle.get(), "x-amz-bucket-region");
  const auto after = header_of(handle.get(), "retry-after");
  int seconds = 0;
  std::from_chars(after.data(), after.data() + after.size(), seconds);
  exchange.wish = std::chrono::seconds(std::clamp(seconds, 0, 60));
  if (answer.status >= 300) answer.fault = parse_s3_fault(answer.body);
  give_back(std::move(handle));
}

Result<S3Answer> S3Client::send(const S3Request& request) {
  const auto begin = steady_clock::now();
  const auto elapsed = [begin] {
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  };
  const auto moved = request.body.size() + std::min(request.largest_answer, most_expected);
  const milliseconds transfer(1000 * (moved >> 10) / slowest_transfer);
  Backoff backoff(settings_.first_delay, settings_.longest_delay, settings_.retry_for);
  for (int attempts = 1;; ++attempts) {
    Exchange exchange;
    attempt(request, settings_.retry_for + 2 * milliseconds(settings_.stall_timeout) + transfer, exchange);
    if (exchange.good()) {
      exchange.answer.attempts = attempts;
      return std::move(exchange.answer);
    }
    if (!exchange.worth_another()) return std::unexpected(error_of(exchange, request));
    const auto pause = backoff.next(elapsed(), randombytes_random(), exchange.wish);
    if (!pause) {
      auto error = error_of(exchange, request);
      error.detail += ", after " + std::to_string(attempts) + " attempts";
      return std::unexpected(std::move(error));
    }
    std::this_thread::sleep_for(*pause);
  }
}

Error S3Client::error_of(const Exchange& exchange, const S3Request& request) const {
  const auto& fault = exchange.answer.fault;
  const auto status = exchange.answer.status;
  const auto where = request.method + " " + (request.key.empty() ? settings_.bucket : request.key) + " at " +
                     settings_.endpoint + ": ";
  const auto bucket = "bucket " + settings_.bucket;
  const auto error = [&](ErrorCode code, std::string message) {
    const auto said = exchange.code != CURLE_OK
                          ? exchange.trouble
                          : "HTTP " + std::to_string(status) + " " + fault.code + " " + fault.message;
    return Error{code, std::move(message), where + said, {}};
  };
  const auto unavailable = [&](std::string message) {
    return error(ErrorCode::unavailable, std::move(message));
  };
  if (exchange.code == CURLE_PEER_FAILED_VERIFICATION || exchange.code == CURLE_SSL_CACERT_BADFILE)
    return unavailable(
        "The object store's certificate is not trusted; the administrator must check storage_ca.");
  if (exchange.code == CURLE_WRITE_ERROR)
    return unavailable("The object store sent more than it was asked for.");
  if (exchange.code != CURLE_OK) return unavailable("The object store can't be reached at the moment.");
  if (is_full(status, fault))
    return error(ErrorCode::limit_exceeded,
                 "The object store is full; the administrator must make room in it.");
  if (fault.code == "NoSuchBucket")
    return unavailable("The object store has no " + bucket + "; the administrator must make it.");
  if (fault.code == "RequestTimeTooSkewed")
    return unavailable(
        "The server's clock differs too much from the object store's; the administrator must set it.");
  if (status == 401 || status == 403)
    return unavailable(
        "The object store refused the server's credentials; the administrator must check them.");
  if (status == 301 || status == 307 || fault.code == "AuthorizationHeaderMalformed")
    return unavailable(
        "The object store says that its " + bucket + " is elsewhere; the administrator must check " +
        (exchange.region_hint.empty() ? std::string("storage_region and storage_endpoint")
                                      : "storage_region (is it " + exchange.region_hint + "?)") +
        ".");
  if (status == 413 || fault.code == "EntityTooLarge")
    return error(ErrorCode::limit_exceeded, "The object store takes no blob of this size.");
  return unavailable((status >= 500 && status != 501) || status == 429
                         ? "The object store does not work at the moment."
                         : "The object store refused a request; the log says why.");
}

}  // namespace berth::server
