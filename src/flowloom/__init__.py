"""Flowloom: weave your own GPT from blocks on a canvas."""

__version__ = "0.1.0"
