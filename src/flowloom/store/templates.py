"""The example GPTs that travel with the app: a flow file each, and the folder of its knowledge beside it."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flowloom.flow.file import load_flow
from flowloom.flow.model import Flow


@dataclass(frozen=True, slots=True)
class Template:
    """A GPT to start from; `knowledge` holds its documents by name."""

    id: str
    flow: Flow
    knowledge: dict[str, bytes] = field(default_factory=dict)


def templates_folder() -> Path:
    """Inside an installed package, or `flows/` of a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent.parent / "flows"


@cache
def templates() -> tuple[Template, ...]:
    """Every template, by file name."""
    return tuple(read_template(path) for path in sorted(templates_folder().glob("*.json")))


def read_template(path: Path) -> Template:
    """A flow file with the documents in `NAME.knowledge/` beside it, if there are any."""
    documents = sorted(path.with_suffix(".knowledge").glob("*"))
    return Template(
        path.stem, load_flow(path), {file.name: file.read_bytes() for file in documents if file.is_file()}
    )
