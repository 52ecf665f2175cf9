"""Which lines let a block run, for builders that have no values along lines but an order of steps.

There a step runs as soon as one of the lines into it was taken; here it runs where every input that it needs has
something. Both are the same if only the input that may stay empty has lines, and what else it reads has run before.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from flowloom.run.planning.plan import Link, Plan, Step


class Ways:
    """The lines of a plan as such a builder draws them."""

    def __init__(self, plan: Plan, optional: Mapping[str, frozenset[str]]) -> None:
        """`optional`: by the id of a step, its outputs that may give nothing."""
        self._plan, self.optional = plan, optional
        self._conditions: dict[str, frozenset[tuple[str, str]]] = {}
        self.unclear: set[str] = set()
        """Steps that need several inputs each of which may stay empty."""

    @cached_property
    def lines(self) -> list[tuple[Link, str]]:
        """The lines that are drawn, each with the id of the step it leads to."""
        found, early = list[tuple[Link, str]](), list[tuple[Step, Step]]()
        for step in self._plan.steps:
            drawn, others = self._of(step)
            found += [(link, step.id) for link in drawn]
            early += [(link.source, step) for link in others]
        return found + [(link, at) for source, step in early for link, at in self._before(source, step)]

    def is_sure(self, step: Step) -> bool:
        """Whether a step runs each time."""
        return self._sure[step.id]

    def condition(self, step: Step) -> frozenset[tuple[str, str]]:
        """The outputs, by step, one of which has to bring something; none where it runs each time."""
        return frozenset() if self._sure[step.id] else self._conditions[step.id]

    @cached_property
    def _sure(self) -> dict[str, bool]:
        sure: dict[str, bool] = {}
        for step in in_order(self._plan):
            groups = by_input(step)
            needed = [links for name, links in groups.items() if step.inputs[name].required]
            chosen = needed or ([[link for links in groups.values() for link in links]] if groups else [])
            unsure = [links for links in chosen if not self._is_sure(links, sure)]
            sure[step.id] = not unsure
            self._conditions[step.id] = self._of_links(unsure[0]) if unsure else frozenset()
        return sure

    def _is_sure(self, links: list[Link], sure: Mapping[str, bool]) -> bool:
        """Whether one of some lines brings something each time: a sure one, or one for each way of a choice."""
        if any(self._always(link, sure) for link in links):
            return True
        taken = self._of_links(links)
        forks = {fork for fork, _ in taken if sure.get(fork)}
        return any(self._all_ways(fork) <= {port for each, port in taken if each == fork} for fork in forks)

    def _all_ways(self, fork: str) -> set[str]:
        step = next(step for step in self._plan.steps if step.id == fork)
        ways = {port.id for port in step.kind.ways_out(step.config)}
        return ways or {"all of them: it does not choose"}

    def _of_links(self, links: Iterable[Link]) -> frozenset[tuple[str, str]]:
        """On which ways it hangs whether one of some lines brings something: outputs of steps, by their ids."""
        found = set[tuple[str, str]]()
        for link in links:
            own = link.port in self.optional.get(link.source.id, frozenset())
            found |= {(link.source.id, link.port)} if own else self._conditions.get(link.source.id, frozenset())
        return frozenset(found)

    def _always(self, link: Link, sure: Mapping[str, bool]) -> bool:
        return sure.get(link.source.id, False) and link.port not in self.optional.get(link.source.id, frozenset())

    def _of(self, step: Step) -> tuple[list[Link], list[Link]]:
        """The lines that let a step run, and those from what it only reads."""
        groups = by_input(step)
        needed = {name: links for name, links in groups.items() if step.inputs[name].required}
        unsure = [links for links in needed.values() if not self._is_sure(links, self._sure)]
        every = [link for links in groups.values() for link in links]
        if len({self._of_links(links) for links in unsure}) > 1:
            self.unclear.add(step.id)
        if unsure:
            drawn = unsure[0]
        elif needed:
            drawn = [link for links in needed.values() for link in links]
            drawn += [link for name, links in groups.items() if name not in needed for link in links]
        else:
            drawn = every
        return drawn, [link for link in every if link not in drawn]

    def _before(self, source: Step, step: Step) -> Iterable[tuple[Link, str]]:
        """Lines that have a source run before the choice that leads to a step, where it would not have anyway."""
        if not self.is_sure(source):
            return
        for fork in self._forks_before(step, set()):
            if source is not fork and not leads_to(source, fork) and not leads_to(fork, source):
                yield Link(source, next(iter(source.outputs), ""), fork, "", None, 0), fork.id

    def _forks_before(self, step: Step, seen: set[str]) -> Iterable[Step]:
        """The nearest steps above that run each time and whose ways may stay empty."""
        for link in step.incoming:
            if link.back or link.source.id in seen:
                continue
            seen.add(link.source.id)
            if not self.is_sure(link.source):
                yield from self._forks_before(link.source, seen)
            elif not self._always(link, self._sure):
                yield link.source


def by_input(step: Step) -> dict[str, list[Link]]:
    """The lines into each input, in the order of the file; those that lead back in a loop are left out."""
    groups: dict[str, list[Link]] = {}
    for link in sorted(step.incoming, key=lambda link: link.place):
        if link.back is None:
            groups.setdefault(link.input, []).append(link)
    return groups


def in_order(plan: Plan) -> list[Step]:
    """The steps, each after all that lead to it."""
    left, done, found = list(plan.steps), set[str](), list[Step]()
    while left:
        ready = [step for step in left if all(link.source.id in done for link in step.incoming if not link.back)]
        for step in ready or left[:1]:
            left.remove(step)
            done.add(step.id)
            found.append(step)
    return found


def leads_to(source: Step, target: Step) -> bool:
    """Whether a way leads from one step to the other."""
    waiting, seen = [source], set[str]()
    while waiting:
        step = waiting.pop()
        for link in step.outgoing:
            if link.target is target:
                return True
            if link.back is None and link.target.id not in seen:
                seen.add(link.target.id)
                waiting.append(link.target)
    return False
