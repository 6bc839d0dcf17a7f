/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an administrator of Exchange does about each cause. */

#include "pinion-report.h"

#include <glib/gi18n-lib.h>

/* %h stands for the host and %u for the mailbox, each as a quoted word, %H for the host as it
 * is, %p for the port.  SERVER and THUMBPRINT are for the administrator to fill in. */
#define CONNECTOR "'SERVER\\Client Frontend SERVER'"
#define RESTART_IMAP "Restart-Service MSExchangeImap4, MSExchangeIMAP4BE"
#define START_IMAP                                                                                   \
  "Set-Service MSExchangeImap4 -StartupType Automatic; Start-Service MSExchangeImap4\n"              \
  "Set-Service MSExchangeIMAP4BE -StartupType Automatic; Start-Service MSExchangeIMAP4BE\n"
#define PUBLISH_IMAP                                                                                 \
  "Set-ImapSettings -ExternalConnectionSettings '%H:993:SSL','%H:143:TLS'\n" RESTART_IMAP
#define BIND_IMAP                                                                                    \
  "Get-ExchangeCertificate | Format-List Subject,CertificateDomains,NotAfter,Services,Thumbprint\n"  \
  "Set-ImapSettings -X509CertificateName %h\n" RESTART_IMAP
#define BIND_SMTP                                                                                    \
  "Get-ExchangeCertificate | Format-List Subject,CertificateDomains,NotAfter,Services,Thumbprint\n"  \
  "$c = Get-ExchangeCertificate -Thumbprint THUMBPRINT\n"                                            \
  "Set-ReceiveConnector " CONNECTOR                                                                  \
  " -Fqdn %h -TlsCertificateName \"<I>$($c.Issuer)<S>$($c.Subject)\""
#define ALLOW_SMTP                                                                                   \
  "Set-ReceiveConnector " CONNECTOR                                                                  \
  " -AuthMechanism Tls,Integrated,BasicAuth,BasicAuthRequireTLS -PermissionGroups ExchangeUsers"

typedef struct
{
  PinionErrorCode code;
  PinionProtocol protocol; /* NONE: either */
  const char *sentence;
  const char *commands;
} Advice;

