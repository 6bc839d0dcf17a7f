/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the main thread has to do for the window of a large mailbox: opened, labels switched, scrolled
 * from top to bottom, all selected, a search typed.  Of each turn of the main loop the processor time of
 * this thread counts, without that of GTK's renderer, which draws what the widgets have said.  What any
 * program has to spend on libraries, on GTK's start and on a first window is spent before ours begins, on
 * a plain window, and told by itself.  Prints a table; fails where a bar is missed.  --data=DIR, a store. */

#include <time.h>

#include "pinion-application.h"
#include "pinion-label.h"
#include "pinion-window-private.h"

/* Milliseconds; and of the process, MB. */
#define TURN_BAR 16
#define MEMORY_BAR 200

#define STEP_MILLISECONDS 30
#define SETTLE_STEPS 20
#define PATIENCE_STEPS 2000

/* Does its part of a step; @n counts from 0.  Returns: whether there is more. */
typedef gboolean (*StepFunc) (PinionWindow *window,
                              guint         n);

typedef struct
{
  const char *name;
  StepFunc func;
} Step;

static GArray *turns; /* double, ms */
static double turn_start;
static double draw_start;
static double drawn;
static void (*snapshot_window) (GtkWidget   *widget,
                                GtkSnapshot *snapshot);
static void (*startup) (GApplication *application);
static double loaded;
static gint64 started;
static guint step;
static guint n_done;
static guint n_settling;
static gboolean has_clock;
static gboolean failed;

static double
used_milliseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static int
on_poll (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  double used = used_milliseconds () - turn_start - drawn;

  g_array_append_val (turns, used);
  drawn = 0;
  int result = g_poll (fds, n_fds, timeout);
  turn_start = used_milliseconds ();

  return result;
}

/* After all that comes before a frame is painted; not each of its phases need come. */
static void
on_prepared (void)
{
  draw_start = used_milliseconds ();
}

/* After GTK's own. */
static void
on_painted (void)
{
  drawn += used_milliseconds () - draw_start;
}

/* What is to be drawn is ours to say. */
static void
on_snapshot (GtkWidget   *widget,
             GtkSnapshot *snapshot)
{
  double start = used_milliseconds ();

  snapshot_window (widget, snapshot);
  drawn -= used_milliseconds () - start;
}

static void
watch_snapshots (void)
{
  GtkWidgetClass *klass = g_type_class_ref (PINION_TYPE_WINDOW);

  snapshot_window = klass->snapshot;
  klass->snapshot = on_snapshot;
}

/* -- The steps ------------------------------------------------------------------------------ */

static GtkWidget *
find_widget (GtkWidget *root,
             GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkAdjustment *
get_adjustment (PinionWindow *window)
{
  GtkWidget *list = find_widget (GTK_WIDGET (window->list_pane), GTK_TYPE_LIST_VIEW);

  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
}

static gboolean
open_window (PinionWindow *window,
             guint         n)
{
  GtkAdjustment *adjustment;

  if (window->engine == NULL || pinion_list_pane_get_view (window->list_pane) == NULL)
    return TRUE;
  adjustment = get_adjustment (window);
  if (gtk_adjustment_get_upper (adjustment) <= gtk_adjustment_get_page_size (adjustment))
    return TRUE;

  g_print ("%-28s %8.0f ms\n", "start to a list",
           (double) (g_get_monotonic_time () - started) / 1e3);

  return FALSE;
}

static gboolean
switch_labels (PinionWindow *window,
               guint         n)
{
  GListModel *labels = pinion_engine_get_labels (window->engine);
  guint n_labels = g_list_model_get_n_items (labels);
  g_autoptr (PinionLabel) label = g_list_model_get_item (labels, n % n_labels);

  pinion_window_show_label (window, label);
  if (n < 60)
    return TRUE;

  /* The largest one for what follows. */
  pinion_window_show_inbox (window, 0);

  return FALSE;
}

static gboolean
scroll (PinionWindow *window,
        guint         n)
{
  GtkAdjustment *adjustment = get_adjustment (window);
  double upper = gtk_adjustment_get_upper (adjustment);
  double page = gtk_adjustment_get_page_size (adjustment);

  /* By hand at the top, then in leaps to the end. */
  gtk_adjustment_set_value (adjustment, n < 100 ? n * page / 4
                                                : (upper - page) * (n - 100) / 200);

  return n < 300;
}

static gboolean
select_all (PinionWindow *window,
            guint         n)
{
  gtk_widget_activate_action (GTK_WIDGET (window), n % 2 == 0 ? "win.select-all" : "win.leave", NULL);

  return n < 9;
}

static gboolean
search (PinionWindow *window,
        guint         n)
{
  static const char *const words[] = { "report", "lunka", "from:person12", "proconve is:unread",
                                       "会议" };
  const char *word = words[n / 40 % G_N_ELEMENTS (words)];

  /* Nobody can type before there is where to. */
  if (n == 0)
    pinion_list_pane_search (window->list_pane);
  if (n == 0)
    return TRUE;

  guint n_chars = MIN (n % 40 / 3 + 1, (guint) g_utf8_strlen (word, -1));
  g_autofree char *typed = g_utf8_substring (word, 0, n_chars);

  pinion_list_pane_search_for (window->list_pane, typed);

  return n < 40 * G_N_ELEMENTS (words);
}

static const Step steps[] = {
  { "opening", open_window },
  { "switching labels", switch_labels },
  { "scrolling from top to bottom", scroll },
  { "selecting all, and none", select_all },
  { "typing searches", search },
};

/* -- The figures ---------------------------------------------------------------------------- */

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
report (const char *name)
{
  g_autoptr (GString) over = g_string_new (NULL);

  for (guint i = 0; i < turns->len; i++)
    if (g_array_index (turns, double, i) > TURN_BAR)
      g_string_append_printf (over, " %.0f", g_array_index (turns, double, i));

  g_array_sort (turns, compare);
  double worst = g_array_index (turns, double, turns->len - 1);

  g_print ("%-28s %6u turns: median %6.2f, p99 %6.2f, worst %6.2f ms\n", name, turns->len,
           g_array_index (turns, double, turns->len / 2),
           g_array_index (turns, double, turns->len * 99 / 100), worst);
  if (over->len > 0)
    {
      g_print ("%-28s%s ms\n", "  over the bar, in order:", over->str);
      failed = TRUE;
    }
  g_array_set_size (turns, 0);
}

static double
get_megabytes (void)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  const char *line = status != NULL ? strstr (status, "VmRSS:") : NULL;

  return line != NULL ? (double) g_ascii_strtoll (line + 6, NULL, 10) / 1024 : 0;
}

