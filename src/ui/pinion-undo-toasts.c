/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-undo-toasts.h"

#include <glib/gi18n-lib.h>

#include "pinion-isolate.h"

#define SECONDS 7

/* A batch is what one toast tells and one Undo takes back. */
typedef struct
{
  PinionAct act;
  char *label_title;
  guint n_conversations;
  GArray *groups;
  AdwToast *toast; /* (nullable) while it is shown */
} Batch;

struct _PinionUndoToasts
{
  GObject parent_instance;

  AdwToastOverlay *overlay;
  PinionEngine *engine;
  GQueue batches; /* newest first */
  guint n_undone;
};

G_DEFINE_FINAL_TYPE (PinionUndoToasts, pinion_undo_toasts, G_TYPE_OBJECT)

static void
batch_free (gpointer data)
{
  Batch *self = data;

  g_clear_object (&self->toast);
  g_array_unref (self->groups);
  g_free (self->label_title);
  g_free (self);
}

/* -- Words ---------------------------------------------------------------------------------- */

/* What was done to labels themselves. */
static char *
format_label_act (PinionAct   act,
                  const char *title)
{
  switch ((int) act)
    {
    case PINION_ACT_CREATE_LABEL:
      return g_strdup_printf (_("Label %s made"), title);

    case PINION_ACT_RENAME_LABEL:
      return g_strdup_printf (_("Label renamed to %s"), title);

    case PINION_ACT_DELETE_LABEL:
      return g_strdup_printf (_("Label %s deleted"), title);

    case PINION_ACT_PIN_LABEL:
      return g_strdup_printf (_("%s pinned"), title);

    case PINION_ACT_UNPIN_LABEL:
      return g_strdup_printf (_("%s unpinned"), title);

    case PINION_ACT_PIN_ALL:
      return g_strdup (title != NULL ? _("All labels are pinned, new ones too")
                                     : _("New labels are not pinned any more"));

    case PINION_ACT_COLOUR_LABEL:
      return g_strdup_printf (_("Colour of %s changed"), title);

    case PINION_ACT_PLACE_LABEL:
      return g_strdup_printf (_("%s moved"), title);

    case PINION_ACT_SORT_LABELS:
      return g_strdup (_("Labels sorted"));

    case PINION_ACT_CREATE_SECTION:
      return g_strdup_printf (_("Section %s made"), title);

    case PINION_ACT_RENAME_SECTION:
      return g_strdup_printf (_("Section renamed to %s"), title);

    case PINION_ACT_REMOVE_SECTION:
      return g_strdup_printf (_("Section %s removed"), title);

    default:
      return NULL;
    }
}

static char *
format_search_act (PinionAct   act,
                   const char *title)
{
  switch ((int) act)
    {
    case PINION_ACT_SAVE_SEARCH:
      return g_strdup_printf (_("Search %s saved"), title);

    case PINION_ACT_RENAME_SEARCH:
      return g_strdup_printf (_("Search renamed to %s"), title);

    case PINION_ACT_REMOVE_SEARCH:
      return g_strdup_printf (_("Search %s removed"), title);

    case PINION_ACT_PIN_SEARCH:
      return g_strdup_printf (_("%s pinned"), title);

    case PINION_ACT_UNPIN_SEARCH:
      return g_strdup_printf (_("%s unpinned"), title);

    case PINION_ACT_MOVE_SEARCH:
      return g_strdup_printf (_("%s moved"), title);

    default:
      return NULL;
    }
}

static char *
format_mark (PinionAct act,
             guint     n)
{
  switch ((int) act)
    {
    case PINION_ACT_READ:
    case PINION_ACT_SEEN:
      return g_strdup_printf (ngettext ("Marked as read",
                                        "%u conversations marked as read", n),
                              n);

    case PINION_ACT_UNREAD:
      return g_strdup_printf (ngettext ("Marked as unread",
                                        "%u conversations marked as unread", n),
                              n);

    case PINION_ACT_STAR:
      return g_strdup_printf (ngettext ("Starred",
                                        "%u conversations starred", n),
                              n);

    case PINION_ACT_UNSTAR:
      return g_strdup_printf (ngettext ("Star removed",
                                        "Star removed from %u conversations", n),
                              n);

    default:
      return NULL;
    }
}

