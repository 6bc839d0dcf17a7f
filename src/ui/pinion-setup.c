/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-setup.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  gboolean host;
  gboolean port;
  gboolean encryption;
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
  PinionFinding *imap_found;
  PinionFinding *smtp_found;
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

/* Trust belongs to the server it was given to. */
static void
forget_trust (PinionServer *server)
{
  g_clear_pointer (&server->trusted_sha256, g_free);
}

/* What the person typed themselves instead of what was found */
static gboolean
is_other_host (PinionSetup         *self,
               PinionProtocol       protocol,
               const PinionFinding *found)
{
  return get_typed (self, protocol)->host
         && (found == NULL || !g_str_equal (get_server (self, protocol)->host, found->host));
}

/* What was found holds as long as it is about the host that is meant.  (nullable) */
static const PinionFinding *
get_found (PinionSetup   *self,
           PinionProtocol protocol)
{
  const PinionFinding *found = protocol == PINION_PROTOCOL_SMTP ? self->smtp_found
                                                                : self->imap_found;

  if (found == NULL || is_other_host (self, protocol, found))
    return NULL;

  /* A person who knows the host of IMAP better knows it for SMTP too. */
  if (protocol == PINION_PROTOCOL_SMTP && !self->smtp.host
      && is_other_host (self, PINION_PROTOCOL_IMAP, self->imap_found))
    return NULL;

  return found;
}

static const char *
get_usual_host (PinionSetup   *self,
                PinionProtocol protocol)
{
  const PinionFinding *found = get_found (self, protocol);

  if (found != NULL)
    return found->host;

  return protocol == PINION_PROTOCOL_SMTP ? self->account->imap.host : "";
}

static PinionEncryption
get_usual_encryption (PinionSetup   *self,
                      PinionProtocol protocol)
{
  const PinionFinding *found = get_found (self, protocol);

  if (found != NULL)
    return found->encryption;

  return protocol == PINION_PROTOCOL_SMTP ? PINION_ENCRYPTION_STARTTLS : PINION_ENCRYPTION_TLS;
}

static guint16
get_usual_port (PinionSetup   *self,
                PinionProtocol protocol)
{
  const PinionFinding *found = get_found (self, protocol);
  PinionEncryption encryption = get_server (self, protocol)->encryption;

  if (found != NULL && found->encryption == encryption)
    return found->port;

  return pinion_encryption_get_port (encryption, protocol == PINION_PROTOCOL_IMAP);
}

/* A name other than the address, as it was found.  (nullable) */
static const char *
get_found_user (PinionSetup   *self,
                PinionProtocol protocol)
{
  const PinionFinding *found = get_found (self, protocol);

  return found != NULL && found->form != PINION_USER_FORM_ADDRESS
             && self->account->kind == PINION_ACCOUNT_PERSONAL
           ? found->user
           : NULL;
}

static char *
dup_usual_user (PinionSetup   *self,
                PinionProtocol protocol)
{
  const char *user = get_found_user (self, protocol);

  if (protocol == PINION_PROTOCOL_SMTP)
    return g_strdup (user != NULL && !self->imap.user ? user : self->account->imap.user);

  return user != NULL ? g_strdup (user) : dup_user (self);
}

static void
follow_server (PinionSetup   *self,
               PinionProtocol protocol)
{
  PinionServer *server = get_server (self, protocol);
  const Typed *typed = get_typed (self, protocol);
  g_autofree char *host = g_strdup (server->host);
  g_autofree char *user = NULL;
  guint16 port = server->port;

  if (!typed->host)
    g_set_str (&server->host, get_usual_host (self, protocol));
  if (!typed->encryption)
    server->encryption = get_usual_encryption (self, protocol);
  if (!typed->port)
    server->port = get_usual_port (self, protocol);
  user = dup_usual_user (self, protocol);
  if (!typed->user)
    g_set_str (&server->user, user);

  if (g_strcmp0 (host, server->host) != 0 || port != server->port)
    forget_trust (server);
}

static void
follow (PinionSetup *self)
{
  PinionAccount *account = self->account;

  g_free (account->email);
  account->email = dup_email (self);
  follow_server (self, PINION_PROTOCOL_IMAP);
  follow_server (self, PINION_PROTOCOL_SMTP);

  /* A ticket opens the person's own mailbox and cannot name another one. */
  pinion_account_set_sign_in (account, account->kind == PINION_ACCOUNT_SHARED
                                         ? PINION_SIGN_IN_PASSWORD
                                         : self->sign_in);
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
  g_clear_pointer (&self->imap_found, pinion_finding_free);
  g_clear_pointer (&self->smtp_found, pinion_finding_free);
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
  return self->account->kind == PINION_ACCOUNT_PERSONAL && !self->imap.user
         && get_found_user (self, PINION_PROTOCOL_IMAP) == NULL;
}

const PinionFinding *
pinion_setup_get_finding (PinionSetup   *self,
                          PinionProtocol protocol)
{
  return get_found (self, protocol);
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
  Typed *typed = get_typed (self, protocol);
  g_autofree char *stripped = dup_stripped (host);

  if (g_str_equal (stripped, server->host))
    return;

  typed->host = FALSE;
  typed->host = *stripped != '\0' && !g_str_equal (stripped, get_usual_host (self, protocol));
  g_set_str (&server->host, stripped);
  forget_trust (server);
  follow (self);
}

void
pinion_setup_set_port (PinionSetup   *self,
                       PinionProtocol protocol,
                       const char    *port)
{
  PinionServer *server = get_server (self, protocol);
  guint16 usual = get_usual_port (self, protocol);
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
  get_typed (self, protocol)->encryption = encryption != get_usual_encryption (self, protocol);
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
  g_autofree char *usual = dup_usual_user (self, protocol);

  get_typed (self, protocol)->user = *stripped != '\0' && !g_str_equal (stripped, usual);
  g_set_str (&get_server (self, protocol)->user, stripped);
  follow (self);
}

void
pinion_setup_set_discovery (PinionSetup           *self,
                            const PinionDiscovery *discovery)
{
  const PinionFinding *imap = NULL;
  const PinionFinding *smtp = NULL;

  if (discovery != NULL)
    {
      imap = pinion_discovery_get_best (discovery, PINION_PROTOCOL_IMAP);
      smtp = pinion_discovery_get_best (discovery, PINION_PROTOCOL_SMTP);
    }

  g_clear_pointer (&self->imap_found, pinion_finding_free);
  g_clear_pointer (&self->smtp_found, pinion_finding_free);
  self->imap_found = imap != NULL ? pinion_finding_copy (imap) : NULL;
  self->smtp_found = smtp != NULL ? pinion_finding_copy (smtp) : NULL;
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

/* A port that was said by the cure counts as typed where it is not the usual one. */
static void
switch_way (PinionSetup     *self,
            PinionProtocol   protocol,
            guint16          port,
            PinionEncryption encryption)
{
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
  PinionEncryption encryption;
  guint16 port;

  if (pinion_cure_get_way (cure, error, &port, &encryption))
    {
      /* The port that answered otherwise than expected */
      if (port == 0)
        port = get_server (self, protocol)->port;
      switch_way (self, protocol, port, encryption);
      return TRUE;
    }

  if (cure != PINION_CURE_TRUST)
    return FALSE;

  pinion_setup_trust (self, protocol, pinion_error_get_detail (error, "sha256"));
  return TRUE;
}
