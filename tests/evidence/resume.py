#!/usr/bin/env python3
"""Ends runs at twenty moments by SIGKILL, SIGINT and SIGTERM, lets `run --resume` judge the rest, and compares with an undisturbed run.

Usage: resume.py PROGRAM [MOMENTS]   One JSON line a moment. Exits 1 when a verdict differs, or the server's lifetimes are not as before.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from paced import FAST, LIVING, Bench, Case, results

CASE = Case([*LIVING, "--rate", "40", "--burst", "40"], FAST)
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
AT_ONCE = 3


def judged(program: str, after: float | None, how: signal.Signals) -> dict:
    """The results of a run that is ended after so many seconds and resumed; of one that is not disturbed without a moment."""
    with tempfile.TemporaryDirectory(prefix="resumed-") as name:
        bench = Bench(CASE, Path(name))
        try:
            process = bench.start(program, ["run"])
            ended = None
            if after is not None:
                try:
                    process.wait(after)
                except subprocess.TimeoutExpired:
                    process.send_signal(how)
                    ended = results(bench.folder)
            first = process.wait(600)
            code = first if after is None else bench.start(program, ["run", "--resume"], "resumed").wait(900)
            came = results(bench.folder)
            stats = bench.stats()
            lifetimes = stats["lifetimes"] == stats["initial_lifetimes"]
            kept = ended and sum(ended.get("counts", {}).get("scenarios", {}).values()) - ended.get("counts", {}).get("scenarios", {}).get("inconclusive", 0)
            return {"first exit": first, "kept": kept, "exit": code, "verdict": came["verdict"], "not passed": came.get("not passed"), "restored": lifetimes}
        finally:
            bench.end()


def main() -> int:
    """Returns 1 when a resumed run ends otherwise than an undisturbed one."""
    program = str(Path(sys.argv[1]).resolve())
    moments = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    began = time.monotonic()
    undisturbed = judged(program, None, signal.SIGKILL)
    length = time.monotonic() - began
    print(json.dumps({"moment": None, "seconds": round(length), **undisturbed}), flush=True)

    def one(number: int) -> bool:
        after, how = length * (number + 0.5) / moments, SIGNALS[number % len(SIGNALS)]
        came = judged(program, after, how)
        same = all(came[what] == undisturbed[what] for what in ("exit", "verdict", "not passed", "restored"))
        print(json.dumps({"moment": round(after, 1), "signal": how.name, "same": same, **came}), flush=True)
        return same

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return 0 if all(list(pool.map(one, range(moments)))) else 1


if __name__ == "__main__":
    sys.exit(main())
