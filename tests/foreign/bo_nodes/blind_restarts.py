"""What a restart loses, revives or changes, and wrong answers while it lasts."""

import math
import secrets
import time

from .blind import add, around
from .cluster import Cluster

PROLOGUE = 2.0


def lost(kind, chosen=lambda cluster, token: True):
    def restarted(self):
        self.tokens = {text: token for text, token in self.tokens.items() if token.kind != kind or not chosen(self, token)}

    return restarted


def revived(kind, chosen=lambda cluster, token: True):
    def restarted(self):
        for token in self.tokens.values():
            if token.kind == kind and token.gone and chosen(self, token):
                token.gone = None

    return restarted


def second_user(cluster, token):
    return token.login != next(iter(cluster.users))


add("restart-forgets-used-one-time", "restart", "SURVIVE-1", "used one-time tokens are good again", restarted=revived("ott"))
add("restart-loses-fresh-one-time", "restart", "SURVIVE-2", "unused one-time tokens are gone",
    restarted=lost("ott", lambda c, t: not t.gone))
add("restart-loses-access", "restart", "SURVIVE-3", "access tokens are gone", restarted=lost("access"))
add("restart-loses-refresh", "restart", "SURVIVE-4", "refresh tokens are gone", restarted=lost("refresh"))
add("restart-loses-second-user", "restart", "SURVIVE-3", "access tokens of all users but the first are gone",
    restarted=lost("access", second_user))
add("restart-loses-refreshed-refresh", "restart", "SURVIVE-4", "refresh tokens that came from a refresh are gone",
    restarted=lost("refresh", lambda c, t: t.generation > 0))
add("restart-loses-refreshed-access", "restart", "SURVIVE-3", "access tokens that came from a refresh are gone",
    restarted=lost("access", lambda c, t: t.generation > 0))
add("restart-loses-used-access", "restart", "SURVIVE-3", "access tokens that were never used are gone: only the cache was saved",
    restarted=lost("access", lambda c, t: not t.used_on))
add("restart-revives-spent-refresh", "restart", "SURVIVE-5", "spent refresh tokens are good again", restarted=revived("refresh"))
add("restart-revives-ended-access", "restart", "SURVIVE-5", "access tokens that a refresh had ended are good again", "ends-access",
    restarted=revived("access"))
add("restart-forgets-second-users-used", "restart", "SURVIVE-1", "used one-time tokens of all users but the first are good again",
    restarted=revived("ott", second_user))


def rewound(self):
    for token in self.tokens.values():
        if token.kind == "refresh" and token.generation == 1 and token.gone:
            token.gone = None
    self.tokens = {text: token for text, token in self.tokens.items() if token.kind != "refresh" or token.generation < 2}


add("restart-rewinds-families", "restart", "SURVIVE-4 SURVIVE-5", "a family of refresh tokens is back at its first rotation",
    restarted=rewound)


def last_seconds_lost(self):
    since = time.monotonic() - 6
    self.tokens = {text: token for text, token in self.tokens.items() if token.born.at < since}
    for token in self.tokens.values():
        if token.gone and token.gone.at >= since:
            token.gone = None


add("restart-loses-last-seconds", "restart", "SURVIVE-1 SURVIVE-2 SURVIVE-3 SURVIVE-4 SURVIVE-5",
    "what was written in the last six seconds is lost", restarted=last_seconds_lost)


def anew(revives):
    def restarted(self):
        now = time.monotonic()
        for token in self.tokens.values():
            if revives or token.ends > now:
                token.ends = now + token.lifetime

    return restarted


add("restart-lifetimes-anew", "restart", "SURVIVE-5 SURVIVE-6", "all lifetimes count from the start, also those that were over",
    restarted=anew(True))
add("restart-prolongs-live-tokens", "restart", "SURVIVE-6", "lifetimes of live tokens count from the start", restarted=anew(False))


def jumped(seconds):
    def restarted(self):
        self.jump = seconds

    return restarted


add("restart-clock-ahead", "restart", "SURVIVE-6", "the clock is 30 s ahead afterwards", restarted=jumped(30))
add("restart-clock-behind", "restart", "SURVIVE-5 SURVIVE-6", "the clock is 30 s behind afterwards", restarted=jumped(-30))


