/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-ehlo.h"

#include <string.h>

/* No server has more mechanisms. */
#define MAX_MECHANISMS 32

static void
add_mechanisms (GPtrArray   *mechanisms,
                char       **words)
{
  for (guint i = 0; words[i] != NULL && mechanisms->len < MAX_MECHANISMS; i++)
    {
      g_autofree char *name = g_ascii_strup (words[i], -1);

      if (*name != '\0' && !g_ptr_array_find_with_equal_func (mechanisms, name, g_str_equal, NULL))
        g_ptr_array_add (mechanisms, g_steal_pointer (&name));
    }
}

static void
take_size (PinionSmtpEhlo *self,
           const char     *word)
{
  guint64 size;

  self->size = TRUE;
  if (word != NULL && g_ascii_string_to_unsigned (word, 10, 0, G_MAXINT64, &size, NULL))
    self->max_size = size;
}

/* The keywords that say all by themselves */
static void
take_keyword (PinionSmtpEhlo *self,
              const char     *keyword)
{
  const struct
  {
    const char *keyword;
    gboolean *place;
  } known[] = {
    { "STARTTLS", &self->starttls },     { "8BITMIME", &self->eight_bit_mime },
    { "BINARYMIME", &self->binary_mime }, { "CHUNKING", &self->chunking },
    { "PIPELINING", &self->pipelining }, { "SMTPUTF8", &self->smtputf8 },
    { "DSN", &self->dsn },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (keyword, known[i].keyword) == 0)
      *known[i].place = TRUE;
}

/* ehlo-line = ehlo-keyword *( SP ehlo-param ); some old servers write "AUTH=LOGIN". */
static void
take_line (PinionSmtpEhlo *self,
           GPtrArray      *mechanisms,
           const char     *line)
{
  g_autofree char *spaced = g_strdup (line);

  if (g_ascii_strncasecmp (spaced, "AUTH=", 5) == 0)
    spaced[4] = ' ';

  g_auto (GStrv) words = g_strsplit_set (g_strstrip (spaced), " \t", -1);
  const char *keyword = words[0] != NULL ? words[0] : "";

  if (g_ascii_strcasecmp (keyword, "SIZE") == 0)
    take_size (self, words[1]);
  else if (g_ascii_strcasecmp (keyword, "AUTH") == 0)
    add_mechanisms (mechanisms, words + 1);
  else
    take_keyword (self, keyword);
}

PinionSmtpEhlo *
pinion_smtp_ehlo_parse (const PinionSmtpReply *reply)
{
  PinionSmtpEhlo *self = g_new0 (PinionSmtpEhlo, 1);
  g_autoptr (GPtrArray) mechanisms = g_ptr_array_new_null_terminated (8, g_free, TRUE);

  /* The first line is the server's name. */
  for (guint i = 1; i < reply->lines->len; i++)
    take_line (self, mechanisms, reply->lines->pdata[i]);

  self->mechanisms = (char **) g_ptr_array_steal (mechanisms, NULL);
  if (self->mechanisms == NULL)
    self->mechanisms = g_new0 (char *, 1);

  return self;
}

void
pinion_smtp_ehlo_free (PinionSmtpEhlo *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->mechanisms);
  g_free (self);
}
