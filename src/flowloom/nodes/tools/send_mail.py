"""Send an e-mail, or prepare one for the person's own mail program."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.config import JsonDict

from flowloom.errors import NodeError, Problem
from flowloom.kinds.consents import ANY_RECIPIENT
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import Mark, node_kind
from flowloom.kinds.mail import Mail, MailFile
from flowloom.kinds.port import Many, Port
from flowloom.kinds.values import Attachment
from flowloom.locales import translate
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.templates import fill, names_in, text_ports

WAY_LABELS: JsonDict = {"draft": "create a draft", "send": "send it"}
MAX_BYTES = 15_000_000
"""Bytes of all files of an e-mail together."""
LONGEST = 200_000
"""Characters of an e-mail."""


class Config(BaseModel):
    way: Literal["draft", "send"] = Field(
        default="draft",
        title="What to do",
        description=(
            "A draft is a file below the answer that opens in your mail app. To send directly, set "
            "up your account in Settings."
        ),
        json_schema_extra={"labels": WAY_LABELS},
    )
    to: str = Field(
        default="",
        title="To",
        description="One address, or several separated by commas. {{name}} becomes an input.",
        max_length=4_000,
        json_schema_extra={"widget": "prompt_line", "example": "anna@example.org"},
    )
    subject: str = Field(
        default="{{subject}}",
        title="Subject",
        description="Subject line. {{name}} in double braces becomes an input.",
        max_length=1_000,
        json_schema_extra={"widget": "prompt_line", "example": "News of {{week}}"},
    )
    text: str = Field(
        default="{{text}}",
        title="Text",
        description="Email text. {{name}} in double braces becomes an input.",
        max_length=20_000,
        json_schema_extra={"widget": "prompt", "example": "Dear {{name}},"},
    )


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    files: Annotated[list[Any], Many()] = Field(default_factory=list, title="Files")


class Outputs(BaseModel):
    told: str = Field(title="Result")
    file: Attachment | None = Field(default=None, title="Draft")


TEXTS = {
    "zh": {
        "Send email": "发送电子邮件",
        "Sends an email from your account, or creates a draft for you to review and send.": (
            "用你的账户发送电子邮件，或准备一份草稿，由你检查后自行发送。"
        ),
        "What to do": "做什么",
        (
            "A draft is a file below the answer that opens in your mail app. To send directly, set up "
            "your account in Settings."
        ): ("草稿是回答下方的一个文件：它会在你的邮件程序中打开，由你发送。要直接发送，请先在“设置”中设好账户。"),
        "create a draft": "准备草稿供检查",
        "send it": "直接发送",
        "To": "收件人",
        "One address, or several separated by commas. {{name}} becomes an input.": (
            "一个地址，或用逗号分隔的多个地址。{{name}} 会成为一个输入。"
        ),
        "anna@example.org": "wang@example.org",
        "Subject": "主题",
        "Subject line. {{name}} in double braces becomes an input.": (
            "邮件的主题。双花括号里的 {{name}} 会成为一个输入。"
        ),
        "News of {{week}}": "{{week}} 的消息",
        "subject": "主题",
        "Text": "文本",
        "Email text. {{name}} in double braces becomes an input.": (
            "邮件的内容。双花括号里的 {{name}} 会成为一个输入。"
        ),
        "Dear {{name}},": "{{name}}，你好：",
        "Result": "结果",
        "Draft": "草稿",
        "This email has no recipient.": "这封邮件没有收件人。",
        "Enter an address under To.": "请在“收件人”里填写地址。",
        "The email has no text.": "邮件没有内容。",
        "Nothing arrived at this block, or its text is empty.": "没有内容传入这个模块，或它的文本是空的。",
        "A draft to {people} is ready: “{subject}”. Open the file in your mail app to send it.": (
            "给 {people} 的草稿已准备好：“{subject}”。请用你的邮件程序打开这个文件并发送。"
        ),
        "Sent to {people}: “{subject}”.": "已发送给 {people}：“{subject}”。",
        "The server didn’t accept this email for {people}.": "服务器没有接收发给 {people} 的邮件。",
        "The others received it. Check the address.": "其他人已收到。请检查这个地址。",
        "Email": "电子邮件",
        "Files": "文件",
        "One of the email’s attachments isn’t a file.": "要随邮件发送的内容里有一项不是文件。",
        "Only connect files to the input Files. Save a file turns a text into one.": (
            "请只把文件连到“文件”输入。“保存文件”可以把文本变成文件。"
        ),
        "The files are too large for an email. The limit is {limit} MB in total.": (
            "这些文件对邮件来说太大：合计最多 {limit} MB。"
        ),
        "Send fewer or smaller files.": "请减少文件，或使用更小的文件。",
    },
    "fr": {
        "Send email": "Envoyer un e-mail",
        "Sends an email from your account, or creates a draft for you to review and send.": (
            "Envoie un e-mail depuis votre compte, ou prépare un brouillon que vous relisez et envoyez vous-même."
        ),
        "What to do": "Que faire",
        (
            "A draft is a file below the answer that opens in your mail app. To send directly, set up "
            "your account in Settings."
        ): (
            "Un brouillon est un fichier sous la réponse : il s’ouvre dans votre messagerie, d’où vous l’envoyez. "
            "Pour envoyer tout de suite, configurez votre compte dans Réglages."
        ),
        "create a draft": "préparer un brouillon à relire",
        "send it": "l’envoyer",
        "To": "À",
        "One address, or several separated by commas. {{name}} becomes an input.": (
            "Une adresse, ou plusieurs séparées par des virgules. {{name}} devient une entrée."
        ),
        "anna@example.org": "anne@example.org",
        "Subject": "Objet",
        "Subject line. {{name}} in double braces becomes an input.": (
            "De quoi il s’agit. {{name}} entre doubles accolades devient une entrée."
        ),
        "News of {{week}}": "Nouvelles de {{week}}",
        "subject": "objet",
        "Text": "Texte",
        "Email text. {{name}} in double braces becomes an input.": (
            "Ce qu’il dit. {{name}} entre doubles accolades devient une entrée."
        ),
        "Dear {{name}},": "Bonjour {{name}},",
        "Result": "Résultat",
        "Draft": "Brouillon",
        "This email has no recipient.": "Cet e-mail n’a pas de destinataire.",
        "Enter an address under To.": "Écrivez une adresse sous « À ».",
        "The email has no text.": "L’e-mail n’a pas de texte.",
        "Nothing arrived at this block, or its text is empty.": (
            "Rien n’est arrivé dans ce bloc, ou son texte est vide."
        ),
        "A draft to {people} is ready: “{subject}”. Open the file in your mail app to send it.": (
            "Un brouillon pour {people} est prêt : « {subject} ». Ouvrez le fichier dans votre messagerie pour "
            "l’envoyer."
        ),
        "Sent to {people}: “{subject}”.": "Envoyé à {people} : « {subject} ».",
        "The server didn’t accept this email for {people}.": "Le serveur n’a pas accepté cet e-mail pour {people}.",
        "The others received it. Check the address.": "Les autres l’ont reçu. Vérifiez l’adresse.",
        "Email": "Email",
        "Files": "Fichiers",
        "One of the email’s attachments isn’t a file.": (
            "Quelque chose qui n’est pas un fichier devait partir avec l’e-mail."
        ),
        "Only connect files to the input Files. Save a file turns a text into one.": (
            "Ne reliez que des fichiers à l’entrée « Fichiers ». « Enregistrer un fichier » en fait un d’un texte."
        ),
        "The files are too large for an email. The limit is {limit} MB in total.": (
            "Les fichiers sont trop lourds pour un e-mail : {limit} Mo ensemble au plus."
        ),
        "Send fewer or smaller files.": "Envoyez-en moins, ou de plus légers.",
    },
}


def value_ports(config: Config) -> Sequence[Port]:
    return [port for port in text_ports(config.to, config.subject, config.text) if port.id != "files"]


def check(config: Config) -> Iterable[Problem]:
    if not config.to.strip():
        yield Problem.of("mail.nobody", "This email has no recipient.", "Enter an address under To.")
    if not config.text.strip():
        yield _no_text().problem


def preview(config: Config, values: Mapping[str, Any], mark: Mark) -> str:
    to, subject, text = (
        fill(part, values, lambda place, value: mark(readable(value)))
        for part in (config.to, config.subject, config.text)
    )
    return f"{to}\n{subject}\n\n{text}"


def _no_text() -> NodeError:
    return NodeError(
        "The email has no text.", "Nothing arrived at this block, or its text is empty.", code="mail.empty"
    )


def hosts(config: Config) -> Iterable[str]:
    """Those who get it, as far as they are written down."""
    if config.way == "draft":
        return []
    return [part.strip() for part in config.to.split(",") if part.strip() and not names_in(part)] or [ANY_RECIPIENT]


@node_kind(
    id="mail.send",
    label="Send email",
    icon="mail",
    group="tools",
    can_be_tool=True,
    safe_to_repeat=False,
    effects=frozenset({"sends", "saves files"}),
    hosts=hosts,
    summarise=lambda config: first_words(config.to),
    check=check,
    preview=preview,
    tune="text",
    dynamic_inputs=value_ports,
    texts=TEXTS,
)
async def send_mail(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Sends an email from your account, or creates a draft for you to review and send."""
    mailer = ctx.services.mailer
    values = inputs.model_extra or {}
    text = fill(config.text, values)[:LONGEST]
    if not text.strip():
        raise _no_text()
    mail = Mail(
        to=mailer.recipients(fill(config.to, values)),
        subject=" ".join(fill(config.subject, values).split()),
        text=text,
        files=tuple(attached(inputs.files, ctx)),
    )
    if config.way == "draft":
        name = translate("Email", ctx.language) + ".eml"
        file = ctx.files.save(name, mailer.draft(mail), replace=False)
        drafted = "A draft to {people} is ready: “{subject}”. Open the file in your mail app to send it."
        return Outputs(told=_told(drafted, mail, ctx.language), file=file)
    refused = await mailer.send(mail)
    if refused:
        ctx.warn(
            Problem.of(
                "mail.partly",
                "The server didn’t accept this email for {people}.",
                "The others received it. Check the address.",
                people=", ".join(refused),
            )
        )
    return Outputs(told=_told("Sent to {people}: “{subject}”.", mail, ctx.language))


def attached(files: Any, ctx: NodeContext) -> Iterator[MailFile]:
    """The files that came in, with what they hold. Raises NodeError where one is none or they are too large."""
    room = MAX_BYTES
    for file in flat(files):
        try:
            known = Attachment.model_validate(file)
        except ValidationError:
            raise NodeError(
                "One of the email’s attachments isn’t a file.",
                "Only connect files to the input Files. Save a file turns a text into one.",
                code="mail.no_file",
            ) from None
        data = ctx.files.read(known)
        room -= len(data)
        if room < 0:
            raise NodeError(
                "The files are too large for an email. The limit is {limit} MB in total.",
                "Send fewer or smaller files.",
                code="mail.too_large",
                limit=MAX_BYTES // 1_000_000,
            )
        yield MailFile(name=known.name, media_type=known.media_type, data=data)


def flat(files: Any) -> Iterator[Any]:
    """The files themselves, as a line may bring one or a list of them."""
    for file in files:
        if isinstance(file, list | tuple):
            yield from file
        elif file is not None:
            yield file


def _told(said: str, mail: Mail, language: str) -> str:
    return translate(said, language, people=", ".join(mail.to), subject=mail.subject)
