"""The allow-list of system calls: what labs and everyday Python need; the kernel refuses the rest to a submission.

What is not on the list is answered as a call that this kernel does not have, so that libraries take another way.
"""

import ctypes
import errno
import platform
import struct
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from autograder.sandbox.jail import CannotIsolate, prctl

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000  # the kernel's answers to a call: let it through, or this error
FIRST_X32 = 0x40000000  # from here on the numbers of x86-64's second set of calls, which nothing uses
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # as the kernel names them to a filter

# Name, number on x86-64, number on 64-bit ARM, where the old calls are missing.
NUMBERS = """
read 0 63  write 1 64  open 2 -  openat 257 56  openat2 437 437  close 3 57  close_range 436 436  stat 4 -
fstat 5 80  lstat 6 -  newfstatat 262 79  statx 332 291  access 21 -  faccessat 269 48  faccessat2 439 439
poll 7 -  ppoll 271 73  lseek 8 62  pread64 17 67  pwrite64 18 68  readv 19 65  writev 20 66  preadv 295 69
pwritev 296 70  select 23 -  pselect6 270 72  dup 32 23  dup2 33 -  dup3 292 24  pipe 22 -  pipe2 293 59
getdents 78 -  getdents64 217 61  getcwd 79 17  chdir 80 49  fchdir 81 50  rename 82 -  renameat 264 38
renameat2 316 276  mkdir 83 -  mkdirat 258 34  rmdir 84 -  creat 85 -  link 86 -  linkat 265 37  unlink 87 -
unlinkat 263 35  symlink 88 -  symlinkat 266 36  readlink 89 -  readlinkat 267 78  chmod 90 -  fchmod 91 52
fchmodat 268 53  fchmodat2 452 452  chown 92 -  fchown 93 55  lchown 94 -  fchownat 260 54  umask 95 166
utime 132 -  utimes 235 -  utimensat 280 88  futimesat 261 -  truncate 76 45  ftruncate 77 46
fallocate 285 47  fsync 74 82  fdatasync 75 83  sendfile 40 71  copy_file_range 326 285  statfs 137 43
fstatfs 138 44  fcntl 72 25  ioctl 16 29  flock 73 32  fadvise64 221 223  mknod 133 -  mknodat 259 33
getxattr 191 8  lgetxattr 192 9  fgetxattr 193 10  listxattr 194 11  llistxattr 195 12  flistxattr 196 13
setxattr 188 5  lsetxattr 189 6  fsetxattr 190 7  brk 12 214  mmap 9 222  munmap 11 215  mprotect 10 226
mremap 25 216  madvise 28 233  msync 26 227  membarrier 324 283  clone 56 220  fork 57 -  vfork 58 -
execve 59 221  wait4 61 260  waitid 247 95  exit 60 93  exit_group 231 94  kill 62 129  tgkill 234 131
tkill 200 130  getpid 39 172  gettid 186 178  getppid 110 173  getpgid 121 155  getpgrp 111 -  setpgid 109 154
setsid 112 157  getsid 124 156  getuid 102 174  geteuid 107 175  getgid 104 176  getegid 108 177
getresuid 118 148  getresgid 120 150  getgroups 115 158  capget 125 90  uname 63 160  sysinfo 99 179
getrusage 98 165  times 100 153  getrlimit 97 163  setrlimit 160 164  prlimit64 302 261  getpriority 140 141
setpriority 141 140  sched_yield 24 124  sched_getaffinity 204 123  sched_setaffinity 203 122
sched_getparam 143 121  sched_getscheduler 145 120  sched_get_priority_max 146 125
sched_get_priority_min 147 126  getcpu 309 168  rseq 334 293  set_tid_address 218 96  set_robust_list 273 99
arch_prctl 158 -  prctl 157 167  futex 202 98  rt_sigaction 13 134  rt_sigprocmask 14 135  rt_sigreturn 15 139
rt_sigpending 127 136  rt_sigtimedwait 128 137  rt_sigsuspend 130 133  sigaltstack 131 132  pause 34 -
alarm 37 -  getitimer 36 102  setitimer 38 103  restart_syscall 219 128  signalfd 282 -  signalfd4 289 74
pidfd_open 434 434  pidfd_send_signal 424 424  clock_gettime 228 113  clock_getres 229 114
clock_nanosleep 230 115  nanosleep 35 101  gettimeofday 96 169  time 201 -  timerfd_create 283 85
timerfd_settime 286 86  timerfd_gettime 287 87  epoll_create 213 -  epoll_create1 291 20  epoll_ctl 233 21
epoll_wait 232 -  epoll_pwait 281 22  epoll_pwait2 441 441  eventfd 284 -  eventfd2 290 19  socket 41 198
socketpair 53 199  connect 42 203  accept 43 202  accept4 288 242  bind 49 200  listen 50 201
getsockname 51 204  getpeername 52 205  getsockopt 55 209  setsockopt 54 208  sendto 44 206  recvfrom 45 207
sendmsg 46 211  recvmsg 47 212  shutdown 48 210  getrandom 318 278
"""


