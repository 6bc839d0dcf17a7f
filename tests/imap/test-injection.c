/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values that want to be commands: whatever a name, a password or a criterion holds, the server
 * reads one command with that value in it.
 *
 * What goes out                Test
 * ---------------------------  -----------------------------------------------------------------
 * Mailbox names                status, select, create, copy, append, each with and without LITERAL+
 * New names                    new-names; mailbox/raw-names
 * User names, passwords        login, plain; sasl/refused
 * Search criteria              search; messages/search
 * Header field names           fields
 * UID sets                     sets (a set is numbers, whatever it was read from)
 * Flags                        flags (a server's keyword is never sent back)
 * Any bytes                    fuzz-imap-command, command/random
 * Subjects, addresses, files   mime/injection/, compose/injection, compose/refused
 */

#include <string.h>

#include "imap-test-hostile.h"

static const char *const values[] = {
  /* Line ends and what would come after them */
  "x\r\nA2 DELETE INBOX",
  "\r\n",
  "x\r\n",
  "x\nA2 LOGOUT",
  "x\rA2 LOGOUT",
  "\"\r\nA2 DELETE INBOX\r\n\"",
  /* Quotes and escapes */
  "\"",
  "\\",
  "\\\"",
  "a\\",
  "a\" INBOX \"b",
  "\" (MESSAGES)",
  /* Literals */
  "{5}",
  "{5+}\r\nabcde",
  "~{3}",
  "x {18446744073709551615}",
  "{",
  /* Lists, wildcards, codes, sets, nothing */
  "(",
  ") (",
  "*",
  "%",
  "[CAPABILITY IMAP4rev1]",
  "a]b",
  "1:*",
  "+",
  "NIL",
  "nil",
  "",
  " ",
  "a ",
  /* Controls and bytes that are not ASCII */
  "\t",
  "a\x01",
  "a\x7f",
  "\xc3\xbc",
  "\xff\xfe",
  "\xe2\x80\xae",
  /* UTF-16's and overlong line ends */
  "a\xc0\x8d\xc0\x8a" "A2 LOGOUT",
  "\xe5\x98\x8a\xe5\x98\x8d" "A2 LOGOUT",
};

/* -- What the server must see --------------------------------------------------------------- */

/* @bytes in a script's escapes; each CRLF in them begins a new expectation. */
static void
append_expected (GString    *script,
                 const char *bytes)
{
  for (; *bytes != '\0'; bytes++)
    {
      if (bytes[0] == '\r' && bytes[1] == '\n')
        {
          g_string_append (script, "\nC: ");
          bytes++;
        }
      else
        {
          g_string_append_printf (script, "\\x%02x", (guint) (guchar) *bytes);
        }
    }
}

static gboolean
is_plain (const char *value,
          const char *wrong)
{
  for (const char *at = value; *at != '\0'; at++)
    if ((guchar) *at < 0x20 || (guchar) *at > 0x7e || strchr (wrong, *at) != NULL)
      return FALSE;

  return TRUE;
}

/* As RFC 3501 wants an astring: an atom where nothing in it could be anything else, quoted where it
 * is ASCII, else a literal. */
static void
append_astring (GString    *script,
                const char *value,
                gboolean    free_of_charge)
{
  if (is_plain (value, " (){%*\"\\[]+&~") && *value != '\0' &&
      g_ascii_strcasecmp (value, "NIL") != 0)
    {
      append_expected (script, value);
    }
  else if (is_plain (value, ""))
    {
      g_string_append_c (script, '"');
      for (const char *at = value; *at != '\0'; at++)
        {
          char one[] = { *at, '\0' };

          if (*at == '"' || *at == '\\')
            g_string_append (script, "\\\\");
          append_expected (script, one);
        }
      g_string_append_c (script, '"');
    }
  else
    {
      g_string_append_printf (script, "{%u%s}\n%sC: ", (guint) strlen (value),
                              free_of_charge ? "+" : "", free_of_charge ? "" : "S: + go\n");
      append_expected (script, value);
    }
}

/* -- Mailbox names -------------------------------------------------------------------------- */

typedef DexFuture *(*Act) (PinionImapConnection *connection,
                           const char           *value);

/* @before, @after: what stands around the name in the command. */
typedef struct
{
  const char *name;
  Act act;
  const char *before;
  const char *after;
  PinionErrorCode code;
} Place;

static DexFuture *
act_status (PinionImapConnection *connection,
            const char           *value)
{
  return pinion_imap_connection_status (connection, value);
}

static DexFuture *
act_select (PinionImapConnection *connection,
            const char           *value)
{
  return pinion_imap_connection_select (connection, value, FALSE);
}

static DexFuture *
act_create (PinionImapConnection *connection,
            const char           *value)
{
  return pinion_imap_connection_create (connection, value);
}

static DexFuture *
act_append (PinionImapConnection *connection,
            const char           *value)
{
  g_autoptr (GBytes) message = g_bytes_new_static ("A: b\r\n\r\n", 8);

  return pinion_imap_connection_append (connection, value, PINION_IMAP_FLAG_SEEN, G_MININT64,
                                        message);
}

static const Place places[] = {
  { "status", act_status, "STATUS ", " (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)",
    PINION_ERROR_MAILBOX_NOT_OPENED },
  { "select", act_select, "SELECT ", "", PINION_ERROR_MAILBOX_NOT_OPENED },
  { "create", act_create, "CREATE ", "", PINION_ERROR_REFUSED },
  { "append", act_append, "APPEND ", " (\\\\Seen) {8}", PINION_ERROR_REFUSED },
};

static void
check_place (const Place *place,
             gboolean     free_of_charge)
{
  g_autoptr (GString) script = g_string_new (NULL);
  const char *meagre = "IMAP4rev1 AUTH=PLAIN SASL-IR NAMESPACE";
  Session session;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_string_append_printf (script, "C: P%u %s", i + 5, place->before);
      append_astring (script, values[i], free_of_charge);
      g_string_append_printf (script, "%s\nS: P%u NO no such\n", place->after, i + 5);
    }
  session_open (&session, free_of_charge ? SESSION_EXCHANGE : meagre, script->str);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GError) error = NULL;

      error = session_assert_rejects (place->act (session.connection, values[i]), place->code);
    }
  session_close (&session);
}

