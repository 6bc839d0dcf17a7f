/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-dnd.h"

#include <glib/gi18n-lib.h>

#include "pinion-config.h"
#include "pinion-isolate.h"

/* Of so many files that hover at most it is asked what they are. */
#define MOST_LOOKED_AT 64

G_DEFINE_BOXED_TYPE (PinionDragged, pinion_dragged, pinion_dragged_ref, pinion_dragged_unref)

PinionDragged *
pinion_dragged_new (const PinionView *view,
                    PinionRole        role,
                    gint64            account,
                    GArray           *conversations)
{
  gsize size = sizeof (gint64) * conversations->len;
  PinionDragged *self = g_atomic_rc_box_alloc (sizeof (PinionDragged) + size);

  self->view = *view;
  self->role = role;
  self->account = account;
  self->n_conversations = conversations->len;
  memcpy (self->conversations, conversations->data, size);

  return self;
}

PinionDragged *
pinion_dragged_ref (PinionDragged *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
pinion_dragged_unref (PinionDragged *self)
{
  g_atomic_rc_box_release (self);
}

/* -- What a drop would do ------------------------------------------------------------------- */

void
pinion_drop_plan_clear (PinionDropPlan *self)
{
  g_clear_pointer (&self->words, g_free);
}

char *
pinion_drop_words (const char *label_title,
                   gboolean    move)
{
  g_autofree char *title = pinion_isolate_name (label_title);

  if (move)
    /* Translators: what a drag will do, as in "Move to Projects" */
    return g_strdup_printf (_("Move to %s"), title);

  /* Translators: what a drag will do, as in "Add label Projects" */
  return g_strdup_printf (_("Add label %s"), title);
}

static void
set_plan (PinionDropPlan *plan,
          PinionAct       act,
          PinionLabel    *label,
          char           *words)
{
  plan->act = act;
  plan->label = label != NULL ? pinion_label_get_id (label) : 0;
  plan->words = words;
}

static gboolean
plan_mailbox (PinionRole      role,
              PinionLabel    *label,
              PinionDropPlan *plan)
{
  switch (role)
    {
    case PINION_ROLE_INBOX:
      set_plan (plan, PINION_ACT_MOVE, label, pinion_drop_words (_("Inbox"), TRUE));
      return TRUE;

    case PINION_ROLE_ARCHIVE:
      set_plan (plan, PINION_ACT_ARCHIVE, NULL, g_strdup (_("Archive")));
      return TRUE;

    case PINION_ROLE_JUNK:
      set_plan (plan, PINION_ACT_SPAM, NULL, g_strdup (_("Mark as spam")));
      return TRUE;

    case PINION_ROLE_TRASH:
      set_plan (plan, PINION_ACT_TRASH, NULL, g_strdup (_("Delete")));
      return TRUE;

    case PINION_ROLE_SENT:
    case PINION_ROLE_DRAFTS:
    case PINION_ROLE_NONE:
    default:
      return FALSE;
    }
}

gboolean
pinion_drop_plan (const PinionDragged *dragged,
                  PinionSidebarItem   *target,
                  gboolean             move,
                  PinionDropPlan      *plan)
{
  const PinionView *view = pinion_sidebar_item_get_view (target);
  PinionLabel *label = pinion_sidebar_item_get_label (target);
  PinionRole role = pinion_sidebar_item_get_role (target);

  *plan = (PinionDropPlan) { 0 };

  if (pinion_sidebar_item_get_kind (target) != PINION_SIDEBAR_VIEW ||
      (view->account != 0 && view->account != dragged->account))
    return FALSE;

  if (view->kind == PINION_VIEW_STARRED && dragged->view.kind != PINION_VIEW_STARRED)
    {
      set_plan (plan, PINION_ACT_STAR, NULL, g_strdup (_("Star")));
      return TRUE;
    }

  if (view->kind == PINION_VIEW_INBOX && dragged->view.kind != PINION_VIEW_INBOX &&
      dragged->role != PINION_ROLE_INBOX)
    {
      set_plan (plan, PINION_ACT_TO_INBOX, NULL, pinion_drop_words (_("Inbox"), TRUE));
      return TRUE;
    }

  if (label == NULL ||
      (dragged->view.kind == PINION_VIEW_LABEL && dragged->view.label == view->label))
    return FALSE;

  if (role != PINION_ROLE_NONE)
    return plan_mailbox (role, label, plan);

  if (!pinion_label_get_selectable (label))
    return FALSE;

  set_plan (plan, move ? PINION_ACT_MOVE : PINION_ACT_ADD_LABEL, label,
            pinion_drop_words (pinion_label_get_name (label), move));

  return TRUE;
}

/* -- Files ---------------------------------------------------------------------------------- */

gboolean
pinion_drop_takes_files (PinionLabel *label)
{
  return pinion_label_get_selectable (label) && pinion_label_get_role (label) != PINION_ROLE_DRAFTS;
}

/* By its name, as it is asked while it hovers.  What is named after no type may be anything. */
static gboolean
may_be_message (GFile *file)
{
  static const char *const possible[] = { "message/*", "text/plain", "application/mbox",
                                          "application/vnd.ms-outlook",
                                          "application/octet-stream" };
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *type = g_content_type_guess (name, NULL, 0, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (possible); i++)
    {
      if (g_pattern_match_simple (possible[i], type))
        return TRUE;
    }

  return FALSE;
}

gboolean
pinion_drop_may_be_messages (GdkFileList *files)
{
  g_autoptr (GSList) list = gdk_file_list_get_files (files);
  guint n = 0;

  for (GSList *link = list; link != NULL; link = link->next)
    {
      if (++n > MOST_LOOKED_AT || may_be_message (link->data))
        return TRUE;
    }

  return FALSE;
}

void
pinion_drop_files (GtkWidget   *widget,
                   PinionLabel *label,
                   GdkFileList *files)
{
  GSList *list = gdk_file_list_get_files (files);
  GVariantBuilder uris = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));

  for (GSList *link = list; link != NULL; link = link->next)
    g_variant_builder_add_value (&uris, g_variant_new_take_string (g_file_get_uri (link->data)));
  g_slist_free (list);

  gtk_widget_activate_action (widget, "win.import-files", "(xas)", pinion_label_get_id (label),
                              &uris);
}

