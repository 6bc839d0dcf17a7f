/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who a person writes as, and the order and colours of the accounts: what no server knows of. */

#include "pinion-engine-private.h"

#include "pinion-fiber.h"
#include "pinion-mime-html.h"
#include "pinion-text.h"

#include <string.h>

#define MOST_ALIASES 100

typedef struct
{
  PinionEngine *engine;
  PinionAccount *account;
  gint64 id;
  guint position;
} Details;

static void
details_free (gpointer data)
{
  Details *details = data;

  g_object_unref (details->engine);
  g_clear_pointer (&details->account, pinion_account_free);
  g_free (details);
}

static GError *
new_error (const char *address,
           const char *words)
{
  GError *error = pinion_error_new (PINION_ERROR_INVALID_ARGUMENT, PINION_PROTOCOL_NONE,
                                    PINION_STAGE_NONE, "%s", words);

  if (address != NULL)
    pinion_error_set_detail (error, "address", address);
  return error;
}

static gboolean
is_twice (const PinionAccount  *account,
          const PinionIdentity *alias,
          guint                 index)
{
  for (guint i = 0; i < index; i++)
    {
      const PinionIdentity *other = account->aliases->pdata[i];

      if (g_ascii_strcasecmp (other->address, alias->address) == 0)
        return TRUE;
    }

  return g_ascii_strcasecmp (account->email, alias->address) == 0;
}

/* Returns: (nullable) what is wrong */
static GError *
check (const PinionAccount *account)
{
  guint n = account->aliases != NULL ? account->aliases->len : 0;

  if (n > MOST_ALIASES)
    return new_error (NULL, "there are too many aliases");
  if (account->colour != NULL && !pinion_colour_is_valid (account->colour))
    return new_error (NULL, "the colour is not written as #rrggbb");
  if (account->signature != NULL && strlen (account->signature) > PINION_MAX_SIGNATURE)
    return new_error (NULL, "the signature is too long");

  for (guint i = 0; i < n; i++)
    {
      const PinionIdentity *alias = account->aliases->pdata[i];

      if (!pinion_address_is_valid (alias->address))
        return new_error (alias->address, "the email address is not valid");
      if (is_twice (account, alias, i))
        return new_error (alias->address, "the email address is there already");
      if (strlen (alias->signature) > PINION_MAX_SIGNATURE)
        return new_error (alias->address, "the signature is too long");
    }

  return NULL;
}

/* The settings that others may change meanwhile stay as they are. */
static DexFuture *
store_details (PinionStoreSession *session,
               gpointer            data)
{
  const PinionAccount *wanted = ((Details *) data)->account;
  g_autoptr (PinionAccount) account = pinion_store_account_get (session, wanted->id);

  if (account == NULL)
    {
      pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such account");
      return dex_future_new_true ();
    }

  g_free (account->name);
  account->name = pinion_text_clean_line (wanted->name, -1, 0);
  g_set_str (&account->signature, wanted->signature);
  g_set_str (&account->colour, wanted->colour);
  account->quiet = wanted->quiet;
  account->server_drafts = wanted->server_drafts;
  g_clear_pointer (&account->aliases, g_ptr_array_unref);
  account->aliases = pinion_identities_copy (wanted->aliases);
  pinion_store_account_update (session, account);

  return dex_future_new_true ();
}

static DexFuture *
details_fiber (gpointer data)
{
  Details *details = data;
  PinionEngine *self = details->engine;
  GError *error = NULL;

  if (!pinion_await (pinion_store_write (self->store, store_details, details, NULL), &error))
    return dex_future_new_for_error (error);

  return pinion_engine_reload (self);
}

DexFuture *
pinion_engine_set_details (PinionEngine        *self,
                           const PinionAccount *account)
{
  GError *error = check (account);
  Details *details;

  if (error != NULL)
    return dex_future_new_for_error (error);

  details = g_new0 (Details, 1);
  details->engine = g_object_ref (self);
  details->account = pinion_account_copy (account);

  return pinion_fiber_spawn (NULL, 0, details_fiber, details, details_free);
}

char *
pinion_identity_dup_plain_signature (const PinionIdentity *identity)
{
  if (pinion_signature_is_html (identity->signature))
    return g_strchomp (pinion_html_to_text (identity->signature));

  return g_strdup (identity->signature);
}

/* -- Order ---------------------------------------------------------------------------------- */

static DexFuture *
store_position (PinionStoreSession *session,
                gpointer            data)
{
  const Details *details = data;

  if (!pinion_store_account_move (session, details->id, details->position))
    pinion_store_session_fail (session, PINION_ERROR_NOT_FOUND, "there is no such account");

  return dex_future_new_true ();
}

static DexFuture *
move_fiber (gpointer data)
{
  Details *details = data;
  PinionEngine *self = details->engine;
  GError *error = NULL;

  if (!pinion_await (pinion_store_write (self->store, store_position, details, NULL), &error))
    return dex_future_new_for_error (error);

  return pinion_engine_reload (self);
}

DexFuture *
pinion_engine_move_account (PinionEngine *self,
                            gint64        account,
                            guint         position)
{
  Details *details = g_new0 (Details, 1);

  details->engine = g_object_ref (self);
  details->id = account;
  details->position = position;

  return pinion_fiber_spawn (NULL, 0, move_fiber, details, details_free);
}
