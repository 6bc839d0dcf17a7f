/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-mailbox.h"
#include "pinion-imap-uid-set.h"
#include "pinion-imap-utf7.h"

#include "pinion-imap-fetch.h"

#include <string.h>

static void
test_utf7_both_ways (void)
{
  static const struct
  {
    const char *raw;
    const char *text;
  } cases[] = {
    { "INBOX", "INBOX" },
    { "Entw&APw-rfe", "Entwürfe" },
    { "Gel&APY-schte Elemente", "Gelöschte Elemente" },
    { "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", "Отправленные" },
    { "&ZeVnLIqe-", "日本語" },
    { "A&-B", "A&B" },
    { "&-&-", "&&" },
    { "&2DzfiQ- Feier", "🎉 Feier" },
    { "&AAkACQ-", "\t\t" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *decoded = pinion_imap_utf7_decode (cases[i].raw);
      g_autofree char *encoded = pinion_imap_utf7_encode (cases[i].text);

      g_assert_cmpstr (decoded, ==, cases[i].text);
      g_assert_cmpstr (encoded, ==, cases[i].raw);
      g_assert_true (pinion_imap_utf7_is_valid (cases[i].raw));
    }

  g_assert_null (pinion_imap_utf7_encode ("\xff"));
}

static void
test_utf7_malformed (void)
{
  static const struct
  {
    const char *raw;
    const char *shown;
  } cases[] = {
    { "A&", "A&" },                 /* nothing behind it */
    { "&APw", "&APw" },             /* no end */
    { "&A-", "&A-" },               /* too few bits */
    { "&APx-", "&APx-" },           /* padding is not zero */
    { "&AP!-", "&AP!-" },           /* no base64 */
    { "&2Dw-", "&2Dw-" },           /* half of a pair */
    { "&34k-", "&34k-" },           /* the other half */
    { "&AAA-", "&AAA-" },           /* U+0000 */
    { "Entw\xc3\xbcrfe", "Entwürfe" }, /* UTF-8 */
    { "Entw\xfcrfe", "Entwürfe" },     /* Latin-1 */
    { "a\tb", "a\tb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = pinion_imap_utf7_decode (cases[i].raw);

      g_assert_cmpstr (shown, ==, cases[i].shown);
      g_assert_false (pinion_imap_utf7_is_valid (cases[i].raw));
    }
}

/* Any text comes back; any bytes are shown as valid UTF-8. */
static void
test_utf7_random (void)
{
  for (guint n = 0; n < 20000; n++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *encoded = NULL;
      g_autofree char *decoded = NULL;
      char bytes[12] = { 0 };

      for (int i = g_test_rand_int_range (0, 10); i > 0; i--)
        {
          gunichar c = (gunichar) g_test_rand_int_range (1, g_test_rand_bit () ? 0x80 : 0x11000);

          if (g_unichar_validate (c))
            g_string_append_unichar (text, c);
        }
      encoded = pinion_imap_utf7_encode (text->str);
      decoded = pinion_imap_utf7_decode (encoded);
      g_assert_cmpstr (decoded, ==, text->str);

      for (guint i = 0; i < sizeof bytes - 1; i++)
        bytes[i] = (char) g_test_rand_int_range (g_test_rand_bit () ? 1 : 0x26,
                                                 0x30 + (i * 20) % 200);
      g_free (decoded);
      decoded = pinion_imap_utf7_decode (bytes);
      g_assert_true (g_utf8_validate (decoded, -1, NULL));
    }
}

static void
assert_set (PinionUidSet *set,
            const char   *expected)
{
  g_autofree char *text = pinion_uid_set_to_string (set);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_set_adding (void)
{
  const guint32 uids[] = { 9, 1, 2, 3, 7, 5, 2, 8, 0, 20 };
  g_autoptr (PinionUidSet) set = pinion_uid_set_new_from_array (uids, G_N_ELEMENTS (uids));
  g_autoptr (PinionUidSet) all = pinion_uid_set_new_all ();
  g_autoptr (PinionUidSet) empty = pinion_uid_set_new ();

  assert_set (set, "1:3,5,7:9,20");
  g_assert_cmpuint (pinion_uid_set_get_size (set), ==, 8);
  g_assert_true (pinion_uid_set_contains (set, 8));
  g_assert_false (pinion_uid_set_contains (set, 4));
  g_assert_false (pinion_uid_set_contains (set, 0));
  g_assert_false (pinion_uid_set_contains (set, 21));

  pinion_uid_set_add_range (set, 19, 4);
  assert_set (set, "1:20");
  pinion_uid_set_add_range (set, PINION_UID_MAX, 30);
  assert_set (set, "1:20,30:*");
  pinion_uid_set_add (set, 29);
  pinion_uid_set_add (set, 22);
  assert_set (set, "1:20,22,29:*");

  assert_set (all, "1:*");
  g_assert_true (pinion_uid_set_contains (all, PINION_UID_MAX));
  assert_set (empty, "");
  g_assert_true (pinion_uid_set_is_empty (empty));
}

static void
test_set_parsing (void)
{
  static const char *const wrong[] = { "",    ",",     "0",          "1,",  "1:",        "a",
                                       "1:0", "1,,2",  "4294967296", "-1",  "1e5",       "+1",
                                       " 1",  "1 ",    "1:2:3",      "0x1", "1\r\nA X" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (pinion_uid_set_parse (wrong[i], -1));

  {
    g_autoptr (PinionUidSet) set = pinion_uid_set_parse ("12:9,3,1:2,*", -1);

    assert_set (set, "1:3,9:12,*");
  }
}

/* What is written down backwards, as long as a line may be, is read at once. */
static void
test_set_backwards (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (PinionUidSet) set = NULL;
  gint64 begun = g_get_monotonic_time ();
  gsize n_ranges;

  for (guint uid = 3000000; uid > 0; uid -= 2)
    g_string_append_printf (text, "%s%u", text->len > 0 ? "," : "", uid);
  set = pinion_uid_set_parse (text->str, (gssize) text->len);
  g_assert_nonnull (set);
  pinion_uid_set_get_ranges (set, &n_ranges);
  g_assert_cmpuint (n_ranges, ==, 1500000);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 30 * G_USEC_PER_SEC);
}

static void
test_set_intersection (void)
{
  static const char *const cases[][3] = {
    { "1:10", "5:20", "5:10" },
    { "1:3,7,9:*", "2,4:8,10:11,4294967295", "2,7,10:11,*" },
    { "1", "2", "" },
    { "*", "1:*", "*" },
    { "1:2,4:5,7:8", "1:8", "1:2,4:5,7:8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PinionUidSet) one = pinion_uid_set_parse (cases[i][0], -1);
      g_autoptr (PinionUidSet) two = pinion_uid_set_parse (cases[i][1], -1);
      g_autoptr (PinionUidSet) both = pinion_uid_set_intersect (one, two);
      g_autoptr (PinionUidSet) same = pinion_uid_set_intersect (two, one);

      assert_set (both, cases[i][2]);
      assert_set (same, cases[i][2]);
    }
}

static void
test_set_splitting (void)
{
  g_autoptr (PinionUidSet) set = pinion_uid_set_new ();
  g_autoptr (PinionUidSet) joined = pinion_uid_set_new ();
  g_auto (GStrv) pieces = NULL;
  g_autoptr (PinionUidSet) range = pinion_uid_set_new_range (1, 1000);
  g_auto (GStrv) hundreds = pinion_uid_set_split (range, 1000, 300);
  g_autoptr (GArray) first = pinion_uid_set_to_array (range, 3);

  for (guint32 uid = 1; uid < 60000; uid += 2 + uid % 3)
    pinion_uid_set_add (set, uid);

  pieces = pinion_uid_set_split (set, 7000, 0);
  g_assert_cmpuint (g_strv_length (pieces), >, 5);
  for (guint i = 0; pieces[i] != NULL; i++)
    {
      g_autoptr (PinionUidSet) part = pinion_uid_set_parse (pieces[i], -1);
      const PinionUidRange *ranges;
      gsize n;

      g_assert_cmpuint (strlen (pieces[i]), <=, 7000);
      ranges = pinion_uid_set_get_ranges (part, &n);
      for (gsize j = 0; j < n; j++)
        pinion_uid_set_add_range (joined, ranges[j].first, ranges[j].last);
    }
  {
    g_autofree char *one = pinion_uid_set_to_string (set);

    assert_set (joined, one);
  }

  g_assert_cmpuint (g_strv_length (hundreds), ==, 4);
  g_assert_cmpstr (hundreds[0], ==, "1:300");
  g_assert_cmpstr (hundreds[3], ==, "901:1000");
  g_assert_cmpuint (first->len, ==, 3);
}

static void
test_mailbox_paths (void)
{
  static const struct
  {
    const char *raw;
    char delimiter;
    const char *path;
  } cases[] = {
    { "INBOX", '/', "INBOX" },
    { "Gel&APY-schte Elemente/2024", '/', "Gelöschte Elemente/2024" },
    { "Public Folders/", '/', "Public Folders" },
    { "a.b/c.d", '.', "a/b\xe2\x88\x95" "c/d" },
    { "a/b", 0, "a\xe2\x88\x95" "b" },
    { "INBOX/Da\tOggetto\tRicevuto", '/', "INBOX/Da Oggetto Ricevuto" },
    { " Two  blanks /Trailing ", '/', " Two  blanks /Trailing " },
    { "pay&IC4-nuf", '/', "pay\xef\xbf\xbdnuf" },
    { "../../etc/passwd", '/', "../../etc/passwd" },
    { "CORP\\anna", '\\', "CORP/anna" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PinionImapMailbox) mailbox = NULL;

      mailbox = pinion_imap_mailbox_new (g_strdup (cases[i].raw), cases[i].delimiter, 0, 0);
      g_assert_cmpstr (mailbox->path, ==, cases[i].path);
      g_assert_cmpstr (mailbox->raw_name, ==, cases[i].raw);
    }

  {
    g_autoptr (PinionImapMailbox) inbox = pinion_imap_mailbox_new (g_strdup ("Inbox"), '/', 0, 0);

    g_assert_cmpint (inbox->use, ==, PINION_IMAP_USE_INBOX);
  }
}

static void
test_mailbox_raw_names (void)
{
  g_autofree char *plain = pinion_imap_mailbox_make_raw_name (NULL, '/', "Entwürfe");
  g_autofree char *child = pinion_imap_mailbox_make_raw_name ("Entw&APw-rfe", '/', "A & B");

  g_assert_cmpstr (plain, ==, "Entw&APw-rfe");
  g_assert_cmpstr (child, ==, "Entw&APw-rfe/A &- B");
  g_assert_null (pinion_imap_mailbox_make_raw_name (NULL, '/', "a/b"));
  g_assert_null (pinion_imap_mailbox_make_raw_name (NULL, '/', "a\r\nb"));
  g_assert_null (pinion_imap_mailbox_make_raw_name (NULL, '/', "a*"));
  g_assert_null (pinion_imap_mailbox_make_raw_name ("a", 0, "b"));
  g_assert_null (pinion_imap_mailbox_make_raw_name (NULL, '/', ""));
  /* The encoding must not bring in a level of its own. */
  g_assert_null (pinion_imap_mailbox_make_raw_name (NULL, '-', "Entwürfe"));
  g_assert_null (pinion_imap_mailbox_make_raw_name ("a", 'A', "ü"));
}

static void
test_flags (void)
{
  g_autofree char *text = NULL;

  g_assert_cmpuint (pinion_imap_flag_from_name ("\\SEEN", 5), ==, PINION_IMAP_FLAG_SEEN);
  g_assert_cmpuint (pinion_imap_flag_from_name ("\\See", 4), ==, 0);
  g_assert_cmpuint (pinion_imap_flag_from_name ("\\Seen\0and more than a name", 25), ==, 0);
  g_assert_cmpuint (pinion_imap_flag_from_name ("NonJunk", 7), ==, PINION_IMAP_FLAG_NOT_JUNK);
  g_assert_cmpuint (pinion_imap_flag_from_name ("\\*", 2), ==, PINION_IMAP_FLAG_ANY_KEYWORD);

  text = pinion_imap_flags_to_string (PINION_IMAP_FLAG_SEEN | PINION_IMAP_FLAG_JUNK |
                                      PINION_IMAP_FLAG_RECENT | PINION_IMAP_FLAG_ANY_KEYWORD);
  g_assert_cmpstr (text, ==, "(\\Seen $Junk)");
}

static void
test_dates (void)
{
  static const struct
  {
    const char *text;
    gint64 seconds;
  } cases[] = {
    { "01-Jan-1970 00:00:00 +0000", 0 },
    { "17-Jul-2026 14:05:00 +0200", 1784289900 },
    { " 7-Feb-2024 23:59:60 -0330", 1707362940 + 60 },
    { "29-Feb-2000 12:00:00 +0000", 951825600 },
    { "1-Jan-0001 00:00:00 +0000", -62135596800 },
    { "", G_MININT64 },
    { "17-Foo-2026 14:05:00 +0200", G_MININT64 },
    { "17-Jul-2026 24:05:00 +0200", G_MININT64 },
    { "17-Jul-2026 14:05:00", G_MININT64 },
    { "17-Jul-2026 14:05:00 +0200 and a very long text behind it", G_MININT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (pinion_imap_date_parse (cases[i].text, strlen (cases[i].text)), ==,
                     cases[i].seconds);

  {
    g_autofree char *text = pinion_imap_date_format (1784289900);

    g_assert_cmpstr (text, ==, "17-Jul-2026 12:05:00 +0000");
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imap/utf7/both-ways", test_utf7_both_ways);
  g_test_add_func ("/imap/utf7/malformed", test_utf7_malformed);
  g_test_add_func ("/imap/utf7/random", test_utf7_random);
  g_test_add_func ("/imap/uid-set/adding", test_set_adding);
  g_test_add_func ("/imap/uid-set/parsing", test_set_parsing);
  g_test_add_func ("/imap/uid-set/backwards", test_set_backwards);
  g_test_add_func ("/imap/uid-set/intersection", test_set_intersection);
  g_test_add_func ("/imap/uid-set/splitting", test_set_splitting);
  g_test_add_func ("/imap/mailbox/paths", test_mailbox_paths);
  g_test_add_func ("/imap/mailbox/raw-names", test_mailbox_raw_names);
  g_test_add_func ("/imap/flags", test_flags);
  g_test_add_func ("/imap/dates", test_dates);

  return g_test_run ();
}
