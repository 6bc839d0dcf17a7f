# SPDX-License-Identifier: GPL-3.0-or-later
"""What FETCH and SEARCH give for a message (RFC 3501, 6.4.4, 6.4.5 and 7.4.2)."""

import datetime
import email
import email.policy
import re
import time

SECTION = re.compile(rb"BODY(?:\.PEEK)?\[([^]]*)\](?:<(\d+)(?:\.(\d+))?>)?", re.IGNORECASE)
FIELDS = re.compile(rb"HEADER\.FIELDS \(([^)]*)\)", re.IGNORECASE)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def numbers(text, last):
    """Whether a number is in the set; `last` is what the star stands for."""
    ranges = []
    for piece in bytes(text).split(b","):
        ends = [last if end == b"*" else int(end) for end in piece.split(b":")]
        ranges.append((min(ends), max(ends)))
    return lambda number: any(low <= number <= high for low, high in ranges)


# -- FETCH ------------------------------------------------------------------------------------


def _date(seconds):
    when = time.gmtime(seconds)
    return (f'"{when.tm_mday:2d}-{MONTHS[when.tm_mon - 1]}-{when.tm_year} '
            f'{when.tm_hour:02d}:{when.tm_min:02d}:{when.tm_sec:02d} +0000"').encode()


def moment(text):
    """Seconds of a date-time."""
    return datetime.datetime.strptime(text.decode().strip('" '), "%d-%b-%Y %H:%M:%S %z").timestamp()


def _head(raw):
    head, blank, _ = raw.partition(b"\r\n\r\n")
    return head + blank


def _fields(raw, names):
    wanted = {name.strip(b'"').lower() for name in names.split()}
    kept, keep = b"", False
    for line in _head(raw).splitlines(keepends=True):
        if line[:1] not in (b" ", b"\t"):
            keep = line.partition(b":")[0].strip().lower() in wanted
        if keep:
            kept += line
    return kept + b"\r\n"


def _string(text):
    return b"NIL" if text is None else b'"%s"' % str(text).replace('"', "").encode()


def _parameters(part):
    found = part.get_params(failobj=[], header="Content-Type")[1:]
    if not found:
        return b"NIL"
    return b"(" + b" ".join(_string(name) + b" " + _string(value) for name, value in found) + b")"


def structure(part):
    """BODYSTRUCTURE of a message or a part."""
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        inside = b"".join(structure(child) for child in part.get_payload())
        return b"(%s %s %s NIL NIL NIL)" % (inside, _string(part.get_content_subtype()),
                                            _parameters(part))
    payload = part.get_payload() if not part.is_multipart() else part.as_string()
    disposition = part.get_content_disposition()
    shown = b"(%s NIL)" % _string(disposition) if disposition else b"NIL"
    lines = b" %d" % payload.count("\n") if part.get_content_maintype() == "text" else b""
    return b"(%s %s %s NIL NIL %s %d%s NIL %s NIL NIL)" % (
        _string(part.get_content_maintype()), _string(part.get_content_subtype()),
        _parameters(part), _string(part.get("Content-Transfer-Encoding", "7bit")), len(payload),
        lines, shown)


def _section(message, item, peer):
    """An answer to BODY[...], or None where nothing is handed out."""
    section, begin, count = SECTION.fullmatch(item).groups()
    names = FIELDS.fullmatch(section)
    if names:
        data, label = _fields(message.text, names[1]), b"BODY[HEADER.FIELDS (%s)]" % names[1]
    elif section.upper() == b"HEADER":
        data, label = _head(message.text), b"BODY[HEADER]"
    else:
        if not message.held:
            return None
        data, label = message.text, b"BODY[%s]" % section
    if begin is not None and not peer.whole:
        data = data[int(begin):][:int(count) if count else None]
        label += b"<%s>" % begin
    return b"%s {%d}\r\n%s" % (label, len(data), data)


