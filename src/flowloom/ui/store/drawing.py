"""The charts of Insights, each from its table."""

from collections.abc import Callable
from typing import Any

from flowloom.insights.answer import Answer
from flowloom.insights.questions import Question

BARS = 25
Say = Callable[[str], str]


def chart(question: Question, answer: Answer, say: Say) -> Any:
    """A chart; None where a table says it better."""
    draw = _MARKS.get(question.mark)
    return draw(answer, say) if draw else None


def _data(answer: Answer, columns: tuple[int, ...]) -> Any:
    import altair as alt

    values = [{f"c{at}": _plain(row[at]) for at in columns} for row in answer.rows]
    return alt.InlineData(values=values)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _bar(answer: Answer, say: Say) -> Any:
    import altair as alt

    wide = len(answer.columns) - 1 if answer.columns[0] == "Name" else 1
    some = Answer(answer.columns, [(row[0] or "–", *row[1:]) for row in answer.rows[:BARS]])
    return (
        alt.Chart(_data(some, (0, wide)))
        .mark_bar()
        .encode(
            x=alt.X(f"c{wide}:Q", title=say(answer.columns[wide])),
            y=alt.Y("c0:N", title=say(answer.columns[0]), sort=None),
            tooltip=["c0:N", f"c{wide}:Q"],
        )
    )


def _line(answer: Answer, say: Say) -> Any:
    import altair as alt

    return (
        alt.Chart(_data(answer, (0, 1, 2)))
        .mark_line(point=True)
        .encode(
            x=alt.X("c0:T", title=say(answer.columns[0])),
            y=alt.Y("c1:Q", title=say(answer.columns[1])),
            tooltip=["c0:T", "c1:Q", "c2:Q"],
        )
    )


def _curve(answer: Answer, say: Say) -> Any:
    import altair as alt

    axes = {
        "x": alt.X("c0:Q", title=say(answer.columns[0]), axis=alt.Axis(format="%")),
        "y": alt.Y("c1:Q", title=say(answer.columns[1]), axis=alt.Axis(format="%")),
    }
    curve = alt.Chart(_data(answer, (0, 1))).mark_line().encode(**axes, tooltip=["c0:Q", "c1:Q"])
    equal = alt.Chart(alt.InlineData(values=[{"c0": 0, "c1": 0}, {"c0": 1, "c1": 1}]))
    return equal.mark_line(strokeDash=[4, 4], color="gray").encode(**axes) + curve


def _log(answer: Answer, say: Say) -> Any:
    import altair as alt

    base = alt.Chart(_data(answer, (0, 1, 2)))
    x = alt.X("c0:Q", title=say(answer.columns[0]), scale=alt.Scale(type="log"))
    points = base.mark_point().encode(
        x=x, y=alt.Y("c1:Q", title=say(answer.columns[1]), scale=alt.Scale(type="log")), tooltip=["c0:Q", "c1:Q"]
    )
    return points + base.mark_line(color="gray").encode(x=x, y=alt.Y("c2:Q", scale=alt.Scale(type="log")))


def _points(answer: Answer, say: Say) -> Any:
    import altair as alt

    return (
        alt.Chart(_data(answer, (0, 1, 2)))
        .mark_line(point=True)
        .encode(
            x=alt.X("c0:Q", title=say(answer.columns[0]), scale=alt.Scale(type="log")),
            y=alt.Y("c1:Q", title=say(answer.columns[1]), scale=alt.Scale(domain=[1, 5])),
            tooltip=["c0:Q", "c1:Q", "c2:Q"],
        )
    )


_MARKS: dict[str, Callable[[Answer, Say], Any]] = {
    "bar": _bar,
    "line": _line,
    "curve": _curve,
    "log": _log,
    "points": _points,
}
