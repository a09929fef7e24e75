"""Prints a fresh one-time token: `mint.py PORT LOGIN`."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as server:
    server.sendall(f"GET /_link/{sys.argv[2]} HTTP/1.0\r\n\r\n".encode())
    answer = b""
    while part := server.recv(4096):
        answer += part
print(answer.split(b"\r\n\r\n", 1)[1].decode())
