"""Web addresses, read strictly, and which of the internet's addresses a flow may talk to."""

import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from flowloom.errors import HttpError

if TYPE_CHECKING:
    import httpx

Address = IPv4Address | IPv6Address

_FORBIDDEN_V4 = [
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata host, though it looks public
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
# Everything public in IPv6 lies in 2000::/3; mapped, translated and local spellings lie outside it.
_PUBLIC_V6 = IPv6Network("2000::/3")
_FORBIDDEN_V6 = [
    IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16")
]
# DNS64 networks reach IPv4 hosts through this prefix, so the IPv4 address inside decides.
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)
_NUMERIC = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, as opposed to this machine or its network."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _FORBIDDEN_V4)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in _PUBLIC_V6 or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return not any(address in block for block in _FORBIDDEN_V6)


def read_address(host: str) -> Address | None:
    """The address a host spells out, in any spelling that resolvers accept; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if not _NUMERIC.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def parse_url(address: str) -> "httpx.URL":
    """Read a web address strictly: what two readers could understand differently is refused."""
    import httpx

    address = address.strip()
    authority = re.split(r"[/?#]", address.partition("//")[2], maxsplit=1)[0]
    try:
        url = httpx.URL(address)
        readable = url.scheme in ("http", "https") and host_of(url) and not re.search(r"[\s\\]", authority)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        readable = False
    if not readable:
        raise HttpError(
            "This web address can’t be opened: {url}",
            "A web address looks like https://example.com/page.",
            url=_without_secrets(address),
        )
    if url.userinfo:
        raise HttpError(
            "The address of {host} contains a user name or password.",
            "Remove the part before the @ and send it as an Authorization header.",
            host=host_of(url),
        )
    return url


def host_of(url: "httpx.URL") -> str:
    """The host as resolvers know it: ASCII, lower case, no brackets, no trailing dot."""
    host = url.raw_host.decode("ascii").strip("[]").lower().rstrip(".")
    # A scope like %eth0 names a network card of this machine.
    if "%" in host:
        raise ValueError("a scoped address")
    return host


def same_server(old: "httpx.URL", new: "httpx.URL") -> bool:
    """Whether keys sent to the one may be sent to the other: also when http became https."""
    upgrade = (old.scheme, new.scheme) == ("http", "https") and old.port is None and new.port is None
    return host_of(old) == host_of(new) and ((old.scheme, old.port) == (new.scheme, new.port) or upgrade)


def _without_secrets(address: str) -> str:
    """The part of an address that may be shown: no password before the @, nothing after the ?."""
    shown = re.split(r"[?#]", address, maxsplit=1)[0]
    return re.sub(r"//[^/]*@", "//", shown)[:200]
