/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-failure-card.h"

#include <glib/gi18n-lib.h>

#include "pinion-text.h"

#define MAX_FACT_CHARS 300
#define FINGERPRINT_GROUP 4

struct _PinionFailureCard
{
  AdwBin parent_instance;

  GtkLabel *heading;
  GtkLabel *message;
  GtkLabel *fix;
  GtkListBox *facts;
  GtkWidget *buttons;
  GtkButton *cure;
  GtkButton *report;
  GtkLabel *details;
};

enum
{
  CURE,
  REPORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionFailureCard, pinion_failure_card, ADW_TYPE_BIN)

/* -- Facts of a certificate ----------------------------------------------------------------- */

/* Groups of four, so that two people can compare it over the telephone. */
static char *
dup_fingerprint (const char *sha256)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; sha256[i] != '\0'; i++)
    {
      if (i > 0 && i % FINGERPRINT_GROUP == 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, g_ascii_toupper (sha256[i]));
    }

  return g_string_free (text, FALSE);
}

static char *
dup_date (const char *iso8601)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (iso8601, NULL);
  g_autoptr (GDateTime) local = date != NULL ? g_date_time_to_local (date) : NULL;

  return local != NULL ? g_date_time_format (local, "%x") : g_strdup (iso8601);
}

static GtkWidget *
add_fact (PinionFailureCard *self,
          const char        *title,
          const char        *value)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *clean = pinion_text_clean_line (value, -1, MAX_FACT_CHARS);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), clean);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_add_css_class (row, "property");
  gtk_list_box_append (self->facts, row);

  return row;
}

static void
add_fingerprint (PinionFailureCard *self,
                 const char        *title,
                 const char        *value)
{
  g_autofree char *fingerprint = dup_fingerprint (value);
  GtkWidget *row = add_fact (self, title, fingerprint);

  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), TRUE);
}

static void
add_validity (PinionFailureCard *self,
              const char        *not_before,
              const char        *not_after)
{
  g_autofree char *from = dup_date (not_before);
  g_autofree char *until = dup_date (not_after);
  /* Translators: from one date to another */
  g_autofree char *validity = g_strdup_printf (_("%s – %s"), from, until);

  add_fact (self, _("Valid"), validity);
}

static void
show_facts (PinionFailureCard *self,
            const GError      *error)
{
  gboolean ours = error->domain == PINION_ERROR;
  const char *subject = ours ? pinion_error_get_detail (error, "subject") : NULL;
  const char *issuer = ours ? pinion_error_get_detail (error, "issuer") : NULL;
  const char *not_before = ours ? pinion_error_get_detail (error, "not-before") : NULL;
  const char *not_after = ours ? pinion_error_get_detail (error, "not-after") : NULL;
  const char *sha256 = ours ? pinion_error_get_detail (error, "sha256") : NULL;
  const char *pinned = ours ? pinion_error_get_detail (error, "pinned-sha256") : NULL;

  gtk_list_box_remove_all (self->facts);
  gtk_widget_set_visible (GTK_WIDGET (self->facts), sha256 != NULL);
  if (sha256 == NULL)
    return;

  if (subject != NULL)
    add_fact (self, _("Issued to"), subject);
  if (issuer != NULL)
    add_fact (self, _("Issued by"), issuer);
  if (not_before != NULL && not_after != NULL)
    add_validity (self, not_before, not_after);
  add_fingerprint (self, _("Fingerprint (SHA-256)"), sha256);
  if (pinned != NULL)
    add_fingerprint (self, _("Fingerprint you trusted"), pinned);
}

/* -- Details -------------------------------------------------------------------------------- */

static void
add_line (GString    *text,
          const char *title,
          const char *value)
{
  g_autofree char *clean = NULL;

  if (value == NULL || *value == '\0')
    return;

  clean = pinion_text_clean (value, -1);
  g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", title, clean);
}

char *
pinion_failure_dup_details (const GError *error)
{
  GString *text = g_string_new (NULL);

  if (error->domain == PINION_ERROR)
    {
      add_line (text, _("Protocol"), pinion_protocol_to_string (pinion_error_get_protocol (error)));
      add_line (text, _("Stage"), pinion_stage_to_string (pinion_error_get_stage (error)));
      add_line (text, _("Server"), pinion_error_get_detail (error, "host"));
      add_line (text, _("Port"), pinion_error_get_detail (error, "port"));
      add_line (text, _("User name"), pinion_error_get_detail (error, "user"));
      add_line (text, _("The server said"), pinion_error_get_detail (error, "server-text"));
    }

  add_line (text, _("Cause"), pinion_error_get_code_name (error));
  add_line (text, _("Message"), error->message);

  return g_string_free (text, FALSE);
}

/* -- Widget --------------------------------------------------------------------------------- */

static void
on_cure_clicked (PinionFailureCard *self)
{
  g_signal_emit (self, signals[CURE], 0);
}

static void
on_report_clicked (PinionFailureCard *self)
{
  g_signal_emit (self, signals[REPORT], 0);
}

/* What an administrator may have a say in */
static gboolean
is_about_server (const GError *error)
{
  return error->domain == PINION_ERROR &&
         pinion_error_get_protocol (error) != PINION_PROTOCOL_NONE &&
         !pinion_error_is (error, PINION_ERROR_NO_NETWORK);
}

static void
pinion_failure_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_FAILURE_CARD);

  G_OBJECT_CLASS (pinion_failure_card_parent_class)->dispose (object);
}

static void
pinion_failure_card_class_init (PinionFailureCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_failure_card_dispose;

  signals[CURE] = g_signal_new ("cure", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
  signals[REPORT] = g_signal_new ("report", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-failure-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, heading);
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, message);
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, fix);
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, facts);
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, buttons);
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, cure);
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, report);
  gtk_widget_class_bind_template_child (widget_class, PinionFailureCard, details);
  gtk_widget_class_bind_template_callback (widget_class, on_cure_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_report_clicked);
}

static void
pinion_failure_card_init (PinionFailureCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pinion_failure_card_set (PinionFailureCard *self,
                         const char        *heading,
                         const GError      *error,
                         const char        *cure)
{
  g_autofree char *message = pinion_error_dup_message (error);
  g_autofree char *fix = pinion_error_dup_fix (error);
  g_autofree char *details = pinion_failure_dup_details (error);

  g_return_if_fail (PINION_IS_FAILURE_CARD (self));

  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->message, message);
  gtk_label_set_label (self->fix, fix);
  gtk_label_set_label (self->details, details);
  show_facts (self, error);

  gtk_widget_set_visible (GTK_WIDGET (self->cure), cure != NULL);
  gtk_button_set_label (self->cure, cure != NULL ? cure : "");
  gtk_widget_set_visible (GTK_WIDGET (self->report), is_about_server (error));
  gtk_button_set_label (self->report, _("Copy Report"));
  gtk_widget_set_visible (self->buttons, cure != NULL || is_about_server (error));
}

void
pinion_failure_card_copy_report (PinionFailureCard *self,
                                 const char        *text)
{
  g_return_if_fail (PINION_IS_FAILURE_CARD (self));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_button_set_label (self->report, _("Report Copied"));
  gtk_accessible_announce (GTK_ACCESSIBLE (self), _("Report Copied"),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

gboolean
pinion_failure_card_has_cure (PinionFailureCard *self)
{
  g_return_val_if_fail (PINION_IS_FAILURE_CARD (self), FALSE);

  return gtk_widget_get_visible (GTK_WIDGET (self)) &&
         gtk_widget_get_visible (GTK_WIDGET (self->cure));
}