/* Of one it is plain which: short enough for a narrow window. */
static char *
format_moved (guint       n,
              const char *title)
{
  if (n == 1)
    return g_strdup_printf (_("Moved to %s"), title);

  return g_strdup_printf (ngettext ("%1$u conversation moved to %2$s",
                                    "%1$u conversations moved to %2$s", n),
                          n, title);
}

static char *
format_move (PinionAct   act,
             guint       n,
             const char *title)
{
  switch ((int) act)
    {
    case PINION_ACT_ARCHIVE:
      return g_strdup_printf (ngettext ("Archived",
                                        "%u conversations archived", n),
                              n);

    case PINION_ACT_TRASH:
      return g_strdup_printf (ngettext ("Moved to Trash",
                                        "%u conversations moved to Trash", n),
                              n);

    case PINION_ACT_SPAM:
      return g_strdup_printf (ngettext ("Marked as spam",
                                        "%u conversations marked as spam", n),
                              n);

    case PINION_ACT_NOT_SPAM:
      return g_strdup_printf (ngettext ("Moved back to Inbox",
                                        "%u conversations moved back to Inbox", n),
                              n);

    case PINION_ACT_DELETE:
      return g_strdup_printf (ngettext ("Deleted for good",
                                        "%u conversations deleted for good", n),
                              n);

    case PINION_ACT_TO_INBOX:
      return format_moved (n, _("Inbox"));

    case PINION_ACT_MOVE:
      return format_moved (n, title);

    default:
      return NULL;
    }
}

char *
pinion_undo_toasts_format (PinionAct   act,
                           guint       n,
                           const char *label_title)
{
  g_autofree char *title = pinion_isolate_name (label_title != NULL ? label_title : "");
  char *words = format_label_act (act, act == PINION_ACT_PIN_ALL ? label_title : title);

  if (words == NULL)
    words = format_search_act (act, title);
  if (words == NULL)
    words = format_mark (act, n);
  if (words == NULL)
    words = format_move (act, n, title);
  if (words != NULL)
    return words;

  switch ((int) act)
    {
    case PINION_ACT_ADD_LABEL:
      if (n == 1)
        return g_strdup_printf (_("Label %s added"), title);
      return g_strdup_printf (ngettext ("Label %2$s added to %1$u conversation",
                                        "Label %2$s added to %1$u conversations", n),
                              n, title);

    case PINION_ACT_CHANGE_LABELS:
      return g_strdup_printf (ngettext ("Labels changed",
                                        "Labels of %u conversations changed", n),
                              n);

    case PINION_ACT_SNOOZE:
      if (n == 1)
        return g_strdup_printf (_("Snoozed until %s"), title);
      return g_strdup_printf (ngettext ("%1$u conversation snoozed until %2$s",
                                        "%1$u conversations snoozed until %2$s", n),
                              n, title);

    case PINION_ACT_IMPORT:
      return g_strdup_printf (ngettext ("%1$u message imported into %2$s",
                                        "%1$u messages imported into %2$s", n),
                              n, title);

    case PINION_ACT_UNSNOOZE:
      return g_strdup_printf (ngettext ("Back from snooze",
                                        "%u conversations back from snooze", n),
                              n);

    case PINION_ACT_REMOVE_LABEL:
    default:
      if (n == 1)
        return g_strdup_printf (_("Label %s removed"), title);
      return g_strdup_printf (ngettext ("Label %2$s removed from %1$u conversation",
                                        "Label %2$s removed from %1$u conversations", n),
                              n, title);
    }
}

/* -- Undoing -------------------------------------------------------------------------------- */

