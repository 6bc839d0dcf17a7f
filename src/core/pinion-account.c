/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-account.h"

#include <gio/gio.h>
#include <string.h>

#define SECONDS_PER_DAY 86400

G_DEFINE_BOXED_TYPE (PinionAccount, pinion_account, pinion_account_copy, pinion_account_free)

static const char *const history_names[] = {
  "none", "1m", "3m", "6m", "1y", "2y", "3y", "5y", "10y", "all",
};

static const int history_months[] = { 0, 1, 3, 6, 12, 24, 36, 60, 120, -1 };

static const char *const encryption_names[] = { "tls", "starttls" };

static const char *const kind_names[] = { "personal", "shared" };

static const char *const sign_in_names[] = { "password", "kerberos" };

static gboolean
find_name (const char *const *names,
           guint              n_names,
           const char        *string,
           guint             *index)
{
  for (guint i = 0; string != NULL && i < n_names; i++)
    {
      if (strcmp (names[i], string) == 0)
        {
          *index = i;
          return TRUE;
        }
    }

  return FALSE;
}

PinionAccount *
pinion_account_new (void)
{
  PinionAccount *self = g_new0 (PinionAccount, 1);

  self->uuid = g_uuid_string_random ();
  self->email = g_strdup ("");
  self->name = g_strdup ("");
  self->history = PINION_HISTORY_1_YEAR;
  self->pin_all = TRUE;
  self->imap.encryption = PINION_ENCRYPTION_TLS;
  self->imap.port = 993;
  self->smtp.encryption = PINION_ENCRYPTION_STARTTLS;
  self->smtp.port = 587;

  return self;
}

void
pinion_server_copy (PinionServer       *to,
                    const PinionServer *from)
{
  g_set_str (&to->host, from->host);
  g_set_str (&to->user, from->user);
  g_set_str (&to->trusted_sha256, from->trusted_sha256);
  to->port = from->port;
  to->encryption = from->encryption;
  to->sign_in = from->sign_in;
}

void
pinion_server_clear (PinionServer *self)
{
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->trusted_sha256, g_free);
}

PinionAccount *
pinion_account_copy (const PinionAccount *self)
{
  PinionAccount *copy = g_memdup2 (self, sizeof *self);

  copy->uuid = g_strdup (self->uuid);
  copy->email = g_strdup (self->email);
  copy->name = g_strdup (self->name);
  copy->ca_pem = g_strdup (self->ca_pem);
  copy->signature = g_strdup (self->signature);
  copy->aliases = pinion_identities_copy (self->aliases);
  copy->colour = g_strdup (self->colour);
  memset (&copy->imap, 0, sizeof copy->imap);
  memset (&copy->smtp, 0, sizeof copy->smtp);
  pinion_server_copy (&copy->imap, &self->imap);
  pinion_server_copy (&copy->smtp, &self->smtp);

  return copy;
}

void
pinion_account_free (PinionAccount *self)
{
  if (self == NULL)
    return;

  g_free (self->uuid);
  g_free (self->email);
  g_free (self->name);
  g_free (self->ca_pem);
  g_free (self->signature);
  g_clear_pointer (&self->aliases, g_ptr_array_unref);
  g_free (self->colour);
  pinion_server_clear (&self->imap);
  pinion_server_clear (&self->smtp);
  g_free (self);
}

gboolean
pinion_server_equal (const PinionServer *a,
                     const PinionServer *b)
{
  return g_strcmp0 (a->host, b->host) == 0 && a->port == b->port
         && a->encryption == b->encryption && g_strcmp0 (a->user, b->user) == 0
         && g_strcmp0 (a->trusted_sha256, b->trusted_sha256) == 0 && a->sign_in == b->sign_in;
}

gboolean
pinion_account_equal (const PinionAccount *a,
                      const PinionAccount *b)
{
  return a->id == b->id && g_strcmp0 (a->uuid, b->uuid) == 0
         && g_strcmp0 (a->email, b->email) == 0 && g_strcmp0 (a->name, b->name) == 0
         && a->kind == b->kind && a->history == b->history && a->pin_all == b->pin_all
         && g_strcmp0 (a->ca_pem, b->ca_pem) == 0 && a->created == b->created
         && g_strcmp0 (a->signature, b->signature) == 0
         && pinion_identities_equal (a->aliases, b->aliases)
         && g_strcmp0 (a->colour, b->colour) == 0 && a->position == b->position
         && a->refused == b->refused && a->quiet == b->quiet
         && a->server_drafts == b->server_drafts
         && pinion_server_equal (&a->imap, &b->imap)
         && pinion_server_equal (&a->smtp, &b->smtp);
}

PinionIdentity *
pinion_account_dup_identity (const PinionAccount *self,
                             const char          *address)
{
  const PinionIdentity *alias = pinion_identities_find (self->aliases, address);

  if (alias != NULL)
    return pinion_identity_copy (alias);

  return pinion_identity_new (self->email, self->name, self->signature);
}

GStrv
pinion_account_dup_addresses (const PinionAccount *self)
{
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();

  g_strv_builder_add (addresses, self->email);
  for (guint i = 0; self->aliases != NULL && i < self->aliases->len; i++)
    g_strv_builder_add (addresses, ((PinionIdentity *) self->aliases->pdata[i])->address);

  return g_strv_builder_end (addresses);
}

