"""The databases a person set up: where each is and what may be done there, without any password."""

from pathlib import Path
from typing import Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowloom.errors import DatabaseError
from flowloom.services.files import write_whole

MOST = 50


class Database(BaseModel):
    """One database. Its password is in the SecretStore under `secret`.

    The id is drawn by lot, so that a stranger's flow cannot name a database of somebody else.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(default_factory=lambda: uuid4().hex[:16], pattern=r"^([0-9a-f]{16}|practice)$")
    name: str = Field(default="", max_length=100)
    kind: Literal["sqlite", "postgres"] = "sqlite"
    path: str = Field(default="", max_length=4_000)
    """The file of SQLite."""
    host: str = Field(default="localhost", max_length=253)
    port: int = Field(default=5432, ge=1, le=65535)
    database: str = Field(default="", max_length=200)
    user: str = Field(default="", max_length=200)
    secure: bool = True
    """Only over TLS, the server's certificate checked."""
    change: bool = False
    """The person says that blocks may change it."""

    @property
    def label(self) -> str:
        return self.name or (Path(self.path).name if self.kind == "sqlite" else f"{self.database} ({self.host})")

    @property
    def secret(self) -> str:
        return f"database.{self.id}"


class DatabaseSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    databases: tuple[Database, ...] = ()

    def find(self, id: str) -> Database | None:
        return next((each for each in self.databases if each.id == id), None)


def load_databases(home: Path) -> DatabaseSettings:
    """What is kept. Raises DatabaseError where the file cannot be read, so that nothing is written over it."""
    try:
        return DatabaseSettings.model_validate_json((home / "databases.json").read_bytes())
    except FileNotFoundError:
        return DatabaseSettings()
    except (OSError, ValidationError):
        raise DatabaseError(
            "The list of your databases can’t be read: {path}",
            "Move the file elsewhere and add your databases again in Settings.",
            path=home / "databases.json",
        ) from None


def save_databases(home: Path, settings: DatabaseSettings) -> None:
    if len(settings.databases) > MOST:
        raise DatabaseError("You can add up to {most} databases.", "Remove one you no longer use.", most=MOST)
    write_whole(home / "databases.json", settings.model_dump_json(indent=1).encode())
