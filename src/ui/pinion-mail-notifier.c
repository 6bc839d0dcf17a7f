/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-mail-notifier.h"

#include <glib/gi18n-lib.h>

#include "pinion-fiber.h"
#include "pinion-isolate.h"
#include "pinion-text.h"
#include "pinion-window.h"

/* Milliseconds in which what comes at once is gathered; bodies come meanwhile, with a line to
 * show. */
#define GATHER 1500
/* After a change: what was read or moved is told of no more. */
#define LOOK_AGAIN 300

#define MOST_NAMES 3
#define MOST_CHARS 120

/* In place of an account: all of them. */
#define EVERY -1

/* What has come.  @in_sight: whose Inbox was looked at just then: an account, EVERY, or 0. */
typedef struct
{
  gint64 id;
  gint64 in_sight;
} Arrival;

/* A notification that stands: @messages, gint64, are what it still tells of. */
typedef struct
{
  char *name;
  gint64 account;
  gboolean sum;
  GArray *messages;
} Shown;

struct _PinionMailNotifier
{
  GObject parent_instance;

  GtkApplication *application; /* borrowed: it owns this */
  PinionEngine *engine;
  GArray *waiting;  /* of Arrival */
  GPtrArray *shown; /* of Shown */
  guint gather_source;
  guint look_source;
};

G_DEFINE_FINAL_TYPE (PinionMailNotifier, pinion_mail_notifier, G_TYPE_OBJECT)

static void
shown_free (gpointer data)
{
  Shown *shown = data;

  g_free (shown->name);
  g_array_unref (shown->messages);
  g_free (shown);
}

/* -- What is news --------------------------------------------------------------------------- */

static gboolean
is_in_inbox (PinionMailNotifier  *self,
             const PinionMessage *message)
{
  for (guint i = 0; message->labels != NULL && i < message->labels->len; i++)
    {
      PinionLabel *label
        = pinion_engine_find_label (self->engine, g_array_index (message->labels, gint64, i));

      if (label != NULL && pinion_label_get_role (label) == PINION_ROLE_INBOX)
        return TRUE;
    }

  return FALSE;
}

/* Returns: (transfer full) (nullable): @id, unless somebody has seen to it meanwhile */
static PinionMessage *
load_news (PinionMailNotifier *self,
           gint64              id)
{
  g_autoptr (PinionMessage) message
    = pinion_await_boxed (pinion_engine_load_message (self->engine, id), NULL);

  if (message == NULL || self->application == NULL || !message->unread ||
      !is_in_inbox (self, message))
    return NULL;

  return g_steal_pointer (&message);
}

static gboolean
is_in_sight (PinionMailNotifier *self,
             gint64              account)
{
  for (GList *link = gtk_application_get_windows (self->application); link != NULL;
       link = link->next)
    if (PINION_IS_WINDOW (link->data) && gtk_window_is_active (link->data) &&
        pinion_window_shows_inbox (link->data, account))
      return TRUE;

  return FALSE;
}

static gint64
get_in_sight (PinionMailNotifier *self)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);
  guint n = g_list_model_get_n_items (accounts);
  gint64 one = 0;
  guint n_in_sight = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);

      if (!is_in_sight (self, pinion_account_item_get_id (account)))
        continue;
      one = pinion_account_item_get_id (account);
      n_in_sight++;
    }

  return n_in_sight > 1 ? EVERY : one;
}

/* Whoever saw it come may look at something else by now. */
static gboolean
was_in_sight (const Arrival       *arrival,
              const PinionMessage *message)
{
  return arrival->in_sight == EVERY || arrival->in_sight == message->account;
}

static gboolean
is_wanted (PinionMailNotifier *self,
           gint64              account)
{
  PinionAccountItem *item = pinion_engine_find_account (self->engine, account);

  return item != NULL && !pinion_account_item_get_account (item)->quiet &&
         !is_in_sight (self, account);
}

/* -- Words ---------------------------------------------------------------------------------- */

/* One line, and nothing that a desktop could take for markup: the sender chose these words.
 * Returns: (transfer full) */
