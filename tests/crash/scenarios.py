"""What people do while the power may go: how each begins, what is done, what is seen, and how they go on after it.

Each is a class whose `prepare` makes a home and returns facts, `act` does the thing, `see` tells how all stands
as JSON, and `go_on` does what a person or the app does after the next start, until it is done. `states` says how
many there are from the beginning to the end, each of which may be found; `again` is whether a person does the
whole thing once more where they got no word of it.
"""

import json
from contextlib import suppress
from typing import Any, ClassVar

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.kinds.people import Reply
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.workspace import Workspace

Facts = dict[str, Any]

ECHO = {
    "nodes": [
        {"id": "m", "kind": "chat.message"},
        {"id": "p", "kind": "prompt", "config": {"template": "{{message}}!"}},
        {"id": "z", "kind": "chat.answer"},
    ],
    "edges": [{"from": "m.message", "to": "p.message"}, {"from": "p.prompt", "to": "z.text"}],
}
APPROVE = {
    "nodes": [
        {"id": "m", "kind": "chat.message"},
        {"id": "a", "kind": "people.approve", "config": {"title": "Send it?"}},
        {"id": "z", "kind": "chat.answer"},
    ],
    "edges": [{"from": "m.message", "to": "a.value"}, {"from": "a.approved", "to": "z.text"}],
}


def runs_of(home: Workspace, facts: Facts) -> dict[str, Any]:
    """A conversation with all that is kept of its runs, ids left out."""
    db, conversation = home.flows.db, facts["conversation"]
    if active := home.runner.active(conversation):  # taken up at the start, as its question was answered
        home.runner.finished(active)
    runs = db.all("SELECT id, state, asked, answered, told FROM runs WHERE conversation = ?", conversation)
    return {
        "turns": [(turn.role, turn.text, str(turn.problem)) for turn in home.runs.turns(conversation)],
        "runs": [row[1:] for row in runs],
        "ends": [sum(event.type == "run_finished" for event in home.runs.events(row[0])) for row in runs],
        "answered": [sum(event.type == "node_answered" for event in home.runs.events(row[0])) for row in runs],
        "unfinished": db.all("SELECT count(*) FROM unfinished"),
        "open": len(home.questions.open()),
        "leases": db.all("SELECT count(*) FROM leases"),
    }


def take_up(home: Workspace, facts: Facts) -> None:
    """What the chat does when it is opened, and the person who lets a run go on."""
    conversation = facts["conversation"]
    home.healing.heal(conversation)
    run = home.runner.interrupted(conversation)
    if run:
        home.runner.resume(run)
        home.runner.finished(run)


class Chat:
    def prepare(self, home: Workspace) -> Facts:
        flow = home.flows.create(Flow.model_validate(ECHO))
        return {"flow": flow.id, "conversation": home.runs.new_conversation(flow.id)}

    def act(self, home: Workspace, facts: Facts) -> None:
        run = home.runner.start(home.flows.load(facts["flow"]), "Hello", facts["conversation"])
        home.runner.finished(run)

    see = staticmethod(runs_of)
    go_on = staticmethod(take_up)
    states = 5
    again = False


class Edited(Chat):
    """A message that was asked already is asked in other words."""

    def prepare(self, home: Workspace) -> Facts:
        facts = super().prepare(home)
        super().act(home, facts)
        return facts

    def act(self, home: Workspace, facts: Facts) -> None:
        turn = home.runs.turns(facts["conversation"])[0]
        flow = home.flows.load(facts["flow"])
        home.runner.finished(home.runner.start(flow, "Good day", facts["conversation"], instead_of=turn.number))


class Again(Edited):
    """The last answer once more, from a block on."""

    def act(self, home: Workspace, facts: Facts) -> None:
        run = home.runs.turns(facts["conversation"])[0].run_id
        assert run
        new, _ = home.again.start(run, home.flows.load(facts["flow"]), "p")
        home.runner.finished(new)


class Asking(Chat):
    """A run that comes to a question."""

    def prepare(self, home: Workspace) -> Facts:
        flow = home.flows.create(Flow.model_validate(APPROVE))
        return {"flow": flow.id, "conversation": home.runs.new_conversation(flow.id)}


class Approval(Asking):
    def prepare(self, home: Workspace) -> Facts:
        facts = super().prepare(home)
        super().act(home, facts)
        return facts

    def act(self, home: Workspace, facts: Facts) -> None:
        (asked,) = home.questions.open()
        home.inbox.answer(asked.id, Reply(choice="approved"))
        home.runner.finished(asked.run)

    def go_on(self, home: Workspace, facts: Facts) -> None:  # type: ignore[override]
        if home.questions.open():
            self.act(home, facts)
        take_up(home, facts)


class Remembering(Chat):
    """Blocks without effects are written down together; one among them that has an effect is not."""

    FLOW: ClassVar = {
        "nodes": [
            {"id": "m", "kind": "chat.message"},
            *({"id": f"p{number}", "kind": "prompt", "config": {"template": "{{x}}!"}} for number in range(6)),
            {"id": "r", "kind": "memory.remember", "config": {"name": "it"}},
            {"id": "z", "kind": "chat.answer"},
        ],
        "edges": [
            {"from": "m.message", "to": "p0.x"},
            *({"from": f"p{number}.prompt", "to": f"p{number + 1}.x"} for number in (0, 1, 3, 4)),
            {"from": "p2.prompt", "to": "r.value"},
            {"from": "r.value", "to": "p3.x"},
            {"from": "p5.prompt", "to": "z.text"},
        ],
    }

    def prepare(self, home: Workspace) -> Facts:
        flow = home.flows.create(Flow.model_validate(self.FLOW))
        return {"flow": flow.id, "conversation": home.runs.new_conversation(flow.id)}

    def see(self, home: Workspace, facts: Facts) -> Any:  # type: ignore[override]
        return {**runs_of(home, facts), "remembered": home.memory.variables(facts["conversation"])}


