/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-engine-private.h"

#include <string.h>

struct _PinionLabel
{
  GObject parent_instance;

  gint64 id;
  gint64 account;
  char *path;
  PinionRole role;
  gboolean hidden;
  PinionHidden hidden_reason;
  gboolean pinned;
  gboolean selectable;
  char *colour;
  gboolean own_colour;
  guint unread;
  guint total;
  int position;
  gint64 section;
  gboolean folded;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_ACCOUNT,
  PROP_PATH,
  PROP_NAME,
  PROP_ROLE,
  PROP_HIDDEN,
  PROP_PINNED,
  PROP_COLOUR,
  PROP_UNREAD,
  PROP_TOTAL,
  PROP_POSITION,
  PROP_SECTION,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PinionLabel, pinion_label, G_TYPE_OBJECT)

/* GNOME's palette, the middle tones: what a label has as long as the person chose no colour. */
static const char *const palette[] = {
  "#3584e4", "#33d17a", "#e5a50a", "#ff7800", "#e01b24", "#9141ac", "#986a44", "#2190a4", "#d56199",
};

static const char *
default_colour (const char *path)
{
  return palette[g_str_hash (path) % G_N_ELEMENTS (palette)];
}

PinionRole
pinion_role_of_folder (PinionFolderRole role)
{
  switch (role)
    {
    case PINION_FOLDER_ROLE_INBOX:
      return PINION_ROLE_INBOX;
    case PINION_FOLDER_ROLE_SENT:
      return PINION_ROLE_SENT;
    case PINION_FOLDER_ROLE_DRAFTS:
      return PINION_ROLE_DRAFTS;
    case PINION_FOLDER_ROLE_TRASH:
      return PINION_ROLE_TRASH;
    case PINION_FOLDER_ROLE_JUNK:
      return PINION_ROLE_JUNK;
    case PINION_FOLDER_ROLE_ARCHIVE:
      return PINION_ROLE_ARCHIVE;
    case PINION_FOLDER_ROLE_NONE:
    default:
      return PINION_ROLE_NONE;
    }
}

const char *
pinion_role_to_string (PinionRole role)
{
  static const char *const names[] = { NULL,    "inbox", "sent",   "drafts",
                                       "trash", "junk",  "archive" };

  return role < G_N_ELEMENTS (names) ? names[role] : NULL;
}

static void
pinion_label_finalize (GObject *object)
{
  PinionLabel *self = PINION_LABEL (object);

  g_free (self->path);
  g_free (self->colour);

  G_OBJECT_CLASS (pinion_label_parent_class)->finalize (object);
}

