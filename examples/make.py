"""Makes the example files, some rows wrong on purpose: `python -m examples.make`, the same each time."""

from pathlib import Path

from examples.making import applications, dwellings, people
from examples.making.sheet import Sheet, explain, write_csv, write_xlsx

HERE = Path(__file__).resolve().parent


def sheets() -> tuple[Sheet, Sheet, Sheet]:
    """Dwellings, people and applications; the last name rows of the first two."""
    homes, residents = dwellings.sheet(), people.sheet()
    return homes, residents, applications.sheet(residents, homes)


def main(folder: Path = HERE) -> None:
    """Write every file into the folder."""
    made = sheets()
    for sheet in made:
        write_csv(sheet, folder / f"{sheet.name}.csv")
        write_xlsx(sheet, folder / f"{sheet.name}.xlsx")
    (folder / "README.md").write_text(explain(made), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
