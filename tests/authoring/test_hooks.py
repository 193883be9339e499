"""The table of what can be extended: its page says what the code says, and nothing in it is unused."""

import ast

import pytest

from core.config import ROOT
from tools.hooks_page import HOOKS, PAGE, hooks, page

NAMES = [hook.name for hook in hooks(HOOKS.read_text(encoding="utf-8"))]


def answered() -> set[str]:
    """The names that some plugin.py of the core, of our modules or of the example answers."""
    found = set()
    for place in ("core", "plugins", "examples/plugins/*"):
        for file in ROOT.glob(f"{place}/*/plugin.py"):
            functions = (
                one for one in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(one, ast.FunctionDef)
            )
            found |= {one.name for one in functions if "answers" in map(ast.unparse, one.decorator_list)}
    return found


def test_the_page_of_hooks_says_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == page(HOOKS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_each_hook_is_used(name):
    assert name in answered()


def test_each_hook_has_its_sentence_on_the_page():
    text = PAGE.read_text(encoding="utf-8")

    assert [name for name in NAMES if f"### `{name}`" not in text] == []


def test_a_hook_is_told_with_its_arguments_and_its_answer():
    told = page('@asks\ndef cards(viewer: "Viewer") -> "list[Card]":\n    """Cards."""\n\n\ndef other():\n    pass\n')

    assert "`cards(viewer: Viewer) → list[Card]`\n\nCards.\n" in told
    assert "other" not in told.partition("## Asked when")[2]