def settings_reset(self):
    self.changes.clear()
    self.lifetimes = {"access": 900, "refresh": 7200, "ott": 120}


add("restart-resets-settings", "restart", "SURVIVE-6", "lifetimes are those of the package again", restarted=settings_reset)


def refresh_setting_reset(self):
    self.lifetimes = self.lifetimes | {"refresh": self.lifetimes["refresh"] // 2}


add("restart-halves-refresh-lifetime", "restart", "SURVIVE-6", "the lifetime of refresh tokens is another afterwards",
    restarted=refresh_setting_reset)


def text_from_start(self, node, kind, login):
    numbers = self.__dict__.setdefault("numbers", {})
    numbers[kind] = numbers.get(kind, 0) + 1
    made = self.__dict__.setdefault("made", {})
    return made.setdefault((numbers[kind], kind), Cluster.text(self, node, kind, login))


def numbers_from_start(self):
    self.numbers = {}


add("restart-repeats-tokens", "restart", "SURVIVE-7", "the generator starts again: tokens made before are made again",
    text=text_from_start, restarted=numbers_from_start)


def users_swapped(kinds):
    def restarted(self):
        names = list(self.users)
        for token in self.tokens.values():
            if token.kind in kinds:
                token.login = names[(names.index(token.login) + 1) % len(names)]

    return restarted


add("restart-swaps-users", "restart", "SURVIVE-7", "access tokens belong to the other user afterwards",
    restarted=users_swapped(("access",)))
add("restart-swaps-users-of-refresh", "restart", "SURVIVE-7", "a refresh token from before gives the other user's pair afterwards",
    restarted=users_swapped(("refresh",)))


def deaf(self, node, event, kind, token):
    forgotten = kind == "ott-gone" and node == self.nodes - 1 and event.at < getattr(self, "restarted_at", 0)
    return math.inf if forgotten else 0


def forget_on_last(self):
    self.restarted_at = time.monotonic()


add("restart-last-node-forgets-used", "restart", "SURVIVE-1 CLUSTER-1", "one node alone has lost the list of used one-time tokens",
    restarted=forget_on_last, delay=deaf)


def warm_up(self):
    self.warm_at = time.monotonic() + PROLOGUE


def warming(answer):
    def respond(self, ask):
        if time.monotonic() < getattr(self, "warm_at", 0) and ask.path == "/accounts":
            return answer(self, ask)
        return Cluster.respond(self, ask)

    return respond


add("restart-open-while-warming", "restart", "SURVIVE-8", "for two seconds after the start every call is let in",
    restarted=warm_up, respond=warming(lambda c, ask: (200, [{"owner": next(iter(c.users))}])))
add("restart-refuses-while-warming", "restart", "SURVIVE-8", "for two seconds after the start good access tokens get 401",
    restarted=warm_up, respond=warming(lambda c, ask: (401, {"errorId": "1.2.0.12"})))
add("restart-crossed-while-warming", "restart", "SURVIVE-8", "for two seconds after the start every call names the other user",
    restarted=warm_up,
    respond=warming(lambda c, ask: (200, [{"owner": list(c.users)[-1]}]) if ask.bearer() in c.tokens else (401, {})))


@around("restart", "SURVIVE-6")
def restart_milliseconds(cluster, ask, call):
    """Lifetimes are announced in milliseconds afterwards."""
    status, value = call(ask)
    if cluster.restarts and status == 200 and isinstance(value, dict) and "accessToken" in value:
        value = {k: v * 1000 if k.endswith("LifeTime") else v for k, v in value.items()}
    return status, value


def loses_by_chance(self):
    self.tokens = {text: token for text, token in self.tokens.items() if secrets.randbelow(3)}


add("restart-loses-a-third", "restart", "SURVIVE-2 SURVIVE-3 SURVIVE-4", "a third of all tokens is gone", restarted=loses_by_chance)

WRONG_OUTAGES = ("200-page", "200-empty", "401", "403", "404", "500", "302")
"""What no client may see while a server is away; with 503 and its like nothing is wrong."""
FAIR_OUTAGES = ("refuse", "503", "503-page", "503-empty", "queue", "rolling")
