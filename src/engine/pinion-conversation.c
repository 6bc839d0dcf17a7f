/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-conversation-private.h"

#include <glib/gi18n-lib.h>

#include "pinion-isolate.h"

struct _PinionConversation
{
  GObject parent_instance;

  gint64 id;
  PinionStoreConversation *row;
  GError *error; /* (nullable) why there is no row */
  char *senders;
  char *recipients;
  char *recipient; /* the first one */

  /* Of a search, in the place of the preview.  @answered: (nullable) the query it was found for. */
  PinionSearchQuery *answered;
  char *excerpt;
  PinionSearchField excerpt_field;

  int unread;  /* expected; -1: as the row says */
  int starred;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_LOADED,
  PROP_SUBJECT,
  PROP_SENDERS,
  PROP_SNIPPET,
  PROP_DATE,
  PROP_UNREAD,
  PROP_STARRED,
  PROP_ATTACHMENTS,
  PROP_COUNT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint changed_signal;

G_DEFINE_FINAL_TYPE (PinionConversation, pinion_conversation, G_TYPE_OBJECT)

static void
pinion_conversation_finalize (GObject *object)
{
  PinionConversation *self = PINION_CONVERSATION (object);

  g_clear_pointer (&self->row, pinion_store_conversation_unref);
  g_clear_error (&self->error);
  g_free (self->senders);
  g_free (self->recipients);
  g_free (self->recipient);
  g_clear_pointer (&self->answered, pinion_search_query_unref);
  g_free (self->excerpt);

  G_OBJECT_CLASS (pinion_conversation_parent_class)->finalize (object);
}

static void
pinion_conversation_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PinionConversation *self = PINION_CONVERSATION (object);

