"""What went wrong with a model's server, put so that a person can act on it."""

from flowloom.errors import ModelError
from flowloom.services.models.bounds import Why, too_much_in
from flowloom.services.models.refusals import detail_of, is_about_pictures, most_pictures, status_of
from flowloom.services.models.settings import Provider
from flowloom.services.secrets import scrub

_LONGEST_DETAIL = 300
_UNREADABLE = frozenset(
    "JSONDecodeError APIResponseValidationError ValidationError UnicodeError RecursionError AttributeError "
    "TypeError LookupError LocalProtocolError DecodingError".split()
)
"""What libraries raise over answers of another shape than they expect."""
_QUOTA = ("quota", "billing", "balance", "credit", "insufficient", "余额", "欠费")


def explain(error: Exception, provider: Provider, model: str, key: str = "") -> ModelError:
    """The ModelError for whatever a vendor's library raised."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if too_much := too_much_in(error):
        return _stopped(too_much.why, provider)
    status = status_of(error)
    detail = scrub(detail_of(error), [key])[:_LONGEST_DETAIL]
    told: dict[str, str] = {"provider": provider.label, "model": model, "detail": detail}
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError", "ReadTimeout", "ConnectTimeout"}:
        return _slow(told)
    if 300 <= status < 400:
        return _moved(provider)
    if status:
        return _refused(status, detail, told)
    if names & {"ReadError", "RemoteProtocolError"} or "peer closed" in detail or "incomplete" in detail:
        return half_answer(provider)
    if names & {"APIConnectionError", "ConnectError", "ConnectionError", "NetworkError", "TransportError"}:
        return _unreachable(provider, error)
    if names & _UNREADABLE:
        return garbage(provider)
    return ModelError(
        "{provider} failed: {detail}", "Try again. If it happens again, choose another model in Settings.", **told
    )


def _refused(status: int, detail: str, told: dict[str, str]) -> ModelError:
    if status in (401, 403):
        return ModelError(
            "{provider} doesn’t accept the key.",
            "Open Settings and paste it again. It may have expired, or may not be allowed to use {model}.",
            code="model.key",
            **told,
        )
    if status == 404:
        return ModelError(
            "{provider} has no model “{model}”, or its address is wrong.",
            "Open Settings, select Test and choose one of the listed models.",
            code="model.unknown",
            **told,
        )
    if status == 402 or (status == 429 and any(word in detail.lower() for word in _QUOTA)):
        return ModelError(
            "You have no credit left at {provider}.",
            "Add credit on the website of {provider}, or choose another model in Settings.",
            code="model.quota",
            **told,
        )
    if status == 429:
        return ModelError(
            "Too many requests to {provider} right now.",
            "Wait a minute and try again, or set retries for the block.",
            code="model.busy",
            **told,
        )
    if status >= 500 or status == 408:
        return ModelError(
            "{provider} has a problem (error {status}).",
            "Try again in a few minutes, or choose another model in Settings.",
            code="model.down",
            status=status,
            **told,
        )
    return _bad_request(detail, told)


def _bad_request(detail: str, told: dict[str, str]) -> ModelError:
    lower = detail.lower()
    if "context" in lower and ("length" in lower or "window" in lower or "token" in lower):
        return ModelError(
            "The text is too long for the model {model}.",
            "Pass on fewer passages or less history, or choose a model with a larger context window.",
            code="model.too_long",
            **told,
        )
    if "content" in lower and ("filter" in lower or "policy" in lower or "management" in lower):
        return filtered(told["provider"])
    return ModelError(
        "{provider} rejected the request: {detail}",
        "Choose another model in Settings, or simplify what this block asks for.",
        code="model.request",
        **told,
    )


def _slow(told: dict[str, str]) -> ModelError:
    return ModelError(
        "{provider} didn’t answer in time.",
        "Try again, or choose a faster model in Settings.",
        code="model.slow",
        **told,
    )


def _unreachable(provider: Provider, error: Exception) -> ModelError:
    # A connection lost while the answer came is told apart by the cause the library keeps.
    cause = {kind.__name__ for link in (error.__cause__, error.__context__) for kind in type(link).__mro__}
    if cause & {"ReadError", "RemoteProtocolError"}:
        return half_answer(provider)
    return ModelError(
        "Can’t reach {provider} at {address}.",
        "Check your internet connection, that the server is running, and its address in Settings.",
        code="model.unreachable",
        provider=provider.label,
        address=provider.base_url or "its usual address",
    )


def _stopped(why: Why, provider: Provider) -> ModelError:
    if why == "packed":
        return ModelError(
            "{provider} sent a compressed answer that wasn’t asked for, so it wasn’t opened.",
            "Check its address in Settings, or tell the owner of that server.",
            code="model.garbage",
            provider=provider.label,
        )
    if why == "seconds":
        return ModelError(
            "{provider} took too long to answer, so it was stopped.",
            "The answer so far is incomplete. Try again, or choose a faster model in Settings.",
            code="model.endless",
            provider=provider.label,
        )
    return ModelError(
        "The answer of {provider} never ended, so it was stopped.",
        "The answer so far is incomplete. Try again, or choose another model in Settings.",
        code="model.endless",
        provider=provider.label,
    )


def took_too_long(provider: Provider) -> ModelError:
    return _stopped("seconds", provider)


def broken_off(error: Exception, provider: Provider, key: str = "") -> ModelError:
    """The ModelError for an answer of which the beginning has come."""
    told = explain(error, provider, "", key)
    if told.problem.code == "model.slow":
        return fell_silent(provider)
    return told if told.problem.code == "model.endless" or status_of(error) else half_answer(provider)


def _moved(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} redirects to another address, and your key isn’t sent there.",
        "If its server has moved, change its address in Settings.",
        code="model.moved",
        provider=provider.label,
    )


def not_set_up(model: str) -> ModelError:
    """The ModelError for a model that the settings do not have."""
    return ModelError(
        "The model “{model}” isn’t set up on this computer.",
        "Open Settings and add it, or choose another model for this block.",
        code="model.unknown",
        model=model,
    )


def fell_silent(provider: Provider) -> ModelError:
    return ModelError(
        "{provider} stopped in the middle of its answer.",
        "The answer so far is incomplete. Try again, or choose another model in Settings.",
        code="model.half",
        provider=provider.label,
    )


def half_answer(provider: Provider) -> ModelError:
    return ModelError(
        "The connection to {provider} was lost in the middle of the answer.",
        "Try again. The answer so far is incomplete.",
        code="model.half",
        provider=provider.label,
    )


def garbage(provider: Provider) -> ModelError:
    return ModelError(
        "The server at {address} isn’t a model server.",
        "Check the address of {provider} in Settings; most end in /v1.",
        code="model.garbage",
        provider=provider.label,
        address=provider.base_url or provider.label,
    )


def empty(provider: Provider, model: str) -> ModelError:
    return ModelError(
        "{model} by {provider} returned an empty answer.",
        "Try again, or choose another model in Settings.",
        code="model.empty",
        provider=provider.label,
        model=model,
    )


def no_answer(provider: Provider, model: str, finish: str, *, thought: bool) -> ModelError:
    """Nothing has come that could be an answer; `finish` is why the server says it stopped."""
    if not thought:
        return cut_short(model) if finish == "length" else empty(provider, model)
    if finish == "length":
        return ModelError(
            "{model} reached its length limit while thinking, so there is no answer.",
            "Ask for less at once, reduce its thinking, or choose a model with a larger limit.",
            code="model.too_long",
            model=model,
        )
    return ModelError(
        "{model} by {provider} thought, but gave no answer.",
        "Try again, or choose another model in Settings.",
        code="model.empty",
        provider=provider.label,
        model=model,
    )


def cut_short(model: str) -> ModelError:
    return ModelError(
        "{model} reached its length limit before the answer was complete.",
        "Ask for a shorter answer, or choose a model with a larger limit.",
        code="model.too_long",
        model=model,
    )


def filtered(provider: str) -> ModelError:
    return ModelError(
        "The content filter of {provider} stopped the answer.",
        "Rephrase the question.",
        code="model.filtered",
        provider=provider,
    )


def wrong_shape(model: str, reason: str) -> ModelError:
    return ModelError(
        "{model} didn’t fill in the fields correctly ({reason}).",
        "Try again, describe the fields more clearly, or choose a better model.",
        code="model.shape",
        model=model,
        reason=reason[:_LONGEST_DETAIL],
    )


def wrong_arguments(model: str, tool: str) -> ModelError:
    return ModelError(
        "{model} called the tool “{tool}” with values that can’t be read.",
        "Try again, or choose a better model.",
        code="model.shape",
        model=model,
        tool=tool,
    )


def about_pictures(error: Exception, model: str) -> ModelError | None:
    """What is wrong where a server refused the pictures of a request, None where it is something else."""
    if not is_about_pictures(error):
        return None
    most = most_pictures(error)
    return blind(model) if most is None else too_many_pictures(model, most)


def too_many_pictures(model: str, most: int) -> ModelError:
    """`most` is how many it takes, 0 where that is not known."""
    if most:
        return ModelError(
            "{model} accepts up to {most} picture(s) at a time, but got more.",
            "Send fewer pictures with one message, or choose another model for this block.",
            code="model.pictures",
            model=model,
            most=most,
        )
    return ModelError(
        "{model} got more pictures than it accepts at a time.",
        "Send fewer pictures with one message, or choose another model for this block.",
        code="model.pictures",
        model=model,
    )


def blind(model: str) -> ModelError:
    return ModelError(
        "{model} can’t look at images.",
        "Choose a model that can, such as gpt-4.1-mini.",
        code="model.blind",
        model=model,
    )


def no_key(provider: Provider) -> ModelError:
    return ModelError(
        "There is no key for {provider} yet.",
        "Open Settings and add a key, or choose the practice model, which doesn’t need one.",
        code="model.key",
        provider=provider.label,
    )
