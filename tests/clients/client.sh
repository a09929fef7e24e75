#!/usr/bin/env bash
# A client of the BO token API in shell with curl: right without a fault, wrong in one way with one.
# usage: client.sh [FAULT]
set -u
fault=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
is() { [ "$fault" = "$1" ]; }

request() { # request FILE ARGUMENTS...: prints the status, the body goes to FILE
  curl -s -A shell-client/1 -D "$work/headers" -o "$1" -w '%{http_code}' --max-time 10 "${@:2}"
}
field() { jq -r ".$1" "$work/pair"; }
take() { access=$(field accessToken) refresh=$(field refreshToken); }
login() {
  status=$(jq -n '{login: env.BO_LOGIN, password: env.BO_PASSWORD}' |
    request "$work/pair" -H 'Content-Type: application/json' --data-binary @- "$BO_BASE_URL/auth/token")
  [ "$status" = 200 ] && take
}
renew() {
  if is login-each-expiry; then login; return; fi
  if is refresh-in-query; then status=$(request "$work/pair" "$BO_BASE_URL/auth/token/refresh?token=$refresh")
  else status=$(request "$work/pair" -H "token: $refresh" "$BO_BASE_URL/auth/token/refresh"); fi
  case $status in
    200) take ;;
    503 | 429) is ignore-503 || sleep "$(retry_after)" ;;
    401 | 000) login || exit 1 ;;
  esac
}
retry_after() { awk 'tolower($1) == "retry-after:" { print $2 + 0; found = 1 } END { if (!found) print 1 }' "$work/headers"; }

login || exit 1
refusals=0
while :; do
  if is basic; then set -- -u "$BO_LOGIN:$BO_PASSWORD"; else set -- -H "Authorization: Bearer $access"; fi
  is follow && set -- "$@" --location-trusted
  status=$(request "$work/answer" "$@" "$BO_BASE_URL$BO_PROBE")
  case $status in
    401)
      refusals=$((refusals + 1))
      [ $refusals -gt 1 ] && ! is hot && sleep $((refusals - 1))
      renew ;;
    429 | 503) is ignore-503 || sleep "$(retry_after)" ;;
    *) refusals=0 ;;
  esac
  is loud && set -x
  sleep 0.05
done
