#!/usr/bin/env python3
"""Prints a fresh one-time token of a login, by a call of the test server that is not part of the BO API.

Stands for the command that a certifier configures as the source of one-time tokens.
"""

import json
import ssl
import sys
import urllib.request


def mint(base_url: str, login: str) -> str:
    """A fresh one-time token. Raises OSError when the server does not give one."""
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unverified)
    )
    request = urllib.request.Request(
        f"{base_url}/_mint", json.dumps({"login": login}).encode(), {"Content-Type": "application/json"}
    )
    with opener.open(request, timeout=10) as answer:
        return str(json.load(answer)["minted"])


def main() -> int:
    """Returns 1 when there is no token, 2 when it is called wrongly."""
    if len(sys.argv) != 3:
        print("usage: mint_ott.py BASE_URL LOGIN", file=sys.stderr)
        return 2
    try:
        print(mint(sys.argv[1], sys.argv[2]))
    except OSError as trouble:
        print(f"mint_ott.py: no token for {sys.argv[2]}: {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
