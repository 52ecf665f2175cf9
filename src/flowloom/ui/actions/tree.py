"""The operations of a service as a tree: groups that open and close, a search, and what is ticked in them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import ceil

import streamlit as st

from flowloom.kinds.operations import Operation
from flowloom.services.openapi.grouping import find_fitting, group_operations
from flowloom.ui.messages import plain
from flowloom.ui.session import t

PAGE = 25
"""Operations drawn of one group; the others are on further pages."""
GROUPS = 40
"""Groups drawn at a time."""
ROWS = 150
"""Operations drawn at once, whatever is open."""
OPENED = 50
"""Operations drawn of the groups that open of themselves."""
WIDTH = 720
"""Pixels at most, lest what belongs together stands far apart."""
FEW = 12
"""As many operations need no opening of groups."""

Groups = Mapping[str, Sequence[Operation]]
Take = Callable[[Operation], None]


def forget_ticks(key: str) -> None:
    """Call it in a callback: the next tree begins with what is chosen by then."""
    st.session_state.pop(f"{key}:ticked", None)


class Tree:
    """A tree whose ticks outlive a search, a page and a closed group; at first, `chosen` are ticked."""

    def __init__(self, operations: Sequence[Operation], key: str, chosen: Collection[tuple[str, str, str]]) -> None:
        self._operations, self._key = operations, key
        self._chosen = {each.id for each in operations if (each.id, each.method, each.path) in chosen}
        st.session_state.setdefault(f"{key}:ticked", self._chosen)

    @property
    def ticked(self) -> list[Operation]:
        return [operation for operation in self._operations if operation.id in self._ids]

    @property
    def _ids(self) -> set[str]:
        found: set[str] = st.session_state[f"{self._key}:ticked"]
        return found

    @property
    def _query(self) -> str:
        return str(st.session_state.get(f"{self._key}:query", "")).strip()

    def search(self) -> Groups:
        """Ask for words; the groups with what fits them."""
        st.text_input(t("Search operations"), placeholder=t("What should it do?"), key=f"{self._key}:query")
        groups = group_operations(self._operations)
        if not self._query:
            return groups
        fitting = {operation.id for operation in find_fitting(self._operations, self._query)}
        if not fitting:
            st.info(t("No operation matches. Try other words, or look through the groups."))
        narrowed = {name: [each for each in inside if each.id in fitting] for name, inside in groups.items()}
        return {name: inside for name, inside in narrowed.items() if inside}

    def draw(self, groups: Groups, take: Take | None = None) -> None:
        """`take` is what the button of an operation does; without it, there are boxes to tick."""
        opened, left = self._opened(groups), ROWS
        with st.container(width=WIDTH):
            for name in list(groups)[self._page(len(groups), GROUPS, "groups")]:
                left -= self._draw_group(groups, name, name in opened, left, take)

    def tick(self, operations: Sequence[Operation], wanted: bool, groups: Groups) -> None:
        """Call it in a callback: the boxes on the page follow."""
        ids = {operation.id for operation in operations if can_be_taken(operation)}
        ticked = self._ids | ids if wanted else self._ids - ids
        st.session_state[f"{self._key}:ticked"] = ticked
        for name, inside in groups.items():
            follow(self._at("group", name), _all_in(inside, ticked))
            for operation in inside:
                follow(self._box(operation), operation.id in ticked)

    def _at(self, part: str, name: str) -> str:
        """The key of what a search shows: another search draws it anew."""
        return f"{self._key}:{part}:{self._query}:{name}"

    def _box(self, operation: Operation) -> str:
        return f"{self._key}:tick:{operation.id}"

    def _opened(self, groups: Groups) -> set[str]:
        """The groups that stand open until a person closes them: what fits, few as they are, or what is chosen."""
        everything = self._query or sum(map(len, groups.values())) <= FEW or len(groups) == 1
        opened, left = set(), OPENED
        for name, inside in groups.items():
            if left > 0 and (everything or any(each.id in self._chosen for each in inside)):
                opened.add(name)
                left -= min(len(inside), PAGE)
        return opened

    def _page(self, count: int, size: int, name: str) -> slice:
        """Which of so many items are on the page a person is on, and the way to the others."""
        if count <= size:
            return slice(count)
        page = st.pagination(ceil(count / size), key=self._at("page", name), max_visible_pages=5)
        return slice((page - 1) * size, page * size)

    def _draw_group(self, groups: Groups, name: str, opened: bool, left: int, take: Take | None) -> int:
        """Returns how many operations it drew."""
        inside, title = groups[name], plain(name or t("Other"))
        with st.container(horizontal=True, gap="small"):
            if take is None:
                self._draw_box_of_group(groups, name, title)
            # What is ticked is no part of the label: a label that changes is a new expander, drawn anew.
            label = f"**{title}**" if take is None else f"**{title}** :gray[· {len(inside)}]"
            key = self._at("open", name)
            with st.expander(label, opened, key=key, type="compact", on_change="rerun") as group:
                drawn = self._draw_inside(groups, name, left, take) if group.open else 0
            if take is None:
                ticked = sum(operation.id in self._ids for operation in inside)
                st.markdown(f":small[:gray[{ticked}/{len(inside)}]]", width=56, text_alignment="right")
        return drawn

    def _draw_box_of_group(self, groups: Groups, name: str, title: str) -> None:
        inside, key = groups[name], self._at("group", name)
        st.checkbox(
            t("Select all in {name}", name=title),
            _all_in(inside, self._ids),
            key=key,
            label_visibility="collapsed",
            on_change=lambda: self.tick(inside, st.session_state[key], groups),
        )

    def _draw_inside(self, groups: Groups, name: str, left: int, take: Take | None) -> int:
        if left <= 0:
            st.caption(t("Too many groups are open. Close one to see this one."))
            return 0
        rows = groups[name][self._page(len(groups[name]), PAGE, f"rows:{name}")]
        for operation in rows:
            if take is None:
                self._draw_tick(operation, groups)
            else:
                self._draw_row(operation, take)
        return len(rows)

    def _draw_tick(self, operation: Operation, groups: Groups) -> None:
        key = self._box(operation)
        st.checkbox(
            _said(operation),
            operation.id in self._ids,
            key=key,
            disabled=not can_be_taken(operation),
            help=_why_not(operation),
            on_change=lambda: self.tick([operation], st.session_state[key], groups),
        )

    def _draw_row(self, operation: Operation, take: Take) -> None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_said(operation), width="stretch")
            st.button(
                t("Choose"),
                icon=":material/check:" if operation.id in self._chosen else None,
                key=f"{self._key}:take:{operation.id}",
                disabled=not can_be_taken(operation),
                help=_why_not(operation),
                on_click=lambda: take(operation),
            )


def follow(box: str, wanted: bool) -> None:
    """Set a box that is on the page, in a callback."""
    if st.session_state.get(box, wanted) != wanted:
        st.session_state[box] = wanted


def can_be_taken(operation: Operation) -> bool:
    return operation.body != "files"


def _all_in(operations: Sequence[Operation], ticked: Collection[str]) -> bool:
    ids = [operation.id for operation in operations if can_be_taken(operation)]
    return bool(ids) and all(id in ticked for id in ids)


def _said(operation: Operation) -> str:
    return f"**{plain(operation.title)}**  \n:small[:gray[{operation.method} {plain(operation.path)}]]"


def _why_not(operation: Operation) -> str | None:
    return None if can_be_taken(operation) else t("It needs a file, which can’t be sent yet.")
