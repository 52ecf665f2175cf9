"""A real PostgreSQL on this machine for one test run, in a folder of its own and only on loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


def programs() -> Path | None:
    """Where initdb and postgres are, or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


class Server(NamedTuple):
    """One in a folder of its own, to be started and stopped as often as a test wants."""

    programs: Path
    folder: str
    port: int
    user: str | None

    @contextmanager
    def running(self) -> Iterator[None]:
        """It takes no connection any more once this ends, and cuts off those it has."""
        serve = [self.programs / "postgres", "-D", f"{self.folder}/data", "-p", str(self.port), "-h", "127.0.0.1"]
        serve += ["-k", self.folder, "-F"]
        with subprocess.Popen(
            serve, user=self.user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                _wait_for(self.programs, self.port)
                yield
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=30)


@contextmanager
def server(password: str) -> Iterator[Server]:
    """One that does not run yet. Its user is `postgres`."""
    where = programs()
    assert where is not None
    # PostgreSQL refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="flowloom-pg-", ignore_cleanup_errors=True) as folder:
        data, secret = Path(folder) / "data", Path(folder) / "password"
        secret.write_text(password)
        if user:
            entry = pwd.getpwnam(user)
            for path in (Path(folder), secret):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        make = [where / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret, "-N"]
        subprocess.run(
            [*make, "-E", "UTF8", "--locale", "C"], check=True, user=user, capture_output=True, timeout=120
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        yield Server(where, folder, port, user)


@contextmanager
def postgres(password: str) -> Iterator[int]:
    """One that runs; its port. Its user is `postgres`."""
    with server(password) as found, found.running():
        yield found.port


def _wait_for(where: Path, port: int) -> None:
    """It takes connections a moment before it answers them."""
    for _ in range(300):
        if subprocess.run([where / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not start")
