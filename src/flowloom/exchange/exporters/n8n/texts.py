TEXTS: dict[str, dict[str, str]] = {"zh": {}, "fr": {}}
