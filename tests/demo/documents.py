# SPDX-License-Identifier: GPL-3.0-or-later
"""Small real files for attachments: PDF, spreadsheet, CSV, invitation, winmail.dat, zip."""

import io
import struct
import time
import zipfile
import zlib
from xml.sax.saxutils import escape

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain; charset=utf-8",
    "png": "image/png",
}
EPOCH = (1980, 1, 1, 0, 0, 0)


def make(name, lines):
    """The file NAME with these lines of text, or "|" rows, as (content type, bytes)."""
    ending = name.rpartition(".")[2]
    if ending == "pdf":
        raw = pdf(lines)
    elif ending == "xlsx":
        raw = spreadsheet(rows(lines))
    elif ending == "csv":
        raw = "\r\n".join(",".join(row) for row in rows(lines)).encode() + b"\r\n"
    else:
        raw = "\n".join(lines).encode() + b"\n"
    return TYPES[ending], raw


def rows(lines):
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def pdf(lines):
    """One page: the first line large, the others below it."""

    def text(line):
        return (
            line.replace("\\", "\\\\")
            .replace("(", "\\(")
            .replace(")", "\\)")
            .encode("cp1252", "replace")
        )

    page = [
        b"BT /F1 22 Tf 64 760 Td (",
        text(lines[0]),
        b") Tj ET\n",
        b"0.11 0.44 0.85 RG 2 w 64 746 m 531 746 l S\n",
        b"BT /F2 11 Tf 64 716 Td 17 TL\n",
    ]
    for line in lines[1:]:
        page += [b"(", text(line), b") Tj T*\n"]
    stream = zlib.compress(b"".join([*page, b"ET\n"]), 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R"
        b" /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def archive(files):
    """A zip file of name: bytes, the same every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, raw in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, raw)
    return buffer.getvalue()


def _cell(value):
    try:
        return f"<c><v>{float(value):g}</v></c>"
    except ValueError:
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def spreadsheet(table):
    """A workbook of one sheet."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    vendor = "application/vnd.openxmlformats"
    kind = f"{vendor}-officedocument.spreadsheetml"
    data = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in table)
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        f'<Default Extension="rels" ContentType="{vendor}-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        f' ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet"'
        ' Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml":
        f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>',
    }
    return archive({name: (declaration + text).encode() for name, text in files.items()})


def _ics_line(text):
    """Folded at 75 octets, between characters (RFC 5545, 3.1)."""
    out, line = [], ""
    for character in text:
        if len((line + character).encode()) > 74:
            out.append(line)
            line = " "
        line += character
    return "\r\n".join([*out, line]) + "\r\n"


def _ics_text(text):
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def invitation(
    uid, starts, minutes, title, place, words, organiser, guests, stamp, method="REQUEST", rule=None
):
    """A meeting as iCalendar; times in seconds, people with name and address."""

    def utc(seconds):
        return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))

    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Northwind Instruments//Demo//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{utc(stamp)}",
        f"DTSTART:{utc(starts)}",
        f"DTEND:{utc(starts + minutes * 60)}",
        f"SUMMARY:{_ics_text(title)}",
        f"LOCATION:{_ics_text(place)}",
        f"DESCRIPTION:{_ics_text(words)}",
        f'ORGANIZER;CN="{organiser.name}":mailto:{organiser.address}',
        *(
            f'ATTENDEE;CN="{guest.name}";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:'
            f"mailto:{guest.address}"
            for guest in guests
        ),
        *([f"RRULE:{rule}"] if rule else []),
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Reminder",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(map(_ics_line, lines))


# TNEF ([MS-OXTNEF]): Outlook's winmail.dat.

TNEF_SIGNATURE, TNEF_VERSION = 0x223E9F78, 0x00010000
LEVEL_MESSAGE, LEVEL_ATTACHMENT = 1, 2
ATT_TNEF_VERSION, ATT_OEM_CODEPAGE, ATT_MESSAGE_CLASS = 0x00089006, 0x00069007, 0x00078008
ATT_SUBJECT, ATT_BODY = 0x00018004, 0x0002800C
ATT_ATTACH_REND_DATA, ATT_ATTACH_TITLE, ATT_ATTACH_DATA, ATT_ATTACHMENT = (
    0x00069002,
    0x00018010,
    0x0006800F,
    0x00069005,
)
PT_UNICODE, PT_STRING8 = 0x001F, 0x001E
PR_ATTACH_LONG_FILENAME, PR_ATTACH_MIME_TAG = 0x3707, 0x370E


def _tnef_attribute(level, identifier, data):
    return (
        struct.pack("<BII", level, identifier, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
    )


def _tnef_property(identifier, kind, raw):
    padding = b"\0" * (-len(raw) % 4)
    return struct.pack("<HHII", kind, identifier, 1, len(raw)) + raw + padding


def winmail(subject, body, files):
    """A winmail.dat with a plain body and the FILES: (name, content type, bytes)."""

    def ansi(text):
        return text.encode("cp1252", "replace") + b"\0"

    parts = [
        struct.pack("<IH", TNEF_SIGNATURE, 1),
        _tnef_attribute(LEVEL_MESSAGE, ATT_TNEF_VERSION, struct.pack("<I", TNEF_VERSION)),
        _tnef_attribute(LEVEL_MESSAGE, ATT_OEM_CODEPAGE, struct.pack("<II", 1252, 0)),
        _tnef_attribute(LEVEL_MESSAGE, ATT_MESSAGE_CLASS, ansi("IPM.Microsoft Mail.Note")),
        _tnef_attribute(LEVEL_MESSAGE, ATT_SUBJECT, ansi(subject)),
        _tnef_attribute(LEVEL_MESSAGE, ATT_BODY, ansi(body.replace("\n", "\r\n"))),
    ]
    for name, content_type, raw in files:
        rendering = struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0)
        properties = struct.pack("<I", 2)
        properties += _tnef_property(
            PR_ATTACH_LONG_FILENAME, PT_UNICODE, f"{name}\0".encode("utf-16-le")
        )
        properties += _tnef_property(PR_ATTACH_MIME_TAG, PT_STRING8, f"{content_type}\0".encode())
        parts += [
            _tnef_attribute(LEVEL_ATTACHMENT, ATT_ATTACH_REND_DATA, rendering),
            _tnef_attribute(LEVEL_ATTACHMENT, ATT_ATTACH_TITLE, ansi(name)),
            _tnef_attribute(LEVEL_ATTACHMENT, ATT_ATTACH_DATA, raw),
            _tnef_attribute(LEVEL_ATTACHMENT, ATT_ATTACHMENT, properties),
        ]
    return b"".join(parts)
