/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in: a challenge is decoded exactly when it is base64; answers are one line and hold what
 * was given; what a server repeats of the password is taken out.
 *
 * The input: a line each with the name, the password, and challenges. */

#include "fuzz.h"
#include "pinion-sasl.h"

#define MAX_CHALLENGES 10

/* base64 of RFC 4648, 4, with its padding; blanks around it do not count. */
static gboolean
is_base64 (const char *text)
{
  gsize start = strspn (text, " \t\r\n\f");
  gsize length = strlen (text);
  gsize padding = 0;

  while (length > start && strchr (" \t\r\n\f", text[length - 1]) != NULL)
    length--;
  if ((length - start) % 4 != 0)
    return FALSE;
  while (padding < 2 && length > start && text[length - 1] == '=')
    {
      length--;
      padding++;
    }
  for (gsize i = start; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return FALSE;

  return TRUE;
}

/* One line of base64 with its end. Returns: (transfer full) what is in it */
static GBytes *
check_line (GBytes *answer)
{
  g_autoptr (GBytes) line = pinion_sasl_encode_line ("", answer, FALSE);
  gsize length;
  const char *text = g_bytes_get_data (line, &length);
  g_autofree char *base64 = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *back;

  g_assert_cmpuint (length, >=, 2);
  g_assert_cmpmem (text + length - 2, 2, "\r\n", 2);
  base64 = g_strndup (text, length - 2);
  g_assert_cmpuint (strlen (base64), ==, length - 2);
  g_assert_cmpuint (strspn (base64, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789+/="), ==, length - 2);
  back = pinion_sasl_decode (base64, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, answer));

  return back;
}

/* message = [authzid] UTF8NUL authcid UTF8NUL passwd (RFC 4616, 2); LOGIN says them one by one. */
static void
check_answer (PinionSaslMechanism mechanism,
              guint               index,
              GBytes             *answer,
              const char         *user,
              const char         *password)
{
  g_autoptr (GBytes) back = check_line (answer);
  g_autoptr (GByteArray) wanted = g_byte_array_new ();
  gboolean both = mechanism == PINION_SASL_PLAIN;
  gsize length;
  const guint8 *data = g_bytes_get_data (back, &length);

  if (both)
    g_byte_array_append (wanted, (const guint8 *) "", 1);
  if (both || index == 0)
    g_byte_array_append (wanted, (const guint8 *) user, (guint) strlen (user));
  if (both)
    g_byte_array_append (wanted, (const guint8 *) "", 1);
  if (both || index > 0)
    g_byte_array_append (wanted, (const guint8 *) password, (guint) strlen (password));

  g_assert_cmpmem (data, length, wanted->data, wanted->len);
}

/* A server that repeats what it was told is not told on. */
static void
check_redaction (PinionSasl *sasl,
                 const char *password,
                 GBytes     *answer,
                 const char *text)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (answer, &size);
  g_autofree char *base64 = g_base64_encode (data, size);
  g_autofree char *all = g_strconcat (text, " ", password, NULL);
  g_autofree char *clean = pinion_sasl_redact (sasl, all);
  g_autofree char *nothing = pinion_sasl_redact (sasl, base64);

  /* What is put in its place may be one again. */
  if (strchr (password, '*') != NULL)
    return;

  g_assert_null (strstr (clean, password));
  /* A name such as ",p=*" makes the mask itself look like a part of an answer. */
  g_assert_cmpuint (strspn (nothing, "*"), ==, strlen (nothing));
}

/* Says the server's lines to one mechanism. */
static void
sign_in (PinionSaslMechanism mechanism,
         const char         *user,
         PinionSecret       *secret,
         FuzzInput           input)
{
  const char *password = pinion_secret_peek (secret);
  const PinionSaslContext context = {
    .protocol = PINION_PROTOCOL_SMTP,
    .host = "mail.example.com",
    .user = user,
    .secret = secret,
    .encrypted = TRUE,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (PinionSasl) sasl = pinion_sasl_new (mechanism, &context, &error);
  guint n_answers = 0;

  g_assert_cmpint (sasl == NULL, ==, error != NULL);
  if (sasl == NULL)
    return;

  for (guint i = 0; i < MAX_CHALLENGES && input.left > 0; i++)
    {
      g_autofree char *challenge = fuzz_input_line (&input);
      g_autoptr (GBytes) decoded = pinion_sasl_decode (challenge, NULL);
      g_autoptr (GBytes) answer = NULL;
      gsize length;
      const guint8 *data;

      g_assert_cmpint (decoded != NULL, ==, is_base64 (challenge));
      if (decoded == NULL)
        continue;

      data = g_bytes_get_data (decoded, &length);
      answer = pinion_sasl_step (sasl, data, length, NULL);
      if (answer == NULL)
        break;
      check_answer (mechanism, n_answers, answer, user, password);
      if (mechanism == PINION_SASL_PLAIN || n_answers > 0)
        check_redaction (sasl, password, answer, challenge);
      n_answers++;
    }
  g_assert_cmpuint (n_answers, <=, mechanism == PINION_SASL_PLAIN ? 1 : 2);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzInput input = { data, size };
  g_autofree char *user = fuzz_input_line (&input);
  g_autofree char *password = fuzz_input_line (&input);
  PinionSecret *secret = pinion_secret_new (password);

  sign_in (PINION_SASL_PLAIN, user, secret, input);
  sign_in (PINION_SASL_LOGIN, user, secret, input);
  pinion_secret_unref (secret);

  return 0;
}
