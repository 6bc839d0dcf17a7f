/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can go wrong, as one error domain for every room.
 *
 * The code of a PINION_ERROR is its cause: one for each thing a person can do something about.
 * Where it happened (protocol, stage), what the server said and further facts travel with the
 * error as extended data.  Words for people are made from the cause, never from the message:
 * GError.message is the technical sentence for logs and "Details".
 *
 * Secrets never enter an error. */

#pragma once

#include <gio/gio.h>

#include "pinion-transcript.h"

G_BEGIN_DECLS

typedef enum
{
  PINION_PROTOCOL_NONE,
  PINION_PROTOCOL_IMAP,
  PINION_PROTOCOL_SMTP,
} PinionProtocol;

/* The stages of connecting, in their order; SMTP has REACH, TLS, SIGN_IN of them. */
typedef enum
{
  PINION_STAGE_NONE,
  PINION_STAGE_RESOLVE,
  PINION_STAGE_REACH,
  PINION_STAGE_TLS,
  PINION_STAGE_CERTIFICATE,
  PINION_STAGE_GREETING,
  PINION_STAGE_SIGN_IN,
  PINION_STAGE_OPEN,
  PINION_STAGE_FOLDERS,
} PinionStage;

typedef enum
{
  /* Ours or unknown: report it */
  PINION_ERROR_INTERNAL,
  PINION_ERROR_CANCELLED,
  PINION_ERROR_INVALID_ARGUMENT,
  PINION_ERROR_NOT_FOUND,
  PINION_ERROR_BUSY,
  /* Reaching the server: check the host, the port or the network */
  PINION_ERROR_NO_NETWORK,
  PINION_ERROR_HOST_UNKNOWN,
  PINION_ERROR_PORT_CLOSED,
  PINION_ERROR_UNREACHABLE,
  PINION_ERROR_TIMED_OUT,
  PINION_ERROR_CONNECTION_LOST,
  PINION_ERROR_CAPTIVE_PORTAL,
  PINION_ERROR_NETWORK_LIMITED,
  PINION_ERROR_PROXY_REFUSED,
  /* Encryption: change the mode, or ask the administrator */
  PINION_ERROR_NEEDS_STARTTLS,
  PINION_ERROR_NEEDS_TLS,
  PINION_ERROR_STARTTLS_MISSING,
  PINION_ERROR_DATA_BEFORE_ENCRYPTION,
  PINION_ERROR_TLS_FAILED,
  PINION_ERROR_TLS_TOO_OLD,
  /* Certificates: trust this one, or stop */
  PINION_ERROR_CERTIFICATE_EXPIRED,
  PINION_ERROR_CERTIFICATE_NOT_YET_VALID,
  PINION_ERROR_CERTIFICATE_OTHER_NAME,
  PINION_ERROR_CERTIFICATE_UNKNOWN_ISSUER,
  PINION_ERROR_CERTIFICATE_SELF_SIGNED,
  PINION_ERROR_CERTIFICATE_REVOKED,
  PINION_ERROR_CERTIFICATE_CHANGED,
  PINION_ERROR_CERTIFICATE_INVALID,
  /* The conversation itself: another server, another port, or try later */
  PINION_ERROR_GREETING_UNEXPECTED,
  PINION_ERROR_WEB_SERVER,
  PINION_ERROR_GREETING_REFUSED,
  PINION_ERROR_PROTOCOL,
  PINION_ERROR_TOO_LARGE,
  PINION_ERROR_REFUSED,
  PINION_ERROR_SERVER_UNAVAILABLE,
  PINION_ERROR_THROTTLED,
  PINION_ERROR_TOO_MANY_CONNECTIONS,
  /* Signing in: ask the person */
  PINION_ERROR_SIGN_IN_REFUSED,
  PINION_ERROR_SIGN_IN_NO_MECHANISM,
  PINION_ERROR_APP_PASSWORD_NEEDED,
  PINION_ERROR_NOT_CONNECTED_TO_MAILBOX,
  PINION_ERROR_IMAP_DISABLED,
  PINION_ERROR_SENDING_DISABLED,
  PINION_ERROR_PASSWORD_MISSING,
  PINION_ERROR_KEYRING_UNAVAILABLE,
  PINION_ERROR_KEYRING_LOCKED,
  PINION_ERROR_TICKET_MISSING,
  PINION_ERROR_TICKET_REFUSED,
  /* The mailbox */
  PINION_ERROR_OTHER_MAILBOX,
  PINION_ERROR_MAILBOX_NOT_OPENED,
  PINION_ERROR_MESSAGE_UNAVAILABLE,
  PINION_ERROR_SEARCH_ASCII_ONLY,
  PINION_ERROR_SEARCH_UNSUPPORTED,
  PINION_ERROR_QUOTA,
  /* Sending */
  PINION_ERROR_SIGN_IN_REQUIRED,
  PINION_ERROR_SENDER_REFUSED,
  PINION_ERROR_RECIPIENTS_REFUSED,
  PINION_ERROR_TOO_MANY_RECIPIENTS,
  PINION_ERROR_RELAY_REFUSED,
  PINION_ERROR_MESSAGE_REFUSED,
  PINION_ERROR_MESSAGE_TOO_LARGE,
  PINION_ERROR_ADDRESS_UNSUPPORTED,
  PINION_ERROR_MESSAGE_UNSUPPORTED,
  PINION_ERROR_REPORT_UNSUPPORTED,
  PINION_ERROR_OUTCOME_UNKNOWN,
  PINION_ERROR_NOT_FILED,
  /* A file that is to be imported */
  PINION_ERROR_FILE_UNREADABLE,
  PINION_ERROR_FILE_NO_MESSAGE,
  PINION_ERROR_FILE_OF_OUTLOOK,
  PINION_ERROR_FILE_OF_MAILBOX,
  PINION_ERROR_FILE_TOO_LARGE,
  /* A place that the person chose */
  PINION_ERROR_NOT_SAVED,
  /* This computer */
  PINION_ERROR_DISK_FULL,
  PINION_ERROR_STORE_FAILED,
  PINION_ERROR_STORE_READ_ONLY,
  PINION_ERROR_STORE_BROKEN,
  PINION_ERROR_STORE_TOO_NEW,
  PINION_ERROR_STORE_DIFFERS,
} PinionErrorCode;

