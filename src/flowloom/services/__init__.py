"""The outside world: models, knowledge, the network and the keys to them."""
