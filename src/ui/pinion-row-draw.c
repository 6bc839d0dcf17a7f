/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-row-draw.h"

#include <adwaita.h>

#include "pinion-colour.h"

#define DIM 0.55f
#define DIM_IN_HIGH_CONTRAST 0.9f
#define CHIP_PADDING 7

#define INITIALS_SIZE 14
#define INITIALS_WIDTH 21
#define AVATAR_ICON 16

#define CHECK_ICON 12

/* Of text, and of the circle's upper and lower end: Adwaita's, one for each remainder of the name's
 * hash. */
static const char *const avatar_colours[][3] = {
  { "#cfe1f5", "#83b6ec", "#337fdc" }, { "#caeaf2", "#7ad9f1", "#0f9ac8" },
  { "#cef8d8", "#8de6b1", "#29ae74" }, { "#e6f9d7", "#b5e98a", "#6ab85b" },
  { "#f9f4e1", "#f8e359", "#d29d09" }, { "#ffead1", "#ffcb62", "#d68400" },
  { "#ffe5c5", "#ffa95a", "#ed5b00" }, { "#f8d2ce", "#f78773", "#e62d42" },
  { "#fac7de", "#e973ab", "#e33b6a" }, { "#e7c2e8", "#cb78d4", "#9945b5" },
  { "#d5d2f5", "#9e91e8", "#7a59ca" }, { "#f2eade", "#e3cf9c", "#b08952" },
  { "#e5d6ca", "#be916d", "#785336" }, { "#d8d7d3", "#c0bfbc", "#6e6d71" },
};

GdkRGBA
pinion_row_get_colour (GtkWidget *widget)
{
  GdkRGBA colour;

  gtk_widget_get_color (widget, &colour);

  return colour;
}

GdkRGBA
pinion_row_get_dim_colour (GtkWidget *widget)
{
  GdkRGBA colour = pinion_row_get_colour (widget);

  colour.alpha *= adw_style_manager_get_high_contrast (adw_style_manager_get_default ())
                    ? DIM_IN_HIGH_CONTRAST
                    : DIM;

  return colour;
}

GdkRGBA
pinion_row_get_accent (void)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GdkRGBA colour;

  adw_accent_color_to_standalone_rgba (adw_style_manager_get_accent_color (style),
                                       adw_style_manager_get_dark (style), &colour);

  return colour;
}

