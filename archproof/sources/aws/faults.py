"""What an error of a call means for the reading: a code of `Unread`, and a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from archproof import facts
from archproof.errors import ArchproofError

_LONGEST = 300
_PAGE = re.compile(r"<!doctype html|<html", re.I)
_DENIED = (401, 403)
_THROTTLED = 429
_GONE = (404, 410)
_BROKEN = 500
_NO_SUCH_CALL = 501


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a call failed."""

    code: str
    """As in `Unread.code`; `strange` for credentials that AWS does not know there."""
    why: str
    error: str = ""
    """AWS's own code, where it gave one."""
    status: int = 0
    """The status of the HTTP answer, where there was one."""


class MalformedAnswer(ArchproofError):
    """An answer that says success and is none."""


def fault(error: BaseException) -> Fault:
    """Say what an error that a call raised means."""
    from botocore import exceptions as known

    if isinstance(error, known.ClientError):
        return _answered(error)
    said = _sentence(str(error)) or type(error).__name__
    if isinstance(error, MalformedAnswer | known.PaginationError):
        return Fault("malformed", said)
    if isinstance(error, ArchproofError):
        return Fault("denied", said)  # the gate
    expired = (
        known.UnauthorizedSSOTokenError, known.SSOTokenLoadError, known.TokenRetrievalError,
        known.CredentialRetrievalError, known.RefreshWithMFAUnsupportedError, known.MetadataRetrievalError,
    )  # fmt: skip
    if isinstance(error, expired):
        return Fault("expired", f"the credentials could not be renewed: {said}")
    if isinstance(error, known.NoCredentialsError | known.PartialCredentialsError):
        return Fault("denied", f"there are no credentials: {said}")
    if isinstance(error, known.UnknownServiceError | known.UnknownEndpointError | known.UnknownRegionError):
        return Fault("unavailable", said)
    if isinstance(error, known.EndpointProviderError | known.InvalidRegionError):
        return Fault("unavailable", said)
    if isinstance(error, known.HTTPClientError | known.ConnectionError | OSError):
        return Fault("unreachable", said)
    if isinstance(error, known.ParamValidationError | known.DataNotFoundError):
        return Fault("unsupported", said)
    return Fault("malformed", f"the answer could not be read: {type(error).__name__}: {said}")


def _answered(error: Any) -> Fault:
    """What an answer that is an error means: by its code, else by the status of HTTP."""
    answer = error.response if isinstance(error.response, dict) else {}
    told = answer.get("Error")
    told = told if isinstance(told, dict) else {}
    code = str(told.get("Code", ""))
    metadata = answer.get("ResponseMetadata")
    status = metadata.get("HTTPStatusCode", 0) if isinstance(metadata, dict) else 0
    status = status if isinstance(status, int) else 0
    message = _sentence(str(told.get("Message", "")))
    why = f"{code}: {message}" if message else code or f"HTTP {status}"
    return Fault(_meaning(code, status), why, code, status)


def _sentence(text: str) -> str:
    """A message on one line and not too long; of a page of HTML no more than that it is one."""
    page = _PAGE.search(text)
    if page is not None:
        text = text[: page.start()].removesuffix("b'").rstrip() + " a page of HTML"
    return " ".join(text.split())[:_LONGEST]


def _meaning(code: str, status: int) -> str:
    codes = facts.fault_codes()
    # older services write `Client.Code`, newer ones `com.amazonaws.service#Code` or `Code:http://…`
    short = code.rpartition("#")[2].partition(":")[0].rpartition(".")[2]
    for name in (code, short):
        if name in codes:
            return codes[name]
    if short.isdigit():
        status = status or int(short)
        if status in _GONE:
            return "unavailable"  # AWS says in words what is gone; this one knows no such call
    if short.startswith("AccessDenied") or (status in _DENIED and "Expired" not in short):
        return "denied"
    if "Expired" in short and status in (400, *_DENIED):
        return "expired"
    if status == _THROTTLED or "Throttl" in short:
        return "throttled"
    if short.endswith((".NotFound", "NotFound", "NotFoundException", "NotFoundFault", "DoesNotExist")):
        return "vanished"
    if status in _GONE:
        return "vanished"
    if status == _NO_SUCH_CALL:
        return "unavailable"
    if status >= _BROKEN or short in ("InternalError", "InternalFailure", "ServiceUnavailable"):
        return "unreachable"
    return "unavailable"
