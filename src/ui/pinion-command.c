/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-command.h"

#include <glib/gi18n-lib.h>

#include "pinion-fuzzy.h"
#include "pinion-saved-search.h"

/* Added to a score: what was done lately is likelier meant. */
#define FOR_RECENT 1600
#define MOST_TIMES_WORSE 3

struct _PinionCommand
{
  GObject parent_instance;

  PinionCommandKind kind;
  char *key;
  char *title;
  char *detail;
  const PinionActionInfo *action;
  PinionSidebarItem *place;
  gint64 account;
  char *query;
};

G_DEFINE_FINAL_TYPE (PinionCommand, pinion_command, G_TYPE_OBJECT)

static void
pinion_command_finalize (GObject *object)
{
  PinionCommand *self = PINION_COMMAND (object);

  g_free (self->key);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->query);
  g_clear_object (&self->place);

  G_OBJECT_CLASS (pinion_command_parent_class)->finalize (object);
}

static void
pinion_command_class_init (PinionCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pinion_command_finalize;
}

static void
pinion_command_init (PinionCommand *self)
{
}

/* -- Made ----------------------------------------------------------------------------------- */

static PinionCommand *
command_new (PinionCommandKind kind,
             const char       *title,
             const char       *detail)
{
  PinionCommand *self = g_object_new (PINION_TYPE_COMMAND, NULL);

  self->kind = kind;
  self->title = g_strdup (title);
  self->detail = g_strdup (detail);

  return self;
}

PinionCommand *
pinion_command_new_action (const PinionActionInfo *info)
{
  PinionCommand *self =
    command_new (PINION_COMMAND_ACTION, pinion_action_info_get_title (info), NULL);

  self->action = info;
  self->key = g_strconcat ("action:", info->action, NULL);

  return self;
}

static gboolean
is_plain_label (PinionSidebarItem *place)
{
  return pinion_sidebar_item_get_label (place) != NULL &&
         pinion_sidebar_item_get_role (place) == PINION_ROLE_NONE;
}

/* A label is known by its whole path here. */
static const char *
get_place_title (PinionSidebarItem *place)
{
  return is_plain_label (place) ? pinion_label_get_path (pinion_sidebar_item_get_label (place))
                                : pinion_sidebar_item_get_title (place);
}

static const char *
get_place_kind (PinionSidebarItem *place)
{
  if (pinion_sidebar_item_get_kind (place) == PINION_SIDEBAR_SEARCH)
    return _("Saved Search");

  return is_plain_label (place) ? _("Label") : _("Mailbox");
}

PinionCommand *
pinion_command_new_place (PinionSidebarItem *place,
                          const char        *account)
{
  const PinionView *view = pinion_sidebar_item_get_view (place);
  const char *kind = get_place_kind (place);
  g_autofree char *detail = account != NULL ? g_strdup_printf ("%s · %s", kind, account)
                                            : g_strdup (kind);
  PinionCommand *self = command_new (PINION_COMMAND_PLACE, get_place_title (place), detail);

  self->place = g_object_ref (place);
  self->key = g_strdup_printf ("place:%d:%d:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                               pinion_sidebar_item_get_kind (place), view->kind, view->account,
                               view->label);

  return self;
}

PinionCommand *
pinion_command_new_account (PinionAccountItem *account)
{
  PinionCommand *self = command_new (PINION_COMMAND_ACCOUNT,
                                     pinion_account_item_get_account (account)->email,
                                     _("Account"));

  self->account = pinion_account_item_get_id (account);
  self->key = g_strdup_printf ("account:%" G_GINT64_FORMAT, self->account);

  return self;
}

PinionCommand *
pinion_command_new_person (const char *name,
                           const char *address,
                           const char *query)
{
  gboolean has_name = name != NULL && *name != '\0';
  PinionCommand *self = command_new (PINION_COMMAND_PERSON, has_name ? name : address,
                                     has_name ? address : _("Person"));

  self->query = g_strdup (query);
  self->key = g_strconcat ("person:", address, NULL);

  return self;
}

/* -- Looked at ------------------------------------------------------------------------------ */

PinionCommandKind
pinion_command_get_kind (PinionCommand *self)
{
  return self->kind;
}

const char *
pinion_command_get_key (PinionCommand *self)
{
  return self->key;
}

const char *
pinion_command_get_title (PinionCommand *self)
{
  return self->title;
}

const char *
pinion_command_get_detail (PinionCommand *self)
{
  return self->detail;
}

const char *
pinion_command_get_icon (PinionCommand *self)
{
  switch (self->kind)
    {
    case PINION_COMMAND_PLACE:
      return pinion_sidebar_item_get_icon (self->place);

    case PINION_COMMAND_ACCOUNT:
      return "applications-system-symbolic";

    case PINION_COMMAND_PERSON:
      return "avatar-default-symbolic";

    case PINION_COMMAND_ACTION:
    default:
      return "system-run-symbolic";
    }
}

