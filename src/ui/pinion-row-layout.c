/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-row-layout.h"

/* Of the text's size; as style.css has it of other texts. */
#define SMALL 0.93

#define CHECK_SIZE 20
#define CHECK_ROOM (CHECK_SIZE + 6)
#define GUTTER 22
#define GUTTER_GAP 4
#define DOT_SIZE 8
#define DOT_TOP 6
#define STAR_SIZE 20
#define STAR_TOP 19
#define AVATAR_SIZE 32
#define AVATAR_TOP 3
#define AVATAR_GAP 10
#define LINE_GAP 1

static PinionRowMetrics metrics;
static gboolean are_metrics_known;

static void
forget_metrics (void)
{
  are_metrics_known = FALSE;
}

static void
follow_font (GtkWidget *widget)
{
  static GtkSettings *followed;
  GtkSettings *settings = gtk_widget_get_settings (widget);

  if (followed == settings)
    return;

  followed = settings;
  g_signal_connect (settings, "notify::gtk-font-name", G_CALLBACK (forget_metrics), NULL);
  g_signal_connect (settings, "notify::gtk-xft-dpi", G_CALLBACK (forget_metrics), NULL);
  g_signal_connect (settings, "notify::gtk-fontconfig-timestamp", G_CALLBACK (forget_metrics), NULL);
}

const PinionRowMetrics *
pinion_row_metrics_get (GtkWidget *widget)
{
  PangoFontMetrics *font;
  int height;

  follow_font (widget);
  if (are_metrics_known)
    return &metrics;

  font = pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);
  height = pango_font_metrics_get_height (font);
  metrics.line = PANGO_PIXELS_CEIL (height);
  metrics.small = PANGO_PIXELS_CEIL ((int) (height * SMALL));
  metrics.digit = PANGO_PIXELS_CEIL (MAX (pango_font_metrics_get_approximate_char_width (font),
                                          pango_font_metrics_get_approximate_digit_width (font)));
  pango_font_metrics_unref (font);
  are_metrics_known = TRUE;

  return &metrics;
}

int
pinion_row_layout_get_height (const PinionRowMetrics *row_metrics,
                              gboolean                is_compact)
{
  int lines = 2 * row_metrics->line + LINE_GAP;

  return is_compact ? lines : lines + LINE_GAP + row_metrics->small;
}

static graphene_rect_t
place (const PinionRowShape *shape,
       float                 x,
       float                 y,
       float                 width,
       float                 height)
{
  if (shape->is_rtl)
    x = shape->width - x - width;

  return GRAPHENE_RECT_INIT (x, y, MAX (width, 0), height);
}

void
pinion_row_layout_init (PinionRowLayout        *self,
                        const PinionRowShape   *shape,
                        const PinionRowMetrics *row_metrics)
{
  float needed = (float) pinion_row_layout_get_height (row_metrics, shape->is_compact);
  float shift = (float) shape->check * CHECK_ROOM;
  float x = shift;
  float y = (float) (int) ((shape->height - needed) / 2);

  self->check = place (shape, shift - CHECK_SIZE, (shape->height - CHECK_SIZE) / 2, CHECK_SIZE,
                       CHECK_SIZE);
  self->dot = place (shape, x + (GUTTER - DOT_SIZE) / 2, DOT_TOP, DOT_SIZE, DOT_SIZE);
  self->star = place (shape, x + (GUTTER - STAR_SIZE) / 2, STAR_TOP, STAR_SIZE, STAR_SIZE);
  x += GUTTER + GUTTER_GAP;
  self->avatar = place (shape, x, AVATAR_TOP, AVATAR_SIZE, AVATAR_SIZE);
  if (shape->has_avatar)
    x += AVATAR_SIZE + AVATAR_GAP;

  for (guint i = 0; i < G_N_ELEMENTS (self->lines); i++)
    {
      float height = (float) (i < 2 ? row_metrics->line : row_metrics->small);

      self->lines[i] = place (shape, x, y, shape->width - x, height);
      y += height + LINE_GAP;
    }
}

graphene_rect_t
pinion_row_layout_take_end (graphene_rect_t *line,
                            float            width,
                            float            spacing,
                            gboolean         is_rtl)
{
  graphene_rect_t taken = *line;

  taken.size.width = MIN (width, line->size.width);
  if (!is_rtl)
    taken.origin.x = line->origin.x + line->size.width - taken.size.width;
  else
    line->origin.x += MIN (taken.size.width + spacing, line->size.width);
  line->size.width = MAX (line->size.width - taken.size.width - spacing, 0);

  return taken;
}
