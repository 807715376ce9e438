// SPDX-License-Identifier: GPL-3.0-or-later
// The floor: the least a WebSocket-to-PTY bridge can do. One thread, one epoll, no authentication, no flow
// control beyond TCP's own, no resume, no screen model. Each connection gets a shell; binary messages carry
// keys one way and output the other. Prints "listening on PORT". Not hardened: it serves the bench on
// loopback and nothing else.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { chunk = 65536, head_room = 16 };

struct bridge {
  int socket, pty;
  pid_t shell;
  int upgraded, closed;
  char in[chunk + head_room];  // bytes from the client that are not yet a whole frame or request
  size_t in_size;
  char out[chunk + head_room];  // the frame that is being sent
  size_t out_begin, out_end;
};

static int poller;
static char** shell_command;

// Each descriptor carries its bridge; the low bit tells the PTY from the socket.
static void watch(struct bridge* bridge, int descriptor, int is_pty, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.u64 = (uint64_t)(uintptr_t)bridge | (uint64_t)is_pty};
  epoll_ctl(poller, operation, descriptor, &event);
}

static void end_bridge(struct bridge* bridge) {
  if (bridge->closed) return;
  bridge->closed = 1;
  // By name: a shell that is not executed yet still holds the descriptors, so closing would not take them
  // out.
  epoll_ctl(poller, EPOLL_CTL_DEL, bridge->socket, NULL);
  close(bridge->socket);
  if (bridge->pty >= 0) {
    epoll_ctl(poller, EPOLL_CTL_DEL, bridge->pty, NULL);
    close(bridge->pty);
  }
  if (bridge->shell > 0) kill(-bridge->shell, SIGHUP);
}

