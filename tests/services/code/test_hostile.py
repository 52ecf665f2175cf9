"""Code that means harm, or does it by mistake: it ends in time, in a clear sentence, and harms nothing."""

import os
import socket
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from flowloom.kinds.code import CodeJob, CodeResult
from tests.services.code.conftest import SALES, Engine, holds_here, in_walls

SECONDS = 0.7
LATEST = 12.0
"""Seconds after which such a run has to be over, on a slow computer."""
SECRET = "sesame-in-the-environment"
PLAIN = {"code.error", "code.reach"}
"""Code that is told it cannot do that."""
LARGE = {"code.memory", "code.time", "code.calls", "code.error", "code.broke"}
"""Code that is stopped by one of the limits, whichever it meets first."""


class Hostile(NamedTuple):
    name: str
    code: str
    codes: set[str]


SNIPPETS = [
    # files
    Hostile("passwords", "open('/etc/passwd').read()", PLAIN),
    Hostile("own data", "open(OURS).read()", PLAIN),
    Hostile("own data by a link", "import os\nos.symlink(OURS, 'a')\nopen('a').read()", PLAIN),
    Hostile("own data by pathlib", "from pathlib import Path\nPath(OURS).read_text()", PLAIN),
    Hostile("writing outside", "open('/etc/x', 'w').write('x')", PLAIN),
    Hostile("writing beside us", "open(OURS + '.new', 'w').write('x')", PLAIN),
    Hostile("a disk full", "with open('x', 'w') as f:\n    f.write('a' * 10**8)", PLAIN | LARGE),
    Hostile("a table that is a path", "rows('../../../etc/passwd')", PLAIN),
    # other processes
    Hostile("a program", "import subprocess\nsubprocess.run(['id'], check=True)", PLAIN),
    Hostile("a bomb of processes", "import os\nwhile True: os.fork()", PLAIN),
    Hostile("processes of Python", "import multiprocessing as m\nm.Process(target=print).start()", PLAIN),
    Hostile("another program instead", "import os\nos.execv('/bin/sh', ['sh'])", PLAIN),
    Hostile("the parent's end", "import os\nos.kill(PARENT, 9)", PLAIN),
    Hostile("everybody's end", "import os\nos.kill(-1, 9)", PLAIN),
    # network
    Hostile("this computer", "import socket\nsocket.create_connection(('127.0.0.1', PORT), 1).send(b'x')", PLAIN),
    Hostile(
        "the cloud's secrets",
        "import urllib.request\nurllib.request.urlopen('http://169.254.169.254/latest/meta-data', timeout=1)",
        PLAIN,
    ),
    # memory and time
    Hostile("memory that is a file", "import os\nos.memfd_create('x')", PLAIN),
    Hostile("a long list", "x = [0] * 10**9\nlen(x)", LARGE),
    Hostile("a text that doubles", "x = 'a'\nwhile True: x += x", LARGE),
    Hostile("no end", "while True: pass", {"code.time"}),
    Hostile("no end at all", "while True:\n    try:\n        while True: pass\n    except: pass", LARGE),
    Hostile("too deep", "def f(): return f()\nf()", LARGE),
    Hostile("a tower of powers", "x = 10**10**10\n1", LARGE),
    Hostile("sleep", "import threading\nthreading.Event().wait(99)", {"code.time", *PLAIN}),
    Hostile("calls without end", "while True: rows('sales.csv')", {"code.time", "code.calls"}),
    # our own functions
    Hostile("a table of a million rows of one", "group([{'a': 1, 'b': 'x' * 9000}] * 2_000_000, 'a')", LARGE),
    Hostile("nested without end", "x = [0] * 10\nfor i in range(12): x = [x] * 10\ngroup([{'a': x}], 'a')", LARGE),
    Hostile("a title without end", "x = [0] * 10\nfor i in range(12): x = [x] * 10\nchart(x, x, x, x, x)", LARGE),
    Hostile("charts without end", "while True: chart('bar', x=['a'], y=[1])", LARGE),
]


@pytest.fixture
def secret_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", SECRET)
    file = tmp_path / "flowloom.db"
    file.write_text("our data")
    return file


