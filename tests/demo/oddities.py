# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that is odd and legal, each message a small lesson; and the parts only Outlook sends.

Every function makes one message as bytes, from its date. What it is odd in stands in its text.
"""

import documents
import letters
import mimetext
import people
import pictures
from letters import DAY
from mimetext import boundary, file_part, header, message, multipart, text_part
from people import ANNA, PEOPLE

CURATOR = people.Person("Dr. Ottilie Kurz", "kurz@museum-of-mail.example", "plain")
MUSEUM = "museum-of-mail.example"
HOUR = 3600


def _fields(subject, when, sender=CURATOR, to=(ANNA,), name=None, **changes):
    """The usual header; a change of None takes a field away. Underscores stand for hyphens."""
    fields = {"Return-Path": f"<{sender.address}>",
              "From": mimetext.address(sender.name, sender.address),
              "To": mimetext.addresses(to),
              "Subject": mimetext.encoded_words(subject),
              "Date": mimetext.date(when, letters.zone_minutes(sender, when)),
              "Message-ID": f"<{name or mimetext.boundary(subject, when)[2:]}@{sender.address.partition('@')[2]}>"}
    for field, value in changes.items():
        fields[field.replace("_", "-")] = value
    return list(fields.items())


def _simple(subject, when, words, **changes):
    return message(_fields(subject, when, **changes), text_part(words))


def no_subject(when):
    return message(_fields("", when, Subject=None, name="no-subject"), text_part(
        "Dear Anna,\n\nI could not decide on a subject, so there is none.\n\nOttilie Kurz\n"))


def no_date(when):
    return _simple("A letter without a date", when, Date=None, name="no-date", words=(
        "Dear Anna,\n\nour clock stopped, and I did not want to guess.\n"))


def empty(when):
    return message(_fields("An empty letter", when), text_part("", encoding="7bit"))


def header_only(when):
    """Not even the empty line below the header."""
    return header(_fields("All of it is said in the subject", when)).rstrip(b"\n")


def raw_latin(when):
    fields = header(_fields("X", when, name="raw-latin"))
    fields = fields.replace(b"Subject: X", "Subject: Grüße aus dem Jahr 1994".encode("latin-1"))
    words = "Liebe Anna,\n\nso schrieb man Umlaute, bevor man fragte, ob alle sie lesen können.\n"
    return fields + b"Content-Type: text/plain\n\n" + words.encode("latin-1")


def raw_utf8(when):
    fields = header(_fields("X", when, name="raw-utf8"))
    fields = fields.replace(b"Subject: X", "Subject: Кратко: всё в порядке ✅".encode())
    return fields + b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" \
                    b"Content-Transfer-Encoding: 8bit\n\n" + "Без кодировки в теме, и всё же читается.\n".encode()


def long_header(when):
    seen = "\n ".join(f"<{number:05d}.{number * 7919 % 99991:05d}@threads.{MUSEUM}>" for number in range(400))
    subject = "A subject that goes on " + "and on " * 280 + "and then simply stops"
    folded = "\n ".join(subject[start:start + 70] for start in range(0, len(subject), 70))
    return _simple("x", when, Subject=folded, References=seen, name="long-header", words=(
        "Dear Anna,\n\nfour hundred references and a subject of two thousand letters. "
        "The people who wrote it were paid by the word.\n"))


def parameter_names(when):
    """RFC 2231: a name in three pieces, one of them encoded, with charset and language."""
    attachment = header([
        ("Content-Type", "application/pdf"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", "attachment;\n filename*0*=utf-8'de'Verzeichnis%20der%20;\n"
         " filename*1*=Kuriosit%C3%A4ten%20;\n filename*2=\"und anderer Briefe.pdf\"")])
    attachment += b"\n" + mimetext.wrapped_base64(documents.pdf(
        ["Verzeichnis der Kuriositäten", "Nr. 1: dieser Dateiname, in drei Stücken"]))
    encoded = header([
        ("Content-Type", "text/plain; charset=utf-8; name=\"=?utf-8?Q?Caf=C3=A9_=26_Tee=2Etxt?=\""),
        ("Content-Disposition", "attachment; filename=\"=?utf-8?Q?Caf=C3=A9_=26_Tee=2Etxt?=\"")])
    encoded += "\nKaffee: 2, Tee: 1\n".encode()
    return message(_fields("File names in pieces", when), multipart("mixed", [
        text_part("Dear Anna,\n\nthe first name comes in three pieces, the second in a costume "
                  "that file names should not wear.\n"), attachment, encoded], boundary("names")))


def awkward_name(when):
    name = 'notes: draft 3/4 "final" <really>?*|.txt'
    part = header([("Content-Type", "text/plain"), ("Content-Disposition", "attachment; filename=\"{}\"".format(
        name.replace('"', '\\"')))]) + b"\nA file system will not like my name.\n"
    nameless = b"Content-Type: application/octet-stream\nContent-Disposition: attachment\n\nI have no name.\n"
    nothing = b'Content-Type: text/plain; name="empty.txt"\nContent-Disposition: attachment; filename="empty.txt"\n\n'
    return message(_fields("Three attachments nobody wants to save", when), multipart("mixed", [
        text_part("Dear Anna,\n\none has an impossible name, one has none, and one is empty.\n"),
        part, nameless, nothing], boundary("awkward")))


def two_authors(when):
    authors = "Ottilie Kurz <kurz@museum-of-mail.example>,\n Emil Lang <lang@museum-of-mail.example>"
    return _simple("A letter by two people", when, From=authors, Sender="lang@museum-of-mail.example",
                   Reply_To="both@museum-of-mail.example", words=(
                       "Dear Anna,\n\nwe wrote every second word each. Answers reach us both.\n\n"
                       "Ottilie Emil Kurz Lang\n"))


def groups(when):
    to = ("Lighthouse keepers: eike@janssen-vermessung.example,\n"
          " \"Keeper, Night\" <night@roter-sand.example>;,\n Anna Keller <anna@northwind.example>")
    return _simple("To all lighthouse keepers", when, To=to, Cc="undisclosed-recipients:;", words=(
        "Dear keepers,\n\nthe group in the address line is legal since 1982 and has been used twice.\n"))


def comments(when):
    return _simple("An address full of remarks", when, words=(
        "Dear Anna,\n\nthe remarks in round brackets are no part of the address. Mine are on the letter scale.\n"),
        From="Ottilie(the elder \\) one) Kurz <kurz(at home)@museum-of-mail.example(a house)>",
        Date=mimetext.date(when).replace("+0000", "GMT (by the church clock)"))


def base64_text(when):
    return message(_fields("Text in base64", when), text_part(
        "Dear Anna,\n\nevery letter of this letter was packed by hand.\n\nOttilie Kurz\n", encoding="base64"))


def unknown_charset(when):
    fields = _fields("In an alphabet nobody has", when)
    part = header([("Content-Type", "text/plain; charset=x-lighthouse"), ("Content-Transfer-Encoding", "8bit")])
    return message(fields, part + b"\nDear Anna,\n\nmost of this can be read all the same. Only here: \xa4\xb7\xd0\n")


def unknown_encoding(when):
    part = header([("Content-Type", "text/plain; charset=us-ascii"),
                   ("Content-Transfer-Encoding", "x-message-in-a-bottle")])
    return message(_fields("A message in a bottle", when), part + b"\nPlease use a corkscrew.\n")


def many_receivers(when):
    people_ = ",\n ".join(f"Member {number} <member{number}@friends.{MUSEUM}>" for number in range(1, 401))
    return _simple("To our four hundred friends", when, To=people_, Cc="Anna Keller <anna@northwind.example>",
                   words="Dear friends,\n\nnext time we shall use Bcc.\n")


def nested(when):
    part = text_part("You have opened a hundred envelopes. Well done. It is only me.\n")
    for level in range(100):
        part = multipart("mixed", [part], boundary("level", level))
    return message(_fields("A hundred envelopes", when), part)


def _small_letter(subject, sender, words, when):
    return message(_fields(subject, when, sender=sender), text_part(words))


def letter_in_letter(when):
    part = _small_letter("The innermost", PEOPLE["jonas"], "The spanner is in the buoy.\n", when - 3 * DAY)
    for sender, subject in (("maya", "Fwd: The innermost"), ("henrik", "Fwd: Fwd: The innermost")):
        inner = b'Content-Type: message/rfc822\nContent-Disposition: attachment; filename="letter.eml"\n\n' + part
        when += DAY
        part = message(_fields(subject, when - 2 * DAY, sender=PEOPLE[sender]), multipart("mixed", [
            text_part(f"Please see below.\n\n{PEOPLE[sender].name}\n"), inner], boundary("inner", subject)))
    return part


def digest(when):
    parts = [b"\n" + _small_letter(subject, PEOPLE[sender], words, when - 600) for sender, subject, words in (
        ("nadia", "Pumpkin", "It is still growing.\n"), ("mehmet", "Re: Pumpkin", "I know. It knows.\n"),
        ("nadia", "Re: Re: Pumpkin", "We will need the cart.\n"))]
    return message(_fields("Garden share: digest of the week", when, sender=PEOPLE["gardeners"]),
                   multipart("digest", parts, boundary("digest"), preamble=b"Three letters follow.\n\n"))


def signed(when):
    seal = (b'Content-Type: application/pgp-signature; name="signature.asc"\n\n-----BEGIN PGP SIGNATURE-----\n\n'
            b"iHUEABYKAB0WIQTheSealOfTheMuseumIsPurelyDecorative=\n=abcd\n-----END PGP SIGNATURE-----\n")
    return message(_fields("Under seal", when), multipart("signed", [
        text_part("Dear Anna,\n\nthis letter bears the seal of the museum. The seal proves that we own a seal.\n"),
        seal], boundary("signed"), '; micalg=pgp-sha256; protocol="application/pgp-signature"'))


def bounce(when):
    daemon = people.Person("Mail Delivery System", "MAILER-DAEMON@northwind.example", "plain")
    report = (b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mail.northwind.example\n\n"
              b"Final-Recipient: rfc822; owl@northwind.example\nAction: failed\nStatus: 5.1.1\n"
              b"Diagnostic-Code: smtp; 550 5.1.1 User unknown (the owl is made of plastic)\n")
    original = _small_letter("Welcome to the team", ANNA, "Dear owl,\n\nplease report to the roof.\n", when - 60)
    return message(_fields("Undelivered Mail Returned to Sender", when, sender=daemon, Return_Path="<>",
                           Auto_Submitted="auto-replied"),
                   multipart("report", [text_part(
                       "I could not deliver your letter to owl@northwind.example.\n\nUser unknown.\n"), report,
                       b"Content-Type: message/rfc822\n\n" + original], boundary("report"),
                       "; report-type=delivery-status"))


def receipt_wanted(when):
    return _simple("Have you read this?", when, words=(
        "Dear Anna,\n\nthis letter asks to be told when it is read. You may keep it a secret.\n"),
        Disposition_Notification_To="kurz@museum-of-mail.example", X_Priority="1", Importance="high")


def html_alone(when):
    part = b"Content-Type: text/html\nContent-Transfer-Encoding: 8bit\n\n"
    return message(_fields("HTML, and nothing but", when), part + (
        "<P>Liebe Anna,<P>kein Text daneben, kein Zeichensatz, kein Ende der Abs\xe4tze:<BR>"
        "<FONT COLOR=#A51D2D SIZE=+2>so war das Netz</FONT>, und es war <BLINK>sch\xf6n</BLINK>.").encode("latin-1"))


def one_line(when):
    words = "Dear Anna, this paragraph has no end " + "and the next thought follows at once, " * 500 + "until now."
    return message(_fields("One line", when), text_part(words))


def tries_everything(when):
    page = """<html><head><base href="https://base.invalid/"><meta http-equiv="refresh" content="0;url=https://go.invalid/">
