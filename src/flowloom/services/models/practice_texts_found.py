"""Which piece of a message a text field of a form is about: by its format, its name and what is written of it."""

import re

from flowloom.services.models.practice_dates import find_dates, without_dates
from flowloom.services.models.practice_finds import (
    EMAIL,
    PHONE,
    QUOTED,
    URL,
    content_of,
    find_choices,
    find_expression,
    find_home,
    find_person,
    find_place,
    find_zone,
)
from flowloom.services.models.schemas import Schema
from flowloom.words import fold, sentences, stem, terms

AGE = frozenset(("age", "ages", "≈age"))
MONEY = frozenset("amount price total cost sum fee budget montant prix cout 金额 价格 总价 费用".split())
_WHOLE = frozenset("question query message input prompt q search request term topic phrase".split())
_CONTENT = frozenset("text content body".split())
_FIRST = frozenset("summary subject title headline resume sujet titre 摘要 标题 主题".split())
_SUMS = frozenset("expression formula calculation math sum calcul formule equation 算式 表达式 公式".split())
_PLACES = frozenset("city town location place country ville lieu pays address 城市 城镇 地点 国家".split())
_CHOICES = frozenset("things options choices choix options 选项".split())
_ZONE = frozenset("zone timezone fuseau 时区".split())
_NAMES = frozenset("nam name nom 姓名 名字".split())
_NOT_OF_PEOPLE = frozenset("product compani fil file articl".split())
# Told by the field's own name, as “the day they ask for” is said of others, too.
_DAY = re.compile(r"\b(?:dates?|days?|jours?|deadline|échéance|due)\b|日期|天$|日$|期限", re.IGNORECASE)
_DAY_FORMAT = re.compile(r"YYYY|AAAA", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|end|until|to|return|dernier|fin|retour)\b|最后|结束|到期", re.IGNORECASE)
_DUE = re.compile(r"deadline|by which|due\b|date limite|avant laquelle|échéance|截止|期限|之前", re.IGNORECASE)
_BEFORE_DUE = re.compile(
    r"(?:\b(?:by|before|until|till|no later than|due(?:\son)?|avant(?:\sle)?|d['’]ici(?:\sle|\sau)?"
    r"|jusqu['’]au|au plus tard(?:\sle)?)"
    r"\s(?:the\s)?(?:end of\s)?|截止|截至)[^.!?。！？]{0,40}|[^.!?。！？，]{0,20}(?:之前|以前|前)",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:reason|why|raison|motif)\b|原因|理由", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:because(?:\sof)?|due to|as|since|parce qu[e’']|à cause d[eu’']|en raison d[eu’']"
    r"|car)\s?(?P<why>[^.!?\n]{3,200})"
    r"|\b(?:for|pour)\s(?P<what>(?:an?|my|our|the|une?|mon|ma|mes|notre|le|la|les|l[’'])\s?[^.!?\n]{3,200})"
    r"|(?:因为|由于)(?P<zh>[^。！？，\n]{2,60})",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"\b(?:leave|off|away|holiday|vacation|name|here|congés?|absen\w+|poser|demain|jours?)\b|休|假|我是|我叫|请",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.!?。！？，\n]+|,\s")
_AGE_ZH = re.compile(r"年龄|岁")
TO_REMEMBER = re.compile(
    r"^\W*(?:(?:please|can you|could you|s'il te plaît|s’il te plaît)\W+)?(?:remember|keep in mind|note down"
    r"|souviens-toi|souvenez-vous|retiens|retenez)\s(?:(?:that|que|de)\s|qu[’'])?|^\W*请?你?(?:记住|记下|记得)[，：:]?",
    re.IGNORECASE,
)
_OWNED = re.compile(
    r"^(?:my|mon|ma|mes|我的?)\s?(?P<what>[^.!?。！？]{1,60}?)(?:\s(?:is|are|est|sont)\s|是|叫)", re.IGNORECASE
)
_HOME = re.compile(r"\blives?\b|\bhabite\b|住", re.IGNORECASE)


def text_for(
    text: str, name: str, schema: Schema, *, alone: bool, required: bool, said: str
) -> str | list[str] | None:
    """What the text says for a field; a list where any of several would do; None where it says nothing.

    `said` is what stands behind the field's own name, `alone` a form of this one field.
    """
    hints = hints_of(name, schema)
    if (kept := _kept(text, name, schema)) is not None:
        return kept or None
    shaped = _shaped(text, hints, name, schema, required=required)
    if shaped is not None:
        return shaped or None
    if said:
        return said
    if (named := _named(text, name, schema)) is not None:
        return named or None
    if hints & stems(_PLACES):
        place = find_home(text) if _HOME.search(_said_of(schema)) else find_place(text)
        if place or not required:
            return place or None
    if quoted := QUOTED.search(text):
        return quoted[1]
    if _REASON.search(f"{name} {schema.get('title', '')}"):
        return find_reason(text) or None
    return text.strip() if alone and required else None


