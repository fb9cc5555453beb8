"""JSON in, strictly: what cannot be stored or would mean two things is refused at the door."""

import codecs
import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 32
LARGEST_INTEGER = 2**63 - 1


class BodyTooLarge(APIException):
    """The body is longer than API_MAX_BODY_BYTES."""

    status_code = 413
    default_detail = "The body is too large."
    default_code = "body_too_large"


class StrictJSONParser(BaseParser):
    """One JSON object in UTF-8 with finite 64-bit numbers, unique names and plain text."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the object; raises ParseError (400) or BodyTooLarge (413)."""
        body = stream.read(settings.API_MAX_BODY_BYTES + 1)
        if len(body) > settings.API_MAX_BODY_BYTES:
            raise BodyTooLarge
        return parse_object(body)


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; raises ParseError."""
    if body.startswith(codecs.BOM_UTF8):
        raise ParseError("The body starts with a byte order mark.")
    try:
        value = json.loads(
            body.decode(),
            parse_constant=_refuse_constant,
            parse_float=_parse_float,
            parse_int=_parse_integer,
            object_pairs_hook=_unique,
        )
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise ParseError("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise ParseError("The body must be a JSON object.")
    _check_tree(value)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError("NaN and Infinity are not JSON.")


def _parse_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ParseError("A number is too large.")
    return number


def _parse_integer(text: str) -> int:
    number = int(text) if len(text) <= 20 else LARGEST_INTEGER + 1
    if abs(number) > LARGEST_INTEGER:
        raise ParseError("A number is too large.")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError("An object has the same name twice.")
    return found


def _check_tree(root: dict[str, Any]) -> None:
    """Refuse nesting deeper than DEEPEST and text that no database column takes."""
    waiting: list[tuple[Any, int]] = [(root, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            check_text(value)
        elif isinstance(value, dict | list):
            if depth > DEEPEST:
                raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
            waiting.extend((inner, depth + 1) for inner in _inside(value))


def _inside(value: dict[str, Any] | list[Any]) -> list[Any]:
    return [*value.keys(), *value.values()] if isinstance(value, dict) else value


def check_text(value: str) -> None:
    """Refuse NUL and lone surrogates; raises ParseError."""
    if "\0" in value:
        raise ParseError("Text must not contain the null character.")
    if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ParseError("Text must not contain half of a surrogate pair.")