class Rule(NamedTuple):
    """Which values of one argument are let through.

    Args:
        argument: its position. mask: the bits that count.
        allowed: values with which the call is made. ignored: values with which it is not made, and answered 0.
        error: what is answered with any other value.
    """

    argument: int
    mask: int
    allowed: tuple[int, ...]
    error: int
    ignored: tuple[int, ...] = ()


WHOLE = 0xFFFFFFFF
FIFO = Rule(1, 0o170000, (0o010000,), errno.EPERM)
RULES: dict[str, tuple[Rule, ...]] = {
    # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK; the protocols are the default, TCP and UDP.
    "socket": (
        Rule(0, WHOLE, (1, 2, 10, 16), errno.EAFNOSUPPORT),
        Rule(2, WHOLE, (0, 6, 17), errno.EPROTONOSUPPORT),
    ),
    "socketpair": (Rule(0, WHOLE, (1,), errno.EAFNOSUPPORT),),
    # Sizes, times and the like, for sockets and TCP; no filter programs and no pages that stay pinned.
    "setsockopt": (Rule(2, WHOLE, (1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 20, 21, 66, 67), errno.ENOPROTOOPT),),
    # No new namespace, in which a process has capabilities, and no tracing.
    "clone": (Rule(0, 0x7E022000, (0,), errno.EPERM),),
    # Memory that is shared and belongs to no file counts for nobody once it is unmapped; huge pages count nowhere.
    "mmap": (Rule(3, 0x40021, (0x00, 0x01, 0x20), errno.EPERM),),
    # What allocators and the C library ask for.
    "madvise": (Rule(2, WHOLE, (0, 1, 2, 3, 4, 8, 10, 11, 14, 15, 16, 17, 18, 19, 22, 23, 102, 103), errno.EINVAL),),
    # Copies and flags of descriptors, F_GETLK, F_OFD_GETLK, F_GETPIPE_SZ. No lock is ever set: locks on files that all
    # submissions can read would carry messages, and each takes memory of the kernel.
    "fcntl": (Rule(1, WHOLE, (0, 1, 2, 3, 4, 5, 36, 1030, 1032), errno.EINVAL, ignored=(6, 7, 37, 38)),),
    # Size of a terminal, bytes that wait, blocking, closing on exec; names and addresses of network interfaces.
    "ioctl": (
        Rule(
            1,
            WHOLE,
            (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x8910, 0x8912, 0x8913, 0x8915, 0x8927, 0x8933),
            errno.ENOTTY,
        ),
    ),
    # The signal at the parent's death, names of threads, timer slack, no_new_privs; reading what is. A process that
    # makes itself undumpable could not be watched.
    "prctl": (Rule(0, WHOLE, (1, 2, 3, 7, 15, 16, 21, 23, 27, 29, 30, 38, 39, 40, 42), errno.EINVAL),),
    "mknod": (FIFO,),
    "mknodat": (FIFO._replace(argument=2),),
}
# Calls that are never made, and what they answer: 0 where a program loses nothing.
ANSWERS = {
    "flock": 0,
    "fadvise64": 0,  # would throw shared files out of the page cache
    "setxattr": errno.EOPNOTSUPP,
    "lsetxattr": errno.EOPNOTSUPP,
    "fsetxattr": errno.EOPNOTSUPP,
    "sched_setaffinity": errno.EPERM,  # the supervisor gives a submission its share of the processors
}


