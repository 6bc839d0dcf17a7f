/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-error.h"

struct _PinionStageSink
{
  gatomicrefcount refs;
  PinionStageFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  GCancellable *cancellable;
  PinionTranscript *transcript;
};

PinionStageSink *
pinion_stage_sink_new (PinionStageFunc func,
                       gpointer        user_data,
                       GDestroyNotify  destroy)
{
  PinionStageSink *self = g_new0 (PinionStageSink, 1);

  g_atomic_ref_count_init (&self->refs);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

PinionStageSink *
pinion_stage_sink_new_quiet (PinionStageSink *self)
{
  PinionStageSink *quiet = pinion_stage_sink_new (NULL, NULL, NULL);

  pinion_stage_sink_set_cancellable (quiet, pinion_stage_sink_get_cancellable (self));
  pinion_stage_sink_set_transcript (quiet, pinion_stage_sink_get_transcript (self));

  return quiet;
}

PinionStageSink *
pinion_stage_sink_ref (PinionStageSink *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
pinion_stage_sink_unref (PinionStageSink *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->transcript, pinion_transcript_unref);
  g_free (self);
}

void
pinion_stage_sink_set_cancellable (PinionStageSink *self,
                                   GCancellable    *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
}

GCancellable *
pinion_stage_sink_get_cancellable (PinionStageSink *self)
{
  return self != NULL ? self->cancellable : NULL;
}

void
pinion_stage_sink_set_transcript (PinionStageSink  *self,
                                  PinionTranscript *transcript)
{
  g_clear_pointer (&self->transcript, pinion_transcript_unref);
  self->transcript = transcript != NULL ? pinion_transcript_ref (transcript) : NULL;
}

PinionTranscript *
pinion_stage_sink_get_transcript (PinionStageSink *self)
{
  return self != NULL ? self->transcript : NULL;
}

/* How each stage ended stands between what was said. */
static void
note (PinionStageSink *self,
      PinionProtocol   protocol,
      PinionStage      stage,
      PinionStageState state,
      const char      *detail,
      const GError    *error)
{
  const char *end = detail != NULL ? detail : "done";

  if (state == PINION_STAGE_STATE_FAILED)
    end = error != NULL ? pinion_error_get_code_name (error) : "failed";

  g_autofree char *text = g_strdup_printf ("%s: %s", pinion_stage_to_string (stage), end);
  pinion_transcript_note (self->transcript, pinion_protocol_to_string (protocol), text);
}

void
pinion_stage_sink_pass_on (PinionStageSink *self,
                           PinionProtocol   protocol,
                           PinionStage      stage,
                           PinionStageState state,
                           const char      *detail,
                           const GError    *error)
{
  if (self != NULL && self->func != NULL)
    self->func (protocol, stage, state, detail, error, self->user_data);
}

void
pinion_stage_sink_report (PinionStageSink *self,
                          PinionProtocol   protocol,
                          PinionStage      stage,
                          PinionStageState state,
                          const char      *detail,
                          const GError    *error)
{
  if (self != NULL && self->transcript != NULL && state != PINION_STAGE_STATE_RUNNING)
    note (self, protocol, stage, state, detail, error);

  pinion_stage_sink_pass_on (self, protocol, stage, state, detail, error);
}
