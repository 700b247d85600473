"""The allow-list of system calls: what people do every day works, and everything that is not listed is refused."""

import errno
import platform
import re
import struct
import sys
from pathlib import Path

import pytest

from autograder.sandbox import host, system_calls
from autograder.sandbox.jail import CannotIsolate
from autograder.sandbox.system_calls import ANSWERS, ARCHITECTURES, RULES, numbers, program
from course_utils.frameworks import installed
from tests.autograder.sealing import needs_sandbox, show, text

CALL = "import ctypes, errno\nlibc = ctypes.CDLL(None, use_errno=True)\n"
MACHINES = list(ARCHITECTURES)
EVERYDAY = dict(
    re.findall(r"^# %% (\w+)\n(.*?)(?=\n# %%|\Z)", (Path(__file__).parent / "everyday.txt").read_text(), re.M | re.S)
)


def answer(machine, name_or_number, *arguments, architecture=None):
    """Run the filter as the kernel does and return its answer: "allow", or the error's number."""
    number = numbers(machine)[name_or_number] if isinstance(name_or_number, str) else name_or_number
    arguments = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("IIQ6Q", number, architecture or ARCHITECTURES[machine], 0, *arguments)
    code, position, value = program(machine), 0, 0
    while True:
        step = code[position]
        position += 1
        if step.code == 0x20:
            (value,) = struct.unpack_from("I", data, step.value)
        elif step.code == 0x54:
            value &= step.value
        elif step.code == 0x06:
            return "allow" if step.value == system_calls.ALLOW else step.value - system_calls.ERRNO
        else:
            compare = {0x15: value == step.value, 0x35: value >= step.value, 0x25: value > step.value}
            position += step.if_true if compare[step.code] else step.if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_only_what_is_listed_is_let_through(machine):
    """Listed calls pass, all others do not exist; nor do those of another processor and of x32."""
    known = numbers(machine)
    plain = {number for name, number in known.items() if name not in RULES and name not in ANSWERS}
    special = set(known.values()) - plain
    for number in set(range(1024)) - special:
        assert answer(machine, number) == ("allow" if number in plain else errno.ENOSYS), number
    assert answer(machine, "read", architecture=0x40000003) == errno.ENOSYS
    assert answer(machine, known["read"] + 0x40000000) == errno.ENOSYS
    for name, error in ANSWERS.items():
        assert answer(machine, name) == error


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (("socket", 1, 1, 0), "allow"),
        (("socket", 2, 1, 6), "allow"),
        (("socket", 40, 1, 0), errno.EAFNOSUPPORT),  # AF_VSOCK
        (("socket", 38, 5, 0), errno.EAFNOSUPPORT),  # AF_ALG
        (("socket", 17, 3, 0), errno.EAFNOSUPPORT),  # AF_PACKET
        (("socket", 2, 1, 262), errno.EPROTONOSUPPORT),  # MPTCP
        (("socketpair", 1, 1, 0), "allow"),
        (("socketpair", 40, 1, 0), errno.EAFNOSUPPORT),
        (("setsockopt", 0, 1, 50), errno.ENOPROTOOPT),  # SO_ATTACH_BPF
        (("clone", 0x3D0F00), "allow"),  # a thread
        (("clone", 17), "allow"),  # a fork
        (("clone", 0x10000011), errno.EPERM),  # CLONE_NEWUSER
        (("clone", 0x40000011), errno.EPERM),  # CLONE_NEWNET
        (("mmap", 0, 9, 3, 0x22), "allow"),  # private memory
        (("mmap", 0, 9, 3, 0x01), "allow"),  # a shared file
        (("mmap", 0, 9, 3, 0x21), errno.EPERM),  # shared memory without a file
        (("mmap", 0, 9, 3, 0x23), errno.EPERM),  # the same, in the newer spelling
        (("mmap", 0, 9, 3, 0x40022), errno.EPERM),  # huge pages
        (("madvise", 0, 9, 4), "allow"),
        (("madvise", 0, 9, 21), errno.EINVAL),  # MADV_PAGEOUT
        (("fcntl", 3, 1030, 0), "allow"),
        (("fcntl", 3, 6), 0),  # F_SETLK
        (("fcntl", 3, 38), 0),  # F_OFD_SETLKW
        (("fcntl", 3, 1031), errno.EINVAL),  # F_SETPIPE_SZ
        (("fcntl", 3, 1026), errno.EINVAL),  # F_NOTIFY
        (("fcntl", 3, 1024), errno.EINVAL),  # F_SETLEASE
        (("ioctl", 3, 0x5401), "allow"),
        (("ioctl", 3, 0x5412), errno.ENOTTY),  # TIOCSTI
        (("prctl", 15), "allow"),
        (("prctl", 4, 0), errno.EINVAL),  # PR_SET_DUMPABLE
        (("prctl", 22, 2), errno.EINVAL),  # PR_SET_SECCOMP
        (("mknodat", -100 % 2**32, 0, 0o010644), "allow"),
        (("mknodat", -100 % 2**32, 0, 0o020644), errno.EPERM),
    ],
)
def test_arguments_are_looked_at(machine, call, expected):
    """Where only some uses of a call are needed, the others are answered as the kernel or the C library would."""
    assert answer(machine, *call) == expected


