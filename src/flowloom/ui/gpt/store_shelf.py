"""Where a GPT stands in the store: its category, from which age it is meant to be used, and its price."""

from typing import Any

import streamlit as st

from flowloom.gallery.categories import AGES, CATEGORIES, LONGEST, category_of
from flowloom.store.publications import Terms
from flowloom.ui.gpt.price import draw_price
from flowloom.ui.session import t


def draw_shelf(terms: Terms, flow_id: str, key: str) -> dict[str, Any]:
    """What the terms say of it after this."""
    own = [terms.category] if terms.category and terms.category not in CATEGORIES else []
    options = [*CATEGORIES, *own]
    category, age = st.columns([2, 1])
    chosen = category.selectbox(
        t("Category"),
        options,
        options.index(terms.category) if terms.category in options else None,
        format_func=lambda each: t(CATEGORIES[each]) if each in CATEGORIES else each,
        accept_new_options=True,
        placeholder=t("Choose one, or type your own"),
        key=f"{key}_category",
    )
    from_age = age.selectbox(
        t("Age"),
        AGES,
        AGES.index(terms.from_age) if terms.from_age in AGES else 0,
        format_func=lambda years: t("from {age}", age=years) if years else t("Everybody"),
        key=f"{key}_age",
    )
    price = draw_price(terms, flow_id, key)
    return {"category": category_of(chosen or "")[:LONGEST], "from_age": from_age, "price": price}
