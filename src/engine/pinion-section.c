/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-section.h"

#include "pinion-engine-private.h"

struct _PinionSection
{
  GObject parent_instance;

  gint64 id;
  gint64 account;
  char *name;
  gboolean folded;
  PinionLabelOrder order;
  gboolean pin_all;
};

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PinionSection, pinion_section, G_TYPE_OBJECT)

static void
pinion_section_finalize (GObject *object)
{
  g_free (PINION_SECTION (object)->name);

  G_OBJECT_CLASS (pinion_section_parent_class)->finalize (object);
}

static void
pinion_section_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  g_value_set_string (value, PINION_SECTION (object)->name);
}

static void
pinion_section_class_init (PinionSectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pinion_section_finalize;
  object_class->get_property = pinion_section_get_property;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_section_init (PinionSection *self)
{
}

PinionSection *
pinion_section_new (const PinionStoreSection *section)
{
  PinionSection *self = g_object_new (PINION_TYPE_SECTION, NULL);

  self->id = section->id;
  self->account = section->account_id;
  pinion_section_update (self, section);

  return self;
}

void
pinion_section_update (PinionSection            *self,
                       const PinionStoreSection *section)
{
  PinionLabelOrder order = (PinionLabelOrder) section->order;
  gboolean changed = g_set_str (&self->name, section->name);

  changed |= self->folded != section->folded || self->order != order ||
             self->pin_all != section->pin_all;
  self->folded = section->folded;
  self->order = order;
  self->pin_all = section->pin_all;

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

gint64
pinion_section_get_id (PinionSection *self)
{
  return self->id;
}

gint64
pinion_section_get_account (PinionSection *self)
{
  return self->account;
}

const char *
pinion_section_get_name (PinionSection *self)
{
  return self->name;
}

gboolean
pinion_section_get_folded (PinionSection *self)
{
  return self->folded;
}

PinionLabelOrder
pinion_section_get_order (PinionSection *self)
{
  return self->order;
}

gboolean
pinion_section_get_pin_all (PinionSection *self)
{
  return self->pin_all;
}
