"""What the fields, headers and settings are called: the usual names, and the others."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """The names of one deployment. `login_path` leads to the login in a one-time-token answer."""

    access: str
    refresh: str
    access_lifetime: str
    refresh_lifetime: str
    login_path: tuple[str, ...]
    refresh_header: str
    settings: dict[str, str]

    def with_login(self, login: str | None) -> dict[str, object]:
        """An object with the login where this dialect has it."""
        inner: object = login
        for name in reversed(self.login_path):
            inner = {name: inner}
        assert isinstance(inner, dict)
        return inner

    def as_configuration(self) -> dict[str, str]:
        """The same names as a client writes them down: JSON pointers, header and setting names."""
        return {
            "access_token": f"/{self.access}",
            "refresh_token": f"/{self.refresh}",
            "access_lifetime": f"/{self.access_lifetime}",
            "refresh_lifetime": f"/{self.refresh_lifetime}",
            "ott_login": "/" + "/".join(self.login_path),
            "refresh_header": self.refresh_header,
            "settings_access_lifetime": self.settings["access"],
            "settings_refresh_lifetime": self.settings["refresh"],
            "settings_ott_lifetime": self.settings["ott"],
        }


USUAL = Dialect(
    access="accessToken",
    refresh="refreshToken",
    access_lifetime="accessTokenLifeTime",
    refresh_lifetime="refreshTokenLifeTime",
    login_path=("login",),
    refresh_header="token",
    settings={"access": "accessTokenLifeTime", "refresh": "refreshTokenLifeTime", "ott": "ottLifeTime"},
)

OTHER = Dialect(
    access="access",
    refresh="refresh",
    access_lifetime="expiresIn",
    refresh_lifetime="refreshExpiresIn",
    login_path=("result", "user"),
    refresh_header="X-Refresh-Token",
    settings={"access": "accessTtl", "refresh": "refreshTtl", "ott": "oneTimeTtl"},
)
