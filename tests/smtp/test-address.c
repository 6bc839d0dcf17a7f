/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-error.h"
#include "pinion-smtp-address.h"

#include <string.h>

static void
assert_encoded (const char *address,
                gboolean    smtputf8,
                const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *encoded = pinion_smtp_address_encode (address, smtputf8, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (encoded, ==, expected);
}

static void
assert_refused (const char     *address,
                gboolean        smtputf8,
                PinionErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *encoded = pinion_smtp_address_encode (address, smtputf8, &error);

  g_assert_cmpstr (encoded, ==, NULL);
  g_assert_error (error, PINION_ERROR, (int) code);
  g_assert_null (strpbrk (error->message, "\r\n"));
}

static void
test_good (void)
{
  assert_encoded ("ana@example.com", FALSE, "<ana@example.com>");
  assert_encoded ("a.b+c=d!#$%&'*/?^_`{|}~-@example.com", FALSE,
                  "<a.b+c=d!#$%&'*/?^_`{|}~-@example.com>");
  assert_encoded ("\"a b\"@example.com", FALSE, "<\"a b\"@example.com>");
  assert_encoded ("\"a\\\"b\\\\\"@example.com", FALSE, "<\"a\\\"b\\\\\"@example.com>");
  assert_encoded ("\"a@b\"@example.com", FALSE, "<\"a@b\"@example.com>");
  assert_encoded ("a..b@example.com", FALSE, "<\"a..b\"@example.com>");
  assert_encoded ("a.@example.com", FALSE, "<\"a.\"@example.com>");
  assert_encoded ("ana@localhost", FALSE, "<ana@localhost>");
  assert_encoded ("ana@[127.0.0.1]", FALSE, "<ana@[127.0.0.1]>");
  assert_encoded ("ana@[IPv6:::1]", FALSE, "<ana@[IPv6:::1]>");
  assert_encoded ("ana@bücher.example", FALSE, "<ana@xn--bcher-kva.example>");
  assert_encoded ("josé@bücher.example", TRUE, "<josé@xn--bcher-kva.example>");
}

static void
test_unsupported (void)
{
  assert_refused ("josé@example.com", FALSE, PINION_ERROR_ADDRESS_UNSUPPORTED);
  assert_refused ("用户@example.com", FALSE, PINION_ERROR_ADDRESS_UNSUPPORTED);
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "",
    "ana",
    "@example.com",
    "ana@",
    "ana@.example.com",
    "ana@example..com",
    "ana@example.com.",
    "ana@exa mple.com",
    "ana@example.com>",
    "ana<@example.com",
    "a b@example.com",
    "ana@example.com\r\nRCPT TO:<eve@evil.example>",
    "\"a\r\n RCPT TO:<evil@x>\"@example.com",
    "a\nb@example.com",
    "a\tb@example.com",
    "a\x7f@example.com",
    "\"a\"b\"@example.com",
    "\"a\\\"@example.com",
    "\"a\\\\\"b\"@example.com",
    "\"\"@example.com",
    "\"@example.com",
    "a\"b@example.com",
    "ana@[127.0.0.1",
    "ana@[127.0.0.1>]",
    "ana@[]",
    "a,b@example.com",
    "a;b@example.com",
    "a:b@example.com",
    "a\\b@example.com",
    "(a)@example.com",
    "jos\xe9@example.com",
    "ana@b\xfc"
    "cher.example",
    "a\xc2\x85@example.com",
    "a\xe2\x80\xa8@example.com",
    "a\xe2\x80\xae@example.com",
    "ana@exa_mple.com SIZE=1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_refused (cases[i], FALSE, PINION_ERROR_INVALID_ARGUMENT);
      assert_refused (cases[i], TRUE, PINION_ERROR_INVALID_ARGUMENT);
    }

  g_autofree char *many = g_strnfill (65, 'a');
  g_autofree char *local = g_strconcat (many, "@example.com", NULL);
  g_autofree char *domain = g_strconcat ("a@", many, ".", many, ".", many, ".", many, NULL);
  assert_refused (local, TRUE, PINION_ERROR_INVALID_ARGUMENT);
  assert_refused (domain, TRUE, PINION_ERROR_INVALID_ARGUMENT);
}

/* Whatever goes in: what comes out is one path, or nothing. */
static void
test_random (void)
{
  static const char alphabet[] = "ab@.\"\\<> \r\n\t,;:()[]\xc3\xa9\x7f";
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint round = 0; round < 20000; round++)
    {
      char input[16];
      gsize length = (gsize) g_rand_int_range (rand, 0, sizeof input);

      for (gsize i = 0; i < length; i++)
        input[i] = alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];
      input[length] = '\0';

      g_autofree char *encoded = pinion_smtp_address_encode (input, TRUE, NULL);
      if (encoded == NULL)
        continue;

      g_assert_null (strpbrk (encoded, "\r\n\t"));
      g_assert_true (encoded[0] == '<' && g_str_has_suffix (encoded, ">"));
      g_assert_true (g_utf8_validate (encoded, -1, NULL));
      if (strchr (encoded, '"') == NULL)
        g_assert_null (strpbrk (encoded + 1, "< ,;()\\"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/smtp/address/good", test_good);
  g_test_add_func ("/smtp/address/unsupported", test_unsupported);
  g_test_add_func ("/smtp/address/refused", test_refused);
  g_test_add_func ("/smtp/address/random", test_random);

  return g_test_run ();
}
