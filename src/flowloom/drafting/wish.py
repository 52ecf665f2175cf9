"""What a wish says: what the GPT is for, about what, for whom, in which tone, and what it has to be able to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flowloom.drafting.cues import ABILITIES, LISTENERS, PURPOSES, TONES, Purpose
from flowloom.drafting.sources import find_source

LONGEST = 1_000
"""Characters of a wish that are read."""
LONGEST_TOPIC = 60

_STOP_EN = (
    r"(?=\s(?:and|then|but|for|so|that|who|which|with|to\b(?!\s(?-i:[A-Z]))|"
    r"from|when|while|using|without|against)\b|[,.;:!?\n(]|$)"
)
_STOP_FR = r"(?=\s(?:et|puis|mais|pour|qui|que|avec|quand|sans|afin|à|aux|chez)\b|[,.;:!?\n(]|$)"
_STOP_ZH = r"(?=[，。；！？：、\n（]|并|然后|而且|以及|$)"
_TOPIC = r"(?P<topic>[^,.;:!?\n(，。；！？：（]{2,80}?)"
_HEAD_EN = r"(?:an?\s|the\s|my\s|our\s|their\s|your\s|some\s|me\s|us\s|people\s)?"
_HEAD_FR = r"(?:une?\s|des\s|les?\s|la\s|l[’']|mes\s|nos\s|du\s|de la\s|de l[’']|d[’']|leurs?\s|en\s)?"


_TOPICS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(
            rf"\b(?:about|regarding)\s{_HEAD_EN}{_TOPIC}" + _STOP_EN,
            re.IGNORECASE,
        ),
        re.compile(
            rf"\b(?:quiz\w*|tests?|tutors?|teach\w*|coach\w*|advi[sc]\w*|train\w*)\s[^,.;!?]{{0,40}}?\b(?:on|"
            rf"in)\s"
            rf"{_HEAD_EN}{_TOPIC}" + _STOP_EN,
            re.IGNORECASE,
        ),
        re.compile(
            rf"\bwith\s(?:their|his|her|my|our)\s{_TOPIC}" + _STOP_EN,
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:teach(?:es)?|learn(?:ing)?|stud(?:y|ies)|practi[sc]es?|"
            r"explains?|writes?|drafts?|plans?|recommends?|"
            r"suggests?|translates?|summari[sz]es?|analy[sz]es?|plays?|composes?|"
            r"proofreads?|organi[sz]es?|proposes?|"
            rf"corrects?|improves?|rewrites?|answers?)\s(?:questions\s)?(?:(?:on|"
            rf"from)\s)?(?:how to\s)?{_HEAD_EN}{_TOPIC}" + _STOP_EN,
            re.IGNORECASE,
        ),
        re.compile(
            rf"\b(?:support|desk|service|assistant|bot|gpt)\sfor\s{_HEAD_EN}{_TOPIC}" + _STOP_EN,
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:an?|the)\s(?P<topic>[^,.;:!?\n]{2,40}?)\s(?:tutor|teacher|"
            r"coach|assistant|helper|bot|gpt|quiz|planner|"
            r"translator|writer|guide|expert|trainer|companion|advisor)\b",
            re.IGNORECASE,
        ),
        re.compile(
            rf"\b(?:tutor|teacher|coach|expert|guide|help|ideas)\s(?:for|in|on|with)\s{_HEAD_EN}{_TOPIC}"
            + _STOP_EN,
            re.IGNORECASE,
        ),
    ),
    "fr": (
        re.compile(
            rf"\b(?:sur|à propos de|au sujet de|concernant)\s{_HEAD_FR}{_TOPIC}" + _STOP_FR,
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:prof(?:esseure?)?|tuteur|tutrice|coach|expert|guide|quiz|cours|conseiller|idées)\s"
            rf"(?:de|d[’']|en|du|pour)\s?{_HEAD_FR}{_TOPIC}" + _STOP_FR,
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:apprend\w*|enseign\w*|expliqu\w*|révis\w*|rédig\w*|écri\w*|"
            r"planifi\w*|recommand\w*|tradui\w*|résum\w*|"
            r"analys\w*|jou\w*|organis\w*|prépar\w*|propos\w*|corrig\w*|relit|relire|compos\w*)\s"
            rf"(?:(?:à|aux)\s(?:mes\s|nos\s)?\w+\s)?{_HEAD_FR}{_TOPIC}" + _STOP_FR,
            re.IGNORECASE,
        ),
    ),
    "zh": (
        re.compile(
            r"(?:关于|有关|针对)(?P<topic>[^，。；！？：、\n的]{2,30})" + _STOP_ZH,
            re.IGNORECASE,
        ),
        re.compile(
            r"(?:考|测验|抽背)(?:我|一考)?[^，。；！？\n]{0,10}?(?P<topic>[^，。；！？：、\n考我学生孩子们的]{2,20}?)(?=[，。；！？、并]|"
            r"$)"
        ),
        re.compile(
            r"(?:学习|练习|复习|讲解|翻译|总结|分析|规划|安排|推荐|撰写|写|辅导|起草|润色|准备|玩|下|教)"
            r"(?:我的?|我们的?|一个|一份|一次|一些|学生|孩子|他们的?|她们的?)*(?P<topic>[^，。；！？：、\n]{1,30}?)"
            + _STOP_ZH,
            re.IGNORECASE,
        ),
        re.compile(
            r"(?:一个|一位|做个|想要|需要)?(?P<topic>[^，。；！？：、\n一个位想要需我]{2,16}?)的?"
            r"(?:老师|助手|教练|机器人|顾问|专家|助理|小测|导师|向导)"
        ),
    ),
}
_LEAD = re.compile(
    r"^\W*(?:(?:please|i\s(?:want|need|would like)|i[’']d like|je\s(?:veux|voudrais|cherche)|j[’']aimerais|"
    r"il me faut|build|make|create|crée|créer|fais|me|moi)\s)*"
    r"(?:(?:an?|the|une?|le|la|my|mon|ma)\s)?(?:(?:helpful|good|friendly|patient|"
    r"personal|simple|small|kind|new)\s)*(?:(?:gpt|chatgpt|bot|chatbot|assistant|"
    r"helper|tool|app|something|someone|"
    r"outil|robot|quelque chose|quelqu[’']un)\s)?(?:(?:personnel|patient)\s)?(?:(?:that|"
    r"who|which|to|for|qui|pour|que)\s)?"
    r"(?:(?:helps?|aide|can|peut|could)\s)?(?:(?:me|us|people|moi|nous)\s)?(?:(?:to|with|à|with)\s)?",
    re.IGNORECASE,
)
_LEAD_ZH = re.compile(
    r"^\W*(?:请|帮我|帮忙|我想要?|我需要|给我|做|创建|制作|一个|一款|一位|能|可以|会|帮助|GPT|机器人|助手|的)*"
)
_AT_EDGE = re.compile(
    r"^(?:(?:with|of|from|avec)\s+)?(?:an?|the|my|our|their|une?|le|la|les|des|du|mes|nos)\s+|"
    r"^(?:with|of|from|avec)\s+|\s+(?:please|s[’']il te plaît)$",
    re.IGNORECASE,
)
_TRAIL_ZH = re.compile(r"的?(?:助手|机器人|GPT|工具|老师)$|的$", re.IGNORECASE)
_NOT_A_TOPIC = re.compile(
    r"(?:of .*|it|them|me|us|this|that|things|people|questions|students|kids|children|"
    r"he|she|they|ce|cela|ça|moi|questions|"
    r"answers questions|répond aux questions|我|他们|它|东西|help|helps|good|"
    r"small|little|friendly|patient|personal|helpful|useful|new|something|"
    r"someone|gpt|chatgpt|"
    r"ai|bot|chatbot|assistant|助手|机器人|outil|robot|utile)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish as it was understood."""

    text: str
    language: str
    purpose: Purpose
    topic: str
    """What it is about, "" where the wish says nothing of it."""
    audience: str
    tones: tuple[str, ...]
    abilities: tuple[str, ...]
    documents: bool
    """Whether it is to answer from documents."""
    source: str = ""
    """The documents it speaks of, "" where it speaks of none."""


