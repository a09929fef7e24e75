"""Odd servers that keep the contract: what differs on the wire, in time and under load."""

import itertools
import json
import random
import re
import secrets
import threading
import time
from email.utils import formatdate

from .blind import ISSUE, PROTECTED, REFRESH, SETTINGS, VERIFY, around, given_text, is_call
from .messages import Answer
from .refusals import Mistake

KNOWN = (ISSUE, REFRESH, VERIFY, SETTINGS, *PROTECTED)
count = itertools.count(1)
"""Requests to a server whose oddity comes now and then. A process runs one server."""


def with_raw(answer, raw):
    """The answer with its JSON written in another way."""
    if answer.text is None and not answer.without_body:
        answer.raw = raw(answer.value).encode()
    return answer


@around()
def speaks_http_1_0(request, inner, state):
    """Every answer is HTTP/1.0 and ends its connection."""
    answer = inner(request)
    answer.form.version = "HTTP/1.0"
    return answer


@around()
def no_date(request, inner, state):
    """Answers have neither a Date nor a Server header."""
    answer = inner(request)
    answer.headers |= {"Date": None, "Server": None}
    return answer


@around()
def date_hours_ahead(request, inner, state):
    """The server's calendar is five hours ahead; its lifetimes are right."""
    answer = inner(request)
    answer.headers["Date"] = formatdate(time.time() + 5 * 3600, usegmt=True)
    return answer


@around()
def date_of_a_leap_second(request, inner, state):
    """Dates are in the old form of RFC 850, with a leap second, or of a day that does not exist."""
    answer = inner(request)
    answer.headers["Date"] = random.choice(
        ["Saturday, 31-Dec-16 23:59:60 GMT", "Sat, 31 Dec 2016 23:59:60 GMT", "Thu, 30 Feb 2023 25:61:00 GMT", "0"]
    )
    return answer


@around()
def early_hints(request, inner, state):
    """An interim answer 103 goes before every answer."""
    answer = inner(request)
    answer.form.prelude = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    return answer


@around()
def odd_header_case(request, inner, state):
    """Names of headers are written in alternating case."""
    answer = inner(request)
    answer.form.spell = lambda name: "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(name))
    return answer


@around()
def hangs_up_unannounced(request, inner, state):
    """One answer in seven is the last of its connection, which closes without a word."""
    answer = inner(request)
    answer.form.hangs_up = next(count) % 7 == 0
    return answer


@around()
def odd_content_type(request, inner, state):
    """The content type is in capitals, with a quoted charset and another parameter."""
    answer = inner(request)
    if answer.payload() is not None:
        answer.headers["Content-Type"] = 'Application/JSON ; Charset="utf-8"; v=1'
    return answer


@around()
def escaped_json(request, inner, state):
    """Every character of every string in JSON is written as an escape."""
    def escaped(value):
        return re.sub(r'"((?:[^"\\]|\\.)*)"', lambda m: '"' + "".join(f"\\u{ord(c):04x}" for c in json.loads(m[0])) + '"', json.dumps(value))

    return with_raw(inner(request), escaped)


@around()
def spaced_json(request, inner, state):
    """JSON is indented by tabs, with blank lines around it and CRLF at line ends."""
    return with_raw(inner(request), lambda value: "\r\n\r\n" + json.dumps(value, indent="\t", ensure_ascii=False).replace("\n", "\r\n") + "\r\n\r\n ")


@around()
def numbers_with_exponents(request, inner, state):
    """Whole numbers are written with a fraction and an exponent: 60 as 6.00E+1."""
    def exponents(value):
        return re.sub(r"(?<=[:\[,])\s*(\d+)(?=[,}\]])", lambda m: f"{int(m[1]):.6E}", json.dumps(value, separators=(",", ":")))

    return with_raw(inner(request), exponents)


@around()
def cookies_like_tokens(request, inner, state):
    """What balances the load sets a cookie on every answer, a new one each time, that looks like an access token."""
    answer = inner(request)
    answer.headers["Set-Cookie"] = f"AWSALB={secrets.token_hex(32)}; Expires=Wed, 02 Dec 2099 16:00:00 GMT; Path=/; SameSite=None; Secure"
    return answer


