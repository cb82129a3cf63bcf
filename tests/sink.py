"""A mail server for tests: real SMTP on a port of its own, that keeps what it is given."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import Message
from types import TracebackType


class Sink:
    """With it: a server at `port`. `refused` are addresses and the answer they get; none: it hangs up."""

    def __init__(self, port: int = 0) -> None:
        self.messages: list[tuple[str, Message]] = []
        self.refused: dict[str, str] = {}
        sink = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.say("220 sink")
                to = ""
                while line := self.rfile.readline().decode().strip():
                    verb = line[:4].upper()
                    if verb == "RCPT":
                        to = line[line.index("<") + 1 : line.index(">")]
                        answer = sink.refused.get(to, "250 OK")
                        if not answer:
                            return
                        self.say(answer)
                    elif verb == "DATA":
                        self.say("354 go on")
                        lines = []
                        while (text := self.rfile.readline()) != b".\r\n":
                            lines.append(text)
                        told = message_from_bytes(b"".join(lines), policy=policy.default)
                        sink.messages.append((to, told))
                        self.say("250 kept")
                    elif verb == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 OK")

            def say(self, words: str) -> None:
                self.wfile.write(f"{words}\r\n".encode())

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.server = Server(("127.0.0.1", port), Talk)
        self.port: int = self.server.server_address[1]

    def __enter__(self) -> "Sink":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
