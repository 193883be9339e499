"""The sentences of each domain (the core, each plugin) and their translations.

`update` writes what is new into translations/<language>/LC_MESSAGES/<domain>.po, where a translator finds it.
`check` names each sentence that is not translated, or whose placeholders differ.
"""

import sys
from pathlib import Path

from core.language.catalogues import bring_up, extract, faults_of, file_of, languages, read, untranslated

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"


def domains() -> dict[str, Path]:
    """Domain → folder whose sentences it holds."""
    plugins = {manifest.parent.name: manifest.parent for manifest in sorted(ROOT.glob("plugins/*/manifest.toml"))}
    return {"core": ROOT / "core", **plugins}


def update() -> int:
    """Bring every catalogue up to the sentences in the code."""
    for language in languages():
        for domain, folder in domains().items():
            file = file_of(TRANSLATIONS, language, domain)
            catalogue = bring_up(file, language, extract(domain, folder, ROOT))
            print(f"{language} {domain}: {len(catalogue)} sentences, {untranslated(catalogue)} to translate")
    return 0


def check() -> int:
    """Print what is missing; the exit status says whether anything is."""
    faults = []
    for domain, folder in domains().items():
        template = extract(domain, folder, ROOT)
        for language in languages():
            file = file_of(TRANSLATIONS, language, domain)
            faults += [f"{file.relative_to(ROOT)}: {fault}" for fault in faults_of(template, read(file, language))]
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    verbs = {"update": update, "check": check}
    if sys.argv[1:] not in [[verb] for verb in verbs]:
        sys.exit("Say update or check.")
    sys.exit(verbs[sys.argv[1]]())
