"""The parts of openapi.sh that are Python: `download`, `use` and `metrics`, in a folder where the others have left their files."""

import json
import sys
import urllib.request
from urllib.parse import urljoin


def download(base_url):
    """Keeps both documents, and an access token that outlives the test."""
    for name in ("openapi.json", "swagger.json"):
        with urllib.request.urlopen(f"{base_url}/{name}") as answer, open(name, "wb") as file:
            file.write(answer.read())
    body = json.dumps({"login": "qa1", "password": "pw-of-qa1"}).encode()
    request = urllib.request.Request(f"{base_url}/auth/token", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer, open("access", "w") as file:
        file.write(json.load(answer)["accessToken"])


def use(base_url):
    """Logs in, refreshes, calls and verifies with the generated client."""
    sys.path.insert(0, ".")
    from client import AuthenticatedClient, Client
    from client.api.calls import list_accounts
    from client.api.tokens import log_in, refresh_token, verify_one_time_token
    from client.models import Credentials, Error, OneTimeToken

    plain = Client(base_url=base_url)
    first = log_in.sync(client=plain, body=Credentials(login="qa1", password="pw-of-qa1"))
    second = refresh_token.sync(client=plain, token=first.refresh_token)
    accounts = list_accounts.sync(client=AuthenticatedClient(base_url=base_url, token=second.access_token))
    assert accounts[0].owner == "qa1", accounts
    with urllib.request.urlopen(urljoin(base_url, "/external-link/qa1")) as answer:
        token = OneTimeToken(token=answer.read().decode().strip())
    assert verify_one_time_token.sync(client=plain, body=token).login == "qa1"
    again = verify_one_time_token.sync(client=plain, body=token)
    assert isinstance(again, Error) and again.error_id, again
    print("a generated client logs in, refreshes, calls and verifies")


def metrics():
    """Reads the metrics of `watch`."""
    from prometheus_client.parser import text_string_to_metric_families

    with open("watch.prom") as file:
        families = list(text_string_to_metric_families(file.read()))
    checks = [sample for family in families for sample in family.samples if sample.name.endswith("_check_ok")]
    assert len(checks) > 8 and all(sample.value == 1 for sample in checks), checks
    print(f"Prometheus' client library reads {len(families)} metrics")


if __name__ == "__main__":
    {"download": download, "use": use, "metrics": metrics}[sys.argv[1]](*sys.argv[2:])
