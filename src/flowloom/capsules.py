"""A GPT of this computer written as a capsule, and one of a capsule taken in: all of it, or nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from tempfile import TemporaryFile
from typing import IO

from flowloom.exchange.capsule import Capsule, write_capsule
from flowloom.exchange.contents import MOST_SAID, MOST_TESTS, Example, Manifest, Said
from flowloom.exchange.locking import lock
from flowloom.exchange.packing import CapsuleOptions, documents_of, needs_of, packed, unpack
from flowloom.exchange.signing import AUTHOR_KEY, new_key, signature_of
from flowloom.flow.model import Flow, new_flow_id
from flowloom.flow.secrets import hide_secrets
from flowloom.nodes.flows.strangers import as_stranger
from flowloom.services.secrets import scrub
from flowloom.store.cassettes import Cassette
from flowloom.workspace import Workspace


def export_capsule(home: Workspace, flow: Flow, out: IO[bytes], options: CapsuleOptions | None = None) -> Manifest:
    """Write a GPT as a capsule, signed where its author is named.

    Raises KnowledgeError, and FlowFileError where it becomes too large.
    """
    how = options or CapsuleOptions()
    if not how.password:
        return _write(home, flow, out, how)
    with TemporaryFile() as open_capsule:
        manifest = _write(home, flow, open_capsule, how)
        open_capsule.seek(0)
        lock(open_capsule, out, how.password)
    return manifest


def _write(home: Workspace, flow: Flow, out: IO[bytes], how: CapsuleOptions) -> Manifest:
    found = documents_of(flow, home.knowledge)[0] if how.knowledge != "none" else []
    return write_capsule(
        out,
        flow,
        packed(found, home.knowledge, only_index=how.knowledge == "index"),
        needs_of(flow),
        how.label,
        partial(signature_of, key=author_key(home)) if how.label.author else None,
        list(examples_of(home, flow, how.examples)),
        [home.cassettes.load(each.id) for each in home.cassettes.all(flow.id)[:MOST_TESTS]] if how.tests else (),
    )


def author_key(home: Workspace) -> str:
    """The key that signs what leaves this computer, made when it is first needed."""
    if not home.secrets.has(AUTHOR_KEY):
        home.secrets.set(AUTHOR_KEY, new_key())
    return home.secrets.reveal(AUTHOR_KEY)


def examples_of(home: Workspace, flow: Flow, conversations: Sequence[str]) -> Iterator[Example]:
    """What was said in these conversations of a flow, without keys; those of visitors are theirs."""
    own = {each.id for each in home.runs.conversations(flow.id, most=len(conversations) + 1_000)}
    keys = home.secrets.values()
    for conversation in conversations:
        if conversation in own:
            said = (
                Said(role="user" if turn.role == "user" else "assistant", text=hide_secrets(scrub(turn.text, keys)))
                for turn in home.runs.turns(conversation)
                if turn.text
            )
            if told := tuple(said)[:MOST_SAID]:
                yield Example(said=told)


def import_capsule(
    home: Workspace, capsule: Capsule, on_progress: Callable[[float], None] = lambda done: None
) -> Flow:
    """Keep the GPT of a capsule with its documents and example chats; all of it, or nothing where any of it fails.

    Raises FlowFileError and KnowledgeError.
    """
    own = new_flow_id()
    try:
        examples, tests = list(capsule.examples()), list(capsule.tests())
        unpack(capsule, home.knowledge, own, on_progress)
        kept = home.flows.create(home.intake.told_apart(as_stranger(capsule.flow, capsule.flow.id)), own)
    except BaseException:
        home.knowledge.delete_all(own)
        raise
    for example in reversed(examples):  # the first of them is the latest conversation
        _begin(home, own, example)
    keep_tests(home, own, tests)
    return kept


def keep_tests(home: Workspace, flow_id: str, tests: Iterable[Cassette]) -> None:
    """Keep the chats that a capsule brings as tests, each once."""
    known = [home.cassettes.load(each.id) for each in home.cassettes.all(flow_id)]
    for test in reversed(list(tests)):
        if test not in known:
            known.append(test)
            home.cassettes.keep(flow_id, test)


def _begin(home: Workspace, flow_id: str, example: Example) -> None:
    with home.runs.whole():
        conversation = home.runs.new_conversation(flow_id)
        for turn in example.said:
            home.runs.add_turn(conversation, turn.role, turn.text)