<link rel="stylesheet" href="https://style.invalid/a.css"><style>@import url(https://style.invalid/b.css);
body { background: url(https://style.invalid/c.png) } </style><script>document.title = "scripts run"</script></head>
<body onload="fetch('https://load.invalid/')"><p>Dear Anna,</p><p>this letter tries everything a letter must not do.
If you can read it in peace, all is well.</p><img src="https://count.invalid/anna.gif" onerror="alert(1)">
<iframe src="https://frame.invalid/"></iframe><form action="https://form.invalid/"><input name="password" type="password">
<button>Go on</button></form><svg onload="alert(2)"><image href="https://svg.invalid/x.png"/></svg>
<a href="javascript:alert(3)">A harmless link</a> <video src="https://film.invalid/" autoplay></video>
<p style="position:fixed;top:0;left:0;width:100%">I am not the window's title bar.</p></body></html>
"""
    return message(_fields("A letter that tries everything", when), multipart("alternative", [
        text_part("Dear Anna,\n\nthe other half of this letter tries everything a letter must not do.\n"),
        text_part(page, "html")], boundary("everything")))


def both_directions(when):
    return _simple("שלום Anna، مرحبا! (hello) 👩‍🔬👨‍👩‍👧‍👦 Ke\u0301ller", when, words=(
        "שלום Anna, this line runs both ways: مرحبا (hello), 1914-1918, ‮abc‬.\n\n"
        "👩‍🔬 is one sign of three, 👨‍👩‍👧‍👦 one of seven, and é here is two: e\u0301.\n"))


def from_1971(when):
    return _simple("From the archive of the first letters", when, Date="Fri, 1 Jan 1971 00:00:12 +0000", words=(
        "QWERTYUIOP\n\n(Nobody remembers what the first letter said. This is as good a guess as any.)\n"))


def line_ends(when):
    return _simple("With the other line ends", when, words=(
        "Dear Anna,\n\nthis one lies on the server's disk with CR and LF.\n")).replace(b"\n", b"\r\n")


def shouting_types(when):
    part = (b'CONTENT-TYPE:\tTEXT/PLAIN ;\n\tCHARSET = "UTF-8" ; X-Note="a \\"quoted\\" word; and a semicolon"\n'
            b"content-transfer-encoding : QUOTED-PRINTABLE\n\nDear Anna,=0A=0Athe header shouts, the letter =\ndoes not.\n")
    return message(_fields("A header that shouts", when), part)


def elsewhere(when):
    return message(_fields("The rest is elsewhere", when), multipart("mixed", [
        text_part("Dear Anna,\n\nthe attachment is on another machine, as was the fashion in 1993.\n"),
        b"Content-Type: message/external-body; access-type=anon-ftp;\n site=\"ftp.museum-of-mail.example\"; name=\"/pub/map\"\n\n"
        b"Content-Type: image/png\nContent-ID: <map@museum-of-mail.example>\n\n"], boundary("elsewhere")))


def winmail(when):
    words = ("Liebe Frau Keller,\n\nanbei das Bild vom polierten Zahnrad und die Pflegeanleitung. Unser Lehrling "
             "hat sechs Stunden gebraucht und strahlt seitdem heller als das Rad.\n\nHerzliche Grüße\nBettina Ahlers\n")
    packed = documents.winmail("Das Zahnrad glänzt", words, [
        ("Zahnrad, poliert.png", "image/png", pictures.scene("kettle", 480, 270)),
        ("Pflege.pdf", "application/pdf", documents.pdf(["Pflege des Zahnrads", "Ein Tropfen Öl im Jahr."]))])
    return message(_fields("Das Zahnrad glänzt", when, sender=PEOPLE["bettina"], X_MS_TNEF_Correlator="<gear@ahlers>"),
                   multipart("mixed", [text_part(words, charset="windows-1252"),
                                       file_part("application/ms-tnef", "winmail.dat", packed)], boundary("winmail")))


def meeting(when, organiser, title, starts, minutes, place, words, rule=None):
    ics = documents.invitation(f"{boundary(title)[2:]}@{people.NORTHWIND}", starts, minutes, title, place, words,
                               organiser, [ANNA, PEOPLE["jonas"], PEOPLE["maya"]], when, rule=rule)
    page = f"<html><body><p>{words}</p></body></html>\n"
    return message(_fields(title, when, sender=organiser, to=(ANNA, PEOPLE["jonas"], PEOPLE["maya"])),
                   multipart("alternative", [
                       text_part(f"{words}\n"), text_part(page, "html"),
                       text_part(ics, "calendar", encoding="base64").replace(
                           b"text/calendar;", b"text/calendar; method=REQUEST;", 1)], boundary("meeting", title)))


def planning(when):
    starts = (when // DAY + 2) * DAY + 9 * HOUR
    return meeting(when, PEOPLE["henrik"], "Aurora: planning for spring", starts, 90, "Large meeting room",
                   "Four buoys, three days, one ship. Please bring your wishes and a realistic face.")


def rehearsal(when):
    starts = (when // DAY + 4) * DAY + 18 * HOUR + 1800
    return meeting(when, PEOPLE["petersen"], "Probe: Takt 47 bis 61", starts, 120, "Gemeindesaal St. Ansgar",
                   "Wöchentlich bis Weihnachten. Bleistift nicht vergessen.", "FREQ=WEEKLY;COUNT=5")


MUSEUM_PIECES = (
    no_subject, no_date, empty, header_only, raw_latin, raw_utf8, long_header, parameter_names, awkward_name,
    two_authors, groups, comments, base64_text, unknown_charset, unknown_encoding, many_receivers, nested,
    letter_in_letter, signed, receipt_wanted, html_alone, one_line, tries_everything, both_directions, from_1971,
    line_ends, shouting_types, elsewhere)


def items(now):
    """All of them, as (folder, flags, date, bytes)."""
    for number, make in enumerate(MUSEUM_PIECES):
        when = letters.moment(f"{7 + 5 * number}d {9 + number % 8:02d}:{number * 7 % 60:02d}", now)
        yield "Curiosities", "" if make in (no_subject, empty) else "S", when, make(when)
    for folder, flags, when, make in (
            ("INBOX", "", "2h30m", planning), ("INBOX", "S", "3d 17:10", winmail), ("Choir", "S", "9d 20:00", rehearsal),
            ("🌱 Garden", "S", "110d 08:00", digest), ("INBOX", "S", "33d 10:05", bounce)):
        date = letters.moment(when, now)
        yield folder, flags, date, make(date)
