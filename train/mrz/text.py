"""What stands in machine-readable zones: ICAO 9303 layouts and what trains the eye.

Nine of ten lines are real ones in form, or pieces of them: names of many
countries, numbers, dates with check digits. The rest are drills: every character
beside every other, and characters that are mistaken for each other. More drills
made the networks read worse: what stands beside a character tells O from 0 where
the print does not.
"""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
DIGITS, LETTERS = ALPHABET[:10], ALPHABET[10:36]
NO_DIGITS_ALIKE = LETTERS.replace("O", "").replace("I", "")

COUNTRIES = """AFG ALB DZA AND AGO ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN BGR
BFA BDI KHM CMR CAN CPV CAF TCD CHL CHN COL COM COG COD CRI CIV HRV CUB CYP CZE DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST
ETH FJI FIN FRA GAB GMB GEO D<< GHA GRC GRD GTM GIN GNB GUY HTI HND HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ
KEN KIR PRK KOR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MKD MDG MWI MYS MDV MLI MLT MRT MUS MEX FSM MDA MCO MNG MNE
MAR MOZ MMR NAM NRU NPL NLD NZL NIC NER NGA NOR OMN PAK PLW PAN PNG PRY PER PHL POL PRT QAT ROU RUS RWA SAU SEN SRB SYC
SLE SGP SVK SVN SLB SOM ZAF ESP LKA SDN SUR SWZ SWE CHE SYR TWN TJK TZA THA TLS TGO TON TTO TUN TUR TKM UGA UKR ARE GBR
USA URY UZB VUT VAT VEN VNM YEM ZMB ZWE UTO UNO EUE XXA XXB RKS GBD HKG MAC""".split()

SURNAMES = """ABDRAKHMANOV AKHMETOV AITBAYEV BAIZHANOV BEKTUROV DZHAKSYBEKOV ESENOV IBRAGIMOV ISKAKOV KASSYMOV
KENZHEBEKOV MUKHAMETZHANOV NURLANOVA OMAROV OSPANOV RAKHIMBAYEV SAGYNDYKOV SEITKALI SULEIMENOV TOKTAROV TURGANBEK
UTEGENOV YERMEKOV ZHUMABAYEV ZHUNUSSOV IVANOV PETROVA SMIRNOV KUZNETSOV SHCHERBAKOV TSVETKOV YUSHCHENKO SHEVCHENKO
BONDARENKO KOVALCHUK MELNYK LUKASHENKA KARIMOV YULDASHEV RAKHMONOV NAZAROV MAMEDOV ALIYEV HUSEYNOV PETROSYAN
SARGSYAN BERIDZE KVARATSKHELIA MUELLER MUSTERMANN SCHROEDER WEISS GROSS SCHAEFER HOFFMANN KOENIG VOGEL DUPONT LEFEBVRE
BERTHIER MOREAU QUINCEY LEROY GARCIA FERNANDEZ RODRIGUEZ LOPEZ GONZALEZ MUNOZ IBANEZ ESPANOLA SANCHEZ SILVA SOUZA
CARVALHO PEREIRA ROSSI BIANCHI ESPOSITO RICCI DE<LUCA JANSEN DE<VRIES VAN<DER<BERG DE<BRUIJN BAKKER VISSER SORENSEN
NIELSEN HANSEN JOHANSSON LINDQVIST KARLSSON OESTERBERG VIRTANEN KORHONEN MAEKINEN NIEMINEN AEVARSDOTTIR TAMM KASK
OZOLS BERZINS KALNINA KAZLAUSKAS BASANAVICIENE KOWALSKA KWIATKOWSKA WOJCIECHOWSKI ZIELINSKI SZCZEPANSKI NOVAK
SVOBODA DVORAKOVA PROCHAZKA HORVATH NAGY SZABO TOTH KOVACS POPESCU IONESCU DUMITRU PAPADOPOULOS GEORGIOU NIKOLAIDIS
DIMITROV JOVANOVIC PETROVIC HODZIC YILMAZ DEMIR OEZTUERK CELIK KAYA SMITH JOHNSON WILLIAMS BROWN OCONNOR MACDONALD
FITZGERALD HAWTHORNE UNDERWOOD WRIGHT NGUYEN TRAN PHAM LE HUYNH WANG LI ZHANG LIU CHEN YANG HUANG ZHAO WU ZHOU XU SUN
KIM PARK LEE CHOI JEONG TANAKA SUZUKI YAMAMOTO WATANABE SATO KOBAYASHI SINGH KUMAR SHARMA PATEL KAUR KHAN AHMED ALI
HUSSAIN RAHMAN BEGUM AL<MANSOURI AL<QAHTANI BIN<RASHID EL<FASSI BENALI HADDAD OKAFOR OKONKWO MENSAH DIALLO TRAORE
NDIAYE MWANGI ODHIAMBO TESFAYE BEKELE DLAMINI NKOSI ZULU SANTOS REYES CRUZ WIJAYA SUSANTO HIDAYAT ERIKSSON SPECIMEN
SAMPLE TRAVELLER VZOREC VZOR MAUS LIN QUO VADIS XIONG QUISPE XHAKA QURESHI JJEMBA WOZNIAK BYRNE KELLY MCKENZIE""".split()