static DexFuture *
test_place_fiber (gpointer data)
{
  check_place (data, TRUE);
  check_place (data, FALSE);

  return dex_future_new_true ();
}

static DexFuture *
test_copy_fiber (gpointer data)
{
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (PinionUidSet) set = session_set ("5:6,9");
  Session session;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_string_append_printf (script, "C: P%u UID COPY 5:6,9 ", i + 6);
      append_astring (script, values[i], TRUE);
      g_string_append_printf (script, "\nS: P%u NO [TRYCREATE]\n", i + 6);
    }
  session_open_inbox (&session, SESSION_EXCHANGE, script->str);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GError) error = NULL;

      error = session_assert_rejects (pinion_imap_connection_copy (session.connection, set,
                                                                   values[i]),
                                      PINION_ERROR_MAILBOX_NOT_OPENED);
    }
  session_close (&session);

  return dex_future_new_true ();
}

/* What a person types as a name is one level of printable ASCII, or refused. */
static void
test_new_names (void)
{
  static const char delimiters[] = "/.\\\"&-,";

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    for (const char *at = delimiters; *at != '\0'; at++)
      {
        g_autofree char *raw = pinion_imap_mailbox_make_raw_name ("x", *at, values[i]);

        if (strpbrk (values[i], "\r\n\t\x01\x7f") != NULL || *values[i] == '\0' ||
            !g_utf8_validate (values[i], -1, NULL))
          g_assert_null (raw);
        if (raw == NULL)
          continue;
        g_assert_true (is_plain (raw, "*%"));
        g_assert_true (strchr (raw + 2, *at) == NULL);
      }
}

/* -- Signing in ----------------------------------------------------------------------------- */

#define GREETING "{tls}\n" HOSTILE_GREETING
#define MEAGRE "IMAP4rev1 LITERAL+"

static void
check_sign_in (const char *user,
               const char *password,
               const char *capabilities,
               const char *command)
{
  g_autofree char *asked = g_strdup_printf ("C: $tag CAPABILITY\nS: * CAPABILITY %s\nS: $tag OK\n",
                                            capabilities);
  g_autofree char *script = g_strconcat (GREETING, asked, command, "\nS: P2 NO\n{end}\n", NULL);
  g_autoptr (GError) error = NULL;
  Session session;

  session_prepare (&session, script, PINION_ENCRYPTION_TLS, user);
  pinion_secret_unref (session.secret);
  session.secret = pinion_secret_new (password);
  error = session_assert_rejects (pinion_imap_connect (&session.server, session.secret,
                                                       pinion_test_certs_get_ca (), NULL),
                                  PINION_ERROR_SIGN_IN_REFUSED);
  session_close (&session);
}

/* SASL takes no empty names and nothing that is not text; see its own tests. */
static gboolean
is_credential (const char *value)
{
  return *value != '\0' && g_utf8_validate (value, -1, NULL);
}

static DexFuture *
test_login_fiber (gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GString) as_user = g_string_new ("C: P2 LOGIN ");
      g_autoptr (GString) as_password = g_string_new ("C: P2 LOGIN ana ");

      if (!is_credential (values[i]))
        continue;
      append_astring (as_user, values[i], TRUE);
      g_string_append (as_user, " secret");
      check_sign_in (values[i], "secret", MEAGRE, as_user->str);
      append_astring (as_password, values[i], TRUE);
      check_sign_in ("ana", values[i], MEAGRE, as_password->str);
    }

  return dex_future_new_true ();
}