class Edit:
    """Operations of a canvas, which sends them again until they are acknowledged."""

    OPERATIONS = (
        {"seq": 1, "op": "add", "node": {"id": "a", "kind": "text"}, "at": {"x": 1, "y": 1}},
        {"seq": 2, "op": "add", "node": {"id": "b", "kind": "text"}, "at": {"x": 2, "y": 2}},
        {"seq": 3, "op": "undo"},
        {"seq": 4, "op": "move", "positions": {"a": {"x": 9, "y": 9}}},
    )
    states = 5
    again = True

    def prepare(self, home: Workspace) -> Facts:
        return {"flow": home.flows.create(Flow(name="Test")).id}

    def act(self, home: Workspace, facts: Facts) -> None:
        _, rejected = home.editor.open(facts["flow"]).submit("canvas", self.OPERATIONS)
        assert not rejected, rejected

    go_on = act

    def see(self, home: Workspace, facts: Facts) -> Any:
        document = home.editor.open(facts["flow"])
        now, seq = json.loads(document.flow.model_dump_json()), home.flows.last_seq(facts["flow"], "canvas")
        undone = []
        if document.flow.layout.get("a") and document.flow.layout["a"].x == 9:
            while document.can_undo:
                document.undo()
                undone.append(len(document.flow.nodes))
            while document.can_redo:
                document.redo()
        return {
            "nodes": [node["id"] for node in now["nodes"]],
            "layout": now["layout"],
            "undone": undone,
            "seq": seq,
        }


class Ingest:
    """Two documents on their way into a knowledge base."""

    FILES = (("a.txt", b"Cats purr when they are content."), ("b.txt", b"Dogs bark at night."))
    states = 3
    again = True

    def prepare(self, home: Workspace) -> Facts:
        flow = home.flows.create(Flow(name="Test"))
        home.knowledge.use(None)  # by words, which is quick
        home.knowledge.add(f"{flow.id}/main", "first.txt", b"Fish swim in the sea.")
        return {"base": f"{flow.id}/main"}

    def act(self, home: Workspace, facts: Facts) -> None:
        home.knowledge.use(None)
        home.ingest.ingest(facts["base"], self.FILES)

    go_on = act

    def see(self, home: Workspace, facts: Facts) -> Any:
        home.knowledge.use(None)
        base = facts["base"]
        questions = ("purr", "bark", "swim")
        return {
            "files": [file.name for file in home.knowledge.files(base)],
            "found": [[each.file for each in home.knowledge.search(base, word, 5)] for word in questions],
        }


class Consent:
    states = 3
    again = True

    def prepare(self, home: Workspace) -> Facts:
        flow = home.flows.create(Flow(name="Test"))
        home.consents.keep(flow.id, "old.example", True)
        return {"flow": flow.id}

    def act(self, home: Workspace, facts: Facts) -> None:
        home.consents.keep(facts["flow"], "new.example", True)
        home.consents.keep(facts["flow"], "old.example", False)

    go_on = act

    def see(self, home: Workspace, facts: Facts) -> Any:
        return sorted((each.host, each.allowed) for each in home.consents.all())


class Settings:
    states = 4
    again = True

    def prepare(self, home: Workspace) -> Facts:
        self._change(home, "old")
        return {}

    def act(self, home: Workspace, facts: Facts) -> None:
        self._change(home, "new")

    def _change(self, home: Workspace, word: str) -> None:
        provider = Provider(id=word, kind="compatible", name=word, base_url=f"https://{word}.example/v1")
        home.secrets.set("key", f"{word} key")
        home.models_changed(ModelSettings(providers=(provider,)))
        home.own_hosts.allow(f"{word}.lan")

    go_on = act

    def see(self, home: Workspace, facts: Facts) -> Any:
        with suppress(FlowloomError):
            return {
                "key": home.secrets.reveal("key"),
                "providers": [provider.id for provider in home.models.settings.providers],
                "hosts": sorted(home.own_hosts.names),
            }
        return "unreadable"


class Bin:
    """A GPT goes to the bin and is deleted for good."""

    states = 3
    again = True

    def prepare(self, home: Workspace) -> Facts:
        flow = home.flows.create(Flow.model_validate(ECHO))
        conversation = home.runs.new_conversation(flow.id)
        home.runner.finished(home.runner.start(flow, "Hello", conversation))
        home.versions.keep(flow, "First")
        return {"flow": flow.id, "conversation": conversation}

    def act(self, home: Workspace, facts: Facts) -> None:
        home.flows.delete(facts["flow"])
        home._empty_bin(older_than=-1)

    go_on = act

    def see(self, home: Workspace, facts: Facts) -> Any:
        flow = facts["flow"]
        return {
            "there": home.flows.exists(flow),
            "turns": len(home.runs.turns(facts["conversation"])),
            "versions": len(home.versions.entries(flow)),
        }


SCENARIOS: dict[str, Any] = {
    "chat": Chat,
    "edited message": Edited,
    "again": Again,
    "remembering": Remembering,
    "asking": Asking,
    "approval": Approval,
    "edit": Edit,
    "ingest": Ingest,
    "consent": Consent,
    "settings": Settings,
    "bin": Bin,
}
