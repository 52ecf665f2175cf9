"""Whether two messages ask the same: their figures, names, days and denials agree, then their words or meaning."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flowloom.kinds.services import Nearness as Nearness
from flowloom.services.models.practice_numbers import find_words
from flowloom.words import fold, language_of, likeness, raw_words, stem, terms
from flowloom.writing_systems import is_grammed

LONGEST = 1_000
"""Characters of a message that can be one of the questions."""
# Chosen by hand with `benchmarks/saved_questions.toml` in sight, as the lists below: both halves of it were seen.
NEAR = 0.70
"""How near in meaning a question has to be that brings up nothing new."""
OVERLAP = 0.6
"""The share of words both have, where meaning is not known."""
_ALIKE = 0.6
"""How alike two words are of which one is misspelt."""

_KEPT = 1_500
"""Texts of which is remembered what they say: a GPT may have 500 questions, which every message is held against."""

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_NOT = re.compile(
    r"\b(?:not|no|never|without|cannot|none|neither|nor|ne|n|pas|jamais|aucune?|sans|ni|non)\b|n['’]t\b|不|没|無|无|未|别",
)
_NO_DENIAL = re.compile(r"(.)[不没](?=\1)|无(?=线)")
"""“Is there or not” (有没有) asks as “is there” does, and the wireless (无线) lacks nothing."""
_ASKS = {
    "why": re.compile(r"\b(?:why|pourquoi)\b|为什么|为何|怎么会"),
    "when": re.compile(
        r"\b(?:when|(?:what|which) time|opening (?:hours|times?)|quand|quelle heure|heures? d|horaires?)\b"
        r"|什么时候|什么时间|几点|几号|何时|时间"
    ),
    "where": re.compile(r"\b(?:where|où)\b|哪里|哪儿|在哪|什么地方"),
    "who": re.compile(r"\b(?:who|whom|whose)\b|^\W*(?:[a-z]+ )?qui\b|谁"),
    "how much": re.compile(
        r"\bhow (?:much|many)\b|\b(?:costs?|prices?|number of|prix|tarifs?|frais|nombre d)\b|\bco[uû]t"
        r"|\bcombien\b(?! de temps)|多少|几(?!点|号)|价格|价钱|费用|收费"
    ),
    "how long": re.compile(r"\bhow (?:long|soon|quickly|fast)\b|\bcombien de temps\b|多久|多长时间"),
    "how": re.compile(
        r"\bhow\b(?! (?:much|many|long|often|far|old|big|large|late|early|soon|quickly|fast)\b)|\bcomment\b"
        r"|怎么(?!会|样)|如何|怎样"
    ),
}
"""What is asked about: where and when one registers have two answers, however near the questions are."""
_WISH = re.compile(
    r"^\W*(?:please )?i(?: would|['’]d)? (?:need|want|like)\b|^\W*je (?:veux|voudrais|souhaite)\b"
    r"|^\W*j['’]aimerais\b|我(?:想要?|要|需要)(?!知道|问|了解)"
)
"""Who says what they want to do asks how one does it."""
_HAS_TO = re.compile(
    r"^\W*(?:must|should|is it (?:necessary|required|needed)|do (?:i|we|you|they) (?:need|have) to"
    r"|faut-il|doit-on|dois-je|devons-nous|est-ce qu(?:['’]il faut|['’]on doit|e je dois))\b"
    r"|要不要|需不需要|用不用|(?:需要|必须|一定要|得).{0,30}吗"
)
"""A question of whether one has to: “Do I have to book?” is not “How do I book?”."""
_DAYS = (
    "monday mondays lundi lundis 星期一 周一 礼拜一",
    "tuesday tuesdays mardi mardis 星期二 周二 礼拜二",
    "wednesday wednesdays mercredi mercredis 星期三 周三 礼拜三",
    "thursday thursdays jeudi jeudis 星期四 周四 礼拜四",
    "friday fridays vendredi vendredis 星期五 周五 礼拜五",
    "saturday saturdays samedi samedis 星期六 周六 礼拜六",
    "sunday sundays dimanche dimanches 星期天 星期日 周日 周天 礼拜天",
    "today aujourd 今天",
    "tomorrow demain 明天",
    "yesterday hier 昨天",
    "weekend weekends 周末",
    "january janvier 一月",
    "february fevrier 二月",
    "april avril 四月",
    "june juin 六月",
    "july juillet 七月",
    "august aout 八月",
    "september septembre 九月",
    "october octobre 十月",
    "november novembre 十一月",
    "december decembre 十二月",
    "week weekly semaine semaines 每周",
    "month monthly mois mensuel 每月 个月",
    "year yearly annual annee ans annuel 每年",
)
_OPPOSITES = re.compile(
    r"\b(?:(clos|ferm)|(cancel|annul|resili)|(renew|renouvel)|(repair|repar)|(exchang|echang)|(sell|sold|vend)"
    r"|(buy|achet)|(deliv|livr)|(return|retour|renv))\w*"
    r"|(关门|打烊)|(取消|退订)|(续)|(修)|(换)|(卖)|(买)|(送货|配送)|(退)"
)
"""Words of which another one makes another question, in three languages; the same number is the same."""
_KINDS_OF = 9
_DAY_OF = {word: str(number) for number, words in enumerate(_DAYS) for word in words.split()}
_NAME = re.compile(r"(?<=\S\s)(?<![.!?:]\s)[A-ZÀ-Þ][\w’-]*")
_CODE = re.compile(r"\b(?:[A-Z]{2,}|(?=\w*\d)(?=\w*[A-Za-z])\w+)\b")


# Words that ask or frame and name nothing, and words that mean the very same in a question.
_EMPTY_ZH = re.compile(
    "请问|想知道|告诉我|你们|我们|我想|我要|怎么样|怎么|怎样|如何|可以|能够|什么|多少|几|吗|呢|的|了|啊|吧|是|在|有|个|能|会|要|想"
    "|我|你|您|进去|去|一下|问"
)
_EMPTY = {
    stem(word)
    for word in (
        "please tell know need want would like possible possibly allowed way shop store hello hi thanks many "
        "long much bonjour merci veux voudrais aimerais souhaite savoir possible permis magasin forgot oublie "
        "bring take get puis peux peut pouvez est-ce cest"
    ).split()
} - {""}
_SAME = tuple(
    tuple(line.split())
    for line in """
