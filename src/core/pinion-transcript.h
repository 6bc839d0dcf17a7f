/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was said on the connections of one attempt, for a report to somebody who can cure it.
 *
 * Bounded: of much only the last part is kept.  Secrets are never passed in.  Atomically counted;
 * every function can be called on any thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PinionTranscript PinionTranscript;

PinionTranscript *pinion_transcript_new   (void);
PinionTranscript *pinion_transcript_ref   (PinionTranscript *self);
void              pinion_transcript_unref (PinionTranscript *self);

/* A line for each line of @data: "imap C: a CAPABILITY".  @name: of the connection; @direction:
 * 'C' or 'S'; @data: (nullable) bytes that nobody may see. */
void pinion_transcript_add (PinionTranscript *self,
                            const char       *name,
                            char              direction,
                            const guint8     *data,
                            gsize             length);

/* What happened meanwhile, in a line: "imap -- tls: TLS 1.3". */
void pinion_transcript_note (PinionTranscript *self,
                             const char       *name,
                             const char       *text);

/* Lines of ASCII, each at most some hundred bytes.  Returns: (transfer full), never %NULL */
char *pinion_transcript_dup_text (PinionTranscript *self);

/* One line of bytes to @text: control bytes escaped, a long one cut.  For logs of the same look. */
void pinion_transcript_append_line (GString      *text,
                                    const guint8 *data,
                                    gsize         length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinionTranscript, pinion_transcript_unref)

G_END_DECLS
