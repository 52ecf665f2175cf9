"""Writers of flows as programs and as files of other builders, one folder each."""
