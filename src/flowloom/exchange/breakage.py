"""Where a file breaks off or is damaged, for whoever brought one that no importer knows."""

import json

from flowloom.errors import FlowFileError
from flowloom.exchange.source import Source
from flowloom.services.formats.guarded_yaml import YamlFault, read_yaml

AS_YAML = (".yaml", ".yml", ".rivet-project")
LINES = ".jsonl"
"""What holds a JSON document in each line."""
AGAIN = "It may have been cut off or edited. Export it again from where it was made."


def find_breakage(source: Source) -> FlowFileError | None:
    """The first file that cannot be read, and its place in it; None where each is whole."""
    return next((found for name in source.files if (found := _in_file(source, name))), None)


def _in_file(source: Source, name: str) -> FlowFileError | None:
    if not source.files[name].strip():
        # In a folder there may be empty ones.
        return FlowFileError("“{name}” is empty.", AGAIN, name=name) if len(source.files) == 1 else None
    text = source.text(name)
    if not text:
        return FlowFileError(
            "“{name}” isn’t saved as text that can be read here.",
            "Open it in an editor, save it as UTF-8, and import it again.",
            name=name,
        )
    whole = text.lstrip().startswith(("{", "[")) and not name.lower().endswith(LINES)
    place = _in_json(text) if whole else None
    if place is None and name.lower().endswith(AS_YAML):
        place = _in_yaml(text)
    if not place:
        return None
    return FlowFileError("“{name}” can’t be read from line {line} on.", AGAIN, name=name, line=place)


def _in_json(text: str) -> int | None:
    """The line where it breaks, 0 where it is whole."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno
    except (ValueError, RecursionError):
        return 0
    return 0


def _in_yaml(text: str) -> int:
    try:
        read_yaml(text)
    except YamlFault as fault:
        return fault.line
    return 0
