/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-identity-page.h"

#include <glib/gi18n-lib.h>

#include "pinion-reason-row.h"
#include "pinion-subpage.h"

struct _PinionIdentityPage
{
  AdwNavigationPage parent_instance;

  GtkEditable *name;
  GtkEditable *address;
  PinionReasonRow *address_reason;
  GtkTextView *signature;
  GtkLabel *kind;
  GtkWidget *adding;
  GtkWidget *removing;

  PinionEngine *engine;
  PinionAccountItem *account;
  char *known; /* the address it has in the account; NULL for a new one */
  gboolean removed;
};

G_DEFINE_FINAL_TYPE (PinionIdentityPage, pinion_identity_page, ADW_TYPE_NAVIGATION_PAGE)

static char *
dup_signature (PinionIdentityPage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->signature);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return g_strchomp (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static gboolean
is_own (PinionIdentityPage *self)
{
  const PinionAccount *account = pinion_account_item_get_account (self->account);

  return self->known != NULL && g_ascii_strcasecmp (self->known, account->email) == 0;
}

static void
show_kind (PinionIdentityPage *self)
{
  g_autofree char *signature = dup_signature (self);

  if (*signature == '\0')
    gtk_label_set_label (self->kind, _("Nothing is added to messages."));
  else if (pinion_signature_is_html (signature))
    gtk_label_set_label (self->kind, _("HTML: messages go out as HTML and as plain text. Pictures "
                                       "from the network are left out."));
  else
    gtk_label_set_label (self->kind, _("Plain text"));
}

/* -- Keeping -------------------------------------------------------------------------------- */

static void
keep (PinionIdentityPage  *self,
      const PinionAccount *account)
{
  if (!pinion_account_equal (account, pinion_account_item_get_account (self->account)))
    pinion_subpage_follow (GTK_WIDGET (self), pinion_engine_set_details (self->engine, account),
                           NULL);
}

static void
take_own (PinionIdentityPage *self,
          PinionAccount      *account)
{
  g_set_str (&account->name, gtk_editable_get_text (self->name));
  g_free (account->signature);
  account->signature = dup_signature (self);
}

static void
take_alias (PinionIdentityPage *self,
            PinionAccount      *account)
{
  g_autofree char *signature = dup_signature (self);
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  const PinionIdentity *before = pinion_identities_find (account->aliases, self->known);
  PinionIdentity *alias = pinion_identity_new (address, gtk_editable_get_text (self->name),
                                               signature);
  guint index;

  if (account->aliases == NULL)
    account->aliases = pinion_identities_new ();
  if (before != NULL && g_ptr_array_find (account->aliases, before, &index))
    {
      g_ptr_array_remove_index (account->aliases, index);
      g_ptr_array_insert (account->aliases, (int) index, alias);
    }
  else
    {
      g_ptr_array_add (account->aliases, alias);
    }
}

/* An address that is none is put back: what was right stays. */
static void
on_hiding (PinionIdentityPage *self)
{
  g_autoptr (PinionAccount) account = NULL;

  if (self->known == NULL || self->removed || self->account == NULL)
    return;

  if (!is_own (self) && !pinion_reason_row_check (self->address_reason))
    gtk_editable_set_text (self->address, self->known);

  account = pinion_account_copy (pinion_account_item_get_account (self->account));
  if (is_own (self))
    take_own (self, account);
  else
    take_alias (self, account);
  keep (self, account);
}

static void
on_add_activated (PinionIdentityPage *self)
{
  g_autoptr (PinionAccount) account = NULL;
  const char *address = gtk_editable_get_text (self->address);

  if (!pinion_reason_rows_check (self->address_reason, NULL))
    return;

  account = pinion_account_copy (pinion_account_item_get_account (self->account));
  if (pinion_account_has_address (account, address))
    {
      pinion_subpage_tell (GTK_WIDGET (self), _("This address is there already."));
      return;
    }

  take_alias (self, account);
  pinion_subpage_follow (GTK_WIDGET (self), pinion_engine_set_details (self->engine, account),
                         pinion_subpage_pop_if_done);
}

static void
on_remove_activated (PinionIdentityPage *self)
{
  g_autoptr (PinionAccount) account
    = pinion_account_copy (pinion_account_item_get_account (self->account));
  const PinionIdentity *alias = pinion_identities_find (account->aliases, self->known);

  if (alias != NULL)
    g_ptr_array_remove (account->aliases, (gpointer) alias);
  self->removed = TRUE;
  keep (self, account);
  pinion_subpage_pop (GTK_WIDGET (self));
}

/* -- Life ----------------------------------------------------------------------------------- */

static void
fill (PinionIdentityPage *self)
{
  const PinionAccount *account = pinion_account_item_get_account (self->account);
  g_autoptr (PinionIdentity) identity = pinion_account_dup_identity (account, self->known);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->signature);
  gboolean own = is_own (self);

  gtk_editable_set_text (self->name, identity->name);
  if (self->known != NULL)
    {
      gtk_editable_set_text (self->address, self->known);
      gtk_text_buffer_set_text (buffer, identity->signature, -1);
    }

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                 self->known != NULL ? self->known : _("New Address"));
  gtk_widget_set_visible (GTK_WIDGET (self->address), !own);
  gtk_widget_set_visible (self->adding, self->known == NULL);
  gtk_widget_set_visible (self->removing, self->known != NULL && !own);
  show_kind (self);
}

static void
pinion_identity_page_dispose (GObject *object)
{
  PinionIdentityPage *self = PINION_IDENTITY_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PINION_TYPE_IDENTITY_PAGE);
  g_clear_object (&self->account);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (pinion_identity_page_parent_class)->dispose (object);
}

static void
pinion_identity_page_finalize (GObject *object)
{
  g_free (PINION_IDENTITY_PAGE (object)->known);

  G_OBJECT_CLASS (pinion_identity_page_parent_class)->finalize (object);
}

static void
pinion_identity_page_class_init (PinionIdentityPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pinion_identity_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pinion_identity_page_finalize;

  g_type_ensure (PINION_TYPE_REASON_ROW);
  g_type_ensure (PINION_TYPE_SETUP_FIELD);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/pinionmail/Pinion/ui/pinion-identity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PinionIdentityPage, name);
  gtk_widget_class_bind_template_child (widget_class, PinionIdentityPage, address);
  gtk_widget_class_bind_template_child (widget_class, PinionIdentityPage, address_reason);
  gtk_widget_class_bind_template_child (widget_class, PinionIdentityPage, signature);
  gtk_widget_class_bind_template_child (widget_class, PinionIdentityPage, kind);
  gtk_widget_class_bind_template_child (widget_class, PinionIdentityPage, adding);
  gtk_widget_class_bind_template_child (widget_class, PinionIdentityPage, removing);
  gtk_widget_class_bind_template_callback (widget_class, on_hiding);
  gtk_widget_class_bind_template_callback (widget_class, on_add_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_activated);
}

static void
pinion_identity_page_init (PinionIdentityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->signature), "changed",
                           G_CALLBACK (show_kind), self, G_CONNECT_SWAPPED);
}

AdwNavigationPage *
pinion_identity_page_new (PinionEngine      *engine,
                          PinionAccountItem *account,
                          const char        *address)
{
  PinionIdentityPage *self = g_object_new (PINION_TYPE_IDENTITY_PAGE, NULL);

  self->engine = g_object_ref (engine);
  self->account = g_object_ref (account);
  self->known = g_strdup (address);
  fill (self);

  return ADW_NAVIGATION_PAGE (self);
}
