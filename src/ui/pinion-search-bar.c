/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-search-bar.h"

#include <glib/gi18n-lib.h>

#include "pinion-asking.h"
#include "pinion-isolate.h"

#define MAX_SUGGESTIONS 4
#define MAX_CHIPS 12
#define MAX_SAVED 8

struct _PinionSearchBar
{
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkSearchEntry *entry;
  GtkDropDown *order;
  GtkWidget *terms;
  GtkWidget *suggestions;
  GtkWidget *reach;
  GtkLabel *reach_words;
  GtkWidget *further;

  PinionEngine *engine;
  PinionSearchQuery *query;
  guint serial;
  gboolean quiet;
};

enum
{
  CHANGED,
  CLOSED,
  LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PinionSearchBar, pinion_search_bar, ADW_TYPE_BIN)

static const char *
get_text (PinionSearchBar *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/* The entry tells of two changes: that there is nothing, then of @text.  Nobody wants to see what
 * comes of the first. */
static void
set_text (PinionSearchBar *self,
          const char      *text)
{
  gboolean quiet = self->quiet;

  self->quiet = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  self->quiet = quiet;
  pinion_search_bar_take (self);
}

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    adw_wrap_box_remove (ADW_WRAP_BOX (box), child);
  gtk_widget_set_visible (box, FALSE);
}

static void
add_to_box (GtkWidget *box,
            GtkWidget *child)
{
  adw_wrap_box_append (ADW_WRAP_BOX (box), child);
  gtk_widget_set_visible (box, TRUE);
}

/* -- Chips ---------------------------------------------------------------------------------- */

/* Returns: (nullable) words that need no value, or a format with one "%s" */
static const char *
format_for_field (PinionSearchField field)
{
  switch (field)
    {
    case PINION_SEARCH_FROM:
      return _("From %s");
    case PINION_SEARCH_TO:
      return _("To %s");
    case PINION_SEARCH_CC:
      return _("Cc %s");
    case PINION_SEARCH_BCC:
      return _("Bcc %s");
    case PINION_SEARCH_SUBJECT:
      return _("Subject %s");
    case PINION_SEARCH_BODY:
      return _("Text %s");
    case PINION_SEARCH_FILE_NAME:
      return _("File %s");
    case PINION_SEARCH_LABEL:
      return _("Label %s");
    case PINION_SEARCH_BEFORE:
      return _("Before %s");
    case PINION_SEARCH_AFTER:
      return _("After %s");
    case PINION_SEARCH_LARGER:
      return _("Larger than %s");
    case PINION_SEARCH_SMALLER:
      return _("Smaller than %s");
    case PINION_SEARCH_HAS_ATTACHMENT:
      return _("With attachments");
    case PINION_SEARCH_UNREAD:
      return _("Unread");
    case PINION_SEARCH_READ:
      return _("Read");
    case PINION_SEARCH_STARRED:
      return _("Starred");
    case PINION_SEARCH_WORDS:
    default:
      return NULL;
    }
}

/* Returns: (transfer full) (nullable): %NULL for plain words, which stand in the field. */
static char *
dup_term_words (const PinionSearchTerm *term)
{
  const char *format = format_for_field (term->field);
  g_auto (GStrv) around = NULL;
  g_autofree char *text = NULL;
  g_autofree char *words = NULL;

  if (format == NULL)
    return NULL;

  around = g_strsplit (format, "%s", 2);
  text = pinion_isolate_name (term->text);
  words = around[1] != NULL ? g_strconcat (around[0], text, around[1], NULL)
                            : g_strdup (format);

  /* Translators: a search term turned around: "Not: From Ana" */
  return term->negated ? g_strdup_printf (_("Not: %s"), words) : g_steal_pointer (&words);
}

static void
on_chip_clicked (PinionSearchBar *self,
                 GtkButton       *chip)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (chip), "term"));
  g_autofree char *text = NULL;

  if (self->query == NULL || index >= self->query->terms->len)
    return;

  text = pinion_search_query_dup_without (self->query, index);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  set_text (self, text);
}

