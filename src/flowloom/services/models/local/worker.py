"""The process of one model: it loads the file, says where it answers, and ends with the app that started it.

A model runs apart from the app because a broken file can end its process, and because memory is only given back
whole when a process ends. It speaks OpenAI's API on a loopback port of its own, to whoever has the key that came on
standard input.

It is given one line of JSON: `{"path", "key", "context", "longest", "threads"}`.
"""

import json
import os
import sys
from typing import Any


def load(order: dict[str, Any]) -> Any:
    """llama.cpp's own server, closed to everybody without the key. Raises RuntimeError of the library."""
    import xllamacpp  # type: ignore[import-untyped]

    params = xllamacpp.CommonParams()
    params.model.path = order["path"]
    params.n_ctx, params.n_parallel = order["context"], 1
    params.n_predict = order["longest"]
    # A small model that repeats itself is led on.
    params.sampling.penalty_repeat, params.sampling.dry_multiplier = 1.05, 0.8
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = order["threads"]
    params.api_keys, params.hostnames, params.port = [order["key"]], ["127.0.0.1"], 0
    params.cors_origins = ""
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.use_jinja, params.offline, params.verbosity = True, True, -1
    params.cache_ram_mib = 0
    return xllamacpp.Server(params)


def main() -> int:
    order = json.loads(sys.stdin.readline())
    # What the library prints goes nowhere; only our lines reach the app.
    out = os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    try:
        server = load(order)
    except Exception as error:  # whatever a file makes the library raise, the app says it in its own words
        print(json.dumps({"failed": type(error).__name__}), file=out, flush=True)
        return 1
    print(json.dumps({"address": server.listening_address}), file=out, flush=True)
    sys.stdin.read()  # until the app ends, or closes the line
    os._exit(0)  # the library would wait for answers under way


if __name__ == "__main__":
    sys.exit(main())
