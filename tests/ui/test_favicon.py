"""The icon of the app in the browser's tab."""

import re
from pathlib import Path

import streamlit
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.ui.favicon import favicon_routes


def test_the_icon_is_where_the_page_of_streamlit_looks_for_one() -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    named = re.search(r'<link rel="shortcut icon" href="\.(/[^"]+)"', page)
    assert named
    answer = TestClient(Starlette(routes=favicon_routes())).get(named[1])
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
