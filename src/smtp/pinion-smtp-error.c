/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-smtp-error.h"

/* Exchange counts the messages of a minute. */
#define THROTTLE_SECONDS "60"

static PinionStage
get_stage (PinionSmtpStep step)
{
  switch (step)
    {
    case PINION_SMTP_STEP_GREETING:
    case PINION_SMTP_STEP_EHLO:
      return PINION_STAGE_GREETING;
    case PINION_SMTP_STEP_STARTTLS:
      return PINION_STAGE_TLS;
    case PINION_SMTP_STEP_SIGN_IN:
      return PINION_STAGE_SIGN_IN;
    default:
      return PINION_STAGE_NONE;
    }
}

static gboolean
mentions_any (const PinionSmtpReply *reply,
              const char *const     *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (pinion_smtp_reply_mentions (reply, words[i]))
      return TRUE;

  return FALSE;
}

/* -- "Try later" ---------------------------------------------------------------------------- */

/* "421 4.4.2 Message submission rate for this client has exceeded the configured limit": Exchange
 * gives the same status to a connection that was idle for too long. */
static gboolean
is_throttled (PinionSmtpStep         step,
              const PinionSmtpReply *reply)
{
  static const char *const rates[] = { "submission rate", "rate limit", "too many messages",
                                       "too much mail", NULL };
  static const char *const delays[] = { "timeout", "timed out", "inactiv", "idle", NULL };

  if (mentions_any (reply, rates))
    return TRUE;

  return reply->code == 421 && pinion_smtp_reply_has_status (reply, 4, 4, 2) &&
         step >= PINION_SMTP_STEP_SENDER && !mentions_any (reply, delays);
}

static gboolean
is_crowded (const PinionSmtpReply *reply)
{
  static const char *const words[] = { "concurrent", "thread limit", "too many connections", NULL };

  return (reply->enhanced[0] == 0 || pinion_smtp_reply_has_status (reply, 4, 3, 2)) &&
         mentions_any (reply, words);
}

static PinionErrorCode
get_temporary_code (PinionSmtpStep         step,
                    const PinionSmtpReply *reply)
{
  if (is_throttled (step, reply))
    return PINION_ERROR_THROTTLED;
  if (is_crowded (reply))
    return PINION_ERROR_TOO_MANY_CONNECTIONS;
  /* Trying later does not make them fewer. */
  if (step == PINION_SMTP_STEP_RECIPIENT && pinion_smtp_reply_has_status (reply, 4, 5, 3))
    return PINION_ERROR_TOO_MANY_RECIPIENTS;
  if (pinion_smtp_reply_has_status (reply, 4, 2, 2) && step != PINION_SMTP_STEP_RECIPIENT)
    return PINION_ERROR_QUOTA;

  return PINION_ERROR_SERVER_UNAVAILABLE;
}

/* -- "No" ----------------------------------------------------------------------------------- */

/* "451 5.7.3 Must issue a STARTTLS command first", "530 5.7.0 ..." (RFC 3207, 4) */
static gboolean
wants_starttls (const PinionSmtpReply *reply)
{
  return pinion_smtp_reply_mentions (reply, "issue a starttls");
}

static PinionErrorCode
get_sign_in_code (const PinionSmtpReply *reply)
{
  if (pinion_smtp_reply_mentions (reply, "application-specific password") ||
      pinion_smtp_reply_mentions (reply, "app password"))
    return PINION_ERROR_APP_PASSWORD_NEEDED;
  if (reply->code >= 500 && reply->code <= 504)
    return PINION_ERROR_SIGN_IN_NO_MECHANISM;

  return PINION_ERROR_SIGN_IN_REFUSED;
}

/* For a recipient a bare 552 means that his mailbox is full. */
static gboolean
is_too_large (PinionSmtpStep         step,
              const PinionSmtpReply *reply)
{
  if (reply->enhanced[0] == 0)
    return reply->code == 552 && step != PINION_SMTP_STEP_RECIPIENT;

  return pinion_smtp_reply_has_status (reply, 5, 3, 4) ||
         pinion_smtp_reply_has_status (reply, 5, 2, 3);
}

/* "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "550 5.7.1 ..." and
 * "554 5.2.0 ...SendAsDeniedException": Exchange may look at From only when it has the message. */
static gboolean
denies_sender (const PinionSmtpReply *reply)
{
  return pinion_smtp_reply_has_status (reply, 5, 7, 60) ||
         pinion_smtp_reply_mentions (reply, "sendas") ||
         pinion_smtp_reply_mentions (reply, "send as this sender");
}