GIVEN = """ANNA MARIA ERIKA JOHANNA OLIVIA SOFIA EMMA ELENA IRINA TATYANA SVETLANA YEKATERINA KSENIYA ZHANNA AIGERIM
AIZHAN GULNARA SALTANAT DANIYAR NURSULTAN YERLAN ALIKHAN TIMUR ARMAN BAUYRZHAN MADINA FARIDA ZULFIYA ALEKSANDR DMITRIY
YEVGENIY SERGEY VLADIMIR MIKHAIL NIKOLAI OLEKSANDR VIKTOR BOGDAN JAN PIOTR JOANNA BEATA AGNIESZKA JIRI TOMAS PETR
ZUZANA LUKAS MATTHIAS JUERGEN WOLFGANG HEINZ FRANZ JOSEF HANS PETER KLAUS JEAN PIERRE FRANCOIS JACQUES MARIE CLAIRE
CAMILLE JOSE JUAN CARLOS MIGUEL CARMEN PILAR INES JOAO RUI PAULO LUIZ GIUSEPPE FRANCESCO GIULIA LUCA JOHANNES CORNELIS
WILLEKE LISELOTTE SVEN ASTRID INGRID BJOERN LARS SOEREN FREJA AADA MIKKO JUHANI AINO JANIS KETTY ISTVAN LASZLO ZOLTAN
KATALIN GABOR ION MIHAI ANDREEA GEORGIOS KONSTANTINOS ELENI IVAN BORIS DRAGAN MILICA MEHMET AYSE FATMA EMRE JOHN JAMES
WILLIAM ELIZABETH ANGELA ZOE GRAHAM HUGH OWEN SIOBHAN PATRICK QUENTIN XAVIER YVES WEI MING JING XIU MEI HUA YING JUN
KEONG SOO JIN HYUN MINJI HIROSHI YUKI KENJI AKIKO RAJESH PRIYA AMIT SUNITA MUHAMMAD ABDULLAH FATIMA AISHA OMAR YUSUF
KHADIJA HASSAN IBRAHIM KWAME AMARA CHINEDU FATOU MAMADOU WANJIKU ABEBE THABO NOMSA MARICEL RODRIGO BUDI DEWI UZOMA
TEST VOID TINA SUPERMAN ZENITH OUIDA GIGI BOBBIE ZSAZSA LILI KIKI COCO DODO""".split()

# Characters that are mistaken for each other in poor pictures.
ALIKE = ["0OQD", "0O", "O0", "1ILTJ", "1I", "I1", "8B", "B8", "5S", "S5", "2Z", "Z2", "6G", "G6C", "4A", "7T1", "9G6",
         "3B8", "UVWY", "UV", "MNWH", "HNMK", "KX<", "<K", "X<", "<C", "<L", "PRF", "EF", "CGO", "D0OB", "VYX", "EB83"]

WEIGHTS = (7, 3, 1)


def line(c):
    """A line of a zone, or a part of one."""
    kind = c.random()
    if kind < 0.42:
        return zone_line(c)
    if kind < 0.51:
        return drill(c, c.choice([6, 8, 10, 14, 20, 30]))
    return part(c, zone_line(c))


def part(c, whole):
    """Some neighbouring characters of a line; long runs of fillers are rare."""
    for _ in range(4):
        n = c.randint(5, 18)
        at = c.randint(0, max(0, len(whole) - n))
        out = whole[at : at + n]
        if out.count("<") <= 0.6 * n or c.often(0.15):
            break
    return out


def drill(c, n):
    kind = c.random()
    if kind < 0.45:
        return "".join(c.choice(c.choice(ALIKE)) for _ in range(n))
    if kind < 0.7:
        pair = c.choice(ALIKE)
        return "".join(c.choice(pair) if c.often(0.6) else c.choice(ALPHABET) for _ in range(n))
    out = ""
    while len(out) < n:
        if c.often(0.3):
            out += "<" * c.choice([1, 1, 1, 2, 2, 3, 4, 6, 9])
        else:
            out += "".join(c.choice(ALPHABET) for _ in range(c.randint(1, 8)))
    return out[:n]


