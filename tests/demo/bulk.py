# SPDX-License-Identifier: GPL-3.0-or-later
"""Everyday mail in any amount, from the sentences of letters/bulk.txt."""

import functools
import math
import random

import letters
import mimetext
import people
from letters import DAY, Conversation, Letter

WORDS = {
    "month": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
              "October", "November", "December"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "place": ("Borkum Riff", "Helgoland", "Fair Isle", "Annecy", "Dogger Bank", "Texel", "Skagen",
              "Roter Sand", "Talloires", "Syros", "Neuwerk", "Esbjerg", "Cabo Vidio"),
    "thing": ("anchor shackle", "pressure sensor", "wind vane", "battery box", "lamp housing",
              "plastic owl", "cable drum", "rain gauge", "mooring line", "radio mast", "barometer",
              "tide gauge"),
    "boat": ("The Möwe", "The Seeadler", "The Anna-Lena", "The Walross"),
}
COLLEAGUES = ("jonas", "maya", "henrik", "priya", "tomasz", "lea", "ruth")
CUSTOMERS = ("claire", "ines", "lucia", "eike", "eleni", "giulia")
# Where the mail of a big mailbox lies, and how much of it; None: the label of the topic.
SPREAD = {"INBOX": 42, None: 26, "Archive": 18, "Deleted Items": 9, "Junk Email": 5}
REACH_DAYS = 3 * 365
MAX_ATTACHMENT = 1_000_000


@functools.cache
def topics():
    found = []
    for name, text in letters.texts("bulk").items():
        label, *lines = text.split("\n")
        subjects = [line[2:] for line in lines if line.startswith("? ")]
        sentences = [line for line in lines if not line.startswith("? ")]
        found.append((name, label.removeprefix("label: "), subjects, sentences))
    return found


def _filled(text, chance):
    """TEXT with its gaps filled, each kind alike throughout."""
    if "{" not in text:
        return text
    words = {
        kind: chance.choice(choices) for kind, choices in WORDS.items() if f"{{{kind}}}" in text
    }
    return text.format(number=chance.randrange(3, 60) * chance.choice((1, 1, 10, 12)), **words)


def _text(sentences, chance, paragraphs):
    """PARAGRAPHS of two to four sentences; a sentence comes again only when all have been said."""
    pool, out = [], []
    for _ in range(paragraphs):
        said = []
        for _ in range(chance.randrange(2, 5)):
            pool = pool or chance.sample(sentences, len(sentences))
            said.append(_filled(pool.pop(), chance))
        out.append(" ".join(said))
    return "\n\n".join(out)


def conversation(chance, latest, long=False):
    """Up to eight letters, the last of them at most LATEST; with dates, and where it lies."""
    name, label, subjects, sentences = chance.choice(topics())
    others = chance.sample(CUSTOMERS if name == "customers" else COLLEAGUES, 2)
    length = min(8, 1 + int(chance.expovariate(0.5)))
    date = latest - sum(_pause(chance) for _ in range(length))
    found = []
    for number in range(length):
        from_anna = number % 2 == 1 and chance.random() < 0.75
        sender = "anna" if from_anna else others[number // 2 % 2]
        to = [others[number // 2 % 2]] if from_anna else ["anna"]
        cc = (
            [others[1]]
            if len(others) > 1 and others[1] not in (sender, *to) and chance.random() < 0.4
            else []
        )
        receiver = letters.person(to[0]).name.split(" ")[0]
        name = letters.person(sender).name.split(" ")[0]
        amount = int(chance.lognormvariate(1.75, 0.7)) + 3 if long else chance.randrange(1, 3)
        date = min(latest, date + _pause(chance))
        text = f"Hi {receiver},\n\n{_text(sentences, chance, amount)}\n\n{name}"
        found.append(
            Letter(
                letters.person(sender),
                [letters.person(key) for key in to],
                [letters.person(key) for key in cc],
                f"{date}",
                set(),
                {},
                text,
                answers=found[-1] if found else None,
                date=date,
            )
        )
    return Conversation(_filled(chance.choice(subjects), chance), {"label": [label]}, found)


def _pause(chance):
    return int(chance.lognormvariate(9.2, 1.2))


def _place(chance):
    return chance.choices(list(SPREAD), list(SPREAD.values()))[0]


def _attached(raw, chance, writer, letter):
    """RAW with a file of up to a megabyte beside its text."""
    size = min(MAX_ATTACHMENT, int(chance.lognormvariate(math.log(60_000), 1.2)))
    part = mimetext.file_part(
        "application/octet-stream", f"log-{letter.date}.bin", chance.randbytes(size)
    )
    head, _, rest = raw.partition(b"\nContent-Type:")
    mark = mimetext.boundary(letter.message_id, "bulk")
    return head + b"\n" + mimetext.multipart("mixed", [b"Content-Type:" + rest, part], mark)


def items(writer, seed, now, count):
    """COUNT messages over three years, more of them lately: (folder, flags, date, bytes)."""
    chance = random.Random(f"bulk {seed}")
    made = 0
    while made < count:
        age = REACH_DAYS * DAY * chance.random() ** 1.6
        talk = conversation(chance, int(now - 3600 - age), long=True)
        folder = _place(chance) or talk.fields["label"][0]
        for number, letter in enumerate(talk.letters[: count - made]):
            writer.address(letter, talk, f"bulk {made}")
            raw = writer.write(letter)
            if chance.random() < 0.12:
                raw = _attached(raw, chance, writer, letter)
            mine = letter.sender is people.ANNA
            yield "Sent Items" if mine else folder, _flags(
                chance, mine, letter.date, now
            ), letter.date, raw
            made += 1


def _flags(chance, mine, date, now):
    seen = mine or chance.random() > (0.5 if now - date < 14 * DAY else 0.08)
    return "".join(
        letter
        for letter, wanted in (
            ("S", seen),
            ("F", chance.random() < 0.04),
            ("R", seen and not mine and chance.random() < 0.3),
        )
        if wanted
    )
