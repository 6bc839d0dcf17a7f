/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-composer-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-actions.h"
#include "pinion-css.h"
#include "pinion-recipients.h"

G_DEFINE_FINAL_TYPE (PinionComposer, pinion_composer, ADW_TYPE_BIN)

enum
{
  CLOSED,
  POP_OUT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* -- Problems ------------------------------------------------------------------------------- */

void
pinion_composer_set_problem (PinionComposer *self,
                             const char     *words)
{
  gtk_label_set_label (self->problem_label, words != NULL ? words : "");
  gtk_widget_set_visible (self->problem, words != NULL);
  if (words != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), words,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
on_file_refused (PinionComposer *self,
                 const char     *words)
{
  pinion_composer_set_problem (self, words);
}

/* -- The draft ------------------------------------------------------------------------------ */

char *
pinion_composer_dup_text (PinionComposer *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

PinionDraft *
pinion_composer_dup_draft (PinionComposer *self)
{
  PinionDraft *draft;

  g_return_val_if_fail (PINION_IS_COMPOSER (self), NULL);

  draft = pinion_draft_copy (self->draft);
  pinion_composer_put_identity (self, draft);
  g_free (draft->to);
  g_free (draft->cc);
  g_free (draft->bcc);
  g_free (draft->text);
  g_strfreev (draft->attachments);
  draft->to = pinion_recipients_normalise (pinion_recipient_row_get_text (self->to));
  draft->cc = pinion_recipients_normalise (pinion_recipient_row_get_text (self->cc));
  draft->bcc = pinion_recipients_normalise (pinion_recipient_row_get_text (self->bcc));
  draft->text = pinion_composer_dup_text (self);
  draft->attachments = pinion_composer_files_dup_paths (self->files);
  draft->forwarded = pinion_composer_files_get_forwarded (self->files);
  g_set_str (&draft->subject, gtk_editable_get_text (self->subject));

  return draft;
}

gint64
pinion_composer_get_draft_id (PinionComposer *self)
{
  g_return_val_if_fail (PINION_IS_COMPOSER (self), 0);

  return self->draft->id;
}

gboolean
pinion_composer_is_empty (PinionComposer *self)
{
  return pinion_composer_has_no_text (self) &&
         *gtk_editable_get_text (self->subject) == '\0' &&
         *pinion_recipient_row_get_text (self->to) == '\0' &&
         *pinion_recipient_row_get_text (self->cc) == '\0' &&
         *pinion_recipient_row_get_text (self->bcc) == '\0' &&
         pinion_composer_files_is_empty (self->files);
}

/* -- Filling in ----------------------------------------------------------------------------- */

static void
fill_quote (PinionComposer *self)
{
  const char *quote = self->draft->quote_text;
  gboolean has = quote != NULL && *quote != '\0';

  gtk_widget_set_visible (self->quote_box, has);
  gtk_label_set_label (self->quote, has ? quote : "");
}

static void
fill (PinionComposer *self)
{
  const PinionDraft *draft = self->draft;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start;

  self->filling = TRUE;
  fill_quote (self);
  pinion_recipient_row_set_text (self->to, draft->to);
  pinion_recipient_row_set_text (self->cc, draft->cc);
  pinion_recipient_row_set_text (self->bcc, draft->bcc);
  gtk_toggle_button_set_active (self->cc_button, draft->cc != NULL && *draft->cc != '\0');
  gtk_toggle_button_set_active (self->bcc_button, draft->bcc != NULL && *draft->bcc != '\0');
  gtk_editable_set_text (self->subject, draft->subject != NULL ? draft->subject : "");
  gtk_text_buffer_set_text (buffer, draft->text != NULL ? draft->text : "", -1);
  pinion_composer_fill_identities (self);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_place_cursor (buffer, &start);
  pinion_composer_files_set_paths (self->files, (const char *const *) draft->attachments);
  pinion_composer_files_set_forwarded (self->files, draft->forwarded);
  self->filling = FALSE;
}

/* -- Editing -------------------------------------------------------------------------------- */

static void
on_edited (PinionComposer *self)
{
  if (!self->filling)
    {
      pinion_composer_set_problem (self, NULL);
      pinion_composer_note_edit (self);
    }
}

static void
on_from_selected (PinionComposer *self)
{
  if (self->filling)
    return;

  pinion_composer_follow_identity (self);
  on_edited (self);
}

static void
on_subject_activated (PinionComposer *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static GtkScrolledWindow *
find_scroller (PinionComposer *self)
{
  GtkPolicyType policy;
  GtkWidget *ancestor;

  gtk_scrolled_window_get_policy (self->scroller, NULL, &policy);
  if (policy != GTK_POLICY_NEVER)
    return self->scroller;

  ancestor = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);

  return ancestor != NULL ? GTK_SCROLLED_WINDOW (ancestor) : NULL;
}

/* The text grows within what scrolls, so what scrolls has to follow the cursor. */
static gboolean
on_cursor_tick (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  PinionComposer *self = PINION_COMPOSER (widget);
  GtkScrolledWindow *scroller = find_scroller (self);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  graphene_point_t place;
  GtkTextIter cursor;
  GdkRectangle where;
  int x, y;

  self->cursor_ticks = 0;
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  gtk_text_view_get_iter_location (self->text, &cursor, &where);
  gtk_text_view_buffer_to_window_coords (self->text, GTK_TEXT_WINDOW_WIDGET, where.x, where.y, &x,
                                         &y);

  if (scroller != NULL &&
      gtk_widget_compute_point (GTK_WIDGET (self->text), GTK_WIDGET (scroller),
                                &GRAPHENE_POINT_INIT ((float) x, (float) y), &place))
    {
      GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (scroller);
      double top = gtk_adjustment_get_value (adjustment) + place.y;

      gtk_adjustment_clamp_page (adjustment, top - 12, top + where.height + 60);
    }

  return G_SOURCE_REMOVE;
}

static void
on_cursor_moved (PinionComposer *self)
{
  if (!self->filling && self->cursor_ticks == 0 && gtk_widget_has_focus (GTK_WIDGET (self->text)))
    self->cursor_ticks =
      gtk_widget_add_tick_callback (GTK_WIDGET (self), on_cursor_tick, NULL, NULL);
}

/* -- Files ---------------------------------------------------------------------------------- */

static void
add_files (PinionComposer *self,
           GdkFileList    *list)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (list);

  for (GSList *l = files; l != NULL; l = l->next)
    pinion_composer_files_add (self->files, l->data);
}

static gboolean
on_drop (GtkDropTarget  *target,
         const GValue   *value,
         double          x,
         double          y,
         PinionComposer *self)
{
  add_files (self, g_value_get_boxed (value));

  return TRUE;
}

static void
on_files_pasted (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (PinionComposer) self = user_data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value != NULL && self->engine != NULL)
    add_files (self, g_value_get_boxed (value));
}

static void
on_paste (GtkTextView    *text,
          PinionComposer *self)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));

  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (!gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    return;

  g_signal_stop_emission_by_name (text, "paste-clipboard");
  gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                  on_files_pasted, g_object_ref (self));
}

