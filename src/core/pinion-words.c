/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-words.h"

#include <string.h>

/* What one character becomes.  Longer decompositions (a whole Arabic phrase in one character) are
 * cut. */
#define FOLD_MAX 22
#define PAGE_SIZE 256

typedef enum
{
  KIND_BREAK,
  KIND_NOTHING,
  KIND_WORD,
  KIND_PAIR,
} Kind;

typedef struct
{
  guint8 kind;
  guint8 length;
  char text[FOLD_MAX];
} Fold;

typedef struct
{
  char text[8];
  gsize length;
  gsize start;
  gsize end;
} Character;

typedef struct
{
  PinionWordFunc func;
  gpointer user_data;
  gboolean is_question;
  gboolean stopped;

  char word[PINION_WORD_MAX];
  gsize length;
  gsize start;
  gsize end;

  /* The last two characters of a run; the pair is told once nothing can join the second. */
  Character one;
  Character two;
} Splitter;

/* The basic plane, filled a page at a time as characters turn up. */
static Fold *pages[PAGE_SIZE];

/* -- One character ----------------------------------------------------------------------------- */

/* Accents, Hebrew points, Arabic marks and what only joins or hides. */
static gboolean
is_left_out (gunichar c)
{
  static const struct
  {
    gunichar first;
    gunichar last;
  } ranges[] = {
    { 0x00ad, 0x00ad }, { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd },
    { 0x05bf, 0x05bf }, { 0x05c1, 0x05c2 }, { 0x05c4, 0x05c5 }, { 0x05c7, 0x05c7 },
    { 0x0610, 0x061a }, { 0x061c, 0x061c }, { 0x0640, 0x0640 }, { 0x064b, 0x065f },
    { 0x0670, 0x0670 }, { 0x06d6, 0x06dc }, { 0x06df, 0x06e8 }, { 0x06ea, 0x06ed },
    { 0x0711, 0x0711 }, { 0x0730, 0x074a }, { 0x08d3, 0x08ff }, { 0x1ab0, 0x1aff },
    { 0x1dc0, 0x1dff }, { 0x200b, 0x200f }, { 0x2060, 0x2064 }, { 0x20d0, 0x20ff },
    { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ranges) && ranges[i].first <= c; i++)
    {
      if (c <= ranges[i].last)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_without_blanks (gunichar c)
{
  if (c == 0x3005 || c == 0x30fc || c == 0x3099 || c == 0x309a)
    return TRUE;

  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
      return TRUE;
    default:
      return FALSE;
    }
}

static Kind
kind_of (gunichar c)
{
  if (is_left_out (c))
    return KIND_NOTHING;

  switch (g_unichar_type (c))
    {
    case G_UNICODE_OTHER_SYMBOL: /* pictures of feelings */
      return c >= 0x1f000 ? KIND_PAIR : KIND_BREAK;
    case G_UNICODE_MODIFIER_SYMBOL: /* and their colours */
      return c >= 0x1f000 ? KIND_NOTHING : KIND_BREAK;
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
      return is_without_blanks (c) ? KIND_PAIR : KIND_WORD;
    default:
      if (!g_unichar_isalnum (c) && g_unichar_type (c) != G_UNICODE_OTHER_NUMBER
          && g_unichar_type (c) != G_UNICODE_LETTER_NUMBER)
        return KIND_BREAK;
      return is_without_blanks (c) ? KIND_PAIR : KIND_WORD;
    }
}

/* What Unicode does not decompose and people write either way.  Returns: (nullable) */
static const char *
lookup_special (gunichar c)
{
  static const struct
  {
    gunichar c;
    const char *text;
  } specials[] = {
    { 0x00c6, "ae" }, { 0x00e6, "ae" }, { 0x00d0, "d" },  { 0x00f0, "d" },  { 0x00d8, "o" },
    { 0x00f8, "o" },  { 0x00de, "th" }, { 0x00fe, "th" }, { 0x0110, "d" },  { 0x0111, "d" },
    { 0x0126, "h" },  { 0x0127, "h" },  { 0x0131, "i" },  { 0x0141, "l" },  { 0x0142, "l" },
    { 0x0152, "oe" }, { 0x0153, "oe" }, { 0x0166, "t" },  { 0x0167, "t" },  { 0x0419, "й" },
    { 0x0439, "й" },  { 0x0629, "ه" },  { 0x0649, "ي" },  { 0x0671, "ا" },  { 0x06a9, "ك" },
    { 0x06cc, "ي" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (specials); i++)
    {
      if (specials[i].c == c)
        return specials[i].text;
    }

  return NULL;
}

static void
fold_append (Fold       *fold,
             const char *text,
             gsize       length)
{
  if (fold->length + length > FOLD_MAX)
    return;

  memcpy (fold->text + fold->length, text, length);
  fold->length = (guint8) (fold->length + length);
}

static void
fold_add (Fold    *fold,
          gunichar c)
{
  char text[6];
  int digit = g_unichar_digit_value (c);
  Kind kind = kind_of (c);

  if (kind == KIND_BREAK || kind == KIND_NOTHING)
    return;
  if (fold->length == 0)
    fold->kind = (guint8) kind;

  if (digit >= 0)
    c = (gunichar) ('0' + digit);
  else if (c >= 0x30a1 && c <= 0x30f6)
    c -= 0x60;

  int length = g_unichar_to_utf8 (c, text);
  if (kind == KIND_PAIR)
    {
      fold_append (fold, text, (gsize) length);
      return;
    }

  g_autofree char *folded = g_utf8_casefold (text, length);
  fold_append (fold, folded, strlen (folded));
}

static void
fold_make (Fold    *fold,
           gunichar c)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  const char *special = lookup_special (c);
  gsize n;

  *fold = (Fold) { .kind = (guint8) kind_of (c) };
  if (special != NULL)
    {
      fold_append (fold, special, strlen (special));
      return;
    }
  if (c >= 0xac00 && c <= 0xd7a3)
    {
      fold_add (fold, c);
      return;
    }

  n = g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < n; i++)
    fold_add (fold, parts[i]);

  if (fold->length == 0 && fold->kind > KIND_NOTHING)
    fold->kind = KIND_BREAK;
}

