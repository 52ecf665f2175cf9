"""How a flow runs: checked first, then executed node by node, told as events."""
