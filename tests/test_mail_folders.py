"""A GPT is asked each new message of a mail folder: once, by one of several, and what failed is run again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.mail_folders import MailTriggers, fields_of
from flowloom.services.mail.letters import Letter
from flowloom.store.mail_folders import MailFolder, MailFolderStore
from flowloom.workspace import Workspace, open_workspace
from tests.imap_server import Imap, imap_server
from tests.services.test_mail_folders import MIXED, PLAIN, box_of
from tests.test_batches import ECHO

pytestmark = pytest.mark.usefixtures("kept_in")

ASKED = "{{from}} | {{subject}} | {{text}}"


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server() as found:
        yield found


@pytest.fixture
def home(tmp_path: Path, imap: Imap) -> Iterator[Workspace]:
    found = open_workspace(tmp_path)
    found.own_hosts.allow(f"127.0.0.1:{imap.port}")
    yield found
    found.close()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def added(home: Workspace, flow: Flow, imap: Imap) -> str:
    """A folder that was read once, so that what comes from now on counts."""
    id = home.mail_folders.add(flow.id, ASKED, box_of(imap), imap.password, 5)
    until(lambda: of(home, id).last)
    return id


def of(home: Workspace, id: str) -> MailFolder:
    found = home.mail_folders.store.get(id)
    assert found
    return found


def read(home: Workspace, id: str) -> None:
    before = of(home, id).last
    home.mail_folders.read_now(id)
    until(lambda: of(home, id).last != before)


def runs(home: Workspace) -> list[str]:
    """What was answered, of every run that a message began."""
    found = [str(run) for (run,) in home._db.all("SELECT run FROM mail_messages WHERE run <> '' ORDER BY uid")]
    until(lambda: not any(home.runner.is_running(run) for run in found))
    return [home.runner.view(run).text for run in found]  # type: ignore[union-attr]


def test_a_new_message_is_asked_once(home: Workspace, flow: Flow, imap: Imap) -> None:
    imap.inbox.put(PLAIN)
    id = added(home, flow, imap)
    assert runs(home) == []
    imap.inbox.put(MIXED)
    for _ in range(3):
        read(home, id)
    assert runs(home) == ["Said: a@b.c | Schön | One & two\nthree\n\n[Attachments left out: plan.pdf]"]
    assert of(home, id).problem is None


def test_of_several_processes_one_asks_it(home: Workspace, flow: Flow, imap: Imap, tmp_path: Path) -> None:
    id = added(home, flow, imap)
    imap.inbox.put(PLAIN)
    second = open_workspace(tmp_path)
    try:
        home.mail_folders.read_now(id)
        second.mail_folders.read_now(id)
        until(lambda: not second.mail_folders._tasks and not home.mail_folders._tasks)
        assert len(runs(home)) == 1
    finally:
        second.close()
    due = of(home, id)
    store = MailFolderStore(home._db)
    assert [store.take(due, due.next + 1), store.take(due, due.next + 1)] == [True, False]


def test_one_that_was_made_anew_is_read_from_then_on(home: Workspace, flow: Flow, imap: Imap) -> None:
    id = added(home, flow, imap)
    imap.inbox.validity, imap.inbox.next = 8, 1
    imap.inbox.put(PLAIN)
    read(home, id)
    assert of(home, id).problem.code == "mail.anew"  # type: ignore[union-attr]
    assert runs(home) == []
    imap.inbox.put(PLAIN)
    read(home, id)
    assert len(runs(home)) == 1
    assert of(home, id).problem is None


def test_more_than_one_look_takes_are_all_asked(
    home: Workspace, flow: Flow, imap: Imap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowloom.services.mail.folders.MOST_AT_ONCE", 2)
    id = added(home, flow, imap)
    for _ in range(5):
        imap.inbox.put(PLAIN)
    read(home, id)
    assert len(runs(home)) == 5


def test_what_failed_is_run_again(home: Workspace, imap: Imap) -> None:
    flow = home.flows.create(ECHO.model_copy(update={"edges": ()}))
    id = added(home, flow, imap)
    uid = imap.inbox.put(PLAIN)
    read(home, id)
    (failed,) = home.mail_folders.store.failures(id, 9)
    assert (failed.subject, failed.uid, failed.run) == ("Lamp", uid, "")
    home.flows.save(flow.model_copy(update={"edges": ECHO.edges}))
    home.mail_folders.run_again(failed)
    until(lambda: not home.mail_folders.store.failures(id, 9))
    assert runs(home) == ["Said: Ada <ada@example.org> | Lamp | It is broken."]
    del imap.inbox.messages[uid]
    home.mail_folders.run_again(failed)
    until(lambda: home.mail_folders.store.failures(id, 9))
    assert home.mail_folders.store.failures(id, 9)[0].problem.code == "mail.gone"  # type: ignore[union-attr]


def test_a_server_of_the_own_network_is_asked_only_where_it_is_allowed(
    home: Workspace, flow: Flow, imap: Imap
) -> None:
    home.own_hosts.forget(f"127.0.0.1:{imap.port}")
    id = added(home, flow, imap)
    assert "local network" in of(home, id).problem.message  # type: ignore[union-attr]
    assert imap.asked == []


def test_the_password_is_kept_with_the_other_secrets_and_goes_with_it(
    home: Workspace, flow: Flow, imap: Imap, tmp_path: Path
) -> None:
    id = added(home, flow, imap)
    assert home.secrets.reveal(f"mail folder {id}") == imap.password
    assert imap.password.encode() not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    home.mail_folders.delete_of(flow.id)
    assert home.mail_folders.store.all() == []
    assert not home.secrets.has(f"mail folder {id}")


def test_one_that_is_switched_off_is_not_read(home: Workspace, flow: Flow, imap: Imap) -> None:
    id = added(home, flow, imap)
    home.mail_folders.switch(id, False)
    assert home.mail_folders.store.due(time.time() + 1e6) == []
    imap.inbox.put(PLAIN)
    home.mail_folders.switch(id, True)
    until(lambda: home.mail_folders.store.last_run(id))
    assert len(runs(home)) == 1


def test_where_nothing_is_begun_any_more_nothing_is_read(home: Workspace, flow: Flow, imap: Imap) -> None:
    id = home.mail_folders.store.add(flow.id, ASKED, box_of(imap), 5, 0.0)
    home.runner.hold()
    home.mail_folders.begin()
    assert of(home, id).next == 0.0


def test_it_is_read_at_its_times(home: Workspace, flow: Flow, imap: Imap) -> None:
    id = added(home, flow, imap)
    moment = of(home, id).next
    later = MailTriggers(
        home.mail_folders.store,
        home.runs,
        home.runner,
        home.secrets,
        home._as_served,
        home.own_hosts.http,
        clock=lambda: moment + 1,
    )
    imap.inbox.put(PLAIN)
    later.begin()
    until(lambda: home.mail_folders.store.last_run(id))
    assert of(home, id).next == moment + 1 + 5 * 60


def test_attachments_are_left_out_and_said() -> None:
    assert fields_of(Letter("s", "f", "", ("a", "b")))["text"] == "[Attachments left out: a, b]"