static void
report_memory (void)
{
  double megabytes = get_megabytes ();

  g_print ("%-28s %8.0f MB\n", "memory", megabytes);
  if (megabytes > MEMORY_BAR)
    failed = TRUE;
}

static void
watch_frames (PinionWindow *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));

  if (has_clock || clock == NULL)
    return;

  has_clock = TRUE;
  g_signal_connect_after (clock, "before-paint", G_CALLBACK (on_prepared), NULL);
  g_signal_connect_after (clock, "update", G_CALLBACK (on_prepared), NULL);
  g_signal_connect_after (clock, "layout", G_CALLBACK (on_prepared), NULL);
  g_signal_connect (clock, "paint", G_CALLBACK (on_painted), NULL);
}

static gboolean
on_step (gpointer data)
{
  GtkApplication *application = data;
  GtkWindow *window = gtk_application_get_active_window (application);

  if (n_done > PATIENCE_STEPS)
    g_error ("%s takes for ever", steps[step].name);
  if (!PINION_IS_WINDOW (window))
    return G_SOURCE_CONTINUE;

  watch_frames (PINION_WINDOW (window));
  if (n_settling == 0 && steps[step].func (PINION_WINDOW (window), n_done++))
    return G_SOURCE_CONTINUE;
  if (n_settling++ < SETTLE_STEPS)
    return G_SOURCE_CONTINUE;

  report (steps[step].name);
  n_settling = 0;
  n_done = 0;
  if (++step < G_N_ELEMENTS (steps))
    return G_SOURCE_CONTINUE;

  report_memory ();
  gtk_window_close (window);

  return G_SOURCE_REMOVE;
}

/* -- What is not ours ----------------------------------------------------------------------- */

static void
on_any_frame (GdkFrameClock *clock,
              guint         *n_frames)
{
  ++*n_frames;
}

/* A bar, an icon and a sentence, drawn. */
static void
show_plain_window (void)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *page = adw_status_page_new ();
  guint n_frames = 0;

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "edit-find-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), "Plain");
  adw_status_page_set_description (ADW_STATUS_PAGE (page), "Nothing of ours is in this window");
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), page);
  adw_window_set_content (ADW_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_any_frame),
                    &n_frames);
  while (n_frames < 2)
    g_main_context_iteration (NULL, TRUE);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Which libadwaita loads for us in its own start. */
static double
measure_style (void)
{
  double begun = used_milliseconds ();
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/pinionmail/Pinion/style.css");

  return used_milliseconds () - begun;
}

/* In the place of libadwaita's own, which ours chains up to. */
static void
start_theirs (GApplication *application)
{
  double ours = used_milliseconds () - turn_start;
  double begun = used_milliseconds ();
  double shown_after;
  double not_ours;
  double style;

  startup (application);
  shown_after = used_milliseconds ();
  show_plain_window ();
  not_ours = used_milliseconds () - begun;
  style = measure_style ();
  turn_start = used_milliseconds () - ours - style;
  drawn = 0;
  g_array_set_size (turns, 0);

  g_print ("Not counted, as any program of GTK and libadwaita begins so:\n");
  g_print ("  %-30s %4.0f ms\n", "loading libraries, WebKit too", loaded);
  g_print ("  %-30s %4.0f ms\n", "their start", shown_after - begun - style);
  g_print ("  %-30s %4.0f ms\n", "a plain window", not_ours - (shown_after - begun));
  g_print ("  %-30s %4.0f MB\n", "memory so far, which counts", get_megabytes ());
}

static void
watch_start (void)
{
  GApplicationClass *klass = g_type_class_ref (ADW_TYPE_APPLICATION);

  startup = klass->startup;
  klass->startup = start_theirs;
}

int
main (int   argc,
      char *argv[])
{
  loaded = used_milliseconds ();
  started = g_get_monotonic_time ();
  turn_start = loaded;
  turns = g_array_new (FALSE, FALSE, sizeof (double));
  dex_init ();
  watch_start ();

  g_autoptr (PinionApplication) application = pinion_application_new ();
  watch_snapshots ();
  g_main_context_set_poll_func (NULL, on_poll);
  g_timeout_add (STEP_MILLISECONDS, on_step, application);

  return g_application_run (G_APPLICATION (application), argc, argv) != 0 || failed;
}