/* In PLAIN it is all base64, on one line. */
static DexFuture *
test_plain_fiber (gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GByteArray) message = g_byte_array_new ();
      g_autofree char *base64 = NULL;
      g_autofree char *command = NULL;

      /* A name with a mailbox part goes with LOGIN. */
      if (!is_credential (values[i]) || strpbrk (values[i], "\\/") != NULL)
        continue;
      for (guint j = 0; j < 2; j++)
        {
          g_byte_array_append (message, (const guint8 *) "", 1);
          g_byte_array_append (message, (const guint8 *) values[i], (guint) strlen (values[i]));
        }
      base64 = g_base64_encode (message->data, message->len);
      command = g_strconcat ("C: P2 AUTHENTICATE PLAIN ", base64, NULL);
      check_sign_in (values[i], values[i], "IMAP4rev1 AUTH=PLAIN SASL-IR", command);
    }

  return dex_future_new_true ();
}

/* -- Criteria, fields, sets, flags ---------------------------------------------------------- */

static DexFuture *
test_search_fiber (gpointer data)
{
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (GPtrArray) searches = g_ptr_array_new ();
  Session session;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      PinionImapSearch *search = pinion_imap_search_new ();
      gboolean plain = is_plain (values[i], "");

      /* As the name of a field none of them will do; as its value only ASCII, quoted. */
      if (values[i][strspn (values[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] !=
              '\0' ||
          *values[i] == '\0')
        g_assert_false (pinion_imap_search_add_header (search, values[i], "x"));
      g_assert_cmpint (pinion_imap_search_add_header (search, "X-A", values[i]), ==, plain);
      if (!plain)
        {
          pinion_imap_search_free (search);
          continue;
        }

      g_string_append_printf (script, "C: P%u UID SEARCH HEADER X-A \"", searches->len + 6);
      for (const char *at = values[i]; *at != '\0'; at++)
        {
          char one[] = { *at, '\0' };

          if (*at == '"' || *at == '\\')
            g_string_append (script, "\\\\");
          append_expected (script, one);
        }
      g_string_append_printf (script, "\"\nS: P%u OK nothing\n", searches->len + 6);
      g_ptr_array_add (searches, search);
    }

  session_open_inbox (&session, SESSION_EXCHANGE, script->str);
  for (guint i = 0; i < searches->len; i++)
    session_assert_resolves (pinion_imap_connection_search (session.connection,
                                                            searches->pdata[i]));
  session_close (&session);

  return dex_future_new_true ();
}

static DexFuture *
test_fields_fiber (gpointer data)
{
  g_autoptr (PinionUidSet) set = session_set ("5");
  Session session;

  session_open_inbox (&session, SESSION_EXCHANGE, "{end}\n");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *fields = g_strconcat ("SUBJECT", values[i], NULL);
      g_autoptr (GError) error = NULL;

      if (is_plain (values[i], "\"\\{}()~*%[]+:"))
        continue;
      error = session_assert_rejects (
          pinion_imap_connection_fetch_headers (session.connection, set, fields, PINION_IMAP_HEADERS_ALL),
          PINION_ERROR_INVALID_ARGUMENT);
    }
  session_close (&session);

  return dex_future_new_true ();
}

static void
test_sets (void)
{
  static const char *const sets[] = {
    "1\r\nA2 DELETE INBOX", "1:2\r\n", "1 2", "1,2 ", " 1", "1,", ",1", "1:", ":1", "1::2", "1;2",
    "0", "1,0", "-1", "+1", "1e5", "0x10", "4294967296", "99999999999999999999", "*:", "a", "",
    "\xff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    g_assert_null (pinion_uid_set_parse (sets[i], -1));
  /* Bytes after the set count, too. */
  g_assert_null (pinion_uid_set_parse ("1\0", 2));
}

/* A keyword that a server made up comes to nothing. */
static void
test_flags (void)
{
  g_autofree char *all = pinion_imap_flags_to_string ((PinionImapFlags) ~0u);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpuint (pinion_imap_flag_from_name (values[i], strlen (values[i])), ==, 0);
  g_assert_true (is_plain (all, "\"{[]"));
}

int
main (int   argc,
      char *argv[])
{
  pinion_test_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_strconcat ("/imap/injection/", places[i].name, NULL);

      hostile_add (path, test_place_fiber, &places[i]);
    }
  pinion_test_add_fiber ("/imap/injection/copy", test_copy_fiber);
  pinion_test_add_fiber ("/imap/injection/login", test_login_fiber);
  pinion_test_add_fiber ("/imap/injection/plain", test_plain_fiber);
  pinion_test_add_fiber ("/imap/injection/search", test_search_fiber);
  pinion_test_add_fiber ("/imap/injection/fields", test_fields_fiber);
  g_test_add_func ("/imap/injection/new-names", test_new_names);
  g_test_add_func ("/imap/injection/sets", test_sets);
  g_test_add_func ("/imap/injection/flags", test_flags);

  return g_test_run ();
}