gboolean
pinion_account_has_address (const PinionAccount *self,
                            const char          *address)
{
  return g_ascii_strcasecmp (self->email, address) == 0
         || pinion_identities_find (self->aliases, address) != NULL;
}

gboolean
pinion_colour_is_valid (const char *colour)
{
  if (colour == NULL || strlen (colour) != 7 || colour[0] != '#')
    return FALSE;

  for (const char *p = colour + 1; *p != '\0'; p++)
    {
      if (!g_ascii_isxdigit (*p))
        return FALSE;
    }

  return TRUE;
}

void
pinion_account_set_sign_in (PinionAccount *self,
                            PinionSignIn   sign_in)
{
  self->imap.sign_in = sign_in;
  self->smtp.sign_in = sign_in;
}

gboolean
pinion_account_needs_password (const PinionAccount *self)
{
  return self->imap.sign_in == PINION_SIGN_IN_PASSWORD ||
         self->smtp.sign_in == PINION_SIGN_IN_PASSWORD;
}

const char *
pinion_encryption_to_string (PinionEncryption encryption)
{
  g_return_val_if_fail (encryption < G_N_ELEMENTS (encryption_names), NULL);

  return encryption_names[encryption];
}

gboolean
pinion_encryption_from_string (const char       *string,
                               PinionEncryption *encryption)
{
  guint index;

  if (!find_name (encryption_names, G_N_ELEMENTS (encryption_names), string, &index))
    return FALSE;

  *encryption = index;
  return TRUE;
}

const char *
pinion_history_to_string (PinionHistory history)
{
  g_return_val_if_fail (history < G_N_ELEMENTS (history_names), NULL);

  return history_names[history];
}

gboolean
pinion_history_from_string (const char    *string,
                            PinionHistory *history)
{
  guint index;

  if (!find_name (history_names, G_N_ELEMENTS (history_names), string, &index))
    return FALSE;

  *history = index;
  return TRUE;
}

const char *
pinion_account_kind_to_string (PinionAccountKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

gboolean
pinion_account_kind_from_string (const char        *string,
                                 PinionAccountKind *kind)
{
  guint index;

  if (!find_name (kind_names, G_N_ELEMENTS (kind_names), string, &index))
    return FALSE;

  *kind = index;
  return TRUE;
}

const char *
pinion_sign_in_to_string (PinionSignIn sign_in)
{
  g_return_val_if_fail (sign_in < G_N_ELEMENTS (sign_in_names), NULL);

  return sign_in_names[sign_in];
}

gboolean
pinion_sign_in_from_string (const char   *string,
                            PinionSignIn *sign_in)
{
  guint index;

  if (!find_name (sign_in_names, G_N_ELEMENTS (sign_in_names), string, &index))
    return FALSE;

  *sign_in = index;
  return TRUE;
}

gint64
pinion_history_get_start (PinionHistory history,
                          gint64        now,
                          gint64        created)
{
  g_return_val_if_fail (history < G_N_ELEMENTS (history_months), G_MININT64);

  if (history == PINION_HISTORY_NONE)
    return created;
  if (history == PINION_HISTORY_ALL)
    return G_MININT64;

  g_autoptr (GDateTime) today = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) start = g_date_time_add_months (today, -history_months[history]);

  /* Whole days, as the server's SEARCH SINCE counts (RFC 3501 6.4.4). */
  return g_date_time_to_unix (start) / SECONDS_PER_DAY * SECONDS_PER_DAY;
}

guint16
pinion_encryption_get_port (PinionEncryption encryption,
                            gboolean         protocol_is_imap)
{
  if (protocol_is_imap)
    return encryption == PINION_ENCRYPTION_TLS ? 993 : 143;

  return encryption == PINION_ENCRYPTION_TLS ? 465 : 587;
}

gboolean
pinion_host_is_valid (const char *host)
{
  if (host == NULL || *host == '\0' || strlen (host) > 253)
    return FALSE;

  if (g_hostname_is_ip_address (host))
    return TRUE;

  if (!g_utf8_validate (host, -1, NULL) || host[0] == '.' || strstr (host, "..") != NULL)
    return FALSE;

  for (const char *p = host; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 128 && !g_ascii_isalnum (c) && c != '-' && c != '.' && c != '_')
        return FALSE;
      if (c >= 128 && !g_unichar_isalnum (c) && !g_unichar_ismark (c))
        return FALSE;
    }

  g_autofree char *ascii = g_hostname_to_ascii (host);
  return ascii != NULL;
}

gboolean
pinion_address_is_valid (const char *address)
{
  if (address == NULL || strlen (address) > 254 || !g_utf8_validate (address, -1, NULL))
    return FALSE;

  const char *at = strrchr (address, '@');
  if (at == NULL || at == address || at - address > 64 || !pinion_host_is_valid (at + 1))
    return FALSE;

  for (const char *p = address; p < at; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c <= ' ' || c == 0x7f || g_unichar_isspace (c) || g_unichar_iscntrl (c))
        return FALSE;
      if (c < 128 && strchr ("()<>[]:;@\\,\"", (int) c) != NULL)
        return FALSE;
    }

  return address[0] != '.' && at[-1] != '.';
}