def numbers(machine: str) -> dict[str, int]:
    """Return the numbers of the listed calls on one kind of processor, by name."""
    words = NUMBERS.split()
    column = list(ARCHITECTURES).index(machine) + 1
    return {name: int(number) for name, number in zip(words[::3], words[column::3], strict=True) if number != "-"}


class Instruction(NamedTuple):
    """One instruction of the kernel's filter language."""

    code: int
    if_true: int
    if_false: int
    value: int


def _load(offset: int) -> Instruction:
    return Instruction(0x20, 0, 0, offset)


def _answer(value: int) -> Instruction:
    return Instruction(0x06, 0, 0, value)


def _jump(code: int, value: int, if_true: int, if_false: int) -> Instruction:
    assert max(if_true, if_false) < 256
    return Instruction(code, if_true, if_false, value)


EQUAL, AT_LEAST, ABOVE, AND = 0x15, 0x35, 0x25, 0x54
REFUSE = _answer(ERRNO | errno.ENOSYS)


def _check(rule: Rule) -> Iterator[Instruction]:
    """Yield the instructions that go on behind themselves where a rule allows the call, and else answer it."""
    yield _load(16 + 8 * rule.argument)  # the lower half, which is all that the kernel reads of these arguments
    yield Instruction(AND, 0, 0, rule.mask)
    behind = len(rule.allowed) + 2 * len(rule.ignored) + 1
    for position, value in enumerate(rule.allowed):
        yield _jump(EQUAL, value, behind - position - 1, 0)
    for value in rule.ignored:
        yield _jump(EQUAL, value, 0, 1)
        yield _answer(ERRNO | 0)
    yield _answer(ERRNO | rule.error)


def _search(ranges: list[tuple[int, int]]) -> list[Instruction]:
    """Return the instructions that find the number of a call among ranges of allowed ones."""
    if len(ranges) == 1:
        ((first, last),) = ranges
        return [_jump(AT_LEAST, first, 0, 1), _jump(ABOVE, last, 0, 1), REFUSE, _answer(ALLOW)]
    middle = len(ranges) // 2
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    return [_jump(AT_LEAST, ranges[middle][0], len(below), 0), *below, *above]


def program(machine: str) -> list[Instruction]:
    """Return the filter for one kind of processor."""
    if machine not in ARCHITECTURES:
        raise CannotIsolate(f"no system-call filter for processors of kind {machine}")
    known = numbers(machine)
    code = [
        _load(4),
        _jump(EQUAL, ARCHITECTURES[machine], 1, 0),
        REFUSE,  # a call by the numbers of another processor, such as those of 32-bit programs
        _load(0),
        _jump(AT_LEAST, FIRST_X32, 0, 1),
        REFUSE,
    ]
    special = {name: [_answer(ERRNO | error)] for name, error in ANSWERS.items()}
    for name, rules in RULES.items():
        special[name] = [*(step for rule in rules for step in _check(rule)), _answer(ALLOW)]
    for name, block in special.items():
        if name in known:
            code += [_jump(EQUAL, known[name], 0, len(block)), *block]
    ranges: list[tuple[int, int]] = []
    for number in sorted(number for name, number in known.items() if name not in special):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return code + _search(ranges)


@cache
def compiled() -> bytes:
    """Return the filter for this processor as the kernel takes it; what a server has made, its forks have.

    Raises:
        CannotIsolate: there is none for this processor.
    """
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program(platform.machine()))


def filter_system_calls() -> None:
    """Leave this process, which has one thread, and its children only the listed calls; needs ``no_new_privs``.

    Raises:
        CannotIsolate: there is no filter for this processor, or the kernel refuses it.
    """
    code = compiled()
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer)))
    try:
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(header))
    except OSError as error:
        raise CannotIsolate(f"the kernel refuses the system-call filter: {error}") from error
