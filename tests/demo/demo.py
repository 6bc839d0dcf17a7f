#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pinion on a throwaway mail server.

    demo.py [BUILD_FOLDER]

On a screen: Pinion's window, signed in to a real mail server with a filled mailbox, until it is
closed. Without one: the same in a virtual screen, worked from the assistant to the reply, with a
line a step and pictures in BUILD_FOLDER/demo/. Nothing of it stays.
"""

import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "e2e"))

from server import DemoServer  # noqa: E402
from session import Session, complaints  # noqa: E402

HTML_SUBJECT = "The Tide Table: why the North Sea hums"
LABELLED_SUBJECT = "Lunch on Friday?"
LABEL = "Travel"


def say(words):
    print(words, flush=True)


def environment(build):
    return {"GSETTINGS_SCHEMA_DIR": str(build / "data")}


# -- On a screen ------------------------------------------------------------------------------------


def on_screen(build, server):
    with Session(display=True, **environment(build)) as session:
        session.environment.pop("GDK_DEBUG")
        facts = server.facts
        data = str(session.folder / "pinion")
        say("Signing in")
        subprocess.run(
            [str(build / "src/cli/pinion-cli"), "--data", data, "account", "add",
             "--email", facts["email"], "--name", facts["name"], "--history", "all",
             "--imap-host", "localhost", "--imap-port", str(facts["imap_tls"]), "--imap-tls", "tls",
             "--smtp-host", "localhost", "--smtp-port", str(facts["smtp_starttls"]),
             "--smtp-tls", "starttls", "--ca", facts["ca"]],
            env={**session.environment, "PINION_PASSWORD": facts["password"]}, check=True,
            stdout=subprocess.DEVNULL)
        say("Pinion is on your screen; the demo ends when you close it")
        log = build / "demo" / "pinion.log"
        return session.start([str(build / "src/pinion"), "--data", data], log).wait()


# -- Without one ------------------------------------------------------------------------------------


def tour(journey):
    desk = journey.desk
    journey.open()
    journey.set_up()
    journey.picture("08-window", "Signed in: labels, conversations, newest first")
    journey.await_synced()

    journey.open_conversation(HTML_SUBJECT)
    desk.wait(lambda: desk.has(None, "document web"), 30, "the drawn message")
    journey.picture("09-html", "An HTML message, drawn without scripts and without the network")

    journey.drop_on_label(LABELLED_SUBJECT, LABEL,
                          at_target=lambda: journey.picture("10-drag", "A drag says what it will do"))
    journey.picture("11-dropped", "The conversation has the label, here and on the server")

    journey.open_conversation(LABELLED_SUBJECT)
    journey.reply("Friday it is. I bring the tide tables, you bring the appetite.\n\nAnna")
    journey.picture("12-reply", "A reply, written in place")
    journey.send()
    journey.picture("13-sent", "Sent, and undoable for ten seconds")
    journey.close()


def other_looks(journey):
    journey.session.settings(color_scheme="'dark'")
    journey.open()
    journey.desk.wait(journey.has_mail, 60, "mail")
    journey.open_conversation(HTML_SUBJECT)
    journey.desk.wait(lambda: journey.desk.has(None, "document web"), 30, "the drawn message")
    journey.picture("14-dark", "Dark")
    journey.close()

    journey.session.settings(window_width=400, window_height=740)
    journey.open()
    journey.desk.wait(journey.has_mail, 60, "mail")
    journey.picture("15-narrow", "Narrow as a phone", width=400, height=740)
    journey.open_conversation(HTML_SUBJECT)
    journey.desk.wait(lambda: journey.desk.has(None, "document web"), 30, "the drawn message")
    journey.picture("16-narrow-conversation", width=400, height=740)
    journey.close()


def find_copy(server):
    """The independent witness: is the conversation in the label's folder on the server?"""
    imap = server.imap()
    imap.select(LABEL, readonly=True)
    found = imap.search(None, "SUBJECT", f'"{LABELLED_SUBJECT}"')[1][0].split()
    imap.logout()
    return len(found)


def without_screen(build, server):
    pictures = build / "demo"
    log = pictures / "pinion.log"
    with Session(**environment(build)) as session:
        session.adopt()
        from journey import Journey

        journey = Journey(session, build / "src/pinion", server.facts, pictures, say, log)
        tour(journey)
        if find_copy(server) != 1:
            say("The dropped conversation is not in the folder on the server")
            return 1
        say(f"The server has the conversation in {LABEL}")
        other_looks(journey)

    for line in complaints(log):
        say(f"Unexpected: {line}")
    say(f"Pictures are in {pictures}")
    return 1 if complaints(log) else 0


def main():
    if len(sys.argv) > 2:
        print(__doc__, file=sys.stderr)
        return 2

    build = pathlib.Path(sys.argv[1] if len(sys.argv) == 2 else "build").resolve()
    pictures = build / "demo"
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)

    say("Starting a mail server on this computer")
    with DemoServer() as server:
        if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            return on_screen(build, server)
        return without_screen(build, server)


if __name__ == "__main__":
    sys.exit(main())
