# SPDX-License-Identifier: GPL-3.0-or-later
"""Maildir folders as Dovecot's layout "fs" has them: real folders, names in modified UTF-7."""

import base64
import itertools
import os
import pathlib
import re

_numbers = itertools.count(500_000)


def encode_name(name):
    """Modified UTF-7 (RFC 3501, 5.1.3)."""

    def shifted(match):
        encoded = base64.b64encode(match[0].encode("utf-16-be"), b"+,").decode().rstrip("=")
        return f"&{encoded}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, name.replace("&", "&-"))


def folder_path(root, name):
    """Where the folder NAME, its levels split by "/", lies below the Maildir ROOT."""
    root = pathlib.Path(root)
    return root if name == "INBOX" else root / encode_name(name)


def make_folder(root, name):
    """Makes the folder and the levels above it, all of which can hold mail."""
    levels = name.split("/")
    for depth in range(1, len(levels) + 1):
        path = folder_path(root, "/".join(levels[:depth]))
        for part in ("cur", "new", "tmp"):
            (path / part).mkdir(parents=True, exist_ok=True)
    return path


def write(root, folder, raw, flags, when, number, fresh=False):
    """Writes the message RAW (bytes) and returns its path; WHEN becomes the IMAP INTERNALDATE.

    FLAGS are Maildir's letters. A fresh message without flags goes to "new".
    """
    path = folder_path(root, folder)
    newlines = raw.count(b"\n") - raw.count(b"\r\n")
    name = f"{int(when)}.M{number:06d}.demo,S={len(raw)},W={len(raw) + newlines}"
    temporary = path / "tmp" / name
    temporary.write_bytes(raw)
    os.utime(temporary, (when, when))
    final = (
        path / "new" / name
        if fresh and not flags
        else path / "cur" / f"{name}:2,{''.join(sorted(flags))}"
    )
    return temporary.rename(final)


def deliver(root, folder, raw, flags, when):
    """Adds a new message to a folder that is being served; returns its path."""
    return write(root, folder, raw, flags, when, next(_numbers), fresh=True)
