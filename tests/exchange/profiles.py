# SPDX-License-Identifier: GPL-3.0-or-later
"""Exchange in four editions: what each says of itself, in each state of a connection.

The words are the servers' own, in their order. None of them volunteers a capability list.
"""

import dataclasses

BANNER = b"The Microsoft Exchange IMAP4 service is ready."
TAIL = "CHILDREN IDLE NAMESPACE LITERAL+"


@dataclasses.dataclass(frozen=True)
class Profile:
    """`clear`, `encrypted`, `signed_in`: the capabilities by state; `smtp_denied`: 550's status."""

    name: str
    clear: str
    encrypted: str
    signed_in: str
    year: str = "2016"
    version: str = "15.1"
    banner: bytes = BANNER
    uses: bool = False
    anonymous: str = "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail"
    denied: str = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"


_NTLM = "AUTH=NTLM AUTH=GSSAPI"
_E13 = "UIDPLUS MOVE ID"
_E16 = "SASL-IR UIDPLUS MOVE ID UNSELECT"
_NETWORK = "CLIENTNETWORKPRESENCELOCATION"

E10 = Profile(
    "e10",
    f"IMAP4 IMAP4rev1 {_NTLM} LOGINDISABLED STARTTLS IDLE NAMESPACE LITERAL+",
    f"IMAP4 IMAP4rev1 {_NTLM} AUTH=PLAIN IDLE NAMESPACE LITERAL+",
    f"IMAP4 IMAP4rev1 {_NTLM} AUTH=PLAIN IDLE NAMESPACE LITERAL+",
    year="2010",
    version="14.3",
    anonymous="530 5.7.1 Client was not authenticated",
    denied="550 5.7.1 Client does not have permissions to send as this sender",
)
E13 = Profile(
    "e13",
    f"IMAP4 IMAP4rev1 LOGINDISABLED STARTTLS {_E13} {TAIL}",
    f"IMAP4 IMAP4rev1 AUTH=PLAIN {_NTLM} {_E13} {TAIL}",
    f"IMAP4 IMAP4rev1 AUTH=PLAIN {_NTLM} {_E13} XPROXY3 {TAIL}",
    year="2013",
    version="15.0",
    anonymous="530 5.7.1 Client was not authenticated",
    denied="550 5.7.1 Client does not have permissions to send as this sender",
)
E16 = Profile(
    "e16",
    f"IMAP4 IMAP4rev1 LOGINDISABLED STARTTLS {_E16} {TAIL}",
    f"IMAP4 IMAP4rev1 AUTH=PLAIN {_NTLM} {_E16} {TAIL}",
    f"IMAP4 IMAP4rev1 AUTH=PLAIN {_NTLM} {_E16} XPROXY3 {_NETWORK} {TAIL}",
    uses=True,
)
HOSTED = Profile(
    "hosted-min",
    f"IMAP4 IMAP4rev1 LOGINDISABLED STARTTLS SASL-IR UIDPLUS UNSELECT {TAIL}",
    f"IMAP4 IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS UNSELECT {TAIL}",
    f"IMAP4 IMAP4rev1 AUTH=PLAIN SASL-IR UIDPLUS ID UNSELECT {_NETWORK} {TAIL}",
    banner=BANNER + b" Using Client Access Server 4.",
    version="15.2",
)
ALL = (E10, E13, E16, HOSTED)
