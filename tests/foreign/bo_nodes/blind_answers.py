"""Nodes that answer otherwise than the others: old builds, other keys, other files, and races between nodes."""

import time
from dataclasses import replace

from .blind import add, around
from .cluster import Cluster

LOGIN, REFRESH, VERIFY, SETTINGS = "/auth/token", "/auth/token/refresh", "/external/token/verify", "/connectors/settings"


def is_last(cluster, ask):
    return ask.node == cluster.nodes - 1


@around("nodes", "CLUSTER-7 CLUSTER-3")
def refused_with_403(cluster, ask, call):
    """The last node refuses access tokens with 403."""
    status, value = call(ask)
    return (403, value) if status == 401 and ask.path == "/accounts" and is_last(cluster, ask) else (status, value)


@around("nodes", "CLUSTER-7")
def one_time_refused_with_200(cluster, ask, call):
    """The last node refuses one-time tokens with 200 and `isExpired`."""
    status, value = call(ask)
    return (200, {"isExpired": True}) if status == 401 and ask.path == VERIFY and is_last(cluster, ask) else (status, value)


@around("nodes", "CLUSTER-7")
def milliseconds_on_last(cluster, ask, call):
    """The last node announces milliseconds."""
    status, value = call(ask)
    if status == 200 and isinstance(value, dict) and "accessToken" in value and is_last(cluster, ask):
        value = {k: v * 1000 if k.endswith("LifeTime") else v for k, v in value.items()}
    return status, value


@around("nodes", "CLUSTER-7 REFRESH-1")
def refreshed_without_lifetime_on_last(cluster, ask, call):
    """The last node announces no lifetimes with a refresh."""
    status, value = call(ask)
    if status == 200 and ask.path == REFRESH and is_last(cluster, ask):
        value = {k: v for k, v in value.items() if not k.endswith("LifeTime")}
    return status, value


