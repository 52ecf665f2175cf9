"""Take personal data out of a text before it goes on."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.locales import translate
from flowloom.nodes.logic.personal_data import FINDERS, Found, find_personal

LABELS = {
    "email": "email address",
    "phone": "phone number",
    "iban": "bank account",
    "card": "card number",
    "ip": "IP address",
    "word": "hidden word",
}


class Config(BaseModel):
    email: bool = Field(default=True, title="Email addresses", description="Such as ada@example.org.")
    phone: bool = Field(
        default=True,
        title="Phone numbers",
        description="With a country code or leading 0, and Chinese and North American numbers.",
    )
    iban: bool = Field(
        default=True,
        title="Bank accounts",
        description="IBANs with valid check digits.",
    )
    card: bool = Field(
        default=True,
        title="Card numbers",
        description="Numbers of 13 to 19 digits with a valid check digit.",
    )
    ip: bool = Field(default=True, title="IP addresses", description="Computer addresses, such as 192.0.2.7.")
    words: str = Field(
        default="",
        title="Your own words",
        description=("Names and other words to hide, one per line. Upper and lower case are treated the same."),
        max_length=20_000,
        json_schema_extra={"widget": "textarea", "example": "Ada Lovelace"},
    )


class Inputs(BaseModel):
    text: str = Field(title="Text")


class Outputs(BaseModel):
    passed: str | None = Field(default=None, title="Nothing found")
    masked: str | None = Field(default=None, title="Masked text")
    found: list[dict[str, Any]] = Field(title="What was found")


TEXTS = {
    "zh": {
        "Mask personal data": "遮盖个人信息",
        (
            "Replaces email addresses, phone numbers, account numbers and similar, without a model. "
            "It doesn’t recognise names: add those below."
        ): ("按规则而不用模型，遮盖电子邮箱、电话号码、账号等信息。它不认识人名，请把人名写在下面。"),
        "Email addresses": "电子邮箱",
        "Such as ada@example.org.": "例如 wangfang@example.org。",
        "Phone numbers": "电话号码",
        "With a country code or leading 0, and Chinese and North American numbers.": (
            "带国家代码或以 0 开头的号码，以及中国和北美的号码。"
        ),
        "Bank accounts": "银行账号",
        "IBANs with valid check digits.": "校验位正确的 IBAN；其他号码不动。",
        "Card numbers": "卡号",
        "Numbers of 13 to 19 digits with a valid check digit.": "校验位正确的 13 至 19 位号码。",
        "IP addresses": "IP 地址",
        "Computer addresses, such as 192.0.2.7.": "电脑的地址，例如 192.0.2.7。",
        "Your own words": "自定义词语",
        "Names and other words to hide, one per line. Upper and lower case are treated the same.": (
            "要遮盖的人名和其他词语，每行一个。不区分大小写。"
        ),
        "Ada Lovelace": "王芳",
        "Text": "文本",
        "Nothing found": "没有找到",
        "Masked text": "遮盖后的文本",
        "What was found": "发现的内容",
        "email address": "电子邮箱",
        "phone number": "电话号码",
        "bank account": "银行账号",
        "card number": "卡号",
        "IP address": "IP 地址",
        "hidden word": "隐藏的词",
        "Nothing personal was found.": "没有发现个人信息。",
        "Found and masked: {found}": "发现并遮盖：{found}",
    },
    "fr": {
        "Mask personal data": "Masquer les données personnelles",
        (
            "Replaces email addresses, phone numbers, account numbers and similar, without a model. "
            "It doesn’t recognise names: add those below."
        ): (
            "Remplace adresses e-mail, numéros de téléphone, comptes et autres, par des règles et sans "
            "modèle. Il ne connaît pas les noms : écrivez-les plus bas."
        ),
        "Email addresses": "Adresses e-mail",
        "Such as ada@example.org.": "Par exemple ada@example.org.",
        "Phone numbers": "Numéros de téléphone",
        "With a country code or leading 0, and Chinese and North American numbers.": (
            "Avec un indicatif de pays ou un 0 au début, et ceux de Chine et d’Amérique du Nord."
        ),
        "Bank accounts": "Comptes bancaires",
        "IBANs with valid check digits.": "Les IBAN dont la clé est juste ; les autres restent tels quels.",
        "Card numbers": "Numéros de carte",
        "Numbers of 13 to 19 digits with a valid check digit.": (
            "Les nombres de 13 à 19 chiffres dont la clé est juste."
        ),
        "IP addresses": "Adresses IP",
        "Computer addresses, such as 192.0.2.7.": "Adresses d’ordinateurs, par exemple 192.0.2.7.",
        "Your own words": "Vos propres mots",
        "Names and other words to hide, one per line. Upper and lower case are treated the same.": (
            "Noms et autres mots à cacher, un par ligne. Majuscules et minuscules se valent."
        ),
        "Ada Lovelace": "Marie Dupont",
        "Text": "Texte",
        "Nothing found": "Rien trouvé",
        "Masked text": "Texte masqué",
        "What was found": "Ce qui a été trouvé",
        "email address": "adresse e-mail",
        "phone number": "numéro de téléphone",
        "bank account": "compte bancaire",
        "card number": "numéro de carte",
        "IP address": "adresse IP",
        "hidden word": "mot caché",
        "Nothing personal was found.": "Aucune donnée personnelle n’a été trouvée.",
        "Found and masked: {found}": "Trouvé et masqué : {found}",
    },
}


def explain(config: Config, inputs: Mapping[str, Any], outputs: Mapping[str, Any], language: str) -> str:
    """What was found, without the data itself."""
    found = outputs.get("found") or []
    if not found:
        return translate("Nothing personal was found.", language)
    named = ", ".join(str(each.get("mask", "")) for each in found if isinstance(each, Mapping))
    return translate("Found and masked: {found}", language, found=named)


@node_kind(
    id="mask",
    label="Mask personal data",
    icon="visibility_off",
    group="logic",
    explain=explain,
    tune="words",
    texts=TEXTS,
)
def mask(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Replaces email addresses, phone numbers, account numbers and similar, without a model.

    It doesn’t recognise names: add those below.
    """
    kinds = [kind for kind in FINDERS if getattr(config, kind)]
    found = find_personal(inputs.text, kinds, config.words.splitlines())
    if not found:
        return Outputs(passed=inputs.text, found=[])
    text, listed = masked(inputs.text, found, ctx.language)
    return Outputs(masked=text, found=listed)


def masked(text: str, found: list[Found], language: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with a numbered label for each piece, the same one for the same piece, and what they stand for.

    The list names kinds and counts only: what was taken out must not travel on beside the text.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    pieces, done = [], 0
    for each in found:
        key = (each.kind, "".join(text[each.start : each.end].casefold().split()))
        number = 1 + sum(kind == each.kind for kind, _ in rows)
        label = translate(LABELS[each.kind], language)
        row = rows.setdefault(key, {"kind": label, "mask": f"[{label} {number}]", "count": 0})
        row["count"] += 1
        pieces += [text[done : each.start], row["mask"]]
        done = each.end
    return "".join([*pieces, text[done:]]), list(rows.values())
