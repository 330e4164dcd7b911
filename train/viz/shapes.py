"""The classes of the visual zone: shapes rather than letters.

Letters of Latin and Cyrillic that look the same are one class; which of them it
is follows from the field that the text stands in. A class is written as its
first letter and the others that look like it, so "AА" is Latin A and Cyrillic А.
"""

DIGITS = "0123456789"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Of the languages of Europe, Turkey, Azerbaijan and of Turkmen and Uzbek in Latin letters.
MARKED = "ÀÁÂÃÄÅĀĂĄÆÇĆĊČĎĐÈÉÊËĒĖĘĚĞĠĢĦÌÍÎÏĪĮİĶĹĻĽŁÑŃŅŇÒÓÔÕÖŌŐØŒŔŘŚŞŠŢŤÙÚÛÜŪŮŰŲŴÝŶŸŹŻŽÞ"
CYRILLIC = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
KAZAKH = "ӘҒҚҢӨҰҮҺІ"
OTHER = "ЎҲЄЇҐЈ"  # Uzbek, Ukrainian, Belarusian, Serbian
PUNCTUATION = " .,-/'()№:;<>+&\"*#%=°«»!?"

# What looks the same, by the letter that names the class. A Cyrillic У has a
# bent leg and Ү a straight one, so the latter is with Y; lower case y is with у.
ALIKE = dict(zip("АВЕКМНОРСТХІЅЈҮЁЇѴӘ", "ABEKMHOPCTXISJYËÏVӘ")) | dict(zip("асеорхуіѕјһёї", "aceopxyisjhëï"))
ALIKE |= {"Ə": "Ә", "ə": "ә", "Ð": "Đ", "Ș": "Ş", "ș": "ş", "Ț": "Ţ", "ț": "ţ", "’": "'", "ʻ": "'", "ʼ": "'", "`": "'", "–": "-", "—": "-"}
ALIKE = {k: v for k, v in ALIKE.items() if k != v}

LOWER = LATIN.lower() + MARKED.replace("İ", "").lower() + "ıßð" + CYRILLIC.lower() + KAZAKH.lower() + OTHER.lower()
LETTERS = DIGITS + LATIN + MARKED + CYRILLIC + KAZAKH + OTHER + LOWER + PUNCTUATION


def shape(letter):
    return ALIKE.get(letter, letter)


SHAPES = list(dict.fromkeys(shape(x) for x in LETTERS))
CLASS = {s: i + 1 for i, s in enumerate(SHAPES)}


def known(letter):
    return shape(letter) in CLASS


def shapes(text):
    return "".join(shape(x) for x in text)


def write(path):
    """One class a line, in the order of the network's outputs behind blank."""
    others = {}
    for letter, s in ALIKE.items():
        others[s] = others.get(s, "") + letter
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(s + others.get(s, "") + "\n" for s in SHAPES)
