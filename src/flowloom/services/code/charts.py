"""Charts as pictures: drawn in our own process, of words and numbers alone.

A PNG where this computer has letters for everything that stands in it, else an SVG whose text stays text, so that
the browser finds the letters and nothing turns into boxes.
"""

import io
import warnings
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

from flowloom.errors import NodeError
from flowloom.kinds.code import Chart, Picture
from flowloom.services.code.chart_parts import PARTS, shortened

SIZE = (6.2, 4.0)
DPI = 180
FONT = "DejaVu Sans"
"""Comes with matplotlib."""
OTHERS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "Droid Sans Fallback", "Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC"),
    *("Hiragino Sans GB", "Arial Unicode MS", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari"),
)
"""Where letters are looked for that it lacks."""
INK, FAINT, PAPER = "#1f2933", "#d5dbe1", "#ffffff"
# Its caches of letters and settings are for one thread at a time.
_ONE_AT_A_TIME = Lock()


def draw(chart: Chart) -> Picture:
    """A chart as PNG or SVG. Raises NodeError where it cannot be drawn."""
    chart = shortened(chart)
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # It warns of letters it lacks, which is no news where the text stays text.
        warnings.simplefilter("ignore")
        try:
            families = families_for(_said(chart))
            data = _drawn(chart, families or (FONT,), "png" if families else "svg")
        except Exception:  # matplotlib raises anything at all on numbers it cannot place
            raise NodeError(
                "The chart “{title}” couldn’t be drawn.",
                "Ask for another kind of chart, or for fewer points.",
                code="chart.failed",
                title=chart.title or chart.kind,
            ) from None
    return Picture(data=data, media_type="image/png" if families else "image/svg+xml")


def _said(chart: Chart) -> str:
    labels = "".join(label for label in chart.x if isinstance(label, str))
    names = "".join(series.name for series in chart.series)
    return f"{chart.title}{chart.x_title}{chart.y_title}{labels}{names}"


def families_for(text: str) -> tuple[str, ...] | None:
    """The fonts of this computer that have every letter of a text together; None where some is in none of them."""
    missing = {ord(letter) for letter in text if letter.isprintable()} - _letters(FONT)
    families = [FONT]
    for family in OTHERS if missing else ():
        if found := missing & _letters(family):
            families.append(family)
            missing -= found
    return None if missing else tuple(families)


@cache
def _letters(family: str) -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    try:
        return frozenset(get_font(findfont(family, fallback_to_default=False)).get_charmap())
    except (ValueError, OSError, RuntimeError):
        return frozenset()


@cache
def _settle() -> None:
    """Settings of the whole library, which nobody else here uses: a $ is a $, and text stays text."""
    import matplotlib

    matplotlib.rcParams.update({"text.parse_math": False, "svg.fonttype": "none", "svg.hashsalt": "flowloom"})


def _drawn(chart: Chart, families: Sequence[str], format: str) -> bytes:
    from matplotlib.figure import Figure

    _settle()
    # No pyplot: it keeps every figure in a list of the whole process.
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained", facecolor=PAPER)
    axes = figure.add_subplot()
    PARTS[chart.kind](axes, chart, {"fontfamily": list(families), "color": INK})
    _dress(axes, chart, list(families))
    out = io.BytesIO()
    figure.savefig(out, format=format, metadata={"Date": None} if format == "svg" else None)
    return out.getvalue()


def _dress(axes: Any, chart: Chart, families: list[str]) -> None:
    """Titles, a legend where there are several colours, and quiet lines."""
    words = {"fontfamily": families, "color": INK}
    axes.set_title(chart.title, fontsize=14, loc="left", pad=12, wrap=True, **words)
    axes.tick_params(colors=INK, labelfontfamily=families, length=0, labelsize=10)
    if len(chart.series) > 1 and chart.kind != "pie":
        axes.legend(prop={"family": families, "size": 10}, labelcolor=INK, frameon=False)
    if chart.kind == "pie":
        return
    axes.set_xlabel(chart.x_title, fontsize=11, **words)
    axes.set_ylabel(chart.y_title, fontsize=11, **words)
    axes.set_facecolor(PAPER)
    axes.grid(axis="both" if chart.kind == "scatter" else "y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(INK)
