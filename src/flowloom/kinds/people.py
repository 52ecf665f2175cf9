"""What a run asks people, and what they answer."""

from typing import Any, Literal, Protocol

from pydantic import Field

from flowloom.kinds.values import Value
from flowloom.locales import translate


class Choice(Value):
    """One of the answers a question offers; `label` is a person's words, or a source text where `own` is False."""

    id: str
    label: str
    own: bool = True

    def label_in(self, language: str) -> str:
        """The label as a person reads it."""
        return self.label if self.own else translate(self.label, language)


class FormField(Value):
    """One line of a form: what is asked for, which values fit, and what it holds before anyone has filled it in."""

    name: str
    type: Literal["text", "number", "boolean"] = "text"
    required: bool = True
    value: str | float | bool | None = None


class Reply(Value):
    """What a person answered: one of the choices, or the fields of a form, and a word of theirs.

    `at` is seconds since the epoch; `in_time` is False where the deadline answered for them.
    """

    choice: str = ""
    values: dict[str, Any] = Field(default_factory=dict)
    comment: str = ""
    at: float = 0.0
    in_time: bool = True


class Question(Value):
    """What a run asks a person: to choose, or to fill a form; `default` answers for them after the `deadline`.

    The deadline is in seconds since the epoch. `title` is in the words of whoever made the GPT, or a source text
    where `own` is False, whose `{names}` are in `params`. `text` is Markdown; `exact` is shown as it is.
    """

    title: str
    own: bool = True
    params: dict[str, str] = Field(default_factory=dict)
    text: str = ""
    exact: str = ""
    choices: tuple[Choice, ...] = ()
    fields: tuple[FormField, ...] = ()
    deadline: float | None = None
    default: Reply | None = None
    key: str = ""
    """Tells apart several questions of one node."""
    remark: bool = True
    """Whether a word of theirs is asked for beside the choice."""
    to_owner: bool = False
    """Whether it is for whoever made the GPT, also where others chat with it."""

    def title_in(self, language: str) -> str:
        """The title as a person reads it."""
        return self.title if self.own else translate(self.title, language, **self.params)


class People(Protocol):
    """Who answers questions, now or weeks later."""

    def post(self, id: str, node: str, question: Question) -> None:
        """Put a question before them; one that was put already stays as it is."""
        ...

    def reply(self, id: str) -> Reply | None:
        """What they answered, or None as long as they have not."""
        ...
