"""Nodes that learn late, never, or of some things only; and nodes with clocks of their own."""

import math

from .blind import late, skewed

SPENT, ROTATED, ENDED = "ott-gone", "refresh-gone", "access-gone"


def last(cluster, node):
    return node == cluster.nodes - 1


# One-time tokens that were used
late("spent-deaf-first", "CLUSTER-1", "the first node learns late what others spend; the others learn at once",
     lambda c, n, e, k, t: k == SPENT and n == 0)
late("spent-mute-last", "CLUSTER-1", "what the last node spends the others learn late; the other way at once",
     lambda c, n, e, k, t: k == SPENT and last(c, e.node))
late("spent-one-link", "CLUSTER-1", "one link of the mesh is cut: the last node learns late from the first",
     lambda c, n, e, k, t: k == SPENT and e.node == 0 and last(c, n))
late("spent-one-in-four", "CLUSTER-1", "every fourth message about a used one-time token comes late",
     lambda c, n, e, k, t: k == SPENT and e.number % 4 == 0)
late("spent-after-ten", "CLUSTER-1 OTT-16", "the first ten used one-time tokens are told at once, the rest late",
     lambda c, n, e, k, t: k == SPENT and e.number > 10)
late("spent-under-load", "CLUSTER-1", "a message about a used one-time token is late when another went less than 60 ms before",
     lambda c, n, e, k, t: k == SPENT and e.gap < 0.06)
late("spent-second-user", "CLUSTER-1", "the shard of all users but the first is not replicated in time",
     lambda c, n, e, k, t: k == SPENT and t.login != next(iter(c.users)))
late("spent-away-from-home", "CLUSTER-1", "a one-time token spent on another node than the one that made it: told late",
     lambda c, n, e, k, t: k == SPENT and t.born.node != e.node)
late("spent-list-of-eight", "CLUSTER-1 OTT-16 OTT-2", "other nodes keep the eight newest used one-time tokens only",
     lambda c, n, e, k, t: math.inf if k == SPENT and c.counts[SPENT] - e.number >= 8 else 0)
