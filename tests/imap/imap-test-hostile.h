/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests of hostile servers share: a script and how it must end. */

#pragma once

#include "imap-test-session.h"

G_BEGIN_DECLS

#define HOSTILE_GREETING "S: * OK The Microsoft Exchange IMAP4 service is ready.\n"

#define HOSTILE_CAPABILITY(words)                                                                  \
  "C: $tag CAPABILITY\n"                                                                           \
  "S: * CAPABILITY " words "\n"                                                                    \
  "S: $tag OK CAPABILITY completed.\n"

#define HOSTILE_PROOF                                                                              \
  HOSTILE_CAPABILITY (SESSION_EXCHANGE)                                                            \
  "C: $tag NAMESPACE\n"                                                                            \
  "S: * NAMESPACE ((\"\" \"/\")) NIL NIL\n"                                                        \
  "S: $tag OK NAMESPACE completed.\n"

/* What a stranger says, to be looked for where it must not be. */
#define HOSTILE_WORDS "zebra"

/* Adds a test of the name @path that runs @func as a fiber with @data. */
void hostile_add (const char   *path,
                  DexFiberFunc  func,
                  gconstpointer data);

/* A new file of @n times @text.  Returns: (transfer full), its path, to be removed by
 * hostile_remove_file(). */
char *hostile_make_file   (const char *text,
                           guint       n);
void  hostile_remove_file (char       *path);

/* Frees what session_prepare() made.  Nothing secret may have been sent in all of the play: no
 * name, no password, no command that signs in. */
void hostile_close_unsigned (Session *session);

G_END_DECLS
