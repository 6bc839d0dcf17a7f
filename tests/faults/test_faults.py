#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault lab: every fault has to be named right, and what is offered has to help.

    test_faults.py              every fault by itself, and some pairs
    test_faults.py --pairs      every fault of IMAP with every fault of SMTP: a quarter of an hour
    test_faults.py NAME...      these alone; "IMAP-FAULT+SMTP-FAULT" is a pair

A table says what was named right and wrong. At the servers it is counted that no more than three sign-ins
were refused; what came to them is searched for the password, which may only be inside verified TLS.
"""

import concurrent.futures
import contextlib
import itertools
import os
import random
import shutil
import sys
import time
import unittest

import faults
import network
import proxy
import world as worlds
from faults import IMAP, SMTP
from world import EMAIL, PASSWORD, SECRETS, harness, web

AT_ONCE = 4
MOST_ROUNDS = 5
MOST_ATTEMPTS = 3
MOST_PAIRS = 10
BEFORE_SIGN_IN = ("resolve", "reach", "tls", "certificate", "greeting")
# A server that never answers is given this long, in milliseconds
HURRY = int(1800 * min(harness.PATIENCE, 2))


class Attempt:
    """What a person would have entered, and what came of it."""

    def __init__(self, world, imap, smtp):
        self.world = world
        self.typed = {IMAP: imap, SMTP: smtp}
        self.values = {}
        self.email, self.password = EMAIL, PASSWORD
        for protocol, fault in self.typed.items():
            port, tls = fault.way
            self.values[protocol] = {"host": fault.host, "port": port, "tls": tls, "user": fault.user,
                                     "trust-sha256": fault.trust}
            if fault.password != PASSWORD:
                self.password = fault.password
        # Where one has a name of its own, the other's is certain as well
        if smtp.user and not imap.user:
            self.values[IMAP]["user"] = EMAIL
        if imap.user not in (None, EMAIL) and not smtp.user:
            self.values[SMTP]["user"] = EMAIL
        self.failures = {}
        self.report = ""

    def run(self, hurry=False):
        folder = worlds.pathlib.Path(worlds.tempfile.mkdtemp(prefix="pinion-fault-"))
        environment = {}
        for fault in self.typed.values():
            environment.update(fault.environment)
            if hurry and fault.slow:
                environment["PINION_TIME_LIMIT"] = str(HURRY)
        cli = harness.Cli(folder / "data", self.password, **environment)
        words = [word for protocol, values in self.values.items() for name, value in values.items()
                 if value is not None for word in (f"--{protocol}-{name}", value)]
        options = {}
        if any(fault.offline for fault in self.typed.values()):
            options["preexec_fn"] = lambda: os.unshare(os.CLONE_NEWNET)
        done = cli.run("account", "add", "--email", self.email, "--ca", self.world.ca,
                       "--report", folder / "report", *words, **options)
        self.failures = {line["protocol"]: line for line in done.lines if line.get("ok") is False}
        self.report = (folder / "report").read_text() if (folder / "report").exists() else ""
        shutil.rmtree(folder)
        return done

    def press(self):
        """Does what the buttons say. Returns whether there was one."""
        pressed = False
        for protocol, failure in self.failures.items():
            cure = failure.get("cure")
            if cure:
                pressed = True
                getattr(self, "do_" + cure["action"].replace("-", "_"), self.do_way)(
                    protocol, failure, cure)
        return pressed

    def do_way(self, protocol, _, cure):
        self.values[protocol].update(port=cure["port"], tls=cure["tls"])

    def do_trust(self, protocol, failure, _):
        self.values[protocol]["trust-sha256"] = failure["sha256"]

    def do_server(self, protocol, *_):
        """The person looks the right server up."""
        port, tls = faults.USUAL[protocol]
        self.values[protocol].update(host=self.world.good.host, port=port, tls=tls)

    def do_credentials(self, protocol, *_):
        self.password = PASSWORD
        self.values[protocol]["user"] = EMAIL


class Lab:
    def __init__(self):
        self.world = worlds.World()
        self.world.good = faults.Fault("good", IMAP, faults.house("good", 993, 143, 587, 465), "", "")
        self.world.good.build(self.world)
        self.proxy = proxy.Proxy()
        self.all = {fault.name: fault for fault in (
            *faults.imap_faults(), *faults.smtp_faults(), *faults.here_faults(self.proxy.port))}
        for fault in self.all.values():
            fault.build(self.world)

    def good(self, protocol):
        return faults.Fault("good", protocol, None, "", "").like(self.world.good)

    def single(self, fault):
        other = self.good(SMTP if fault.protocol == IMAP else IMAP)
        return (fault, other) if fault.protocol == IMAP else (other, fault)

    # -- Judging

    def attempts(self, pair):
        """Refused sign-ins that were seen at the servers."""
        seen = 0
        for fault in pair:
            seen += sum(len(peer.attempts) for peer in fault.peers)
            seen += self.world.refused(fault.address) if fault.name != "good" else 0
        return seen

    def sign_ins(self, fault):
        """Everything that was tried at one of them, refused or not."""
        return (sum(len(peer.attempts) for peer in fault.peers)
                + self.world.refused(fault.address) + self.world.entered(fault.address))

    @staticmethod
    def expected(fault, pair):
        """What one protocol takes proves the password; where that one is at fault too, nothing does."""
        other = pair[fault.protocol == IMAP]
        if other.code and fault.code in ("imap-disabled", "sending-disabled"):
            return "sign-in-refused", "credentials"
        return fault.code, fault.cure

    def is_named(self, failure, fault, pair):
        """Why it is named wrong; empty where it is right."""
        code, wanted = self.expected(fault, pair)
        if failure is None:
            return "nothing was told"
        if (failure["code"], failure["stage"]) != (code, fault.stage):
            return f"{failure['code']} at {failure['stage']}"
        cure = failure.get("cure")
        told = cure and cure["action"]
        if told == "switch":
            told = ("switch", cure["port"], cure["tls"])
        return "" if told == wanted else f"cure {told}"

    def check(self, pair):
        """(name, expected, words about what is wrong; empty where nothing is)"""
        with contextlib.ExitStack() as stack:
            # What is counted at a fault's servers has to come of this alone.
            for fault in sorted(pair, key=lambda one: one.name):
                if fault.name != "good":
                    stack.enter_context(fault.lock)
            return self.check_alone(pair)

    def check_alone(self, pair):
        broken = [fault for fault in pair if fault.code]
        began = time.monotonic()
        attempt = Attempt(self.world, *pair)
        before = self.attempts(pair)
        entered = {fault.name: self.sign_ins(fault) for fault in pair}
        done = attempt.run(hurry=True)
        wrong = [self.is_named(attempt.failures.get(fault.protocol), fault, pair) for fault in broken
                 if self.has_to_be_told(fault, pair)]
        wrong += [f"{protocol} was well: {failure['code']}"
                  for protocol, failure in attempt.failures.items()
                  if not any(fault.everywhere or fault.protocol == protocol for fault in broken)]
        refused = self.attempts(pair) - before
        if refused > MOST_ATTEMPTS:
            wrong.append(f"{refused} sign-ins")
        wrong += [f"signed in at {fault.name}" for fault in pair if fault.stage in BEFORE_SIGN_IN
                  and self.sign_ins(fault) > entered[fault.name]]
        wrong += self.leaks(pair, done, attempt)
        wrong = [words for words in wrong if words]
        if not wrong:
            wrong = self.cure(attempt, broken)
        codes = [fault.code for fault in broken] + [f"({time.monotonic() - began:.1f} s)"]
        return "+".join(fault.name for fault in broken), codes, wrong

    @staticmethod
    def has_to_be_told(fault, pair):
        """Where IMAP does not get as far, SMTP does not sign in without knowing as whom."""
        imap = pair[0]
        return (fault.protocol == IMAP or fault.stage != "sign-in" or not imap.code
                or imap.stage == "sign-in" and imap.code != "sign-in-refused")

    def cure(self, attempt, broken):
        able = all(fault.cured for fault in broken)
        for _ in range(MOST_ROUNDS):
            if not attempt.press():
                break
            done = attempt.run()
            if done.status == 0:
                return [] if able else ["was cured, though it should not be"]
        if able:
            return [f"not cured: {attempt.failures}"]
        return []

    @staticmethod
    def leaks(pair, done, attempt):
        found = []
        for fault in pair:
            heard = b"".join(bytes(relay.heard) for relay in fault.relays)
            found += [f"the password was heard at {fault.name}" for secret in SECRETS
                      if secret in heard]
        texts = done.out + done.err.encode() + attempt.report.encode()
        found += ["the password is in what was told" for secret in SECRETS if secret in texts]
        if not attempt.report and pair[0].code + pair[1].code:
            found.append("no report")
        return found

    def run(self, pairs):
        rows = []
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for row in pool.map(self.check, pairs):
                rows.append(row)
                if len(rows) % 100 == 0:
                    wrong = sum(bool(wrong) for _, _, wrong in rows)
                    print(f"{len(rows)} of {len(pairs)}, {wrong} named wrong", flush=True)
        return rows

    def close(self):
        self.world.close()


def print_table(title, rows):
    right = sum(not wrong for _, _, wrong in rows)
    width = max(len(name) for name, _, _ in rows)
    print(f"\n{title}: {right} named right, {len(rows) - right} named wrong")
    for name, codes, wrong in rows:
        print(f"  {name:{width}}  {'right' if not wrong else 'WRONG'}  {', '.join(codes)}"
              + (f"  <- {'; '.join(map(str, wrong))}" if wrong else ""))


class Faults(unittest.TestCase):
    def assert_right(self, title, pairs):
        began = time.monotonic()
        rows = lab.run(pairs)
        print_table(f"{title} ({time.monotonic() - began:.1f} s)", rows)
        self.assertEqual([(name, wrong) for name, _, wrong in rows if wrong], [])

    def test_singles(self):
        chosen = [lab.single(fault) for fault in sorted(lab.all.values(), key=lambda one: not one.slow)]
        self.assertGreaterEqual(len(chosen), 40)
        self.assert_right("Single faults", chosen)

    def test_pairs(self):
        """Each of a sample with another; by hand, all with all."""
        imap = [fault for fault in lab.all.values() if fault.protocol == IMAP
                and not fault.offline and not fault.environment]
        smtp = [fault for fault in lab.all.values() if fault.protocol == SMTP]
        quick = [[fault for fault in kind if not fault.slow] for kind in (imap, smtp)]
        if ALL_PAIRS:
            pairs = list(itertools.product(*quick))
            # What ends by a time limit is paired once, with what does not
            pairs += [(fault, quick[1][at % len(quick[1])]) for at, fault in enumerate(imap)
                      if fault.slow]
            pairs += [(quick[0][at % len(quick[0])], fault) for at, fault in enumerate(smtp)
                      if fault.slow]
            # So that neighbours do not wait for each other's faults
            random.Random(1).shuffle(pairs)
        else:
            pairs = [(quick[0][at * 3 % len(quick[0])], quick[1][at * 5 % len(quick[1])])
                     for at in range(MOST_PAIRS)]
        self.assert_right("Pairs", pairs)


class Proxied(unittest.TestCase):
    def test_a_proxy_is_used(self):
        """All goes through the proxy that the network's settings name."""
        passing = proxy.Proxy(passes=True)
        fault = lab.good(IMAP)
        fault.environment = {**lab.all["proxy-refuses"].environment,
                             "http_proxy": f"socks5://127.0.0.1:{passing.port}"}
        done = Attempt(lab.world, fault, lab.good(SMTP)).run()
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(set(passing.asked), {(fault.host, 993), (fault.host, 587)})


