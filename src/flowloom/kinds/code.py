"""Code that works on tables: what it is given, what comes of it, and the charts it asks for."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from pydantic import Field, SkipValidation

from flowloom.errors import NodeError, Problem
from flowloom.kinds.values import Value

ChartKind = Literal["bar", "line", "pie", "scatter", "histogram"]
PythonEngine = Literal["auto", "small", "pandas"]
Engine = Literal["auto", "small", "pandas", "javascript"]
"""Where code runs: `small` knows a part of Python and our table functions, `pandas` all of Python, walled in."""

MAX_POINTS = 5_000
MAX_SERIES = 8
MAX_CHARTS = 6


class Table(Value):
    """Rows by the names of their columns."""

    name: str
    columns: tuple[str, ...]
    # A million of them are not looked through once more.
    rows: SkipValidation[Sequence[Mapping[str, Any]]] = Field(repr=False)


class Series(Value):
    """The numbers of one colour of a chart; None where there is none."""

    name: str = Field(default="", max_length=200)
    values: tuple[float | None, ...] = Field(max_length=MAX_POINTS)


class Chart(Value):
    """A picture to draw: nothing but words and numbers."""

    kind: ChartKind
    title: str = Field(default="", max_length=200)
    x: tuple[str | float, ...] = Field(default=(), max_length=MAX_POINTS)
    """What stands below each value; numbers where the chart is of points."""
    series: tuple[Series, ...] = Field(min_length=1, max_length=MAX_SERIES)
    x_title: str = Field(default="", max_length=200)
    y_title: str = Field(default="", max_length=200)


class Picture(Value):
    """A chart as it is shown."""

    data: bytes = Field(repr=False)
    media_type: Literal["image/png", "image/svg+xml"]


class CodeJob(Value):
    """Code to run: `values` are its variables, `seconds` all it may take."""

    code: str
    tables: Sequence[Table] = ()
    values: Mapping[str, Any] = {}
    engine: Engine = "auto"
    seconds: float = Field(default=10.0, gt=0, le=60)


class Failure(Value):
    """Why code stopped: `problem` for a person, `told` as whoever wrote the code needs it."""

    problem: Problem
    told: str


class CodeResult(Value):
    """What came of code: the value of its last line or of `result`, what it printed, the charts it asked for."""

    value: Any = None
    printed: str = ""
    charts: tuple[Chart, ...] = ()
    engine: Literal["small", "pandas", "javascript"] = "small"
    seconds: float = 0.0
    failure: Failure | None = None


class Code(Protocol):
    """A closed place for code that somebody wrote, and the charts it asks for."""

    async def engines(self) -> Sequence[str]:
        """What code may be run by on this computer: "small", and "pandas" where that can be walled in."""
        ...

    async def run(self, job: CodeJob) -> CodeResult:
        """Run code within its limits. What goes wrong in it is part of the result."""
        ...

    async def draw(self, chart: Chart) -> Picture:
        """A chart as a picture."""
        ...


class NoCode:
    """Fulfils `Code` where there is no such place."""

    async def engines(self) -> Sequence[str]:
        return ()

    async def run(self, job: CodeJob) -> CodeResult:
        raise NodeError("Code can’t run here.", "Run the GPT in the app.", code="code.none")

    async def draw(self, chart: Chart) -> Picture:
        raise NodeError("Code can’t run here.", "Run the GPT in the app.", code="code.none")
