"""A BO server on public libraries: Flask, Flask-JWT-Extended and itsdangerous, as a team would write it in an afternoon.

It shows how the suite judges token code that nobody here wrote. What the libraries do is kept, right or wrong;
`deviations.txt` has what is wrong by the contract. Nothing here imitates a BO server any further than routes and names.
"""

import os
import secrets
import threading
from datetime import timedelta

from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    decode_token,
    get_jwt_identity,
    jwt_required,
)
from itsdangerous import URLSafeTimedSerializer

ACCESS, REFRESH, ONE_TIME = timedelta(seconds=5), timedelta(seconds=9), 5

app = Flask(__name__)
app.config.update(
    JWT_SECRET_KEY=secrets.token_hex(32),
    JWT_ACCESS_TOKEN_EXPIRES=ACCESS,
    JWT_REFRESH_TOKEN_EXPIRES=REFRESH,
)
JWTManager(app)
users = dict(pair.split(":", 1) for pair in os.environ["ENGINE_USERS"].split())
links = URLSafeTimedSerializer(secrets.token_hex(32))
used: set[str] = set()
lock = threading.Lock()


def pair(login: str):
    """A pair of tokens, as an answer."""
    tokens = {
        "accessToken": create_access_token(login),
        "refreshToken": create_refresh_token(login),
        "accessTokenLifeTime": int(ACCESS.total_seconds()),
        "refreshTokenLifeTime": int(REFRESH.total_seconds()),
    }
    return jsonify(tokens), 200, {"Cache-Control": "no-store"}


def refused():
    """The answer to whoever is not let in."""
    return jsonify(code="1.2.0.11", message="not accepted"), 401


@app.post("/auth/token")
def issue():
    given = request.get_json()
    login, password = given.get("login"), given.get("password")
    if login not in users or users[login] != password:
        return refused()
    return pair(login)


@app.get("/auth/token/refresh")
def refresh():
    try:
        claims = decode_token(request.headers.get("token", ""))
    except Exception:
        return refused()
    return pair(claims["sub"]) if claims["type"] == "refresh" else refused()


@app.get("/accounts")
@jwt_required()
def accounts():
    return jsonify([{"owner": get_jwt_identity()}])


@app.post("/external/token/verify")
def verify():
    token = request.get_json().get("token")
    try:
        login, _ = links.loads(token, max_age=ONE_TIME)
    except Exception:
        return refused()
    with lock:
        if token in used:
            return refused()
        used.add(token)
    return jsonify(login=login, isExpired=False)


@app.get("/_link/<login>")
def link(login: str):
    """A fresh one-time token, for the certifier."""
    return links.dumps([login, secrets.token_hex(8)])
