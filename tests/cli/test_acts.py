#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done here shows on the server: each act, its undo, and later instead of at once."""

import harness


class Acts(harness.Case):
    shared = True

    def where(self, message_id, *folders):
        self.assertEqual(self.witness.where(message_id), sorted(folders))

    def wait(self, *command):
        lines = self.cli.do(*command, "--wait")
        self.assertEqual(self.cli.do("pending"), [])
        return lines

    def labels_of(self, subject, label):
        row = self.cli.find(subject, label)
        return sorted(row["labels"]) if row else None

    def there_and_back(self, command, target, start="INBOX"):
        """An act of place with --wait, its undo, then the same act sent by a later sync."""
        message_id, subject, message = self.mail(start)
        self.wait(*command, message)
        self.where(message_id, target)
        self.assertEqual(self.labels_of(subject, target), [target])
        self.assertIsNone(self.cli.find(subject, start))
        self.wait("undo")
        self.where(message_id, start)
        self.assertEqual(self.labels_of(subject, start), [start])

        self.cli.do(*command, message)
        self.assertEqual(self.labels_of(subject, target), [target])
        self.where(message_id, start)
        self.assertEqual(len(self.cli.do("pending")), 1)
        self.cli.sync()
        self.where(message_id, target)
        self.assertEqual(self.cli.do("pending"), [])
        self.assert_agrees()

    def test_archive(self):
        self.there_and_back(["archive"], "Archive")

    def test_trash(self):
        self.there_and_back(["trash"], "Deleted Items")

    def test_spam(self):
        self.there_and_back(["spam"], "Junk Email")

    def test_unspam(self):
        self.there_and_back(["unspam"], "INBOX", start="Junk Email")

    def test_move(self):
        self.there_and_back(["move", "Projects/Aurora"], "Projects/Aurora")

    def test_move_by_label_id(self):
        label = self.cli.labels()["Receipts"]["id"]
        self.there_and_back(["move", label], "Receipts")

    def test_read_and_unread(self):
        message_id, subject, message = self.mail()
        self.assertTrue(self.cli.find(subject)["unread"])
        self.wait("read", message)
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset({"\\Seen"})})
        self.assertFalse(self.cli.find(subject)["unread"])
        self.wait("unread", message)
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset()})
        self.wait("undo")
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset({"\\Seen"})})
        self.assert_agrees()

    def test_star_and_unstar(self):
        message_id, subject, message = self.mail()
        self.wait("star", message)
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset({"\\Flagged"})})
        self.assertTrue(self.cli.find(subject)["starred"])
        self.wait("unstar", message)
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset()})
        self.wait("undo")
        self.assertTrue(self.cli.find(subject)["starred"])
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset({"\\Flagged"})})

    def test_flags_go_to_every_copy(self):
        message_id, subject, message = self.mail("INBOX", "Projects", "Receipts")
        self.assertEqual(self.labels_of(subject, "INBOX"), ["INBOX", "Projects", "Receipts"])
        self.wait("read", message)
        self.wait("star", message)
        for folder in ("INBOX", "Projects", "Receipts"):
            self.assertEqual(self.witness.flags(folder, message_id),
                             {frozenset({"\\Seen", "\\Flagged"})}, folder)
        self.assert_agrees()

    def test_add_label(self):
        message_id, subject, message = self.mail()
        self.wait("add-label", "Projects", message)
        self.where(message_id, "INBOX", "Projects")
        self.assertEqual(self.labels_of(subject, "INBOX"), ["INBOX", "Projects"])
        self.assertEqual(len(self.cli.find(subject)["messages"]), 1)
        self.wait("undo")
        self.where(message_id, "INBOX")
        self.assertEqual(self.labels_of(subject, "INBOX"), ["INBOX"])
        self.assert_agrees()

    def test_add_label_twice_makes_one_copy(self):
        message_id, _, message = self.mail()
        self.wait("add-label", "Projects", message)
        self.assertFalse(self.wait("add-label", "Projects", message)[-1]["done"]["changed"])
        self.where(message_id, "INBOX", "Projects")

    def test_add_label_keeps_the_flags(self):
        message_id, _, message = self.mail(flags="FS")
        self.wait("add-label", "Projects", message)
        self.assertEqual(self.witness.flags("Projects", message_id),
                         {frozenset({"\\Seen", "\\Flagged"})})

    def test_a_flag_set_right_after_a_label(self):
        message_id, _, message = self.mail()
        self.cli.do("add-label", "Projects", message)
        self.cli.do("read", message)
        self.cli.do("star", message)
        self.cli.sync()
        for folder in ("INBOX", "Projects"):
            self.assertEqual(self.witness.flags(folder, message_id),
                             {frozenset({"\\Seen", "\\Flagged"})}, folder)
        self.assert_agrees()

    def test_remove_label(self):
        message_id, subject, message = self.mail("INBOX", "Projects")
        self.wait("remove-label", "Projects", message)
        self.where(message_id, "INBOX")
        self.assertEqual(self.labels_of(subject, "INBOX"), ["INBOX"])
        self.wait("undo")
        self.where(message_id, "INBOX", "Projects")
        self.assert_agrees()

    def test_the_last_copy_goes_to_archive(self):
        message_id, subject, message = self.mail("Projects")
        self.wait("remove-label", "Projects", message)
        self.where(message_id, "Archive")
        self.assertEqual(self.labels_of(subject, "Archive"), ["Archive"])
        self.wait("undo")
        self.where(message_id, "Projects")
        self.assert_agrees()

    def test_both_labels_removed_before_a_sync(self):
        message_id, subject, message = self.mail("Projects", "Receipts")
        self.cli.do("remove-label", "Projects", message)
        self.cli.do("remove-label", "Receipts", message)
        self.assertEqual(self.labels_of(subject, "Archive"), ["Archive"])
        self.cli.sync()
        self.where(message_id, "Archive")
        self.assert_agrees()

    def test_archive_with_labels_leaves_them(self):
        message_id, _, message = self.mail("INBOX", "Projects")
        self.wait("archive", message)
        self.assertNotIn("INBOX", self.witness.where(message_id))
        self.assertIn("Projects", self.witness.where(message_id))
        self.wait("undo")
        self.where(message_id, "INBOX", "Projects")
        self.assert_agrees()

    def test_trash_takes_every_copy(self):
        message_id, _, message = self.mail("INBOX", "Projects")
        self.wait("trash", message)
        self.where(message_id, "Deleted Items")
        self.assertIsNone(self.cli.find(_))
        self.wait("undo")
        self.where(message_id, "INBOX", "Projects")
        self.assert_agrees()

    def test_delete_from_trash(self):
        message_id, subject, message = self.mail("Deleted Items")
        others = self.witness.ids("Deleted Items")
        self.wait("delete", message)
        self.where(message_id)
        self.assertIsNone(self.cli.find(subject, "Deleted Items"))
        del others[message_id]
        self.assertEqual(self.witness.ids("Deleted Items"), others)
        self.assert_agrees()

    def test_delete_elsewhere_is_not_for_good(self):
        message_id, _, message = self.mail("INBOX")
        done = self.cli.run("delete", message, "--wait")
        if done.status == 0:
            self.assertFalse(done.last["done"]["changed"], str(done))
        else:
            self.assert_error(done, ("invalid-argument", "refused"))
        self.where(message_id, "INBOX")
        self.assertEqual(self.cli.do("pending"), [])

    def test_undo_before_the_sync_leaves_the_server_alone(self):
        message_id, subject, message = self.mail()
        uid = self.witness.uid("INBOX", message_id)
        for command in (["archive"], ["trash"], ["add-label", "Projects"], ["move", "Receipts"]):
            self.cli.do(*command, message)
            self.cli.do("undo")
            self.assertEqual(self.labels_of(subject, "INBOX"), ["INBOX"], command)
        self.cli.sync()
        self.where(message_id, "INBOX")
        self.assertEqual(self.witness.uid("INBOX", message_id), uid)
        self.assertEqual(self.cli.do("pending"), [])

    def test_undo_again_and_again(self):
        message_id, subject, message = self.mail()
        self.wait("star", message)
        self.wait("add-label", "Projects", message)
        self.wait("archive", message)
        self.wait("undo")
        self.wait("undo")
        self.wait("undo")
        self.where(message_id, "INBOX")
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset()})
        self.assertEqual(self.labels_of(subject, "INBOX"), ["INBOX"])

    def test_undo_says_what_cannot_go_back(self):
        """Another client deletes the label that one of two came from."""
        self.witness.create("Fleeting")
        lost, stays = self.mail("Fleeting")[::2]
        back, returns = self.mail("Receipts")[::2]
        self.wait("move", "Projects", stays, returns)
        with self.witness.open() as client:
            client.delete("Fleeting")
        self.cli.sync()
        done = self.cli.run("undo", "--wait")
        self.assertEqual(done.status, 0)
        self.assertEqual(done.lines, [{"stays": {"message": stays, "why": "label-gone"}},
                                      {"undone": True}])
        self.assertEqual(done.err.strip(),
                         "1 message stays where it is: its label is no longer there.")
        self.where(lost, "Projects")
        self.where(back, "Receipts")
        self.assert_agrees()

    def test_several_messages_at_once(self):
        mails = [self.deliver() for _ in range(12)]
        self.cli.sync()
        messages = [self.cli.message(subject) for _, subject in mails]
        self.wait("move", "Projects", *messages)
        for message_id, _ in mails:
            self.where(message_id, "Projects")
        self.wait("undo")
        for message_id, _ in mails:
            self.where(message_id, "INBOX")
        self.wait("add-label", "Receipts", *messages)
        self.wait("read", *messages)
        self.wait("trash", *messages)
        for message_id, _ in mails:
            self.where(message_id, "Deleted Items")
        self.wait("delete", *messages)
        for message_id, _ in mails:
            self.where(message_id)
        self.assert_agrees()

    def test_a_chain_of_acts_before_a_sync(self):
        message_id, subject, message = self.mail()
        for command in (["star"], ["move", "Projects"], ["add-label", "Receipts"], ["read"],
                        ["remove-label", "Projects"], ["move", "Projects/Aurora"], ["unstar"],
                        ["add-label", "INBOX"]):
            self.cli.do(*command, message)
        expected = self.labels_of(subject, "INBOX")
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.where(message_id, *expected)
        for folder in expected:
            self.assertEqual(self.witness.flags(folder, message_id), {frozenset({"\\Seen"})})
        self.assert_agrees()

    def test_the_same_message_twice_in_a_folder(self):
        message_id, raw = harness.letter("twice " + self.id())
        self.witness.append("INBOX", raw)
        self.witness.append("INBOX", raw)
        self.cli.sync()
        message = self.cli.message("twice " + self.id())
        self.wait("read", message)
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset({"\\Seen"})})
        self.wait("archive", message)
        self.assertNotIn("INBOX", self.witness.where(message_id))
        self.assertIn("Archive", self.witness.where(message_id))
        self.wait("trash", message)
        self.assertEqual(set(self.witness.where(message_id)), {"Deleted Items"})

    def test_messages_without_an_id(self):
        subject = "no id " + self.id()
        raw = f"From: a@b.example\r\nSubject: {subject}\r\n\r\nBare.\r\n".encode()
        self.witness.append("INBOX", raw)
        self.cli.sync()
        message = self.cli.message(subject)
        before = {folder: ids.total() for folder, ids in self.witness.everything().items()}
        self.wait("archive", message)
        self.wait("add-label", "Projects", message)
        self.wait("star", message)
        after = {folder: ids.total() for folder, ids in self.witness.everything().items()}
        before["INBOX"] -= 1
        before["Archive"] += 1
        before["Projects"] += 1
        self.assertEqual(after, before)
        self.assertEqual(self.witness.flags("Projects", ""), {frozenset({"\\Flagged"})})
        self.wait("trash", message)
        self.assert_agrees()

    def test_an_act_on_what_is_gone_from_the_server(self):
        message_id, subject, message = self.mail()
        self.witness.command("INBOX", "STORE", str(self.witness.uid("INBOX", message_id)),
                             "+FLAGS", "(\\Deleted)")
        self.cli.run("archive", message)
        self.cli.sync()
        self.cli.sync()
        self.assertIsNone(self.cli.find(subject, "INBOX"))
        self.assertIsNone(self.cli.find(subject, "Archive"))
        self.where(message_id)
        self.assertEqual(self.cli.do("pending"), [])

    def test_an_act_on_what_another_client_moved(self):
        message_id, subject, message = self.mail()
        self.witness.command("INBOX", "MOVE", str(self.witness.uid("INBOX", message_id)),
                             "Receipts")
        self.cli.do("star", message)
        self.cli.sync()
        self.cli.sync()
        self.where(message_id, "Receipts")
        self.assertEqual(self.labels_of(subject, "Receipts"), ["Receipts"])
        self.assertTrue(self.cli.find(subject)["starred"])
        self.assertEqual(self.witness.flags("Receipts", message_id), {frozenset({"\\Flagged"})})
        self.assertEqual(self.cli.do("pending"), [])

    def test_a_flag_and_a_label_on_what_another_client_moved(self):
        """The flag is not left behind, nor does the copy bring the old one back."""
        for command, target in ((["add-label", "Projects"], "Projects"), (["trash"], None)):
            message_id, subject, message = self.mail(flags="S")
            self.witness.command("INBOX", "MOVE", str(self.witness.uid("INBOX", message_id)),
                                 "Receipts")
            self.cli.do("unread", message)
            self.cli.do(*command, message)
            self.cli.sync()
            self.cli.sync()
            self.where(message_id, *(["Receipts", target] if target else ["Deleted Items"]))
            for folder in self.witness.where(message_id):
                self.assertEqual(self.witness.flags(folder, message_id), {frozenset()}, folder)
            self.assertEqual(self.cli.do("pending"), [])
            self.assert_agrees()

    def test_a_star_on_a_copy_that_is_removed_here(self):
        """What another client did to a copy stays with the message."""
        message_id, subject, message = self.mail("INBOX", "Projects")
        self.witness.command("Projects", "STORE", str(self.witness.uid("Projects", message_id)),
                             "+FLAGS", "(\\Flagged)")
        self.cli.do("remove-label", "Projects", message)
        self.cli.sync()
        self.where(message_id, "INBOX")
        self.assertEqual(self.witness.flags("INBOX", message_id), {frozenset({"\\Flagged"})})
        self.assertTrue(self.cli.find(subject)["starred"])
        self.assert_agrees()