@around("nodes", "CLUSTER-7 CLUSTER-6")
def other_lifetimes_on_last(cluster, ask, call):
    """The last node was configured with half the lifetime for access tokens, and announces it."""
    status, value = call(ask)
    if status == 200 and isinstance(value, dict) and "accessToken" in value and is_last(cluster, ask):
        token = cluster.tokens[value["accessToken"]]
        value["accessTokenLifeTime"] = max(1, value["accessTokenLifeTime"] // 2)
        token.ends -= token.lifetime - value["accessTokenLifeTime"]
    return status, value


@around("nodes", "CLUSTER-3 USE-5")
def signature_unchecked_on_last(cluster, ask, call):
    """The last node does not look at the last part of an access token."""
    text = ask.bearer()
    if text and is_last(cluster, ask) and text not in cluster.tokens and "." in text:
        whole = next((known for known in cluster.tokens if known.startswith(text.split(".")[0] + ".")), text)
        ask = replace(ask, headers={"Authorization": f"Bearer {whole}", "token": ask.headers.get("token")})
    return call(ask)


@around("nodes", "CLUSTER-3 USE-6")
def refresh_as_access_on_last(cluster, ask, call):
    """The last node takes refresh tokens for access tokens."""
    held = cluster.tokens.get(ask.bearer() or "")
    if ask.path == "/accounts" and is_last(cluster, ask) and held and held.kind == "refresh":
        return 200, [{"owner": held.login}]
    return call(ask)


@around("nodes", "CLUSTER-3 USE-3")
def open_on_last(cluster, ask, call):
    """The last node wants no Authorization header."""
    if ask.path == "/accounts" and ask.method == "GET" and is_last(cluster, ask) and not ask.headers.get("Authorization"):
        return 200, [{"owner": next(iter(cluster.users))}]
    return call(ask)


@around("nodes", "CLUSTER-1 OTT-2 CLUSTER-3")
def never_spent_on_last(cluster, ask, call):
    """What the last node verifies is not spent at all."""
    status, value = call(ask)
    if ask.path == VERIFY and status == 200 and is_last(cluster, ask):
        cluster.tokens[ask.sent["token"]].gone = None
    return status, value


@around("nodes", "CLUSTER-1 OTT-3")
def race_between_nodes(cluster, ask, call):
    """Nodes look a one-time token up, and spend it a moment later: right within a node, not between two."""
    if ask.path != VERIFY or ask.method != "POST" or not ask.sent or not isinstance(ask.sent.get("token"), str):
        return call(ask)
    with cluster.guard:
        token = cluster.good(ask.node, ask.sent["token"], "ott")
        racing = cluster.__dict__.setdefault("racing", set())
        if not token or (token.text, ask.node) in racing:
            return 401, {"errorId": "1.2.0.14"}
        racing.add((token.text, ask.node))
    time.sleep(min(cluster.lag, 0.03))
    with cluster.guard:
        token.gone = cluster.event(ask.node, "ott-gone")
    return 200, {"login": token.login}


@around("nodes", "CLUSTER-4 REFRESH-17")
def refresh_race_between_nodes(cluster, ask, call):
    """Nodes look a refresh token up, and spend it a moment later: right within a node, not between two."""
    text = ask.headers.get("token")
    with cluster.guard:
        token = cluster.good(ask.node, text, "refresh") if ask.path == REFRESH and ask.method == "GET" else None
        racing = cluster.__dict__.setdefault("rotating", set())
        if not token or (text, ask.node) in racing:
            return call(ask)
        racing.add((text, ask.node))
    time.sleep(min(cluster.lag, 0.03))
    with cluster.guard:
        racing.discard((text, ask.node))
        answer, _ = cluster.pair(ask.node, token.login, token.generation + 1)
        cluster.end(ask.node, token)
        return 200, answer


@around("nodes", "CLUSTER-7 CLUSTER-2 ISSUE-1")
def second_user_unknown_on_last(cluster, ask, call):
    """The last node has an old file of users: all but the first are refused."""
    known = next(iter(cluster.users))
    if ask.path == LOGIN and is_last(cluster, ask) and ask.sent and ask.sent.get("login") != known:
        return (401, {"errorId": "1.2.0.11"}) if ask.method == "POST" else call(ask)
    return call(ask)


@around("nodes", "CLUSTER-3 CLUSTER-7 ISSUE-6 ISSUE-12")
def any_password_on_last(cluster, ask, call):
    """The last node was left in a mode that takes any password for a known login."""
    sent = ask.sent or {}
    if ask.path == LOGIN and is_last(cluster, ask) and sent.get("password") and sent.get("login") in cluster.users:
        ask = replace(ask, sent={**sent, "password": cluster.users[sent["login"]]})
    return call(ask)


@around("nodes", "REFRESH-15 CLUSTER-2 ISSUE-18 USE-2")
def other_user_on_last(cluster, ask, call):
    """The last node names another user for access tokens made elsewhere."""
    status, value = call(ask)
    held = cluster.tokens.get(ask.bearer() or "")
    if status == 200 and ask.path == "/accounts" and is_last(cluster, ask) and held.born.node != ask.node:
        value = [{"owner": next((user for user in cluster.users if user != held.login), held.login)}]
    return status, value


@around("nodes", "CLUSTER-7 CLUSTER-3 OTT-4 ERROR-1")
def unknown_one_time_500_on_last(cluster, ask, call):
    """The last node answers unknown one-time tokens with 500."""
    text = ask.sent.get("token") if ask.sent else None
    if ask.path == VERIFY and is_last(cluster, ask) and isinstance(text, str) and text and text not in cluster.tokens:
        return 500, {"errorId": "0"}
    return call(ask)


@around("nodes", "CLUSTER-7 CLUSTER-3 OTT-2 ERROR-1")
def used_one_time_500_on_last(cluster, ask, call):
    """The last node answers used one-time tokens with 500, as its database refuses the second row."""
    held = cluster.tokens.get(ask.sent.get("token") or "") if ask.sent and isinstance(ask.sent.get("token"), str) else None
    if ask.path == VERIFY and is_last(cluster, ask) and held and held.gone:
        return 500, {"errorId": "0"}
    return call(ask)


@around("nodes", "CLUSTER-7 ERROR-2")
def refresh_errors_as_pages_on_last(cluster, ask, call):
    """The last node refuses refresh tokens with a page."""
    status, value = call(ask)
    return (status, "<html>error</html>") if status >= 400 and ask.path == REFRESH and is_last(cluster, ask) else (status, value)


@around("nodes", "CLUSTER-7 CLUSTER-2 OTT-1")
def verify_missing_on_last(cluster, ask, call):
    """The last node is of a build without the verify call."""
    return (404, {"errorId": "1.6.1.1"}) if ask.path == VERIFY and is_last(cluster, ask) else call(ask)


@around("nodes", "CLUSTER-7 CLUSTER-6 SETTINGS-1")
def settings_missing_on_last(cluster, ask, call):
    """The last node is of a build without the settings call."""
    return (404, {"errorId": "1.6.1.1"}) if ask.path == SETTINGS and is_last(cluster, ask) else call(ask)


@around("nodes", "CLUSTER-7 OTT-1")
def other_login_member_on_last(cluster, ask, call):
    """The last node names the login of a one-time token in another member."""
    status, value = call(ask)
    if status == 200 and ask.path == VERIFY and is_last(cluster, ask):
        value = {"user": value["login"]}
    return status, value


@around("nodes", "CLUSTER-2")
def first_use_elsewhere_refused(cluster, ask, call):
    """A node refuses the first use of an access token made elsewhere, and fetches it then."""
    held = cluster.tokens.get(ask.bearer() or "")
    with cluster.guard:
        if ask.path == "/accounts" and held and held.kind == "access" and ask.node != held.born.node and ask.node not in held.used_on:
            held.used_on.add(ask.node)
            return 401, {"errorId": "1.2.0.12"}
    return call(ask)


@around("nodes", "CLUSTER-6 SETTINGS-7 CLUSTER-7")
def refreshes_by_first_settings_elsewhere(cluster, ask, call):
    """Nodes that did not take the last change go on refreshing with the lifetimes they started with."""
    status, value = call(ask)
    if status == 200 and ask.path == REFRESH and cluster.changes and cluster.changes[-1][0].node != ask.node:
        value |= {"accessTokenLifeTime": cluster.initial["access"], "refreshTokenLifeTime": cluster.initial["refresh"]}
    return status, value


@around("nodes", "CLUSTER-6")
def settings_change_lost_on_last(cluster, ask, call):
    """The last node answers a change of settings and keeps it for itself only until the next call."""
    before = len(cluster.changes)
    status, value = call(ask)
    if ask.path == SETTINGS and ask.method == "PATCH" and status == 200 and is_last(cluster, ask):
        del cluster.changes[before:]
    return status, value


def of_one_kind(kind):
    def in_force(self, node, wanted):
        if wanted != kind:
            return Cluster.in_force(self, node, wanted)
        own = [values[kind] for event, values in self.changes if event.node == node and kind in values]
        return own[-1] if own else self.lifetimes[kind]

    return in_force


for kind, words in (("access", "access tokens"), ("refresh", "refresh tokens"), ("ott", "one-time tokens")):
    add(f"settings-of-{kind}-local", "nodes", "CLUSTER-6",
        f"a changed lifetime of {words} holds on the node that took it, other lifetimes everywhere", in_force=of_one_kind(kind))


def seeded_alike(self, node, kind, login):
    numbers = self.__dict__.setdefault("numbers", {})
    numbers[node, kind] = numbers.get((node, kind), 0) + 1
    made = {token.text: token for token in self.tokens.values()}
    shared = self.__dict__.setdefault("shared", {})
    text = shared.setdefault((numbers[node, kind], kind), Cluster.text(self, node, kind, login))
    return text if kind != "ott" or text not in made else Cluster.text(self, node, kind, login)


add("seeded-alike", "nodes", "ISSUE-13 ISSUE-18 ISSUE-19 CLUSTER-2",
    "the nodes' random numbers start alike: the k-th access and refresh tokens of all nodes are equal", text=seeded_alike)
