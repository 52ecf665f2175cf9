"""The groups operations are shown in, and what fits the words a person types."""

from dataclasses import dataclass

import pytest

from flowloom.kinds.operations import Operation
from flowloom.services.openapi.grouping import find_fitting, group_operations


@dataclass
class Case:
    name: str
    paths: list[str]
    groups: dict[str, int]
    """How many operations each group has. A path may have its tag before it, with a space between."""


CASES = [
    Case("by tag", ["Pets /a", "Pets /b", "Shop /a/c"], {"Pets": 2, "Shop": 1}),
    Case("by first step", ["/pets", "/pets/{id}", "/shop/orders"], {"pets": 2, "shop": 1}),
    Case("behind what all share", ["/api/v1/pets", "/api/v1/shop", "/api/v1/shop/{id}"], {"pets": 1, "shop": 2}),
    Case("one path only", ["/pets/{id}"], {"pets": 1}),
    Case("the shared path itself", ["/pets", "/pets/{id}", "/pets/{id}/photos"], {"pets": 2, "photos": 1}),
    Case("a tag of the same name", ["pets /a", "/pets", "/shop"], {"pets": 2, "shop": 1}),
    Case("nothing to go by", ["/", "/{id}", "/pets"], {"": 2, "pets": 1}),
    Case("none", [], {}),
]


def operation(at: int, path: str, **more: str) -> Operation:
    tag, _, path = path.rpartition(" ")
    return Operation(id=f"op{at}", method="GET", path=path, tag=tag, **more)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_groups(case: Case) -> None:
    found = group_operations([operation(at, path) for at, path in enumerate(case.paths)])
    assert {name: len(inside) for name, inside in found.items()} == case.groups


OPERATIONS = [
    operation(0, "Pets /pets", summary="List pets", about="All of them, also the customers’ own"),
    operation(1, "Pets /pets/{id}", summary="Delete a pet"),
    operation(2, "/customers/{customerId}", summary="Look at one", about="With the address"),
    operation(3, "/orders", summary="créer une commande"),
]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pets", [0, 1]),
        ("  LIST  pet ", [0]),
        ("cust", [2]),
        ("address", [2]),
        ("op1", [1]),
        ("delete customers", [0, 1, 2]),
        ("creer", [3]),
        ("zebra", []),
        ("", [0, 1, 2, 3]),
    ],
)
def test_words_narrow_what_is_shown(words: str, found: list[int]) -> None:
    assert sorted(each.id for each in find_fitting(OPERATIONS, words)) == [f"op{at}" for at in found]
