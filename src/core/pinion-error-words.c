/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-error-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* %h stands for the host, %p for the port, %u for the user name; of what works instead, %o for the
 * port and %e for the encryption. */
static const PinionCause causes[] = {
  { PINION_ERROR_INTERNAL, "internal", FALSE,
    N_ ("Something went wrong inside Pinion."),
    N_ ("Try again. If it happens again, report it with the details.") },
  { PINION_ERROR_CANCELLED, "cancelled", TRUE,
    N_ ("It was cancelled."),
    N_ ("Start again when you are ready.") },
  { PINION_ERROR_INVALID_ARGUMENT, "invalid-argument", FALSE,
    N_ ("A value cannot be used as it is."),
    N_ ("Check what was entered.") },
  { PINION_ERROR_NOT_FOUND, "not-found", FALSE,
    N_ ("It is not here."),
    N_ ("Check the name or number; it may have been deleted meanwhile.") },
  { PINION_ERROR_BUSY, "busy", TRUE,
    N_ ("Another Pinion is working on this account."),
    N_ ("Wait until it is done, or close it.") },

  { PINION_ERROR_NO_NETWORK, "no-network", TRUE,
    N_ ("There is no network connection."),
    N_ ("Connect to a network; Pinion goes on by itself.") },
  { PINION_ERROR_HOST_UNKNOWN, "host-unknown", FALSE,
    N_ ("No server is known by the name %h."),
    N_ ("Check the hostname for typing errors, or ask your administrator for it.") },
  { PINION_ERROR_PORT_CLOSED, "port-closed", TRUE,
    N_ ("%h does not answer on port %p."),
    N_ ("Check the port. The service may also be switched off on the server.") },
  { PINION_ERROR_UNREACHABLE, "unreachable", TRUE,
    N_ ("%h cannot be reached from here."),
    N_ ("Check the network; the server may only be reachable inside the company or by VPN.") },
  { PINION_ERROR_TIMED_OUT, "timed-out", TRUE,
    N_ ("%h did not answer in time."),
    N_ ("Check the host and port; a firewall may be in the way.") },
  { PINION_ERROR_CONNECTION_LOST, "connection-lost", TRUE,
    N_ ("The connection to %h was lost."),
    N_ ("Pinion tries again by itself; check the network if it goes on.") },
  { PINION_ERROR_CAPTIVE_PORTAL, "captive-portal", TRUE,
    N_ ("This network answers in place of %h: it wants you to sign in to it first."),
    N_ ("Open a web page and sign in to the network, then try again.") },
  { PINION_ERROR_NETWORK_LIMITED, "network-limited", TRUE,
    N_ ("This network does not lead to the internet, and %h was not reached through it."),
    N_ ("Choose another network, or sign in to this one; a VPN may be needed, too.") },
  { PINION_ERROR_PROXY_REFUSED, "proxy-refused", FALSE,
    N_ ("The network's proxy does not let Pinion through to %h, port %p."),
    N_ ("Check the proxy in the network settings, or ask your administrator to let mail through.") },

  { PINION_ERROR_NEEDS_STARTTLS, "needs-starttls", FALSE,
    N_ ("Port %p of %h begins without encryption and expects STARTTLS."),
    N_ ("Switch the encryption to STARTTLS.") },
  { PINION_ERROR_NEEDS_TLS, "needs-tls", FALSE,
    N_ ("Port %p of %h expects encryption from the first byte (TLS)."),
    N_ ("Switch the encryption to TLS.") },
  { PINION_ERROR_STARTTLS_MISSING, "starttls-missing", FALSE,
    N_ ("%h offers no encryption (STARTTLS) on port %p, so nothing was sent."),
    N_ ("Use TLS on its own port, or ask your administrator to bind a certificate.") },
  { PINION_ERROR_DATA_BEFORE_ENCRYPTION, "data-before-encryption", FALSE,
    N_ ("%h sent data before encryption was up; somebody may be interfering."),
    N_ ("Do not use this network for mail, and tell your administrator.") },
  { PINION_ERROR_TLS_FAILED, "tls-failed", FALSE,
    N_ ("No encrypted connection to %h could be agreed on."),
    N_ ("Check the port and the encryption; show the details to your administrator.") },
  { PINION_ERROR_TLS_TOO_OLD, "tls-too-old", FALSE,
    N_ ("%h only speaks outdated encryption, older than TLS 1.2."),
    N_ ("Ask your administrator to enable TLS 1.2 on the server.") },

  { PINION_ERROR_CERTIFICATE_EXPIRED, "certificate-expired", FALSE,
    N_ ("The certificate of %h has expired."),
    N_ ("Ask your administrator to renew it, or trust this one certificate after comparing its fingerprint.") },
  { PINION_ERROR_CERTIFICATE_NOT_YET_VALID, "certificate-not-yet-valid", FALSE,
    N_ ("The certificate of %h is not valid yet."),
    N_ ("Check the clock of this computer.") },
  { PINION_ERROR_CERTIFICATE_OTHER_NAME, "certificate-other-name", FALSE,
    N_ ("The certificate shown by %h was made for another name."),
    N_ ("Use the name in the certificate as hostname, or trust this one certificate after comparing its fingerprint.") },
  { PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER, "certificate-unknown-issuer", FALSE,
    N_ ("The certificate of %h was issued by an authority that this computer does not know."),
    N_ ("Install your organisation's authority, or trust this one certificate after comparing its fingerprint.") },
  { PINION_ERROR_CERTIFICATE_SELF_SIGNED, "certificate-self-signed", FALSE,
    N_ ("The certificate of %h vouches only for itself (self-signed)."),
    N_ ("Compare the fingerprint with your administrator, then trust this one certificate.") },
  { PINION_ERROR_CERTIFICATE_REVOKED, "certificate-revoked", FALSE,
    N_ ("The certificate of %h has been revoked."),
    N_ ("Do not connect; tell your administrator.") },
  { PINION_ERROR_CERTIFICATE_CHANGED, "certificate-changed", FALSE,
    N_ ("%h shows another certificate than the one you trusted."),
    N_ ("Stop, and ask your administrator whether the certificate was replaced.") },
  { PINION_ERROR_CERTIFICATE_INVALID, "certificate-invalid", FALSE,
    N_ ("The certificate of %h cannot be used."),
    N_ ("Show the details to your administrator.") },

  { PINION_ERROR_GREETING_UNEXPECTED, "greeting-unexpected", FALSE,
    N_ ("What answers at %h, port %p, is not a mail server of this kind."),
    N_ ("Check the host and the port.") },
  { PINION_ERROR_WEB_SERVER, "web-server", FALSE,
    N_ ("A web server answers at %h, port %p, in place of a mail server."),
    N_ ("If this network wants you to sign in first, open a web page. Else check the host and the port.") },
  { PINION_ERROR_GREETING_REFUSED, "greeting-refused", TRUE,
    N_ ("%h turned the connection away."),
    N_ ("Try again later; the server may be busy or under maintenance.") },
  { PINION_ERROR_PROTOCOL, "protocol-error", TRUE,
    N_ ("%h answered in a way that cannot be understood."),
    N_ ("Try again; if it goes on, show the details to your administrator.") },
  { PINION_ERROR_TOO_LARGE, "answer-too-large", FALSE,
    N_ ("%h sent an answer that is too large to be true; the connection was closed."),
    N_ ("Show the details to your administrator.") },
  { PINION_ERROR_REFUSED, "refused", FALSE,
    N_ ("The server refused what was asked of it."),
    N_ ("Read the server's own words in the details.") },
  { PINION_ERROR_SERVER_UNAVAILABLE, "server-unavailable", TRUE,
    N_ ("The server is not available at the moment."),
    N_ ("Pinion tries again by itself.") },
  { PINION_ERROR_THROTTLED, "throttled", TRUE,
    N_ ("The server asks for a pause: too many requests."),
    N_ ("Pinion waits as long as asked and goes on by itself.") },
  { PINION_ERROR_TOO_MANY_CONNECTIONS, "too-many-connections", TRUE,
    N_ ("The server allows no further connection for this account."),
    N_ ("Close mail programs on other devices, or wait a few minutes.") },

  { PINION_ERROR_SIGN_IN_REFUSED, "sign-in-refused", FALSE,
    N_ ("%h refused the user name or the password."),
    N_ ("Check both. If webmail accepts them, ask your administrator whether IMAP is enabled for the mailbox.") },
  { PINION_ERROR_SIGN_IN_NO_MECHANISM, "sign-in-no-mechanism", FALSE,
    N_ ("%h offers no way to sign in that can be used here."),
    N_ ("Check the port; ask your administrator to allow basic sign-in over TLS.") },
  { PINION_ERROR_APP_PASSWORD_NEEDED, "app-password-needed", FALSE,
    N_ ("The server wants a password made for this program."),
    N_ ("Make an app password in your account's security settings and enter it here.") },
  { PINION_ERROR_NOT_CONNECTED_TO_MAILBOX, "not-connected-to-mailbox", FALSE,
    N_ ("The password was accepted, but the mailbox could not be opened by IMAP."),
    N_ ("Ask your administrator to enable IMAP for this mailbox and to check its permissions.") },
  { PINION_ERROR_IMAP_DISABLED, "imap-disabled", FALSE,
    N_ ("Your password is right: %h takes it for sending, but not for reading mail by IMAP."),
    N_ ("Ask your administrator to enable IMAP for this mailbox.") },
  { PINION_ERROR_SENDING_DISABLED, "sending-disabled", FALSE,
    N_ ("Your password is right: it opens the mailbox, but %h does not take it for sending."),
    N_ ("Check the SMTP server, or ask your administrator to allow signing in for sending.") },
  { PINION_ERROR_PASSWORD_MISSING, "password-missing", FALSE,
    N_ ("No password is stored for this account."),
    N_ ("Enter the password.") },
  { PINION_ERROR_KEYRING_UNAVAILABLE, "keyring-unavailable", FALSE,
    N_ ("There is no keyring to store the password in."),
    N_ ("Start a keyring (Secret Service) such as GNOME Keyring.") },
  { PINION_ERROR_KEYRING_LOCKED, "keyring-locked", FALSE,
    N_ ("The keyring is locked."),
    N_ ("Unlock the keyring and try again.") },
  /* A new ticket costs no attempt, so that it is looked for again. */
  { PINION_ERROR_TICKET_MISSING, "ticket-missing", TRUE,
    N_ ("There is no valid Kerberos ticket on this computer."),
    N_ ("Sign in to your organisation's network, or run “kinit” in a terminal, then try again.") },
  { PINION_ERROR_TICKET_REFUSED, "ticket-refused", FALSE,
    N_ ("%h did not accept your Kerberos ticket."),
    N_ ("Check that the hostname is the server's own name, or sign in with a password instead.") },

  { PINION_ERROR_OTHER_MAILBOX, "other-mailbox", FALSE,
    N_ ("This is another mailbox than the one on this computer, so nothing was changed."),
    N_ ("Check the host and the user name, or add it as another account.") },
  { PINION_ERROR_MAILBOX_NOT_OPENED, "mailbox-not-opened", FALSE,
    N_ ("The server could not open the mailbox."),
    N_ ("Try again later; show the details to your administrator if it goes on.") },
  { PINION_ERROR_MESSAGE_UNAVAILABLE, "message-unavailable", TRUE,
    N_ ("The server cannot hand out this message."),
    N_ ("Try again later, or open it in webmail.") },
  { PINION_ERROR_SEARCH_ASCII_ONLY, "search-ascii-only", FALSE,
    N_ ("The server finds only words of the letters A to Z, without accents, and of numbers."),
    N_ ("Leave the other words out, or keep more mail here: what is here is searched in every "
        "script.") },
  { PINION_ERROR_SEARCH_UNSUPPORTED, "search-unsupported", FALSE,
    N_ ("The server cannot search for file names, nor for labels as one choice of several."),
    N_ ("Leave that out, or keep more mail here: what is here is searched for everything.") },
  { PINION_ERROR_QUOTA, "mailbox-full", FALSE,
    N_ ("The mailbox on the server is full."),
    N_ ("Delete old mail or ask for more room.") },

  { PINION_ERROR_SIGN_IN_REQUIRED, "sign-in-required", FALSE,
    N_ ("The server takes no mail from this connection, although it is signed in."),
    N_ ("Check the port: mail is sent on 587 with STARTTLS. Ask your administrator if it goes on.") },
  { PINION_ERROR_SENDER_REFUSED, "sender-refused", FALSE,
    N_ ("The server does not let this account send from this address."),
    N_ ("Send from the account's own address.") },
  { PINION_ERROR_RECIPIENTS_REFUSED, "recipients-refused", FALSE,
    N_ ("The server refused a recipient; nothing was sent."),
    N_ ("Correct or remove the address named in the details.") },
  { PINION_ERROR_TOO_MANY_RECIPIENTS, "too-many-recipients", FALSE,
    N_ ("The message has more recipients than the server takes at a time; nothing was sent."),
    N_ ("Send it to fewer people at a time.") },
  { PINION_ERROR_RELAY_REFUSED, "relay-refused", FALSE,
    N_ ("The server does not pass mail on to a recipient's domain; nothing was sent."),
    N_ ("Check the address, and the port: mail is sent on 587 with STARTTLS.") },
  { PINION_ERROR_MESSAGE_REFUSED, "message-refused", FALSE,
    N_ ("The server refused the message."),
    N_ ("Read the server's own words in the details.") },
  { PINION_ERROR_MESSAGE_TOO_LARGE, "message-too-large", FALSE,
    N_ ("The message is larger than the server accepts."),
    N_ ("Remove or shrink attachments.") },
  { PINION_ERROR_ADDRESS_UNSUPPORTED, "address-unsupported", FALSE,
    N_ ("The server cannot send to an address with international letters."),
    N_ ("Use another address of this person.") },
  { PINION_ERROR_MESSAGE_UNSUPPORTED, "message-unsupported", FALSE,
    N_ ("The server would damage the message the way it is written, so it was not sent."),
    N_ ("Write it anew, and attach what it held as a file.") },
  { PINION_ERROR_REPORT_UNSUPPORTED, "report-unsupported", FALSE,
    N_ ("The server sends no delivery reports, so the message was not sent."),
    N_ ("Send it without asking for a report.") },
  { PINION_ERROR_OUTCOME_UNKNOWN, "outcome-unknown", FALSE,
    N_ ("The connection broke at the last moment: the message may or may not have been sent."),
    N_ ("Ask the recipient, or look into Sent, before sending it again.") },
  { PINION_ERROR_NOT_FILED, "not-filed", TRUE,
    N_ ("The message was sent, but its copy could not be put into Sent yet."),
    N_ ("Do not send it again. Pinion keeps the copy and tries again by itself.") },

  { PINION_ERROR_FILE_UNREADABLE, "file-unreadable", FALSE,
    N_ ("The file cannot be read."),
    N_ ("Check that it is there, and that you are allowed to read it.") },
  { PINION_ERROR_FILE_NO_MESSAGE, "file-no-message", FALSE,
    N_ ("The file is not a message."),
    N_ ("Choose messages saved as .eml files.") },
  { PINION_ERROR_FILE_OF_OUTLOOK, "file-of-outlook", FALSE,
    N_ ("The message is in Outlook's own format."),
    N_ ("Put it into a folder in Outlook, or save it from there as an .eml file.") },
  { PINION_ERROR_FILE_OF_MAILBOX, "file-of-mailbox", FALSE,
    N_ ("The file has several messages in it."),
    N_ ("Save each of them as an .eml file first.") },
  { PINION_ERROR_FILE_TOO_LARGE, "file-too-large", FALSE,
    N_ ("The file is too large for a message."),
    N_ ("No server takes it; save its attachments instead.") },

  { PINION_ERROR_NOT_SAVED, "not-saved", FALSE,
    N_ ("The place to save in is gone, or cannot be written to."),
    N_ ("Choose another one.") },

  { PINION_ERROR_DISK_FULL, "disk-full", FALSE,
    N_ ("The disk is full."),
    N_ ("Make room; Pinion goes on where it stopped. Nothing was lost.") },
  { PINION_ERROR_STORE_FAILED, "store-failed", FALSE,
    N_ ("Mail could not be read from or written to this computer."),
    N_ ("Check the disk; nothing on the server was changed.") },
  { PINION_ERROR_STORE_READ_ONLY, "store-read-only", FALSE,
    N_ ("Pinion's folder cannot be written to."),
    N_ ("Check the permissions of the folder named in the details.") },
  { PINION_ERROR_STORE_BROKEN, "store-broken", FALSE,
    N_ ("Pinion's database on this computer is damaged."),
    N_ ("Start Pinion again: it sets the damaged file aside and fetches the mail anew.") },
  { PINION_ERROR_STORE_TOO_NEW, "store-too-new", FALSE,
    N_ ("Pinion's database was written by a newer version."),
    N_ ("Update Pinion.") },
  { PINION_ERROR_STORE_DIFFERS, "store-differs", FALSE,
    N_ ("What is kept on this computer is not what it should be."),
    N_ ("Sync and look again; if the differences stay, report them.") },
};

