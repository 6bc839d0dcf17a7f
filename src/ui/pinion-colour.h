/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Label colours made readable: a label keeps its hue, its lightness follows the theme.  Contrast is
 * measured as WCAG 2 does. */

#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* The contrast of two opaque colours, 1 to 21. */
double pinion_colour_contrast (const GdkRGBA *a,
                               const GdkRGBA *b);

/* @top drawn over the opaque @bottom. */
GdkRGBA pinion_colour_over (const GdkRGBA *top,
                            const GdkRGBA *bottom);

/* A chip of the label colour @hue: a translucent @background, and @text of the same hue that is
 * readable on it (4.5:1) on every surface a row may have, hovered and selected ones too. */
void pinion_colour_chip (const GdkRGBA *hue,
                         gboolean       dark,
                         GdkRGBA       *background,
                         GdkRGBA       *text);

/* @hue as a dot that can be told from the sidebar; the name beside it carries the meaning. */
GdkRGBA pinion_colour_dot (const GdkRGBA *hue,
                           gboolean       dark);

/* The darkest or lightest surface that text of the theme lies on. */
const GdkRGBA *pinion_colour_hardest_surface (gboolean dark);

G_END_DECLS
