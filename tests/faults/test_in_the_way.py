"""What a module puts in the way of an action keeps it from happening, whoever asks; of switching off nothing does."""

import pytest
from click.testing import CliRunner

from core.cli import main_group
from core.cli.context import Context
from core.database import installed
from core.language import speaking
from core.modules import switching
from core.partners.services import modules_of
from core.rights.asking import plan_of, report_of
from tests.faults.houses import House
from tests.faults.making import make

RAISES = """

@answers
def preflight(action, session, partner_id):
    if action == "%s":
        raise ZeroDivisionError
    return []
"""
ASKS_WRONGLY = """

@answers
def preflight(action, session):
    from sqlalchemy import text
    if action == "%s":
        session.execute(text("select nothing from nowhere"))
    return []
"""
KEEPS = """

@answers
def purge_plan(session):
    from core.api import Duty
    return [Duty("Papers", 3, None, "The law wants them.")]
"""


@pytest.fixture
def house_with(settings, folder, start, partner):
    """The program with a made plugin that was installed, or not yet."""
    made = []

    def of(more, *, is_installed=True, is_on=False):
        house = House(settings, folder, partner, make(folder, "obstinate", more_plugin=more))
        made.append(house)
        if is_installed:
            house.install()
        if is_on:
            house.switch_on()
        return house

    with speaking("en"):
        yield of
    for house in made:
        house.database.close()


def command(house, *words, said=""):
    """`generazioni plugins …` in the very program that the pages are of."""
    context = Context()
    context.settings, context.database, context.watch = house.settings, house.database, house.app.extensions["watch"]
    with speaking("en"):
        return CliRunner().invoke(main_group, ["plugins", *words], obj=context, input=said)


def is_installed(house):
    with house.database.session(house.scope, writes=False) as session:
        return installed.head_of(session.connection(), house.key) is not None


def is_on(house):
    with house.database.session(house.scope, writes=False) as session:
        return house.key in modules_of(session)


REFUSED = "The module could not be asked"


@pytest.mark.parametrize("fault", [RAISES, ASKS_WRONGLY], ids=["raises", "asks wrongly"])
def test_a_module_that_cannot_be_asked_is_not_installed(house_with, fault):
    house = house_with(fault % "install", is_installed=False)
    page = f"/network/modules/{house.key}/install"

    assert REFUSED in house.client.get(page).text
    answer = house.post(page)
    told = command(house, "install", house.key)

    assert (answer.status_code, REFUSED in answer.text) == (422, True)
    assert REFUSED in str(told.exception)
    assert not is_installed(house)


def test_a_module_that_cannot_be_asked_is_not_switched_on_but_off_it_goes(house_with):
    house = house_with((RAISES % "enable").replace('"enable"', '"enable" or action == "disable"'))
    ways = (f"/network/modules/{house.key}/enable?partner={house.scope.partner_id}", f"/modules/{house.key}/on")

    told = command(house, "enable", house.key, "--partner", "QUERCIA")
    for address in ways:
        answer = house.client.post(address, data=house.token())
        assert (answer.status_code, REFUSED in answer.text) == (422, True), address
    assert REFUSED in str(told.exception)
    assert not is_on(house)

    house.database.run(house.scope, lambda session: switching.switch_on(session, house.key, known=[house.key]))
    assert house.client.post(f"/modules/{house.key}/off", data=house.token()).status_code == 303
    assert not is_on(house)


def test_a_module_that_cannot_be_asked_is_not_purged(house_with):
    house = house_with(RAISES % "purge")
    page = f"/network/modules/{house.key}/purge"

    answer = house.client.post(page, data={**house.token(), "typed": house.key, "keeps": "y"})
    told = command(house, "purge", house.key, "--name", house.key, "--keeps-export")

    assert (answer.status_code, REFUSED in answer.text) == (422, True)
    assert REFUSED in str(told.exception)
    assert is_installed(house)


def test_a_purge_from_the_command_line_asks_for_a_word_about_what_the_law_wants_kept(house_with):
    house = house_with(KEEPS)

    unsaid = command(house, "purge", house.key, "--name", house.key, said="n\n")
    assert "Papers: 3 rows. The law wants them." in unsaid.output
    assert (unsaid.exit_code, is_installed(house)) == (1, True)

    said = command(house, "purge", house.key, "--name", house.key, "--keeps-export")
    assert (said.exit_code, is_installed(house)) == (0, False), said.output


def test_a_page_asks_for_the_same_word(house_with):
    house = house_with(KEEPS)
    page = f"/network/modules/{house.key}/purge"

    assert house.post(page, typed=house.key).status_code == 422
    assert is_installed(house)
    assert house.post(page, typed=house.key, keeps="y").status_code == 303
    assert not is_installed(house)


def test_who_is_written_of_by_a_module_that_broke_is_not_erased(house_with, folder):
    house = house_with("", is_on=True)
    before = missing_of(house)
    (folder / house.key / "plugin.py").write_text("raise OSError")
    house.start_again()

    assert not house.plugin.works
    assert [after - others for after, others in zip(missing_of(house), before, strict=True)] == [
        {house.plugin.title}
    ] * 2
    answer = house.post(f"/rights/people/{house.person}/erase", reason="Asked for on 3 November")

    assert answer.status_code == 422
    assert house.plugin.title in answer.text


def test_nor_is_anybody_while_the_code_of_a_module_is_gone(house_with, folder):
    house = house_with("", is_on=True)
    (folder / house.key / "manifest.toml").unlink()
    house.start_again()

    assert all(house.key in missing for missing in missing_of(house))


def missing_of(house):
    """Who could not be asked about a person: for an erasure, and for a report."""
    looks = ((plan_of, "subject_erase"), (report_of, "subject_export"))
    with house.database.session(house.scope, writes=False) as session:
        asked = [look(session, house.person, house.installation.asked(question)) for look, question in looks]
    return [set(one.missing) for one in asked]
