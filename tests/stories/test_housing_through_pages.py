"""From the families to the arrears of a tenant in the browser, in Italian, two officers each with their own part."""

from datetime import date
from decimal import Decimal

import pytest

from core.people.models import HouseholdRole, IseeKind, KnownToServices, NoCodiceFiscale, Sex
from core.people.services import add_member, compose_household, record_isee, register_person
from tests.stories.cast import BONOMETTI, DIOP, FAMILIES, GATTI, HOXHA, SECRETS, TRECCANI
from tests.stories.officer import Officer

# The demonstration scheme as the editor's rows ask it.
GROUPS = (
    ("Disagio familiare", "40", {"title": "Condizione familiare", "kind": "attribuiti", "key": "family"}),
    ("Disagio abitativo", "40", {"title": "Condizione abitativa", "kind": "attribuiti", "key": "housing"}),
    ("Disagio economico", "20", {"title": "ISEE", "kind": "ISEE", "points": "20", "limit": "16000", "key": "isee"}),
)
pytestmark = pytest.mark.browser


@pytest.fixture(params=["sqlite"])
def server(sqlite_folder):
    """The pages are the same on both databases: the story through the API walks PostgreSQL too."""
    return sqlite_folder


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "it-IT", "viewport": {"width": 1280, "height": 900}}


def test_a_home_is_ranked_let_and_charged_in_the_browser(town_hall, clock, page):
    _already_known(town_hall)
    luca = Officer(page, town_hall, "luca.neri")
    _register_bonometti(luca)
    _register_homes(luca)
    call = _publish_a_call(luca)

    clock.turn_to("2026-03-12 12:00")
    luca.sign_in()
    protocols = {one: _take_in(luca, one) for one in (HOXHA, DIOP, BONOMETTI, GATTI)}
    clock.turn_to("2026-04-01 09:00")
    luca.sign_in()
    protocols[TRECCANI] = _take_in_from_paper(luca)

    luca.open(call)
    luca.do("Chiudi")
    _examine(luca, protocols)
    luca.open(call)
    luca.do("Calcola i punti")
    luca.do("Calcola la graduatoria")
    ranking = luca.path
    _explains_each_place(luca, protocols)

    clock.turn_to("2026-04-10 09:00")
    _published_by_a_colleague(luca, page, town_hall, ranking, protocols)
    clock.turn_to("2026-04-28 09:00")
    marta = Officer(page, town_hall, "marta.zaniboni")
    marta.open(ranking)
    marta.do("Approva come definitiva", act="Determina 140 del 28/04/2026")
    assert "Definitiva" in marta.title

    lease = _let(page, town_hall, clock, protocols[BONOMETTI])
    _charged_and_paid(page, town_hall, clock, lease)


def _already_known(hall):
    """The families that the registry holds already, each with its ISEE."""

    def register(session):
        for one in FAMILIES:
            if one is not BONOMETTI:
                _family(session, one)

    hall.database.run(hall.scope, register)


def _family(session, family):
    def person(name, born):
        return register_person(
            session, surname=family.surname, name=name, sex=Sex.FEMALE, birth_date=born, confirm_similar=True,
            known_to_services=KnownToServices.NO, no_codice_fiscale_reason=NoCodiceFiscale.UNAVAILABLE,
        )  # fmt: skip

    household = compose_household(session, person=person(family.name, date(1980, 3, 4)), valid_from=date(2020, 1, 1))
    for n in range(family.minors):
        child = person(f"Figlio {n}", date(2014 + n, 5, 3))
        add_member(session, household, person=child, role=HouseholdRole.CHILD, valid_from=date(2020, 1, 1))
    record_isee(session, household, kind=IseeKind.ORDINARY, submitted_on=date(2026, 1, 20), isee=Decimal(family.isee))


def _register_bonometti(luca):
    luca.open("/people/new")
    luca.fill(
        surname="Bonometti", name="Chiara", birth_date="09/07/1984", sex="Femmina", birth_place="F471",
        codice_fiscale="BNMCHR84L49F471K", known_to_services="No",
    ).save()  # fmt: skip
    for n in range(BONOMETTI.minors):
        luca.open("/people/new")
        luca.fill(
            surname="Bonometti", name=f"Figlio {n}", birth_date=f"03/05/201{n + 4}", sex="Maschio",
            known_to_services="No", no_codice_fiscale_reason="Non disponibile",
        ).save()  # fmt: skip
    luca.open("/households/new")
    luca.fill(person="Bonometti Chiara", valid_from="01/01/2020").save()
    household = luca.title.split()[0]
    for n in range(BONOMETTI.minors):
        luca.do("Aggiungi un membro", person=f"Bonometti Figlio {n}", role="Figlio", valid_from="01/01/2020")
    luca.open("/isee-certificates/new")
    luca.fill(household=household, kind="Ordinario", submitted_on="20/01/2026", isee="2.500,00").save()


