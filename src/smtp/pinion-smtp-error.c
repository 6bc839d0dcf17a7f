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

/* "Try later", whatever was asked for */
static PinionErrorCode
get_temporary_code (PinionSmtpStep         step,
                    const PinionSmtpReply *reply)
{
  if (pinion_smtp_reply_mentions (reply, "rate") && reply->enhanced[1] == 4)
    return PINION_ERROR_THROTTLED;
  if (reply->code == 421 && pinion_smtp_reply_has_status (reply, 4, 4, 2) &&
      step >= PINION_SMTP_STEP_SENDER && !pinion_smtp_reply_mentions (reply, "timeout"))
    return PINION_ERROR_THROTTLED;
  if (pinion_smtp_reply_has_status (reply, 4, 3, 2) &&
      pinion_smtp_reply_mentions (reply, "concurrent"))
    return PINION_ERROR_TOO_MANY_CONNECTIONS;
  if (pinion_smtp_reply_has_status (reply, 4, 2, 2))
    return PINION_ERROR_QUOTA;

  return PINION_ERROR_SERVER_UNAVAILABLE;
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

static gboolean
is_too_large (const PinionSmtpReply *reply)
{
  if (reply->enhanced[0] == 0)
    return reply->code == 552;

  return pinion_smtp_reply_has_status (reply, 5, 3, 4) ||
         pinion_smtp_reply_has_status (reply, 5, 2, 3);
}

static PinionErrorCode
get_message_code (PinionSmtpStep         step,
                  const PinionSmtpReply *reply)
{
  if (is_too_large (reply))
    return PINION_ERROR_MESSAGE_TOO_LARGE;
  if (pinion_smtp_reply_has_status (reply, 5, 2, 2) && step != PINION_SMTP_STEP_RECIPIENT)
    return PINION_ERROR_QUOTA;
  if (step == PINION_SMTP_STEP_SENDER)
    return PINION_ERROR_SENDER_REFUSED;
  if (step == PINION_SMTP_STEP_RECIPIENT)
    return PINION_ERROR_RECIPIENTS_REFUSED;

  /* Exchange looks at From only when it has the whole message. */
  if (pinion_smtp_reply_has_status (reply, 5, 7, 60) ||
      pinion_smtp_reply_mentions (reply, "sendas") ||
      pinion_smtp_reply_mentions (reply, "send as this sender"))
    return PINION_ERROR_SENDER_REFUSED;

  return PINION_ERROR_MESSAGE_REFUSED;
}

static PinionErrorCode
get_code (PinionSmtpStep         step,
          const PinionSmtpReply *reply)
{
  if (pinion_smtp_reply_is_class (reply, 4))
    return get_temporary_code (step, reply);
  /* Neither yes nor no */
  if (!pinion_smtp_reply_is_class (reply, 5))
    return step == PINION_SMTP_STEP_GREETING ? PINION_ERROR_GREETING_UNEXPECTED
                                             : PINION_ERROR_PROTOCOL;

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
      return get_message_code (step, reply);
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
