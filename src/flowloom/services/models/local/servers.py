"""Which models are loaded on this computer: each in a process of its own, which ends after idle time."""

import atexit
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from flowloom.errors import ModelError
from flowloom.services.models.local.gguf import GgufFile, read_gguf

CONTEXT = 8192
"""Tokens of conversation at most: more would take memory that few conversations use."""
LONGEST = 2048
"""Tokens of one answer: a small model may repeat itself for ever."""
IDLE = 600.0
"""Seconds without a question after which a model gives its memory back."""
LOADING = 180.0
"""Seconds a model may take to load."""
LOOK_EVERY = 15.0
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "SYSTEMROOT", "SYSTEMDRIVE")
"""What the process knows of our environment, where keys may stand."""


class LocalServer:
    """The process of one model. `address` and `key` lead to its OpenAI-like API."""

    def __init__(self, model: GgufFile, context: int, longest: int = LONGEST) -> None:
        self.model, self.context, self.key = model, context, secrets.token_urlsafe(32)
        self._longest = min(longest, context // 2)
        self.used, self.users = time.monotonic(), 0
        self._process = subprocess.Popen(
            # Without the folder it starts in, from which nothing shall be imported, and without our keys.
            [sys.executable, "-P", "-m", "flowloom.services.models.local.worker"],
            env={name: value for name, value in os.environ.items() if name in PASSED_ON},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            self.address = self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> str:
        process = self._process
        assert process.stdin
        assert process.stdout
        order = {
            "path": str(self.model.path),
            "key": self.key,
            "context": self.context,
            "longest": self._longest,
            "threads": _threads(),
        }
        watch = threading.Timer(LOADING, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline() or "{}")
        except (OSError, ValueError):
            said = {}
        finally:
            watch.cancel()
        if "address" not in said:
            raise ModelError(
                "The model “{model}” couldn’t be loaded.",
                "The file may be damaged, or of a kind this version doesn’t know. Try another file.",
                code="model.file",
                model=self.model.path.name,
            )
        return str(said["address"])

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        """End the process, and with it all that it was answering."""
        self._process.kill()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


class LocalServers:
    """The loaded models of this process, by file. Safe to use from several threads.

    `longest` are the tokens of one answer of what is loaded from now on.
    """

    def __init__(self, idle: float = IDLE, free: Callable[[], int] | None = None, longest: int = LONGEST) -> None:
        self._idle, self._free, self.longest = idle, free or free_memory, longest
        self._servers: dict[Path, LocalServer] = {}
        self._lock = threading.Lock()
        self._loading: dict[Path, threading.Lock] = {}
        self._watching = False

    def open(self, path: Path) -> LocalServer:
        """The server of a file, loaded if need be, until `done`. Blocks while it loads. Raises ModelError."""
        with self._lock:
            loading = self._loading.setdefault(path, threading.Lock())
        with loading:
            found = self._taken(path)
            if found:
                return found
            server = self._load(path)
            with self._lock:
                server.users += 1
                self._servers[path] = server
                self._watch()
            return server

    def done(self, server: LocalServer) -> None:
        with self._lock:
            server.users -= 1
            server.used = time.monotonic()

    def loaded(self) -> list[LocalServer]:
        with self._lock:
            return [server for server in self._servers.values() if server.alive]

    def close(self) -> None:
        with self._lock:
            servers, self._servers = list(self._servers.values()), {}
        for server in servers:
            server.close()

    def _taken(self, path: Path) -> LocalServer | None:
        with self._lock:
            found = self._servers.get(path)
            if found and found.alive:
                found.users += 1
                return found
            ended = self._servers.pop(path, None)
        if ended:
            ended.close()
        return None

    def _load(self, path: Path) -> LocalServer:
        if not is_installed():
            raise ModelError(
                "Models can’t run on this computer yet: the package xllamacpp is missing.",
                "Install Flowloom with its extra “local”, or choose another model in Settings.",
                code="model.package",
            )
        model = read_gguf(path)
        context = min(model.context, CONTEXT)
        needed, free = model.memory(context), self._free()
        if needed > free:
            raise ModelError(
                "The model “{model}” needs about {needed} GB of memory, but only {free} GB are free.",
                "Close other programs, or choose a smaller model.",
                code="model.memory",
                model=path.name,
                needed=_gigabytes(needed),
                free=_gigabytes(free),
            )
        return LocalServer(model, context, self.longest)

    def _watch(self) -> None:
        if not self._watching:
            self._watching = True
            threading.Thread(target=self._unload_idle, name="idle-models", daemon=True).start()

    def _unload_idle(self) -> None:
        while True:
            time.sleep(min(LOOK_EVERY, self._idle))
            if not self.unload_idle():
                return

    def unload_idle(self) -> bool:
        """End those nobody asked for a while; whether any is left."""
        now = time.monotonic()
        with self._lock:
            over = [
                path
                for path, server in self._servers.items()
                if not server.alive or (not server.users and now - server.used >= self._idle)
            ]
            ended = [self._servers.pop(path) for path in over]
            self._watching = bool(self._servers)
            left = self._watching
        for server in ended:
            server.close()
        return left


def is_installed() -> bool:
    return find_spec("xllamacpp") is not None


def free_memory() -> int:
    """Bytes a new process may take without others being pushed out; half of all where the system doesn't tell."""
    if told := bytes_told("/proc/meminfo", "MemAvailable"):
        return told
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return 4_000_000_000


def whole_memory() -> int:
    """Bytes of memory that this computer has, 0 where the system doesn't tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0


def bytes_told(file: str, name: str) -> int:
    """What Linux tells under a name in one of its lists of kilobytes, 0 where the system doesn't."""
    try:
        for line in Path(file).read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


def _threads() -> int:
    """One core is left to the app."""
    return max(1, (os.cpu_count() or 2) - 1)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f}"


SERVERS = LocalServers()
"""Those of this process, whatever event loop asks."""
atexit.register(SERVERS.close)
