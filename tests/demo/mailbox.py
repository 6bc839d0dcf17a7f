#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the demo mailbox: Anna Keller's mail, as a Maildir that Dovecot serves.

    mailbox.py --out DIR [--seed N] [--now TIME] [--count M [--rich]]

Without --count it is the mailbox that was written by hand (letters/*.txt) with everything mail can
be: conversations, newsletters, many scripts, attachments, an invitation, a winmail.dat, and legal
oddities. With --count M there are M everyday messages of realistic size, for measuring; --rich has
the others among them. The same --seed and --now give the same bytes. DIR/Maildir has Dovecot's
layout "fs"; DIR/manifest.json says what is in it.
"""

import argparse
import collections
import datetime
import hashlib
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import bulk
import letters
import maildir
import oddities
import people
import routine
import writers

# What Exchange shows by itself, and what Anna has made; mail brings no folder that is not here.
EXCHANGE_FOLDERS = [
    "INBOX", "Sent Items", "Drafts", "Deleted Items", "Junk Email", "Archive", "Outbox", "Calendar",
    "Contacts", "Contacts/Recipient Cache", "Tasks", "Notes", "Journal", "Conversation History",
    "Sync Issues", "Sync Issues/Conflicts", "Sync Issues/Local Failures",
    "Sync Issues/Server Failures", "RSS Feeds"]
LABELS = [
    "Projects", "Projects/Aurora", "Projects/Aurora/Budget",
    "Projects/Aurora/Field trials/2026/North Sea",
    "Projects/Aurora/Field trials/2026/North Sea/Buoy 7", "Projects/Lighthouse", "Customers",
    "Customers/Météo-Lac", "Team & Friends", "Family", "Choir", "Travel", "Reisen/Köln", "Receipts",
    "Newsletters", "Reading list", "Curiosities", "🌱 Garden", "日本", "Ελλάδα", "Книги", "العربية",
    "한국어", '100% "sure"', "Wish*list", "Back\\slash", "v2.0 release notes", "Trailing blank ",
    "R&D-", "[brackets] (and) {braces}", "INBOX/Follow up"]
FILLER = 90  # everyday messages among those written by hand, all of them older
FILLER_FROM_DAYS = 20

Item = collections.namedtuple("Item", "folder flags date raw")


def _flags(letter, answered):
    marks = letter.marks
    wanted = {
        "D": "draft" in marks,
        "F": "star" in marks,
        "R": answered or "answered" in marks,
        "S": "unread" not in marks,
    }
    return "".join(flag for flag, is_wanted in wanted.items() if is_wanted)


def _folders(letter, conversation):
    """Where the letter lies; more than one folder is one message with several labels."""
    if letter.sender is people.ANNA and letter.to != [people.ANNA] and "draft" not in letter.marks:
        return ["Sent Items"]
    label = conversation.fields.get("label", ["INBOX"])
    found = conversation.fields.get("in", []) + label + conversation.fields.get("also", [])
    found += letter.fields.get("in", [])
    return list(dict.fromkeys(found))


def _write_conversation(writer, conversation, now):
    answered = {
        id(letter.answers) for letter in conversation.letters if letter.sender is people.ANNA
    }
    for number, letter in enumerate(conversation.letters):
        letter.date = letter.date or letters.moment(letter.when, now)
        writer.address(letter, conversation, number)
        raw = writer.write(letter)
        for folder in _folders(letter, conversation):
            yield Item(folder, _flags(letter, id(letter) in answered), letter.date, raw)


def _filler(writer, seed, now):
    """Older conversations of the everyday kind, so that every month has some."""
    chance = random.Random(f"filler {seed}")
    made = 0
    while made < FILLER:
        age = FILLER_FROM_DAYS + (3 * 365 - FILLER_FROM_DAYS) * chance.random() ** 1.5
        conversation = bulk.conversation(chance, int(now - age * letters.DAY))
        if age < 300 and chance.random() < 0.4:
            conversation.fields["in"] = ["INBOX"]
        made += len(conversation.letters)
        yield from _write_conversation(writer, conversation, now)


def demo_items(writer, seed, now):
    for name in ("aurora", "work", "home", "world", "notices", "newsletters", "other"):
        for conversation in letters.read(name):
            yield from _write_conversation(writer, conversation, now)
    for conversation in routine.conversations(now):
        yield from _write_conversation(writer, conversation, now)
    yield from _filler(writer, seed, now)
    for item in oddities.items(now):
        yield Item(*item)


def _all_items(writer, seed, now, count, rich):
    made = 0
    if rich or count is None:
        items = sorted(demo_items(writer, seed, now), key=lambda item: item.date)
        made = len(items)
        yield from items
    yield from (Item(*item) for item in bulk.items(writer, seed, now, (count or 0) - made))


def write_mailbox(out, seed=1, now=None, count=None, rich=False):
    """Writes OUT/Maildir and OUT/manifest.json; returns what the manifest says."""
    now = int(now or time.time())
    out = pathlib.Path(out)
    root = out / "Maildir"
    for name in EXCHANGE_FOLDERS + LABELS:
        maildir.make_folder(root, name)
    tally = Tally()
    for number, item in enumerate(_all_items(writers.Writer(seed), seed, now, count, rich), 1):
        maildir.write(root, item.folder, item.raw, item.flags, item.date, number)
        tally.add(item)
    manifest = {"seed": seed, "now": now, **tally.summary()}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return manifest


class Tally:
    """Counts what is written, message by message."""

    def __init__(self):
        self.sizes = []
        self.digest = hashlib.sha256()
        self.folders = {
            name: {"messages": 0, "unread": 0, "starred": 0, "bytes": 0}
            for name in EXCHANGE_FOLDERS + LABELS
        }

    def add(self, item):
        self.sizes.append(len(item.raw))
        self.digest.update(f"{item.folder}\0{item.flags}\0{item.date}\0".encode() + item.raw)
        folder = self.folders[item.folder]
        folder["messages"] += 1
        folder["unread"] += "S" not in item.flags
        folder["starred"] += "F" in item.flags
        folder["bytes"] += len(item.raw)

    def summary(self):
        sizes = sorted(self.sizes) or [0]
        return {
            "digest": self.digest.hexdigest(),
            "messages": len(self.sizes),
            "bytes": sum(sizes),
            "median": sizes[len(sizes) // 2],
            "largest": sizes[-1],
            "folders": self.folders,
        }


def _time(text):
    if text.isdigit():
        return int(text)
    moment = datetime.datetime.fromisoformat(text)
    return int(
        (moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).timestamp()
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--now", type=_time, metavar="TIME", help="ISO 8601 (UTC) or seconds; default: now"
    )
    parser.add_argument("--count", type=int, metavar="M")
    parser.add_argument("--rich", action="store_true")
    options = parser.parse_args()
    manifest = write_mailbox(options.out, options.seed, options.now, options.count, options.rich)
    print(
        f"{manifest['messages']} messages, {manifest['bytes'] / 1e6:.1f} MB,"
        f" digest {manifest['digest'][:16]}"
    )


if __name__ == "__main__":
    main()
