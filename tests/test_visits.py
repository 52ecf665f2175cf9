"""What visitors say is theirs: nobody else is shown it, and what they delete is gone."""

from typing import Any

import pytest

from flowloom.errors import FlowloomError
from flowloom.flow.model import Edge, Flow, Node
from flowloom.kinds.people import Reply
from flowloom.kinds.values import Reader
from flowloom.publishing import PublishError
from flowloom.store.publications import Terms
from flowloom.visits import visits as limits
from flowloom.visits.pace import MINUTE, Pace, PaceError
from flowloom.visits.visitors import Caller, VisitError, new_token, visitor_of
from flowloom.visits.visits import Visit
from flowloom.workspace import Workspace
from tests.kept_in import tables_of
from tests.loopback import png, settings_of
from tests.openai_server import OpenAIServer, Say

pytestmark = pytest.mark.usefixtures("kept_in")

ECHO = Flow(
    name="Echo",
    nodes=(Node(id="start", kind="chat.message"), Node(id="answer", kind="chat.answer")),
    edges=(Edge(source="start.message", target="answer.text"),),
)
APPROVAL = Flow(
    name="Approval",
    nodes=(
        Node(id="start", kind="chat.message"),
        Node(id="ask", kind="people.approve"),
        Node(id="answer", kind="chat.answer"),
    ),
    edges=(Edge(source="start.message", target="ask.value"), Edge(source="ask.approved", target="answer.text")),
)
LINK = Terms()
SECRET = "zanzibar"
ANN, BOB = new_token(), new_token()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return published(home, ECHO, "echo")


def published(home: Workspace, flow: Flow, slug: str, terms: Terms = LINK) -> Flow:
    found = home.flows.create(flow)
    home.publications.publish(found, slug, terms)
    return found


def enter(home: Workspace, token: str = ANN, slug: str = "echo") -> Visit:
    return home.visits.enter(slug, token)


def said(home: Workspace, visit: Visit, text: str = SECRET, files: tuple[str, ...] = ()) -> str:
    """A conversation in which something was said and answered."""
    chat = visit.begin()
    home.runner.finished(visit.say(chat, text, files))
    return chat


def everything(home: Workspace) -> str:
    """All that the database holds, as one text."""
    db = home._db
    tables = tables_of(db)
    rows = [row for table in tables for row in db.all(f"SELECT * FROM {table}")]
    return "\n".join(
        each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for row in rows for each in row
    )


def test_an_answer_comes_back_and_is_listed(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = said(home, visit)
    assert [turn.text for turn in visit.standing(chat).turns] == [SECRET, SECRET]
    assert [each.title for each in visit.conversations()] == [SECRET]


def test_a_visitor_reads_what_everybody_may_read(home: Workspace, flow: Flow) -> None:
    """Documents for some are for none of them: a visitor has no name and no groups."""
    assert home.runs.reader_of(enter(home).begin()) == Reader()


@pytest.mark.parametrize(
    "use",
    [
        lambda visit, chat: visit.standing(chat),
        lambda visit, chat: visit.say(chat, "x"),
        lambda visit, chat: visit.again(chat),
        lambda visit, chat: visit.stop(chat),
        lambda visit, chat: visit.attach(chat, "a.txt", "text/plain", b"x"),
        lambda visit, chat: visit.detach(chat, "x"),
        lambda visit, chat: visit.file(chat, "x"),
        lambda visit, chat: visit.answer(chat, "x", Reply()),
        lambda visit, chat: visit.rate(chat, "x", True),
        lambda visit, chat: visit.delete(chat),
        lambda visit, chat: visit.told(chat, "json", "en"),
        lambda visit, chat: visit.share(chat),
        lambda visit, chat: visit.stop_sharing(chat),
    ],
)
def test_of_another_visitor_is_like_what_does_not_exist(home: Workspace, flow: Flow, use: Any) -> None:
    chat = said(home, enter(home))
    other = enter(home, BOB)
    refusals = []
    for id in (chat, "0" * 32, "'; --"):
        with pytest.raises(VisitError) as refused:
            use(other, id)
        refusals.append(refused.value.problem)
    assert len(set(map(str, refusals))) == 1
    assert refusals[0].code == "visit.none"
    assert SECRET in enter(home).told(chat, "words", "en")
    assert other.conversations() == []


def test_a_conversation_with_one_gpt_is_none_of_another(home: Workspace, flow: Flow) -> None:
    chat = said(home, enter(home))
    published(home, ECHO, "other")
    with pytest.raises(VisitError):
        enter(home, ANN, "other").standing(chat)
    assert visitor_of(ANN, "a") != visitor_of(ANN, "b")


def test_the_owner_s_own_conversation_is_no_visitor_s(home: Workspace, flow: Flow) -> None:
    ours = home.runs.new_conversation(flow.id)
    with pytest.raises(VisitError):
        enter(home).standing(ours)


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "a" * 42, "a" * 44, "../" * 14 + "a"])
def test_what_is_no_token_is_nobody(home: Workspace, flow: Flow, token: str) -> None:
    with pytest.raises(VisitError) as refused:
        enter(home, token)
    assert refused.value.problem.code == "visit.unknown"