def test_a_processor_without_a_list_is_refused():
    """Without a filter there is no sandbox."""
    with pytest.raises(CannotIsolate, match="riscv64"):
        program("riscv64")


@needs_sandbox
def test_a_filter_that_cannot_be_loaded_lets_nothing_run(monkeypatch):
    """Where the kernel refuses the filter, that is an error and no silence."""
    monkeypatch.setattr(system_calls, "SECCOMP_MODE_FILTER", 99)
    with pytest.raises(CannotIsolate, match="refuses the system-call filter"):
        system_calls.filter_system_calls()


@needs_sandbox
def test_every_call_outside_the_list_is_refused(student):
    """A student's process tries each number that is not listed, with odd arguments: none of these calls exists."""
    tried = set(range(700)) - set(numbers(platform.machine()).values())
    if platform.machine() == "x86_64":
        tried -= {335, 336}  # uretprobe, uprobe: no filter is asked about them; made by hand they end the process
    source = f"{CALL}for n in {tried}:\n    if libc.syscall(n, *[-1] * 6) != -1 or ctypes.get_errno() != 38: print(n)"
    assert len(tried) > 450
    assert text(student, source) == ""


@needs_sandbox
@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 only")
def test_other_numberings_of_calls_are_refused(student):
    """Neither x32 nor the calls of 32-bit programs lead past the list."""
    assert text(student, f"{CALL}print(libc.syscall(0x40000000 + 39), ctypes.get_errno())") == "-1 38\n"
    source = """
import ctypes, mmap
code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
code.write(bytes.fromhex("b814000000cd80c3"))  # getpid of 32-bit programs
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())
"""
    assert text(student, source) == "-38\n"


@pytest.fixture(scope="module")
def everyday_student():
    """One process for all everyday code, with the frameworks that are installed."""
    needs = host.Need(tuple(name for name in ("tensorflow", "torch") if installed(name)), 3000)
    process = host.start_student(needs)
    process.send_files({}, "/tmp/work", 10)
    yield process
    process.close()


@needs_sandbox
@pytest.mark.slow
@pytest.mark.parametrize("name", EVERYDAY)
def test_everyday_code_runs(everyday_student, name):
    """What people do in notebooks meets no refusal."""
    framework = name.rpartition("_")[2]
    if framework in ("torch", "tensorflow") and not installed(framework):
        pytest.skip(f"{framework} is not installed")
    errors = [output for output in show(everyday_student, EVERYDAY[name], 60) if output.output_type == "error"]
    assert not errors, (errors[0].ename, errors[0].evalue)


def test_enough_is_tried():
    """The list of everyday behaviours is a long one."""
    assert sys.platform != "linux" or len(EVERYDAY) >= 75