static char *
dup_plain (const char *text)
{
  g_autofree char *line = pinion_text_clean_line (text != NULL ? text : "", -1, MOST_CHARS);
  GString *plain = g_string_new (line);

  g_string_replace (plain, "<", "‹", 0);
  g_string_replace (plain, ">", "›", 0);

  return g_string_free (plain, FALSE);
}

static char *
dup_sender (const PinionMessage *message)
{
  if (message->from == NULL || message->from->len == 0)
    return g_strdup (_("Unknown sender"));

  return dup_plain (pinion_address_get_display (message->from->pdata[0]));
}

static char *
dup_body (const PinionMessage *message)
{
  g_autofree char *subject = dup_plain (message->subject);
  g_autofree char *snippet = dup_plain (message->snippet);
  const char *title = *subject != '\0' ? subject : _("(no subject)");

  return *snippet != '\0' ? g_strdup_printf ("%s\n%s", title, snippet) : g_strdup (title);
}

/* The newest senders, each once. */
static char *
dup_senders (GPtrArray *messages)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = messages->len; i > 0; i--)
    {
      g_autofree char *name = dup_sender (messages->pdata[i - 1]);
      g_autofree char *isolated = NULL;

      if (g_hash_table_contains (known, name))
        continue;
      if (g_hash_table_size (known) == MOST_NAMES)
        {
          g_string_append (names, "…");
          break;
        }

      if (names->len > 0)
        g_string_append (names, ", ");
      isolated = pinion_isolate_name (name);
      g_string_append (names, isolated);
      g_hash_table_add (known, g_steal_pointer (&name));
    }

  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* -- Notifications -------------------------------------------------------------------------- */

static GVariant *
new_ids (GArray *ids)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids->data, ids->len, sizeof (gint64));
}

static void
send (PinionMailNotifier *self,
      Shown              *shown,
      GNotification      *notification)
{
  g_notification_set_category (notification, "email.arrived");
  g_application_send_notification (G_APPLICATION (self->application), shown->name, notification);
}

static void
tell_one (PinionMailNotifier  *self,
          Shown               *shown,
          const PinionMessage *message)
{
  g_autofree char *sender = dup_sender (message);
  g_autofree char *body = dup_body (message);
  g_autoptr (GNotification) notification = g_notification_new (sender);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.open-message", "x",
                                                message->id);
  g_notification_add_button_with_target (notification, _("Archive"), "app.archive-message", "x",
                                         message->id);
  g_notification_add_button_with_target_value (notification, _("Mark as Read"),
                                               "app.read-messages", new_ids (shown->messages));
  g_notification_add_button_with_target (notification, _("Reply"), "app.reply-message", "x",
                                         message->id);
  send (self, shown, notification);
}

static void
tell_sum (PinionMailNotifier *self,
          Shown              *shown,
          GPtrArray          *messages)
{
  guint n = shown->messages->len;
  PinionAccountItem *account = pinion_engine_find_account (self->engine, shown->account);
  gboolean several = g_list_model_get_n_items (pinion_engine_get_accounts (self->engine)) > 1;
  g_autofree char *title = g_strdup_printf (ngettext ("%'u New Message", "%'u New Messages", n), n);
  g_autofree char *senders = dup_senders (messages);
  g_autofree char *body = several ? g_strdup_printf (
                                      "%s\n%s", senders,
                                      pinion_account_item_get_account (account)->email)
                                  : g_strdup (senders);
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.open-inbox", "x",
                                                shown->account);
  g_notification_add_button_with_target_value (notification, _("Mark All as Read"),
                                               "app.read-messages", new_ids (shown->messages));
  send (self, shown, notification);
}

static void
withdraw (PinionMailNotifier *self,
          Shown              *shown)
{
  g_application_withdraw_notification (G_APPLICATION (self->application), shown->name);
  g_ptr_array_remove (self->shown, shown);
}

