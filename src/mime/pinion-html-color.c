/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Colours for a dark window.  A mail's own colours are not inverted (that turns reds into greens)
 * but moved along their luminance: what lies behind becomes dark and keeps its hue, text becomes
 * light and keeps its hue.  Any text of the mail then stands out from any back of it.  White
 * behind text is no colour at all: the window shows through. */

#include "pinion-html-private.h"

#include <math.h>
#include <string.h>

#define BACK_MAX 0.06
#define BACK_MIN 0.016
#define TEXT_MIN 0.50
#define TEXT_MAX 0.85
#define BORDER_MAX 0.12

/* Linear light, 0 to 1. */
typedef struct
{
  double red;
  double green;
  double blue;
  double alpha;
} Color;

typedef struct
{
  const char *name;
  guint32 rgb;
} NamedColor;

static const NamedColor named_colors[] = {
  { "aliceblue", 0xf0f8ff },
  { "antiquewhite", 0xfaebd7 },
  { "aqua", 0x00ffff },
  { "aquamarine", 0x7fffd4 },
  { "azure", 0xf0ffff },
  { "beige", 0xf5f5dc },
  { "bisque", 0xffe4c4 },
  { "black", 0x000000 },
  { "blanchedalmond", 0xffebcd },
  { "blue", 0x0000ff },
  { "blueviolet", 0x8a2be2 },
  { "brown", 0xa52a2a },
  { "burlywood", 0xdeb887 },
  { "cadetblue", 0x5f9ea0 },
  { "chartreuse", 0x7fff00 },
  { "chocolate", 0xd2691e },
  { "coral", 0xff7f50 },
  { "cornflowerblue", 0x6495ed },
  { "cornsilk", 0xfff8dc },
  { "crimson", 0xdc143c },
  { "cyan", 0x00ffff },
  { "darkblue", 0x00008b },
  { "darkcyan", 0x008b8b },
  { "darkgoldenrod", 0xb8860b },
  { "darkgray", 0xa9a9a9 },
  { "darkgreen", 0x006400 },
  { "darkgrey", 0xa9a9a9 },
  { "darkkhaki", 0xbdb76b },
  { "darkmagenta", 0x8b008b },
  { "darkolivegreen", 0x556b2f },
  { "darkorange", 0xff8c00 },
  { "darkorchid", 0x9932cc },
  { "darkred", 0x8b0000 },
  { "darksalmon", 0xe9967a },
  { "darkseagreen", 0x8fbc8f },
  { "darkslateblue", 0x483d8b },
  { "darkslategray", 0x2f4f4f },
  { "darkslategrey", 0x2f4f4f },
  { "darkturquoise", 0x00ced1 },
  { "darkviolet", 0x9400d3 },
  { "deeppink", 0xff1493 },
  { "deepskyblue", 0x00bfff },
  { "dimgray", 0x696969 },
  { "dimgrey", 0x696969 },
  { "dodgerblue", 0x1e90ff },
  { "firebrick", 0xb22222 },
  { "floralwhite", 0xfffaf0 },
  { "forestgreen", 0x228b22 },
  { "fuchsia", 0xff00ff },
  { "gainsboro", 0xdcdcdc },
  { "ghostwhite", 0xf8f8ff },
  { "gold", 0xffd700 },
  { "goldenrod", 0xdaa520 },
  { "gray", 0x808080 },
  { "green", 0x008000 },
  { "greenyellow", 0xadff2f },
  { "grey", 0x808080 },
  { "honeydew", 0xf0fff0 },
  { "hotpink", 0xff69b4 },
  { "indianred", 0xcd5c5c },
  { "indigo", 0x4b0082 },
  { "ivory", 0xfffff0 },
  { "khaki", 0xf0e68c },
  { "lavender", 0xe6e6fa },
  { "lavenderblush", 0xfff0f5 },
  { "lawngreen", 0x7cfc00 },
  { "lemonchiffon", 0xfffacd },
  { "lightblue", 0xadd8e6 },
  { "lightcoral", 0xf08080 },
  { "lightcyan", 0xe0ffff },
  { "lightgoldenrodyellow", 0xfafad2 },
  { "lightgray", 0xd3d3d3 },
  { "lightgreen", 0x90ee90 },
  { "lightgrey", 0xd3d3d3 },
  { "lightpink", 0xffb6c1 },
  { "lightsalmon", 0xffa07a },
  { "lightseagreen", 0x20b2aa },
  { "lightskyblue", 0x87cefa },
  { "lightslategray", 0x778899 },
  { "lightslategrey", 0x778899 },
  { "lightsteelblue", 0xb0c4de },
  { "lightyellow", 0xffffe0 },
  { "lime", 0x00ff00 },
  { "limegreen", 0x32cd32 },
  { "linen", 0xfaf0e6 },
  { "magenta", 0xff00ff },
  { "maroon", 0x800000 },
  { "mediumaquamarine", 0x66cdaa },
  { "mediumblue", 0x0000cd },
  { "mediumorchid", 0xba55d3 },
  { "mediumpurple", 0x9370db },
  { "mediumseagreen", 0x3cb371 },
  { "mediumslateblue", 0x7b68ee },
  { "mediumspringgreen", 0x00fa9a },
  { "mediumturquoise", 0x48d1cc },
  { "mediumvioletred", 0xc71585 },
  { "midnightblue", 0x191970 },
  { "mintcream", 0xf5fffa },
  { "mistyrose", 0xffe4e1 },
  { "moccasin", 0xffe4b5 },
  { "navajowhite", 0xffdead },
  { "navy", 0x000080 },
  { "oldlace", 0xfdf5e6 },
  { "olive", 0x808000 },
  { "olivedrab", 0x6b8e23 },
  { "orange", 0xffa500 },
  { "orangered", 0xff4500 },
  { "orchid", 0xda70d6 },
  { "palegoldenrod", 0xeee8aa },
  { "palegreen", 0x98fb98 },
  { "paleturquoise", 0xafeeee },
  { "palevioletred", 0xdb7093 },
  { "papayawhip", 0xffefd5 },
  { "peachpuff", 0xffdab9 },
  { "peru", 0xcd853f },
  { "pink", 0xffc0cb },
  { "plum", 0xdda0dd },
  { "powderblue", 0xb0e0e6 },
  { "purple", 0x800080 },
  { "rebeccapurple", 0x663399 },
  { "red", 0xff0000 },
  { "rosybrown", 0xbc8f8f },
  { "royalblue", 0x4169e1 },
  { "saddlebrown", 0x8b4513 },
  { "salmon", 0xfa8072 },
  { "sandybrown", 0xf4a460 },
  { "seagreen", 0x2e8b57 },
  { "seashell", 0xfff5ee },
  { "sienna", 0xa0522d },
  { "silver", 0xc0c0c0 },
  { "skyblue", 0x87ceeb },
  { "slateblue", 0x6a5acd },
  { "slategray", 0x708090 },
  { "slategrey", 0x708090 },
  { "snow", 0xfffafa },
  { "springgreen", 0x00ff7f },
  { "steelblue", 0x4682b4 },
  { "tan", 0xd2b48c },
  { "teal", 0x008080 },
  { "thistle", 0xd8bfd8 },
  { "tomato", 0xff6347 },
  { "turquoise", 0x40e0d0 },
  { "violet", 0xee82ee },
  { "wheat", 0xf5deb3 },
  { "white", 0xffffff },
  { "whitesmoke", 0xf5f5f5 },
  { "windowtext", 0x000000 },
  { "yellow", 0xffff00 },
  { "yellowgreen", 0x9acd32 },
};

