/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-error.h"

#include <gio/gio.h>

static void
test_words (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (int code = PINION_ERROR_INTERNAL; code <= PINION_ERROR_STORE_DIFFERS; code++)
    {
      g_autoptr (GError) error = pinion_error_new (code, PINION_PROTOCOL_IMAP, PINION_STAGE_TLS,
                                                   "technical");
      g_autofree char *message = pinion_error_dup_message (error);
      g_autofree char *fix = pinion_error_dup_fix (error);

      g_assert_cmpstr (message, !=, "");
      g_assert_cmpstr (fix, !=, "");
      g_assert_null (strchr (message, '%'));
      g_assert_true (g_hash_table_add (names, (gpointer) pinion_error_get_code_name (error)));
    }
}

/* Who cannot send is not told of IMAP. */
static void
test_words_by_protocol (void)
{
  for (int protocol = PINION_PROTOCOL_IMAP; protocol <= PINION_PROTOCOL_SMTP; protocol++)
    {
      gboolean imap = protocol == PINION_PROTOCOL_IMAP;
      g_autoptr (GError) error = pinion_error_new (PINION_ERROR_SIGN_IN_REFUSED, protocol,
                                                   PINION_STAGE_SIGN_IN, "no");
      g_autofree char *fix = pinion_error_dup_fix (error);

      g_assert_true ((strstr (fix, "IMAP") != NULL) == imap);
      g_assert_true ((strstr (fix, "SMTP") != NULL) == !imap);
    }
}

static void
test_place_and_details (void)
{
  g_autoptr (GError) error = pinion_error_new (PINION_ERROR_PORT_CLOSED, PINION_PROTOCOL_SMTP,
                                               PINION_STAGE_REACH, "refused");

  pinion_error_set_detail (error, "host", "mail.example.com");
  pinion_error_set_detail (error, "port", "587");
  g_autoptr (GError) copy = g_error_copy (error);
  g_autofree char *message = pinion_error_dup_message (copy);

  g_assert_nonnull (strstr (message, "mail.example.com"));
  g_assert_nonnull (strstr (message, "587"));
  g_assert_cmpstr (pinion_error_get_code_name (copy), ==, "port-closed");
  g_assert_cmpstr (pinion_protocol_to_string (pinion_error_get_protocol (copy)), ==, "smtp");
  g_assert_cmpstr (pinion_stage_to_string (pinion_error_get_stage (copy)), ==, "reach");
}

static void
test_adopt (void)
{
  g_autoptr (GError) error
      = pinion_error_adopt (g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "no"),
                            PINION_PROTOCOL_IMAP, PINION_STAGE_REACH);

  g_assert_true (pinion_error_is (error, PINION_ERROR_PORT_CLOSED));
  g_assert_true (pinion_error_is_temporary (error));

  g_autoptr (GError) same = pinion_error_adopt (g_error_copy (error), PINION_PROTOCOL_SMTP,
                                                PINION_STAGE_TLS);
  g_assert_cmpint (pinion_error_get_protocol (same), ==, PINION_PROTOCOL_IMAP);

  g_autoptr (GError) foreign = g_error_new (G_MARKUP_ERROR, 0, "strange");
  g_assert_cmpstr (pinion_error_get_code_name (foreign), ==, "internal");
}

static void
assert_not_saved (GQuark          domain,
                  int             code,
                  PinionErrorCode adopted)
{
  g_autoptr (GError) error = pinion_error_adopt_saving (g_error_new (domain, code, "no"));

  g_assert_true (pinion_error_is (error, adopted));
}

static void
test_adopt_saving (void)
{
  assert_not_saved (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, PINION_ERROR_NOT_SAVED);
  assert_not_saved (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, PINION_ERROR_NOT_SAVED);
  assert_not_saved (G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY, PINION_ERROR_NOT_SAVED);
  assert_not_saved (G_FILE_ERROR, G_FILE_ERROR_ROFS, PINION_ERROR_NOT_SAVED);
  assert_not_saved (G_IO_ERROR, G_IO_ERROR_NO_SPACE, PINION_ERROR_DISK_FULL);
  assert_not_saved (PINION_ERROR, PINION_ERROR_NOT_FOUND, PINION_ERROR_NOT_FOUND);
  assert_not_saved (PINION_ERROR, PINION_ERROR_STORE_FAILED, PINION_ERROR_NOT_SAVED);
  assert_not_saved (PINION_ERROR, PINION_ERROR_DISK_FULL, PINION_ERROR_DISK_FULL);
}