def zone_line(c):
    layout = c.choice(["TD1", "TD1", "TD2", "TD3", "TD3", "TD3", "MRVA", "MRVB", "FRA", "CHE"])
    country = c.choice(COUNTRIES)
    nation = country if c.often(0.8) else c.choice(COUNTRIES)
    if layout == "TD1":
        return td1(c, c.randint(0, 2), country, nation)
    if layout == "FRA":  # French identity card before 2021
        if c.often(0.5):
            return fill("IDFRA" + name(c, 25).replace("<<", "<")[:25], 30) + code(c, 3, 1) + code(c, 3, 1)
        number = code(c, 12, 1)
        return number + digit(number) + fill(c.choice(GIVEN), 14) + date(c) + c.choice("MF") + c.choice(DIGITS)
    if layout == "CHE":  # Swiss driving licence
        return c.choice([code(c, 3, 0) + code(c, 3, 1) + "CHE<<" + date(c) + "<<<<<", fill(name(c, 30), 30),
                         "FACHE" + code(c, 12, 1) + "<<" + date(c) + "<<<<<"])
    width = {"TD2": 36, "MRVB": 36}.get(layout, 44)
    if c.often(0.5):
        first = {"TD2": ["I<", "ID", "AC", "C<", "I<"], "TD3": ["P<", "P<", "P<", "PA", "PD", "PM", "PO", "PP", "PS", "PN"]}
        return c.choice(first.get(layout, ["V<", "V<", "VA", "VC", "VD"])) + country + name(c, width - 5)
    number = document_number(c, 9)
    out = number + check(c, number) + nation
    dates = date(c), date(c)
    out += dates[0] + check(c, dates[0]) + c.choice("MMFF<") + dates[1] + check(c, dates[1])
    rest = width - len(out)
    if layout == "TD3":
        personal = fill(code(c, c.choice([0, 0, 0, 7, 9, 10, 11, 12, 14]), c.choice([1, 1, 0.8, 0.6])), 14)
        return out + personal + c.choice([digit(personal), "<" if personal == "<" * 14 else digit(personal)]) + c.choice(DIGITS)
    if layout == "TD2":
        return out + fill(code(c, c.choice([0, 0, 5, 7]), 0.8), 7) + c.choice(DIGITS)
    return out + fill(code(c, c.choice([0, 0, 4, 8, rest]), 0.8), rest)


def td1(c, i, country, nation):
    if i == 0:
        number = document_number(c, 9)
        optional = code(c, c.choice([0, 0, 0, 10, 11, 12, 13, 15]), c.choice([1, 1, 0.7]))
        if c.often(0.08):  # a long number goes on in the optional data
            return c.choice(["ID", "I<"]) + country + code(c, 9, 0.9) + "<" + fill(code(c, 4, 1), 15)
        return c.choice(["I<", "ID", "ID", "IR", "AC", "A<", "C<", "IA", "IP"]) + country + number + check(c, number) + fill(optional, 15)
    if i == 1:
        dates = date(c), date(c)
        out = dates[0] + check(c, dates[0]) + c.choice("MMFF<") + dates[1] + check(c, dates[1]) + nation
        return out + fill(code(c, c.choice([0, 0, 0, 3, 11]), 0.9), 11) + c.choice(DIGITS)
    return name(c, 30)


def name(c, n):
    if c.often(0.55):
        first, rest = c.choice(SURNAMES), [c.choice(GIVEN) for _ in range(c.choice([1, 1, 1, 2, 2, 3]))]
        if c.often(0.15):
            first += "<" + c.choice(SURNAMES)
    else:
        first, rest = invented(c), [invented(c) for _ in range(c.choice([1, 1, 2]))]
    return fill(first + "<<" + "<".join(rest), n)


def invented(c):
    """A name as likely to hold any letter; sometimes a single one."""
    if c.often(0.08):
        return c.choice(LETTERS)
    vowels = "AEIOUY"
    out = ""
    for _ in range(c.randint(1, 4)):
        out += c.choice(LETTERS) + c.choice(vowels) + (c.choice(LETTERS) if c.often(0.5) else "")
    return out


def document_number(c, n):
    kind = c.random()
    if kind < 0.3:
        return code(c, n, 1)
    if kind < 0.5:
        return c.choice(LETTERS) + code(c, n - 1, 1)
    if kind < 0.65:
        return c.choice(LETTERS) + c.choice(LETTERS) + code(c, n - 2, 1)
    if kind < 0.8:
        return fill(code(c, c.randint(5, n - 1), 0.9), n)
    return code(c, n, 0.5)


def code(c, n, digits):
    """n characters, this share of them digits. Most issuers do without the letters O and I."""
    letters = LETTERS if c.often(0.25) else NO_DIGITS_ALIKE
    return "".join(c.choice(DIGITS) if c.often(digits) else c.choice(letters) for _ in range(n))


def date(c):
    return "%02d%02d%02d" % (c.randint(0, 99), c.randint(1, 12), c.randint(1, 31))


def check(c, s):
    """The check digit, sometimes a wrong one, so that nothing is learnt from it."""
    return digit(s) if c.often(0.7) else c.choice(DIGITS)


def digit(s):
    return str(sum((0 if x == "<" else ALPHABET.index(x)) * WEIGHTS[i % 3] for i, x in enumerate(s)) % 10)


def fill(s, n):
    return (s + "<" * n)[:n]
