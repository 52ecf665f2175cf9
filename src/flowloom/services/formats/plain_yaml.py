"""YAML that is made of lists, fields and values alone, built straight from what the parser tells: twice as fast.

What most builders write is such YAML. Anchors, tags and merges are left to the loader itself.
"""

from collections.abc import Iterator
from typing import Any

from flowloom.services.formats.yaml12 import MAX_PARTS

_NOTHING: Any = object()


class NotPlain(Exception):
    """There is more in the text than this reads; the loader itself is to be asked."""


class TooDeep(Exception):
    """Collections within collections, beyond the depth that is read."""


def build_plain(text: str, loader: Any, max_depth: int, keys_are_text: bool) -> Any:
    """The data of a text as the loader, a class of PyYAML, would give it. Raises NotPlain, TooDeep.

    With `keys_are_text`, a key is what is written, whatever value it would have elsewhere.
    """
    import yaml  # type: ignore[import-untyped]

    if len(text) > 2 * MAX_PARTS:
        raise NotPlain  # there may be more parts than are read, which the loader counts
    values = loader("")
    try:
        return _Tree(values, max_depth, keys_are_text).built(yaml.parse(text, Loader=loader))
    except (yaml.YAMLError, ValueError, TypeError, IndexError):
        raise NotPlain from None  # the loader says what is wrong, and where
    finally:
        values.dispose()


class _Tree:
    def __init__(self, values: Any, max_depth: int, keys_are_text: bool) -> None:
        self._values, self._max_depth, self._keys_are_text = values, max_depth, keys_are_text
        self._known: dict[str, Any] = {}
        self._open: list[Any] = []
        self._keys: list[Any] = []
        """The key of each open collection that waits for its value."""

    def built(self, events: Iterator[Any]) -> Any:
        import yaml

        root: list[Any] = []
        self._open, self._keys = [root], [_NOTHING]
        for event in events:
            match type(event):
                case yaml.ScalarEvent:
                    self._put_scalar(event)
                case yaml.MappingStartEvent:
                    self._begin({}, event)
                case yaml.SequenceStartEvent:
                    self._begin([], event)
                case yaml.MappingEndEvent | yaml.SequenceEndEvent:
                    self._open.pop()
                    self._keys.pop()
                case yaml.AliasEvent:
                    raise NotPlain
        if len(root) != 1:
            raise NotPlain
        return root[0]

    def _begin(self, collection: Any, event: Any) -> None:
        if event.anchor or event.tag or (self._awaits_key() and self._keys[-1] is _NOTHING):
            raise NotPlain
        if len(self._open) > self._max_depth:
            raise TooDeep
        self._put(collection)
        self._open.append(collection)
        self._keys.append(_NOTHING)

    def _put_scalar(self, event: Any) -> None:
        if event.anchor or event.tag:
            raise NotPlain
        is_key = self._awaits_key() and self._keys[-1] is _NOTHING
        if not event.implicit[0] or (is_key and self._keys_are_text and event.value != "<<"):
            self._put(event.value)
        else:
            self._put(self._value_of(event.value))

    def _awaits_key(self) -> bool:
        return type(self._open[-1]) is dict

    def _put(self, value: Any) -> None:
        holder = self._open[-1]
        if type(holder) is list:
            holder.append(value)
        elif self._keys[-1] is _NOTHING:
            self._keys[-1] = value
        else:
            holder[self._keys[-1]] = value
            self._keys[-1] = _NOTHING

    def _value_of(self, written: str) -> Any:
        """What a value without quotes is, asked of the loader once."""
        if written not in self._known:
            import yaml

            tag = self._values.resolve(yaml.ScalarNode, written, (True, False))
            if tag.endswith(":merge"):
                raise NotPlain
            self._known[written] = self._values.construct_object(yaml.ScalarNode(tag, written), deep=True)
        return self._known[written]
