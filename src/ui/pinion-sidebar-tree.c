/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-sidebar-tree.h"

#include <string.h>

void
pinion_place_clear (PinionPlace *self)
{
  g_clear_pointer (&self->order, g_array_unref);
}

/* -- Making --------------------------------------------------------------------------------- */

/* The nodes while their order is not known yet: those above come before those below. */
typedef struct
{
  GArray *nodes;
  GHashTable *by_path; /* place plus one */
  PinionLabelOrder order;
} Making;

static int
compare_length (gconstpointer a,
                gconstpointer b)
{
  gsize one = strlen (pinion_label_get_path (*(PinionLabel *const *) a));
  gsize two = strlen (pinion_label_get_path (*(PinionLabel *const *) b));

  return (one > two) - (one < two);
}

/* The nearest label above @path that is in @section, or in any where @any; -1: none. */
static int
find_above (const Making *making,
            const char   *path,
            gboolean      any,
            gint64        section)
{
  g_autofree char *above = g_strdup (path);

  for (char *slash; (slash = strrchr (above, '/')) != NULL;)
    {
      guint place;

      *slash = '\0';
      place = GPOINTER_TO_UINT (g_hash_table_lookup (making->by_path, above));
      if (place != 0 &&
          (any || g_array_index (making->nodes, PinionSidebarNode, place - 1).section == section))
        return (int) place - 1;
    }

  return -1;
}

static gint64
find_own_section (PinionLabel *label,
                  GPtrArray   *sections)
{
  for (guint i = 0; i < sections->len; i++)
    if (pinion_section_get_id (sections->pdata[i]) == pinion_label_get_section (label))
      return pinion_label_get_section (label);

  return 0;
}

static void
add_node (Making      *making,
          PinionLabel *label,
          GPtrArray   *sections)
{
  const char *path = pinion_label_get_path (label);
  PinionSidebarNode node = { .label = label, .section = find_own_section (label, sections) };
  int above = find_above (making, path, TRUE, 0);

  if (node.section == 0 && above >= 0)
    node.section = g_array_index (making->nodes, PinionSidebarNode, above).section;

  node.parent = find_above (making, path, FALSE, node.section);
  g_array_append_val (making->nodes, node);
  g_hash_table_insert (making->by_path, (gpointer) path, GUINT_TO_POINTER (making->nodes->len));
}

static int
compare_labels (PinionLabel      *a,
                PinionLabel      *b,
                PinionLabelOrder  order)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  int result = 0;

  if (order == PINION_LABEL_ORDER_UNREAD)
    {
      result = (pinion_label_get_unread (a) < pinion_label_get_unread (b)) -
               (pinion_label_get_unread (a) > pinion_label_get_unread (b));
    }
  else if (order == PINION_LABEL_ORDER_OWN)
    {
      /* No place (0) comes last */
      guint first = (guint) pinion_label_get_position (a) - 1;
      guint second = (guint) pinion_label_get_position (b) - 1;

      result = (first > second) - (first < second);
    }

  if (result != 0)
    return result;

  one = g_utf8_casefold (pinion_label_get_path (a), -1);
  two = g_utf8_casefold (pinion_label_get_path (b), -1);
  result = g_utf8_collate (one, two);

  return result != 0 ? result
                     : (pinion_label_get_id (a) > pinion_label_get_id (b)) -
                         (pinion_label_get_id (a) < pinion_label_get_id (b));
}

static int
compare_places (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const Making *making = user_data;
  PinionLabel *one = g_array_index (making->nodes, PinionSidebarNode, *(const int *) a).label;
  PinionLabel *two = g_array_index (making->nodes, PinionSidebarNode, *(const int *) b).label;

  return compare_labels (one, two, making->order);
}

/* What stands below @parent in @section, and below that; a path has at most 64 levels. */
static void
add_below (Making *making,
           GArray *tree,
           gint64  section,
           int     parent,
           int     parent_in_tree,
           guint   depth)
{
  g_autoptr (GArray) children = g_array_new (FALSE, FALSE, sizeof (int));

  for (int i = 0; i < (int) making->nodes->len; i++)
    {
      const PinionSidebarNode *node = &g_array_index (making->nodes, PinionSidebarNode, i);

      if (node->parent == parent && node->section == section)
        g_array_append_val (children, i);
    }

  g_array_sort_with_data (children, compare_places, making);

  for (guint i = 0; i < children->len; i++)
    {
      int place = g_array_index (children, int, i);
      PinionSidebarNode node = g_array_index (making->nodes, PinionSidebarNode, place);
      guint in_tree = tree->len;

      node.parent = parent_in_tree;
      node.depth = depth;
      g_array_append_val (tree, node);
      add_below (making, tree, section, place, (int) in_tree, depth + 1);
      g_array_index (tree, PinionSidebarNode, in_tree).n_below = tree->len - in_tree - 1;
    }
}

