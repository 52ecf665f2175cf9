"""The engines of other builders, one folder each, installed into an environment of its own and run as a program.

`engines/FORMAT/run.py` (or `run.mjs`) reads one JSON array of jobs from standard input,
`{"flow": path, "said": text, "inputs": {}, "answers": [], "model": url, "key": text}`, and prints one JSON array,
`{"answer": text or null, "error": text}` each, as its last line. It asks the model with the job's key, by which the
requests are told apart. `requirements.txt` or `package.json` pin what it needs; `options.txt` holds words for uv
or npm.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HOME = Path(os.environ.get("FLOWLOOM_ENGINES", ".bench-engines")).absolute()
MINUTES = 15


def has_engine(format: str) -> bool:
    return any((HERE / format / name).exists() for name in ("run.py", "run.mjs"))


def results(format: str, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the engine made of each job. Raises CalledProcessError where it cannot be installed or fails."""
    home = installed(format)
    script = HERE / format / "run.py"
    # An environment of its own may not see ours.
    shown = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FLOWLOOM"))}
    if script.exists():
        command = [str(home / "bin" / "python"), str(script)]
    else:
        shutil.copy(HERE / format / "run.mjs", home / "run.mjs")
        command = ["node", str(home / "run.mjs")]
    done = subprocess.run(
        command,
        input=json.dumps(jobs),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=home,
        env=shown | {"HOME": str(home)},
        timeout=60 * MINUTES,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def installed(format: str) -> Path:
    """The engine's environment, made once for each list of what it needs."""
    home, needs = HOME / format, next((HERE / format).glob("requirements.txt"), HERE / format / "package.json")
    stamp = home / "installed"
    if stamp.exists() and stamp.read_text() == needs.read_text():
        return home
    shutil.rmtree(home, ignore_errors=True)
    home.parent.mkdir(parents=True, exist_ok=True)
    options = needs.with_name("options.txt")
    more = options.read_text().split() if options.exists() else []
    if needs.suffix == ".txt":
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", str(home)], check=True)
        python = str(home / "bin" / "python")
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *more, "-r", str(needs)], check=True)
    else:
        home.mkdir()
        shutil.copy(needs, home / "package.json")
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", *more], cwd=home, check=True)
    stamp.write_text(needs.read_text())
    return home
