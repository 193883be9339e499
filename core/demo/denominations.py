"""Invented denominations: (name, legal type, town, ATECO code or nothing)."""

Row = tuple[str, str, str, str]


def _rows(legal_type: str, ateco: str, *named: str) -> tuple[Row, ...]:
    """`Name | Town` for each, all of one legal type and activity."""
    pairs = (text.split(" | ") for text in named)
    return tuple((name, legal_type, town, ateco) for name, town in pairs)


PUBLIC = (
    *_rows("social_services_agency", "88.99.00", "Azienda speciale servizi sociali Bassa Orientale | Montichiari"),
    *_rows("health_authority", "86.10.10", "ASST della Pianura Orientale | Montichiari"),
    *_rows(
        "school", "85.31.10",
        "Istituto comprensivo Montichiari Due Pievi | Montichiari", "Istituto comprensivo Calcinato | Calcinato",
        "Istituto comprensivo Calvisano | Calvisano", "Istituto comprensivo Carpenedolo | Carpenedolo",
        "Istituto comprensivo Remedello e Visano | Remedello", "Istituto superiore della Pianura | Montichiari",
        "Centro di formazione professionale Le Officine | Remedello",
        "Centro per l’istruzione degli adulti | Montichiari",
    ),
)  # fmt: skip
PARISHES = _rows(
    "parish", "94.91.00",
    "Parrocchia di Santa Maria della Pieve | Montichiari", "Oratorio Giovanni Paolo II | Montichiari",
    "Parrocchia di San Lorenzo ai Novagli | Montichiari", "Parrocchia di San Vincenzo | Calcinato",
    "Oratorio San Filippo | Calcinato", "Parrocchia di San Silvestro | Calvisano", "Oratorio Don Bosco | Calvisano",
    "Parrocchia di San Giovanni Battista | Carpenedolo", "Parrocchia di Santa Maria del Carmine | Remedello",
    "Parrocchia di San Pietro | Visano", "Parrocchia di San Bernardino | Acquafredda",
)  # fmt: skip
VOLUNTEERS = _rows(
    "odv", "",
    "Il Mantello Condiviso ODV | Montichiari", "Buon Vicinato ODV | Montichiari", "Pane e Parole ODV | Montichiari",
    "Passi Lenti ODV | Calcinato", "Amici del Chiese ODV | Calcinato", "Strada Facendo ODV | Calvisano",
    "Mani d’Aiuto ODV | Calvisano", "L’Altra Riva ODV | Carpenedolo", "Auto Amica ODV | Carpenedolo",
    "La Lanterna ODV | Remedello", "Insieme si può ODV | Visano", "Il Filo d’Erba ODV | Acquafredda",
    "Nonni in Gamba ODV | Montichiari",
)  # fmt: skip
PROMOTION = _rows(
    "aps", "",
    "Orizzonti Giovani APS | Montichiari", "Banca del Tempo La Meridiana APS | Montichiari",
    "Donne del Mondo APS | Montichiari", "Punjab in Pianura APS | Montichiari",
    "Teranga Bassa Bresciana APS | Calcinato",
    "Polisportiva Chiese APS | Calcinato", "Teatro di Fango APS | Calcinato", "Coro La Cascina APS | Calvisano",
    "Gruppo Acquisto Terra Madre APS | Calvisano", "Ciclofficina Il Raggio APS | Carpenedolo",
    "Genitori in Rete APS | Carpenedolo", "Circolo La Quercia APS | Remedello",
    "Università del Tempo Libero APS | Remedello",
    "Pro Borgo APS | Visano", "Associazione Albanese Shqiponja APS | Montichiari",
)  # fmt: skip
COOPERATIVES = (
    *_rows(
        "social_cooperative_a", "88.99.00",
        "Nido d’Api cooperativa sociale | Montichiari", "Le Querce cooperativa sociale | Calvisano",
        "Sottovento cooperativa sociale | Calcinato", "Passaggi cooperativa sociale | Carpenedolo",
    ),
    *_rows(
        "social_cooperative_b", "81.30.00",
        "Terra Viva cooperativa sociale | Montichiari", "Fare Insieme cooperativa sociale | Calcinato",
        "La Bottega dei Mestieri cooperativa sociale | Remedello",
    ),
    *_rows(
        "social_cooperative_ab", "88.99.00",
        "Campo Aperto cooperativa sociale | Calvisano", "Arcobaleno della Bassa cooperativa sociale | Carpenedolo",
    ),
)  # fmt: skip
OTHERS = (
    *_rows("social_enterprise", "55.20.59", "Abitare Lento impresa sociale | Montichiari"),
    *_rows("philanthropic", "", "Fondazione Pianura Solidale | Montichiari", "Fondazione Casa Pastori | Calvisano"),
    *_rows("associative_network", "", "Rete delle Associazioni della Bassa | Montichiari"),
    *_rows("mutual_aid_society", "", "Società di Mutuo Soccorso Operai e Contadini | Carpenedolo"),
    *_rows("other_ets", "", "Centro Studi Terre d’Acqua ETS | Montichiari"),
    *_rows("bank", "64.19.10", "Credito Rurale della Pianura | Montichiari"),
    *_rows(
        "association", "",
        "Comitato Quartiere Borgosotto | Montichiari", "Gruppo Alpini della Bassa | Calcinato",
        "Comitato Genitori Ex Filanda | Calvisano", "Gruppo Mamme di Via Isonzo | Carpenedolo",
        "Comitato Festa del Grano | Visano", "Gruppo Orti Urbani | Acquafredda",
    ),
)  # fmt: skip
NETWORK = (*PUBLIC, *PARISHES, *VOLUNTEERS, *PROMOTION, *COOPERATIVES, *OTHERS)

