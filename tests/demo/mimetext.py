# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages from their parts, as bytes.

Python's email package wraps and names things differently from version to version; the demo mailbox
has to be the same to the byte. A part is bytes: header, empty line, body. Lines end in LF.
"""

import base64
import binascii
import email.utils
import hashlib


def encoded_words(text, charset="utf-8", how="B"):
    """RFC 2047 words of at most 75 characters; ASCII stays as it is."""
    if text.isascii():
        return text
    words, current = [], ""
    for character in text:
        if len((current + character).encode(charset, "replace")) > (42 if how == "B" else 18):
            words.append(current)
            current = ""
        current += character
    return "\n ".join(_encoded_word(word, charset, how) for word in [*words, current])


def _encoded_word(word, charset, how):
    raw = word.encode(charset, "replace")
    if how == "B":
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="
    quoted = "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else "_" if byte == 32 else f"={byte:02X}"
        for byte in raw
    )
    return f"=?{charset}?Q?{quoted}?="


def address(name, mailbox):
    if not name:
        return mailbox
    if name.isascii():
        plain = all(character.isalnum() or character in " '-" for character in name)
        return (
            f"{name} <{mailbox}>"
            if plain
            else '"{}" <{}>'.format(name.replace('"', '\\"'), mailbox)
        )
    return f"{encoded_words(name)} <{mailbox}>"


def addresses(people):
    return ",\n ".join(address(person.name, person.address) for person in people)


def date(seconds, zone=0):
    """An RFC 5322 date in a zone of so many minutes east."""
    sign, minutes = ("-", -zone) if zone < 0 else ("+", zone)
    text = email.utils.formatdate(seconds + zone * 60)
    return text.replace("-0000", f"{sign}{minutes // 60:02d}{minutes % 60:02d}")


def header(fields):
    return "".join(f"{name}: {value}\n" for name, value in fields if value is not None).encode()


def boundary(*seeds):
    return "=_" + hashlib.sha256(repr(seeds).encode()).hexdigest()[:24]


def quoted_printable(text, charset="utf-8"):
    raw = binascii.b2a_qp(text.encode(charset, "replace"), istext=True)
    return raw.replace(b"\r\n", b"\n")


def wrapped_base64(raw):
    encoded = base64.b64encode(raw)
    return b"\n".join(encoded[start : start + 76] for start in range(0, len(encoded), 76)) + b"\n"


def text_part(text, subtype="plain", charset="utf-8", encoding="quoted-printable", flowed=False):
    parameters = "; format=flowed" if flowed else ""
    head = header(
        [
            ("Content-Type", f"text/{subtype}; charset={charset}{parameters}"),
            ("Content-Transfer-Encoding", encoding),
        ]
    )
    if encoding == "quoted-printable":
        body = quoted_printable(text, charset)
    elif encoding == "base64":
        body = wrapped_base64(text.encode(charset, "replace"))
    else:
        body = text.encode(charset, "replace")
    return head + b"\n" + body + (b"" if body.endswith(b"\n") else b"\n")


def _parameter(name, value):
    """RFC 2231 where the value needs it, folded where it is long."""
    if value.isascii():
        return f'; {name}="{value}"'
    encoded = "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 or byte in b"-._" else f"%{byte:02X}"
        for byte in value.encode()
    )
    return f";\n {name}*=utf-8''{encoded}"


def file_part(content_type, name, raw, disposition="attachment", content_id=None):
    fields = [
        ("Content-Type", f"{content_type}{_parameter('name', name)}"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"{disposition}{_parameter('filename', name)}"),
        ("Content-ID", f"<{content_id}>" if content_id else None),
    ]
    return header(fields) + b"\n" + wrapped_base64(raw)


def multipart(subtype, parts, mark, parameters="", preamble=b""):
    """Several parts as one; MARK is the boundary."""
    head = f'Content-Type: multipart/{subtype}{parameters};\n boundary="{mark}"\n\n'.encode()
    line = f"--{mark}\n".encode()
    return (
        head + preamble + b"".join(line + part + b"\n" for part in parts) + f"--{mark}--\n".encode()
    )


def message(fields, part):
    """A whole message: the header fields, then the part's own header and body."""
    return header([*fields, ("MIME-Version", "1.0")]) + part
