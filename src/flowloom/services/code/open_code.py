"""Code run behind walls, and charts drawn of what it says. Fulfils `Code`."""

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from flowloom.errors import NodeError
from flowloom.kinds.code import Chart, CodeJob, CodeResult, Picture
from flowloom.services.code.outcomes import no_pandas
from flowloom.services.code.small import run_small
from flowloom.services.code.walled import Walls

AT_ONCE = 4
"""Runs of code that may be under way together; others wait."""
MAX_CODE = 50_000
_WANTS_PANDAS = re.compile(r"^[ \t]*+(?:import|from)[ \t]+(?:pandas|numpy)\b", re.MULTILINE)


class OpenCode:
    """The engines of this computer."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "flowloom-code")
        self._walls = Walls()

    async def engines(self) -> Sequence[str]:
        return ("small", "pandas") if await self._walls.offered() else ("small",)

    async def run(self, job: CodeJob) -> CodeResult:
        if len(job.code) > MAX_CODE:
            raise NodeError(
                "The code may not be longer than {limit} characters.",
                "Ask for less at once, or group the rows before working on them.",
                code="code.long",
                limit=MAX_CODE,
            )
        if job.engine == "pandas" or (job.engine == "auto" and _WANTS_PANDAS.search(job.code)):
            return await self._walls.run(job) if await self._walls.offered() else no_pandas()
        return await asyncio.get_running_loop().run_in_executor(self._threads, run_small, job)

    async def draw(self, chart: Chart) -> Picture:
        from flowloom.services.code.charts import draw

        return await asyncio.to_thread(draw, chart)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
