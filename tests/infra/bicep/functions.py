"""Bicep's functions: how many arguments each takes, and what those that are computed here give."""

import base64
import hashlib
import ipaddress
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from tests.infra.bicep.values import EvaluationError, Opaque, like

MANY = 99
# Answered by the template, because they depend on where it is deployed.
PLACED: dict[str, tuple[int, int]] = {
    "deployer": (0, 0),
    "deployment": (0, 0),
    "environment": (0, 0),
    "extensionResourceId": (3, MANY),
    "getSecret": (1, 4),
    "listAccountSas": (2, 3),
    "listKeys": (0, 3),
    "loadFileAsBase64": (1, 1),
    "loadJsonContent": (1, 3),
    "loadTextContent": (1, 2),
    "managementGroupResourceId": (2, MANY),
    "newGuid": (0, 0),
    "readEnvironmentVariable": (1, 2),
    "reference": (1, 3),
    "resourceGroup": (0, 2),
    "resourceId": (2, MANY),
    "subscription": (0, 1),
    "subscriptionResourceId": (2, MANY),
    "tenant": (0, 0),
    "tenantResourceId": (2, MANY),
    "utcNow": (0, 1),
}
# They take a lambda, which the evaluator calls.
WITH_LAMBDA: dict[str, tuple[int, int]] = {
    "filter": (2, 2),
    "groupBy": (2, 2),
    "map": (2, 2),
    "mapValues": (2, 2),
    "reduce": (3, 3),
    "sort": (1, 2),
    "toObject": (2, 3),
}


def _is_empty(value: Any) -> bool:
    return value is None or len(value) == 0


def _contains(where: Any, what: Any) -> bool:
    return str(what) in where if isinstance(where, str | dict) else what in where


def _concat(*parts: Any) -> Any:
    if all(isinstance(part, list) for part in parts):
        return [item for part in parts for item in part]
    if any(isinstance(part, list) for part in parts):
        raise EvaluationError("concat() of lists and of other things")
    return like("".join(text_of(part) for part in parts), *parts)


def text_of(value: Any) -> str:
    """Return the value as it stands in an interpolated string."""
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _string(value: Any) -> str:
    return like(text_of(value), value)


def _format(pattern: str, *arguments: Any) -> str:
    text = pattern
    for number, argument in enumerate(arguments):
        text = text.replace(f"{{{number}}}", text_of(argument))
    return like(text, pattern, *arguments)


def _union(*parts: Any) -> Any:
    if isinstance(parts[0], list):
        return list({json.dumps(item, sort_keys=True): item for p in parts for item in p}.values())
    merged: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = _union(merged[key], value) if both else value
    return merged


def _unique_string(*parts: Any) -> str:
    """Return 13 characters that depend on the parts, as Azure's do (not the same ones)."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:13]


def _guid(*parts: Any) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(map(str, parts))))


def _cidr_subnet(network: str, length: int, number: int) -> str:
    return str(list(ipaddress.ip_network(network).subnets(new_prefix=length))[number])


def _cidr_host(network: str, number: int) -> str:
    return str(ipaddress.ip_network(network)[number + 1])


def _range(start: int, count: int) -> list[int]:
    return list(range(start, start + count))


def _first(value: Any) -> Any:
    return value[0] if value else None


def _items(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value[key]} for key in sorted(value)]


def _take(value: Any, count: int) -> Any:
    return like(value[:count], value) if isinstance(value, str) else value[:count]


def _skip(value: Any, count: int) -> Any:
    return like(value[count:], value) if isinstance(value, str) else value[count:]


def _substring(value: str, start: int, length: int | None = None) -> str:
    end = len(value) if length is None else start + length
    if end > len(value):
        raise EvaluationError(f"substring({value!r}, {start}, {length}) reaches past its end")
    return like(value[start:end], value)


def _split(value: str, by: str | list[str]) -> list[str]:
    signs = [by] if isinstance(by, str) else by
    for sign in signs[1:]:
        value = like(value.replace(sign, signs[0]), value)
    return [like(part, value) for part in value.split(signs[0])]


def _int(value: Any) -> int:
    if isinstance(value, Opaque) and not value.isdigit():
        raise EvaluationError("int() of a value that is not known")
    return int(value)


def _fail(message: str) -> Any:
    raise EvaluationError(f"fail({message!r})")


def _json(text: str) -> Any:
    """Return what the text holds; a number with a fraction is the one thing Bicep cannot write."""
    return json.loads(text)


Computed = tuple[int, int, Callable[..., Any]]
COMPUTED: dict[str, Computed] = {
    "any": (1, 1, lambda value: value),
    "array": (1, 1, lambda value: value if isinstance(value, list) else [value]),
    "base64": (1, 1, lambda text: like(base64.b64encode(text.encode()).decode(), text)),
    "base64ToString": (1, 1, lambda text: like(base64.b64decode(text).decode(), text)),
    "bool": (1, 1, lambda value: text_of(value).lower() in {"1", "true"}),
    "cidrHost": (2, 2, _cidr_host),
    "cidrSubnet": (3, 3, _cidr_subnet),
    "coalesce": (1, MANY, lambda *values: next((v for v in values if v is not None), None)),
    "concat": (1, MANY, _concat),
    "contains": (2, 2, _contains),
    "dateTimeAdd": (2, 3, lambda start, *_: start),
    "empty": (1, 1, _is_empty),
    "endsWith": (2, 2, lambda text, end: text.lower().endswith(end.lower())),
    "fail": (1, 1, _fail),
    "first": (1, 1, _first),
    "flatten": (1, 1, lambda lists: [item for one in lists for item in one]),
    "format": (1, MANY, _format),
    "guid": (1, MANY, _guid),
    "indexOf": (2, 2, lambda where, what: where.find(what)),
    "int": (1, 1, _int),
    "intersection": (2, MANY, lambda one, *more: [x for x in one if all(x in m for m in more)]),
    "items": (1, 1, _items),
    "join": (2, 2, lambda texts, by: like(by.join(map(text_of, texts)), *texts)),
    "json": (1, 1, _json),
    "last": (1, 1, lambda value: value[-1] if value else None),
    "length": (1, 1, len),
    "max": (1, MANY, lambda *values: max(*values) if len(values) > 1 else max(values[0])),
    "min": (1, MANY, lambda *values: min(*values) if len(values) > 1 else min(values[0])),
    "nameof": (1, 1, lambda value: value),
    "objectKeys": (1, 1, sorted),
    "padLeft": (2, 3, lambda text, size, sign=" ": text_of(text).rjust(size, sign)),
    "range": (2, 2, _range),
    "replace": (3, 3, lambda text, old, new: like(text.replace(old, new), text, new)),
    "shallowMerge": (1, 1, lambda parts: {k: v for part in parts for k, v in part.items()}),
    "skip": (2, 2, _skip),
    "split": (2, 2, _split),
    "startsWith": (2, 2, lambda text, start: text.lower().startswith(start.lower())),
    "string": (1, 1, _string),
    "substring": (2, 3, _substring),
    "take": (2, 2, _take),
    "toLower": (1, 1, lambda text: like(text.lower(), text)),
    "toUpper": (1, 1, lambda text: like(text.upper(), text)),
    "trim": (1, 1, lambda text: like(text.strip(), text)),
    "union": (2, MANY, _union),
    "uniqueString": (1, MANY, _unique_string),
    "uriComponent": (1, 1, lambda text: like(quote(text, safe="⟦⟧"), text)),
}
ARITIES = PLACED | WITH_LAMBDA | {name: entry[:2] for name, entry in COMPUTED.items()}
