"""The connections a person set up: where each signs in and how, without any key."""

from pathlib import Path
from typing import Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flowloom.errors import HttpError
from flowloom.services.files import write_whole
from flowloom.services.network.addresses import host_of, parse_url

Kind = Literal["none", "header", "query", "bearer", "basic", "code", "client"]
MOST = 200


class Connection(BaseModel):
    """One way to sign in at one server. Its key is in the SecretStore under `secret`.

    The id is drawn by lot, so that a stranger's flow cannot name a connection of somebody else.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(default_factory=lambda: uuid4().hex[:16], pattern=r"^[0-9a-f]{16}$")
    name: str = Field(default="", max_length=100)
    kind: Kind = "none"
    server: str
    """Scheme, host and port: the one place its key may go."""
    field: str = Field(default="", max_length=100, pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~\[\]-]*$")
    """The name of the header or of the part of the address."""
    user: str = Field(default="", max_length=300)
    """Who signs in by password, or the app that does by OAuth 2."""
    authorize_url: str = Field(default="", max_length=2000)
    token_url: str = Field(default="", max_length=2000)
    scope: str = Field(default="", max_length=2000)
    private: bool = False
    """The person says that its server is on their own computer or network."""

    @field_validator("server")
    @classmethod
    def _one_server(cls, address: str) -> str:
        return server_of(address)

    @field_validator("authorize_url", "token_url")
    @classmethod
    def _web_address(cls, address: str) -> str:
        if address.strip():
            server_of(address)
        return address.strip()

    @property
    def label(self) -> str:
        return self.name or self.server.partition("://")[2]

    @property
    def secret(self) -> str:
        return f"connection.{self.id}"

    @property
    def tokens(self) -> str:
        return f"connection.{self.id}.tokens"

    @property
    def signs_in(self) -> bool:
        """Whether it gets its key from a server of tokens."""
        return self.kind in ("code", "client")

    def private_hosts(self, *addresses: str) -> frozenset[str]:
        """Those of these addresses that may lie on the person's own network."""
        servers = [server_of(address) for address in addresses if address] if self.private else []
        return frozenset(_with_port(server) for server in servers)


def server_of(address: str) -> str:
    """Scheme, host and port of a web address, always spelt the same. Raises ValueError where it is none."""
    try:
        url = parse_url(address if "://" in address else f"https://{address}")
    except HttpError as error:
        raise ValueError(str(error)) from None
    host = host_of(url)
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}{f':{url.port}' if url.port else ''}"


def _with_port(server: str) -> str:
    scheme, _, host = server.partition("://")
    has_port = host.rpartition(":")[2].isdecimal()
    return host if has_port else f"{host}:{443 if scheme == 'https' else 80}"


class ConnectionSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    connections: tuple[Connection, ...] = Field(default=(), max_length=MOST)

    def find(self, id: str) -> Connection | None:
        return next((each for each in self.connections if each.id == id), None)

    def with_connection(self, connection: Connection) -> "ConnectionSettings":
        others = tuple(each for each in self.connections if each.id != connection.id)
        return ConnectionSettings(connections=(*others, connection))

    def without(self, id: str) -> "ConnectionSettings":
        return ConnectionSettings(connections=tuple(each for each in self.connections if each.id != id))


def load_connections(folder: Path) -> ConnectionSettings:
    """The connections kept in a folder. Raises HttpError where the file cannot be read."""
    path = _path(folder)
    try:
        return ConnectionSettings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return ConnectionSettings()
    except (OSError, ValidationError, ValueError):
        raise HttpError(
            "The list of your accounts can’t be read: {path}",
            "Fix the file, or move it elsewhere and add your accounts again in Settings.",
            code="connection.file",
            path=path,
        ) from None


def save_connections(folder: Path, settings: ConnectionSettings) -> None:
    """Keep them, whole or not at all. Raises HttpError."""
    try:
        write_whole(_path(folder), (settings.model_dump_json(indent=2) + "\n").encode())
    except OSError as error:
        raise HttpError(
            "Your accounts couldn’t be saved ({reason}).",
            "Check that the folder exists, you can write to it and there is free disk space.",
            code="connection.file",
            reason=error.strerror or type(error).__name__,
        ) from None


def _path(folder: Path) -> Path:
    return Path(folder) / "connections.json"