static void
pinion_label_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PinionLabel *self = PINION_LABEL (object);

  switch (property_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_ACCOUNT:
      g_value_set_int64 (value, self->account);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_NAME:
      g_value_set_string (value, pinion_label_get_name (self));
      break;
    case PROP_ROLE:
      g_value_set_int (value, (int) self->role);
      break;
    case PROP_HIDDEN:
      g_value_set_boolean (value, self->hidden);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->pinned);
      break;
    case PROP_COLOUR:
      g_value_set_string (value, self->colour);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, self->total);
      break;
    case PROP_POSITION:
      g_value_set_int (value, self->position);
      break;
    case PROP_SECTION:
      g_value_set_int64 (value, self->section);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pinion_label_class_init (PinionLabelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = pinion_label_finalize;
  object_class->get_property = pinion_label_get_property;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ACCOUNT] = g_param_spec_int64 ("account", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ROLE] = g_param_spec_int ("role", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_HIDDEN] = g_param_spec_boolean ("hidden", NULL, NULL, FALSE, flags);
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  properties[PROP_COLOUR] = g_param_spec_string ("colour", NULL, NULL, NULL, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_POSITION]
      = g_param_spec_int ("position", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  properties[PROP_SECTION] = g_param_spec_int64 ("section", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_label_init (PinionLabel *self)
{
}

PinionLabel *
pinion_label_new (const PinionStoreFolder *folder)
{
  PinionLabel *self = g_object_new (PINION_TYPE_LABEL, NULL);

  self->id = folder->id;
  self->account = folder->account_id;
  pinion_label_update (self, folder);

  return self;
}

static void
set_uint (PinionLabel *self,
          guint       *field,
          gint64       value,
          guint        property)
{
  guint number = (guint) CLAMP (value, 0, G_MAXUINT);

  if (*field != number)
    {
      *field = number;
      g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
    }
}

static void
set_boolean (PinionLabel *self,
             gboolean    *field,
             gboolean     value,
             guint        property)
{
  if (*field != value)
    {
      *field = value;
      g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
    }
}

void
pinion_label_update (PinionLabel             *self,
                     const PinionStoreFolder *folder)
{
  PinionRole role = pinion_role_of_folder (folder->role);
  const char *colour = folder->colour != NULL ? folder->colour : default_colour (folder->path);

  self->own_colour = folder->colour != NULL;
  g_object_freeze_notify (G_OBJECT (self));

  if (g_set_str (&self->path, folder->path))
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
    }
  if (g_set_str (&self->colour, colour))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COLOUR]);
  if (self->role != role)
    {
      self->role = role;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
    }
  if (self->position != folder->position)
    {
      self->position = folder->position;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
    }
  if (self->section != folder->section)
    {
      self->section = folder->section;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SECTION]);
    }
  set_boolean (self, &self->folded, folder->folded, PROP_FOLDED);
  self->selectable = folder->selectable;
  self->hidden_reason = !folder->hidden          ? PINION_HIDDEN_NOT
                        : folder->hidden_by_hand ? PINION_HIDDEN_BY_HAND
                                                 : PINION_HIDDEN_NOT_MAIL;
  set_boolean (self, &self->hidden, folder->hidden, PROP_HIDDEN);
  set_boolean (self, &self->pinned, folder->pinned, PROP_PINNED);
  set_uint (self, &self->unread, folder->unread, PROP_UNREAD);
  set_uint (self, &self->total, folder->total, PROP_TOTAL);

  g_object_thaw_notify (G_OBJECT (self));
}

gint64
pinion_label_get_id (PinionLabel *self)
{
  return self->id;
}

gint64
pinion_label_get_account (PinionLabel *self)
{
  return self->account;
}

const char *
pinion_label_get_path (PinionLabel *self)
{
  return self->path;
}

const char *
pinion_label_get_name (PinionLabel *self)
{
  const char *slash = strrchr (self->path, '/');

  return slash != NULL ? slash + 1 : self->path;
}

PinionRole
pinion_label_get_role (PinionLabel *self)
{
  return self->role;
}

gboolean
pinion_label_get_hidden (PinionLabel *self)
{
  return self->hidden;
}

PinionHidden
pinion_label_get_hidden_reason (PinionLabel *self)
{
  return self->hidden_reason;
}

gboolean
pinion_label_get_pinned (PinionLabel *self)
{
  return self->pinned;
}

gboolean
pinion_label_get_selectable (PinionLabel *self)
{
  return self->selectable;
}

const char *
pinion_label_get_colour (PinionLabel *self)
{
  return self->colour;
}

gboolean
pinion_label_get_own_colour (PinionLabel *self)
{
  return self->own_colour;
}

const char *
pinion_label_get_plain_colour (PinionLabel *self)
{
  return default_colour (self->path);
}

guint
pinion_label_get_unread (PinionLabel *self)
{
  return self->unread;
}

guint
pinion_label_get_total (PinionLabel *self)
{
  return self->total;
}

int
pinion_label_get_position (PinionLabel *self)
{
  return self->position;
}

gint64
pinion_label_get_section (PinionLabel *self)
{
  return self->section;
}

gboolean
pinion_label_get_folded (PinionLabel *self)
{
  return self->folded;
}
