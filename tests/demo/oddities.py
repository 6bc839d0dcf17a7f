# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that is odd and legal, each message a small lesson; and the parts only Outlook sends.

Every function makes one message as bytes, from its date. Its words are in letters/oddities.txt.
"""

import functools

import documents
import letters
import mimetext
import people
import pictures
from letters import DAY
from mimetext import boundary, file_part, header, message, multipart, text_part
from people import ANNA, PEOPLE

MUSEUM = "museum-of-mail.example"
CURATOR = people.Person("Dr. Ottilie Kurz", f"kurz@{MUSEUM}", "plain")
DAEMON = people.Person("Mail Delivery System", "MAILER-DAEMON@northwind.example", "plain")
HOUR = 3600


@functools.cache
def _words():
    """Function's name: subject and text."""
    found = {}
    for head, text in letters.texts("oddities").items():
        name, _, subject = head.partition(":")
        found[name] = subject.strip(), f"{text}\n"
    return found


def _text(name):
    return _words()[name][1]


def _fields(name, when, sender=CURATOR, to=(ANNA,), **changes):
    """The usual header; a change of None takes a field away. Underscores stand for hyphens."""
    fields = {
        "Return-Path": f"<{sender.address}>",
        "From": mimetext.address(sender.name, sender.address),
        "To": mimetext.addresses(to),
        "Subject": mimetext.encoded_words(_words()[name][0]) if name in _words() else name,
        "Date": mimetext.date(when, letters.zone_minutes(sender, when)),
        "Message-ID": f"<{boundary(name, when)[2:]}@{sender.address.partition('@')[2]}>",
    }
    fields |= {field.replace("_", "-"): value for field, value in changes.items()}
    return list(fields.items())


def _simple(name, when, **changes):
    return message(_fields(name, when, **changes), text_part(_text(name)))


def no_subject(when):
    return _simple("no_subject", when, Subject=None)


def no_date(when):
    return _simple("no_date", when, Date=None)


def empty(when):
    return message(_fields("empty", when), text_part("", encoding="7bit"))


def header_only(when):
    """Not even the empty line below the header."""
    return header(_fields("header_only", when)).rstrip(b"\n")


def _raw_subject(name, when, charset, part_header):
    head = header(_fields(name, when, Subject="SUBJECT"))
    subject, text = _words()[name]
    return head.replace(b"SUBJECT", subject.encode(charset)) + part_header + text.encode(charset)


def raw_latin(when):
    return _raw_subject("raw_latin", when, "latin-1", b"Content-Type: text/plain\n\n")


