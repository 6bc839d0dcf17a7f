/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-snooze-popover.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-time.h"
#include "pinion-when.h"

struct _PinionSnoozePopover
{
  GtkPopover parent_instance;

  GtkStack *stack;
  GtkEditable *words;
  GtkLabel *preview;
  GtkListBox *list;
  GtkCalendar *calendar;
  GtkWidget *clock;
  GtkSpinButton *hour;
  GtkSpinButton *minute;
  GtkLabel *picked;
  GtkWidget *done;

  gint64 moment; /* of the words or the calendar; 0: none */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionSnoozePopover, pinion_snooze_popover, GTK_TYPE_POPOVER)

static const char *
get_title (PinionWhen when)
{
  switch (when)
    {
    case PINION_WHEN_LATER_TODAY:
      return _("Later Today");

    case PINION_WHEN_TONIGHT:
      return _("Tonight");

    case PINION_WHEN_TOMORROW:
      return _("Tomorrow");

    case PINION_WHEN_WEEKEND:
      return _("Weekend");

    case PINION_WHEN_NEXT_WEEK:
    case PINION_N_WHENS:
    default:
      return _("Next Week");
    }
}

static void
choose (PinionSnoozePopover *self,
        gint64               moment)
{
  if (moment == 0)
    return;

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, moment);
}

/* -- Choices -------------------------------------------------------------------------------- */

static GtkWidget *
new_row (const char *icon,
         const char *title,
         const char *time)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *when = gtk_label_new (time);
  g_autofree char *spoken = time != NULL ? g_strdup_printf ("%s, %s", title, time) : NULL;

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (when, "dim-label");
  gtk_widget_add_css_class (when, "numeric");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), when);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken != NULL ? spoken : title, -1);

  return row;
}

static void
fill_list (PinionSnoozePopover *self)
{
  static const char *const icons[PINION_N_WHENS] = {
    [PINION_WHEN_LATER_TODAY] = "alarm-symbolic",
    [PINION_WHEN_TONIGHT] = "weather-clear-night-symbolic",
    [PINION_WHEN_TOMORROW] = "weather-clear-symbolic",
    [PINION_WHEN_WEEKEND] = "user-home-symbolic",
    [PINION_WHEN_NEXT_WEEK] = "go-next-symbolic",
  };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  for (guint i = 0; i < PINION_N_WHENS; i++)
    {
      gint64 moment;
      GtkWidget *row;
      g_autofree char *time = NULL;

      if (!pinion_when_choose (i, now, &moment))
        continue;

      time = pinion_time_beside (moment, now);
      row = new_row (icons[i], get_title (i), time);
      g_object_set_data_full (G_OBJECT (row), "pinion-moment",
                              g_memdup2 (&moment, sizeof moment), g_free);
      gtk_list_box_append (self->list, row);
    }

  gtk_list_box_append (self->list,
                       new_row ("x-office-calendar-symbolic", _("Choose a Day and Time…"), NULL));
}

/* -- Words ---------------------------------------------------------------------------------- */

static void
on_words_changed (PinionSnoozePopover *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  const char *text = gtk_editable_get_text (self->words);
  gboolean understood = pinion_when_parse (text, now, &self->moment);
  g_autofree char *time = understood ? pinion_time_long (self->moment, now) : NULL;

  if (!understood)
    self->moment = 0;

  gtk_widget_set_visible (GTK_WIDGET (self->preview), *text != '\0');
  gtk_label_set_label (self->preview, understood ? time : _("Not understood yet"));
  pinion_css_set (GTK_WIDGET (self->preview), "dim-label", !understood);
  if (*text != '\0')
    gtk_accessible_announce (GTK_ACCESSIBLE (self->preview),
                             gtk_label_get_label (self->preview),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_LOW);
}

/* Time has gone by since it was typed. */
static void
on_words_activate (PinionSnoozePopover *self)
{
  on_words_changed (self);
  choose (self, self->moment);
}

static gboolean
on_words_key (PinionSnoozePopover *self,
              guint                keyval,
              guint                keycode,
              GdkModifierType      modifiers)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0)));
  return GDK_EVENT_STOP;
}

/* -- A day and a time ----------------------------------------------------------------------- */

static gboolean
on_two_digits (GtkSpinButton *button)
{
  g_autofree char *text = g_strdup_printf ("%02d", gtk_spin_button_get_value_as_int (button));

  gtk_editable_set_text (GTK_EDITABLE (button), text);
  return TRUE;
}

static void
on_picked (PinionSnoozePopover *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) moment =
    g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                           g_date_time_get_day_of_month (day),
                           gtk_spin_button_get_value_as_int (self->hour),
                           gtk_spin_button_get_value_as_int (self->minute), 0);
  gboolean to_come = moment != NULL && g_date_time_compare (moment, now) > 0;
  g_autofree char *time = NULL;

  self->moment = to_come ? g_date_time_to_unix (moment) : 0;
  if (to_come)
    time = pinion_time_long (self->moment, now);
  gtk_label_set_label (self->picked, to_come ? time : _("This moment has passed"));
  gtk_widget_set_sensitive (self->done, to_come);
}

static void
open_calendar (PinionSnoozePopover *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);

  gtk_calendar_select_day (self->calendar, tomorrow);
  gtk_spin_button_set_value (self->hour, 8);
  gtk_spin_button_set_value (self->minute, 0);
  on_picked (self);
  gtk_stack_set_visible_child_name (self->stack, "calendar");
  gtk_widget_grab_focus (GTK_WIDGET (self->calendar));
}

static void
on_back_clicked (PinionSnoozePopover *self)
{
  gtk_stack_set_visible_child_name (self->stack, "choices");
  gtk_widget_grab_focus (GTK_WIDGET (self->words));
  on_words_changed (self);
}

static void
on_done_clicked (PinionSnoozePopover *self)
{
  on_picked (self);
  choose (self, self->moment);
}

static void
on_row_activated (PinionSnoozePopover *self,
                  GtkListBoxRow       *row)
{
  gint64 *moment = g_object_get_data (G_OBJECT (row), "pinion-moment");

  if (moment != NULL)
    choose (self, *moment);
  else
    open_calendar (self);
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_snooze_popover_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_SNOOZE_POPOVER);

  G_OBJECT_CLASS (pinion_snooze_popover_parent_class)->dispose (object);
}

static void
pinion_snooze_popover_class_init (PinionSnoozePopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_snooze_popover_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-snooze-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, stack);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, words);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, preview);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, list);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, calendar);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, clock);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, hour);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, minute);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, picked);
  gtk_widget_class_bind_template_child (widget_class, PinionSnoozePopover, done);
  gtk_widget_class_bind_template_callback (widget_class, on_words_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_words_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_words_key);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_two_digits);
  gtk_widget_class_bind_template_callback (widget_class, on_picked);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_done_clicked);
}

/* A time is read from left to right, whichever way the words around it run: its parts, too. */
static void
keep_clock_order (GtkWidget *widget)
{
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    keep_clock_order (child);
}

static void
pinion_snooze_popover_init (PinionSnoozePopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  keep_clock_order (self->clock);
  fill_list (self);
}

GtkWidget *
pinion_snooze_popover_new (void)
{
  return g_object_new (PINION_TYPE_SNOOZE_POPOVER, NULL);
}
