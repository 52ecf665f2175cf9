"""Templates with conditions and loops, and structured data for them."""

import json
import re
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import Any

from jinja2 import Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.exchange.exporters.python.parts.values import readable
from flowloom.nodes.tools.arithmetic import rounded


class Templates(ImmutableSandboxedEnvironment):
    """Jinja, in which `order.items` is what the data calls items, and every value reads as people write it."""

    def __init__(self) -> None:
        super().__init__(finalize=shown, keep_trailing_newline=True)
        self.filters |= {"round": rounded, "join": joined, "replace": replaced, "tojson": as_json_text}

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj[attribute] if isinstance(obj, dict) and attribute in obj else super().getattr(obj, attribute)


class Joining(NodeTransformer):
    """Has `~` join values as people read them."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        return nodes.Filter(nodes.List(node.nodes), "join", [], [], None, None)


def render(template: str, values: dict[str, Any]) -> str:
    """A template filled in."""
    jinja = Templates()
    tree = Joining().visit(jinja.parse(template))
    return jinja.from_string(tree).render(values)


def shown(value: Any) -> str:
    """A value as it stands in a text; what is not there is nothing."""
    if isinstance(value, Undefined):
        return ""
    return readable(
        list(value) if isinstance(value, range | Iterator | KeysView | ValuesView | ItemsView) else value
    )


def replaced(value: Any, old: str, new: str) -> str:
    return shown(value).replace(old, new)


def as_json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def joined(items: Any, d: str = "", attribute: str | None = None) -> str:
    found = [item.get(attribute, "") if attribute and isinstance(item, dict) else item for item in items]
    return d.join(map(shown, found))


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
