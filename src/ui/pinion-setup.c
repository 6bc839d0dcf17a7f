/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-setup.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  gboolean host;
  gboolean port;
  gboolean user;
} Typed;

struct _PinionSetup
{
  PinionAccount *account;
  gboolean exchange;
  char *address;
  char *shared;
  PinionSignIn sign_in;
  Typed imap;
  Typed smtp;
};

G_DEFINE_ENUM_TYPE (PinionSetupField, pinion_setup_field,
                    G_DEFINE_ENUM_VALUE (PINION_SETUP_EMAIL, "email"),
                    G_DEFINE_ENUM_VALUE (PINION_SETUP_PASSWORD, "password"),
                    G_DEFINE_ENUM_VALUE (PINION_SETUP_SHARED, "shared"),
                    G_DEFINE_ENUM_VALUE (PINION_SETUP_HOST, "host"),
                    G_DEFINE_ENUM_VALUE (PINION_SETUP_PORT, "port"))

static PinionServer *
get_server (PinionSetup   *self,
            PinionProtocol protocol)
{
  return protocol == PINION_PROTOCOL_SMTP ? &self->account->smtp : &self->account->imap;
}

static Typed *
get_typed (PinionSetup   *self,
           PinionProtocol protocol)
{
  return protocol == PINION_PROTOCOL_SMTP ? &self->smtp : &self->imap;
}

static char *
dup_stripped (const char *text)
{
  return text != NULL ? g_strstrip (g_strdup (text)) : g_strdup ("");
}

/* -- What follows --------------------------------------------------------------------------- */

/* "sales" of both "sales" and "sales@example.com". */
static char *
dup_alias (PinionSetup *self)
{
  return g_strndup (self->shared, strcspn (self->shared, "@"));
}

static char *
dup_email (PinionSetup *self)
{
  const char *at = strrchr (self->address, '@');

  if (self->account->kind != PINION_ACCOUNT_SHARED || *self->shared == '\0')
    return g_strdup (self->address);
  if (strchr (self->shared, '@') != NULL || at == NULL)
    return g_strdup (self->shared);

  return g_strconcat (self->shared, at, NULL);
}

/* Exchange opens another mailbox to who signs in as DOMAIN\user\alias. */
static char *
dup_user (PinionSetup *self)
{
  const char *at = strrchr (self->address, '@');
  g_autofree char *user = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *upper = NULL;
  g_autofree char *alias = NULL;

  if (self->account->kind != PINION_ACCOUNT_SHARED || at == NULL)
    return g_strdup (self->address);

  user = g_strndup (self->address, (gsize) (at - self->address));
  domain = g_strndup (at + 1, strcspn (at + 1, "."));
  upper = g_utf8_strup (domain, -1);
  alias = dup_alias (self);

  return g_strdup_printf ("%s\\%s\\%s", upper, user, alias);
}

static void
follow (PinionSetup *self)
{
  PinionAccount *account = self->account;
  g_autofree char *user = dup_user (self);

  g_free (account->email);
  account->email = dup_email (self);

  if (!self->imap.user)
    g_set_str (&account->imap.user, user);
  if (!self->imap.port)
    account->imap.port = pinion_encryption_get_port (account->imap.encryption, TRUE);
  if (!self->smtp.host)
    g_set_str (&account->smtp.host, account->imap.host);
  if (!self->smtp.port)
    account->smtp.port = pinion_encryption_get_port (account->smtp.encryption, FALSE);
  if (!self->smtp.user)
    g_set_str (&account->smtp.user, account->imap.user);

  /* A ticket opens the person's own mailbox and cannot name another one. */
  pinion_account_set_sign_in (account, account->kind == PINION_ACCOUNT_SHARED
                                         ? PINION_SIGN_IN_PASSWORD
                                         : self->sign_in);
}

/* Trust belongs to the server it was given to. */
static void
forget_trust (PinionServer *server)
{
  g_clear_pointer (&server->trusted_sha256, g_free);
}

