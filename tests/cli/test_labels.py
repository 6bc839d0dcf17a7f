#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels made, renamed and deleted here are folders made, renamed and deleted there."""

import harness
from harness import imap_quoted


class Labels(harness.Case):
    shared = True

    def settle(self):
        self.cli.sync()
        self.assertEqual(self.cli.do("pending"), [])
        self.assert_agrees()

    def kinds(self):
        return [one["kind"] for one in self.cli.do("pending")]

    def test_create(self):
        label, = self.cli.do("label", "create", "Öde Pläne")
        self.assertEqual((label["path"], label["role"], label["pinned"]), ("Öde Pläne", None, True))
        self.assertEqual(self.cli.labels()["Öde Pläne"]["id"], label["id"])
        self.assertNotIn("Öde Pläne", self.witness.folders())
        self.assertEqual(self.kinds(), ["create-label"])
        self.settle()
        self.assertIn("Öde Pläne", self.witness.folders())
        self.assertEqual(self.cli.labels()["Öde Pläne"]["id"], label["id"])
        self.cli.do("label", "delete", "Öde Pläne", "--wait")
        self.assertNotIn("Öde Pläne", self.witness.folders())

    def test_create_deep_with_mail_before_the_server_knows(self):
        message_id, subject, message = self.mail()
        self.cli.do("label", "create", "Deep/er \"quoted\" & 日本/est")
        self.assertEqual(self.kinds(), ["create-label"] * 3)
        self.cli.do("move", "Deep/er \"quoted\" & 日本/est", message)
        self.cli.do("add-label", "Deep", message)
        row = self.cli.find(subject)
        self.assertEqual(sorted(row["labels"]), ["Deep", "Deep/er \"quoted\" & 日本/est"])
        self.settle()
        self.assertEqual(self.witness.where(message_id), ["Deep", "Deep/er \"quoted\" & 日本/est"])

    def test_names_that_cannot_be(self):
        for name in ("", "/", "a//b", "Projects/", "in\nside", "x" * 241, "INBOX", "inbox",
                     "PROJECTS", "projects/aurora"):
            self.assert_error(self.cli.run("label", "create", name), "invalid-argument")
        for name in ("Receipts", "PROJECTS/Aurora", "Projects/inside", "sent items"):
            self.assert_error(self.cli.run("label", "rename", "Projects", name),
                              "invalid-argument")
        self.assertEqual(self.kinds(), [])

    def test_default_folders_stay(self):
        for path in ("INBOX", "Sent Items", "Archive", "Deleted Items", "Junk Email", "Drafts"):
            self.assert_error(self.cli.run("label", "rename", path, "Other"), "invalid-argument")
            done = self.cli.run("label", "delete", path)
            self.assert_error(done, "invalid-argument")
            self.assertIn(f"{path} has a role", done.err)
            self.assertNotIn("cure", done.error)
        self.assert_error(self.cli.run("label", "delete", "No such"), "not-found")
        self.assertEqual(self.kinds(), [])

    def test_rename_takes_along_what_is_inside(self):
        self.witness.create("Tree", "Tree/branch", "Tree/branch/leaf", "Treehouse")
        message_id, subject, message = self.mail("Tree/branch/leaf")
        ids = {path: label["id"] for path, label in self.cli.labels().items()}
        self.cli.do("label", "rename", "Tree", "New place/Busch & Co")
        labels = self.cli.labels()
        for old, new in (("Tree", "New place/Busch & Co"),
                         ("Tree/branch/leaf", "New place/Busch & Co/branch/leaf")):
            self.assertNotIn(old, labels)
            self.assertEqual(labels[new]["id"], ids[old])
        self.assertIn("Treehouse", labels)
        self.assertEqual(self.cli.find(subject)["labels"], ["New place/Busch & Co/branch/leaf"])
        self.assertEqual(self.kinds(), ["create-label", "rename-label"])
        self.cli.do("star", message)
        self.settle()
        self.assertEqual(self.cli.labels()["New place/Busch & Co/branch/leaf"]["id"],
                         ids["Tree/branch/leaf"])
        self.assertEqual(self.witness.where(message_id), ["New place/Busch & Co/branch/leaf"])
        self.assertEqual(self.cli.sync()["new"], 0)

    def test_many_changes_of_name_before_a_sync(self):
        message_id, subject, message = self.mail()
        self.cli.do("label", "create", "One")
        self.cli.do("label", "create", "One/in it")
        self.cli.do("move", "One/in it", message)
        self.cli.do("label", "rename", "One", "Two")
        self.cli.do("label", "rename", "Two/in it", "Two/still in it")
        self.cli.do("label", "rename", "Two", "three")
        self.cli.do("label", "rename", "three", "Three")
        self.assertEqual(self.cli.find(subject)["labels"], ["Three/still in it"])
        self.settle()
        self.assertEqual(self.witness.where(message_id), ["Three/still in it"])
        self.assertFalse({"One", "Two", "three"} & set(self.witness.folders()))

    def test_undo(self):
        self.cli.do("label", "create", "Undone")
        self.cli.do("undo")
        self.assertNotIn("Undone", self.cli.labels())
        self.assertEqual(self.kinds(), [])

        self.cli.do("label", "create", "Undone later", "--wait")
        self.cli.do("undo")
        self.assertNotIn("Undone later", self.cli.labels())
        self.settle()
        self.assertNotIn("Undone later", self.witness.folders())

        self.witness.create("Named", "Named/below")
        self.cli.sync()
        self.cli.do("label", "rename", "Named", "Renamed")
        self.cli.do("undo")
        self.assertEqual(self.kinds(), [])
        self.assertIn("Named/below", self.cli.labels())
        self.cli.do("label", "rename", "Named", "Renamed", "--wait")
        self.cli.do("undo", "--wait")
        self.settle()
        self.assertIn("Named/below", self.witness.folders())
        self.assertNotIn("Renamed", self.witness.folders())

    def delete(self, *options):
        """A label with mail of its own, mail that is elsewhere too, and a label inside."""
        self.witness.create("Doomed", "Doomed/inside")
        own, own_subject, _ = self.mail("Doomed")
        shared, shared_subject, _ = self.mail("Doomed", "Receipts")
        deep, deep_subject, _ = self.mail("Doomed/inside")
        self.cli.do("label", "delete", "Doomed", *options)
        labels = self.cli.labels()
        self.assertNotIn("Doomed", labels)
        self.assertNotIn("Doomed/inside", labels)
        return (own, own_subject), (shared, shared_subject), (deep, deep_subject)

    def test_delete(self):
        own, shared, deep = self.delete()
        self.assertEqual(self.cli.find(own[1])["labels"], ["Archive"])
        self.assertEqual(self.cli.find(shared[1])["labels"], ["Receipts"])
        self.settle()
        for one, where in ((own, "Archive"), (shared, "Receipts"), (deep, "Archive")):
            self.assertEqual(self.witness.where(one[0]), [where])
        self.assertFalse({"Doomed", "Doomed/inside"} & set(self.witness.folders()))

    def test_delete_with_mail_to_trash(self):
        own, shared, deep = self.delete("--mail", "trash")
        self.settle()
        for one, where in ((own, "Deleted Items"), (shared, "Receipts"), (deep, "Deleted Items")):
            self.assertEqual(self.witness.where(one[0]), [where])

    def test_delete_and_undo(self):
        own, shared, deep = self.delete()
        self.cli.do("undo")
        self.assertEqual(self.kinds(), [])
        self.settle()
        self.assertEqual(self.witness.where(own[0]), ["Doomed"])

        self.cli.do("label", "delete", "Doomed", "--wait")
        self.assertNotIn("Doomed", self.witness.folders())
        self.cli.do("undo")
        self.assertEqual(self.cli.find(own[1])["labels"], ["Doomed"])
        self.assertEqual(self.cli.find(deep[1])["labels"], ["Doomed/inside"])
        self.settle()
        self.assertEqual(self.witness.where(own[0]), ["Doomed"])
        self.assertEqual(self.witness.where(shared[0]), ["Doomed", "Receipts"])
        self.assertEqual(self.witness.where(deep[0]), ["Doomed/inside"])
        self.cli.do("label", "delete", "Doomed", "--wait")
        self.settle()

    def test_delete_what_has_more_than_is_known_here(self):
        self.witness.create("Busy")
        self.mail("Busy")
        self.cli.do("label", "delete", "Busy")
        late = [self.deliver(folder="Busy")[0] for _ in range(3)]
        self.settle()
        for message_id in late:
            self.assertEqual(self.witness.where(message_id), ["Archive"])
        self.assertNotIn("Busy", self.witness.folders())

    def test_delete_two_that_get_the_same_mail(self):
        """It lies once where it goes, and loses the label only where it is elsewhere."""
        self.witness.create("One of two", "Two of two")
        shared, _, _ = self.mail()
        self.cli.do("label", "delete", "One of two")
        self.cli.do("label", "delete", "Two of two")
        late, _ = self.deliver(folder="One of two")
        self.witness.command("One of two", "COPY", "1:*", imap_quoted("Two of two"))
        self.witness.command("INBOX", "COPY", str(self.witness.uid("INBOX", shared)),
                             imap_quoted("One of two"))
        self.settle()
        self.assertEqual(self.witness.where(late), ["Archive"])
        self.assertEqual(self.witness.where(shared), ["INBOX"])
        self.assertFalse({"One of two", "Two of two"} & set(self.witness.folders()))

    def test_delete_while_another_makes_a_folder_inside(self):
        self.witness.create("Parent")
        self.cli.sync()
        self.cli.do("label", "delete", "Parent")
        self.witness.create("Parent/child")
        refused = [line["refused"] for line in self.cli.do("sync") if "refused" in line]
        self.assertEqual([one["kind"] for one in refused], ["delete-label"])
        self.settle()
        self.assertLessEqual({"Parent", "Parent/child"}, set(self.cli.labels()))

    def test_created_there_too(self):
        message_id, subject, message = self.mail()
        label, = self.cli.do("label", "create", "Both sides")
        self.cli.do("move", "Both sides", message)
        self.witness.create("Both sides")
        self.settle()
        self.assertEqual(self.cli.labels()["Both sides"]["id"], label["id"])
        self.assertEqual(self.witness.where(message_id), ["Both sides"])

        other, = self.cli.do("label", "create", "In other case")
        self.cli.do("move", "In other case", message)
        self.witness.create("in OTHER case")
        self.settle()
        self.assertEqual(self.cli.labels()["in OTHER case"]["id"], other["id"])
        self.assertEqual(self.witness.where(message_id), ["in OTHER case"])

    def test_renamed_there_too(self):
        self.witness.create("Fought over")
        _, subject, _ = self.mail("Fought over")
        self.cli.do("label", "rename", "Fought over", "Ours")
        with self.witness.open() as client:
            client.rename(imap_quoted("Fought over"), "Theirs")
        self.cli.do("sync")
        self.settle()
        self.assertEqual(len(self.cli.find(subject)["labels"]), 1)

    def test_made_within_what_is_renamed_there(self):
        self.witness.create("Top", "Stray")
        message_id, _, message = self.mail("Top")
        _, _, stray = self.mail("Stray")
        made, = self.cli.do("label", "create", "Top/Inner")
        self.cli.do("label", "create", "Top/Taken")
        self.cli.do("label", "rename", "Stray", "Top/Found")
        self.cli.do("add-label", "Top/Inner", message)
        with self.witness.open() as client:
            client.rename("Top", "Theirs")
        self.witness.create("Theirs/Taken")
        self.cli.do("sync")
        self.settle()
        labels = self.cli.labels()
        self.assertEqual(labels["Theirs/Inner"]["id"], made["id"])
        self.assertLessEqual({"Theirs", "Theirs/Inner", "Theirs/Taken", "Theirs/Found"}, set(labels))
        self.assertFalse([path for path in labels if path.startswith(("Top", "Stray"))])
        self.assertEqual(self.witness.where(message_id), ["Theirs", "Theirs/Inner"])
        self.assertEqual(self.cli.do("show", stray)[-1]["labels"], ["Theirs/Found"])

    def test_undo_of_a_rename_within_what_is_renamed_there(self):
        self.witness.create("Summit", "Summit/Known")
        for folder in ("Summit", "Summit/Known"):
            self.witness.append(folder, harness.letter(folder + self.id())[1])
        self.cli.sync()
        self.cli.do("label", "rename", "Summit/Known", "Summit/New")
        with self.witness.open() as client:
            client.rename("Summit", "Height")
        self.cli.sync()
        self.cli.sync()
        self.assertIn("Height/New", self.cli.labels())
        self.cli.do("undo")
        self.cli.sync()
        self.cli.sync()
        self.assertIn("Height/Known", self.cli.labels())
        self.assertNotIn("Summit", self.witness.folders())

    def test_the_name_is_taken_meanwhile(self):
        self.witness.create("Wants a name")
        self.cli.sync()
        self.cli.do("label", "rename", "Wants a name", "Taken")
        self.witness.create("Taken")
        refused = [line["refused"] for line in self.cli.do("sync") if "refused" in line]
        self.assertEqual([one["kind"] for one in refused], ["rename-label"])
        self.settle()
        self.assertLessEqual({"Wants a name", "Taken"}, set(self.cli.labels()))

    def test_deleted_there_too(self):
        self.witness.create("Gone twice")
        self.cli.sync()
        self.cli.do("label", "delete", "Gone twice")
        with self.witness.open() as client:
            client.delete(imap_quoted("Gone twice"))
        self.settle()
        self.assertNotIn("Gone twice", self.cli.labels())

    def test_made_again_before_it_is_deleted(self):
        self.witness.create("On and off")
        message_id, subject, _ = self.mail("On and off")
        self.cli.do("label", "delete", "On and off")
        self.cli.do("label", "create", "On and off")
        self.settle()
        self.assertIn("On and off", self.witness.folders())
        self.assertEqual(self.witness.where(message_id), ["Archive"])

    def test_pin(self):
        self.cli.do("label", "unpin", "Receipts")
        self.assertFalse(self.cli.labels()["Receipts"]["pinned"])
        self.cli.do("label", "pin", "Receipts")
        self.assertTrue(self.cli.labels()["Receipts"]["pinned"])


class LabelsWithExtensions(Labels):
    server_options = {"mailbox": "empty", "capability": "full"}


class LabelsOutsideTheRange(harness.Case):
    """What is too old to be here is not lost with its folder."""

    account_options = ("--history", "none")
    server_options = {"mailbox": "empty"}

    def test_delete(self):
        self.witness.create("Attic")
        message_id, _ = self.deliver(folder="Attic")
        cli = self.new_cli()
        self.assertEqual(cli.labels()["Attic"]["total"], 0)
        cli.do("label", "delete", "Attic", "--wait")
        self.assertEqual(self.witness.where(message_id), ["Archive"])
        self.assertNotIn("Attic", self.witness.folders())


if __name__ == "__main__":
    harness.main()
