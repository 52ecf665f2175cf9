"""The documents that a wish wants questions answered from, such as “our school handbook”."""

import re
from collections.abc import Mapping

_ALWAYS_EN = (
    r"documents?|documentation|pdfs?|handbooks?|manuals?|polic(?:y|ies)|regulations?|leaflets?|brochures?|wikis?|"
    r"faqs?|statutes|by-?laws|guidelines?|house rules|rulebooks?|procedures?|intranet|knowledge base|prospectus|"
    r"data ?sheets?"
)
_AFTER_WORDS_EN = (
    r"guides?|notes|catalogues?|catalogs?|files?|rules|terms|instructions|contracts?|leases?|reports?|papers|"
    r"articles|slides|textbooks?|books?|website|web pages|curriculum|syllabus|archives?|transcripts?|minutes"
)
_FROM_EN = (
    r"from|in|using|uses?|with|within|based on|according to|out of|knows?|reads?|search(?:es)?|about|regarding|on|"
    r"for|query|queries"
)
_END_EN = (
    r"(?=\s*(?:$|[^\w\s]|(?:and|or|to|for|that|which|who|with|by|on|in|of|about|so|when|where|from|is|are)\b))"
)
"""What comes after is no part of its name, as “club” is of “book club”."""
_OWN_EN = r"(?:our|my|the|their|its|this|these|an?)\s"
_ALWAYS_FR = (
    r"documents?|documentation|pdfs?|fichiers?|règlements?|manuels?|procédures?|brochures?|dépliants?|prospectus|"
    r"notices?|wikis?|faq|chartes?|statuts|intranet|base de connaissances|modes? d[’']emploi|consignes"
)
_AFTER_WORDS_FR = (
    r"guides?|notes|catalogues?|règles|conditions|contrats?|baux|bail|rapports?|articles|cours|livres?|site|"
    r"archives|programme"
)
_FROM_FR = (
    r"à partir d[eu]s?|d[’']après|selon|dans|avec|sur|connaît|connaissent|lit|consulte|comprendre|en utilisant|"
    r"grâce aux?|depuis"
)
_WHOSE_FR = r"de la |de l[’']|du |des |d[’']|de (?:nos |mon |ma |mes |notre )?"
_OF_FR = rf"(?:\s(?:interne|scolaire|(?:{_WHOSE_FR})[\wéèêàçôîû-]+))?"
_OWN_FR = r"(?:notre |nos |mon |ma |mes |les? |la |l[’']|une? |ces? |cette )"
_ALWAYS_ZH = (
    r"文档|手册|制度|资料|规定|宣传册|小册子|传单|知识库|说明书|指南|规章|校规|"
    r"常见问题|章程|须知|讲义|条例|守则|PDF|FAQ"
)

_SOURCES: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(
            rf"\b(?:{_FROM_EN})\s{_OWN_EN}(?P<source>(?:[\w’'-]+\s){{0,3}}?(?:{_ALWAYS_EN}|{_AFTER_WORDS_EN})"
            rf"(?:\s(?:pdfs?|files?|pages?))?){_END_EN}",
            re.IGNORECASE,
        ),
        re.compile(rf"\b{_OWN_EN}(?P<source>(?:[\w’'-]+\s){{0,2}}?(?:{_ALWAYS_EN}))\b", re.IGNORECASE),
        re.compile(rf"\b(?P<source>{_ALWAYS_EN})\b", re.IGNORECASE),
    ),
    "fr": (
        re.compile(
            rf"(?<!\w)(?:{_FROM_FR})\s{_OWN_FR}?(?P<source>(?:{_ALWAYS_FR}|{_AFTER_WORDS_FR}){_OF_FR})(?!\w)",
            re.IGNORECASE,
        ),
        re.compile(rf"(?<!\w)(?P<source>(?:{_ALWAYS_FR}){_OF_FR})(?!\w)", re.IGNORECASE),
    ),
    "zh": (
        re.compile(
            rf"(?P<source>[^，。；！？：、\n根据依按照从用查询搜索熟悉了解我们的里让帮]{{0,8}}(?:{_ALWAYS_ZH}))",
            re.IGNORECASE,
        ),
    ),
}
_MADE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:writ|draft|compos|creat|prepar|translat|summar|proofread|improv|correct|rewrit)\w*\s"
        rf"(?:{_OWN_EN}|new\s)?(?:[\w’'-]+\s){{0,2}}?(?:{_ALWAYS_EN}|{_AFTER_WORDS_EN})\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        rf"\b(?:rédig|écri|crée|prépar|tradui|résum|corrig|amélior|reli)\w*\s{_OWN_FR}?(?:{_ALWAYS_FR}|{_AFTER_WORDS_FR})\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(rf"(?:写|起草|撰写|翻译|总结|校对|润色|编)[^，。；！？：、\n]{{0,6}}(?:{_ALWAYS_ZH})"),
}
"""Who wants a handbook written has none to answer from."""


def find_source(said: str, language: str) -> str:
    """What documents a wish speaks of, in its own words and without an article; "" where it speaks of none."""
    if _MADE[language].search(said):
        return ""
    found = (pattern.search(said) for pattern in _SOURCES[language])
    return next((each["source"].strip() for each in found if each), "")