const char *
pinion_command_get_colour (PinionCommand *self)
{
  return self->place != NULL && is_plain_label (self->place)
           ? pinion_label_get_colour (pinion_sidebar_item_get_label (self->place))
           : NULL;
}

const PinionActionInfo *
pinion_command_get_action (PinionCommand *self)
{
  return self->action;
}

PinionSidebarItem *
pinion_command_get_place (PinionCommand *self)
{
  return self->place;
}

gint64
pinion_command_get_account (PinionCommand *self)
{
  return self->account;
}

const char *
pinion_command_get_query (PinionCommand *self)
{
  return self->query;
}

char *
pinion_command_dup_accessible_name (PinionCommand *self)
{
  const char *key = self->action != NULL ? pinion_action_info_get_first_key (self->action) : NULL;
  g_autofree char *spoken = key != NULL ? pinion_actions_dup_key_label (key) : NULL;
  const char *more = spoken != NULL ? spoken : self->detail;

  return more != NULL ? g_strdup_printf ("%s, %s", self->title, more) : g_strdup (self->title);
}

/* -- All of them ---------------------------------------------------------------------------- */

/* Of the window or the application; what belongs to GTK itself can always be done. */
static gboolean
can_be_done (const char *action,
             GtkWidget  *window)
{
  const char *dot = strchr (action, '.');
  GActionGroup *group = NULL;

  if (g_str_has_prefix (action, "win."))
    group = G_ACTION_GROUP (window);
  else if (g_str_has_prefix (action, "app."))
    group = G_ACTION_GROUP (gtk_window_get_application (GTK_WINDOW (window)));

  return group == NULL || g_action_group_get_action_enabled (group, dot + 1);
}

static void
add_actions (GPtrArray *commands,
             GtkWidget *window)
{
  guint n_actions;
  const PinionActionInfo *actions = pinion_actions_get (&n_actions);

  /* What is about conversations first: that is what a person is at */
  for (guint turn = 0; turn < 2; turn++)
    for (guint i = 0; i < n_actions; i++)
      if ((actions[i].group == PINION_ACTIONS_CONVERSATIONS) == (turn == 0) &&
          !pinion_action_info_is_local (&actions[i]) &&
          !g_str_equal (actions[i].action, "win.commands") &&
          can_be_done (actions[i].action, window))
        g_ptr_array_add (commands, pinion_command_new_action (&actions[i]));
}

static void
add_place (GPtrArray        *commands,
           PinionSidebarKind kind,
           const PinionView *view,
           PinionLabel      *label,
           const char       *account)
{
  g_autoptr (PinionSidebarItem) place = pinion_sidebar_item_new (kind, view, label);

  g_ptr_array_add (commands, pinion_command_new_place (place, account));
}

static void
add_labels (GPtrArray         *commands,
            PinionEngine      *engine,
            PinionAccountItem *account,
            gboolean           with_role,
            const char        *name)
{
  GListModel *labels = pinion_engine_get_labels (engine);
  gint64 id = pinion_account_item_get_id (account);

  for (guint i = 0; i < g_list_model_get_n_items (labels); i++)
    {
      g_autoptr (PinionLabel) label = g_list_model_get_item (labels, i);
      const PinionView view = { PINION_VIEW_LABEL, id, pinion_label_get_id (label) };

      if (pinion_label_get_account (label) == id && !pinion_label_get_hidden (label) &&
          pinion_label_get_selectable (label) &&
          (pinion_label_get_role (label) != PINION_ROLE_NONE) == with_role)
        add_place (commands, PINION_SIDEBAR_VIEW, &view, label, name);
    }
}

static void
add_places (GPtrArray         *commands,
            PinionEngine      *engine,
            PinionAccountItem *account,
            gboolean           alone)
{
  gint64 id = pinion_account_item_get_id (account);
  const char *name = alone ? NULL : pinion_account_item_get_account (account)->email;
  const PinionView starred = { PINION_VIEW_STARRED, id, 0 };
  const PinionView snoozed = { PINION_VIEW_SNOOZED, id, 0 };
  const PinionView all = { PINION_VIEW_ALL_MAIL, id, 0 };
  const PinionView plain = { PINION_VIEW_LABEL, id, 0 };

  add_labels (commands, engine, account, TRUE, name);
  add_place (commands, PINION_SIDEBAR_VIEW, &starred, NULL, name);
  add_place (commands, PINION_SIDEBAR_VIEW, &snoozed, NULL, name);
  add_place (commands, PINION_SIDEBAR_OUTBOX, &plain, NULL, name);
  add_place (commands, PINION_SIDEBAR_VIEW, &all, NULL, name);
  add_labels (commands, engine, account, FALSE, name);
}