#define PINION_ERROR (pinion_error_quark ())

GQuark pinion_error_quark (void);

/* Makes an error with its place.  @format: technical words, never a secret.
 * Returns: (transfer full) */
GError *pinion_error_new (PinionErrorCode code,
                          PinionProtocol  protocol,
                          PinionStage     stage,
                          const char     *format,
                          ...) G_GNUC_PRINTF (4, 5);

/* Sets @error if it is non-%NULL; always returns %FALSE, so that a caller can return it. */
gboolean pinion_error_set (GError        **error,
                           PinionErrorCode code,
                           PinionProtocol  protocol,
                           PinionStage     stage,
                           const char     *format,
                           ...) G_GNUC_PRINTF (5, 6);

/* Turns any other domain's error (GIO, GTls, GResolver, GFile, DEX) into a PINION_ERROR with this
 * place; a PINION_ERROR gets the place only where it has none.  Takes @error.
 * Returns: (transfer full) */
GError *pinion_error_adopt (GError        *error,
                            PinionProtocol protocol,
                            PinionStage    stage);

/* The same for what went wrong where the person wants something saved: that is no folder of ours.  Takes
 * @error.  Returns: (transfer full) */
GError *pinion_error_adopt_saving (GError *error);

/* What the verdict on this computer's network makes of a failure before signing in: whoever
 * stands in between answers for everybody (a portal), or lets nothing through to where the
 * server is.  @error is given the code for that where it explains it. */
void pinion_error_blame_network (GError              *error,
                                 GNetworkConnectivity connectivity);

/* Whether it is a PINION_ERROR with @code. */
gboolean pinion_error_is (const GError   *error,
                          PinionErrorCode code);

/* Whether trying again later, unchanged, may succeed (network, throttling, server away). */
gboolean pinion_error_is_temporary (const GError *error);

