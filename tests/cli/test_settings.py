#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account's settings, changed later: how far back it reaches, its roles, its end."""

import pathlib
import sqlite3
import time

import harness

DAY = 86400


class Range(harness.Case):
    """Messages of each age; the range goes up and down over them."""

    AGES = {"today": 0.01, "two months": 61, "ten months": 305, "four years": 4 * 366}

    def deliver_aged(self, subject, days, folder="INBOX"):
        message_id, raw = harness.letter(subject)
        self.server.deliver(raw, folder=folder, flags="S", when=time.time() - days * DAY)
        return message_id

    def files(self):
        return len(list((self.cli.data / "mail").glob("*/*.eml")))

    def set(self, history):
        account, = self.cli.do("account", "list")
        changed, = self.cli.do("account", "set", account["id"], "--history", history)
        self.assertEqual(changed["history"], history)
        self.assertEqual(self.cli.do("account", "list")[0]["history"], history)

    def assert_has(self, *subjects):
        self.assertEqual(set(self.cli.subjects()), set(subjects))
        self.assertEqual(self.cli.labels()["INBOX"]["total"], len(subjects))
        self.assertEqual(self.files(), len(subjects))
        self.assert_healthy()

    def test_up_and_down(self):
        for subject, days in self.AGES.items():
            self.deliver_aged(subject, days)
        there = self.witness.everything()
        self.cli = self.new_cli("--history", "1y")
        self.assert_has("today", "two months", "ten months")
        kept = {subject: self.cli.message(subject) for subject in ("today", "two months")}
        self.cli.do("star", self.cli.message("ten months"))
        self.cli.sync()

        # Narrowed: at once, files too; what is starred is no exception, what waits is.
        old = self.cli.message("ten months")
        self.cli.do("move", "Projects", self.cli.message("two months"))
        self.set("1m")
        self.assertEqual(set(self.cli.subjects()), {"today", "two months"})
        self.assertEqual(self.files(), 2)
        self.cli.do("undo")
        self.set("1m")
        self.assert_has("today")
        self.assertEqual(self.cli.sync()["new"], 0)
        self.assert_has("today")

        # Widened: only what is missing is fetched.
        self.set("1y")
        self.assertEqual(self.cli.sync()["new"], 2)
        self.assert_has("today", "two months", "ten months")
        self.assertEqual(self.cli.message("today"), kept["today"])
        self.assertTrue(self.cli.find("ten months")["starred"])
        self.assertNotEqual(self.cli.message("ten months"), old)
        self.set("all")
        self.assertEqual(self.cli.sync()["new"], 1)
        self.assert_has(*self.AGES)
        self.set("none")
        self.cli.sync()
        self.assert_has()
        self.deliver("after")
        self.cli.sync()
        self.assert_has("after")
        self.assertEqual({folder: len(ids) for folder, ids in self.witness.everything().items()},
                         {folder: len(ids) + (folder == "INBOX") for folder, ids in there.items()})

    def test_a_running_sync_takes_it_over(self):
        message_id = self.deliver_aged("far away", 400, folder="Receipts")
        self.cli = self.new_cli("--history", "1m")
        self.assertIsNone(self.cli.find("far away", "Receipts"))
        process = self.cli.start("sync", "--watch")
        try:
            for line in process.stdout:
                if b'"idle"' in line:
                    break
            self.set("all")
            self.assertTrue(harness.until(lambda: self.cli.find("far away", "Receipts"), 20))
            self.set("1m")
            self.assertIsNone(self.cli.find("far away", "Receipts"))
        finally:
            process.terminate()
            process.communicate()
        self.cli.sync()
        self.assertIsNone(self.cli.find("far away", "Receipts"))
        self.assert_healthy()
        self.witness.command("Receipts", "STORE", str(self.witness.uid("Receipts", message_id)),
                             "+FLAGS", "(\\Deleted)")

    def test_what_cannot_be_set(self):
        self.cli = self.new_cli()
        account, = self.cli.do("account", "list")
        self.assertEqual(self.cli.run("account", "set", account["id"]).status, 2)
        self.assertEqual(self.cli.run("account", "set", account["id"], "--history",
                                      "7y").status, 2)
        self.assert_error(self.cli.run("account", "set", 77, "--history", "1y"), "not-found")


