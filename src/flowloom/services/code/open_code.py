"""Code run behind walls, and charts drawn of what it says. Fulfils `Code`."""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from flowloom.errors import NodeError
from flowloom.kinds.code import Chart, CodeJob, CodeResult, Picture
from flowloom.services.code.javascript import run_javascript
from flowloom.services.code.outcomes import no_pandas, pandas_is_off
from flowloom.services.code.small import run_small
from flowloom.services.code.walled import Walls
from flowloom.services.programs import Program

AT_ONCE = 4
"""Runs of code that may be under way together; others wait."""
MAX_CODE = 50_000
PANDAS = Program("pandas")
"""What a person confirms before code of this computer runs in a process of its own."""
_WANTS_PANDAS = re.compile(r"^[ \t]*+(?:import|from)[ \t]+(?:pandas|numpy)\b", re.MULTILINE)


class OpenCode:
    """The engines of this computer; pandas only where it is `allowed` at the time."""

    def __init__(self, allowed: Callable[[], bool] = lambda: True) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(AT_ONCE, "flowloom-code")
        self._walls = Walls()

    async def engines(self) -> Sequence[str]:
        return ("small", "pandas") if self._allowed() and await self._walls.offered() else ("small",)

    async def has_walls(self) -> bool:
        """Whether this computer can keep pandas behind walls. Tries it, the first time."""
        return await self._walls.offered()

    async def run(self, job: CodeJob) -> CodeResult:
        if len(job.code) > MAX_CODE:
            raise NodeError(
                "Code can have up to {limit} characters.",
                "Ask for less at once, or group the rows first.",
                code="code.long",
                limit=MAX_CODE,
            )
        if job.engine == "pandas" or (job.engine == "auto" and _WANTS_PANDAS.search(job.code)):
            return await self._run_walled(job)
        run = run_javascript if job.engine == "javascript" else run_small
        return await asyncio.get_running_loop().run_in_executor(self._threads, run, job)

    async def _run_walled(self, job: CodeJob) -> CodeResult:
        if not self._allowed():
            return pandas_is_off()
        return await self._walls.run(job) if await self._walls.offered() else no_pandas()

    async def draw(self, chart: Chart) -> Picture:
        from flowloom.services.code.charts import draw

        return await asyncio.to_thread(draw, chart)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
