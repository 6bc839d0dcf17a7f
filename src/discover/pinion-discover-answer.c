/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-discover-grammar.h"

#include "pinion-discover-policy.h"
#include "pinion-text.h"

#include <string.h>

#define MAX_USER 256

static void
proposal_free (gpointer data)
{
  PinionProposal *proposal = data;

  g_free (proposal->host);
  g_free (proposal->user);
  g_free (proposal);
}

PinionAnswer *
pinion_answer_new (void)
{
  PinionAnswer *self = g_new0 (PinionAnswer, 1);

  self->proposals = g_ptr_array_new_with_free_func (proposal_free);
  self->hints = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
pinion_answer_free (PinionAnswer *self)
{
  g_ptr_array_unref (self->proposals);
  g_ptr_array_unref (self->hints);
  g_free (self->target);
  g_free (self->message);
  g_free (self);
}

/* A name that could not be typed, or that would not be shown as it is, is none. */
static gboolean
is_user_name (const char *user)
{
  if (user == NULL || *user == '\0' || strlen (user) > MAX_USER)
    return FALSE;

  g_autofree char *clean = pinion_text_clean_line (user, -1, 0);
  return g_str_equal (clean, user) && strstr (user, "\xef\xbf\xbd") == NULL;
}

static gboolean
is_same (const PinionProposal *a,
         const PinionProposal *b)
{
  return a->protocol == b->protocol && g_str_equal (a->host, b->host) && a->port == b->port
         && a->encryption == b->encryption;
}

void
pinion_answer_propose (PinionAnswer    *self,
                       PinionProtocol   protocol,
                       const char      *host,
                       guint            port,
                       PinionEncryption encryption,
                       const char      *user,
                       const char      *address,
                       gboolean         internal)
{
  /* Exchange gives a GUID and "@" for a host where it means none: that is no host. */
  g_autofree char *clean = pinion_policy_dup_host (host);

  if (clean == NULL || port == 0 || port > G_MAXUINT16
      || self->proposals->len >= PINION_ANSWER_MAX_PROPOSALS)
    return;

  PinionProposal proposal = { protocol, clean, (guint16) port, encryption, NULL, internal };
  for (guint i = 0; i < self->proposals->len; i++)
    {
      if (is_same (self->proposals->pdata[i], &proposal))
        return;
    }

  PinionProposal *added = g_memdup2 (&proposal, sizeof proposal);
  added->host = g_steal_pointer (&clean);
  added->user = g_strdup (is_user_name (user) ? user : address);
  g_ptr_array_add (self->proposals, added);
}

void
pinion_answer_hint (PinionAnswer *self,
                    const char   *text)
{
  g_autofree char *host = pinion_policy_dup_host (text);

  if (host == NULL || strchr (host, '.') == NULL || g_hostname_is_ip_address (host)
      || self->hints->len >= PINION_ANSWER_MAX_HINTS
      || g_ptr_array_find_with_equal_func (self->hints, host, g_str_equal, NULL))
    return;

  g_ptr_array_add (self->hints, g_steal_pointer (&host));
}

void
pinion_answer_hint_url (PinionAnswer *self,
                        const char   *text)
{
  g_autoptr (GUri) url = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  if (url != NULL && g_uri_get_host (url) != NULL)
    pinion_answer_hint (self, g_uri_get_host (url));
}

guint
pinion_answer_parse_port (const char *text)
{
  guint64 port = 0;

  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL) ? (guint) port : 0;
}
