#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Throwaway certificates for tests: one good, several wrong in one way each.

    certificates.py --out DIR [KIND...]

writes DIR/ca.pem and, for each KIND (all by default), DIR/KIND.pem and DIR/KIND.key.
"""

import argparse
import datetime
import pathlib
import subprocess

KINDS = {
    "good": "signed by the authority for localhost, 127.0.0.1 and mail.northwind.example",
    "expired": "the same, but it ran out yesterday",
    "not-yet-valid": "the same, but it begins tomorrow",
    "other-name": "the same, but for mail.elsewhere.example",
    "self-signed": "for localhost, signed by nobody but itself",
    "unknown-issuer": "for localhost, signed by an authority nobody knows",
}
NAMES = "DNS:localhost,DNS:mail.northwind.example,IP:127.0.0.1"
DAY = datetime.timedelta(days=1)


def _openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")


def _issue(out, name, subject, *extensions, authority=None, begins=-10 * DAY, ends=30 * DAY):
    """Makes out/name.key and out/name.pem; `authority` is a certificate's path, without .pem."""
    now = datetime.datetime.now(datetime.timezone.utc)
    options = ["-CA", f"{authority}.pem", "-CAkey", f"{authority}.key"] if authority else []
    for extension in extensions:
        options += ["-addext", extension]
    _openssl(
        "req",
        "-x509",
        "-sha256",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-keyout",
        out / f"{name}.key",
        "-out",
        out / f"{name}.pem",
        "-subj",
        subject,
        "-not_before",
        f"{now + begins:%Y%m%d%H%M%SZ}",
        "-not_after",
        f"{now + ends:%Y%m%d%H%M%SZ}",
        *options,
    )


def _authority(out, name, subject):
    _issue(out, name, subject, "keyUsage=critical,keyCertSign,cRLSign")


def _server(out, kind, names=NAMES, **how):
    first = names.partition(",")[0].removeprefix("DNS:")
    _issue(
        out,
        kind,
        f"/O=Northwind Instruments/CN={first}",
        f"subjectAltName={names}",
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=serverAuth",
        **how,
    )


def make_certificates(out, kinds=tuple(KINDS)):
    """Makes the authority and certificates of KINDS in the folder OUT; returns ca.pem's path."""
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    _authority(out, "ca", "/O=Northwind Instruments/CN=Demo authority of this run")
    for kind in kinds:
        if kind == "self-signed":
            _server(out, kind)
        elif kind == "unknown-issuer":
            _authority(out, "stranger", "/O=Somebody Else/CN=Some other authority")
            _server(out, kind, authority=out / "stranger")
        else:
            _server(
                out,
                kind,
                authority=out / "ca",
                names="DNS:mail.elsewhere.example" if kind == "other-name" else NAMES,
                begins=DAY if kind == "not-yet-valid" else -10 * DAY,
                ends=-DAY if kind == "expired" else 30 * DAY,
            )
    return out / "ca.pem"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", required=True, metavar="DIR")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    arguments = parser.parse_args()
    if unknown := set(arguments.kinds) - set(KINDS):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}")
    make_certificates(arguments.out, arguments.kinds or tuple(KINDS))


if __name__ == "__main__":
    main()
