"""The names under which the app answers: those of this computer, and those its owner added."""

import os
import re
from collections.abc import Iterable

from flowloom.errors import FlowloomError

HOSTS_VARIABLE = "FLOWLOOM_HOSTS"
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
_NAME = re.compile(r"(?!.{254})[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_ADDRESS = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::(\d{1,5}))?")


class HostNameError(FlowloomError):
    """What was given as a name of the app is none."""

    code = "host_name"


def own_names(given: Iterable[str] = ()) -> frozenset[str]:
    """The names the owner added, each text one or several with commas between; also those of FLOWLOOM_HOSTS.

    Raises HostNameError where one is no name: a port, a scheme or a `*` would not do what it seems to.
    """
    texts = [*given, os.environ.get(HOSTS_VARIABLE, "")]
    names = [name.strip().lower() for text in texts for name in text.split(",")]
    return frozenset(_checked(name) for name in names if name)


def _checked(name: str) -> str:
    if _NAME.fullmatch(name) or _ADDRESS.fullmatch(name):
        return name
    raise HostNameError(
        "“{name}” can’t be used as a name for this computer.",
        "Enter only the name, without http:// or a port, such as gpts.example.org.",
        name=name,
    )


def split_host(host: str) -> tuple[str, str]:
    """The name and the port of a Host header, both as texts; empty where it is no proper one."""
    found = _HOST.fullmatch(host.lower())
    return (found[1], found[2] or "") if found else ("", "")
