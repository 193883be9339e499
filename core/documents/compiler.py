"""The child process that turns a template and its values into a PDF: `python -I -m core.documents.compiler`.

It is a process of its own so that it can be stopped, and so that nothing a template does can hurt the
server: it reads the templates' folder and the core's library, and has no way to the network.
"""

import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

LIBRARY = Path(__file__).resolve().parent / "library"
UNDRAWN = "could not be displayed with font"
MOST_MEMORY = 2 * 1024**3
NOWHERE = "http://127.0.0.1:9"  # the port that discards: packages are never downloaded


def main() -> int:
    """Read the order from standard input, write the PDF to standard output, or say what failed."""
    _fence()
    order = json.load(sys.stdin)
    import typst  # noqa: PLC0415  the fence stands before it

    try:
        with tempfile.TemporaryDirectory(prefix="generazioni-fonts-") as fonts:
            made = _compiled(typst, order, Path(fonts))
    except typst.TypstError as error:
        sys.stderr.write("\n".join([error.message, *error.hints, *error.trace]))
        return 1
    sys.stdout.buffer.write(made)
    return 0


def _fence() -> None:
    """Leave no way to the network and no more memory than a document needs."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ[name] = os.environ[name.lower()] = NOWHERE
    if os.name == "posix":
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _compiled(typst: Any, order: dict[str, str], fonts: Path) -> bytes:
    """The PDF; letters that no font of ours has are drawn as boxes, for PDF/UA allows no letter without a shape."""
    told = {
        "root": order["folder"], "font_paths": [str(fonts)], "ignore_system_fonts": True,
        "sys_inputs": {"given": order["given"]}, "pdf_standards": ["ua-1"], "timestamp": int(order["timestamp"]),
        "package_path": str(LIBRARY), "package_cache_path": str(fonts),
    }  # fmt: skip
    template = str(Path(order["folder"]) / order["template"])
    try:
        return typst.compile(template, **told)
    except typst.TypstError as error:
        if UNDRAWN not in error.message:
            raise
    letters = {letter for letter in json.dumps(json.loads(order["given"]), ensure_ascii=False) if letter > "\x7f"}
    (fonts / "boxes.ttf").write_bytes(boxes(letters))
    return typst.compile(template, **told)


def boxes(letters: set[str]) -> bytes:
    """A font in which each of these letters is an empty box: it can be copied, searched and read aloud."""
    from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415  seldom needed
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    names = {ord(letter): f"u{ord(letter):X}" for letter in sorted(letters)}
    pen = TTGlyphPen(None)
    for outline in (((50, 0), (50, 700), (550, 700), (550, 0)), ((100, 50), (500, 50), (500, 650), (100, 650))):
        pen.moveTo(outline[0])
        for point in outline[1:]:
            pen.lineTo(point)
        pen.closePath()
    box, order = pen.glyph(), [".notdef", *names.values()]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names)
    font.setupGlyf(dict.fromkeys(order, box))
    font.setupHorizontalMetrics(dict.fromkeys(order, (600, 50)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "psName": "Boxes-Regular"})
    font.setupOS2()
    font.setupPost()
    kept = io.BytesIO()
    font.save(kept)
    return kept.getvalue()


if __name__ == "__main__":
    sys.exit(main())
