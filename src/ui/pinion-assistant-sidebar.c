/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-sidebar.h"

#include "pinion-choice-row.h"

struct _PinionAssistantSidebar
{
  PinionAssistantPage parent_instance;

  GtkCheckButton *all;
  GtkCheckButton *choose;
};

G_DEFINE_FINAL_TYPE (PinionAssistantSidebar, pinion_assistant_sidebar, PINION_TYPE_ASSISTANT_PAGE)

static void
on_toggled (PinionAssistantSidebar *self)
{
  PinionAssistantPage *page = PINION_ASSISTANT_PAGE (self);

  if (!pinion_assistant_page_is_loading (page))
    pinion_setup_set_pin_all (pinion_assistant_page_get_setup (page),
                              gtk_check_button_get_active (self->all));
}

static void
pinion_assistant_sidebar_load (PinionAssistantPage *page,
                            PinionSetup         *setup)
{
  PinionAssistantSidebar *self = PINION_ASSISTANT_SIDEBAR (page);
  gboolean pin_all = pinion_setup_get_account (setup)->pin_all;

  gtk_check_button_set_active (pin_all ? self->all : self->choose, TRUE);
}

static void
pinion_assistant_sidebar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_SIDEBAR);

  G_OBJECT_CLASS (pinion_assistant_sidebar_parent_class)->dispose (object);
}

static void
pinion_assistant_sidebar_class_init (PinionAssistantSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_assistant_sidebar_dispose;
  PINION_ASSISTANT_PAGE_CLASS (klass)->load = pinion_assistant_sidebar_load;

  g_type_ensure (PINION_TYPE_CHOICE_ROW);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantSidebar, all);
  gtk_widget_class_bind_template_child (widget_class, PinionAssistantSidebar, choose);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
}

static void
pinion_assistant_sidebar_init (PinionAssistantSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