// Sends what is left of the frame; while some is, the PTY is not read.
static void flush_out(struct bridge* bridge) {
  while (bridge->out_begin < bridge->out_end) {
    const ssize_t sent = send(bridge->socket, bridge->out + bridge->out_begin,
                              bridge->out_end - bridge->out_begin, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) {
      watch(bridge, bridge->socket, 0, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      watch(bridge, bridge->pty, 1, 0, EPOLL_CTL_MOD);
      return;
    }
    if (sent < 0) {
      end_bridge(bridge);
      return;
    }
    bridge->out_begin += (size_t)sent;
  }
}

static void on_output(struct bridge* bridge) {
  const ssize_t size = read(bridge->pty, bridge->out + head_room, chunk);
  if (size <= 0) {
    if (size < 0 && errno == EAGAIN) return;
    end_bridge(bridge);
    return;
  }
  unsigned char* frame = (unsigned char*)bridge->out + head_room;
  if (size < 126) {
    *--frame = (unsigned char)size;
  } else if (size < 65536) {
    *--frame = (unsigned char)size;
    *--frame = (unsigned char)(size >> 8);
    *--frame = 126;
  } else {
    for (int i = 0; i < 8; ++i) *--frame = (unsigned char)((uint64_t)size >> (8 * i));
    *--frame = 127;
  }
  *--frame = 0x82;  // final, binary
  bridge->out_begin = (size_t)((char*)frame - bridge->out);
  bridge->out_end = head_room + (size_t)size;
  flush_out(bridge);
}

static void start_shell(struct bridge* bridge) {
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  bridge->shell = forkpty(&bridge->pty, NULL, NULL, &size);
  if (bridge->shell == 0) {
    execvp(shell_command[0], shell_command);
    _exit(127);
  }
  fcntl(bridge->pty, F_SETFL, O_NONBLOCK);
  fcntl(bridge->pty, F_SETFD, FD_CLOEXEC);
  watch(bridge, bridge->pty, 1, EPOLLIN, EPOLL_CTL_ADD);
}

static void upgrade(struct bridge* bridge) {
  bridge->in[bridge->in_size] = 0;
  if (!strstr(bridge->in, "\r\n\r\n")) return;
  char* key = strcasestr(bridge->in, "sec-websocket-key:");
  if (!key) {
    end_bridge(bridge);
    return;
  }
  key += strlen("sec-websocket-key:");
  while (*key == ' ') ++key;
  char joined[128];
  const int size = snprintf(joined, sizeof joined, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
                            (int)strcspn(key, "\r"), key);
  unsigned char digest[EVP_MAX_MD_SIZE], accept[64];
  unsigned int digest_size = 0;
  EVP_Digest(joined, (size_t)size, digest, &digest_size, EVP_sha1(), NULL);
  EVP_EncodeBlock(accept, digest, (int)digest_size);
  bridge->out_begin = 0;
  bridge->out_end = (size_t)snprintf(bridge->out, sizeof bridge->out,
                                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                     "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                                     accept);
  bridge->in_size = 0;
  bridge->upgraded = 1;
  start_shell(bridge);
  flush_out(bridge);
}

// Takes whole frames off the front; a client's frames are masked and, here, shorter than the buffer.
static void take_frames(struct bridge* bridge) {
  for (;;) {
    unsigned char* in = (unsigned char*)bridge->in;
    if (bridge->in_size < 6) return;
    size_t header = 6, size = in[1] & 0x7f;
    if (size == 127) {
      end_bridge(bridge);
      return;
    }
    if (size == 126) {
      if (bridge->in_size < 8) return;
      size = (size_t)in[2] << 8 | in[3];
      header = 8;
    }
    if (bridge->in_size < header + size) return;
    if ((in[0] & 0x0f) == 8) {
      end_bridge(bridge);
      return;
    }
    for (size_t i = 0; i < size; ++i) in[header + i] ^= in[header - 4 + i % 4];
    if (write(bridge->pty, in + header, size) < 0) {
      end_bridge(bridge);
      return;
    }
    bridge->in_size -= header + size;
    memmove(in, in + header + size, bridge->in_size);
  }
}

static void on_socket(struct bridge* bridge, uint32_t events) {
  if (events & EPOLLOUT) {
    flush_out(bridge);
    if (!bridge->closed && bridge->out_begin == bridge->out_end) {
      watch(bridge, bridge->socket, 0, EPOLLIN, EPOLL_CTL_MOD);
      watch(bridge, bridge->pty, 1, EPOLLIN, EPOLL_CTL_MOD);
    }
  }
  if (bridge->closed || !(events & (EPOLLIN | EPOLLHUP))) return;
  const ssize_t size = recv(bridge->socket, bridge->in + bridge->in_size, chunk - bridge->in_size, 0);
  if (size <= 0) {
    if (size < 0 && errno == EAGAIN) return;
    end_bridge(bridge);
    return;
  }
  bridge->in_size += (size_t)size;
  if (bridge->upgraded) {
    take_frames(bridge);
  } else {
    upgrade(bridge);
  }
}

static void accept_client(int listener) {
  const int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (client < 0) return;
  const int on = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct bridge* bridge = calloc(1, sizeof *bridge);
  bridge->socket = client;
  bridge->pty = -1;
  watch(bridge, client, 0, EPOLLIN, EPOLL_CTL_ADD);
}

int main(int argc, char** argv) {
  if (argc < 2) return fprintf(stderr, "floor COMMAND [ARGUMENT...]\n"), 2;
  shell_command = argv + 1;
  signal(SIGCHLD, SIG_IGN);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr*)&address, size) || listen(listener, 512) ||
      getsockname(listener, (struct sockaddr*)&address, &size))
    return perror("listen"), 1;
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0};
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  printf("listening on %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    struct epoll_event events[64];
    const int count = epoll_wait(poller, events, 64, -1);
    for (int i = 0; i < count; ++i) {
      struct bridge* bridge = (struct bridge*)(uintptr_t)(events[i].data.u64 & ~(uint64_t)1);
      if (!bridge) {
        accept_client(listener);
      } else if (!bridge->closed) {
        if (events[i].data.u64 & 1) {
          on_output(bridge);
        } else {
          on_socket(bridge, events[i].events);
        }
      }
    }
    // A bridge may stand twice in one batch, so it is freed after it.
    for (int i = 0; i < count; ++i) {
      struct bridge* bridge = (struct bridge*)(uintptr_t)(events[i].data.u64 & ~(uint64_t)1);
      if (!bridge || !bridge->closed) continue;
      int later = 0;
      for (int j = i + 1; j < count; ++j)
        later |= (events[j].data.u64 & ~(uint64_t)1) == (uint64_t)(uintptr_t)bridge;
      if (!later) free(bridge);
    }
  }
}
