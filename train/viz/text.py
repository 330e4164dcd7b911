"""What is printed in the visual zone: labels, names, places, dates, numbers.

Half of it is invented words, so that the network learns letters and not a
dictionary.
"""

from train.viz import shapes

KAZAKH = """ҚАЗАҚСТАН РЕСПУБЛИКАСЫ|ЖЕКЕ КУӘЛІК|ТЕГІ|АТЫ|ӘКЕСІНІҢ АТЫ|ТУҒАН КҮНІ|ТУҒАН ЖЕРІ|АЗАМАТТЫҒЫ|ҰЛТЫ|ЖСН|БЕРГЕН ОРГАН|
БЕРІЛГЕН КҮНІ|ҚОЛДАНЫЛУ МЕРЗІМІ|ЖАРАМДЫЛЫҚ МЕРЗІМІ|ЖЫНЫСЫ|ПАСПОРТ|ЖЕКЕ СӘЙКЕСТЕНДІРУ НӨМІРІ|ҚР ІШКІ ІСТЕР МИНИСТРЛІГІ|
ҚОЛЫ|ИЕСІНІҢ ҚОЛЫ|ЖҮРГІЗУШІ КУӘЛІГІ|ТҰРҒЫЛЫҚТЫ ЖЕРІ|ҚАЗАҚ|ӘЙЕЛ|ЕРКЕК|ҚАРАҒАНДЫ ОБЛЫСЫ|ТҮРКІСТАН ОБЛЫСЫ|ҚЫЗЫЛОРДА ОБЛЫСЫ|
ШЫҒЫС ҚАЗАҚСТАН ОБЛЫСЫ|СОЛТҮСТІК ҚАЗАҚСТАН|МАҢҒЫСТАУ ОБЛЫСЫ|ӨСКЕМЕН ҚАЛАСЫ|АЛМАТЫ|АСТАНА|ШЫМКЕНТ|АҚТӨБЕ|ЖЕЗҚАЗҒАН|КӨКШЕТАУ|
ТАЛДЫҚОРҒАН|СЕМЕЙ|ОРАЛ|ТАРАЗ|НҰРЛАНОВА|СЕЙТҚАЛИ|ҚАСЫМБЕК|ТӨЛЕГЕНОВА|ЖАҚСЫЛЫҚОВ|ШАЙМЕРДЕН|ӘБІЛҚАСЫМОВ|ҒАБДУЛЛИН|ӨТЕГЕНОВ|
ҮСЕНОВ|ҚҰДАЙБЕРГЕНОВ|ЖҮНІСОВА|ҚОЖАХМЕТОВ|БӨКЕЙХАНОВ|МҰХАМЕДЖАНОВ|СҮЛЕЙМЕНОВ|ДӘУЛЕТ|ӘЙГЕРІМ|НҰРСҰЛТАН|ГҮЛНӘР|ӘСЕЛ|ҚАНАТ|
ҒАЛЫМЖАН|ӨМІРБЕК|ІЛИЯС|ЖІБЕК|МӨЛДІР|БІРЖАН|ЕРКЕБҰЛАН|ҚҰРАЛАЙ|СЕРІКҰЛЫ|МАРАТҚЫЗЫ|ӨМІРҒАЛИҰЛЫ|ҒАБИТҚЫЗЫ|БОЛАТҰЛЫ|ЕРЛАНҚЫЗЫ|
КЫРГЫЗ РЕСПУБЛИКАСЫ|АТАСЫНЫН АТЫ|ТУУЛГАН КҮНҮ|ИДЕНТИФИКАЦИЯЛЫК КАРТА|ЖАРАНДЫГЫ|ЖЕКЕ НОМЕРИ|ӨЗГӨЧ|ОШ ОБЛУСУ|ЫСЫК-КӨЛ""".replace("\n", "").split("|")

