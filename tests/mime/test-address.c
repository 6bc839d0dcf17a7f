/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses that people type, and as servers get them. */

#include "pinion-error.h"
#include "pinion-mime-address.h"
#include "pinion-mime-message.h"
#include "pinion-text.h"

#include <gmime/gmime.h>

#include <string.h>

static void
test_typed (void)
{
  static const struct
  {
    const char *typed;
    const char *list;
    const char *wrong;
  } cases[] = {
    { "", "", NULL },
    { " , ; ", "", NULL },
    { "a@example.com", "a@example.com", NULL },
    { "Ana Sol <ana@example.com>", "Ana Sol <ana@example.com>", NULL },
    { "Ana <ana@example.com>, b@example.com; c@example.com\nd@example.com",
      "Ana <ana@example.com>, b@example.com, c@example.com, d@example.com", NULL },
    { "\"Sol, Ana\" <ana@example.com>", "\"Sol, Ana\" <ana@example.com>", NULL },
    { "\"A \\\"B\\\" C\" <a@example.com>", "\"A \\\"B\\\" C\" <a@example.com>", NULL },
    { "Äna <äna@bücher.example>", "Äna <äna@bücher.example>", NULL },
    { "<a@example.com>", "a@example.com", NULL },
    { "ana", NULL, "ana" },
    { "a@example.com, nobody", NULL, "nobody" },
    { "Ana <ana@>", NULL, "Ana <ana@>" },
    { "a@example.com b@example.com", NULL, "a@example.com b@example.com" },
    { "Ana <ana@example.com> x", NULL, "Ana <ana@example.com> x" },
    { "Ana <ana@example.com", NULL, "Ana <ana@example.com" },
    { "a@b@example.com", NULL, "a@b@example.com" },
    { "a\"\r\n RCPT TO:<evil@x>\"@example.com", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) list = pinion_mime_parse_address_list (cases[i].typed, &error);
      g_autofree char *string = NULL;

      if (cases[i].list == NULL)
        {
          g_assert_null (list);
          g_assert_true (pinion_error_is (error, PINION_ERROR_INVALID_ARGUMENT));
          if (cases[i].wrong != NULL)
            g_assert_cmpstr (pinion_error_get_detail (error, "address"), ==, cases[i].wrong);
          continue;
        }
      g_assert_no_error (error);
      string = pinion_mime_address_list_to_string (list);
      g_assert_cmpstr (string, ==, cases[i].list);
    }
}

static void
test_wire (void)
{
  static const struct
  {
    const char *address;
    const char *wire;
    PinionErrorCode code;
  } cases[] = {
    { "a@example.com", "a@example.com", 0 },
    { "a@bücher.example", "a@xn--bcher-kva.example", 0 },
    { "ä@bücher.example", "ä@xn--bcher-kva.example", 0 },
    { "a@example.com\r\nRCPT TO:<e@x>", NULL, PINION_ERROR_INVALID_ARGUMENT },
    { "\"a\r\n RCPT TO:<evil@x>\"@y.example", NULL, PINION_ERROR_INVALID_ARGUMENT },
    { "a b@example.com", NULL, PINION_ERROR_INVALID_ARGUMENT },
    { "", NULL, PINION_ERROR_INVALID_ARGUMENT },
    { "<a@example.com>", NULL, PINION_ERROR_INVALID_ARGUMENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *wire = pinion_mime_address_to_wire (cases[i].address, &error);

      g_assert_cmpstr (wire, ==, cases[i].wire);
      if (wire == NULL)
        g_assert_true (pinion_error_is (error, cases[i].code));
    }
}

static void
test_equal (void)
{
  g_autoptr (PinionMimeAddress) a = pinion_mime_address_new ("A", "Ana@Example.com");
  g_autoptr (PinionMimeAddress) b = pinion_mime_address_new (NULL, "ana@example.COM");
  g_autoptr (PinionMimeAddress) c = pinion_mime_address_new ("", "c@example.com");

  g_assert_true (pinion_mime_address_equal (a, b));
  g_assert_false (pinion_mime_address_equal (a, c));
  g_assert_cmpstr (pinion_mime_address_get_label (a), ==, "A");
  g_assert_cmpstr (pinion_mime_address_get_label (c), ==, "c@example.com");
}

/* -- Read from a header -- */

static char *
read_field (const char *value)
{
  g_autofree char *header = g_strconcat ("To: ", value, "\r\n\r\n", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (header, strlen (header));
  g_autoptr (PinionMimeMessage) message = pinion_mime_message_parse_headers (bytes);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < message->to->len; i++)
    {
      const PinionMimeAddress *address = g_ptr_array_index (message->to, i);

      g_string_append_printf (all, "[%s|%s]", address->name != NULL ? address->name : "",
                              address->address);
    }

  return g_string_free (all, FALSE);
}

/* As GMime has it; %NULL where something else than a mailbox is among them. */
static char *
read_by_gmime (const char *value)
{
  InternetAddressList *list = internet_address_list_parse (NULL, value);
  g_autoptr (GObject) owned = (GObject *) list;
  GString *all = g_string_new (NULL);
  int n = list != NULL ? internet_address_list_length (list) : 0;

  for (int i = 0; i < n; i++)
    {
      InternetAddress *address = internet_address_list_get_address (list, i);

      if (!INTERNET_ADDRESS_IS_MAILBOX (address)
          || strchr (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (address)), '@')
               == NULL)
        {
          g_string_free (all, TRUE);
          return NULL;
        }

      g_autofree char *name = pinion_text_clean_line (internet_address_get_name (address), -1, 300);
      g_autofree char *clean = pinion_text_clean_line (
        internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (address)), -1, 0);
      g_string_append_printf (all, "[%s|%s]", name, clean);
    }

  return g_string_free (all, FALSE);
}

/* What is read without GMime is read as GMime would. */
static void
test_plain (void)
{
  static const char *const pieces[] = {
    "Anna", "Keller", "J.", "O'Neil", "anna@x.example", "<anna@x.example>", "<a.b+c@mail.x.example>",
    "\"Keller, Anna\"", "\"a <b@c>\"", "\"\"", "\"", ",", ",", ",", " ", " ", " ", "  ", "<", ">", "@",
    ".", "..", "-", "x", "x@", "@x.example", "(note)", ";", "ops:", "1", "_",
    "<a@xn--bcher-kva.example>", "a@XN--bcher-kva.example", "=?utf-8?q?=C3=A4?=",
  };
  guint n_compared = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) value = g_string_new (NULL);

      for (int n = g_test_rand_int_range (1, 9); n > 0; n--)
        g_string_append (value, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      g_strstrip (value->str);
      if (strstr (value->str, "=?") != NULL && strchr (value->str, '"') != NULL)
        continue;

      g_autofree char *other = read_by_gmime (value->str);
      g_autofree char *own = read_field (value->str);
      if (other == NULL || *other == '\0')
        continue;
      if (!g_str_equal (own, other))
        g_error ("%s: %s, GMime %s", value->str, own, other);
      n_compared++;
    }
  g_assert_cmpuint (n_compared, >, 2000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_mime_init ();

  g_test_add_func ("/mime/address/typed", test_typed);
  g_test_add_func ("/mime/address/wire", test_wire);
  g_test_add_func ("/mime/address/equal", test_equal);
  g_test_add_func ("/mime/address/plain", test_plain);

  return g_test_run ();
}
