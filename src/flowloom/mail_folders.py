"""Has a GPT asked each new message of a mail folder: each once, whichever of several processes is first."""

import asyncio
import time
from asyncio import TimerHandle
from collections.abc import Callable, Coroutine
from typing import Any

from flowloom.errors import FlowloomError, MailError, Problem
from flowloom.flow.model import Flow
from flowloom.nodes.templates import fill
from flowloom.run.events import ENDS, RunEvent
from flowloom.runner import Runner, require_runnable
from flowloom.services.mail.folders import MailBox, MailFolders
from flowloom.services.mail.letters import Letter
from flowloom.services.network.addresses import parse_url
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.secrets import SecretStore
from flowloom.store.mail_folders import MailFolder, MailFolderStore, Taken
from flowloom.store.runs import MAIL, RunStore

LOOK = 30.0
"""Seconds between looks at the clock, since a computer may sleep and its clock may jump."""


class MailTriggers:
    """The mail folders of one installation."""

    def __init__(
        self,
        store: MailFolderStore,
        runs: RunStore,
        runner: Runner,
        keys: SecretStore,
        flow_of: Callable[[str], Flow],
        http: Callable[[], GuardedHttp],
        folders: MailFolders | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`flow_of` gives a GPT as it is to run now; `http` says which computers may be reached."""
        self.store, self._runs, self._runner, self._keys = store, runs, runner, keys
        self._flow_of, self._http, self._clock = flow_of, http, clock
        self._folders = folders or MailFolders()
        self._timer: TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading: set[str] = set()
        self._again_now: set[tuple[str, int, int]] = set()
        runner.watch(self._hear)

    def begin(self) -> None:
        """Look after the folders from now on."""
        self._runner.in_loop(self.look)

    def add(self, flow: str, message: str, box: MailBox, password: str, minutes: int) -> str:
        """Have a GPT asked what comes into a folder from now on; the id of what was made."""
        id = self.store.add(flow, message, box, minutes, self._clock())
        try:
            self._keys.set(_name(id), password)
        except FlowloomError:
            self.store.delete(id)
            raise
        self.begin()
        return id

    def delete(self, id: str) -> None:
        """Let go of a folder with its password."""
        self.store.delete(id)
        self._keys.delete(_name(id))

    def delete_of(self, flow: str) -> None:
        """Let go of all folders of a GPT."""
        for id in self.store.of(flow):
            self.delete(id)

    def switch(self, id: str, active: bool) -> None:
        """Have it read, or not; what came meanwhile is read then."""
        self.store.activate(id, active, self._clock())
        self.begin()

    def read_now(self, id: str) -> None:
        """Read it once, beside its times."""
        folder = self.store.get(id)
        if folder:
            self._runner.in_loop(self._spawn, self._read(folder))

    def run_again(self, taken: Taken) -> None:
        """Ask a message once more that failed."""
        folder, which = self.store.get(taken.folder), (taken.folder, taken.validity, taken.uid)
        if folder and which not in self._again_now:
            self._again_now.add(which)
            self._runner.in_loop(self._spawn, self._again(folder, taken))

    def look(self) -> None:
        """Read what is due, and look again at the next time; to be called in the loop of the runs."""
        if self._timer:
            self._timer.cancel()
        if self._runner.is_held:
            return
        now = self._clock()
        for folder in self.store.due(now):
            if self.store.take(folder, now + folder.minutes * 60):
                self._spawn(self._read(folder))
        following = self.store.next_time()
        wait = LOOK if following is None else min(LOOK, max(0.05, following - self._clock()))
        self._timer = self._runner.later(wait, self.look)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, folder: MailFolder) -> None:
        if folder.id in self._reading:  # A slow server is not asked a second time meanwhile.
            return
        self._reading.add(folder.id)
        try:
            problem = await self._taken(folder)
        except FlowloomError as error:
            problem = error.problem
        finally:
            self._reading.discard(folder.id)
        self.store.looked(folder.id, self._clock(), problem)

    async def _taken(self, folder: MailFolder) -> Problem | None:
        """Take what is new. Of a folder that is new here, or made anew, only what comes from now on counts."""
        validity, seen = folder.validity, folder.seen
        while True:
            given = (folder.box, self._password(folder), await self._addresses(folder.box), validity, seen)
            looked = await asyncio.to_thread(self._folders.look, *given)
            for uid, letter in looked.letters:
                self._begin(folder, looked.validity, uid, letter)
            self.store.reached(folder, looked.validity, looked.seen)
            if not looked.more or self._runner.is_held:
                return ANEW if validity not in (0, looked.validity) else None
            seen = looked.seen

    def _begin(self, folder: MailFolder, validity: int, uid: int, letter: Letter) -> None:
        with self._runs.whole():
            is_there = self.store.get(folder.id) is not None
            if is_there and self.store.claim(folder.id, validity, uid, letter.subject[:200], self._clock()):
                self._ask(folder, validity, uid, letter)

    def _ask(self, folder: MailFolder, validity: int, uid: int, letter: Letter) -> None:
        try:
            if letter.unread:
                raise MailError.from_problem(UNREAD[letter.unread])
            flow = self._flow_of(folder.flow)
            require_runnable(flow)
            said = fill(folder.message, fields_of(letter)).strip()
            conversation = self._runs.new_conversation(flow.id, via=MAIL)
            run = self._runner.start(flow, said, conversation, unattended=True)
        except FlowloomError as error:
            self.store.went(folder.id, validity, uid, "", error.problem)
        else:
            self.store.went(folder.id, validity, uid, run)

    async def _again(self, folder: MailFolder, taken: Taken) -> None:
        try:
            given = (
                folder.box,
                self._password(folder),
                await self._addresses(folder.box),
                taken.validity,
                taken.uid,
            )
            letter = await asyncio.to_thread(self._folders.letter, *given)
            if letter is None:
                raise MailError(
                    "This message is no longer in the folder.", "Move it back to have it asked.", code="mail.gone"
                )
        except FlowloomError as error:
            self.store.went(folder.id, taken.validity, taken.uid, taken.run, error.problem)
        else:
            with self._runs.whole():
                self._ask(folder, taken.validity, taken.uid, letter)
        finally:
            self._again_now.discard((taken.folder, taken.validity, taken.uid))

    def _password(self, folder: MailFolder) -> str:
        name = _name(folder.id)
        return self._keys.reveal(name) if self._keys.has(name) else ""

    async def _addresses(self, box: MailBox) -> list[str]:
        """Where to connect to, checked as every other computer is. Raises HttpError."""
        host = f"[{box.host}]" if ":" in box.host else box.host
        found = await self._http().addresses(parse_url(f"https://{host}:{box.port}"))
        return [str(each) for each in found]

    def _hear(self, flow_id: str, event: RunEvent) -> None:
        if isinstance(event, ENDS) and self._runs.via_of(event.run_id) == MAIL:
            view = self._runner.view(event.run_id)
            problem = view.problem if view else None
            self.store.ended(event.run_id, STOPPED if event.type == "run_cancelled" else problem)


def fields_of(letter: Letter) -> dict[str, str]:
    """What a message may name of an e-mail; its text says which attachments were left out."""
    left = f"[Attachments left out: {', '.join(letter.files)}]" if letter.files else ""
    text = "\n\n".join(part for part in (letter.text, left) if part)
    return {"subject": letter.subject, "from": letter.sender, "text": text}


def _name(id: str) -> str:
    return f"mail folder {id}"


UNREAD = {
    "large": Problem.of("mail.large", "This message is larger than 25 MB.", "Open it in your mail program."),
    "broken": Problem.of("mail.broken", "This message can’t be read.", "Open it in your mail program."),
}
STOPPED = Problem.of("mail.stopped", "The run was stopped.", "Run it again if it is still wanted.")
ANEW = Problem.of(
    "mail.anew",
    "The mail server made this folder anew, so its messages can’t be told from those before.",
    "Messages from now on are read. Look through what came shortly before.",
)
