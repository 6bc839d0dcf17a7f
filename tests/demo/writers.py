# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns a letter into a message, the way the sender's mail program would.

outlook      text and HTML, answers above everything that was said before, Thread-Index
webmail      text and HTML, a quote that folds
apple        plain text, quoted-printable, pictures between the lines
thunderbird  plain text, format=flowed
plain, mutt  plain text in lines of 72; mutt answers below what it quotes
card         what shops and machines send: a coloured head, a table, a button
newsletter   the same with pictures, inside and far away
"""

import base64
import datetime
import hashlib
import html
import re
import string
import struct

import documents
import letters
import markup
import mimetext
import people
import pictures

# What older programs still write. Text that does not fit is UTF-8.
CHARSETS = {
    "ja": "iso-2022-jp",
    "zh": "gb18030",
    "ko": "euc-kr",
    "ru": "koi8-r",
    "el": "iso-8859-7",
    "pl": "iso-8859-2",
    "es": "iso-8859-1",
    "th": "tis-620",
    "he": "windows-1255",
}
RIGHT_TO_LEFT = ("ar", "he")
HTML_CLIENTS = ("outlook", "webmail", "card", "newsletter")
INTERNAL = people.NORTHWIND
LINES = re.compile(r"\S.{0,71}(?=\s|$)|\S+")  # a long line in pieces of at most 72
HOUSE_PAGE = string.Template(
    """\
