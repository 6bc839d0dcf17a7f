/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses that people type, and as servers get them. */

#include "pinion-error.h"
#include "pinion-mime-address.h"

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

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mime/address/typed", test_typed);
  g_test_add_func ("/mime/address/wire", test_wire);
  g_test_add_func ("/mime/address/equal", test_equal);

  return g_test_run ();
}