const PinionCause *
pinion_cause_find (int code)
{
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    {
      if ((int) causes[i].code == code)
        return &causes[i];
    }

  return &causes[0];
}

static const PinionCause *
cause_of (const GError *error)
{
  return pinion_cause_find (error->domain == PINION_ERROR ? error->code : PINION_ERROR_INTERNAL);
}

static const char *
detail_or (const GError *error,
           const char   *key,
           const char   *otherwise)
{
  const char *value = error->domain == PINION_ERROR ? pinion_error_get_detail (error, key) : NULL;

  return value != NULL ? value : otherwise;
}

static char *
fill (const GError *error,
      const char   *words)
{
  GString *text = g_string_new (NULL);

  for (const char *p = words; *p != '\0'; p++)
    {
      if (*p != '%')
        {
          g_string_append_c (text, *p);
          continue;
        }

      p++;
      if (*p == 'h')
        g_string_append (text, detail_or (error, "host", _ ("the server")));
      else if (*p == 'p')
        g_string_append (text, detail_or (error, "port", "?"));
      else if (*p == 'u')
        g_string_append (text, detail_or (error, "user", "?"));
      else if (*p == 'o')
        g_string_append (text, detail_or (error, "other-port", "?"));
      else if (*p == 'e')
        g_string_append (text, g_strcmp0 (detail_or (error, "other-encryption", NULL), "tls") == 0
                                   ? "TLS"
                                   : "STARTTLS");
      else
        break;
    }

  return g_string_free (text, FALSE);
}

const char *
pinion_error_get_code_name (const GError *error)
{
  return cause_of (error)->name;
}

PinionErrorCode
pinion_error_code_from_name (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (causes); i++)
    {
      if (strcmp (causes[i].name, name) == 0)
        return causes[i].code;
    }

  return PINION_ERROR_INTERNAL;
}

char *
pinion_error_dup_message (const GError *error)
{
  return fill (error, _ (cause_of (error)->message));
}

char *
pinion_error_dup_fix (const GError *error)
{
  const char *other = detail_or (error, "other-port", NULL);

  if (other != NULL && g_strcmp0 (other, detail_or (error, "port", NULL)) == 0)
    return fill (error, _ ("The same port works with %e: switch to it."));
  if (other != NULL)
    return fill (error, _ ("Port %o with %e works: switch to it."));
  if (pinion_error_is (error, PINION_ERROR_SIGN_IN_REFUSED)
      && pinion_error_get_protocol (error) == PINION_PROTOCOL_SMTP)
    return fill (error, _ ("Check both. If webmail accepts them, ask your administrator whether "
                           "you may send by SMTP."));

  return fill (error, _ (cause_of (error)->fix));
}
