"""Template: what it writes, and what it refuses to do."""

from collections.abc import Callable, Iterator
from time import monotonic, sleep, thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from flowloom.kinds.values import Passage
from flowloom.nodes.data import sandbox
from flowloom.nodes.data.sandbox import LimitError, render
from tests.nodes.conftest import Ports, World

ORDER = {"items": [{"name": "Tea", "price": 3.0}, {"name": "Cake", "price": 4.5}], "paid": True}

WRITTEN = [
    ("Hello {{ name }}!", {"name": "Ada"}, "Hello Ada!"),
    ("{{ a }} {{ b }} {{ c }} {{ d }}", {"a": 3.0, "b": True, "c": None, "d": ["x", "y"]}, "3 yes  x\ny"),
    ("{% for i in order.items %}{{ i.name }}, {% endfor %}", {"order": ORDER}, "Tea, Cake, "),
    ("{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", {"d": {"a": 1, "b": 2}}, "a=1;b=2;"),
    ("{% if order.paid %}paid{% else %}open{% endif %}", {"order": ORDER}, "paid"),
    ("{{ order['items'][0].name.upper() }}", {"order": ORDER}, "TEA"),
    ("{{ order['items'] | map(attribute='name') | join(' & ') }}", {"order": ORDER}, "Tea & Cake"),
    ("{{ order['items'] | sum(attribute='price') }}", {"order": ORDER}, "7.5"),
    ("{{ x | default('none') }} {{ o.missing }}|", {"x": "a", "o": {}}, "a |"),
    ("{{ 2.5 | round }} {{ 'a' ~ 1 ~ 'b' }} {{ 7 // 2 }} {{ 2 ** 3 }} {{ 'a' * 3 }}", {}, "3 a1b 3 8 aaa"),
    ("{% for n in range(3) %}{{ loop.index }}/{{ loop.length }} {% endfor %}", {}, "1/3 2/3 3/3 "),
    ("{% for n in l if n > 1 %}{{ n }}{% else %}none{% endfor %}", {"l": [1, 2, 3]}, "23"),
    ("{% set total = 1 + n %}{{ total }}", {"n": 2}, "3"),
    ("{{ d | tojson }}", {"d": {"a": "é"}}, '{"a":"é"}'),
    ("{{ s | replace('a', 'b') | title }}", {"s": "a cat"}, "B Cbt"),
    ("{{ p[0].text }} ({{ p[0].place }})", {"p": [Passage(text="Ten", file="h.pdf", page=3)]}, "Ten (h.pdf, p. 3)"),
    ("{{ text }}", {"text": "{{ 1 + 1 }}"}, "{{ 1 + 1 }}"),
    ("{{ l | map('upper') }}", {"l": ["a", "b"]}, "A\nB"),
]


@pytest.mark.parametrize(("template", "values", "text"), WRITTEN)
def test_written(world: World, template: str, values: dict[str, Any], text: str) -> None:
    assert world.run_with("template", {"template": template}, values) == {"text": text}
    assert Ports.problems("template", template=template) == []


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ x.__class__.__base__ }}",
    "{{ x['__class__'] }}",
    "{{ x|attr('__class__') }}",
    "{{ x|map(attribute='__class__')|list }}",
    "{{ [x]|map(attribute='__class__')|list }}",
    "{{ [x]|map('attr', '__class__')|list }}",
    "{{ x.__init__.__globals__ }}",
    "{{ (1).__class__ }}",
    "{{ [].append }}",
    "{{ l.append(1) }}",
    "{{ l.pop() }}",
    "{{ d.update({'a': 1}) }}",
    "{{ d.clear() }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__.__builtins__ }}",
    "{{ cycler('a').__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace() }}",
    "{{ config() }}",
    "{{ range.__class__ }}",
    "{{ range }}",
    "{{ ''.format }}",
    "{{ '{0.__class__}'.format(x) }}",
    "{{ '{a.__class__}'.format_map({'a': x}) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%s'|format(x) }}",
    "{{ 'a'.center(1000000000) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ 'a'.zfill(1000000000) }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 'a'|indent(1000000000) }}",
    "{{ 'a'.join(l) }}",
    "{{ 'a'.encode() }}",
    "{{ x.upper }}",
    "{{ [''.upper] }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends 'base' %}",
    "{% block a %}{% endblock %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% set x %}{{ x }}{% endset %}",
    "{% with a = 1 %}{{ a }}{% endwith %}",
    "{% for a in l recursive %}{{ loop(l) }}{% endfor %}",
    "{% for a in [1] %}{{ loop }}{% endfor %}",
    "{% for a in [1] %}{{ loop.__init__ }}{% endfor %}",
    "{% for a in [1] %}{{ loop._iterator }}{% endfor %}",
    "{% do l.append(1) %}",
    "{% autoescape true %}{% endautoescape %}",
    "{{ x|pprint }}",
    "{{ x|random }}",
    "{{ x() }}",
    "{{ x.y.z }}",
    "{{ caller() }}",
    "{{ super() }}",
    "{{ 1 / 0 }}",
    "{{ 'a' + 1 }}",
    "{{",
    "{% if %}",
    "{% for %}",
    "{{ '" + "(" * 3 + " }}",
]


