"""What bundled drivers say to owners can be said in all languages.

Errors and questions are templates, which `tests/test_sentences.py` finds in the translations. Other
plain sentences in a driver are its help and its labels, which have translations of their own.
"""

import ast
from collections.abc import Iterator
from functools import cache
import json
from pathlib import Path
import re

import pytest

PACKAGE = Path(__file__).parents[1] / "custom_components/lan_edge"
DRIVERS = sorted((PACKAGE / "edge/drivers").rglob("*.py"))
SMALL = "a|an|another|cannot|does|has|is|it|no|not|of|that|the|this|to|which|with"
SENTENCE = re.compile(rf"(?i)\b({SMALL}) [a-z]+ [a-z]+|[a-z]+ ({SMALL}) [a-z]+|the [a-z]+")
"""Three words with a small one among them: what devices send and get is shorter."""
ASKING = {"text", "choice", "choices", "press"}
TRANSLATED = {"Label", "DriverError"}
"""What is translated elsewhere, and what is only for authors."""
PLAIN = (ast.Constant, ast.JoinedStr)


@cache
def code_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def questions(code: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"ask.{n}" for n in ASKING}:
            yield node


def sayings(code: ast.AST) -> Iterator[ast.expr]:
    """Yield what errors and questions say."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and name_of(node).endswith("Error"):
            yield from (node.args if name_of(node) not in TRANSLATED else ())
    for question in questions(code):
        yield question.args[1]


def plain_texts(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the plain texts in a node, but for docstrings, help and labels."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.TemplateStr():
            return
        case ast.Assign(targets=[ast.Name(id="help")]):
            return
        case ast.Call() if name_of(node) in TRANSLATED:
            return
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield node
        case _:
            for child in ast.iter_child_nodes(node):
                yield from plain_texts(child)


def shown_in(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "1" for each in parts)


@pytest.mark.parametrize("path", DRIVERS, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_plain_sentence(path: Path) -> None:
    code = code_of(path)
    said = [
        ast.unparse(each) for each in sayings(code) if isinstance(each, PLAIN) and shown_in(each)
    ]
    assert not said
    assert not [shown_in(each) for each in plain_texts(code) if SENTENCE.search(shown_in(each))]


@pytest.mark.parametrize(
    "line",
    [
        'raise RefusedError("no")',
        'raise ReplyError(f"{name}: no")',
        'ask.text("key", "Key?", check)',
        'ask.choice("key", f"Which {name}?", {})',
        'WRONG = "it is another key"',
        'f(f"it has no such {thing}")',
        'number(value, "the power")',
    ],
)
def test_it_would_be_found(line: str) -> None:
    code = ast.parse(line)
    found = [each for each in sayings(code) if isinstance(each, PLAIN)]
    assert found or any(SENTENCE.search(shown_in(each)) for each in plain_texts(code))


def test_each_question_has_a_field_with_a_label() -> None:
    steps = json.loads((PACKAGE / "translations/en.json").read_text())["config"]["step"]
    asked = [question for path in DRIVERS for question in questions(code_of(path))]
    assert len(asked) > len(ASKING)
    for question in asked:
        step = "pair_text" if name_of(question) == "text" else "pair_choice"
        assert ast.literal_eval(question.args[0]) in steps[step]["data"]
