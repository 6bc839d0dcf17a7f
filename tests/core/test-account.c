/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-account.h"
#include "pinion-backoff.h"

static void
test_address (void)
{
  const char *good[] = { "ana@example.com", "a.b+c@mail.example", "jürgen@bücher.example" };
  const char *bad[] = { "", "ana", "@example.com", "ana@", "a b@example.com", "a@b..c",
                        "a\r\nRCPT TO:<x@y>@example.com", ".a@example.com", "a@exa mple.com",
                        "<a@example.com>", "a@b@", "\"a\"@example.com" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (pinion_address_is_valid (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (pinion_address_is_valid (bad[i]));
}

static void
test_host (void)
{
  g_assert_true (pinion_host_is_valid ("mail.example.com"));
  g_assert_true (pinion_host_is_valid ("127.0.0.1"));
  g_assert_true (pinion_host_is_valid ("::1"));
  g_assert_true (pinion_host_is_valid ("bücher.example"));
  g_assert_false (pinion_host_is_valid (""));
  g_assert_false (pinion_host_is_valid ("mail example"));
  g_assert_false (pinion_host_is_valid ("https://mail.example"));
  g_assert_false (pinion_host_is_valid ("mail..example"));
}

static void
test_history (void)
{
  PinionHistory history;
  gint64 now = 1790000000;

  for (int i = PINION_HISTORY_NONE; i <= PINION_HISTORY_ALL; i++)
    {
      g_assert_true (pinion_history_from_string (pinion_history_to_string (i), &history));
      g_assert_cmpint (history, ==, i);
    }
  g_assert_false (pinion_history_from_string ("4y", &history));

  g_assert_cmpint (pinion_history_get_start (PINION_HISTORY_NONE, now, 42), ==, 42);
  g_assert_cmpint (pinion_history_get_start (PINION_HISTORY_ALL, now, 42), ==, G_MININT64);
  gint64 year = pinion_history_get_start (PINION_HISTORY_1_YEAR, now, 0);
  g_assert_cmpint (now - year, >=, 365 * 86400);
  g_assert_cmpint (now - year, <, 367 * 86400);
}

static void
test_sign_in (void)
{
  PinionSignIn sign_in;

  for (guint i = PINION_SIGN_IN_PASSWORD; i <= PINION_SIGN_IN_KERBEROS; i++)
    {
      g_assert_true (pinion_sign_in_from_string (pinion_sign_in_to_string (i), &sign_in));
      g_assert_cmpint (sign_in, ==, i);
    }
  g_assert_false (pinion_sign_in_from_string ("ticket", &sign_in));
  g_assert_false (pinion_sign_in_from_string (NULL, &sign_in));
}

static void
test_copy (void)
{
  g_autoptr (PinionAccount) account = pinion_account_new ();

  account->imap.host = g_strdup ("mail.example.com");
  account->smtp.trusted_sha256 = g_strdup ("ab");
  g_assert_true (pinion_account_needs_password (account));
  account->imap.sign_in = PINION_SIGN_IN_KERBEROS;
  g_assert_true (pinion_account_needs_password (account));
  pinion_account_set_sign_in (account, PINION_SIGN_IN_KERBEROS);
  g_assert_false (pinion_account_needs_password (account));
  g_autoptr (PinionAccount) copy = pinion_account_copy (account);

  g_assert_cmpstr (copy->uuid, ==, account->uuid);
  g_assert_cmpstr (copy->imap.host, ==, "mail.example.com");
  g_assert_true (copy->imap.host != account->imap.host);
  g_assert_cmpint (copy->imap.sign_in, ==, PINION_SIGN_IN_KERBEROS);
  g_assert_cmpint (copy->smtp.sign_in, ==, PINION_SIGN_IN_KERBEROS);
  g_assert_cmpstr (copy->smtp.trusted_sha256, ==, "ab");
}

static void
test_backoff (void)
{
  PinionBackoff backoff;

  pinion_backoff_init (&backoff, 2, 60);
  for (guint i = 0; i < 100; i++)
    {
      guint wait = pinion_backoff_next (&backoff);

      g_assert_cmpuint (wait, >=, 1);
      g_assert_cmpuint (wait, <=, 60);
      if (i == 0)
        g_assert_cmpuint (wait, <=, 2);
      if (i > 10)
        g_assert_cmpuint (wait, >=, 30);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/account/address", test_address);
  g_test_add_func ("/core/account/host", test_host);
  g_test_add_func ("/core/account/history", test_history);
  g_test_add_func ("/core/account/sign-in", test_sign_in);
  g_test_add_func ("/core/account/copy", test_copy);
  g_test_add_func ("/core/backoff", test_backoff);
  return g_test_run ();
}