/* "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail" and its like (RFC 4954, 6) */
static gboolean
wants_sign_in (const PinionSmtpReply *reply)
{
  return reply->code == 530 || pinion_smtp_reply_has_status (reply, 5, 7, 57) ||
         pinion_smtp_reply_mentions (reply, "client was not authenticated");
}

/* "550 5.7.1 Unable to relay", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
 * "554 5.7.1 Relay access denied" */
static gboolean
denies_relay (const PinionSmtpReply *reply)
{
  return pinion_smtp_reply_has_status (reply, 5, 7, 54) ||
         pinion_smtp_reply_mentions (reply, "relay access denied") ||
         pinion_smtp_reply_mentions (reply, "unable to relay");
}

/* By the subject of the status (RFC 3463, 3.2): an address that is wrong */
static PinionErrorCode
get_address_code (const PinionSmtpReply *reply)
{
  guint detail = reply->enhanced[2];

  return detail == 7 || detail == 8 ? PINION_ERROR_SENDER_REFUSED : PINION_ERROR_RECIPIENTS_REFUSED;
}

static PinionErrorCode
get_mail_code (PinionSmtpStep         step,
               const PinionSmtpReply *reply)
{
  /* "503 5.5.2 Send hello first": it has lost its place, or we have. */
  if (reply->code == 503)
    return PINION_ERROR_PROTOCOL;
  if (is_too_large (step, reply))
    return PINION_ERROR_MESSAGE_TOO_LARGE;
  if (denies_sender (reply))
    return PINION_ERROR_SENDER_REFUSED;
  if (wants_sign_in (reply))
    return PINION_ERROR_SIGN_IN_REQUIRED;
  if (step == PINION_SMTP_STEP_RECIPIENT)
    return denies_relay (reply) ? PINION_ERROR_RELAY_REFUSED : PINION_ERROR_RECIPIENTS_REFUSED;
  if (pinion_smtp_reply_has_status (reply, 5, 2, 2))
    return PINION_ERROR_QUOTA;
  if (step == PINION_SMTP_STEP_SENDER)
    return PINION_ERROR_SENDER_REFUSED;

  return reply->enhanced[1] == 1 ? get_address_code (reply) : PINION_ERROR_MESSAGE_REFUSED;
}

/* -- All of it ------------------------------------------------------------------------------ */

/* A password that was refused is never tried again, whatever the status code hopes. */
static gboolean
is_temporary (PinionSmtpStep         step,
              const PinionSmtpReply *reply)
{
  return step == PINION_SMTP_STEP_SIGN_IN ? pinion_smtp_reply_is_class (reply, 4)
                                          : pinion_smtp_reply_is_temporary (reply);
}

static PinionErrorCode
get_code (PinionSmtpStep         step,
          const PinionSmtpReply *reply)
{
  /* Neither yes nor no */
  if (reply->code < 400)
    return step == PINION_SMTP_STEP_GREETING ? PINION_ERROR_GREETING_UNEXPECTED
                                             : PINION_ERROR_PROTOCOL;
  if (step != PINION_SMTP_STEP_STARTTLS && wants_starttls (reply))
    return PINION_ERROR_NEEDS_STARTTLS;
  if (is_temporary (step, reply))
    return get_temporary_code (step, reply);

  switch (step)
    {
    case PINION_SMTP_STEP_GREETING:
      return PINION_ERROR_GREETING_REFUSED;
    case PINION_SMTP_STEP_EHLO:
      return PINION_ERROR_REFUSED;
    case PINION_SMTP_STEP_STARTTLS:
      return PINION_ERROR_STARTTLS_MISSING;
    case PINION_SMTP_STEP_SIGN_IN:
      return get_sign_in_code (reply);
    default:
      return get_mail_code (step, reply);
    }
}

GError *
pinion_smtp_error_new (PinionSmtpStep         step,
                       const PinionSmtpReply *reply,
                       const char            *text)
{
  PinionErrorCode code = get_code (step, reply);
  GError *error = pinion_error_new (code, PINION_PROTOCOL_SMTP, get_stage (step),
                                    "The server answered “%s”", text);

  pinion_error_set_detail (error, "server-text", text);
  if (code == PINION_ERROR_THROTTLED)
    pinion_error_set_detail (error, "backoff-seconds", THROTTLE_SECONDS);

  return error;
}