  switch (property_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->row != NULL);
      break;
    case PROP_SUBJECT:
      g_value_set_string (value, pinion_conversation_get_subject (self));
      break;
    case PROP_SENDERS:
      g_value_set_string (value, pinion_conversation_get_senders (self));
      break;
    case PROP_SNIPPET:
      g_value_set_string (value, pinion_conversation_get_snippet (self));
      break;
    case PROP_DATE:
      g_value_set_int64 (value, pinion_conversation_get_date (self));
      break;
    case PROP_UNREAD:
      g_value_set_boolean (value, pinion_conversation_get_unread (self));
      break;
    case PROP_STARRED:
      g_value_set_boolean (value, pinion_conversation_get_starred (self));
      break;
    case PROP_ATTACHMENTS:
      g_value_set_boolean (value, pinion_conversation_get_attachments (self));
      break;
    case PROP_COUNT:
      g_value_set_uint (value, pinion_conversation_get_count (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pinion_conversation_class_init (PinionConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = pinion_conversation_finalize;
  object_class->get_property = pinion_conversation_get_property;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  properties[PROP_SENDERS] = g_param_spec_string ("senders", NULL, NULL, NULL, flags);
  properties[PROP_SNIPPET] = g_param_spec_string ("snippet", NULL, NULL, NULL, flags);
  properties[PROP_DATE]
      = g_param_spec_int64 ("date", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_UNREAD] = g_param_spec_boolean ("unread", NULL, NULL, FALSE, flags);
  properties[PROP_STARRED] = g_param_spec_boolean ("starred", NULL, NULL, FALSE, flags);
  properties[PROP_ATTACHMENTS] = g_param_spec_boolean ("attachments", NULL, NULL, FALSE, flags);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  changed_signal = g_signal_new ("changed", PINION_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
pinion_conversation_init (PinionConversation *self)
{
  self->unread = -1;
  self->starred = -1;
}

PinionConversation *
pinion_conversation_new (gint64 id)
{
  PinionConversation *self = g_object_new (PINION_TYPE_CONVERSATION, NULL);

  self->id = id;

  return self;
}

/* Several people get first names only, the way one speaks of them. */
static char *
dup_short_name (const char *name,
                gboolean    alone)
{
  if (alone)
    return g_strdup (name);

  const char *at = strchr (name, '@');
  const char *comma = strchr (name, ',');
  const char *space = strchr (name, ' ');

  /* "Keller, Ana" is how directories write it. */
  if (comma != NULL && comma[1] == ' ' && comma[2] != '\0')
    return g_strndup (comma + 2, strcspn (comma + 2, " "));
  if (at != NULL && at != name)
    return g_strndup (name, (gsize) (at - name));
  if (space != NULL && space != name)
    return g_strndup (name, (gsize) (space - name));

  return g_strdup (name);
}

static void
append_count (GString                       *text,
              const PinionStoreConversation *row)
{
  if (row->messages->len > 1)
    g_string_append_printf (text, " (%u)", row->messages->len);
}

static void
append_name (GString    *text,
             const char *name,
             gboolean    alone)
{
  g_autofree char *isolated = alone ? g_strdup (name) : pinion_isolate_name (name);

  g_string_append (text, isolated);
}

/* "Ana, me (4)"; of many the first and the last two. */
char *
pinion_conversation_dup_senders (const PinionStoreConversation *row)
{
  GString *text = g_string_new (NULL);
  guint n = row->senders->len;
  gboolean alone = n == 1 && row->messages->len <= 1;

  for (guint i = 0; i < n; i++)
    {
      const PinionStoreSender *sender = g_ptr_array_index (row->senders, i);
      g_autofree char *name = sender->is_me ? g_strdup (_ ("me"))
                                            : dup_short_name (sender->name, n == 1);

      if (n > 3 && i > 0 && i < n - 2)
        {
          if (i == 1)
            g_string_append (text, " …");
          continue;
        }
      if (i > 0)
        g_string_append (text, n > 3 && i == n - 2 ? " " : ", ");
      append_name (text, name, alone);
    }

  if (n == 0)
    g_string_append (text, _ ("Unknown sender"));
  append_count (text, row);

  return g_string_free (text, FALSE);
}

/* "Ana, Bo (2)".  The store has them joined by commas, and a name may have one itself, as directories
 * write it: "Keller, Ana" comes out as it is. */
static void
take_recipients (PinionConversation            *self,
                 const PinionStoreConversation *row)
{
  g_auto (GStrv) names = g_strsplit (row->to != NULL ? row->to : "", ", ", -1);
  guint n = g_strv_length (names);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = dup_short_name (names[i], n == 1);

      g_string_append (text, i > 0 ? ", " : "");
      append_name (text, name, FALSE);
    }
  if (n > 0)
    append_count (text, row);

  g_free (self->recipients);
  self->recipients = g_string_free (text, FALSE);
  g_set_str (&self->recipient, n > 0 ? names[0] : NULL);
}

void
pinion_conversation_set_row (PinionConversation      *self,
                             PinionStoreConversation *row)
{
  g_autoptr (PinionStoreConversation) old = g_steal_pointer (&self->row);

  self->row = pinion_store_conversation_ref (row);
  g_clear_error (&self->error);
  self->unread = -1;
  self->starred = -1;
  g_free (self->senders);
  self->senders = pinion_conversation_dup_senders (row);
  take_recipients (self, row);

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_LOADED; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));

  g_signal_emit (self, changed_signal, 0);
}

void
pinion_conversation_set_error (PinionConversation *self,
                               const GError       *error)
{
  if (self->row != NULL)
    return;

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  g_signal_emit (self, changed_signal, 0);
}

const GError *
pinion_conversation_get_error (PinionConversation *self)
{
  return self->error;
}

PinionStoreConversation *
pinion_conversation_get_row (PinionConversation *self)
{
  return self->row;
}

void
pinion_conversation_set_excerpt (PinionConversation *self,
                                 PinionSearchQuery  *query,
                                 const char         *text,
                                 PinionSearchField   field)
{
  pinion_search_query_ref (query);
  g_clear_pointer (&self->answered, pinion_search_query_unref);
  self->answered = query;
  self->excerpt_field = field;
  if (!g_set_str (&self->excerpt, text))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SNIPPET]);
  g_signal_emit (self, changed_signal, 0);
}

gboolean
pinion_conversation_answers (PinionConversation *self,
                             PinionSearchQuery  *query)
{
  return self->answered == query;
}

void
pinion_conversation_expect (PinionConversation *self,
                            int                 unread,
                            int                 starred)
{
  if (self->row == NULL)
    return;

  if (unread >= 0)
    self->unread = unread;
  if (starred >= 0)
    self->starred = starred;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNREAD]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARRED]);
  g_signal_emit (self, changed_signal, 0);
}

gint64
pinion_conversation_get_id (PinionConversation *self)
{
  return self->id;
}

gboolean
pinion_conversation_get_loaded (PinionConversation *self)
{
  return self->row != NULL;
}

