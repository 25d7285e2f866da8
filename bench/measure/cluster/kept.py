"""A kept connection to a gateway that asks for small bodies."""

import socket


class Kept:
    """One request at a time; readable (`socket`) when something of its answer has come."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._buffer = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path: str) -> None:
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    def take(self) -> bytes | None:
        """The body of one byte; None while it has not come."""
        read = self.socket.recv(65536)
        if not read:
            raise RuntimeError(f"the gateway at {self._port} closed a kept connection")
        self._buffer += read
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found or not body:
            return None
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"the gateway at {self._port} answers {head.splitlines()[0]!r}")
        self._buffer = b""
        return body

    def get(self, path: str) -> bytes:
        self.ask(path)
        while (body := self.take()) is None:
            pass
        return body

    def close(self) -> None:
        self.socket.close()
