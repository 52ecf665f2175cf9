"""What code behind the walls may not ask of the kernel: new processes, sockets, mounts, a look at others.

A list as the kernel reads it (classic BPF), made here so that nothing has to be installed for it.
"""

import errno
import platform
import struct
from typing import NamedTuple

_LOAD, _EQUALS, _AT_LEAST, _HAS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_THREAD = 0x00010000
"""The flag of `clone` by which a thread is made rather than a process."""
_OTHER_ABI = 0x40000000
_EVERYWHERE = (*range(424, 434), 434, 438, 442, 447)
"""pidfd, io_uring, memfd_secret and the newer calls around mounts, which have one number on all machines."""


class Machine(NamedTuple):
    """The numbers of the calls on one kind of processor."""

    audit: int
    clone: int
    denied: tuple[int, ...]


MACHINES = {
    "x86_64": Machine(
        audit=0xC000003E,
        clone=56,
        # socket, socketpair, fork, vfork, execveat, ptrace, process_vm_*, personality, mount, umount2, pivot_root,
        # chroot, unshare, setns, bpf, perf_event_open, userfaultfd, keys, kexec, modules, acct, swap, reboot,
        # quotactl, *_handle_at, kcmp, syslog, clocks, iopl, ioperm, modify_ldt, lookup_dcookie, vmsplice,
        # and memory that counts for no process: memfd_create, shm*, msgget, semget, mq_open, io_setup
        denied=(
            *(41, 53, 57, 58, 322, 101, 310, 311, 135, 165, 166, 155, 161, 272, 308, 321, 298, 323, 248, 249, 250),
            *(246, 320, 175, 313, 176, 163, 167, 168, 169, 179, 303, 304, 312, 103, 164, 227, 159, 172, 173, 154),
            *(212, 278, 319, 29, 30, 31, 67, 68, 64, 240, 206),
        ),
    ),
    "aarch64": Machine(
        audit=0xC00000B7,
        clone=220,
        denied=(
            *(
                198,
                199,
                281,
                117,
                270,
                271,
                92,
                40,
                39,
                41,
                51,
                97,
                268,
                280,
                241,
                282,
                217,
                218,
                219,
                104,
                294,
                105,
            ),
            *(273, 106, 89, 224, 225, 142, 60, 264, 265, 272, 116, 170, 112, 171, 18, 75),
            *(279, 194, 196, 195, 197, 186, 190, 180, 0),
        ),
    ),
}
_CLONE3 = 435


def filter_here() -> bytes | None:
    """The list for this machine; None where its numbers are not known."""
    machine = MACHINES.get(platform.machine())
    return _assembled(machine) if machine else None


def _assembled(machine: Machine) -> bytes:
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUALS, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_ABI),
        (_RETURN, 0, 0, _KILL),
        # Its flags lie in memory, where they cannot be read; told it does not exist, libraries use `clone`.
        *_refuse(_CLONE3, errno.ENOSYS),
    ]
    for number in (*machine.denied, *_EVERYWHERE):
        lines += _refuse(number, errno.EPERM)
    lines += [
        (_EQUALS, 0, 3, machine.clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_HAS, 1, 0, _THREAD),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _refuse(number: int, error: int) -> list[tuple[int, int, int, int]]:
    return [(_EQUALS, 0, 1, number), (_RETURN, 0, 0, _ERRNO | error)]
