"""Components of our own: the style and the script of each lie beside its module, under the module's name."""

from importlib.resources import files

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


def component(name: str, module: str, html: str, *, isolate_styles: bool = True) -> ComponentRenderer:
    """What mounts the component of a module, which hands in its `__name__`."""
    package, _, stem = module.rpartition(".")

    def beside(end: str) -> str | None:
        file = files(package) / f"{stem}.{end}"
        return file.read_text("utf-8") if file.is_file() else None

    return st.components.v2.component(
        f"flowloom.{name}", html=html, css=beside("css"), js=beside("js"), isolate_styles=isolate_styles
    )