late("spent-in-batches", "CLUSTER-1", "used one-time tokens are told five at a time",
     lambda c, n, e, k, t: k == SPENT and c.counts[SPENT] // 5 * 5 < e.number)
late("spent-for-a-second", "CLUSTER-1 OTT-2 OTT-16", "other nodes forget a used one-time token after a second",
     lambda c, n, e, k, t: math.inf if k == SPENT and c.now(n, "ott") - e.at > 1 else 0)

# Tokens that were made
late("login-access-late", "CLUSTER-2", "access tokens of a login are late elsewhere, those of a refresh are not",
     lambda c, n, e, k, t: k == "access" and t.generation == 0)
late("refreshed-access-late", "CLUSTER-2", "access tokens of a refresh are late elsewhere, those of a login are not",
     lambda c, n, e, k, t: k == "access" and t.generation > 0)
late("refreshed-refresh-late", "CLUSTER-2", "refresh tokens of a refresh are late elsewhere, those of a login are not",
     lambda c, n, e, k, t: k == "refresh" and t.generation > 0)
late("third-generation-late", "CLUSTER-2 REFRESH-3", "the third refresh token of a family is late elsewhere",
     lambda c, n, e, k, t: k == "refresh" and t.generation >= 2)
late("made-late-under-load", "CLUSTER-2", "access tokens made less than 60 ms after another are late elsewhere",
     lambda c, n, e, k, t: k == "access" and e.gap < 0.06)
late("made-late-one-link", "CLUSTER-2", "the first node learns late of access tokens that the last one makes",
     lambda c, n, e, k, t: k == "access" and n == 0 and last(c, e.node))
late("made-when-used-at-home", "CLUSTER-2", "other nodes know an access token once its own node has seen it used",
     lambda c, n, e, k, t: math.inf if k == "access" and e.node not in t.used_on else 0)
late("one-time-made-one-link", "CLUSTER-2", "the last node learns late of one-time tokens that the first makes",
     lambda c, n, e, k, t: k == "ott" and e.node == 0 and last(c, n))
late("second-user-late", "CLUSTER-2", "logins of all users but the first are unknown elsewhere for a while",
     lambda c, n, e, k, t: k in ("access", "refresh") and t.login != next(iter(c.users)))

# What was ended
late("rotated-mute-last", "CLUSTER-4", "refresh tokens spent on the last node are told late",
     lambda c, n, e, k, t: k == ROTATED and last(c, e.node))
late("rotated-root-only", "CLUSTER-4", "only the first refresh of a family is told at once",
     lambda c, n, e, k, t: k == ROTATED and t.generation > 0)
late("rotated-list-of-five", "CLUSTER-4 REFRESH-9", "other nodes keep the five newest spent refresh tokens only",
     lambda c, n, e, k, t: math.inf if k == ROTATED and c.counts[ROTATED] - e.number >= 5 else 0)
late("rotated-one-in-three", "CLUSTER-4", "every third message about a spent refresh token comes late",
     lambda c, n, e, k, t: k == ROTATED and e.number % 3 == 0)
late("ended-where-used", "CLUSTER-3", "a node that has accepted an access token keeps it in a cache when a refresh ends it elsewhere",
     lambda c, n, e, k, t: k == ENDED and n in t.used_on, "ends-access")
late("ended-one-way", "CLUSTER-3", "the first node learns late that a refresh elsewhere ended an access token",
     lambda c, n, e, k, t: k == ENDED and n == 0, "ends-access")
late("ended-by-login-late", "CLUSTER-3", "other nodes learn late that a login ended the sessions of its user",
     lambda c, n, e, k, t: k in (ENDED, ROTATED), "one-session")

# Settings
late("settings-mute-last", "CLUSTER-6", "settings changed on the last node are told late",
     lambda c, n, e, k, t: k == "settings" and last(c, e.node))
late("settings-second-change", "CLUSTER-6", "only the first change of settings is told at once",
     lambda c, n, e, k, t: k == "settings" and e.number > 1)
late("settings-deaf-node", "CLUSTER-6", "the node in the middle never reads settings again",
     lambda c, n, e, k, t: math.inf if k == "settings" and n == c.nodes // 2 else 0)

# Clocks
skewed("clock-behind", "CLUSTER-5", "the clock of the last node is 30 s behind", lambda c, n, k, t: -30 * last(c, n))
skewed("clock-eight-ahead", "CLUSTER-5", "the clock of the first node is 8 s ahead", lambda c, n, k, t: 8 * (n == 0))
skewed("clock-of-refresh", "CLUSTER-5", "the last node judges refresh tokens by a clock 20 s ahead",
       lambda c, n, k, t: 20 * (last(c, n) and k == "refresh" and t is not None))
skewed("clock-of-one-time", "CLUSTER-5", "the last node makes one-time tokens by a clock 20 s ahead",
       lambda c, n, k, t: 20 * (last(c, n) and k == "ott" and t is None))
skewed("expired-where-used", "CLUSTER-5 CLUSTER-3 EXPIRY-2", "a node that has accepted another's access token accepts it 10 s longer",
       lambda c, n, k, t: -10 if k == "access" and t and n in t.used_on and t.born.node != n else 0)
skewed("expired-one-time-on-last", "CLUSTER-5 CLUSTER-3 EXPIRY-5", "the last node does not look at the end of one-time tokens",
       lambda c, n, k, t: -1e6 if last(c, n) and k == "ott" and t else 0)
skewed("expired-refresh-on-last", "CLUSTER-5 CLUSTER-3 EXPIRY-4", "the last node does not look at the end of refresh tokens",
       lambda c, n, k, t: -1e6 if last(c, n) and k == "refresh" and t else 0)
skewed("foreign-tokens-end-early", "CLUSTER-5 EXPIRY-1", "tokens made elsewhere are kept for half their time only",
       lambda c, n, k, t: t.lifetime / 2 if t and k == "access" and t.born.node != n else 0)