void
pinion_row_draw_text (GtkSnapshot           *snapshot,
                      PangoLayout           *layout,
                      const graphene_rect_t *area,
                      gboolean               is_rtl,
                      const GdkRGBA         *colour)
{
  PangoRectangle text;
  float x;

  if (area->size.width < 1)
    return;

  pango_layout_set_width (layout, (int) (area->size.width * PANGO_SCALE));
  pango_layout_get_pixel_extents (layout, NULL, &text);
  x = is_rtl ? area->origin.x + area->size.width - (float) (text.x + text.width)
             : area->origin.x - (float) text.x;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot, &GRAPHENE_POINT_INIT ((float) (int) x,
                                    (float) (int) (area->origin.y
                                                   + (area->size.height - (float) text.height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

void
pinion_row_draw_icon (GtkWidget             *widget,
                      GtkSnapshot           *snapshot,
                      const graphene_rect_t *area,
                      const char            *name,
                      const GdkRGBA         *colour)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
    theme, name, NULL, (int) area->size.width, gtk_widget_get_scale_factor (widget),
    gtk_widget_get_direction (widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &area->origin);
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot,
                                            area->size.width, area->size.height, colour, 1);
  gtk_snapshot_restore (snapshot);
}

void
pinion_row_draw_disc (GtkSnapshot           *snapshot,
                      const graphene_rect_t *area,
                      float                  radius,
                      const GdkRGBA         *colour)
{
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect (&disc, area, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &disc);
  gtk_snapshot_append_color (snapshot, colour, area);
  gtk_snapshot_pop (snapshot);
}

void
pinion_row_draw_edge (GtkSnapshot           *snapshot,
                      const graphene_rect_t *area,
                      float                  radius,
                      const GdkRGBA         *colour)
{
  GskRoundedRect edge;

  if (!adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    return;

  gsk_rounded_rect_init_from_rect (&edge, area, radius);
  gtk_snapshot_append_border (snapshot, &edge, (float[]) { 1, 1, 1, 1 },
                              (GdkRGBA[]) { *colour, *colour, *colour, *colour });
}

static graphene_rect_t
get_middle (const graphene_rect_t *area,
            float                  size)
{
  return GRAPHENE_RECT_INIT (area->origin.x + (area->size.width - size) / 2,
                             area->origin.y + (area->size.height - size) / 2, size, size);
}

/* -- What was searched for ------------------------------------------------------------------ */

static void
add_attribute (PangoAttrList           *list,
               const PinionSearchRange *range,
               PangoAttribute          *attribute)
{
  attribute->start_index = (guint) range->start;
  attribute->end_index = (guint) range->end;
  pango_attr_list_insert (list, attribute);
}

/* A tint alone is not enough in high contrast. */
static void
add_mark (PangoAttrList           *list,
          const PinionSearchRange *range,
          const GdkRGBA           *colour)
{
  add_attribute (list, range,
                 pango_attr_background_new ((guint16) (colour->red * 65535),
                                            (guint16) (colour->green * 65535),
                                            (guint16) (colour->blue * 65535)));
  add_attribute (list, range, pango_attr_background_alpha_new (65535 / 4));
  if (adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    add_attribute (list, range, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE));
}

void
pinion_row_add_marks (PangoAttrList     *list,
                      PinionSearchQuery *query,
                      PinionSearchField  field,
                      const char        *text)
{
  g_autoptr (GArray) ranges = pinion_search_query_mark (query, field, text);
  g_autoptr (GdkRGBA) colour =
    adw_style_manager_get_accent_color_rgba (adw_style_manager_get_default ());

  for (guint i = 0; i < ranges->len; i++)
    add_mark (list, &g_array_index (ranges, PinionSearchRange, i), colour);
}

/* -- Avatars -------------------------------------------------------------------------------- */

/* The first letter, and that of the last word. */
static char *
dup_initials (const char *name)
{
  g_autofree char *upper = g_utf8_strup (name, -1);
  g_autofree char *whole = g_utf8_normalize (g_strstrip (upper), -1, G_NORMALIZE_DEFAULT_COMPOSE);
  GString *initials = g_string_new (NULL);
  const char *last;

  if (whole != NULL && *whole != '\0')
    {
      g_string_append_unichar (initials, g_utf8_get_char (whole));
      last = strrchr (whole, ' ');
      if (last != NULL && last[1] != '\0')
        g_string_append_unichar (initials, g_utf8_get_char (last + 1));
    }

  return g_string_free (initials, FALSE);
}

static void
set_bold (PangoLayout *layout,
          int          size)
{
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_size_new_absolute (size * PANGO_SCALE));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
}

static void
draw_initials (GtkWidget             *widget,
               GtkSnapshot           *snapshot,
               const graphene_rect_t *area,
               const char            *name,
               const GdkRGBA         *colour)
{
  g_autofree char *initials = dup_initials (name);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, initials);
  int width, height;
  float scale;

  set_bold (layout, INITIALS_SIZE);
  pango_layout_get_pixel_size (layout, &width, &height);
  /* Drawn smaller: a font for each size would cost more than the row */
  scale = MIN (1, INITIALS_WIDTH / (float) MAX (width, 1));

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot,
    &GRAPHENE_POINT_INIT (area->origin.x + (area->size.width - (float) width * scale) / 2,
                          area->origin.y + (area->size.height - (float) height * scale) / 2));
  gtk_snapshot_scale (snapshot, scale, scale);
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

void
pinion_row_draw_avatar (GtkWidget             *widget,
                        GtkSnapshot           *snapshot,
                        const graphene_rect_t *area,
                        const char            *name)
{
  gboolean has_name = name != NULL && *name != '\0';
  guint number = has_name ? g_str_hash (name) % G_N_ELEMENTS (avatar_colours)
                          : G_N_ELEMENTS (avatar_colours) - 1;
  GdkRGBA colours[3];
  GskColorStop stops[2] = { { .offset = 0 }, { .offset = 1 } };
  GskRoundedRect circle;

  for (guint i = 0; i < G_N_ELEMENTS (colours); i++)
    gdk_rgba_parse (&colours[i], avatar_colours[number][i]);
  stops[0].color = colours[1];
  stops[1].color = colours[2];

  gsk_rounded_rect_init_from_rect (&circle, area, area->size.width / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_linear_gradient (
    snapshot, area, &area->origin,
    &GRAPHENE_POINT_INIT (area->origin.x, area->origin.y + area->size.height), stops,
    G_N_ELEMENTS (stops));
  gtk_snapshot_pop (snapshot);

  if (has_name)
    draw_initials (widget, snapshot, area, name, &colours[0]);
  else
    {
      graphene_rect_t middle = get_middle (area, AVATAR_ICON);

      pinion_row_draw_icon (widget, snapshot, &middle, "avatar-default-symbolic", &colours[0]);
    }
}

/* -- Chips and check marks ------------------------------------------------------------------ */

void
pinion_row_draw_chip (GtkWidget             *widget,
                      GtkSnapshot           *snapshot,
                      const graphene_rect_t *area,
                      PangoLayout           *layout,
                      const GdkRGBA         *hue)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GdkRGBA text = pinion_row_get_colour (widget);
  GdkRGBA fill = text;
  graphene_rect_t inner = *area;

  fill.alpha *= 0.1f;
  if (hue != NULL)
    pinion_colour_chip (hue, adw_style_manager_get_dark (style), &fill, &text);

  pinion_row_draw_disc (snapshot, area, area->size.height / 2, &fill);
  pinion_row_draw_edge (snapshot, area, area->size.height / 2, &text);

  graphene_rect_inset (&inner, CHIP_PADDING, 0);
  pinion_row_draw_text (snapshot, layout, &inner,
                        gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL, &text);
}

void
pinion_row_draw_check (GtkWidget             *widget,
                       GtkSnapshot           *snapshot,
                       const graphene_rect_t *area,
                       gboolean               is_checked)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GdkRGBA colour = pinion_row_get_colour (widget);
  const GdkRGBA white = { 1, 1, 1, 1 };
  GskRoundedRect ring;

  if (is_checked)
    {
      GdkRGBA accent;
      graphene_rect_t middle = get_middle (area, CHECK_ICON);

      adw_accent_color_to_rgba (adw_style_manager_get_accent_color (style), &accent);
      pinion_row_draw_disc (snapshot, area, area->size.width / 2, &accent);
      pinion_row_draw_icon (widget, snapshot, &middle, "object-select-symbolic", &white);
      return;
    }

  colour.alpha *= adw_style_manager_get_high_contrast (style) ? 0.8f : 0.3f;
  gsk_rounded_rect_init_from_rect (&ring, area, area->size.width / 2);
  gtk_snapshot_append_border (snapshot, &ring, (float[]) { 2, 2, 2, 2 },
                              (GdkRGBA[]) { colour, colour, colour, colour });
}

/* -- Ahead ---------------------------------------------------------------------------------- */

gboolean
pinion_row_draw_ahead (GtkWidget *widget,
                       guint      number)
{
  static const char *const icons[] = { "starred-symbolic", "mail-attachment-symbolic" };
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, PINION_ROW_ICON, PINION_ROW_ICON);
  const GdkRGBA white = { 1, 1, 1, 1 };
  g_autoptr (GtkSnapshot) snapshot = NULL;

  if (number > G_N_ELEMENTS (icons))
    return FALSE;

  snapshot = gtk_snapshot_new ();
  if (number == G_N_ELEMENTS (icons))
    pinion_row_draw_avatar (widget, snapshot, &area, "A B");
  else
    pinion_row_draw_icon (widget, snapshot, &area, icons[number], &white);

  return TRUE;
}
