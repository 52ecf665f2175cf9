"""The computers of one's own network that flows may reach, allowed by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom.errors import HttpError
from flowloom.services.files import write_whole
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.network.guarded_requests import GuardedHttp

MOST = 100


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    hosts: tuple[str, ...] = ()


class OwnHosts:
    """Names as `host` or `host:port`, in a file of a folder."""

    def __init__(self, home: Path) -> None:
        self._path = home / "own-hosts.json"
        self.changed: Callable[[str], None] = lambda name: None
        """Told what was changed, by its name."""

    @property
    def names(self) -> tuple[str, ...]:
        try:
            return _Kept.model_validate_json(self._path.read_bytes()).hosts
        except (OSError, ValidationError):
            return ()

    def allow(self, given: str) -> str:
        """Let flows reach a host from now on, given by name or by an address on it. Raises HttpError."""
        name = _name_of(given)
        if len(self.names) >= MOST:
            raise HttpError("You can allow up to {most} hosts.", "Remove one you no longer use.", most=MOST)
        self._keep((*(other for other in self.names if other != name), name))
        self.changed(f"+ {name}")
        return name

    def forget(self, name: str) -> None:
        self._keep(tuple(other for other in self.names if other != name))
        self.changed(f"− {name}")

    def http(self, *, allowed_hosts: frozenset[str] = frozenset(), **options: Any) -> GuardedHttp:
        """Requests that may go to these hosts as well."""
        return GuardedHttp(allowed_hosts=allowed_hosts | frozenset(self.names), **options)

    def _keep(self, names: tuple[str, ...]) -> None:
        write_whole(self._path, _Kept(hosts=tuple(sorted(names))).model_dump_json().encode())


def _name_of(given: str) -> str:
    given = given.strip()
    url = parse_url(given if "://" in given else f"http://{given}")
    host = host_of(url)
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{url.port}" if url.port else host
