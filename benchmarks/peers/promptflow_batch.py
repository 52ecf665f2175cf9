"""PromptFlow's batch run of the same rows, by its own client: `python promptflow_batch.py ROWS WORKERS`.

Prints the seconds of each of two runs, one for each version, as JSON in the last line.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

FLOW = Path(__file__).parent / "promptflow_flow"


def main() -> None:
    rows, workers = int(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        os.environ |= {"PF_HOME_DIRECTORY": folder, "PF_WORKER_COUNT": workers, "PF_LOGGING_LEVEL": "ERROR"}
        # Neither telemetry nor the service that draws traces, which would stay when this has ended.
        os.environ["PF_DISABLE_TRACING"] = "true"
        (Path(folder) / "pf.yaml").write_text("telemetry:\n  enabled: false\ntrace:\n  destination: none\n")
        from promptflow.client import PFClient

        data = Path(folder) / "rows.jsonl"
        lines = (json.dumps({"question": f"What is {number}?"}) for number in range(rows))
        data.write_text("\n".join(lines))
        client, took = PFClient(), []
        for _ in range(2):
            begun = time.perf_counter()
            run = client.run(flow=str(FLOW), data=str(data), column_mapping={"question": "${data.question}"})
            took.append(time.perf_counter() - begun)
            answers = client.get_details(run, max_results=rows)["outputs.answer"]
            assert run.status == "Completed", run.status
            assert (answers == "The answer is 4.").sum() == rows
    print(json.dumps(took))


if __name__ == "__main__":
    main()