class BareMailbox(harness.Case):
    """Nothing but an Inbox: what has no place to go stays where it is."""

    folders = ("Projects",)
    ROLES = {"archive": "Archive", "trash": "Deleted Items", "spam": "Junk Email"}

    def test_acts_that_need_a_folder_that_is_not_there(self):
        message_id, subject, message = self.mail()
        for command in self.ROLES:
            self.assert_error(self.cli.run(command, message, "--wait"), "not-found")
            self.assertEqual(self.witness.where(message_id), ["INBOX"])
            self.assertIsNotNone(self.cli.find(subject, "INBOX"))
        self.cli.do("move", "Projects", message, "--wait")
        self.assert_error(self.cli.run("remove-label", "Projects", message, "--wait"),
                          "not-found")
        self.assertEqual(self.witness.where(message_id), ["Projects"])
        self.assertEqual(self.cli.do("pending"), [])
        self.assertEqual(set(self.witness.folders()), {"INBOX", "Projects"})

    def test_sent_without_a_folder_for_it(self):
        done = self.cli.run("send", "--to", "jonas.brandt@northwind.example", "--subject",
                            "nowhere to file", "--wait")
        jonas = harness.Witness(self.server, "jonas.brandt@northwind.example")
        self.assertTrue(harness.until(lambda: jonas.subjects()["INBOX"][0]["nowhere to file"]))
        self.cli.run("sync")
        self.cli.run("sync")
        self.assertEqual(jonas.subjects()["INBOX"][0]["nowhere to file"], 1)
        self.assertEqual((done.status, done.last["sent"], done.last["filed"]), (0, True, False))
        self.assertEqual([one["state"] for one in self.cli.do("outbox")], ["submitted"])
        self.assertEqual(set(self.witness.folders()), {"INBOX", "Projects"})
        self.witness.create("Sent Items")
        self.cli.sync()
        self.cli.sync()
        self.assertEqual(self.cli.do("outbox"), [])
        self.assertEqual(self.witness.subjects()["Sent Items"][0]["nowhere to file"], 1)
        self.assertEqual(jonas.subjects()["INBOX"][0]["nowhere to file"], 1)
        with self.witness.open() as client:
            client.delete('"Sent Items"')


class OtherLanguage(harness.Case):
    folders = ("Gesendete Elemente", "Entwürfe", "Gelöschte Elemente", "Junk-E-Mail", "Archiv",
               "Kalender", "Aufgaben")

    def test_roles(self):
        roles = {path: label["role"] for path, label in self.cli.labels().items()}
        self.assertEqual(roles, {
            "INBOX": "inbox", "Gesendete Elemente": "sent", "Entwürfe": "drafts",
            "Gelöschte Elemente": "trash", "Junk-E-Mail": "junk", "Archiv": "archive",
            "Kalender": None, "Aufgaben": None})
        message_id, _, message = self.mail()
        for command, folder in (("archive", "Archiv"), ("spam", "Junk-E-Mail"),
                                ("unspam", "INBOX"), ("trash", "Gelöschte Elemente")):
            self.cli.do(command, message, "--wait")
            self.assertEqual(self.witness.where(message_id), [folder])


class ActsWithExtensions(Acts):
    server_options = {"mailbox": "empty", "capability": "full"}


if __name__ == "__main__":
    harness.main()
