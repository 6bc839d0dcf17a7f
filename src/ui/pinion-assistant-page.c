/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-assistant-page.h"

#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-step-dots.h"

#define N_STEPS 7

typedef struct
{
  PinionStepDots *dots;
  GtkLabel *step_label;
  AdwBin *content;
  GtkWidget *foot;
  GtkWidget *next;

  PinionSetup *setup;
  gboolean loading;
  guint step;
  char *sentence;
  char *next_label;
} PinionAssistantPagePrivate;

enum
{
  PROP_0,
  PROP_STEP,
  PROP_SENTENCE,
  PROP_NEXT_LABEL,
  PROP_CONTENT,
  N_PROPS
};

enum
{
  NEXT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_PRIVATE (PinionAssistantPage, pinion_assistant_page, ADW_TYPE_NAVIGATION_PAGE)

#define PRIVATE(self) \
  ((PinionAssistantPagePrivate *) pinion_assistant_page_get_instance_private (self))

/* -- Going on ------------------------------------------------------------------------------- */

static void
go_on (PinionAssistantPage *self)
{
  PinionAssistantPageClass *klass = PINION_ASSISTANT_PAGE_GET_CLASS (self);

  if (klass->check == NULL || klass->check (self))
    g_signal_emit (self, signals[NEXT], 0);
}

static void
on_next_clicked (PinionAssistantPage *self)
{
  go_on (self);
}

/* Enter in a field, or on what is chosen already, goes on; everything else keeps it. */
static gboolean
is_settled (GtkWidget *focus)
{
  if (ADW_IS_ACTION_ROW (focus))
    focus = adw_action_row_get_activatable_widget (ADW_ACTION_ROW (focus));

  return GTK_IS_TEXT (focus) ||
         (GTK_IS_CHECK_BUTTON (focus) && gtk_check_button_get_active (GTK_CHECK_BUTTON (focus)));
}

static gboolean
on_enter (GtkWidget *widget,
          GVariant  *args,
          gpointer   user_data)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !is_settled (focus))
    return GDK_EVENT_PROPAGATE;

  go_on (PINION_ASSISTANT_PAGE (widget));
  return GDK_EVENT_STOP;
}

static void
add_enter (PinionAssistantPage *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Return|KP_Enter|ISO_Enter"),
                      gtk_callback_action_new (on_enter, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

/* -- Coming up ------------------------------------------------------------------------------ */

static void
pinion_assistant_page_showing (AdwNavigationPage *page)
{
  pinion_assistant_page_load (PINION_ASSISTANT_PAGE (page));

  if (ADW_NAVIGATION_PAGE_CLASS (pinion_assistant_page_parent_class)->showing != NULL)
    ADW_NAVIGATION_PAGE_CLASS (pinion_assistant_page_parent_class)->showing (page);
}

/* The focus starts on the first thing of the page itself, not on the way back. */
static gboolean
pinion_assistant_page_grab_focus (GtkWidget *widget)
{
  PinionAssistantPagePrivate *priv = PRIVATE (PINION_ASSISTANT_PAGE (widget));
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (priv->content)))
    return TRUE;

  return gtk_widget_child_focus (GTK_WIDGET (priv->content), GTK_DIR_TAB_FORWARD) ||
         gtk_widget_grab_focus (priv->next);
}

static void
pinion_assistant_page_shown (AdwNavigationPage *page)
{
  if (ADW_NAVIGATION_PAGE_CLASS (pinion_assistant_page_parent_class)->shown != NULL)
    ADW_NAVIGATION_PAGE_CLASS (pinion_assistant_page_parent_class)->shown (page);

  gtk_widget_grab_focus (GTK_WIDGET (page));
}

static void
show_step (PinionAssistantPage *self)
{
  PinionAssistantPagePrivate *priv = PRIVATE (self);
  /* Translators: where one is in the assistant */
  g_autofree char *words = g_strdup_printf (_("Step %u of %u"), priv->step, N_STEPS);

  gtk_label_set_label (priv->step_label, words);
  pinion_step_dots_set (priv->dots, priv->step, N_STEPS);
}

/* -- Object --------------------------------------------------------------------------------- */

