/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-colour.h"

#include <math.h>

#define CHIP_OPACITY 0.18f
#define TEXT_CONTRAST 4.5
#define DOT_CONTRAST 1.7

/* A selected row: the sidebar's own colour under the theme's highlight. */
static const GdkRGBA hardest_light = { 0.83f, 0.83f, 0.84f, 1.0f };
static const GdkRGBA hardest_dark = { 0.28f, 0.28f, 0.30f, 1.0f };

typedef struct
{
  double hue;
  double saturation;
  double lightness;
} Hsl;

static double
linear (float channel)
{
  return channel <= 0.04045f ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *colour)
{
  return 0.2126 * linear (colour->red) + 0.7152 * linear (colour->green) +
         0.0722 * linear (colour->blue);
}

double
pinion_colour_contrast (const GdkRGBA *a,
                        const GdkRGBA *b)
{
  double la = luminance (a);
  double lb = luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

GdkRGBA
pinion_colour_over (const GdkRGBA *top,
                    const GdkRGBA *bottom)
{
  float a = top->alpha;

  return (GdkRGBA) { top->red * a + bottom->red * (1 - a), top->green * a + bottom->green * (1 - a),
                     top->blue * a + bottom->blue * (1 - a), 1.0f };
}

static Hsl
to_hsl (const GdkRGBA *colour)
{
  double r = colour->red, g = colour->green, b = colour->blue;
  double high = MAX (MAX (r, g), b);
  double low = MIN (MIN (r, g), b);
  double range = high - low;
  Hsl hsl = { 0.0, 0.0, (high + low) / 2 };

  if (range < 1e-6)
    return hsl;

  hsl.saturation = range / (1 - fabs (2 * hsl.lightness - 1));

  if (high <= r)
    hsl.hue = fmod ((g - b) / range + 6, 6);
  else if (high <= g)
    hsl.hue = (b - r) / range + 2;
  else
    hsl.hue = (r - g) / range + 4;

  return hsl;
}

static float
hsl_channel (const Hsl *hsl,
             double     offset)
{
  double k = fmod (offset + hsl->hue * 2, 12);
  double a = hsl->saturation * MIN (hsl->lightness, 1 - hsl->lightness);

  return (float) (hsl->lightness - a * MAX (-1, MIN (MIN (k - 3, 9 - k), 1)));
}

static GdkRGBA
from_hsl (const Hsl *hsl)
{
  return (GdkRGBA) { hsl_channel (hsl, 0), hsl_channel (hsl, 8), hsl_channel (hsl, 4), 1.0f };
}

/* Moves the lightness of @colour away from @surface until the two differ by @contrast. */
static GdkRGBA
readable_on (const GdkRGBA *colour,
             const GdkRGBA *surface,
             double         contrast,
             gboolean       dark)
{
  Hsl hsl = to_hsl (colour);
  GdkRGBA answer = from_hsl (&hsl);

  while (pinion_colour_contrast (&answer, surface) < contrast)
    {
      hsl.lightness += dark ? 0.01 : -0.01;
      if (hsl.lightness < 0 || hsl.lightness > 1)
        return dark ? (GdkRGBA) { 1, 1, 1, 1 } : (GdkRGBA) { 0, 0, 0, 1 };

      answer = from_hsl (&hsl);
    }

  return answer;
}

void
pinion_colour_chip (const GdkRGBA *hue,
                    gboolean       dark,
                    GdkRGBA       *background,
                    GdkRGBA       *text)
{
  GdkRGBA under;

  *background = *hue;
  background->alpha = CHIP_OPACITY;

  under = pinion_colour_over (background, pinion_colour_hardest_surface (dark));
  *text = readable_on (hue, &under, TEXT_CONTRAST, dark);
}

GdkRGBA
pinion_colour_dot (const GdkRGBA *hue,
                   gboolean       dark)
{
  return readable_on (hue, pinion_colour_hardest_surface (dark), DOT_CONTRAST, dark);
}

const GdkRGBA *
pinion_colour_hardest_surface (gboolean dark)
{
  return dark ? &hardest_dark : &hardest_light;
}
