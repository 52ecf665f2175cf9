"""Charts are pictures that can be opened, in every script, whatever the numbers are."""

import io
import xml.etree.ElementTree as ElementTree
from contextlib import suppress

import pytest
from PIL import Image

from flowloom.errors import NodeError
from flowloom.kinds.code import Chart, ChartKind, Picture, Series
from flowloom.services.code import charts
from flowloom.services.code.chart_parts import MOST_BARS, MOST_SLICES, figure, shortened
from flowloom.services.code.charts import draw

KINDS: tuple[ChartKind, ...] = ("bar", "line", "pie", "scatter", "histogram")


def chart(kind: ChartKind = "bar", count: int = 3, title: str = "Sales", **facts: object) -> Chart:
    labels = tuple(f"Month {number}" for number in range(count))
    series = (Series(name="Sales", values=tuple(float(number + 1) for number in range(count))),)
    return Chart.model_validate({"kind": kind, "title": title, "x": labels, "series": series, **facts})


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_png_with_something_on_it(kind: ChartKind) -> None:
    image = opened(draw(chart(kind)))
    assert image.format == "PNG"
    assert 1_000 < image.width < 2_000
    colours = image.convert("RGB").getcolors(1 << 24) or []
    assert (0, 114, 178) in {colour for _, colour in colours}, "the first colour is nowhere"
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255), "it is legible on a dark page"


NUMBERS = [
    (0.0,), (1e300, -1e300), (1e-300, 2e-300), (None, None, 1.0), (-1.0, -2.0), (5.0,) * 400, (None,), (0.0, 0.0),
]  # fmt: skip


@pytest.mark.parametrize("values", NUMBERS, ids=lambda values: str(values)[:30])
@pytest.mark.parametrize("kind", KINDS)
def test_odd_numbers_are_drawn_or_refused_in_words(kind: ChartKind, values: tuple[float | None, ...]) -> None:
    odd = chart(kind, len(values), series=(Series(values=values),))
    with suppress(NodeError):
        opened(draw(odd))


ODD = ["$x$ costs $y", "\\frac{1}{2}", "<script>alert(1)</script>", "a\nb", "x" * 200, "%s {0}", "\u202egnp", "𝔘"]


@pytest.mark.parametrize("text", ODD)
def test_text_is_text(text: str) -> None:
    drawn = draw(chart(title=text, x=(text, "b", "c"), x_title=text))
    if drawn.media_type == "image/png":
        opened(drawn)
    else:
        root = ElementTree.fromstring(drawn.data)
        assert not [each for each in root.iter() if each.tag.endswith("script")]


def test_letters_that_no_font_has_stay_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "OTHERS", ())
    drawn = draw(chart(title="各地区销售额", x=("北区", "南区", "<西区>")))
    assert drawn.media_type == "image/svg+xml"
    root = ElementTree.fromstring(drawn.data)
    texts = {"".join(each.itertext()) for each in root.iter() if each.tag.endswith("}text")}
    assert {"各地区销售额", "北区", "<西区>"} <= texts


def test_a_font_that_has_the_letters_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def letters(family: str) -> frozenset[int]:
        return frozenset(map(ord, "北区")) if family == "Noto Sans CJK SC" else frozenset(map(ord, "ab"))

    monkeypatch.setattr(charts, "_letters", letters)
    assert charts.families_for("ab") == ("DejaVu Sans",)
    assert charts.families_for("a北区") == ("DejaVu Sans", "Noto Sans CJK SC")
    assert charts.families_for("é") is None


def test_long_ones_are_cut_and_say_so() -> None:
    bars = shortened(chart("bar", 500, x_title="Month"))
    assert len(bars.x) == len(bars.series[0].values) == MOST_BARS
    assert bars.x_title == f"Month (1–{MOST_BARS} / 500)"
    pie = shortened(chart("pie", 30))
    assert len(pie.x) == MOST_SLICES
    assert sum(value or 0 for value in pie.series[0].values) == sum(range(1, 31))
    assert shortened(chart("pie", series=(Series(values=(1.0, -1.0, 2.0)),))).kind == "bar"


def test_charts_are_bounded() -> None:
    with pytest.raises(ValueError, match="at most 5000"):
        chart(count=5_001)
    with pytest.raises(ValueError, match="at most 8"):
        chart(series=(Series(values=(1.0,)),) * 9)


@pytest.mark.parametrize(
    ("value", "said"), [(4092.5, "4\u2009092.5"), (-3.0, "−3"), (0.1, "0.1"), (1e7, "1e+07"), (None, "")]
)
def test_figures(value: float | None, said: str) -> None:
    assert figure(value) == said
