"""Folders of PromptFlow: flow.dag.yaml with its prompts and Python."""