GArray *
pinion_sidebar_tree_new (GPtrArray        *labels,
                         GPtrArray        *sections,
                         PinionLabelOrder  order)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, TRUE, sizeof (PinionSidebarNode));
  g_autoptr (GHashTable) by_path = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (labels, NULL, NULL);
  Making making = { nodes, by_path, order };
  GArray *tree = g_array_new (FALSE, TRUE, sizeof (PinionSidebarNode));

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_length);
  for (guint i = 0; i < sorted->len; i++)
    add_node (&making, sorted->pdata[i], sections);

  add_below (&making, tree, 0, -1, -1, 0);
  for (guint i = 0; i < sections->len; i++)
    add_below (&making, tree, pinion_section_get_id (sections->pdata[i]), -1, -1, 0);

  return tree;
}

int
pinion_sidebar_tree_find (GArray      *tree,
                          PinionLabel *label)
{
  for (guint i = 0; i < tree->len; i++)
    if (g_array_index (tree, PinionSidebarNode, i).label == label)
      return (int) i;

  return -1;
}

/* -- Placing -------------------------------------------------------------------------------- */

static const PinionSidebarNode *
get_node (GArray *tree,
          int     place)
{
  return &g_array_index (tree, PinionSidebarNode, place);
}

static gboolean
lies_in (PinionLabel *label,
         PinionLabel *above)
{
  const char *path = pinion_label_get_path (above);
  gsize length = strlen (path);

  return g_str_has_prefix (pinion_label_get_path (label), path) &&
         pinion_label_get_path (label)[length] == '/';
}

/* The node that @label would stand below in @section, -1: none.  @own: (out) what has to be said for
 * it to be there: 0 where it is by itself. %FALSE: it cannot be. */
static gboolean
find_new_parent (GArray      *tree,
                 PinionLabel *label,
                 gint64       section,
                 int         *parent,
                 gint64      *own)
{
  int nearest = -1;

  *parent = -1;
  for (int i = 0; i < (int) tree->len; i++)
    {
      const PinionSidebarNode *node = get_node (tree, i);

      if (!lies_in (label, node->label))
        continue;
      if (nearest < 0 || lies_in (node->label, get_node (tree, nearest)->label))
        nearest = i;
      if (node->section == section &&
          (*parent < 0 || lies_in (node->label, get_node (tree, *parent)->label)))
        *parent = i;
    }

  *own = (nearest < 0 ? 0 : get_node (tree, nearest)->section) == section ? 0 : section;

  return *own != 0 || nearest < 0 || get_node (tree, nearest)->section == section;
}

/* The ids as they stand with those from @from on (@n of them) moved before the place @to. */
static GArray *
make_order (GArray *tree,
            int     from,
            guint   n,
            int     to)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (int i = 0; i <= (int) tree->len; i++)
    {
      for (int j = from; i == to && j < from + (int) n; j++)
        {
          gint64 id = pinion_label_get_id (get_node (tree, j)->label);
          g_array_append_val (order, id);
        }
      if (i < (int) tree->len && (i < from || i >= from + (int) n))
        {
          gint64 id = pinion_label_get_id (get_node (tree, i)->label);
          g_array_append_val (order, id);
        }
    }

  return order;
}

/* To the beginning, or the end, of what stands in @section below no other. */
static int
find_edge (GArray   *tree,
           gint64    section,
           gboolean  end)
{
  int edge = -1;

  for (int i = 0; i < (int) tree->len; i++)
    {
      if (get_node (tree, i)->section != section)
        continue;
      if (!end)
        return i;
      edge = i + 1;
    }

  return edge >= 0 ? edge : (int) tree->len;
}

/* The ancestor-or-self of @place that stands below @parent; -1: none. */
static int
climb_to (GArray *tree,
          int     place,
          int     parent)
{
  while (place >= 0 && get_node (tree, place)->parent != parent)
    place = get_node (tree, place)->parent;

  return place;
}

