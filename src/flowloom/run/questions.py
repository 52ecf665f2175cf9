"""What a node asks a person, and what it has done before it asked and must not do again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from flowloom.errors import NodeError
from flowloom.kinds.context import Waiting
from flowloom.kinds.port import as_text
from flowloom.kinds.values import Choice, Question, Reply
from flowloom.run.events import NodeAnswered, NodeAsked, NodeNoted
from flowloom.run.journal import Place
from flowloom.run.plan import Step
from flowloom.run.run_context import RunContext

NOTHING = object()
LONGEST = 2_000
"""Characters of one input that a person is shown before they allow it."""
GO, STOP = "go", "stop"


class Asker:
    """Asks on behalf of one node at work."""

    def __init__(self, run: RunContext, place: Place, attempt: int = 0) -> None:
        self._run, self._place, self._attempt = run, place, attempt

    def ask(self, question: Question) -> Reply:
        """What a person answers. Raises Waiting until they have, NodeError where there is nobody to ask."""
        people, journal = self._run.services.people, self._run.journal
        if people is None:
            raise NodeError("There is nobody to ask here.", "Run the GPT in the app.", code="people.nobody")
        call, node, round = self._place
        id = ":".join([journal.run_id, call, node, str(round), str(self._attempt), question.key])
        where = {"node": node, "call": call, "round": round}
        reply = people.reply(id)
        if reply is None:
            people.post(id, node, question)
            journal.tell_once(NodeAsked, id, question=question, **where)
            raise Waiting([id])
        journal.tell_once(NodeAnswered, id, reply=reply, **where)
        return reply

    def allow(self, step: Step, inputs: Mapping[str, Any]) -> None:
        """Ask whether a step may work with these inputs. Raises NodeError where it may not."""
        reply = self.ask(
            Question(
                title=step.node.name or step.kind.label,
                own=bool(step.node.name),
                text="\n\n".join(f"{name}: {as_text(value)[:LONGEST]}" for name, value in inputs.items()),
                choices=(Choice(id=GO, label="Allow", own=False), Choice(id=STOP, label="Do not allow", own=False)),
                key="allow",
            )
        )
        if reply.choice != GO:
            raise NodeError(
                "A person did not allow this block to work. {comment}",
                "Ask again, or change what is sent to it.",
                code="people.refused",
                comment=reply.comment,
            )

    async def once(self, key: str, of: Any, make: Callable[[], Awaitable[Any]]) -> Any:
        """What `make()` gave the first time, read from the log as `of` where the node is called again."""
        journal, key = self._run.journal, f"{self._attempt}:{key}"
        known = journal.note(self._place, key, NOTHING)
        if known is not NOTHING:
            return TypeAdapter(of).validate_python(known)
        made = await make()
        value = to_jsonable_python(made, fallback=str)
        call, node, round = self._place
        journal.keep_note(self._place, key, value)
        journal.tell(NodeNoted, node=node, call=call, round=round, key=key, value=value)
        return made