class Names(unittest.TestCase):
    """Nobody typed a user name: the forms are tried in turn, three attempts in all."""

    def add(self, *users, password=PASSWORD):
        fault = faults.scripted(f"names-{len(users)}-{time.monotonic_ns()}", IMAP, "", "",
                                tweak=faults.only_user(*users))
        fault.build(lab.world)
        pair = (fault, faults.scripted(fault.name + "-smtp", SMTP, "", "",
                                       tweak=faults.only_user(*users)))
        pair[1].build(lab.world)
        pair[0].password = password
        done = Attempt(lab.world, *pair).run()
        self.imap, self.smtp = (one.peers[0].attempts for one in pair)
        return done

    def test_each_form(self):
        for number, form in enumerate((EMAIL, worlds.USER, "anna"), 1):
            done = self.add(form)
            self.assertEqual(done.status, 0, str(done))
            self.assertEqual(done.last["account"]["imap_user"], form)
            self.assertEqual(len(self.imap), number)
            self.assertEqual([user for user, _ in self.smtp], [form])

    def test_none(self):
        done = self.add("somebody.else")
        self.assertEqual((done.error["code"], done.error["cure"]["action"]),
                         ("sign-in-refused", "credentials"))
        self.assertEqual((len(self.imap), len(self.smtp)), (3, 0))


