"""What a good answer would look like where only a model can give it: one sentence, in the language
of the message."""

import re

from flowloom.services.models.practice_finds import content_of
from flowloom.words import fold

POEM = re.compile(r"\b(?:poems?|poemes?|verses?|haikus?|rhymes?)\b|诗")
STORY = re.compile(r"\b(?:story|stories|tales?|histoires?|contes?)\b|故事|童话")
MAIL = re.compile(r"\b(?:e-?mails?|mails?|courriels?)\b|邮件")
SPEECH = re.compile(r"\b(?:speech|speeches|toast|discours)\b|演讲|致辞|发言稿")
CARD = re.compile(
    r"\b(?:cards?|greetings?|wish(?:es)?|invitations?|carte|voeux|felicitations)\b|贺卡|祝福|请柬|邀请"
)
LETTER = re.compile(r"\b(?:letters?|lettres?|write to|ecri(?:s|re|vez) a)\b|信")
POST = re.compile(
    r"\b(?:posts?|articles?|adverts?|ads?|slogans?|texts? for|annonces?|publication)\b|文章|广告|文案|帖子|公告"
)
PLAN = re.compile(
    r"\b(?:plans?|schedule|itinerary|programme?s?|agenda|timetable|planning|recipes?|recettes?)\b|计划"
    r"|安排|行程|方案|菜谱|日程"
)
IDEAS = re.compile(
    r"\b(?:ideas?|suggest\w*|recommend\w*|tips?|advice|brainstorm|idees?|propos\w+|conseil\w*"
    r"|recommand\w+)\b|建议|推荐|主意|点子"
)
EXPLAIN = re.compile(
    r"\b(?:explain\w*|why|teach|tutor|pupils?|understand|homework|help me with|expliqu\w+|pourquoi"
    r"|eleve|tuteur|comprendre|devoirs)\b"
    r"|解释|讲解|为什么|老师|学生|作业|教我"
)
REPLY = re.compile(
    r"\b(?:repl(?:y|ies)|customers?|support desk|clients?|reponds? (?:a|au|aux)|reponse)\b|回复|客服|顾客|客户"
)
WORKS: tuple[tuple[re.Pattern[str], dict[str, str]], ...] = (
    (
        POEM,
        {
            "en": "write a {kind}poem of about {length|12 lines}",
            "fr": "écrirait un poème{kind} {length|d’une douzaine de vers}",
            "zh": "写一首{length|十二行左右}的{kind}诗",
        },
    ),
    (
        STORY,
        {
            "en": "write a {kind}story of about {length|300 words}",
            "fr": "écrirait une histoire{kind} {length|d’environ 300 mots}",
            "zh": "写一个{length|五百字左右}的{kind}故事",
        },
    ),
    (
        SPEECH,
        {
            "en": "write a {kind}speech of about {length|250 words}",
            "fr": "écrirait un discours{kind} {length|d’environ 250 mots}",
            "zh": "写一篇{length|四百字左右}的{kind}发言稿",
        },
    ),
    (
        MAIL,
        {
            "en": "write an e-mail of about {length|100 words}",
            "fr": "écrirait un e-mail {length|d’environ 100 mots}",
            "zh": "写一封{length|一百五十字左右}的{kind}邮件",
        },
    ),
    (
        LETTER,
        {
            "en": "write a {kind}letter of about {length|120 words}",
            "fr": "écrirait une lettre{kind} {length|d’environ 120 mots}",
            "zh": "写一封{length|两百字左右}的{kind}信",
        },
    ),
    (
        CARD,
        {
            "en": "write a card of {length|three or four lines}",
            "fr": "écrirait une carte {length|de trois ou quatre lignes}",
            "zh": "写一张{length|三四行}的{kind}贺卡",
        },
    ),
    (
        POST,
        {
            "en": "write a text of about {length|150 words}",
            "fr": "écrirait un texte {length|d’environ 150 mots}",
            "zh": "写一篇{length|两百字左右}的{kind}文字",
        },
    ),
    (
        PLAN,
        {
            "en": "make a plan of {length|five or six steps}",
            "fr": "ferait un plan {length|en cinq ou six étapes}",
            "zh": "列出{length|五六步}的计划",
        },
    ),
    (
        IDEAS,
        {
            "en": "suggest {length|three or four ideas, each with its reason}",
            "fr": "proposerait {length|trois ou quatre idées, chacune avec sa raison}",
            "zh": "提出{length|三四个主意，并各说明理由}",
        },
    ),
    (
        EXPLAIN,
        {
            "en": "explain this in {length|three or four short steps}, with an example and a question back",
            "fr": "expliquerait cela en {length|trois ou quatre petites étapes}, avec un exemple et une question",
            "zh": "分{length|三四个小步骤}讲解，举一个例子，再反问一句",
        },
    ),
    (
        REPLY,
        {
            "en": "write a friendly reply of {length|three or four sentences}",
            "fr": "écrirait une réponse aimable {length|de trois ou quatre phrases}",
            "zh": "写一段{length|三四句}的友好回复",
        },
    ),
)
ANSWER = {
    "en": "answer in {length|three to five sentences}",
    "fr": "répondrait en {length|trois à cinq phrases}",
    "zh": "用{length|三到五句话}回答",
}
WRITTEN = tuple(texts for called, texts in WORKS if called in (POEM, STORY, SPEECH, MAIL, LETTER, CARD, POST))
"""What is written to somebody or about something, and not said back to whoever asks."""
OPENING = {"en": "Here a model would ", "fr": "Ici, un modèle ", "zh": "模型会在这里"}
TRANSLATION = {
    "en": "Here a model would translate this into {into}, in the same tone",
    "fr": "Ici, un modèle traduirait ceci en {into}, sur le même ton",
    "zh": "模型会在这里把这段话译成{into}，并保持语气",
}
QUOTE = {"en": ": “{text}”", "fr": " : « {text} »", "zh": "：“{text}”"}
END = {"en": ".", "fr": ".", "zh": "。"}
TO = {"en": " {by} {to}", "fr": " {by} {to}", "zh": "（写给{to}）"}
_BY = {"en": "to", "fr": "à", "zh": ""}
ABOUT = {"en": " about {about}", "fr": " au sujet de {about}", "zh": "，内容是{about}"}
_LANGUAGES: tuple[tuple[str, str, str, str], ...] = (
    ("english", "English", "anglais", "英语"),
    ("french", "French", "français", "法语"),
    ("spanish", "Spanish", "espagnol", "西班牙语"),
    ("german", "German", "allemand", "德语"),
    ("italian", "Italian", "italien", "意大利语"),
    ("portuguese", "Portuguese", "portugais", "葡萄牙语"),
    ("chinese", "Chinese", "chinois", "中文"),
    ("japanese", "Japanese", "japonais", "日语"),
    ("korean", "Korean", "coréen", "韩语"),
    ("arabic", "Arabic", "arabe", "阿拉伯语"),
    ("russian", "Russian", "russe", "俄语"),
    ("dutch", "Dutch", "néerlandais", "荷兰语"),
    ("polish", "Polish", "polonais", "波兰语"),
    ("turkish", "Turkish", "turc", "土耳其语"),
)
_SLOT = re.compile(r"\{length\|([^{}]*)\}")
_LENGTH = re.compile(
    r"(?<!\d)\d{1,5}\s?(?:words?|lines?|sentences?|paragraphs?|mots?|lignes?|vers|phrases?|字|行|句话?)",
    re.IGNORECASE,
)
_KIND = {
    "en": re.compile(
        r"\b(?:an?|some|the)\s((?:[a-z-]{3,20}\s){0,2})(?:poem|story|speech|letter|tale)\b", re.IGNORECASE
    ),
    "fr": re.compile(r"\b(?:poème|histoire|discours|lettre|conte)(\s(?:d['’]|de\s)[\w’'-]+)", re.IGNORECASE),
    "zh": re.compile(r"一(?:首|封|篇|个|张)([\u4e00-\u9fff]{1,6}?)(?:诗|信|故事|发言稿|演讲|邮件|贺卡|文章)"),
}
_NAMED_LINE = re.compile(r"^\s*([^:：\n?？]{1,40}?)\s?[:：]\s*(\S[\s\S]*)$")
_RECIPIENT = {
    "en": re.compile(
        r"\b(?P<by>to|for(?!\sthe\s))\s(?P<to>(?:my|our|the)\s[a-z]+|(?:Mr|Mrs|Ms|Dr)\.?\s[A-Z]\w+"
        r"|[A-Z][\w’-]+(?:\s[A-Z][\w’-]+)?)"
    ),
    "fr": re.compile(
        r"\b(?P<by>à|au|aux|pour)\s(?P<to>(?:mon|ma|mes|notre|nos|la|le|les)\s[a-zà-ÿœ]+|(?:M\.|Mme"
        r"|Mlle)\s[A-ZÀ-Þ]\w+"
        r"|[A-ZÀ-Þ][\w’-]+(?:\s[A-ZÀ-Þ][\w’-]+)?)"
    ),
    "zh": re.compile(r"[给向为](?P<by>)(?P<to>[\u4e00-\u9fffA-Za-z]{1,8}?)(?=写|发|准备|做|作|编|讲|的|，|,)"),
}
_TOPIC = {
    "en": re.compile(r"\b(?:about|on the subject of|regarding)\s([^.!?;:\n]{2,120})"),
    "fr": re.compile(
        r"\b(?:au sujet d(?:e |u |es |e l['’])|à propos d(?:e |u |es |e l['’])|sur "
        r"|concernant )([^.!?;:\n]{2,120})",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:说说|谈谈|关于|告诉(?:他|她|他们)?)([^。！？；：\n，]{2,60}?)(?:的事情?|的信)?(?=[。！？，]|$)"
    ),
}
_YOURS = {
    "en": ((re.compile(r"\b(?:my|our)\b"), "your"), (re.compile(r"\bme\b"), "you")),
    "fr": ((re.compile(r"\b(?:mon|ma|notre)\b"), "votre"), (re.compile(r"\b(?:mes|nos)\b"), "vos")),
    "zh": ((re.compile(r"我们?"), "你"),),
}
LONGEST, READ = 160, 2_000
"""Characters that are quoted of a message, and those in which it is looked for what is wanted."""


