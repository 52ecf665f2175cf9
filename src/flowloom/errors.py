"""What can go wrong, as values that can be shown, logged and translated."""

from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from flowloom.locales import Verbatim, translate


class Described(NamedTuple):
    """A problem in a person's language."""

    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Problem(BaseModel):
    """One thing that is wrong, where, and what to do next.

    `message` and `hint` are English source sentences whose `{names}` are filled from `params`, so that a
    logged problem can still be shown in any language.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    hint: str = ""
    params: dict[str, str] = {}
    verbatim: tuple[str, ...] = ()
    """The names of params that are a person's own words."""
    node: str | None = None
    port: str | None = None
    severity: Literal["error", "warning"] = "error"

    @classmethod
    def of(cls, code: str, message: str, hint: str = "", **params: object) -> Self:
        own = tuple(name for name, value in params.items() if isinstance(value, Verbatim))
        said = {name: str(value) for name, value in params.items()}
        return cls(code=code, message=message, hint=hint, params=said, verbatim=own)

    def at(self, node: str | None, port: str | None = None) -> Self:
        """The same problem, placed; a place already known is kept."""
        return self.model_copy(update={"node": self.node or node, "port": self.port or port})

    def as_warning(self) -> Self:
        return self.model_copy(update={"severity": "warning"})

    def describe(self, language: str = "en") -> Described:
        # A param may itself be a source sentence (a label, say), so it is translated first.
        params = {
            name: value if name in self.verbatim else translate(value, language)
            for name, value in self.params.items()
        }
        hint = translate(self.hint, language, **params) if self.hint else ""
        return Described(translate(self.message, language, **params), hint)

    def __str__(self) -> str:
        return str(self.describe())


class FlowloomError(Exception):
    """An error a person can act on. `code` names it for programs, the sentences are for people."""

    code = "flowloom"

    def __init__(self, message: str, hint: str = "", *, code: str = "", **params: object) -> None:
        self.problem = Problem.of(code or self.code, message, hint, **params)
        super().__init__(str(self.problem))

    @classmethod
    def from_problem(cls, problem: Problem) -> Self:
        error = cls(problem.message, problem.hint, code=problem.code, **problem.params)
        error.problem = problem
        return error

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self).from_problem, (self.problem,))


class FlowFileError(FlowloomError):
    """A file that is no flow, or one this version cannot hold."""

    code = "file"


class FlowEditError(FlowloomError):
    """An edit that does not fit the flow as it stands."""

    code = "edit"


class NodeError(FlowloomError):
    """A block cannot do its work with what it was given."""

    code = "node"


class ModelError(FlowloomError):
    """A model, or the server it lives on, did not answer as it should."""

    code = "model"


class KnowledgeError(FlowloomError):
    """A document cannot be read, or a knowledge base cannot be searched."""

    code = "knowledge"


class HttpError(FlowloomError):
    """A request over the network was refused or failed."""

    code = "http"


class DatabaseError(FlowloomError):
    """A database could not be asked."""

    code = "database"


class MailError(FlowloomError):
    """An e-mail could not be written or sent."""

    code = "mail"


class McpError(FlowloomError):
    """An MCP server cannot be reached, or does not do as it should."""

    code = "mcp"


class SecretError(FlowloomError):
    """A key is missing or cannot be read."""

    code = "secret"


class BudgetError(FlowloomError):
    """A run reached one of its limits."""

    code = "budget"


class StoreError(FlowloomError):
    """Something could not be kept or found."""

    code = "store"


def first_of(error: BaseException) -> BaseException:
    """The first error within groups of errors."""
    return first_of(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
