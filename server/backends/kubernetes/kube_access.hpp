// SPDX-License-Identifier: GPL-3.0-or-later
// Where an API server is and who one is to it: read from a kubeconfig (YAML or JSON, as kubectl reads it) or
// from the service account that a pod is given. Parsing alone: files named in it are read when they are used
// (kube_credentials), for they change.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.hpp"

namespace berth::server::kubernetes {

/// Something that stands in the configuration itself, or in a file that may be replaced at any time.
struct Material {
  std::string text;  // PEM or token; has precedence
  std::string file;  // absolute path; "" when there is none
  bool given() const { return !text.empty() || !file.empty(); }
};

/// A program that makes credentials (client.authentication.k8s.io, ExecCredential).
struct ExecPlugin {
  std::string api_version;
  std::string command;  // an absolute path, or a name to be looked for in PATH
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  // besides this process's own
  bool provide_cluster_info = false;
  std::string install_hint;  // what to tell the administrator where the program is missing
};

struct KubeAccess {
  std::string server;         // "https://host:port" or with a path; no slash at its end
  Material authority;         // certificates to trust; not given: the system's
  bool insecure = false;      // no check of the server's certificate
  std::string server_name;    // in its certificate, where that is not the host's; else ""
  std::string proxy;          // URL; "": as the environment says
  bool direct = false;        // never by a proxy: within the cluster, and on this machine
  std::string name_space;     // where objects live unless said otherwise
  Material certificate, key;  // of a client, PEM; both or none
  Material token;             // bearer
  std::optional<ExecPlugin> exec;
};

struct KubeconfigChoice {
  std::string context = {};     // "": current-context
  bool allow_insecure = false;  // else insecure-skip-tls-verify and http:// to other machines are refused
};

struct KubeconfigText {
  std::string text;
  std::string folder;  // absolute; what paths in it are relative to
};

/// Several are merged as kubectl does: for each name the first file that has it. invalid_argument with a
/// sentence that names the entry; unsupported for ways of signing in that Kubernetes itself dropped (basic
/// authentication, auth-provider). No secret is in any message.
Result<KubeAccess> parse_kubeconfig(const std::vector<KubeconfigText>& files, const KubeconfigChoice& choice);

/// Reads `paths` (one, or several between colons as in $KUBECONFIG; files that are not there are left out,
/// but not all of them) and parses them.
Result<KubeAccess> read_kubeconfig(const std::string& paths, const KubeconfigChoice& choice);

struct ServiceAccountPlace {
  std::string folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  std::string host;  // $KUBERNETES_SERVICE_HOST
  std::string port;  // $KUBERNETES_SERVICE_PORT
};

/// As the environment of this process says.
ServiceAccountPlace own_service_account();

/// The access of the pod that this process runs in. not_found outside of a cluster.
Result<KubeAccess> service_account_access(const ServiceAccountPlace& place);

/// Content of a file that may be replaced meanwhile, at most `limit` bytes. unavailable, naming the file.
Result<std::string> read_access_file(const std::string& path, std::size_t limit);

}  // namespace berth::server::kubernetes
