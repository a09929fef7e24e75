"""The HTTP side: connections, keep-alive, TLS, and the calls that only the tests use."""

import http.client
import socketserver
import ssl
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .messages import Request
from .options import Place
from .refusals import Mistake
from .service import Service
from .state import Options
from .wire import Wire

BASE_PATH = "/api/v2"
LARGEST_BODY = 1 << 20
IDLE_SECONDS = 60


class Server(ThreadingHTTPServer):
    """One BO server, listening on loopback as soon as it is made."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, options: Options, place: Place = Place(0, 0, None, None)) -> None:
        self.service = Service(options)
        self.wire = Wire(options.on, place.after)
        super().__init__(("127.0.0.1", place.port), Connection)
        self._scheme = "http"
        if place.tls:
            self._encrypt(place.tls, place.client_ca)

    def server_bind(self) -> None:
        """Binds without asking the name service for this machine's name, as the library does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def base_url(self) -> str:
        """Where the API begins."""
        return f"{self._scheme}://127.0.0.1:{self.server_address[1]}{BASE_PATH}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no news; anything else is a fault of this server and is counted."""
        trouble = sys.exc_info()[1]
        if not isinstance(trouble, OSError):
            self.service.state.stats.count("crashes")
            traceback.print_exc()

    def _encrypt(self, files: tuple[str, str], client_ca: str | None) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        if client_ca:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._scheme = "https"


class Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: request lines may hold tokens."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Requests that are hardly HTTP: refused as the API refuses others, and the connection ends."""
        mistake = Mistake.METHOD if code == http.client.NOT_IMPLEMENTED else Mistake.UNREADABLE
        self.close_connection = True
        request = Request("", "", {}, {"connection": "close"}, b"")
        self.server.wire.send(self.connection, request, self.server.service.state.refusals.of(mistake), 0)

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY or "Transfer-Encoding" in self.headers:
            self.send_error(http.client.BAD_REQUEST)
            return
        body = self.rfile.read(int(length))
        request = Request.read(self.command, self.path, self.headers, body, self.client_address[0])
        if request.path.startswith(f"{BASE_PATH}/_"):
            self._serve_the_tests(request)
            return
        service = self.server.service
        number = service.state.stats.request()
        if self.path.startswith("http"):
            service.state.stats.count("through_proxy")
        answer = service.answer(_below_base(request))
        if not self.server.wire.send(self.connection, request, answer, number):
            self.close_connection = True

    def _serve_the_tests(self, request: Request) -> None:
        service, call = self.server.service, (request.method, request.path.removeprefix(BASE_PATH))
        shown: dict[str, object] | None = None
        if call == ("GET", "/_stats"):
            shown = service.stats()
        elif call == ("POST", "/_mint"):
            shown = service.mint(request)
        status = 200 if shown else 404
        self.server.wire.send_plainly(self.connection, status, shown or {"error": "no such call or login"})

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve


def _below_base(request: Request) -> Request:
    below = request.path.removeprefix(BASE_PATH) if request.path.startswith(f"{BASE_PATH}/") else "//"
    return Request(request.method, below, request.query, request.headers, request.body, request.peer)


def serve_until_stdin_ends(server: Server) -> None:
    """Serves until stdin is closed, so that no server outlives the test that started it."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    while sys.stdin.buffer.read(4096):
        pass
    server.shutdown()
