// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/backends/local/seccomp_profile.hpp"

#include <sched.h>
#include <sys/socket.h>

#include <cerrno>

namespace berth::server::local {

namespace {

using protocol::Json;

const Json& allowed_calls() {
  static const Json names = {
      // files
      "access", "chdir", "chmod", "chown", "close", "close_range", "copy_file_range", "creat", "dup", "dup2",
      "dup3", "faccessat", "faccessat2", "fadvise64", "fallocate", "fchdir", "fchmod", "fchmodat",
      "fchmodat2", "fchown", "fchownat", "fcntl", "fdatasync", "fgetxattr", "flistxattr", "flock",
      "fremovexattr", "fsetxattr", "fstat", "fstatfs", "fsync", "ftruncate", "futimesat", "getcwd",
      "getdents", "getdents64", "getxattr", "getxattrat", "ioctl", "lchown", "lgetxattr", "link", "linkat",
      "listxattr", "listxattrat", "llistxattr", "lremovexattr", "lseek", "lsetxattr", "lstat", "mkdir",
      "mkdirat", "mknod", "mknodat", "name_to_handle_at", "newfstatat", "open", "openat", "openat2",
      "pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink",
      "readlinkat", "readv", "removexattr", "removexattrat", "rename", "renameat", "renameat2", "rmdir",
      "sendfile", "setxattr", "setxattrat", "splice", "stat", "statfs", "statx", "symlink", "symlinkat",
      "sync", "sync_file_range", "syncfs", "tee", "truncate", "umask", "unlink", "unlinkat", "utime",
      "utimensat", "utimes", "vmsplice", "write", "writev", "cachestat",
      // memory
      "brk", "get_mempolicy", "madvise", "map_shadow_stack", "mbind", "membarrier", "memfd_create",
      "memfd_secret", "mincore", "mlock", "mlock2", "mlockall", "mmap", "mprotect", "mremap", "mseal",
      "msync", "munlock", "munlockall", "munmap", "pkey_alloc", "pkey_free", "pkey_mprotect",
      "process_madvise", "process_mrelease", "remap_file_pages", "set_mempolicy", "set_mempolicy_home_node",
      // processes and threads
      "arch_prctl", "capget", "capset", "execve", "execveat", "exit", "exit_group", "fork", "get_robust_list",
      "get_thread_area", "getcpu", "getegid", "geteuid", "getgid", "getgroups", "getpgid", "getpgrp",
      "getpid", "getppid", "getpriority", "getresgid", "getresuid", "getrlimit", "getrusage", "getsid",
      "gettid", "getuid", "ioprio_get", "ioprio_set", "kcmp", "kill", "pidfd_getfd", "pidfd_open",
      "pidfd_send_signal", "prctl", "prlimit64", "process_vm_readv", "process_vm_writev", "ptrace",
      "restart_syscall", "rseq", "sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity",
      "sched_getattr", "sched_getparam", "sched_getscheduler", "sched_rr_get_interval", "sched_setaffinity",
      "sched_setattr", "sched_setparam", "sched_setscheduler", "sched_yield", "seccomp", "set_robust_list",
      "set_thread_area", "set_tid_address", "setfsgid", "setfsuid", "setgid", "setgroups", "setpgid",
      "setpriority", "setregid", "setresgid", "setresuid", "setreuid", "setrlimit", "setsid", "setuid",
      "tgkill", "times", "tkill", "uname", "sysinfo", "vfork", "wait4", "waitid", "landlock_add_rule",
      "landlock_create_ruleset", "landlock_restrict_self", "lsm_get_self_attr",
      // signals, time, waiting
      "alarm", "adjtimex", "clock_getres", "clock_gettime", "clock_nanosleep", "epoll_create",
      "epoll_create1", "epoll_ctl", "epoll_ctl_old", "epoll_pwait", "epoll_pwait2", "epoll_wait",
      "epoll_wait_old", "eventfd", "eventfd2", "futex", "futex_requeue", "futex_wait", "futex_waitv",
      "futex_wake", "getitimer", "gettimeofday", "inotify_add_watch", "inotify_init", "inotify_init1",
      "inotify_rm_watch", "fanotify_mark", "io_cancel", "io_destroy", "io_getevents", "io_pgetevents",
      "io_setup", "io_submit", "nanosleep", "pause", "poll", "ppoll", "pselect6", "rt_sigaction",
      "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend",
      "rt_sigtimedwait", "rt_tgsigqueueinfo", "select", "setitimer", "sigaltstack", "signalfd", "signalfd4",
      "time", "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime",
      "timerfd_create", "timerfd_gettime", "timerfd_settime",
      // talking
      "accept", "accept4", "bind", "connect", "getpeername", "getrandom", "getsockname", "getsockopt",
      "listen", "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive", "mq_timedsend", "mq_unlink",
      "msgctl", "msgget", "msgrcv", "msgsnd", "pipe", "pipe2", "recvfrom", "recvmmsg", "recvmsg", "semctl",
      "semget", "semop", "semtimedop", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shmat", "shmctl",
      "shmdt", "shmget", "shutdown", "socketpair"};
  return names;
}

Json allow(const char* name, int argument, std::uint64_t value, const char* comparison,
           std::uint64_t second = 0) {
  return {{"names", {name}},
          {"action", "SCMP_ACT_ALLOW"},
          {"args", {{{"index", argument}, {"value", value}, {"valueTwo", second}, {"op", comparison}}}}};
}

}  // namespace

Json seccomp_profile() {
  Json rules = Json::array();
  rules.push_back({{"names", allowed_calls()}, {"action", "SCMP_ACT_ALLOW"}});
  // A new user namespace would bring new capabilities and with them a large part of the kernel to attack.
  constexpr std::uint64_t new_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                           CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  rules.push_back(allow("clone", 0, new_namespaces, "SCMP_CMP_MASKED_EQ", 0));
  // Its flags lie in memory, where no filter can read them; libraries fall back to clone on ENOSYS.
  rules.push_back({{"names", {"clone3"}}, {"action", "SCMP_ACT_ERRNO"}, {"errnoRet", ENOSYS}});
  for (const int family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK})
    rules.push_back(allow("socket", 0, static_cast<std::uint64_t>(family), "SCMP_CMP_EQ"));
  // Linux, 32-bit addresses, no address randomisation (what gdb sets), "which is it?".
  for (const std::uint64_t persona : {0x0ull, 0x8ull, 0x20000ull, 0x20008ull, 0x40000ull, 0xffffffffull})
    rules.push_back(allow("personality", 0, persona, "SCMP_CMP_EQ"));
#if defined(__x86_64__)
  const Json architectures = {"SCMP_ARCH_X86_64"};
#elif defined(__aarch64__)
  const Json architectures = {"SCMP_ARCH_AARCH64"};
#else
  const Json architectures = Json::array();
#endif
  return {{"defaultAction", "SCMP_ACT_ERRNO"},
          {"defaultErrnoRet", EPERM},
          {"architectures", architectures},
          {"syscalls", rules}};
}

}  // namespace berth::server::local
