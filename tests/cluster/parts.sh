# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154 # up and down set what is read here
# The parts of a cluster of one node, each a function. Sourced by `up` after `state` and `programs` are set.

give_up() {
  echo "cluster: $*" >&2
  exit 1
}

# free_port: one that nobody listens on now
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# start NAME COMMAND…: in the background, with its lines in NAME.log and its id in NAME.pid
start() {
  local name=$1
  shift
  setsid "$@" >"$state/$name.log" 2>&1 </dev/null 9>&- &
  echo $! >"$state/$name.pid"
}

# until_true SECONDS NAME COMMAND…: the last lines of NAME.log when it does not come true in time or NAME has ended
until_true() {
  local tries=$(($1 * 10)) name=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ] || ! kill -0 "$(cat "$state/$name.pid")" 2>/dev/null; then
      tail -n 8 "$state/$name.log" >&2
      give_up "$name did not become ready: its lines are in $state/$name.log"
    fi
    sleep 0.1
  done
}

# certificate NAME SUBJECT: signed by the cluster's own authority
certificate() {
  openssl req -newkey rsa:2048 -nodes -keyout "$state/pki/$1.key" -out "$state/pki/$1.csr" -subj "$2" 2>/dev/null
  openssl x509 -req -in "$state/pki/$1.csr" -CA "$state/pki/ca.crt" -CAkey "$state/pki/ca.key" -CAcreateserial \
    -out "$state/pki/$1.crt" -days 30 -extfile "$state/pki/names" 2>/dev/null
}

make_certificates() {
  mkdir -p "$state/pki"
  printf 'subjectAltName=IP:127.0.0.1,IP:%s,IP:10.96.0.1,DNS:localhost,DNS:kubernetes.default.svc\n' "$node_address" >"$state/pki/names"
  openssl genrsa -out "$state/pki/accounts.key" 2048 2>/dev/null
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$state/pki/ca.key" -out "$state/pki/ca.crt" -days 30 -subj '/CN=Berth test cluster' 2>/dev/null
  certificate api /CN=kube-apiserver
  certificate admin /O=system:masters/CN=admin
}

# kubeconfig FILE: the administrator's, with everything in it
kubeconfig() {
  cat >"$1" <<YAML
apiVersion: v1
kind: Config
current-context: test
contexts: [{name: test, context: {cluster: test, user: admin, namespace: default}}]
clusters:
- name: test
  cluster: {server: "https://127.0.0.1:$api_port", certificate-authority-data: $(base64 -w0 "$state/pki/ca.crt")}
users:
- name: admin
  user: {client-certificate-data: $(base64 -w0 "$state/pki/admin.crt"), client-key-data: $(base64 -w0 "$state/pki/admin.key")}
YAML
  chmod 600 "$1"
}

kube() { kubectl --kubeconfig "$state/admin.conf" "$@"; }

# answers PATH: whether the API server does, to the administrator
answers() { curl -fsS --noproxy '*' --cacert "$state/pki/ca.crt" --cert "$state/pki/admin.crt" --key "$state/pki/admin.key" "https://127.0.0.1:$api_port$1"; }

start_etcd() {
  local client peer
  client=$(free_port)
  peer=$(free_port)
  etcd_url=http://127.0.0.1:$client
  # A test's data may be lost with the machine: nothing waits for the disk.
  start etcd etcd --data-dir "$state/etcd" --unsafe-no-fsync --listen-client-urls "$etcd_url" --advertise-client-urls "$etcd_url" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" --initial-cluster "default=http://127.0.0.1:$peer"
}

start_api() {
  start kube-apiserver "$programs/kube-apiserver" --etcd-servers="$etcd_url" --service-cluster-ip-range=10.96.0.0/16 \
    --authorization-mode=Node,RBAC --client-ca-file="$state/pki/ca.crt" --tls-cert-file="$state/pki/api.crt" \
    --tls-private-key-file="$state/pki/api.key" --service-account-key-file="$state/pki/accounts.key" \
    --service-account-signing-key-file="$state/pki/accounts.key" --service-account-issuer=https://kubernetes.default.svc \
    --kubelet-client-certificate="$state/pki/admin.crt" --kubelet-client-key="$state/pki/admin.key" \
    --kubelet-preferred-address-types=InternalIP --allow-privileged=true --cert-dir="$state/pki" \
    --disable-admission-plugins="$without_admission" --secure-port="$api_port" --advertise-address="$node_address"
  until_true 60 kube-apiserver answers /readyz
}
