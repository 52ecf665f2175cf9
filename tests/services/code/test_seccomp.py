"""What the list lets through, read as the kernel reads it, for both kinds of processors."""

import errno
import struct

import pytest

from flowloom.services.code import seccomp
from flowloom.services.code.seccomp import MACHINES

ALLOWED, REFUSED = 0x7FFF0000, 0x00050000
NUMBERS = {
    # the call, its number on x86_64 and on aarch64
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "io_setup": (206, 0),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "socket": (41, 198),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "mount": (165, 40),
    "unshare": (272, 97),
}
NEEDED = {"read": (0, 63), "write": (1, 64), "mmap": (9, 222), "openat": (257, 56), "futex": (202, 98)}


def judged(list_: bytes, audit: int, number: int, first: int = 0) -> int:
    """What the list says of a call."""
    lines = [struct.unpack_from("=HBBI", list_, at) for at in range(0, len(list_), 8)]
    data, at, held = {0: number, 4: audit, 16: first}, 0, 0
    while True:
        code, yes, no, value = lines[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = data[value]
        else:
            holds = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            at += yes if holds else no


@pytest.mark.parametrize(("place", "machine"), list(enumerate(MACHINES)))
def test_what_is_refused_and_what_is_not(place: int, machine: str) -> None:
    list_, audit = seccomp._assembled(MACHINES[machine]), MACHINES[machine].audit
    for name, numbers in NUMBERS.items():
        assert judged(list_, audit, numbers[place]) == REFUSED | errno.EPERM, name
    for name, numbers in NEEDED.items():
        assert judged(list_, audit, numbers[place]) == ALLOWED, name