def _register_homes(luca):
    for number in ("14", "15"):
        luca.open("/m/housing/dwellings/new")
        luca.fill(code=f"MON-0{number}", regime="SAS", address=f"Via Roma {number}", municipality="F471",
                  monthly_rent="480,00").save()  # fmt: skip


def _publish_a_call(luca):
    luca.open("/m/housing/schemes/new")
    luca.fill(key="demo", title="Schema dimostrativo")
    for group, (title, cap, criterion) in enumerate(GROUPS):
        if group:
            luca.press("Aggiungi un gruppo")
        told = {"title": title, "cap": cap, **{f"0-{name}": value for name, value in criterion.items()}}
        luca.fill(**{f"criteria-{group}-{name}": value for name, value in told.items()})
    luca.save()
    luca.open("/m/housing/calls/new")
    assert luca.main.locator("[name=residence_required]").is_checked()
    luca.fill(number="2026/01", title="Alloggi sociali", regime="SAS", opens_on="02/03/2026", closes_on="31/03/2026",
              scheme="Schema dimostrativo").save()  # fmt: skip
    call = luca.path
    for home in ("MON-014", "MON-015"):
        luca.do("Aggiungi un alloggio", dwelling=home)
    luca.do("Pubblica")
    return call


def _take_in(luca, family, **when):
    """The application as its form asks it, the questions of the scheme each in its own field."""
    luca.open("/m/housing/applications/new")
    luca.fill(
        person=family.full_name, received_at=family.came, first_choice="MON-014", resident="Sì", no_property="Sì",
        disability="Sì" if family.disability else "No", answers__family=family.family, answers__housing=family.housing,
        **when,
    ).save()  # fmt: skip
    assert family.full_name in luca.main.inner_text()
    return luca.title.split()[0]


def _take_in_from_paper(luca):
    """It came on the last day and is typed in on the day after: too late with today's date, in time with its own."""
    luca.open("/m/housing/applications/new")
    luca.fill(person=TRECCANI.full_name).press("Salva")
    assert "dal 02/03/2026 al 31/03/2026" in luca.refused()
    return _take_in(luca, TRECCANI, received_on="31/03/2026")


def _examine(luca, protocols):
    for one, protocol in protocols.items():
        luca.open("/m/housing/applications")
        luca.main.get_by_role("link", name=protocol).click()
        luca.do("Avvia l'istruttoria")
        if one is not TRECCANI:
            luca.do("Ammetti")
            continue
        luca.choose("Ammetti").press("Ammetti")
        assert "R-H1" in luca.refused()
        luca.page.go_back()
        luca.page.go_back()
        luca.do("Escludi")
        assert "Esclusa" in luca.title


def _explains_each_place(luca, protocols):
    rows = luca.rows("Graduatoria con i punti spiegati")
    assert [(row[0], row[1].split()[0], row[2]) for row in rows] == [
        ("1", protocols[BONOMETTI], "76,88"), ("2=", protocols[HOXHA], "66,00"), ("3=", protocols[DIOP], "66,00"),
        ("4", protocols[GATTI], "45,25"), ("–", protocols[TRECCANI], "–"),
    ]  # fmt: skip
    assert rows[0][3].replace("\xa0", " ").strip() == (
        "Disagio familiare 40,00 + Disagio abitativo 20,00 + Disagio economico 16,88"
    )
    assert rows[1][4].startswith(f"Pari con {protocols[DIOP]}. Precede per:")
    assert "una condizione dichiarata" in rows[1][4]
    assert "oltre il limite di 16.000,00" in rows[4][3]

    luca.main.get_by_role("link", name=f"Spiega {protocols[BONOMETTI]}").click()
    luca.main.get_by_role("link", name="di' perché lo leggi").click()
    luca.fill(purpose="Istruttoria").press("Continua a leggere")
    addends = luca.rows("Punti, riga per riga")
    assert [row[-2:] for row in addends] == [["45,00", "40,00"], ["20,00", "20,00"], ["16,88", "16,88"]]
    luca.main.get_by_role("link", name="Torna alla graduatoria").click()


