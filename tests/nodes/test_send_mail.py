"""Send e-mail: drafts that stay here, and what leaves only with a person's leave."""

import time
from collections.abc import Iterator

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.mail import Mail
from flowloom.kinds.people import Reply
from flowloom.nodes.tools import send_mail
from flowloom.services.mail.settings import MailAccount
from flowloom.workspace import Workspace
from tests.nodes.conftest import Ports, World
from tests.smtp_sink import SmtpSink, smtp_sink
from tests.test_consents import made

FILES = [("a.png", b"one"), ("b.png", b"two")]
CONFIG = {"to": "{{who}}", "subject": "About {{week}}", "text": "Dear {{who}}"}


@pytest.fixture
def sink(home: Workspace) -> Iterator[SmtpSink]:
    with smtp_sink() as found:
        home.mail_changed(
            MailAccount(address="me@example.org", server="127.0.0.1", port=found.port, security="none")
        )
        yield found


def test_a_draft_is_saved_and_nothing_is_sent(world: World) -> None:
    found = world.run("mail.send", CONFIG, who="anna@example.org", week="May")
    assert found["told"] == (
        "A draft to anna@example.org is ready: “About May”. Open the file in your mail app to send it."
    )
    assert found["file"].name.endswith(".eml")
    assert world.mailer.sent == []


def test_it_is_sent_with_its_values(world: World) -> None:
    found = world.run("mail.send", {**CONFIG, "way": "send"}, who="anna@example.org", week="May\nJune")
    assert set(found) == {"told"}
    mail = Mail(to=("anna@example.org",), subject="About May June", text="Dear anna@example.org")
    assert world.mailer.sent == [mail]


def test_those_who_were_refused_are_a_warning(world: World) -> None:
    world.mailer.refused = ("li@example.org",)
    world.run("mail.send", {**CONFIG, "way": "send"}, who="anna@example.org, li@example.org", week="May")
    assert [problem.code for problem in world.warned] == ["mail.partly"]


def test_an_empty_text_is_not_sent(world: World) -> None:
    with pytest.raises(NodeError, match="no text"):
        world.run("mail.send", {**CONFIG, "way": "send", "text": "{{who}}"}, who=" ", week="x")
    assert world.mailer.sent == []


def test_files_go_along_one_by_one_or_as_a_list(world: World) -> None:
    one, two = (world.context.files.save_bytes(name, data, "image/png", replace=False) for name, data in FILES)
    world.run(
        "mail.send", {**CONFIG, "way": "send"}, who="a@example.org", week="x", files=[one, [two.model_dump()]]
    )
    (mail,) = world.mailer.sent
    assert [(file.name, file.data) for file in mail.files] == FILES


def test_what_is_no_file_and_what_is_too_large_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NodeError, match="isn’t a file"):
        world.run("mail.send", CONFIG, who="a@example.org", week="x", files=["/etc/passwd"])
    monkeypatch.setattr(send_mail, "MAX_BYTES", 3)
    file = world.context.files.save_bytes("a.png", b"four", "image/png", replace=False)
    with pytest.raises(NodeError, match="too large"):
        world.run("mail.send", CONFIG, who="a@example.org", week="x", files=[file])


def test_ports_and_what_is_wrong_before_it_runs(ports: Ports) -> None:
    assert ports.inputs("mail.send", **CONFIG) == ["files", "who", "week"]
    assert ports.problems("mail.send", to=" ", text="") == ["mail.nobody", "mail.empty"]
    assert ports.problems("mail.send", **CONFIG) == []


@pytest.mark.parametrize(("choice", "sent"), [("once", 1), ("never", 0)])
def test_the_person_reads_it_before_it_leaves(home: Workspace, sink: SmtpSink, choice: str, sent: int) -> None:
    config = {"way": "send", "to": "anna@example.org", "subject": "News", "text": "{{text}}"}
    flow = made(home, {"e": ("mail.send", config)}, "m.message>e.text e.told>z.text")
    run = home.runner.start(flow, "We meet at nine.", home.runs.new_conversation(flow.id))
    assert home.runner.finished(run).state == "paused"
    assert sink.mails == []
    (waiting,) = home.questions.open()
    assert "anna@example.org" in waiting.question.title_in("en")
    assert waiting.question.exact == "News\n\nWe meet at nine."
    home.inbox.answer(waiting.id, Reply(choice=choice))
    for _ in range(500):
        view = home.runner.view(run)
        if view and view.state not in ("paused", "running"):
            break
        time.sleep(0.01)
    assert view
    assert view.state == ("finished" if sent else "failed")
    assert len(sink.mails) == sent


def test_a_draft_needs_no_leave(home: Workspace, sink: SmtpSink) -> None:
    config = {"to": "anna@example.org", "subject": "News", "text": "{{text}}"}
    flow = made(home, {"e": ("mail.send", config)}, "m.message>e.text e.told>z.text")
    run = home.runner.start(flow, "We meet at nine.", home.runs.new_conversation(flow.id))
    view = home.runner.finished(run)
    assert view.state == "finished", view.problem
    (file,) = home.runs.files_of(run, home.runs.latest_conversation(flow.id) or "")
    assert file.media_type == "message/rfc822"
    assert sink.mails == []
