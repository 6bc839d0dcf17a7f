/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The composer on a store without accounts: what it takes in, gives out and refuses. */

#include <adwaita.h>
#include <glib/gstdio.h>

#include "pinion-composer-private.h"

static DexFuture *
on_settled (DexFuture *future,
            gpointer   user_data)
{
  *(gboolean *) user_data = TRUE;

  return dex_ref (future);
}

/* Takes @future.  Returns: (transfer full) the settled one. */
static DexFuture *
wait_for (DexFuture *future)
{
  gboolean settled = FALSE;
  DexFuture *end = dex_future_finally (future, on_settled, &settled, NULL);

  while (!settled || dex_future_is_pending (end))
    g_main_context_iteration (NULL, TRUE);

  return end;
}

static PinionEngine *
open_engine (void)
{
  g_autofree char *directory = g_dir_make_tmp ("pinion-composer-XXXXXX", NULL);
  g_autoptr (DexFuture) opened = wait_for (pinion_engine_open (directory));
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (opened, &error);

  g_assert_no_error (error);

  return g_value_dup_object (value);
}

static void
close_engine (PinionEngine *engine)
{
  dex_unref (wait_for (pinion_engine_close (engine)));
  g_object_unref (engine);
}

static PinionDraft *
make_draft (void)
{
  PinionDraft *draft = pinion_draft_new ();

  g_set_str (&draft->to, "Ana <ana@example.com>;ben@example.com");
  g_set_str (&draft->cc, "cem@example.com");
  g_set_str (&draft->subject, "Re: Plan");
  g_set_str (&draft->text, "One\nTwo");
  g_set_str (&draft->quote_text, "> Zero");
  draft->reply_to_message = 7;

  return draft;
}

static void
test_gives_back (void)
{
  PinionEngine *engine = open_engine ();
  g_autoptr (PinionDraft) draft = make_draft ();
  GtkWidget *composer = g_object_ref_sink (pinion_composer_new (engine, draft));
  g_autoptr (PinionDraft) back = pinion_composer_dup_draft (PINION_COMPOSER (composer));

  g_assert_cmpstr (back->to, ==, "Ana <ana@example.com>, ben@example.com");
  g_assert_cmpstr (back->cc, ==, "cem@example.com");
  g_assert_cmpstr (back->bcc, ==, "");
  g_assert_cmpstr (back->subject, ==, "Re: Plan");
  g_assert_cmpstr (back->text, ==, "One\nTwo");
  g_assert_cmpstr (back->quote_text, ==, "> Zero");
  g_assert_cmpint (back->reply_to_message, ==, 7);

  gtk_widget_activate_action (composer, "composer.drop-quote", NULL);
  pinion_draft_free (g_steal_pointer (&back));
  back = pinion_composer_dup_draft (PINION_COMPOSER (composer));
  g_assert_null (back->quote_text);

  g_assert_finalize_object (composer);
  close_engine (engine);
}

static void
on_closed (GtkWidget *composer,
           gboolean   kept,
           gboolean  *closed)
{
  *closed = TRUE;
}

static void
test_refuses (void)
{
  PinionEngine *engine = open_engine ();
  PinionComposer *self =
    PINION_COMPOSER (g_object_ref_sink (pinion_composer_new (engine, NULL)));
  gboolean closed = FALSE;

  g_signal_connect (self, "closed", G_CALLBACK (on_closed), &closed);

  /* Nobody to send it to */
  gtk_widget_activate_action (GTK_WIDGET (self), "composer.send", NULL);
  g_assert_false (self->over);

  /* No address */
  pinion_recipient_row_set_text (self->to, "ana@example.com, somebody");
  g_assert_false (pinion_recipient_row_validate (self->to));
  gtk_widget_activate_action (GTK_WIDGET (self), "composer.send", NULL);
  g_assert_false (self->over);

  /* No account: the engine says so, in place, and nothing is lost */
  pinion_recipient_row_set_text (self->to, "ana@example.com");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "Hello", -1);
  gtk_widget_activate_action (GTK_WIDGET (self), "composer.send", NULL);
  g_assert_true (self->over);
  while (self->over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_get_visible (self->problem));
  g_assert_false (closed);

  /* Nothing was kept, so discarding what is empty needs no question */
  pinion_recipient_row_set_text (self->to, "");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", -1);
  gtk_widget_activate_action (GTK_WIDGET (self), "composer.discard", NULL);
  g_assert_true (closed);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_object_unref (self);
  close_engine (engine);
}

static guint
count_files (PinionComposer *self)
{
  g_auto (GStrv) paths = pinion_composer_files_dup_paths (self->files);

  return g_strv_length (paths);
}

static void
test_files (void)
{
  PinionEngine *engine = open_engine ();
  g_autoptr (PinionDraft) draft = pinion_draft_new ();
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GFile) folder = g_file_new_for_path ("/");
  PinionComposer *self;
  int fd = g_file_open_tmp ("pinion-XXXXXX.txt", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  file = g_file_new_for_path (path);
  draft->attachments = g_strdupv ((char *[]) { (char *) "/nowhere/a.pdf", NULL });
  self = PINION_COMPOSER (g_object_ref_sink (pinion_composer_new (engine, draft)));

  pinion_composer_files_add (self->files, file);
  pinion_composer_files_add (self->files, folder);
  /* Each is looked at in its own time. */
  while (!gtk_widget_get_visible (self->problem) || count_files (self) < 2)
    g_main_context_iteration (NULL, TRUE);

  {
    g_auto (GStrv) paths = pinion_composer_files_dup_paths (self->files);

    g_assert_cmpuint (g_strv_length (paths), ==, 2);
    g_assert_cmpstr (paths[0], ==, "/nowhere/a.pdf");
    g_assert_cmpstr (paths[1], ==, path);
  }

  g_unlink (path);
  g_object_unref (self);
  close_engine (engine);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 77;
    }

  dex_init ();
  adw_init ();

  g_test_add_func ("/ui/composer/gives-back", test_gives_back);
  g_test_add_func ("/ui/composer/refuses", test_refuses);
  g_test_add_func ("/ui/composer/files", test_files);

  return g_test_run ();
}