/* Those that are not pinned, too. */
static void
add_searches (GPtrArray    *commands,
              PinionEngine *engine)
{
  GListModel *searches = pinion_engine_get_saved_searches (engine);

  for (guint i = 0; i < g_list_model_get_n_items (searches); i++)
    {
      g_autoptr (PinionSavedSearch) search = g_list_model_get_item (searches, i);
      const PinionView view = { PINION_VIEW_ALL_MAIL, 0, pinion_saved_search_get_id (search) };
      g_autoptr (PinionSidebarItem) place =
        pinion_sidebar_item_new (PINION_SIDEBAR_SEARCH, &view, NULL);

      pinion_sidebar_item_set_name (place, pinion_saved_search_get_name (search));
      g_ptr_array_add (commands, pinion_command_new_place (place, NULL));
    }
}

GPtrArray *
pinion_commands_collect (PinionEngine *engine,
                         GtkWidget    *window)
{
  GPtrArray *commands = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *accounts = pinion_engine_get_accounts (engine);
  guint n_accounts = g_list_model_get_n_items (accounts);
  const PinionView inbox = { PINION_VIEW_INBOX, 0, 0 };

  add_actions (commands, window);
  if (n_accounts > 1)
    add_place (commands, PINION_SIDEBAR_VIEW, &inbox, NULL, _("All accounts"));

  for (guint i = 0; i < n_accounts; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);

      add_places (commands, engine, account, n_accounts == 1);
    }
  add_searches (commands, engine);

  for (guint i = 0; i < n_accounts; i++)
    {
      g_autoptr (PinionAccountItem) account = g_list_model_get_item (accounts, i);

      g_ptr_array_add (commands, pinion_command_new_account (account));
    }

  return commands;
}

/* -- Which are meant ------------------------------------------------------------------------ */

typedef struct
{
  PinionCommand *command;
  guint fit;
  guint score;
  guint place;
} Ranked;

static int
compare_ranked (gconstpointer a,
                gconstpointer b)
{
  const Ranked *x = a;
  const Ranked *y = b;

  if (x->score != y->score)
    return x->score > y->score ? -1 : 1;

  return x->place < y->place ? -1 : 1;
}

/* From 1, the newest; 0: not lately. */
static guint
find_recent (const char *const *recent,
             const char        *key)
{
  for (guint i = 0; recent != NULL && recent[i] != NULL; i++)
    if (g_str_equal (recent[i], key))
      return i + 1;

  return 0;
}

/* What is set apart counts, but less; and letters are not strewn over both. */
static guint
score_command (PinionCommand *command,
               const char    *typed)
{
  guint title = pinion_fuzzy_score (typed, command->title);
  g_autofree char *both = NULL;

  if (title > 0 || command->detail == NULL)
    return title;
  if (strchr (typed, ' ') == NULL)
    return pinion_fuzzy_score (typed, command->detail) / 2;

  both = g_strdup_printf ("%s %s", command->title, command->detail);
  return pinion_fuzzy_score (typed, both) / 2;
}

/* An act on what is selected is likelier meant than the place of the same name, though one goes there
 * often. */
static void
lift_acts (GArray *ranked)
{
  for (guint i = 0; i < ranked->len; i++)
    {
      Ranked *act = &g_array_index (ranked, Ranked, i);

      for (guint j = 0; act->command->kind == PINION_COMMAND_ACTION && j < ranked->len; j++)
        {
          const Ranked *other = &g_array_index (ranked, Ranked, j);

          if (other->command->kind == PINION_COMMAND_PLACE && other->score >= act->score &&
              g_utf8_collate (other->command->title, act->command->title) == 0)
            act->score = other->score + 1;
        }
    }
}

GPtrArray *
pinion_commands_rank (GPtrArray         *commands,
                      const char        *typed,
                      const char *const *recent)
{
  GPtrArray *meant = g_ptr_array_new ();
  g_autoptr (GArray) ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  guint best = 0;

  for (guint i = 0; i < commands->len; i++)
    {
      PinionCommand *command = commands->pdata[i];
      guint lately = find_recent (recent, command->key);
      Ranked one = { .command = command, .fit = score_command (command, typed), .place = i };

      if (one.fit == 0)
        continue;
      best = MAX (best, one.fit);
      one.score = one.fit;
      if (lately > 0)
        one.score += FOR_RECENT / lately + 1;
      g_array_append_val (ranked, one);
    }

  if (*typed != '\0')
    lift_acts (ranked);
  g_array_sort (ranked, compare_ranked);
  for (guint i = 0; i < ranked->len; i++)
    {
      const Ranked *one = &g_array_index (ranked, Ranked, i);

      /* Letters that are there by chance are not meant where others fit so much better. */
      if (one->fit * MOST_TIMES_WORSE >= best)
        g_ptr_array_add (meant, one->command);
    }

  return meant;
}