COMPANIES = (
    *_rows(
        "company", "25.62.00",
        "Meccanica Tre Valli S.r.l. | Montichiari", "Torneria Fossa Magna S.n.c. | Calcinato",
        "Officine Ponte Nuovo S.r.l. | Calcinato", "Stampi Lago Verde S.r.l. | Carpenedolo",
        "Carpenteria Due Fossi S.r.l. | Calvisano", "Fonderia Antica Roggia S.r.l. | Montichiari",
        "Rettifiche Aurora S.a.s. | Remedello", "Saldature Pianalto S.r.l. | Visano",
    ),
    *_rows(
        "company", "01.41.00",
        "Azienda agricola Cascina Malpensata S.s. | Calvisano", "Società agricola Le Risorgive S.s. | Visano",
        "Cascina Bella Venezia S.s. | Acquafredda", "Agricola Fienil Nuovo S.s. | Remedello",
        "Allevamento Corte Lunga S.s. | Calvisano", "Ortofrutta Colle San Martino S.s. | Montichiari",
    ),
    *_rows(
        "company", "10.51.20",
        "Caseificio La Pieve Bassa S.r.l. | Calvisano", "Latteria Prati Verdi S.r.l. | Remedello",
        "Salumificio del Borgo Antico S.r.l. | Montichiari", "Forno Spiga Dorata S.n.c. | Carpenedolo",
    ),
    *_rows(
        "company", "41.20.00",
        "Edilizia Mattone Rosso S.r.l. | Montichiari", "Costruzioni Arco di Pietra S.r.l. | Calcinato",
        "Impresa edile Filo a Piombo S.n.c. | Carpenedolo", "Ristrutturazioni Casa Chiara S.r.l. | Calvisano",
        "Imbianchini Riuniti S.n.c. | Visano", "Coperture Tetto Alto S.r.l. | Montichiari",
    ),
    *_rows(
        "company", "49.41.00",
        "Trasporti Via del Sale S.r.l. | Montichiari", "Logistica Pianura Est S.r.l. | Calcinato",
        "Corrieri del Chiese S.r.l. | Carpenedolo",
    ),
    *_rows(
        "company", "14.13.10",
        "Maglificio Filo di Seta S.r.l. | Carpenedolo", "Confezioni Ago Magico S.n.c. | Calvisano",
        "Calzificio Passo Leggero S.r.l. | Remedello",
    ),
    *_rows(
        "company", "56.10.11",
        "Trattoria Alla Roggia S.n.c. | Montichiari", "Pizzeria Quattro Venti S.a.s. | Calcinato",
        "Mensa Buon Appetito S.r.l. | Montichiari",
    ),
    *_rows(
        "company", "47.11.40",
        "Alimentari Bottega Lenta S.n.c. | Acquafredda", "Emporio Sapori Lontani S.a.s. | Montichiari",
        "Ferramenta Chiodo Fisso S.n.c. | Remedello",
    ),
    *_rows(
        "company", "43.21.01",
        "Impianti Luce Piena S.r.l. | Montichiari", "Idraulica Acqua Chiara S.n.c. | Calcinato",
        "Elettrotecnica Polo Nord S.r.l. | Carpenedolo", "Serramenti Finestra sul Campo S.r.l. | Calvisano",
    ),
)  # fmt: skip
