#!/usr/bin/env python3
"""A cluster of BO nodes that may be wrong in one of many ways, for tests: prints one line of JSON with its URLs, and serves until stdin
is closed. `--list` shows the ways. `POST control/mint` makes a one-time token, `POST control/restart` restarts all nodes."""

import argparse
import json
import sys

sys.dont_write_bytecode = True

from bo_nodes.blind import load  # noqa: E402
from bo_nodes.cluster import Cluster  # noqa: E402
from bo_nodes.serving import Front, serve_control  # noqa: E402


def main() -> int:
    line = argparse.ArgumentParser(prog="bo_nodes_server.py", description=__doc__.splitlines()[0])
    line.add_argument("--list", action="store_true")
    line.add_argument("--blind", choices=sorted(load()))
    line.add_argument("--nodes", type=int, default=3)
    line.add_argument("--host", default="127.0.0.1")
    line.add_argument("--user", action="append", default=[], metavar="LOGIN:PASSWORD")
    line.add_argument("--freedom", action="append", default=[])
    line.add_argument("--lag", type=float, default=1e9, help="seconds; without it other nodes never learn")
    line.add_argument("--balance", choices=["sticky", "connection", "request"], default="connection")
    for kind, seconds in (("access", 300), ("refresh", 3600), ("ott", 60)):
        line.add_argument(f"--{kind}-lifetime", type=int, default=seconds)
    arguments = line.parse_args()
    if arguments.list:
        print(json.dumps([{"name": b.name, "kind": b.kind, "summary": b.summary, "breaks": b.breaks, "needs": b.needs}
                          for b in load().values()], indent=1))
        return 0
    made = load()[arguments.blind].make if arguments.blind else Cluster
    front = Front(made(arguments), arguments.host)
    urls = [server.url for server in front.servers]
    print(json.dumps({"balancer": urls[0], "nodes": urls[1:], "control": serve_control(front)}), flush=True)
    while sys.stdin.buffer.read(4096):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
