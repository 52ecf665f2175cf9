"""What may leave a GPT whose texts are protected: short quotes, and no long one, in whatever disguise."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.locales import translate
from flowloom.services.protection.addresses import readings, spans_of
from flowloom.services.protection.disguises import decoded, shifted
from flowloom.services.protection.letters import Fold, Letters, fold, fold_without_digits
from flowloom.services.protection.quotes import Quote, Quotes

ALTOGETHER = 3
"""How many quotes of the full length one text may hold."""
PHRASE = 6
"""Words of the shortest repetition that is no common phrase."""
NEIGHBOURS = 60
"""Letters of the source between two quotes that make them parts of one, however many answers apart."""
PIECE = 80
"""Letters of a streamed text that are looked at together."""
WINDOW = 60
"""Letters to look back over for each word a quote may have."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Protected:
    """The fingerprints of all protected texts, as they are spelled and without their digits."""

    prints: Sequence[tuple[Fold, Quotes]]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Protected":
        kept = list(texts)
        return cls([(how, Quotes(map(how, kept))) for how in (fold, fold_without_digits)])

    def with_more(self, texts: Sequence[str]) -> "Protected":
        """The same with further texts."""
        return Protected([*self.prints, *Protected.of(texts).prints]) if texts else self


class QuoteGuard:
    """Fulfils `Guard`. `words` is how long a quote may be; `said` is what has left already in this conversation."""

    protects = True

    def __init__(self, protected: Protected, words: int, said: Sequence[str] = (), language: str = "en") -> None:
        self._protected, self._words, self._language = protected, words, language
        self._told = [
            _apart(
                [(quote.source, quote.source_end) for text in said for quote in _phrases(quotes, how(text))],
                NEIGHBOURS,
            )
            for how, quotes in protected.prints
        ]

    def clean(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        """The same values without long quotes, and how many were taken out."""
        cut = 0

        def cleaned(value: Any) -> Any:
            nonlocal cut
            if isinstance(value, str):
                spans = self.spans(value)
                cut += len(spans)
                return self._without(value, spans)
            if isinstance(value, Mapping):
                return {cleaned(key) if isinstance(key, str) else key: cleaned(one) for key, one in value.items()}
            if isinstance(value, list | tuple):
                return [cleaned(one) for one in value]
            return value

        return cleaned(values), cut

    def listen(self) -> Callable[[str], str]:
        """A function that is given a text piece by piece and returns what of it may be shown.

        Once a quote grows too long it says no more: the whole text, when it is there, takes its place.
        """
        text, shown, silent = "", 0, False

        def hear(piece: str) -> str:
            nonlocal text, shown, silent
            text += piece
            if silent or (len(text) - shown < PIECE and not piece.endswith("\n")):
                return ""
            if self.spans(text[max(0, shown - self._words * WINDOW) :]):
                silent = True
                return ""
            told, shown = text[shown:], len(text)
            return told

        return hear

    def spans(self, text: str) -> list[Span]:
        """The stretches of a text that must not leave, in order and apart from each other."""
        found = list(self._plain(text))
        found += [span for span, said in decoded(text) if self._says(said)]
        if any(self._says(said) for said in readings(text)):
            found += spans_of(text)
        return _apart(found)

    def _says(self, text: str) -> bool:
        return any(True for _ in self._plain(text))

    def _plain(self, text: str) -> Iterable[Span]:
        for (how, quotes), told in zip(self._protected.prints, self._told, strict=True):
            letters = Letters.of(text, how)
            for quote in self._too_long(quotes, letters.folded, told):
                yield letters.span(quote.start, quote.end)
            for quote in self._too_long(quotes, shifted(letters.folded)):
                yield letters.span(quote.start, quote.end)
            length = len(letters.folded)
            for quote in self._too_long(quotes, letters.folded[::-1]):
                yield letters.span(length - quote.end, length - quote.start)

    def _too_long(self, quotes: Quotes, folded: str, told: Sequence[Span] = ()) -> Iterable[Quote]:
        altogether = 0.0
        for quote in _phrases(quotes, folded):
            altogether += quote.words
            known = _whole(quotes, quote, told)
            if (
                quote.words > self._words
                or altogether > self._words * ALTOGETHER
                or (known > quote.words and known > self._words * 2)
            ):
                yield quote

    def _without(self, text: str, spans: Sequence[Span]) -> str:
        for start, end in reversed(spans):
            text = text[:start] + translate("[… protected …]", self._language) + text[end:]
        return text


def _phrases(quotes: Quotes, folded: str) -> list[Quote]:
    return [quote for quote in quotes.find(folded) if quote.words >= PHRASE]


def _whole(quotes: Quotes, quote: Quote, told: Sequence[Span]) -> float:
    """How many words of the source are known where this quote stands, with its neighbours from earlier answers."""
    start, end = quote.source, quote.source_end
    for other_start, other_end in told:
        if other_start <= end + NEIGHBOURS and other_end >= start - NEIGHBOURS:
            start, end = min(start, other_start), max(end, other_end)
    return quotes.words(start, end)


def _apart(spans: Iterable[Span], near: int = 0) -> list[Span]:
    """The same stretches in order, those that meet or are near each other as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + near:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
