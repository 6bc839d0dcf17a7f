/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sender.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "pinion-isolate.h"

#define SHOWN_PEOPLE 3

/* -- What misleads -------------------------------------------------------------------------- */

/* A name that is an address is harmless only where it is this very address. */
static gboolean
names_another_address (const PinionAddress *address)
{
  g_autofree char *name = g_utf8_casefold (address->name, -1);
  g_autofree char *own = g_utf8_casefold (address->address, -1);

  if (strpbrk (name, "@<>") == NULL && strstr (name, "\xef\xbc\xa0") == NULL)
    return FALSE;

  g_strdelimit (name, "'\"<>", ' ');
  g_strstrip (name);

  return !g_str_equal (name, own);
}

static gboolean
mixes_scripts (const char *name)
{
  guint seen = 0;

  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      /* One word in two of these scripts; several words may differ ("Ana Кузнецова") */
      if (!g_unichar_isalpha (character))
        {
          seen = 0;
          continue;
        }

      switch (g_unichar_get_script (character))
        {
        case G_UNICODE_SCRIPT_LATIN:
          seen |= 1;
          break;
        case G_UNICODE_SCRIPT_GREEK:
          seen |= 2;
          break;
        case G_UNICODE_SCRIPT_CYRILLIC:
          seen |= 4;
          break;
        default:
          break;
        }

      if ((seen & (seen - 1)) != 0)
        return TRUE;
    }

  return FALSE;
}

gboolean
pinion_sender_misleads (const PinionAddress *address)
{
  return names_another_address (address) || mixes_scripts (address->name);
}

static const char *
get_domain (const PinionAddress *address)
{
  const char *at = strrchr (address->address, '@');

  return at != NULL ? at + 1 : "";
}

const char *
pinion_sender_find_other_reply_to (const PinionMessage *message)
{
  for (guint i = 0; i < message->reply_to->len; i++)
    {
      const PinionAddress *to = message->reply_to->pdata[i];
      gboolean known = *to->address == '\0';

      for (guint k = 0; k < message->from->len && !known; k++)
        known = g_ascii_strcasecmp (get_domain (to), get_domain (message->from->pdata[k])) == 0;

      if (!known)
        return to->address;
    }

  return NULL;
}

/* -- Words ---------------------------------------------------------------------------------- */

char *
pinion_sender_format_full (const PinionAddress *address)
{
  if (*address->name == '\0')
    return g_strdup (address->address);

  return g_strdup_printf ("%s <%s>", address->name, address->address);
}

/* "ana.keller@example.com" says that "Ana" is a name of hers; "table@blue-crab.example" does not say
 * so of "Blue". */
static gboolean
address_has_name (const PinionAddress *address,
                  const char          *name)
{
  const char *at = strchr (address->address, '@');
  gsize length = at != NULL ? (gsize) (at - address->address) : strlen (address->address);
  g_autofree char *local = g_strndup (address->address, length);
  g_autofree char *plain_name = g_str_to_ascii (name, "C");
  g_autofree char *low_name = g_ascii_strdown (plain_name, -1);
  g_autofree char *low_local = g_ascii_strdown (local, -1);

  return strchr (low_name, '?') == NULL && strstr (low_local, low_name) != NULL;
}

char *
pinion_sender_dup_short_name (const PinionAddress *address)
{
  const char *display = pinion_address_get_display (address);
  const char *space = strchr (display, ' ');
  g_autofree char *first = NULL;

  if (space == NULL)
    return g_strdup (display);

  first = g_strndup (display, (gsize) (space - display));

  return address_has_name (address, first) ? g_steal_pointer (&first) : g_strdup (display);
}

static char *
format_one (const PinionAddress *address,
            const char          *own,
            gboolean             alone)
{
  if (own != NULL && g_ascii_strcasecmp (address->address, own) == 0)
    /* Translators: the reader, among the people a message is to */
    return g_strdup (C_("recipient", "me"));

  if (alone)
    return g_strdup (pinion_address_get_display (address));

  return pinion_sender_dup_short_name (address);
}

char *
pinion_sender_format_people (GPtrArray  *addresses,
                             const char *own)
{
  g_autoptr (GString) line = g_string_new (NULL);
  guint shown = addresses->len <= SHOWN_PEOPLE + 1 ? addresses->len : SHOWN_PEOPLE;

  for (guint i = 0; i < shown; i++)
    {
      g_autofree char *one = format_one (addresses->pdata[i], own, addresses->len == 1);
      g_autofree char *isolated = pinion_isolate_name (one);

      if (i > 0)
        g_string_append (line, ", ");
      g_string_append (line, isolated);
    }

  if (shown < addresses->len)
    {
      guint others = addresses->len - shown;

      /* Translators: people, then how many more: "Ana, Ben, Cem and 3 others" */
      return g_strdup_printf (ngettext ("%s and %u other", "%s and %u others", others), line->str,
                              others);
    }

  return g_string_free_and_steal (g_steal_pointer (&line));
}

/* -- Lines ---------------------------------------------------------------------------------- */

/* A line may break before and behind. */
static void
add_piece (PangoAttrList *attributes,
           gsize          start,
           gsize          end)
{
  PangoAttribute *piece = pango_attr_word_new ();

  piece->start_index = (guint) start;
  piece->end_index = (guint) end;
  pango_attr_list_insert (attributes, piece);
}

/* Of the word from @start to @end, if it is an address. */
static void
add_pieces (PangoAttrList *attributes,
            const char    *text,
            gsize          start,
            gsize          end)
{
  const char *at = memchr (text + start, '@', end - start);

  if (at == NULL)
    return;

  for (gsize i = (gsize) (at - text); i < end; i++)
    if (i > start && (text[i] == '@' || text[i] == '.'))
      {
        add_piece (attributes, start, i);
        start = i;
      }
  add_piece (attributes, start, end);
}

void
pinion_sender_add_breaks (PangoAttrList *attributes,
                          const char    *text)
{
  for (gsize start = 0, end; text[start] != '\0'; start = end)
    {
      start += strspn (text + start, " \n");
      end = start + strcspn (text + start, " \n");
      add_pieces (attributes, text, start, end);
    }
}