static GtkWidget *
new_chip (PinionSearchBar *self,
          guint            index,
          const char      *words)
{
  GtkWidget *chip = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *label = gtk_label_new (words);
  g_autofree char *plain = pinion_isolate_dup_plain (words);
  g_autofree char *remove = g_strdup_printf (_("Remove “%s”"), plain);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_widget_add_css_class (chip, "search-chip");
  gtk_widget_set_tooltip_text (chip, remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
  g_object_set_data (G_OBJECT (chip), "term", GUINT_TO_POINTER (index));
  g_signal_connect_object (chip, "clicked", G_CALLBACK (on_chip_clicked), self, G_CONNECT_SWAPPED);

  return chip;
}

/* What is still being typed gets no chip yet. */
static void
show_chips (PinionSearchBar *self)
{
  guint shown = 0;

  clear_box (self->terms);
  for (guint i = 0; self->query != NULL && i < self->query->terms->len && shown < MAX_CHIPS; i++)
    {
      const PinionSearchTerm *term = g_ptr_array_index (self->query->terms, i);
      g_autofree char *words = term->is_last && pinion_search_term_is_text (term)
                                 ? NULL
                                 : dup_term_words (term);

      if (words == NULL)
        continue;
      add_to_box (self->terms, new_chip (self, i, words));
      shown++;
    }
}

/* -- Suggestions ---------------------------------------------------------------------------- */

/* In place of what is being typed. */
static void
on_suggestion_clicked (PinionSearchBar *self,
                       GtkButton       *button)
{
  const char *insert = g_object_get_data (G_OBJECT (button), "insert");
  const char *text = get_text (self);
  gsize start = strlen (text);
  g_autofree char *before = NULL;
  g_autofree char *whole = NULL;

  if (self->query != NULL && self->query->terms->len > 0)
    {
      const PinionSearchTerm *last = g_ptr_array_index (self->query->terms,
                                                        self->query->terms->len - 1);

      if (last->is_last)
        start = MIN (last->start, start);
    }

  before = g_strndup (text, start);
  whole = g_strconcat (before, insert, " ", NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  set_text (self, whole);
}

/* Only when it is asked for: pinion-tooltip.h says why. */
static gboolean
on_suggestion_tooltip (GtkWidget  *button,
                       int         x,
                       int         y,
                       gboolean    by_keyboard,
                       GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, g_object_get_data (G_OBJECT (button), "insert"));

  return TRUE;
}

static void
fill_suggestion (GtkWidget              *button,
                 const PinionSuggestion *suggestion)
{
  AdwButtonContent *content = ADW_BUTTON_CONTENT (gtk_button_get_child (GTK_BUTTON (button)));
  gboolean is_label = suggestion->label != 0;
  const char *name = suggestion->name != NULL && *suggestion->name != '\0' ? suggestion->name
                                                                           : suggestion->address;

  adw_button_content_set_icon_name (content, is_label ? "pinion-label-symbolic"
                                                      : "avatar-default-symbolic");
  adw_button_content_set_label (content, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  suggestion->insert, -1);
  g_object_set_data_full (G_OBJECT (button), "insert", g_strdup (suggestion->insert), g_free);
}

static GtkWidget *
new_suggestion (PinionSearchBar *self)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();

  adw_button_content_set_can_shrink (ADW_BUTTON_CONTENT (content), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_has_tooltip (button, TRUE);
  gtk_widget_add_css_class (button, "search-chip");
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect (button, "query-tooltip", G_CALLBACK (on_suggestion_tooltip), NULL);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_suggestion_clicked), self,
                           G_CONNECT_SWAPPED);

  return button;
}

/* In the buttons of those before, as far as there are: a button made and styled takes a
 * millisecond. */
static void
show_suggestions (PinionSearchBar *self,
                  GPtrArray       *suggestions)
{
  GtkWidget *button = gtk_widget_get_first_child (self->suggestions);

  if (button != NULL && g_object_get_data (G_OBJECT (button), "insert") == NULL)
    {
      clear_box (self->suggestions);
      button = NULL;
    }

  for (guint i = 0; i < suggestions->len; i++)
    {
      GtkWidget *shown = button != NULL ? button : new_suggestion (self);

      button = button != NULL ? gtk_widget_get_next_sibling (button) : NULL;
      fill_suggestion (shown, g_ptr_array_index (suggestions, i));
      if (gtk_widget_get_parent (shown) == NULL)
        adw_wrap_box_append (ADW_WRAP_BOX (self->suggestions), shown);
    }
  while (button != NULL)
    {
      GtkWidget *left = button;

      button = gtk_widget_get_next_sibling (button);
      adw_wrap_box_remove (ADW_WRAP_BOX (self->suggestions), left);
    }
  gtk_widget_set_visible (self->suggestions, suggestions->len > 0);
}

static DexFuture *
on_suggested (DexFuture *future,
              gpointer   user_data)
{
  PinionSearchBar *self = ((PinionAsking *) user_data)->asker;
  GPtrArray *suggestions = g_value_get_boxed (dex_future_get_value (future, NULL));

  if (pinion_asking_is_stale (user_data))
    return dex_future_new_true ();

  show_suggestions (self, suggestions);

  return dex_future_new_true ();
}

static void
on_saved_clicked (PinionSearchBar *self,
                  GtkButton       *button)
{
  gint64 *id = g_object_get_data (G_OBJECT (button), "pinion-search");
  PinionSavedSearch *search = pinion_engine_find_saved_search (self->engine, *id);

  if (search == NULL)
    return;

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  pinion_search_bar_show (self, pinion_saved_search_get_query (search),
                          pinion_saved_search_get_order (search));
}

