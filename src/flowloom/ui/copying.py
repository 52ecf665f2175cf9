"""A button that puts a text on the clipboard."""

import streamlit as st

from flowloom.ui.session import t

SCRIPT = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.title = data.label;
  button.setAttribute("aria-label", data.label);
  button.onclick = async () => {
    await navigator.clipboard.writeText(data.text);
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, 1500);
  };
}
"""
STYLE = """
button {border: 0; background: none; padding: 4px; cursor: pointer; color: var(--st-text-color); opacity: 0.7;
  font: 400 18px/1 "Material Symbols Rounded"; font-feature-settings: "liga"; border-radius: 6px;}
button::after {content: "content_copy";}
button[data-done]::after {content: "check";}
button:hover {opacity: 1;}
button:focus-visible {outline: 2px solid var(--st-primary-color);}
"""
_mount = st.components.v2.component("flowloom.copy", html="<button></button>", css=STYLE, js=SCRIPT)


def copy_button(text: str, key: str) -> None:
    _mount(key=key, data={"text": text, "label": t("Copy")}, width="content", height="content")
