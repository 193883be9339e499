"""Names as the people of the Brescia plain bear them, and where those people were born."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Community:
    """People of one origin: `share` in a thousand households, names, and state of birth."""

    share: int
    citizenship: str
    birth_place: str
    language: str
    surnames: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    women_surnames: tuple[str, ...] = ()


def _names(text: str) -> tuple[str, ...]:
    """Names parted by commas, since some have a space inside."""
    return tuple(name.strip() for name in text.split(","))


ITALIANS = Community(
    740, "IT", "", "it",
    _names(
        "Bonometti, Tosoni, Treccani, Zanola, Chiarini, Bellandi, Bettoni, Pasini, Bonetti, Ferrari, Lancini, Piovani,"
        "Mutti, Rodella, Desenzani, Pezzaioli, Bicelli, Tononi, Rossi, Zaniboni, Archetti, Gandini, Moreni, Olivari,"
        "Fezzardi, Busi, Bresciani, Botturi, Cherubini, Cobelli, Coffani, Ghirardi, Franzoni, Gatti, Gobbi, Lorandi,"
        "Maccabiani, Mazzocchi, Mor, Orlandi, Pesci, Prandini, Rizzi, Saleri, Scalvini, Tomasoni, Visini, Zanardelli,"
        "D’Adda, D’Angelo, De Giuli, Dall’Era, Dell’Aglio, Lo Presti, Esposito, Russo, De Rosa, Zubani, Zilioli,"
        "Alghisi, Bertoletti, Bignotti, Bondioli, Caldera, Carzeri, Cavagnini, Filippini, Fornari, Frigerio, Gorini,"
        "Guarneri, Leali, Magri, Mondini, Nodari, Onofri, Pedretti, Perini, Podavini, Ravelli, Sbaraini, Soldi, Stanga,"
        "Taglietti, Tedoldi, Trainini, Venturini, Viviani, Zappa, Accorsi, Abeni, Baronchelli, Cò, Fè, Salò"
    ),
    _names(
        "Mario, Giuseppe, Pietro, Angelo, Luigi, Battista, Franco, Giacomo, Sergio, Bruno, Aldo, Renato, Marco, Andrea,"
        "Luca, Paolo, Stefano, Roberto, Davide, Matteo, Alessandro, Simone, Lorenzo, Francesco, Nicolò, Leonardo,"
        "Tommaso, Gabriele, Mattia, Riccardo, Giosuè, Noè, Diego, Samuele, Edoardo, Pier Luigi"
    ),
    _names(
        "Maria, Teresa, Rosa, Angela, Giuseppina, Caterina, Lucia, Domenica, Piera, Bruna, Luisa, Franca, Chiara,"
        "Francesca, Elena, Sara, Laura, Silvia, Paola, Anna, Federica, Marta, Giulia, Martina, Sofia, Aurora, Alice,"
        "Emma, Giorgia, Beatrice, Camilla, Zoe, Desirée, Noemi, Maria Grazia, Anna Rosa"
    ),
)  # fmt: skip
INDIANS = Community(
    62, "IN", "Z222", "pa", _names("Singh, Singh, Singh, Kumar, Sharma, Gill, Sandhu, Dhillon, Saini, Ram"),
    _names("Harpreet, Gurpreet, Jaswinder, Balwinder, Sukhdev, Manjit, Amandeep, Rajinder, Karan, Arjun, Harjit"),
    _names("Harpreet, Manpreet, Rajwinder, Kuldeep, Paramjit, Simran, Jasleen, Navneet, Sukhwinder, Anjali"),
    _names("Kaur, Kaur, Kaur, Kaur, Sharma, Kumari"),
)  # fmt: skip
PAKISTANIS = Community(
    34, "PK", "Z236", "ur", _names("Ahmed, Khan, Hussain, Mahmood, Iqbal, Akhtar, Butt, Malik, Shah, Raza"),
    _names("Muhammad, Ali, Imran, Usman, Bilal, Zeeshan, Tariq, Nadeem, Hamza, Asif"),
    _names("Ayesha, Fatima, Nadia, Saima, Shazia, Zainab, Rabia, Sana, Hina, Maryam"),
)  # fmt: skip
ALBANIANS = Community(
    34, "AL", "Z100", "sq", _names("Hoxha, Shehu, Çela, Dervishi, Gjoka, Leka, Prifti, Marku, Kola, Rexhepi, Bërdica"),
    _names("Arben, Ilir, Besnik, Dritan, Gëzim, Fatmir, Klajdi, Enea, Ardit, Luan"),
    _names("Mirela, Elira, Drita, Vjollca, Anila, Besa, Ornela, Teuta, Klea, Arjeta"),
)  # fmt: skip
ROMANIANS = Community(
    38, "RO", "Z129", "ro",
    _names("Popescu, Ionescu, Munteanu, Ștefănescu, Dumitru, Ioniță, Rusu, Moldovan, Bălan, Țurcanu, Vasile"),
    _names("Andrei, Ionuț, Mihai, Vasile, Gheorghe, Cristian, Florin, Ștefan, Marius, Răzvan"),
    _names("Elena, Mihaela, Ana Maria, Ioana, Cristina, Gabriela, Daniela, Mădălina, Alina, Loredana"),
)  # fmt: skip
MOROCCANS = Community(
    30, "MA", "Z330", "ar", _names("El Amrani, Benali, Ait Lahcen, Bouzidi, Chafik, El Idrissi, Naciri, Rachidi, Tazi"),
    _names("Mohamed, Youssef, Hassan, Abdelilah, Rachid, Omar, Mehdi, Khalid, Ilyas"),
    _names("Fatima, Khadija, Naima, Zineb, Hajar, Samira, Latifa, Amina, Sanaa"),
)  # fmt: skip
GHANAIANS = Community(
    20, "GH", "Z318", "en", _names("Owusu, Mensah, Boateng, Asante, Appiah, Osei, Amoah, Ofori-Atta"),
    _names("Kwame, Kofi, Emmanuel, Samuel, Kwabena, Isaac, Prince"),
    _names("Abena, Akosua, Comfort, Grace, Mercy, Ama, Gifty"),
)  # fmt: skip
SENEGALESE = Community(
    18, "SN", "Z343", "wo", _names("Diop, N’Diaye, Fall, Sow, Gueye, Faye, Seck, M’Baye, Diouf, Thiam"),
    _names("Mamadou, Ousmane, Cheikh, Modou, Ibrahima, Abdoulaye, Serigne"),
    _names("Aminata, Fatou, Awa, Ndèye, Khady, Mariama, Aïssatou"),
)  # fmt: skip
UKRAINIANS = Community(
    24, "UA", "Z138", "uk", _names("Kovalenko, Shevchenko, Bondarenko, Tkachenko, Mel’nyk, Boyko, Kravchuk, Lysenko"),
    _names("Oleksandr, Serhii, Andrii, Mykola, Vasyl, Dmytro, Taras"),
    _names("Oksana, Nataliia, Olena, Iryna, Svitlana, Liudmyla, Mar’iana, Halyna"),
)  # fmt: skip
COMMUNITIES = (
    ITALIANS, INDIANS, PAKISTANIS, ALBANIANS, ROMANIANS, MOROCCANS, GHANAIANS, SENEGALESE, UKRAINIANS,
)  # fmt: skip

# Hospitals of today, by cadastral code: Montichiari, Brescia, Desenzano, Manerbio, Castiglione delle Stiviere, Asola.
HOSPITALS = ("F471", "F471", "F471", "B157", "B157", "D284", "E884", "C312", "A470")
# Where people moved in from: Milano, Mantova, Bergamo, Verona, Napoli, Palermo, Foggia, Reggio Calabria, Leno, Ghedi.
ELSEWHERE = ("F205", "E897", "A794", "L781", "F839", "G273", "D643", "H224", "E526", "D999")
STREETS = (
    "Via Roma", "Via Guglielmo Marconi", "Via Giuseppe Mazzini", "Via XXV Aprile", "Via Trieste", "Via Brescia",
    "Via Mantova", "Via IV Novembre", "Via Papa Giovanni XXIII", "Via Martiri della Libertà", "Via Cesare Battisti",
    "Via Sant’Antonio", "Via Dante Alighieri", "Vicolo della Torre", "Piazza Garibaldi", "Via dell’Artigianato",
    "Via Don Luigi Sturzo", "Via Aldo Moro", "Via Isonzo", "Via Piave", "Via Monte Grappa", "Via dei Mille",
    "Via San Pancrazio", "Via Cavallotti", "Via Giacomo Leopardi", "Via della Fiera", "Via Santa Cristina",
)  # fmt: skip
