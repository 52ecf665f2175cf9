"""How the practice model sorts the notes of a meeting: who does what, what was decided, what is still open."""

import re
from typing import Literal, NamedTuple

from flowloom.services.models.schemas import Schema
from flowloom.words import fold, sentences

What = Literal["tasks", "decided", "unsettled"]


LONGEST = 500
"""Characters of one statement."""


class Notes(NamedTuple):
    """The statements of notes, each where it belongs; the rest is left out."""

    tasks: list[str]
    decided: list[str]
    unsettled: list[str]


_FIELD: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(r"\b(?:to ?do|tasks?|actions?|next steps|a faire|taches?)\b|待办|任务|行动")),
    (1, re.compile(r"\b(?:decided|decisions?|agreed|decide|convenu)\b|决定|商定|决议")),
    (2, re.compile(r"\b(?:open|questions?|unsettled|pending|en suspens|ouvert)\b|未定|待定|问题")),
)
_LABELS = (
    (
        0,
        re.compile(
            r"^\W*(?:to ?do|tasks?|actions?|action items?|next steps?|à faire|tâches?|待办|任务|行动)\s?[:：]\s*",
            re.I,
        ),
    ),
    (1, re.compile(r"^\W*(?:decided|decisions?|agreed|décidé|décisions?|convenu|决定|决议|商定)\s?[:：]\s*", re.I)),
    (
        2,
        re.compile(
            r"^\W*(?:open(?: points?| questions?)?|questions?|unclear|pending|en suspens|ouvert|à voir"
            r"|问题|未定|待定)\s?[:：]\s*",
            re.I,
        ),
    ),
)
_UNSETTLED = re.compile(
    r"[?？]\W*$|\b(?:still (?:open|unclear|to be)|unclear|not (?:yet )?(?:sure|clear|decided|known)"
    r"|undecided|to be (?:decided"
    r"|discussed|clarified)|tb[ad]|nobody knows|on ignore|we don['’]t know|open (?:question|point)"
    r"|remains to be seen"
    r"|ne sa(?:it|vons) pas|reste (?:à|ouvert)|à (?:voir|décider|clarifier)|en suspens"
    r"|pas (?:encore )?(?:clair|décidé|sûr))"
    r"|还没定|没定|未定|待定|不清楚|不知道|不确定|没有?决定|要不要|再议|待讨论",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:agreed|decided|decision|settled on|approved|confirmed|chose|opted|resolved|we (?:will not"
    r"|won['’]t)|fine with"
    r"|went with|(?:it|this|that)"
    r"(?:['’]s| is) going to be|will be held|is fixed|we(?:['’]ll| will) (?:go with|stay with|keep|move|meet)"
    r"|(?:moves?|moved|postponed|shifted) to|cut by"
    r"|convenu|décidé|décision|validé|retenu|choisi|adopté|approuvé|confirmé|acté|d['’]accord|reportée?s? à"
    r"|ce sera|aura lieu|est fixée?)"
    r"|决定|已定|定了|敲定|同意|商定|确定|通过|定在|定于|定为|批准|达成|改到|推迟到|选定",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:will|shall|must|should|has to|have to|needs? to|is to|are to|is going to|are going to"
    r"|takes? care of|looks? after"
    r"|is responsible for|is in charge of|i['’]ll|we['’]ll|to (?:check|send|call|write|ask|book"
    r"|prepare|order|update|find|make|get"
    r"|review|fix|buy|clean|invite|draft|collect|contact|arrange|finish)"
    r"|doit|doivent|devra|va|vont|se charge|s['’]occupe|est chargée?|il faut|à \w+er\b|je (?:vais"
    r"|m['’]en occupe|demande|fais))\b"
    r"|\b[A-ZÀ-Þ][\w’-]+ (?:et [A-ZÀ-Þ][\w’-]+ )?\w+(?:[eidr]ra|ront)\b"
    r"|负责|得有人|有人(?:要|得|去)|需要有?人|[\u4e00-\u9fff]{1,3}(?:要|来|去|得)[\u4e00-\u9fff]|之前"
    r"|(?:周|星期)[一二三四五六日天]前|跟进|安排|联系|准备",
    re.IGNORECASE,
)
# “Nina orders the drinks”, «Nina commande les boissons»: somebody by name, then what they do.
_DEED = re.compile(
    r"^\W*(?!The |This |That |It |There |Le |La |Les |Il |Elle |Ce |On "
    r"|Nous )[A-ZÀ-Þ][\w’-]+(?: (?:and|et|&) [A-ZÀ-Þ][\w’-]+)?"
    r" (?!is |was |has |est |a |et |and )[a-zà-ÿ]{2,}(?:s|e|it|nd|nt|ît) "
)
_DEED_ZH = re.compile(
    r"^\W*(?:小|老|阿)?[\u4e00-\u9fff]{1,3}(?:订|写|拍|做|画|带|印|送|问|查|改|交|租|管|发|买|通知"
    r"|预订|更新|检查|核对|整理|打电话|邀请"
    r"|提交|准备|联系|安排|打印|修)"
)
_PAST = re.compile(r"\b(?:yesterday|last (?:week|year|month)|hier|la semaine dernière)\b|昨天|上周", re.IGNORECASE)
_SPLIT = re.compile(r"[;；]")
_LISTED = re.compile(r"[,、，]\s*")
_MARKS = re.compile(r"^[-*•\s]+|[\s.。;；]+$")


def what_of_notes(name: str, schema: Schema) -> int | None:
    """Which part of notes a list field wants; None where it wants something else."""
    said = fold(f"{name} {schema.get('title', '')}").replace("_", " ")
    return next((at for at, pattern in _FIELD if pattern.search(said)), None)


def sort_notes(text: str) -> Notes:
    """Every statement of the notes that is a task, a decision or an open point, in reading order."""
    found = Notes([], [], [])
    for line in text.splitlines():
        # “To do: Sue, the licence; Bob, the vet”: what a label begins goes on behind the semicolons.
        begun: int | None = None
        for sentence in (each for piece in _SPLIT.split(line) for each in sentences(piece)):
            labelled = _labelled(sentence)
            begun = labelled[0] if labelled else begun
            at, said = labelled or _judged(sentence)
            at = begun if at is None else at
            if at is not None:
                found[at].extend(_apart(said) if at == 0 else [said])
    return found


def _labelled(sentence: str) -> tuple[int, str] | None:
    """Where the label of a statement puts it, and it without its label."""
    sentence = sentence[:LONGEST]
    for at, label in _LABELS:
        if match := label.match(sentence):
            return at, _MARKS.sub("", sentence[match.end() :])
    return None


def _judged(sentence: str) -> tuple[int | None, str]:
    """Where a statement without a label belongs by what it says."""
    sentence = sentence[:LONGEST]
    said = _MARKS.sub("", sentence)
    if _UNSETTLED.search(sentence):
        return 2, said
    if _DECIDED.search(sentence):
        return 1, said
    if _PAST.search(sentence):
        return None, said
    if _DUTY.search(sentence) or _DEED.match(sentence) or _DEED_ZH.match(sentence):
        return 0, said
    return None, said


def _apart(said: str) -> list[str]:
    """“Ann books the hall, Ben writes the letter” are two tasks."""
    parts = [part for part in _LISTED.split(said) if part]
    are_deeds = len(parts) > 1 and all((_labelled(part) or _judged(part))[0] == 0 for part in parts)
    return parts if are_deeds else [said]
