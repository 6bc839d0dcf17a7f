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

import datetime
import hashlib
import html
import re
import struct
import textwrap

import documents
import letters
import mimetext
import people
import pictures

# What older programs still write. Text that does not fit is UTF-8.
CHARSETS = {"ja": "iso-2022-jp", "zh": "gb18030", "ko": "euc-kr", "ru": "koi8-r", "el": "iso-8859-7",
            "pl": "iso-8859-2", "es": "iso-8859-1", "th": "tis-620", "he": "windows-1255"}
RIGHT_TO_LEFT = ("ar", "he")
HTML_CLIENTS = ("outlook", "webmail", "card", "newsletter")
INTERNAL = people.NORTHWIND


# Text with marks to plain text and to HTML.

MARKS = re.compile(r"[*`\[]")


def _plain_inline(text):
    if not MARKS.search(text):
        return text
    text = re.sub(r"\[([^]]+)\]\((\S+)\)", r"\1 <\2>", text)
    return re.sub(r"\*\*(.+?)\*\*|`(.+?)`", lambda match: match[1] or match[2], text)


def _plain_table(rows):
    table = [[_plain_inline(cell) for cell in row] for row in documents.rows(rows)]
    widths = [max(map(len, column)) for column in zip(*table)]
    return "\n".join("   ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in table)


KINDS = {"#": "heading", "##": "subheading", "-": "list", "|": "table", "=>": "button", "!remote": "remote"}


def blocks(text):
    """Paragraphs, each as (kind, lines): text, heading, subheading, list, table, button, remote."""
    for paragraph in re.split(r"\n{2,}", text):
        current, lines = None, []
        for line in paragraph.split("\n"):
            kind = KINDS.get(line.partition(" ")[0], "text")
            if kind != current and lines:
                yield current, lines
                lines = []
            current = kind
            lines.append(line)
        yield current, lines


def plain(text):
    out = []
    for kind, lines in blocks(text):
        if kind == "table":
            out.append(_plain_table(lines))
        elif kind in ("heading", "subheading"):
            out.append(_plain_inline(lines[0].lstrip("# ")))
        elif kind == "button":
            out.append("\n".join(_plain_inline(line.removeprefix("=> ")) for line in lines))
        elif kind != "remote":
            out.append("\n".join(map(_plain_inline, lines)))
    return "\n\n".join(out)


def _html_inline(text):
    text = html.escape(text, quote=False)
    if not MARKS.search(text):
        return text
    text = re.sub(r"\[([^]]+)\]\((\S+)\)", r'<a href="\2">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"<i>\1</i>", text)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", text)


def _html_table(rows, colour):
    table = documents.rows(rows)
    out = ['<table cellspacing="0" cellpadding="0" border="0" style="border-collapse:collapse">']
    for number, row in enumerate(table):
        headed = number == 0 and len(row) > 2
        style = f"padding:5px 18px 5px 0;border-bottom:1px solid {colour if headed else '#dddddd'}"
        tag = "th" if headed else "td"
        cells = "".join(f'<{tag} align="{_alignment(table, column)}" style="{style}">{_html_inline(cell)}</{tag}>'
                        for column, cell in enumerate(row))
        out.append(f"<tr>{cells}</tr>")
    return "".join([*out, "</table>"])


def _alignment(table, column):
    cells = [row[column].strip("*") for row in table[1:] if column < len(row)]
    numbers = cells and all(re.fullmatch(r"[\d.,]+( ?[%km]+)?", cell) for cell in cells)
    return "right" if numbers else "left"


def html_blocks(text, colour="#1c71d8", paragraph="<p>{}</p>"):
    out = []
    for kind, lines in blocks(text):
        if kind == "table":
            out.append(_html_table(lines, colour))
        elif kind == "heading":
            out.append(f'<h1 style="font-size:22px;line-height:1.25;margin:0 0 14px">'
                       f"{_html_inline(lines[0][2:])}</h1>")
        elif kind == "subheading":
            out.append(f'<h2 style="font-size:16px;margin:26px 0 10px;color:{colour}">'
                       f"{_html_inline(lines[0][3:])}</h2>")
        elif kind == "list":
            items = "".join(f"<li>{_html_inline(line[2:])}</li>" for line in lines)
            out.append(f'<ul style="padding-left:22px">{items}</ul>')
        elif kind == "button":
            out += [_button(line, colour) for line in lines]
        elif kind == "remote":
            out += [_remote(line) for line in lines]
        else:
            out.append(paragraph.format("<br>\n".join(map(_html_inline, lines))))
    return "\n".join(out)


def _button(line, colour):
    words, address = re.search(r"\[([^]]+)\]\((\S+)\)", line).groups()
    return (f'<p style="margin:20px 0"><a href="{html.escape(address)}" style="background:{colour};'
            f"color:#ffffff;text-decoration:none;padding:10px 20px;border-radius:6px;display:inline-block"
            f'">{html.escape(words)}</a></p>')


def _remote(line):
    _, address, *words = line.split(" ", 2)
    words = html.escape(" ".join(words))
    size = 'width="536" height="220"' if words else 'width="1" height="1"'
    return f'<img src="{html.escape(address)}" {size} alt="{words}" style="max-width:100%">'


# What programs say about the letter they quote.

def _stamp(letter, reader):
    zone = datetime.timezone(datetime.timedelta(minutes=letters.zone_minutes(reader, letter.date)))
    return datetime.datetime.fromtimestamp(letter.date, zone)


def _attribution(letter, reader):
    pattern = people.ATTRIBUTIONS[reader.language]
    return pattern.format(date=f"{_stamp(letter, reader):%d.%m.%Y, %H:%M}", name=letter.sender.name)


def _outlook_lines(letter, reader):
    words = people.OUTLOOK_WORDS.get(reader.language, people.OUTLOOK_DEFAULT)
    values = (f"{letter.sender.name} <{letter.sender.address}>",
              f"{_stamp(letter, reader):%d.%m.%Y %H:%M}",
              "; ".join(someone.name for someone in letter.to), letter.subject)
    return list(zip(words, values))


def _quoted(text):
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip()
                     for line in text.split("\n"))


def _wrapped(text):
    """Hard lines of 72, as people who count them write; tables and quotes stay."""
    out = []
    for line in text.split("\n"):
        keep = len(line) <= 72 or line.startswith(">") or "   " in line
        out += [line] if keep else textwrap.wrap(line, 72, break_long_words=False)
    return "\n".join(out)


def _flowed(text):
    """RFC 3676: soft line ends have a blank before them."""
    out = []
    for line in text.split("\n"):
        if len(line) > 76 and not line.startswith(">") and "   " not in line:
            line = " \n".join(textwrap.wrap(line, 72, break_long_words=False))
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
        local = {"outlook": f"{digest[:32].upper()}", "webmail": f"CA{digest[:26]}",
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
        text, markup = self._bodies(letter)
        letter.said = (text, markup)
        charset = self._charset(letter, text)
        parts = self._parts(letter, text, markup, charset)
        return mimetext.message(self._fields(letter, charset), parts)

    def _charset(self, letter, text):
        charset = CHARSETS.get(letter.sender.language, "utf-8")
        try:
            (text + letter.subject + letter.sender.name).encode(charset)
        except UnicodeEncodeError:
            return "utf-8"
        return charset

    def _bodies(self, letter):
        sender, before = letter.sender, letter.answers
        text = plain(letter.text)
        markup = html_blocks(letter.text, sender.colour or "#1c71d8")
        if sender.signature and sender.client != "mutt" and not before:
            text += f"\n\n-- \n{sender.signature}" if sender.client != "outlook" else f"\n\n{sender.signature}"
            lines = sender.signature.replace("\n", "<br>\n")
            markup += f'\n<p style="color:#5e5c64;font-size:small">{lines}</p>'
        if not before:
            return text, markup
        old_text, old_markup = before.said
        if sender.client == "outlook":
            lines = _outlook_lines(before, sender)
            head = "\n".join(f"{name}: {value}" for name, value in lines)
            text += f"\n\n________________________________\n{head}\n\n{old_text}"
            head = "<br>\n".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in lines)
            markup += ('\n<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0">'
                       f"<p>{head}</p></div>\n{old_markup}")
            return text, markup
        attribution = _attribution(before, sender)
        quoted = f"{attribution}\n\n{_quoted(old_text)}"
        text = f"{quoted}\n\n{text}" if sender.client == "mutt" else f"{text}\n\n{quoted}"
        markup += (f'\n<div class="quote"><div>{html.escape(attribution)}</div>'
                   '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #cccccc;'
                   f'padding-left:1ex">{old_markup}</blockquote></div>')
        return text, markup

    # Parts

    def _parts(self, letter, text, markup, charset):
        client = letter.sender.client
        scenes = letter.fields.get("picture", []) + letter.fields.get("hero", [])
        if client in HTML_CLIENTS:
            part = self._alternative(letter, text, markup, charset, scenes)
        else:
            part = self._plain_part(client, text, charset)
        files = [mimetext.file_part(*self._document(name)) for name in letter.fields.get("attach", [])]
        if client not in HTML_CLIENTS:
            files += [mimetext.file_part("image/png", f"{name}.png", pictures.scene(name), "inline")
                      for name in scenes]
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

    def _alternative(self, letter, text, markup, charset, scenes):
        ids = {name: f"{name}.{self.digest(letter.message_id, name)[:8]}@picture" for name in scenes}
        encoding = "base64" if letter.sender.client == "webmail" and charset != "utf-8" else "quoted-printable"
        page = self._page(letter, markup, charset, ids)
        shown = mimetext.text_part(page, "html", charset, encoding)
        inline = [mimetext.file_part("image/png", f"{name}.png", pictures.scene(name), "inline", content_id)
                  for name, content_id in ids.items()]
        if letter.sender.client == "newsletter":
            inline.append(mimetext.file_part("image/png", "logo.png", _logo(letter.sender), "inline",
                                             self._logo_id(letter)))
        if inline:
            shown = mimetext.multipart("related", [shown, *inline], self._mark(letter, "related"),
                                       '; type="text/html"')
        words = mimetext.text_part(text, charset=charset, encoding=encoding)
        return mimetext.multipart("alternative", [words, shown], self._mark(letter, "alternative"))

    def _logo_id(self, letter):
        return f"logo.{self.digest(letter.sender.address)[:8]}@picture"

    def _page(self, letter, markup, charset, ids):
        sender = letter.sender
        direction = ' dir="rtl"' if sender.language in RIGHT_TO_LEFT else ""
        images = "".join(f'<p><img src="cid:{content_id}" width="480" alt="{name}"></p>\n'
                         for name, content_id in ids.items())
        meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        if sender.client == "outlook":
            return (f"<html><head>{meta}\n<style><!--\np {{margin:0 0 8pt 0}}\nbody {{font-size:11.0pt;"
                    f'font-family:"Calibri",sans-serif}}\n--></style></head>\n<body lang="{sender.language}"'
                    f' link="#0563C1"{direction}>\n<div>\n{markup}\n{images}</div>\n</body></html>\n')
        if sender.client == "webmail":
            return f'<html><head>{meta}</head><body><div{direction}>\n{markup}\n{images}</div></body></html>\n'
        return self._house_page(letter, markup, meta, ids)

    def _house_page(self, letter, markup, meta, ids):
        sender = letter.sender
        name = html.escape(sender.name)
        logo = (f'<img src="cid:{self._logo_id(letter)}" width="36" height="36" alt="" '
                'style="vertical-align:middle;margin-right:12px">' if sender.client == "newsletter" else "")
        heroes = "".join(f'<tr><td><img src="cid:{content_id}" width="600" alt="{scene}" '
                         'style="display:block;width:100%;height:auto"></td></tr>\n'
                         for scene, content_id in ids.items())
        domain = sender.address.partition("@")[2]
        foot = f"{html.escape(sender.place)}"
        if sender.client == "newsletter":
            foot += (f'<br><a href="https://www.{domain}/leave" style="color:#77767b">Unsubscribe</a>'
                     f'<img src="https://count.{domain}/open.gif" width="1" height="1" alt="">')
        return (
            f'<!DOCTYPE html>\n<html lang="{sender.language}"><head>{meta}'
            '<meta name="viewport" content="width=device-width"></head>\n'
            '<body style="margin:0;padding:0;background:#f6f5f4">\n'
            '<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0"><tr>'
            '<td align="center" style="padding:24px 12px">\n'
            '<table role="presentation" width="600" cellspacing="0" cellpadding="0" border="0" '
            'style="max-width:600px;width:100%;background:#ffffff;color:#241f31;border-radius:10px;'
            'overflow:hidden;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.55">\n'
            f'<tr><td style="background:{sender.colour};color:#ffffff;padding:16px 32px;font-size:18px;'
            f'font-weight:bold">{logo}{name}</td></tr>\n{heroes}'
            f'<tr><td style="padding:28px 32px">\n{markup}\n</td></tr>\n'
            '<tr><td style="padding:16px 32px;background:#fafafa;color:#77767b;font-size:12px">'
            f"{foot}</td></tr>\n</table></td></tr></table>\n</body></html>\n")

    # Header

    def _fields(self, letter, charset):
        sender = letter.sender
        zone = letters.zone_minutes(sender, letter.date)
        subject = mimetext.encoded_words(letter.subject, charset if charset != "iso-2022-jp" else "utf-8")
        yield from self._trace(letter)
        yield "From", mimetext.address(sender.name, sender.address)
        yield "To", mimetext.addresses(letter.to)
        yield "Cc", mimetext.addresses(letter.cc) if letter.cc else None
        yield "Subject", subject
        yield "Date", mimetext.date(letter.date, zone)
        yield "Message-ID", letter.message_id
        if letter.references:
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
            yield "Received", (f"from mx.{domain} ([192.0.2.25]) by mail.{INTERNAL} with ESMTPS;\n "
                               f"{mimetext.date(letter.date + 4, 60)}")
        yield "Received", (f"from [198.51.100.7] by {'mx.' + domain if outside else 'mail.' + INTERNAL} "
                           f"with ESMTPSA;\n {mimetext.date(letter.date + 1)}")

    @staticmethod
    def _program_fields(letter):
        sender, client = letter.sender, letter.sender.client
        domain = sender.address.partition("@")[2]
        if client == "outlook":
            topic = re.sub(r"^\w+: ", "", letter.subject) if letter.answers else letter.subject
            yield "Thread-Topic", mimetext.encoded_words(topic)
            yield "Thread-Index", mimetext.wrapped_base64(letter.thread_index).decode().rstrip().replace("\n", "")
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
    colour = tuple(int(sender.colour[place:place + 2], 16) for place in (1, 3, 5))
    return pictures.mark(colour)