def shape_of(own: str, task: str, language: str) -> str:
    """What a model would write here, as one sentence.

    `own` are the person's words, "" where they are not known: nothing else is ever quoted. `task` is what the
    builder wrote, which says what kind of text is wanted where the person does not.
    """
    texts = _work_in(own) or _work_in(task) or ANSWER
    own = own[:READ]
    length = _LENGTH.search(own)
    kind = _KIND[language].search(own)
    said = _SLOT.sub(lambda slot: _long(slot[1], length[0] if length else "", language), texts[language])
    said = said.replace("{kind}", kind[1] if kind else "")
    return OPENING[language] + said + _subject(own, language, is_written=texts in WRITTEN) + END[language]


def _work_in(text: str) -> dict[str, str] | None:
    folded = fold(text[:READ])
    return next((texts for called, texts in WORKS if called.search(folded)), None)


def translation_of(text: str, into: str, language: str) -> str:
    """The same for a translation."""
    quote = QUOTE[language].format(text=_short(content_of(text))) if text.strip() else ""
    return TRANSLATION[language].format(into=into) + quote + END[language]


def language_named(*texts: str, language: str) -> str:
    """The language that one of the texts names to translate into, as it is called in `language`; "" for none."""
    column = {"en": 1, "fr": 2, "zh": 3}[language]
    for text in texts:
        folded = fold(text)
        places = ((max(folded.rfind(fold(name)) for name in names), names[column]) for names in _LANGUAGES)
        at, name = max(places)
        if at >= 0:
            return name
    return ""


def _long(usual: str, wanted: str, language: str) -> str:
    if not wanted:
        return usual
    return {"fr": f"de {wanted}"}.get(language, wanted) if usual.startswith(("d", "de ")) else wanted


def _subject(own: str, language: str, *, is_written: bool) -> str:
    """To whom and about what, as far as the message says it plainly; else the message itself."""
    if not own.strip():
        return ""
    if is_written and (named := _NAMED_LINE.match(own)) and not own.rstrip().endswith(("?", "？")):
        return TO[language].format(by=_BY[language], to=named[1]) + QUOTE[language].format(text=_short(named[2]))
    to, about = _RECIPIENT[language].search(own), _TOPIC[language].search(own)
    if not is_written or not (to or about):
        return QUOTE[language].format(text=_short(own))
    said = TO[language].format(by=to["by"], to=_yours(to["to"], language)) if to else ""
    return said + (ABOUT[language].format(about=_yours(about[1].strip(), language)) if about else "")


def _yours(text: str, language: str) -> str:
    for mine, yours in _YOURS[language]:
        text = mine.sub(yours, text)
    return text


def _short(text: str) -> str:
    text = " ".join(text.split()).rstrip(" .。")
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
