# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard: a client uses what the server advertised in the state it is in, and nothing else.

`violations(command, state)` names everything in a command that Exchange did not offer or does not
bear. Nothing here decides what is answered.
"""

import dataclasses
import re

from grammar import Atom, Literal, Quoted

BASE = set("""CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN SELECT EXAMINE CREATE DELETE RENAME
SUBSCRIBE UNSUBSCRIBE LIST LSUB STATUS APPEND CHECK CLOSE EXPUNGE SEARCH FETCH STORE COPY""".split())
BASE |= {"UID FETCH", "UID SEARCH", "UID STORE", "UID COPY"}
NEEDS = {
    "IDLE": "IDLE", "NAMESPACE": "NAMESPACE", "ID": "ID", "UNSELECT": "UNSELECT", "MOVE": "MOVE",
    "UID MOVE": "MOVE", "UID EXPUNGE": "UIDPLUS", "ENABLE": "ENABLE", "SORT": "SORT",
    "UID SORT": "SORT", "THREAD": "THREAD", "UID THREAD": "THREAD", "COMPRESS": "COMPRESS=DEFLATE",
    "GETQUOTA": "QUOTA", "GETQUOTAROOT": "QUOTA", "NOTIFY": "NOTIFY", "GETMETADATA": "METADATA",
    "UNAUTHENTICATE": "UNAUTHENTICATE", "REPLACE": "REPLACE", "UID REPLACE": "REPLACE",
}
IN_CLEAR = {"CAPABILITY", "STARTTLS", "LOGOUT", "NOOP", "ID"}
FETCH_ITEMS = re.compile(
    rb"UID|FLAGS|INTERNALDATE|ENVELOPE|BODY|BODYSTRUCTURE|RFC822(\.(HEADER|SIZE|TEXT))?"
    rb"|BODY(\.PEEK)?\[[^]]*\](<\d+(\.\d+)?>)?", re.IGNORECASE)
STATUS_ITEMS = {b"MESSAGES", b"RECENT", b"UIDNEXT", b"UIDVALIDITY", b"UNSEEN"}
FEW_FLAGS = {b"\\seen", b"\\answered", b"\\flagged", b"\\deleted", b"\\draft"}
SEARCH_EXTENSIONS = {
    b"MODSEQ": "CONDSTORE", b"OLDER": "WITHIN", b"YOUNGER": "WITHIN", b"FUZZY": "SEARCH=FUZZY",
    b"EMAILID": "OBJECTID", b"THREADID": "OBJECTID", b"SAVEDBEFORE": "SAVEDATE", b"$": "SEARCHRES",
}


@dataclasses.dataclass
class State:
    """What the guard has to know of a connection."""

    advertised: frozenset
    tls: bool = True
    signed_in: bool = True
    idling: bool = False
    selected: bytes | None = None
    permanent: frozenset = frozenset(FEW_FLAGS | {b"$mdnsent"})
    most: int = 10240


def _words(values):
    """All atoms, in lists too."""
    for value in values:
        if isinstance(value, list):
            yield from _words(value)
        elif isinstance(value, Atom):
            yield value.upper()


def _common(command, state):
    if len(command.line) > state.most:
        yield f"a line of {len(command.line)} bytes"
    if any(byte > 126 for byte in command.line):
        yield "octets that are no ASCII, outside a literal"
    for literal in command.literals:
        if not literal.waited and not state.advertised & {"LITERAL+", "LITERAL-"}:
            yield "a literal that did not wait, without LITERAL+"
    if state.idling:
        yield "a command while idling"


def _verb(command, state):
    verb = command.verb
    if verb not in BASE and verb not in NEEDS:
        yield "a command nobody offered"
    elif verb in NEEDS and NEEDS[verb] not in state.advertised:
        yield f"{verb} without {NEEDS[verb]}"
    if not state.tls and verb in ("LOGIN", "AUTHENTICATE"):
        yield "a password before TLS"
    elif not state.tls and verb not in IN_CLEAR:
        yield f"{verb} before TLS"
    if verb == "STARTTLS" and "STARTTLS" not in state.advertised:
        yield "STARTTLS that is not offered"
    if verb == "LOGIN" and "LOGINDISABLED" in state.advertised:
        yield "LOGIN in spite of LOGINDISABLED"


def _authenticate(command, state):
    mechanism = command.args[0].upper().decode("ascii", "replace")
    if f"AUTH={mechanism}" not in state.advertised:
        yield f"AUTHENTICATE {mechanism}, which is not offered"
    if len(command.args) > 1 and "SASL-IR" not in state.advertised:
        yield "an initial response without SASL-IR"


def _flags(values, state):
    for word in _words(values):
        if word.lower() not in state.permanent:
            yield f"{word.decode()} is not among PERMANENTFLAGS"


def _select(command, state):
    if len(command.args) > 1:
        yield "parameters of SELECT (CONDSTORE, QRESYNC)"


def _list(command, state):
    if len(command.args) != 2 or any(isinstance(value, list) for value in command.args):
        yield "LIST with selection options, several patterns or RETURN"


def _status(command, state):
    name, items = command.args[0], command.args[1] if len(command.args) > 1 else []
    if state.selected is not None and name.lower() == state.selected.lower():
        yield "STATUS of the selected folder"
    if unknown := set(_words(items)) - STATUS_ITEMS:
        yield f"STATUS of {b' '.join(sorted(unknown)).decode()}"
    if not items:
        yield "an empty STATUS list"


def _fetch(command, state):
    items = command.args[1] if len(command.args) > 1 else []
    if not items:
        yield "an empty FETCH list"
    if len(command.args) > 2:
        yield "modifiers of FETCH (CHANGEDSINCE, VANISHED)"
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, list) or not FETCH_ITEMS.fullmatch(item):
            yield f"FETCH of {item}"


def _store(command, state):
    if any(isinstance(value, list) for value in command.args[1:2]):
        yield "modifiers of STORE (UNCHANGEDSINCE)"
        return
    yield from _flags(command.args[2:], state)


def _search(command, state):
    words = [value.upper() if isinstance(value, Atom) else None for value in command.args]
    if words[:1] == [b"RETURN"]:
        yield "SEARCH with RETURN"
    if b"CHARSET" in words:
        yield "SEARCH with CHARSET"
    for word in _words(command.args):
        if word in SEARCH_EXTENSIONS:
            yield f"SEARCH {word.decode()} without {SEARCH_EXTENSIONS[word]}"
    for at, word in enumerate(words):
        if word in (b"KEYWORD", b"UNKEYWORD") and command.args[at + 1].lower() != b"$mdnsent":
            yield "SEARCH for a keyword that is not kept"
    if any(byte > 126 for value in command.args if isinstance(value, (Quoted, Literal))
           for byte in value):
        yield "SEARCH for what is no ASCII"


def _append(command, state):
    values = command.args[1:]
    if values and isinstance(values[0], list):
        yield from _flags(values[0], state)
    if sum(isinstance(value, Literal) for value in values) != 1:
        yield "APPEND of other than one message (MULTIAPPEND, CATENATE)"
    if b"UTF8" in _words(values) or b"CATENATE" in _words(values):
        yield "APPEND with UTF8 or CATENATE"


def _id(command, state):
    if command.args == [[]]:
        yield "ID ()"


RULES = {
    "AUTHENTICATE": _authenticate, "SELECT": _select, "EXAMINE": _select, "LIST": _list,
    "STATUS": _status, "FETCH": _fetch, "UID FETCH": _fetch, "STORE": _store, "UID STORE": _store,
    "SEARCH": _search, "UID SEARCH": _search, "APPEND": _append, "ID": _id,
}


def violations(command, state):
    """What is wrong with `command` on a connection in this `state`: a list of words, mostly empty."""
    found = [*_common(command, state), *_verb(command, state)]
    if command.verb in RULES:
        try:
            found += RULES[command.verb](command, state)
        except (IndexError, AttributeError):
            found.append("arguments that make no sense")
    return found


# -- SMTP -------------------------------------------------------------------------------------


def smtp_violations(verb, rest, offered, tls):
    """What an SMTP command asks for beyond `offered`, the keywords of the last EHLO answer."""
    found = []
    words = rest.upper().split()
    if verb == "AUTH":
        if not tls:
            found.append("AUTH before TLS")
        if not words or words[0] not in offered.get("AUTH", "").split():
            found.append(f"AUTH {words[:1]}, which is not offered")
    if verb == "STARTTLS" and "STARTTLS" not in offered:
        found.append("STARTTLS that is not offered")
    if verb == "BDAT" and "CHUNKING" not in offered:
        found.append("BDAT without CHUNKING")
    if verb == "MAIL":
        for word in words[1:]:
            name, _, value = word.partition("=")
            need = {"BODY": "BINARYMIME" if value == "BINARYMIME" else "8BITMIME", "RET": "DSN",
                    "ENVID": "DSN"}.get(name, name)
            if name != "FROM:" and not name.startswith("FROM:") and need not in offered:
                found.append(f"{word} without {need}")
        if not rest.isascii() and "SMTPUTF8" not in offered:
            found.append("an address that is no ASCII, without SMTPUTF8")
    if verb == "RCPT" and {"NOTIFY", "ORCPT"} & {word.partition("=")[0] for word in words}:
        if "DSN" not in offered:
            found.append("DSN's parameters without DSN")
    return found
