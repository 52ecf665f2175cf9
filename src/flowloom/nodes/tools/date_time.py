"""What day and time it is, as people write it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.readable import first_words

Style = Literal["full", "date", "time", "iso"]
STYLE_LABELS: JsonDict = {
    "full": "day, date and time",
    "date": "date only",
    "time": "time only",
    "iso": "for computers (ISO 8601)",
}


class Config(BaseModel):
    time_zone: str = Field(
        default="",
        title="Time zone",
        description="Continent and city, or UTC. Leave empty for this computer’s time zone.",
        max_length=80,
        json_schema_extra={"example": "Asia/Shanghai"},
    )
    style: Style = Field(
        default="full",
        title="Date format",
        description="Format of the text output.",
        json_schema_extra={"labels": STYLE_LABELS},
    )


class Inputs(BaseModel):
    time_zone: str | None = Field(
        default=None,
        title="Time zone",
        description="A time zone such as Europe/Paris. Leave it out for the usual one.",
    )


class Outputs(BaseModel):
    text: str = Field(title="Text")
    date: str = Field(title="Date")
    time: str = Field(title="Time")
    weekday: str = Field(title="Weekday")


WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "zh": [f"{month}月" for month in range(1, 13)],
}
DATES = {
    "en": "{weekday}, {day} {month} {year}",
    "fr": "{weekday} {day} {month} {year}",
    "zh": "{year}年{month}{day}日 {weekday}",
}
BETWEEN = {"en": ", ", "fr": " à ", "zh": " "}


def check(config: Config) -> Iterable[Problem]:
    if config.time_zone.strip():
        try:
            zone_called(config.time_zone)
        except NodeError as error:
            yield error.problem


TEXTS = {
    "zh": {
        "Date and time": "日期和时间",
        "The current date and time, which language models don’t know.": (
            "告诉你现在是哪一天、几点钟，语言模型自己并不知道。"
        ),
        "Time zone": "时区",
        "Continent and city, or UTC. Leave empty for this computer’s time zone.": (
            "使用哪里的时间，写成“洲/城市”，或 UTC。留空则用这台电脑的时区。"
        ),
        "Asia/Shanghai": "Asia/Shanghai",
        "A time zone such as Europe/Paris. Leave it out for the usual one.": (
            "时区，例如 Asia/Shanghai；不填则用默认时区。"
        ),
        "Date format": "日期格式",
        "Format of the text output.": "文本输出采用的写法。",
        "day, date and time": "星期、日期和时间",
        "date only": "仅日期",
        "time only": "仅时间",
        "for computers (ISO 8601)": "供程序使用（ISO 8601）",
        "Text": "文本",
        "Date": "日期",
        "Time": "时间",
        "Weekday": "星期",
        "There is no time zone “{name}”.": "没有名为“{name}”的时区。",
        "Did you mean {guess}?": "你是想写 {guess} 吗？",
        "Enter continent and city, for example Europe/Paris.": "请写成“洲/城市”，例如 Asia/Shanghai。",
    },
    "fr": {
        "Date and time": "Date et heure",
        "The current date and time, which language models don’t know.": (
            "Donne le jour et l’heure actuels, que les modèles de langage ignorent."
        ),
        "Time zone": "Fuseau horaire",
        "Continent and city, or UTC. Leave empty for this computer’s time zone.": (
            "L’heure de quel endroit, écrit continent/ville, ou UTC. Vide : celle de cet ordinateur."
        ),
        "Asia/Shanghai": "Europe/Paris",
        "A time zone such as Europe/Paris. Leave it out for the usual one.": (
            "Un fuseau horaire comme Europe/Paris ; à omettre pour le fuseau habituel."
        ),
        "Date format": "Format de la date",
        "Format of the text output.": "Comment la sortie texte l’écrit.",
        "day, date and time": "jour, date et heure",
        "date only": "date seule",
        "time only": "heure seule",
        "for computers (ISO 8601)": "pour les programmes (ISO 8601)",
        "Text": "Texte",
        "Date": "Date",
        "Time": "Heure",
        "Weekday": "Jour de la semaine",
        "There is no time zone “{name}”.": "Il n’y a pas de fuseau horaire « {name} ».",
        "Did you mean {guess}?": "Vouliez-vous dire {guess} ?",
        "Enter continent and city, for example Europe/Paris.": (
            "Écrivez-le sous la forme continent/ville, par exemple Europe/Paris."
        ),
    },
}


@node_kind(
    id="datetime",
    label="Date and time",
    icon="schedule",
    group="tools",
    can_be_tool=True,
    summarise=lambda config: first_words(config.time_zone),
    check=check,
    texts=TEXTS,
)
def date_time(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """The current date and time, which language models don’t know."""
    zone = (inputs.time_zone or "").strip() or config.time_zone.strip()
    now = ctx.services.now().astimezone(zone_called(zone) if zone else None)
    language = ctx.language if ctx.language in WEEKDAYS else "en"
    return Outputs(
        text=in_words(now, config.style, language),
        date=f"{now:%Y-%m-%d}",
        time=f"{now:%H:%M}",
        weekday=WEEKDAYS[language][now.weekday()],
    )


def in_words(now: datetime, style: Style, language: str) -> str:
    if style == "iso":
        return now.isoformat(timespec="seconds")
    date = DATES[language].format(
        weekday=WEEKDAYS[language][now.weekday()],
        day=now.day,
        month=MONTHS[language][now.month - 1],
        year=now.year,
    )
    time = f"{now:%H:%M}"
    return {"date": date, "time": time}.get(style, f"{date}{BETWEEN[language]}{time}")


@cache
def known_zones() -> Mapping[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def zone_called(name: str) -> ZoneInfo:
    """The zone of a name; only names of the list are ever looked up, as they are read from files."""
    zones = known_zones()
    wanted = name.strip().replace(" ", "_").casefold()
    if wanted in zones:
        return ZoneInfo(zones[wanted])
    cities = {zone.split("/")[-1]: zone for zone in zones}
    guesses = get_close_matches(wanted, [*zones, *cities], n=1, cutoff=0.75)
    if guesses:
        guess = zones[cities.get(guesses[0], guesses[0])]
        raise NodeError(
            "There is no time zone “{name}”.", "Did you mean {guess}?", code="zone", name=name, guess=guess
        )
    raise NodeError(
        "There is no time zone “{name}”.",
        "Enter continent and city, for example Europe/Paris.",
        code="zone",
        name=name,
    )