def _kept(text: str, name: str, schema: Schema) -> str | None:
    """What someone wants remembered, or what it is called; "" for neither, None if the field asks for neither."""
    about = f"{_said_of(schema)} "
    if not about.startswith(("What to remember.", "What this value is called,")):
        return None
    begins = TO_REMEMBER.search(text)
    rest = text[begins.end() :].strip() if begins else ""
    if name == "value":
        return rest
    owned = _OWNED.search(rest)
    return owned["what"].strip() if owned else ""


def _named(text: str, name: str, schema: Schema) -> str | None:
    """What a field is about by its name alone, "" for nothing; None if its name does not say."""
    # A name in other letters is a number to a model, and its title says what it is.
    called = str(schema.get("title") or name) if name.startswith("_") else name
    own = set(terms(spaced(called))) | {fold(called)}
    if own & stems(_WHOLE):
        quoted = QUOTED.search(text)
        return quoted[1] if quoted else text.strip()
    if own & stems(_CONTENT):
        return content_of(text)
    if own & stems(_CHOICES):
        return ", ".join(find_choices(text)) or None
    return next(iter(sentences(text)), "") if own & stems(_FIRST) else None


def _shaped(text: str, hints: set[str], name: str, schema: Schema, *, required: bool) -> str | list[str] | None:
    """The first thing of the field's shape in the text, "" for none; None if the field has no shape."""
    format = str(schema.get("format", ""))
    if format == "email" or hints & {"mail", "email", "courriel", "邮箱"}:
        return _first(EMAIL.search(text))
    if format in ("uri", "url") or hints & {"url", "link", "lien", "网址"}:
        return _first(URL.search(text))
    if hints & {"phon", "telephon", "tel", "mobil", "电话", "手机"}:
        return _first(PHONE.search(re.sub(EMAIL, " ", text)))
    if format in ("date", "date-time") or _is_day(name, schema):
        return _days(text, name, schema)
    if hints & stems(_SUMS):
        return find_expression(text)
    if hints & stems(_ZONE):
        return find_zone(text)
    if hints & _NAMES and not hints & _NOT_OF_PEOPLE:
        return find_person(text, mentioned=required) or None
    return None


def _is_day(name: str, schema: Schema) -> bool:
    return bool(_DAY.search(_called(name, schema)) or _DAY_FORMAT.search(_said_of(schema)))


def _days(text: str, name: str, schema: Schema) -> str | list[str]:
    """The days in a text that a field may mean, the likeliest first."""
    called = _called(name, schema)
    if _DUE.search(f"{called} {_said_of(schema)}"):
        return next((day for due in _BEFORE_DUE.findall(text) for day in find_dates(due)), "")
    found = find_dates(text)
    if _LAST.search(called):
        return found[-1] if found else ""
    return found or ""


def find_reason(text: str) -> str:
    """Why somebody asks for something: what stands behind a “because” or “for my”, or beside what is asked."""
    if because := _BECAUSE.search(without_dates(text)):
        return next(group for group in because.groups() if group).strip(" ,，")
    clauses = [clause.strip() for clause in _CLAUSE.split(text)]
    return next(
        (each for each in clauses if len(each) > 3 and not find_dates(each) and not _ASKED_FOR.search(each)), ""
    )


def hints_of(name: str, schema: Schema) -> set[str]:
    """The words a field is known by."""
    called = _called(name, schema)
    said = f"{called} {_said_of(schema)}"
    aged = {"≈age"} if _AGE_ZH.search(called) else set()
    found = (
        set(terms(said)) | {fold(name)} | {fold(word) for word in re.findall(r"[\u4e00-\u9fff]{2}|[€$£%]", said)}
    )
    # What an age is said to depend on is no age.
    return (found - AGE | aged) | (AGE & set(terms(called)))


def _called(name: str, schema: Schema) -> str:
    return f"{spaced(name)} {schema.get('title', '')}"


def _said_of(schema: Schema) -> str:
    return str(schema.get("description", ""))


def stems(words: frozenset[str]) -> set[str]:
    return set(words) | {stem(word) for word in words}


def spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]", " ", name).strip()


def _first(match: re.Match[str] | None) -> str:
    return match[0].strip() if match else ""
