"""Other people's clients ask our server, unchanged: LangChain, A2A's SDK, and OpenAI's library for JavaScript.

`python -m benchmarks.serve.clients`; they live in the environment of the peers, the last one where npm is there.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.serve.__main__ import BENCH, ROOT, Target, model_server, target

HERE = Path(__file__).parent
SCRIPTS = ROOT / ".bench" / "scripts"


def main() -> None:
    with model_server() as model, target("ours", "chain", model) as found:
        root, key = found.url.removesuffix("/v1/chat/completions"), found.headers[0].rpartition(" ")[2]
        done = [run([str(BENCH), str(HERE / f"{name}_client.py"), root, key]) for name in ("langchain", "a2a")]
        if shutil.which("npm"):
            done.append(javascript(found, root, key))
    sys.exit(0 if all(done) else 1)


def javascript(found: Target, root: str, key: str) -> bool:
    SCRIPTS.mkdir(parents=True, exist_ok=True)
    if not (SCRIPTS / "node_modules" / "openai").exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", str(SCRIPTS), "openai"], check=True)
    shutil.copy(HERE / "openai_client.mjs", SCRIPTS)
    return run(["node", str(SCRIPTS / "openai_client.mjs"), root, key])


def run(command: list[str]) -> bool:
    ok = subprocess.run(command, timeout=60).returncode == 0
    print(f"{Path(command[1]).stem}: {'ok' if ok else 'failed'}", flush=True)
    return ok


if __name__ == "__main__":
    main()
