"""Conversations, their turns and attachments."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import uuid4

from pydantic import TypeAdapter
from pydantic_core import to_json

from flowloom.errors import Problem, StoreError
from flowloom.kinds.content import sound_kind
from flowloom.kinds.context import Turn
from flowloom.kinds.services import Facts
from flowloom.kinds.values import OWNER, Attachment, Message, Reader
from flowloom.run.reading.view import RunView
from flowloom.services.formats import sounds
from flowloom.services.formats.pictures import is_picture, media_type_of
from flowloom.services.formats.workbooks import is_workbook, workbook_text
from flowloom.services.knowledge.loaders import read_text
from flowloom.store.bucket import Kept, delete_files, empty_dropped, open_bucket, read_file
from flowloom.store.db import Database
from flowloom.store.log import RunLog
from flowloom.store.memory import FlowFacts, MemoryStore
from flowloom.store.problem_column import in_column, of_column
from flowloom.store.visitor_facts import VisitorFacts

ATTACHMENTS = TypeAdapter(tuple[Attachment, ...])


class ChatTurn(NamedTuple):
    """What one side said; an assistant's turn carries its run and, if that failed, why."""

    number: int
    role: str
    text: str
    run_id: str | None
    attachments: tuple[Attachment, ...]
    problem: Problem | None


class Conversation(NamedTuple):
    """One conversation in a list; `title` is what was said first, `started` is seconds since the epoch.

    `shared` is whether a visitor lets whoever made the GPT read it.
    """

    id: str
    started: float
    title: str
    shared: bool = False


class Guest(NamedTuple):
    """Who talks: a visitor by their id, or nobody but the owner of this computer; and by which door."""

    visitor: str = ""
    via: str = ""

    @property
    def is_other(self) -> bool:
        """Whether it is somebody else than the owner of this computer."""
        return self.via not in ("", BATCH, SCHEDULE)

    @property
    def is_private(self) -> bool:
        """Whether only they may read what is said, and not whoever made the GPT."""
        return self.via == PAGE


PAGE = "page"
"""The door of visitors: the published page, also inside another site."""
API = "api"
MCP = "mcp"
HOOK = "webhook"
"""Another program, at an address that whoever made the GPT gave it."""
SCHEDULE = "schedule"
"""The clock, by which whoever made the GPT has it asked."""
MAIL = "mail"
"""A message in a mail folder, by whoever wrote it."""
BATCH = "batch"
"""A table that whoever made the GPT puts through it."""
APP = Guest()


