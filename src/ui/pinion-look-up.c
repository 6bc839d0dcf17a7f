/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-look-up.h"

#include <string.h>

struct _PinionLookUp
{
  GObject parent_instance;

  PinionEngine *engine;
  char *address;
  PinionSecret *secret;
  GPtrArray *agreed;
  PinionDiscovery *found;
  DexFuture *work;
  /* Counts the look-ups, so that what comes late from an old one is not taken */
  guint turn;
  gboolean running;
  gboolean signed_in;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionLookUp, pinion_look_up, G_TYPE_OBJECT)

/* Who began a look-up, as long as they are there. */
typedef struct
{
  GWeakRef look_up;
  guint turn;
} Ticket;

static Ticket *
ticket_new (PinionLookUp *self)
{
  Ticket *ticket = g_new0 (Ticket, 1);

  g_weak_ref_init (&ticket->look_up, self);
  ticket->turn = self->turn;

  return ticket;
}

static void
ticket_free (gpointer data)
{
  Ticket *ticket = data;

  g_weak_ref_clear (&ticket->look_up);
  g_free (ticket);
}

/* Returns: (transfer full) (nullable) where it is the same look-up, and it goes on */
static PinionLookUp *
ticket_dup_look_up (Ticket *ticket)
{
  g_autoptr (PinionLookUp) self = g_weak_ref_get (&ticket->look_up);

  return self != NULL && self->turn == ticket->turn && self->running
           ? g_steal_pointer (&self)
           : NULL;
}

/* -- What comes ----------------------------------------------------------------------------- */

static gboolean
is_from_autodiscover (PinionSource source)
{
  return source == PINION_SOURCE_AUTODISCOVER || source == PINION_SOURCE_AUTODISCOVER_SOAP;
}

static gboolean
has_own_word (PinionLookUp *self)
{
  const PinionFinding *imap = pinion_discovery_get_best (self->found, PINION_PROTOCOL_IMAP);

  return imap != NULL && is_from_autodiscover (imap->source);
}

static const PinionAttempt *
find_attempt (PinionLookUp *self,
              PinionOutcome outcome)
{
  for (guint i = 0; self->found != NULL && i < self->found->attempts->len; i++)
    {
      const PinionAttempt *attempt = self->found->attempts->pdata[i];

      if (attempt->outcome == outcome && is_from_autodiscover (attempt->source))
        return attempt;
    }

  return NULL;
}

static void
take (PinionLookUp    *self,
      PinionDiscovery *found)
{
  pinion_discovery_ref (found);
  g_clear_pointer (&self->found, pinion_discovery_unref);
  self->found = found;
}

static void
on_known (PinionDiscovery *so_far,
          gpointer         user_data)
{
  g_autoptr (PinionLookUp) self = ticket_dup_look_up (user_data);

  if (self == NULL)
    return;

  take (self, so_far);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Where the domain's own server, or one that was agreed to, would say more. */
static gboolean
wants_secret (PinionLookUp *self)
{
  return self->secret != NULL && !self->signed_in && self->found != NULL && !has_own_word (self)
         && find_attempt (self, PINION_OUTCOME_NEEDS_SIGN_IN) != NULL;
}

/* -- Looking up ----------------------------------------------------------------------------- */

static DexFuture *
begin_request (PinionLookUp *self,
               gboolean      with_secret)
{
  PinionDiscoverRequest request = {
    .address = self->address,
    .secret = with_secret ? self->secret : NULL,
    /* For tests, as --base-url of the command line */
    .base_url = g_getenv ("PINION_DISCOVER_URL"),
    .agreed_hosts = (const char *const *) self->agreed->pdata,
  };

  return pinion_engine_discover (self->engine, &request, on_known, ticket_new (self), ticket_free);
}

static DexFuture *
on_ended (DexFuture *future,
          gpointer   user_data)
{
  g_autoptr (PinionLookUp) self = ticket_dup_look_up (user_data);
  const GValue *value = dex_future_get_value (future, NULL);

  if (self == NULL)
    return NULL;

  if (value != NULL)
    take (self, g_value_get_boxed (value));
  self->running = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);

  return NULL;
}