/* The first that fits decides. */
static const Advice advices[] = {
  { PINION_ERROR_HOST_UNKNOWN, PINION_PROTOCOL_IMAP,
    N_ ("Make a DNS record for this name, or publish the name that people are to enter."),
    "Resolve-DnsName %h\n" PUBLISH_IMAP },
  { PINION_ERROR_HOST_UNKNOWN, PINION_PROTOCOL_SMTP,
    N_ ("Make a DNS record for this name, or tell people the name that they are to enter."),
    "Resolve-DnsName %h\nGet-ReceiveConnector | Format-Table Identity,Fqdn,Bindings" },
  { PINION_ERROR_PORT_CLOSED, PINION_PROTOCOL_IMAP,
    N_ ("Start both IMAP services (they are off by default), and let the port through the firewall."),
    START_IMAP "Set-ImapSettings -SSLBindings '0.0.0.0:993' -UnencryptedOrTLSBindings '0.0.0.0:143'\n"
    "Test-NetConnection %h -Port %p" },
  { PINION_ERROR_PORT_CLOSED, PINION_PROTOCOL_SMTP,
    N_ ("Enable the connector for submission, and let the port through the firewall."),
    "Set-ReceiveConnector " CONNECTOR " -Enabled $true -Bindings '0.0.0.0:587'\n"
    "Test-NetConnection %h -Port %p" },
  { PINION_ERROR_UNREACHABLE, PINION_PROTOCOL_NONE,
    N_ ("Let the port through the firewall, or tell people that it needs the VPN."),
    "Test-NetConnection %h -Port %p" },
  { PINION_ERROR_TIMED_OUT, PINION_PROTOCOL_IMAP,
    N_ ("A firewall drops the connection, or a service hangs: let the port through, and look at the "
        "IMAP services."),
    "Test-NetConnection %h -Port %p\nTest-ServiceHealth\n" RESTART_IMAP },
  { PINION_ERROR_TIMED_OUT, PINION_PROTOCOL_SMTP,
    N_ ("A firewall drops the connection, or a service hangs: let the port through, and look at the "
        "transport services."),
    "Test-NetConnection %h -Port %p\nTest-ServiceHealth\nRestart-Service MSExchangeFrontEndTransport" },
  { PINION_ERROR_CONNECTION_LOST, PINION_PROTOCOL_IMAP,
    N_ ("The server hangs up: see that the back-end service runs and that its components are active."),
    START_IMAP "Get-ServerComponentState -Identity SERVER -Component ImapProxy" },
  { PINION_ERROR_CONNECTION_LOST, PINION_PROTOCOL_SMTP,
    N_ ("The server hangs up: see that its transport components are active."),
    "Get-ServerComponentState -Identity SERVER -Component FrontendTransport\n"
    "Restart-Service MSExchangeFrontEndTransport" },
  { PINION_ERROR_PROXY_REFUSED, PINION_PROTOCOL_NONE,
    N_ ("Let the proxy pass connections to this host and port, or exempt the host from it."), "" },
  { PINION_ERROR_WEB_SERVER, PINION_PROTOCOL_NONE,
    N_ ("A web server listens at this port, or a network of this computer answers in place of yours: "
        "publish the right port."),
    "Get-ImapSettings | Format-List SSLBindings,UnencryptedOrTLSBindings\n"
    "Get-ReceiveConnector | Format-Table Identity,Bindings" },
  { PINION_ERROR_CAPTIVE_PORTAL, PINION_PROTOCOL_NONE,
    N_ ("Nothing on the mail server: a web server of the network answered in its place."), "" },
  { PINION_ERROR_NETWORK_LIMITED, PINION_PROTOCOL_NONE,
    N_ ("Nothing on the mail server: this computer's network did not lead to it."), "" },

  { PINION_ERROR_NEEDS_STARTTLS, PINION_PROTOCOL_IMAP,
    N_ ("The port begins in clear. Publish the right port and encryption for people to enter."),
    PUBLISH_IMAP },
  { PINION_ERROR_NEEDS_TLS, PINION_PROTOCOL_IMAP,
    N_ ("The port begins with TLS. Publish the right port and encryption for people to enter."),
    PUBLISH_IMAP },
  { PINION_ERROR_NEEDS_STARTTLS, PINION_PROTOCOL_SMTP,
    N_ ("The port begins in clear. Tell people to use STARTTLS with it."),
    "Get-ReceiveConnector | Format-Table Identity,Bindings,AuthMechanism" },
  { PINION_ERROR_NEEDS_TLS, PINION_PROTOCOL_SMTP,
    N_ ("The port begins with TLS. Tell people to use TLS with it."),
    "Get-ReceiveConnector | Format-Table Identity,Bindings,AuthMechanism" },
  { PINION_ERROR_STARTTLS_MISSING, PINION_PROTOCOL_IMAP,
    N_ ("No certificate is bound to IMAP, so that it cannot encrypt: bind one."),
    "Get-ExchangeCertificate | Format-List Subject,CertificateDomains,NotAfter,Services,Thumbprint\n"
    "Enable-ExchangeCertificate -Thumbprint THUMBPRINT -Services IMAP\n"
    "Set-ImapSettings -X509CertificateName %h -LoginType SecureLogin\n" RESTART_IMAP },
  { PINION_ERROR_STARTTLS_MISSING, PINION_PROTOCOL_SMTP,
    N_ ("The connector offers no encryption: give it TLS and a certificate."),
    ALLOW_SMTP "\n" BIND_SMTP },
  { PINION_ERROR_TLS_FAILED, PINION_PROTOCOL_IMAP,
    N_ ("TLS could not be agreed on: see that a whole certificate with its key is bound to IMAP."),
    BIND_IMAP },
  { PINION_ERROR_TLS_FAILED, PINION_PROTOCOL_SMTP,
    N_ ("TLS could not be agreed on: see that a whole certificate with its key is bound to the "
        "connector."),
    BIND_SMTP },
  { PINION_ERROR_TLS_TOO_OLD, PINION_PROTOCOL_NONE,
    N_ ("Enable TLS 1.2 in Windows, then restart the server."),
    "$k = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server'\n"
    "New-Item $k -Force\n"
    "New-ItemProperty $k -Name Enabled -Value 1 -PropertyType DWord -Force\n"
    "New-ItemProperty $k -Name DisabledByDefault -Value 0 -PropertyType DWord -Force" },

  { PINION_ERROR_CERTIFICATE_EXPIRED, PINION_PROTOCOL_IMAP,
    N_ ("Renew the certificate and bind the new one to IMAP; it has a binding of its own."), BIND_IMAP },
  { PINION_ERROR_CERTIFICATE_EXPIRED, PINION_PROTOCOL_SMTP,
    N_ ("Renew the certificate and bind the new one to the connector."), BIND_SMTP },
  { PINION_ERROR_CERTIFICATE_NOT_YET_VALID, PINION_PROTOCOL_NONE,
    N_ ("Check the clocks of the server and of this computer; the certificate is from the future."),
    "Get-ExchangeCertificate | Format-List Subject,NotBefore,NotAfter,Thumbprint" },
  { PINION_ERROR_CERTIFICATE_OTHER_NAME, PINION_PROTOCOL_IMAP,
    N_ ("Bind a certificate to IMAP that has this host name in it, or tell people the name in the "
        "certificate."),
    BIND_IMAP },
  { PINION_ERROR_CERTIFICATE_OTHER_NAME, PINION_PROTOCOL_SMTP,
    N_ ("Bind a certificate to the connector that has this host name in it; by default it shows the "
        "server's inner name."),
    BIND_SMTP },
  { PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER, PINION_PROTOCOL_IMAP,
    N_ ("Bind a certificate of a known authority with its whole chain, or install your own authority "
        "on this computer."),
    BIND_IMAP },
  { PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER, PINION_PROTOCOL_SMTP,
    N_ ("Bind a certificate of a known authority with its whole chain, or install your own authority "
        "on this computer."),
    BIND_SMTP },
  { PINION_ERROR_CERTIFICATE_SELF_SIGNED, PINION_PROTOCOL_IMAP,
    N_ ("IMAP still shows the certificate of the set-up: bind one of a known authority."), BIND_IMAP },
  { PINION_ERROR_CERTIFICATE_SELF_SIGNED, PINION_PROTOCOL_SMTP,
    N_ ("The connector still shows the certificate of the set-up: bind one of a known authority."),
    BIND_SMTP },
  { PINION_ERROR_CERTIFICATE_REVOKED, PINION_PROTOCOL_IMAP,
    N_ ("The certificate was revoked: replace it."), BIND_IMAP },
  { PINION_ERROR_CERTIFICATE_REVOKED, PINION_PROTOCOL_SMTP,
    N_ ("The certificate was revoked: replace it."), BIND_SMTP },
  { PINION_ERROR_CERTIFICATE_CHANGED, PINION_PROTOCOL_NONE,
    N_ ("Say whether the certificate was replaced, and compare its fingerprint."),
    "Get-ExchangeCertificate | Format-List Subject,NotBefore,NotAfter,Services,Thumbprint" },
  { PINION_ERROR_CERTIFICATE_INVALID, PINION_PROTOCOL_IMAP,
    N_ ("The certificate is broken or not meant for servers: replace it."), BIND_IMAP },
  { PINION_ERROR_CERTIFICATE_INVALID, PINION_PROTOCOL_SMTP,
    N_ ("The certificate is broken or not meant for servers: replace it."), BIND_SMTP },

  { PINION_ERROR_SIGN_IN_REFUSED, PINION_PROTOCOL_IMAP,
    N_ ("If the password is right, IMAP is off for the mailbox, its back-end service is stopped, or the "
        "account is locked."),
    "Get-CASMailbox %u | Format-List ImapEnabled\nSet-CASMailbox %u -ImapEnabled $true\n" START_IMAP
    "Get-User %u | Format-List UserPrincipalName,SamAccountName,UserAccountControl" },
  { PINION_ERROR_SIGN_IN_REFUSED, PINION_PROTOCOL_SMTP,
    N_ ("If the password is right, the connector does not take it, or the account is locked."),
    ALLOW_SMTP "\nGet-User %u | Format-List UserPrincipalName,SamAccountName,UserAccountControl" },
  { PINION_ERROR_IMAP_DISABLED, PINION_PROTOCOL_NONE,
    N_ ("Enable IMAP for the mailbox, and see that the back-end service runs."),
    "Set-CASMailbox %u -ImapEnabled $true\n" START_IMAP },
  { PINION_ERROR_NOT_CONNECTED_TO_MAILBOX, PINION_PROTOCOL_NONE,
    N_ ("The password was taken, but no mailbox opened: enable IMAP for it, check its permissions, its "
        "database and the number of connections."),
    "Set-CASMailbox %u -ImapEnabled $true\nGet-MailboxPermission %u\n"
    "Get-MailboxDatabaseCopyStatus\nSet-ImapSettings -MaxConnectionsPerUser 32\n" RESTART_IMAP },
  { PINION_ERROR_SENDING_DISABLED, PINION_PROTOCOL_NONE,
    N_ ("Let the connector for submission take passwords over TLS."),
    ALLOW_SMTP "\nGet-ReceiveConnector | Format-Table Identity,Bindings,AuthMechanism,PermissionGroups" },
  { PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_PROTOCOL_IMAP,
    N_ ("Let IMAP take passwords over TLS."),
    "Set-ImapSettings -LoginType SecureLogin\n" RESTART_IMAP },
  { PINION_ERROR_SIGN_IN_NO_MECHANISM, PINION_PROTOCOL_SMTP,
    N_ ("Let the connector for submission take passwords over TLS; a relay connector takes none."),
    ALLOW_SMTP },
  { PINION_ERROR_SIGN_IN_REQUIRED, PINION_PROTOCOL_NONE,
    N_ ("Let the connector for submission take passwords over TLS."), ALLOW_SMTP },
  { PINION_ERROR_APP_PASSWORD_NEEDED, PINION_PROTOCOL_NONE,
    N_ ("The account has two-step sign-in: allow it a password for one program."), "" },
  { PINION_ERROR_TICKET_REFUSED, PINION_PROTOCOL_NONE,
    N_ ("Register the service's name for Kerberos and let IMAP offer it."),
    "setspn -S imap/%H SERVER$\nSet-ImapSettings -EnableGSSAPIAndNTLMAuth $true\n" RESTART_IMAP },

  { PINION_ERROR_THROTTLED, PINION_PROTOCOL_IMAP,
    N_ ("A throttling policy slows the mailbox down: give it a wider one."),
    "Get-ThrottlingPolicyAssociation %u\n"
    "New-ThrottlingPolicy 'Mail programs' -ThrottlingPolicyScope Regular -ImapMaxConcurrency Unlimited "
    "-ImapMaxBurst Unlimited -ImapRechargeRate Unlimited -ImapCutoffBalance Unlimited\n"
    "Set-ThrottlingPolicyAssociation %u -ThrottlingPolicy 'Mail programs'" },
  { PINION_ERROR_THROTTLED, PINION_PROTOCOL_SMTP,
    N_ ("The connector limits how much is sent in a minute: widen it."),
    "Set-ReceiveConnector " CONNECTOR " -MessageRateLimit 30" },
  { PINION_ERROR_TOO_MANY_CONNECTIONS, PINION_PROTOCOL_IMAP,
    N_ ("Allow more connections for each user, and see who holds them."),
    "Set-ImapSettings -MaxConnectionsPerUser 32\n" RESTART_IMAP },
  { PINION_ERROR_TOO_MANY_CONNECTIONS, PINION_PROTOCOL_SMTP,
    N_ ("Allow more connections from one place."),
    "Set-ReceiveConnector " CONNECTOR " -MaxInboundConnectionPerSource 50" },
  { PINION_ERROR_SERVER_UNAVAILABLE, PINION_PROTOCOL_IMAP,
    N_ ("See that the back-end service, the mailbox's database and its server are up."),
    "Test-ServiceHealth\nGet-MailboxDatabaseCopyStatus\n" START_IMAP },
  { PINION_ERROR_SERVER_UNAVAILABLE, PINION_PROTOCOL_SMTP,
    N_ ("See that transport is up and that it has room (back pressure)."),
    "Test-ServiceHealth\nGet-ServerComponentState -Identity SERVER\n"
    "Restart-Service MSExchangeFrontEndTransport" },
  { PINION_ERROR_GREETING_REFUSED, PINION_PROTOCOL_IMAP,
    N_ ("The service turns connections away: see that it is active and not full."),
    "Get-ServerComponentState -Identity SERVER -Component ImapProxy\n"
    "Set-ImapSettings -MaxConnectionFromSingleIP 2147483647\n" RESTART_IMAP },
  { PINION_ERROR_GREETING_REFUSED, PINION_PROTOCOL_SMTP,
    N_ ("The connector turns connections away: see which addresses it takes."),
    "Get-ReceiveConnector | Format-Table Identity,Bindings,RemoteIPRanges,PermissionGroups" },
  { PINION_ERROR_GREETING_UNEXPECTED, PINION_PROTOCOL_IMAP,
    N_ ("Something else listens at this port: publish the right one."),
    "Get-ImapSettings | Format-List SSLBindings,UnencryptedOrTLSBindings" },
  { PINION_ERROR_GREETING_UNEXPECTED, PINION_PROTOCOL_SMTP,
    N_ ("Something else listens at this port: tell people the right one."),
    "Get-ReceiveConnector | Format-Table Identity,Bindings" },
  { PINION_ERROR_DATA_BEFORE_ENCRYPTION, PINION_PROTOCOL_NONE,
    N_ ("Something between this computer and the server adds data to the connection: look for it."), "" },
  { PINION_ERROR_MAILBOX_NOT_OPENED, PINION_PROTOCOL_NONE,
    N_ ("The Inbox could not be opened: check the database, the permissions and the mailbox itself."),
    "Get-MailboxDatabaseCopyStatus\nGet-MailboxPermission %u\n"
    "New-MailboxRepairRequest -Mailbox %u -CorruptionType SearchFolder,FolderView" },
  { PINION_ERROR_PROTOCOL, PINION_PROTOCOL_IMAP,
    N_ ("The answers make no sense: look for something between that changes them, and log the protocol."),
    "Set-ImapSettings -ProtocolLogEnabled $true\n" RESTART_IMAP },
  { PINION_ERROR_PROTOCOL, PINION_PROTOCOL_SMTP,
    N_ ("The answers make no sense: look for something between that changes them, and log the protocol."),
    "Set-ReceiveConnector " CONNECTOR " -ProtocolLoggingLevel Verbose" },
};