/* Says of one Undo what did not go as it should, if anything. */
static DexFuture *
on_undone (DexFuture *future,
           gpointer   user_data)
{
  DexFutureSet *undone = DEX_FUTURE_SET (future);
  g_autoptr (GArray) stays = g_array_new (FALSE, FALSE, sizeof (PinionStays));

  for (guint i = 0; i < dex_future_set_get_size (undone); i++)
    {
      g_autoptr (GError) error = NULL;
      const GValue *value = dex_future_set_get_value_at (undone, i, &error);
      const GArray *some = value != NULL ? g_value_get_boxed (value) : NULL;

      if (some != NULL && some->len > 0)
        g_array_append_vals (stays, some->data, some->len);
      else if (pinion_error_is (error, PINION_ERROR_NOT_FOUND))
        pinion_undo_toasts_say (user_data, _("Nothing to undo"));
      else if (error != NULL)
        pinion_undo_toasts_say_error (user_data, error);
    }

  g_autofree char *words = pinion_stays_dup_words (stays);
  if (words != NULL)
    pinion_undo_toasts_say (user_data, words);

  return NULL;
}

/* The last one first. */
static void
undo_groups (PinionUndoToasts *self,
             const GArray     *groups)
{
  g_autoptr (GPtrArray) undone = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = groups->len; i > 0; i--)
    g_ptr_array_add (undone,
                     pinion_engine_undo (self->engine, g_array_index (groups, gint64, i - 1)));
  if (undone->len == 0)
    return;

  DexFuture *all = dex_future_allv ((DexFuture **) undone->pdata, undone->len);
  dex_future_disown (dex_future_finally (all, on_undone, g_object_ref (self), g_object_unref));
}

static void
undo_batch (PinionUndoToasts *self,
            Batch            *batch)
{
  g_queue_remove (&self->batches, batch);
  self->n_undone++;
  undo_groups (self, batch->groups);

  if (batch->toast != NULL)
    adw_toast_dismiss (batch->toast);

  batch_free (batch);
}

static Batch *
find_batch (PinionUndoToasts *self,
            AdwToast         *toast)
{
  for (GList *link = self->batches.head; link != NULL; link = link->next)
    if (((Batch *) link->data)->toast == toast)
      return link->data;

  return NULL;
}

static void
on_button_clicked (PinionUndoToasts *self,
                   AdwToast         *toast)
{
  Batch *batch = find_batch (self, toast);

  if (batch != NULL)
    undo_batch (self, batch);
}

static void
on_dismissed (PinionUndoToasts *self,
              AdwToast         *toast)
{
  Batch *batch = find_batch (self, toast);

  if (batch != NULL)
    g_clear_object (&batch->toast);
}

/* -- Telling -------------------------------------------------------------------------------- */

/* A single flag is seen in the row itself, and so is where a label stands. */
static gboolean
is_worth_telling (const Batch *batch)
{
  if (batch->act == PINION_ACT_PIN_LABEL || batch->act == PINION_ACT_PLACE_LABEL ||
      batch->act == PINION_ACT_MOVE_SECTION || batch->act == PINION_ACT_PIN_SEARCH ||
      batch->act == PINION_ACT_MOVE_SEARCH)
    return FALSE;

  return batch->n_conversations > 1 ||
         (batch->act != PINION_ACT_READ && batch->act != PINION_ACT_UNREAD &&
          batch->act != PINION_ACT_STAR && batch->act != PINION_ACT_UNSTAR);
}

