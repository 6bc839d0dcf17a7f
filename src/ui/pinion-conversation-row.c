/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-conversation-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "pinion-css.h"
#include "pinion-row-draw.h"
#include "pinion-row-layout.h"
#include "pinion-row-text.h"
#include "pinion-time.h"

/* Of the colour behind a selected row, as style.css has it of others; and the corners. */
#define SELECTED_ALPHA 0.09f
#define POINTED_ALPHA 0.12f
#define CHECKED_ALPHA 0.18f
#define EDGE_ALPHA 0.5f
#define RADIUS 9

#define CHIP_PADDING 14
#define CHIP_HEIGHT 18
#define CHIP_CHARS 14
#define ERROR_ICON 24
#define GAP 4
#define TIME_GAP 8
#define LINE_GAP 6

/* What the text of a line keeps beside its marks, of the line. */
#define TEXT_SHARE 0.35f

/* The pane decides. */
#define MIN_WIDTH 120
#define NATURAL_WIDTH 300

#define REVEAL_MS 200
#define STARRED "#e5a50a"

/* @words, @texts: made when the row is drawn, forgotten when it says something else.  @time_area,
 * @marks: where they were drawn, for tooltips. */
struct _PinionConversationRow
{
  GtkWidget parent_instance;

  PinionEngine *engine;
  PinionView view;
  PinionSearchQuery *query;
  PinionConversation *item;

  PinionRowWords words;
  gboolean has_words;
  PangoLayout *texts[PINION_ROW_N_TEXTS];
  PinionRowLayout layout;
  graphene_rect_t time_area;
  graphene_rect_t snooze_area;
  graphene_rect_t clip_area;