const char *
pinion_conversation_get_subject (PinionConversation *self)
{
  return self->row != NULL ? self->row->subject : "";
}

const char *
pinion_conversation_get_senders (PinionConversation *self)
{
  return self->senders != NULL ? self->senders : "";
}

const char *
pinion_conversation_get_recipients (PinionConversation *self)
{
  return self->recipients != NULL ? self->recipients : "";
}

const char *
pinion_conversation_get_recipient (PinionConversation *self)
{
  return self->recipient != NULL ? self->recipient : "";
}

gboolean
pinion_conversation_is_from_me (PinionConversation *self)
{
  for (guint i = 0; self->row != NULL && i < self->row->senders->len; i++)
    {
      const PinionStoreSender *sender = g_ptr_array_index (self->row->senders, i);

      if (!sender->is_me)
        return FALSE;
    }

  return self->row != NULL && self->row->senders->len > 0;
}

gboolean
pinion_conversation_has_draft (PinionConversation *self)
{
  return self->row != NULL && self->row->has_draft;
}

const char *
pinion_conversation_get_excerpt (PinionConversation *self)
{
  return self->excerpt;
}

const char *
pinion_conversation_get_snippet (PinionConversation *self)
{
  if (self->excerpt != NULL)
    return self->excerpt;

  return self->row != NULL && self->row->snippet != NULL ? self->row->snippet : "";
}

PinionSearchField
pinion_conversation_get_snippet_field (PinionConversation *self)
{
  return self->excerpt != NULL ? self->excerpt_field : PINION_SEARCH_BODY;
}

gint64
pinion_conversation_get_date (PinionConversation *self)
{
  return self->row != NULL ? self->row->date : 0;
}

gboolean
pinion_conversation_get_unread (PinionConversation *self)
{
  if (self->row == NULL)
    return FALSE;

  return self->unread >= 0 ? self->unread : self->row->unread;
}

gboolean
pinion_conversation_get_starred (PinionConversation *self)
{
  if (self->row == NULL)
    return FALSE;

  return self->starred >= 0 ? self->starred : self->row->starred;
}

gboolean
pinion_conversation_get_attachments (PinionConversation *self)
{
  return self->row != NULL && self->row->has_attachments;
}

guint
pinion_conversation_get_count (PinionConversation *self)
{
  return self->row != NULL ? self->row->messages->len : 0;
}

gint64
pinion_conversation_get_snoozed_until (PinionConversation *self)
{
  return self->row != NULL ? self->row->snoozed_until : 0;
}

gint64
pinion_conversation_get_snoozed_back (PinionConversation *self)
{
  return self->row != NULL ? self->row->snoozed_back : 0;
}

GStrv
pinion_conversation_dup_people (PinionConversation *self)
{
  g_autoptr (GStrvBuilder) people = g_strv_builder_new ();

  for (guint i = 0; self->row != NULL && i < self->row->senders->len; i++)
    {
      const PinionStoreSender *sender = g_ptr_array_index (self->row->senders, i);

      if (sender->address != NULL && g_strcmp0 (sender->name, sender->address) != 0)
        g_strv_builder_take (people, g_strdup_printf ("%s <%s>", sender->name, sender->address));
      else
        g_strv_builder_add (people, sender->name);
    }

  return g_strv_builder_end (people);
}

/* Whoever is not the person themselves, if there is one. */
const char *
pinion_conversation_get_avatar_name (PinionConversation *self)
{
  if (self->row == NULL || self->row->senders->len == 0)
    return "";

  for (guint i = 0; i < self->row->senders->len; i++)
    {
      const PinionStoreSender *sender = g_ptr_array_index (self->row->senders, i);
      if (!sender->is_me)
        return sender->name;
    }

  return ((PinionStoreSender *) g_ptr_array_index (self->row->senders, 0))->name;
}

const gint64 *
pinion_conversation_get_labels (PinionConversation *self,
                                guint              *n_labels)
{
  *n_labels = self->row != NULL ? self->row->folders->len : 0;
  return self->row != NULL ? (const gint64 *) self->row->folders->data : NULL;
}

const gint64 *
pinion_conversation_get_messages (PinionConversation *self,
                                  guint              *n_messages)
{
  *n_messages = self->row != NULL ? self->row->messages->len : 0;
  return self->row != NULL ? (const gint64 *) self->row->messages->data : NULL;
}