static const Fold *
fold_lookup (gunichar c,
             Fold    *own)
{
  if (c >= PAGE_SIZE * PAGE_SIZE)
    {
      fold_make (own, c);
      return own;
    }

  Fold **place = &pages[c / PAGE_SIZE];
  Fold *page = g_atomic_pointer_get (place);
  if (page == NULL)
    {
      page = g_new (Fold, PAGE_SIZE);
      for (guint i = 0; i < PAGE_SIZE; i++)
        fold_make (&page[i], c / PAGE_SIZE * PAGE_SIZE + i);

      if (!g_atomic_pointer_compare_and_exchange (place, NULL, page))
        {
          g_free (page);
          page = g_atomic_pointer_get (place);
        }
    }

  return &page[c % PAGE_SIZE];
}

/* -- Words ------------------------------------------------------------------------------------- */

static void
tell (Splitter      *self,
      const char    *word,
      gsize          length,
      PinionWordKind kind,
      gsize          start,
      gsize          end)
{
  if (!self->stopped)
    self->stopped = !self->func (word, length, kind, start, end, self->user_data);
}

static void
end_word (Splitter *self)
{
  if (self->length > 0)
    tell (self, self->word, self->length, PINION_WORD_WHOLE, self->start, self->end);
  self->length = 0;
}

static void
tell_pair (Splitter *self)
{
  char pair[2 * sizeof self->one.text];

  memcpy (pair, self->one.text, self->one.length);
  memcpy (pair + self->one.length, self->two.text, self->two.length);
  tell (self, pair, self->one.length + self->two.length, PINION_WORD_PAIR, self->one.start,
        self->two.end);
}

static void
end_run (Splitter *self)
{
  if (self->two.length == 0)
    return;

  gboolean is_alone = self->one.length == 0;
  if (!is_alone)
    tell_pair (self);
  if (is_alone || !self->is_question)
    tell (self, self->two.text, self->two.length, is_alone ? PINION_WORD_SINGLE : PINION_WORD_LAST,
          self->two.start, self->two.end);
  self->one.length = 0;
  self->two.length = 0;
}

