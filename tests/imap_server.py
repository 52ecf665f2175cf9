"""A small IMAP server on this machine: one account, folders with messages, and what it was asked."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any


@dataclass
class Folder:
    validity: int = 7
    messages: dict[int, bytes] = field(default_factory=dict)
    next: int = 1

    def put(self, message: bytes) -> int:
        uid, self.next = self.next, self.next + 1
        self.messages[uid] = message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return uid


@dataclass
class Imap:
    """`says_size` is what it says every message has, `asked` the commands without their arguments' secrets."""

    password: str = 'hunter2 "and\\more'
    folders: dict[str, Folder] = field(default_factory=lambda: {"INBOX": Folder()})
    says_size: int | None = None
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]


class _Talk(StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self.imap: Imap = self.server.imap
        self.folder: Folder | None = None
        self.say("* OK ready")
        with suppress(OSError, ValueError):
            while line := self.rfile.readline():
                tag, _, rest = line.decode().strip().partition(" ")
                name, _, given = rest.partition(" ")
                self.imap.asked.append(name.upper() if name.upper() == "LOGIN" else rest)
                if not self.answer(tag, name.upper(), given):
                    return

    def say(self, text: str, data: bytes = b"") -> None:
        self.wfile.write(text.encode() + data + b"\r\n")

    def answer(self, tag: str, name: str, given: str) -> bool:
        match name:
            case "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1" + (" STARTTLS" if self.server.later else ""))
            case "STARTTLS":
                self.say(f"{tag} OK begin")
                self.secure()
                return True
            case "LOGIN":
                said = re.sub(r"\\(.)", r"\1", given.partition(" ")[2][1:-1])
                if said != self.imap.password:
                    self.say(f"{tag} NO wrong password {said}")
                    return True
            case "EXAMINE":
                self.folder = self.imap.folders.get(given.strip('"'))
                if self.folder is None:
                    self.say(f"{tag} NO no such folder")
                    return True
                self.say(f"* {len(self.folder.messages)} EXISTS")
                self.say(f"* OK [UIDVALIDITY {self.folder.validity}] valid")
                self.say(f"* OK [UIDNEXT {self.folder.next}] next")
            case "UID":
                self.uid(given)
            case "LOGOUT":
                self.say("* BYE")
                self.say(f"{tag} OK bye")
                return False
            case _:
                self.say(f"{tag} BAD unknown")
                return True
        self.say(f"{tag} OK done")
        return True

    def uid(self, given: str) -> None:
        assert self.folder is not None
        name, _, rest = given.partition(" ")
        if name == "SEARCH":
            after = int(re.findall(r"\d+", rest)[0])
            found = {uid for uid in self.folder.messages if uid >= after} | {*list(self.folder.messages)[-1:]}
            self.say("* SEARCH " + " ".join(map(str, sorted(found))))
            return
        uid, _, what = rest.partition(" ")
        data = self.folder.messages.get(int(uid))
        if data is None:
            return
        if "SIZE" in what:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {self.imap.says_size or len(data)})")
        else:
            self.say(f"* 1 FETCH (UID {uid} BODY[] {{{len(data)}}}\r\n".rstrip("\n") + "\n", data + b")")

    def secure(self) -> None:
        self.connection = self.server.later.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), _Writes(self.connection)

    def finish(self) -> None:
        with suppress(OSError):
            self.connection.close()
        self.rfile.close()


class _Writes:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, data: bytes) -> None:
        self._connection.sendall(data)


class _Server(ThreadingTCPServer):
    daemon_threads, block_on_close = True, False
    imap: Imap
    first: ssl.SSLContext | None
    later: ssl.SSLContext | None

    def get_request(self) -> tuple[socket.socket, Any]:
        raw, place = super().get_request()
        raw.settimeout(20)
        return (self.first.wrap_socket(raw, server_side=True) if self.first else raw), place

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def imap_server(tls: ssl.SSLContext | None = None, first: bool = True) -> Iterator[Imap]:
    """One that runs; with `tls` it is secure from the `first` word on, or by STARTTLS."""
    imap = Imap()
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.imap, server.first, server.later = imap, tls if first else None, None if first else tls
        imap.port = server.server_address[1]
        running = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        running.start()
        try:
            yield imap
        finally:
            server.shutdown()
            running.join()
