"""Flows of other builders, run by their own engine and by ours on the same messages, against one scripted model."""
