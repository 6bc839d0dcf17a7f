/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-imap-failure.h"

#include <string.h>

#include "pinion-text.h"

#define MAX_TEXT 500
#define PATIENCE_SECONDS "60"
#define ANY ((guint) -1)

/* The first line that fits decides. @asked: a mask of 1 << PinionImapAsked. */
static const struct
{
  PinionImapCode code;
  guint asked;
  PinionErrorCode cause;
} CODE_CAUSES[] = {
  { PINION_IMAP_CODE_AUTHENTICATIONFAILED, ANY, PINION_ERROR_SIGN_IN_REFUSED },
  { PINION_IMAP_CODE_AUTHORIZATIONFAILED, ANY, PINION_ERROR_SIGN_IN_REFUSED },
  { PINION_IMAP_CODE_EXPIRED, ANY, PINION_ERROR_SIGN_IN_REFUSED },
  { PINION_IMAP_CODE_WEBALERT, ANY, PINION_ERROR_APP_PASSWORD_NEEDED },
  { PINION_IMAP_CODE_UNAVAILABLE, ANY, PINION_ERROR_SERVER_UNAVAILABLE },
  { PINION_IMAP_CODE_INUSE, ANY, PINION_ERROR_SERVER_UNAVAILABLE },
  { PINION_IMAP_CODE_SERVERBUG, ANY, PINION_ERROR_SERVER_UNAVAILABLE },
  { PINION_IMAP_CODE_LIMIT, 1 << PINION_IMAP_ASKED_SIGN_IN | 1 << PINION_IMAP_ASKED_GREETING,
    PINION_ERROR_TOO_MANY_CONNECTIONS },
  { PINION_IMAP_CODE_LIMIT, ANY, PINION_ERROR_THROTTLED },
  /* Another server is never asked, and the password was not wrong (RFC 2221). */
  { PINION_IMAP_CODE_REFERRAL, 1 << PINION_IMAP_ASKED_SIGN_IN, PINION_ERROR_REFUSED },
  { PINION_IMAP_CODE_OVERQUOTA, ANY, PINION_ERROR_QUOTA },
  { PINION_IMAP_CODE_TRYCREATE, ANY, PINION_ERROR_MAILBOX_NOT_OPENED },
  { PINION_IMAP_CODE_NONEXISTENT, ANY, PINION_ERROR_MAILBOX_NOT_OPENED },
  { PINION_IMAP_CODE_TOOBIG, 1 << PINION_IMAP_ASKED_APPEND, PINION_ERROR_MESSAGE_TOO_LARGE },
};

/* @text: in lower case, anywhere in the server's text. */
static const struct
{
  const char *text;
  guint asked;
  PinionErrorCode cause;
} TEXT_CAUSES[] = {
  { "request is throttled", ANY, PINION_ERROR_THROTTLED },
  { "backoff time", ANY, PINION_ERROR_THROTTLED },
  { "authenticated but not connected", ANY, PINION_ERROR_NOT_CONNECTED_TO_MAILBOX },
  { "server unavailable", ANY, PINION_ERROR_SERVER_UNAVAILABLE },
  { "number of connections", ANY, PINION_ERROR_TOO_MANY_CONNECTIONS },
  { "too many simultaneous connections", ANY, PINION_ERROR_TOO_MANY_CONNECTIONS },
  { "too many connections", ANY, PINION_ERROR_TOO_MANY_CONNECTIONS },
  { "application-specific password", ANY, PINION_ERROR_APP_PASSWORD_NEEDED },
  { "app password", 1 << PINION_IMAP_ASKED_SIGN_IN, PINION_ERROR_APP_PASSWORD_NEEDED },
  { "temporary authentication failure", 1 << PINION_IMAP_ASKED_SIGN_IN,
    PINION_ERROR_SERVER_UNAVAILABLE },
  { "maximum size of appendable message", ANY, PINION_ERROR_MESSAGE_TOO_LARGE },
  { "limit exceeded", 1 << PINION_IMAP_ASKED_APPEND, PINION_ERROR_MESSAGE_TOO_LARGE },
  { "quota", 1 << PINION_IMAP_ASKED_APPEND, PINION_ERROR_QUOTA },
};