RUSSIAN = """РОССИЙСКАЯ ФЕДЕРАЦИЯ|РЕСПУБЛИКА КАЗАХСТАН|УДОСТОВЕРЕНИЕ ЛИЧНОСТИ|ФАМИЛИЯ|ИМЯ|ОТЧЕСТВО|ДАТА РОЖДЕНИЯ|МЕСТО РОЖДЕНИЯ|
ПОЛ|МУЖ.|ЖЕН.|ГРАЖДАНСТВО|НАЦИОНАЛЬНОСТЬ|ИИН|ДАТА ВЫДАЧИ|СРОК ДЕЙСТВИЯ|ОРГАН, ВЫДАВШИЙ ДОКУМЕНТ|КОД ПОДРАЗДЕЛЕНИЯ|ПАСПОРТ ВЫДАН|
МИНИСТЕРСТВО ВНУТРЕННИХ ДЕЛ РК|МВД РК|УФМС РОССИИ|ОТДЕЛОМ УФМС РОССИИ ПО ГОР. МОСКВЕ|ГУ МВД РОССИИ ПО САНКТ-ПЕТЕРБУРГУ|
ЛИЧНАЯ ПОДПИСЬ|ПОДПИСЬ ВЛАДЕЛЬЦА|МЕСТО ЖИТЕЛЬСТВА|ВОДИТЕЛЬСКОЕ УДОСТОВЕРЕНИЕ|ГОР. МОСКВА|САНКТ-ПЕТЕРБУРГ|Г. НОВОСИБИРСК|
КАРАГАНДИНСКАЯ ОБЛАСТЬ|СВЕРДЛОВСКАЯ ОБЛ.|КРАСНОДАРСКИЙ КРАЙ|РЕСП. ТАТАРСТАН|ЕКАТЕРИНБУРГ|АХМЕТОВ|ИВАНОВА|ПЕТРОВ|КУЗНЕЦОВ|
ЩЕРБАКОВА|ЦВЕТКОВ|ЮЩЕНКО|ЯКОВЛЕВА|ФЁДОРОВ|СОЛОВЬЁВА|ЧЕРНЫШЁВ|ПОДЪЯЧЕВ|ЭРДЕНИЕВ|ЖУКОВСКИЙ|ЗАЙЦЕВ|МЕЛЬНИК|ОЛЬГА|ЮЛИЯ|ЕКАТЕРИНА|
ДМИТРИЙ|СЕРГЕЙ|АЛЕКСЕЙ|НАТАЛЬЯ|ИВАНОВНА|АЛЕКСАНДРОВИЧ|ГЕОРГИЕВИЧ|ВЯЧЕСЛАВОВНА|ИЛЬИЧ|ФИЛИПП|ХАРИТОН|КЫРГЫЗСКАЯ РЕСПУБЛИКА|
ТАШКЕНТСКАЯ ОБЛАСТЬ|УЛ.|Д.|КВ.|КОРП.|СЕРИЯ|НОМЕР|ЛИЧНЫЙ КОД|КАТЕГОРИЯ|ОБРАЗЕЦ""".replace("\n", "").split("|")

ENGLISH = """SURNAME|SURNAME / NOM|GIVEN NAMES|GIVEN NAME(S)|GIVEN NAMES / PRÉNOMS|NATIONALITY|NATIONALITY / NATIONALITÉ|DATE OF BIRTH|
DATE OF BIRTH / DATE DE NAISSANCE|PLACE OF BIRTH|PLACE OF BIRTH / LIEU DE NAISSANCE|SEX|SEX / SEXE|DATE OF ISSUE|DATE OF EXPIRY|
DATE D'EXPIRATION|AUTHORITY|AUTORITÉ|PASSPORT|PASSEPORT|PASSPORT NO.|TYPE|CODE|COUNTRY CODE|PERSONAL NO.|DOCUMENT NO|IDENTITY CARD|
CARTE NATIONALE D'IDENTITÉ|PERSONALAUSWEIS|NAME/SURNAME/NOM|GEBURTSNAME|VORNAMEN|GEBURTSTAG UND -ORT|STAATSANGEHÖRIGKEIT|
AUGENFARBE|GÜLTIG BIS|BUNDESREPUBLIK DEUTSCHLAND|REISEPASS|APELLIDOS|NOMBRE|NACIONALIDAD|FECHA DE NACIMIENTO|ESPAÑA|
RZECZPOSPOLITA POLSKA|DOWÓD OSOBISTY|NAZWISKO|IMIONA|IMIĘ OJCA|ČESKÁ REPUBLIKA|PŘÍJMENÍ|JMÉNO|STÁTNÍ OBČANSTVÍ|SLOVENSKÁ REPUBLIKA|
MAGYARORSZÁG|CSALÁDI ÉS UTÓNÉV|ROMÂNIA|NUME|PRENUME|LOC NAŞTERE|EESTI VABARIIK|LATVIJAS REPUBLIKA|UZVĀRDS|LIETUVOS RESPUBLIKA|
PAVARDĖ|TÜRKİYE CUMHURİYETİ|SOYADI|DOĞUM TARİHİ|KİMLİK KARTI|O'ZBEKISTON RESPUBLIKASI|FAMILIYASI|ISMI|OTASINING ISMI|TUG'ILGAN SANASI|
AZƏRBAYCAN RESPUBLİKASI|SVERIGE|SVENSK|DANMARK|NORGE|KØN|SUOMI FINLAND|SUKUNIMI|ÍSLAND|KENNITALA|NEDERLAND|KONINKRIJK|GEMEENTE|
BELGIQUE BELGIË|ITALIA|COGNOME|NOME|CITTADINANZA|PORTUGAL|APELIDOS|HRVATSKA|PREZIME|SPOL|SRBIJA|DRIVING LICENCE|DRIVER LICENSE|
PERMIS DE CONDUIRE|FÜHRERSCHEIN|UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND|BRITISH CITIZEN|UNITED STATES OF AMERICA|
DEPARTMENT OF STATE|AUSTRALIA|AUSTRALIAN|CANADA|IRELAND|NEW ZEALAND|UTOPIA|KAZAKHSTAN|REPUBLIC OF KAZAKHSTAN|UZBEKISTAN|
MINISTRY OF INTERNAL AFFAIRS|MINISTRY OF JUSTICE|HM PASSPORT OFFICE|LONDON|NEW YORK, U.S.A.|MÜNCHEN|KÖLN|SÃO PAULO|ŁÓDŹ|KRAKÓW|
BRNO|MALMÖ|REYKJAVÍK|TALLINN|ALMATY|ASTANA|TOSHKENT|SAMARQAND|SPECIMEN|RESIDENCE PERMIT|AUFENTHALTSTITEL|VISA|REMARKS|HEIGHT|EYES|
HOLDER'S SIGNATURE|SIGNATURE OF BEARER|NOT VALID FOR|M|F|ERIKSSON|ANNA MARIA|MUSTERMANN|ERIKA|SMITH|JOHN WILLIAM|O'CONNOR|
MÜLLER-LÜDENSCHEIDT|GARCÍA LÓPEZ|NUÑEZ|DUPONT|FRANÇOISE|KOWALSKA|WIŚNIEWSKI|ŻÓŁĆ|NOVÁKOVÁ|DVOŘÁK|JOVANOVIĆ|ÇELİK|YILDIRIM|
ØSTERGAARD|ÅSTRÖM|SIGURÐSSON|ÞÓRDÍS|BĒRZIŅŠ|ŽUKAUSKAITĖ|NAGY|SZŐKE|IONESCU|AKHMETOV|DAULET|AIGERIM|YERLAN""".replace("\n", "").split("|")

