"""The browser saves everything as one file, by a token of the settings alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.model import Flow
from flowloom.serve import backups
from flowloom.serve.backups import EVERYTHING, backup_routes
from flowloom.serve.page_token import mint_token
from flowloom.store.archives import read_contents
from flowloom.workspace import Workspace


@pytest.fixture
def browser(home: Workspace) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=backup_routes(lambda: home)), base_url="http://localhost:8501") as client:
        yield client


def test_it_is_whole_and_nothing_stays_behind(
    home: Workspace, browser: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    mkstemp = backups.mkstemp
    monkeypatch.setattr(backups, "mkstemp", lambda **how: made.append((found := mkstemp(**how))[1]) or found)  # type: ignore[func-returns-value]
    home.flows.save(Flow(id="bees", name="Bees"))
    answer = browser.get(f"/flows/{EVERYTHING}/backup", headers={"X-Flowloom-Token": mint_token(EVERYTHING)})
    (tmp_path / "all.zip").write_bytes(answer.content)
    assert "flows/bees.json" in read_contents(tmp_path / "all.zip").parts
    assert len(made) == 1
    assert not Path(made[0]).exists()


@pytest.mark.parametrize(
    ("flow", "token_of", "status"), [(EVERYTHING, "bees", 403), (EVERYTHING, "", 403), ("bees", "bees", 404)]
)
def test_the_page_of_a_gpt_gets_none(flow: str, token_of: str, status: int, browser: TestClient) -> None:
    headers = {"X-Flowloom-Token": mint_token(token_of) if token_of else ""}
    assert browser.get(f"/flows/{flow}/backup", headers=headers).status_code == status