/* -- What is wanted ------------------------------------------------------------------------- */

gboolean
pinion_drop_wants_move (GdkDrop *drop)
{
  g_autoptr (GSettings) settings = g_settings_new (PINION_APP_ID);
  gboolean usual = g_settings_get_boolean (settings, "drop-moves");
  GdkDragAction offered = gdk_drop_get_actions (drop) & (GDK_ACTION_COPY | GDK_ACTION_MOVE);

  if (offered == GDK_ACTION_MOVE)
    return !usual;

  return offered == GDK_ACTION_COPY ? FALSE : usual;
}

GdkDragAction
pinion_drop_answer (GdkDrop *drop,
                    gboolean move)
{
  GdkDragAction offered = gdk_drop_get_actions (drop);
  GdkDragAction wanted = move ? GDK_ACTION_MOVE : GDK_ACTION_COPY;
  GdkDragAction other = move ? GDK_ACTION_COPY : GDK_ACTION_MOVE;

  return (offered & wanted) != 0 ? wanted : offered & other;
}

/* -- The picture ---------------------------------------------------------------------------- */

static GtkLabel *
find_badge_label (GdkDrag *drag)
{
  GtkWidget *badge = gtk_drag_icon_get_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)));

  return badge != NULL ? GTK_LABEL (gtk_widget_get_first_child (badge)) : NULL;
}

gboolean
pinion_drag_is_touch (GtkDragSource *source)
{
  GdkDevice *device =
    gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (source));

  return device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN;
}

void
pinion_drag_begin (GdkDrag    *drag,
                   const char *words,
                   guint       n)
{
  GtkWidget *badge = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (words);

  gtk_widget_add_css_class (badge, "drag-badge");
  if (!gdk_display_is_composited (gdk_drag_get_display (drag)))
    gtk_widget_add_css_class (badge, "opaque");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
  gtk_box_append (GTK_BOX (badge), label);
  g_object_set_data_full (G_OBJECT (badge), "pinion-words", g_strdup (words), g_free);

  if (n > 1)
    {
      g_autofree char *number = g_strdup_printf ("%u", n);
      GtkWidget *count = gtk_label_new (number);

      gtk_widget_add_css_class (count, "drag-count");
      gtk_widget_add_css_class (count, "numeric");
      gtk_box_append (GTK_BOX (badge), count);
    }

  gdk_drag_set_hotspot (drag, -12, -12);
  gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)), badge);
}

void
pinion_drag_say (GdkDrop    *drop,
                 const char *words)
{
  GdkDrag *drag = gdk_drop_get_drag (drop);
  GtkLabel *label = drag != NULL ? find_badge_label (drag) : NULL;

  if (label == NULL)
    return;

  if (words == NULL)
    words = g_object_get_data (G_OBJECT (gtk_widget_get_parent (GTK_WIDGET (label))),
                               "pinion-words");

  gtk_label_set_label (label, words);
}

/* -- Scrolling ------------------------------------------------------------------------------ */

#define SCROLL_EDGE 36.0
#define SCROLL_SPEED 12.0 /* pixels a frame at the very edge */

typedef struct
{
  double y;
  guint tick;
} Scrolling;

static gboolean
on_scroll_tick (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  Scrolling *scrolling = user_data;
  GtkAdjustment *adjustment =
    gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
  double height = gtk_widget_get_height (widget);
  double push = 0;

  if (scrolling->y < SCROLL_EDGE)
    push = scrolling->y / SCROLL_EDGE - 1;
  else if (scrolling->y > height - SCROLL_EDGE)
    push = 1 - (height - scrolling->y) / SCROLL_EDGE;

  if (ABS (push) > 0.01)
    gtk_adjustment_set_value (adjustment,
                              gtk_adjustment_get_value (adjustment) + push * SCROLL_SPEED);

  return G_SOURCE_CONTINUE;
}

static void
on_scroll_motion (GtkDropControllerMotion *motion,
                  double                   x,
                  double                   y,
                  Scrolling               *scrolling)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (motion));

  scrolling->y = y;
  if (scrolling->tick == 0)
    scrolling->tick = gtk_widget_add_tick_callback (widget, on_scroll_tick, scrolling, NULL);
}

static void
on_scroll_leave (GtkDropControllerMotion *motion,
                 Scrolling               *scrolling)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (motion));

  if (scrolling->tick != 0)
    gtk_widget_remove_tick_callback (widget, scrolling->tick);
  scrolling->tick = 0;
}

void
pinion_drag_add_scrolling (GtkScrolledWindow *scroller)
{
  GtkEventController *motion = gtk_drop_controller_motion_new ();
  Scrolling *scrolling = g_new0 (Scrolling, 1);

  g_signal_connect_data (motion, "motion", G_CALLBACK (on_scroll_motion), scrolling,
                         (GClosureNotify) (GCallback) g_free, 0);
  g_signal_connect (motion, "leave", G_CALLBACK (on_scroll_leave), scrolling);
  gtk_widget_add_controller (GTK_WIDGET (scroller), motion);
}
