"""As it starts, Streamlit looks through the metadata of every installed package for components; ours are built in.

With some 200 packages that is 0.2 s before the first page, and as much again for each page that a test draws.
"""

from typing import Any

from streamlit.components.v2 import manifest_scanner


def skip_component_scan() -> None:
    """Once for the process. Where Streamlit is built otherwise than we know it, it looks as before."""
    manifest_scanner.scan_component_manifests = _nothing_found


def _nothing_found(*_: Any, **__: Any) -> list[Any]:
    return []