static void
add_to_word (Splitter   *self,
             const char *text,
             gsize       length,
             gsize       start,
             gsize       end)
{
  if (self->two.length > 0)
    end_run (self);
  if (self->length == 0)
    self->start = start;
  self->end = end;

  if (self->length + length <= PINION_WORD_MAX)
    {
      memcpy (self->word + self->length, text, length);
      self->length += length;
    }
}

/* Voiced marks of half-width kana, and Hangul that came in pieces. */
static gboolean
join (Splitter *self,
      gunichar  c,
      gsize     end)
{
  gunichar joined;

  if (self->two.length == 0
      || !(c == 0x3099 || c == 0x309a || (c >= 0x1161 && c <= 0x1175)
           || (c >= 0x11a8 && c <= 0x11c2))
      || !g_unichar_compose (g_utf8_get_char (self->two.text), c, &joined))
    return FALSE;

  self->two.length = (gsize) g_unichar_to_utf8 (joined, self->two.text);
  self->two.text[self->two.length] = '\0';
  self->two.end = end;

  return TRUE;
}

static void
add_to_run (Splitter   *self,
            const Fold *fold,
            gsize       start,
            gsize       end)
{
  end_word (self);

  for (gsize i = 0; i < fold->length;)
    {
      gunichar c = g_utf8_get_char (fold->text + i);
      Character next = { .start = start, .end = end };

      next.length = (gsize) g_unichar_to_utf8 (c, next.text);
      i += next.length;
      if (join (self, c, end))
        continue;
      if (self->one.length > 0)
        tell_pair (self);
      self->one = self->two;
      self->two = next;
    }
}

static void
add_break (Splitter *self)
{
  end_word (self);
  end_run (self);
}

static void
add_character (Splitter *self,
               gunichar  c,
               gsize     start,
               gsize     end)
{
  Fold own;
  const Fold *fold = fold_lookup (c, &own);

  switch ((Kind) fold->kind)
    {
    case KIND_WORD:
      add_to_word (self, fold->text, fold->length, start, end);
      break;
    case KIND_PAIR:
      add_to_run (self, fold, start, end);
      break;
    case KIND_BREAK:
      add_break (self);
      break;
    case KIND_NOTHING:
    default:
      break;
    }
}

static void
add_ascii (Splitter *self,
           char      c,
           gsize     at)
{
  if (g_ascii_isalnum (c))
    {
      char low = g_ascii_tolower (c);
      add_to_word (self, &low, 1, at, at + 1);
    }
  else if (self->length > 0 || self->two.length > 0)
    {
      add_break (self);
    }
}

void
pinion_words_each (const char    *text,
                   gsize          length,
                   gboolean       is_question,
                   PinionWordFunc func,
                   gpointer       user_data)
{
  Splitter self = { .func = func, .user_data = user_data, .is_question = is_question };

  for (gsize i = 0; i < length && !self.stopped;)
    {
      if ((guchar) text[i] < 0x80)
        {
          add_ascii (&self, text[i], i);
          i++;
          continue;
        }

      gunichar c = g_utf8_get_char_validated (text + i, (gssize) (length - i));
      gboolean is_valid = c < (gunichar) -2;
      gsize size = is_valid ? (gsize) g_unichar_to_utf8 (c, NULL) : 1;

      if (is_valid)
        add_character (&self, c, i, i + size);
      else
        add_break (&self);
      i += size;
    }

  add_break (&self);
}

static gboolean
append_word (const char    *word,
             gsize          length,
             PinionWordKind kind,
             gsize          start,
             gsize          end,
             gpointer       user_data)
{
  GString *all = user_data;

  g_string_append_c (all, ' ');
  g_string_append_len (all, word, (gssize) length);

  return TRUE;
}

char *
pinion_words_fold (const char *text)
{
  GString *all = g_string_new (NULL);

  pinion_words_each (text, strlen (text), FALSE, append_word, all);

  return g_string_free (all, FALSE);
}