def _published_by_a_colleague(luca, page, hall, ranking, protocols):
    luca.sign_in()
    luca.open(ranking)
    luca.choose("Approva e pubblica").fill(act="Determina 112").press("Approva e pubblica")
    assert "la approva un collega" in luca.refused()

    marta = Officer(page, hall, "marta.zaniboni")
    marta.open(ranking)
    marta.do("Approva e pubblica", act="Determina 112 del 09/04/2026")
    assert "Rettifiche fino al 27/04/2026" in marta.main.inner_text()

    marta.main.get_by_role("link", name="Vedi l'elenco pubblico").click()
    shown = marta.main.inner_html()
    sent = page.request.get(f"{hall.address}{ranking}/public.csv").body()
    for protocol in protocols.values():
        assert protocol in shown
        assert protocol.encode() in sent
    assert [word for word in SECRETS if word in shown or word.encode() in sent] == []


def _let(page, hall, clock, protocol):
    clock.turn_to("2026-05-04 09:00")
    luca = Officer(page, hall, "luca.neri")
    luca.open("/m/housing/applications")
    luca.main.get_by_role("link", name=protocol).click()
    application = luca.path
    luca.choose("Offri un alloggio")
    assert "MON-014" in luca.main.locator("select[name=dwelling] option:checked").inner_text()
    luca.press("Offri un alloggio")
    luca.do("Registra l’accettazione")
    offer = luca.path
    luca.choose("Assegna con determina").fill(decree="171").press("Assegna con determina")
    assert "R-H1" in luca.refused()
    for rule in ("(R-H1)", "(R-H1.residence)", "(R-H1.property)"):
        luca.open(application)
        luca.do("Registra una verifica", subject=rule, outcome="Confermato", document="INPS e anagrafe, 04/05/2026")
    luca.open(offer)
    luca.do("Assegna con determina", decree="Determina 171", decree_on="04/05/2026")

    luca.choose("Prepara il contratto")
    assert luca.main.locator("[name=monthly_rent]").input_value() == "480,00"
    luca.fill(starts_on="01/06/2026", ends_on="31/05/2029", deposit="1.440,01").press("Salva")
    assert "1.440,00" in luca.refused()
    luca.fill(deposit="1.440,00").save()
    lease = luca.path
    assert BONOMETTI.full_name in luca.main.inner_text()
    luca.do("Registra", registration="TNM26T001842000", registered_on="04/05/2026")
    clock.turn_to("2026-06-01 09:00")
    luca.sign_in()
    luca.open(lease)
    luca.do("Consegna le chiavi")
    return lease


def _charged_and_paid(page, hall, clock, lease):
    luca = Officer(page, hall, "luca.neri")
    _charge(luca, "01/06/2026")
    clock.turn_to("2026-06-10 09:00")
    luca.sign_in()
    luca.open(lease)
    luca.choose("Registra un pagamento").fill(amount="300,00", paid_on="10/06/2026").save()

    clock.turn_to("2026-07-15 09:00")
    luca.sign_in()
    _charge(luca, "01/07/2026")
    luca.open(lease)
    told = luca.main.inner_text().replace("\xa0", " ")
    for words in ("660,00 €", "40 giorni", "05/08/2026", "Canone non pagato da troppo tempo", "In parte, 40 giorni"):
        assert words in told
    luca.main.get_by_text("Vedi i dati in tabella").first.click()
    assert [row for row in luca.rows("Debito aperto") if row[1] != "0,00"] == [
        ["1–30 giorni", "480,00"], ["31–60 giorni", "180,00"],
    ]  # fmt: skip

    luca.open("/m/housing/arrears")
    [row] = luca.rows("Contratti morosi")
    told = " ".join(row).replace("\xa0", " ")
    for words in (BONOMETTI.full_name, "660,00 €", "1–30 giorni: 480,00 €", "31–60 giorni: 180,00 €", "05/06/2026"):
        assert words in told

    _paid_by_instalments(luca, lease)


def _paid_by_instalments(luca, lease):
    luca.open(lease)
    luca.do("Proponi un piano di rientro", count="3", first_due="10/08/2026")
    assert luca.main.inner_text().count("220,00") >= 3
    plan = luca.path
    for who in ("L’inquilino accetta", "Il gestore accetta"):
        luca.open(plan)
        luca.do(who, on="15/07/2026")
    luca.do("Rendi attivo")
    assert "Attivo" in luca.main.inner_text()


def _charge(luca, month):
    luca.open("/m/housing/charge-month")
    luca.fill(month=month).press("Addebita")
    luca.hall.do_jobs()
    luca.page.reload()
    assert "1 addebito aggiunto, 480,00" in luca.main.inner_text()
