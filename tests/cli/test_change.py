#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account later in life: who one writes as, other servers and passwords, its end."""

import email
import email.policy
import json
import pathlib
import re
import subprocess
import time

import harness


def refusals(server):
    """How many sign-ins the server has refused so far."""
    time.sleep(0.3)
    log = pathlib.Path(server.logs, "dovecot.log").read_text(errors="replace")
    return sum(int(count) for count in re.findall(r"auth failed, (\d+) attempts", log))


class Life(harness.Case):
    folders = ("Sent Items", "Projects")

    def set(self, *words, account=None, **options):
        account = account or self.cli.do("account", "list")[0]["id"]
        return self.cli.run("account", "set", account, *words, **options)

    def file(self, text):
        path = self.new_folder() / "signature"
        path.write_text(text)
        return path

    # -- Who one writes as
    def test_who_one_writes_as(self):
        done = self.set("--name", "Anna K.", "--alias", "sales@northwind.example=Northwind Sales",
                        "--alias", "info@northwind.example", "--colour", "#3584e4",
                        "--signature-file", self.file("Anna Keller\nNorthwind\n"))
        self.assertEqual(done.status, 0, str(done))
        done = self.set("--signature-file", self.file("<b>Sales</b>"), "--signature-of",
                        "SALES@northwind.example", "--no-alias", "info@northwind.example")
        self.assertEqual(done.status, 0, str(done))
        account, = self.cli.do("account", "list")
        self.assertEqual(account["name"], "Anna K.")
        self.assertEqual(account["colour"], "#3584e4")
        self.assertEqual(account["signature"], "Anna Keller\nNorthwind")
        self.assertEqual(account["aliases"], [{"address": "sales@northwind.example",
                                               "name": "Northwind Sales",
                                               "signature": "<b>Sales</b>"}])
        self.assertEqual(self.cli.sync()["new"], 0)
        self.assertEqual(self.set("--colour", "none").lines[0]["colour"], None)
        self.assertTrue(account["notifications"])
        for word, on in (("off", False), ("on", True)):
            self.assertEqual(self.set("--notifications", word).lines[0]["notifications"], on)

    def test_what_cannot_be(self):
        for words in (["--alias", "nobody"], ["--alias", self.server.email],
                      ["--colour", "blue"], ["--no-alias", "x@northwind.example"]):
            self.assertEqual(self.set(*words).status, 1, words)
        for words in ([], ["--signature-file", self.file("x"), "--signature-of", "x@y.example"],
                      ["--position", "-1"], ["--imap-port", "70000"], ["--imap-tls", "none"],
                      ["--notifications", "maybe"]):
            self.assertEqual(self.set(*words).status, 2, words)
        self.assertEqual(self.set("--signature-file", "/no/such/file").status, 1)
        account, = self.cli.do("account", "list")
        self.assertEqual((account["aliases"], account["colour"]), ([], None))

    def test_written_from_an_alias(self):
        self.set("--alias", "sales@northwind.example=Northwind Sales")
        self.cli.do("send", "--from", "sales@northwind.example", "--to", self.server.sink,
                    "--subject", "From the other", "--wait")
        imap = self.server.imap(self.server.sink)
        imap.select("INBOX", readonly=True)
        # What was accepted is delivered a moment later.
        number = harness.until(lambda: imap.noop() and imap.search(
            None, "SUBJECT", '"From the other"')[1][0].split())[-1]
        header = email.message_from_bytes(imap.fetch(number, "(BODY.PEEK[HEADER])")[1][0][1],
                                          policy=email.policy.default)
        imap.logout()
        self.assertEqual(header["From"], "Northwind Sales <sales@northwind.example>")
        self.assertIn("sales@northwind.example", header["Return-Path"] or "")
        self.assertEqual(self.cli.run("send", "--from", "x@y.example", "--to", self.server.sink,
                                      "--subject", "Never").status, 1)

    def test_order(self):
        shared = self.server.facts["shared"]
        done = self.cli.add(self.server, "--imap-user", shared["user"], "--kind", "shared",
                            "--smtp-user", self.server.email)
        self.assertEqual(done.status, 0, str(done))
        first, second = (account["id"] for account in self.cli.do("account", "list"))
        self.set("--position", 1, account=second)
        self.assertEqual([account["id"] for account in self.cli.do("account", "list")],
                         [second, first])
        self.set("--position", 9, account=second)
        self.assertEqual([account["id"] for account in self.cli.do("account", "list")],
                         [first, second])
        self.cli.do("account", "remove", first)
        self.assertEqual([account["id"] for account in self.cli.do("account", "list")], [second])

    def test_kept_when_the_store_is_lost(self):
        self.set("--alias", "sales@northwind.example=Sales; & Co", "--colour", "#3584e4",
                 "--notifications", "off", "--signature-file", self.file("One\n  two; three\n"))
        before = self.cli.do("account", "list")
        for suffix in ("-wal", "-shm", ""):
            (self.cli.data / f"pinion.db{suffix}").unlink(missing_ok=True)
        (self.cli.data / "pinion.db").write_bytes(b"no database at all" * 100)
        process = self.cli.start("account", "list")
        out, _ = process.communicate()
        self.assertEqual([json.loads(line) for line in out.splitlines()], before)

    # -- Servers

    def keep(self):
        """A message that is here, and how the account stands."""
        self.kept = self.mail()[1]
        self.before = self.cli.do("account", "list")

    def assert_unchanged(self):
        self.assertEqual(self.cli.do("account", "list"), self.before)
        self.assertEqual(self.cli.sync()["new"], 0)

    def test_the_same_mailbox(self):
        self.keep()
        message = self.cli.message(self.kept)
        gate = harness.Gate(self.server.imap_tls)
        for words in (["--imap-port", gate.port],
                      ["--imap-user", self.server.user, "--smtp-user", self.server.user],
                      ["--imap-tls", "starttls", "--imap-port", self.server.imap_starttls],
                      ["--smtp-tls", "tls", "--smtp-port", self.server.smtp_tls]):
            done = self.set(*words)
            self.assertEqual(done.status, 0, str(done))
            account, = self.cli.do("account", "list")
            for name, value in zip(words[::2], words[1::2]):
                self.assertEqual(account[name[2:].replace("-", "_")], value)
            self.assertEqual(self.cli.sync()["new"], 0)
            self.assertEqual(self.cli.message(self.kept), message)
        gate.shut()
        self.assert_healthy()

    def test_another_mailbox(self):
        self.keep()
        done = self.set("--imap-user", self.server.user2)
        self.assert_error(done, "other-mailbox", "open", "imap")
        self.assert_unchanged()

    def test_another_mailbox_that_counts_alike(self):
        """Exchange counts many mailboxes from one UIDVALIDITY."""
        self.keep()
        home = pathlib.Path(self.server.maildir).parent.parent / "jonas" / "Maildir"
        own = pathlib.Path(self.server.maildir, "dovecot-uidlist").read_text().splitlines()[0]
        head = re.sub(r" N\d+", " N1", re.sub(r" G\S+", "", own))
        harness.until(lambda: home.is_dir())
        for path in home.glob("dovecot*"):
            path.unlink()
        (home / "dovecot-uidlist").write_text(head + "\n")
        imap = self.server.imap(self.server.user2)
        for index in range(8):
            imap.append("INBOX", None, None, harness.letter(f"Of Jonas {index}")[1])
        imap.select("INBOX", readonly=True)
        there = int(imap.response("UIDVALIDITY")[1][0])
        imap.logout()
        with self.witness.open("INBOX", readonly=True) as client:
            self.assertEqual(int(client.response("UIDVALIDITY")[1][0]), there)
        self.assert_error(self.set("--imap-user", self.server.user2), "other-mailbox", "open",
                          "imap")
        self.assert_unchanged()

    def test_what_was_deleted_meanwhile_proves_nothing_wrong(self):
        gone, _ = self.deliver("gone")
        self.cli.sync()
        self.witness.command("INBOX", "STORE", str(self.witness.uid("INBOX", gone)), "+FLAGS",
                             "(\\Deleted)")
        self.assertEqual(self.set("--imap-user", self.server.user).status, 0)

    def test_servers_that_do_not_answer(self):
        self.keep()
        before = refusals(self.server)
        for words, code, protocol in (
                (["--imap-port", "1"], "port-closed", "imap"),
                (["--smtp-port", "1"], "port-closed", "smtp"),
                (["--smtp-user", "stranger"], "sign-in-refused", "smtp")):
            self.assert_error(self.set(*words), code, None, protocol)
        self.assertLessEqual(refusals(self.server) - before, 1)
        self.assertEqual(self.set("--imap-host", "a b").status, 1)
        self.assert_unchanged()

    # -- Passwords
    def test_changed_on_the_server(self):
        old = self.server.password
        self.addCleanup(self.server.change_password, old)
        self.server.change_password("Another one 7")
        before = refusals(self.server)
        self.assert_error(self.cli.run("sync"), "sign-in-refused", "sign-in", "imap")
        self.assertEqual(refusals(self.server) - before, 1)

        # A wrong one costs one attempt and changes nothing.
        self.assert_error(self.set("--password", password="wrong horse"), "sign-in-refused",
                          "sign-in", "imap")
        self.assertEqual(refusals(self.server) - before, 2)
        done = self.set("--password", password="Another one 7")
        self.assertEqual(done.status, 0, str(done))
        self.cli.password = "Another one 7"
        self.cli.sync()
        cli = harness.Cli(self.cli.data)
        self.assertEqual(cli.run("account", "set", 1, "--password").status, 2)

    def test_a_sync_that_runs_waits_for_it(self):
        old = self.server.password
        self.addCleanup(self.server.change_password, old)
        process = self.cli.start("sync", "--watch")
        try:
            self.await_line(process, b'"idle"')
            self.server.change_password("Another one 8")
            before = refusals(self.server)
            self.kick()
            self.await_line(process, b"sign-in-refused")
            for _ in range(2):
                self.set("--name", "Another name")
                time.sleep(0.3)
            self.assertEqual(refusals(self.server) - before, 1)
            # The store says so, too, for the next start.
            self.assertEqual(self.database("SELECT refused FROM account"), ["1"])
        finally:
            process.terminate()
            process.communicate()

        # Nor does it try again when it begins anew.
        process = harness.Cli(self.cli.data).start("sync", "--watch")
        try:
            self.await_line(process, b"sign-in-refused")
        finally:
            process.terminate()
            process.communicate()
        self.assertEqual(refusals(self.server) - before, 1)
        self.assertEqual(self.set("--password", password="Another one 8").status, 0)
        self.assertEqual(self.database("SELECT refused FROM account"), ["0"])

    def kick(self):
        """All connections are cut."""
        subprocess.run(["doveadm", "-c", str(pathlib.Path(self.server.ca).parent.parent
                                             / "dovecot.conf"), "kick", "*"], check=True,
                       capture_output=True)

    def database(self, sql):
        import sqlite3
        database = sqlite3.connect(self.cli.data / "pinion.db")
        rows = [str(row[0]) for row in database.execute(sql)]
        database.close()
        return rows

    def await_line(self, process, wanted):
        for line in process.stdout:
            if wanted in line:
                return line
        raise AssertionError(wanted)

    # -- The end
    def test_nothing_can_be_found(self):
        """Every byte of the folder is searched."""
        self.set("--alias", "sales@northwind.example=Sales", "--name", "Anna Vanishing",
                 "--signature-file", self.file("Yours, the vanishing one"))
        self.deliver("Quicksilver", body="The word is heliotrope.\n")
        self.cli.sync()
        self.cli.do("send", "--to", self.server.sink, "--subject", "Unsent marigold", "--at",
                    "2099-01-01T00:00:00Z")
        self.assertEqual(len(self.cli.do("search", "heliotrope")), 1)
        needles = [b"Quicksilver", b"heliotrope", b"Vanishing", b"vanishing", b"marigold",
                   self.server.email.encode(), b"sales@northwind", b"lakeside.example"]
        self.assertEqual(self.missing(needles), [])
        self.cli.do("account", "remove", self.cli.do("account", "list")[0]["id"])
        self.assertEqual(self.missing(needles), needles)
        self.assertEqual(self.cli.do("search", "heliotrope"), [])
        self.assert_healthy()

    def missing(self, needles):
        data = b"".join(path.read_bytes() for path in self.cli.data.rglob("*") if path.is_file())
        return [needle for needle in needles if needle not in data]


if __name__ == "__main__":
    harness.main()