static GtkWidget *
new_saved (PinionSearchBar   *self,
           PinionSavedSearch *search)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = adw_button_content_new ();
  gint64 id = pinion_saved_search_get_id (search);

  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "folder-saved-search-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content),
                                pinion_saved_search_get_name (search));
  adw_button_content_set_can_shrink (ADW_BUTTON_CONTENT (content), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_set_tooltip_text (button, pinion_saved_search_get_query (search));
  gtk_widget_add_css_class (button, "search-chip");
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "pinion-search", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_saved_clicked), self,
                           G_CONNECT_SWAPPED);

  return button;
}

/* With nothing typed yet: what was searched for before, pinned or not. */
static void
offer_saved (PinionSearchBar *self)
{
  GListModel *searches = pinion_engine_get_saved_searches (self->engine);
  guint n = MIN (g_list_model_get_n_items (searches), MAX_SAVED);

  clear_box (self->suggestions);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PinionSavedSearch) search = g_list_model_get_item (searches, i);

      add_to_box (self->suggestions, new_saved (self, search));
    }
}

static void
ask_for_suggestions (PinionSearchBar *self)
{
  const char *text = get_text (self);
  gboolean typing = *text != '\0' && !g_str_has_suffix (text, " ");

  if (*text == '\0' && self->engine != NULL)
    offer_saved (self);
  else if (!typing)
    clear_box (self->suggestions);
  else if (self->engine != NULL)
    dex_future_disown (dex_future_then (pinion_engine_suggest (self->engine, text, MAX_SUGGESTIONS),
                                        on_suggested, pinion_asking_new (self, &self->serial),
                                        pinion_asking_free));
}

/* -- How far back --------------------------------------------------------------------------- */

static char *
dup_reach_words (PinionSearchBar   *self,
                 const PinionReach *reach)
{
  PinionAccountItem *account = pinion_engine_find_account (self->engine, reach->account);
  g_autoptr (GDateTime) since = NULL;
  g_autofree char *date = NULL;

  if (reach->waiting > 0)
    return g_strdup_printf (ngettext ("%'d message is still being read for the search.",
                                      "%'d messages are still being read for the search.",
                                      (gulong) reach->waiting),
                            (int) MIN (reach->waiting, G_MAXINT));
  if (reach->bodies_missing > 0)
    return g_strdup_printf (ngettext ("The text of %'d message is not here yet.",
                                      "The text of %'d messages is not here yet.",
                                      (gulong) reach->bodies_missing),
                            (int) MIN (reach->bodies_missing, G_MAXINT));
  if (reach->since <= 0)
    return NULL;

  since = g_date_time_new_from_unix_local (reach->since);
  date = since != NULL ? g_date_time_format (since, "%x") : NULL;

  if (date == NULL)
    return NULL;

  return account != NULL
           /* Translators: an account's address, a date */
           ? g_strdup_printf (_("The mail of %1$s here reaches back to %2$s, that of others "
                                "further."),
                              pinion_account_item_get_account (account)->email, date)
           : g_strdup_printf (_("The mail here reaches back to %s."), date);
}

/* To where it can be changed: the account, where one is meant. */
static void
aim_further (PinionSearchBar   *self,
             const PinionReach *reach)
{
  GListModel *accounts = pinion_engine_get_accounts (self->engine);
  g_autoptr (PinionAccountItem) first = g_list_model_get_item (accounts, 0);
  gint64 id = reach->account;

  if (id == 0 && first != NULL && g_list_model_get_n_items (accounts) == 1)
    id = pinion_account_item_get_id (first);

  if (id != 0)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->further), "x", id);
  else
    gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->further), NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->further),
                                  id != 0 ? "app.account" : "app.preferences");
}

static DexFuture *
on_reach (DexFuture *future,
          gpointer   user_data)
{
  PinionSearchBar *self = user_data;
  const PinionReach *reach = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autofree char *words = NULL;

  if (self->engine == NULL)
    return dex_future_new_true ();

  words = dup_reach_words (self, reach);
  aim_further (self, reach);
  gtk_label_set_label (self->reach_words, words != NULL ? words : "");
  gtk_widget_set_visible (self->reach, words != NULL);
  gtk_widget_set_visible (self->further, reach->since > 0);

  return dex_future_new_true ();
}

static void
update_reach (PinionSearchBar *self)
{
  if (self->engine != NULL && pinion_search_bar_is_open (self))
    dex_future_disown (dex_future_then (pinion_engine_get_reach (self->engine, 0), on_reach,
                                        g_object_ref (self), g_object_unref));
}

/* -- What happens in it --------------------------------------------------------------------- */

