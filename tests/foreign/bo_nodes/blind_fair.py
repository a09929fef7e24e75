"""Clusters and restarts that are right, and look odd."""

import secrets
from datetime import UTC, datetime, timedelta, timezone

from .blind import add, around
from .cluster import Cluster


def drain_last(self, arguments):
    Cluster.__init__(self, arguments)
    self.down_nodes = {self.nodes - 1}


add("fair-node-drained", "fair", "", "the last node answers 503 to all; the balancer skips it", __init__=drain_last)
add("fair-slow-node", "fair", "", "the last node takes a quarter of a second", "slow-node")
add("fair-cookies", "fair", "", "every answer of a node sets a cookie with its name", "cookies")
add("fair-closes", "fair", "", "the first node closes every connection", "closes")
add("fair-headers", "fair", "", "nodes name other software, and the edge they came through", "headers")
add("fair-clock-half-second", "fair", "", "the clock of the last node is half a second ahead",
    skew=lambda self, node, kind, token: 0.5 * (node == self.nodes - 1))
add("fair-keeps-refresh", "fair", "", "a refresh gives the same refresh token again", "keeps-refresh")
add("fair-one-session", "fair", "", "a login ends the sessions of its user", "one-session")
add("fair-ends-access", "fair", "", "a refresh ends the access token before it", "ends-access")
add("fair-self-contained", "fair", "", "tokens name the node and key they were made with",
    text=lambda self, node, kind, login: f"k{node}.{kind[0]}{secrets.token_urlsafe(60 + 20 * node)}.{secrets.token_urlsafe(32)}")


@around("fair", "")
def fair_time_zones(cluster, ask, call):
    """Errors hold the local time of the node, each in another zone."""
    status, value = call(ask)
    if status >= 400 and isinstance(value, dict):
        zone = timezone(timedelta(hours=[0, 5.5, -8][ask.node % 3]))
        value = {**value, "time": datetime.now(UTC).astimezone(zone).isoformat(timespec="seconds")}
    return status, value


@around("fair", "")
def fair_floored_on_last(cluster, ask, call):
    """The last node announces what is left of a lifetime, rounded down: a second less."""
    status, value = call(ask)
    if status == 200 and isinstance(value, dict) and "accessToken" in value and ask.node == cluster.nodes - 1:
        value = {k: v - 1 if k.endswith("LifeTime") else v for k, v in value.items()}
    return status, value


@around("fair", "")
def fair_words_of_errors(cluster, ask, call):
    """Errors are in the language of the node."""
    status, value = call(ask)
    if status >= 400 and isinstance(value, dict):
        value = {**value, "message": ["Not possible", "Nicht möglich", "Niet mogelijk"][ask.node % 3]}
    return status, value


@around("fair", "")
def fair_locks_per_node(cluster, ask, call):
    """A node locks a login for a second after ten wrong passwords in a row on it; the others do not know."""
    wrong = cluster.__dict__.setdefault("wrong", {})
    login = str((ask.sent or {}).get("login"))
    status, value = call(ask)
    if ask.path == "/auth/token" and ask.method == "POST" and login in cluster.users:
        count, until = wrong.get((ask.node, login), (0, 0.0))
        now = cluster.now(ask.node, "access")
        if now < until:
            return 401, {"errorId": "1.2.0.11"}
        count = 0 if status == 200 else count + 1
        wrong[ask.node, login] = (count % 10, now + 1 if count >= 10 else 0.0)
    return status, value


def other_format_after(self, node, kind, login):
    text = Cluster.text(self, node, kind, login)
    return f"v2{text}{secrets.token_hex(8)}" if self.restarts else text


add("fair-new-format", "fair", "", "tokens made after a restart look otherwise", text=other_format_after)
