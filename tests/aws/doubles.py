"""A double of AWS on loopback: answers that a test writes, and a record of everything that reached it."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCOUNT = "111122223333"
ARN = f"arn:aws:iam::{ACCOUNT}:user/reader"
_SIGNED = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/")


@dataclass(frozen=True)
class Question:
    """One request as it arrived."""

    service: str
    """The name in the signature: `ec2`, `lambda`."""
    region: str
    operation: str
    """The operation of query and JSON protocols; `GET /path` of the others."""
    said: dict[str, Any]


Reply = tuple[int, str | bytes]
Answers = Callable[[Question], Reply | None]


@dataclass
class Double:
    """A server and what it was asked."""

    url: str
    answers: Answers
    asked: list[Question] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, operation: str) -> int:
        """How often an operation was asked."""
        return sum(q.operation == operation for q in self.asked)


@contextmanager
def double(answers: Answers) -> Iterator[Double]:
    """Serve `answers` on a port of loopback; None from it is an error 404."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            question = _question(self, body)
            with served.lock:
                served.asked.append(question)
            status, content = served.answers(question) or _sign_in(question) or (404, "{}")
            data = content.encode() if isinstance(content, str) else content
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if data[:1] == b"{" else "text/xml")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Double(f"http://127.0.0.1:{server.server_port}", answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _question(handler: BaseHTTPRequestHandler, body: bytes) -> Question:
    match = _SIGNED.search(handler.headers.get("Authorization", ""))
    region, service = (match[1], match[2]) if match else ("", "")
    target = handler.headers.get("X-Amz-Target")
    if target:
        return Question(service, region, target.rpartition(".")[2], json.loads(body or b"{}"))
    form = {k: v[0] for k, v in urllib.parse.parse_qs(body.decode("utf-8", "replace")).items()}
    if "Action" in form:
        return Question(service, region, form["Action"], form)
    path, _, query = handler.path.partition("?")
    said = {k: v[0] for k, v in urllib.parse.parse_qs(query, keep_blank_values=True).items()}
    return Question(service, region, f"{handler.command} {path}", said)


def _sign_in(question: Question) -> Reply | None:
    return (200, identity()) if question.operation == "GetCallerIdentity" else None


def identity(account: str = ACCOUNT) -> str:
    """The answer of sts:GetCallerIdentity."""
    who = f"<Arn>arn:aws:iam::{account}:user/reader</Arn><UserId>AIDA</UserId><Account>{account}</Account>"
    inner = f"<GetCallerIdentityResult>{who}</GetCallerIdentityResult>"
    return f'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">{inner}</GetCallerIdentityResponse>'


def vpcs(*ids: str, more: str = "") -> str:
    """The answer of ec2:DescribeVpcs; `more` is the token of the next page."""
    items = "".join(f"<item><vpcId>{id}</vpcId><cidrBlock>10.0.0.0/16</cidrBlock></item>" for id in ids)
    token = f"<nextToken>{more}</nextToken>" if more else ""
    return f'<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><vpcSet>{items}</vpcSet>{token}</DescribeVpcsResponse>'


def error(code: str, message: str = "told so") -> str:
    """An error as EC2 writes it."""
    return f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"


def json_error(code: str, message: str = "told so") -> str:
    """An error as the services of JSON write it."""
    return json.dumps({"__type": f"com.amazonaws.service#{code}", "message": message})


def slowly(answers: Answers, seconds: Callable[[Question], float]) -> Answers:
    """The same answers, each after its own time."""

    def answer(question: Question) -> Reply | None:
        time.sleep(seconds(question))
        return answers(question)

    return answer
