"""Tests of TLS, and of the two programs as a test of the suite starts them."""

import http.client
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
from contextlib import AbstractContextManager, closing
from pathlib import Path

sys.dont_write_bytecode = True

from bo.options import Place  # noqa: E402
from bo.server import BASE_PATH, Server  # noqa: E402
from checks.serving import LOGIN, serving  # noqa: E402


HERE = Path(__file__).parent


@unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificates, and there is none here")
class Encrypted(unittest.TestCase):
    """The server over TLS."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.certificate, self.key = f"{folder.name}/cert.pem", f"{folder.name}/key.pem"
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        command += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-keyout", self.key, "-out", self.certificate]
        subprocess.run(command, check=True, capture_output=True, timeout=30)

    def test_answers_clients_that_trust_it_and_no_others(self) -> None:
        with self._serving(None) as server:
            self.assertEqual(self._status(server, ssl.create_default_context(cafile=self.certificate)), 200)
            with self.assertRaises(ssl.SSLCertVerificationError):
                self._status(server, ssl.create_default_context())

    def test_a_silent_client_holds_up_nobody(self) -> None:
        with self._serving(None) as server, socket.create_connection(server.server_address[:2]):
            self.assertEqual(self._status(server, ssl.create_default_context(cafile=self.certificate)), 200)

    def test_wants_a_client_certificate_where_it_is_told_to(self) -> None:
        with self._serving(self.certificate) as server:
            context = ssl.create_default_context(cafile=self.certificate)
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self._status(server, context)
            context.load_cert_chain(self.certificate, self.key)
            self.assertEqual(self._status(server, context), 200)

    def _serving(self, client_ca: str | None) -> AbstractContextManager[Server]:
        return serving(place=Place(0, 0, (self.certificate, self.key), client_ca))

    def _status(self, server: Server, context: ssl.SSLContext) -> int:
        with closing(http.client.HTTPSConnection("127.0.0.1", server.server_port, timeout=5, context=context)) as there:
            there.request("POST", f"{BASE_PATH}/auth/token", LOGIN)
            return there.getresponse().status


class Programs(unittest.TestCase):
    """`bo_server.py` and `mint_ott.sh` as a test starts them."""

    def test_serves_mints_and_ends_with_its_stdin(self) -> None:
        command = [sys.executable, str(HERE / "bo_server.py"), "--user", "alice:pw:with:colons", "--ott-lifetime", "30"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin and server.stdout
            word, url = server.stdout.readline().split()
            self.assertEqual(word, "listening")
            token = self._mint(url, "alice")
            self.assertRegex(token.stdout, r"^x[0-9a-f]{64}\n$")
            self.assertEqual(self._mint(url, "nobody").returncode, 1)
            server.stdin.close()
            self.assertEqual(server.wait(timeout=5), 0)

    def test_a_wrong_command_line_ends_with_2(self) -> None:
        for wrong in (["--defect", "no-such"], ["--user", "x:y", "--freedom", "ott-reusable"], []):
            run = subprocess.run([sys.executable, str(HERE / "bo_server.py"), *wrong], capture_output=True, timeout=10)
            self.assertEqual((run.returncode, run.stdout), (2, b""))

    def _mint(self, url: str, login: str) -> "subprocess.CompletedProcess[str]":
        command = ["bash", str(HERE / "mint_ott.sh"), url, login]
        return subprocess.run(command, capture_output=True, text=True, timeout=10)


if __name__ == "__main__":
    unittest.main()
