#!/bin/bash
# A client as people write it with curl: each call is a process, the pair lives in a file.  curl.sh [NAME]
set -u
way=${1:-correct}
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
umask 077
file=$dir/pair.json
field() { sed -n "s/.*\"$1\" *: *\"\{0,1\}\([^,\"}]*\).*/\1/p" "$2"; }

log_in() {
    local pause=1 code
    while :; do
        code=$(curl -s -o "$dir/new" -w '%{http_code}' -H 'Content-Type: application/json' \
            --data-binary "{\"login\":\"$BO_LOGIN\",\"password\":\"$BO_PASSWORD\"}" "$BO_BASE_URL/auth/token")
        [ "$code" = 200 ] && { mv "$dir/new" "$file"; return; }
        [ "$way" = stubborn-login ] || sleep $pause
        pause=$((pause < 60 ? pause * 2 : 60))
    done
}

refresh() {
    local lost=0 code
    while :; do
        case $way in
            refresh-by-url) code=$(curl -s -o "$dir/new" -w '%{http_code}' "$BO_BASE_URL/auth/token/refresh?refreshToken=$(field refreshToken "$file")") ;;
            *) code=$(curl -s -D "$dir/headers" -o "$dir/new" -w '%{http_code}' -H "token: $(field refreshToken "$file")" "$BO_BASE_URL/auth/token/refresh") ;;
        esac
        case $code in
            200) [ "$way" = never-stores ] && { sed -i "s/\"accessToken\" *: *\"[^\"]*\"/\"accessToken\":\"$(field accessToken "$dir/new")\"/" "$file"; return; }
                 mv "$dir/new" "$file"; return ;;
            000) lost=$((lost + 1)); [ $lost -ge 2 ] && { log_in; return; } ;;
            429 | 5*) wait_as_asked ;;
            *) log_in; return ;;
        esac
    done
}

wait_as_asked() {
    local seconds
    seconds=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]*\).*/\1/p' "$dir/headers" | tail -1)
    sleep "${seconds:-1}"
}

follow=
[ "$way" = follows ] && follow="-L --location-trusted"
refusals=0
log_in
while :; do
    # shellcheck disable=SC2086
    case $way in
        user-password) code=$(curl -s -D "$dir/headers" -o /dev/null -w '%{http_code}' -u "$BO_LOGIN:$BO_PASSWORD" "$BO_BASE_URL$BO_PROBE") ;;
        *) code=$(curl -s $follow -D "$dir/headers" -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $(field accessToken "$file")" "$BO_BASE_URL$BO_PROBE") ;;
    esac
    case $code in
        200) refusals=0 ;;
        401) [ $refusals -gt 0 ] && sleep $((1 << (refusals < 5 ? refusals : 5)))
             refusals=$((refusals + 1)); refresh ;;
        429 | 503) wait_as_asked ;;
        000) sleep 1 ;;
    esac
    [ "$way" = trace ] && echo "+ curl -H 'Authorization: Bearer $(field accessToken "$file")'" >&2
    sleep 0.1
done