static void
pinion_assistant_page_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  PinionAssistantPagePrivate *priv = PRIVATE (PINION_ASSISTANT_PAGE (object));

  switch (prop_id)
    {
    case PROP_STEP:
      g_value_set_uint (value, priv->step);
      break;

    case PROP_SENTENCE:
      g_value_set_string (value, priv->sentence);
      break;

    case PROP_NEXT_LABEL:
      g_value_set_string (value, priv->next_label);
      break;

    case PROP_CONTENT:
      g_value_set_object (value, adw_bin_get_child (priv->content));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pinion_assistant_page_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  PinionAssistantPage *self = PINION_ASSISTANT_PAGE (object);
  PinionAssistantPagePrivate *priv = PRIVATE (self);

  switch (prop_id)
    {
    case PROP_STEP:
      priv->step = g_value_get_uint (value);
      show_step (self);
      break;

    case PROP_SENTENCE:
      pinion_assistant_page_set_sentence (self, g_value_get_string (value));
      break;

    case PROP_NEXT_LABEL:
      if (g_set_str (&priv->next_label, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    case PROP_CONTENT:
      adw_bin_set_child (priv->content, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pinion_assistant_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PINION_TYPE_ASSISTANT_PAGE);

  G_OBJECT_CLASS (pinion_assistant_page_parent_class)->dispose (object);
}

static void
pinion_assistant_page_finalize (GObject *object)
{
  PinionAssistantPagePrivate *priv = PRIVATE (PINION_ASSISTANT_PAGE (object));

  g_free (priv->sentence);
  g_free (priv->next_label);

  G_OBJECT_CLASS (pinion_assistant_page_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  properties[PROP_STEP] = g_param_spec_uint ("step", NULL, NULL, 1, N_STEPS, 1,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SENTENCE] = g_param_spec_string (
    "sentence", NULL, NULL, "",
    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_NEXT_LABEL] = g_param_spec_string (
    "next-label", NULL, NULL, "",
    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pinion_assistant_page_class_init (PinionAssistantPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AdwNavigationPageClass *page_class = ADW_NAVIGATION_PAGE_CLASS (klass);

  object_class->get_property = pinion_assistant_page_get_property;
  object_class->set_property = pinion_assistant_page_set_property;
  object_class->dispose = pinion_assistant_page_dispose;
  object_class->finalize = pinion_assistant_page_finalize;
  widget_class->grab_focus = pinion_assistant_page_grab_focus;
  page_class->showing = pinion_assistant_page_showing;
  page_class->shown = pinion_assistant_page_shown;
  install_properties (object_class);

  signals[NEXT] = g_signal_new ("next", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (PINION_TYPE_STEP_DOTS);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-assistant-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, PinionAssistantPage, dots);
  gtk_widget_class_bind_template_child_private (widget_class, PinionAssistantPage, step_label);
  gtk_widget_class_bind_template_child_private (widget_class, PinionAssistantPage, content);
  gtk_widget_class_bind_template_child_private (widget_class, PinionAssistantPage, foot);
  gtk_widget_class_bind_template_child_private (widget_class, PinionAssistantPage, next);
  gtk_widget_class_bind_template_callback (widget_class, on_next_clicked);
}

static void
pinion_assistant_page_init (PinionAssistantPage *self)
{
  PinionAssistantPagePrivate *priv = PRIVATE (self);

  priv->step = 1;
  priv->next_label = g_strdup (_("Next"));
  gtk_widget_init_template (GTK_WIDGET (self));
  add_enter (self);
  show_step (self);
}

/* -- For the pages -------------------------------------------------------------------------- */

void
pinion_assistant_page_set_setup (PinionAssistantPage *self,
                                 PinionSetup         *setup)
{
  g_return_if_fail (PINION_IS_ASSISTANT_PAGE (self));

  PRIVATE (self)->setup = setup;
  pinion_assistant_page_load (self);
}

PinionSetup *
pinion_assistant_page_get_setup (PinionAssistantPage *self)
{
  g_return_val_if_fail (PINION_IS_ASSISTANT_PAGE (self), NULL);

  return PRIVATE (self)->setup;
}

gboolean
pinion_assistant_page_is_loading (PinionAssistantPage *self)
{
  PinionAssistantPagePrivate *priv = PRIVATE (self);

  return priv->loading || priv->setup == NULL;
}

void
pinion_assistant_page_load (PinionAssistantPage *self)
{
  PinionAssistantPagePrivate *priv = PRIVATE (self);
  PinionAssistantPageClass *klass = PINION_ASSISTANT_PAGE_GET_CLASS (self);

  if (priv->setup == NULL || klass->load == NULL)
    return;

  priv->loading = TRUE;
  klass->load (self, priv->setup);
  priv->loading = FALSE;
}

void
pinion_assistant_page_set_sentence (PinionAssistantPage *self,
                                    const char          *sentence)
{
  g_return_if_fail (PINION_IS_ASSISTANT_PAGE (self));

  if (g_set_str (&PRIVATE (self)->sentence, sentence))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
}

void
pinion_assistant_page_set_button (PinionAssistantPage *self,
                                  const char          *label,
                                  gboolean             suggested)
{
  PinionAssistantPagePrivate *priv = PRIVATE (self);

  gtk_widget_set_visible (priv->foot, label != NULL);
  pinion_css_set (priv->next, "suggested-action", suggested);
  g_object_set (self, "next-label", label, NULL);
}
