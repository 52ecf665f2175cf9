"""What needs a package that not everybody installs says so."""

import sys
from datetime import date

import pytest

from flowloom.earning import statement_pdf
from flowloom.earning.problems import EarningError
from flowloom.earning.sepa import as_sepa
from flowloom.earning.statements import Statement
from tests.earning.shop import IBAN, Shop


def pdf(shop: Shop) -> object:
    statement_pdf._fonts.cache_clear()
    return statement_pdf.as_pdf(Statement("2026-11", {}, (), {}), "Mo", "Shop", "en")


def sepa(shop: Shop) -> object:
    shop.sell(shop.gpt("mo-echo"))
    shop.paying.keep_payee("mo", "Mo", IBAN)
    return as_sepa(shop.selling.settings, shop.paying.set_aside(), date(2026, 11, 30))


def stripe(shop: Shop) -> object:
    return shop.selling.receive("stripe", b"{}", {})


@pytest.mark.parametrize(
    ("package", "work", "extra"),
    [("reportlab.pdfbase", pdf, "selling"), ("sepaxml", sepa, "selling"), ("stripe", stripe, "stripe")],
)
def test_a_missing_package_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch, package, work, extra) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EarningError, match=rf"install it: flowloom\[{extra}\]"):
        work(shop)
