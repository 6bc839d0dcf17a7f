# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP command taken apart (RFC 3501, 9): words, quoted strings, literals and lists."""

import re

LITERAL_END = re.compile(rb"\{(\d+)(\+?)\}\Z")
TWO_WORDS = {b"UID"}


class Atom(bytes):
    """A word as it stands, with what is in its brackets."""


class Quoted(bytes):
    """A quoted string, without quotes and backslashes."""


class Literal(bytes):
    """A literal; `waited` tells whether the client waited for the "+"."""

    waited = True


class GrammarError(Exception):
    """The command cannot be read."""


def _quoted(text, at):
    value = bytearray()
    while at < len(text):
        byte = text[at:at + 1]
        if byte == b'"':
            return Quoted(value), at + 1
        if byte == b"\\":
            at += 1
            byte = text[at:at + 1]
        value += byte
        at += 1
    raise GrammarError("a quoted string without its end")


def _atom(text, at):
    begin, depth = at, 0
    while at < len(text):
        byte = text[at:at + 1]
        depth += (byte == b"[") - (byte == b"]")
        if depth == 0 and byte in b' ()"':
            break
        at += 1
    return Atom(text[begin:at]), at


def _values(parts):
    """Everything in the line's parts; of a text that ends in {n} the next part is the literal."""
    stack = [[]]
    for part in parts:
        if isinstance(part, Literal):
            stack[-1].append(part)
            continue
        text, at = LITERAL_END.sub(b"", part), 0
        while at < len(text):
            byte = text[at:at + 1]
            if byte == b" ":
                at += 1
            elif byte == b"(":
                stack.append([])
                at += 1
            elif byte == b")":
                if len(stack) == 1:
                    raise GrammarError("a list that never began")
                done = stack.pop()
                stack[-1].append(done)
                at += 1
            elif byte == b'"':
                value, at = _quoted(text, at + 1)
                stack[-1].append(value)
            else:
                value, at = _atom(text, at)
                stack[-1].append(value)
    if len(stack) > 1:
        raise GrammarError("a list without its end")
    return stack[0]


class Command:
    """One command: `verb` in capitals ("UID FETCH"), `args` as values and lists of values."""

    def __init__(self, parts):
        self.parts = parts
        self.line = b"".join(part for part in parts if not isinstance(part, Literal))
        self.literals = [part for part in parts if isinstance(part, Literal)]
        self.tag = parts[0].split(b" ", 1)[0]
        values = _values(parts)
        words = [value.upper() for value in values[1:3] if isinstance(value, Atom)]
        if not words:
            raise GrammarError("no command")
        count = 2 if words[0] in TWO_WORDS and len(words) == 2 else 1
        self.verb = b" ".join(words[:count]).decode("ascii", "replace")
        self.args = values[1 + count:]

    def __str__(self):
        return b" ".join(self.parts).decode("utf-8", "backslashreplace")


def parse(text, *literals, waited=True):
    """A command as a test writes it: the text, and what its literals hold, in order."""
    parts, rest = [], list(literals)
    for piece in re.split(rb"(?<=\})\r\n", text):
        parts.append(piece)
        if LITERAL_END.search(piece) and rest:
            literal = Literal(rest.pop(0))
            literal.waited = waited and not LITERAL_END.search(piece)[2]
            parts.append(literal)
    return Command(parts)
