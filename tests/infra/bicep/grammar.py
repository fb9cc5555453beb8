"""A second opinion on syntax: tree-sitter's grammar of Bicep."""

import re
from collections.abc import Iterator

import tree_sitter
import tree_sitter_bicep

from tests.infra.bicep.values import Finding

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bicep.language()))
# The grammar knows no .bicepparam files: an assignment of a parameter reads like a variable.
ASSIGNED = re.compile(r"^param (?=\w+ *=)", re.MULTILINE)


def check_grammar(path: str, text: str) -> Iterator[Finding]:
    source = ASSIGNED.sub("var ", text) if path.endswith(".bicepparam") else text
    for node in _broken(PARSER.parse(source.encode()).root_node):
        what = f"{node.type} is missing" if node.is_missing else "cannot be read"
        yield Finding(path, node.start_point.row + 1, "syntax", what)


def _broken(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from _broken(child)