def raw_utf8(when):
    return _raw_subject("raw_utf8", when, "utf-8", header([
        ("MIME-Version", "1.0"), ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit")]) + b"\n")


def long_header(when):
    ids = (f"<{number:05d}.{number * 7919 % 99991:05d}@threads.{MUSEUM}>" for number in range(400))
    subject = _words()["long_header"][0] + " and on" * 280 + " and then simply stops"
    folded = "\n ".join(subject[start:start + 70] for start in range(0, len(subject), 70))
    return _simple("long_header", when, Subject=folded, References="\n ".join(ids))


def parameter_names(when):
    """RFC 2231: a name in three pieces, two of them encoded; then one in an encoded-word."""
    pieces = header([
        ("Content-Type", "application/pdf"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", "attachment;\n filename*0*=utf-8'de'Verzeichnis%20der%20;\n"
         " filename*1*=Kuriosit%C3%A4ten%20;\n filename*2=\"und anderer Briefe.pdf\"")])
    pieces += b"\n" + mimetext.wrapped_base64(documents.pdf(
        ["Verzeichnis der Kuriositäten", "Nr. 1: dieser Dateiname, in drei Stücken"]))
    disguised = header([
        ("Content-Type", 'text/plain; charset=utf-8; name="=?utf-8?Q?Caf=C3=A9_=26_Tee=2Etxt?="'),
        ("Content-Disposition", 'attachment; filename="=?utf-8?Q?Caf=C3=A9_=26_Tee=2Etxt?="')])
    disguised += b"\nKaffee: 2, Tee: 1\n"
    return _mixed("parameter_names", when, pieces, disguised)


def _mixed(name, when, *parts):
    return message(_fields(name, when),
                   multipart("mixed", [text_part(_text(name)), *parts], boundary(name)))


def awkward_names(when):
    name = r'notes: draft 3/4 \"final\" <really>?*|.txt'
    impossible = header([("Content-Type", "text/plain"),
                         ("Content-Disposition", f'attachment; filename="{name}"')])
    nameless = header([("Content-Type", "application/octet-stream"),
                       ("Content-Disposition", "attachment")])
    nothing = header([("Content-Type", 'text/plain; name="empty.txt"'),
                      ("Content-Disposition", 'attachment; filename="empty.txt"')])
    return _mixed("awkward_names", when, impossible + b"\nA file system will not like my name.\n",
                  nameless + b"\nI have no name.\n", nothing + b"\n")


def two_authors(when):
    authors = f"Ottilie Kurz <kurz@{MUSEUM}>,\n Emil Lang <lang@{MUSEUM}>"
    return _simple("two_authors", when, From=authors, Sender=f"lang@{MUSEUM}",
                   Reply_To=f"both@{MUSEUM}")


def groups(when):
    to = ('Lighthouse keepers: eike@janssen-vermessung.example,\n "Keeper, Night"'
          " <night@roter-sand.example>;,\n Anna Keller <anna@northwind.example>")
    return _simple("groups", when, To=to, Cc="undisclosed-recipients:;")


def comments(when):
    author = f"Ottilie(the elder \\) one) Kurz <kurz(at home)@{MUSEUM}(a house)>"
    date = mimetext.date(when).replace("+0000", "GMT (by the church clock)")
    return _simple("comments", when, From=author, Date=date)


def base64_text(when):
    return message(_fields("base64_text", when), text_part(_text("base64_text"), encoding="base64"))


def unknown_charset(when):
    part = header([("Content-Type", "text/plain; charset=x-lighthouse"),
                   ("Content-Transfer-Encoding", "8bit")])
    return message(_fields("unknown_charset", when),
                   part + b"\n" + _text("unknown_charset").encode() + b"\xa4\xb7\xd0\n")


def unknown_encoding(when):
    part = header([("Content-Type", "text/plain; charset=us-ascii"),
                   ("Content-Transfer-Encoding", "x-message-in-a-bottle")])
    return message(_fields("unknown_encoding", when),
                   part + b"\n" + _text("unknown_encoding").encode())


def many_receivers(when):
    friends = ",\n ".join(f"Member {number} <member{number}@friends.{MUSEUM}>"
                          for number in range(1, 401))
    return _simple("many_receivers", when, To=friends, Cc="Anna Keller <anna@northwind.example>")


def nested(when):
    part = text_part(_text("nested"))
    for level in range(100):
        part = multipart("mixed", [part], boundary("level", level))
    return message(_fields("nested", when), part)


def letter_in_letter(when):
    part = message(_fields("letter_in_letter", when - 3 * DAY, sender=PEOPLE["jonas"]),
                   text_part(_text("letter_in_letter")))
    for key, subject, days in (("maya", "Fwd: The innermost", 1),
                               ("henrik", "Fwd: Fwd: The innermost", 0)):
        envelope = header([("Content-Type", "message/rfc822"),
                           ("Content-Disposition", 'attachment; filename="letter.eml"')])
        words = text_part(f"Please see below.\n\n{PEOPLE[key].name}\n")
        part = message(_fields(subject, when - days * DAY, sender=PEOPLE[key]), multipart(
            "mixed", [words, envelope + b"\n" + part], boundary(subject)))
    return part


def digest(when):
    letters_ = [(PEOPLE["nadia"], "Pumpkin", "It is still growing.\n"),
                (PEOPLE["mehmet"], "Re: Pumpkin", "I know. It knows.\n"),
                (PEOPLE["nadia"], "Re: Re: Pumpkin", "We will need the cart.\n")]
    parts = [b"\n" + message(_fields(subject, when - HOUR, sender=sender), text_part(words))
             for sender, subject, words in letters_]
    return message(_fields("digest", when, sender=PEOPLE["gardeners"]), multipart(
        "digest", parts, boundary("digest"), preamble=_text("digest").encode() + b"\n"))


def signed(when):
    seal = header([("Content-Type", 'application/pgp-signature; name="signature.asc"')]) + (
        b"\n-----BEGIN PGP SIGNATURE-----\n\n"
        b"iHUEABYKAB0WIQTheSealOfTheMuseumIsPurelyDecorative=\n=abcd\n"
        b"-----END PGP SIGNATURE-----\n")
    return message(_fields("signed", when), multipart(
        "signed", [text_part(_text("signed")), seal], boundary("signed"),
        '; micalg=pgp-sha256; protocol="application/pgp-signature"'))


def bounce(when):
    report = (b"Content-Type: message/delivery-status\n\n"
              b"Reporting-MTA: dns; mail.northwind.example\n\n"
              b"Final-Recipient: rfc822; owl@northwind.example\nAction: failed\nStatus: 5.1.1\n"
              b"Diagnostic-Code: smtp; 550 5.1.1 User unknown (the owl is made of plastic)\n")
    original = message(_fields("Welcome to the team", when - 60, sender=ANNA),
                       text_part("Dear owl,\n\nplease report to the roof.\n"))
    parts = [text_part(_text("bounce")), report, b"Content-Type: message/rfc822\n\n" + original]
    return message(_fields("bounce", when, sender=DAEMON, Return_Path="<>",
                           Auto_Submitted="auto-replied"),
                   multipart("report", parts, boundary("report"), "; report-type=delivery-status"))


def receipt_wanted(when):
    return _simple("receipt_wanted", when, Disposition_Notification_To=f"kurz@{MUSEUM}",
                   X_Priority="1", Importance="high")


def html_alone(when):
    part = header([("Content-Type", "text/html"), ("Content-Transfer-Encoding", "8bit")])
    page = _text("html_alone").encode("latin-1")
    return message(_fields("html_alone", when), part + b"\n" + page)


def one_line(when):
    return message(_fields("one_line", when), text_part(_text("one_line").strip() * 400))


def tries_everything(when):
    words = "Dear Anna,\n\nthe other half of this letter tries everything a letter must not do.\n"
    return message(_fields("tries_everything", when), multipart("alternative", [
        text_part(words), text_part(_text("tries_everything"), "html")], boundary("everything")))


def both_directions(when):
    return _simple("both_directions", when)


def from_1971(when):
    return _simple("from_1971", when, Date="Fri, 1 Jan 1971 00:00:12 +0000")


def line_ends(when):
    return _simple("line_ends", when).replace(b"\n", b"\r\n")


def shouting_types(when):
    head = (b'CONTENT-TYPE:\tTEXT/PLAIN ;\n\tCHARSET = "UTF-8" ;'
            b' X-Note="a \\"quoted\\" word; and a semicolon"\n'
            b"content-transfer-encoding : QUOTED-PRINTABLE\n\n")
    return message(_fields("shouting_types", when), head + _text("shouting_types").encode())


def elsewhere(when):
    return _mixed("elsewhere", when, (
        b"Content-Type: message/external-body; access-type=anon-ftp;\n"
        b' site="ftp.museum-of-mail.example"; name="/pub/map"\n\n'
        b"Content-Type: image/png\nContent-ID: <map@museum-of-mail.example>\n\n"))


def winmail(when):
    subject, words = _words()["winmail"]
    packed = documents.winmail(subject, words, [
        ("Zahnrad, poliert.png", "image/png", pictures.scene("kettle", 480, 270)),
        ("Pflege.pdf", "application/pdf",
         documents.pdf(["Pflege des Zahnrads", "Ein Tropfen Öl im Jahr."]))])
    parts = [text_part(words, charset="windows-1252"),
             file_part("application/ms-tnef", "winmail.dat", packed)]
    return message(_fields("winmail", when, sender=PEOPLE["bettina"],
                           X_MS_TNEF_Correlator="<gear@ahlers-schiffstechnik.example>"),
                   multipart("mixed", parts, boundary("winmail")))


def _meeting(name, when, organiser, starts, minutes, place, rule=None):
    title, words = _words()[name]
    guests = [ANNA, PEOPLE["jonas"], PEOPLE["maya"]]
    ics = documents.invitation(f"{boundary(name)[2:]}@{people.NORTHWIND}", starts, minutes, title,
                               place, words.strip(), organiser, guests, when, rule=rule)
    calendar = text_part(ics, "calendar", encoding="base64")
    calendar = calendar.replace(b"text/calendar;", b"text/calendar; method=REQUEST;", 1)
    page = f"<html><body><p>{words}</p></body></html>\n"
    parts = [text_part(words), text_part(page, "html"), calendar]
    return message(_fields(name, when, sender=organiser, to=guests),
                   multipart("alternative", parts, boundary("meeting", name)))


def planning(when):
    starts = (when // DAY + 2) * DAY + 9 * HOUR
    return _meeting("planning", when, PEOPLE["henrik"], starts, 90, "Large meeting room")


def rehearsal(when):
    starts = (when // DAY + 4) * DAY + 18 * HOUR + HOUR // 2
    return _meeting("rehearsal", when, PEOPLE["petersen"], starts, 120, "Gemeindesaal St. Ansgar",
                    "FREQ=WEEKLY;COUNT=5")


MUSEUM_PIECES = (
    no_subject, no_date, empty, header_only, raw_latin, raw_utf8, long_header, parameter_names,
    awkward_names, two_authors, groups, comments, base64_text, unknown_charset, unknown_encoding,
    many_receivers, nested, letter_in_letter, signed, receipt_wanted, html_alone, one_line,
    tries_everything, both_directions, from_1971, line_ends, shouting_types, elsewhere)
ELSEWHERE = (
    ("INBOX", "", "2h30m", planning), ("INBOX", "S", "3d 17:10", winmail),
    ("Choir", "S", "9d 20:00", rehearsal), ("🌱 Garden", "S", "110d 08:00", digest),
    ("INBOX", "S", "33d 10:05", bounce))


def items(now):
    """All of them, as (folder, flags, date, bytes)."""
    for number, make in enumerate(MUSEUM_PIECES):
        when = f"{7 + 5 * number}d {9 + number % 8:02d}:{number * 7 % 60:02d}"
        date = letters.moment(when, now)
        yield "Curiosities", "" if make in (no_subject, empty) else "S", date, make(date)
    for folder, flags, when, make in ELSEWHERE:
        date = letters.moment(when, now)
        yield folder, flags, date, make(date)
