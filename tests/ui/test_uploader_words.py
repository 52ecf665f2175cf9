"""The file uploader speaks the language of the person."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from flowloom.ui.uploader_words import uploader_words

    st.html(uploader_words())


@pytest.mark.parametrize(
    ("language", "one", "several"),
    [
        ("en", ("Choose a file", "or drop it here"), ("Choose files", "or drop them here")),
        ("zh", ("选择文件", "或拖放到这里"), ("选择文件", "或拖放到这里")),
        ("fr", ("Choisir un fichier", "ou déposez-le ici"), ("Choisir des fichiers", "ou déposez-les ici")),
    ],
)
def test_it_says_what_to_do_with_one_file_and_with_several(
    language: str, one: tuple[str, str], several: tuple[str, str]
) -> None:
    app = AppTest.from_function(page, default_timeout=20)
    app.session_state["language"] = language
    style = app.run().get("html")[0].proto.body
    for_several, for_one = [], []
    for rule in style.split("}"):
        (for_several if "multiple" in rule else for_one).append(rule)
    assert all(f'content: "{words}"' in "".join(for_one) for words in one)
    assert all(f'content: "{words}"' in "".join(for_several) for words in several)