static double
to_linear (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static guint
from_linear (double value)
{
  value = value <= 0.0031308 ? value * 12.92 : 1.055 * pow (value, 1 / 2.4) - 0.055;

  return (guint) (CLAMP (value, 0, 1) * 255 + 0.5);
}

static void
set_rgb (Color  *color,
         guint32 rgb)
{
  color->red = to_linear ((rgb >> 16 & 0xff) / 255.0);
  color->green = to_linear ((rgb >> 8 & 0xff) / 255.0);
  color->blue = to_linear ((rgb & 0xff) / 255.0);
}

static int
compare_name (const void *name,
              const void *color)
{
  return g_ascii_strcasecmp (name, ((const NamedColor *) color)->name);
}

/* "abc", "abcd", "aabbcc", "aabbccdd". */
static gboolean
parse_hex (const char *digits,
           Color      *color)
{
  gsize length = strlen (digits);
  guint32 rgb = 0;

  if (digits[strspn (digits, "0123456789abcdefABCDEF")] != '\0'
      || (length != 3 && length != 4 && length != 6 && length != 8))
    return FALSE;

  for (gsize i = 0; i < (length < 6 ? 3u : 6u); i++)
    {
      guint digit = (guint) g_ascii_xdigit_value (digits[i]);

      rgb = length < 6 ? rgb << 8 | digit << 4 | digit : rgb << 4 | digit;
    }
  set_rgb (color, rgb);
  if (length == 4)
    color->alpha = g_ascii_xdigit_value (digits[3]) / 15.0;
  else if (length == 8)
    color->alpha = (g_ascii_xdigit_value (digits[6]) * 16 + g_ascii_xdigit_value (digits[7]))
                   / 255.0;

  return TRUE;
}

/* The hue's share of one channel (CSS Color 4, 7.1). */
static double
hue_channel (double n,
             double hue,
             double saturation,
             double lightness)
{
  double k = fmod (n + hue / 30, 12);
  double a = saturation * MIN (lightness, 1 - lightness);

  return lightness - a * MAX (-1, MIN (MIN (k - 3, 9 - k), 1));
}

/* The up to four numbers between the brackets; a percentage is marked. */
static gboolean
parse_numbers (const char *text,
               double      numbers[4],
               gboolean    percent[4])
{
  guint n = 0;

  numbers[3] = 1;
  percent[3] = FALSE;
  while (n < 4)
    {
      char *end;

      text += strspn (text, " ,/");
      if (*text == ')' || *text == '\0')
        break;
      numbers[n] = g_ascii_strtod (text, &end);
      if (end == text || !isfinite (numbers[n]))
        return FALSE;
      percent[n] = *end == '%';
      text = end + strspn (end, "%deg");
      n++;
    }

  return n >= 3;
}

static gboolean
parse_function (const char *text,
                Color      *color)
{
  const char *open = strchr (text, '(');
  double numbers[4];
  gboolean percent[4];

  if (open == NULL || !parse_numbers (open + 1, numbers, percent))
    return FALSE;

  color->alpha = CLAMP (percent[3] ? numbers[3] / 100 : numbers[3], 0, 1);
  if (g_ascii_strncasecmp (text, "rgb", 3) == 0)
    {
      for (guint i = 0; i < 3; i++)
        numbers[i] = CLAMP (numbers[i] / (percent[i] ? 100 : 255), 0, 1);
    }
  else if (g_ascii_strncasecmp (text, "hsl", 3) == 0)
    {
      double hue = fmod (fmod (numbers[0], 360) + 360, 360);
      double saturation = CLAMP (numbers[1] / 100, 0, 1);
      double lightness = CLAMP (numbers[2] / 100, 0, 1);

      numbers[0] = hue_channel (0, hue, saturation, lightness);
      numbers[1] = hue_channel (8, hue, saturation, lightness);
      numbers[2] = hue_channel (4, hue, saturation, lightness);
    }
  else
    {
      return FALSE;
    }
  color->red = to_linear (numbers[0]);
  color->green = to_linear (numbers[1]);
  color->blue = to_linear (numbers[2]);

  return TRUE;
}

static gboolean
parse_color (const char *text,
             Color      *color)
{
  const NamedColor *named;

  color->alpha = 1;
  if (*text == '#')
    return parse_hex (text + 1, color);
  if (strchr (text, '(') != NULL)
    return parse_function (text, color);

  named = bsearch (text, named_colors, G_N_ELEMENTS (named_colors), sizeof *named_colors,
                   compare_name);
  if (named == NULL)
    return FALSE;

  set_rgb (color, named->rgb);

  return TRUE;
}

static double
luminance (const Color *color)
{
  return 0.2126 * color->red + 0.7152 * color->green + 0.0722 * color->blue;
}

static void
scale (Color *color,
       double factor)
{
  color->red *= factor;
  color->green *= factor;
  color->blue *= factor;
}

static void
mix_white (Color *color,
           double share)
{
  color->red += (1 - color->red) * share;
  color->green += (1 - color->green) * share;
  color->blue += (1 - color->blue) * share;
}

static void
move_color (Color              *color,
            PinionHtmlColorRole role)
{
  double light = luminance (color);

  if (role == PINION_HTML_COLOR_BACK && light > BACK_MAX)
    scale (color, (BACK_MAX - (light - BACK_MAX) * (BACK_MAX - BACK_MIN)) / light);
  else if (role == PINION_HTML_COLOR_LINE && light > BORDER_MAX)
    scale (color, BORDER_MAX / light);
  else if (role == PINION_HTML_COLOR_TEXT && light < TEXT_MIN)
    mix_white (color, (TEXT_MAX - (TEXT_MAX - TEXT_MIN) * light / TEXT_MIN - light) / (1 - light));
}

char *
pinion_html_darken (const char         *text,
                    PinionHtmlColorRole role)
{
  Color color;

  if (!parse_color (text, &color))
    return NULL;
  if (role == PINION_HTML_COLOR_BACK && luminance (&color) > 0.95)
    return g_strdup ("transparent");

  move_color (&color, role);
  if (color.alpha < 0.999)
    {
      char alpha[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (alpha, sizeof alpha, "%.3f", color.alpha);
      return g_strdup_printf ("rgba(%u,%u,%u,%s)", from_linear (color.red),
                              from_linear (color.green), from_linear (color.blue), alpha);
    }

  return g_strdup_printf ("#%02x%02x%02x", from_linear (color.red), from_linear (color.green),
                          from_linear (color.blue));
}
