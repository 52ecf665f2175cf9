"""A visitor and a GPT: conversations begun, gone on with, taken along and deleted, each the visitor’s own."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from flowloom.exchange.transcripts import as_json, as_markdown
from flowloom.flow.model import Flow
from flowloom.inbox import Inbox
from flowloom.kinds.people import Reply
from flowloom.kinds.values import Attachment, Reader
from flowloom.publishing import Publications, Published, nothing_here
from flowloom.run.reading.view import RunView
from flowloom.runner import Runner
from flowloom.saved_answers import saved_answer_of
from flowloom.services.formats import pictures, sounds
from flowloom.services.knowledge.loaders import check_size
from flowloom.store.accounts import Account
from flowloom.store.questions import Asked, QuestionStore
from flowloom.store.runs import PAGE, ChatTurn, Conversation, Guest, RunStore
from flowloom.store.visitor_records import VisitorRecords
from flowloom.visits.pace import Pace, PaceError
from flowloom.visits.replies import checked_reply
from flowloom.visits.visitors import (
    STRANGER,
    Caller,
    VisitError,
    is_named,
    new_token,
    reader_with,
    visitor_of,
    visitor_with,
)
from flowloom.words import language_of

LONGEST_MESSAGE = 20_000
"""Characters."""
MOST_FILES = 10
"""Files of one message."""
MOST_BYTES, MOST_BYTES_OF_ALL = 200 * 1024 * 1024, 5 * 1024**3
"""Bytes of all files of one visitor of a GPT, and of all its visitors."""
LONGEST_NAME = 200
MOST_CONVERSATIONS = 300
"""Conversations that are kept for one visitor of one GPT."""
MESSAGES, CONVERSATIONS, UPLOADS, CALLS = 20, 20, 40, 300
"""How often in a minute a visitor may send a message, begin a conversation, add a file, ask for anything."""
AT_ONCE = 40
"""Answers of one GPT to visitors that are made at the same time."""
ABANDONED = 3_600.0
"""Seconds after which a conversation in which nothing was said is let go of."""
ANYBODY = Reader()
"""Who may read what everyone may."""
KEPT_FILES = 32
"""Of how many files that were not sent yet the text stays in memory."""


class Standing(NamedTuple):
    """How a conversation stands: what was said, the run that answers now or waits, and what it asks.

    `shared` is whether whoever made the GPT may read it.
    """

    turns: list[ChatTurn]
    run: str | None
    waiting: list[Asked]
    interrupted: bool = False
    shared: bool = False


class Visits:
    """The visits to one installation. Safe to use from several threads."""

    def __init__(
        self,
        publications: Publications,
        runs: RunStore,
        records: VisitorRecords,
        runner: Runner,
        inbox: Inbox,
        questions: QuestionStore,
        hide_keys: Callable[[str], str],
        pace: Pace | None = None,
        is_theirs: Callable[[Account, str], bool] = lambda account, flow: False,
    ) -> None:
        """`is_theirs` tells whether a GPT is somebody’s own."""
        self.publications, self.runs, self.records = publications, runs, records
        self.runner, self.inbox, self.questions, self.hide_keys = runner, inbox, questions, hide_keys
        self.pace, self._is_theirs = pace or Pace(), is_theirs
        self._unsent: OrderedDict[tuple[str, str], Attachment] = OrderedDict()
        self.note_use: Callable[[str, str], None] = lambda flow, visitor: None
        """Told of each message of a visitor to a GPT of the store; never of those of its builder."""
        self.forget_use: Callable[[str, str], None] = lambda flow, visitor: None
        self.store_is_open: Callable[[], bool] = lambda: True
        """Whether people without an account may visit the store."""
        self.admit: Callable[[Published, str, str], None] = lambda published, visitor, conversation: None
        """Raises VisitError where a visitor of the store has to pay first; "" before a conversation begins."""

    def find(self, slug: str, caller: Caller) -> Published:
        """What is served under a name to them. Raises PublishError, also where it is there for others alone."""
        return self._found(slug, caller, also_down=False)

    def _found(self, slug: str, caller: Caller, also_down: bool) -> Published:
        found = self.publications.find(slug, also_down)
        if not self.may_use(found, caller):
            raise nothing_here()
        return found

    def owns(self, found: Published, caller: Caller) -> bool:
        """Whether somebody comes to what is their own."""
        account = caller.account
        return caller.owner or (account is not None and self._is_theirs(account, found.flow.id))

    def person(self, flow_id: str, token: str, caller: Caller) -> str:
        """Who somebody is to a GPT. Raises VisitError where their browser has no token."""
        return visitor_with(caller.account, flow_id) if caller.account else visitor_of(token, flow_id)

    def may_use(self, found: Published, caller: Caller) -> bool:
        """Whether somebody may use what is published."""
        is_in_store = found.publication.terms.audience == "store"
        may = self.may_visit_store(caller) if is_in_store else is_named(found.publication, caller)
        return may or self.owns(found, caller)

    def may_visit_store(self, caller: Caller) -> bool:
        """Whether somebody sees the store and what stands in it."""
        return caller.owner or caller.account is not None or self.store_is_open()

    def shared_with(self, account: Account) -> list[Published]:
        """What others let somebody of a team use, by name; not what anyone may who was told the address."""
        caller = Caller(account=account)
        return [
            each
            for each in self.publications.live()
            if each.publication.terms.audience not in ("link", "store")
            and is_named(each.publication, caller)
            and not self._is_theirs(account, each.flow.id)
        ]

    def new_visitor(self, address: str) -> str:
        """A token for a browser that has none. Raises PaceError."""
        self.pace.take("visitor", address, CALLS)
        return new_token()

    def enter(self, slug: str, token: str, caller: Caller = STRANGER) -> "Visit":
        """The visit of whoever has the token, or of an account. Raises PublishError, VisitError, PaceError."""
        found = self._found(slug, caller, also_down=True)
        visitor = self.person(found.flow.id, token, caller)
        self.pace.take("call", visitor, CALLS)
        counts = found.publication.terms.audience == "store" and not self.owns(found, caller)
        return Visit(self, found, visitor, reader_with(caller.account), counts)

    def keep_unsent(self, conversation: str, file: Attachment) -> None:
        """Remember what was read of a file until its message is sent."""
        self._unsent[conversation, file.id] = file
        while len(self._unsent) > KEPT_FILES:
            self._unsent.popitem(last=False)

    def forget_unsent(self, conversation: str, id: str = "") -> None:
        """Let go of a file that is not sent after all, or of all of a conversation."""
        for key in [key for key in tuple(self._unsent) if key[0] == conversation and id in ("", key[1])]:
            self._unsent.pop(key, None)

    def unsent(self, conversation: str, id: str) -> Attachment | None:
        """A file that was added to a conversation, with its text; None where there is none."""
        return self._unsent.get((conversation, id)) or self.runs.read_again(conversation, id)


class Visit:
    """One visitor at one GPT. Every method raises VisitError where a conversation is not theirs."""

    def __init__(
        self, home: Visits, published: Published, visitor: str, reader: Reader = ANYBODY, counts: bool = False
    ) -> None:
        """`counts` is whether the store counts what is said."""
        self._home, self.published, self.visitor, self._reader = home, published, visitor, reader
        self._counts = counts
        self._guest = Guest(visitor, PAGE)

    @property
    def flow(self) -> Flow:
        return self.published.flow

    def conversations(self, search: str = "") -> list[Conversation]:
        """Theirs in which something was said, the latest first."""
        return self._home.runs.conversations(self.flow.id, search, MOST_CONVERSATIONS, guest=self._guest)

    def begin(self) -> str:
        """A new conversation. Raises PaceError, PublishError where it is taken down, VisitError where unpaid."""
        self._home.publications.require_up(self.flow.id)
        self.require_paid()
        self._home.pace.take("conversation", self.visitor, CONVERSATIONS)
        records = self._home.records
        for old in records.empty(self.flow.id, self.visitor, time.time() - ABANDONED):
            records.delete(old)
        if len(records.conversations(self.flow.id, self.visitor)) >= MOST_CONVERSATIONS:
            raise PaceError("You have a lot of conversations here.", "Delete some, then start a new one.")
        return self._home.runs.new_conversation(self.flow.id, self._reader, visitor=self.visitor, via=PAGE)

    def require_paid(self, conversation: str = "") -> None:
        """Raises VisitError where they have to pay before the GPT does anything for them."""
        if self._counts:
            self._home.admit(self.published, self.visitor, conversation)

    def require(self, conversation: str) -> None:
        """Raises VisitError where it is not theirs; one of somebody else is like one that does not exist."""
        if not self._home.records.owns(self.flow.id, self.visitor, conversation):
            raise VisitError("This conversation no longer exists.", "Start a new one.", code="visit.none")

    def standing(self, conversation: str) -> Standing:
        """How a conversation of theirs stands."""
        self.require(conversation)
        runner = self._home.runner
        run = runner.active(conversation) or runner.paused(conversation)
        turns = self._home.runs.turns(conversation)
        waiting = self._home.questions.for_guest(conversation) if run else []
        cut_off = not run and bool(turns) and turns[-1].role == "user"
        return Standing(turns, run, waiting, cut_off, self._home.records.is_shared(conversation))

    def view(self, run: str) -> RunView | None:
        """A run of theirs as it stands."""
        return self._home.runner.view(run)

    def is_saved(self, view: RunView | None) -> bool:
        """Whether a run of theirs was answered with a saved answer."""
        return view is not None and saved_answer_of(self._home.runs, view) is not None

    def attach(self, conversation: str, name: str, media_type: str, data: bytes) -> Attachment:
        """Keep a file for their next message. Raises KnowledgeError, PaceError."""
        self.require(conversation)
        self._home.publications.require_up(self.flow.id)
        self._home.pace.take("file", self.visitor, UPLOADS)
        name = "".join(each for each in name.replace("\\", "/").rpartition("/")[2] if each.isprintable())
        name = name.strip()[-LONGEST_NAME:] or "file"
        for check in (pictures.check_size, sounds.check_size, check_size):
            check(name, len(data))
        self._require_room(len(data))
        file = self._home.runs.save_attachment(conversation, name, media_type, data)
        self._home.keep_unsent(conversation, file)
        return file

    def _require_room(self, size: int) -> None:
        records = self._home.records
        if records.size_of(self.flow.id, self.visitor) + size > MOST_BYTES:
            raise VisitError("You have a lot of files here already.", "Delete some conversations, then try again.")
        if records.size_of(self.flow.id) + size > MOST_BYTES_OF_ALL:
            raise PaceError("This GPT can’t take any more files right now.", "Send your message without a file.")

    def detach(self, conversation: str, file: str) -> None:
        """Let go of a file they added and did not send."""
        self.require(conversation)
        self._home.forget_unsent(conversation, file)
        self._home.records.delete_unsent(conversation, file)

    def file(self, conversation: str, id: str) -> tuple[Attachment, bytes]:
        """A file of one of their conversations."""
        self.require(conversation)
        found = self._home.runs.file_in(conversation, id)
        if found is None:
            raise VisitError("This file no longer exists.", "Ask again.", code="visit.none")
        return found

    def say(self, conversation: str, text: str, files: Sequence[str] = (), language: str = "en") -> str:
        """Send a message and begin its answer; the run. Raises VisitError, PaceError, FlowloomError."""
        self.require(conversation)
        text = text.strip()
        if not text and not files:
            raise VisitError("There is nothing to send yet.", "Write a message first.")
        if len(text) > LONGEST_MESSAGE:
            raise VisitError(
                "This message is too long.",
                "Use at most {most} characters.",
                most=f"{LONGEST_MESSAGE:_}".replace("_", " "),
            )
        if len(files) > MOST_FILES:
            raise VisitError("These are too many files.", "Send at most {most} with a message.", most=MOST_FILES)
        found = [self._home.unsent(conversation, id) for id in files]
        if None in found:
            raise VisitError("A file of this message no longer exists.", "Add it again.")
        return self._start(conversation, text, [file for file in found if file], language)

    def again(self, conversation: str, language: str = "en", text: str | None = None) -> str:
        """Ask the last message once more, or other words in its place; the run."""
        self.require(conversation)
        asked = [turn for turn in self._home.runs.turns(conversation) if turn.role == "user"]
        if not asked:
            raise VisitError("There is nothing to ask again.", "Write a message first.")
        last = asked[-1]
        words = last.text if text is None else text.strip()
        if len(words) > LONGEST_MESSAGE or not (words or last.attachments):
            raise VisitError("There is nothing to send yet.", "Write a message first.")
        return self._start(conversation, words, last.attachments, language, instead_of=last.number)

    def _start(
        self,
        conversation: str,
        text: str,
        files: Sequence[Attachment],
        language: str,
        instead_of: int | None = None,
    ) -> str:
        runner = self._home.runner
        self._home.publications.require_up(self.flow.id)
        if runner.active(conversation) or runner.paused(conversation):
            raise VisitError(
                "The last answer isn’t finished yet.", "Wait until it is, or stop it.", code="visit.busy"
            )
        self.admit(conversation)
        if left := runner.interrupted(conversation):
            runner.give_up(left)
        spoken = language_of(text, otherwise=language)
        return runner.start(self.flow, text, conversation, files, language=spoken, instead_of=instead_of)

    def admit(self, conversation: str) -> None:
        """Let them ask once more, by the page or by a program of theirs. Raises VisitError, PaceError."""
        self._home.pace.take("message", self.visitor, MESSAGES)
        if self._home.runner.count_running(self.flow.id) >= AT_ONCE:
            raise PaceError("Many people are using this GPT right now.", "Try again in a minute.")
        self.require_paid(conversation)
        # Somebody may have come into a group since the conversation began, or left one.
        self._home.runs.keep_reader(conversation, self._reader)
        if self._counts:
            self._home.note_use(self.flow.id, self.visitor)

    def stop(self, conversation: str) -> None:
        """End what answers now, or waits for them; what was said so far stays."""
        standing = self.standing(conversation)
        if standing.run:
            self._home.runner.cancel(standing.run)

    def answer(self, conversation: str, question: str, reply: Reply) -> None:
        """Answer what a run asked them; only the first answer counts. Raises StoreError, VisitError."""
        self.require(conversation)
        self._home.publications.require_up(self.flow.id)
        asked = self._home.questions.find(question)
        if asked is None or asked.conversation != conversation or asked.question.to_owner:
            raise VisitError(
                "This question is no longer open.", "Ask again if it is still needed.", code="visit.none"
            )
        self._home.runs.keep_reader(conversation, self._reader)
        self._home.inbox.answer(question, checked_reply(asked.question, reply))

    def rate(self, conversation: str, run: str, good: bool) -> None:
        """Keep what they think of an answer."""
        self.require(conversation)
        if run in self._home.records.runs_of(conversation):
            self._home.runs.rate(run, good)

    def delete(self, conversation: str) -> None:
        """Let go of a conversation of theirs and all that belongs to it; what runs in it ends first."""
        self.require(conversation)
        self._end(conversation)
        self._home.records.delete(conversation)

    def delete_all(self) -> None:
        """Let go of all they ever said to this GPT, and of what it remembers about them."""
        for conversation in self._home.records.conversations(self.flow.id, self.visitor):
            self._end(conversation)
            self._home.records.delete(conversation)
        self._home.records.forget(self.flow.id, self.visitor)
        self._home.forget_use(self.flow.id, self.visitor)

    def _end(self, conversation: str) -> None:
        self._home.forget_unsent(conversation)
        self._home.runner.end_all(self._home.records.runs_of(conversation))

    def share(self, conversation: str) -> None:
        """Let whoever made the GPT read a conversation of theirs, and what is still said in it."""
        self.require(conversation)
        self._home.records.share(conversation)

    def stop_sharing(self, conversation: str) -> None:
        """From now on, a conversation is theirs alone again."""
        self.require(conversation)
        self._home.records.stop_sharing(conversation)

    def told(self, conversation: str, form: str, language: str) -> str:
        """A conversation of theirs as Markdown, or as JSON where `form` is `json`."""
        self.require(conversation)
        turns = self._home.runs.turns(conversation)
        name = self.flow.name
        told = as_json(turns, name) if form == "json" else as_markdown(turns, name, language)
        return self._home.hide_keys(told)

    def told_all(self, form: str, language: str) -> str:
        """All their conversations with this GPT in one document, the oldest first."""
        each = [self.told(talk.id, form, language) for talk in reversed(self.conversations())]
        return f"[{','.join(each)}]" if form == "json" else "\n---\n\n".join(each)