price combien cost costs much prix coute couter cout frais tarif 多少钱 价格 价钱 费用
free gratuit gratuite gratuits gratuitement 免费
open opens opening ouvrez ouvre ouvrir ouvert ouverte ouverture 营业 开门
entry enter entrent entrer entree entrees
sunday dimanche 星期天 星期日 周日 礼拜天
saturday samedi 星期六 周六 礼拜六
monday lundi 星期一 周一 礼拜一
cancel resilier annuler 取消 退订
pay payment payer paiement 付款 支付
time limit deadline delai
return returns returning 退货 退
forgot 忘了
day days jour jours 天内 天
month monthly 每个月 一个月 每月
year yearly 每年 一年
shoe shoes 鞋子 鞋
""".strip().splitlines()
)
_NAME_OF = {stem(fold(word)): words[0] for words in _SAME for word in words if word.isascii()}


class Facts(NamedTuple):
    """What has to be the same in two questions, however they are put."""

    figures: frozenset[str]
    days: frozenset[str]
    denies: bool
    asks: frozenset[str]
    asks_whether_one_has_to: bool
    acts: frozenset[int]


@lru_cache(_KEPT)
def facts_of(text: str) -> Facts:
    """The figures, days and denials of a question."""
    folded = _NO_DENIAL.sub("", fold(text))
    figures = {found.replace(",", ".") for found in _FIGURE.findall(folded)}
    figures |= {str(number) for _, number in find_words(text)}
    latin = set(re.findall(r"[a-z]+", folded))
    days = {day for word, day in _DAY_OF.items() if (word in latin if word.isascii() else word in folded)}
    acts = frozenset(((found.lastindex or 1) - 1) % _KINDS_OF for found in _OPPOSITES.finditer(folded))
    said = text.casefold()  # with accents: “où” asks where, “ou” is “or”
    asks = frozenset(name for name, pattern in _ASKS.items() if pattern.search(said))
    asks = asks or (frozenset({"how"}) if _WISH.search(folded) else asks)
    denies, has_to = (bool(pattern.search(folded)) for pattern in (_NOT, _HAS_TO))
    return Facts(frozenset(figures), frozenset(days), denies, asks, has_to, acts)


@lru_cache(_KEPT)
def names_of(text: str) -> frozenset[str]:
    """What is written like a name or a code within a sentence; “I” names nobody."""
    found = frozenset(fold(each) for each in (*_NAME.findall(text), *_CODE.findall(text)))
    return found - _DAY_OF.keys() - {"i"}


def find_same(message: str, questions: Sequence[str], nearness: Nearness | None) -> int | None:
    """Which question a message asks; the last of those that are alike. None where it asks something else.

    The encoder is only asked where some question has the same facts and is not the same word for word.
    """
    said = raw_words(message) if len(message) <= LONGEST else []
    if not said:
        return None
    for number in reversed(range(len(questions))):
        if raw_words(questions[number]) == said:
            return number
    facts = facts_of(message)
    open_ = [number for number, question in enumerate(questions) if facts_of(question) == facts]
    open_ = [number for number in open_ if _names_agree(message, questions[number])]
    if not open_:
        return None
    open_ = [number for number in open_ if _same_things(message, questions[number])]
    if not open_:
        return None
    near = nearness(message, [questions[number] for number in open_]) if nearness else []
    if near:
        best, number = max(zip(near, open_, strict=True))
        return number if best >= NEAR else None
    shared, number = max((_overlap(message, questions[number]), number) for number in open_)
    return number if shared >= OVERLAP else None


def _names_agree(message: str, question: str) -> bool:
    """Whether each name in one is a word of the other, however it is written there."""
    if language_of(message) != language_of(question):
        return names_of(message) == names_of(question)
    return names_of(message) <= set(raw_words(question)) and names_of(question) <= set(raw_words(message))


def _overlap(message: str, question: str) -> float:
    one, other = content_of(message), content_of(question)
    return len(one & other) / max(1, len(one | other))


def brings_up(message: str, question: str) -> set[str]:
    """The words of a message that its question says nothing of: vectors hardly notice one word more.

    “Worn shoes”, “Sunday evening” and “express delivery” are 0.94 to 0.98 near to what was saved without them.
    """
    known = content_of(question)
    return {
        word
        for word in content_of(message)
        if word not in known and not any(likeness(word, each) >= _ALIKE for each in known)
    }


def _same_things(message: str, question: str) -> bool:
    """Whether neither says something the other leaves open: “express delivery” is no answer to “delivery”."""
    return not brings_up(message, question) and not brings_up(question, message)


@lru_cache(_KEPT)
def content_of(text: str) -> frozenset[str]:
    """What a question is about, one name for words that mean the same; characters where no spaces part words."""
    folded = _NO_DENIAL.sub("", fold(text))
    for words in _SAME:
        for word in words:
            if not word.isascii():
                folded = folded.replace(word, f" {words[0]} ")
    folded = _EMPTY_ZH.sub(" ", folded)
    found = {character for word in raw_words(folded) if is_grammed(word) for character in word}
    for term in terms(" ".join(word for word in raw_words(folded) if not is_grammed(word))):
        # Stemmed once more: one form of a word may have lost an ending that another still has.
        found.add(_NAME_OF.get(term) or _NAME_OF.get(stem(term)) or stem(term) or term)
    return frozenset(found - _EMPTY)
