"""Finds the text of a consent and fills in who asks for it."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from talenti.errors import Invalid

_TEXTS = Path(__file__).parent / "texts"
_PLACEHOLDER = re.compile(r"\{(organisation|retention_days|contact)\}")


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One wording in one language.

    `purposes` maps each purpose to the sentence that is agreed to, in the order shown; without the
    `required_purposes` there is no interview. `sha256` (hex) is over everything the others hold, as
    written: before organisation, contact and days are filled in.
    """

    version: str
    language: str
    text: str
    purposes: Mapping[str, str]
    required_purposes: frozenset[str]
    sha256: str

    def filled(self, *, organisation: str, contact: str, retention_days: int) -> str:
        """Return the text as it is shown; what is filled in is never read for placeholders."""
        values = {
            "organisation": organisation,
            "contact": contact,
            "retention_days": str(retention_days),
        }
        return _PLACEHOLDER.sub(lambda found: values[found[1]], self.text)


def current(language: str) -> ConsentText:
    """Return the newest text in `language`, or in its main language (`en` for `en-GB`).

    Raises Invalid where there is none: nobody agrees to what they cannot read.
    """
    tags = (language.lower(), language.split("-")[0].lower())
    for tag in tags:
        versions = [version for version, known in _texts() if known == tag]
        if versions:
            return _texts()[max(versions), tag]
    message = "There is no consent text in this language."
    raise Invalid(message, {"language": [message]})


def find(version: str, language: str) -> ConsentText:
    """Return one version's text in exactly `language`, or in its main one; raises Invalid."""
    for tag in (language.lower(), language.split("-")[0].lower()):
        if (version, tag) in _texts():
            return _texts()[version, tag]
    message = "There is no consent text of this version and language."
    raise Invalid(message, {"version": [message]})


@lru_cache(maxsize=1)
def _texts() -> Mapping[tuple[str, str], ConsentText]:
    """Return every text by version and lower-case language; a name from outside is never a path."""
    found = (_read(path) for path in sorted(_TEXTS.glob("*/*.toml")))
    return {(consent.version, consent.language.lower()): consent for consent in found}


def _read(path: Path) -> ConsentText:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    text, purposes, required = data["text"].strip(), data["purposes"], sorted(data["required"])
    version, language = path.parent.name, path.stem
    written = json.dumps([version, language, text, list(purposes.items()), required])
    return ConsentText(
        version=version,
        language=language,
        text=text,
        purposes=MappingProxyType(purposes),
        required_purposes=frozenset(required),
        sha256=hashlib.sha256(written.encode()).hexdigest(),
    )
