#!/bin/sh
# A double click on macOS opens this in Terminal; it starts Flowloom.
exec "$(dirname "$0")/start.sh" "$@"
