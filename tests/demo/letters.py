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
Words behind the second bar: unread, star, answered, draft, loose (it names the letter it answers in
Thread-Index alone). What Anna writes lies in Sent Items.
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


def _lines(name):
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def sections(lines, mark):
    """The sections that begin with MARK: pairs of the first line's rest and the other lines."""
    found = []
    for line in lines:
        if line.startswith(mark):
            found.append((line.removeprefix(mark), []))
        elif found:
            found[-1][1].append(line)
    return found


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
    return Letter(
        person(sender),
        _people(to),
        _people(cc),
        when,
        set(marks.split()),
        fields,
        "\n".join(rest).strip("\n"),
    )


def read(name):
    """The conversations of letters/NAME.txt."""
    found = []
    for subject, section in sections(_lines(name), "== "):
        fields, _ = _fields(section)
        letters = [_letter(head, body) for head, body in sections(section, "-- ")]
        for earlier, later in zip(letters, letters[1:]):
            later.answers = earlier
        found.append(Conversation(subject, fields, letters))
    return found


@functools.cache
def texts(name):
    """The sections of letters/NAME.txt that is no conversation: first line to text."""
    return {
        head.strip(): "\n".join(body).strip("\n") for head, body in sections(_lines(name), "== ")
    }


@functools.cache
def documents():
    """The files of letters/documents.txt: name to lines."""
    return {name: text.split("\n") for name, text in texts("documents").items()}


def _last_sunday(year, month):
    weeks = calendar.monthcalendar(year, month)
    return max(week[calendar.SUNDAY] for week in weeks)


@functools.cache
def _summer(year):
    return tuple(
        calendar.timegm((year, month, _last_sunday(year, month), 1, 0, 0)) for month in (3, 10)
    )


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
