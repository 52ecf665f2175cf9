"""Who makes the GPTs of this computer, as capsules say it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flowloom.services.files import write_whole

FILE = "author.json"


class Author(BaseModel):
    """The name, the link and the licence that were used last."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    author: str = Field("", max_length=120)
    link: str = Field("", max_length=500)
    licence: str = Field("", max_length=120)


def load_author(home: Path) -> Author:
    """Who is kept in a folder; nobody where there is no file, or one that cannot be read."""
    try:
        return Author.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError):
        return Author()


def save_author(home: Path, author: Author) -> None:
    write_whole(home / FILE, author.model_dump_json().encode())
