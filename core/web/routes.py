"""Routes that are made into addresses only when somebody asks for one."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule whose builder is compiled at its first use: of a thousand routes a process builds a few addresses.

    Compiling all of them at start took a quarter of the time to the first answer.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:  # noqa: FBT001, FBT002  Werkzeug's own
        made: list[Callable[..., Any]] = []

        def build(rule: "LateRule", **values: Any) -> Any:
            if not made:
                made.append(super()._compile_builder(append_unknown))
            return made[0](rule, **values)

        return build
