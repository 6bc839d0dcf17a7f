/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sender.h"

static void
assert_misleads (const char *name,
                 const char *address,
                 gboolean    misleads)
{
  PinionAddress *one = pinion_address_new (name, address);

  g_assert_cmpint (pinion_sender_misleads (one), ==, misleads);
  pinion_address_free (one);
}

static void
test_misleading (void)
{
  assert_misleads ("Ana Keller", "ana@example.com", FALSE);
  assert_misleads ("", "ana@example.com", FALSE);
  assert_misleads ("ana@example.com", "ana@example.com", FALSE);
  assert_misleads ("'Ana@Example.com'", "ana@example.com", FALSE);
  assert_misleads ("support@bank.example", "eve@evil.example", TRUE);
  assert_misleads ("Bank <support@bank.example>", "eve@evil.example", TRUE);
  assert_misleads ("support＠bank.example", "eve@evil.example", TRUE);
  assert_misleads ("Ана Кузнецова", "ana@example.com", FALSE);
  assert_misleads ("Ana Кузнецова", "ana@example.com", FALSE);
  assert_misleads ("Pаypal", "eve@evil.example", TRUE); /* the first "а" is Cyrillic */
  assert_misleads ("田中 Yuki", "yuki@example.com", FALSE);
  assert_misleads ("東京Office", "office@example.com", FALSE);
}

static PinionMessage *
make_message (const char *from,
              const char *reply_to)
{
  PinionMessage *message = pinion_message_new ();

  g_ptr_array_add (message->from, pinion_address_new (NULL, from));
  if (reply_to != NULL)
    g_ptr_array_add (message->reply_to, pinion_address_new (NULL, reply_to));

  return message;
}

static void
test_reply_to (void)
{
  g_autoptr (PinionMessage) none = make_message ("ana@example.com", NULL);
  g_autoptr (PinionMessage) same = make_message ("ana@example.com", "list@EXAMPLE.com");
  g_autoptr (PinionMessage) other = make_message ("ana@example.com", "ana@evil.example");

  g_assert_null (pinion_sender_find_other_reply_to (none));
  g_assert_null (pinion_sender_find_other_reply_to (same));
  g_assert_cmpstr (pinion_sender_find_other_reply_to (other), ==, "ana@evil.example");
}

static void
assert_people (guint       n,
               const char *own,
               const char *words)
{
  static const char *const names[] = { "Ana Keller", "Bén Ortiz", "Keller, Cem", "Dora", "Eve X" };
  static const char *const locals[] = { "ana.keller", "ben", "cem", "dora", "eve" };
  g_autoptr (GPtrArray) people =
    g_ptr_array_new_with_free_func ((GDestroyNotify) pinion_address_free);
  g_autofree char *found = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = g_strdup_printf ("%s@example.com", locals[i]);

      g_ptr_array_add (people, pinion_address_new (names[i], address));
    }

  found = pinion_sender_format_people (people, own);
  g_assert_cmpstr (found, ==, words);
}

static void
test_people (void)
{
  assert_people (0, NULL, "");
  assert_people (1, NULL, "Ana Keller");
  assert_people (1, "Ana.Keller@example.com", "me");
  assert_people (2, "ben@example.com", "Ana, me");
  assert_people (4, NULL, "Ana, Bén, Keller, Cem, Dora");
  assert_people (5, NULL, "Ana, Bén, Keller, Cem and 2 others");
}

static void
assert_short (const char *name,
              const char *address,
              const char *words)
{
  PinionAddress *one = pinion_address_new (name, address);
  g_autofree char *found = pinion_sender_dup_short_name (one);

  g_assert_cmpstr (found, ==, words);
  pinion_address_free (one);
}

static void
test_short_name (void)
{
  assert_short ("Ana Keller", "ana.keller@example.com", "Ana");
  assert_short ("Blue Crab", "table@blue-crab.example", "Blue Crab");
  assert_short ("Dr. Lohmann", "practice@example.com", "Dr. Lohmann");
  assert_short ("田中 由紀", "y.tanaka@example.com", "田中 由紀");
  assert_short ("", "y.tanaka@example.com", "y.tanaka@example.com");
}

/* "|" where a line may break besides. */
static void
assert_breaks (const char *text,
               const char *expected)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autoptr (GString) broken = g_string_new (text);
  GSList *all;

  pinion_sender_add_breaks (attributes, text);
  all = g_slist_reverse (pango_attr_list_get_attributes (attributes));
  for (GSList *one = all; one != NULL; one = one->next)
    {
      const PangoAttribute *piece = one->data;

      g_assert_cmpint (piece->klass->type, ==, PANGO_ATTR_WORD);
      g_string_insert_c (broken, piece->start_index, '|');
    }
  g_assert_cmpstr (broken->str, ==, expected);
  g_slist_free_full (all, (GDestroyNotify) pango_attribute_destroy);
}

static void
test_breaks (void)
{
  assert_breaks ("ana.keller@mail.example", "|ana.keller|@mail|.example");
  assert_breaks ("Ana K. <ana@example.com>\nBo <bo@x>",
                 "Ana K. |<ana|@example|.com>\nBo |<bo|@x>");
  assert_breaks ("Answers go to é@ü.example.", "Answers go to |é|@ü|.example|.");
  assert_breaks ("@", "|@");
  assert_breaks ("No. 4", "No. 4");
  assert_breaks ("", "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/sender/misleading", test_misleading);
  g_test_add_func ("/ui/sender/reply-to", test_reply_to);
  g_test_add_func ("/ui/sender/people", test_people);
  g_test_add_func ("/ui/sender/short-name", test_short_name);

  g_test_add_func ("/ui/sender/breaks", test_breaks);

  return g_test_run ();
}
