/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one place where engine and window meet. */

#include <glib/gi18n.h>
#include <libdex.h>
#include <locale.h>

#include "pinion-application.h"
#include "pinion-config.h"
#include "pinion-worker.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr (PinionApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PINION_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  dex_init ();
  g_set_application_name ("Pinion");
  application = pinion_application_new ();

  int status = g_application_run (G_APPLICATION (application), argc, argv);
  g_clear_object (&application);
  pinion_worker_await_ends ();

  return status;
}
