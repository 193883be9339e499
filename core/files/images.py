"""Pictures are drawn anew: what is kept holds pixels alone, no place and hour of the camera, nothing hidden behind."""

import warnings
from pathlib import Path

from core.language import _
from core.refusals import Refusal

MOST_PIXELS = 40_000_000
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
QUALITY = 88


def draw_anew(path: Path, kind: str) -> None:
    """Put the picture's pixels in the place of the file that was sent; `Refusal` when it is none or is too large.

    How large it is, its beginning says: nothing is unpacked before that was read. A picture that the camera
    marked as lying on its side is stood up, for the mark goes too.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415  not needed at start

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count ourselves
            with Image.open(path, formats=[FORMATS[kind]]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refusal(
                        _("The picture has more than %(n)s million pixels: make it smaller.", n=MOST_PIXELS // 10**6),
                        field="file",
                    )
                drawn = ImageOps.exif_transpose(picture)
                if drawn.mode in {"P", "PA"}:
                    drawn = drawn.convert("RGBA")
                drawn.load()
                drawn.info = {}  # what the camera or a program wrote beside the pixels
                drawn.save(path, FORMATS[kind], **({"quality": QUALITY} if kind == "image/jpeg" else {}))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refusal(_("This picture is damaged: save it again and send it."), field="file") from error
