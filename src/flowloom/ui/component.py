"""Components of our own: the style and the script of each lie beside its module, under the module's name."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import streamlit as st


def component(name: str, module: str, html: str, *, isolate_styles: bool = True) -> Callable[..., Any]:
    """What mounts the component of a module, which hands in its `__name__`; its script gets `data: [data]`."""
    package, _, stem = module.rpartition(".")

    def beside(end: str) -> str | None:
        file = files(package) / f"{stem}.{end}"
        return file.read_text("utf-8") if file.is_file() else None

    found = st.components.v2.component(
        f"flowloom.{name}", html=html, css=beside("css"), js=beside("js"), isolate_styles=isolate_styles
    )

    def mount(*, data: Mapping[str, Any], **more: Any) -> Any:
        return found(data=in_list(data), **more)

    return mount


def in_list(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Data as a component is best handed it.

    Of an object Streamlit asks whether each value is a table, for which it imports pandas and pyarrow: most of a
    second, and 95 MB. Of a list it does not.
    """
    return [data]