def read_wish(text: str, language: str) -> Wish:
    """What a wish says, by rules; what they do not find is the wish itself. `text` is not empty."""
    said = " ".join(text.split())[:LONGEST]
    source = find_source(said, language)
    purpose = _purpose(said, bool(source))
    audience = _audience(said, language)
    abilities = tuple(name for name, cue in ABILITIES.items() if cue.search(said))
    return Wish(
        text=said,
        language=language,
        purpose=purpose,
        topic=_topic(said, language, audience, source if purpose == "documents" else ""),
        audience=audience,
        tones=tuple(name for name, cue in TONES.items() if cue.search(said)),
        abilities=("data", *abilities) if purpose == "analyse" and "data" not in abilities else abilities,
        documents=bool(source) or purpose == "support",
        source=source,
    )


def _purpose(said: str, has_source: bool) -> Purpose:
    """Of several, the first counts; where documents are spoken of, they come before what is said of them."""
    for name, cue in PURPOSES.items():
        if has_source if name == "documents" else cue.search(said):
            return name
    return "general"


def _audience(said: str, language: str) -> str:
    found = LISTENERS[language].search(said)
    if not found:
        return ""
    # The GPT is spoken to by them, so that “my pupils” are those of whoever made it.
    who = re.sub(
        r"^(?:my|our|mes|nos|ma|mon|notre|aux|des|les|我们的?|我的?)\s?", "", found["who"], flags=re.IGNORECASE
    )
    if language == "fr":
        return f"des {who}" if found["who"].lower().startswith(("mes", "nos", "les", "des", "aux")) else who
    return who


def _topic(said: str, language: str, audience: str, source: str) -> str:
    for pattern in _TOPICS[language][: 1 if source else None]:
        for found in pattern.finditer(said):
            topic = _tidy(found["topic"])
            if len(topic) > 1 and not _NOT_A_TOPIC.fullmatch(topic) and topic != audience:
                return topic
    if source:
        return _tidy(source)
    lead = _LEAD_ZH if language == "zh" else _LEAD
    begins = lead.match(said)
    rest = _tidy(_past(audience, said[begins.end() if begins else 0 :]))
    return "" if len(rest) < 2 or _NOT_A_TOPIC.fullmatch(rest) else rest


def _past(audience: str, said: str) -> str:
    """What is left of a wish after those it is for: what they want."""
    begins = said.casefold().find(audience.casefold()) if audience else -1
    rest = said[begins + len(audience) :].strip() if 0 <= begins <= 4 else ""
    return rest if len(rest) > 3 else said


def _tidy(topic: str) -> str:
    """Without articles, and cut at a word."""
    topic = _TRAIL_ZH.sub("", topic)
    topic = _AT_EDGE.sub("", topic.strip(" .,;:!?。，；：！？“”\"'")).strip()
    if len(topic) <= LONGEST_TOPIC:
        return topic
    cut = topic[:LONGEST_TOPIC]
    return (cut.rpartition(" ")[0] or cut) + "…"
