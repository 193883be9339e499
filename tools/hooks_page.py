"""docs/hooks.md, made from core/hooks.py: what can be extended, in the words of the code.

`update` writes the page, `check` says whether it is behind. It is checked in, to be read where the code is.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOOKS, PAGE = ROOT / "core" / "hooks.py", ROOT / "docs" / "hooks.md"
HEAD = """# Hooks

What the core asks a module, made from [core/hooks.py](../core/hooks.py) by `make hooks`. A module answers with a
function of the same name in its `plugin.py`, marked `@answers`; it may leave out arguments that it does not need. A
name that the core does not ask takes the module out of service, with the name in the reason. [plugin.md](plugin.md)
builds a module step by step.
"""


def hooks(source: str) -> Iterator[ast.FunctionDef]:
    """The questions and events of a file, in their order."""
    functions = (one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef))
    yield from (one for one in functions if "asks" in (ast.unparse(mark) for mark in one.decorator_list))


def page(source: str) -> str:
    """The page: questions without arguments first, for they are asked at start; then what is asked while running."""
    found = list(hooks(source))
    at_start = [section(one) for one in found if not one.args.args]
    later = [section(one) for one in found if one.args.args]
    return "\n".join([HEAD, "## Asked once, at start\n", *at_start, "## Asked when something happens\n", *later])


def section(hook: ast.FunctionDef) -> str:
    """One hook: how it is called, what it answers, what for."""
    arguments = ", ".join(f"{one.arg}: {said(one.annotation)}" for one in hook.args.args)
    return f"### `{hook.name}`\n\n`{hook.name}({arguments}) → {said(hook.returns)}`\n\n{ast.get_docstring(hook)}\n"


def said(annotation: ast.expr | None) -> str:
    """An annotation as text, whether it stands in quotes or not."""
    if isinstance(annotation, ast.Constant):
        return str(annotation.value)
    return ast.unparse(annotation) if annotation else ""


def main() -> int:
    """Write the page, or look whether it is what the code says."""
    wanted = page(HOOKS.read_text(encoding="utf-8"))
    if sys.argv[1:] == ["update"]:
        PAGE.write_text(wanted, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != wanted:
        print("docs/hooks.md is behind core/hooks.py: run make hooks")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