MONTHS = """JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC JANV FÉVR MARS AVR MAI JUIN JUIL AOÛT SEPT DÉC МАЯ ИЮНЯ МАРТА ЯНВ АВГ""".split()

# Letters that are mistaken for each other.
SIMILAR = ["ИЙ", "НП", "ЕЁ", "ШЩ", "ЦЩ", "ЬЪЫ", "ГҒ", "КҚ", "НҢ", "ОӨ", "ҮҰУ", "ЗЭ3", "БВ6", "ЛПД", "AÄÁÀÂ", "OÖÓÔÕØ", "UÜÚŮŰ", "CÇČĆ", "SŞŠŚ",
           "ZŽŹŻ", "IİÍÌ1l", "0OQD", "1Il7", "8B3", "5S", "2Z", "EF", "VYU", "GC6", "NŃÑŇ", "EÉĚĘÈ", "LŁ", "TŤ", "RŘ", "DĐĎ", "GĞ", "ийн", "еёc",
           "шщ", "гr", "тm", "пn", "цщ", "uüú", "aäá", "oöø", "iıl1", ".,", "-.", ":;", "rn", "mn", "вб", "ьъы", "кқ", "нң", "гғ", "үұу", "oө", "эз", "hһbh"]


def line(c):
    kind = c.random()
    if kind < 0.05:
        return short(c)
    if kind < 0.34:
        out = c.choice(c.choice([KAZAKH, RUSSIAN, ENGLISH]))
        if c.often(0.2):
            out += c.choice([" / ", "/", " ", ": ", " - "]) + c.choice(c.choice([KAZAKH, RUSSIAN, ENGLISH]))
    elif kind < 0.44:
        out = date(c)
    elif kind < 0.54:
        out = number(c)
    elif kind < 0.6:
        out = address(c)
    elif kind < 0.66:
        out = " ".join("".join(c.choice(c.choice(SIMILAR)) for _ in range(c.randint(2, 7))) for _ in range(c.choice([1, 1, 2])))
    else:
        letters = c.choice([WORDS_LATIN, WORDS_LATIN, WORDS_CYRILLIC, WORDS_KAZAKH])
        out = c.choice([" ", " ", " ", "-", ", ", "/", " ", ". "]).join(word(c, letters) for _ in range(c.choice([1, 1, 2, 2, 3, 4])))
    out = cased(c, out)
    if c.often(0.04):
        out = c.choice(["(%s)", "«%s»", '"%s"', "%s:", "№ %s", "%s*", "1. %s", "4a. %s", "3. %s", "%s<<", "#%s", "%s;", "%s!", "%s?"]) % out
    out = "".join(x for x in out if shapes.known(x)).strip()
    if len(out) > 30:  # a piece of it
        at = c.randint(0, len(out) - 24)
        out = out[at : at + c.randint(14, 24)].strip()
    return out or "I"


