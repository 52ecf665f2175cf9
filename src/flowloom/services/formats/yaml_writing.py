"""Plain data as YAML, in the order it stands."""

import json
from typing import Any


def written_yaml(data: Any) -> str:
    """The text; nothing in it is shortened by an anchor, as not every reader follows one."""
    import yaml  # type: ignore[import-untyped]

    class Whole(yaml.SafeDumper):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True

    # Texts that know more of themselves become plain ones.
    plain = json.loads(json.dumps(data))
    text: str = yaml.dump(plain, Dumper=Whole, allow_unicode=True, sort_keys=False, width=1_000)
    return text
