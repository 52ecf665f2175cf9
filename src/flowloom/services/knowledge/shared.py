"""Knowledge bases that belong to no single GPT: several may search one."""

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import SHARED
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import Cutting
from flowloom.services.knowledge.rows import BaseInfo

FOLDER = "shared"
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST = 80


class SharedBase(BaseModel):
    """A base by its id; `key` is what the services know it by."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    created_at: datetime | None
    tags: tuple[str, ...]
    cutting: Cutting

    @property
    def key(self) -> str:
        return key_of_shared(self.id)


class SharedBases:
    """The shared bases of this computer, each of which knows its own name: there is no list that could be wrong."""

    def __init__(self, bases: KnowledgeBases) -> None:
        self._bases = bases

    def all(self) -> list[SharedBase]:
        """Every shared base, by name."""
        folders = (path.parent.name for path in (self._bases.folder / FOLDER).glob("*/rows.sqlite"))
        found = [self.get(id) for id in folders if _ID.fullmatch(id)]
        return sorted(found, key=lambda base: (base.name.casefold(), base.id))

    def get(self, id: str) -> SharedBase:
        """Raises KnowledgeError where there is none."""
        if not self._bases.exists(key_of_shared(id)):
            raise KnowledgeError("This shared knowledge base no longer exists.", "Choose another one.")
        about = self._bases.about(key_of_shared(id))
        return SharedBase(id=id, **about.model_dump(exclude={"cutting"}), cutting=about.cutting)

    def create(self, name: str, tags: Iterable[str] = (), cutting: Cutting | None = None) -> SharedBase:
        """A new base without files. Raises KnowledgeError where the name is empty or taken."""
        id = uuid.uuid4().hex
        about = BaseInfo(
            name=self._free(name, id), created_at=datetime.now(UTC), tags=tuple(tags), cutting=cutting or Cutting()
        )
        self._bases.describe(key_of_shared(id), about)
        return self.get(id)

    def rename(self, id: str, name: str) -> SharedBase:
        """Call it something else; the blocks that search it go on doing so."""
        return self._change(id, name=self._free(name, id))

    def set_tags(self, id: str, tags: Iterable[str]) -> SharedBase:
        return self._change(id, tags=tuple(dict.fromkeys(tags)))

    def delete(self, id: str) -> None:
        """Delete it with its documents; one that is not there is no error."""
        self._bases.delete_all(key_of_shared(id))

    def _change(self, id: str, **changes: object) -> SharedBase:
        self.get(id)
        key = key_of_shared(id)
        self._bases.describe(key, self._bases.about(key).model_copy(update=changes))
        return self.get(id)

    def _free(self, name: str, id: str) -> str:
        name = " ".join(name.split())[:_LONGEST]
        if not name:
            raise KnowledgeError("A knowledge base needs a name.", "Type one, such as Staff handbook.")
        if any(base.name.casefold() == name.casefold() for base in self.all() if base.id != id):
            raise KnowledgeError("There is already a knowledge base “{name}”.", "Choose another name.", name=name)
        return name


def key_of_shared(id: str) -> str:
    """The key of a shared base. Raises KnowledgeError for what is no id."""
    if not _ID.fullmatch(id):
        raise KnowledgeError("This shared knowledge base no longer exists.", "Choose another one.")
    return f"{FOLDER}/{id}"


def key_of_base(flow_id: str, base: str) -> str:
    """The key of a base as a block of a flow names it: the flow's own, or a shared one."""
    return key_of_shared(base.removeprefix(SHARED)) if base.startswith(SHARED) else f"{flow_id}/{base}"