class RunStore(RunLog):
    """Everything that was said and everything that ran."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.memory = MemoryStore(db)
        self.owner_of: Callable[[str], str] = lambda flow_id: ""
        """The account whose a GPT is; empty where it is whoever runs the app."""
        self.bucket = open_bucket()

    def new_conversation(self, flow_id: str, reader: Reader = OWNER, *, visitor: str = "", via: str = "") -> str:
        """A conversation in which the GPT reads only what the reader may read.

        `visitor` is whose it is, empty for the owner of this computer; `via` is the door they came by.
        """
        conversation = uuid4().hex
        self._db.do(
            "INSERT INTO conversations (id, flow, started, reader, visitor, via) VALUES (?, ?, ?, ?, ?, ?)",
            conversation,
            flow_id,
            time.time(),
            "" if reader.owner else reader.model_dump_json(),
            visitor,
            via,
        )
        return conversation

    def guest_of(self, conversation: str) -> Guest:
        """Whose a conversation is, and by which door it came."""
        row = self._db.one("SELECT visitor, via FROM conversations WHERE id = ?", conversation)
        return Guest(*row) if row else Guest()

    def facts_of(self, conversation: str, flow_id: str) -> Facts:
        """What a flow may know about whoever talks in a conversation."""
        visitor = self.guest_of(conversation).visitor
        if not visitor and (account := self.owner_of(flow_id)):
            visitor = f"account:{account}"
        return VisitorFacts(self._db, flow_id, visitor) if visitor else FlowFacts(self.memory, flow_id)

    def via_of(self, run_id: str) -> str:
        """The door a run came by."""
        row = self._db.one("SELECT via FROM runs WHERE id = ?", run_id)
        return str(row[0]) if row else ""

    def reader_of(self, conversation: str) -> Reader:
        """Who talks in a conversation."""
        row = self._db.one("SELECT reader FROM conversations WHERE id = ?", conversation)
        return Reader.model_validate_json(row[0]) if row and row[0] else OWNER

    def asked_by(self, run_id: str) -> tuple[Guest, Reader] | None:
        """Who had a run begin, and what they may read; None where it is in no conversation."""
        row = self._db.one("SELECT conversation FROM runs WHERE id = ? AND conversation IS NOT NULL", run_id)
        return (self.guest_of(row[0]), self.reader_of(row[0])) if row else None

    def keep_reader(self, conversation: str, reader: Reader) -> None:
        """Whoever talks in a conversation may read otherwise than when it began."""
        if self.reader_of(conversation) != reader:
            said = "" if reader.owner else reader.model_dump_json()
            self._db.do("UPDATE conversations SET reader = ? WHERE id = ?", said, conversation)

    def delete_of(self, flow_id: str) -> None:
        """Delete everything that was said to a flow, and its runs."""
        theirs = "(SELECT id FROM conversations WHERE flow = ?)"
        with self._db.transaction():
            turns = f"(SELECT number FROM turns WHERE conversation IN {theirs})"
            self._db.do(f"DELETE FROM turn_vectors WHERE turn IN {turns}", flow_id)
            self._db.do(f"DELETE FROM turns WHERE conversation IN {theirs}", flow_id)
            delete_files(self._db, f"conversation IN {theirs}", flow_id)
            self._db.do(f"DELETE FROM unfinished WHERE conversation IN {theirs}", flow_id)
            self._db.do(f"DELETE FROM summaries WHERE conversation IN {theirs}", flow_id)
            self._db.do("DELETE FROM conversations WHERE flow = ?", flow_id)
            self._db.do("DELETE FROM visitor_facts WHERE flow = ?", flow_id)
            self._db.do("DELETE FROM ratings WHERE run IN (SELECT id FROM runs WHERE flow = ?)", flow_id)
            self._db.do("DELETE FROM events WHERE run IN (SELECT id FROM runs WHERE flow = ?)", flow_id)
            self._db.do("DELETE FROM runs WHERE flow = ?", flow_id)
            self._db.do("DELETE FROM run_settings WHERE digest NOT IN (SELECT settings FROM runs)")

    def latest_conversation(self, flow_id: str) -> str | None:
        row = self._db.one(
            "SELECT id FROM conversations WHERE flow = ? AND visitor = '' AND via = '' "
            "ORDER BY started DESC LIMIT 1",
            flow_id,
        )
        return row[0] if row else None

    def conversations(
        self, flow_id: str, search: str = "", most: int = 50, *, guest: Guest = APP
    ) -> list[Conversation]:
        """The conversations of one person with a flow in which something was said, the latest first.

        `search` keeps those in which it was said, whatever its case.
        """
        rows = self._db.all(
            "SELECT c.id, c.started, (SELECT text FROM turns WHERE conversation = c.id ORDER BY number LIMIT 1), "
            "c.shared IS NOT NULL FROM conversations c WHERE c.flow = ? AND c.visitor = ? AND c.via = ? AND EXISTS "
            "(SELECT 1 FROM turns WHERE conversation = c.id AND NOT hidden AND text LIKE ? ESCAPE '\\') "
            "ORDER BY c.started DESC LIMIT ?",
            flow_id,
            *guest,
            f"%{escaped(search)}%",
            most,
        )
        return [Conversation(id, started, title, bool(shared)) for id, started, title, shared in rows]

    def hide_from(self, conversation: str, number: int) -> None:
        """Take a turn and all after it out of the conversation; they stay in the database."""
        self._db.do("UPDATE turns SET hidden = TRUE WHERE conversation = ? AND number >= ?", conversation, number)

    def branch(self, conversation: str, number: int) -> str:
        """A new conversation that begins as this one did, up to and with a turn; returns its id."""
        flow, variables = self._db.one("SELECT flow, variables FROM conversations WHERE id = ?", conversation)
        whose = self.guest_of(conversation)
        branch = self.new_conversation(flow, self.reader_of(conversation), visitor=whose.visitor, via=whose.via)
        with self._db.transaction():
            self._db.do("UPDATE conversations SET variables = ? WHERE id = ?", variables, branch)
            self._db.do(
                "INSERT INTO summaries SELECT ?, covered, digest, text FROM summaries WHERE conversation = ?",
                branch,
                conversation,
            )
            self._db.do(
                "INSERT INTO turns (conversation, role, text, run, attachments, problem) "
                "SELECT ?, role, text, run, attachments, problem FROM turns "
                "WHERE conversation = ? AND number <= ? AND NOT hidden ORDER BY number",
                branch,
                conversation,
                number,
            )
        return branch

    def rate(self, run_id: str, good: bool, reason: str = "") -> None:
        """Keep what a person thinks of an answer; a later word replaces an earlier one."""
        self._db.do(
            "INSERT INTO ratings (run, good, reason) VALUES (?, ?, ?) "
            "ON CONFLICT (run) DO UPDATE SET good = excluded.good, reason = excluded.reason",
            run_id,
            good,
            reason[:2_000],
        )

    def rating(self, run_id: str) -> tuple[bool, str] | None:
        """Whether an answer was found good, and why; None where nobody said."""
        row = self._db.one("SELECT good, reason FROM ratings WHERE run = ?", run_id)
        return (bool(row[0]), row[1]) if row else None

    def turns(self, conversation: str) -> list[ChatTurn]:
        rows = self._db.all(
            "SELECT number, role, text, run, attachments, problem FROM turns "
            "WHERE conversation = ? AND NOT hidden ORDER BY number",
            conversation,
        )
        return [
            ChatTurn(
                number,
                role,
                text,
                run,
                ATTACHMENTS.validate_json(files),
                of_column(wrong),
            )
            for number, role, text, run, files, wrong in rows
        ]

    def flow_named(self, conversation: str) -> str:
        """The id of the GPT of a conversation; empty where there is no such conversation."""
        row = self._db.one("SELECT flow FROM conversations WHERE id = ?", conversation)
        return str(row[0]) if row else ""

    def is_of(self, conversation: str, flow: str) -> bool:
        """Whether a conversation is one of this GPT."""
        return bool(self._db.all("SELECT 1 FROM conversations WHERE id = ? AND flow = ?", conversation, flow))

    def history(self, conversation: str) -> list[Message]:
        """What was said so far, as models take it; turns that failed say nothing."""
        return _said(self.turns(conversation))

    def next_turn(self, conversation: str, message: str, attachments: Sequence[Attachment]) -> Turn:
        """What a person sends now, with all that was said and sent before it."""
        before = self.turns(conversation)
        return Turn(message, _said(before), tuple(attachments), _sent(before))

    def files_so_far(self, conversation: str) -> tuple[Attachment, ...]:
        """The files a person sent in a conversation, the newest first."""
        return _sent(self.turns(conversation))

    def turn_of(self, run_id: str, conversation: str = "") -> tuple[str, Turn]:
        """The conversation of a run, and what was said to it with all that was said before.

        After a branch it is in several; then in `conversation`, if it is in that one.
        """
        row = self._db.one(
            "SELECT conversation, number, text, attachments FROM turns WHERE run = ? AND role = 'user' "
            "ORDER BY conversation = ? DESC, number",
            run_id,
            conversation,
        )
        if row is None:
            raise StoreError("The message of this run no longer exists.", "Ask again.")
        conversation, number, text, files = row
        before = [turn for turn in self.turns(conversation) if turn.number < number]
        return conversation, Turn(text, _said(before), ATTACHMENTS.validate_json(files), _sent(before))

    def room_for_another(self, run_id: str, conversation: str) -> str:
        """The conversation for another answer to what a run was asked in this one.

        The last answer of a conversation gives way and is hidden; before others, it is a branch.
        """
        asked = [turn for turn in self.turns(conversation) if turn.role == "user"]
        if asked and asked[-1].run_id == run_id:
            self.hide_from(conversation, asked[-1].number)
            return conversation
        (number,) = self._db.one(
            "SELECT min(number) FROM turns WHERE run = ? AND conversation = ?", run_id, conversation
        )
        return self.branch(conversation, number - 1)

    def add_turn(
        self,
        conversation: str,
        role: str,
        text: str,
        *,
        run_id: str | None = None,
        attachments: Sequence[Attachment] = (),
        problem: Problem | None = None,
    ) -> None:
        self._db.do(
            "INSERT INTO turns (conversation, role, text, run, attachments, problem) VALUES (?, ?, ?, ?, ?, ?)",
            conversation,
            role,
            text,
            run_id,
            to_json(tuple(attachments)).decode(),
            in_column(problem),
        )

    def add_answer(self, view: RunView, conversation: str) -> None:
        """Keep what a run answered as a turn, with why it failed and the files it made."""
        self.add_turn(
            conversation,
            "assistant",
            view.text,
            run_id=view.run_id,
            problem=view.problem,
            attachments=self.files_of(view.run_id, conversation),
        )

    def save_attachment(self, conversation: str, name: str, media_type: str, data: bytes) -> Attachment:
        """Keep a file under an id of ours and read its text; a picture and a recording have none.

        Raises KnowledgeError if it can be neither read, shown nor played.
        """
        media_type, text = read_attached(name, media_type, data)
        attachment = Attachment(id=uuid4().hex, name=name, media_type=media_type, size=len(data), text=text)
        return self._keep(conversation, attachment, data)

    def read_again(self, conversation: str, id: str) -> Attachment | None:
        """A file a person added to this conversation, with its text; None where there is none."""
        found = self.file_in(conversation, id)
        if found is None:
            return None
        file, data = found
        return file.model_copy(update={"text": read_attached(file.name, file.media_type, data)[1]})

    def file_in(self, conversation: str, id: str) -> tuple[Attachment, bytes] | None:
        """A file of one conversation, with its bytes; None where there is none."""
        row = self._db.one(
            "SELECT facts, data FROM attachments WHERE id = ? AND conversation = ?", id, conversation
        )
        return (Attachment.model_validate_json(row[0]), read_file(self.bucket, *row)) if row else None

    def keep_file(self, conversation: str, run_id: str, name: str, media_type: str, data: bytes) -> Attachment:
        """Keep a file that a run made, to be offered with its answer."""
        attachment = Attachment(id=uuid4().hex, name=name, media_type=media_type, size=len(data))
        return self._keep(conversation, attachment, data, run=run_id)

    def files_of(self, run_id: str, conversation: str) -> tuple[Attachment, ...]:
        """The files a run made, each name once, as it was saved last."""
        rows = self._db.all(
            "SELECT facts FROM attachments WHERE conversation = ? AND json_extract(facts, '$.run') = ? "
            "ORDER BY rowid",
            conversation,
            run_id,
        )
        found = (Attachment.model_validate_json(row[0]) for row in rows)
        return tuple({file.name: file for file in found}.values())

    def _keep(self, conversation: str, attachment: Attachment, data: bytes, **more: str) -> Attachment:
        place, data = self.bucket.keep(attachment.id, data) if self.bucket else Kept({}, data)
        facts = {**attachment.model_dump(exclude={"text"}), **more, **place}
        self._db.do(
            "INSERT INTO attachments VALUES (?, ?, ?, ?)",
            attachment.id,
            conversation,
            to_json(facts).decode(),
            data,
        )
        return attachment

    def attachment(self, flow_id: str, id: str) -> tuple[Attachment, bytes] | None:
        """A file that came up in a conversation of a flow; None where there is none, and for those of visitors."""
        row = self._db.one(
            "SELECT facts, data FROM attachments WHERE id = ? AND conversation IN "
            "(SELECT id FROM conversations WHERE flow = ? AND via <> ?)",
            id,
            flow_id,
            PAGE,
        )
        return (Attachment.model_validate_json(row[0]), read_file(self.bucket, *row)) if row else None

    def bytes_of(self, conversation: str, id: str) -> bytes:
        """What a file holds that came up in a conversation, or before it branched off. Raises StoreError."""
        row = self._db.one(
            "SELECT facts, data FROM attachments WHERE id = ?1 AND (conversation = ?2 OR EXISTS ("
            "SELECT 1 FROM turns, json_each(turns.attachments) AS file "
            "WHERE turns.conversation = ?2 AND json_extract(file.value, '$.id') = ?1))",
            id,
            conversation,
        )
        if row is None:
            raise StoreError("This file isn’t in this conversation.", "Attach it to your message, and send that.")
        return read_file(self.bucket, *row)

    def empty_dropped(self) -> None:
        """Remove files from the bucket that belong to nothing any more. Raises StoreError."""
        empty_dropped(self._db, self.bucket)


def read_attached(name: str, media_type: str, data: bytes) -> tuple[str, str]:
    """What kind of file it is, and its text; a picture and a recording have none. Raises KnowledgeError."""
    if is_picture(data):
        return media_type_of(name, data), ""
    if sound := sound_kind(data):
        sounds.check_size(sounds.ENDINGS[sound], len(data))
        return sound, ""
    return media_type, workbook_text(name, data) if is_workbook(data) else read_text(name, data)


def _said(turns: Sequence[ChatTurn]) -> list[Message]:
    return [
        Message(role="user" if turn.role == "user" else "assistant", text=turn.text) for turn in turns if turn.text
    ]


def _sent(turns: Sequence[ChatTurn]) -> tuple[Attachment, ...]:
    asked = (turn for turn in reversed(turns) if turn.role == "user")
    return tuple(file for turn in asked for file in turn.attachments)


def escaped(text: str) -> str:
    """The text as LIKE takes it to the letter."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
