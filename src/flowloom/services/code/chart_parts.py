"""The five kinds of chart, each drawn into axes that `charts` dresses."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from flowloom.kinds.code import Chart, Series

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#a8518a", "#56b4e9", "#8a6d00", "#4b4b4b", "#b2182b")
"""Told apart also by those who do not see all colours, and dark enough on white."""
MARKERS = "osD^vPX*"
MOST_BARS = 60
MOST_SLICES = 8
MOST_TICKS = 24
LONG_LABEL = 26
WITH_FIGURES = 12
"""Bars that have their number written on them, at most."""

Words = dict[str, Any]
Part = Callable[[Any, Chart, Words], None]


def shortened(chart: Chart) -> Chart:
    """The chart as far as it can be read; what is left out is said below it. Parts of a whole are positive."""
    values = chart.series[0].values
    if chart.kind == "pie" and (not chart.x or any(value is None or value < 0 for value in values)):
        chart = chart.model_copy(update={"kind": "bar"})
    if chart.kind == "pie" and len(values) > MOST_SLICES:
        return _with_rest(chart)
    if chart.kind == "bar" and len(values) > MOST_BARS:
        kept = tuple(Series(name=each.name, values=each.values[:MOST_BARS]) for each in chart.series)
        note = f"{chart.x_title} (1–{MOST_BARS} / {len(values)})".strip()
        return chart.model_copy(update={"x": chart.x[:MOST_BARS], "series": kept, "x_title": note})
    return chart


def _with_rest(chart: Chart) -> Chart:
    ranked = sorted(zip(chart.series[0].values, chart.x, strict=False), key=lambda pair: -(pair[0] or 0))
    shown, rest = ranked[: MOST_SLICES - 1], ranked[MOST_SLICES - 1 :]
    values = (*(value for value, _ in shown), sum(value or 0 for value, _ in rest))
    return chart.model_copy(update={"x": (*(label for _, label in shown), "…"), "series": (Series(values=values),)})


def bars(axes: Any, chart: Chart, words: Words) -> None:
    count = len(chart.series[0].values)
    width = 0.8 / len(chart.series)
    for number, series in enumerate(chart.series):
        places = [at - 0.4 + width * (number + 0.5) for at in range(count)]
        drawn = axes.bar(places, _full(series), width * 0.94, label=series.name, color=COLOURS[number])
        if count * len(chart.series) <= WITH_FIGURES:
            axes.bar_label(drawn, [figure(value) for value in series.values], padding=2, fontsize=10, **words)
    _name_places(axes, chart, words)
    _plain_figures(axes.yaxis)


def lines(axes: Any, chart: Chart, words: Words) -> None:
    over = _numbers(chart)
    for number, series in enumerate(chart.series):
        marker = MARKERS[number] if len(series.values) <= 60 else None
        axes.plot(
            over if over else range(len(series.values)),
            _full(series),
            label=series.name,
            color=COLOURS[number],
            linewidth=2.2,
            marker=marker,
        )
    _place(axes, chart, words, over)


def points(axes: Any, chart: Chart, words: Words) -> None:
    over = _numbers(chart)
    for number, series in enumerate(chart.series):
        where = over if over else range(len(series.values))
        axes.scatter(where, _full(series), label=series.name, color=COLOURS[number], marker=MARKERS[number], s=36)
    _place(axes, chart, words, over)


def heights(axes: Any, chart: Chart, words: Words) -> None:
    values = [value for value in chart.series[0].values if value is not None]
    axes.hist(values, bins=max(5, min(30, math.isqrt(len(values)))), color=COLOURS[0], edgecolor="white")
    _plain_figures(axes.xaxis)
    _plain_figures(axes.yaxis)


def slices(axes: Any, chart: Chart, words: Words) -> None:
    values = [value or 0.0 for value in chart.series[0].values]
    labels = [f"{cut(label)}  {figure(value)}" for label, value in zip(chart.x, values, strict=False)]
    colours = [COLOURS[at % len(COLOURS)] for at in range(len(values))]
    edge = {"edgecolor": "white", "linewidth": 2}
    axes.pie(
        values, labels=labels, colors=colours, wedgeprops=edge, textprops=words, startangle=90, counterclock=False
    )


PARTS: dict[str, Part] = {"bar": bars, "line": lines, "pie": slices, "scatter": points, "histogram": heights}


def figure(value: float | None, position: int | None = None) -> str:
    """A number as every language reads it: thin spaces between the thousands."""
    return "" if value is None else f"{value:,.6g}".replace(",", "\u2009").replace("-", "−")


def cut(label: str | float) -> str:
    text = label if isinstance(label, str) else figure(label)
    return text if len(text) <= LONG_LABEL else f"{text[: LONG_LABEL - 1]}…"


def _full(series: Series) -> list[float]:
    return [math.nan if value is None else value for value in series.values]


def _numbers(chart: Chart) -> list[float]:
    """What stands below the points, where all of it is numbers."""
    found = [label for label in chart.x if isinstance(label, int | float)]
    return found if len(found) == len(chart.series[0].values) else []


def _place(axes: Any, chart: Chart, words: Words, over: Sequence[float]) -> None:
    if over:
        _plain_figures(axes.xaxis)
    else:
        _name_places(axes, chart, words)
    _plain_figures(axes.yaxis)


def _name_places(axes: Any, chart: Chart, words: Words) -> None:
    if not chart.x:
        return
    step = math.ceil(len(chart.x) / MOST_TICKS)
    labels = [cut(label) for label in chart.x[::step]]
    crowded = sum(map(len, labels)) > 90
    turned = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
    axes.set_xticks(range(0, len(chart.x), step), labels, **turned, **words)


def _plain_figures(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(figure))
