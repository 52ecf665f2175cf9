"""The canvas that is committed as a bundle is the one its sources make. `make canvas` builds it and this stamp."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

CANVAS = Path(__file__).parents[2] / "src" / "flowloom" / "ui" / "canvas"
FRONTEND, STAMP = CANVAS / "frontend", CANVAS / "built" / "sources.sha256"


def digest() -> str:
    """One digest of all the bundle is made of and of the bundle itself."""
    sources = [*FRONTEND.glob("src/**/*"), FRONTEND / "package-lock.json", FRONTEND / "vite.config.ts"]
    built = [CANVAS / "built" / "canvas.js", CANVAS / "built" / "canvas.css"]
    total = hashlib.sha256()
    for path in sorted(path for path in (*sources, *built) if path.is_file()):
        total.update(path.relative_to(CANVAS).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def test_the_bundle_is_made_of_these_sources() -> None:
    assert STAMP.read_text("utf-8").strip() == digest(), "run `make canvas` and commit what it builds"


def test_the_canvas_passes_its_own_tests() -> None:
    npm = shutil.which("npm")
    if npm is None or not (FRONTEND / "node_modules").is_dir():
        pytest.skip("needs Node.js and `make canvas` once")
    done = subprocess.run([npm, "test"], cwd=FRONTEND, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


if __name__ == "__main__":
    STAMP.write_text(digest() + "\n", "utf-8")