/* -- Life ----------------------------------------------------------------------------------- */

PinionSetup *
pinion_setup_new (const char *name)
{
  PinionSetup *self = g_new0 (PinionSetup, 1);

  self->account = pinion_account_new ();
  self->exchange = TRUE;
  self->address = g_strdup ("");
  self->shared = g_strdup ("");
  g_set_str (&self->account->name, name != NULL ? name : "");
  g_set_str (&self->account->imap.host, "");
  self->account->pin_all = TRUE;
  follow (self);

  return self;
}

void
pinion_setup_free (PinionSetup *self)
{
  pinion_account_free (self->account);
  g_free (self->address);
  g_free (self->shared);
  g_free (self);
}

/* -- Reading -------------------------------------------------------------------------------- */

const PinionAccount *
pinion_setup_get_account (PinionSetup *self)
{
  return self->account;
}

const PinionServer *
pinion_setup_get_server (PinionSetup   *self,
                         PinionProtocol protocol)
{
  return get_server (self, protocol);
}

const char *
pinion_setup_get_address (PinionSetup *self)
{
  return self->address;
}

const char *
pinion_setup_get_shared (PinionSetup *self)
{
  return self->shared;
}

gboolean
pinion_setup_get_exchange (PinionSetup *self)
{
  return self->exchange;
}

gboolean
pinion_setup_tries_user_names (PinionSetup *self)
{
  return self->account->kind == PINION_ACCOUNT_PERSONAL && !self->imap.user;
}

PinionAccount *
pinion_setup_dup_account (PinionSetup *self)
{
  PinionAccount *account = pinion_account_copy (self->account);

  if (pinion_setup_tries_user_names (self) && !self->smtp.user)
    g_clear_pointer (&account->smtp.user, g_free);

  return account;
}

/* -- Writing -------------------------------------------------------------------------------- */

void
pinion_setup_set_exchange (PinionSetup *self,
                           gboolean     exchange)
{
  self->exchange = exchange;
  if (!exchange)
    self->account->kind = PINION_ACCOUNT_PERSONAL;
  follow (self);
}

void
pinion_setup_set_history (PinionSetup  *self,
                          PinionHistory history)
{
  self->account->history = history;
}

void
pinion_setup_set_kind (PinionSetup      *self,
                       PinionAccountKind kind)
{
  self->account->kind = kind;
  follow (self);
}

void
pinion_setup_set_shared (PinionSetup *self,
                         const char  *shared)
{
  g_free (self->shared);
  self->shared = dup_stripped (shared);
  follow (self);
}

void
pinion_setup_set_name (PinionSetup *self,
                       const char  *name)
{
  g_free (self->account->name);
  self->account->name = dup_stripped (name);
}

void
pinion_setup_set_address (PinionSetup *self,
                          const char  *address)
{
  g_free (self->address);
  self->address = dup_stripped (address);
  follow (self);
}

void
pinion_setup_set_sign_in (PinionSetup *self,
                          PinionSignIn sign_in)
{
  self->sign_in = sign_in;
  follow (self);
}

void
pinion_setup_set_pin_all (PinionSetup *self,
                          gboolean     pin_all)
{
  self->account->pin_all = pin_all;
}

void
pinion_setup_set_host (PinionSetup   *self,
                       PinionProtocol protocol,
                       const char    *host)
{
  PinionServer *server = get_server (self, protocol);
  g_autofree char *stripped = dup_stripped (host);
  g_autofree char *before = g_strdup (self->account->smtp.host);

  if (g_str_equal (stripped, server->host))
    return;

  get_typed (self, protocol)->host = *stripped != '\0' &&
                                     !g_str_equal (stripped, self->account->imap.host);
  g_set_str (&server->host, stripped);
  forget_trust (server);
  follow (self);

  if (!g_str_equal (before, self->account->smtp.host))
    forget_trust (&self->account->smtp);
}