static void
show_batch (PinionUndoToasts *self,
            Batch            *batch)
{
  g_autofree char *words =
    pinion_undo_toasts_format (batch->act, batch->n_conversations, batch->label_title);

  if (batch->toast == NULL)
    {
      batch->toast = g_object_ref_sink (adw_toast_new (words));
      adw_toast_set_use_markup (batch->toast, FALSE);
      adw_toast_set_timeout (batch->toast, SECONDS);
      if (batch->act != PINION_ACT_DELETE)
        adw_toast_set_button_label (batch->toast, _("_Undo"));
      g_signal_connect_object (batch->toast, "button-clicked", G_CALLBACK (on_button_clicked),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (batch->toast, "dismissed", G_CALLBACK (on_dismissed), self,
                               G_CONNECT_SWAPPED);
    }

  adw_toast_set_title (batch->toast, words);
  adw_toast_overlay_add_toast (self->overlay, g_object_ref (batch->toast));
}

static Batch *
take_batch (PinionUndoToasts *self,
            PinionAct         act,
            const char       *label_title)
{
  Batch *batch = g_queue_peek_head (&self->batches);

  if (batch != NULL && batch->toast != NULL && batch->act == act &&
      g_strcmp0 (batch->label_title, label_title) == 0)
    return batch;

  /* One toast at a time: an older one would hide the newer */
  if (batch != NULL && batch->toast != NULL)
    adw_toast_dismiss (batch->toast);

  batch = g_new0 (Batch, 1);
  batch->act = act;
  batch->label_title = g_strdup (label_title);
  batch->groups = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_queue_push_head (&self->batches, batch);

  return batch;
}

void
pinion_undo_toasts_add (PinionUndoToasts *self,
                        const PinionDone *done,
                        const char       *label_title)
{
  Batch *batch;

  g_return_if_fail (PINION_IS_UNDO_TOASTS (self));

  if (done->group == 0 && done->act != PINION_ACT_DELETE)
    return;

  batch = take_batch (self, done->act, label_title);
  batch->n_conversations += done->conversations;
  if (done->group != 0)
    g_array_append_val (batch->groups, done->group);

  if (is_worth_telling (batch))
    show_batch (self, batch);
}

void
pinion_undo_toasts_join (PinionUndoToasts *self,
                         gint64            group)
{
  Batch *batch;

  g_return_if_fail (PINION_IS_UNDO_TOASTS (self));

  batch = g_queue_peek_head (&self->batches);
  if (batch != NULL)
    g_array_insert_val (batch->groups, batch->groups->len > 0 ? batch->groups->len - 1 : 0, group);
}

void
pinion_undo_toasts_undo (PinionUndoToasts *self)
{
  g_return_if_fail (PINION_IS_UNDO_TOASTS (self));

  for (Batch *batch; (batch = g_queue_peek_head (&self->batches)) != NULL;)
    {
      gboolean can_undo = batch->groups->len > 0;

      undo_batch (self, batch);
      if (can_undo)
        return;
    }

  g_autoptr (GArray) newest = g_array_new (FALSE, TRUE, sizeof (gint64));
  undo_groups (self, g_array_set_size (newest, 1));
}

guint
pinion_undo_toasts_get_n_undone (PinionUndoToasts *self)
{
  return self->n_undone;
}

void
pinion_undo_toasts_say (PinionUndoToasts *self,
                        const char       *words)
{
  GtkWidget *label;
  AdwToast *toast;

  g_return_if_fail (PINION_IS_UNDO_TOASTS (self));

  /* Nothing else says it: it has to fit a narrow window, too, so it may take several lines. */
  label = gtk_label_new (words);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  toast = adw_toast_new (words);
  adw_toast_set_custom_title (toast, label);
  adw_toast_overlay_add_toast (self->overlay, toast);
}

void
pinion_undo_toasts_say_error (PinionUndoToasts *self,
                              const GError     *error)
{
  g_autofree char *words = pinion_error_dup_message (error);

  pinion_undo_toasts_say (self, words);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_undo_toasts_finalize (GObject *object)
{
  PinionUndoToasts *self = PINION_UNDO_TOASTS (object);

  g_queue_clear_full (&self->batches, batch_free);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_undo_toasts_parent_class)->finalize (object);
}

static void
pinion_undo_toasts_class_init (PinionUndoToastsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_undo_toasts_finalize;
}

static void
pinion_undo_toasts_init (PinionUndoToasts *self)
{
  g_queue_init (&self->batches);
}

PinionUndoToasts *
pinion_undo_toasts_new (AdwToastOverlay *overlay,
                        PinionEngine    *engine)
{
  PinionUndoToasts *self = g_object_new (PINION_TYPE_UNDO_TOASTS, NULL);

  self->overlay = overlay;
  self->engine = g_object_ref (engine);

  return self;
}