class NoTyping(unittest.TestCase):
    """With address and password alone, whichever of the sources there is: what is found connects."""

    def setUp(self):
        self.before = dict(lab.world.names.hosts), dict(lab.world.names.services)
        lab.world.names.hosts.clear()
        lab.world.names.services.clear()
        self.addCleanup(self.restore)
        self.address = lab.world.new_address()

    def restore(self):
        lab.world.names.hosts.clear()
        lab.world.names.services.clear()
        lab.world.names.hosts.update(self.before[0])
        lab.world.names.services.update(self.before[1])

    def host(self, *names):
        for name in names:
            lab.world.names.hosts[f"{name}.northwind.example"] = lab.world.good.address

    def site(self, name, pages):
        context = lab.world.certificates.context()
        site = self.enterContext(web.Web(pages, context, (self.address, 443)))
        lab.world.names.hosts[name] = self.address
        return site

    def assert_connects(self, source):
        folder = worlds.pathlib.Path(worlds.tempfile.mkdtemp(prefix="pinion-fault-"))
        self.addCleanup(shutil.rmtree, folder)
        cli = harness.Cli(folder / "data", PASSWORD)
        found = cli.do("account", "discover", EMAIL, "--ca", lab.world.ca)[-1]["discovered"]
        words = []
        for protocol in (IMAP, SMTP):
            server = found[protocol]
            self.assertEqual(server["source"], source)
            for name in ("host", "port", "tls"):
                words += [f"--{protocol}-{name}", server[name]]
        done = cli.run("account", "add", "--email", EMAIL, "--ca", lab.world.ca, *words)
        self.assertEqual(done.status, 0, str(done))

    def test_autodiscover(self):
        self.host("imap", "smtp")
        self.site("autodiscover.northwind.example", {web.POX: web.Reply(200, web.HOSTER)})
        self.assert_connects("autodiscover")

    def test_autodiscover_by_soap(self):
        self.host("mail")
        found = web.soap(
            ("ExternalImap4Connections", web.connection("mail.northwind.example", 993, "SSL")),
            ("ExternalSmtpConnections", web.connection("mail.northwind.example", 587, "TLS")))
        self.site("autodiscover.northwind.example", {
            web.SOAP: lambda request, _: web.Reply(200, found)
            if "authorization" in request.headers else web.Reply(401, "", web.BASIC)})
        self.assert_connects("autodiscover-soap")

    def test_autoconfig(self):
        self.host("mail")
        self.site("autoconfig.northwind.example", {web.AUTOCONFIG: web.Reply(200, web.autoconfig(
            web.server_element("incoming", "imap", "mail.northwind.example", 993, "SSL"),
            web.server_element("outgoing", "smtp", "mail.northwind.example", 587, "STARTTLS")))})
        self.assert_connects("autoconfig")

    def test_records(self):
        self.host("post")
        lab.world.names.services.update({
            "_imaps._tcp.northwind.example": ("post.northwind.example", 993),
            "_submission._tcp.northwind.example": ("post.northwind.example", 587)})
        self.assert_connects("srv")

    def test_usual_names(self):
        self.host("mail")
        self.assert_connects("guess")


ALL_PAIRS = "--pairs" in sys.argv
NAMES = [word for word in sys.argv[1:] if not word.startswith("-")]


def main():
    global lab
    if reason := network.enter():
        print(reason)
        sys.exit(77)
    web.clean_environment()
    lab = Lab()
    try:
        if NAMES:
            pairs = []
            for name in NAMES:
                found = [lab.all[one] for one in name.split("+")]
                pairs.append(tuple(found) if len(found) == 2 else lab.single(found[0]))
            rows = lab.run(pairs)
            print_table("Chosen", rows)
            sys.exit(any(wrong for _, _, wrong in rows))
        result = unittest.main(argv=sys.argv[:1], verbosity=2, exit=False, warnings="ignore").result
    finally:
        lab.close()
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
