"""This process among others: where it runs, and how one knows that another has ended."""

import os
import platform
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A process; `born` tells it from a later one that got the same number, and is empty where nobody knows."""

    place: str
    pid: int
    born: str


def this_process() -> Process:
    return Process(_place(), os.getpid(), _born(os.getpid()) or "")


def ended(process: Process, here: Process) -> bool:
    """Whether a process has certainly ended; False for one of another computer, of which nobody here can know."""
    if process.place != here.place or os.name != "posix":
        return False
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's, so it is there
        return False
    born = _born(process.pid)
    return born is not None and process.born != "" and born != process.born


@cache
def _place() -> str:
    """This computer since it was last started; within a container, that container."""
    found = [platform.node(), f"{uuid.getnode():x}"]
    with suppress(OSError):
        found.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip())
        found.append(os.readlink("/proc/self/ns/pid"))
    return " ".join(found)


def _born(pid: int) -> str | None:
    """When a process began, in ticks since this computer was started; None where that cannot be told."""
    with suppress(OSError, IndexError, ValueError):
        facts = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        # One that has ended but whose parent has not looked yet is there still.
        return "ended" if facts[0] in "ZX" else facts[19]
    return None