static void
on_files_chosen (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (PinionComposer) self = user_data;
  g_autoptr (GListModel) files =
    gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, NULL);
  guint n = files != NULL ? g_list_model_get_n_items (files) : 0;

  for (guint i = 0; i < n && self->engine != NULL; i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      pinion_composer_files_add (self->files, file);
    }
}

/* -- Actions -------------------------------------------------------------------------------- */

static void
attach_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_file_dialog_set_title (dialog, _("Attach Files"));
  gtk_file_dialog_set_accept_label (dialog, _("_Attach"));
  gtk_file_dialog_open_multiple (dialog, root != NULL ? GTK_WINDOW (root) : NULL, NULL,
                                 on_files_chosen, g_object_ref (widget));
}

static void
drop_quote_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  PinionComposer *self = PINION_COMPOSER (widget);

  g_clear_pointer (&self->draft->quote_text, g_free);
  g_clear_pointer (&self->draft->quote_html, g_free);
  fill_quote (self);
  on_edited (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static void
send_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  pinion_composer_send (PINION_COMPOSER (widget));
}

static void
discard_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  pinion_composer_discard (PINION_COMPOSER (widget));
}

static void
pop_out_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  g_signal_emit (widget, signals[POP_OUT], 0);
}

void
pinion_composer_emit_closed (PinionComposer *self,
                             gboolean        kept)
{
  g_signal_emit (self, signals[CLOSED], 0, kept);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_composer_dispose (GObject *object)
{
  PinionComposer *self = PINION_COMPOSER (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_weak_pointer (&self->origin);
  dex_clear (&self->last_save);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_composer_parent_class)->dispose (object);
}

static void
pinion_composer_finalize (GObject *object)
{
  PinionComposer *self = PINION_COMPOSER (object);

  g_clear_pointer (&self->draft, pinion_draft_free);
  g_ptr_array_unref (self->senders);

  G_OBJECT_CLASS (pinion_composer_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, PinionComposer, scroller);
  gtk_widget_class_bind_template_child (klass, PinionComposer, from_row);
  gtk_widget_class_bind_template_child (klass, PinionComposer, from);
  gtk_widget_class_bind_template_child (klass, PinionComposer, to);
  gtk_widget_class_bind_template_child (klass, PinionComposer, cc);
  gtk_widget_class_bind_template_child (klass, PinionComposer, bcc);
  gtk_widget_class_bind_template_child (klass, PinionComposer, cc_button);
  gtk_widget_class_bind_template_child (klass, PinionComposer, bcc_button);
  gtk_widget_class_bind_template_child (klass, PinionComposer, subject);
  gtk_widget_class_bind_template_child (klass, PinionComposer, text);
  gtk_widget_class_bind_template_child (klass, PinionComposer, quote_box);
  gtk_widget_class_bind_template_child (klass, PinionComposer, quote);
  gtk_widget_class_bind_template_child (klass, PinionComposer, files);
  gtk_widget_class_bind_template_child (klass, PinionComposer, problem);
  gtk_widget_class_bind_template_child (klass, PinionComposer, problem_label);
  gtk_widget_class_bind_template_child (klass, PinionComposer, state);
  gtk_widget_class_bind_template_child (klass, PinionComposer, pop_out);
  gtk_widget_class_bind_template_child (klass, PinionComposer, send);
  gtk_widget_class_bind_template_callback (klass, on_edited);
  gtk_widget_class_bind_template_callback (klass, on_from_selected);
  gtk_widget_class_bind_template_callback (klass, on_subject_activated);
}

static void
pinion_composer_class_init (PinionComposerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_composer_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_composer_finalize;

  signals[CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[POP_OUT] = g_signal_new ("pop-out", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (PINION_TYPE_RECIPIENT_ROW);
  g_type_ensure (PINION_TYPE_COMPOSER_FILES);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-composer.ui");
  bind_children (widget_class);

  gtk_widget_class_install_action (widget_class, "composer.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "composer.discard", NULL, discard_action);
  gtk_widget_class_install_action (widget_class, "composer.attach", NULL, attach_action);
  gtk_widget_class_install_action (widget_class, "composer.drop-quote", NULL, drop_quote_action);
  gtk_widget_class_install_action (widget_class, "composer.pop-out", NULL, pop_out_action);
}

/* In the capture phase: a text view takes Ctrl+Enter for a new line. */
static gboolean
on_send_key (GtkWidget *widget,
             GVariant  *args,
             gpointer   user_data)
{
  return gtk_widget_activate_action (widget, "composer.send", NULL);
}

static void
add_send_keys (PinionComposer *self)
{
  pinion_actions_add_local (GTK_WIDGET (self), "composer.send", on_send_key, NULL);
}

static void
pinion_composer_init (PinionComposer *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkTextBuffer *buffer;

  self->senders = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  buffer = gtk_text_view_get_buffer (self->text);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (on_cursor_moved), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->to, "changed", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->cc, "changed", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bcc, "changed", G_CALLBACK (on_edited), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->text, "paste-clipboard", G_CALLBACK (on_paste), self, 0);
  g_signal_connect_object (self->files, "refused", G_CALLBACK (on_file_refused), self,
                           G_CONNECT_SWAPPED);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drop), GTK_PHASE_CAPTURE);
  g_signal_connect (drop, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  add_send_keys (self);
  pinion_composer_set_apart (self, FALSE);
}

void
pinion_composer_set_apart (PinionComposer *self,
                           gboolean        apart)
{
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER,
                                  apart ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER);
  gtk_widget_set_visible (self->pop_out, !apart);
}

void
pinion_composer_set_origin (PinionComposer *self,
                            GtkWidget      *origin)
{
  g_set_weak_pointer (&self->origin, origin);
}

GtkWidget *
pinion_composer_new (PinionEngine      *engine,
                     const PinionDraft *draft)
{
  PinionComposer *self = g_object_new (PINION_TYPE_COMPOSER, NULL);

  g_set_object (&self->engine, engine);
  self->draft = draft != NULL ? pinion_draft_copy (draft) : pinion_draft_new ();
  fill (self);

  return GTK_WIDGET (self);
}

void
pinion_composer_start (PinionComposer *self)
{
  g_return_if_fail (PINION_IS_COMPOSER (self));

  if (*pinion_recipient_row_get_text (self->to) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->to));
  else if (*gtk_editable_get_text (self->subject) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->subject));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->text));
}
