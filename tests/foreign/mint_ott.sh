#!/usr/bin/env bash
# Prints a fresh one-time token of a login, by a call of the test server (http://) that is not part of the BO API.
# Stands for the command that a certifier configures. A run starts it some hundred times, so it starts no interpreter that takes longer than the call.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: mint_ott.sh BASE_URL LOGIN" >&2; exit 2; }
rest=${1#http://} login=$2
authority=${rest%%/*}
body="{\"login\": \"$login\"}"
exec 3<>"/dev/tcp/${authority%:*}/${authority##*:}"
printf 'POST /%s/_mint HTTP/1.0\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s' "${rest#*/}" "$authority" "${#body}" "$body" >&3
answer=$(tr -d '\r' <&3)
token=${answer##*\"minted\": \"}
[ "$token" != "$answer" ] || { echo "mint_ott.sh: no token for $login: ${answer%%$'\n'*}" >&2; exit 1; }
echo "${token%%\"*}"