@pytest.mark.parametrize("template", ESCAPES)
def test_escapes_end_in_a_problem(world: World, template: str) -> None:
    with pytest.raises(NodeError):
        world.run_with("template", {"template": template}, {"x": "text", "l": [1, 2], "d": {"b": 2}})


def test_there_are_enough_escapes() -> None:
    assert len(ESCAPES) >= 40


EXCESSES = [
    "{% for a in range(100000000) %}{% endfor %}",
    "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "{% for a in range(9000) %}" + "long text " * 10 + "{% endfor %}",
    "{{ 'a' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 10 ** (10 ** 10) }}",
    "{{ 9 ** 99999999 }}",
    "{% set x = 'aaaaaaaaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 40,
    "{% set x = 'aaaaaaaaaaaaaaaa' %}" + "{% set x = x + x %}" * 40,
    "{% set x = [1, 2, 3, 4] %}" + "{% set x = x + x %}" * 40,
    "{% set x = 99999999999999999 %}" + "{% set x = x * x %}" * 40,
    "{% set x = 'a' * 90000 %}{{ x | replace('a', x) }}",
    "{% set x = 'a' * 90000 %}{{ x | list | join(x) }}",
    "{% set x = 'a' * 900000 %}{{ x }}",
    "{{ 2 | round(1000000000) }}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "{{ " + "-" * 9000 + "1 }}",
    "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "{{ a" + ".b" * 9000 + " }}",
    "{{ " + "not " * 4000 + "1 }}",
    "{{ 1" + "+1" * 9000 + " }}",
    "{% if 1 %}" * 700 + "{% endif %}" * 700,
    "{% for a in [1] %}" * 400 + "{% endfor %}" * 400,
]


@pytest.mark.parametrize("template", EXCESSES, ids=range(len(EXCESSES)))
def test_excesses_end_soon_in_a_problem(world: World, template: str) -> None:
    started = monotonic()
    with pytest.raises(NodeError):
        world.run_with("template", {"template": template}, {"a": {}})
    assert monotonic() - started < 3


def test_work_counts_and_waiting_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that is busy with other things makes no template too long."""
    monkeypatch.setattr(sandbox, "MAX_SECONDS", 0.2)
    each = "{% for item in items %}{{ item }}{% endfor %}"
    assert render(each, {"items": after(lambda: sleep(0.4))}) == "x"
    with pytest.raises(LimitError):
        render(each, {"items": after(work)})


def after(wait: Callable[[], None]) -> Iterator[str]:
    wait()
    yield "x"


def work() -> None:
    end = thread_time() + 0.4
    while thread_time() < end:
        pass


def test_inputs(ports: Ports) -> None:
    template = (
        "{{ b }}{% for a in l %}{{ a }}{{ loop.index }}{% endfor %}{{ 客户 }}{% set c = 1 %}{{ c }}{{ range(2) }}"
    )
    assert ports.inputs("template", template=template) == ["b", "l", "客户"]
    assert ports.inputs("template", template="{{") == []


def test_problems(ports: Ports) -> None:
    assert ports.problems("template", template="") == ["template.empty"]
    assert ports.problems("template", template="{{ a | nope }}") == ["template.unreadable"]
    assert ports.problems("template", template="{% macro m() %}{% endmacro %}") == ["template.unreadable"]


pieces = st.lists(
    st.sampled_from(
        [
            "{{ x }}",
            "{% for i in x %}",
            "{% endfor %}",
            "{{ i.a }}",
            "{{ x.a.b }}",
            "{{ x[0] }}",
            "{% if x %}",
            "{% else %}",
            "{% endif %}",
            "{{ x|length }}",
            "{{ x|first }}",
            "{{ x + x }}",
            "{{ x * 3 }}",
            "{{ x|int }}",
            "{{ x|tojson }}",
            "{{ x|join }}",
            "{{ x|sort }}",
            "{{ x ~ 1 }}",
            "{{ x|round(2) }}",
            "{{",
            "}}",
            "text",
            "{{ x|min }}",
            "{{ x|groupby('a') }}",
            "{{ x.items() }}",
            "{{ x|dictsort }}",
            "{{ -x }}",
            "{{ x|urlencode }}",
            "{{ x|title }}",
            "{{ x|truncate(3) }}",
            "{{ x|unique|list }}",
            "{{ x is divisibleby 0 }}",
            "{{ x|batch(2) }}",
        ]
    ),
    max_size=8,
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(template=pieces.map("".join) | st.text(max_size=30), value=values)
def test_only_flowloom_errors(template: str, value: Any) -> None:
    config = {"template": template}
    Ports.inputs("template", **config)
    Ports.problems("template", **config)
    try:
        World().run_with("template", config, {"x": value})
    except FlowloomError:
        pass
