/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-type.h"

#include "pinion-choice-row.h"

struct _PinionAssistantType
{
  PinionAssistantPage parent_instance;

  GtkCheckButton *exchange;
  GtkCheckButton *other;
};

G_DEFINE_FINAL_TYPE (PinionAssistantType, pinion_assistant_type, PINION_TYPE_ASSISTANT_PAGE)

static void
on_toggled (PinionAssistantType *self)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  if (!pinion_assistant_page_is_loading (page))
    pinion_setup_set_exchange (pinion_assistant_page_get_setup (page),
                               gtk_check_button_get_active (self->exchange));
}

static void
pinion_assistant_type_load (PinionAssistantPage *page,
                            PinionSetup         *setup)
{
  PinionAssistantType *self = PINION_ASSISTANT_TYPE (page);
  gboolean exchange = pinion_setup_get_exchange (setup);

  gtk_check_button_set_active (exchange ? self->exchange : self->other, TRUE);
}

static void
pinion_assistant_type_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_TYPE);

  G_OBJECT_CLASS (pinion_assistant_type_parent_class)->dispose (object);
}

static void
pinion_assistant_type_class_init (PinionAssistantTypeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_assistant_type_dispose;
  PINION_ASSISTANT_PAGE_CLASS (klass)->load = pinion_assistant_type_load;

  g_type_ensure (PINION_TYPE_CHOICE_ROW);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-type.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantType, exchange);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantType, other);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
}

static void
pinion_assistant_type_init (PinionAssistantType *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
