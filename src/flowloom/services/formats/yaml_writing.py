"""Plain data as YAML, in the order it stands."""

import json
from typing import Any

BREAKS = frozenset("\r\x85\u2028\u2029")
"""Signs that YAML reads as the end of a line; PyYAML writes some of them as they are, and reads a space."""


def written_yaml(data: Any) -> str:
    """The text; nothing in it is shortened by an anchor, as not every reader follows one."""
    import yaml  # type: ignore[import-untyped]

    class Whole(yaml.SafeDumper):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text_of(dumper: Any, text: str) -> Any:
        style = '"' if BREAKS & set(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Whole.add_representer(str, text_of)
    # Texts that know more of themselves become plain ones.
    plain = json.loads(json.dumps(data))
    text: str = yaml.dump(plain, Dumper=Whole, allow_unicode=True, sort_keys=False, width=1_000)
    return text
