"""The walls themselves: what is shown behind them, what the kernel refuses there, and the call that builds them."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from flowloom.services.code import seccomp

MAX_WORK = 50_000_000
PACKAGES = ("pandas", "numpy", "dateutil", "pytz", "six", "tzdata")
OWN = ("inside.py", "table_functions.py", "table_values.py")
HOME = Path(__file__).parent
BEGIN = "import sys; sys.path[:0] = ['/code', '/packages']; from flowloom.services.code.inside import main; main()"
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LANG": "C.UTF-8", "TZ": "UTC", "HOME": "/work"}


def can_build() -> bool:
    """Whether there is all that walls are made of."""
    has_packages = find_spec("pandas") is not None and find_spec("numpy") is not None
    return sys.platform == "linux" and which("bwrap") is not None and bool(seccomp.filter_here()) and has_packages


@contextmanager
def filter_file() -> Iterator[int]:
    """A file in memory, from which the walls are told what code may not ask of the kernel."""
    file = os.memfd_create("filter")
    try:
        os.write(file, seccomp.filter_here() or b"")
        os.lseek(file, 0, os.SEEK_SET)
        yield file
    finally:
        os.close(file)


def command(refusals: int) -> list[str]:
    """The call that builds the walls and starts `inside` within."""
    walls = ["--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session"]
    walls += ["--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        walls += ["--setenv", name, value]
    walls += [*_shown(), "--dev", "/dev", "--remount-ro", "/dev"]
    walls += ["--perms", "0700", "--size", str(MAX_WORK), "--tmpfs", "/work", "--chdir", "/work"]
    walls += ["--remount-ro", "/", "--seccomp", str(refusals)]
    return [which("bwrap") or "bwrap", *walls, "--", python(), "-I", "-S", "-B", "-c", BEGIN]


@cache
def python() -> str:
    return os.path.realpath(sys.executable)


@cache
def _shown() -> Sequence[str]:
    """What can be read behind the walls: Python, the libraries of the system, pandas, and our own three files."""
    shown: list[str] = []
    for folder in ("/usr/lib", "/usr/lib64", "/lib", "/lib64"):
        if os.path.islink(folder):
            shown += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            shown += ["--ro-bind", folder, folder]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix, "lib")
    for path in (Path(python()), base / version, *base.glob("libpython*"), Path("/etc/ld.so.cache")):
        if path.exists():
            shown += ["--ro-bind", str(path), str(path)]
    for path in _packages():
        shown += ["--ro-bind", str(path), f"/packages/{path.name}"]
    for name in OWN:
        shown += ["--ro-bind", str(HOME / name), f"/code/flowloom/services/code/{name}"]
    return shown


def _packages() -> Iterator[Path]:
    """Pandas and what it stands on, with the libraries that lie beside them."""
    for name in PACKAGES:
        found = find_spec(name)
        if found is None or found.origin is None:
            continue
        place = Path(found.origin)
        yield place.parent if place.name == "__init__.py" else place
        beside = (place.parent if place.name == "__init__.py" else place).parent / f"{name}.libs"
        if beside.is_dir():
            yield beside