static void
assert_blamed (PinionErrorCode      code,
               PinionStage          stage,
               GNetworkConnectivity connectivity,
               PinionErrorCode      blamed)
{
  g_autoptr (GError) error = pinion_error_new (code, PINION_PROTOCOL_IMAP, stage, "it failed");

  pinion_error_set_detail (error, "host", "mail.example.com");
  pinion_error_blame_network (error, connectivity);
  g_assert_error (error, PINION_ERROR, (int) blamed);
  g_assert_cmpint (pinion_error_get_stage (error), ==, stage);
}

/* The verdict of the network explains what comes before signing in, and nothing else. */
static void
test_blame_network (void)
{
  static const struct
  {
    PinionErrorCode code;
    PinionStage stage;
    PinionErrorCode portal;
    PinionErrorCode limited;
  } cases[] = {
    { PINION_ERROR_HOST_UNKNOWN, PINION_STAGE_RESOLVE, PINION_ERROR_CAPTIVE_PORTAL,
      PINION_ERROR_NETWORK_LIMITED },
    { PINION_ERROR_UNREACHABLE, PINION_STAGE_REACH, PINION_ERROR_CAPTIVE_PORTAL,
      PINION_ERROR_NETWORK_LIMITED },
    { PINION_ERROR_TIMED_OUT, PINION_STAGE_REACH, PINION_ERROR_CAPTIVE_PORTAL,
      PINION_ERROR_NETWORK_LIMITED },
    { PINION_ERROR_TIMED_OUT, PINION_STAGE_GREETING, PINION_ERROR_CAPTIVE_PORTAL,
      PINION_ERROR_TIMED_OUT },
    { PINION_ERROR_PORT_CLOSED, PINION_STAGE_REACH, PINION_ERROR_CAPTIVE_PORTAL,
      PINION_ERROR_PORT_CLOSED },
    { PINION_ERROR_CERTIFICATE_OTHER_NAME, PINION_STAGE_CERTIFICATE, PINION_ERROR_CAPTIVE_PORTAL,
      PINION_ERROR_CERTIFICATE_OTHER_NAME },
    { PINION_ERROR_NO_NETWORK, PINION_STAGE_RESOLVE, PINION_ERROR_NO_NETWORK,
      PINION_ERROR_NO_NETWORK },
    { PINION_ERROR_SIGN_IN_REFUSED, PINION_STAGE_SIGN_IN, PINION_ERROR_SIGN_IN_REFUSED,
      PINION_ERROR_SIGN_IN_REFUSED },
    { PINION_ERROR_DISK_FULL, PINION_STAGE_NONE, PINION_ERROR_DISK_FULL, PINION_ERROR_DISK_FULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PinionErrorCode code = cases[i].code;
      PinionStage stage = cases[i].stage;

      assert_blamed (code, stage, G_NETWORK_CONNECTIVITY_PORTAL, cases[i].portal);
      assert_blamed (code, stage, G_NETWORK_CONNECTIVITY_LIMITED, cases[i].limited);
      assert_blamed (code, stage, G_NETWORK_CONNECTIVITY_FULL, code);
      assert_blamed (code, stage, G_NETWORK_CONNECTIVITY_LOCAL, code);
    }

  g_autoptr (GError) foreign = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "strange");
  pinion_error_blame_network (foreign, G_NETWORK_CONNECTIVITY_PORTAL);
  g_assert_error (foreign, G_IO_ERROR, G_IO_ERROR_FAILED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/error/words", test_words);
  g_test_add_func ("/core/error/words-by-protocol", test_words_by_protocol);
  g_test_add_func ("/core/error/place", test_place_and_details);
  g_test_add_func ("/core/error/adopt", test_adopt);
  g_test_add_func ("/core/error/adopt-saving", test_adopt_saving);
  g_test_add_func ("/core/error/blame-network", test_blame_network);
  return g_test_run ();
}
