"""What a node asks a person, and what it has done before it asked and must not do again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from flowloom.errors import NodeError
from flowloom.kinds.consents import Sending
from flowloom.kinds.context import Waiting
from flowloom.kinds.people import Choice, Question, Reply
from flowloom.kinds.port import as_text
from flowloom.run.events import NodeAnswered, NodeAsked, NodeNoted, Place
from flowloom.run.execution.consent import consent_question, heard, names_host, never_allowed
from flowloom.run.execution.context import RunContext
from flowloom.run.planning.plan import Step

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
        call, node, round = self._place
        return self._ask(":".join([call, node, str(round), str(self._attempt), question.key]), question)[0]

    def _ask(self, key: str, question: Question) -> tuple[Reply, bool]:
        """The reply to the question of this run that has this key, and whether this node hears it first."""
        people, journal = self._run.services.people, self._run.journal
        if people is None:
            raise NodeError("There is nobody to ask here.", "Run the GPT in the app.", code="people.nobody")
        id = f"{journal.run_id}:{key}"
        reply = people.reply(id)
        if reply is None:
            # A question may show what came before it, so a crash must not let that come out otherwise.
            journal.flush()
            people.post(id, self._place[1], question)
            journal.tell_once(NodeAsked, id, self._place, question=question)
            raise Waiting([id])
        return reply, journal.tell_once(NodeAnswered, id, self._place, reply=reply)

    def permit(self, sending: Sending) -> None:
        """Ask whether something may leave, once in a run for each host. Raises NodeError where it may not."""
        consents = self._run.services.consents
        allowed = consents.verdict(sending)
        if allowed is False:
            raise never_allowed(sending)
        # Whoever writes down a page to be read has said already that it may be opened.
        if allowed or (sending.opens_page and names_host(self._run.turn.message, sending.to)):
            return
        reply, new = self._ask(f"consent:{sending.to}", consent_question(sending, self._run.language))
        heard(reply, new, sending, consents)

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
                "This block wasn’t approved. {comment}",
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
