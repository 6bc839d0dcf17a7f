# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads letters/*.txt: the demo mailbox as plain text that a person can write.

    == Subject of a conversation
    label: Projects/Aurora              where its mail lies (INBOX without it)
    also: Team & Friends                a second copy, the same message with two labels
    -- jonas > anna, maya + henrik | 2d 09:40 | unread star
    attach: plan.pdf                    from documents.txt
    picture: harbour                    one of pictures.SCENES, inline in HTML mail

    The text. **bold**, `code`, *slanted*, [words](https://address), and lines that begin with

    #, ##  a heading          -     a list          |  a table row
    =>     a button           !remote ADDRESS WORDS: a picture elsewhere

Each further letter answers the one before it. People behind + get a copy (Cc). The time is so long
before now ("35m", "2h50m") or a day and a clock ("2d 09:40": the day before yesterday in Bremen).
A header line "in:" puts the conversation's mail elsewhere than its label, which it is copied to.
Words behind the second bar: unread, star, answered, draft. What Anna writes lies in Sent Items.
"""

import calendar
import dataclasses
import functools
import pathlib
import re
import time

import people

FOLDER = pathlib.Path(__file__).parent / "letters"
DAY = 86400


@dataclasses.dataclass
class Letter:
    sender: people.Person
    to: list
    cc: list
    when: str
    marks: set
    fields: dict
    text: str
    answers: "Letter | None" = None
    date: int = 0
    message_id: str = ""
    subject: str = ""
    references: list = dataclasses.field(default_factory=list)
    thread_index: bytes = b""
    said: tuple = ()  # plain text and HTML body, with all that they quote


@dataclasses.dataclass
class Conversation:
    subject: str
    fields: dict
    letters: list


def person(key):
    return people.PEOPLE.get(key) or people.SERVICES[key]


def _people(text):
    return [person(key.strip()) for key in text.split(",") if key.strip()]


def _split(lines, mark):
    """The sections that begin with MARK: pairs of the first line's rest and the other lines."""
    sections = []
    for line in lines:
        if line.startswith(mark):
            sections.append((line.removeprefix(mark), []))
        elif sections:
            sections[-1][1].append(line)
    return sections


def _fields(lines):
    """Leading "name: value" lines, and what is left."""
    fields = {}
    for number, line in enumerate(lines):
        match = re.fullmatch(r"(label|also|in|attach|picture|hero): (.+)", line)
        if not match:
            return fields, lines[number:]
        fields.setdefault(match[1], []).append(match[2])
    return fields, []


def _letter(head, lines):
    route, when, marks = (part.strip() for part in f"{head} ".split("|")[:3])
    sender, _, receivers = route.partition(" > ")
    to, _, cc = receivers.partition(" + ")
    fields, rest = _fields(lines)
    return Letter(person(sender), _people(to), _people(cc), when, set(marks.split()), fields,
                  "\n".join(rest).strip("\n"))


def read(name):
    """The conversations of letters/NAME.txt."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found = []
    for subject, section in _split(lines, "== "):
        fields, _ = _fields(section)
        letters = [_letter(head, body) for head, body in _split(section, "-- ")]
        for earlier, later in zip(letters, letters[1:]):
            later.answers = earlier
        found.append(Conversation(subject, fields, letters))
    return found


@functools.cache
def documents():
    """The files of letters/documents.txt: name to lines."""
    lines = (FOLDER / "documents.txt").read_text(encoding="utf-8").splitlines()
    return {name: "\n".join(body).strip("\n").split("\n") for name, body in _split(lines, "== ")}


def _last_sunday(year, month):
    weeks = calendar.monthcalendar(year, month)
    return max(week[calendar.SUNDAY] for week in weeks)


@functools.cache
def _summer(year):
    return tuple(calendar.timegm((year, month, _last_sunday(year, month), 1, 0, 0)) for month in (3, 10))


def is_summer(seconds):
    """Whether Europe's clocks are on summer time."""
    begins, ends = _summer(time.gmtime(seconds).tm_year)
    return begins <= seconds < ends


def zone_minutes(someone, seconds):
    return 60 * (someone.zone + (someone.summer and is_summer(seconds)))


def moment(when, now):
    """The time that WHEN stands for, in seconds."""
    if match := re.fullmatch(r"(\d+)d (\d\d):(\d\d)", when):
        days, hours, minutes = map(int, match.groups())
        offset = 60 * zone_minutes(people.ANNA, now - days * DAY)
        midnight = (now + offset) // DAY * DAY - offset
        return midnight - days * DAY + hours * 3600 + minutes * 60 + (days * 37 + minutes * 11) % 60
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?", when)
    hours, minutes = (int(part or 0) for part in match.groups())
    return now - hours * 3600 - minutes * 60 - (hours * 41 + minutes * 17) % 60