def short(c):
    """What stands alone: sexes, types, numbers of fields."""
    if c.often(0.4):
        return c.choice("M F M F P C K N V X Ž Е Ә Э А Ж М М/M Ж/F Э/M А/F Е/M Ә/F F/F M/M PD ID KAZ UTO GBR RUS UZB KGZ".split())
    if c.often(0.3):
        return c.choice(["%d." % c.randint(1, 14), "4a.", "4b.", "4c.", "4d.", "4a", "4b", "9.", "%02d" % c.randint(0, 12)])
    return "".join(c.choice(shapes.DIGITS + shapes.LATIN + shapes.CYRILLIC + shapes.KAZAKH) for _ in range(c.choice([1, 1, 2, 3])))


def cased(c, s):
    k = c.random()
    if k < 0.55:
        return s
    if k < 0.75:
        return lower(s)
    if k < 0.9:
        return title(s)
    return s[:1] + lower(s[1:])


def lower(s):
    return s.replace("İ", "i").lower()


def title(s):
    """A capital at the start of each word; not str.title, which counts ' as one's end."""
    return " ".join(w[:1] + lower(w[1:]) for w in s.split(" "))


WORDS_LATIN = ("BCDFGHJKLMNPQRSTVWXYZ", "AEIOUY", "".join(shapes.MARKED))
WORDS_CYRILLIC = ("БВГДЖЗКЛМНПРСТФХЦЧШЩ", "АЕИОУЫЭЮЯ", "ЁЙЬЪЎЄЇІҐЈ")
WORDS_KAZAKH = ("БГҒДЖЗКҚЛМНҢПРСТШҺ", "АӘЕИОӨҰҮЫІ", "ҺҢҒҰҲЎЙӘӨҮ")


def word(c, letters):
    hard, soft, rare = letters
    if c.often(0.25):
        return "".join(c.choice(c.choice(letters)) for _ in range(c.randint(1, 8)))
    out = ""
    share = c.choice([0.02, 0.1, 0.3])
    for _ in range(c.randint(1, 5)):
        for group in c.choice([(hard, soft), (hard, soft), (soft, hard), (hard, soft, hard)]):
            out += c.choice(rare if c.often(share) else group)
    return out


def date(c):
    d, m, y = c.randint(1, 31), c.randint(1, 12), c.randint(1930, 2045)
    kind = c.random()
    if kind < 0.5:
        s = "%02d.%02d.%d" % (d, m, y)
    elif kind < 0.6:
        s = c.choice(["%02d/%02d/%d", "%02d-%02d-%d", "%02d %02d %d"]) % (d, m, y)
    elif kind < 0.65:
        s = "%d-%02d-%02d" % (y, m, d)
    elif kind < 0.9:
        month = c.choice(MONTHS)
        s = c.choice(["%02d %s %d", "%02d %s/%s %d", "%02d-%s-%d", "%02d%s%d"])
        s = s % ((d, month, c.choice(MONTHS), y) if s.count("%") == 4 else (d, month, y))
    else:
        s = "%02d.%02d.%02d" % (d, m, y % 100)
    if c.often(0.12):
        s += c.choice([" - ", "-", " / ", " "]) + "%02d.%02d.%d" % (c.randint(1, 31), c.randint(1, 12), c.randint(2000, 2045))
    return s


def number(c):
    digits = lambda n: "".join(c.choice("0123456789") for _ in range(n))
    kind = c.random()
    if kind < 0.3:
        return digits(c.choice([9, 12, 12, 12, 10, 14, 6, 4, 3]))
    if kind < 0.45:
        return c.choice(["N", "AC", "AB", "C", "X", "KK", "FA", "L", "GB"]) + digits(c.choice([7, 8]))
    if kind < 0.55:
        return c.choice(["%s %s %s" % (digits(2), digits(2), digits(6)), "%s-%s" % (digits(3), digits(3)), "№ " + digits(9), "№" + digits(8)])
    if kind < 0.65:
        return c.choice(["1,7%s m", "1%s cm", "17%s см", "+7 (7%s", "10%s%%", "%s°"]) % digits(c.choice([1, 2]))
    return "".join(c.choice(shapes.DIGITS + shapes.LATIN if c.often(0.6) else shapes.DIGITS) for _ in range(c.randint(4, 14)))


def address(c):
    place = cased(c, c.choice(c.choice([KAZAKH, RUSSIAN, ENGLISH])))
    street = title(word(c, c.choice([WORDS_LATIN, WORDS_CYRILLIC, WORDS_KAZAKH])))
    return c.choice(["%s, %s %d", "%s ул. %s %d", "%s көш. %s, %d", "%s %s st. %d", "%s, %s, д. %d", "%s %s, %d-12"]) % (place[:12], street[:9], c.randint(1, 299))