void
pinion_setup_set_port (PinionSetup   *self,
                       PinionProtocol protocol,
                       const char    *port)
{
  PinionServer *server = get_server (self, protocol);
  guint16 usual = pinion_encryption_get_port (server->encryption,
                                              protocol == PINION_PROTOCOL_IMAP);
  g_autofree char *stripped = dup_stripped (port);
  guint64 number = 0;
  guint16 before = server->port;

  if (*stripped != '\0')
    g_ascii_string_to_unsigned (stripped, 10, 1, G_MAXUINT16, &number, NULL);

  get_typed (self, protocol)->port = *stripped != '\0' && number != usual;
  server->port = (guint16) number;
  follow (self);

  if (server->port != before)
    forget_trust (server);
}

void
pinion_setup_set_encryption (PinionSetup     *self,
                             PinionProtocol   protocol,
                             PinionEncryption encryption)
{
  PinionServer *server = get_server (self, protocol);

  if (server->encryption == encryption)
    return;

  server->encryption = encryption;
  if (!get_typed (self, protocol)->port)
    forget_trust (server);
  follow (self);
}

void
pinion_setup_set_user (PinionSetup   *self,
                       PinionProtocol protocol,
                       const char    *user)
{
  g_autofree char *stripped = dup_stripped (user);
  g_autofree char *usual = protocol == PINION_PROTOCOL_SMTP ? g_strdup (self->account->imap.user)
                                                            : dup_user (self);

  get_typed (self, protocol)->user = *stripped != '\0' && !g_str_equal (stripped, usual);
  g_set_str (&get_server (self, protocol)->user, stripped);
  follow (self);
}

void
pinion_setup_trust (PinionSetup   *self,
                    PinionProtocol protocol,
                    const char    *sha256)
{
  g_set_str (&get_server (self, protocol)->trusted_sha256, sha256);
}

/* -- Checks --------------------------------------------------------------------------------- */

static const char *
check_email (const char *text)
{
  if (*text == '\0')
    return _("Enter your email address.");
  if (!pinion_address_is_valid (text))
    return _("An email address looks like name@company.com.");

  return NULL;
}

static const char *
check_shared (const char *text)
{
  if (*text == '\0')
    return _("Enter the alias of the shared mailbox, or its email address.");
  if (strchr (text, '@') != NULL && !pinion_address_is_valid (text))
    return _("An email address looks like name@company.com.");
  if (strpbrk (text, "\\/ ") != NULL)
    return _("An alias is one word, such as sales.");

  return NULL;
}

static const char *
check_host (const char *text)
{
  if (*text == '\0')
    return _("Enter the hostname of the server.");
  if (!pinion_host_is_valid (text))
    return _("A hostname looks like mail.company.com.");

  return NULL;
}

static const char *
check_port (const char *text)
{
  /* Emptied, it follows the encryption again */
  if (*text == '\0' || g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, NULL, NULL))
    return NULL;

  return _("A port is a number from 1 to 65535.");
}

const char *
pinion_setup_check (PinionSetupField field,
                    const char      *text)
{
  g_autofree char *stripped = NULL;

  if (field == PINION_SETUP_PASSWORD)
    return *text == '\0' ? _("Enter your password.") : NULL;

  stripped = dup_stripped (text);
  switch (field)
    {
    case PINION_SETUP_EMAIL:
      return check_email (stripped);

    case PINION_SETUP_SHARED:
      return check_shared (stripped);

    case PINION_SETUP_HOST:
      return check_host (stripped);

    case PINION_SETUP_PORT:
      return check_port (stripped);

    case PINION_SETUP_PASSWORD:
    default:
      return NULL;
    }
}

/* -- Cures ---------------------------------------------------------------------------------- */