class RangeWithExtensions(Range):
    """That the server counts no change does not tell that everything is here."""
    server_options = {**Range.server_options, "capability": "full"}


class Roles(harness.Case):
    folders = ("Sent Items", "Deleted Items", "Projects", "Kept", "Calendar")

    def set(self, *roles):
        account = self.cli.do("account", "list")[0]["id"]
        return self.cli.run("account", "set", account,
                            *(word for role in roles for word in ("--role", role)))

    def roles(self):
        return {label["role"]: path for path, label in self.cli.labels().items() if label["role"]}

    def test_by_hand(self):
        message_id, subject, message = self.mail()
        self.assert_error(self.cli.run("archive", message), "not-found")
        self.assertEqual(self.set("archive=Kept", "junk=Projects").status, 0)
        self.assertEqual((self.roles()["archive"], self.roles()["junk"]), ("Kept", "Projects"))
        self.cli.do("archive", message, "--wait")
        self.assertEqual(self.witness.where(message_id), ["Kept"])

        # The server's own words do not take it back, and one label has one role.
        self.witness.create("Archive", "Junk Email")
        self.cli.sync()
        self.assertEqual((self.roles()["archive"], self.roles()["junk"]), ("Kept", "Projects"))
        self.assertEqual(self.set("archive=Archive").status, 0)
        self.assertEqual(self.roles()["archive"], "Archive")
        self.assertEqual(self.set("junk=").status, 0)
        self.cli.sync()
        self.assertNotIn("Projects", self.roles().values())
        self.assert_agrees()

    def test_what_cannot_be(self):
        self.assertEqual(self.set("inbox=Kept").status, 2)
        self.assertEqual(self.set("Kept").status, 2)
        self.assert_error(self.set("archive=Nowhere"), "not-found")
        self.assert_error(self.set("archive=INBOX"), "invalid-argument")

    def test_hidden_and_shown(self):
        message_id, subject = self.deliver(folder="Calendar")
        self.cli.sync()
        self.assertTrue(self.cli.labels()["Calendar"]["hidden"])
        self.assertIsNone(self.cli.find(subject))
        self.cli.do("label", "show", "Calendar")
        self.cli.sync()
        self.assertIsNotNone(self.cli.find(subject, "Calendar"))
        self.assertFalse(self.cli.labels()["Calendar"]["hidden"])
        self.cli.do("label", "hide", "Calendar")
        self.assertIsNone(self.cli.find(subject))
        self.cli.sync()
        self.assertTrue(self.cli.labels()["Calendar"]["hidden"])
        self.assertEqual(self.witness.where(message_id), ["Calendar"])
        self.assert_error(self.cli.run("label", "hide", "Sent Items"), "invalid-argument")
        self.assert_healthy()


class Removal(harness.Case):
    def test_nothing_is_left(self):
        _, _, message = self.mail("INBOX", "Projects")
        self.cli.do("star", message)
        self.cli.do("label", "create", "Never made")
        self.cli.do("send", "--to", "sink@northwind.example", "--subject", "Unsent", "--at",
                    "2099-01-01T00:00:00Z")
        there = self.witness.everything()
        self.cli.do("account", "remove", self.cli.do("account", "list")[0]["id"])
        self.assertEqual(self.cli.do("account", "list"), [])
        self.assertEqual(self.cli.do("labels"), [])
        self.assertEqual(list(pathlib.Path(self.cli.data).glob("*/**/*.eml")), [])
        database = sqlite3.connect(self.cli.data / "pinion.db")
        tables = [name for name, in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        rows = {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for name in tables}
        database.close()
        self.assertEqual({name: n for name, n in rows.items() if n and name != "undo_group"}, {})
        self.assertEqual(self.witness.everything(), there)
        self.assert_healthy()


if __name__ == "__main__":
    harness.main()
