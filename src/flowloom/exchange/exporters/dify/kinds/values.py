"""Texts with values in them, as Dify writes them."""

import re
from collections.abc import Mapping

from flowloom.exchange.exporters.dify.app import App
from flowloom.nodes.templates import find_placeholders
from flowloom.run.planning.plan import Step


def jinja(text: str, *, placeholders: bool = True) -> tuple[str, dict[str, str]]:
    """Our text as a template of jinja, and its names by ours; braces of others stay as they are."""
    pieces, names, done = list[str](), dict[str, str](), 0
    for place in find_placeholders(text) if placeholders else ():
        name = names.setdefault(
            place.name, place.name if place.name.isascii() and place.name.isidentifier() else ""
        )
        names[place.name] = name = name or f"value_{len(names)}"
        pieces += [plain_jinja(text[done : place.start]), f"{{{{ {name} }}}}"]
        done = place.end
    return "".join([*pieces, plain_jinja(text[done:])]), names


def plain_jinja(text: str) -> str:
    return re.sub(r"\{[{%#]", lambda found: f'{{{{ "{found[0]}" }}}}', text)


def with_values(app: App, step: Step, text: str) -> str:
    pieces, done = list[str](), 0
    for place in find_placeholders(text):
        pieces += [text[done : place.start], app.text(step, place.name)]
        done = place.end
    return "".join([*pieces, text[done:]])


def template_node(app: App, step: Step, template: str, names: Mapping[str, str]) -> None:
    """A template node; `names` are those of the template by our inputs."""
    variables = [{"variable": name, "value_selector": app.value(step, port)} for port, name in names.items()]
    app.node(step, "template-transform", template=template, variables=variables)