def run(engine: Engine, code: str, **values: object) -> CodeResult:
    started = time.monotonic()
    result = engine(CodeJob(code=code, tables=[SALES], values=values, seconds=SECONDS))
    assert time.monotonic() - started < LATEST
    return result


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize("hostile", SNIPPETS, ids=lambda hostile: hostile.name)
def test_it_ends_in_a_sentence_and_harms_nothing(engine: Engine, hostile: Hostile, secret_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        result = run(engine, hostile.code, OURS=str(secret_file), PARENT=os.getpid(), PORT=port)
        with pytest.raises(BlockingIOError):  # nobody came
            server.accept()
    assert result.failure is not None, result.value
    assert result.failure.problem.code in hostile.codes, result.failure
    assert str(result.failure.problem.describe("fr")) != str(result.failure.problem)
    assert result.failure.told
    assert secret_file.read_text() == "our data"
    assert [file.name for file in secret_file.parent.iterdir()] == ["flowloom.db"]


LOOKS = [
    "import os\ndict(os.environ)",
    "import os\nos.getenv('FLOWLOOM_SECRET_KEY')",
    "import os\nos.environ.get('FLOWLOOM_SECRET_KEY', 'none')",
    "[each.__name__ for each in ().__class__.__base__.__subclasses__()]",
    "(lambda: 0).__globals__",
    "rows.__globals__",
    "rows.__self__.__class__.__init__.__globals__",
    "eval('__import__(\"os\").environ')",
    "exec('import os\\nresult = dict(os.environ)')\nresult",
    "__import__('os').listdir('/home')",
    "import ctypes\nctypes.CDLL(None).getenv(b'FLOWLOOM_SECRET_KEY')",
    "import sys\nsys.modules",
    "import gc\nlen(gc.get_objects())",
    "open('/proc/self/environ').read()",
    "open('/proc/1/cmdline').read()",
    "import glob\nglob.glob('/tmp/*') + glob.glob('/var/*') + glob.glob('/home/*')",
]


@pytest.mark.usefixtures("nothing_stays")
@pytest.mark.parametrize("code", LOOKS)
def test_a_look_around_shows_nothing_of_ours(engine: Engine, code: str, secret_file: Path) -> None:
    told = run(engine, code, OURS=str(secret_file)).model_dump_json()
    assert SECRET not in told
    assert "our data" not in told
    assert str(secret_file.parent.name) not in told.replace(str(secret_file), "")
    assert "flowloom.workspace" not in told


ODD = [
    "x = []\nx.append(x)\nx",
    "x = [0] * 10\nfor i in range(12): x = [x] * 10\nx",
    "x = []\nfor i in range(50_000): x = [x]\nx",
    "class A: pass\nA()",
    "lambda: 1",
    "{1: {2, 3}, 'b': b'x', 'c': (1, 2)}",
    "[float('nan'), float('inf'), 10**400, 2 + 3j]",
    "'\\ud800'",
    "['a' * 1000] * 100_000",
    "list(range(200_000))",
    "{str(i): i for i in range(100_000)}",
    "ValueError('x')",
]


@pytest.mark.parametrize("code", ODD)
def test_whatever_comes_out_can_be_kept(engine: Engine, code: str) -> None:
    result = engine(CodeJob(code=code, seconds=5))
    assert len(result.model_dump_json().encode()) < 6_000_000


def test_printing_without_end_is_cut(engine: Engine) -> None:
    result = engine(CodeJob(code="for i in range(100_000): print('abcdefghij' * 10)", seconds=5))
    assert 1_000 < len(result.printed) < 50_000


def test_one_run_finds_nothing_of_another(engine: Engine) -> None:
    left = "secret = 42\nimport math\nmath.secret = 42\n1"
    engine(CodeJob(code=left, seconds=3))
    found = engine(CodeJob(code="import math\nsecret + math.secret", seconds=3))
    assert found.failure is not None
    assert found.value is None


def test_a_file_in_the_own_folder_is_gone_afterwards() -> None:
    if not holds_here():
        pytest.skip("walls cannot be built on this computer")
    first = in_walls(CodeJob(code="open('/work/a', 'w').write('x')\nimport os\nos.listdir('/work')"))
    again = in_walls(CodeJob(code="import os\nos.listdir('/work')"))
    assert (first.value, again.value) == (["a"], [])
