# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kerberos realm of the demo server's own: MIT's KDC on loopback, keys in the server's folder.

The KDC knows the mail services of localhost and the first user, whose key is in a keytab: a test
gets a ticket with `kinit -k -t KEYTAB anna`, and KRB5_CONFIG leads to this realm and to no other.
"""

import os
import secrets
import shutil
import subprocess

REALM = "NORTHWIND.EXAMPLE"
PERSON = f"anna@{REALM}"
SERVICES = ("imap/localhost", "smtp/localhost")
PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")

CONFIG = """\
[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  qualify_shortname = ""
  rdns = false
  forwardable = false
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
[domain_realm]
  localhost = {realm}
[logging]
  kdc = FILE:{logs}/kdc.log
  default = FILE:{logs}/kerberos.log
"""

KDC_CONFIG = """\
[kdcdefaults]
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {realm} = {{
    database_name = {home}/principal
    key_stash_file = {home}/stash
    acl_file = {home}/acl
    max_life = 1h
    supported_enctypes = aes256-cts-hmac-sha1-96:normal
  }}
"""


def missing(path):
    """The programs that are not here."""
    return [name for name in PROGRAMS if not shutil.which(name, path=path)]


class Realm:
    def __init__(self, state, logs, path):
        self.home = state / "kerberos"
        self.logs = logs
        self.path = path
        self.config = self.home / "krb5.conf"
        self.service_keys = self.home / "services.keytab"
        self.person_keys = self.home / "person.keytab"

    def environment(self):
        return {
            "PATH": self.path,
            "LANG": "C.UTF-8",
            "KRB5_CONFIG": str(self.config),
            "KRB5_KDC_PROFILE": str(self.home / "kdc.conf"),
        }

    def write(self, port):
        """The configuration, with the port of this attempt."""
        self.home.mkdir(mode=0o755, exist_ok=True)
        words = {"realm": REALM, "port": port, "home": self.home, "logs": self.logs}
        self.config.write_text(CONFIG.format(**words))
        (self.home / "kdc.conf").write_text(KDC_CONFIG.format(**words))

    def fill(self):
        """The database and the keytabs."""
        self._run("kdb5_util", "create", "-s", "-r", REALM, "-P", secrets.token_urlsafe(12))
        keys = [(name, self.service_keys) for name in SERVICES] + [(PERSON, self.person_keys)]
        commands = [
            line
            for name, keytab in keys
            for line in (f"addprinc -randkey {name}", f"ktadd -k {keytab} {name}")
        ]
        self._run("kadmin.local", "-r", REALM, given="\n".join(commands) + "\n")
        for keytab in (self.service_keys, self.person_keys):
            os.chmod(keytab, 0o644)  # Dovecot reads it as a user of its own

    def _run(self, program, *arguments, given=""):
        """What the programs remark is for the log; what they fail with ends the server."""
        with open(self.logs / "kerberos.err", "ab") as errors:
            subprocess.run(
                [shutil.which(program, path=self.path), *arguments],
                input=given.encode(),
                check=True,
                stdout=errors,
                stderr=errors,
                env=self.environment(),
            )

    def command(self):
        return [shutil.which("krb5kdc", path=self.path), "-n", "-r", REALM]

    def dovecot_settings(self):
        return (
            f"auth_gssapi_hostname = localhost\n"
            f"auth_krb5_keytab = {self.service_keys}\n"
            f"import_environment {{\n  KRB5_CONFIG = {self.config}\n}}\n"
        )

    def facts(self):
        return {
            "config": str(self.config),
            "keytab": str(self.person_keys),
            "principal": PERSON,
        }