PinionProtocol pinion_error_get_protocol (const GError *error);
PinionStage    pinion_error_get_stage    (const GError *error);
void           pinion_error_set_place    (GError        *error,
                                          PinionProtocol protocol,
                                          PinionStage    stage);

/* Facts that travel along.  Keys in use: "server-text" (the server's own words), "host", "port",
 * "user", "sha256", "subject", "issuer", "not-before", "not-after", "pinned-sha256",
 * "recipients", "address", "backoff-seconds", "attempts" (to sign in),
 * "other-port" and "other-encryption" (what was tried and works), "others" ("none": nothing does).
 * Returns: (nullable), borrowed. */
const char *pinion_error_get_detail (const GError *error,
                                     const char   *key);
void        pinion_error_set_detail (GError     *error,
                                     const char *key,
                                     const char *value);

/* "imap" | "smtp" | ""; "resolve" ... "folders" | "". */
const char *pinion_protocol_to_string (PinionProtocol protocol);
const char *pinion_stage_to_string    (PinionStage stage);

/* The cause in kebab-case: "certificate-expired".  Any error, never %NULL. */
const char *pinion_error_get_code_name (const GError *error);

/* The code of such a name, as it was written down; @name: (nullable).  PINION_ERROR_INTERNAL where it is
 * none. */
PinionErrorCode pinion_error_code_from_name (const char *name);

/* What happened and what can be done, in plain translated words; never empty.
 * Returns: (transfer full) */
char *pinion_error_dup_message (const GError *error);
char *pinion_error_dup_fix     (const GError *error);

/* -- Stages, live --------------------------------------------------------------------------- */

typedef enum
{
  PINION_STAGE_STATE_RUNNING,
  PINION_STAGE_STATE_DONE,
  PINION_STAGE_STATE_FAILED,
} PinionStageState;

/* Called on the thread of the fiber that connects.  @detail: (nullable) a few plain words
 * ("192.0.2.7", "TLS 1.3").  @error: (nullable) set when failed. */
typedef void (*PinionStageFunc) (PinionProtocol   protocol,
                                 PinionStage      stage,
                                 PinionStageState state,
                                 const char      *detail,
                                 const GError    *error,
                                 gpointer         user_data);

/* Who watches the stages of a connection attempt; atomically counted, usable from any thread. */
typedef struct _PinionStageSink PinionStageSink;

PinionStageSink *pinion_stage_sink_new   (PinionStageFunc func,
                                          gpointer        user_data,
                                          GDestroyNotify  destroy);
PinionStageSink *pinion_stage_sink_ref   (PinionStageSink *self);
void             pinion_stage_sink_unref (PinionStageSink *self);

/* Tells nobody of the stages, but shares what @self (nullable) records with and is stopped by.
 * Returns: (transfer full) */
PinionStageSink *pinion_stage_sink_new_quiet (PinionStageSink *self);

/* What ends the attempt at once, wherever it waits, and where what was said is written down; to be set
 * before it is used.  Both (nullable). */
void              pinion_stage_sink_set_cancellable (PinionStageSink  *self,
                                                     GCancellable     *cancellable);
GCancellable     *pinion_stage_sink_get_cancellable (PinionStageSink  *self);
void              pinion_stage_sink_set_transcript  (PinionStageSink  *self,
                                                     PinionTranscript *transcript);
PinionTranscript *pinion_stage_sink_get_transcript  (PinionStageSink  *self);

/* @self: (nullable), then nothing happens. */
void pinion_stage_sink_report (PinionStageSink *self,
                               PinionProtocol   protocol,
                               PinionStage      stage,
                               PinionStageState state,
                               const char      *detail,
                               const GError    *error);

/* The same for what has been written down in its transcript already. */
void pinion_stage_sink_pass_on (PinionStageSink *self,
                                PinionProtocol   protocol,
                                PinionStage      stage,
                                PinionStageState state,
                                const char      *detail,
                                const GError    *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionStageSink, pinion_stage_sink_unref)

G_END_DECLS