/* A word for PowerShell: in single quotes, those inside doubled, nothing else has a meaning. */
static void
append_quoted (GString    *text,
               const char *word)
{
  g_string_append_c (text, '\'');
  for (const char *p = word; *p != '\0'; p++)
    {
      if (*p == '\'')
        g_string_append_c (text, '\'');
      if (!g_ascii_iscntrl (*p))
        g_string_append_c (text, *p);
    }
  g_string_append_c (text, '\'');
}

static void
append_word (GString    *text,
             const char *word,
             const char *otherwise)
{
  if (word != NULL && *word != '\0')
    append_quoted (text, word);
  else
    g_string_append (text, otherwise);
}

static char *
fill (const char   *commands,
      const GError *error,
      const char   *user)
{
  GString *text = g_string_new (NULL);
  const char *host = pinion_error_get_detail (error, "host");
  const char *port = pinion_error_get_detail (error, "port");

  for (const char *p = commands; *p != '\0'; p++)
    {
      if (*p != '%')
        {
          g_string_append_c (text, *p);
          continue;
        }

      p++;
      if (*p == 'h')
        append_word (text, host, "HOST");
      else if (*p == 'H') /* Inside of a list of words */
        g_string_append (text, host != NULL && pinion_host_is_valid (host) ? host : "HOST");
      else if (*p == 'u')
        append_word (text, user, "USER");
      else if (*p == 'p')
        g_string_append (text, port != NULL ? port : "PORT");
    }

  return g_string_free (text, FALSE);
}

gboolean
pinion_report_get_advice (const GError *error,
                          const char   *user,
                          char        **sentence,
                          char        **commands)
{
  PinionProtocol protocol = pinion_error_get_protocol (error);

  for (guint i = 0; error->domain == PINION_ERROR && i < G_N_ELEMENTS (advices); i++)
    {
      const Advice *advice = &advices[i];

      if ((int) advice->code != error->code
          || (advice->protocol != PINION_PROTOCOL_NONE && advice->protocol != protocol))
        continue;

      *sentence = g_strdup (_(advice->sentence));
      *commands = fill (advice->commands, error, user);
      return TRUE;
    }

  return FALSE;
}
