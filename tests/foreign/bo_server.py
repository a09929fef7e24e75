#!/usr/bin/env python3
"""Starts a BO server for tests: prints one line, `listening URL`, and serves until stdin is closed.

`--list` shows the freedoms and defects it can be started with; `GET URL/_stats` shows what a run did to it.
"""

import json
import sys

sys.dont_write_bytecode = True

from bo.catalogue import listing  # noqa: E402
from bo.dress import DRESSES  # noqa: E402
from bo.options import options, parser, place  # noqa: E402
from bo.server import Server, serve_until_stdin_ends  # noqa: E402


def main() -> int:
    """Returns 2 when the command line cannot be followed."""
    line = parser()
    arguments = line.parse_args()
    if arguments.list:
        dresses = [{"name": dress.name, "part": dress.part, "configuration": dress.configuration} for dress in DRESSES]
        print(json.dumps({**listing(), "dresses": dresses}, indent=2))
        return 0
    try:
        server = Server(options(arguments), place(arguments))
    except (ValueError, OSError) as trouble:
        print(f"bo_server.py: {trouble}", file=sys.stderr)
        return 2
    print(f"listening {server.base_url}", flush=True)
    serve_until_stdin_ends(server)
    return 0


if __name__ == "__main__":
    sys.exit(main())