static PinionErrorCode
default_cause (PinionImapAsked           asked,
               const PinionImapResponse *response)
{
  if (response->kind == PINION_IMAP_RESPONSE_STATE && response->condition == PINION_IMAP_BYE &&
      asked != PINION_IMAP_ASKED_GREETING)
    return PINION_ERROR_CONNECTION_LOST;

  switch (asked)
    {
    case PINION_IMAP_ASKED_GREETING:
      return PINION_ERROR_GREETING_REFUSED;

    case PINION_IMAP_ASKED_STARTTLS:
      return PINION_ERROR_STARTTLS_MISSING;

    case PINION_IMAP_ASKED_SIGN_IN:
      return PINION_ERROR_SIGN_IN_REFUSED;

    case PINION_IMAP_ASKED_OPEN:
      return PINION_ERROR_MAILBOX_NOT_OPENED;

    case PINION_IMAP_ASKED_ANYTHING:
    case PINION_IMAP_ASKED_LIST:
    case PINION_IMAP_ASKED_APPEND:
    default:
      return PINION_ERROR_REFUSED;
    }
}

static PinionErrorCode
find_cause (PinionImapAsked           asked,
            const PinionImapResponse *response,
            const char               *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (CODE_CAUSES); i++)
    if (response->code == CODE_CAUSES[i].code && (CODE_CAUSES[i].asked & (1u << asked)) != 0)
      return CODE_CAUSES[i].cause;

  for (guint i = 0; i < G_N_ELEMENTS (TEXT_CAUSES); i++)
    if ((TEXT_CAUSES[i].asked & (1u << asked)) != 0 && strstr (lower, TEXT_CAUSES[i].text) != NULL)
      return TEXT_CAUSES[i].cause;

  return default_cause (asked, response);
}

static PinionStage
stage_of (PinionImapAsked asked)
{
  switch (asked)
    {
    case PINION_IMAP_ASKED_GREETING:
    case PINION_IMAP_ASKED_STARTTLS:
      return PINION_STAGE_GREETING;

    case PINION_IMAP_ASKED_SIGN_IN:
      return PINION_STAGE_SIGN_IN;

    case PINION_IMAP_ASKED_OPEN:
      return PINION_STAGE_OPEN;

    case PINION_IMAP_ASKED_LIST:
      return PINION_STAGE_FOLDERS;

    case PINION_IMAP_ASKED_ANYTHING:
    case PINION_IMAP_ASKED_APPEND:
    default:
      return PINION_STAGE_NONE;
    }
}

/* "Suggested Backoff Time: 299961 milliseconds", at most an hour is believed.  A mailbox that is not
 * behind the sign-in, or too many connections, take Exchange a minute at least to get over. */
static void
note_backoff (GError     *error,
              const char *text)
{
  const char *found = strcasestr (text, "backoff time:");
  g_autofree char *seconds = NULL;
  guint64 milliseconds;

  if (pinion_error_is (error, PINION_ERROR_NOT_CONNECTED_TO_MAILBOX) ||
      pinion_error_is (error, PINION_ERROR_TOO_MANY_CONNECTIONS))
    pinion_error_set_detail (error, "backoff-seconds", PATIENCE_SECONDS);
  if (found == NULL)
    return;

  milliseconds = g_ascii_strtoull (found + strlen ("backoff time:"), NULL, 10);
  milliseconds = MIN (milliseconds, 3600 * 1000);
  seconds = g_strdup_printf ("%" G_GUINT64_FORMAT, (milliseconds + 999) / 1000);
  pinion_error_set_detail (error, "backoff-seconds", seconds);
}

GError *
pinion_imap_failure_new (PinionImapAsked           asked,
                         const PinionImapResponse *response)
{
  static const char *const conditions[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
  g_autofree char *text = NULL;
  const char *condition = "a line of its own";
  GError *error;

  text = pinion_text_clean_line (response->text.data != NULL ? response->text.data : "",
                                 (gssize) response->text.length, MAX_TEXT);
  if (response->kind == PINION_IMAP_RESPONSE_TAGGED || response->kind == PINION_IMAP_RESPONSE_STATE)
    condition = conditions[response->condition];

  error = pinion_error_new (find_cause (asked, response, text), PINION_PROTOCOL_IMAP,
                            stage_of (asked), "The server answered %s: %s", condition, text);
  if (*text != '\0')
    pinion_error_set_detail (error, "server-text", text);
  note_backoff (error, text);

  return error;
}
