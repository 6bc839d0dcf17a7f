/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The fields of one server of an account.  Another encryption takes its usual port along where the
 * port was the usual one before; a certificate is trusted for one host and port.
 *
 * Signal "edited": a field was changed by a person. */

#pragma once

#include <adwaita.h>

#include "pinion-account.h"

G_BEGIN_DECLS

#define PINION_TYPE_SERVER_GROUP (pinion_server_group_get_type ())
G_DECLARE_FINAL_TYPE (PinionServerGroup, pinion_server_group, PINION, SERVER_GROUP,
                      AdwPreferencesGroup)

/* Property "sends" (boolean, construct only): whether it is the SMTP server. */

/* @server is copied. */
void pinion_server_group_set_server (PinionServerGroup  *self,
                                     const PinionServer *server);

/* As it stands in the fields; borrowed until they change. */
const PinionServer *pinion_server_group_get_server (PinionServerGroup *self);

/* Whether the fields can be used; the first that cannot says why, and gets the focus. */
gboolean pinion_server_group_check (PinionServerGroup *self);

/* Trusts this one certificate, or another encryption with its @port (0: as it is). */
void pinion_server_group_trust          (PinionServerGroup *self,
                                         const char        *sha256);
void pinion_server_group_set_encryption (PinionServerGroup *self,
                                         PinionEncryption   encryption,
                                         guint16            port);

/* What was the same as @before follows @now. */
void pinion_server_group_follow (PinionServerGroup  *self,
                                 const PinionServer *before,
                                 const PinionServer *now);

G_END_DECLS