PinionCure
pinion_cure_for_error (const GError *error)
{
  if (error->domain != PINION_ERROR)
    return PINION_CURE_NONE;

  switch ((PinionErrorCode) error->code)
    {
    case PINION_ERROR_NEEDS_STARTTLS:
      return PINION_CURE_STARTTLS;

    case PINION_ERROR_NEEDS_TLS:
      return PINION_CURE_TLS;

    case PINION_ERROR_STARTTLS_MISSING:
      return PINION_CURE_TLS_PORT;

    case PINION_ERROR_CERTIFICATE_EXPIRED:
    case PINION_ERROR_CERTIFICATE_OTHER_NAME:
    case PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER:
    case PINION_ERROR_CERTIFICATE_SELF_SIGNED:
      return pinion_error_get_detail (error, "sha256") != NULL ? PINION_CURE_TRUST
                                                               : PINION_CURE_NONE;

    case PINION_ERROR_SIGN_IN_REFUSED:
    case PINION_ERROR_APP_PASSWORD_NEEDED:
    case PINION_ERROR_PASSWORD_MISSING:
    case PINION_ERROR_TICKET_REFUSED:
      return PINION_CURE_CREDENTIALS;

    case PINION_ERROR_INVALID_ARGUMENT:
    case PINION_ERROR_HOST_UNKNOWN:
    case PINION_ERROR_PORT_CLOSED:
    case PINION_ERROR_UNREACHABLE:
    case PINION_ERROR_TIMED_OUT:
    case PINION_ERROR_TLS_FAILED:
    case PINION_ERROR_GREETING_UNEXPECTED:
    case PINION_ERROR_SIGN_IN_NO_MECHANISM:
      return pinion_error_get_protocol (error) != PINION_PROTOCOL_NONE ? PINION_CURE_SERVER
                                                                       : PINION_CURE_CREDENTIALS;

    default:
      return PINION_CURE_NONE;
    }
}

const char *
pinion_cure_get_label (PinionCure     cure,
                       PinionProtocol protocol)
{
  switch (cure)
    {
    case PINION_CURE_STARTTLS:
      return _("Switch to STARTTLS");

    case PINION_CURE_TLS:
    case PINION_CURE_TLS_PORT:
      return _("Switch to TLS");

    case PINION_CURE_TRUST:
      return _("Trust This Certificate");

    case PINION_CURE_CREDENTIALS:
      return _("Check Credentials");

    case PINION_CURE_SERVER:
      return protocol == PINION_PROTOCOL_SMTP ? _("Check SMTP Settings")
                                              : _("Check IMAP Settings");

    case PINION_CURE_NONE:
    default:
      return NULL;
    }
}

/* The port stays: it is the one that answered otherwise than expected. */
static void
switch_encryption (PinionSetup     *self,
                   PinionProtocol   protocol,
                   PinionEncryption encryption)
{
  guint16 port = get_server (self, protocol)->port;
  g_autofree char *text = g_strdup_printf ("%u", port);

  pinion_setup_set_encryption (self, protocol, encryption);
  pinion_setup_set_port (self, protocol, text);
}

gboolean
pinion_setup_cure (PinionSetup  *self,
                   PinionCure    cure,
                   const GError *error)
{
  PinionProtocol protocol = pinion_error_get_protocol (error);

  switch (cure)
    {
    case PINION_CURE_STARTTLS:
      switch_encryption (self, protocol, PINION_ENCRYPTION_STARTTLS);
      return TRUE;

    case PINION_CURE_TLS:
      switch_encryption (self, protocol, PINION_ENCRYPTION_TLS);
      return TRUE;

    case PINION_CURE_TLS_PORT:
      pinion_setup_set_port (self, protocol, "");
      pinion_setup_set_encryption (self, protocol, PINION_ENCRYPTION_TLS);
      return TRUE;

    case PINION_CURE_TRUST:
      pinion_setup_trust (self, protocol, pinion_error_get_detail (error, "sha256"));
      return TRUE;

    case PINION_CURE_NONE:
    case PINION_CURE_CREDENTIALS:
    case PINION_CURE_SERVER:
    default:
      return FALSE;
    }
}