  gboolean compact;
  gboolean show_avatar;
  gboolean selecting;
  gboolean selected;
  gboolean is_on_star;
  double check;
  AdwAnimation *reveal;  /* (nullable) */
  GtkWidget *focused;    /* (nullable) the list's row, whose focus shows the star */
  PinionRowSwipe *swipe; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (PinionConversationRow, pinion_conversation_row, GTK_TYPE_WIDGET)

/* -- What it says --------------------------------------------------------------------------- */

static void
forget_texts (PinionConversationRow *self)
{
  for (guint i = 0; i < PINION_ROW_N_TEXTS; i++)
    g_clear_object (&self->texts[i]);
}

static void
forget_words (PinionConversationRow *self)
{
  forget_texts (self);
  pinion_row_words_clear (&self->words);
  self->has_words = FALSE;
}

static void
on_changed (PinionConversationRow *self)
{
  forget_words (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static const PinionRowWords *
get_words (PinionConversationRow *self)
{
  if (!self->has_words && self->item != NULL)
    {
      pinion_row_words_init (&self->words, self->item, self->engine, &self->view);
      self->has_words = TRUE;
    }

  return &self->words;
}

static PangoLayout *
get_text (PinionConversationRow *self,
          guint                  number,
          const char            *words)
{
  if (self->texts[number] == NULL)
    self->texts[number] = pinion_row_text_new (GTK_WIDGET (self), number, words, &self->words,
                                               self->words.loaded ? self->query : NULL);

  return self->texts[number];
}

/* Pixels it wants. */
static float
get_text_width (PangoLayout *text)
{
  int width;

  pango_layout_set_width (text, -1);
  pango_layout_get_pixel_size (text, &width, NULL);

  return (float) width;
}

/* -- Drawing -------------------------------------------------------------------------------- */

static gboolean
is_rtl (PinionConversationRow *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static gboolean
has_state (GtkWidget    *widget,
           GtkStateFlags flag)
{
  return widget != NULL && (gtk_widget_get_state_flags (widget) & flag) != 0;
}

static void
draw_star (PinionConversationRow *self,
           GtkSnapshot           *snapshot)
{
  GdkRGBA colour = pinion_row_get_colour (GTK_WIDGET (self));
  graphene_rect_t area = self->layout.star;

  graphene_rect_inset (&area, (area.size.width - PINION_ROW_ICON) / 2,
                       (area.size.height - PINION_ROW_ICON) / 2);
  if (self->words.starred)
    {
      gdk_rgba_parse (&colour, STARRED);
      pinion_row_draw_icon (GTK_WIDGET (self), snapshot, &area, "starred-symbolic", &colour);
      return;
    }

  if (!self->is_on_star && !has_state (GTK_WIDGET (self), GTK_STATE_FLAG_PRELIGHT) &&
      !has_state (self->focused, GTK_STATE_FLAG_FOCUS_VISIBLE))
    return;

  if (!self->is_on_star)
    colour.alpha *= 0.6f;
  pinion_row_draw_icon (GTK_WIDGET (self), snapshot, &area, "non-starred-symbolic", &colour);
}

static void
draw_loading (PinionConversationRow *self,
              GtkSnapshot           *snapshot)
{
  GdkRGBA colour = pinion_row_get_colour (GTK_WIDGET (self));

  colour.alpha *= 0.08f;
  for (guint i = 0; i < 2; i++)
    {
      graphene_rect_t bar = self->layout.lines[i];
      float width = bar.size.width * (i == 0 ? 0.4f : 0.75f);

      if (is_rtl (self))
        bar.origin.x += bar.size.width - width;
      bar.size.width = width;
      graphene_rect_inset (&bar, 0, 2);
      pinion_row_draw_disc (snapshot, &bar, 4, &colour);
    }
}

/* That it cannot be read, and what helps. */
static void
draw_error (PinionConversationRow *self,
            GtkSnapshot           *snapshot)
{
  const PinionRowWords *words = &self->words;
  GdkRGBA colour = pinion_row_get_colour (GTK_WIDGET (self));
  GdkRGBA dim = pinion_row_get_dim_colour (GTK_WIDGET (self));

  graphene_rect_t icon = self->layout.avatar;

  if (self->show_avatar)
    {
      graphene_rect_inset (&icon, (icon.size.width - ERROR_ICON) / 2,
                           (icon.size.height - ERROR_ICON) / 2);
      pinion_row_draw_icon (GTK_WIDGET (self), snapshot, &icon, "dialog-error-symbolic", &dim);
    }
  pinion_row_draw_text (snapshot, get_text (self, PINION_ROW_PEOPLE, words->people),
                        &self->layout.lines[0], is_rtl (self), &colour);
  pinion_row_draw_text (snapshot, get_text (self, PINION_ROW_SUBJECT, words->cure),
                        &self->layout.lines[1], is_rtl (self), &dim);
}

/* The chip at @index ends @line.  @most: pixels for its text. */
static void
draw_chip (PinionConversationRow *self,
           GtkSnapshot           *snapshot,
           graphene_rect_t       *line,
           guint                  index,
           float                  most)
{
  const PinionRowChip *chip = &self->words.chips[index];
  PangoLayout *text = get_text (self, PINION_ROW_CHIPS + index, chip->text);
  float width = MIN (get_text_width (text), most) + CHIP_PADDING;
  graphene_rect_t area = pinion_row_layout_take_end (line, width, GAP, is_rtl (self));
  float height = CHIP_HEIGHT;
  int text_height;

  pango_layout_get_pixel_size (text, NULL, &text_height);
  height = MAX (height, (float) text_height);
  area.origin.y += (area.size.height - height) / 2;
  area.size.height = height;
  pinion_row_draw_chip (GTK_WIDGET (self), snapshot, &area, text,
                        chip->has_hue ? &chip->hue : NULL);
}

/* What the text of each chip may be wide, so that the line's own text has its share. */
static float
get_most_for_chips (PinionConversationRow *self,
                    const graphene_rect_t *line)
{
  const PinionRowMetrics *metrics = pinion_row_metrics_get (GTK_WIDGET (self));
  float most = (float) (metrics->digit * CHIP_CHARS * PINION_ROW_CHIP_SCALE);
  float n = (float) self->words.n_chips;
  float room = line->size.width * (1 - TEXT_SHARE) - n * (CHIP_PADDING + GAP);

  return CLAMP (room / n, 0, most);
}

static graphene_rect_t
draw_mark (PinionConversationRow *self,
           GtkSnapshot           *snapshot,
           graphene_rect_t       *line,
           const char            *icon)
{
  GdkRGBA dim = pinion_row_get_dim_colour (GTK_WIDGET (self));
  graphene_rect_t area = pinion_row_layout_take_end (line, PINION_ROW_ICON, GAP, is_rtl (self));

  area.origin.y += (area.size.height - PINION_ROW_ICON) / 2;
  area.size.height = PINION_ROW_ICON;
  if (area.size.width >= PINION_ROW_ICON)
    pinion_row_draw_icon (GTK_WIDGET (self), snapshot, &area, icon, &dim);

  return area;
}

/* At the end of @line, in the accent. */
static void
draw_accented (PinionConversationRow *self,
               GtkSnapshot           *snapshot,
               graphene_rect_t       *line,
               PangoLayout           *text,
               float                  gap)
{
  GdkRGBA accent = pinion_row_get_accent ();
  float width = MIN (get_text_width (text), line->size.width * (1 - TEXT_SHARE));
  graphene_rect_t area = pinion_row_layout_take_end (line, width, gap, is_rtl (self));

  pinion_row_draw_text (snapshot, text, &area, is_rtl (self), &accent);
}

/* From the end of @line: the attachment, the labels, the snooze. */
static void
draw_marks (PinionConversationRow *self,
            GtkSnapshot           *snapshot,
            graphene_rect_t       *line)
{
  const PinionRowWords *words = &self->words;

  self->clip_area = self->snooze_area = (graphene_rect_t) { 0 };
  if (words->has_attachments)
    self->clip_area = draw_mark (self, snapshot, line, "mail-attachment-symbolic");

  float most = words->n_chips > 0 ? get_most_for_chips (self, line) : 0;
  for (guint i = words->n_chips; i > 0; i--)
    draw_chip (self, snapshot, line, i - 1, most);

  if (words->is_back)
    draw_accented (self, snapshot, line, get_text (self, PINION_ROW_BACK, words->snooze), GAP);
  if (words->snooze != NULL)
    self->snooze_area = draw_mark (self, snapshot, line, "alarm-symbolic");

  if (words->has_attachments || words->n_chips > 0 || words->snooze != NULL)
    pinion_row_layout_take_end (line, 0, LINE_GAP - GAP, is_rtl (self));
}

static void
draw_lines (PinionConversationRow *self,
            GtkSnapshot           *snapshot)
{
  const PinionRowWords *words = &self->words;
  GdkRGBA colour = pinion_row_get_colour (GTK_WIDGET (self));
  GdkRGBA dim = pinion_row_get_dim_colour (GTK_WIDGET (self));
  PangoLayout *time = get_text (self, PINION_ROW_TIME, words->time);
  graphene_rect_t lines[3] = { self->layout.lines[0], self->layout.lines[1],
                               self->layout.lines[2] };

  self->time_area = pinion_row_layout_take_end (&lines[0], get_text_width (time), TIME_GAP,
                                                is_rtl (self));
  pinion_row_draw_text (snapshot, time, &self->time_area, is_rtl (self), &dim);
  if (words->draft != NULL)
    draw_accented (self, snapshot, &lines[0], get_text (self, PINION_ROW_DRAFT, words->draft), TIME_GAP);
  pinion_row_draw_text (snapshot, get_text (self, PINION_ROW_PEOPLE, words->people), &lines[0],
                        is_rtl (self), &colour);

  draw_marks (self, snapshot, &lines[self->compact ? 1 : 2]);
  pinion_row_draw_text (snapshot, get_text (self, PINION_ROW_SUBJECT, words->subject), &lines[1],
                        is_rtl (self), &colour);
  if (!self->compact)
    pinion_row_draw_text (snapshot, get_text (self, PINION_ROW_SNIPPET, words->snippet), &lines[2],
                          is_rtl (self), &dim);
}

static void
draw (PinionConversationRow *self,
      GtkSnapshot           *snapshot)
{
  const PinionRowWords *words = get_words (self);

  if (self->check > 0)
    pinion_row_draw_check (GTK_WIDGET (self), snapshot, &self->layout.check, self->selected);
  if (words->cure != NULL)
    draw_error (self, snapshot);
  else if (!words->loaded)
    draw_loading (self, snapshot);
  if (!words->loaded)
    return;

  if (words->unread)
    {
      GdkRGBA accent = pinion_row_get_accent ();

      pinion_row_draw_disc (snapshot, &self->layout.dot, self->layout.dot.size.width / 2, &accent);
    }
  draw_star (self, snapshot);
  if (self->show_avatar)
    pinion_row_draw_avatar (GTK_WIDGET (self), snapshot, &self->layout.avatar, words->avatar);
  draw_lines (self, snapshot);
}

/* Not as a style of the list: that would be looked up for each of its rows, seen or not. */
static void
draw_selected (PinionConversationRow *self,
               GtkSnapshot           *snapshot)
{
  GdkRGBA colour = pinion_row_get_colour (GTK_WIDGET (self));
  GdkRGBA edge = colour;
  graphene_rect_t area;

  /* All of the list's row, its padding too. */
  if (!has_state (self->focused, GTK_STATE_FLAG_SELECTED)
      || !gtk_widget_compute_bounds (self->focused, GTK_WIDGET (self), &area))
    return;

  if (self->selecting)
    {
      AdwStyleManager *style = adw_style_manager_get_default ();

      adw_accent_color_to_rgba (adw_style_manager_get_accent_color (style), &colour);
      colour.alpha = CHECKED_ALPHA;
    }
  else
    {
      colour.alpha *= has_state (self->focused, GTK_STATE_FLAG_PRELIGHT) ? POINTED_ALPHA
                                                                         : SELECTED_ALPHA;
    }
  pinion_row_draw_disc (snapshot, &area, RADIUS, &colour);
  edge.alpha *= EDGE_ALPHA;
  pinion_row_draw_edge (snapshot, &area, RADIUS, &edge);
}

static void
lay_out (PinionConversationRow *self)
{
  PinionRowShape shape = {
    .width = (float) gtk_widget_get_width (GTK_WIDGET (self)),
    .height = (float) gtk_widget_get_height (GTK_WIDGET (self)),
    .check = self->check,
    .has_avatar = self->show_avatar,
    .is_compact = self->compact,
    .is_rtl = is_rtl (self),
  };

  pinion_row_layout_init (&self->layout, &shape, pinion_row_metrics_get (GTK_WIDGET (self)));
}

static void
pinion_conversation_row_snapshot (GtkWidget   *widget,
                                  GtkSnapshot *snapshot)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (widget);
  gboolean away;

  if (self->item == NULL)
    return;

  draw_selected (self, snapshot);
  away = self->swipe != NULL && pinion_row_swipe_snapshot (self->swipe, widget, snapshot);
  lay_out (self);
  draw (self, snapshot);

  if (away)
    {
      gtk_snapshot_restore (snapshot);
      gtk_snapshot_pop (snapshot);
    }
}

static void
pinion_conversation_row_measure (GtkWidget     *widget,
                                 GtkOrientation orientation,
                                 int            for_size,
                                 int           *minimum,
                                 int           *natural,
                                 int           *minimum_baseline,
                                 int           *natural_baseline)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else
    {
      *minimum = *natural = pinion_row_layout_get_height (pinion_row_metrics_get (widget),
                                                          self->compact);
    }
}

/* -- What changes how it looks -------------------------------------------------------------- */

static void
pinion_conversation_row_css_changed (GtkWidget         *widget,
                                     GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (pinion_conversation_row_parent_class)->css_changed (widget, change);
  forget_texts (PINION_CONVERSATION_ROW (widget));
}

static void
pinion_conversation_row_system_setting_changed (GtkWidget       *widget,
                                                GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (pinion_conversation_row_parent_class)->system_setting_changed (widget, setting);
  forget_texts (PINION_CONVERSATION_ROW (widget));
  gtk_widget_queue_resize (widget);
}

static void
pinion_conversation_row_direction_changed (GtkWidget       *widget,
                                           GtkTextDirection before)
{
  GTK_WIDGET_CLASS (pinion_conversation_row_parent_class)->direction_changed (widget, before);
  forget_texts (PINION_CONVERSATION_ROW (widget));
}

/* The star shows. */
static void
pinion_conversation_row_state_flags_changed (GtkWidget    *widget,
                                             GtkStateFlags before)
{
  GtkStateFlags changed = before ^ gtk_widget_get_state_flags (widget);

  GTK_WIDGET_CLASS (pinion_conversation_row_parent_class)->state_flags_changed (widget, before);
  if ((changed & GTK_STATE_FLAG_PRELIGHT) != 0)
    gtk_widget_queue_draw (widget);
}

static void
pinion_conversation_row_root (GtkWidget *widget)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (widget);

  GTK_WIDGET_CLASS (pinion_conversation_row_parent_class)->root (widget);
  self->focused = gtk_widget_get_parent (widget);
  g_signal_connect_object (self->focused, "state-flags-changed",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

static void
pinion_conversation_row_unroot (GtkWidget *widget)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (widget);

  g_signal_handlers_disconnect_by_func (self->focused, gtk_widget_queue_draw, self);
  self->focused = NULL;
  GTK_WIDGET_CLASS (pinion_conversation_row_parent_class)->unroot (widget);
}

/* -- What lies under the pointer ------------------------------------------------------------ */

static gboolean
is_in (const graphene_rect_t *area,
       double                 x,
       double                 y)
{
  return graphene_rect_contains_point (area, &GRAPHENE_POINT_INIT ((float) x, (float) y));
}

gboolean
pinion_conversation_row_has_star_at (PinionConversationRow *self,
                                     double                 x,
                                     double                 y)
{
  g_return_val_if_fail (PINION_IS_CONVERSATION_ROW (self), FALSE);

  return get_words (self)->loaded && is_in (&self->layout.star, x, y);
}

void
pinion_conversation_row_set_pointer (PinionConversationRow *self,
                                     double                 x,
                                     double                 y)
{
  gboolean is_on_star = pinion_conversation_row_has_star_at (self, x, y);

  if (self->is_on_star == is_on_star)
    return;

  self->is_on_star = is_on_star;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* @words: (transfer full) (nullable) */
static gboolean
tell (GtkTooltip            *tooltip,
      const graphene_rect_t *area,
      char                  *words)
{
  g_autofree char *owned = words;

  gtk_tooltip_set_tip_area (tooltip, &(GdkRectangle) { (int) area->origin.x, (int) area->origin.y,
                                                       (int) area->size.width,
                                                       (int) area->size.height });
  gtk_tooltip_set_text (tooltip, owned);

  return owned != NULL;
}

static gboolean
pinion_conversation_row_query_tooltip (GtkWidget  *widget,
                                       int         x,
                                       int         y,
                                       gboolean    by_keyboard,
                                       GtkTooltip *tooltip)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (widget);
  const PinionRowWords *words = get_words (self);

  if (words->cure != NULL)
    {
      gtk_tooltip_set_text (tooltip, words->cure);
      return TRUE;
    }
  if (by_keyboard || !words->loaded)
    return FALSE;

  if (is_in (&self->layout.star, x, y))
    return tell (tooltip, &self->layout.star,
                 g_strdup (words->starred ? _("Remove star") : _("Star")));
  if (is_in (&self->time_area, x, y))
    return tell (tooltip, &self->time_area,
                 pinion_time_long (pinion_conversation_get_date (self->item), NULL));
  if (is_in (&self->snooze_area, x, y))
    return tell (tooltip, &self->snooze_area, g_strdup (words->snooze));
  if (is_in (&self->clip_area, x, y))
    return tell (tooltip, &self->clip_area, g_strdup (_("Has attachments")));

  return FALSE;
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
pinion_conversation_row_dispose (GObject *object)
{
  PinionConversationRow *self = PINION_CONVERSATION_ROW (object);

  if (self->swipe != NULL)
    pinion_row_swipe_forget (self->swipe, GTK_WIDGET (self));
  g_clear_pointer (&self->swipe, pinion_row_swipe_unref);
  if (self->reveal != NULL)
    adw_animation_reset (self->reveal);
  g_clear_object (&self->reveal);
  pinion_conversation_row_set_item (self, NULL);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->query, pinion_search_query_unref);

  G_OBJECT_CLASS (pinion_conversation_row_parent_class)->dispose (object);
}

static void
pinion_conversation_row_class_init (PinionConversationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_conversation_row_dispose;
  widget_class->snapshot = pinion_conversation_row_snapshot;
  widget_class->measure = pinion_conversation_row_measure;
  widget_class->css_changed = pinion_conversation_row_css_changed;
  widget_class->system_setting_changed = pinion_conversation_row_system_setting_changed;
  widget_class->direction_changed = pinion_conversation_row_direction_changed;
  widget_class->state_flags_changed = pinion_conversation_row_state_flags_changed;
  widget_class->root = pinion_conversation_row_root;
  widget_class->unroot = pinion_conversation_row_unroot;
  widget_class->query_tooltip = pinion_conversation_row_query_tooltip;

  gtk_widget_class_set_css_name (widget_class, "conversationrow");
  /* The list's own row has the name. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
pinion_conversation_row_init (PinionConversationRow *self)
{
  self->show_avatar = TRUE;
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
pinion_conversation_row_new (void)
{
  return g_object_new (PINION_TYPE_CONVERSATION_ROW, NULL);
}

void
pinion_conversation_row_set_context (PinionConversationRow *self,
                                     PinionEngine          *engine,
                                     const PinionView      *view)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  g_set_object (&self->engine, engine);
  self->view = *view;
}

void
pinion_conversation_row_set_query (PinionConversationRow *self,
                                   PinionSearchQuery     *query)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->query == query)
    return;

  g_clear_pointer (&self->query, pinion_search_query_unref);
  self->query = query != NULL ? pinion_search_query_ref (query) : NULL;
  forget_texts (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
pinion_conversation_row_set_item (PinionConversationRow *self,
                                  PinionConversation    *item)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->item == item)
    return;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, on_changed, self);
  g_set_object (&self->item, item);
  if (self->swipe != NULL)
    pinion_row_swipe_forget (self->swipe, GTK_WIDGET (self));
  if (item != NULL)
    g_signal_connect_object (item, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);

  self->is_on_star = FALSE;
  on_changed (self);
}

PinionConversation *
pinion_conversation_row_get_item (PinionConversationRow *self)
{
  return self->item;
}

char *
pinion_conversation_row_dup_accessible_name (PinionConversationRow *self)
{
  g_return_val_if_fail (PINION_IS_CONVERSATION_ROW (self), NULL);
  g_return_val_if_fail (self->item != NULL, NULL);

  return pinion_conversation_dup_accessible_name (self->item, self->engine, &self->view);
}

void
pinion_conversation_row_set_swipe (PinionConversationRow *self,
                                   PinionRowSwipe        *swipe)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));
  g_return_if_fail (self->swipe == NULL);

  self->swipe = pinion_row_swipe_ref (swipe);
}

void
pinion_conversation_row_set_compact (PinionConversationRow *self,
                                     gboolean               compact)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->compact == compact)
    return;

  self->compact = compact;
  pinion_css_set (GTK_WIDGET (self), "compact", compact);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
pinion_conversation_row_set_show_avatar (PinionConversationRow *self,
                                         gboolean               show_avatar)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->show_avatar == show_avatar)
    return;

  self->show_avatar = show_avatar;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_check (double   check,
           gpointer user_data)
{
  PinionConversationRow *self = user_data;

  self->check = check;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* One that is not seen need not move. */
void
pinion_conversation_row_set_selecting (PinionConversationRow *self,
                                       gboolean               selecting)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->selecting == selecting)
    return;

  self->selecting = selecting;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      if (self->reveal != NULL)
        adw_animation_reset (self->reveal);
      set_check (selecting, self);
      return;
    }

  if (self->reveal == NULL)
    self->reveal = adw_timed_animation_new (
      GTK_WIDGET (self), 0, 1, REVEAL_MS,
      adw_callback_animation_target_new (set_check, self, NULL));
  adw_timed_animation_set_value_from (ADW_TIMED_ANIMATION (self->reveal), self->check);
  adw_timed_animation_set_value_to (ADW_TIMED_ANIMATION (self->reveal), selecting);
  adw_animation_play (self->reveal);
}

void
pinion_conversation_row_set_selected (PinionConversationRow *self,
                                      gboolean               selected)
{
  g_return_if_fail (PINION_IS_CONVERSATION_ROW (self));

  if (self->selected == selected)
    return;

  self->selected = selected;
  if (self->check > 0)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}
