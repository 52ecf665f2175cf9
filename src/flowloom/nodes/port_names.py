"""Ports that bear names a person gave: the rule from name to port id, shared by every kind that has rows."""

from collections.abc import Iterable, Sequence
from string import punctuation
from unicodedata import normalize

from flowloom.kinds.kind import ERROR_PORT, TOOL_PORT
from flowloom.kinds.port import Port, PortType

RESERVED = (ERROR_PORT.id, TOOL_PORT.id)
_DROPPED = frozenset(punctuation) - {"-", "_"}


def port_id(name: str) -> str:
    """The id of a name: lower case, `_` for spaces and signs, letters of every script kept, never a dot.

    `Needs a refund?` becomes `needs_a_refund`, `退款` stays as it is; a name of signs alone becomes `port`.
    """
    letters = normalize("NFKC", name).lower()
    kept = "".join(letter if letter.isprintable() and letter not in _DROPPED else " " for letter in letters)
    return "_".join(kept.split())[:60] or "port"


def named_ports(
    names: Iterable[str], type: PortType = PortType.ANY, *, taken: Sequence[str] = ()
) -> tuple[Port, ...]:
    """A port for every name, in order. An id already taken gets a number: `refund`, `refund_2`."""
    ports: list[Port] = []
    used = {*RESERVED, *taken}
    for name in names:
        port = free_id(port_id(name), used)
        used.add(port)
        ports.append(Port(id=port, label=name, type=type, verbatim=True))
    return tuple(ports)


def free_id(wanted: str, used: set[str]) -> str:
    number, found = 1, wanted
    while found in used:
        number += 1
        found = f"{wanted}_{number}"
    return found


def repeated(names: Iterable[str]) -> list[str]:
    """The names that stand more than once, each as it was first written. Case and signs make no difference."""
    first: dict[str, str] = {}
    again = [first[port_id(name)] for name in names if first.setdefault(port_id(name), name) is not name]
    return list(dict.fromkeys(again))