def test_the_token_itself_is_kept_nowhere(home: Workspace, flow: Flow) -> None:
    said(home, enter(home))
    assert ANN not in everything(home)


def test_a_gpt_for_its_owner_alone_is_there_for_nobody_else(home: Workspace) -> None:
    published(home, ECHO, "mine", Terms(audience="me"))
    with pytest.raises(PublishError) as hidden:
        enter(home, slug="mine")
    with pytest.raises(PublishError) as missing:
        enter(home, slug="no-such")
    assert hidden.value.problem == missing.value.problem
    assert home.visits.enter("mine", ANN, Caller(owner=True)).flow.name == "Echo"


def test_deleted_is_gone_from_every_table(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = visit.begin()
    file = visit.attach(chat, f"{SECRET}.txt", "text/plain", SECRET.encode())
    run = visit.say(chat, SECRET, [file.id])
    home.runner.finished(run)
    visit.rate(chat, run, True)
    home.runs.facts_of(chat, flow.id).set("place", SECRET, here=True)
    home.runner.finished(visit.again(chat, text=f"again {SECRET}"))
    assert everything(home).count(SECRET) > 5
    kept = said(home, enter(home, BOB), "mine stays")
    visit.delete_all()
    assert SECRET not in everything(home)
    assert visit.conversations() == []
    assert home.runner.view(run) is None
    assert enter(home, BOB).standing(kept).turns[0].text == "mine stays"


def test_with_the_gpt_goes_all_that_was_ever_said_to_it(home: Workspace, flow: Flow) -> None:
    chat = said(home, enter(home))
    home._db.do("INSERT INTO summaries VALUES (?, 1, 'digest', ?)", chat, SECRET)
    home.runs.facts_of(chat, flow.id).set("place", SECRET, here=True)
    home.flows.delete(flow.id)
    home._empty_bin(older_than=-1.0)
    assert SECRET not in everything(home)


def test_one_conversation_goes_and_the_others_stay(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    first, second = said(home, visit), said(home, visit, "stays")
    visit.delete(first)
    assert SECRET not in everything(home)
    assert [each.id for each in visit.conversations()] == [second]


def test_what_runs_is_stopped_before_it_is_deleted(home: Workspace) -> None:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        server.default = Say("word " * 200, per_token=0.05)
        flow = ECHO.model_copy(
            update={
                "nodes": (*ECHO.nodes, Node(id="think", kind="model")),
                "edges": (
                    Edge(source="start.message", target="think.prompt"),
                    Edge(source="think.answer", target="answer.text"),
                ),
            }
        )
        published(home, flow, "slow")
        visit = enter(home, slug="slow")
        chat = visit.begin()
        run = visit.say(chat, SECRET)
        while not home.runner.view(run).text:  # type: ignore[union-attr]
            home.runner.wait(run, home.runner.view(run).count, 5)  # type: ignore[union-attr]
        visit.delete(chat)
        assert not home.runner.is_running(run)
        assert SECRET not in everything(home)


@pytest.fixture
def approval(home: Workspace) -> tuple[Visit, str]:
    published(home, APPROVAL, "approval")
    visit = enter(home, slug="approval")
    chat = visit.begin()
    home.runner.finished(visit.say(chat, SECRET))
    return visit, chat


def test_a_question_is_there_until_it_is_answered_once(home: Workspace, approval: tuple[Visit, str]) -> None:
    visit, chat = approval
    (asked,) = visit.standing(chat).waiting
    with pytest.raises(VisitError):
        visit.answer(chat, asked.id, Reply(choice="no such"))
    with pytest.raises(VisitError):
        enter(home, BOB, "approval").answer(chat, asked.id, Reply(choice=asked.question.choices[0].id))
    assert visit.standing(chat).waiting
    visit.answer(chat, asked.id, Reply(choice=asked.question.choices[0].id))
    home.runner.finished(asked.run)
    assert visit.standing(chat).turns[-1].text == SECRET
    with pytest.raises(FlowloomError):
        visit.answer(chat, asked.id, Reply(choice=asked.question.choices[0].id))


def test_the_builder_s_inbox_shows_no_question_of_a_visitor(home: Workspace, approval: tuple[Visit, str]) -> None:
    visit, chat = approval
    (asked,) = visit.standing(chat).waiting
    assert home.questions.open() == []
    visit.answer(chat, asked.id, Reply(choice=asked.question.choices[0].id))
    assert home.questions.answered() == []


def test_what_waits_can_be_stopped_and_deleted(home: Workspace, approval: tuple[Visit, str]) -> None:
    visit, chat = approval
    visit.stop(chat)
    assert visit.standing(chat).run is None
    home.runner.finished(visit.again(chat))
    visit.delete(chat)
    assert SECRET not in everything(home)


def test_a_file_a_gpt_saves_for_a_visitor_goes_with_the_conversation(home: Workspace) -> None:
    saver = Flow(
        name="Saver",
        nodes=(
            Node(id="start", kind="chat.message"),
            Node(id="keep", kind="file.save", config={"name": "note.txt"}),
            Node(id="answer", kind="chat.answer"),
        ),
        edges=(
            Edge(source="start.message", target="keep.content"),
            Edge(source="start.message", target="answer.text"),
        ),
    )
    flow = published(home, saver, "saver")
    visit = enter(home, slug="saver")
    chat = said(home, visit)
    (file,) = visit.standing(chat).turns[-1].attachments
    assert visit.file(chat, file.id)[1] == SECRET.encode()
    assert not (home.files / flow.id).exists()
    visit.delete(chat)
    assert SECRET not in everything(home)


def test_files_are_known_by_what_they_hold(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = visit.begin()
    picture = visit.attach(chat, "C:\\x\\..\\holiday.png", "text/html", png())
    assert (picture.name, picture.media_type) == ("holiday.png", "image/png")
    with pytest.raises(FlowloomError):
        visit.attach(chat, "bad.pdf", "application/pdf", b"%PDF-1.4 broken")
    visit.detach(chat, picture.id)
    with pytest.raises(VisitError):
        visit.file(chat, picture.id)


def test_the_app_gives_out_no_file_of_a_visitor(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = visit.begin()
    file = visit.attach(chat, "a.txt", "text/plain", b"secret")
    assert home.runs.attachment(flow.id, file.id) is None
    ours = home.runs.save_attachment(home.runs.new_conversation(flow.id), "b.txt", "text/plain", b"ours")
    assert home.runs.attachment(flow.id, ours.id) is not None


@pytest.mark.parametrize(("own", "all_"), [(10, 10**9), (10**9, 10)])
def test_files_are_bounded_for_each_and_for_all(
    home: Workspace, flow: Flow, monkeypatch: pytest.MonkeyPatch, own: int, all_: int
) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", own)
    monkeypatch.setattr(limits, "MOST_BYTES_OF_ALL", all_)
    visit = enter(home)
    visit.attach(visit.begin(), "a.txt", "text/plain", b"123456")
    with pytest.raises(VisitError):
        visit.attach(visit.begin(), "a.txt", "text/plain", b"123456")


def test_a_file_goes_with_its_message_after_a_restart(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = visit.begin()
    file = visit.attach(chat, "a.txt", "text/plain", b"the text")
    home.visits._unsent.clear()
    home.runner.finished(visit.say(chat, "Look", [file.id]))
    assert visit.standing(chat).turns[0].attachments[0].text == "the text"
    visit.detach(chat, file.id)
    assert visit.file(chat, file.id)[1] == b"the text"


def test_a_file_of_another_conversation_is_not_sent(home: Workspace, flow: Flow) -> None:
    his = enter(home, BOB)
    file = his.attach(his.begin(), "a.txt", "text/plain", SECRET.encode())
    visit = enter(home)
    with pytest.raises(VisitError):
        visit.say(visit.begin(), "Look", [file.id])


@pytest.mark.parametrize(
    ("text", "files"),
    [("", ()), ("  \n ", ()), ("x" * (limits.LONGEST_MESSAGE + 1), ()), ("x", ("a",) * 11), ("x", ("gone",))],
)
def test_what_cannot_be_sent_begins_nothing(home: Workspace, flow: Flow, text: str, files: tuple[str, ...]) -> None:
    visit = enter(home)
    chat = visit.begin()
    with pytest.raises(VisitError):
        visit.say(chat, text, files)
    assert visit.standing(chat).turns == []


def test_a_flood_of_one_visitor_is_refused_and_others_go_on(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = visit.begin()
    for _ in range(limits.MESSAGES):
        home.runner.finished(visit.say(chat, "x"))
    with pytest.raises(PaceError):
        visit.say(chat, "x")
    for _ in range(limits.CONVERSATIONS - 1):
        visit.begin()
    with pytest.raises(PaceError):
        visit.begin()
    said(home, enter(home, BOB))


def test_runs_that_a_crash_cut_off_take_nobody_s_place(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = visit.begin()
    for number in range(limits.AT_ONCE + 1):
        home._db.do(
            "INSERT INTO runs (id, flow, conversation, started, state, via) VALUES (?, ?, ?, 1, 'running', 'page')",
            f"cut{number}",
            flow.id,
            chat,
        )
    home.runner.finished(visit.say(chat, "x"))


def test_a_gpt_answers_so_many_at_once(home: Workspace, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 0)
    visit = enter(home)
    with pytest.raises(PaceError):
        visit.say(visit.begin(), "x")


def test_a_minute_later_there_is_room_again() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    pace.take("a", "ann", 1)
    pace.take("a", "bob", 1)
    with pytest.raises(PaceError):
        pace.take("a", "ann", 1)
    now[0] += MINUTE
    pace.take("a", "ann", 1)


def test_the_pace_of_many_is_kept_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowloom.visits.pace.MOST_KEYS", 10)
    pace = Pace()
    for number in range(100):
        pace.take("a", str(number), 1)
    assert len(pace._done) == 10


def test_conversations_nobody_spoke_in_are_let_go_of(home: Workspace, flow: Flow, monkeypatch: Any) -> None:
    visit = enter(home)
    empty = visit.begin()
    monkeypatch.setattr(limits, "ABANDONED", -1.0)
    visit.begin()
    with pytest.raises(VisitError):
        visit.standing(empty)


def test_a_conversation_goes_on_with_the_version_that_is_live_then(home: Workspace, flow: Flow) -> None:
    chat = said(home, enter(home))
    louder = flow.model_copy(
        update={
            "nodes": (*flow.nodes, Node(id="loud", kind="template", config={"template": "{{message}}!!!"})),
            "edges": (
                Edge(source="start.message", target="loud.message"),
                Edge(source="loud.text", target="answer.text"),
            ),
        }
    )
    home.publications.publish(louder, "echo", Terms())
    visit = enter(home)
    home.runner.finished(visit.say(chat, "more"))
    assert [turn.text for turn in visit.standing(chat).turns][-2:] == ["more", "more!!!"]


def test_what_is_unpublished_says_nothing_any_more(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    said(home, visit)
    home.publications.unpublish(flow.id)
    with pytest.raises(PublishError):
        enter(home)


def test_a_download_holds_their_conversations_and_no_key(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    said(home, visit, "first")
    said(home, visit, "my key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789")
    told = visit.told_all("words", "en")
    assert "first" in told
    assert "sk-proj" not in told
    assert told.index("first") < told.index("my key")


def test_asking_again_takes_the_place_of_the_last_answer(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = said(home, visit)
    home.runner.finished(visit.again(chat, text="other words"))
    assert [turn.text for turn in visit.standing(chat).turns] == ["other words"] * 2