static void
take_text (PinionSearchBar *self)
{
  g_autoptr (PinionSearchQuery) query
    = pinion_search_query_parse (get_text (self), g_get_real_time () / G_USEC_PER_SEC);

  self->serial++;
  g_clear_pointer (&self->query, pinion_search_query_unref);
  if (!pinion_search_query_is_empty (query))
    self->query = g_steal_pointer (&query);

  show_chips (self);
  ask_for_suggestions (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
pinion_search_bar_take (PinionSearchBar *self)
{
  gboolean known = self->query != NULL && g_str_equal (self->query->text, get_text (self));

  if (!self->quiet && !known)
    take_text (self);
}

/* What can be done with a search is offered from its first letter on; the entry waits a moment before
 * it tells of the next ones. */
static void
on_text_changed (PinionSearchBar *self)
{
  if (self->query == NULL)
    pinion_search_bar_take (self);
}

/* The list would be known by what is chosen alone. */
static void
name_order (PinionSearchBar *self)
{
  gboolean by_date = pinion_search_bar_get_order (self) == PINION_SEARCH_BY_DATE;
  const char *name = by_date ? _("Order of results: newest first")
                             : _("Order of results: best match first");

  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->order),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->order), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
on_order_changed (PinionSearchBar *self)
{
  name_order (self);
  if (self->query != NULL && !self->quiet)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_stop_search (PinionSearchBar *self)
{
  pinion_search_bar_close (self);
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
on_entry_activate (PinionSearchBar *self)
{
  pinion_search_bar_take (self);
  clear_box (self->suggestions);
  g_signal_emit (self, signals[LEFT], 0);
}

static gboolean
on_key_pressed (PinionSearchBar *self,
                guint            keyval)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  pinion_search_bar_take (self);
  g_signal_emit (self, signals[LEFT], 0);
  return GDK_EVENT_STOP;
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_search_bar_dispose (GObject *object)
{
  PinionSearchBar *self = PINION_SEARCH_BAR (object);

  self->serial++;
  /* The template would take away the bin's child behind its back */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_SEARCH_BAR);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->query, pinion_search_query_unref);

  G_OBJECT_CLASS (pinion_search_bar_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-search-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, entry);
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, order);
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, terms);
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, suggestions);
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, reach);
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, reach_words);
  gtk_widget_class_bind_template_child (widget_class, PinionSearchBar, further);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_bind_template_callback (widget_class, pinion_search_bar_take);
  gtk_widget_class_bind_template_callback (widget_class, on_order_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
}

static void
pinion_search_bar_class_init (PinionSearchBarClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_search_bar_dispose;

  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[LEFT] = g_signal_new ("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                0);

  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
pinion_search_bar_init (PinionSearchBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  name_order (self);
}

void
pinion_search_bar_set_engine (PinionSearchBar *self,
                              PinionEngine    *engine)
{
  g_return_if_fail (PINION_IS_SEARCH_BAR (self));
  g_return_if_fail (self->engine == NULL);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (engine, "indexed", G_CALLBACK (update_reach), self, G_CONNECT_SWAPPED);
}

void
pinion_search_bar_open (PinionSearchBar *self)
{
  g_return_if_fail (PINION_IS_SEARCH_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
  if (*get_text (self) == '\0' && self->engine != NULL)
    offer_saved (self);
  update_reach (self);
}

void
pinion_search_bar_show (PinionSearchBar   *self,
                        const char        *text,
                        PinionSearchOrder  order)
{
  g_return_if_fail (PINION_IS_SEARCH_BAR (self));

  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  self->quiet = TRUE;
  set_text (self, text);
  gtk_drop_down_set_selected (self->order, order == PINION_SEARCH_BY_RELEVANCE ? 1 : 0);
  self->quiet = FALSE;
  take_text (self);
  clear_box (self->suggestions);
  update_reach (self);
}

void
pinion_search_bar_set_text (PinionSearchBar *self,
                            const char      *text)
{
  g_return_if_fail (PINION_IS_SEARCH_BAR (self));

  set_text (self, text);
}

void
pinion_search_bar_close (PinionSearchBar *self)
{
  g_return_if_fail (PINION_IS_SEARCH_BAR (self));

  self->serial++;
  self->quiet = TRUE;
  set_text (self, "");
  self->quiet = FALSE;
  g_clear_pointer (&self->query, pinion_search_query_unref);
  clear_box (self->terms);
  clear_box (self->suggestions);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

gboolean
pinion_search_bar_is_open (PinionSearchBar *self)
{
  return gtk_revealer_get_reveal_child (self->revealer);
}

PinionSearchQuery *
pinion_search_bar_get_query (PinionSearchBar *self)
{
  return self->query;
}

PinionSearchOrder
pinion_search_bar_get_order (PinionSearchBar *self)
{
  return gtk_drop_down_get_selected (self->order) == 1 ? PINION_SEARCH_BY_RELEVANCE
                                                       : PINION_SEARCH_BY_DATE;
}
