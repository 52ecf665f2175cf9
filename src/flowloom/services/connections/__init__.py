"""How a person signs in at other services: connections bound to one server each, their keys kept as secrets."""