def answer(message, items, by_uid, peer):
    """All that was asked for of one message; None where the server hands it out no more."""
    found = []
    for item in items:
        word = item.upper()
        if word == b"UID":
            found.append(b"UID %d" % message.uid)
        elif word == b"FLAGS":
            found.append(b"FLAGS (%s)" % b" ".join(sorted(message.flags)))
        elif word == b"INTERNALDATE":
            found.append(b"INTERNALDATE " + _date(message.received))
        elif word == b"RFC822.SIZE":
            found.append(b"RFC822.SIZE %d" % message.size)
        elif word in (b"BODYSTRUCTURE", b"BODY"):
            parsed = email.message_from_bytes(message.text, policy=email.policy.compat32)
            found.append(b"%s %s" % (word, message.structure or structure(parsed)))
        elif SECTION.fullmatch(item):
            part = _section(message, item, peer)
            if part is None:
                return None
            found.append(part)
    if by_uid and not any(item.upper() == b"UID" for item in items):
        found.append(b"UID %d" % message.uid)
    return b" ".join(found)


# -- SEARCH -----------------------------------------------------------------------------------


def _day(text):
    day, month, year = text.decode().split("-")
    return int(year), MONTHS.index(month.title()) + 1, int(day)


def _received(message):
    return tuple(time.gmtime(message.received)[:3])


def _header(message, name, value):
    for line in re.sub(rb"\r\n[ \t]+", b" ", _head(message.raw)).splitlines():
        key, _, text = line.partition(b":")
        if key.strip().lower() == name.lower() and value.lower() in text.lower():
            return True
    return False


def _key(keys, count, last):
    """The first key of `keys`, taken away, as a test of (number, message)."""
    key = keys.pop(0)
    if isinstance(key, list):
        return search(key, count, last)
    word = key.upper()
    flags = {b"SEEN": b"\\Seen", b"DELETED": b"\\Deleted", b"FLAGGED": b"\\Flagged",
             b"ANSWERED": b"\\Answered", b"DRAFT": b"\\Draft"}
    if word == b"ALL":
        return lambda at, message: True
    if word in flags:
        return lambda at, message: flags[word] in message.flags
    if word.startswith(b"UN") and word[2:] in flags:
        return lambda at, message: flags[word[2:]] not in message.flags
    if word in (b"KEYWORD", b"UNKEYWORD"):
        keyword = keys.pop(0)
        return lambda at, message: (keyword in message.flags) == (word == b"KEYWORD")
    if word == b"NOT":
        inner = _key(keys, count, last)
        return lambda at, message: not inner(at, message)
    if word == b"UID":
        wanted = numbers(keys.pop(0), last)
        return lambda at, message: wanted(message.uid)
    if word == b"HEADER":
        name, value = keys.pop(0), keys.pop(0)
        return lambda at, message: _header(message, name, value)
    if word in (b"SINCE", b"BEFORE", b"ON"):
        day = _day(keys.pop(0))
        return {
            b"SINCE": lambda at, message: _received(message) >= day,
            b"BEFORE": lambda at, message: _received(message) < day,
            b"ON": lambda at, message: _received(message) == day,
        }[word]
    if word in (b"FROM", b"TO", b"CC", b"BCC", b"SUBJECT"):
        value = keys.pop(0)
        return lambda at, message: _header(message, word, value)
    if word in (b"TEXT", b"BODY"):
        value = keys.pop(0).lower()
        return lambda at, message: value in (
            message.raw if word == b"TEXT" else message.raw.partition(b"\r\n\r\n")[2]).lower()
    if word in (b"LARGER", b"SMALLER"):
        size = int(keys.pop(0))
        return lambda at, message: (message.size > size) == (word == b"LARGER")
    if word == b"OR":
        one, other = _key(keys, count, last), _key(keys, count, last)
        return lambda at, message: one(at, message) or other(at, message)
    wanted = numbers(key, count)
    return lambda at, message: wanted(at)


def search(keys, count, last):
    """A test of (number, message) for all keys; `count` and `last` are what the stars stand for."""
    tests = []
    while keys:
        tests.append(_key(keys, count, last))
    return lambda at, message: all(test(at, message) for test in tests)
