"""From the packages' models to plain tables: names on the wire, types, required, read-only.

The packages come in two styles: newer ones declare fields (rest_field), older ones a map of
attributes beside rules of validation, in which `properties.x` stands for a field of a field.
"""

import enum
import importlib
import inspect
import re
import types
import typing
from typing import Any

Table = dict[str, dict[str, Any]]
TEXTS = {"bytes", "date", "datetime", "time"}
SCALARS = {"bool": "bool", "Decimal": "number", "float": "number", "int": "int", "str": "string"}
OLD_SCALARS = SCALARS | {"duration": "string", "iso-8601": "string", "long": "int"}
LIMITS = ("max_length", "maximum", "min_length", "minimum", "pattern")
DOT = re.compile(r"(?<!\\)\.")


class Models:
    """Collects a model of one package and every model that it leads to."""

    def __init__(self, package: str, table: Table) -> None:
        self.package = package
        self.module = importlib.import_module(f"azure.mgmt.{package}.models")
        self.table = table

    def collect(self, model: type) -> str:
        """Return the key of the model in the table, after putting it there."""
        key = f"{self.package}:{model.__name__}"
        if key not in self.table:
            entry = self.table[key] = {"fields": {}}
            fields = self._old(model) if hasattr(model, "_attribute_map") else self._new(model)
            entry["fields"] = fields
            entry |= self._subtypes(model)
        return key

    # --- packages that declare fields -------------------------------------------------------
    def _new(self, model: type) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for owner in reversed(model.__mro__):
            for attribute, field in vars(owner).items():
                if type(field).__name__ == "_RestField":
                    name = field._rest_name_input or attribute
                    found[name] = self._new_field(owner.__annotations__[attribute], field)
        return found

    def _new_field(self, annotation: Any, field: Any) -> dict[str, Any]:
        kind, optional = self._annotated(annotation)
        read_only = field._visibility == ["read"]
        return _field(kind, required=not optional and not read_only, read_only=read_only)

    def _annotated(self, annotation: Any) -> tuple[Any, bool]:
        """Return the type, and whether it may be left out."""
        if isinstance(annotation, str):
            annotation = eval(annotation, vars(typing) | {"_models": self.module})
        if isinstance(annotation, typing.ForwardRef):
            return self._annotated(annotation.__forward_arg__)
        origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
        if origin in {typing.Union, types.UnionType}:
            known = [self._annotated(one)[0] for one in inner if one is not type(None)]
            return _either(known), type(None) in inner
        if origin is typing.Literal:
            return {"enum": [_plain(value) for value in inner]}, False
        if origin is list:
            return {"list": self._annotated(inner[0])[0]}, False
        if origin is dict:
            return {"map": self._annotated(inner[1])[0]}, False
        return self._class(annotation), False

    def _class(self, kind: Any) -> Any:
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return {"enum": [_plain(member) for member in kind]}
        if isinstance(kind, type) and kind.__module__.startswith("azure."):
            return {"model": self.collect(kind)}
        name = getattr(kind, "__name__", "")
        return SCALARS.get(name) or ("string" if name in TEXTS else "any")

    # --- packages with a map of attributes --------------------------------------------------
    def _old(self, model: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        enums = self._enums(model)
        for attribute, described in model._attribute_map.items():
            rules = model._validation.get(attribute, {})
            kind = enums.get(attribute) or self._old_type(described["type"])
            field = _field(
                kind,
                required=rules.get("required", False),
                read_only=rules.get("readonly", False),
            ) | {name: rules[name] for name in LIMITS if name in rules}
            _place(found, [_unescaped(part) for part in DOT.split(described["key"])], field)
        return found

    def _old_type(self, written: str) -> Any:
        if written.startswith("["):
            return {"list": self._old_type(written[1:-1])}
        if written.startswith("{"):
            return {"map": self._old_type(written[1:-1])}
        found = getattr(self.module, written, None)
        return self._class(found) if found is not None else OLD_SCALARS.get(written, "any")

    def _enums(self, model: type) -> dict[str, Any]:
        """Return the enumerations, which only the signature of the constructor names."""
        found = {}
        for name, parameter in inspect.signature(model).parameters.items():
            annotation = str(parameter.annotation)
            plain = re.fullmatch(
                r"(?:Optional\[)?Union\[str, ForwardRef\('_models\.(\w+)'\)\]\]?"
                r"|typing\.(?:Union|Optional)\[str, ForwardRef\('_models\.(\w+)'\)(?:, NoneType)?\]"
                r"|(?:typing\.)?Optional\[Union\[str, '_models\.(\w+)'\]\]",
                annotation,
            )
            if plain:
                found[name] = self._class(getattr(self.module, next(filter(None, plain.groups()))))
        return found

    # --- models of which a field says which one it is ---------------------------------------
    def _subtypes(self, model: Any) -> dict[str, Any]:
        if subtypes := vars(model).get("_subtype_map"):
            attribute, by_value = next(iter(subtypes.items()))
            name = _unescaped(model._attribute_map[attribute]["key"])
            models = {value: getattr(self.module, one) for value, one in by_value.items()}
        elif mapping := vars(model).get("__mapping__"):
            name = next(
                field._rest_name_input or attribute
                for attribute, field in vars(model).items()
                if getattr(field, "_is_discriminator", False)
            )
            models = mapping
        else:
            return {}
        return {"by": name, "kinds": {_plain(v): self.collect(one) for v, one in models.items()}}


def _field(kind: Any, *, required: bool, read_only: bool) -> dict[str, Any]:
    flags = {"required": required and not read_only, "read_only": read_only}
    return {"type": kind} | {name: True for name, value in flags.items() if value}


def _place(fields: dict[str, Any], path: list[str], field: dict[str, Any]) -> None:
    """Put a flattened field below the fields that its key names."""
    for part in path[:-1]:
        entry = fields.setdefault(part, {"type": {"fields": {}}})
        if field.get("required"):
            entry["required"] = True
        fields = entry["type"]["fields"]
    fields[path[-1]] = field


def _unescaped(name: str) -> str:
    return name.replace("\\\\", "").replace("\\", "")


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, enum.Enum) else value


def _either(kinds: list[Any]) -> Any:
    """Return one type for several: text beside an enumeration only means that it may grow."""
    if len(kinds) == 2 and kinds[0] == "string" and isinstance(kinds[1], dict):
        return kinds[1]
    return kinds[0] if len(kinds) == 1 else {"either": kinds}