static gboolean
place_beside (GArray      *tree,
              int          from,
              int          target,
              gboolean     below,
              PinionPlace *place)
{
  const PinionSidebarNode *moved = get_node (tree, from);
  gint64 section = get_node (tree, target)->section;
  const PinionSidebarNode *beside;
  int parent, sibling, to;

  if (!find_new_parent (tree, moved->label, section, &parent, &place->section) ||
      (sibling = climb_to (tree, target, parent)) < 0)
    return FALSE;

  beside = get_node (tree, sibling);
  if (sibling == target)
    place->below = below && (beside->n_below == 0 || pinion_label_get_folded (beside->label));
  else if (target + (int) get_node (tree, target)->n_below == sibling + (int) beside->n_below)
    place->below = TRUE;
  else
    return FALSE;

  to = place->below ? sibling + (int) beside->n_below + 1 : sibling;
  if (to >= from && to <= from + (int) moved->n_below + 1 && section == moved->section)
    return FALSE;

  place->order = make_order (tree, from, moved->n_below + 1, to);

  return TRUE;
}

gboolean
pinion_sidebar_tree_place (GArray      *tree,
                           PinionLabel *label,
                           PinionLabel *target,
                           gint64       section,
                           gboolean     below,
                           PinionPlace *place)
{
  int from = pinion_sidebar_tree_find (tree, label);
  int at = target != NULL ? pinion_sidebar_tree_find (tree, target) : -1;
  int parent;

  *place = (PinionPlace) { 0 };

  if (from < 0 || (target != NULL && at < 0))
    return FALSE;

  if (target != NULL)
    return place_beside (tree, from, at, below, place);

  if (get_node (tree, from)->section == section)
    return FALSE;

  /* Taken out of a section, it goes back to where it is by itself */
  if (!find_new_parent (tree, label, section, &parent, &place->section) &&
      pinion_label_get_section (label) == 0)
    return FALSE;

  place->order = make_order (tree, from, get_node (tree, from)->n_below + 1,
                             find_edge (tree, section, FALSE));

  return TRUE;
}

/* The place of the sibling before or after; -1: none. */
static int
find_sibling (GArray *tree,
              int     place,
              int     step)
{
  const PinionSidebarNode *node = get_node (tree, place);
  int found = -1;

  for (int i = 0; i < (int) tree->len; i++)
    {
      if (get_node (tree, i)->parent != node->parent ||
          get_node (tree, i)->section != node->section)
        continue;
      if (step > 0 && i > place)
        return i;
      if (step < 0 && i < place)
        found = i;
    }

  return found;
}

/* The section beside @section; -1: none. */
static gint64
find_next_section (GPtrArray *sections,
                   gint64     section,
                   int        step)
{
  int place = -1;

  for (guint i = 0; i < sections->len; i++)
    if (pinion_section_get_id (sections->pdata[i]) == section)
      place = (int) i;

  place += step;
  if (place < -1 || place >= (int) sections->len)
    return -1;

  return place < 0 ? 0 : pinion_section_get_id (sections->pdata[place]);
}

gboolean
pinion_sidebar_tree_step (GArray      *tree,
                          GPtrArray   *sections,
                          PinionLabel *label,
                          int          step,
                          PinionPlace *place)
{
  int from = pinion_sidebar_tree_find (tree, label);
  int sibling, parent;
  gint64 section;
  guint n;

  *place = (PinionPlace) { 0 };
  if (from < 0)
    return FALSE;

  n = get_node (tree, from)->n_below + 1;
  section = get_node (tree, from)->section;
  sibling = find_sibling (tree, from, step);

  if (sibling < 0 && get_node (tree, from)->parent >= 0)
    return FALSE;

  if (sibling < 0)
    section = find_next_section (sections, section, step);
  if (section < 0 || !find_new_parent (tree, label, section, &parent, &place->section))
    return FALSE;

  if (sibling < 0)
    place->order = make_order (tree, from, n, find_edge (tree, section, step < 0));
  else if (step < 0)
    place->order = make_order (tree, from, n, sibling);
  else
    place->order =
      make_order (tree, from, n, sibling + (int) get_node (tree, sibling)->n_below + 1);

  return TRUE;
}
