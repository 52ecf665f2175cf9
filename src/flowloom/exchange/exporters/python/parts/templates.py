"""Templates with conditions and loops, and structured data for them."""

import json
import re
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.values import readable
from flowloom.nodes.tools.arithmetic import rounded


class Templates(ImmutableSandboxedEnvironment):
    """Jinja, in which `order.items` is what the data calls items, and halves go up when rounded."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)


def render(template: str, values: dict[str, Any]) -> str:
    """A template filled in."""
    jinja = Templates(finalize=shown, keep_trailing_newline=True)
    jinja.filters |= {"round": rounded, "join": joined, "tojson": lambda value: json.dumps(value, ensure_ascii=False)}
    return jinja.from_string(template).render(values)


def shown(value: Any) -> Any:
    """A value as it stands in a text; what there is not is nothing."""
    return readable(list(value) if isinstance(value, range) else value) if not hasattr(value, "_undefined_name") else ""


def joined(items: Any, d: str = "", attribute: str | None = None) -> str:
    found = [item.get(attribute, "") if attribute and isinstance(item, dict) else item for item in items]
    return d.join(map(readable, found))


def structured(value: Any) -> Any:
    """A value as data to look into; a text is read as JSON, also between fences."""
    if not isinstance(value, str):
        return value
    first, _, rest = value.strip().partition("\n")
    fenced = re.fullmatch(r"```\w*\s*", first) and rest.endswith("```")
    try:
        return json.loads(rest[:-3] if fenced else value)
    except ValueError:
        raise NodeError("This text holds no structured data.") from None