static void
begin (PinionLookUp *self,
       gboolean      with_secret)
{
  pinion_look_up_stop (self);
  self->running = TRUE;
  self->signed_in = with_secret;
  self->work = dex_future_finally (begin_request (self, with_secret), on_ended, ticket_new (self),
                                   ticket_free);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
on_password_wanted (gpointer data)
{
  Ticket *ticket = data;
  g_autoptr (PinionLookUp) self = g_weak_ref_get (&ticket->look_up);

  if (self != NULL && self->turn == ticket->turn && wants_secret (self))
    begin (self, TRUE);

  return G_SOURCE_REMOVE;
}

/* Once more with the password, when what was going on has wholly ended. */
static void
on_changed (PinionLookUp *self)
{
  if (!self->running && wants_secret (self))
    g_idle_add_full (G_PRIORITY_DEFAULT, on_password_wanted, ticket_new (self), ticket_free);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_look_up_dispose (GObject *object)
{
  PinionLookUp *self = PINION_LOOK_UP (object);

  pinion_look_up_stop (self);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_look_up_parent_class)->dispose (object);
}

static void
pinion_look_up_finalize (GObject *object)
{
  PinionLookUp *self = PINION_LOOK_UP (object);

  g_free (self->address);
  g_ptr_array_unref (self->agreed);
  g_clear_pointer (&self->secret, pinion_secret_unref);
  g_clear_pointer (&self->found, pinion_discovery_unref);

  G_OBJECT_CLASS (pinion_look_up_parent_class)->finalize (object);
}

static void
pinion_look_up_class_init (PinionLookUpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pinion_look_up_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_look_up_finalize;

  signals[CHANGED] = g_signal_new_class_handler ("changed", G_TYPE_FROM_CLASS (klass),
                                                 G_SIGNAL_RUN_LAST, G_CALLBACK (on_changed), NULL,
                                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
pinion_look_up_init (PinionLookUp *self)
{
  self->agreed = g_ptr_array_new_null_terminated (4, g_free, TRUE);
}

PinionLookUp *
pinion_look_up_new (PinionEngine *engine)
{
  PinionLookUp *self = g_object_new (PINION_TYPE_LOOK_UP, NULL);

  self->engine = g_object_ref (engine);

  return self;
}

/* -- What the assistant says ---------------------------------------------------------------- */

static gboolean
is_same_secret (PinionSecret *a,
                PinionSecret *b)
{
  return g_strcmp0 (a != NULL ? pinion_secret_peek (a) : NULL,
                    b != NULL ? pinion_secret_peek (b) : NULL) == 0;
}

static void
forget (PinionLookUp *self,
        const char   *address)
{
  pinion_look_up_stop (self);
  g_set_str (&self->address, address);
  g_ptr_array_set_size (self->agreed, 0);
  g_clear_pointer (&self->found, pinion_discovery_unref);
}

void
pinion_look_up_begin (PinionLookUp *self,
                      const char   *address,
                      PinionSecret *secret)
{
  g_return_if_fail (PINION_IS_LOOK_UP (self));

  gboolean same = g_strcmp0 (address, self->address) == 0;

  if (secret != NULL && !is_same_secret (secret, self->secret))
    {
      g_clear_pointer (&self->secret, pinion_secret_unref);
      self->secret = pinion_secret_ref (secret);
      self->signed_in = FALSE;
    }

  if (!same)
    {
      forget (self, address);
      if (pinion_address_is_valid (address))
        begin (self, FALSE);
      else
        g_signal_emit (self, signals[CHANGED], 0);
    }
  else if (!self->running && wants_secret (self))
    begin (self, TRUE);
}

void
pinion_look_up_agree (PinionLookUp *self,
                      const char   *host)
{
  g_return_if_fail (PINION_IS_LOOK_UP (self));
  g_return_if_fail (self->address != NULL);

  g_ptr_array_add (self->agreed, g_strdup (host));
  begin (self, FALSE);
}

void
pinion_look_up_stop (PinionLookUp *self)
{
  g_return_if_fail (PINION_IS_LOOK_UP (self));

  self->turn++;
  self->running = FALSE;
  dex_clear (&self->work);
}

gboolean
pinion_look_up_is_running (PinionLookUp *self)
{
  g_return_val_if_fail (PINION_IS_LOOK_UP (self), FALSE);

  return self->running;
}

PinionDiscovery *
pinion_look_up_get_found (PinionLookUp *self)
{
  g_return_val_if_fail (PINION_IS_LOOK_UP (self), NULL);

  return self->found;
}

const char *
pinion_look_up_get_other_host (PinionLookUp *self)
{
  g_return_val_if_fail (PINION_IS_LOOK_UP (self), NULL);

  const PinionAttempt *attempt = find_attempt (self, PINION_OUTCOME_OTHER_HOST);

  if (attempt == NULL)
    attempt = find_attempt (self, PINION_OUTCOME_OTHER_ADDRESS);

  return attempt != NULL && !has_own_word (self) ? attempt->host : NULL;
}
