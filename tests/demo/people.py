# SPDX-License-Identifier: GPL-3.0-or-later
"""Who writes to whom in the demo mailbox. All of them, and all their houses, are made up."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Person:
    name: str
    address: str
    client: str  # how it writes: see writers.py
    language: str = "en"
    zone: int = 1  # hours east of Greenwich in winter
    signature: str = ""
    summer: bool = True  # the clocks change there
    colour: str = ""  # of a house that sends "card" or "newsletter" mail
    place: str = ""  # its line at the foot


NORTHWIND = "northwind.example"


def _colleague(name, client, role, local=None, language="en"):
    address = f"{local or name.lower().replace(' ', '.')}@{NORTHWIND}"
    return Person(name, address, client, language,
                  signature=f"{name}\n{role}\nNorthwind Instruments, Bremen")


ANNA = Person("Anna Keller", f"anna@{NORTHWIND}", "outlook",
              signature="Anna Keller\nProject Aurora\nNorthwind Instruments, Bremen")

PEOPLE = {
    "anna": ANNA,
    "jonas": _colleague("Jonas Brandt", "thunderbird", "Hardware"),
    "maya": _colleague("Maya Okafor", "plain", "Software"),
    "henrik": _colleague("Henrik Sørensen", "outlook", "Managing director", "henrik.soerensen"),
    "priya": _colleague("Priya Raman", "outlook", "Finance"),
    "tomasz": _colleague("Tomasz Wójcik", "outlook", "Purchasing", "tomasz.wojcik"),
    "lea": _colleague("Lea Hoffmann", "webmail", "Communications"),
    "ruth": _colleague("Ruth Adeyemi", "outlook", "Office"),
    "samira": Person("Samira Aziz", "samira@aziz.example", "webmail"),
    "ines": Person("Ines Tamm", "captain@rv-moewe.example", "webmail", zone=1,
                   signature="RV Möwe, Cuxhaven\nChannel 16, then 72"),
    "claire": Person("Claire Dubois", "claire.dubois@meteo-lac.example", "outlook", "fr",
                     signature="Claire Dubois\nDirectrice technique\nMétéo-Lac, Annecy"),
    "lucia": Person("Lucía Fernández", "lucia.fernandez@cabovidio.example", "webmail", "es",
                    signature="Observatorio del Cabo Vidio"),
    "sigrid": Person("Sigrid Haugen", "sigrid@nordic-ocean-days.example", "apple", "no"),
    "bettina": Person("Bettina Ahlers", "ahlers@ahlers-schiffstechnik.example", "outlook", "de",
                      signature="Ahlers Schiffstechnik GmbH, Bremerhaven"),
    "eike": Person("Eike Janssen", "eike@janssen-vermessung.example", "mutt", "de"),
    "sofie": Person("Sofie Lindqvist", "sofie@lindqvist.example", "apple"),
    "ingrid": Person("Ingrid Keller", "ingrid.keller@postkasten.example", "webmail", "de"),
    "felix": Person("Felix Keller", "felix@keller-holz.example", "apple", "de"),
    "nadia": Person("Nadia Rahman", "nadia.rahman@postkasten.example", "webmail"),
    "mehmet": Person("Mehmet Öztürk", "mehmet@oeztuerk.example", "webmail"),
    "petersen": Person("Hans Petersen", "petersen@kantorei-ansgar.example", "thunderbird", "de",
                       signature="Kantorei St. Ansgar"),
    "praxis": Person("Zahnarztpraxis Dr. Lohmann", "termine@praxis-lohmann.example", "webmail",
                     "de"),
    "radstation": Person("Radstation am Dobben", "moin@radstation.example", "webmail"),
    "boettcher": Person("Ursula Böttcher", "u.boettcher@postkasten.example", "outlook", "de"),
    "yuki": Person("田中 由紀", "y.tanaka@minato-marine.example", "outlook", "ja", 9, summer=False),
    "wei": Person("陈伟", "chen.wei@huanghai-sensors.example", "webmail", "zh", 8, summer=False),
    "minjun": Person("김민준", "minjun.kim@haneul-optics.example", "webmail", "ko", 9, summer=False),
    "eleni": Person("Ελένη Παπαδοπούλου", "eleni@limani-syros.example", "apple", "el", 2),
    "olga": Person("Ольга Петрова", "olga.petrova@polarlab.example", "thunderbird", "ru", 3,
                   summer=False),
    "malgorzata": Person("Małgorzata Źrebiec", "m.zrebiec@zlacza.example", "outlook", "pl"),
    "somchai": Person("สมชาย ใจดี", "somchai@andaman-bay.example", "webmail", "th", 7,
                      summer=False),
    "omar": Person("عمر حداد", "omar.haddad@port-office.example", "outlook", "ar", 3, summer=False),
    "noa": Person("נועה לוי", "noa.levi@haifa-marine.example", "webmail", "he", 2),
    "giulia": Person("Giulia Moretti", "giulia@molo-audace.example", "apple", "it"),
    # Lists
    "everyone": Person("Everyone at Northwind", f"everyone@{NORTHWIND}", "outlook"),
    "choir": Person("Kantorei St. Ansgar", "alle@kantorei-ansgar.example", "outlook"),
    "gardeners": Person("Garden share", "gardeners@lists.garten.example", "outlook"),
}



def _house(name, address, colour, place, client="card", language="en"):
    return Person(name, address, client, language, colour=colour, place=place)


SERVICES = {
    "nordbahn": _house("Nordbahn", "reise@nordbahn.example", "#0b6e4f", "Nordbahn, Lübeck"),
    "parcelfox": _house("Parcelfox", "post@parcelfox.example", "#c8501e", "Parcelfox, Bremen"),
    "lighthouse": _house("Lighthouse Books", "orders@lighthouse-books.example", "#a51d2d",
                         "Lighthouse Books, Husum"),
    "kesselhaus": _house("Kesselhaus", "bestellung@kesselhaus.example", "#63452c",
                         "Kesselhaus, Solingen"),
    "slowbean": _house("Slow Bean Roasters", "beans@slowbean.example", "#5c3a21",
                       "Slow Bean, Bremen"),
    "hansebank": _house("Hansebank", "postfach@hansebank.example", "#1a3f6b", "Hansebank, Bremen",
                        language="de"),
    "cirrus": _house("Cirrus Cloud", "no-reply@cirrus-cloud.example", "#2a6fb0",
                     "Cirrus Cloud, Tallinn"),
    "gitbarn": _house("Gitbarn", "notifications@gitbarn.example", "#3d3846",
                      "Gitbarn, a barn in Utrecht"),
    "watch": _house("Buoy Watch", "watch@northwind.example", "#1c71d8",
                    "Northwind Instruments, Bremen"),
    "library": _house("Stadtbibliothek", "ausleihe@bibliothek.example", "#813d9c",
                      "Am Wall, Bremen"),
    "flusskrebs": _house("Zum Flusskrebs", "tisch@zum-flusskrebs.example", "#c64600",
                         "An der Schlachte"),
    "fjordrom": _house("Hotell Fjordrom", "hei@fjordrom.example", "#26547c",
                       "Hotell Fjordrom, Oslo"),
    "albatros": _house("Albatros Air", "reisen@albatros-air.example", "#1f4e8c", "Albatros Air"),
    "kulturkasse": _house("Kulturkasse", "karten@kulturkasse.example", "#613583",
                          "Kulturkasse, Bremen"),
    "seerettung": _house("Seerettung", "danke@seerettung.example", "#d1420b", "Seerettung, Bremen",
                         language="de"),
    "tierarzt": _house("Tierarztpraxis Feld", "praxis@tierarzt-feld.example", "#26a269", "Bremen"),
    "tidetable": _house("The Tide Table", "letter@tidetable.example", "#1a5fb4",
                        "The Tide Table, a weekly letter about sea and weather", "newsletter"),
    "marginnotes": _house("Margin Notes", "hello@marginnotes.example", "#241f31",
                          "Margin Notes, on the shape of things", "newsletter"),
    "kettle": _house("Kettle & Crumb", "kitchen@kettle-and-crumb.example", "#986a44",
                     "Kettle & Crumb, recipes with manners", "newsletter"),
    "museum": _house("Museum am Hafen", "post@museum-am-hafen.example", "#a51d2d",
                     "Museum am Hafen, Bremen", "newsletter", "de"),
    "gruenkiste": _house("Grünkiste", "kiste@gruenkiste.example", "#2d7d46", "Grünkiste, Worpswede",
                         "newsletter", "de"),
    "harbourkids": _house("Harbour Kids", "hallo@harbour-kids.example", "#e5a50a",
                          "Harbour Kids, Bremen", "newsletter"),
    "nachtzug": _house("Nachtzug", "gute-nacht@nachtzug.example", "#1b2a49", "Nachtzug, Wien",
                       "newsletter"),
    "lottery": Person("International Lighthouse Lottery", "winner@lottery.invalid", "webmail"),
    "invoices": Person("Accounts Departement", "billing@invoices.invalid", "webmail"),
    "anchors": _house("ANCHORS!!!", "deals@cheap-anchors.invalid", "#e01b24", "Offshore", "card"),
    "mailadmin": _house("Mail Administrator", "admin@mail-verify.invalid", "#5e5c64",
                        "The Internet"),
    "gulls": Person("Seagulls near you", "gulls@beach.invalid", "webmail"),
    "webinars": _house("Synergy Webinars", "now@webinars.invalid", "#986a44", "Everywhere"),
    "printer": Person("Printer 3", "printer3@northwind.example", "plain"),
}

# How a program introduces what it quotes: {date}, {name}, {address}.
ATTRIBUTIONS = {
    "en": "On {date}, {name} wrote:",
    "de": "Am {date} schrieb {name}:",
    "fr": "Le {date}, {name} a écrit :",
    "es": "El {date}, {name} escribió:",
    "it": "Il {date}, {name} ha scritto:",
    "no": "{date} skrev {name}:",
    "ja": "{date}、{name}のメール:",
    "zh": "{name} 于 {date} 写道：",
    "ko": "{date}, {name} 작성:",
    "el": "Στις {date}, ο χρήστης {name} έγραψε:",
    "ru": "{date}, {name} пишет:",
    "pl": "{date}, {name} pisze:",
    "th": "เมื่อ {date} {name} เขียนว่า:",
    "ar": "في {date}، كتب {name}:",
    "he": "בתאריך {date}, {name} כתב/ה:",
}
# Outlook's four lines above what it quotes, and what it puts before the subject of a reply.
OUTLOOK_WORDS = {
    "de": ("Von", "Gesendet", "An", "Betreff", "AW"),
    "fr": ("De", "Envoyé", "À", "Objet", "RE"),
    "pl": ("Od", "Wysłano", "Do", "Temat", "ODP"),
    "ja": ("差出人", "送信日時", "宛先", "件名", "RE"),
    "ar": ("من", "تم الإرسال", "إلى", "الموضوع", "رد"),
}
OUTLOOK_DEFAULT = ("From", "Sent", "To", "Subject", "RE")