<!DOCTYPE html>
<html lang="$language"><head><meta http-equiv="Content-Type" content="text/html; charset=$charset">
<meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:0;background:#f6f5f4">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0"><tr>
<td align="center" style="padding:24px 12px">
<table role="presentation" width="600" cellspacing="0" cellpadding="0" border="0"
style="max-width:600px;width:100%;background:#ffffff;color:#241f31;border-radius:10px;\
overflow:hidden;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.55">
<tr><td style="background:$colour;color:#ffffff;padding:16px 32px;font-size:18px;\
font-weight:bold">$logo$name</td></tr>
$heroes<tr><td style="padding:28px 32px">
$shown
</td></tr>
<tr><td style="padding:16px 32px;background:#fafafa;color:#77767b;font-size:12px">$foot</td></tr>
</table></td></tr></table>
</body></html>
"""
)


# What programs say about the letter they quote.


def _stamp(letter, reader):
    zone = datetime.timezone(datetime.timedelta(minutes=letters.zone_minutes(reader, letter.date)))
    return datetime.datetime.fromtimestamp(letter.date, zone)


def _attribution(letter, reader):
    pattern = people.ATTRIBUTIONS[reader.language]
    return pattern.format(date=f"{_stamp(letter, reader):%d.%m.%Y, %H:%M}", name=letter.sender.name)


def _outlook_lines(letter, reader):
    words = people.OUTLOOK_WORDS.get(reader.language, people.OUTLOOK_DEFAULT)
    values = (
        f"{letter.sender.name} <{letter.sender.address}>",
        f"{_stamp(letter, reader):%d.%m.%Y %H:%M}",
        "; ".join(someone.name for someone in letter.to),
        letter.subject,
    )
    return list(zip(words, values))


def _quoted(text):
    return "\n".join(
        f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.split("\n")
    )


def _wrapped(text):
    """Hard lines of 72, as people who count them write; tables and quotes stay."""
    out = []
    for line in text.split("\n"):
        keep = len(line) <= 72 or line.startswith(">") or "   " in line
        out += [line] if keep else LINES.findall(line)
    return "\n".join(out)


def _flowed(text):
    """RFC 3676: soft line ends have a blank before them."""
    out = []
    for line in text.split("\n"):
        if len(line) > 76 and not line.startswith(">") and "   " not in line:
            line = " \n".join(LINES.findall(line))
        out.append(f" {line}" if line.startswith((" ", "From ")) else line)
    return "\n".join(out)


class Writer:
    """Writes the letters of a conversation, one after the other."""

    def __init__(self, seed):
        self.seed = seed

    def digest(self, *what):
        return hashlib.sha256(repr((self.seed, *what)).encode()).hexdigest()

    def address(self, letter, conversation, number):
        """Gives the letter its subject, Message-ID, references and thread index."""
        before = letter.answers
        letter.subject = conversation.subject
        if before:
            words = people.OUTLOOK_WORDS.get(letter.sender.language, people.OUTLOOK_DEFAULT)
            short = words[4] if letter.sender.client == "outlook" else "Re"
            letter.subject = f"{short}: {conversation.subject}"
            letter.references = [*before.references, before.message_id]
        digest = self.digest(conversation.subject, letter.when, number)
        domain = letter.sender.address.partition("@")[2]
        local = {
            "outlook": f"{digest[:32].upper()}",
            "webmail": f"CA{digest[:26]}",
            "apple": "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:28])).upper(),
        }.get(letter.sender.client, f"{letter.date:x}.{digest[:12]}")
        letter.message_id = f"<{local}@{domain}>"
        letter.thread_index = self._thread_index(letter, bytes.fromhex(digest[:32]))

    @staticmethod
    def _thread_index(letter, guid):
        """Outlook's: 6 bytes of time and a GUID, then 5 bytes for each answer."""
        ticks = (letter.date + 11644473600) * 10_000_000
        if not letter.answers:
            return struct.pack(">Q", ticks)[:6] + guid
        return letter.answers.thread_index + struct.pack(">IB", ticks >> 18 & 0x7FFFFFFF, guid[0])

    def write(self, letter):
        """The message as bytes."""
        text, shown, quoted_text, quoted = self._bodies(letter)
        whole = (
            f"{quoted_text}\n\n{text}"
            if letter.sender.client == "mutt"
            else f"{text}\n\n{quoted_text}"
        )
        whole = whole.strip("\n")
        letter.said = (whole, f"{shown}\n{quoted}")
        charset = self._charset(letter, whole)
        shown = "\n".join((shown, self._images(letter), quoted))
        return mimetext.message(
            self._fields(letter, charset), self._parts(letter, whole, shown, charset)
        )

    def _charset(self, letter, text):
        charset = CHARSETS.get(letter.sender.language, "utf-8")
        try:
            (text + letter.subject + letter.sender.name).encode(charset)
        except UnicodeEncodeError:
            return "utf-8"
        return charset

    def _bodies(self, letter):
        """What the letter says itself, as text and HTML, and what it quotes, likewise."""
        sender = letter.sender
        text = markup.plain(letter.text)
        shown = markup.html_blocks(letter.text, sender.colour or markup.ACCENT)
        if letter.answers:
            quote = self._outlook_quote if sender.client == "outlook" else self._quote
            return text, shown, *quote(letter.answers, sender)
        if sender.signature:
            mark = "" if sender.client == "outlook" else "-- \n"
            lines = sender.signature.replace("\n", "<br>\n")
            text += f"\n\n{mark}{sender.signature}"
            shown += f'\n<p style="color:#5e5c64;font-size:small">{lines}</p>'
        return text, shown, "", ""

    @staticmethod
    def _outlook_quote(before, sender):
        text, shown = before.said
        lines = _outlook_lines(before, sender)
        head = "\n".join(f"{name}: {value}" for name, value in lines)
        marked = "<br>\n".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in lines)
        return (
            f"________________________________\n{head}\n\n{text}",
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0">'
            f"<p>{marked}</p></div>\n{shown}",
        )

    @staticmethod
    def _quote(before, sender):
        text, shown = before.said
        attribution = _attribution(before, sender)
        return (
            f"{attribution}\n\n{_quoted(text)}",
            f'<div class="quote"><div>{html.escape(attribution)}</div>'
            '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #cccccc;'
            f'padding-left:1ex">{shown}</blockquote></div>',
        )

    # Parts

    def _parts(self, letter, text, shown, charset):
        client = letter.sender.client
        files = [
            mimetext.file_part(*self._document(name)) for name in letter.fields.get("attach", [])
        ]
        if client in HTML_CLIENTS:
            part = self._alternative(letter, text, shown, charset)
        else:
            part = self._plain_part(client, text, charset)
            files += [
                mimetext.file_part("image/png", f"{name}.png", pictures.scene(name), "inline")
                for name in letter.fields.get("picture", [])
            ]
        if not files:
            return part
        return mimetext.multipart("mixed", [part, *files], self._mark(letter, "mixed"))

    def _mark(self, letter, level):
        return mimetext.boundary(letter.message_id, level)

    @staticmethod
    def _document(name):
        content_type, raw = documents.make(name, letters.documents()[name])
        return content_type, name, raw

    @staticmethod
    def _plain_part(client, text, charset):
        if charset == "iso-2022-jp":
            return mimetext.text_part(text, charset=charset, encoding="7bit")
        if client == "thunderbird":
            return mimetext.text_part(_flowed(text), charset=charset, encoding="8bit", flowed=True)
        if client in ("plain", "mutt"):
            return mimetext.text_part(_wrapped(text), charset=charset, encoding="8bit")
        return mimetext.text_part(text, charset=charset)

    def _alternative(self, letter, text, shown, charset):
        packed = letter.sender.client == "webmail" and charset != "utf-8"
        encoding = "base64" if packed else "quoted-printable"
        page = mimetext.text_part(self._page(letter, shown, charset), "html", charset, encoding)
        inline = [
            mimetext.file_part(
                "image/png", f"{name}.png", raw, "inline", self._content_id(letter, name)
            )
            for name, raw in self._inline(letter)
        ]
        if inline:
            page = mimetext.multipart(
                "related", [page, *inline], self._mark(letter, "related"), '; type="text/html"'
            )
        words = mimetext.text_part(text, charset=charset, encoding=encoding)
        return mimetext.multipart("alternative", [words, page], self._mark(letter, "alternative"))

    @staticmethod
    def _inline(letter):
        """The pictures inside the HTML: name and PNG."""
        for name in letter.fields.get("picture", []) + letter.fields.get("hero", []):
            yield name, pictures.scene(name)
        if letter.sender.client == "newsletter":
            yield "logo", _logo(letter.sender)

    def _content_id(self, letter, name):
        return f"{name}.{self.digest(letter.message_id, name)[:8]}@picture"

    def _image(self, letter, name, attributes):
        return f'<img src="cid:{self._content_id(letter, name)}" {attributes}>'

    def _images(self, letter):
        attributes = 'width="480" style="max-width:100%;height:auto" alt="{}"'
        return "\n".join(
            f"<p>{self._image(letter, name, attributes.format(name))}</p>"
            for name in letter.fields.get("picture", [])
        )

    def _page(self, letter, shown, charset):
        sender = letter.sender
        if sender.client in ("card", "newsletter"):
            return self._house_page(letter, shown, charset)
        direction = ' dir="rtl"' if sender.language in RIGHT_TO_LEFT else ""
        meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        if sender.client == "webmail":
            return (
                f"<html><head>{meta}</head><body><div{direction}>\n{shown}\n</div></body></html>\n"
            )
        return (
            f"<html><head>{meta}\n<style><!--\np {{margin:0 0 8pt 0}}\n"
            'body {font-size:11.0pt;font-family:"Calibri",sans-serif}\n--></style></head>\n'
            f'<body lang="{sender.language}" link="#0563C1"{direction}>\n'
            f"<div>\n{shown}\n</div>\n</body></html>\n"
        )

    def _house_page(self, letter, shown, charset):
        sender = letter.sender
        domain = sender.address.partition("@")[2]
        logo, foot = "", html.escape(sender.place)
        if sender.client == "newsletter":
            logo = self._image(
                letter,
                "logo",
                'width="36" height="36" alt="" style="vertical-align:middle;margin-right:12px"',
            )
            foot += (
                f'<br><a href="https://www.{domain}/leave" style="color:#77767b">Unsubscribe</a>'
                f'<img src="https://count.{domain}/open.gif" width="1" height="1" alt="">'
            )
        heroes = "".join(
            "<tr><td>{}</td></tr>\n".format(
                self._image(
                    letter,
                    name,
                    f'width="600" alt="{name}" style="display:block;width:100%;height:auto"',
                )
            )
            for name in letter.fields.get("hero", [])
        )
        return HOUSE_PAGE.substitute(
            language=sender.language,
            charset=charset,
            colour=sender.colour,
            logo=logo,
            name=html.escape(sender.name),
            heroes=heroes,
            shown=shown,
            foot=foot,
        )

    # Header

    def _fields(self, letter, charset):
        sender = letter.sender
        zone = letters.zone_minutes(sender, letter.date)
        subject = mimetext.encoded_words(
            letter.subject, charset if charset != "iso-2022-jp" else "utf-8"
        )
        yield from self._trace(letter)
        yield "From", mimetext.address(sender.name, sender.address)
        yield "To", mimetext.addresses(letter.to)
        yield "Cc", mimetext.addresses(letter.cc) if letter.cc else None
        yield "Subject", subject
        yield "Date", mimetext.date(letter.date, zone)
        yield "Message-ID", letter.message_id
        if letter.references and "loose" not in letter.marks:
            yield "In-Reply-To", letter.references[-1]
            yield "References", "\n ".join(letter.references)
        yield from self._program_fields(letter)

    @staticmethod
    def _trace(letter):
        domain = letter.sender.address.partition("@")[2]
        if "draft" in letter.marks or letter.sender is people.ANNA:
            return
        outside = domain != INTERNAL
        yield "Return-Path", f"<{letter.sender.address}>"
        if outside:
            arrived = mimetext.date(letter.date + 4, 60)
            hop = f"from mx.{domain} ([192.0.2.25]) by mail.{INTERNAL} with ESMTPS"
            yield "Received", f"{hop};\n {arrived}"
        first = f"mx.{domain}" if outside else f"mail.{INTERNAL}"
        taken = mimetext.date(letter.date + 1)
        yield "Received", f"from [198.51.100.7] by {first} with ESMTPSA;\n {taken}"

    @staticmethod
    def _program_fields(letter):
        sender, client = letter.sender, letter.sender.client
        domain = sender.address.partition("@")[2]
        if client == "outlook":
            topic = re.sub(r"^\w+: ", "", letter.subject) if letter.answers else letter.subject
            yield "Thread-Topic", mimetext.encoded_words(topic)
            yield "Thread-Index", base64.b64encode(letter.thread_index).decode()
            yield "Accept-Language", "en-GB, en-US"
            yield "Content-Language", "en-GB"
            yield "X-MS-Has-Attach", "yes" if letter.fields.get("attach") else None
        elif client == "apple":
            yield "X-Mailer", "Apple Mail (2.3826)"
        elif client == "thunderbird":
            yield "User-Agent", "Mozilla Thunderbird"
        elif client == "newsletter":
            leave = f"https://www.{domain}/leave?u=anna"
            yield "List-Id", f"{mimetext.encoded_words(sender.name)} <letter.{domain}>"
            yield "List-Unsubscribe", f"<{leave}>, <mailto:leave@{domain}>"
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
            yield "Precedence", "bulk"
        elif client == "card":
            yield "Auto-Submitted", "auto-generated"
        for someone in letter.to:
            if someone.address.startswith("gardeners@lists."):
                yield "List-Id", f"Garden share <{someone.address.replace('@', '.')}>"
                yield "List-Post", f"<mailto:{someone.address}>"


def _logo(sender):
    colour = tuple(int(sender.colour[place : place + 2], 16) for place in (1, 3, 5))
    return pictures.mark(colour)
