# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes every week and every month: reports, statements, coffee."""

import random
import time

import letters
from letters import DAY, Conversation, Letter

MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
          "Oktober", "November", "Dezember")
REPORTS, FIRST_REPORT = 24, 3  # weeks back; the latest are written by hand
STATEMENTS = range(3, 26)  # months back
STATEMENT = ("# Ihr Kontoauszug\n\nGuten Tag Frau Keller, Ihr Kontoauszug für {} liegt in Ihrem "
             "Postfach. Aus Gründen der Sicherheit senden wir keine Beträge und keine Links per "
             "Mail.")
COFFEES = ("**Morning Watch**: cocoa, and a firm handshake",
           "**Harvest**: plums, and a little of rain", "**Slack Water**: soft, without waves",
           "**Night Shift**: dark, but it means well",
           "**Spring Tide**: lemon peel and good news", "**Captain's Table**: nuts, and a story")
REASONS = ("A fishing net said hello.", "Ice on the antenna, gone by noon.",
           "A seal slept on the solar panel.", "Fog. The satellite apologises.",
           "Nobody knows. It works again.")


def _letter(sender, when, text):
    return Letter(letters.person(sender), [letters.person("anna")], [], when, set(), {}, text)


def _report(weeks, now, chance):
    week = time.strftime("%V", time.gmtime(now - weeks * 7 * DAY))
    silent = chance.randrange(1, 8) if chance.random() < 0.4 else None
    rows = []
    for buoy in range(1, 8):
        missing = chance.randrange(20, 90) if buoy == silent else chance.choice((0, 0, 0, 1, 4))
        rows.append(f"| {buoy} | {1008 - missing:,} | {missing} | {chance.randrange(86, 99)} % |")
    words = (
        f"Buoy {silent} was silent for some hours. {chance.choice(REASONS)}\n\n" if silent else ""
    )
    number = "six" if silent else "seven"
    text = f"# Week {week}\n\n{words}| Buoy | Readings | Missing | Battery |\n" + "\n".join(rows)
    return Conversation(
        f"Weekly report: seven buoys, {number} reporting",
        {"label": ["Projects/Aurora"]},
        [_letter("watch", f"{6 + 7 * weeks}d 06:00", text)],
    )


def _statement(months, now):
    month = (time.gmtime(now).tm_mon - 1 - months) % 12
    return Conversation(
        f"Kontoauszug {MONTHS[month]} liegt bereit",
        {"label": ["Receipts"]},
        [
            _letter(
                "hansebank",
                f"{20 + round((months - 1) * 30.44)}d 06:30",
                STATEMENT.format(MONTHS[month]),
            )
        ],
    )


def _coffee(months):
    text = (
        "# Roasted at 06:40, packed at 08:15\n\n- 500 g **Harbour Blend**, for the office\n"
        f"- 250 g {COFFEES[months % len(COFFEES)]}"
    )
    return Conversation(
        "Your coffee: two bags, roasted this morning",
        {"label": ["Receipts"]},
        [_letter("slowbean", f"{6 + 30 * months}d 09:00", text)],
    )


def conversations(now):
    chance = random.Random("routine")
    return (
        [_report(weeks, now, chance) for weeks in range(FIRST_REPORT - 1, REPORTS)]
        + [_statement(months, now) for months in STATEMENTS]
        + [_coffee(months) for months in range(2, 14)]
    )