/* The sum of @account that stands, which what comes now is added to, or a new one. */
static Shown *
get_sum (PinionMailNotifier *self,
         gint64              account)
{
  Shown *shown;

  for (guint i = 0; i < self->shown->len; i++)
    {
      shown = self->shown->pdata[i];
      if (shown->sum && shown->account == account)
        return shown;
    }

  shown = g_new0 (Shown, 1);
  shown->name = g_strdup_printf ("mail-%" G_GINT64_FORMAT, account);
  shown->account = account;
  shown->sum = TRUE;
  shown->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_ptr_array_add (self->shown, shown);

  return shown;
}

static void
tell_account (PinionMailNotifier *self,
              gint64              account,
              GPtrArray          *messages)
{
  Shown *shown;

  if (messages->len > 1)
    {
      shown = get_sum (self, account);
      for (guint i = 0; i < messages->len; i++)
        g_array_append_val (shown->messages, ((PinionMessage *) messages->pdata[i])->id);
      tell_sum (self, shown, messages);
      return;
    }

  shown = g_new0 (Shown, 1);
  shown->account = account;
  shown->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (shown->messages, ((PinionMessage *) messages->pdata[0])->id);
  shown->name = g_strdup_printf ("message-%" G_GINT64_FORMAT,
                                 g_array_index (shown->messages, gint64, 0));
  g_ptr_array_add (self->shown, shown);
  tell_one (self, shown, messages->pdata[0]);
}

/* -- What has come -------------------------------------------------------------------------- */

/* @accounts: GPtrArray of messages by account.  @message: (transfer full) */
static void
add_news (GHashTable    *accounts,
          PinionMessage *message)
{
  GPtrArray *known = g_hash_table_lookup (accounts, &message->account);

  if (known == NULL)
    {
      known = g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_message_unref);
      g_hash_table_insert (accounts, g_memdup2 (&message->account, sizeof (gint64)), known);
    }
  g_ptr_array_add (known, message);
}

static DexFuture *
tell_fiber (gpointer data)
{
  PinionMailNotifier *self = data;
  g_autoptr (GArray) arrivals = g_steal_pointer (&self->waiting);
  g_autoptr (GHashTable) accounts
    = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                             (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer account, messages;

  self->waiting = g_array_new (FALSE, FALSE, sizeof (Arrival));
  for (guint i = 0; i < arrivals->len; i++)
    {
      const Arrival *arrival = &g_array_index (arrivals, Arrival, i);
      g_autoptr (PinionMessage) message = load_news (self, arrival->id);

      if (message != NULL && !was_in_sight (arrival, message))
        add_news (accounts, g_steal_pointer (&message));
    }

  if (self->application == NULL)
    return dex_future_new_true ();

  g_hash_table_iter_init (&iter, accounts);
  while (g_hash_table_iter_next (&iter, &account, &messages))
    if (is_wanted (self, *(gint64 *) account))
      tell_account (self, *(gint64 *) account, messages);

  return dex_future_new_true ();
}

static gboolean
on_gathered (gpointer user_data)
{
  PinionMailNotifier *self = user_data;

  self->gather_source = 0;
  dex_future_disown (pinion_fiber_spawn (NULL, 0, tell_fiber, g_object_ref (self),
                                          g_object_unref));

  return G_SOURCE_REMOVE;
}

static void
on_arrived (PinionMailNotifier *self,
            GArray             *ids)
{
  gint64 in_sight = get_in_sight (self);

  for (guint i = 0; i < ids->len; i++)
    {
      Arrival arrival = { g_array_index (ids, gint64, i), in_sight };

      g_array_append_val (self->waiting, arrival);
    }
  if (self->gather_source == 0)
    self->gather_source = g_timeout_add (GATHER, on_gathered, self);
}

/* -- What is no news any more --------------------------------------------------------------- */

static Shown *
find_shown (PinionMailNotifier *self,
            const char         *name)
{
  for (guint i = 0; i < self->shown->len; i++)
    {
      Shown *shown = self->shown->pdata[i];

      if (g_str_equal (shown->name, name))
        return shown;
    }

  return NULL;
}

/* @news: of those of @asked that @name told of, the ones that are news still. */
static void
take_news (PinionMailNotifier *self,
           const char         *name,
           GArray             *asked,
           GArray             *news)
{
  Shown *shown = find_shown (self, name);

  if (shown == NULL)
    return;

  /* More may have come to it meanwhile. */
  g_array_remove_range (shown->messages, 0, MIN (asked->len, shown->messages->len));
  g_array_prepend_vals (shown->messages, news->data, news->len);
  if (shown->messages->len == 0)
    withdraw (self, shown);
}

static void
look_at_shown (PinionMailNotifier *self,
               const char         *name)
{
  Shown *shown = find_shown (self, name);
  g_autoptr (GArray) news = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) asked = NULL;

  if (shown == NULL)
    return;

  asked = g_array_copy (shown->messages);
  for (guint i = 0; i < asked->len; i++)
    {
      gint64 id = g_array_index (asked, gint64, i);
      g_autoptr (PinionMessage) message = load_news (self, id);

      if (message != NULL)
        g_array_append_val (news, id);
    }

  if (self->application != NULL)
    take_news (self, name, asked, news);
}