@around()
def request_ids_like_tokens(request, inner, state):
    """Every answer carries a new request id of 64 hexadecimal digits in a header, an error also in its body."""
    answer, number = inner(request), secrets.token_hex(32)
    answer.headers |= {"X-Request-Id": number, "traceparent": f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"}
    if isinstance(answer.value, dict) and answer.status >= 400:
        answer.value["requestId"] = number
    return answer


@around()
def random_padding(request, inner, state):
    """Every object that is answered carries a padding of random length, so that lengths give nothing away."""
    answer = inner(request)
    if isinstance(answer.value, dict):
        answer.value["padding"] = secrets.token_urlsafe(random.randint(1, 200))
    return answer


@around()
def two_builds_in_turn(request, inner, state):
    """Two nodes answer in turn; one names itself in every object and writes the members in another order."""
    answer = inner(request)
    node = next(count) % 2
    answer.headers["Server"] = f"bo/{node}"
    if isinstance(answer.value, dict) and node:
        answer.value = {"node": "b", **dict(reversed(answer.value.items()))}
    return answer


@around()
def slow_now_and_then(request, inner, state):
    """One request in ninety takes 1.5 s, the others up to 20 ms."""
    time.sleep(1.5 if next(count) % 90 == 0 else random.random() / 50)
    return inner(request)


@around()
def failed_logins_wait(request, inner, state):
    """A login that fails is answered after 200 ms, whoever it was for."""
    answer = inner(request)
    if request.path == ISSUE and answer.status >= 400:
        time.sleep(0.2)
    return answer


@around()
def load_is_shed(request, inner, state):
    """One request in 150 is turned away with 503 and `Retry-After: 1`, before anything looks at it."""
    if next(count) % 150 == 0:
        return Answer(503, {"error": {"reason": "busy"}}, {"Retry-After": "1"})
    return inner(request)


@around()
def gateway_page_now_and_then(request, inner, state):
    """What stands before the API answers one request in 200 with 502 and a page, before anything looks at it."""
    if next(count) % 200 == 0:
        return Answer(502, text="<html><head><title>502 Bad Gateway</title></head></html>", headers={"Server": "nginx"})
    return inner(request)


class Bucket:
    """So many requests a second, and as many at one moment."""

    def __init__(self, rate):
        self.rate, self.level, self.at, self.lock = rate, float(rate), time.monotonic(), threading.Lock()

    def seconds(self):
        """Seconds until another request passes; 0 when this one does."""
        with self.lock:
            now = time.monotonic()
            self.level = min(self.rate, self.level + (now - self.at) * self.rate)
            self.at = now
            if self.level >= 1:
                self.level -= 1
                return 0
            return (1 - self.level) / self.rate


logins, calls = Bucket(30), Bucket(120)


@around()
def logins_throttled_silently(request, inner, state):
    """More than 30 logins a second are refused with 429 that does not say when to come back."""
    if is_call(request, "POST", ISSUE) and logins.seconds():
        return state.refusals.of(Mistake.PACE)
    return inner(request)


@around()
def throttled_until_a_date(request, inner, state):
    """More than 120 requests a second are refused with 429 and a date to come back at."""
    seconds = calls.seconds()
    if seconds:
        refused = state.refusals.of(Mistake.PACE)
        refused.headers["Retry-After"] = formatdate(time.time() + max(seconds, 1), usegmt=True)
        return refused
    return inner(request)


@around()
def throttled_by_nginx(request, inner, state):
    """More than 120 requests a second are refused by nginx: 503, a page, no header."""
    if calls.seconds():
        return Answer(503, text="<html><head><title>503 Service Temporarily Unavailable</title></head></html>", headers={"Server": "nginx"})
    return inner(request)


failures: dict[str, int] = {}


@around()
def locks_after_three(request, inner, state):
    """Three wrong passwords in a row lock a login, known or not, until a minute has passed."""
    login = given_text(request, "login")
    if not is_call(request, "POST", ISSUE) or not login:
        return inner(request)
    if failures.get(login, 0) >= 3:
        return state.refusals.of(Mistake.CREDENTIALS)
    answer = inner(request)
    failures[login] = 0 if answer.status == 200 else failures.get(login, 0) + (answer.status == 401)
    return answer


ATTACK = re.compile(rb"(?i)<script|union\s+select|'\s*or\s|\.\./|%00|\\u0000|;\s*drop\s|\$\{jndi")


@around(tension=("ERROR-1", "ERROR-2"))
def firewall_page(request, inner, state):
    """A web application firewall answers what looks like an attack with 403 and a page."""
    if ATTACK.search(request.body) or ATTACK.search(request.path.encode(errors="replace")):
        return Answer(403, text="<html><head><title>Request Rejected</title></head><body>Support ID: 1839</body></html>")
    return inner(request)


@around(tension=("ERROR-1",))
def large_bodies_413(request, inner, state):
    """A body of more than 32 kB is refused with 413 before it is read."""
    return Answer(413, {"error": {"reason": "too-large"}}) if len(request.body) > 32768 else inner(request)


@around()
def other_formats_refused(request, inner, state):
    """A client that accepts neither JSON nor everything gets 406."""
    accept = (request.header("Accept") or "*/*").lower()
    if request.path in KNOWN and not any(kind in accept for kind in ("json", "application/*", "*/*")):
        return state.refusals.of(Mistake.VALUE)
    return inner(request)


@around()
def slash_at_the_end_redirected(request, inner, state):
    """A known path with a slash at the end is redirected to the one without, token or not."""
    if request.path.endswith("/") and request.path.rstrip("/") in KNOWN:
        return Answer(308, without_body=True, headers={"Location": f"/api/v2{request.path.rstrip('/')}"})
    return inner(request)


@around()
def cross_origin(request, inner, state):
    """Every answer names the origins that may call, and OPTIONS is answered 200 with an object wherever it is asked."""
    answer = Answer(200, {}) if request.method == "OPTIONS" else inner(request)
    answer.headers |= {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization, token", "Access-Control-Max-Age": "600"}
    return answer


@around()
def hsts_and_company(request, inner, state):
    """Every answer has a dozen headers of a hardened proxy, an own cache policy for refusals among them."""
    answer = inner(request)
    answer.headers |= {
        "Strict-Transport-Security": "max-age=31536000", "X-Content-Type-Options": "nosniff", "Via": "1.1 varnish", "Age": "0",
        "Content-Security-Policy": "default-src 'none'", "Alt-Svc": 'h3=":443"; ma=86400', "X-RateLimit-Remaining": str(next(count) % 60),
        "ETag": f'W/"{secrets.token_hex(8)}"', "Expires": "0", "Vary": "Origin, Authorization",
    }
    if answer.status >= 400:
        answer.headers["Cache-Control"] = "private, max-age=0"
    return answer
