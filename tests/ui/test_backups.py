"""What the pages say of a damaged database and of backups, and the way back to one."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from tests.store.test_backups import talk
from tests.store.test_rescue import garbage

from flowloom.flow.model import Flow
from flowloom.workspace import Workspace, workspace


def notices_page() -> None:
    from flowloom.ui.settings.backups import draw_notices

    draw_notices()


def backups_page() -> None:
    from flowloom.ui.settings.backups import draw_backups

    draw_backups()


@pytest.fixture
def damaged(home: Workspace) -> Iterator[Workspace]:
    """An installation whose database was damaged after a backup was made."""
    talk(home, "early")
    home.backups.make()
    home.close()
    garbage(home.home / "flowloom.db")
    workspace.cache_clear()
    found = workspace()
    yield found
    found.close()
    workspace.cache_clear()


@pytest.fixture
def served(home: Workspace) -> Iterator[Workspace]:
    """The installation that the pages show."""
    home.close()
    workspace.cache_clear()
    found = workspace()
    yield found
    found.close()
    workspace.cache_clear()


def opened(page: object, language: str = "en") -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)  # type: ignore[arg-type]
    app.session_state["language"] = language
    app.run()
    assert not app.exception
    return app


def pressed(app: AppTest, key: str) -> AppTest:
    (button,) = [each for each in app.button if each.key and each.key.startswith(key)]
    button.click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    shown = (*app.error, *app.warning, *app.success, *app.markdown, *app.caption)
    return " ".join(str(each.value) for each in shown)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "put aside as"), ("fr", "mise de côté"), ("zh", "已另存为")]
)
def test_it_is_said_above_every_page_until_one_knows(damaged: Workspace, language: str, words: str) -> None:
    app = opened(notices_page, language)
    assert words in said(app)
    assert "flowloom.damaged-" in said(app)
    pressed(app, "notices_seen")
    assert "flowloom.damaged-" not in said(app)


def test_the_last_backup_is_offered_and_taken_back(damaged: Workspace) -> None:
    assert damaged.flows.db.all("SELECT text FROM turns") == []
    app = pressed(opened(notices_page), "take_back:notice")
    assert damaged.flows.db.all("SELECT text FROM turns") == [("early",)]
    assert "flowloom.damaged-" not in said(app)
    assert "flowloom.before-" in said(opened_with(app))


def opened_with(app: AppTest) -> AppTest:
    """The page of the backups in the same visit."""
    other = AppTest.from_function(backups_page, default_timeout=30)
    other.session_state["language"] = "en"
    other.session_state["backup_taken"] = app.session_state["backup_taken"]
    return other.run()


def test_settings_list_the_backups(damaged: Workspace) -> None:
    app = pressed(opened(backups_page), "take_back:settings")
    assert "The previous state is saved as flowloom.before-" in said(app)
    for backup in damaged.backups.all():
        (damaged.home / "backups" / backup.name).write_bytes(b"damaged")
    app = pressed(opened(backups_page), "take_back:settings")
    assert "is damaged" in said(app)


def bring(home: Workspace, data: bytes) -> AppTest:
    """The page of the backups to which a file was brought."""
    app = AppTest.from_function(backups_page, default_timeout=30)
    app.session_state["language"] = "en"
    app.session_state["restore_everything"] = True
    app.session_state["backup_window"] = "backup-1"
    with home.uploads.coming("backup-1", "all.zip") as file:
        file.write(data)
    app.run()
    assert not app.exception
    return app


def test_everything_is_restored_from_a_file(served: Workspace) -> None:
    served.flows.save(Flow(id="bees", name="Bees"))
    served.backups.save_all(served.home / "all.zip")
    served.flows.save(Flow(id="wasps", name="Wasps"))
    app = bring(served, (served.home / "all.zip").read_bytes())
    assert ": 1 GPT." in said(app)
    app = pressed(app, "restore_this")
    assert "start it again" in said(app)
    assert [entry.id for entry in served.flows.entries()] == ["bees"]
    assert served.uploads.of("backup-1") == []


def test_a_file_that_is_no_backup_is_named(served: Workspace) -> None:
    app = bring(served, b"no backup")
    assert "is no backup of Flowloom" in said(app)
    assert not [each for each in app.button if each.key == "restore_this"]


def test_an_interrupted_restore_is_told_until_one_knows(served: Workspace) -> None:
    (served.home / ".restoring-1").mkdir()
    app = opened(notices_page)
    assert "was interrupted" in said(app)
    pressed(app, "notices_seen")
    assert "was interrupted" not in said(app)


def test_the_data_of_a_team_is_not_opened_unnoticed(served: Workspace) -> None:
    assert "belongs to a team" not in said(opened(notices_page))
    served.team.accounts.add("ada", "Ada", "admin", "")
    assert "belongs to a team" in said(opened(notices_page))


def test_without_a_backup_it_says_so(home: Workspace) -> None:
    workspace.cache_clear()
    home.close()
    assert "No backup yet" in said(opened(backups_page)) or workspace().backups.all()
    workspace().close()
    workspace.cache_clear()