static DexFuture *
look_fiber (gpointer data)
{
  PinionMailNotifier *self = data;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->shown->len; i++)
    g_ptr_array_add (names, g_strdup (((Shown *) self->shown->pdata[i])->name));
  for (guint i = 0; i < names->len && self->application != NULL; i++)
    look_at_shown (self, names->pdata[i]);

  return dex_future_new_true ();
}

static gboolean
on_look_again (gpointer user_data)
{
  PinionMailNotifier *self = user_data;

  self->look_source = 0;
  dex_future_disown (pinion_fiber_spawn (NULL, 0, look_fiber, g_object_ref (self),
                                          g_object_unref));

  return G_SOURCE_REMOVE;
}

static void
on_changed (PinionMailNotifier *self)
{
  if (self->shown->len > 0 && self->look_source == 0)
    self->look_source = g_timeout_add (LOOK_AGAIN, on_look_again, self);
}

/* -- Life ----------------------------------------------------------------------------------- */

/* Nobody would take them back any more. */
static void
withdraw_all (PinionMailNotifier *self)
{
  while (self->shown->len > 0)
    withdraw (self, self->shown->pdata[self->shown->len - 1]);
}

static void
pinion_mail_notifier_dispose (GObject *object)
{
  PinionMailNotifier *self = PINION_MAIL_NOTIFIER (object);

  g_clear_handle_id (&self->gather_source, g_source_remove);
  g_clear_handle_id (&self->look_source, g_source_remove);
  self->application = NULL;

  G_OBJECT_CLASS (pinion_mail_notifier_parent_class)->dispose (object);
}

static void
pinion_mail_notifier_finalize (GObject *object)
{
  PinionMailNotifier *self = PINION_MAIL_NOTIFIER (object);

  g_clear_object (&self->engine);
  g_array_unref (self->waiting);
  g_ptr_array_unref (self->shown);

  G_OBJECT_CLASS (pinion_mail_notifier_parent_class)->finalize (object);
}

static void
pinion_mail_notifier_class_init (PinionMailNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pinion_mail_notifier_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_mail_notifier_finalize;
}

static void
pinion_mail_notifier_init (PinionMailNotifier *self)
{
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Arrival));
  self->shown = g_ptr_array_new_with_free_func (shown_free);
}

PinionMailNotifier *
pinion_mail_notifier_new (GtkApplication *application,
                          PinionEngine   *engine)
{
  PinionMailNotifier *self = g_object_new (PINION_TYPE_MAIL_NOTIFIER, NULL);

  self->application = application;
  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "arrived", G_CALLBACK (on_arrived), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);

  return self;
}

void
pinion_mail_notifier_stop (PinionMailNotifier *self)
{
  g_return_if_fail (PINION_IS_MAIL_NOTIFIER (self));

  withdraw_all (self);
  g_object_run_dispose (G_OBJECT (self));
}
